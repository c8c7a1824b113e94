/*
 * Finds slides whose content does not fit, because it would be cut off silently. They are measured on the page, at
 * the size for which slides are laid out, with all fragments, once images and fonts have loaded.
 */

/** @import { Problem } from './markdown.js' */

/** How long to wait for images. */
const PATIENCE_MS = 10_000;

/** Allows for rounding, and for the descenders of a last line. */
const TOLERANCE_PX = 2;

/** @returns {Promise<Problem[]>} of the slides on the page */
export async function overflowProblems() {
  /** @type {NodeListOf<HTMLElement>} */
  const all = document.querySelectorAll('.slides section');
  const sections = [...all];
  const media = [...document.querySelectorAll('.slides :is(img, video)')].map(loaded);
  const timeout = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS));
  await Promise.race([Promise.all(media), timeout]);
  // Browsers load a font when text is first laid out in it.
  whileShown(sections, () => document.body.offsetHeight);
  await document.fonts.ready;
  return whileShown(sections, () => sections.flatMap(problemsOf));
}

/**
 * @param {Element} element
 * @returns {Promise<void>} resolves when its size is known or it has failed to load
 */
function loaded(element) {
  const isVideo = element instanceof HTMLVideoElement;
  const done = isVideo
    ? element.readyState > 0
    : /** @type {HTMLImageElement} */ (element).complete;
  if (done) return Promise.resolve();
  return new Promise((resolve) => {
    for (const type of [isVideo ? 'loadedmetadata' : 'load', 'error']) {
      element.addEventListener(type, () => resolve(), { once: true });
    }
  });
}

/**
 * Lays out all slides, including those that reveal.js hides, while a function runs.
 *
 * @template T
 * @param {HTMLElement[]} sections
 * @param {() => T} measure
 * @returns {T}
 */
function whileShown(sections, measure) {
  const before = sections.map(({ style, hidden }) => ({ style: style.cssText, hidden }));
  for (const section of sections) {
    section.hidden = false;
    section.style.setProperty('display', 'block', 'important');
  }
  try {
    return measure();
  } finally {
    sections.forEach((section, i) => {
      section.hidden = before[i].hidden;
      section.style.cssText = before[i].style;
    });
  }
}

/**
 * @param {HTMLElement} section
 * @returns {Problem[]}
 */
function problemsOf(section) {
  const slide = /** @type {HTMLElement | null} */ (section.querySelector(':scope > .slide'));
  if (!slide) return [];
  const line = Number(section.dataset.line) || 1;
  const [height, width] = excessOf(slide);
  if (height > 0 || width > 0) {
    const much = [
      ...(height > 0 ? [`${height} px too tall`] : []),
      ...(width > 0 ? [`${width} px too wide`] : []),
    ].join(' and ');
    const size = `${slide.clientWidth} × ${slide.clientHeight} px`;
    const message = `this slide is ${much} for ${size}, and is cut off: shorten it or split it`;
    return [{ line, message }];
  }
  for (const code of /** @type {NodeListOf<HTMLElement>} */ (slide.querySelectorAll('pre'))) {
    const [tall, wide] = [
      code.scrollHeight - code.clientHeight,
      code.scrollWidth - code.clientWidth,
    ];
    if (Math.max(tall, wide) <= TOLERANCE_PX) continue;
    const much = wide > TOLERANCE_PX ? `${wide} px too wide` : `${tall} px too tall`;
    const message = `code on this slide is ${much} and is cut off: use shorter lines, or fewer`;
    return [{ line, message }];
  }
  return [];
}

/**
 * Returns by how much the content of a slide overflows.
 *
 * @param {HTMLElement} slide
 * @returns {[heightPx: number, widthPx: number]}
 */
function excessOf(slide) {
  const box = slide.getBoundingClientRect();
  const scale = box.width / slide.offsetWidth || 1;
  // Centred content overflows at the top as well.
  const above = [...slide.children].reduce(
    (most, child) => Math.max(most, (box.top - child.getBoundingClientRect().top) / scale),
    0,
  );
  const excess = [
    slide.scrollHeight - slide.clientHeight + above,
    slide.scrollWidth - slide.clientWidth,
  ].map((px) => (px > TOLERANCE_PX ? Math.round(px) : 0));
  return [excess[0], excess[1]];
}
