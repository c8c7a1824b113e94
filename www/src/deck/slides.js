/*
 * A parsed talk as the elements that reveal.js presents: one section per slide, the title first.
 */

/** @import { Talk } from './markdown.js' */

/**
 * @param {Talk} talk
 * @returns {HTMLElement[]}
 */
export function slideElements({ meta, slides }) {
  const elements = slides.map(({ id, html }) => section(id, html));
  if (!meta.title) return elements;
  const title = titleSlide(meta);
  // Notes that stand before the first heading are the title's.
  const [first] = elements;
  if (first?.querySelector('.slide')?.childElementCount === 0) {
    title.append(...first.querySelectorAll('aside.notes'));
    elements.shift();
  }
  return [title, ...elements];
}

/** @param {Record<string, string>} meta */
function titleSlide(meta) {
  const element = section('title', '');
  element.classList.add('title');
  const slide = element.querySelector('.slide');
  for (const [name, tag] of [
    ['title', 'h1'],
    ['subtitle', 'p'],
    ['author', 'p'],
    ['date', 'p'],
    ['credit', 'p'],
  ]) {
    if (!meta[name]) continue;
    const line = document.createElement(tag);
    line.className = name;
    line.textContent = meta[name];
    slide?.append(line);
  }
  return element;
}

/**
 * @param {string} id
 * @param {string} html
 */
function section(id, html) {
  const element = document.createElement('section');
  element.id = id;
  const slide = document.createElement('div');
  slide.className = 'slide';
  slide.innerHTML = html;
  // reveal.js looks for speaker notes directly in the section.
  element.append(slide, ...slide.querySelectorAll('aside.notes'));
  return element;
}
