/*
 * The unit tests: pure modules, in node, without a browser and without the wasm package. The built
 * site is tested by Playwright (playwright.config.js).
 */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/unit/**/*.test.js'],
    environment: 'node',
    // For a test that hangs; no test depends on time, and machines may be busy.
    testTimeout: 60_000,
  },
});
