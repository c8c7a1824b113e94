//! One clock for all threads.
//!
//! In the browser, `performance.now()` counts from the creation of its page or worker, so adding
//! `performance.timeOrigin` aligns the workers' clocks. Reading the clock costs 200 ns or more there, which is
//! more than everything else that a scheduler does for a task.

/// Milliseconds since a time that is the same for all threads.
pub(crate) use imp::now_ms;

#[cfg(not(target_arch = "wasm32"))]
#[allow(clippy::disallowed_types, reason = "this is the clock of the host")]
mod imp {
    use std::{sync::LazyLock, time::Instant};

    static START: LazyLock<Instant> = LazyLock::new(Instant::now);

    pub(crate) fn now_ms() -> f64 {
        START.elapsed().as_secs_f64() * 1e3
    }
}

#[cfg(target_arch = "wasm32")]
mod imp {
    use wasm_bindgen::JsCast;
    use web_sys::{Performance, WorkerGlobalScope};

    struct Clock {
        performance: Performance,
        origin_ms: f64,
    }

    thread_local! {
        static CLOCK: Clock = {
            let performance = js_sys::global()
                .unchecked_into::<WorkerGlobalScope>()
                .performance()
                .expect("every worker of a browser has a clock");
            Clock { origin_ms: performance.time_origin(), performance }
        };
    }

    pub(crate) fn now_ms() -> f64 {
        CLOCK.with(|clock| clock.origin_ms + clock.performance.now())
    }
}
