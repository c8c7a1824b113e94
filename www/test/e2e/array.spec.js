/* Arrays from the console: expected numbers are those of Dask 2026.8 on NumPy 2.4. */
import { expect, test } from './site.js';
import { addresses } from '../../playwright.config.js';

for (const place of ['index.html', 'lab.html']) {
  test(`${place}: the example of the manual`, async ({ page }) => {
    await page.goto(place);
    const seen = await page.evaluate(async () => {
      const { dagdeck } = window;
      await dagdeck.ready();
      const { signal } = new AbortController();
      const da = dagdeck.array;
      const x = da.random.default_rng(42).normal({ size: [4000, 4000], chunks: [500, 500] });
      const y = x.add(x.T).mean({ axis: 0 });
      const text = y.toString();
      const graph = await y.graph();
      const value = await y.compute({ scheduler: 'threads', workers: 4, signal });
      if (!value || typeof value !== 'object') throw new Error('no array');
      const { data, shape, dtype } = value;
      return {
        text,
        svg: x.toSVG().slice(0, 4),
        tasks: graph.tasks,
        prefixes: graph.prefixes,
        typed: data instanceof Float64Array,
        shape,
        dtype,
        ends: [Number(data[0]), Number(data[3999])],
      };
    });
    expect(seen).toMatchObject({
      text: 'dask.array<mean_agg-aggregate, shape=(4000,), dtype=float64, chunksize=(500,)>',
      svg: '<svg',
      typed: true,
      shape: [4000],
      dtype: 'float64',
    });
    expect(seen.prefixes).toContain('mean_agg-aggregate');
    expect(seen.tasks).toBeGreaterThan(64);
    expect(seen.ends[0]).toBeCloseTo(0.006064868712705143, 14);
    expect(seen.ends[1]).toBeCloseTo(0.04492397421382153, 14);
  });
}

test('a mask leaves as many elements as it leaves', async ({ page }) => {
  await page.goto('lab.html');
  const seen = await page.evaluate(async () => {
    const { array: da, ready } = window.dagdeck;
    await ready();
    const x = da.arange(10, { chunks: 4 });
    const some = x.slice(x.remainder(3).equal(1));
    const y = x.add(da.arange(3, { chunks: 3 }).slice([null], null));
    const columns = y.slice([null], x.greater(6));
    let refused = '';
    try {
      some.slice(0);
    } catch (error) {
      refused = String(error);
    }
    const known = await some.compute_chunk_sizes();
    const [all, first, sum] = [
      await some.compute(),
      await known.slice(0).compute(),
      await some.sum().compute({ scheduler: 'sync' }),
    ];
    const { data, shape } = /** @type {{ data: any, shape: number[] }} */ (all);
    const pairs = /** @type {{ data: any, shape: number[] }} */ (await columns.compute());
    return {
      text: String(some),
      shape: some.shape,
      svg: some.toSVG(),
      refused,
      all: [shape, Array.from(data, Number)],
      known: [String(known), known.chunks],
      first,
      sum,
      pairs: [pairs.shape, Array.from(pairs.data, Number)],
    };
  });
  expect(seen.text).toBe('dask.array<getitem, shape=(nan,), dtype=int64, chunksize=(nan,)>');
  expect(seen.shape).toEqual([NaN]);
  expect(seen.svg).toContain('3 blocks of ?');
  expect(seen.refused).toContain('unknown chunk sizes: shape=(nan,)');
  expect(seen.refused).toContain('x.compute_chunk_sizes()');
  expect(seen.all).toEqual([[3], [1, 4, 7]]);
  expect(seen.known).toEqual([
    'dask.array<getitem, shape=(3,), dtype=int64, chunksize=(2,)>',
    [[1, 2, 0]],
  ]);
  expect([seen.first, seen.sum]).toEqual([1, 12]);
  expect(seen.pairs).toEqual([
    [3, 3],
    [7, 8, 9, 8, 9, 10, 9, 10, 11],
  ]);
});

test('every dtype comes as its typed array, and as one value without axes', async ({ page }) => {
  await page.goto('lab.html');
  const seen = await page.evaluate(async () => {
    const { array: da, compute, ready } = window.dagdeck;
    await ready();
    const rng = da.random.default_rng(7);
    const a = rng.integers(0, 10, { size: [6, 4], chunks: [3, 4], dtype: 'i4' });
    const b = rng.random({ size: [6, 4], chunks: 3 });
    const first = b.slice(0);
    const values = await compute(
      ...[a, a.sum({ axis: 0 }), a.astype('u1').max({ axis: 0 })],
      ...[first, first.astype('f4'), first.greater(0.5)],
      ...[a.sum(), b.greater(0.5).any(), da.full([], 2n ** 60n), b.greater(2).all()],
      { workers: 2 },
    );
    return values.map((value) =>
      value !== null && typeof value === 'object'
        ? [value.data.constructor.name, value.dtype, value.shape, Array.from(value.data, Number)]
        : `${typeof value} ${value}`,
    );
  });
  const integers = [3, 7, 2, 0, 8, 5, 6, 8, 9, 7, 7, 1, 6, 4, 3, 0, 4, 2, 3, 1, 4, 0, 8, 3];
  expect(seen).toEqual([
    ['Int32Array', 'int32', [6, 4], integers],
    ['BigInt64Array', 'int64', [4], [34, 25, 29, 13]],
    ['Uint8Array', 'uint8', [4], [9, 7, 8, 8]],
    ...[
      ['Float64Array', 'float64', [4]],
      ['Float32Array', 'float32', [4]],
    ].map((name, i) => [
      ...name,
      i === 0
        ? [0.6320442355695731, 0.48677827296439047, 0.03426397859278918, 0.9823227993863488]
        : [0.63204425573349, 0.48677825927734375, 0.0342639796435833, 0.9823228120803833],
    ]),
    ['Uint8Array', 'bool', [4], [1, 0, 0, 1]],
    'number 101',
    'boolean true',
    'bigint 1152921504606846976',
    'boolean false',
  ]);
});

test('a typed array goes in and comes out, whatever it is cut into', async ({ page }) => {
  await page.goto('lab.html');
  const seen = await page.evaluate(async () => {
    const { array: da, ready } = window.dagdeck;
    await ready();
    const data = Int32Array.from({ length: 60 }, (_, i) => i * i - 100);
    const x = da.from_array(data, { shape: [6, 10], chunks: [4, 3] });
    const text = x.toString();
    const back = await da.fromJSON(JSON.stringify(x)).rechunk([5, 7]).compute();
    const again = back && typeof back === 'object' ? await da.from_array(back).sum().compute() : 0;
    return {
      text,
      again,
      same: JSON.stringify(back) === JSON.stringify({ data, shape: [6, 10], dtype: 'int32' }),
    };
  });
  expect(seen.same).toBe(true);
  expect(seen.text).toBe('dask.array<array, shape=(6, 10), dtype=int32, chunksize=(4, 3)>');
  expect(seen.again).toBe(
    Array.from({ length: 60 }, (_, i) => i * i - 100).reduce((a, b) => a + b),
  );
});

test('a persisted array is computed once, used, disposed of, and gone with its engine', async ({
  page,
}) => {
  await page.goto('lab.html');
  const seen = await page.evaluate(async () => {
    const { dagdeck } = window;
    const { array: da } = dagdeck;
    const words = (/** @type {Promise<unknown>} */ promise) =>
      promise.then(
        (value) => `no error: ${value}`,
        (error) => error.message,
      );
    const x = da.random.default_rng(1).normal({ size: [300, 300], chunks: 100 });
    const expected = await x.sum().compute();
    const held = await x.add(0).persist({ workers: 2 });
    const graph = await held.sum().graph();
    const value = await held.sum().compute();
    const both = await dagdeck.compute(held.min(), held.max());
    held.dispose();
    const disposed = await words(held.sum().compute());
    const other = await x.persist();
    await dagdeck.restart();
    return {
      same: value === expected,
      both: both.map((each) => typeof each),
      text: held.toString(),
      prefixes: graph.prefixes,
      disposed,
      gone: await words(other.sum().compute()),
      fresh: (await x.sum().compute()) === expected,
    };
  });
  expect(seen).toMatchObject({
    same: true,
    both: ['number', 'number'],
    text: 'dask.array<add, shape=(300, 300), dtype=float64, chunksize=(100, 100)>',
    fresh: true,
  });
  expect(seen.prefixes).not.toContain('normal');
  expect(seen.disposed).toMatch(/persisted array was used after it was disposed of/);
  expect(seen.gone).toMatch(
    /the engine that held the blocks of this persisted array is gone: persist it again/,
  );
});

test('what persisted arrays hold counts against the memory limit of a run', async ({ page }) => {
  await page.goto('lab.html');
  const seen = await page.evaluate(async () => {
    const { array: da } = window.dagdeck;
    const held = await da.ones([256, 512], { chunks: 128 }).persist();
    const sum = da.ones([512, 512], { chunks: 512 }).sum();
    const options = { memoryLimit: 2.5 * 2 ** 20 };
    const refused = await sum.compute(options).catch((error) => error.message);
    held.dispose();
    return { refused, sum: await sum.compute(options) };
  });
  expect(seen.refused).toMatch(
    /the memory limit is 2.50 MiB, and 1.00 MiB are in use, 1.00 MiB of it by persisted arrays/,
  );
  expect(seen.sum).toBe(512 * 512);
});

test('an aborted compute rejects with the reason, and the engine goes on', async ({ page }) => {
  await page.goto('lab.html');
  const seen = await page.evaluate(async () => {
    const { array: da } = window.dagdeck;
    const x = da.random.default_rng(1).normal({ size: [8000, 8000], chunks: 400 });
    /** @type {unknown[]} */
    const names = [];
    for (const scheduler of /** @type {const} */ (['threads', 'sync'])) {
      const aborter = new AbortController();
      const computing = x.sum().compute({ scheduler, signal: aborter.signal });
      setTimeout(() => aborter.abort(new Error('enough')), 100);
      const start = performance.now();
      await computing.catch((error) => names.push(error.message));
      names.push(performance.now() - start < 5000 ? 'soon' : 'late');
    }
    names.push(await da.ones([10], { chunks: 5 }).sum().compute());
    return names;
  });
  expect(seen).toEqual(['enough', 'soon', 'enough', 'soon', 10]);
});

test("what is wrong is said at the call, in NumPy's words", async ({ page }) => {
  await page.goto('lab.html');
  const seen = await page.evaluate(async () => {
    const { array: da, ready } = window.dagdeck;
    /** @param {() => unknown} call */
    const words = (call) => {
      try {
        return `no error: ${call()}`;
      } catch (error) {
        return error instanceof Error ? error.message : `no Error: ${error}`;
      }
    };
    await ready();
    const x = da.ones([3, 4], { chunks: 2 });
    return [
      words(() => x.add(da.ones(5))),
      words(() => x.mean({ axis: 2 })),
      words(() => x.reshape([5, -1])),
      words(() => x.astype(/** @type {any} */ ('complex128'))),
      words(() => x.matmul(da.ones([3, 3]))),
      words(() => x.slice(7)),
    ];
  });
  const [broadcast, axis, reshape, dtype, matmul, index] = seen;
  expect(broadcast).toMatch(
    /^add: operands could not be broadcast together with shapes \(3, ?4\) \(5,\)/,
  );
  expect(axis).toMatch(/axis 2 is out of bounds for array of dimension 2/i);
  expect(reshape).toMatch(/reshape/);
  expect(dtype).toMatch(/complex128/);
  expect(matmul).toMatch(/size 3 is different from 4/);
  expect(index).toMatch(/7.*out of bounds.*3/);
});

test('getters say what to wait for, and recording needs no engine', async ({ page }) => {
  await page.goto('lab.html');
  const seen = await page.evaluate(async () => {
    const { array: da, ready } = window.dagdeck;
    const x = da.ones([3, 4], { chunks: 2 }).add(1);
    const early = await Promise.resolve()
      .then(() => `${x.shape}`)
      .catch((error) => error.message);
    await ready();
    return { early, shape: x.shape, chunks: x.chunks, dtype: x.dtype };
  });
  // The lab starts its engine on its own, possibly before this test does.
  expect(['3,4', 'the engine is still starting: await dagdeck.ready() first']).toContain(
    seen.early,
  );
  expect(seen).toMatchObject({
    shape: [3, 4],
    chunks: [
      [2, 1],
      [2, 2],
    ],
    dtype: 'float64',
  });
});

test('without isolation arrays have shapes and values too', async ({ page }) => {
  await page.goto(`${addresses.plain}lab.html`);
  const seen = await page.evaluate(async () => {
    const { array: da, ready } = window.dagdeck;
    await ready();
    const x = da.arange(20, { chunks: 6 });
    return { isolated: crossOriginIsolated, text: `${x}`, sum: await x.sum().compute() };
  });
  expect(seen).toEqual({
    isolated: false,
    text: 'dask.array<arange, shape=(20,), dtype=int64, chunksize=(6,)>',
    sum: 190,
  });
});

test('the page goes on drawing while a long expression is described', async ({ page }) => {
  await page.goto('lab.html');
  const msPerStep = await page.evaluate(async () => {
    const { array: da, ready } = window.dagdeck;
    await ready();
    let x = da.ones([1000, 1000], { chunks: 100 });
    const start = performance.now();
    for (let i = 0; i < 1000; i++) x = x.add(1);
    return (performance.now() - start) / 1000;
  });
  // Far below the time of a frame: describing an array computes nothing.
  expect(msPerStep).toBeLessThan(4);
});
