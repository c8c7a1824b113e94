/*
 * Runs saved, opened, replayed and exported in the lab, and in a demo of a page.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { breakEngine, coloursOf, expect, expectState, partsOf, test } from './site.js';

/** @import { Page } from '@playwright/test' */

/**
 * Runs a small program in the lab, measures one worker, and saves the run.
 *
 * @param {Page} page
 * @param {string} path
 */
async function recordedRun(page, path) {
  await page.goto('lab.html?program=array-mean&n=400&chunk=100&workers=2&seed=5');
  const demo = page.locator('dag-demo');
  const save = page.getByRole('button', { name: 'Save' });
  await expectState(demo, /ready/);
  await expect(save).toBeDisabled();
  await partsOf(demo).run.click();
  await expectState(demo, /finished/);
  // The time with one worker is saved too, so that the recording shows the speed-up.
  await demo.getByRole('button', { name: 'Measure' }).click();
  await expect(partsOf(demo).summary).toContainText(/speed-up.*×one worker/);
  const downloading = page.waitForEvent('download');
  await save.click();
  const download = await downloading;
  expect(download.suggestedFilename()).toBe('array-mean.dagdeck.json');
  await download.saveAs(path);
  return demo;
}

test('a run is saved, opened and replayed, with the same result', async ({ page }, info) => {
  const path = info.outputPath('run.json');
  const demo = await recordedRun(page, path);
  const { result, summary, run, reset, banner, listing } = partsOf(demo);
  await expect(summary).toContainText('peak memory');
  // Not the tooltip beside them, which explains what the pointer is over.
  const figures = summary.locator('dl');
  const before = { value: await result.textContent(), figures: await figures.textContent() };

  await page.goto('lab.html?program=no-op');
  await expectState(demo, /ready/);
  await page.locator('#file').setInputFiles(path);
  await expectState(demo, /replayed/);
  await expect(banner).toContainText('Recorded run');
  await expect(result).toHaveText(before.value ?? '');
  await expect(figures).toHaveText(before.figures ?? '');
  await expect(listing).toContainText('n = 400');
  await expect(demo.getByLabel('Settings of the recorded run')).toContainText('chunk100');
  for (const canvas of await demo.locator('canvas:visible').all()) {
    expect(await coloursOf(canvas)).toBeGreaterThan(3);
  }
  await expect(run).toHaveText('Replay');
  await run.click();
  await expectState(demo, /replayed/);

  await reset.click();
  await expectState(demo, /ready/);
  await expect(banner).toBeHidden();
  await expect(run).toHaveText('Run');
  await run.click();
  await expectState(demo, /finished/);
});

test('a recording is replayed where the engine does not start at all', async ({ page }, info) => {
  const path = info.outputPath('run.json');
  await recordedRun(page, path);
  await breakEngine(page);
  await page.goto('lab.html');
  await expect(page.getByRole('alert').first()).toContainText('no workers here');
  await page.locator('#file').setInputFiles(path);
  const demo = page.locator('dag-demo');
  await expectState(demo, /replayed/);
  await expect(partsOf(demo).result).toContainText('shape (400,)');
  await expect(partsOf(demo).banner).toContainText('Recorded run');
});

test('a run that failed is recorded too', async ({ page }, info) => {
  await page.goto('lab.html?program=busy&tasks=16&work=1&failing=100&retries=0&workers=2');
  const demo = page.locator('dag-demo');
  await expectState(demo, /ready/);
  await partsOf(demo).run.click();
  await expectState(demo, /failed/);
  const words = (await partsOf(demo).result.textContent()) ?? '';
  const downloading = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save' }).click();
  const path = info.outputPath('failed.json');
  await (await downloading).saveAs(path);
  await page.locator('#file').setInputFiles(path);
  await expectState(demo, /replayed/);
  await expect(partsOf(demo).result).toHaveText(words);
});

test('a file that is no recording is refused with its place, and nothing changes', async ({
  page,
}, info) => {
  const path = info.outputPath('run.json');
  await recordedRun(page, path);
  const damaged = JSON.parse(await readFile(path, 'utf8'));
  damaged.recording.graph.tasks += 1;
  await writeFile(path, JSON.stringify(damaged));
  await page.locator('#file').setInputFiles(path);
  const message = page.locator('#message');
  await expect(message).toContainText(/recording\.graph\.prefixOf: \d+ items are needed, got \d+/);
  await expectState(page.locator('dag-demo'), /finished/);
  await page.locator('#file').setInputFiles({
    name: 'notes.txt',
    mimeType: 'text/plain',
    buffer: Buffer.from('hello'),
  });
  await expect(message).toContainText('this file is not JSON');
});

test('a small file that inflates to 300 MiB is refused, and the page goes on working', async ({
  page,
}, info) => {
  const path = info.outputPath('large.json.gz');
  await writeFile(path, gzipSync(Buffer.alloc(300 * 2 ** 20, '[],')));
  await page.goto('lab.html?program=no-op&tasks=16');
  const demo = page.locator('dag-demo');
  await expectState(demo, /ready/);
  await page.locator('#file').setInputFiles(path);
  await expect(page.locator('#message')).toContainText('large.json.gz: a recording may have');
  await partsOf(demo).run.click();
  await expectState(demo, /finished/);
});

test('a file that is dropped on the page is opened', async ({ page }, info) => {
  const path = info.outputPath('run.json');
  const demo = await recordedRun(page, path);
  const text = await readFile(path, 'utf8');
  await page.evaluate((content) => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File([content], 'run.json'));
    for (const type of ['dragover', 'drop']) {
      const event = new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true });
      if (document.body.dispatchEvent(event)) throw new Error(`${type} was not taken`);
    }
  }, text);
  await expectState(demo, /replayed/);
});

test('a run is exported for Perfetto', async ({ page }, info) => {
  const demo = await recordedRun(page, info.outputPath('run.json'));
  await expectState(demo, /finished/);
  const downloading = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export for Perfetto' }).click();
  const download = await downloading;
  expect(download.suggestedFilename()).toBe('array-mean.trace.json');
  const path = info.outputPath('trace.json');
  await download.saveAs(path);
  const { traceEvents, otherData } = JSON.parse(await readFile(path, 'utf8'));
  expect(otherData.program).toBe('array-mean');
  const phases = new Set(traceEvents.map((/** @type {{ ph: string }} */ { ph }) => ph));
  for (const ph of ['M', 'X', 's', 'f', 'C']) expect(phases).toContain(ph);
});

test('writing a large file shows how far it is, and is stopped by a click', async ({ page }) => {
  await page.goto('lab.html?program=no-op&shape=tree&tasks=500000&workers=2');
  const demo = page.locator('dag-demo');
  await expectState(demo, /ready/);
  await partsOf(demo).run.click();
  await expectState(demo, /finished/);
  let downloads = 0;
  page.on('download', () => downloads++);
  const button = page.locator('#export');
  await expect(button).toHaveText('Export for Perfetto');
  await button.click();
  // Clicked by a script in the page: the file may be finished before Playwright could click.
  await page.waitForFunction(() => {
    const found = document.querySelector('#export');
    const isWriting = found?.textContent?.startsWith('Stop (');
    if (isWriting) /** @type {HTMLElement} */ (found).click();
    return isWriting;
  });
  await expect(button).toHaveText('Export for Perfetto');
  await expect(button).toBeEnabled();
  expect(downloads).toBe(0);
});

test('a demo plays the recording of an address, when Replay is pressed', async ({ page }, info) => {
  const path = info.outputPath('run.json');
  await recordedRun(page, path);
  await page.route('**/saved.json', (route) => route.fulfill({ path }));
  await page.evaluate(() => {
    document.querySelector('dag-demo')?.setAttribute('recording', 'saved.json');
  });
  const demo = page.locator('dag-demo');
  const { run, banner, reset } = partsOf(demo);
  await expectState(demo, /ready/);
  await expect(run).toHaveText('Replay');
  await expect(banner).toContainText('Recorded run');
  await run.click();
  await expectState(demo, /replayed/);
  await expect(reset).toHaveText('Reset');
  await reset.click();
  await expectState(demo, /ready/);
  await page.evaluate(() => document.querySelector('dag-demo')?.removeAttribute('recording'));
  await expectState(demo, /ready/);
  await expect(run).toHaveText('Run');
});
