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
 * @returns {Generator<Exported>}
 */
export function* exportedGraphs() {
  const lines = readFileSync(new URL('graphs.jsonl', folder), 'utf8').trim().split('\n');
  for (const line of lines) {
    /** @type {Exported} */
    const graph = JSON.parse(line);
    if (shapes.includes(graph.shape) && graph.seed === 0) yield graph;
  }
}

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
