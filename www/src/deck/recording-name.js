/*
 * What the recorded run of a demo is called: after its program and all its settings, so that two
 * demos that are the same share one, and a demo whose settings change has none until it is made.
 *
 *     <dag-demo program="array-mean" workers="4" n="4000" limit="20">  ->  array-mean_n-4000_workers-4
 *
 * The deck looks recordings up by it, and www/recordings/make.mjs writes them under it.
 */

/** Attributes that say how a demo is shown, not what it runs. */
const NO_SETTINGS =
  'program autorun limit controls fallback recording preview ' +
  'class id style slot part title hidden lang dir role tabindex';

/** @param {string} name of an attribute of a demo */
export function isSetting(name) {
  return !NO_SETTINGS.split(' ').includes(name) && !/^(data|aria)-/.test(name);
}

/**
 * @param {Iterable<{ name: string, value: string }>} attributes of a demo
 * @returns {string}
 */
export function recordingName(attributes) {
  const all = [...attributes];
  const program = all.find(({ name }) => name === 'program')?.value ?? '';
  const settings = all
    .filter(({ name }) => isSetting(name))
    .map(({ name, value }) => `${name}-${value.trim()}`)
    .sort();
  return [program, ...settings].join('_').replace(/[^\w.-]+/g, '-');
}
