/*
 * Programs with kernels, in turns with their peers: arrays beside Dask's threaded scheduler on NumPy
 * (benches/dask_arrays.py), the Mandelbrot set beside the same Rust on the host (examples/program.rs).
 * An array's time is that of the whole `compute`, here and there: its graph, its order, its run.
 */
import { expect, test } from '../test/e2e/site.js';
import { median, write } from './figures.js';
import { startPeer } from './peer.js';

test.describe.configure({ mode: 'serial', timeout: 600_000 });

const ROUNDS = 9;
const UNCOUNTED = 5;
const WORKERS = 2;

/** The same names as in benches/dask_arrays.py. These functions run in the page. */
const cases = {
  'normal(4000, 4000).mean()': () => normal(4000).mean(),
  '(x + x.T).mean(axis=0)': () => {
    const x = normal(4000);
    return x.add(x.T).mean({ axis: 0 });
  },
  '(y + y.T)[::2, 2000:].mean(axis=1)': async () => {
    const y = await normal(4000).persist();
    return y.add(y.T).slice([null, null, 2], [2000, null]).mean({ axis: 1 });
  },
  'x.dot(x.T).sum()': () => {
    const x = normal(1500);
    return x.dot(x.T).sum();
  },
};

/** @param {number} n */
function normal(n) {
  return window.dagdeck.array.random.default_rng(0).normal({ size: [n, n], chunks: [500, 500] });
}

/** @type {Record<string, any>} */
const figures = { workers: WORKERS, rounds: ROUNDS, arrays: [] };

test.beforeEach(async ({ page }) => {
  await page.goto('lab.html');
});

test.afterAll(({ browser: _ }, info) => {
  if (info.status === info.expectedStatus) write('arrays', figures);
});

/**
 * @param {() => Promise<number>} ours milliseconds of one round
 * @param {() => Promise<number>} theirs
 */
async function inTurns(ours, theirs) {
  /** @type {[number[], number[]]} */
  const times = [[], []];
  for (let round = 0; round < UNCOUNTED + ROUNDS; round++) {
    const pair = [await ours(), await theirs()];
    if (round >= UNCOUNTED) pair.forEach((ms, i) => times[i].push(ms));
  }
  return times.map(median);
}

test('arrays beside Dask', async ({ page }) => {
  const dask = startPeer(process.env.PYTHON ?? 'python3', ['benches/dask_arrays.py']);
  await page.evaluate(`globalThis.normal = ${normal}`);
  for (const [name, make] of Object.entries(cases)) {
    const array = await page.evaluateHandle(make);
    const ours = () =>
      array.evaluate(async (lazy, workers) => {
        const startMs = performance.now();
        await lazy.compute({ scheduler: 'threads', workers });
        return performance.now() - startMs;
      }, WORKERS);
    const [ms, dask_ms] = await inTurns(ours, () => dask.ask(name));
    expect(ms).toBeGreaterThan(0);
    figures.arrays.push({ name, ms, dask_ms });
  }
  dask.stop();
});

test('how fast matrices are multiplied', async ({ page }) => {
  await page.evaluate(`globalThis.normal = ${normal}`);
  const n = 1500;
  const product = await page.evaluateHandle(async (side) => {
    const x = await normal(side).persist();
    return x.dot(x);
  }, n);
  const times = [];
  for (let round = 0; round < UNCOUNTED + ROUNDS; round++) {
    times.push(
      await product.evaluate(async (lazy) => {
        const startMs = performance.now();
        await lazy.compute({ scheduler: 'threads', workers: 1 });
        return performance.now() - startMs;
      }),
    );
  }
  figures.matmul = { n, ms: median(times.slice(UNCOUNTED)), flops: 2 * n ** 3 };
});

test('the Mandelbrot set beside the host', async ({ page }) => {
  const params = { n: 1200, chunk: 100, max_iter: 500 };
  const native = startPeer('target/release/examples/program');
  const ours = () =>
    page.evaluate(
      async ({ given, workers }) => {
        const options = { scheduler: /** @type {const} */ ('threads'), workers, trace: false };
        return (await window.dagdeck.run('mandelbrot', given, options)).makespanMs;
      },
      { given: params, workers: WORKERS },
    );
  const [ms, native_ms] = await inTurns(ours, () =>
    native.ask(`mandelbrot ${JSON.stringify(params)}`),
  );
  figures.mandelbrot = { ...params, ms, native_ms };
  native.stop();
});
