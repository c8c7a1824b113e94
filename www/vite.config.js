/*
 * How the site is built: three pages (the deck, the speaker's window and the lab), an entry for other people's pages, the
 * service worker, and one worker (the engine, which is also the code of every worker in its pool). All addresses are
 * relative, so that `dist/` works under any path of any static host. It does not build the wasm package in `pkg/`: that is there before.
 */
import { gzipSync } from 'node:zlib';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { build, define, moduleFirst, poolStarter, pythonModule, worker } from './vite.common.js';
import { contentSecurityPolicy } from './vite.csp.js';
import { offline } from './vite.offline.js';

/** The two headers (and their helper) that make a page cross-origin isolated. */
const isolation = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

/**
 * KaTeX's style sheet names each font in three formats. Every browser that opens this deck reads the first.
 *
 * @returns {import('vite').Plugin}
 */
function oneFormatOfFonts() {
  return {
    name: 'dagdeck:one-format-of-fonts',
    enforce: 'pre',
    transform: {
      filter: { id: /katex\.css$/ },
      handler: (code) => code.replace(/,\s*url\([^)]*\) format\(['"](?:woff|truetype)['"]\)/g, ''),
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

export default defineConfig({
  base: './',
  define,
  plugins: [
    moduleFirst(),
    oneFormatOfFonts(),
    poolStarter(),
    pythonModule(),
    contentSecurityPolicy(),
    offline(),
    sizeTable(),
  ],
  worker,
  build: {
    ...build,
    rolldownOptions: {
      input: {
        deck: fileURLToPath(new URL('index.html', import.meta.url)),
        speaker: fileURLToPath(new URL('speaker.html', import.meta.url)),
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
