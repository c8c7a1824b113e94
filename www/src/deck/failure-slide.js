/*
 * The slide that is shown instead of a talk that cannot be shown: it says why, and links to dagdeck's own talk.
 */

/**
 * @param {string} message
 * @param {string} address of dagdeck's own talk
 * @returns {HTMLElement}
 */
export function failureSlide(message, address) {
  const section = document.createElement('section');
  const slide = document.createElement('div');
  slide.className = 'slide';
  const heading = document.createElement('h3');
  heading.textContent = 'This talk cannot be shown';
  const why = document.createElement('p');
  why.textContent = `${message}.`;
  const way = document.createElement('p');
  const link = document.createElement('a');
  link.href = address;
  link.textContent = 'dagdeck’s own talk';
  way.append('Drop a Markdown file here, or go to ', link, ' (key D).');
  slide.append(heading, why, way);
  section.append(slide);
  return section;
}
