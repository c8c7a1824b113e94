/*
 * Pandoc's smart punctuation. markdown-it handles the quotes. `--` and `---` are dashes, `...` is an
 * ellipsis, and a backslash before a space keeps words on one line. markdown-it's own replacements would
 * also turn the `(c)` of `f(c)` into a copyright sign.
 */

/** @import { MarkdownIt } from 'markdown-it' */

/** @param {MarkdownIt} md */
export function smart(md) {
  md.inline.ruler.before('escape', 'space', (state, silent) => {
    if (!state.src.startsWith('\\ ', state.pos)) return false;
    if (!silent) state.pending += '\u00a0';
    state.pos += 2;
    return true;
  });
  md.core.ruler.at('replacements', ({ tokens }) => {
    for (const { children } of tokens) {
      for (const token of children ?? []) {
        if (token.type === 'text' && token.info !== 'auto') {
          token.content = token.content
            .replace(/---/g, '—')
            .replace(/--/g, '–')
            .replace(/\.\.\./g, '…');
        }
      }
    }
  });
}
