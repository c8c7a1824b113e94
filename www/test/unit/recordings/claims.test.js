/*
 * The recorded runs that ship with the deck show what their slides claim. No time is measured here: a
 * recording is data, and its times were measured when it was made.
 */
import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { contradictions } from '../../../recordings/claims.js';
import { parseTalk } from '../../../src/deck/markdown.js';
import { recordingName } from '../../../src/deck/recording-name.js';
import { parseRecording } from '../../../src/model/parse-recording.js';

const folder = new URL('../../../recordings/', import.meta.url);
const talk = new URL('../../../talk/parallel-programming.md', import.meta.url);

const demos = parseTalk(readFileSync(talk, 'utf8')).slides.flatMap(({ id, html }) =>
  [...html.matchAll(/<dag-demo ([^>]*)>/g)].map(([, text]) => ({
    slide: id,
    attributes: [...text.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, name, value]) => ({
      name,
      value,
    })),
  })),
);

test('the talk has demos', () => {
  expect(demos).toHaveLength(22);
});

for (const { slide, attributes } of demos) {
  const file = `${recordingName(attributes)}.json.gz`;
  const read = () => parseRecording(gunzipSync(readFileSync(new URL(file, folder))).toString());

  describe(`the recording of ${slide}`, () => {
    test('is there', () => {
      expect(existsSync(new URL(file, folder)), `${file}: make recordings`).toBe(true);
    });

    test('has the settings of the demo', () => {
      const { program, params, options } = read();
      const given = { program, ...params, ...options };
      const asked = attributes.filter(({ name }) => name in given);
      expect(asked.length).toBeGreaterThan(2);
      expect(Object.fromEntries(asked.map(({ name, value }) => [name, value]))).toEqual(
        Object.fromEntries(
          asked.map(({ name }) => [name, String(given[/** @type {keyof typeof given} */ (name)])]),
        ),
      );
    });

    test('shows what the slide claims', () => {
      expect(contradictions(slide, read())).toEqual([]);
    });
  });
}

test('the run that was recorded on a Dask cluster is that of its slide', () => {
  const [{ attributes }] = demos.filter((demo) => demo.slide === 'distributed-demo');
  const read = (/** @type {URL} */ file) =>
    parseRecording(gunzipSync(readFileSync(file)).toString());
  const here = read(new URL(`${recordingName(attributes)}.json.gz`, folder));
  const there = read(new URL(`../../dask/examples/${here.program}.dagdeck.json.gz`, folder));
  expect(there.options.scheduler).toBe('dask');
  for (const name of ['inputs', 'sleep']) expect(there.params[name]).toBe(here.params[name]);
  expect(there.outcome?.errors).toEqual([]);
  expect(there.outcome?.value).toEqual(here.outcome?.value);
  expect(new Set(there.trace.workers.map(({ lane }) => lane?.node)).size).toBe(2);
});

describe('a recording that contradicts its slide is told', () => {
  const [{ slide, attributes }] = demos.filter((demo) => demo.slide === 'work-without-a-lock');
  const file = `${recordingName(attributes)}.json.gz`;
  const run = parseRecording(gunzipSync(readFileSync(new URL(file, folder))).toString());

  test('when one worker takes no longer than four', () => {
    const oneWorkerMs = run.outcome?.makespanMs ?? 0;
    expect(contradictions(slide, { ...run, oneWorkerMs })).toEqual([
      '“threads help without a lock” is not what the recording shows',
      expect.stringMatching(/ms with 4 workers on \d+ cores/),
    ]);
  });

  test('when one worker was not measured', () => {
    const older = { ...run, oneWorkerMs: null, cores: null };
    expect(contradictions(slide, older)[0]).toContain('threads help without a lock');
  });

  test('when it did not finish', () => {
    const stopped = { ...run, outcome: null, failure: 'cancelled' };
    expect(contradictions(slide, stopped)).toEqual(['the run did not finish: cancelled']);
  });

  test('when two threads under a lock are faster than one', () => {
    const columns = ['section', 'speed-up', 'switches'].map((name) => ({
      name,
      label: name,
      unit: '',
    }));
    const rows = [['interval, 2 threads', 1.9, 80]];
    const outcome = run.outcome && { ...run.outcome, value: { kind: 'table', columns, rows } };
    expect(
      contradictions('what-the-lock-means', /** @type {any} */ ({ ...run, outcome }))[0],
    ).toContain('two threads that share the lock are no faster');
  });

  test('when nobody has said what its slide claims', () => {
    expect(contradictions('another-slide', run)[0]).toContain('another-slide');
  });
});
