/*
 * Python in the page prints what CPython prints: snippets of python/conformance, beside the transcripts that CPython made
 * (python/conformance/make.py). What is known to differ is listed with its reason.
 */
import { readFileSync } from 'node:fs';
import { expect, hasPython, test } from './site.js';

const folder = new URL('../../../python/conformance/', import.meta.url);
const read = (/** @type {string} */ name) => readFileSync(new URL(name, folder), 'utf8');

/** @type {Record<string, Record<string, string>>} by topic and name */
const expected = JSON.parse(read('transcripts.json')).transcripts;

/** @type {Record<string, string>} why, by name */
const differences = JSON.parse(read('differences.json'));

test.skip(!hasPython, 'the site was built without Python');

const { processes, ...topics } = expected;

for (const [topic, transcripts] of Object.entries(topics)) {
  test(`${topic}: ${Object.keys(transcripts).length} snippets print what CPython prints`, async ({
    page,
  }) => {
    await page.goto('lab.html');
    const source = `
import json
names = {}
exec(${JSON.stringify(read('transcript.py'))}, names)
print(json.dumps(names["transcripts"](${JSON.stringify(read(`${topic}.py`))})))`;
    const { output } = await page.evaluate((cell) => window.dagdeck.python.run(cell), source);
    /** @type {Record<string, string>} */
    const printed = JSON.parse(output);

    const names = Object.keys(transcripts);
    expect(Object.keys(printed), 'make.py has run since the snippets changed').toEqual(names);
    const differ = names.filter((name) => printed[name] !== transcripts[name]);
    const unknown = differ.filter((name) => !(name in differences));
    const part = (/** @type {Record<string, string>} */ of) =>
      unknown.map((name) => [name, of[name]]);
    expect(part(printed)).toEqual(part(transcripts));
    expect(
      names.filter((name) => name in differences),
      'the listed ones still differ',
    ).toEqual(differ);
  });
}

test(`${Object.keys(processes).length} programs that start processes print what they print in CPython`, async ({
  page,
}) => {
  test.setTimeout(240_000);
  await page.goto('lab.html');
  const parts = read('scripts/processes.py').split('#: ').slice(1);
  const sources = parts.map((part) => part.slice(part.indexOf('\n') + 1));
  const names = parts.map((part) => part.slice(0, part.indexOf('\n')));
  const printed = await page.evaluate(async (cells) => {
    const outputs = [];
    for (const cell of cells) {
      const { output } = await window.dagdeck.python.run(cell).catch((error) => error);
      outputs.push(output);
    }
    return outputs;
  }, sources);
  expect(Object.fromEntries(names.map((name, i) => [name, printed[i]]))).toEqual(processes);
});
