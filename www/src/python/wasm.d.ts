/* The package that scripts/python-module builds, as worker.js sees it. The build of the site resolves the name. */
declare module '#python' {
  export function start(cores: number, process: number): void;
  export function run(source: string, name: string, interrupts: number): string | undefined;
  export function warm_up(): void;
  export function serve(): void;
  export function module(): WebAssembly.Module;
  export function words(): {
    output: number;
    to_page: number;
    from_page: number;
    ring_bytes: number;
    workers: number;
    interrupts: number;
  };

  export interface Start {
    module_or_path?: WebAssembly.Module | Response;
    memory?: WebAssembly.Memory;
    thread_stack_size?: number;
  }

  export default function init(start?: Start): Promise<{ memory: WebAssembly.Memory }>;
}

/* Its URL. */
declare module '#python-wasm' {
  const url: string;
  export default url;
}
