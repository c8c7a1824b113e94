/* Two programs for tests, in the form in which the engine describes its programs. */

/** @import { ProgramSchema } from '../../src/engine/protocol.js' */

/** @type {ProgramSchema[]} */
export const programs = [
  {
    name: 'array-mean',
    title: 'Mean',
    summary: 'A mean.',
    parameters: [
      {
        name: 'n',
        label: 'n',
        help: '',
        kind: 'integer',
        min: 1,
        max: 8000,
        default: 4000,
        scale: 'linear',
      },
    ],
    result: { label: 'mean', unit: '' },
  },
  {
    name: 'no-op',
    title: 'Nothing',
    summary: 'No work.',
    parameters: [
      {
        name: 'shape',
        label: 'shape',
        help: '',
        kind: 'choice',
        choices: ['tree', 'chain'],
        default: 'tree',
      },
    ],
    result: { label: 'overhead', unit: 'ns' },
  },
];

export const abilities = { isolated: true, poolSize: 8, defaultWorkers: 2 };
