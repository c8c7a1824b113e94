/*
 * The attributes of <dag-demo>: its own, those that every element may have, and the settings of its
 * program. Any other attribute is most likely a typo.
 */

const words = (/** @type {string} */ text) => text.trim().split(/\s+/);

/** The attributes of every demo, whatever its program. */
const own = words(
  'program expression graph controls lines recording fallback fallback-dask limit autorun preview theme',
);

/**
 * Global attributes, which belong to the page. https://developer.mozilla.org/docs/Web/HTML/Reference/Global_attributes
 */
const global = words(`
  accesskey anchor autocapitalize autocorrect autofocus class contenteditable dir draggable
  enterkeyhint exportparts hidden id inert inputmode is itemid itemprop itemref itemscope itemtype
  lang nonce part popover role slot spellcheck style tabindex title translate virtualkeyboardpolicy
  writingsuggestions
`);

/**
 * Whether an attribute of a demo could be a setting of its program.
 *
 * @param {string} name
 */
export function isSetting(name) {
  if (own.includes(name) || global.includes(name)) return false;
  // Event handlers, and names that frameworks add.
  return /^[a-z][a-z0-9_-]*$/.test(name) && !/^(?:data-|aria-|on[a-z]+$)/.test(name);
}

/**
 * @param {Iterable<string>} names of the attributes of a demo
 * @param {string[]} settings that its program has
 * @param {string} program
 * @returns {string[]} a message, if any of them is unknown
 */
export function attributeProblems(names, settings, program) {
  const unknown = [...names].filter((name) => isSetting(name) && !settings.includes(name));
  if (unknown.length === 0) return [];
  const found = `unknown ${unknown.length === 1 ? 'attribute' : 'attributes'}`;
  return [
    `${unknown.join(', ')}: ${found}. The settings of ${program} are ${settings.join(', ')}; ` +
      `other attributes of a demo are ${own.join(', ')}.`,
  ];
}

/**
 * @param {string} controls the value of the attribute: names, or `all`
 * @param {string[]} settings that the program has
 * @returns {string[]} a message, if any of them is unknown
 */
export function controlProblems(controls, settings) {
  if (controls.trim() === '' || controls.trim() === 'all') return [];
  const unknown = words(controls).filter((name) => !settings.includes(name));
  if (unknown.length === 0) return [];
  return [
    `controls: “${unknown.join(' ')}” is unknown; choose from ${settings.join(', ')}, or write all.`,
  ];
}
