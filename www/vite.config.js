/*
 * How the site is built: two pages (the deck and the lab), an entry for other people's pages, the
 * service worker, and one worker (the engine, which is also the code of every worker in its pool). All addresses are
 * relative, so that `dist/` works under any path of any static host. It does not build the wasm package in `pkg/`: that is there before.
 */
import { gzipSync } from 'node:zlib';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { contentSecurityPolicy } from './vite.csp.js';
import { offline } from './vite.offline.js';

/** The two headers (and their helper) that make a page cross-origin isolated. */
const isolation = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

/**
 * wasm-bindgen-rayon brings its own JavaScript to start the pool. Ours takes its place: it starts
 * each pool worker from the engine worker's own file (one file, fetched once), and a worker that
 * fails to start is an error instead of a promise that stays open for ever.
 *
 * @returns {import('vite').Plugin}
 */
function poolStarter() {
  const ours = fileURLToPath(new URL('src/engine/pool.js', import.meta.url));
  return {
    name: 'dagdeck:pool-starter',
    enforce: 'pre',
    resolveId(source) {
      return /workerHelpers(\.no-bundler)?\.js$/.test(source) ? ours : null;
    },
  };
}

/**
 * Without the module the site would build all the same, and fail in the browser.
 *
 * @returns {import('vite').Plugin}
 */
function moduleFirst() {
  const module = new URL('pkg/dagdeck_bg.wasm', import.meta.url);
  return {
    name: 'dagdeck:module-first',
    buildStart() {
      if (!existsSync(module)) this.error('There is no wasm module in pkg/. Build it: make build');
    },
  };
}

/**
 * Prints what the built site weighs, file by file and in sums.
 *
 * @returns {import('vite').Plugin}
 */
function sizeTable() {
  const dist = new URL('dist/', import.meta.url);
  return {
    name: 'dagdeck:size-table',
    apply: 'build',
    writeBundle: {
      order: 'post',
      sequential: true,
      handler(_options, bundle) {
        /** @type {{ name: string, raw: number, gzipped: number }[]} */
        const rows = [];
        for (const name of Object.keys(bundle)) {
          const bytes = readFileSync(new URL(name, dist));
          rows.push({ name, raw: bytes.length, gzipped: gzipSync(bytes).length });
        }
        const print = (/** @type {string} */ name, /** @type {number[]} */ [raw, gzipped]) =>
          console.log(
            `${name.padEnd(48)}${(raw / 1000).toFixed(1).padStart(9)}${(gzipped / 1000).toFixed(1).padStart(10)}`,
          );
        const sum = (/** @type {RegExp} */ pattern) =>
          rows
            .filter((row) => pattern.test(row.name))
            .reduce((total, row) => [total[0] + row.raw, total[1] + row.gzipped], [0, 0]);
        console.log(`\n${'file'.padEnd(48)}${'kB'.padStart(9)}${'gzipped'.padStart(10)}`);
        rows.sort((a, b) => b.gzipped - a.gzipped);
        for (const row of rows) {
          if (!/\.woff2$/.test(row.name)) print(row.name, [row.raw, row.gzipped]);
        }
        print('all JavaScript', sum(/\.js$/));
        print('all CSS', sum(/\.css$/));
        print('all wasm', sum(/\.wasm$/));
        print('JavaScript, CSS and wasm', sum(/\.(js|css|wasm)$/));
        print('fonts', sum(/\.woff2$/));
      },
    },
  };
}

const { version } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'));

export default defineConfig({
  base: './',
  define: { __VERSION__: JSON.stringify(version) },
  plugins: [moduleFirst(), poolStarter(), contentSecurityPolicy(), offline(), sizeTable()],
  worker: { format: 'es', plugins: () => [poolStarter()] },
  build: {
    target: 'es2023',
    reportCompressedSize: false,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: {
        deck: fileURLToPath(new URL('index.html', import.meta.url)),
        lab: fileURLToPath(new URL('lab.html', import.meta.url)),
        embed: fileURLToPath(new URL('src/embed.js', import.meta.url)),
        'service-worker': fileURLToPath(new URL('src/offline/service-worker.js', import.meta.url)),
      },
      output: {
        // Files that other people's pages and browsers name.
        entryFileNames: ({ name }) =>
          ['embed', 'service-worker'].includes(name) ? '[name].js' : 'assets/[name]-[hash].js',
      },
    },
  },
  server: { headers: isolation },
  preview: { headers: isolation },
});
