/*
 * The view of threads: in place of the graph and the task stream, with pointer, wheel and keys.
 */
import { readFileSync } from 'node:fs';
import { seriousBarriers } from './axe.js';
import { expect, expectState, partsOf, test } from './site.js';

/** @import { Page } from '@playwright/test' */

/** A run of the model, which is the same on every machine. @param {Page} page */
async function openRun(page) {
  await page.goto('lab.html?program=gil-count&lock=interval&ticks=2000000&mode=model&cores=2');
  const demo = page.locator('dag-demo');
  await expectState(demo, /ready/);
  await partsOf(demo).run.click();
  await expectState(demo, /finished/);
  return demo;
}

test('threads take the place of the graph and the task stream', async ({ page }) => {
  const demo = await openRun(page);
  await expect(demo.locator('.threads canvas')).toBeVisible();
  for (const view of ['graph', 'task-stream', 'progress']) {
    await expect(demo.locator(`.view.${view}`)).toBeHidden();
  }
  await expect(demo.locator('.threads figcaption')).toContainText(
    'model: simulated, 2 cores, seed 0',
  );
  const words = (await demo.locator('.threads canvas').getAttribute('aria-label')) ?? '';
  expect(words).toContain('interval, 1 thread');
  // 100 ms of work, and a switch about every 5 ms.
  expect(words).toMatch(/interval, 2 threads: 10\d ms · (?:19|2[01]) switches · 0 false alarms/);
  expect(await seriousBarriers(page)).toEqual([]);
  // Back to a graph.
  await page.goto('lab.html?program=no-op&tasks=64');
  await expect(demo.locator('.view.graph')).toBeVisible();
  await expect(demo.locator('.view.threads')).toBeHidden();
});

test('what threads do is told to pointer and keys, down to a single switch', async ({ page }) => {
  const demo = await openRun(page);
  const canvas = demo.locator('.threads canvas');
  const tip = demo.locator('.threads .tip:visible');
  const box = (await canvas.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
  await page.mouse.move(box.x + box.width / 2, box.y + 60);
  await expect(tip).toContainText('runs and holds the lock');
  await expect(tip).toContainText('thread 0, interval, 1 thread');

  await page.keyboard.down('Control');
  for (let i = 0; i < 20; i++) await page.mouse.wheel(0, -300);
  await page.keyboard.up('Control');
  await expect(canvas).toHaveAttribute('data-zoomed', '');
  await expect(tip).toContainText('runs and holds the lock');
  await page.mouse.dblclick(box.x + box.width / 2, box.y + 60);
  await expect(canvas).not.toHaveAttribute('data-zoomed');

  await page.mouse.move(0, 0);
  await canvas.focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowDown');
  await expect(tip).toContainText('thread 0, interval, 2 threads');
  const spoken = demo.locator('.threads .spoken');
  for (let i = 0; i < 12; i++) await page.keyboard.press('+');
  for (let i = 0; i < 40; i++) {
    if ((await spoken.textContent())?.startsWith('forced switch')) break;
    await page.keyboard.press('ArrowRight');
  }
  await expect(spoken).toContainText('waits until another thread has it');
  await expect(tip).toContainText('waits until another thread has it');
  await page.keyboard.press('0');
  await expect(canvas).not.toHaveAttribute('data-zoomed');
});

test('threads are saved as an SVG', async ({ page }) => {
  const demo = await openRun(page);
  await demo.locator('.threads canvas').hover();
  const downloading = page.waitForEvent('download');
  await demo.locator('.threads .save-picture').click();
  const svg = readFileSync(await (await downloading).path(), 'utf8');
  for (const word of ['interval, 2 threads', 'runs with the lock', 'drop request']) {
    expect(svg).toContain(word);
  }
});
