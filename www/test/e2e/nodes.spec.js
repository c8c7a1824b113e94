/*
 * The scheduler `cluster`: workers that keep values and send them to each other, on a page with and without the isolation
 * headers. Nodes are killed at every stage of a run.
 */
import { addresses } from '../../playwright.config.js';
import { expectedValues, killAtEveryStage } from './deaths.js';
import { keepProcesses } from './keep-processes.js';
import { expect, expectState, partsOf, test } from './site.js';

/** @import { Page } from '@playwright/test' */
/** @import { Params, Trace } from '../../src/engine/protocol.js' */

const COMPUTE = 0;
const TRANSFER = 4;
const LOST = 10;
const CANCEL = 22;
const SPILL = 24;
const UNSPILL = 25;

/** @param {number} nodes @param {object} [more] */
const cluster = (nodes, more = {}) => ({
  scheduler: 'cluster',
  seed: 7,
  schedulerOptions: { nodes, ...more },
});

const sync = { scheduler: 'sync', seed: 7 };

/**
 * A run's value and trace, or its error. `plan` says what happens to its nodes meanwhile, each after a number of milliseconds, or
 * when some nodes or all are up: -1 adds a node, other numbers kill one.
 *
 * @param {Page} page
 * @param {string} program
 * @param {Params} params
 * @param {object} options
 * @param {[when: number | 'some' | 'all', node: number][]} [plan]
 */
function run(page, program, params, options, plan = []) {
  return page.evaluate(async ([name, given, asked, todo]) => {
    /** @type {{ place: number, isUp: boolean }[]} */
    let nodes = [];
    const running = window.dagdeck.run(name, given, {
      ...asked,
      ...('schedulerOptions' in asked && { onNodes: (/** @type {any} */ all) => (nodes = all) }),
    });
    const settled = running.then(
      () => true,
      () => true,
    );
    let done = 0;
    for (const [when, node] of todo) {
      const wait = new Promise((go) => {
        const isUp = () =>
          when === 'all' ? nodes.every((each) => each.isUp) : nodes.some((each) => each.isUp);
        const look = () => void (nodes.length > 0 && isUp() ? go(null) : setTimeout(look, 1));
        if (typeof when === 'number') setTimeout(go, when);
        else look();
      });
      if (await Promise.race([settled, wait.then(() => false)])) break;
      if (node < 0) running.addNode();
      else running.killNode(node);
      done++;
    }
    try {
      const { value, errors, tasks, workers, trace } = await running;
      const plain =
        value && typeof value === 'object' && 'data' in value
          ? Array.from(value.data, Number)
          : value;
      const lanes = /** @type {Trace} */ (trace).workers.map((worker) => ({
        label: worker.lane?.label ?? '',
        leftMs: worker.lane?.leftMs ?? null,
        stopMs: [...worker.stopMs],
        action: [...worker.action],
        task: [...worker.task],
        peer: [...(worker.peer ?? [])],
        bytes: [...(worker.bytes ?? [])],
      }));
      return { error: null, value: plain, errors, tasks, workers, lanes, nodes, done };
    } catch (error) {
      return {
        error: String(error),
        value: null,
        errors: null,
        tasks: 0,
        workers: 0,
        lanes: [],
        nodes,
        done,
      };
    }
  }, /** @type {const} */ ([program, params, options, plan]));
}

/** How often each task was computed, apart from the times after which its value was lost. @param {any[]} lanes */
function computed(lanes) {
  /** @type {Map<number, number>} */
  const counts = new Map();
  for (const { action, task } of lanes) {
    for (const [i, what] of action.entries()) {
      const change = what === COMPUTE || what === CANCEL ? 1 : what === LOST ? -1 : 0;
      if (change) counts.set(task[i], (counts.get(task[i]) ?? 0) + change);
    }
  }
  return counts;
}

/** @param {any[] | null} errors */
const keysOf = (errors) => errors?.map(({ key }) => key);

for (const [host, address] of [
  ['with', addresses.isolated],
  ['without', addresses.plain],
]) {
  test.describe(`${host} the isolation headers`, () => {
    test.use({ baseURL: address });

    test('a cluster gives the values and the errors of sync, and values go from node to node', async ({
      page,
    }) => {
      await page.goto('lab.html');
      const moved = new Set();
      for (const [program, params] of /** @type {const} */ ([
        ['array-mean', { n: 600, chunk: 100 }],
        ['array-qr', { n: 400, columns: 10, chunk: 100 }],
        ['array-dot', { n: 300, chunk: 100 }],
        // It takes so long that no node does all of it before the others are up, and the sum needs all of them.
        ['cluster-inc-add', { inputs: 256, sleep: 40 }],
      ])) {
        const expected =
          program === 'cluster-inc-add'
            ? { value: 255 * 256 }
            : await run(page, program, params, sync);
        const got = await run(page, program, params, cluster(3));
        expect(got.error).toBeNull();
        expect(got.value, program).toEqual(expected.value);
        expect(got.lanes.map(({ label }) => label).filter((label) => label !== '')).not.toEqual([]);
        for (const [place, { action, peer, bytes }] of got.lanes.entries()) {
          for (const [i, what] of action.entries()) {
            if (what !== TRANSFER) continue;
            expect(peer[i]).not.toBe(place);
            expect(bytes[i]).toBeGreaterThan(0);
            moved.add(`${peer[i]} to ${place}`);
          }
        }
      }
      expect(moved.size).toBeGreaterThan(0);
      const tree = await run(page, 'no-op', { shape: 'tree', tasks: 4096 }, cluster(3));
      expect(tree.error).toBeNull();
      expect([...computed(tree.lanes).values()].every((count) => count === 1)).toBe(true);
      const failing = { tasks: 60, work: 1, failing: 100, retries: 1 };
      expect((await run(page, 'busy', failing, cluster(2))).error).toContain('failed on purpose');
      const keepGoing = { keepGoing: true };
      const expected = await run(page, 'busy', failing, { ...sync, ...keepGoing });
      const got = await run(page, 'busy', failing, { ...cluster(2), ...keepGoing });
      // Which of the tasks that a target needs erred first is up to the nodes.
      expect(keysOf(got.errors)).toEqual(keysOf(expected.errors));
      expect(got.errors?.every(({ message }) => /failed on purpose/.test(message))).toBe(true);
    });

    test('nodes that are killed and added at any stage change no value', async ({ page }) => {
      test.setTimeout(180_000);
      await page.goto('lab.html');
      const params = { n: 1000, chunk: 100 };
      const expected = (await run(page, 'array-mean', params, sync)).value;
      const slow = { latency: 5 };
      /** @type {[string, [number | 'some' | 'all', number][]][]} */
      const plans = [
        ['before the start', [[0, 0]]],
        ['while nodes come up', [['some', 1]]],
        ['while it computes and transfers', [['all', 0]]],
        [
          'two of three',
          [
            ['all', 0],
            [0, 2],
          ],
        ],
        [
          'all, and one is added',
          [
            ['all', 0],
            [0, 1],
            [0, 2],
            [50, -1],
          ],
        ],
        [
          'one is added, and an old one dies',
          [
            ['some', -1],
            ['all', 1],
          ],
        ],
        ['late', [[400, 1]]],
      ];
      for (const [stage, plan] of plans) {
        const got = await run(page, 'array-mean', params, cluster(3, slow), plan);
        expect(got.error, stage).toBeNull();
        expect(got.value, stage).toEqual(expected);
        expect(
          [...computed(got.lanes).values()].every((count) => count === 1),
          stage,
        ).toBe(true);
        if (plan[0][0] !== 'all') continue;
        const endMs = Math.max(...got.lanes.map(({ stopMs }) => stopMs.at(-1) ?? 0));
        // A run may end before the last node is up.
        const killed = plan.slice(0, got.done).flatMap(([, node]) => (node < 0 ? [] : [node]));
        const isKilled = (/** @type {number} */ node) =>
          (got.lanes[node].leftMs ?? Infinity) < endMs;
        expect(killed.filter(isKilled), stage).toEqual(killed);
      }
      // Here the node dies when half of the tasks have run, however long that takes, and what it had is needed.
      const sums = { inputs: 64, sleep: 100, failing: 0 };
      const got = await run(page, 'cluster-inc-add', sums, cluster(3, { kills: 1 }));
      expect(got.value).toBe(64 * 63);
      expect(got.lanes.some(({ action }) => action.includes(LOST))).toBe(true);
    });

    test('a client gets its values whenever nodes are killed', async ({ page }) => {
      await page.goto('lab.html');
      expect(await page.evaluate(killAtEveryStage)).toEqual(expectedValues);
    });

    test('a node that dies by itself is replaced', async ({ page }) => {
      await keepProcesses(page);
      await page.goto('lab.html');
      const outcome = await page.evaluate(async (options) => {
        const { processes: started } = /** @type {any} */ (window);
        const ended = window.dagdeck.run(
          'busy',
          { shape: 'tree', tasks: 255, work: 8000 },
          options,
        );
        const up = () => started.filter((/** @type {any} */ process) => process.isUp);
        while (up().length < 2) await new Promise((go) => setTimeout(go, 5));
        started[0].terminate();
        const { tasks, errors } = await ended;
        return { tasks, errors, started: started.length };
      }, cluster(2));
      expect(outcome).toEqual({ tasks: 255, errors: [], started: 3 });
    });

    test('cycles of start, kill, cancel and end leave no worker', async ({ page }) => {
      test.setTimeout(180_000);
      await page.goto('lab.html');
      await run(page, 'no-op', { tasks: 16 }, sync);
      const idle = page.workers().length;
      for (let cycle = 0; cycle < 20; cycle++) {
        const end = await page.evaluate(
          async ([options, aborts]) => {
            const aborter = new AbortController();
            const work = { shape: 'chain', tasks: 500, work: 10_000 };
            const running = aborts
              ? window.dagdeck.run('busy', work, { ...options, signal: aborter.signal })
              : window.dagdeck.run('no-op', { tasks: 64 }, options);
            running.killNode(0);
            if (aborts) setTimeout(() => aborter.abort(), 200 * Math.random());
            return running.then(
              () => 'finished',
              ({ name }) => name,
            );
          },
          /** @type {const} */ ([cluster(3), cycle % 2 === 0]),
        );
        expect(end).toBe(cycle % 2 === 0 ? 'AbortError' : 'finished');
        await expect.poll(() => page.workers().length).toBe(idle);
      }
    });
  });
}

test.describe('with several slots in each node', () => {
  const slots = 2;

  /**
   * When each lane computes.
   *
   * @param {any} lane
   * @returns {[startMs: number, stopMs: number][]}
   */
  const computes = ({ action, stopMs }) =>
    action.flatMap((/** @type {number} */ what, /** @type {number} */ i) =>
      what === COMPUTE ? [[stopMs[i - 1] ?? 0, stopMs[i]]] : [],
    );

  test('a node runs tasks at the same time on its one memory, and the values are those of sync', async ({
    page,
  }) => {
    await page.goto('lab.html');
    const sleeps = { inputs: 32, sleep: 40, failing: 0 };
    const one = await run(page, 'cluster-inc-add', sleeps, cluster(1, { slots }));
    expect(one.error).toBeNull();
    expect(one.value).toBe(32 * 31);
    expect(one.lanes.map(({ label }) => label)).toEqual(['node 0 slot 0', 'node 0 slot 1']);
    const [first, second] = one.lanes.map(computes);
    const overlap = first.some(([from, to]) =>
      second.some(([start, end]) => from < end && start < to),
    );
    expect(overlap).toBe(true);
    // What the slots of a node share is not moved.
    expect(one.lanes.flatMap(({ action }) => action)).not.toContain(TRANSFER);
    for (const [program, params] of /** @type {const} */ ([
      ['array-mean', { n: 600, chunk: 100 }],
      ['array-qr', { n: 400, columns: 10, chunk: 100 }],
      ['array-dot', { n: 300, chunk: 100 }],
    ])) {
      const expected = await run(page, program, params, sync);
      const got = await run(page, program, params, cluster(2, { slots: 3 }));
      expect(got.error, program).toBeNull();
      expect(got.value, program).toEqual(expected.value);
      expect([...computed(got.lanes).values()].every((count) => count === 1)).toBe(true);
    }
    const tree = await run(page, 'no-op', { shape: 'tree', tasks: 4096 }, cluster(2, { slots }));
    expect(tree.tasks).toBe(4096);
    expect([...computed(tree.lanes).values()].every((count) => count === 1)).toBe(true);
  });

  test('nodes with slots are killed, added, cancelled and replaced, and leave no worker', async ({
    page,
  }) => {
    test.setTimeout(120_000);
    await keepProcesses(page);
    await page.goto('lab.html');
    await run(page, 'no-op', { tasks: 16 }, sync);
    const idle = page.workers().length;
    const sums = { inputs: 64, sleep: 60, failing: 0 };
    const got = await run(
      page,
      'cluster-inc-add',
      sums,
      cluster(2, { slots, kills: 1, scale_to: 3 }),
    );
    expect(got.value).toBe(64 * 63);
    expect([...computed(got.lanes).values()].every((count) => count === 1)).toBe(true);
    await expect.poll(() => page.workers().length).toBe(idle);
    const replaced = await page.evaluate(
      async (options) => {
        const { slots: started } = /** @type {any} */ (window);
        const before = started.length;
        // A slot never returns to its event loop, so Chromium takes 2 s to end it.
        const work = { shape: 'tree', tasks: 1023, work: 12_000 };
        const ended = window.dagdeck.run('busy', work, options);
        const up = () => started.slice(before).filter((/** @type {any} */ slot) => slot.isUp);
        while (up().length < 4) await new Promise((go) => setTimeout(go, 5));
        up()[1].terminate();
        const { tasks, errors } = await ended;
        return { tasks, errors, started: started.length - before };
      },
      cluster(2, { slots }),
    );
    expect(replaced).toEqual({ tasks: 1023, errors: [], started: 6 });
    const end = await page.evaluate(
      async (options) => {
        const aborter = new AbortController();
        const work = { shape: 'chain', tasks: 500, work: 10_000 };
        const running = window.dagdeck.run('busy', work, { ...options, signal: aborter.signal });
        setTimeout(() => aborter.abort(), 300);
        return running.then(
          () => 'finished',
          ({ name }) => name,
        );
      },
      cluster(2, { slots }),
    );
    expect(end).toBe('AbortError');
    await expect.poll(() => page.workers().length).toBe(idle);
  });

  test('what the values of a node take beyond its limit is spilled', async ({ page }) => {
    await page.goto('lab.html');
    const params = { n: 600, chunk: 100 };
    const expected = await run(page, 'array-mean', params, sync);
    const small = { ...cluster(1, { slots }), memoryLimit: 600_000 };
    const got = await run(page, 'array-mean', params, small);
    expect(got.error).toBeNull();
    expect(got.value).toEqual(expected.value);
    expect(got.lanes.flatMap(({ action }) => action)).toContain(SPILL);
  });

  test('a client runs on such nodes', async ({ page }) => {
    await page.goto('lab.html');
    const sum = await page.evaluate(async () => {
      const client = new window.dagdeck.distributed.Client({ nodes: 2, slots: 2 });
      const futures = client.map('inc', [1, 2, 3, 4]);
      const values = await client.gather(futures);
      await client.close();
      return values;
    });
    expect(sum).toEqual([2, 3, 4, 5]);
  });

  test('without the isolation headers more than one slot is refused', async ({ page }) => {
    await page.goto(`${addresses.plain}lab.html`);
    const got = await run(page, 'no-op', { tasks: 16 }, cluster(2, { slots }));
    expect(got.error).toContain('slots = 2: the slots of a node share its memory');
    expect((await run(page, 'no-op', { tasks: 16 }, cluster(2, { slots: 1 }))).error).toBeNull();
  });
});

test.describe('with less memory than its values take', () => {
  const params = { n: 600, chunk: 100 };
  // Each block has 80 kB. A task needs up to three of them, and a whole row and column are held at once.
  const small = { ...cluster(1), memoryLimit: 400_000 };
  /** The names of the files that nodes have left. @param {Page} page */
  const filesOf = (page) =>
    page.evaluate(async () => {
      const root = await navigator.storage.getDirectory();
      const folder = await root.getDirectoryHandle('dagdeck-spill', { create: true });
      const names = [];
      for await (const name of /** @type {any} */ (folder).keys()) names.push(name);
      return names;
    });

  test('a node spills values to the storage of the browser, and reads them back', async ({
    page,
  }) => {
    await page.goto('lab.html');
    const expected = await run(page, 'array-mean', params, sync);
    const got = await run(page, 'array-mean', params, small);
    expect(got.error).toBeNull();
    expect(got.value).toEqual(expected.value);
    const actions = got.lanes.flatMap(({ action }) => action);
    expect(actions).toContain(SPILL);
    expect(actions).toContain(UNSPILL);
    const two = { ...small, ...cluster(2) };
    expect((await run(page, 'array-mean', params, two)).value).toEqual(expected.value);
    await expect.poll(() => filesOf(page)).toEqual([]);
    const tooSmall = await run(page, 'array-mean', params, { ...small, memoryLimit: 70_000 });
    expect(tooSmall.error).toMatch(/out of memory: it needs .* the memory limit is 68/);
  });

  test('what is left of a run that was cut off is removed', async ({ page }) => {
    await page.goto('lab.html');
    await page.evaluate(async () => {
      const root = await navigator.storage.getDirectory();
      const folder = await root.getDirectoryHandle('dagdeck-spill', { create: true });
      await folder.getFileHandle('left', { create: true });
    });
    expect((await run(page, 'array-mean', params, small)).error).toBeNull();
    await expect.poll(() => filesOf(page)).toEqual([]);
  });

  test('it is removed also if nothing is spilled, and files in use stay', async ({ page }) => {
    await page.goto('lab.html');
    await run(page, 'no-op', { tasks: 16 }, sync);
    await page.workers()[0].evaluate(async () => {
      const root = await navigator.storage.getDirectory();
      const folder = await root.getDirectoryHandle('dagdeck-spill', { create: true });
      await folder.getFileHandle('left', { create: true });
      const used = /** @type {any} */ (await folder.getFileHandle('used', { create: true }));
      Object.assign(globalThis, { used: await used.createSyncAccessHandle() });
    });
    expect((await run(page, 'no-op', { tasks: 16 }, cluster(1))).error).toBeNull();
    await expect.poll(() => filesOf(page)).toEqual(['used']);
  });
});

test.describe('in the lab', () => {
  test('the buttons add and kill nodes, and the keyboard reaches them', async ({ page }) => {
    const query = 'program=busy&shape=independent&tasks=1200&work=8000&scheduler=cluster&nodes=2';
    await page.goto(`lab.html?${query}`);
    const demo = page.locator('dag-demo');
    await expectState(demo, /ready/);
    const nodes = demo.getByRole('group', { name: 'Nodes of the cluster' });
    await expect(nodes).toHaveCount(0);
    const button = partsOf(demo).run;
    await button.scrollIntoViewIfNeeded();
    const top = async () => (await button.boundingBox())?.y ?? NaN;
    const before = await top();
    await button.click();
    await expect(nodes.getByRole('button', { name: 'Kill node 1' })).toBeVisible();
    // A second click would kill a node if the buttons had moved.
    expect(Math.abs((await top()) - before)).toBeLessThan(10);
    await nodes.getByRole('button', { name: 'Add a node' }).focus();
    await page.keyboard.press('Enter');
    const third = nodes.getByRole('button', { name: 'Kill node 2' });
    await expect(third).toBeVisible();
    await nodes.getByRole('button', { name: 'Kill node 0' }).click();
    await expect(nodes.getByRole('button', { name: 'Kill node 0' })).toHaveCount(0);
    await expectState(demo, /finished/);
    await expect(nodes).toHaveCount(0);
    const canvas = demo.locator('.task-stream canvas');
    await expect(canvas).toHaveAttribute('aria-label', /node 2 busy/);
    await expect(canvas).not.toHaveAttribute('aria-label', /worker/);
  });

  test('when a button goes, the focus stays in the demo, and a run without a node says so', async ({
    page,
  }) => {
    const query = 'program=busy&shape=independent&tasks=1200&work=8000&scheduler=cluster&nodes=2';
    await page.goto(`lab.html?${query}`);
    const demo = page.locator('dag-demo');
    await expectState(demo, /ready/);
    await partsOf(demo).run.click();
    const nodes = demo.getByRole('group', { name: 'Nodes of the cluster' });
    const button = (/** @type {string} */ name) => nodes.getByRole('button', { name });
    await button('Kill node 0').focus();
    await page.keyboard.press('Enter');
    await expect(button('Kill node 1')).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(button('Add a node')).toBeFocused();
    await expect(nodes.getByRole('status')).toContainText('No node is left');
    await expect(demo.getByText('Waiting for a node')).toBeVisible();
    await page.keyboard.press('Enter');
    await expect(button('Kill node 2')).toBeVisible();
    await expect(nodes.getByRole('status')).toBeEmpty();
    await expectState(demo, /finished/);
    await expect(partsOf(demo).run).toBeFocused();
  });
});
