/*
 * Makes the icons of the installed app, public/icons/*.png, from src/page/icon.svg, drawn by headless
 * Chromium. The maskable one has the margin that launchers cut shapes from.
 *
 *     npm run icons
 */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { chromium } from '@playwright/test';

const svg = await readFile(new URL('../src/page/icon.svg', import.meta.url), 'utf8');
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
  args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
});
const page = await browser.newPage();

/** @type {[name: string, size: number, share: number, ground: string][]} `share` of the size is drawn on */
const icons = [
  ['icon-192', 192, 0.9, 'transparent'],
  ['icon-512', 512, 0.9, 'transparent'],
  ['maskable-512', 512, 0.6, '#ffffff'],
];
for (const [name, size, share, ground] of icons) {
  await page.setViewportSize({ width: size, height: size });
  await page.setContent(
    `<style>body { margin: 0; height: 100vh; display: grid; place-items: center; background: ${ground} }
      svg { width: ${share * 100}% }</style>${svg}`,
  );
  const path = fileURLToPath(new URL(`../public/icons/${name}.png`, import.meta.url));
  await page.screenshot({ path, omitBackground: true });
}
await browser.close();
