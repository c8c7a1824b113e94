/* What a demo runs besides programs: the arrays of an expression, or a task graph. */
import { expect, expectState, partsOf, test } from './site.js';

test('a demo runs an array of dagdeck.array', async ({ page }) => {
  await page.goto('lab.html');
  const demo = page.locator('dag-demo');
  await expectState(demo, /ready/);
  await demo.evaluate((element) => {
    element.removeAttribute('program');
    const { ones } = window.dagdeck.array;
    /** @type {any} */ (element).expression = ones([4, 4], { chunks: 2 }).sum();
  });
  const { run, result, summary } = partsOf(demo);
  await expect(summary).toContainText(/tasks0 \//);
  await run.click();
  await expectState(demo, /finished/);
  await expect(result).toHaveText('value16');
  // Its run is saved and replayed like any other.
  await demo.evaluate((element) => {
    const played = /** @type {any} */ (element);
    return played.replay(played.recording);
  });
  await expectState(demo, /replayed/);
  await expect(result).toHaveText('value16');
});

test('a demo shows the values of all arrays of an expression, up to a limit', async ({ page }) => {
  await page.goto('lab.html');
  const demo = page.locator('dag-demo');
  await expectState(demo, /ready/);
  const { run, result } = partsOf(demo);
  const values = async (/** @type {number} */ count) => {
    await demo.evaluate((element, length) => {
      element.removeAttribute('program');
      const arrays = Array.from({ length }, (_, i) => ({
        op: 'full',
        shape: i === 1 ? [2] : [],
        fill_value: i,
      }));
      const targets = arrays.map((_, i) => i);
      /** @type {any} */ (element).expression = { dagdeck: 1, arrays, targets };
    }, count);
    await run.click();
    await expectState(demo, /finished/);
  };
  await values(3);
  await expect(result.locator('.number')).toHaveText(['0', '2']);
  await expect(result.locator('.other').first()).toContainText('[1 1]');
  await expect(result.locator('.more')).toHaveCount(0);
  await values(12);
  await expect(result.locator('.other')).toHaveCount(8);
  await expect(result.locator('.more')).toHaveText('… 3 more');
  // A recording has the first value alone.
  await demo.evaluate((element) => {
    const played = /** @type {any} */ (element);
    return played.replay(played.recording);
  });
  await expectState(demo, /replayed/);
  await expect(result).toHaveText('value0');
});

test('a demo says what is wrong with an expression, and goes on', async ({ page }) => {
  await page.goto('lab.html');
  const demo = page.locator('dag-demo');
  await expectState(demo, /ready/);
  /** @param {unknown} expression */
  const show = (expression) =>
    demo.evaluate((element, given) => {
      element.removeAttribute('program');
      /** @type {any} */ (element).expression = given;
    }, expression);
  const { run, result } = partsOf(demo);
  const ones = { op: 'ones', shape: [4, 4], chunks: 2 };

  await show({ dagdeck: 1, arrays: [{ ...ones, op: 'one' }], targets: [0] });
  await expectState(demo, /failed/);
  await expect(result).toContainText(/^expression: .*'?one'?/);

  await show('{ "dagdeck": 1, "arrays": }');
  await expect(result).toContainText(/^expression: .*line 1,? column \d+/);

  await demo.evaluate((element) => element.setAttribute('program', 'no-op'));
  await expect(result).toHaveText(
    'program, expression: a demo runs one of these; remove the other attributes.',
  );

  await show({ dagdeck: 1, arrays: [ones], targets: [0] });
  await expectState(demo, /ready/);
  await run.click();
  await expectState(demo, /finished/);
  await expect(result).toContainText('shape (4, 4)');
  await expect(demo.locator('pre')).toBeHidden();
});

test('a demo runs a task graph, and says what is wrong with another', async ({ page }) => {
  await page.goto('lab.html');
  const demo = page.locator('dag-demo');
  await expectState(demo, /ready/);
  /** @param {unknown} graph */
  const show = (graph) =>
    demo.evaluate((element, given) => {
      element.removeAttribute('program');
      /** @type {any} */ (element).graph = given;
    }, graph);
  const { run, result } = partsOf(demo);
  const tasks = {
    'ones-0': { op: { full: { shape: [2, 2], fill_value: 1 } } },
    'add-0': { op: 'add', args: ['ones-0', 'ones-0'] },
  };
  const targets = ['add-0'];

  await show({ dagdeck: 1, tasks: { ...tasks, 'add-0': { op: 'ad', args: ['ones-0'] } }, targets });
  await expectState(demo, /failed/);
  await expect(result).toContainText(/^graph: add-0: unknown operation 'ad': use one of/);

  await show('{ "dagdeck": 1, "tasks": }');
  await expect(result).toContainText(/^graph: .*line 1, column \d+/);

  await show({ dagdeck: 1, tasks, targets });
  await expectState(demo, /ready/);
  await run.click();
  await expectState(demo, /finished/);
  await expect(result.locator('.other')).toHaveText([
    'add-0: shape (2, 2), float64[[2. 2.]\n [2. 2.]]',
  ]);
  // A recording has no values of targets.
  await demo.evaluate((element) => {
    const played = /** @type {any} */ (element);
    return played.replay(played.recording);
  });
  await expectState(demo, /replayed/);
  await expect(result).toHaveText('tasks2');
});

test('a demo shows the values of the targets of a graph, up to a limit', async ({ page }) => {
  await page.goto('lab.html');
  const demo = page.locator('dag-demo');
  await expectState(demo, /ready/);
  const { run, result } = partsOf(demo);
  await demo.evaluate((element) => {
    const full = (/** @type {number} */ value) => ({
      op: { full: { shape: [], fill_value: value } },
    });
    /** @type {Record<string, object>} */
    const tasks = {
      'ones-0': { op: { full: { shape: [1, 1], fill_value: 1 } } },
      'qr-0': { op: 'qr', args: ['ones-0'] },
      'wait-0': { op: 'no-op' },
    };
    for (let i = 0; i < 10; i++) tasks[`('full', ${i})`] = full(i);
    const targets = Object.keys(tasks).slice(1);
    element.removeAttribute('program');
    /** @type {any} */ (element).graph = { dagdeck: 1, tasks, targets };
  });
  await run.click();
  await expectState(demo, /finished/);
  await expect(result).toContainText('tasks13');
  // The task without a value is left out.
  await expect(result.locator('.other')).toHaveCount(8);
  await expect(result.locator('.other').first()).toContainText('qr-0: tuple of 2([[');
  await expect(result.locator('.other').nth(1)).toHaveText("('full', 0)0");
  await expect(result.locator('.more')).toHaveText('… 3 more');
  const returned = await demo.evaluate(async (element) => {
    const { value, values } = await /** @type {any} */ (element).run();
    return { value, keys: Object.keys(values), nine: values["('full', 9)"] };
  });
  expect(returned.value).toBe(13);
  expect(returned.keys).toHaveLength(12);
  expect(returned.nine).toBe(9);
});
