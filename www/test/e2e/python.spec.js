/*
 * Python in the page: threads, output, interrupts, what there is and what there is not. Needs a site that was built with
 * Python (make python).
 */
import { addresses } from '../../playwright.config.js';
import { expect, hasPython, test } from './site.js';
import { openTalk } from './talks.js';

/** @import { Page } from '@playwright/test' */

test.skip(!hasPython, 'the site was built without Python');

/**
 * Runs cells, one after the other.
 *
 * @param {Page} page
 * @param {...string} sources
 * @returns {Promise<{ output: string, error: string | null }[]>}
 */
function run(page, ...sources) {
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

/**
 * Runs a cell that writes `go` and then does not end, and stops it. Then runs a second one.
 *
 * @param {Page} page
 * @param {string} source
 */
function stop(page, source) {
  return page.evaluate(async (cell) => {
    const { python } = window.dagdeck;
    await python.run('kept = 1');
    const stopper = new AbortController();
    let seen = '';
    const onOutput = (/** @type {string} */ text) => {
      seen += text;
      if (seen.includes('go')) stopper.abort();
    };
    const reason = await python.run(cell, { signal: stopper.signal, onOutput }).then(
      () => 'it ended',
      ({ name }) => name,
    );
    const after = await python.run("globals().get('kept')").catch(({ message }) => message);
    return { reason, kept: after.output === '1\n' };
  }, source);
}

test.beforeEach(({ page }) => page.goto('lab.html').then(() => {}));

test('cells print, show the value of the last expression, and share one __main__', async ({
  page,
}) => {
  const ended = await run(
    page,
    'print("hello", 1 + 1)\nn = 20',
    'n + 1',
    'None',
    'def f():\n    return "x"',
    'import sys; print("to stderr", file=sys.stderr); f()',
    'print("no line break", end="")',
  );
  expect(ended.map(({ output }) => output)).toEqual([
    'hello 2\n',
    '21\n',
    '',
    '',
    "to stderr\n'x'\n",
    'no line break',
  ]);
});

test('a traceback shows the lines of the cells, and the error is its last line', async ({
  page,
}) => {
  const [, raised, syntax] = await run(
    page,
    'def half(n):\n    return 1 / n',
    'half(1)\nhalf(0)',
    'x = (1 +',
  );
  expect(raised.error).toBe('ZeroDivisionError: division by zero');
  expect(raised.output).toMatch(
    /Traceback.*\n.*<cell 2>", line 2, in <module>\n {4}half\(0\)\n[^]*<cell 1>", line 2, in half\n {4}return 1 \/ n\n/,
  );
  expect(raised.output.trimEnd()).toMatch(/ZeroDivisionError: division by zero$/);
  expect(syntax.error).toMatch(/^SyntaxError/);
});

test('threads run at the same time', async ({ page }) => {
  // Each thread waits, without giving way, for the other one to count on: under a lock that is never released, or on one
  // worker, neither would get on.
  const [{ output }] = await run(
    page,
    `
import threading
turns = [0, 0]
def count(me):
    for n in range(1, 1001):
        turns[me] = n
        while turns[1 - me] < n:
            pass
threads = [threading.Thread(target=count, args=(me,)) for me in (0, 1)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(turns, len({thread.ident for thread in threads}))`,
  );
  expect(output).toBe('[1000, 1000] 2\n');
});

test('queues, events, locks, timers, barriers and executors work', async ({ page }) => {
  const [{ output }] = await run(
    page,
    `
import queue, threading
from concurrent.futures import ThreadPoolExecutor, as_completed
q, out = queue.Queue(maxsize=2), []
def produce():
    for i in range(5): q.put(i)
    q.put(None)
def consume():
    while (item := q.get()) is not None: out.append(item * 10)
threads = [threading.Thread(target=f) for f in (produce, consume)]
for t in threads: t.start()
for t in threads: t.join()
print(out)
event, lock = threading.Event(), threading.Lock()
threading.Timer(0.01, event.set).start()
print(event.wait(), lock.acquire(), lock.acquire(timeout=0.01))
try: queue.Queue().get(timeout=0.01)
except queue.Empty: print("empty")
barrier, passed = threading.Barrier(3), []
threads = [threading.Thread(target=lambda i=i: (barrier.wait(), passed.append(i))) for i in range(3)]
for t in threads: t.start()
for t in threads: t.join()
print(sorted(passed))
with ThreadPoolExecutor(4) as pool:
    print(list(pool.map(lambda n: n * n, range(5))))
    futures = [pool.submit(divmod, 7, n) for n in (0, 2)]
    print(sorted(type(f.exception()).__name__ for f in as_completed(futures)))
local = threading.local()
print(threading.active_count(), hasattr(local, "x"))`,
  );
  expect(output).toBe(
    '[0, 10, 20, 30, 40]\nTrue True False\nempty\n[0, 1, 2]\n[0, 1, 4, 9, 16]\n' +
      "['NoneType', 'ZeroDivisionError']\n1 False\n",
  );
});

test('lines of two threads do not mix', async ({ page }) => {
  const [{ output }] = await run(
    page,
    `
import threading
def write(name):
    for _ in range(500): print(name * 20)
threads = [threading.Thread(target=write, args=(name,)) for name in "ab"]
for t in threads: t.start()
for t in threads: t.join()`,
  );
  const lines = output.trimEnd().split('\n').sort();
  expect(lines).toEqual([...Array(500).fill('a'.repeat(20)), ...Array(500).fill('b'.repeat(20))]);
});

test('an exception in a thread is written, and the cell goes on', async ({ page }) => {
  const [{ output, error }] = await run(
    page,
    `
import threading
def fail(): raise LookupError("lost")
t = threading.Thread(target=fail); t.start(); t.join()
print("on")`,
  );
  expect(output).toMatch(/LookupError: lost\n[^]*on\n|on\n[^]*LookupError: lost/);
  expect(error).toBeNull();
});

for (const [what, source] of Object.entries({
  'an endless loop': 'print("go")\nwhile True: pass',
  'a sleep': 'import time\nprint("go")\ntime.sleep(1000)',
  'a lock': 'import threading\nl = threading.Lock()\nl.acquire()\nprint("go")\nl.acquire()',
  'a join': `
import threading
def spin():
    while True: pass
threads = [threading.Thread(target=spin) for _ in range(3)]
for t in threads: t.start()
print("go")
for t in threads: t.join()`,
  'endless output': 'while True: print("go")',
})) {
  test(`${what} is stopped, and variables stay`, async ({ page }) => {
    expect(await stop(page, source)).toEqual({ reason: 'AbortError', kept: true });
  });
}

test('a call that does not look for interrupts is ended with the interpreter', async ({ page }) => {
  const source =
    'import threading\nthreading.Timer(0.3, print, ["go"]).start()\nsum(range(10**12))';
  expect(await stop(page, source)).toEqual({
    reason: 'PythonLost',
    kept: false,
  });
});

test('endless recursion and too many threads are Python exceptions', async ({ page }) => {
  const ended = await run(
    page,
    'def f(): f()\nf()',
    'class A:\n    def __repr__(self): return repr(self)\nrepr(A())',
    'x = []\nfor _ in range(5000): x = [x]\nrepr(x)',
    'def k(n): return sorted([n, n + 1], key=lambda x: k(x + 1))\nk(0)',
    `
import threading
gate = threading.Event()
try:
    while True: threading.Thread(target=gate.wait).start()
finally:
    gate.set()`,
    'print("on")',
  );
  expect(ended.map(({ error }) => error?.replace(/:.*/, ''))).toEqual([
    'RecursionError',
    'RecursionError',
    'RecursionError',
    'RecursionError',
    'RuntimeError',
    undefined,
  ]);
});

const MODULES =
  'abc ast base64 bisect calendar codecs collections colorsys concurrent.futures contextlib contextvars copy csv ' +
  'dataclasses datetime decimal difflib dis enum fractions functools gc graphlib hashlib heapq inspect io itertools ' +
  'json keyword linecache locale logging math numbers operator os os.path pickle pprint queue random re reprlib sched ' +
  'secrets shlex statistics string struct sys textwrap threading time timeit tokenize traceback types typing unicodedata ' +
  'warnings weakref';

test('modules that there are', async ({ page }) => {
  const names = MODULES.split(' ');
  const ended = await run(page, ...names.map((name) => `import ${name}`));
  expect(ended.map(({ error }, i) => `${names[i]}: ${error}`)).toEqual(
    names.map((name) => `${name}: null`),
  );
});

test('there is no network, no file, no process and no page', async ({ page }) => {
  const names = ['socket', 'ssl', 'urllib.request', 'subprocess', 'ctypes', 'js', 'sqlite3'];
  const ended = await run(page, ...names.map((name) => `import ${name}`), 'open("/etc/passwd")');
  const errors = ended.map(({ error }) => error);
  expect(errors.pop()).toMatch(/^UnsupportedOperation: /);
  for (const error of errors) expect(error).toMatch(/^(ModuleNotFound|Import)Error: /);
});

test('objects that pass through a queue give their memory back', async ({ page }) => {
  const source = `
import threading, queue
q = queue.SimpleQueue()
def consume():
    while q.get() is not None: pass
t = threading.Thread(target=consume); t.start()
for i in range(200_000):
    q.put("x" * 50 + str(i))
    while q.qsize() > 100: pass
q.put(None); t.join()`;
  const size = 'import _page; _page.memory_bytes()';
  const ended = await run(page, source, size, source, source, source, size);
  expect(ended.map(({ error }) => error)).toEqual(Array(6).fill(null));
  // 600,000 strings of more than 100 bytes would be 60 MB.
  expect(Number(ended[5].output) - Number(ended[1].output)).toBeLessThan(20e6);
});

test('without isolation the page says why Python cannot run', async ({ page }) => {
  await page.goto(`${addresses.plain}lab.html`);
  const [{ error }] = await run(page, 'print(1)');
  expect(error).toMatch(/not cross-origin isolated/);
});

const TALK = `---
title: Cells
---

## One

\`\`\`{.python .run}
answer = 42
print("a cell")
\`\`\`

## Two

\`\`\`{.python .run}
answer + 1
\`\`\`

## Three

\`\`\`python
print("only to look at")
\`\`\`
`;

test('listings of a talk run when somebody has asked twice, and can be edited and restored', async ({
  page,
}) => {
  await openTalk(page, TALK);
  const cell = page.locator('section.present pre.cell');
  const output = cell.locator('.cell-output');
  await page.keyboard.press('ArrowRight');
  await expect(output).toBeHidden();
  await cell.getByRole('button', { name: 'Run' }).click();
  await expect(output).toContainText('This code comes from talk.md');
  await expect(output.locator('.text')).toBeEmpty();
  await cell.getByRole('button', { name: 'Run' }).click();
  await expect(output.locator('.text')).toHaveText('a cell\n');

  await cell.getByRole('button', { name: 'Edit' }).click();
  const editor = cell.getByRole('textbox', { name: 'Python code' });
  await editor.fill('answer = 1\nprint("edited")\nanswer / 0');
  await editor.press('ControlOrMeta+Enter');
  await expect(output.locator('.text')).toContainText('edited');
  await expect(output.locator('.stderr')).toContainText('ZeroDivisionError');
  await editor.press('Escape');
  await expect(editor).toBeHidden();
  await expect(cell.locator('code')).toContainText('answer / 0');

  // The slides share their variables.
  await page.keyboard.press('ArrowRight');
  await cell.getByRole('button', { name: 'Run' }).click();
  await expect(output.locator('.text')).toHaveText('2\n');
  await page.keyboard.press('ArrowRight');
  await expect(page.locator('section.present pre.python')).toBeVisible();
  await expect(cell).toHaveCount(0);

  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowLeft');
  await cell.getByRole('button', { name: 'Reset' }).click();
  await expect(cell.locator('code')).toHaveText('answer = 42\nprint("a cell")\n');
  await expect(output).toBeHidden();
});

test('a cell that runs can be stopped, and the next one runs', async ({ page }) => {
  await openTalk(page, '# A\n\n```{.python .run}\nwhile True: print("on and on")\n```\n');
  const cell = page.locator('section.present pre.cell');
  const output = cell.locator('.cell-output');
  await cell.getByRole('button', { name: 'Run' }).click();
  await cell.getByRole('button', { name: 'Run' }).click();
  await expect(output.locator('.text')).toContainText('on and on');
  await cell.getByRole('button', { name: 'Stop' }).click();
  await expect(output.locator('.state')).toHaveText('Stopped');
  await expect(cell.getByRole('button', { name: 'Run' })).toBeVisible();
});

test('one click runs what was edited, and output of two streams leaves the page at ease', async ({
  page,
}) => {
  await openTalk(page, '# A\n\n```{.python .run}\n1\n```\n\n# B\n\ntext\n');
  const cell = page.locator('section.present pre.cell');
  const state = cell.locator('.cell-output .state');
  await cell.getByRole('button', { name: 'Run' }).click();
  await cell.getByRole('button', { name: 'Edit' }).click();
  const editor = cell.getByRole('textbox', { name: 'Python code' });
  await editor.fill('import sys\nwhile True:\n    print("a")\n    print("b", file=sys.stderr)');
  await cell.getByRole('button', { name: 'Run' }).click();
  await expect(cell.locator('.stderr').first()).toContainText('b');
  await cell.getByRole('button', { name: 'Stop' }).click();
  await expect(state).toHaveText('Stopped');

  // Leaving the slide stops it, too.
  await cell.getByRole('button', { name: 'Run' }).click();
  await expect(state).toHaveText('Running …');
  await page.locator('body').press('Escape');
  await page.evaluate(() => void (location.hash = '#/b'));
  await expect(page.locator('section.present')).toHaveText(/text/);
  await page.evaluate(() => void (location.hash = '#/a'));
  await expect(state).toHaveText('Stopped');
});

test('the listing of dagdeck’s own talk runs as it is on the slide', async ({ page }) => {
  await page.goto('index.html');
  const cell = page.locator('pre.cell').first();
  const id = await cell.evaluate((element) => element.closest('section')?.id);
  await page.evaluate((hash) => void (location.hash = hash), `#/${id}`);
  await cell.getByRole('button', { name: 'Run' }).click();
  await expect(cell.locator('.cell-output .text')).toHaveText(/^4 pages, \d+ s\n$/);
});

test('without isolation a cell says why it cannot run', async ({ page }) => {
  await page.goto(`${addresses.plain}index.html`);
  const cell = page.locator('pre.cell').first();
  const id = await cell.evaluate((element) => element.closest('section')?.id);
  await page.evaluate((hash) => void (location.hash = hash), `#/${id}`);
  await cell.getByRole('button', { name: 'Run' }).click();
  await expect(cell.locator('.cell-output')).toContainText('not cross-origin isolated');
});
