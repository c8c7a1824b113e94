/*
 * Watches a word in shared memory.
 */

/** How often a browser without `Atomics.waitAsync` looks. */
const LOOK_EVERY_MS = 10;

/**
 * Calls `onChange` now, and each time after the word has changed, but not more often than every `pauseMs`. Changes
 * within a pause are one.
 *
 * @param {{ buffer: ArrayBufferLike }} memory
 * @param {number} index of the word in an Int32Array of the memory
 * @param {() => void} onChange
 * @param {number} [pauseMs]
 * @returns {() => void} stops watching
 */
export function watchWord(memory, index, onChange, pauseMs = 0) {
  let stopped = false;
  const words = () => new Int32Array(memory.buffer);
  const watch = async () => {
    while (!stopped) {
      const seen = Atomics.load(words(), index);
      onChange();
      if (pauseMs > 0) await wait(pauseMs);
      if (!stopped) await changed(words(), index, seen);
    }
  };
  void watch();
  return () => {
    stopped = true;
    // A promise that never settles would keep the memory.
    Atomics.notify(words(), index);
  };
}

/**
 * @param {Int32Array} words
 * @param {number} index
 * @param {number} seen
 */
function changed(words, index, seen) {
  if (!Atomics.waitAsync) return wait(LOOK_EVERY_MS);
  // The types do not know that it works on shared memory only, which this is.
  return Atomics.waitAsync(/** @type {any} */ (words), index, seen).value;
}

/** @param {number} ms */
function wait(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
