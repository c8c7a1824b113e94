/*
 * Hostile talk files (test/fixtures/hostile): nothing in them runs, nothing is fetched from other sites, no element that
 * could do either gets onto the page, and the rest of the file is presented.
 */
import { expect, test } from '@playwright/test';
import { readdirSync, readFileSync } from 'node:fs';
import { openTalk } from '../e2e/talks.js';

const folder = new URL('../fixtures/hostile/', import.meta.url);
const names = readdirSync(folder);

const DANGEROUS = [
  ...['applet', 'area', 'audio', 'base', 'button', 'embed', 'fencedframe', 'form', 'frame'],
  ...['iframe', 'input', 'link', 'map', 'meta', 'object', 'option', 'picture', 'portal'],
  ...['script', 'select', 'style', 'template', 'textarea', 'track'],
  // Formulas have MathML. Videos have controls, and start without sound if at all.
  ...['math:not(.katex math)', 'source:not(video source)', 'video:not([controls])'],
  ...['video[autoplay]', 'video[data-autoplay]:not([muted])'],
  ...['animate', 'foreignObject', 'image', 'feImage', 'set', 'use', '[is]'],
].join(', ');

// Without the page's policy, so that it does not hide mistakes of the sanitiser.
const hostile = test.extend({ bypassCSP: true });

for (const file of names) {
  hostile(`a hostile talk is tamed: ${file}`, async ({ page, baseURL }) => {
    /** @type {string[]} */
    const elsewhere = [];
    await page.route(
      (url) => url.origin !== new URL(baseURL ?? '').origin,
      async (route) => {
        elsewhere.push(route.request().url());
        await route.abort();
      },
    );
    page.on('dialog', (dialog) => {
      elsewhere.push(`dialog: ${dialog.message()}`);
      dialog.dismiss().catch(() => {});
    });
    page.on('popup', (popup) => elsewhere.push(`popup: ${popup.url()}`));
    await openTalk(page, readFileSync(new URL(file, folder), 'utf8'));
    const address = page.url();
    const last = page.locator('section#still-here');
    await expect(last).toHaveCount(1);
    for (let i = 0; i < 12 && !(await last.getAttribute('class'))?.includes('present'); i++) {
      await page.keyboard.press('Space');
      await page.waitForTimeout(60);
    }
    await expect(last).toHaveClass(/present/);
    await expect(last).toContainText('the rest');

    const found = await page.evaluate(async (dangerous) => {
      const slides = [
        ...document.querySelectorAll('.slides > section, .slides > section > section'),
      ];
      /** @type {string[]} */
      const seen = [];
      for (const slide of slides) {
        for (const element of slide.querySelectorAll('*')) {
          const name = element.localName;
          // The deck's own button that opens a demo on a phone.
          if (element.matches('dag-demo > button.sheet-button, button.sheet-button > span')) {
            continue;
          }
          if (element.matches(dangerous)) seen.push(`<${name}>`);
          if (name.includes('-') && name !== 'dag-demo') seen.push(`<${name}>`);
          if (name === 'section') seen.push('a section within a slide');
          if (element.shadowRoot && name !== 'dag-demo') seen.push('a shadow root');
          for (const { name: attribute, value } of element.attributes) {
            if (/^on|^(?:name|srcset|ping|is|form|action|poster)$/.test(attribute)) {
              seen.push(attribute);
            }
            if (
              /^(?:href|xlink:href|src)$/.test(attribute) &&
              /^(?!https?:|mailto:|tel:|#|data:image\/)/.test(value)
            ) {
              seen.push(`${attribute}=${value}`);
            }
          }
          const style = getComputedStyle(element);
          if (style.position === 'fixed' || /evil/.test(style.backgroundImage + style.fill)) {
            seen.push('a style that escapes');
          }
          // Things that would run when the speaker clicks.
          for (const type of ['mouseover', 'pointerenter', 'focus', 'toggle', 'begin']) {
            element.dispatchEvent(new Event(type));
          }
          if (name !== 'a') element.dispatchEvent(new MouseEvent('click', { bubbles: false }));
          else if (!/^(?:https?:|#)/.test(element.getAttribute('href') ?? '#')) {
            /** @type {HTMLElement} */ (element).click();
          }
        }
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
      const global = /** @type {any} */ (window);
      return {
        seen,
        ran: [global.pwned, global.opener?.pwned, /** @type {any} */ ({}).polluted],
        whole: [
          document.body instanceof HTMLBodyElement,
          document.documentElement instanceof HTMLHtmlElement,
          typeof document.getElementById,
          typeof document.createElement,
          typeof document.cookie,
          typeof global.dagdeck.run,
          document.querySelectorAll('.reveal').length,
        ],
      };
    }, DANGEROUS);
    expect(found).toEqual({
      seen: [],
      ran: [undefined, undefined, undefined],
      whole: [true, true, 'function', 'function', 'string', 'function', 1],
    });
    expect(elsewhere).toEqual([]);
    expect(page.url().split('#')[0]).toBe(address.split('#')[0]);
  });
}

test('there are hostile talks', () => {
  expect(names.length).toBeGreaterThanOrEqual(30);
});

test('should a script get past the sanitiser, the policy of the page stops it', async ({
  page,
}) => {
  await page.goto('');
  const stopped = await page.evaluate(async () => {
    /** @type {string[]} */
    const violations = [];
    document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) => {
      violations.push(effectiveDirective);
    });
    // DOMParser is the only exception to Trusted Types.
    const parsed = '<img src="data:," onerror="window.pwned = 1">';
    const wild = new DOMParser().parseFromString(parsed, 'text/html').body;
    const script = document.createElement('script');
    let refused = '';
    try {
      script.textContent = 'window.pwned = 2';
    } catch (error) {
      refused = /** @type {Error} */ (error).name;
      script.append('window.pwned = 2');
    }
    const frame = document.createElement('iframe');
    frame.src = 'https://evil.example/';
    document.body.append(...wild.children, script, frame);
    await new Promise((resolve) => setTimeout(resolve, 500));
    const { pwned } = /** @type {any} */ (window);
    return { violations: violations.sort(), refused, pwned };
  });
  expect(stopped).toEqual({
    violations: ['frame-src', 'require-trusted-types-for', 'script-src-attr'],
    refused: 'TypeError',
    pwned: undefined,
  });
});
