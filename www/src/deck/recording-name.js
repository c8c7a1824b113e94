/*
 * The name of a demo's recorded run: its program and all its settings. Two equal demos share a recording, and a demo
 * whose settings change has no recording until it is recorded again.
 *
 *     <dag-demo program="array-mean" workers="4" n="4000" limit="20">  ->  array-mean_n-4000_workers-4
 *
 * The deck looks recordings up by this name, and www/recordings/make.mjs writes them under it.
 */

import { isSetting } from '../demo/attributes.js';

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
