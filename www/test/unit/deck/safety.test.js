/* What a talk cannot do to the page: hang it, or make it fail. The end-to-end half is in failing-talks.spec.js. */
import { describe, expect, test } from 'vitest';
import { ranks } from '../../../src/deck/fragment-order.js';
import { unique } from '../../../src/deck/dialect/headings.js';
import { parseLines } from '../../../src/deck/dialect/code.js';
import { parseTalk } from '../../../src/deck/markdown.js';
import { fileName } from '../../../src/deck/web-url.js';
import { heavy } from '../../fixtures/heavy.js';
import { randomTalk } from '../../fixtures/random-talk.js';

describe('the name of a file', () => {
  test.each([
    ['https://a.example/b/my%20file.png', 'my file.png'],
    ['https://a.example/100%.png', '100%.png'],
    ['https://a.example/a%ff.png', 'a%ff.png'],
    ['data:image/png,%', 'png,%'],
    ['https://a.example/', ''],
  ])('of %s', (url, name) => expect(fileName(new URL(url))).toBe(name));
});

test('fragments keep their order, and their numbers have no gaps', () => {
  const order = ranks(['4294967294', '7', ' 7', '0', '-1', 'x', '1e9']);
  expect([...order]).toEqual([
    ['4294967294', 2],
    ['7', 1],
    [' 7', 1],
    ['0', 0],
  ]);
});

test('an id that thousands of headings have is looked for once each', () => {
  let asked = 0;
  const used = new (class extends Map {
    /** @override @param {any} key */
    has(key) {
      asked += 1;
      return super.has(key);
    }
  })();
  for (let i = 0; i < 5000; i++) unique('h', used);
  expect(used.size).toBe(5000);
  expect(used.has('h-4999')).toBe(true);
  expect(asked).toBeLessThan(15_010);
});

test('a step may light up a whole listing, but not thousands', () => {
  expect(parseLines('1-5000|1-5000')).toHaveLength(2);
  expect(parseLines(`${'1-5000,'.repeat(20_000)}1`)).toBeNull();
});

test('a demo keeps a hundred settings', () => {
  const settings = Array.from({ length: 101 }, (_, i) => `a${i}=1`);
  for (const text of [
    `<dag-demo ${settings.join('\n')}></dag-demo>`,
    `\`\`\`demo\n${settings.map((setting) => setting.replace('=', ': ')).join('\n')}\n\`\`\``,
  ]) {
    const { demos, problems } = parseTalk(`# A\n\n${text}\n`);
    expect(Object.keys(demos[0].attributes)).toHaveLength(100);
    expect(problems).toEqual([
      { line: 3, message: 'this demo has 101 settings: only the first 100 are used' },
    ]);
  }
});

test('a demo ends before the next', () => {
  const { demos } = parseTalk(
    '# A\n\n<dag-demo a\n<dag-demo program="no-op"\n  tasks=3></dag-demo>\n',
  );
  expect(demos).toEqual([{ line: 4, attributes: { program: 'no-op', tasks: '3' } }]);
});

test('a message does not quote a whole file', () => {
  const { problems } = parseTalk(`# A\n\n\`\`\`demo\n= ${'x'.repeat(10_000)}\n\`\`\`\n`);
  expect(problems[0].message).toHaveLength(301);
});

// Without linear rules, these take minutes.
describe('is parsed to the end', () => {
  test.each(Object.entries(heavy))('%s', (_, text) => {
    expect(parseTalk(text).slides.at(-1)).toMatchObject({ id: 'still-here' });
  });
});

describe('the line of each element', () => {
  /** @param {string} text */
  const marked = (text) =>
    [
      ...parseTalk(text, { places: true }).slides[0].html.matchAll(
        /<(\w+)[^>]*? data-line="(\d+)"/g,
      ),
    ].map(([, name, line]) => [name, Number(line)]);

  test('is in its HTML', () => {
    const text =
      '---\ntitle: A\n---\n# A\n\nsome\n*text* and\n![x](y.png) <u>u</u>\n\n- a\n- [b](c)\n';
    expect(marked(text)).toEqual([
      ['h1', 4],
      ['p', 6],
      ['em', 7],
      ['img', 8],
      ['u', 8],
      ['ul', 10],
      ['li', 10],
      ['li', 11],
      ['a', 11],
    ]);
  });

  test('is that of the line within a block of HTML', () => {
    expect(marked('# A\n\n<table>\n<tr title="<b>">\n<!-- <i>\n--><td>\n')).toEqual([
      ['h1', 1],
      ['table', 3],
      ['tr', 4],
      ['td', 6],
    ]);
  });

  test('is not there unless it is asked for', () => {
    expect(parseTalk('# A\n\n<u>u</u>\n').slides[0].html).not.toContain('data-line');
  });
});

test('random talks become slides, with mistakes on lines that exist', () => {
  for (let seed = 1; seed <= 150; seed++) {
    const text = randomTalk(seed);
    const count = text.split('\n').length;
    const talk = parseTalk(text, { places: true });
    expect(talk.slides.length, `seed ${seed}`).toBeGreaterThan(0);
    // What a worker posts to the page.
    expect(structuredClone(talk)).toEqual(talk);
    for (const { line, message } of talk.problems) {
      expect(line, `seed ${seed}: ${message}`).toBeGreaterThanOrEqual(1);
      expect(line, `seed ${seed}: ${message}`).toBeLessThanOrEqual(count);
    }
  }
});
