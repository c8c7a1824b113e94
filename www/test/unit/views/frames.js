/* Frames of views, as the kernel makes them, for tests without a page. */
import { themes } from '../../../src/views/theme.js';

/**
 * @param {import('../../../src/views/view.js').ViewDefinition} definition
 * @param {import('../../../src/model/run.js').RunModel} model
 * @param {Partial<import('../../../src/views/view.js').Frame>} [more]
 * @returns {import('../../../src/views/view.js').Frame}
 */
export function frameOf(definition, model, more = {}) {
  const frame = {
    models: [model],
    window: null,
    selection: -1,
    hover: -1,
    cursorMs: null,
    at: null,
    beside: {},
    theme: themes.light,
    viewport: { width: 600, height: 200, ratio: 1, textSize: 14 },
    changed: /** @type {const} */ ('all'),
    vector: false,
    memo: definition.memo?.(),
    ...more,
  };
  definition.open?.(frame, false);
  return frame;
}
