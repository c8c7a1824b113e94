/* URLs, resolved against a base. */

/**
 * @param {string} text
 * @param {string | URL} base
 * @returns {URL | null} null if it is not a valid URL
 */
export function webUrl(text, base) {
  return URL.canParse(text, base) ? new URL(text, base) : null;
}

/**
 * Returns the decoded name of the file that a URL points to.
 *
 * @param {URL} url
 * @returns {string} as it stands in the URL if its escapes are malformed, as in `100%.png`
 */
export function fileName(url) {
  const name = url.pathname.split('/').pop() ?? '';
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
