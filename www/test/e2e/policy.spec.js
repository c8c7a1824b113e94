/*
 * What the page may load, and what may become code. The browser logs what it refuses to the console, so these tests do not
 * check the console.
 */
import { createServer } from 'node:http';
import { expect, test } from '@playwright/test';

/**
 * A server of another site, which counts its requests.
 *
 * @param {(path: string) => { status?: number, type?: string, location?: string, body?: string }} answer
 */
async function otherSite(answer) {
  /** @type {string[]} */
  const asked = [];
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    asked.push(path);
    const { status = 200, type = 'text/plain', location, body = '' } = answer(path);
    response.writeHead(status, {
      'Access-Control-Allow-Origin': '*',
      'Cross-Origin-Resource-Policy': 'cross-origin',
      'Content-Type': type,
      ...(location && { Location: location }),
    });
    response.end(body);
  });
  await new Promise((resolve) => server.listen(0, 'localhost', () => resolve(null)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  return { asked, url: `http://localhost:${port}`, stop: () => server.close() };
}

const picture = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"></svg>';

test('a redirect at the talk’s origin leads nowhere else', async ({ page }) => {
  const elsewhere = await otherSite(() => ({ type: 'image/svg+xml', body: picture }));
  const site = await otherSite((path) => {
    if (path.startsWith('/away')) return { status: 302, location: `${elsewhere.url}${path}` };
    if (path === '/ok.svg') return { type: 'image/svg+xml', body: picture };
    return {
      type: 'text/markdown',
      body: '# One\n\n![](ok.svg)\n\n![](away.svg)\n\n# Two\n\n<dag-demo program="no-op" recording="away.json"></dag-demo>\n',
    };
  });
  try {
    await page.goto(`index.html?talk=${site.url}/talk.md`);
    await expect(page.locator('section.present h1')).toHaveText('One');
    const image = page.locator('img[src$="ok.svg"]');
    await expect
      .poll(() => image.evaluate((one) => /** @type {HTMLImageElement} */ (one).naturalWidth))
      .toBe(9);
    await expect(page.locator('.missing-image')).toContainText('away.svg');
    await page.keyboard.press('ArrowRight');
    const demo = page.locator('section.present dag-demo');
    await demo.locator('button.run').click();
    await expect(demo.locator('.demo')).toHaveAttribute('data-state', /failed/);

    await page.goto(`index.html?talk=${site.url}/away.md`);
    await expect(page.locator('section.present')).toContainText('redirects to another site');
    expect(elsewhere.asked).toEqual([]);
  } finally {
    site.stop();
    elsewhere.stop();
  }
});

test('the page’s own talk loads nothing from other sites', async ({ page }) => {
  const elsewhere = await otherSite(() => ({ type: 'image/svg+xml', body: picture }));
  try {
    await page.goto('');
    await expect(page.locator('.reveal.ready')).toHaveCount(1);
    const loaded = await page.evaluate(async (url) => {
      const image = new Image();
      image.src = `${url}/a.svg`;
      const seen = await Promise.allSettled([image.decode(), fetch(`${url}/b`)]);
      return seen.map(({ status }) => status);
    }, elsewhere.url);
    expect(loaded).toEqual(['rejected', 'rejected']);
    expect(elsewhere.asked).toEqual([]);
  } finally {
    elsewhere.stop();
  }
});

for (const name of ['index.html', 'lab.html', 'speaker.html']) {
  test(`text becomes neither a script nor a worker: ${name}`, async ({ page }) => {
    await page.goto(name);
    await page.waitForFunction(
      () => 'trustedTypes' in window && document.body.childElementCount > 0,
    );
    const found = await page.evaluate(async () => {
      const box = document.createElement('div');
      document.body.append(box);
      box.innerHTML =
        '<b>text</b><img src="data:," onerror="window.ran = 1"><script>window.ran = 1</script>';
      /** @param {() => unknown} act */
      const refused = (act) => {
        try {
          act();
          return false;
        } catch {
          return true;
        }
      };
      await new Promise((resolve) => setTimeout(resolve, 100));
      return {
        html: box.innerHTML,
        ran: 'ran' in window,
        worker: refused(() => new Worker('https://example.com/worker.js')),
        script: refused(() => {
          document.createElement('script').src = 'https://example.com/a.js';
        }),
        eval: refused(() => (0, eval)('1')),
      };
    });
    expect(found).toEqual({
      html: '<b>text</b><img src="data:,">',
      ran: false,
      worker: true,
      script: true,
      eval: true,
    });
  });
}

test('only pages that can use a Dask cluster may open sockets', async ({ page }) => {
  const allowed = [];
  for (const name of ['index.html', 'lab.html', 'speaker.html']) {
    await page.goto(name);
    const policy = page.locator('meta[http-equiv="Content-Security-Policy"]').first();
    const content = (await policy.getAttribute('content')) ?? '';
    if (/connect-src[^;]* ws: wss:/.test(content)) allowed.push(name);
  }
  expect(allowed).toEqual(['index.html', 'lab.html']);
});
