/* Two programs for tests, in the form in which the engine describes its programs. */

/** @import { ProgramSchema, SchedulerSchema } from '../../src/engine/protocol.js' */

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
    runs: 'graph',
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
    runs: 'graph',
  },
];

/** @type {SchedulerSchema['parameters'][0]} */
const policy = {
  name: 'policy',
  label: 'policy',
  help: '',
  kind: 'choice',
  choices: ['ordered', 'fifo', 'lifo', 'random', 'critical-path'],
  default: 'ordered',
};

/**
 * What there is on a page with a pool of 8 workers, or on one without threads.
 *
 * @param {boolean} isolated
 * @returns {SchedulerSchema[]}
 */
export const schedulersOf = (isolated) => [
  {
    name: 'sync',
    title: 'One after another',
    summary: 'sync runs one task after the other.',
    parameters: [policy],
    preferred: false,
    unavailable: null,
  },
  {
    name: 'threads',
    title: 'Threads',
    summary: 'threads runs tasks on several workers.',
    parameters: [
      {
        name: 'workers',
        label: 'workers',
        help: '',
        kind: 'integer',
        min: 1,
        max: isolated ? 8 : 1,
        default: isolated ? 2 : 1,
        scale: 'linear',
      },
      policy,
    ],
    preferred: true,
    unavailable: isolated
      ? null
      : 'Threads need a cross-origin isolated page, with the header Cross-Origin-Opener-Policy.',
  },
];

export const abilities = { schedulers: schedulersOf(true) };
