/* What is sent to the engine: it is the page's client, with a worker that notes what it is told. */
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { computeTogether } from '../../../src/array/dag-array.js';
import { da } from '../../../src/array/index.js';
import { connect } from '../../../src/engine/client.js';
import { FakeWorker, readyMessage } from '../engine/fake-worker.js';

/** @import { Engine } from '../../../src/engine/client.js' */
/** @import { Outcome, StartMessage, Trace } from '../../../src/engine/protocol.js' */

const page = vi.hoisted(() => ({ engine: /** @type {Engine | null} */ (null) }));
vi.mock('../../../src/engine/shared.js', () => ({ sharedEngine: async () => page.engine }));
vi.mock('../../../src/engine/describer.js', () => ({
  currentDescriber: () => ({
    describe: () => ({ shape: [], dtype: '', chunks: [], text: '' }),
    release() {},
  }),
}));

/** @type {FakeWorker} */
let worker;

/** A page with a fresh engine. */
async function start() {
  worker = new FakeWorker();
  const connecting = connect(() => /** @type {Worker} */ (/** @type {unknown} */ (worker)));
  worker.say(readyMessage());
  page.engine = await connecting;
}

/** Lets a run that was asked for end, with these values. @param {number[]} values */
async function finish(...values) {
  await vi.waitFor(() => expect(worker.told.at(-1)?.type).toBe('start'));
  const message = /** @type {StartMessage} */ (worker.told.at(-1));
  const scalars = values.map((value) => ({ kind: /** @type {const} */ ('scalar'), value }));
  const outcome = /** @type {Outcome} */ ({ value: null, values: scalars });
  const trace = /** @type {Trace} */ ({ workers: [], dropped: 0, bytes: null });
  worker.say({ type: 'finished', id: message.id, outcome, trace });
  return message;
}

/** @param {StartMessage} message */
const expressionOf = ({ work }) =>
  work.kind === 'expression' ? JSON.parse(work.expression) : null;

beforeEach(start);

const x = da.ones([4]);

test('a computed array resolves with its value, and the run is disposed of', async () => {
  const value = x.sum().compute({ scheduler: 'sync', seed: 3 });
  const { options, work } = await finish(4);
  expect(await value).toBe(4);
  expect(options).toMatchObject({
    scheduler: 'sync',
    seed: 3,
    graph: false,
    trace: false,
    hold: [],
  });
  expect(work).toMatchObject({ optimize: true });
  expect(worker.told.at(-1)?.type).toBe('dispose');
});

test('arrays that are computed together are one expression', async () => {
  const values = computeTogether(x.sum(), x.min(), { workers: 2 });
  const message = await finish(4, 1);
  expect(await values).toEqual([4, 1]);
  expect(expressionOf(message)).toMatchObject({
    arrays: [{ op: 'ones' }, {}, {}],
    targets: [1, 2],
  });
  expect(message.options.workers).toBe(2);
});

test('what is no array and no option is refused', async () => {
  // @ts-expect-error a number
  await expect(computeTogether(3, x)).rejects.toThrow(
    'compute: arguments must be arrays, with the options last',
  );
  // @ts-expect-error a misspelt option
  await expect(x.compute({ worker: 2 })).rejects.toThrow(
    'compute: unknown option “worker”; the options are scheduler, ',
  );
  await expect(x.compute({ workers: 0 })).rejects.toThrow('got 0.');
  await expect(x.compute({ signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow(
    'enough',
  );
  expect(worker.told).toEqual([]);
});

describe('a persisted array', () => {
  async function persisted() {
    const asked = x.persist();
    const message = await finish();
    return { array: await asked, id: message.options.hold[0] };
  }

  test('stands for the blocks that the engine holds', async () => {
    const { array, id } = await persisted();
    const value = array.sum().compute();
    const message = await finish(4);
    await value;
    expect(expressionOf(message).arrays[0]).toEqual({ op: 'persisted', id });
    expect(() => array.toJSON()).toThrow('a persisted array cannot be saved or loaded');
  });

  test('is given back once, and not used any more', async () => {
    const { array, id } = await persisted();
    array.dispose();
    array.dispose();
    expect(worker.told.filter(({ type }) => type === 'release')).toEqual([{ type: 'release', id }]);
    await expect(array.add(1).compute()).rejects.toThrow(
      'a persisted array was used after it was disposed of',
    );
  });

  test('is gone with its engine', async () => {
    const { array } = await persisted();
    await start();
    await expect(array.compute()).rejects.toThrow(
      'the engine that held the blocks of this persisted array is gone: persist it again',
    );
    await expect(array.add(1).graph()).rejects.toThrow('persist it again');
  });
});
