import { describe, expect, test } from 'vitest';
import { demoProblems } from '../../../src/deck/demo-problems.js';
import { parseTalk } from '../../../src/deck/markdown.js';
import { abilities, programs } from '../schemas.js';

const rest = '\n\n# Still here\n\nthe rest\n';

/**
 * @param {string} text
 * @returns {[line: number, message: string][]}
 */
function problemsOf(text) {
  const { problems, slides } = parseTalk(text + rest);
  expect(slides.at(-1)).toMatchObject({ id: 'still-here' });
  return problems.map(({ line, message }) => [line, message]);
}

describe('a mistake in a talk is told with its line, and the rest is there', () => {
  test('front matter that cannot be read', () => {
    const [[line, message]] = problemsOf('---\ntitle: a\nb: [c\nd: e\n---\n');
    expect(message).toMatch(/^the front matter cannot be parsed: /);
    expect(line).toBe(4);
  });

  test('front matter that is a list', () => {
    expect(problemsOf('---\n- a\n---\n')).toEqual([
      [1, 'the front matter must consist of `name: value` lines'],
    ]);
  });

  test('a slide level that is none', () => {
    expect(problemsOf('---\ntitle: a\nslide-level: two\n---\n')).toEqual([
      [3, 'slide-level: “two” must be a whole number from 0 to 6'],
    ]);
  });

  test('a div that is never closed ends with its slide', () => {
    expect(problemsOf('# A\n\n::: a\n\nx')).toEqual([
      [3, 'this div is not closed: end it with a line of three colons'],
    ]);
    expect(problemsOf('# A\n\n<div>\n\nx')).toEqual([
      [3, '<div> is not closed: end it with </div>'],
    ]);
  });

  test('an end without a div', () => {
    expect(problemsOf('# A\n\n:::\n\n</div>')).toEqual([
      [3, 'these colons close a div, but no div is open here'],
      [5, '</div> has no opening tag'],
    ]);
  });

  test('code that is never closed', () => {
    const { problems } = parseTalk('# A\n\n```python\nx\n');
    expect(problems).toEqual([
      { line: 3, message: 'this code block is not closed: end it with ```' },
    ]);
  });

  test('lines to light up that are not there', () => {
    expect(
      problemsOf('# A\n\n```{.python lines="1|7"}\nx\n```\n\n```{.c lines=a}\nx\n```'),
    ).toEqual([
      [3, 'lines: “1|7” names a line that does not exist: the code has 1'],
      [7, 'lines: “a” cannot be read; write lines as in "1-3|5,7"'],
    ]);
  });

  test('a line of a demo that is no setting', () => {
    expect(problemsOf('# A\n\n```demo\nprogram: no-op\n= 3\n```')).toEqual([
      [5, '“= 3” is not a setting: write “name: value”'],
    ]);
  });

  test('an id that is taken', () => {
    expect(problemsOf('# A {#x}\n\na\n\n# B {#x}')).toEqual([
      [5, 'the id “x” is already used by a heading above'],
    ]);
  });

  test('demos for headings that are not there, or without a program', () => {
    expect(problemsOf('---\ndemos:\n  A: { program: no-op }\n  B: 3\n---\n')).toEqual([
      [3, 'demos: no slide has the heading “A”'],
      [4, 'demos: “B” must have settings, as in { program: array-mean }'],
    ]);
    expect(problemsOf('---\ndemos: [a]\n---\n')).toEqual([
      [2, 'demos: must be a list of headings with their settings, or none'],
    ]);
  });
});

describe('the demos of a talk', () => {
  const check = (/** @type {Record<string, string>} */ attributes) =>
    demoProblems([{ line: 7, attributes }], programs, abilities);

  test('have no problems when engine and program know all of it', () => {
    const attributes = { program: 'array-mean', n: '100', workers: '2', autorun: 'slide', id: 'x' };
    expect(check(attributes)).toEqual([]);
    expect(check({ recording: 'run.json' })).toEqual([]);
  });

  test('name a program that there is', () => {
    const message = 'program: “nope” does not exist; choose one of array-mean, no-op';
    expect(check({ program: 'nope' })).toEqual([{ line: 7, message }]);
    expect(check({})).toHaveLength(1);
  });

  test('have settings and values that the program has', () => {
    expect(check({ program: 'array-mean', n: 'many', chunks: '3' })).toEqual([
      {
        line: 7,
        message: expect.stringMatching(
          /^chunks: array-mean has no such setting; its settings are n, /,
        ),
      },
      { line: 7, message: expect.stringMatching(/^n: “many” cannot be used; /) },
    ]);
  });
});
