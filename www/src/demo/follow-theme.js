/*
 * Tells an element its theme, now and whenever it changes: with attributes of the page or its own
 * (`data-theme`, `theme`, a class), with the system's choice where the page follows that, and with colours that the
 * reader forces on all pages.
 */
import { formatColour } from '../views/colours.js';
import { forcedTheme, readTheme, themes } from '../views/theme.js';

/** @import { Theme } from '../views/theme.js' */

/**
 * @param {Element} element whose `color-scheme` counts
 * @param {(theme: Theme) => void} onTheme
 * @param {AbortSignal} signal ends it
 */
export function followTheme(element, onTheme, signal) {
  const system = matchMedia('(prefers-color-scheme: dark)');
  const forced = matchMedia('(forced-colors: active)');
  const read = () => {
    if (forced.matches) {
      onTheme(forcedTheme(systemColour));
      return;
    }
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
  forced.addEventListener('change', read, { signal });
  read();
}

/**
 * @param {string} name a system colour of CSS
 * @returns {string} `#rrggbb`
 */
function systemColour(name) {
  const probe = document.createElement('span');
  probe.style.color = name;
  document.body.append(probe);
  const [red, green, blue] = getComputedStyle(probe).color.match(/[\d.]+/g) ?? [];
  probe.remove();
  return formatColour([Number(red), Number(green), Number(blue)]);
}
