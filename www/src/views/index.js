/*
 * The views of a run, in the order in which they stand on the page. A view that is added here is on every demo.
 */
import { futures } from './futures.js';
import { graph } from './graph.js';
import { log } from './log.js';
import { nodes } from './nodes.js';
import { progress } from './progress.js';
import { sweep } from './sweep.js';
import { taskStream } from './task-stream.js';
import { threads } from './threads.js';
import { transfers } from './transfers.js';

/** @type {import('./view.js').ViewDefinition[]} */
export const views = [graph, sweep, futures, threads, taskStream, nodes, transfers, log, progress];
