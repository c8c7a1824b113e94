import { describe, expect, test } from 'vitest';
import { sameGraph } from '../../../src/views/same-graph.js';
import { ViewState } from '../../../src/views/view-state.js';
import { graphOf } from '../model/graphs.js';

describe('what linked views share', () => {
  test('changes its version only when something changes', () => {
    const state = new ViewState();
    state.point('graph', { task: 3, timeMs: null });
    expect(state.version).toBe(1);
    state.point('graph', { task: 3, timeMs: null });
    state.select(-1);
    state.show(null);
    expect(state.version).toBe(1);
    state.select(3);
    state.show({ startMs: 1, endMs: 2 });
    expect(state.version).toBe(3);
  });

  test('is not cleared by a view in which nothing was pointed at', () => {
    const state = new ViewState();
    state.point('graph', { task: 3, timeMs: null });
    state.point('stream', null);
    expect(state.hover).toBe(3);
    state.point('stream', { task: 4, timeMs: 2.5 });
    state.point('graph', null);
    expect(state).toMatchObject({ hover: 4, cursorMs: 2.5 });
    state.point('stream', null);
    expect(state).toMatchObject({ hover: -1, cursorMs: null });
  });

  test('starts again for another graph', () => {
    const state = new ViewState();
    state.point('graph', { task: 3, timeMs: 1 });
    state.select(5);
    state.show({ startMs: 1, endMs: 2 });
    state.clear();
    expect(state).toMatchObject({ hover: -1, selection: -1, cursorMs: null, window: null });
  });
});

describe('the same graph', () => {
  test('has the same tasks, keys and dependencies', () => {
    expect(sameGraph(graphOf([[], [0]]), graphOf([[], [0]]))).toBe(true);
    expect(sameGraph(graphOf([[], [0]]), graphOf([[], []]))).toBe(false);
    expect(sameGraph(graphOf([[], [0]]), graphOf([[], [0], [1]]))).toBe(false);
    const renamed = graphOf([[], [0]], { prefixes: ['inc'] });
    expect(sameGraph(graphOf([[], [0]]), renamed)).toBe(false);
  });
});
