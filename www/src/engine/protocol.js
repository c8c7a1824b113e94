/*
 * The messages between the page and the engine worker, and the data they carry: JSDoc types. It is
 * here so that the crate, the engine, the models and the views mean the same thing by the same word.
 * It holds no behaviour; what the numbers of a trace stand for is in model/actions.js.
 */

/**
 * The name of a scheduler: the engine lists what there is, see SchedulerSchema.
 *
 * @typedef {string} Scheduler
 *
 * Which ready task a worker takes first: one of the choices of a scheduler's parameter `policy`.
 *
 * @typedef {string} Policy
 */

/**
 * A program's parameter: a whole number from `min` to `max`, or one of some choices.
 *
 * @typedef {{
 *   name: string, label: string, help: string, kind: 'integer',
 *   min: number, max: number, default: number, scale: 'linear' | 'log2',
 * }} IntegerParameter
 *
 * @typedef {{
 *   name: string, label: string, help: string, kind: 'choice',
 *   choices: string[], default: string,
 * }} ChoiceParameter
 *
 * @typedef {IntegerParameter | ChoiceParameter} Parameter
 */

/**
 * @typedef {Object} ProgramSchema
 * @property {string} name for addresses and attributes: `array-mean`
 * @property {string} title
 * @property {string} summary one or two sentences
 * @property {Parameter[]} parameters
 * @property {ResultSchema} result
 * @property {Runs} runs
 * @property {Scheduler} [scheduler] the default of this program, if it has one
 *
 * What runs: a task graph, by a scheduler; or threads under the interpreter lock, futures of executors, or a task graph
 * on simulated clusters, of which the parameters say everything, so that there is no scheduler.
 *
 * @typedef {'graph' | 'threads' | 'futures' | 'simulation'} Runs
 */

/**
 * @typedef {Object} SchedulerSchema
 * @property {Scheduler} name for URLs and attributes: `threads`
 * @property {string} title
 * @property {string} summary one sentence
 * @property {Parameter[]} parameters what can be chosen for this scheduler, besides what every run has
 * @property {boolean} preferred whether a run that names no scheduler uses it, if it is available
 * @property {string | null} unavailable why this page cannot use it, in sentences; null if it can
 */

/**
 * What a program's value is. An array with two axes may be meant to be looked at.
 *
 * @typedef {Object} ResultSchema
 * @property {string} label
 * @property {string} unit may be empty
 * @property {Picture} [picture] how it is drawn, if it is
 *
 * @typedef {{ palette: Palette, high: number | string }} Picture values from 0 to `high` have the colours of
 *   the palette, from one end to the other; a text is the name of the parameter that says how high
 *
 * @typedef {'cells' | 'heat' | 'escape'} Palette
 */

/**
 * What to compute: a program; the arrays that an expression has as its targets (array/expression.js), in
 * JSON; or the targets of a task graph in JSON (src/graph/json.rs).
 *
 * @typedef {{ kind: 'program', program: string, params: Params }} ProgramWork
 * @typedef {{ kind: 'expression', expression: string, optimize: boolean }} ExpressionWork
 * @typedef {{ kind: 'graph', graph: string }} GraphWork
 * @typedef {ProgramWork | ExpressionWork | GraphWork} Work
 */

/**
 * @typedef {Record<string, number | string>} Params values by parameter name
 */

/**
 * Compressed rows: the row of task `t` is `tasks[starts[t]] ... tasks[starts[t + 1] - 1]`.
 *
 * @typedef {Object} Rows
 * @property {Uint32Array} starts
 * @property {Uint32Array} tasks
 */

/**
 * A task graph as plain columns, one entry per task.
 *
 * @typedef {Object} GraphData
 * @property {number} tasks
 * @property {string[]} prefixes
 * @property {Uint16Array} prefixOf index into `prefixes`
 * @property {Rows} dependencies
 * @property {Rows} dependents
 * @property {Uint32Array} order static priority: 0 runs first
 * @property {Uint32Array} targets
 * @property {{ starts: Uint32Array, text: Uint8Array }} keys UTF-8, by task
 * @property {{ x: Float32Array, y: Float32Array, width: number, height: number }} layout
 *   x is the depth (0 for roots), y the place in the layer; unit spacing
 */

/**
 * A lane does one thing at a time: a thread, a process, a slot of a node.
 *
 * @typedef {Object} Lane
 * @property {number} id no other lane of the run has it
 * @property {string} label for people
 * @property {string | null} node the machine it is on; null if all lanes are on one
 * @property {number} joinedMs when it joined the run
 * @property {number | null} leftMs when it left; null if it stayed to the end
 */

/**
 * A place of a cluster that has a node, by its number. `isUp`: whether the node has started.
 *
 * @typedef {{ place: number, isUp: boolean }} Place
 */

/**
 * The nodes of a cluster. `lastDeath`: what happened to the one that died last; null if none has died by itself.
 *
 * @typedef {{ places: Place[], lastDeath: string | null }} Places
 */

/**
 * What one lane did, event by event. There are no gaps: event i lasts from `stopMs[i - 1]` (0 for
 * the first) to `stopMs[i]`, in milliseconds since the run's start. Each column has a number per event.
 *
 * @typedef {Object} WorkerTrace
 * @property {Lane} [lane] missing before it has joined, and in recordings of older versions
 * @property {Uint32Array} task
 * @property {Uint8Array} action
 * @property {Float64Array} stopMs
 * @property {Float64Array} [bytes] how much was moved or serialised
 * @property {Uint16Array} [peer] the lane at the other end, by its place; 0xffff for none
 * @property {Uint8Array} [reason] why it happened: a place in the trace's `reasons`
 */

/**
 * @typedef {Object} Trace
 * @property {WorkerTrace[]} workers
 * @property {number} dropped events for which there was no room
 * @property {string[]} [reasons] the texts that the columns `reason` mean; the first is '', for none
 * @property {Float64Array | null} bytes per task, the size of its value; null when no task has a value
 *   with bytes
 * @property {Float64Array | null} [scratch] per task, the bytes that it needs besides its value while it
 *   runs (a fused task makes blocks that never leave it); null when no task needs any, missing in older
 *   recordings. Room for value and scratch is reserved when the task starts; the scratch is given back
 *   when it stops, the value when the last of its dependents has stopped
 */

/**
 * Where a run's trace grows in the module's memory. `header` is the offset of three Int32 words:
 * events published (read it with Atomics.load), the task running now (-1 for none), events dropped.
 * `segments` is the offset of a table of Uint32 offsets (0 if not allocated yet); a segment holds
 * `segmentEvents` records of 16 bytes: Float64 stopMs, Uint32 task, Uint32 action. `bytes.at` is the
 * offset of a Uint64 per task: the size of its value, 0 until it is made.
 *
 * @typedef {Object} TraceLayout
 * @property {number | null} startedAtMs performance.timeOrigin + performance.now() at the run's start; null if
 *   parts of the run have a start of their own
 * @property {number} segmentEvents
 * @property {{ header: number, segments: number }[]} workers
 * @property {{ at: number, tasks: number } | null} bytes null if the run has no task graph
 */

/**
 * @typedef {'float64' | 'float32' | 'int64' | 'int32' | 'uint8' | 'bool'} DType
 *
 * @typedef {Float64Array | Float32Array | BigInt64Array | Int32Array | Uint8Array} Elements
 *
 * An array, its elements in C order; booleans are 0 and 1.
 *
 * @typedef {{ data: Elements, shape: number[], dtype: DType }} ArrayValue
 *
 * A table: one row for each thing that was compared. The first column is text, and says which.
 *
 * @typedef {{ columns: TableColumn[], rows: TableCell[][] }} TableValue
 * @typedef {{ name: string, label: string, unit: string }} TableColumn `unit` may be empty
 * @typedef {string | number | null} TableCell null: there is no such figure
 *
 * The value of a program or an array. An array without axes is a scalar: a whole number beyond 2^53 is a
 * BigInt.
 *
 * @typedef {{ kind: 'scalar', value: number | bigint | boolean }
 *   | ({ kind: 'array' } & ArrayValue)} Value
 *
 * The value of a program.
 *
 * @typedef {Value | ({ kind: 'table' } & TableValue)} ProgramValue
 *
 * The value of a target of a graph. A tuple is what a task like `qr` returns.
 *
 * @typedef {Value | { kind: 'tuple', values: (TargetValue | null)[] }} TargetValue
 *
 * @typedef {{ key: string, value: TargetValue | null }} Target
 *
 * A part of an array whose shape is `whole`.
 *
 * @typedef {ArrayValue & { offset: number[], whole: number[] }} Block
 *
 * A task that erred, and why.
 *
 * @typedef {{ key: string, message: string }} TaskError
 *
 * The outcome of a run. A value is null if a task that it needs erred (`keepGoing`), or if a delayed
 * function or a task returns nothing. All figures from `workMs` on are null when the run kept no trace.
 *
 * @typedef {Object} Outcome
 * @property {ProgramValue | null} value of a program
 * @property {(Value | null)[]} [values] of the targets of an expression, unless the engine holds them
 * @property {Target[]} [targets] of a graph, the first ones: at most 1000, of 64 MiB together
 * @property {number} [more] the number of a graph's other targets
 * @property {Float64Array[][]} [heldChunks] if it holds them, the lengths of the blocks of each array along each axis
 * @property {(Value | null)[]} [others] values that a demo shows after `value`. A recording has none of them, nor `targets`
 * @property {TaskError[]} errors the targets that erred; empty unless `keepGoing`
 * @property {number} tasks
 * @property {number} workers
 * @property {number} makespanMs
 * @property {number | null} workMs wall-clock time inside tasks, summed over all workers. With more workers
 *   than cores it includes the time that tasks waited for a core
 * @property {number | null} utilisation 0 to 1: `workMs` as a share of the workers' time, with the same
 *   reservation: it is not processor time
 * @property {number[] | null} busyMs per worker, the time it spent in tasks
 * @property {number | null} steals tasks that a worker took from another
 * @property {number | null} retries
 * @property {number | null} erred tasks that erred
 * @property {number | null} overheadMs the time that workers spent between tasks, summed over all workers
 * @property {number | null} peakBytes the most that values and scratch memory took at once, with persisted
 *   arrays; the same schedule succeeds with this as its memory limit, except with `cluster`: there it is the sum over all
 *   nodes, and the limit holds for each node
 * @property {RunMode} [mode] of threads under an interpreter lock, and of a simulation
 * @property {string[]} [notes] sentences for people, such as why a model is shown although a live run was asked for
 */

/**
 * `live`: threads ran and were measured. `model`: a simulation.
 *
 * @typedef {'live' | 'model'} RunMode
 */

/**
 * The parameters of schedulers by their names, besides workers and policy. A scheduler ignores those of others.
 *
 * @typedef {Record<string, number | string>} SchedulerOptions
 *
 * @typedef {Object} RunSettings
 * @property {Scheduler} scheduler
 * @property {number} workers
 * @property {Policy} policy
 * @property {SchedulerOptions} [schedulerOptions] missing ones have their defaults
 * @property {number} seed
 * @property {boolean} keepGoing whether the rest runs on when a task errs
 * @property {number | null} memoryLimit bytes that values may take; null is the engine's own limit
 *
 * What else a run is told, beside its settings.
 *
 * @typedef {RunSettings & {
 *   schedulerOptions: SchedulerOptions,
 *   trace: boolean,
 *   graph: boolean,
 *   blocks: boolean,
 *   hold: number[],
 * }} RunOptions `graph`: whether `started` has the graph, to draw it; `blocks`: whether those of
 *   the result are posted as they finish; `hold`: ids under which the engine holds the arrays of an
 *   expression, in place of posting their values
 */

/**
 * What a scheduler outside of the engine made of a graph's targets: the value of each as bytes (src/binary), or a text
 * that says why there is none.
 *
 * @typedef {{ targets: (Uint8Array | string)[], workers: number, makespanMs: number }} Results
 */

/**
 * What the page says. `boot` comes first, with the compiled module if there is one already, and the name of
 * the lock by which the page watches the worker (life.js). The page gives every plan and every run an `id`.
 *
 * @typedef {{ type: 'boot', module: WebAssembly.Module | null, life: string }} BootMessage
 * @typedef {{ type: 'ping' }} PingMessage
 * @typedef {{ type: 'plan', id: number, work: Work, seed: number, text?: boolean }} PlanMessage `text`: whether
 *   the graph is wanted in JSON, too
 * @typedef {{ type: 'assemble', id: number, work: Work, seed: number, results: Results }} AssembleMessage what
 *   another scheduler computed, of which the outcome is wanted
 * @typedef {{ type: 'start', id: number, work: Work, options: RunOptions }} StartMessage
 * @typedef {{ type: 'cancel', id: number }} CancelMessage
 * @typedef {{ type: 'dispose', id: number }} DisposeMessage
 * @typedef {{ type: 'release', id: number }} ReleaseMessage an array that is held is not needed any more
 * @typedef {{ type: 'process-died', id: number, reason: string }} ProcessDiedMessage it failed to start, or
 *   ended without having been told to
 * @typedef {{ type: 'add-node', id: number }} AddNodeMessage to the cluster of a run
 * @typedef {{ type: 'kill-node', id: number, place: number }} KillNodeMessage
 * @typedef {{ type: 'scale', id: number, count: number }} ScaleMessage adds or ends nodes until there are `count`
 * @typedef {{ type: 'open', id: number, options: ClusterOptions }} OpenMessage opens a cluster, which is answered with `nodes`
 *   and `news` until it is disposed of
 * @typedef {{ type: 'ask', id: number, request: Ask }} AskMessage
 * @typedef {BootMessage | PingMessage | PlanMessage | AssembleMessage | StartMessage | CancelMessage | DisposeMessage
 *   | ReleaseMessage | ProcessDiedMessage | AddNodeMessage | KillNodeMessage
 *   | ScaleMessage | OpenMessage | AskMessage} PageMessage
 */

/**
 * What the engine says. `ready` or `broken` comes first; `broken` may also come at any later time,
 * and nothing follows it. The page answers `finished` and `failed` with `dispose`, once it has
 * stopped reading the live trace: the memory is used again after that.
 *
 * @typedef {Object} ReadyMessage
 * @property {'ready'} type
 * @property {string} version
 * @property {ProgramSchema[]} programs
 * @property {SchedulerSchema[]} schedulers
 * @property {boolean} isolated whether memory can be shared, and so whether there are threads
 * @property {number} poolSize workers that a `threads` run may use; 1 without isolation
 * @property {WebAssembly.Memory | null} memory null where it cannot be shared with the page
 * @property {WebAssembly.Module} module compiled, for the page's describer and the next engine
 *
 * @typedef {{ type: 'broken', reason: string }} BrokenMessage
 * @typedef {{ type: 'planned', id: number, graph: GraphData, json?: string }} PlannedMessage `json`: the same
 *   graph as text, its tasks in the same order, if it was wanted
 * @typedef {{ type: 'assembled', id: number, outcome: Outcome }} AssembledMessage
 * @typedef {Object} StartedMessage
 * @property {'started'} type
 * @property {number} id
 * @property {GraphData | null} graph
 * @property {TraceLayout | null} layout
 * @property {(Lane | null)[]} lanes of the trace; null for one that has not joined
 * @property {RunMode | null} mode how threads are run; null for a task graph
 *
 * @typedef {{ type: 'events', id: number, workers: WorkerTrace[] }} EventsMessage
 *   only where memory cannot be shared: the events since the last such message
 * @typedef {{ type: 'nodes', id: number, lanes: (Lane | null)[] } & Places} NodesMessage the nodes of a cluster have
 *   changed
 * @typedef {{ type: 'news', id: number, news: News[] }} NewsMessage of a cluster that is open
 * @typedef {{ type: 'blocks', id: number, blocks: Block[] }} BlocksMessage those that have finished since the
 *   last such message
 * @typedef {{ type: 'finished', id: number, outcome: Outcome, trace: Trace }} FinishedMessage
 * @typedef {{ type: 'failed', id: number, message: string, cancelled: boolean, trace: Trace | null }} FailedMessage
 * @typedef {ReadyMessage | BrokenMessage | PlannedMessage | AssembledMessage | StartedMessage | EventsMessage
 *   | NodesMessage | NewsMessage | BlocksMessage | FinishedMessage | FailedMessage} EngineMessage
 */

/**
 * A cluster that is open runs what its client asks for. Each thing that it asks for is a future, which has a number.
 *
 * @typedef {{ nodes: number, slots?: number, memoryLimit: number | null }} ClusterOptions
 *
 * `submit`: the targets of some work have these futures; `inputs` are the keys of those tasks that stand for what other
 * futures want, each with its future. `scatter`: an array is put on a node.
 *
 * @typedef {{ type: 'submit', work: Work, futures: number[], inputs: [string, number][], priority: number }
 *   | { type: 'scatter', future: number, key: string, bytes: Uint8Array, shape: number[], dtype: DType }
 *   | { type: 'gather' | 'release' | 'cancel', future: number }
 *   | { type: 'who-has', query: number, futures: number[] }} Ask
 *
 * What becomes of futures. `lost`: it was put on a node that is gone.
 *
 * @typedef {{ type: 'finished' | 'cancelled', future: number }
 *   | { type: 'error' | 'lost', future: number, message: string }
 *   | { type: 'value', future: number, value: TargetValue | null }} FutureNews
 * @typedef {FutureNews | { type: 'who-has', query: number, places: number[][] }} News
 */

/**
 * What the engine's worker says about the workers themselves, which only crew.js hears. `held` is whether
 * the worker holds its lock; `pool` asks the page to start the pool, and a reply comes through the port;
 * `process` and `end-process` ask it to start or end a process, to which the engine gives an id.
 *
 * @typedef {{ type: 'alive', held: boolean }} AliveMessage
 * @typedef {{ type: 'pong' }} PongMessage
 * @typedef {{ type: 'pool', threads: number, start: Omit<PoolStart, 'life'>, port: MessagePort }} PoolRequest
 * @typedef {{ type: 'process', id: number, start: Omit<ProcessStart, 'life'> }} ProcessRequest
 * @typedef {{ type: 'end-process', id: number }} ProcessEnd
 * @typedef {AliveMessage | PongMessage | PoolRequest | ProcessRequest | ProcessEnd} CrewMessage
 *
 * @typedef {{ failed: string | null }} PoolReply why the pool did not start, or null
 */

/**
 * What the page tells a pool worker. `receiver` is the address of the channel through which it gets its
 * thread.
 *
 * @typedef {{ module: WebAssembly.Module, memory: WebAssembly.Memory, receiver: number, life: string }} PoolStart
 *
 * What the page tells a process. The port leads to the engine's worker. `fork` has a copy of the engine's
 * memory, which took `copyMs` to make; null is `spawn`.
 *
 * @typedef {{ image: ArrayBuffer, copyMs: number }} Fork
 * @typedef {{ module: WebAssembly.Module, port: MessagePort, fork: Fork | null, role: Role, slots?: number, life: string
 * }} ProcessStart `slots`: how many tasks a node runs at once
 *
 * A `child` runs the tasks of one message after the other and keeps nothing; a `node` of a cluster keeps values, and
 * exchanges them with other nodes.
 *
 * @typedef {'child' | 'node'} Role
 *
 * What pool workers and processes say to the page: that they are up, or why they are not. A process may fail
 * later, too.
 *
 * @typedef {{ held: boolean } | { failed: string }} ModuleWorkerMessage
 *
 * A node with several slots asks the page for a worker for each. Each gets a port to the node: it posts null when it is up,
 * and then whenever the node should look for what the slot has run.
 *
 * @typedef {{ slots: { module: WebAssembly.Module, memory: WebAssembly.Memory, ports: MessagePort[] } }} SlotsRequest
 * @typedef {{ module: WebAssembly.Module, memory: WebAssembly.Memory, port: MessagePort, slot: number, life: string
 * }} SlotStart
 */

/**
 * What Rust wants the engine's worker to do for a run. A process has a number in its run; its replacement has
 * the same, unless it is a node. `fork`: whether it starts with a copy of the engine's memory; `slots`: those of a node. `link`: lets two nodes
 * send messages to each other. Nothing follows `finished`.
 *
 * @typedef {{ type: 'start', process: number, fork: boolean, role: Role, slots?: number }
 *   | { type: 'link', first: number, second: number }
 *   | { type: 'send', process: number, message: ProcessMessage }
 *   | { type: 'end', process: number }
 *   | { type: 'finished' }} ProcessCommand
 *
 * A message in the module's memory.
 *
 * @typedef {{ length: number, write: (to: Uint8Array) => void, free: () => void }} ProcessMessage
 *
 * A message on its way, with buffers that go back to where they came from (spares.js).
 *
 * @typedef {{ message: Uint8Array<ArrayBuffer>, back: ArrayBuffer[] }} Envelope
 *
 * What a process says to the engine's worker: first that it is there, how much memory was copied for it and how
 * long that took; then a reply to each message.
 *
 * @typedef {{ bytes: number, ms: number }} Joined
 * @typedef {Joined | Envelope | Spilling} FromProcess
 *
 * A node has opened a file of this name for values (spill-files.js).
 *
 * @typedef {{ spillFile: string }} Spilling
 *
 * What the engine's worker says to a node besides messages: here is a port to another node; that node is gone.
 *
 * @typedef {{ peer: number, port: MessagePort }} Link
 * @typedef {{ gone: number }} Unlink
 *
 * A message of a node: for another one, or (null) for the scheduler. It is sent after a delay if the network is to look slow.
 *
 * @typedef {{ to: number | null, message: ProcessMessage, delayMs: number }} Post
 */

export {};
