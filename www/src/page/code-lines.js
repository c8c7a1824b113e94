/*
 * Turns code into lines of HTML with highlight.js' class names, in languages that are common in talks on computing.
 */
import hljs from 'highlight.js/lib/core';
import bash from 'highlight.js/lib/languages/bash';
import c from 'highlight.js/lib/languages/c';
import javascript from 'highlight.js/lib/languages/javascript';
import json from 'highlight.js/lib/languages/json';
import plaintext from 'highlight.js/lib/languages/plaintext';
import python from 'highlight.js/lib/languages/python';
import rust from 'highlight.js/lib/languages/rust';
import yaml from 'highlight.js/lib/languages/yaml';

for (const [name, language] of Object.entries({
  bash,
  c,
  javascript,
  json,
  plaintext,
  python,
  rust,
  yaml,
})) {
  hljs.registerLanguage(name, language);
}
hljs.registerAliases(['cython', 'pyx'], { languageName: 'python' });

/** @param {string} language */
export function isLanguage(language) {
  return hljs.getLanguage(language) !== undefined;
}

/**
 * Splits highlighted code into lines. A token that spans lines is closed and reopened.
 *
 * @param {string} code
 * @param {string} [language] plain text without one
 * @returns {string[]} HTML, with nothing but highlight.js' own tags
 */
export function codeLines(code, language = 'plaintext') {
  /** @type {string[]} */
  let open = [];
  return hljs
    .highlight(code, { language })
    .value.split('\n')
    .map((line) => {
      const before = open.join('');
      for (const [tag] of line.matchAll(/<span[^>]*>|<\/span>/g)) {
        if (tag === '</span>') open = open.slice(0, -1);
        else open = [...open, tag];
      }
      return before + line + '</span>'.repeat(open.length);
    });
}
