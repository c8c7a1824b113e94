/*
 * Renumbers a slide's fragments. reveal.js uses `data-fragment-index` as an array index and loops up to the
 * highest one, so an index of four billion hangs the page. Only the order of the numbers matters, so they are
 * renumbered without gaps.
 */

const NAME = 'data-fragment-index';

/**
 * @param {HTMLElement} slide
 * @param {(message: string, at: Element) => void} report
 */
export function renumberFragments(slide, report) {
  const fragments = [...slide.querySelectorAll(`[${NAME}]`)];
  const indices = fragments.map((fragment) => fragment.getAttribute(NAME) ?? '');
  const order = ranks(indices);
  fragments.forEach((fragment, i) => {
    const rank = order.get(indices[i]);
    if (rank === undefined) {
      report(`data-fragment-index: “${indices[i]}” must be a whole number, 0 or more`, fragment);
      fragment.removeAttribute(NAME);
    } else fragment.setAttribute(NAME, String(rank));
  });
}

/**
 * Returns the rank of each whole number.
 *
 * @param {string[]} texts
 * @returns {Map<string, number>} without those that are not whole numbers
 */
export function ranks(texts) {
  const numbers = texts.filter((text) => /^\s*\d+\s*$/.test(text)).map(Number);
  const places = new Map([...new Set(numbers)].sort((a, b) => a - b).map((n, i) => [n, i]));
  return new Map(
    texts.flatMap((text) => {
      const place = /^\s*\d+\s*$/.test(text) ? places.get(Number(text)) : undefined;
      return place === undefined ? [] : [[text, place]];
    }),
  );
}
