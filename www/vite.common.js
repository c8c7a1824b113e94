/*
 * What the builds of the site and of the package have in common: the engine worker, the module that has
 * to be there before, and how code is written.
 */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * wasm-bindgen-rayon brings its own JavaScript to start the pool. Ours replaces it: the page creates
 * the workers, each from the engine worker's own file, and a worker that fails to start is an error
 * instead of a promise that never settles.
 *
 * @returns {import('vite').Plugin}
 */
export function poolStarter() {
  const ours = fileURLToPath(new URL('src/engine/pool-starter.js', import.meta.url));
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
export function moduleFirst() {
  const module = new URL('pkg/dagdeck_bg.wasm', import.meta.url);
  return {
    name: 'dagdeck:module-first',
    buildStart() {
      if (!existsSync(module)) this.error('There is no wasm module in pkg/. Build it: make build');
    },
  };
}

/**
 * Python's module is optional: without it, or with PYTHON=0, a page says that it cannot run Python.
 */
const pythonPackage = fileURLToPath(new URL('pkg-python/dagdeck_python.js', import.meta.url));
const pythonWasm = fileURLToPath(new URL('pkg-python/dagdeck_python_bg.wasm', import.meta.url));
const withPython = process.env.PYTHON !== '0' && existsSync(pythonPackage);

/**
 * @param {boolean} [wanted] whether this build may include Python's module
 * @returns {import('vite').Plugin}
 */
export function pythonModule(wanted = true) {
  const none = fileURLToPath(new URL('src/python/not-built.js', import.meta.url));
  const built = withPython && wanted;
  return {
    name: 'dagdeck:python-module',
    enforce: 'pre',
    config: () => ({
      define: {
        __PYTHON__: JSON.stringify(built),
        __PYTHON_BYTES__: built ? statSync(pythonWasm).size : 0,
      },
    }),
    resolveId(source) {
      if (source === '#python') return built ? pythonPackage : none;
      if (source === '#python-wasm') return built ? `${pythonWasm}?url` : none;
      return null;
    },
  };
}

export const { version } = JSON.parse(
  readFileSync(new URL('package.json', import.meta.url), 'utf8'),
);

export const define = { __VERSION__: JSON.stringify(version) };

/** @type {import('vite').UserConfig['worker']} */
export const worker = { format: 'es', plugins: () => [poolStarter(), pythonModule()] };

/** @type {import('vite').BuildOptions} */
export const build = {
  target: 'es2023',
  // The first with light-dark(). What stands in for it in older ones are properties of the page, which a page that
  // embeds a demo does not have.
  cssTarget: ['chrome123', 'edge123', 'firefox120', 'safari17.5'],
  reportCompressedSize: false,
  assetsInlineLimit: 0,
  modulePreload: { polyfill: false },
};
