/*
 * The page's theme: light or dark. The reader's choice is remembered; without one, the system's theme
 * is used. This file only sets `data-theme` on the root element, which style sheets and demos follow.
 */

const KEY = 'dagdeck-theme';

/** @typedef {'light' | 'dark'} ThemeName */

const dark = matchMedia('(prefers-color-scheme: dark)');

/** Applies the remembered choice, or the system's, and follows the system until there is a choice. */
export function applyTheme() {
  show(remembered() ?? systemTheme());
  dark.addEventListener('change', () => {
    if (!remembered()) show(systemTheme());
  });
  // The theme was changed in another window: the speaker's or the deck.
  addEventListener('storage', ({ key }) => {
    if (key === KEY) show(remembered() ?? systemTheme());
  });
}

/** Toggles the theme, and remembers the choice. */
export function toggleTheme() {
  const next = document.documentElement.dataset.theme === 'dark' ? 'light' : 'dark';
  show(next);
  try {
    localStorage.setItem(KEY, next);
  } catch {
    // Without storage (a private window, a frame) the choice lasts until the page is closed.
  }
}

/** @returns {ThemeName} */
function systemTheme() {
  return dark.matches ? 'dark' : 'light';
}

/** @returns {ThemeName | null} */
function remembered() {
  try {
    const name = localStorage.getItem(KEY);
    return name === 'light' || name === 'dark' ? name : null;
  } catch {
    return null;
  }
}

/** @param {ThemeName} name */
function show(name) {
  document.documentElement.dataset.theme = name;
}
