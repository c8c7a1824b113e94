/*
 * The lab's URL: `?program=array-mean&n=4000&workers=2`. Reading it gives a message for everything that
 * cannot be used; writing it gives a link to what is shown. This file does not touch the page.
 */
import { flatten, parametersOf, readSettings, textsOf } from '../demo/settings.js';

/** @import { ProgramSchema } from '../engine/protocol.js' */
/** @import { Abilities, SettingValues } from '../demo/settings.js' */

/**
 * @param {string} query with or without the question mark
 * @param {ProgramSchema[]} programs
 * @param {Abilities} abilities
 * @returns {{ program: string, values: SettingValues, problems: string[] }} `values` holds only settings
 *   that are in the URL and that the program has
 */
export function readUrl(query, programs, abilities) {
  const words = new URLSearchParams(query);
  /** @type {string[]} */
  const problems = [];
  const asked = words.get('program');
  const schema = programs.find(({ name }) => name === asked) ?? programs[0];
  if (asked !== null && schema.name !== asked) {
    const names = programs.map(({ name }) => name).join(', ');
    problems.push(
      `program: unknown program “${asked}”; the programs are ${names}. Using ${schema.name}.`,
    );
  }

  const names = parametersOf(schema, abilities).map(({ name }) => name);
  const { settings, problems: unusable } = readSettings(schema, abilities, (name) =>
    words.get(name),
  );
  problems.push(...unusable);
  const all = flatten(settings);
  /** @type {SettingValues} */
  const values = {};
  for (const name of words.keys()) {
    if (name === 'program') continue;
    if (names.includes(name)) {
      // Options of schedulers are left out if they have their default.
      if (all[name] !== undefined) values[name] = all[name];
    } else {
      problems.push(
        `${name}: ${schema.name} has no such parameter; its parameters are ${names.join(', ')}.`,
      );
    }
  }
  return { program: schema.name, values, problems };
}

/**
 * @param {string} program
 * @param {SettingValues} values
 * @returns {string} a query with its question mark
 */
export function writeUrl(program, values) {
  return `?${new URLSearchParams({ program, ...textsOf(values) })}`;
}
