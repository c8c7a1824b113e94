/*
 * What the deck's own talk promises about itself: a title on every slide, notes whose times add up, and a
 * bar of the topics that is true to those times.
 */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseTalk } from '../../../src/deck/markdown.js';

const talk = new URL('../../../talk/', import.meta.url);
const { slides, title } = parseTalk(readFileSync(new URL('parallel-programming.md', talk), 'utf8'));

/** The notes of each slide, as text without markup. */
const notes = slides.map(({ id, html }) => {
  const found = /<aside class="notes">(.*?)<\/aside>/s.exec(html);
  return { id, text: (found?.[1] ?? '').replace(/<[^>]+>/g, '').trim() };
});

/** When each slide begins and ends by its notes, in minutes. */
const times = notes.map(({ id, text }) => {
  const found = /Time (\d+):(\d\d), total (\d+):(\d\d)\.$/.exec(text);
  const [minutes, seconds, totalMinutes, totalSeconds] = found?.slice(1).map(Number) ?? [];
  const stop = totalMinutes + totalSeconds / 60;
  return { id, start: stop - minutes - seconds / 60, stop };
});

test('the talk has 42 slides, each with a title', () => {
  expect(slides).toHaveLength(42);
  expect(title.length).toBeGreaterThan(0);
  // The first is the title slide, made from the front matter.
  const untitled = slides.slice(1).filter(({ heading }) => !heading);
  expect(untitled.map(({ id }) => id)).toEqual([]);
});

test('every slide has notes that say something', () => {
  for (const { id, text } of notes) {
    expect(text.replace(/Time .*/s, '').trim().length, id).toBeGreaterThan(40);
  }
});

test('the times of the notes add up to forty minutes', () => {
  let before = 0;
  for (const { id, start, stop } of times) {
    expect(start, `the running total of ${id}`).toBeCloseTo(before);
    before = stop;
  }
  expect(before).toBeCloseTo(40);
});

test('the bar of the topics is true to the notes', () => {
  const svg = readFileSync(new URL('figures/topics.svg', talk), 'utf8');
  const startOf = (/** @type {string} */ id) => times.find((slide) => slide.id === id)?.start;
  const width = 1168;
  const ends = ['threads-vs.-processes', 'parallelism-for-pydata', 'dask', 'summary'].map(
    (id) => ((startOf(id) ?? NaN) / 40) * width,
  );
  const parts = [
    ...svg.matchAll(/<rect class="(?:one|two|three)" x="([\d.]+)"[^>]* width="([\d.]+)"/g),
  ];
  expect(parts).toHaveLength(3);
  parts.forEach(([, x, length], i) => {
    // The parts stand a little apart.
    expect(Math.abs(Number(x) - ends[i])).toBeLessThan(3);
    expect(Math.abs(Number(x) + Number(length) - ends[i + 1])).toBeLessThan(3);
  });
  const marks = [...svg.matchAll(/class="py" d="M([\d.]+)/g)].slice(0, -1);
  const demos = slides.flatMap(({ html }, i) => (html.includes('<dag-demo') ? [times[i]] : []));
  expect(marks).toHaveLength(demos.length);
  demos.forEach(({ start, stop }, i) => {
    const at = (Number(marks[i][1]) / width) * 40;
    expect(at, demos[i].id).toBeGreaterThan(start);
    expect(at, demos[i].id).toBeLessThan(stop);
  });
});
