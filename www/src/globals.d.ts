/* Names that the build or the page puts into the global scope. */
declare const __VERSION__: string;
/** Whether the site is built with Python's module. */
declare const __PYTHON__: boolean;
/** The size of Python's module, not compressed. */
declare const __PYTHON_BYTES__: number;
declare const __FILES__: string[];
declare const __OPTIONAL_FILES__: Record<'maths' | 'python', string[]>;
declare const __FILES_VERSION__: string;

interface Window {
  dagdeck: import('./page/api.js').Api;
}

interface HTMLElementTagNameMap {
  'dag-demo': import('./demo/dag-demo.js').DagDemo;
}
