/*
 * Trusted Types: the built pages' policy has the browser refuse text where it would become HTML, a script or a worker.
 * What our libraries write as text comes through here: HTML is sanitised, and code comes from this site only. Browsers
 * without Trusted Types go on as before. https://developer.mozilla.org/docs/Web/API/Trusted_Types_API
 */
import DOMPurify from 'dompurify';

/**
 * @typedef {Object} Rules
 * @property {(html: string, type: string, sink: string) => string} createHTML
 * @property {(url: string) => string} createScriptURL
 */

const types = /** @type {{ createPolicy: (name: string, rules: Rules) => void } | undefined} */ (
  /** @type {any} */ (globalThis).trustedTypes
);

types?.createPolicy('default', {
  // Nothing runs in a document that DOMParser makes, and its reader needs the text as it is.
  createHTML: (html, _type, sink) =>
    sink === 'DOMParser parseFromString'
      ? html
      : DOMPurify.sanitize(html, { ADD_TAGS: ['slot', 'use'], ADD_ATTR: ['slot', 'part'] }),
  createScriptURL(url) {
    if (new URL(url, document.baseURI).origin === location.origin) return url;
    throw new TypeError(`Code is loaded from this site only, not from ${url}`);
  },
});
