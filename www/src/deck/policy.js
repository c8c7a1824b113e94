/*
 * Narrows the page's Content-Security-Policy to the talk that is presented. Policies add up: the browser loads only what
 * all of them allow. Redirects are checked too, so an open redirect on the talk's origin cannot be used to get around
 * the policy.
 */

/**
 * Allows images, media and fetches from this origin and the talk's only. Call it before anything is loaded.
 *
 * @param {string | null} talk the talk's URL; null for a talk of this page
 */
export function narrowPolicy(talk) {
  const origins = policyOrigins(talk, document.baseURI);
  const meta = document.createElement('meta');
  meta.httpEquiv = 'Content-Security-Policy';
  meta.content = [
    `img-src ${origins} data:`,
    `media-src ${origins} data:`,
    // A Dask cluster may be anywhere.
    `connect-src ${origins} ws: wss:`,
  ].join('; ');
  document.head.append(meta);
}

/**
 * @param {string | null} talk
 * @param {string} base
 */
export function policyOrigins(talk, base) {
  const url = talk !== null && URL.canParse(talk, base) ? new URL(talk, base) : null;
  // An origin contains no character that is special in a policy.
  return url && /^https?:$/.test(url.protocol) ? `'self' ${url.origin}` : "'self'";
}
