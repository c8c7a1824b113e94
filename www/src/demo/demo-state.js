/*
 * The states of a demo.
 */

/**
 * loading: no engine or recording yet; ready: a graph is drawn, nothing has run; replaying and
 * replayed: a recording is shown; the others: how the last run went, or (failed) why there is no graph.
 *
 * @typedef {'loading' | 'ready' | 'running' | 'finished' | 'cancelled' | 'failed' | 'replaying'
 *   | 'replayed'} DemoState
 */

export {};
