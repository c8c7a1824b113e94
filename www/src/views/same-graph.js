/*
 * Whether two graphs are the same: a new run of the same settings may bring its graph again, and views then keep
 * zoom and selection.
 */

/** @typedef {import('../model/graph.js').GraphData} GraphData */

/**
 * O(tasks + edges), and O(1) for the same object.
 *
 * @param {GraphData} one
 * @param {GraphData} other
 */
export function sameGraph(one, other) {
  if (one === other) return true;
  return (
    one.tasks === other.tasks &&
    equal(one.dependencies.starts, other.dependencies.starts) &&
    equal(one.dependencies.tasks, other.dependencies.tasks) &&
    equal(one.keys.starts, other.keys.starts) &&
    equal(one.keys.text, other.keys.text)
  );
}

/**
 * @param {Uint8Array | Uint32Array} one
 * @param {Uint8Array | Uint32Array} other
 */
function equal(one, other) {
  if (one.length !== other.length) return false;
  for (let i = 0; i < one.length; i++) if (one[i] !== other[i]) return false;
  return true;
}
