/*
 * The talk's drawings in a slide: an image that names an SVG file of talk/figures/ is replaced by what the
 * file holds, so that it follows the theme (figures.css), which a picture loaded as an image cannot. An `alt`
 * text, if there is one, takes the place of the drawing's own. Nothing is loaded for it.
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
    const folder = new URL('figures/', document.baseURI).href;
    const { href } = new URL(image.getAttribute('src') ?? '', document.baseURI);
    const source = href.startsWith(folder)
      ? files[`../../talk/figures/${href.slice(folder.length)}`]
      : undefined;
    if (source === undefined) continue;
    const drawing = document.createRange().createContextualFragment(source).firstElementChild;
    if (!drawing) continue;
    if (image.alt) drawing.setAttribute('aria-label', image.alt);
    // Without an address the browser does not even begin to load it.
    image.removeAttribute('src');
    image.replaceWith(drawing);
  }
}
