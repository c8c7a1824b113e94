/*
 * Splits a talk into slides, by pandoc's rules. The slide level is the highest heading level that is followed
 * by content somewhere, rather than by another heading. A heading of that level starts a slide, as does a
 * rule. A higher heading starts a section, with a slide of its own; a lower one stays within its slide.
 * Unlike in pandoc, a rule before a heading of any level does not create an empty slide.
 */

/** @import { Token } from 'markdown-it' */

/**
 * @typedef {Object} Group the tokens of one slide
 * @property {Token[]} tokens without the heading
 * @property {{ open: Token, inline: Token } | null} heading
 * @property {number} level of its heading; the slide level without one
 * @property {number} line of its first token, from 0
 */

/**
 * @param {Token[]} tokens
 * @returns {number}
 */
export function slideLevelOf(tokens) {
  let level = 6;
  tokens.forEach((token, i) => {
    if (!isHeading(token) || levelOf(token) >= level) return;
    const next = tokens[i + 3];
    if (next && !isHeading(next) && !isRule(next)) level = levelOf(token);
  });
  return level;
}

/**
 * @param {Token[]} tokens
 * @param {number} slideLevel
 * @returns {Group[]}
 */
export function splitSlides(tokens, slideLevel) {
  /** @type {Group[]} */
  const groups = [];
  const start = (/** @type {Token} */ token) => {
    const line = token.map?.[0] ?? 0;
    groups.push({ tokens: [], heading: null, level: slideLevel, line });
  };
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i];
    if (isHeading(token) && levelOf(token) <= slideLevel) {
      start(token);
      const [group] = groups.slice(-1);
      group.heading = { open: token, inline: tokens[i + 1] };
      group.level = levelOf(token);
      i += 2;
    } else if (isRule(token)) {
      start(token);
    } else {
      if (groups.length === 0) start(token);
      groups[groups.length - 1].tokens.push(token);
    }
  }
  return groups.filter((group) => group.heading || group.tokens.length > 0);
}

/** @param {Token} token */
function isHeading(token) {
  return token.type === 'heading_open' && token.level === 0;
}

/** @param {Token} token */
function isRule(token) {
  return token.type === 'hr' && token.level === 0;
}

/** @param {Token} token */
function levelOf(token) {
  return Number(token.tag[1]);
}
