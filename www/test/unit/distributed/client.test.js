import { describe, expect, it } from 'vitest';
import { Client } from '../../../src/distributed/client.js';
import { assemble, toBytes } from '../../../src/distributed/values.js';

/** @import { Ask, News, Place } from '../../../src/engine/protocol.js' */

/** A client of a cluster that only notes what it is asked for. */
async function faked() {
  /** @type {Ask[]} */
  const asked = [];
  /** @type {(news: News[]) => void} */
  let tell = () => {};
  /** @type {(nodes: Place[]) => void} */
  let change = () => {};
  /** @type {string[]} */
  const changes = [];
  /** @type {(error: Error) => void} */
  let end = () => {};
  const client = new Client({ nodes: 2 }, async (options, hooks) => {
    expect(options).toEqual({ nodes: 2, memoryLimit: null });
    ({ onNews: tell, onNodes: change } = hooks);
    return {
      ended: new Promise((_, reject) => (end = reject)),
      ask: (request) => void asked.push(structuredClone(request)),
      addNode: () => void changes.push('add'),
      killNode: (place) => void changes.push(`kill ${place}`),
      scale: (count) => void changes.push(`scale ${count}`),
      close: () => void changes.push('close'),
    };
  });
  const turn = () => new Promise((resolve) => setTimeout(resolve));
  await turn();
  /** What was asked for since the last call. */
  const requests = async () => {
    await turn();
    return asked.splice(0);
  };
  return { client, requests, tell, change, changes, end };
}

/** @param {Ask | undefined} request */
function graphOf(request) {
  if (request?.type !== 'submit' || request.work.kind !== 'graph') throw new Error('no graph');
  return JSON.parse(request.work.graph);
}

describe('a client', () => {
  it('submits calls, with futures as inputs, and equal calls once', async () => {
    const { client, requests } = await faked();
    const one = client.submit('inc', 1);
    const same = client.submit('inc', 1);
    const sum = client.submit('add', one, 10, { retries: 2, priority: 5 });
    expect(one.key).toMatch(/^inc-[0-9a-f]{16}$/);
    expect([same.key, same.status]).toEqual([one.key, 'pending']);
    const [first, second, ...rest] = await requests();
    expect(rest).toEqual([]);
    expect(graphOf(first)).toEqual({
      dagdeck: 1,
      tasks: { [one.key]: { op: { call: { function: 'inc', args: [1] } }, args: [] } },
      targets: [one.key],
    });
    expect(second).toMatchObject({ inputs: [[one.key, 1]], priority: 5 });
    expect(graphOf(second).tasks).toEqual({
      [sum.key]: {
        op: { call: { function: 'add', args: [null, 10] } },
        args: [one.key],
        retries: 2,
      },
      [one.key]: { op: 'no-op' },
    });
    const impure = [
      client.submit('inc', 1, { pure: false }),
      client.submit('inc', 1, { key: 'x' }),
    ];
    expect(new Set([one.key, ...impure.map(({ key }) => key)]).size).toBe(3);
  });

  it('maps lists, as one request, as far as the shortest goes', async () => {
    const { client, requests } = await faked();
    const sums = client.map('add', [1, 2, 1], [3, 4, 3, 9], { key: 'sum' });
    expect(sums.map(({ key }) => key)).toEqual(['sum-0', 'sum-1', 'sum-2']);
    const all = client.map('add', [1, 2, 1], [3, 4, 3]);
    expect(all[0]?.key).toBe(all[2]?.key);
    const [, second, ...rest] = await requests();
    expect(rest).toEqual([]);
    expect(Object.keys(graphOf(second).tasks)).toHaveLength(2);
  });

  it('gives values when they are asked for, and errors to all', async () => {
    const { client, requests, tell } = await faked();
    const [good, bad] = [client.submit('inc', 1), client.submit('inc', 2)];
    tell([
      { type: 'finished', future: 1 },
      { type: 'error', future: 2, message: 'inc erred: no' },
    ]);
    expect([good.status, bad.status, bad.done()]).toEqual(['finished', 'error', true]);
    await requests();
    const value = client.gather([good, good]);
    expect(await requests()).toEqual([{ type: 'gather', future: 1 }]);
    tell([{ type: 'value', future: 1, value: { kind: 'scalar', value: 2 } }]);
    expect(await value).toEqual([2, 2]);
    await expect(bad.result()).rejects.toThrow('inc erred: no');
    await expect(client.gather([bad])).rejects.toThrow('inc erred: no');
    expect(await client.gather([bad], { errors: 'skip' })).toEqual([]);
    expect((await bad.exception())?.message).toBe('inc erred: no');
  });

  it('releases a key when its last future is released', async () => {
    const { client, requests } = await faked();
    const [one, same] = [client.submit('inc', 1), client.submit('inc', 1)];
    one.release();
    one.release();
    expect(await requests()).toHaveLength(1);
    same.release();
    expect(await requests()).toEqual([{ type: 'release', future: 1 }]);
    client.submit('inc', 1);
    expect(await requests()).toMatchObject([{ type: 'submit', futures: [2] }]);
  });

  it('forgets the key of a cancelled future, and cancels what needs it', async () => {
    const { client, requests, tell } = await faked();
    const one = client.submit('inc', 1);
    const needs = client.submit('inc', one);
    client.cancel(one);
    expect([one.status, one.cancelled(), needs.status]).toEqual(['cancelled', true, 'pending']);
    const late = client.submit('dec', one);
    expect(late.status).toBe('cancelled');
    tell([{ type: 'cancelled', future: 2 }]);
    await expect(needs.result()).rejects.toMatchObject({ name: 'CancelledError' });
    expect((await requests()).map(({ type }) => type)).toEqual(['submit', 'submit', 'cancel']);
    const again = client.submit('inc', 1);
    expect([again.key, again.status]).toEqual([one.key, 'pending']);
  });

  it('gives futures as they end', async () => {
    const { client, tell } = await faked();
    const futures = client.map('inc', [1, 2, 3]);
    tell([{ type: 'finished', future: 3 }]);
    const ended = [];
    for await (const future of client.as_completed(futures)) {
      ended.push(futures.indexOf(future));
      if (ended.length === 1) tell([{ type: 'error', future: 1, message: 'no' }]);
      if (ended.length === 2) tell([{ type: 'finished', future: 2 }]);
    }
    expect(ended).toEqual([2, 0, 1]);
  });

  it('scatters values, equal ones once, and says where they are and when they are lost', async () => {
    const { client, requests, tell } = await faked();
    const [a, b] = client.scatter([1, Float64Array.of(1, 2)]);
    const same = client.scatter(1);
    expect(same.key).toBe(a?.key);
    expect(b?.key).toMatch(/^float64-[0-9a-f]{24}$/);
    expect(client.scatter(1, { hash: false }).key).not.toBe(a?.key);
    expect(await requests()).toMatchObject([
      { type: 'scatter', future: 1, shape: [], dtype: 'int64' },
      { type: 'scatter', future: 2, shape: [2], dtype: 'float64' },
      { type: 'scatter', future: 3 },
    ]);
    const where = client.who_has([same, /** @type {NonNullable<typeof b>} */ (b)]);
    const [query] = await requests();
    expect(query).toMatchObject({ type: 'who-has', futures: [1, 2] });
    const number = query?.type === 'who-has' ? query.query : 0;
    tell([{ type: 'who-has', query: number, places: [[0], [1, 2]] }]);
    expect(await where).toEqual({ [same.key]: [0], [String(b?.key)]: [1, 2] });
    tell([
      { type: 'finished', future: 2 },
      { type: 'lost', future: 2, message: 'gone' },
    ]);
    expect(b?.status).toBe('lost');
    const again = client.scatter(Float64Array.of(1, 2));
    expect([again.key, again.status]).toEqual([b?.key, 'pending']);
    expect(await requests()).toMatchObject([{ type: 'release', future: 2 }, { type: 'scatter' }]);
  });

  it('scales, waits for nodes, and closes', async () => {
    const { client, change, changes } = await faked();
    change([
      { place: 0, isUp: true },
      { place: 1, isUp: false },
    ]);
    client.scale(4);
    client.scale(1);
    const [up, pending] = [client.wait_for_workers(2), client.submit('inc', 1)];
    change([
      { place: 0, isUp: true },
      { place: 2, isUp: true },
    ]);
    await up;
    const never = client.wait_for_workers(9);
    await client.close();
    await client.close();
    expect(changes).toEqual(['scale 4', 'scale 1', 'close', 'close']);
    await expect(never).rejects.toThrow('The client was closed.');
    await expect(client.who_has(pending)).rejects.toThrow('The client was closed.');
    expect(() => client.scale(-1)).toThrow('a whole number from 0 to 16');
    await expect(pending.result()).rejects.toMatchObject({ name: 'CancelledError' });
    expect(client.submit('inc', 2).status).toBe('cancelled');
  });

  it('fails all futures when the cluster ends', async () => {
    const { client, end } = await faked();
    const future = client.submit('inc', 1);
    end(new Error('no memory'));
    await expect(future.result()).rejects.toThrow('no memory');
    expect(client.submit('inc', 2).status).toBe('error');
  });

  it('keeps nothing of a call that is refused, and cancels only what needs a cancelled future', async () => {
    const { client, requests } = await faked();
    expect(() => client.map('inc', /** @type {any} */ ([1, 'x']))).toThrow('argument 0');
    const one = client.submit('inc', 1);
    expect(await requests()).toMatchObject([{ type: 'submit', futures: [1] }]);
    client.cancel(one);
    const [needs, free] = client.map('dec', /** @type {any} */ ([one, 5]));
    expect([needs?.status, free?.status]).toEqual(['cancelled', 'pending']);
  });

  it('runs a cancelled chain again if it is asked for at once', async () => {
    const { client, requests, tell } = await faked();
    const chain = () => {
      const one = client.submit('inc', 1);
      const two = client.submit('inc', one);
      return [one, two, client.submit('inc', two)];
    };
    const first = chain();
    client.cancel(/** @type {any} */ (first[0]));
    const again = chain();
    expect(again.map(({ key }) => key)).toEqual(first.map(({ key }) => key));
    tell([1, 2, 3].map((future) => ({ type: 'cancelled', future })));
    tell([{ type: 'finished', future: 6 }]);
    expect(first.map(({ status }) => status)).toEqual(['cancelled', 'cancelled', 'cancelled']);
    expect(again.map(({ status }) => status)).toEqual(['pending', 'pending', 'finished']);
    const submitted = (await requests()).filter(({ type }) => type === 'submit');
    expect(submitted.map((request) => 'futures' in request && request.futures)).toEqual(
      [1, 2, 3, 4, 5, 6].map((future) => [future]),
    );
    expect(submitted[5]).toMatchObject({ inputs: [[again[1]?.key, 5]] });
  });

  it('has the error of what was refused for all that need it', async () => {
    const { client, tell } = await faked();
    const bad = client.submit('no-such-thing');
    const needs = client.submit('inc', bad);
    const last = client.submit('inc', needs);
    tell([{ type: 'error', future: 1, message: 'unknown operation' }]);
    tell([2, 3].map((future) => ({ type: 'cancelled', future })));
    expect([needs.status, last.status]).toEqual(['error', 'error']);
    expect(await last.exception()).toBe(await bad.exception());
    await expect(last.result()).rejects.toThrow('unknown operation');
  });

  it('takes integers of int64, and names an argument that is none', async () => {
    const { client, requests } = await faked();
    const future = client.submit('add', 2n ** 60n, 3n);
    client.scatter(2n ** 60n);
    const [submitted, scattered] = await requests();
    const { op } = graphOf(submitted).tasks[future.key];
    expect(op.call.args).toEqual([{ int: '1152921504606846976' }, 3]);
    expect(scattered).toMatchObject({ shape: [], dtype: 'int64' });
    const wrong = () => client.submit('add', 1, 2n ** 63n);
    expect(wrong).toThrow('add: argument 1 must fit int64, got 9223372036854775808');
    expect(() => client.scatter(-(2n ** 63n) - 1n)).toThrow('scatter: the value must fit int64');
    expect(client.submit('inc', -(2n ** 63n)).status).toBe('pending');
  });

  it('keeps a key while its value is on its way', async () => {
    const { client, requests, tell } = await faked();
    const one = client.submit('inc', 1);
    tell([{ type: 'finished', future: 1 }]);
    const value = one.result();
    await requests();
    one.release();
    expect(await requests()).toEqual([]);
    tell([{ type: 'value', future: 1, value: { kind: 'scalar', value: 2 } }]);
    expect(await value).toBe(2);
    expect(await requests()).toEqual([{ type: 'release', future: 1 }]);
  });

  it('refuses what is no operation, no number and no option', async () => {
    const { client } = await faked();
    const wrong = /** @type {any} */ (client);
    expect(() => wrong.submit(() => 1)).toThrow('functions are not sent');
    expect(() => wrong.submit('inc', 'x')).toThrow('inc: argument 0 must be a future or a number');
    expect(() => wrong.submit('qr', 1)).toThrow(
      'qr: the arguments of an operation must be futures',
    );
    expect(() => wrong.submit('inc', 1, { worker: 2 })).toThrow('unknown option “worker”');
    expect(() => wrong.scatter('x')).toThrow('scatter: a number, a typed array');
    expect(() => wrong.submit('inc', 1, { retries: -1 })).toThrow('retries must be a whole number');
    expect(() => wrong.submit('inc', 1, { priority: 'high' })).toThrow('priority must be');
    expect(() => wrong.compute([1])).toThrow('compute: an array or a delayed result');
  });
});

describe('values', () => {
  it('are bytes with a shape', () => {
    expect(toBytes(true)).toEqual({ bytes: Uint8Array.of(1), shape: [], dtype: 'bool' });
    expect(toBytes(0.5).dtype).toBe('float64');
    const part = new Float32Array([9, 1, 2]).subarray(1);
    const { bytes, shape } = toBytes({ data: part, shape: [1, 2], dtype: 'float32' });
    expect([...new Float32Array(bytes.slice().buffer)]).toEqual([1, 2]);
    expect(shape).toEqual([1, 2]);
  });

  it('come back in blocks, which are put together', () => {
    const chunks = [
      [2, 1],
      [1, 2],
    ];
    /** @param {number[]} data @param {number[]} shape */
    const block = (data, shape) => ({ data: Float64Array.from(data), shape, dtype: 'float64' });
    const blocks = [
      block([0, 3], [2, 1]),
      block([1, 2, 4, 5], [2, 2]),
      block([6], [1, 1]),
      block([7, 8], [1, 2]),
    ];
    expect(assemble(blocks, chunks)).toEqual(block([0, 1, 2, 3, 4, 5, 6, 7, 8], [3, 3]));
    expect(assemble([7], [])).toBe(7);
    const parts = [block([1], [1]), block([], [0]), block([2, 3], [2])];
    expect(assemble(parts, [[NaN, NaN, NaN]])).toEqual(block([1, 2, 3], [3]));
  });
});
