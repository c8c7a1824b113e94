/*
 * What is compared of slides, from their HTML: what they say, and how many there are of each kind of
 * element. The HTML is pandoc's or our own, and well-formed: no browser is needed.
 */

/** @param {string} html */
export function digestOf(html) {
  const count = (/** @type {RegExp} */ pattern) => [...html.matchAll(pattern)].length;
  const notes = [...html.matchAll(/<aside class="notes">([\s\S]*?)<\/aside>/g)];
  return {
    text: textOf(html),
    notes: notes.map(([, text]) => textOf(text)),
    // An empty heading is nothing to see: pandoc writes it, we do not.
    headings: [...html.matchAll(/<h([1-6])\b[^>]*>(?!<\/h)/g)].map(([, level]) => Number(level)),
    fragments: count(/class="(?:[^"]* )?fragment[ "]/g),
    items: count(/<li\b/g),
    codes: count(/<pre\b/g),
    figures: count(/<figure\b/g),
    images: count(/<img\b/g),
    cells: count(/<t[hd]\b/g),
    captions: count(/<caption\b/g),
    centred: count(/<t[hd] style="text-align: ?center/g),
    formulas: count(/class="math inline"/g),
    displayed: count(/class="math display"/g),
    footnotes: count(/class="footnote-ref"/g),
    terms: count(/<d[td]\b/g),
    columns: count(/<div class="(?:[^"]* )?column[ "]/g),
    rules: count(/<hr\b/g),
  };
}

/** @param {string} html */
function textOf(html) {
  /** @type {Record<string, string>} */
  const entities = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };
  return html
    .replace(/<[^>]*>/g, ' ')
    .replace(/&(amp|lt|gt|quot|#39);/g, (_, name) => entities[name])
    .replace(/\s+/g, ' ')
    .replace(/ (?=[.,:;!?)’”])|(?<=[(“‘]) /g, '')
    .trim();
}
