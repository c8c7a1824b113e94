import { expect, test } from 'vitest';
import { attributeProblems, controlProblems } from '../../../src/demo/attributes.js';

const settings = ['tasks', 'work', 'max_iter', 'workers', 'keep-going'];

/** @param {string[]} names */
const problemsOf = (...names) => attributeProblems(names, settings, 'busy');

test('what is unknown is named, with what is allowed', () => {
  expect(problemsOf('program', 'taks', 'workers')).toEqual([
    'taks: unknown attribute. The settings of busy are tasks, work, max_iter, workers, keep-going; ' +
      'other attributes of a demo are program, expression, graph, controls, lines, recording, fallback, fallback-dask, limit, ' +
      'autorun, preview, theme.',
  ]);
  expect(problemsOf('taks', 'color')[0]).toMatch(/^taks, color: unknown attributes\./);
});

test('settings, the attributes of a demo and those of every element are known', () => {
  expect(problemsOf('tasks', 'max_iter', 'keep-going', 'theme', 'lines', 'autorun')).toEqual([]);
  expect(
    problemsOf('class', 'id', 'style', 'slot', 'part', 'hidden', 'title', 'lang', 'tabindex'),
  ).toEqual([]);
  expect(problemsOf('data-id', 'aria-label', 'onclick', '_ngcontent-a1', 'v-on:click')).toEqual([]);
});

test('controls that the program does not have are named', () => {
  expect(controlProblems('tasks wrkers', settings)).toEqual([
    'controls: “wrkers” is unknown; choose from tasks, work, max_iter, workers, keep-going, or write all.',
  ]);
  expect(controlProblems('tasks  workers', settings)).toEqual([]);
  expect(controlProblems('all', settings)).toEqual([]);
  expect(controlProblems('', settings)).toEqual([]);
});
