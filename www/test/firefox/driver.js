/*
 * What the tests in Firefox share: a Firefox of their own with a fresh profile, whose console is watched (a warning or
 * an error of the site, and any file that is missing, makes the test fail), and what they ask a page.
 *
 * It is driven by geckodriver, with WebDriver BiDi: then Firefox registers every worker with its debugger, as it
 * does for Playwright and Puppeteer, and often hangs where one worker starts another. The site's workers are all
 * started by the page.
 */
import { closeSync, openSync, readFileSync } from 'node:fs';
import { expect, test as base } from '@playwright/test';
import { Builder, By, Key } from 'selenium-webdriver';
import firefox from 'selenium-webdriver/firefox.js';

/** @import { WebDriver } from 'selenium-webdriver' */

export { expect, Key };

/** How Firefox writes what it has to say to its output. */
const TOLD = /^(console\.\w+: |JavaScript (error|warning): )/;

/** What is not the site's fault. */
const FIREFOXS_OWN = [
  // Its own scripts: it has no settings server here, and it is closed while it works.
  /^JavaScript (error|warning): (resource|chrome):/,
  /^JavaScript error: , line 0: AbortError: Actor 'Conduits' destroyed/,
  /^console\.error: (RSLoader|services\.settings|Region\.sys\.mjs)/,
  /^console\.(warn|error): .*(BackupService|remote-settings\.sys\.mjs)/,
  // Rust's panics, as the compiler writes them today.
  /^JavaScript warning: , line 0: The WebAssembly exception handling 'try' instruction is deprecated/,
];

const preferences = {
  'devtools.console.stdout.content': true,
  'browser.dom.window.dump.enabled': true,
};

/** @type {import('@playwright/test').TestType<{ driver: WebDriver }, {}>} */
export const test = base.extend({
  // eslint-disable-next-line no-empty-pattern -- Playwright wants the braces.
  driver: async ({}, use, info) => {
    const log = info.outputPath('firefox.log');
    const output = openSync(log, 'w');
    const options = new firefox.Options();
    options.addArguments('-headless');
    if (process.env.FIREFOX) options.setBinary(process.env.FIREFOX);
    for (const [name, value] of Object.entries(preferences)) options.setPreference(name, value);
    options.set('webSocketUrl', true);
    const service = new firefox.ServiceBuilder(process.env.GECKODRIVER || 'geckodriver');
    const driver = await new Builder()
      .forBrowser('firefox')
      .setFirefoxOptions(options)
      .setFirefoxService(service.setStdio(['ignore', output, output]))
      .build();
    /** @type {string[]} */
    const missing = [];
    try {
      await driver.manage().window().setRect({ width: 1280, height: 800 });
      await driver.manage().setTimeouts({ script: 30_000, pageLoad: 20_000 });
      await use(driver);
      const names = await driver.executeScript(
        `return performance.getEntriesByType('resource')
          .filter(({ responseStatus }) => responseStatus >= 400).map(({ name }) => name)`,
      );
      missing.push(.../** @type {string[]} */ (names));
    } finally {
      await driver.quit();
      closeSync(output);
    }
    const lines = readFileSync(log, 'utf8').split('\n');
    const seen = lines.filter(
      (line) => TOLD.test(line) && !FIREFOXS_OWN.some((own) => own.test(line)),
    );
    expect([...seen, ...missing], 'console messages, errors and missing files').toEqual([]);
  },
});

/**
 * Runs a function in the page, with an argument that JSON can carry, and waits for its promise.
 *
 * @template T, A
 * @param {WebDriver} driver
 * @param {(argument: A) => T | Promise<T>} asked
 * @param {A} [argument]
 * @returns {Promise<T>}
 */
export async function inPage(driver, asked, argument) {
  /** @type {{ value: T } | { error: string }} */
  const answer = await driver.executeAsyncScript(
    `const [argument, done] = arguments;
     Promise.resolve(argument).then(${asked}).then(
       (value) => done({ value }), (error) => done({ error: String(error) }));`,
    argument,
  );
  if ('error' in answer) throw new Error(answer.error);
  return answer.value;
}

/**
 * Waits until something is so in the page, which may be on its way to another one.
 *
 * @template A
 * @param {WebDriver} driver
 * @param {string} what
 * @param {(argument: A) => boolean | Promise<boolean>} asked
 * @param {A} [argument]
 */
export async function until(driver, what, asked, argument) {
  const so = () => inPage(driver, asked, argument).catch(() => false);
  await expect.poll(so, { message: what, timeout: 30_000 }).toBe(true);
}

/**
 * Waits until the demo at a selector is in a state.
 *
 * @param {WebDriver} driver
 * @param {string} demo
 * @param {string} state
 */
export async function expectState(driver, demo, state) {
  const asked = (/** @type {string} */ selector) => {
    /** @type {import('../../src/demo/dag-demo.js').DagDemo | null} */
    const found = document.querySelector(selector);
    return found?.state ?? 'none';
  };
  await expect
    .poll(() => inPage(driver, asked, demo), { message: demo, timeout: 30_000 })
    .toBe(state);
}

/**
 * @param {WebDriver} driver
 * @param {string} key
 */
export async function press(driver, key) {
  await driver.findElement(By.css('body')).sendKeys(key);
}

/**
 * Presses the button of the demo at a selector that runs and cancels.
 *
 * @param {WebDriver} driver
 * @param {string} demo
 */
export async function pressRun(driver, demo) {
  const root = await driver.findElement(By.css(demo)).getShadowRoot();
  const button = await root.findElement(By.css('button.run'));
  await button.click();
}
