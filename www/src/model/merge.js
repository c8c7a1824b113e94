/*
 * Walks the events of all workers in the order in which they stop, which no worker's own timeline
 * says. O(events x workers), with the workers' heads in one small table.
 */

/** @typedef {import('./timeline.js').TraceSlice} TraceSlice */

/**
 * @param {TraceSlice[]} workers
 * @param {(slice: TraceSlice, event: number, worker: number) => void} visit events that stop at one
 *   time come in the order of their workers
 */
export function inOrderOfStop(workers, visit) {
  const at = new Uint32Array(workers.length);
  const heads = Float64Array.from(workers, ({ stopMs }) => stopMs[0] ?? Infinity);
  for (;;) {
    let next = -1;
    let earliest = Infinity;
    for (let worker = 0; worker < heads.length; worker++) {
      if (heads[worker] < earliest) {
        earliest = heads[worker];
        next = worker;
      }
    }
    if (next < 0) return;
    const slice = workers[next];
    const event = at[next]++;
    heads[next] = slice.stopMs[event + 1] ?? Infinity;
    visit(slice, event, next);
  }
}
