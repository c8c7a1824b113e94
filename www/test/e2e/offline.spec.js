/*
 * The service worker: the site without its server, threads on hosts that send no headers, and new
 * versions that wait.
 */
import { cp, readFile, writeFile } from 'node:fs/promises';
import { createServer, get } from 'node:http';
import { fileURLToPath } from 'node:url';
import { expect, expectState, hasPython, offlineTest as test, openDemo, partsOf } from './site.js';
import { startServer } from './server.js';

/** @import { Page } from '@playwright/test' */
/** @import { DagDemo } from '../../src/demo/dag-demo.js' */

const dist = fileURLToPath(new URL('../../dist', import.meta.url));

/**
 * Waits until all files are stored and the page is served from the cache.
 *
 * @param {Page} page
 */
async function expectKept(page) {
  await page.waitForFunction(() => navigator.serviceWorker.controller?.state === 'activated');
}

/** How many versions are kept. @param {Page} page */
const versionsKept = (page) =>
  page.evaluate(
    async () => (await caches.keys()).filter((name) => name.includes(' files ')).length,
  );

test('when the server has gone, the deck, its runs, recordings and the lab work', async ({
  page,
}) => {
  const server = await startServer();
  await page.goto(server.url);
  await expectKept(page);
  await server.stop();

  // A page that was loaded while the server was running, and one that was not.
  for (const again of [false, true]) {
    if (again) await page.reload();
    const demo = page.locator('dag-demo[program="array-mean"]').first();
    const id = await demo.evaluate((element) => element.closest('section')?.id);
    await page.evaluate((hash) => void (location.hash = hash), `#/${id}`);
    await expectState(demo, /ready/);
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
    await page.keyboard.press('r');
    await expectState(demo, /finished/);
    await page.keyboard.press('Shift+R');
    await expect(partsOf(demo).banner).toBeVisible();
    await expectState(demo, /ready/);
    await page.keyboard.press('r');
    await expectState(demo, /replayed/);
  }
  expect(await page.evaluate(() => document.fonts.check('20px "Inter Variable"'))).toBe(true);

  await page.goto(`${server.url}lab.html?program=no-op&tasks=100`);
  const demo = page.locator('dag-demo');
  await expectState(demo, /ready/);
  await partsOf(demo).run.click();
  await expectState(demo, /finished/);
});

test('the notes window works without the server', async ({ page }) => {
  const server = await startServer();
  await page.goto(server.url);
  await expectKept(page);
  await server.stop();
  await page.reload();
  await expect(page.locator('section.present')).toBeVisible();
  const opening = page.waitForEvent('popup');
  await page.keyboard.press('s');
  const speaker = await opening;
  await expect(speaker.locator('.speaker-controls-notes')).toContainText(/\w/);
  const preview = speaker.frameLocator('iframe').first().locator('section.present');
  await expect(preview).toBeVisible();
  await speaker.close();
});

for (const base of ['/', '/some/talk/']) {
  test(`a host without the headers, at ${base}: one reload, which is told, then threads`, async ({
    page,
  }) => {
    const server = await startServer(['--no-isolation', `--base=${base}`]);
    let loads = 0;
    /** @type {(string | null)[]} */
    const notes = [];
    await page.exposeFunction('noteSeen', (/** @type {string | null} */ text) => notes.push(text));
    page.on('load', () => loads++);
    await page.addInitScript(() => {
      new MutationObserver(() => {
        const note = document.querySelector('.page-note p');
        if (note) /** @type {any} */ (window).noteSeen(note.textContent);
      }).observe(document, { childList: true, subtree: true });
    });
    await page.goto(`${server.url}index.html`);
    await page.waitForFunction(() => crossOriginIsolated);
    await expect.poll(() => loads).toBe(2);
    const demo = await openDemo(page, 'no-op', '', server.url);
    expect(notes.join()).toContain('the page will reload once');
    await expect(page.locator('.page-note')).toHaveCount(0);
    const before = loads;
    await expectState(demo, /ready/);
    expect(
      await demo.evaluate((element) => /** @type {DagDemo} */ (element).settings),
    ).toMatchObject({
      scheduler: 'threads',
    });
    await page.keyboard.press('r');
    await expectState(demo, /finished/);
    await page.waitForTimeout(500);
    expect(loads).toBe(before);
    await server.stop();
    await page.reload();
    await expectState(demo, /ready/);
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  });
}

/**
 * Makes a site the next version of itself: another page, and the service worker of the build that made it.
 *
 * @param {string} root
 * @param {string} name of the version
 */
async function deploy(root, name) {
  const index = await readFile(`${root}/index.html`, 'utf8');
  const html = index.replace(/<html( data-version="\w+")?/, `<html data-version="${name}"`);
  await writeFile(`${root}/index.html`, html);
  const script = await readFile(`${root}/service-worker.js`, 'utf8');
  const version = /=["'`]([0-9a-f]{16})["'`]/.exec(script)?.[1] ?? '';
  expect(version).not.toBe('');
  const next = Buffer.from(name.padEnd(8)).toString('hex');
  await writeFile(`${root}/service-worker.js`, script.replaceAll(version, next));
}

/**
 * Opens another tab, waits until the newest version has been fetched, and accepts it.
 *
 * @param {Page} page
 * @param {string} url
 */
async function takeNewest(page, url) {
  const tab = await page.context().newPage();
  await tab.goto(url);
  const update = tab.getByRole('button', { name: 'Update' });
  // It is offered at the start of a page, once it has been fetched.
  await expect(async () => {
    await tab.reload();
    await expect(update).toBeVisible({ timeout: 5000 });
  }).toPass({ timeout: 60_000 });
  await update.click();
  await expect(update).toHaveCount(0);
  return tab;
}

test('an open page keeps its files while two more versions come', async ({ page }, info) => {
  // It installs the site four times.
  test.setTimeout(300_000);
  const root = info.outputPath('site');
  await cp(dist, root, { recursive: true });
  const server = await startServer([`--root=${root}`]);
  await page.goto(server.url);
  await expectKept(page);
  // A file of the first version, which the page has not needed yet.
  const file = await page.evaluate(async () => {
    const name = (await caches.keys()).find((each) => each.includes(' files ')) ?? '';
    const keys = await (await caches.open(name)).keys();
    return keys.find(({ url }) => url.endsWith('embed.js'))?.url ?? '';
  });
  const text = await page.evaluate(async (url) => (await fetch(url)).text(), file);

  await deploy(root, 'second');
  await writeFile(`${root}/embed.js`, '// second');
  const tab = await takeNewest(page, server.url);
  await expect(tab.locator('html[data-version="second"]')).toHaveCount(1);
  await deploy(root, 'third');
  await writeFile(`${root}/embed.js`, '// third');
  const last = await takeNewest(page, server.url);
  await expect(last.locator('html[data-version="third"]')).toHaveCount(1);

  const fetched = async (/** @type {Page} */ from) =>
    from.evaluate(async (url) => (await fetch(url)).text(), file);
  expect(await fetched(page)).toBe(text);
  expect(await fetched(tab)).toContain('second');
  expect(await fetched(last)).toContain('third');
  expect(await versionsKept(page)).toBe(3);

  // Versions that no page has any more are deleted with the next one.
  await page.close();
  await tab.close();
  await deploy(root, 'fourth');
  await takeNewest(last, server.url);
  await expect.poll(() => versionsKept(last)).toBeLessThanOrEqual(2);
  await server.stop();
});

test('files that the browser has dropped are fetched again', async ({ page }) => {
  const server = await startServer();
  await page.goto(server.url);
  await expectKept(page);
  const dropped = await page.evaluate(async () => {
    const name = (await caches.keys()).find((each) => each.includes(' files ')) ?? '';
    const { length } = await (await caches.open(name)).keys();
    for (const each of await caches.keys()) await caches.delete(each);
    return length;
  });
  expect(dropped).toBeGreaterThan(10);
  await page.reload();
  await expect
    .poll(() =>
      page.evaluate(async () => {
        const name = (await caches.keys()).find((each) => each.includes(' files '));
        return name ? (await (await caches.open(name)).keys()).length : 0;
      }),
    )
    .toBe(dropped);
  await server.stop();
  await page.reload();
  await expect(page.locator('section.present')).toBeVisible();
  await expectState(await openDemo(page, 'no-op', '', server.url), /ready/);
});

test('a file that never arrives does not keep the page waiting', async ({ page }) => {
  const server = await startServer(['--no-isolation']);
  // In front of it, a server that never answers for one file that only the service worker asks for.
  const front = createServer((request, response) => {
    if (request.url?.includes('manifest.webmanifest')) return;
    const target = new URL(request.url ?? '/', server.url);
    get(target, { headers: request.headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response);
    }).on('error', () => response.destroy());
  });
  await new Promise((resolve) => front.listen({ host: '127.0.0.1', port: 0 }, () => resolve(null)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (front.address());
  await page.clock.install();
  await page.goto(`http://localhost:${port}/lab.html`);
  await expect(page.getByLabel('The page will reload once')).toBeVisible();
  await page.clock.fastForward(30_000);
  const note = page.getByLabel('Threads are off for now');
  await expect(note).toContainText('reload the page');
  await note.getByRole('button', { name: 'Close' }).click();
  await expect(page.locator('.page-note')).toHaveCount(0);
  front.closeAllConnections();
  front.close();
  await server.stop();
});

/** Whether a new version is on its way. @param {Page} page */
function isInstalling(page) {
  return page.evaluate(async () => {
    const registration = await navigator.serviceWorker.getRegistration();
    return Boolean(registration?.installing ?? registration?.waiting);
  });
}

test('a new version waits until it is taken, also over reloads', async ({ page }, info) => {
  const root = info.outputPath('site');
  await cp(dist, root, { recursive: true });
  const server = await startServer([`--root=${root}`]);
  await page.goto(server.url);
  await expectKept(page);
  const title = await page.title();

  await deploy(root, 'next');

  const note = page.getByLabel('A new version is available');
  await page.reload();
  await expect(page).toHaveTitle(title);
  await expect.poll(() => versionsKept(page)).toBe(2);
  // Its cache exists before all of its files are in it.
  await expect.poll(() => isInstalling(page)).toBe(false);
  // Not during a talk: on the next start.
  await expect(note).toHaveCount(0);
  await expect(page.locator('html[data-version]')).toHaveCount(0);
  await page.reload();
  await expect(note).toBeVisible();
  await expect(page.locator('html[data-version]')).toHaveCount(0);
  await note.getByRole('button', { name: 'Not now' }).click();
  await page.close();

  const later = await page.context().newPage();
  await later.goto(server.url);
  await expect(later.locator('html[data-version]')).toHaveCount(0);
  const open = await page.context().newPage();
  await open.goto(server.url);
  await later.getByRole('button', { name: 'Update' }).click();
  await expect(later.locator('html[data-version="next"]')).toHaveCount(1);
  await expect(later.getByLabel('A new version is available')).toHaveCount(0);
  // The open page has not changed.
  await expect(open.locator('html[data-version]')).toHaveCount(0);
  await expect(open.locator('section.present')).toBeVisible();
  await server.stop();
});

test('the site can be installed', async ({ page, baseURL }) => {
  await page.goto('');
  const manifest = await page.evaluate(async () => {
    const link = /** @type {HTMLLinkElement} */ (document.querySelector('link[rel="manifest"]'));
    return { href: link.href, ...(await (await fetch(link.href)).json()) };
  });
  expect(new URL(manifest.start_url, manifest.href).href).toBe(`${baseURL}index.html`);
  for (const { src, sizes, type } of manifest.icons) {
    const size = await page.evaluate(async (address) => {
      const image = await createImageBitmap(await (await fetch(address)).blob());
      return `${image.width}x${image.height}`;
    }, new URL(src, manifest.href).href);
    expect([size, type]).toEqual([sizes, 'image/png']);
  }
  await expectKept(page);
  const client = await page.context().newCDPSession(page);
  const { installabilityErrors } = await client.send('Page.getInstallabilityErrors');
  // A test's profile is like a private window, where nothing can be installed.
  expect(installabilityErrors.filter(({ errorId }) => errorId !== 'in-incognito')).toEqual([]);
});

test('what draws formulas is kept when a talk has one, and not before', async ({ page }) => {
  const server = await startServer();
  await page.goto(server.url);
  await expectKept(page);
  const mathsKept = () =>
    page.evaluate(async () => {
      const names = (await caches.keys()).filter((name) => name.includes(' files '));
      const all = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
      return all.flat().filter(({ url }) => /KaTeX_|formula-/.test(url)).length;
    });
  expect(await mathsKept()).toBe(0);
  await page.evaluate(() => {
    const text = '# A $x$\n\n$\\mathbb{R}$\n';
    sessionStorage.setItem('dagdeck-talk', JSON.stringify({ name: 'mine.md', text }));
  });
  await page.reload();
  await expect(page.locator('.katex-html')).toHaveCount(2);
  // A script, a style sheet and KaTeX's twenty fonts.
  await expect.poll(mathsKept).toBe(22);
  await server.stop();
  await page.reload();
  await expect(page.locator('.katex-html')).toHaveCount(2);
  expect(await page.evaluate(() => document.fonts.check('20px KaTeX_AMS'))).toBe(true);
});

test('Python is kept when it has run, and not before', async ({ page }) => {
  test.skip(!hasPython, 'the site was built without Python');
  const server = await startServer();
  await page.goto(server.url);
  await expectKept(page);
  const pythonKept = () =>
    page.evaluate(async () => {
      const names = (await caches.keys()).filter((name) => name.includes(' files '));
      const all = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
      return all.flat().filter(({ url }) => url.includes('dagdeck_python_bg')).length;
    });
  expect(await pythonKept()).toBe(0);
  const run = () => page.evaluate(() => window.dagdeck.python.run('6 * 7'));
  expect(await run()).toEqual({ output: '42\n' });
  await expect.poll(pythonKept).toBe(1);
  await server.stop();
  await page.reload();
  expect(await run()).toEqual({ output: '42\n' });
});
