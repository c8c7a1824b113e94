/*
 * The tooltip of a view: lines of text beside a point, the first of them a heading. It stays within the width of its
 * view. It is an element of the page, so it follows the page's fonts and forced colours.
 */

/**
 * @param {HTMLElement} figure is positioned, and contains `frame`
 * @param {HTMLElement} frame the box of what is drawn
 */
export function createTooltip(figure, frame) {
  const element = document.createElement('div');
  element.className = 'tip';
  element.hidden = true;
  // What it says is announced where the keyboard asks for it (kernel.js).
  element.setAttribute('aria-hidden', 'true');
  figure.append(element);
  let shown = '';

  return {
    /**
     * @param {string[]} lines
     * @param {{ x: number, y: number }} at CSS pixels in the frame
     */
    show(lines, at) {
      const text = lines.join('\n');
      if (text !== shown) {
        shown = text;
        element.replaceChildren(
          ...lines.map((line, i) => {
            const row = document.createElement(i === 0 ? 'strong' : 'span');
            row.textContent = line;
            return row;
          }),
        );
      }
      element.hidden = false;
      const { offsetWidth: width, offsetHeight: height } = element;
      const [left, top] = [frame.offsetLeft, frame.offsetTop];
      const x = Math.max(0, Math.min(left + at.x + 14, figure.clientWidth - width - 2));
      const fitsBelow = at.y + 16 + height <= frame.clientHeight;
      const y = top + (fitsBelow ? at.y + 16 : at.y - height - 10);
      element.style.transform = `translate(${Math.round(x)}px, ${Math.round(y)}px)`;
    },
    hide() {
      if (!element.hidden) element.hidden = true;
    },
    /** @param {import('./theme.js').Theme} theme */
    setTheme({ tip, tipText }) {
      element.style.setProperty('--tip', tip);
      element.style.setProperty('--tip-text', tipText);
    },
    dispose: () => element.remove(),
  };
}
