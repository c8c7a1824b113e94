import { expect, test } from 'vitest';
import { inOrderOfStop } from '../../../src/model/merge.js';
import { seeded } from './graphs.js';

test('events of many workers come in the order in which they stop, ties by worker', () => {
  for (let seed = 0; seed < 20; seed++) {
    const random = seeded(seed);
    const workers = Array.from({ length: Math.floor(random() * 40) }, () => {
      // Whole numbers, so that there are ties.
      const stops = Array.from({ length: Math.floor(random() * 30) }, () =>
        Math.floor(random() * 50),
      );
      const stopMs = Float64Array.from(stops).sort();
      const { length } = stopMs;
      return { stopMs, task: new Uint32Array(length), action: new Uint8Array(length) };
    });
    const wanted = workers
      .flatMap(({ stopMs }, worker) => [...stopMs].map((ms, event) => ({ ms, worker, event })))
      .sort((a, b) => a.ms - b.ms || a.worker - b.worker || a.event - b.event);
    /** @type {typeof wanted} */
    const visited = [];
    inOrderOfStop(workers, ({ stopMs }, event, worker) =>
      visited.push({ ms: stopMs[event], worker, event }),
    );
    expect(visited, `seed ${seed}`).toEqual(wanted);
  }
});
