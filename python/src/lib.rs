//! Python for the cells of a talk: RustPython, whose threads are Web Workers that share one memory.
//!
//! One worker is Python's main thread. It calls [`start`] once and then [`run`] for each cell. All cells share one
//! `__main__`. Every other worker calls [`serve`] and runs Python's threads. While they run Python, workers receive no
//! messages, so the page reads output, creates workers and interrupts through words in the shared memory ([`Words`]).
#![feature(stdarch_wasm_atomic_wait)]

#[cfg(not(all(target_arch = "wasm32", target_feature = "atomics")))]
compile_error!("this crate is built for WebAssembly with threads: scripts/python-module");

mod allocator;
mod calls;
mod cell;
mod mailbox;
mod native;
mod output;
mod page;
mod pool;
mod processes;
mod ring;
mod run;
mod stack;
mod threads;

use rustpython_vm::signal::interrupt;
use wasm_bindgen::prelude::*;

#[global_allocator]
static ALLOCATOR: allocator::Allocator = allocator::Allocator;

/// Starts the interpreter. This thread becomes Python's main thread. `cores` is what `os.cpu_count()` returns, and `process`
/// what `os.getpid()` does.
///
/// # Errors
///
/// The text of the exception, if one is raised.
#[wasm_bindgen]
pub fn start(cores: usize, process: u32) -> Result<(), String> {
    cell::start(cores, process)
}

/// Runs a cell in `__main__` and writes the value of its last expression, or the traceback, to the output.
///
/// `interrupts` is the number of interrupts before this cell: any later one is for it. Returns `None`, or the exception that ended the cell: its last line, for example `ValueError: no such key`.
#[wasm_bindgen]
pub fn run(source: &str, name: &str, interrupts: i32) -> Option<String> {
    cell::run(source, name, interrupts)
}

/// Imports what the first traceback needs, which takes a few tenths of a second.
#[wasm_bindgen]
pub fn warm_up() {
    cell::warm_up();
}

/// The compiled module, for the workers of threads and for the next interpreter.
#[wasm_bindgen]
pub fn module() -> JsValue {
    wasm_bindgen::module()
}

/// Runs Python's threads on this worker, one after another. Never returns.
#[wasm_bindgen]
pub fn serve() {
    threads::serve();
}

/// Addresses of words in memory that the page uses without calling a function. All are 32-bit integers.
#[wasm_bindgen]
pub struct Words {
    /// The ring of output. Of each ring: the number of bytes written, the number of bytes read, then the bytes.
    pub output: usize,
    /// The ring of what processes and channels ask the page for.
    pub to_page: usize,
    /// The ring of the page's answers.
    pub from_page: usize,
    /// The size of each ring, in bytes.
    pub ring_bytes: usize,
    /// The number of workers that Python's threads have asked for, in all.
    pub workers: usize,
    /// The page adds 1 to interrupt all threads that run Python, and wakes those that wait for this word.
    pub interrupts: usize,
}

/// Returns the addresses of these words.
#[wasm_bindgen]
pub fn words() -> Words {
    let [to_page, from_page] = mailbox::addresses();
    Words {
        output: output::address(),
        to_page,
        from_page,
        ring_bytes: ring::BYTES,
        workers: threads::wanted_address(),
        interrupts: interrupt::address(),
    }
}
