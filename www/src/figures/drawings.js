/*
 * The talk's drawings on a slide. An image whose file is an SVG in talk/figures/ is replaced by the SVG itself, so that
 * it follows the theme (figures.css); an SVG in an `<img>` cannot. The `alt` text, if any, replaces the drawing's own
 * description. The drawings are part of the bundle, so nothing is loaded.
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
    // Without `src` the browser does not start to load it.
    image.removeAttribute('src');
    image.replaceWith(drawing);
  }
}
