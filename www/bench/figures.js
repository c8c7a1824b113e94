/*
 * Where the figures of a run go, and what they are made of: sizes, graphs and medians. A figure is a
 * plain object in a file of target/bench; benches/report.py makes the tables.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';

const folder = new URL('../../target/bench/', import.meta.url);

/** Numbers of tasks, from the least to the most. */
export const sizes = (process.env.BENCH_TASKS || '10000 100000 1000000')
  .trim()
  .split(/\s+/)
  .map(Number);

export const shapes = ['independent', 'chain', 'tree', 'fork-join', 'random-layered'];

/**
 * A graph as the gallery's example prints it.
 *
 * @typedef {{ shape: string, tasks: number, seed: number, dependencies: number[][] }} Exported
 */

/**
 * The graphs that scripts/bench had exported: those that Dask is measured on.
 *
 * @param {string} file
 * @returns {Exported[]}
 */
export function exported(file) {
  const lines = readFileSync(new URL(file, folder), 'utf8').trim().split('\n');
  const graphs = lines.map((line) => /** @type {Exported} */ (JSON.parse(line)));
  return graphs.filter(({ seed }) => seed === 0);
}

export const exportedGraphs = () =>
  exported('graphs.jsonl').filter(({ shape }) => shapes.includes(shape));

/**
 * @param {number[]} values
 */
export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1];
}

/**
 * @param {string} name
 * @param {Record<string, unknown>} figures
 */
export function write(name, figures) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(new URL(`${name}.json`, folder), JSON.stringify(figures, null, 1));
}
