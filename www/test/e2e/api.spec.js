import { expect, test } from './site.js';

for (const place of ['index.html', 'lab.html']) {
  test(`${place}: programs, version and both programs by window.dagdeck`, async ({ page }) => {
    await page.goto(place);
    const seen = await page.evaluate(async () => {
      const { dagdeck } = window;
      const mean = await dagdeck.run(
        'array-mean',
        { n: 300, chunk: 100 },
        { scheduler: 'threads', workers: 2, seed: 1 },
      );
      const alone = await dagdeck.run(
        'array-mean',
        { n: 300, chunk: 100 },
        { scheduler: 'sync', seed: 1 },
      );
      const noop = await dagdeck.run('no-op', { tasks: 1000, shape: 'chain' }, { trace: false });
      if (!mean.value || typeof mean.value !== 'object' || !('data' in mean.value)) {
        throw new Error('no array');
      }
      if (!alone.value || typeof alone.value !== 'object' || !('data' in alone.value)) {
        throw new Error('no array');
      }
      const { data, shape, dtype } = mean.value;
      const twin = alone.value.data;
      return {
        version: dagdeck.version,
        names: (await dagdeck.programs()).map(({ name }) => name),
        typed: data instanceof Float64Array,
        shape,
        dtype,
        same: data.every((value, i) => value === twin[i]),
        tasks: mean.tasks,
        makespanMs: mean.makespanMs,
        workMs: mean.workMs,
        utilisation: mean.utilisation,
        workers: mean.workers,
        events: mean.trace?.workers.map(({ task }) => task.length),
        overhead: noop.value,
        noTrace: noop.trace,
        noWork: noop.workMs,
      };
    });
    expect(seen).toMatchObject({
      names: expect.arrayContaining(['array-mean', 'no-op']),
      typed: true,
      shape: [300],
      dtype: 'float64',
      same: true,
      workers: 2,
      noTrace: null,
      noWork: null,
    });
    expect(seen.version).toMatch(/^\d+\.\d+\.\d+/);
    expect(seen.events).toHaveLength(2);
    expect(seen.tasks).toBeGreaterThan(9);
    expect(seen.makespanMs).toBeGreaterThan(0);
    expect(seen.workMs).toBeGreaterThan(0);
    expect(seen.utilisation).toBeGreaterThan(0);
    expect(seen.utilisation).toBeLessThanOrEqual(1);
    expect(seen.overhead).toBeGreaterThan(0);
  });
}

test('a graph in JSON gives the values of its targets, up to a limit', async ({ page }) => {
  await page.goto('lab.html');
  const seen = await page.evaluate(async () => {
    const { run } = window.dagdeck;
    const tasks = {
      'ones-0': { op: { full: { shape: [2, 2], fill_value: 1, dtype: 'int32' } } },
      'sum-0': { op: { sum: { stage: 'chunk', axes: [0, 1] } }, args: ['ones-0'] },
      'qr-0': { op: 'qr', args: ['float-0'] },
      'float-0': { op: { astype: 'float64' }, args: ['ones-0'] },
      'wait-0': { op: 'no-op' },
      'bad-0': { op: { panic: 'boom' } },
    };
    const targets = ['ones-0', 'sum-0', 'qr-0', 'wait-0', 'bad-0'];
    const graph = { dagdeck: 1, tasks, targets };
    const { value, values, more, errors } = await run(graph, {}, { keepGoing: true });
    const many = Object.fromEntries(
      Array.from({ length: 1200 }, (_, i) => [`('wait', ${i})`, { op: 'no-op' }]),
    );
    const cut = await run({ dagdeck: 1, tasks: many, targets: Object.keys(many) });
    // Three values of 32 MB each, of which two fit.
    const names = ['large-0', 'large-1', 'large-2'];
    const large = { op: { full: { shape: [4_000_000], fill_value: 1 } } };
    const big = await run({
      dagdeck: 1,
      tasks: Object.fromEntries(names.map((name) => [name, large])),
      targets: names,
    });
    const refusal = (/** @type {Promise<unknown>} */ promise) =>
      promise.then(
        () => 'resolved',
        (error) => error.message,
      );
    return {
      value,
      values,
      more,
      errors,
      cut: [Object.keys(cut.values).length, cut.more],
      big: [Object.keys(big.values), big.more],
      parameter: await refusal(run(graph, { n: 3 })),
      wrong: await refusal(run({ ...graph, targets: ['none-0'] })),
    };
  });
  expect(Object.keys(seen.values)).toEqual(['ones-0', 'sum-0', 'qr-0', 'wait-0', 'bad-0']);
  expect(seen.values['ones-0']).toMatchObject({ shape: [2, 2], dtype: 'int32' });
  expect(seen.values['qr-0']).toMatchObject([{ shape: [2, 2] }, { shape: [2, 2] }]);
  expect([seen.values['wait-0'], seen.values['bad-0']]).toEqual([null, null]);
  expect(seen.values['sum-0']).not.toBeNull();
  expect(seen.value).toBeNull();
  expect(seen.more).toBe(0);
  expect(seen.errors).toEqual([{ key: 'bad-0', message: expect.stringContaining('boom') }]);
  expect(seen.cut).toEqual([1000, 200]);
  expect(seen.big).toEqual([['large-0', 'large-1'], 1]);
  expect(seen.parameter).toBe('n: a graph has no parameters; pass {}.');
  expect(seen.wrong).toContain('none-0');
});

test('what is asked wrongly is rejected, by name and with what is allowed', async ({ page }) => {
  await page.goto('lab.html');
  const messages = await page.evaluate(async () => {
    const { run } = window.dagdeck;
    const word = (/** @type {Promise<unknown>} */ promise) =>
      promise.then(
        () => 'resolved',
        (error) => (error instanceof Error ? error.message : `no Error: ${error}`),
      );
    return Promise.all([
      word(run('array-men')),
      word(run('array-mean', { size: 3 })),
      word(run('array-mean', { n: 0 })),
      word(run('array-mean', { n: 'many' })),
      word(run('no-op', { shape: 'ring' })),
      word(run('no-op', {}, { workers: 0 })),
      word(run('no-op', {}, { workers: 1e6 })),
      word(run('no-op', {}, { scheduler: 'slurm' })),
      word(run('no-op', {}, { seed: 0.5 })),
      word(run('no-op', { tasks: 100 })),
      // @ts-expect-error not an option
      word(run('no-op', { tasks: 100 }, { threads: 2 })),
      word(run('no-op', { taks: 100 })),
    ]);
  });
  const [program, name, small, text, choice, none, many, scheduler, seed, fine, option, param] =
    messages;
  expect(option).toMatch(/threads: unknown option.*scheduler, workers, policy/);
  expect(param).toMatch(/taks.*shape, tasks/);
  expect(program).toMatch(/array-men.*array-mean.*no-op/);
  expect(name).toMatch(/size.*n.*chunk/);
  expect(small).toMatch(/n.*0.*1.*8000/);
  expect(text).toMatch(/n.*many.*1.*8000/);
  expect(choice).toMatch(/shape.*ring.*tree/);
  expect(none).toMatch(/workers.*1 to \d+, got 0\.$/);
  expect(many).toMatch(/workers.*1 to \d+, got 1000000\.$/);
  expect(scheduler).toMatch(/slurm.*sync.*threads/);
  expect(seed).toMatch(/seed.*got 0\.5\.$/);
  expect(fine).toBe('resolved');
});

test('where the browser refuses the memory that is declared, less is used, and the limit is less', async ({
  page,
}) => {
  await page.route('**/assets/worker-*.js', async (route) => {
    const response = await route.fetch();
    const refuse = `{
      const { Memory } = WebAssembly;
      WebAssembly.Memory = function (type) {
        if (type.maximum > 4096) throw new RangeError('refused');
        return new Memory(type);
      };
    }`;
    await route.fulfill({ response, body: refuse + (await response.text()) });
  });
  await page.goto('lab.html');
  const { value, message } = await page.evaluate(async () => {
    const { run } = window.dagdeck;
    const fits = await run('array-mean', { n: 1000, chunk: 250 });
    const error = await run('array-mean', { n: 6000, chunk: 6000 }).catch((reason) => reason);
    return { value: fits.value, message: String(error.message ?? 'resolved') };
  });
  expect(value).toMatchObject({ shape: [1000] });
  expect(message).toContain('the memory limit is 192 MiB');
});

test('an aborted run rejects with the reason, and the engine goes on', async ({ page }) => {
  await page.goto('lab.html');
  const seen = await page.evaluate(async () => {
    const { run } = window.dagdeck;
    /** @type {string[]} */
    const names = [];
    for (const scheduler of /** @type {const} */ (['threads', 'sync'])) {
      const aborter = new AbortController();
      const running = run(
        'array-mean',
        { n: 8000, chunk: 400 },
        { scheduler, signal: aborter.signal },
      );
      setTimeout(() => aborter.abort(), 100);
      const start = performance.now();
      await running.catch((error) => names.push(error.name));
      names.push(performance.now() - start < 5000 ? 'soon' : 'late');
    }
    await run('no-op', {}, { signal: AbortSignal.abort(new Error('never')) }).catch((error) =>
      names.push(error.message),
    );
    names.push(String((await run('no-op', { tasks: 5 })).tasks));
    return names;
  });
  expect(seen).toEqual(['AbortError', 'soon', 'AbortError', 'soon', 'never', '5']);
});

test('many runs at once each get their own value', async ({ page }) => {
  await page.goto('lab.html');
  const tasks = await page.evaluate(async () => {
    const { run } = window.dagdeck;
    const counts = [10, 200, 3000, 40, 500];
    const runs = counts.map((count, i) =>
      run('no-op', { tasks: count }, { scheduler: i % 2 ? 'sync' : 'threads', workers: 2 }),
    );
    return (await Promise.all(runs)).map((outcome) => outcome.tasks);
  });
  expect(tasks).toEqual([10, 200, 3000, 40, 500]);
});
