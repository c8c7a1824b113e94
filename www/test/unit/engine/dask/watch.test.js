import { describe, expect, it } from 'vitest';
import { ClusterWatch } from '../../../../src/engine/dask/watch.js';

/** @import { Listener } from '../../../../src/engine/dask/connection.js' */

/** A watch, and what tells it messages. */
function watching() {
  /** @type {Listener[]} */
  const listeners = [];
  /** @type {string[]} */
  const ends = [];
  const connection = /** @type {any} */ ({
    begin: (/** @type {unknown} */ _, /** @type {Listener} */ listener) => listeners.push(listener),
    say() {},
    forget() {},
  });
  const watch = new ClusterWatch(connection, ({ message }) => ends.push(message));
  const tell = (/** @type {Record<string, unknown>} */ message) =>
    listeners[0].onMessage('tasks', message);
  return { watch, tell, ends };
}

describe('a cluster that is watched', () => {
  it('has the tasks of all batches, and those before as a graph', () => {
    const { watch, tell } = watching();
    tell({ keys: ['a', 'b'], dependencies: [[], [0]], missed: 0 });
    tell({ keys: ['b'], dependencies: [[0, 1]], missed: 2 });
    expect(watch.keys).toEqual(['a', 'b', 'b (2)']);
    expect(watch.missed).toBe(2);
    expect(JSON.parse(watch.graphOf(3))).toEqual({
      dagdeck: 1,
      tasks: {
        a: { op: 'no-op', args: [] },
        b: { op: 'no-op', args: ['a'] },
        'b (2)': { op: 'no-op', args: ['a', 'b'] },
      },
      targets: ['b (2)'],
    });
  });

  it('refuses a task that needs one that is not there yet', () => {
    const { tell } = watching();
    expect(() => tell({ keys: ['a'], dependencies: [[1]], missed: 0 })).toThrow(
      'tasks.dependencies[0][0]',
    );
  });
});
