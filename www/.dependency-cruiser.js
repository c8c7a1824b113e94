/*
 * Which folders of src may import which, types included. `npm run lint` checks it, and that no modules
 * import each other in a circle.
 *
 *     deck, lab, speaker -> demo -> views -> model -> engine/protocol
 *                             '-----> engine <- array <- delayed <- distributed <- page <- cells
 */

/**
 * What a folder may import besides itself. A folder that is not here is at the top: it may import
 * everything, and nothing else may import it.
 *
 * @type {Record<string, string[]>}
 */
const allowed = {
  data: [],
  engine: ['data', 'model/actions.js'],
  figures: [],
  model: ['data', 'engine/protocol.js'],
  views: ['model', 'engine/protocol.js'],
  array: ['data', 'engine'],
  delayed: ['array', 'engine'],
  distributed: ['array', 'delayed', 'engine'],
  python: ['engine/life.js', 'engine/with-resolvers.js'],
  page: ['array', 'delayed', 'distributed', 'engine', 'python'],
  cells: ['page', 'python'],
  offline: ['page'],
  demo: ['views', 'model', 'data', 'engine', 'page'],
};

const folders = Object.entries(allowed).map(([folder, others]) => ({
  name: `${folder}-imports`,
  comment: `src/${folder} may import ${others.length > 0 ? others.join(', ') : 'itself only'}.`,
  severity: 'error',
  from: { path: `^src/${folder}/` },
  to: { path: '^src/', pathNot: `^src/(${[folder, ...others].join('|')})(/|$)` },
}));

export default {
  forbidden: [
    ...folders,
    {
      name: 'no-circles',
      comment: 'Modules that import each other can only be understood, and tested, together.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'wasm-imports',
      comment: 'The wasm package is imported by the engine worker and the describer alone.',
      severity: 'error',
      from: { pathNot: '^src/engine/(worker|describer)\\.js$' },
      to: { path: '^(pkg/|#wasm$)' },
    },
    {
      name: 'python-imports',
      comment: 'The package of Python’s module is imported by its worker alone.',
      severity: 'error',
      from: { pathNot: '^src/python/worker\\.js$' },
      to: { path: '^(pkg-python/|#python(-wasm)?$)' },
    },
    {
      name: 'not-found',
      comment: 'The imported module does not exist, or package.json does not list its package.',
      severity: 'error',
      from: {},
      // The wasm package is built later, and `virtual:` modules exist in Vite only.
      to: {
        couldNotResolve: true,
        pathNot: '^(#wasm$|#python(-wasm)?$|\\./pkg(-python)?/|virtual:)',
      },
    },
  ],
  options: {
    doNotFollow: { path: '^(node_modules|pkg|pkg-python)/' },
    // Reads types too: TypeScript's and those in comments (`@import`, `import()`).
    parser: 'tsc',
    tsPreCompilationDeps: true,
    detectJSDocImports: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'browser', 'default'],
    },
  },
};
