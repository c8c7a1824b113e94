/*
 * The built pages' Content-Security-Policy, the second wall behind the sanitiser: should a talk file
 * get a script past it, the browser still runs nothing but the site's own files. The policy stands in
 * the pages, so that it holds on hosts that send no headers. Not when developing: Vite's own
 * scripts are inline there.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseAst } from 'vite';

/** @returns {import('vite').Plugin} */
export function contentSecurityPolicy() {
  return {
    name: 'dagdeck:content-security-policy',
    apply: 'build',
    transformIndexHtml: () => [
      {
        tag: 'meta',
        attrs: { 'http-equiv': 'Content-Security-Policy', content: policy() },
        injectTo: 'head-prepend',
      },
    ],
  };
}

function policy() {
  return Object.entries({
    'default-src': "'self'",
    // WebAssembly is compiled, and reveal.js writes the speaker's window with a script in it.
    'script-src': `'self' 'wasm-unsafe-eval' '${hashOf(speakerScript())}'`,
    // reveal.js writes a style sheet for print; talks have styles in attributes.
    'style-src': "'self' 'unsafe-inline'",
    // A talk from elsewhere brings its images and videos from there.
    'img-src': "'self' data: http: https:",
    'media-src': "'self' http: https:",
    'connect-src': "'self' http: https:",
    'worker-src': "'self'",
    // The speaker's window shows the deck in frames.
    'frame-src': "'self'",
    'object-src': "'none'",
    'base-uri': "'none'",
    'form-action': "'none'",
  })
    .map(([name, value]) => `${name} ${value}`)
    .join('; ');
}

/** The script in the page that reveal.js writes into the speaker's window. */
function speakerScript() {
  const file = fileURLToPath(import.meta.resolve('reveal.js/plugin/notes'));
  const literal = /document\.write\(("(?:[^"\\]|\\.)*")\)/.exec(readFileSync(file, 'utf8'));
  const page = literal && textOf(literal[1]);
  const script = page && /<script>([\s\S]*?)<\/script>/.exec(page);
  if (!script) throw new Error('reveal.js has changed its speaker window: its script is not found');
  return script[1];
}

/** @param {string} literal a string as it stands in JavaScript */
function textOf(literal) {
  const [statement] = parseAst(`(${literal})`).body;
  if (statement.type !== 'ExpressionStatement') return null;
  let { expression } = statement;
  while (expression.type === 'ParenthesizedExpression') ({ expression } = expression);
  return expression.type === 'Literal' ? String(expression.value) : null;
}

/** @param {string} script */
function hashOf(script) {
  return `sha256-${createHash('sha256').update(script).digest('base64')}`;
}
