/* The built site in Firefox: load, run, cancel, and what Firefox is known to do otherwise than Chromium. */
import { readFileSync } from 'node:fs';
import { addresses } from '../../playwright.config.js';
import { expectedValues, killAtEveryStage } from '../e2e/deaths.js';
import { startServer } from '../e2e/server.js';
import { hasPython } from '../e2e/site.js';
import { expect, expectState, inPage, Key, press, pressRun, test, until } from './driver.js';

/** @param {string} name @returns {any[]} what Dask computes, tests/reference */
function reference(name) {
  const file = new URL(`../../../tests/fixtures/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8'));
}

test('the deck comes up with its engine and threads, and a key turns the slide', async ({
  driver,
}) => {
  await driver.get(`${addresses.isolated}index.html`);
  await until(driver, 'the first slide', () => {
    const [first] = document.querySelectorAll('.reveal .slides section:not(:has(> section))');
    return first?.matches('.present') && first.getBoundingClientRect().width > 0;
  });
  const isolated = await inPage(driver, async () => {
    await window.dagdeck.ready();
    return crossOriginIsolated;
  });
  expect(isolated).toBe(true);
  await press(driver, Key.PAGE_DOWN);
  await until(driver, 'the second slide', () => {
    const [first, second] = document.querySelectorAll('.slides section:not(:has(> section))');
    return !first.matches('.present') && second.matches('.present') && location.hash !== '';
  });
});

test('R runs the demo of a slide on four threads, and its views are painted', async ({
  driver,
}) => {
  await driver.get(`${addresses.isolated}index.html`);
  const demo = await inPage(driver, async () => {
    await window.dagdeck.ready();
    const shown = document.querySelector('section dag-demo[program="array-mean"]');
    const id = shown?.closest('section')?.id;
    location.hash = `#/${id}`;
    return `[id="${id}"] dag-demo`;
  });
  await expectState(driver, demo, 'ready');
  await press(driver, 'r');
  await expectState(driver, demo, 'finished');
  await until(
    driver,
    'painted views',
    (selector) => {
      const root = document.querySelector(selector)?.shadowRoot;
      const canvases = [...(root?.querySelectorAll('canvas') ?? [])].filter(
        (canvas) => canvas.getBoundingClientRect().width > 0,
      );
      const colours = canvases.map((canvas) => {
        const { width, height } = canvas;
        const context = canvas.getContext('2d');
        const pixels = context?.getImageData(0, 0, width, height).data.buffer ?? [];
        return new Set(new Uint32Array(pixels)).size;
      });
      return colours.length >= 2 && colours.every((count) => count > 2);
    },
    demo,
  );
});

test('a program computes on four threads what it computes alone, and what Dask does', async ({
  driver,
}) => {
  const [{ program, parameters, result }] = reference('programs');
  await driver.get(`${addresses.isolated}lab.html`);
  const run = (
    /** @type {{ scheduler: 'threads' | 'sync', workers: number, params: any }} */ how,
  ) =>
    inPage(
      driver,
      async ({ name, params, scheduler, workers }) => {
        const { value, ...ran } = await window.dagdeck.run(name, params, { scheduler, workers });
        if (!value || typeof value !== 'object' || !('data' in value)) throw new Error('no array');
        return { workers: ran.workers, data: Array.from(value.data, Number) };
      },
      { name: program, ...how },
    );
  const large = { n: 2000, chunk: 250 };
  const threads = await run({ scheduler: 'threads', workers: 4, params: large });
  expect(threads.workers).toBe(4);
  expect(threads.data).toHaveLength(2000);
  expect(threads.data).toEqual((await run({ scheduler: 'sync', workers: 1, params: large })).data);

  const { data } = await run({ scheduler: 'threads', workers: 4, params: parameters });
  expect(data).toHaveLength(result.data.length);
  for (const [i, value] of data.entries()) expect(value).toBeCloseTo(result.data[i], 12);
});

test('dagdeck.array computes (x + x.T).mean(axis=0) as Dask does', async ({ driver }) => {
  const operations = ['normal', 'transpose', 'add', 'mean'];
  const known = reference('expressions').find(
    ({ expression }) =>
      JSON.stringify(expression.arrays.map((/** @type {any} */ array) => array.op)) ===
      JSON.stringify(operations),
  );
  const [{ size, chunks, seed }] = known.expression.arrays;
  const expected = known.values.split(' ').map(Number);
  await driver.get(`${addresses.isolated}lab.html`);
  const computed = await inPage(
    driver,
    async (given) => {
      const { array: da, ready } = window.dagdeck;
      await ready();
      const x = da.random
        .default_rng(given.seed)
        .normal({ size: given.size, chunks: given.chunks });
      const value = await x.add(x.T).mean({ axis: 0 }).compute({ workers: 4 });
      return value && typeof value === 'object' ? Array.from(value.data, Number) : [];
    },
    { size, chunks, seed },
  );
  expect(computed).toHaveLength(expected.length);
  for (const [i, value] of computed.entries()) expect(value).toBeCloseTo(expected[i], 12);
});

test('a run that computes is cancelled', async ({ driver }) => {
  // Eight seconds on one worker, in tasks of a tenth of a second.
  const busy = 'program=busy&shape=chain&tasks=80&work=100000&workers=1&scheduler=threads';
  await driver.get(`${addresses.isolated}lab.html?${busy}`);
  await expectState(driver, 'dag-demo', 'ready');
  await pressRun(driver, 'dag-demo');
  await expectState(driver, 'dag-demo', 'running');
  await pressRun(driver, 'dag-demo');
  await expectState(driver, 'dag-demo', 'cancelled');
});

test('a worker that dies without a word ends the run, and the next run runs', async ({
  driver,
}) => {
  await driver.get(`${addresses.isolated}lab.html`);
  const seen = await inPage(driver, async () => {
    await window.dagdeck.ready();
    /** @type {unknown[]} */
    const ends = [];
    for (const victim of ['engine', 'pool']) {
      /** @type {Worker | undefined} */
      let dying;
      const { postMessage } = Worker.prototype;
      /** @this {Worker} */
      Worker.prototype.postMessage = function (/** @type {any[]} */ ...words) {
        const [{ type, receiver }] = words;
        if (victim === 'pool' ? receiver : type === 'boot') dying = this;
        // @ts-expect-error -- what is handed on has one of the two forms
        return postMessage.apply(this, words);
      };
      await window.dagdeck.restart();
      Worker.prototype.postMessage = postMessage;
      const run = window.dagdeck.run('busy', { tasks: 8, work: 10_000_000 }, { workers: 2 });
      const ended = run.then(
        () => 'finished',
        (error) => error.name,
      );
      dying?.terminate();
      const { tasks } = (await ended) && (await window.dagdeck.run('no-op', { tasks: 77 }));
      ends.push(await ended, tasks);
    }
    return ends;
  });
  expect(seen).toEqual(['EngineError', 77, 'EngineError', 77]);
});

test('nodes of a cluster die and join during a run, which ends as if nothing had happened', async ({
  driver,
}) => {
  await driver.get(`${addresses.isolated}lab.html`);
  const seen = await inPage(driver, async () => {
    await window.dagdeck.ready();
    /** @type {any[]} */
    let nodes = [];
    const run = window.dagdeck.run(
      'cluster-inc-add',
      { inputs: 128, sleep: 40 },
      {
        scheduler: 'cluster',
        schedulerOptions: { nodes: 2, scale_to: 4, kills: 1 },
        onNodes: (all) => (nodes = all),
      },
    );
    while (!nodes.some(({ isUp }) => isUp)) await new Promise((go) => setTimeout(go, 5));
    run.killNode(0);
    run.addNode();
    const { value, trace } = await run;
    return [value, (trace?.workers.length ?? 0) > 3];
  });
  expect(seen).toEqual([127 * 128, true]);
});

test('a client gets its values whenever nodes are killed', async ({ driver }) => {
  await driver.get(`${addresses.isolated}lab.html`);
  expect(await inPage(driver, killAtEveryStage)).toEqual(expectedValues);
});

test('a service worker takes over while the pool sleeps, and the page still gets files', async ({
  driver,
}) => {
  await driver.get(`${addresses.isolated}index.html`);
  await inPage(driver, () => window.dagdeck.ready());
  // Another address is another version to the browser: it is put in the place of the one before.
  await inPage(driver, async () => {
    await navigator.serviceWorker.register('service-worker.js?next', { scope: './' });
  });
  await until(driver, 'the next service worker in charge', () => {
    const { controller } = navigator.serviceWorker;
    return controller?.state === 'activated' && controller.scriptURL.endsWith('?next');
  });
  const status = await inPage(driver, async () => (await fetch('lab.html')).status);
  expect(status).toBe(200);
});

test('a host without the headers, under a path: one reload, then threads', async ({ driver }) => {
  const server = await startServer(['--no-isolation', '--base=/some/talk/']);
  try {
    await driver.get(`${server.url}index.html`);
    await until(driver, 'isolation', () => crossOriginIsolated && Boolean(window.dagdeck));
    const seen = await inPage(driver, async () => {
      const { tasks, workers } = await window.dagdeck.run('no-op', { tasks: 64 }, { workers: 4 });
      const [navigation] = performance.getEntriesByType('navigation');
      const { type } = /** @type {PerformanceNavigationTiming} */ (navigation);
      return { tasks, workers, type, notes: document.querySelectorAll('.page-note').length };
    });
    expect(seen).toEqual({ tasks: 64, workers: 4, type: 'reload', notes: 0 });
  } finally {
    await server.stop();
  }
});

test('a fragment with a huge index does not hang the page', async ({ driver }) => {
  const text = '# A\n\n<p class="fragment" data-fragment-index="4294967294">p</p>\n\n# B\n\nb\n';
  await driver.get(`${addresses.isolated}index.html`);
  // As if the file had been dropped on the page.
  const talk = JSON.stringify({ name: 'talk.md', text });
  await inPage(driver, (kept) => sessionStorage.setItem('dagdeck-talk', kept), talk);
  await driver.navigate().refresh();
  await until(driver, 'the first slide', () =>
    Boolean(document.querySelector('.reveal.ready section#a.present .fragment')),
  );
  await press(driver, Key.PAGE_DOWN);
  await until(driver, 'the fragment', () =>
    Boolean(document.querySelector('#a .fragment.visible')),
  );
  await press(driver, Key.PAGE_DOWN);
  await until(driver, 'the next slide', () => Boolean(document.querySelector('#b.present')));
});

test('Python runs on two threads, and a cell is stopped', async ({ driver }) => {
  test.skip(!hasPython, 'the site was built without Python');
  await driver.get(`${addresses.isolated}lab.html`);
  const ended = await inPage(driver, async () => {
    const { python } = window.dagdeck;
    const { output } = await python.run(`
import threading
turns = [0, 0]
def count(me):
    for n in range(1, 101):
        turns[me] = n
        while turns[1 - me] < n: pass
threads = [threading.Thread(target=count, args=(me,)) for me in (0, 1)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(turns)`);
    const stopper = new AbortController();
    const onOutput = () => stopper.abort();
    const reason = await python
      .run('print("go")\nwhile True: pass', { signal: stopper.signal, onOutput })
      .catch(({ name }) => name);
    const after = await python.run('turns[0]');
    return [output, reason, after.output];
  });
  expect(ended).toEqual(['[100, 100]\n', 'AbortError', '100\n']);
});
