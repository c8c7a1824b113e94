/* Memory over time is drawn under the task stream, live and of recordings. */
import { expect, expectState, partsOf, test } from './site.js';

test('a run with arrays has a memory band with its peak, which says bytes and time at the pointer', async ({
  page,
}) => {
  await page.goto('lab.html?program=array-mean&n=1000&chunk=250&workers=2&memory-limit=64MiB');
  const demo = page.locator('dag-demo');
  await expectState(demo, /ready/);
  await partsOf(demo).run.click();
  await expectState(demo, /finished/);
  const stream = demo.locator('.task-stream canvas');
  await expect(stream).toHaveAttribute('aria-label', /Peak memory: [\d.]+ (KiB|MiB) at/);
  const pixels = () =>
    stream.evaluate((canvas) => /** @type {HTMLCanvasElement} */ (canvas).toDataURL());
  const before = await pixels();
  const box = await stream.boundingBox();
  if (!box) throw new Error('the task stream is in sight');
  // Just above the axis.
  await page.mouse.move(box.x + box.width / 2, box.y + box.height - 45);
  await expect.poll(pixels).not.toBe(before);

  const label = await stream.getAttribute('aria-label');
  const downloading = page.waitForEvent('download');
  await page.locator('#save').click();
  await page.locator('#file').setInputFiles(await (await downloading).path());
  await expectState(demo, /replayed/);
  await expect(stream).toHaveAttribute('aria-label', label ?? '');
});
