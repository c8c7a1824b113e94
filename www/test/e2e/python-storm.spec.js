/*
 * Cells that are stopped at random moments, and cells that take all they can get: the next cell runs, memory levels off,
 * and the page works on. STORM is the number of cells, SEED chooses the moments (make storm).
 */
import { expect, hasPython, test } from './site.js';

test.skip(!hasPython, 'the site was built without Python');

const count = Number(process.env.STORM ?? 40);
const seed = Number(process.env.SEED ?? 1);

/** Cells that do not end, or not soon. */
const SOURCES = [
  'while True: pass',
  'import time\ntime.sleep(1000)',
  'while True: print("on and on")',
  'x = {}\nwhile True: x[len(x) % 1000] = "a" * (len(x) % 100)',
  `
import threading
def work():
    n = 0
    while True: n += 1
threads = [threading.Thread(target=work) for _ in range(4)]
for t in threads: t.start()
for t in threads: t.join()`,
  `
import queue, threading
q = queue.Queue(maxsize=5)
def produce():
    while True: q.put(1)
def consume():
    while True: q.get()
threads = [threading.Thread(target=f) for f in (produce, consume, produce, consume)]
for t in threads: t.start()
for t in threads: t.join()`,
  `
from concurrent.futures import ThreadPoolExecutor
with ThreadPoolExecutor(3) as pool:
    while True: list(pool.map(lambda n: sum(range(n)), range(200)))`,
  `
import threading
barrier = threading.Barrier(3)
threads = [threading.Thread(target=barrier.wait) for _ in range(2)]
for t in threads: t.start()
for t in threads: t.join()`,
  'def f(n): return 1 if n < 2 else f(n - 1) + f(n - 2)\nf(40)',
  'while True:\n    try: 1 / 0\n    except ZeroDivisionError: pass',
];

test(`${count} cells are stopped at random moments`, async ({ page }) => {
  test.setTimeout(60_000 + count * 4000);
  await page.goto('lab.html');
  /** @param {number} from @param {number} to */
  const storm = (from, to) =>
    page.evaluate(async ([sources, first, last, start]) => {
      const { python } = window.dagdeck;
      /** mulberry32. @param {number} n */
      const random = (n) => {
        let x = (n + 0x6d2b79f5) | 0;
        x = Math.imul(x ^ (x >>> 15), x | 1);
        x ^= x + Math.imul(x ^ (x >>> 7), x | 61);
        return ((x ^ (x >>> 14)) >>> 0) / 2 ** 32;
      };
      /** @type {Record<string, number>} */
      const ends = {};
      for (let i = first; i < last; i++) {
        const source = sources[Math.floor(random(start * 1e6 + i) * sources.length)];
        const stopper = new AbortController();
        const delay = random(start * 1e6 + i + 0.5e6) * 400;
        const run = python.run(source, { signal: stopper.signal });
        setTimeout(() => stopper.abort(), delay);
        const end = await run.then(
          () => 'ended',
          (/** @type {Error} */ { name, message }) =>
            name === 'AbortError' || name === 'PythonLost' ? name : `${message}: ${source}`,
        );
        ends[end] = (ends[end] ?? 0) + 1;
      }
      const { output } = await python.run('import _page; print(_page.memory_bytes())');
      // Threads of the cells before may have written their tracebacks first.
      const bytes = Number(output.trimEnd().split('\n').at(-1));
      return { ends, bytes };
    }, /** @type {const} */ ([SOURCES, from, to, seed]));
  const half = await storm(0, Math.floor(count / 2));
  const whole = await storm(Math.floor(count / 2), count);
  for (const { ends } of [half, whole]) {
    const { AbortError = 0, PythonLost = 0, ...others } = ends;
    expect(others).toEqual({});
    // Ending the interpreter is the way out for what cannot be interrupted, which these cells can.
    expect(PythonLost).toBeLessThanOrEqual(AbortError / 5);
  }
  expect(whole.bytes).toBeLessThan(half.bytes + 64e6);
  // Workers are used again.
  expect(page.workers().length).toBeLessThan(40);
});

for (const [what, source, ending] of /** @type {const} */ ([
  [
    'memory in large pieces',
    'x = []\nwhile True: x.append(bytearray(50_000_000))',
    /^(PythonError: MemoryError|PythonLost)/,
  ],
  [
    'memory in small pieces',
    'x = []\nwhile True: x.append([len(x)] * 1000)',
    /^(PythonError: MemoryError|PythonLost: .*out of memory)/,
  ],
  [
    'one huge object',
    'bytearray(10**10)',
    /^(PythonError: (MemoryError|OverflowError)|PythonLost)/,
  ],
  [
    'threads that start threads',
    `
import threading
def bomb():
    threading.Thread(target=bomb).start()
    threading.Thread(target=bomb).start()
    while True: pass
bomb()`,
    /^(PythonError: RuntimeError|AbortError|PythonLost)/,
  ],
])) {
  test(`${what}: Python raises an exception or ends, and the next cell runs`, async ({ page }) => {
    await page.goto('lab.html');
    const { message, after } = await page.evaluate(async (code) => {
      const { python } = window.dagdeck;
      const stopper = new AbortController();
      setTimeout(() => stopper.abort(), 30_000);
      const ended = await python.run(code, { signal: stopper.signal }).then(
        () => 'no exception',
        (/** @type {Error} */ error) => `${error.name}: ${error.message}`,
      );
      return { message: ended, after: (await python.run('print(6 * 7)')).output };
    }, source);
    expect(message).toMatch(ending);
    // Threads of the cell before may still write their tracebacks.
    expect(after).toContain('42\n');
  });
}
