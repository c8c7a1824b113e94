/*
 * How the npm package is built, into dist-package/: one module for pages and bundlers, the engine's
 * worker and its wasm module as files beside it, types, and the example.
 *
 *     npm run build:package && npm pack ./dist-package
 */
import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { build, define, moduleFirst, poolStarter, pythonModule, version } from './vite.common.js';

const out = new URL('dist-package/', import.meta.url);

const manifest = {
  name: 'dagdeck',
  version,
  description:
    'Task graphs with Dask’s names, run on Web Workers and drawn while they run: <dag-demo>',
  keywords: ['dask', 'task-graph', 'scheduler', 'wasm', 'webworker', 'custom-element'],
  license: 'MIT OR Apache-2.0',
  type: 'module',
  // The import defines the element.
  sideEffects: true,
  exports: {
    '.': { types: './index.d.ts', default: './index.js' },
    './package.json': './package.json',
  },
  types: './index.d.ts',
  files: ['index.js', 'index.d.ts', 'types', 'assets', 'example', 'README.md', 'LICENSE-*'],
};

/** @returns {import('vite').Plugin} */
function packageFiles() {
  return {
    name: 'dagdeck:package-files',
    closeBundle() {
      for (const name of readdirSync(out, { recursive: true, encoding: 'utf8' })) {
        if (!name.endsWith('.js')) continue;
        const file = new URL(name, out);
        writeFileSync(file, plainAddresses(readFileSync(file, 'utf8')));
      }
      writeFileSync(new URL('package.json', out), `${JSON.stringify(manifest, null, 2)}\n`);
      cpSync(new URL('package/', import.meta.url), out, { recursive: true });
      for (const name of ['LICENSE-MIT', 'LICENSE-APACHE']) {
        cpSync(new URL(`../${name}`, import.meta.url), new URL(name, out));
      }
    },
  };
}

/**
 * Vite writes `new URL(new URL('file', import.meta.url).href, '' + import.meta.url)`, which bundlers do
 * not know as the address of a file to take along.
 *
 * @param {string} code
 */
function plainAddresses(code) {
  return code.replace(
    /new URL\(new URL\(`([^`]+)`,import\.meta\.url\)\.href,``\+import\.meta\.url\)/g,
    'new URL("./$1",import.meta.url)',
  );
}

export default defineConfig({
  base: './',
  publicDir: false,
  define,
  plugins: [moduleFirst(), poolStarter(), pythonModule(false), packageFiles()],
  worker: { format: 'es', plugins: () => [poolStarter(), pythonModule(false)] },
  build: {
    ...build,
    outDir: fileURLToPath(out),
    rolldownOptions: {
      input: { index: fileURLToPath(new URL('src/package.js', import.meta.url)) },
      preserveEntrySignatures: 'strict',
      output: { entryFileNames: '[name].js' },
    },
  },
});
