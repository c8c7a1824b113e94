/*
 * Reads the trace of a run while it is written. The workers append events to segments in the
 * module's memory, which this page shares, and publish a cursor; the reader copies what lies between
 * what it has seen and the cursor into the model, once a frame.
 *
 *     header   [ cursor | running | dropped ]            Int32, read atomically
 *     table    [ segment 0 | segment 1 | 0 ... ]         byte offsets, 0 = not allocated yet
 *     segment  [ stopMs task action | stopMs task action | ... ]
 *                Float64, Uint32, Uint32: 16 bytes an event
 *
 * The cursor is published after the event, so whatever lies before it may be read without a lock.
 * Memory may grow during the run, so each read fetches the buffer again. When the run is over and the
 * engine has sent copies of the trace, `switchTo` continues with those, so the engine gets its memory
 * back before the page has caught up.
 */

/** @typedef {import('./run.js').RunModel} RunModel */
/** @typedef {import('./timeline.js').TraceSlice} TraceSlice */

/**
 * @typedef {object} TraceLayout
 * @property {number | null} startedAtMs `performance.timeOrigin + performance.now()` at the run's start; null if
 *   parts of the run have a start of their own
 * @property {number} segmentEvents events per segment
 * @property {{ header: number, segments: number }[]} workers byte offsets
 * @property {{ at: number, tasks: number } | null} bytes where there are 8 bytes for each task, the size of its value
 */

/**
 * @typedef {object} TraceReader
 * @property {(model: RunModel, budgetMs?: number) => boolean} read appends what is new, for about
 *   `budgetMs` milliseconds at most, and sets the model's clock; true when there is more to read
 * @property {(trace: { workers: TraceSlice[] }) => void} switchTo from now on reads copies of the
 *   same trace
 */

const CURSOR = 0;
const RUNNING = 1;
const DROPPED = 2;

/** Events taken from one worker before the next has its turn and the clock is looked at. */
const TURN = 2048;

/** Bytes of an event in memory. */
const EVENT_BYTES = 16;

/** The milliseconds a frame can spare for reading. */
const BUDGET_MS = 6;

/**
 * @param {{ readonly buffer: ArrayBufferLike }} memory the module's `WebAssembly.Memory`
 * @param {TraceLayout} layout
 * @param {number} [lanes] the number of lanes at the start; those after them may never come
 * @returns {TraceReader}
 */
export function createLiveTraceReader(memory, layout, lanes = layout.workers.length) {
  const sources = layout.workers.map((at) => new SharedTimeline(memory, at, layout.segmentEvents));
  const { startedAtMs } = layout;
  const clock = () => performance.timeOrigin + performance.now() - Number(startedAtMs);
  return new Reader(sources, lanes, startedAtMs === null ? null : clock);
}

/**
 * Reads the sizes of the values that the tasks of a run have made so far: 0 for the others.
 *
 * @param {{ readonly buffer: ArrayBufferLike }} memory
 * @param {TraceLayout} layout
 * @returns {(() => Float64Array) | null} null if the run has none
 */
export function createBytesReader(memory, { bytes }) {
  if (!bytes || bytes.tasks === 0) return null;
  const { at, tasks } = bytes;
  return () => Float64Array.from(new BigUint64Array(memory.buffer, at, tasks), Number);
}

/**
 * Reads a complete trace, of a finished run or a recording.
 *
 * @param {{ workers: TraceSlice[] }} trace
 * @returns {TraceReader}
 */
export function createTraceReader(trace) {
  return new Reader(
    trace.workers.map((slice) => new CopiedTimeline(slice, 0)),
    trace.workers.length,
    null,
  );
}

/**
 * Where events come from. `available` counts from the run's start; `take` appends up to `to`, or
 * less where a segment ends.
 *
 * @typedef {object} Source
 * @property {number} taken
 * @property {number} running the task running now, -1 for none; as of the last `refresh`
 * @property {number} available as of the last `refresh`
 * @property {number} dropped
 * @property {() => void} refresh
 * @property {(model: RunModel, worker: number, to: number) => void} take
 */

/** @implements {TraceReader} */
class Reader {
  #sources;
  #lanes;
  #clock;

  /**
   * @param {Source[]} sources one per worker, and those for lanes that may come
   * @param {number} lanes the number of those that are there from the start
   * @param {(() => number) | null} clock ms since the run's start; null when there is none, or it is over
   */
  constructor(sources, lanes, clock) {
    this.#sources = sources;
    this.#lanes = lanes;
    this.#clock = clock;
  }

  /**
   * @param {RunModel} model
   * @param {number} [budgetMs]
   * @returns {boolean}
   */
  read(model, budgetMs = BUDGET_MS) {
    const all = this.#sources;
    for (const source of all) source.refresh();
    // Those at the end may be there for lanes that never come.
    const used = all.findLastIndex(({ available, running }) => available > 0 || running >= 0) + 1;
    const sources = all.slice(0, Math.max(model.workers.length, this.#lanes, used));
    if (model.workers.length < sources.length) model.setWorkers(sources.length);
    const until = performance.now() + budgetMs;
    let behind = true;
    while (behind) {
      behind = false;
      for (let worker = 0; worker < sources.length; worker++) {
        const source = sources[worker];
        if (source.taken >= source.available) continue;
        source.take(model, worker, Math.min(source.available, source.taken + TURN));
        behind ||= source.taken < source.available;
      }
      if (behind && performance.now() >= until) break;
    }
    let dropped = 0;
    for (let worker = 0; worker < sources.length; worker++) {
      const source = sources[worker];
      dropped += source.dropped;
      // A reader that lags cannot say what runs now.
      model.setRunning(worker, source.taken < source.available ? -1 : source.running);
    }
    model.dropped = dropped;
    if (this.#clock && !behind) model.tick(this.#clock());
    return behind;
  }

  /** @param {{ workers: TraceSlice[] }} trace */
  switchTo(trace) {
    const dropped = this.#sources.map((source) => source.dropped);
    this.#sources = trace.workers.map((slice, worker) => {
      const copied = new CopiedTimeline(slice, this.#sources[worker]?.taken ?? 0);
      copied.dropped = dropped[worker] ?? 0;
      return copied;
    });
    this.#clock = null;
  }
}

/** @implements {Source} */
class CopiedTimeline {
  running = -1;
  dropped = 0;

  /**
   * @param {TraceSlice} slice
   * @param {number} taken
   */
  constructor(slice, taken) {
    this.slice = slice;
    this.taken = taken;
    this.available = slice.stopMs.length;
  }

  refresh() {}

  /**
   * @param {RunModel} model
   * @param {number} worker
   * @param {number} to
   */
  take(model, worker, to) {
    model.append(worker, this.slice, this.taken, to);
    this.taken = to;
  }
}

/** @implements {Source} */
class SharedTimeline {
  taken = 0;
  available = 0;
  running = -1;
  dropped = 0;

  #memory;
  #at;
  #segmentEvents;
  /** @type {ArrayBufferLike | null} */
  #buffer = null;
  /** @type {Int32Array} */
  #header = new Int32Array(0);
  #segmentIndex = -1;
  /** The segment's words, as numbers and as integers. */
  /** @type {Float64Array} */
  #floats = new Float64Array(0);
  /** @type {Uint32Array} */
  #integers = new Uint32Array(0);
  /** Events on their way to the model. @type {TraceSlice} */
  #turn = {
    stopMs: new Float64Array(TURN),
    task: new Uint32Array(TURN),
    action: new Uint8Array(TURN),
  };

  /**
   * @param {{ readonly buffer: ArrayBufferLike }} memory
   * @param {{ header: number, segments: number }} at
   * @param {number} segmentEvents
   */
  constructor(memory, at, segmentEvents) {
    this.#memory = memory;
    this.#at = at;
    this.#segmentEvents = segmentEvents;
  }

  refresh() {
    const buffer = this.#memory.buffer;
    if (buffer !== this.#buffer) {
      this.#buffer = buffer;
      this.#header = new Int32Array(buffer, this.#at.header, 3);
      this.#segmentIndex = -1;
    }
    // Running first: when it names a task, all that this worker did before lies before the cursor.
    this.running = Atomics.load(this.#header, RUNNING);
    this.available = Atomics.load(this.#header, CURSOR) >>> 0;
    this.dropped = Atomics.load(this.#header, DROPPED);
  }

  /**
   * @param {RunModel} model
   * @param {number} worker
   * @param {number} to
   */
  take(model, worker, to) {
    const size = this.#segmentEvents;
    const { stopMs, task, action } = this.#turn;
    while (this.taken < to) {
      const index = Math.floor(this.taken / size);
      if (!this.#open(index)) {
        // Not visible in this page's view of memory yet; the next read asks for it again.
        this.available = this.taken;
        return;
      }
      const first = this.taken - index * size;
      const count = Math.min(to - this.taken, size - first, TURN);
      const floats = this.#floats;
      const integers = this.#integers;
      for (let i = 0; i < count; i++) {
        const event = first + i;
        stopMs[i] = floats[event * 2];
        task[i] = integers[event * 4 + 2];
        action[i] = integers[event * 4 + 3];
      }
      model.append(worker, this.#turn, 0, count);
      this.taken += count;
    }
  }

  /**
   * Lays views over a segment.
   *
   * @param {number} index
   * @returns {boolean} whether it is there
   */
  #open(index) {
    if (index === this.#segmentIndex) return true;
    const buffer = /** @type {ArrayBufferLike} */ (this.#buffer);
    const size = this.#segmentEvents;
    const entry = this.#at.segments + index * 4;
    if (entry + 4 > buffer.byteLength) return false;
    const offset = Atomics.load(new Uint32Array(buffer, entry, 1), 0);
    if (offset === 0 || offset + size * EVENT_BYTES > buffer.byteLength) return false;
    this.#floats = new Float64Array(buffer, offset, size * 2);
    this.#integers = new Uint32Array(buffer, offset, size * 4);
    this.#segmentIndex = index;
    return true;
  }
}
