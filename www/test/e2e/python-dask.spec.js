/*
 * `dask` and `numpy` for Python in the page. What they print is what NumPy and Dask print for the same snippets
 * (tests/reference/snippets.py). Needs a site that was built with Python (make python).
 */
import { readFileSync } from 'node:fs';

import { expect, hasPython, test } from './site.js';

/** @import { Page } from '@playwright/test' */

test.skip(!hasPython, 'the site was built without Python');

/** @type {{ title: string, source: string, output: string, error: string | null }[]} */
const snippets = JSON.parse(
  readFileSync(new URL('../../../tests/fixtures/snippets.json', import.meta.url), 'utf8'),
);

/**
 * Runs cells, one after the other.
 *
 * @param {Page} page
 * @param {string[]} sources
 * @returns {Promise<{ output: string, error: string | null }[]>}
 */
function run(page, sources) {
  return page.evaluate(async (cells) => {
    const ended = [];
    for (const source of cells) {
      try {
        ended.push({ output: (await window.dagdeck.python.run(source)).output, error: null });
      } catch (error) {
        const { message, output } = /** @type {Error & { output: string }} */ (error);
        ended.push({ output, error: message });
      }
    }
    return ended;
  }, sources);
}

test.beforeEach(({ page }) => page.goto('lab.html').then(() => {}));

for (const group of ['numpy', 'array', 'delayed']) {
  test(`snippets print what CPython prints: ${group}`, async ({ page }) => {
    test.setTimeout(180_000);
    const own = snippets.filter(({ title }) => title.startsWith(`${group}:`));
    expect(own.length).toBeGreaterThan(10);
    const ended = await run(
      page,
      own.map(({ source }) => source),
    );
    const printed = ended.map(({ output, error }, i) => ({
      title: own[i].title,
      // After the output comes the traceback.
      output: error === null ? output : output.split('Traceback (most recent call last):')[0],
      error: error?.replace(/^[\w.]+\.(?=\w+:)/, '').trimEnd() ?? null,
    }));
    expect(printed).toEqual(
      own.map(({ title, output, error }) => ({ title, output, error: error?.trimEnd() ?? null })),
    );
  });
}

for (const [what, source] of Object.entries({
  'delayed calls that do not end': `
import dask
from dask import delayed
@delayed
def spin(i):
    print("go")
    while True: pass
dask.compute([spin(i) for i in range(4)], num_workers=2)`,
  'a delayed call that does not end, without threads': `
from dask import delayed
@delayed
def spin():
    print("go")
    while True: pass
spin().compute(scheduler="sync")`,
  'arrays that take long': `
import dask.array as da
x = da.random.default_rng(1).random((20000, 20000), chunks=500)
print("go")
for _ in range(1000): x.sum().compute()`,
})) {
  test(`${what} are stopped, and variables stay`, async ({ page }) => {
    const stopped = await page.evaluate(async (cell) => {
      const { python } = window.dagdeck;
      await python.run('kept = 1');
      const stopper = new AbortController();
      const onOutput = (/** @type {string} */ text) => {
        if (text.includes('go')) stopper.abort();
      };
      const reason = await python.run(cell, { signal: stopper.signal, onOutput }).then(
        () => 'it ended',
        ({ name }) => name,
      );
      const after = await python.run('import dask\nkept + dask.delayed(abs)(-1).compute()');
      return { reason, output: after.output };
    }, source);
    expect(stopped).toEqual({ reason: 'AbortError', output: '2\n' });
  });
}

test('what is missing says so', async ({ page }) => {
  const ended = await run(page, [
    'import numpy\nnumpy.fft',
    'import dask.array\ndask.array.fft',
    'import numpy\nnumpy.ones(1).byteswap',
    'import dask.array\ndask.array.ones(1).store',
    'import dask\ndask.delayed(abs)(1).compute(scheduler="processes")',
  ]);
  expect(ended.map(({ error }) => error)).toEqual([
    'AttributeError: numpy.fft: numpy in the page does not have it',
    'AttributeError: dask.array.fft: dask.array in the page does not have it',
    "AttributeError: 'byteswap': numpy.ndarray has no such method in the page",
    "AttributeError: 'store': dask.array.Array has no such method in the page",
    "NotImplementedError: scheduler='processes': Python in the page runs tasks with 'threads' or 'synchronous' only",
  ]);
});

test('values of tasks give their memory back', async ({ page }) => {
  const source = `
import dask
from dask import delayed
@delayed
def make(i): return [i] * 10_000
@delayed
def size(a, b): return len(a) + len(b)
for _ in range(30):
    dask.compute([size(make(i), make(i + 1)) for i in range(50)])`;
  const bytes = 'import _page; _page.memory_bytes()';
  const ended = await run(page, [source, bytes, source, source, source, bytes]);
  expect(ended.map(({ error }) => error)).toEqual(Array(6).fill(null));
  // Without that, each cell would leave 120 MB.
  expect(Number(ended[5].output) - Number(ended[1].output)).toBeLessThan(50e6);
});

test('Python threads and computations go on side by side', async ({ page }) => {
  const [{ output, error }] = await run(page, [
    `
import threading
import dask.array as da
from dask import delayed
x = da.ones((200, 200), chunks=50)
sums = []
def compute():
    for _ in range(5):
        sums.append(int(x.sum().compute()) + delayed(len)([x.shape, 1]).compute())
threads = [threading.Thread(target=compute) for _ in range(3)]
for t in threads: t.start()
for t in threads: t.join()
print(sums)`,
  ]);
  expect(error).toBeNull();
  expect(output).toBe(`[${Array(15).fill('40002').join(', ')}]\n`);
});
