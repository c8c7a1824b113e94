/* What the linter asks for. Formatting is prettier's, types are tsc's: neither is repeated here. */
import js from '@eslint/js';
import globals from 'globals';

export default [
  {
    ignores: ['dist/', 'dist-package/', 'pkg/', 'pkg-python/', 'node_modules/', 'test/output/'],
  },
  js.configs.recommended,
  {
    files: ['**/*.js', '**/*.mjs'],
    languageOptions: { ecmaVersion: 2024, sourceType: 'module' },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      curly: ['error', 'multi-line'],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-console': 'error',
      'no-else-return': 'error',
      'no-shadow': 'error',
      'no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'no-var': 'error',
      'object-shorthand': 'error',
      'prefer-const': 'error',
      'prefer-template': 'error',
    },
  },
  {
    files: ['src/**'],
    languageOptions: {
      globals: {
        ...globals.browser,
        __VERSION__: 'readonly',
        __PYTHON__: 'readonly',
        __PYTHON_BYTES__: 'readonly',
      },
    },
  },
  {
    files: ['src/offline/service-worker.js'],
    languageOptions: {
      globals: {
        __FILES__: 'readonly',
        __FILES_VERSION__: 'readonly',
        __OPTIONAL_FILES__: 'readonly',
      },
    },
  },
  {
    files: ['src/engine/worker.js', 'src/engine/pool.js', 'src/python/worker.js'],
    languageOptions: { globals: globals.worker },
  },
  {
    files: ['*.js', '*.mjs', 'test/**', 'bench/**', 'icons/**', 'recordings/**'],
    languageOptions: { globals: { ...globals.node, ...globals.browser } },
    rules: { 'no-console': 'off' },
  },
];
