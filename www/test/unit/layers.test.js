import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const path = (/** @type {string} */ name) =>
  fileURLToPath(new URL(`../../${name}`, import.meta.url));

test('an import against the layers is refused, of types too, and so is a circle', () => {
  const { stdout } = spawnSync(
    process.execPath,
    [
      path('node_modules/dependency-cruiser/bin/dependency-cruise.mjs'),
      ...['src', '--output-type', 'json', '--config', path('.dependency-cruiser.js')],
    ],
    { cwd: path('test/fixtures/layers'), encoding: 'utf8' },
  );
  /** @type {{ violations: { rule: { name: string }, from: string, to: string }[] }} */
  const { violations } = JSON.parse(stdout).summary;
  expect(violations.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`).sort()).toEqual([
    'model-imports: src/model/imports-engine.js -> src/engine/client.js',
    'model-imports: src/model/imports-type.js -> src/views/mark.js',
    'no-circles: src/views/mark.js -> src/views/moved.js',
  ]);
});
