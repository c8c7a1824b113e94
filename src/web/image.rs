//! A copy of the module's whole memory, with which a forked process starts.

use std::{
    sync::{Arc, Condvar, Mutex, MutexGuard},
    time::Duration,
};

use wasm_bindgen::prelude::*;

use crate::{clock::now_ms, futures::resting};

/// How long to wait for the threads of the pool to stop.
const WAIT_MS: f64 = 20.0;

/// How long to wait before the next look at the threads that rest: they do not say so.
const LOOK: Duration = Duration::from_millis(1);

/// A copy of the memory. Undefined if threads of the pool are busy: what they write meanwhile would make the copy
/// inconsistent, and a lock that one of them has would never be released in it. A thread that only waits for a future is not
/// busy, and does not go on before the copy is there. The locks that it waits with are not used in the copy.
///
/// `pool`: whether there is one.
#[wasm_bindgen(js_name = memoryImage)]
pub fn memory_image(pool: bool) -> Option<js_sys::ArrayBuffer> {
    let gate = Arc::new(Gate::default());
    let stopped = if pool { gate.stop_pool() } else { Some(resting()) };
    let image = stopped.map(|_stopped| {
        let memory: js_sys::WebAssembly::Memory = wasm_bindgen::memory().unchecked_into();
        // A slice is a copy, and is not shared even if the memory is.
        js_sys::Uint8Array::new(&memory.buffer()).slice(0, u32::MAX).buffer()
    });
    gate.open();
    image
}

/// Where the threads of the pool stand still.
#[derive(Default)]
struct Gate {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    waiting: usize,
    is_open: bool,
}

impl Gate {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("nothing panics while it holds this lock")
    }

    /// Lets all threads of the pool come to this gate, apart from those that rest. If they did, none of them goes on while
    /// the guard is held.
    fn stop_pool(self: &Arc<Gate>) -> Option<MutexGuard<'static, usize>> {
        let gate = self.clone();
        rayon::spawn_broadcast(move |_| gate.wait());
        let end_ms = now_ms() + WAIT_MS;
        let mut state = self.state();
        loop {
            let resting = resting();
            if state.waiting + *resting == rayon::current_num_threads() {
                return Some(resting);
            }
            drop(resting);
            if now_ms() >= end_ms {
                return None;
            }
            state =
                self.changed.wait_timeout(state, LOOK).expect("nothing panics while it holds this lock").0;
        }
    }

    fn wait(&self) {
        let mut state = self.state();
        state.waiting += 1;
        self.changed.notify_all();
        let _state = self.changed.wait_while(state, |state| !state.is_open);
    }

    fn open(&self) {
        self.state().is_open = true;
        self.changed.notify_all();
    }
}
