/*
 * Starts reveal.js with the settings that the deck gives it, and no others.
 */

/** @import { RevealApi } from 'reveal.js' */

/**
 * reveal.js lets the query of the page's URL overrule every setting (`?plugins=1`, `?width=abc`,
 * `?parallaxBackgroundImage=https://...`). It reads the query when `initialize()` is called, so the query is empty for as
 * long as that call takes.
 *
 * @param {RevealApi} deck
 * @returns {Promise<unknown>} resolves when the slides are shown
 */
export function startWithoutQuery(deck) {
  const { href, pathname, hash } = location;
  history.replaceState(history.state, '', pathname + hash);
  try {
    return deck.initialize();
  } finally {
    history.replaceState(history.state, '', href);
  }
}
