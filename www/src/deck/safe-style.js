/*
 * Keeps the properties of a style attribute that shape an element within its slide: size, spacing, colour, type.
 * Drops those that could move the element elsewhere on the screen, and those that load something.
 */

const PROPERTIES = new RegExp(
  `^(?:${[
    'align-(?:content|items|self)|justify-(?:content|items|self)|place-.*|order|display|float|clear',
    'background-color|color|fill|stroke|stroke-width|opacity|visibility|object-fit|aspect-ratio',
    'border-(?!image).*|column-.*|row-gap|flex-.*|font-.*|grid-.*|letter-spacing|line-height',
    '(?:min-|max-)?(?:width|height|inline-size|block-size)|margin-.*|padding-.*|list-style-type',
    'text-(?:align|anchor|decoration|indent|transform|wrap).*|vertical-align|white-space.*',
  ].join('|')})$`,
);

/**
 * @param {string} text
 * @returns {string}
 */
export function safeStyle(text) {
  const { style } = document.implementation.createHTMLDocument('').createElement('div');
  style.cssText = text;
  return [...style]
    .filter((name) => PROPERTIES.test(name) && !/url|image|var/i.test(style.getPropertyValue(name)))
    .map((name) => `${name}: ${style.getPropertyValue(name)}`)
    .join('; ');
}
