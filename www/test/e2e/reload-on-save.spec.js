/*
 * Reload on save: a talk from the folder that the server watches, and one from a server that does not
 * support it.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { expect, test } from './site.js';
import { startServer } from './server.js';

const talk = (/** @type {string} */ words) => `# One\n\n# Two\n\n${words}\n\n# Three\n`;

test('a talk that is saved is reloaded, on its slide; a mistake is shown and mended', async ({
  page,
}, info) => {
  const folder = info.outputPath('talks');
  await mkdir(folder, { recursive: true });
  const save = (/** @type {string} */ text) => writeFile(`${folder}/mine.md`, text);
  await save(talk('before'));
  const server = await startServer([`--talks=${folder}`]);
  await page.goto(`${server.url}?talk=talk/mine.md#/two`);
  const slide = page.locator('section.present:not(:has(> section))');
  await expect(slide).toContainText('before');

  // The server has answered with the first version by now.
  await save(talk('after'));
  await expect(slide).toContainText('after');
  await expect(page).toHaveURL(/#\/two$/);

  await save('---\ntitle: [\n---\n');
  await expect(page.locator('.reveal')).not.toContainText('after');
  await save(talk('mended'));
  await expect(page.locator('.reveal')).toContainText('mended');
  // An open deck would try to reconnect to its server.
  await page.goto('about:blank');
  await server.stop();
});

test('a server that does not offer it is not asked', async ({ page }) => {
  /** @type {string[]} */
  const asked = [];
  page.on('request', (request) => asked.push(request.url()));
  await page.route('**/theirs.md', (route) =>
    route.fulfill({ contentType: 'text/markdown', body: talk('theirs') }),
  );
  await page.goto('index.html?talk=theirs.md#/two');
  await expect(page.locator('section.present:not(:has(> section))')).toContainText('theirs');
  expect(asked.filter((url) => new URL(url).pathname.endsWith('theirs.md'))).toHaveLength(1);
});
