/*
 * Trusted Types: the policy of the built pages makes the browser refuse plain text where it would become HTML, a script
 * or a worker. Text from our libraries passes through here: HTML is sanitised, and scripts may come from this site only.
 * Browsers without Trusted Types are not affected. https://developer.mozilla.org/docs/Web/API/Trusted_Types_API
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
  // Nothing runs in a document that DOMParser creates, and its reader needs the unchanged text.
  createHTML: (html, _type, sink) =>
    sink === 'DOMParser parseFromString'
      ? html
      : DOMPurify.sanitize(html, { ADD_TAGS: ['slot', 'use'], ADD_ATTR: ['slot', 'part'] }),
  createScriptURL(url) {
    if (new URL(url, document.baseURI).origin === location.origin) return url;
    throw new TypeError(`Code is loaded from this site only, not from ${url}`);
  },
});
