import type { DagDemo } from './types/package.js';

export * from './types/package.js';

declare global {
  interface HTMLElementTagNameMap {
    'dag-demo': DagDemo;
  }
}
