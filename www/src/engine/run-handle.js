/*
 * A run as those see it who start one: what they ask for, and the handle that they get. The engine gives such handles
 * (client.js), and so does a Dask cluster (dask/run.js). Types only.
 */

/** @import * as Protocol from './protocol.js' */

/**
 * A run's growing trace: in shared memory, or (memory null) as events that come by `onEvents`.
 *
 * @typedef {{ memory: WebAssembly.Memory, layout: Protocol.TraceLayout }} SharedTrace
 */

/**
 * @typedef {Object} RunRequest
 * @property {Protocol.Scheduler} [scheduler] the one that the engine prefers: 'threads' where there are threads
 * @property {number} [workers] the default of the scheduler: one for each processor, as far as the pool goes
 * @property {Protocol.Policy} [policy] 'ordered': the static order
 * @property {Protocol.SchedulerOptions} [schedulerOptions] the scheduler's other parameters, by name; missing ones
 *   take their defaults
 * @property {number} [seed]
 * @property {boolean} [keepGoing] true: when a task errs, all that does not depend on it runs on
 * @property {number | null} [memoryLimit] bytes that values may take; null is the engine's own limit
 * @property {boolean} [trace] false: no trace is kept, which makes no-op tasks cheaper
 * @property {boolean} [graph] false: `started` comes without the graph, which costs time to send
 * @property {AbortSignal} [signal] cancels the run; `finished` then rejects with the signal's reason
 * @property {(workers: Protocol.WorkerTrace[]) => void} [onEvents] new events, where memory cannot be shared
 * @property {(blocks: Protocol.Block[]) => void} [onBlocks] blocks of the result, as they finish
 * @property {(trace: Protocol.Trace) => void} [onTrace] the whole trace of a run that has ended, even if it failed or
 *   was cancelled; before `finished` settles
 * @property {(nodes: Protocol.NodesMessage) => void} [onNodes] the nodes of a cluster in the page, whenever they change
 * @property {number[]} [hold] ids (`newId`) under which the engine holds the arrays of an expression
 */

/**
 * @typedef {Object} Started
 * @property {Protocol.GraphData | null} graph
 * @property {SharedTrace | null} live
 * @property {(Protocol.Lane | null)[]} lanes of the trace; null for one that has not joined
 * @property {Protocol.RunMode | null} mode how threads are run; null for a task graph
 *
 * @typedef {{ outcome: Protocol.Outcome, trace: Protocol.Trace }} Finished
 *
 * @typedef {Object} RunHandle
 * @property {Promise<Started>} started rejects when the run could not start
 * @property {Promise<Finished>} finished rejects when the run failed, was cancelled or never started
 * @property {() => void} cancel
 * @property {() => void} [addNode] adds a node to a cluster in the page, unless it has the most that it can have
 * @property {(place: number) => void} [killNode] ends the node at a place of such a cluster; its values are lost
 * @property {() => void} dispose lets the engine use the run's memory again; cancels a run under way
 */

export {};
