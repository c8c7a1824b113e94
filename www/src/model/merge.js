/*
 * Visits the events of all workers in the order in which they stop. O(events x log workers): a binary
 * heap holds the workers, with the one whose next event stops first on top.
 */

/** @typedef {import('./timeline.js').TraceSlice} TraceSlice */

/**
 * @param {TraceSlice[]} workers
 * @param {(slice: TraceSlice, event: number, worker: number) => void} visit events that stop at one
 *   time come in the order of their workers
 */
export function inOrderOfStop(workers, visit) {
  const at = new Uint32Array(workers.length);
  const nextMs = Float64Array.from(workers, ({ stopMs }) => stopMs[0] ?? Infinity);
  const heap = Uint32Array.from(workers.keys());
  const isBefore = (/** @type {number} */ a, /** @type {number} */ b) =>
    nextMs[a] < nextMs[b] || (nextMs[a] === nextMs[b] && a < b);

  /** Moves a worker down to its place. @param {number} place */
  const sink = (place) => {
    const worker = heap[place];
    for (;;) {
      let child = 2 * place + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1], heap[child])) child++;
      if (!isBefore(heap[child], worker)) break;
      heap[place] = heap[child];
      place = child;
    }
    heap[place] = worker;
  };
  for (let place = heap.length >> 1; place-- > 0;) sink(place);

  while (heap.length > 0 && nextMs[heap[0]] < Infinity) {
    const worker = heap[0];
    const slice = workers[worker];
    const event = at[worker]++;
    nextMs[worker] = slice.stopMs[event + 1] ?? Infinity;
    sink(0);
    visit(slice, event, worker);
  }
}
