/* Addresses, relative ones with what they are relative to. */

/**
 * @param {string} text
 * @param {string | URL} base
 * @returns {URL | null} null for what is no address
 */
export function webAddress(text, base) {
  return URL.canParse(text, base) ? new URL(text, base) : null;
}
