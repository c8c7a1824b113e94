import { expect, test } from 'vitest';
import { importedModules, proposals } from '../../../src/cells/completions.js';

/** @param {string} line @param {string} [code] */
const labels = (line, code = '') => proposals(line, code)?.options.map(({ label }) => label);

test('imports are found, under their names in the code', () => {
  const code = `
import threading, queue as q
import concurrent.futures
    import random as r  # indented
from concurrent import futures
from math import sqrt
x = "import nothing"
`;
  expect(Object.fromEntries(importedModules(code))).toEqual({
    threading: 'threading',
    q: 'queue',
    'concurrent.futures': 'concurrent.futures',
    r: 'random',
    futures: 'concurrent.futures',
  });
});

test('a module that is imported has its names', () => {
  expect(labels('threading.Th', 'import threading')).toContain('Thread');
  expect(labels('x = q.', 'import queue as q')).toContain('SimpleQueue');
  expect(labels('concurrent.futures.', 'import concurrent.futures')).toContain(
    'ThreadPoolExecutor',
  );
  expect(labels('f(futures.as', 'from concurrent import futures')).toContain('as_completed');
  expect(proposals('x = q.Sim', 'import queue as q')?.typed).toBe('Sim');
});

test('a name that is not a module has none', () => {
  expect(labels('threading.')).toEqual([]);
  expect(proposals('x.y.re', 'import math')).toEqual({ typed: 're', options: [], owner: 'x.y' });
  expect(labels('1.')).toBeUndefined();
});

test('imports complete modules and their names', () => {
  expect(labels('import thr')).toContain('threading');
  expect(labels('import math, ')).toContain('threading');
  expect(labels('from concurrent.f')).toContain('concurrent.futures');
  expect(labels('from queue import Em')).toContain('Empty');
  expect(labels('from queue import Empty, ')).toContain('Queue');
});

test('other words complete keywords', () => {
  expect(labels('wh')).toContain('while');
  expect(labels('x = [y for')).toContain('for');
  expect(labels('')).toBeUndefined();
  expect(labels('f(')).toBeUndefined();
});
