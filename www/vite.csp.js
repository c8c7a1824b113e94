/*
 * The built pages' Content-Security-Policy, the second wall behind the sanitiser: should a talk file get a script past
 * it, the browser still runs nothing but the site's own files. The policy stands in the pages, so that it holds on hosts
 * that send no headers. Not when developing: Vite's own scripts are inline there.
 *
 * A talk may come from any origin, with its images and recordings. Which one is known when the deck starts; it then adds a
 * policy that allows that origin alone (src/deck/policy.js). The other pages load from their own origin only. The deck and
 * the lab may connect to a Dask cluster, which may be anywhere (src/engine/dask).
 */

/** @returns {import('vite').Plugin} */
export function contentSecurityPolicy() {
  return {
    name: 'dagdeck:content-security-policy',
    apply: 'build',
    transformIndexHtml: (_html, { path }) => [
      {
        tag: 'meta',
        attrs: {
          'http-equiv': 'Content-Security-Policy',
          content: policy(
            path === '/index.html' ? ' http: https:' : '',
            path === '/speaker.html' ? '' : ' ws: wss:',
          ),
        },
        injectTo: 'head-prepend',
      },
    ],
  };
}

/**
 * @param {string} others origins that the page may load data from, beside its own
 * @param {string} sockets origins that it may open WebSockets to
 */
function policy(others, sockets) {
  return Object.entries({
    'default-src': "'self'",
    // WebAssembly is compiled.
    'script-src': "'self' 'wasm-unsafe-eval'",
    // reveal.js writes a style sheet for print; talks have styles in attributes.
    'style-src': "'self' 'unsafe-inline'",
    'img-src': `'self' data:${others}`,
    'media-src': `'self' data:${others}`,
    'connect-src': `'self'${others}${sockets}`,
    'worker-src': "'self'",
    // The speaker's window shows the deck in frames.
    'frame-src': "'self'",
    'object-src': "'none'",
    'base-uri': "'none'",
    'form-action': "'none'",
    // Text becomes HTML only by the page's policy (src/page/trusted-types.js) or DOMPurify's.
    'require-trusted-types-for': "'script'",
    'trusted-types': "default dompurify 'allow-duplicates'",
  })
    .map(([name, value]) => `${name} ${value}`)
    .join('; ');
}
