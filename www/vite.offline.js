/*
 * Tells the service worker which files the built site has. They are known only when everything is
 * built, so its names for them are filled in at the end, when its code stands.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

const NAME = 'service-worker.js';

/** Files that not every page needs: KaTeX and its fonts (350 kB), and Python with the editor (17 MB). */
const OPTIONAL = {
  maths: /^assets\/(?:formula-|KaTeX_)/,
  python: /^assets\/(?:dagdeck_python_bg|editor-)/,
};

/** @returns {import('vite').Plugin} */
export function offline() {
  let publicDir = '';
  return {
    name: 'dagdeck:offline',
    apply: 'build',
    enforce: 'post',
    configResolved(config) {
      ({ publicDir } = config);
    },
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        const script = bundle[NAME];
        if (script?.type !== 'chunk') return this.error(`${NAME} was not built`);
        if (script.imports.length > 0) return this.error(`${NAME} has to be one file`);
        /** @type {Map<string, string | Uint8Array>} */
        const contents = new Map();
        for (const [name, file] of Object.entries(bundle)) {
          if (name !== NAME) contents.set(name, file.type === 'chunk' ? file.code : file.source);
        }
        for (const path of filesIn(publicDir)) {
          contents.set(relative(publicDir, path).replaceAll('\\', '/'), readFileSync(path));
        }
        const names = [...contents.keys()].sort();
        const digest = createHash('sha256');
        for (const name of names) digest.update(name).update(contents.get(name) ?? '');
        const version = digest.digest('hex').slice(0, 16);
        const optional = Object.fromEntries(
          Object.entries(OPTIONAL).map(([group, pattern]) => [
            group,
            names.filter((name) => pattern.test(name)),
          ]),
        );
        const extra = Object.values(optional).flat();
        script.code = script.code
          .replaceAll('__FILES__', () =>
            JSON.stringify(names.filter((name) => !extra.includes(name))),
          )
          .replaceAll('__OPTIONAL_FILES__', () => JSON.stringify(optional))
          .replaceAll('__FILES_VERSION__', () => JSON.stringify(version));
      },
    },
  };
}

/** @param {string} folder @returns {string[]} */
function filesIn(folder) {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
