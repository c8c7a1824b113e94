/*
 * Tells an element its theme, now and whenever it changes: with attributes of the page or its own
 * (`data-theme`, `theme`, a class), and with the system's choice where the page follows that. It
 * draws nothing.
 */
import { readTheme, themes } from '../views/theme.js';

/** @import { Theme } from '../views/theme.js' */

/**
 * @param {Element} element whose `color-scheme` counts
 * @param {(theme: Theme) => void} onTheme
 * @param {AbortSignal} signal ends it
 */
export function followTheme(element, onTheme, signal) {
  const system = matchMedia('(prefers-color-scheme: dark)');
  const read = () => {
    const scheme = getComputedStyle(element).colorScheme;
    const both = scheme.includes('dark') && scheme.includes('light');
    const dark = both ? system.matches : scheme.includes('dark');
    onTheme(readTheme(element, dark ? themes.dark : themes.light));
  };
  const looks = new MutationObserver(read);
  looks.observe(document.documentElement, { attributes: true });
  looks.observe(element, { attributeFilter: ['theme', 'class', 'style'] });
  signal.addEventListener('abort', () => looks.disconnect());
  system.addEventListener('change', read, { signal });
  read();
}
