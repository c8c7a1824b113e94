/*
 * The wasm package as the engine worker sees it. wasm-bindgen writes its own types beside the
 * package; these say more (no `any`), and let the types be checked before the package is built.
 */
declare module '#wasm' {
  import type { Description } from './describer.js';
  import type { SpillFile } from './spill-files.js';
  import type {
    Block,
    ClusterOptions,
    DType,
    FutureNews,
    GraphData,
    Lane,
    RunMode,
    Outcome,
    Places,
    Post,
    ProcessCommand,
    ProcessMessage,
    ProgramSchema,
    RunOptions,
    SchedulerSchema,
    Trace,
    TraceLayout,
    Work,
  } from './protocol.js';

  export class Plan {
    constructor(work: Work, seed: bigint);
    graph(): GraphData;
    json(): string;
    outcome(targets: (Uint8Array | string)[], workers: number, makespanMs: number): Outcome;
    start(options: Omit<RunOptions, 'graph' | 'hold'> & { isolated: boolean }): Run;
    free(): void;
  }

  export class Run {
    static openCluster(options: ClusterOptions & { isolated: boolean }): Run;
    submit(work: Work, futures: Uint32Array, inputs: [string, number][], priority: number): void;
    scatter(future: number, key: string, bytes: Uint8Array, shape: Uint32Array, dtype: DType): void;
    gather(future: number): void;
    releaseFuture(future: number): void;
    cancelFuture(future: number): void;
    whoHas(future: number): Uint32Array;
    news(): FutureNews[];
    memoryLayout(): TraceLayout;
    lanes(): (Lane | null)[];
    mode(): RunMode | undefined;
    steps(): boolean;
    step(budgetMs: number): boolean;
    finished(): Promise<void>;
    blocks(): Block[];
    hold(ids: Float64Array): void;
    commands(): ProcessCommand[];
    wanted(): Promise<boolean>;
    joined(process: number, bytes: number, ms: number): void;
    reply(process: number, message: Uint8Array): void;
    died(process: number, reason: string): void;
    tick(): void;
    addNode(): number | undefined;
    killNode(place: number): boolean;
    places(): Places | undefined;
    outcome(values: boolean): Outcome;
    trace(): Trace;
    cancel(): void;
    free(): void;
  }

  export class Child {
    constructor();
    onMessage(message: Uint8Array): ProcessMessage;
  }

  export class Member {
    constructor(slots: number, mostBytes: number);
    onMessage(from: number | undefined, message: Uint8Array): void;
    work(budgetMs: number): boolean;
    wantsStorage(): boolean;
    useStorage(file: SpillFile | undefined): void;
    posts(): Post[];
  }

  export function memoryImage(pool: boolean): ArrayBuffer | undefined;
  export function programs(): ProgramSchema[];
  export function schedulers(isolated: boolean, processors: number): SchedulerSchema[];
  export function version(): string;
  export function module(): WebAssembly.Module;
  export function describe(expression: string, id: number): Description;
  export function release(id: number): void;
  export function serveSlot(slot: number, tell: () => void): void;
  export function initThreadPool(threads: number): Promise<void>;
  export function wbg_rayon_start_worker(receiver: number): void;

  export interface Instance {
    memory: WebAssembly.Memory;
  }

  export interface Start {
    module_or_path?: WebAssembly.Module | URL | string | Response | Promise<Response>;
    memory?: WebAssembly.Memory;
  }

  export default function init(start?: Start): Promise<Instance>;
}
