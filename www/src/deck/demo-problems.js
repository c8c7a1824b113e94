/*
 * Finds mistakes in the demos of a talk: unknown programs, unknown settings and invalid values, each with
 * its line.
 */
import { controlProblems, isSetting } from '../demo/attributes.js';
import { parametersOf, readSettings } from '../demo/settings.js';

/** @import { Abilities } from '../demo/settings.js' */
/** @import { ProgramSchema } from '../engine/protocol.js' */
/** @import { DemoUse, Problem } from './markdown.js' */

/**
 * @param {DemoUse[]} demos
 * @param {ProgramSchema[]} programs
 * @param {Abilities} abilities
 * @returns {Problem[]}
 */
export function demoProblems(demos, programs, abilities) {
  return demos.flatMap(({ line, attributes }) => {
    const name = attributes.program;
    const schema = programs.find((program) => program.name === name);
    if (!schema) {
      if (name === undefined && attributes.recording !== undefined) return [];
      const names = programs.map((program) => program.name).join(', ');
      const message = `program: “${name ?? ''}” does not exist; choose one of ${names}`;
      return [{ line, message }];
    }
    const settings = parametersOf(schema, abilities).map((parameter) => parameter.name);
    const unknown = Object.keys(attributes)
      .filter((attribute) => isSetting(attribute) && !settings.includes(attribute))
      .map(
        (attribute) =>
          `${attribute}: ${name} has no such setting; its settings are ${settings.join(', ')}`,
      );
    const { problems } = readSettings(schema, abilities, (setting) => attributes[setting] ?? null);
    const controls = controlProblems(attributes.controls ?? '', settings);
    return [...unknown, ...controls, ...problems].map((message) => ({ line, message }));
  });
}
