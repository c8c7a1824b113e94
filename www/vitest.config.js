/*
 * The unit tests: pure modules, in node, without a browser and without the wasm package. The built
 * site is tested by Playwright (playwright.config.js).
 */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/unit/**/*.test.js'],
    environment: 'node',
    testTimeout: 10_000,
  },
});
