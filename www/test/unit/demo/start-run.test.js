import { describe, expect, test } from 'vitest';
import { startRun } from '../../../src/demo/start-run.js';
import { EngineError } from '../../../src/engine/client.js';

/** @import { Engine } from '../../../src/engine/client.js' */

const died = () => new EngineError('The engine stopped: its worker ended unexpectedly.');

/** @param {(Error | null)[]} ends why each run does not start; null for one that does */
function attempts(...ends) {
  /** @type {{ engine: Engine, started: Promise<string>, disposed: boolean, dispose: () => void }[]} */
  const runs = [];
  let engines = 0;
  const live = async () => /** @type {Engine} */ (/** @type {unknown} */ ({ number: ++engines }));
  const begin = (/** @type {Engine} */ engine) => {
    const end = ends[runs.length];
    const run = {
      engine,
      started: end ? Promise.reject(end) : Promise.resolve('model'),
      disposed: false,
      dispose: () => void (run.disposed = true),
    };
    runs.push(run);
    return run;
  };
  return { runs, live, begin };
}

describe('a run', () => {
  test('that starts is started once', async () => {
    const { runs, live, begin } = attempts(null);
    expect(await startRun(live, begin)).toBe(runs[0]);
    expect(runs).toHaveLength(1);
  });

  test('whose engine dies before it starts is started again on a new engine', async () => {
    const { runs, live, begin } = attempts(died(), null);
    expect(await startRun(live, begin)).toBe(runs[1]);
    expect(runs.map(({ engine }) => engine)).toEqual([{ number: 1 }, { number: 2 }]);
    expect(runs[0].disposed).toBe(true);
  });

  test('is started twice at most', async () => {
    const { runs, live, begin } = attempts(died(), died(), null);
    await expect(startRun(live, begin)).rejects.toThrow('its worker ended unexpectedly');
    expect(runs).toHaveLength(2);
  });

  test.each([
    ['the user restarts the engine', new EngineError('The engine was restarted.', true)],
    ['it is refused', new Error('`n` must be between 1 and 8000, got 0.')],
    ['it is cancelled', new DOMException('cancelled', 'AbortError')],
  ])('is not started again when %s', async (_, error) => {
    const { runs, live, begin } = attempts(error, null);
    await expect(startRun(live, begin)).rejects.toBe(error);
    expect(runs).toHaveLength(1);
  });

  test('that is not wanted any more is not started again', async () => {
    const { runs, live, begin } = attempts(died(), null);
    const cancelled = new DOMException('cancelled', 'AbortError');
    const unlessCancelled = (/** @type {Engine} */ engine) => {
      if (runs.length > 0) throw cancelled;
      return begin(engine);
    };
    await expect(startRun(live, unlessCancelled)).rejects.toBe(cancelled);
    expect(runs).toHaveLength(1);
  });
});
