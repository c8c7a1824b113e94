/*
 * The talk's drawings in a slide: an image whose file is in talk/figures/ as SVG is replaced by what the
 * file holds, so that it follows the theme (figures.css), which a picture loaded as an image cannot. An `alt`
 * text, if there is one, takes the place of the drawing's own.
 */
import './figures.css';

/** @type {Record<string, string>} */
const files = import.meta.glob('../../talk/figures/*.svg', {
  query: '?raw',
  import: 'default',
  eager: true,
});

/** @param {ParentNode} slides */
export function inlineDrawings(slides) {
  for (const image of slides.querySelectorAll('img')) {
    const source = files[`../../talk/${image.getAttribute('src')}`];
    if (source === undefined) continue;
    const drawing = document.createRange().createContextualFragment(source).firstElementChild;
    if (!drawing) continue;
    if (image.alt) drawing.setAttribute('aria-label', image.alt);
    image.replaceWith(drawing);
  }
}
