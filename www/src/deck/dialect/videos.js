/*
 * Videos: an image whose file is a video, `![Words](film.mp4)`, as in pandoc. `<video>` in HTML works as well;
 * the sanitiser decides which of its attributes are allowed.
 */

/** @import { MarkdownIt } from 'markdown-it' */

const FILM = /\.(?:m4v|mp4|og[gv]|mov|webm)(?:[?#].*)?$/i;

/** @param {MarkdownIt} md */
export function videos(md) {
  md.core.ruler.push('videos', ({ tokens }) => {
    for (const { children } of tokens) {
      for (const token of children ?? []) {
        if (token.type === 'image' && FILM.test(String(token.attrGet('src')))) token.type = 'video';
      }
    }
  });
  md.renderer.rules.video = (tokens, i, options, env, renderer) => {
    const token = tokens[i];
    const words = renderer.renderInlineAsText(token.children ?? [], options, env);
    token.attrs = (token.attrs ?? []).filter(([name]) => name !== 'alt');
    if (words) token.attrSet('aria-label', words);
    return `<video controls${renderer.renderAttrs(token)}></video>`;
  };
}
