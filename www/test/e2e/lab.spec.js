import { choose, chosen, expect, expectState, partsOf, test } from './site.js';

test('the lab opens isolated and runs every program', async ({ page }) => {
  await page.goto('lab.html');
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  const menu = page.getByLabel('Program');
  await expect(menu).toBeEnabled();
  for (const option of await menu.locator('option').all()) {
    const name = (await option.getAttribute('value')) ?? '';
    await menu.selectOption(name);
    await expect(page).toHaveURL(new RegExp(`program=${name}`));
    const demo = page.locator(`dag-demo[program="${name}"]`);
    await expectState(demo, /ready/);
    await partsOf(demo).run.click();
    await expectState(demo, /finished/);
  }
});

test('the address presets the controls, and follows them', async ({ page }) => {
  await page.goto('lab.html?program=no-op&tasks=1000&workers=2&shape=chain');
  const demo = page.locator('dag-demo');
  await expectState(demo, /ready/);
  const { number } = partsOf(demo);
  await expect(number('tasks')).toHaveValue('1000');
  expect(await chosen(demo, 'shape')).toBe('chain');
  await choose(demo, 'shape', 'tree');
  await expect(page).toHaveURL(/shape=tree/);
  await number('tasks').fill('77');
  await number('tasks').press('Enter');
  await expect(page).toHaveURL(/tasks=77/);
  await page.reload();
  await expectState(demo, /ready/);
  await expect(number('tasks')).toHaveValue('77');
});

test('what is being typed, and the focus, survive a change of other settings', async ({ page }) => {
  await page.goto('lab.html?program=no-op&tasks=1000&workers=2&seed=1');
  const demo = page.locator('dag-demo');
  await expectState(demo, /ready/);
  const { number } = partsOf(demo);
  await number('tasks').fill('12');
  await demo.evaluate((element) => element.setAttribute('seed', '7'));
  await expect(number('seed')).toHaveValue('7');
  await expectState(demo, /ready/);
  await expect(number('tasks')).toHaveValue('12');
  await expect(number('tasks')).toBeFocused();
  await number('tasks').pressSequentially('3');
  await number('tasks').press('Enter');
  await expect(page).toHaveURL(/tasks=123&/);
  await expect(number('tasks')).toBeFocused();
  // A text that is not allowed stays until the field is left.
  await number('tasks').fill('many');
  await number('tasks').press('Enter');
  await demo.evaluate((element) => element.setAttribute('seed', '8'));
  await expect(number('seed')).toHaveValue('8');
  await expect(number('tasks')).toHaveValue('many');
  await number('seed').focus();
  await expect(number('tasks')).toHaveValue('123');
});

test('each control is described by its help', async ({ page }) => {
  await page.goto('lab.html?program=no-op&tasks=1000');
  const demo = page.locator('dag-demo');
  await expectState(demo, /ready/);
  await demo.locator('.more summary').click();
  const controls = demo.locator('.control');
  await expect(controls).toHaveCount(await demo.locator('.control[title]').count());
  for (const control of await controls.all()) {
    const help = (await control.getAttribute('title')) ?? '';
    // A hint may follow.
    const begins = new RegExp(`^${help.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`);
    const isGroup = (await control.getAttribute('role')) === 'radiogroup';
    for (const part of isGroup ? [control] : await control.locator('input, select').all()) {
      await expect(part).toHaveAccessibleDescription(begins);
    }
  }
});

test('what the address gets wrong is named, and the page works on', async ({ page }) => {
  await page.goto('lab.html?program=array-mean&n=-5&chunks=3&workers=2');
  const message = page.getByRole('alert').first();
  await expect(message).toContainText('n: “-5” cannot be used; a whole number from 1 to');
  await expect(message).toContainText('chunks: array-mean has no such parameter');
  const demo = page.locator('dag-demo');
  await expectState(demo, /ready/);
  await partsOf(demo).run.click();
  await expectState(demo, /finished/);
});

test('an unknown program is named, with those there are', async ({ page }) => {
  await page.goto('lab.html?program=array-men');
  await expect(page.getByRole('alert').first()).toContainText(
    /the programs are array-mean, .*no-op/,
  );
  await expectState(page.locator('dag-demo'), /ready/);
});

test('a run is cancelled by its button, and the next one runs', async ({ page }) => {
  await page.goto('lab.html?program=array-mean&n=8000&chunk=400');
  const demo = page.locator('dag-demo');
  const { run, result, number } = partsOf(demo);
  await expectState(demo, /ready/);
  await run.click();
  await expect(run).toHaveText('Cancel');
  await run.click();
  await expectState(demo, /cancelled/);
  await expect(result).toHaveText('Cancelled.');
  await number('n').fill('500');
  await number('n').press('Enter');
  await expectState(demo, /ready/);
  await run.click();
  await expectState(demo, /finished/);
});

test('sync gives the value of threads', async ({ page }) => {
  await page.goto('lab.html?program=array-mean&n=600&chunk=100&scheduler=sync&seed=3');
  const demo = page.locator('dag-demo');
  const { run, result, choice } = partsOf(demo);
  await expectState(demo, /ready/);
  await run.click();
  await expectState(demo, /finished/);
  const alone = await result.textContent();
  await choice('scheduler', 'threads').check({ force: true });
  await expectState(demo, /ready/);
  await run.click();
  await expectState(demo, /finished/);
  expect(await result.textContent()).toBe(alone);
});

test('parameters that a program refuses are said where the result would be', async ({ page }) => {
  await page.goto('lab.html?program=array-mean&n=8000&chunk=1');
  const demo = page.locator('dag-demo');
  await expectState(demo, /failed/);
  const { result, number } = partsOf(demo);
  await expect(result).toContainText('chunk');
  await number('chunk').fill('1000');
  await number('chunk').press('Enter');
  await expectState(demo, /ready/);
});

test('reset goes back to the address it came with', async ({ page }) => {
  await page.goto('lab.html?program=array-mean&n=600&chunk=100');
  const demo = page.locator('dag-demo');
  const { run, reset, number, result } = partsOf(demo);
  await expectState(demo, /ready/);
  await run.click();
  await expectState(demo, /finished/);
  await number('n').fill('700');
  await number('n').press('Enter');
  await reset.click();
  await expectState(demo, /ready/);
  await expect(number('n')).toHaveValue('600');
  await expect(result).not.toContainText('shape');
});

test('policy, keep going and memory limit stand in the address, and say what they do', async ({
  page,
}) => {
  await page.goto('lab.html?program=array-mean&n=2000&chunk=250&policy=lifo&memory-limit=1+MiB');
  const demo = page.locator('dag-demo');
  await expectState(demo, /ready/);
  const { run, result, menu, summary } = partsOf(demo);
  await expect(menu('policy')).toHaveValue('lifo');
  await run.click();
  await expectState(demo, /failed/);
  await expect(result).toContainText('memory limit');

  await demo.getByText('More', { exact: true }).click();
  const keepGoing = demo.getByLabel('keep going');
  await expect(keepGoing).not.toBeChecked();
  await expect(demo.getByLabel('memory limit')).toHaveValue('1 MiB');
  await keepGoing.check();
  await expect(page).toHaveURL(/keep-going=true/);
  await expect(page).toHaveURL(/memory-limit=1\+MiB/);
  await expectState(demo, /ready/);
  await run.click();
  await expectState(demo, /finished/);
  await expect(result).toContainText('No value');
  await expect(result).toContainText('8 targets erred');
  await expect(result.locator('li')).toHaveCount(8);
  await expect(summary).toContainText('erred');

  await demo.getByLabel('memory limit').fill('lots');
  await demo.getByLabel('memory limit').press('Enter');
  expect(await demo.getByLabel('memory limit').evaluate((e) => e.matches(':invalid'))).toBe(true);
  await demo.getByLabel('memory limit').fill('');
  await demo.getByLabel('memory limit').press('Enter');
  await expect(page).not.toHaveURL(/memory-limit/);
  await expectState(demo, /ready/);
  await run.click();
  await expectState(demo, /finished/);
  await expect(summary).toContainText('peak memory');
});

test('tasks that fail and are tried again are counted', async ({ page }) => {
  await page.goto('lab.html?program=busy&tasks=64&work=64&failing=30&retries=20&workers=2');
  const demo = page.locator('dag-demo');
  await expectState(demo, /ready/);
  const { run, summary } = partsOf(demo);
  await run.click();
  await expectState(demo, /finished/);
  await expect(summary).toContainText('retries');
});
