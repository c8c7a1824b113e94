/*
 * The tests and measurements of the built site in a real browser: `dist/` must be there, and the environment variable
 * CHROMIUM says where the browser is (Playwright's own download is not used). Two servers: one with
 * the isolation headers, one without.
 */
import { defineConfig } from '@playwright/test';

const port = Number(process.env.E2E_PORT ?? 4310);

export const addresses = {
  isolated: `http://localhost:${port}/`,
  plain: `http://localhost:${port + 1}/`,
  /** Under a path, as on a project page. */
  nested: `http://localhost:${port + 2}/some/talk/`,
};

const asRoot = process.getuid?.() === 0;

/**
 * @param {string} url
 * @param {string} [argument]
 */
const server = (url, argument = '') => ({
  command: `node serve.mjs ${argument}`,
  url,
  env: { PORT: new URL(url).port },
  timeout: 20_000,
});

export default defineConfig({
  projects: [
    { name: 'e2e', testDir: 'test/e2e' },
    // What lays out pages and hardly uses the pool: two tests at a time.
    { name: 'pages', testDir: 'test/pages', fullyParallel: true },
    { name: 'firefox', testDir: 'test/firefox' },
    { name: 'listings', testDir: 'test/listings' },
    // With a real Dask cluster, in the Python that PYTHON names.
    { name: 'dask', testDir: 'test/dask', testMatch: '*.spec.js' },
    // A peer of the engine is put into the page, which its policy does not allow.
    { name: 'bench', testDir: 'bench', testMatch: '*.bench.js', use: { bypassCSP: true } },
  ],
  outputDir: 'test/output',
  // The machine's processors belong to the pool under test: one test at a time, except in `pages`.
  workers: 1,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  forbidOnly: Boolean(process.env.CI),
  // A test that passes at the second attempt is reported as flaky.
  retries: process.env.CI ? 1 : 0,
  reporter: [['list']],
  use: {
    baseURL: addresses.isolated,
    viewport: { width: 1280, height: 720 },
    actionTimeout: 15_000,
    navigationTimeout: 20_000,
    launchOptions: {
      executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
      args: [
        ...(asRoot ? ['--no-sandbox'] : []),
        '--disable-gpu',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
  webServer: [
    server(addresses.isolated),
    server(addresses.plain, '--no-isolation'),
    server(addresses.nested, '--base=/some/talk/'),
  ],
});
