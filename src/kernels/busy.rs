//! Work that takes time and has no result: shows what a scheduler does with tasks of a known duration.

use std::{hint::black_box, sync::OnceLock};

use super::Message;
use crate::{clock::now_ms, value::Value};

/// The maximum number of steps of one call. Browsers switch to the optimised version of a function only when it is
/// called again.
const STEPS_PER_CALL: u64 = 50_000;

/// The calibration ends when the fastest time has not improved for this long, or after [`LONGEST_MS`] in total.
const SETTLED_MS: f64 = 15.0;
const LONGEST_MS: f64 = 250.0;

/// Computes for a while. The first `failures` attempts fail.
pub(crate) fn busy(steps: u64, failures: u8, attempt: u8) -> Result<Value, Message> {
    run(steps);
    if attempt < failures {
        return Err(format!("attempt {} failed on purpose", u32::from(attempt) + 1).into());
    }
    Ok(Value::None)
}

/// The number of steps of [`Op::Busy`](crate::Op::Busy) that one thread of this machine does in a microsecond on a core
/// of its own. The first call measures it, which takes about 30 ms; later calls return the same number.
pub(crate) fn steps_per_us() -> f64 {
    static STEPS_PER_US: OnceLock<f64> = OnceLock::new();
    *STEPS_PER_US.get_or_init(calibrate)
}

/// Times many calls and takes the fastest one: other load on the machine only makes calls slower.
fn calibrate() -> f64 {
    let start_ms = now_ms();
    let (mut least_ms, mut since_ms) = (f64::INFINITY, start_ms);
    loop {
        let before_ms = now_ms();
        // Ten calls, since a browser's clock is coarse.
        run(10 * STEPS_PER_CALL);
        let after_ms = now_ms();
        // An improvement beyond the clock's resolution.
        if after_ms - before_ms < 0.98 * least_ms {
            (least_ms, since_ms) = (after_ms - before_ms, after_ms);
        }
        if after_ms - since_ms >= SETTLED_MS || after_ms - start_ms >= LONGEST_MS {
            return 10.0 * STEPS_PER_CALL as f64 / (1e3 * least_ms.max(1e-3));
        }
    }
}

/// Does `steps` steps, each of which needs the result of the one before.
pub(crate) fn run(steps: u64) {
    let mut x = black_box(1);
    for _ in 0..steps / STEPS_PER_CALL {
        x = xorshift(x, STEPS_PER_CALL);
    }
    black_box(xorshift(x, steps % STEPS_PER_CALL));
}

/// Each step depends on the previous one, so a processor cannot overlap them.
#[inline(never)]
fn xorshift(mut x: u64, steps: u64) -> u64 {
    for _ in 0..steps {
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
    }
    x
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_fails_as_often_as_asked() {
        let attempts = [0, 1, 2, 3].map(|attempt| busy(10, 2, attempt).is_ok());
        assert_eq!(attempts, [false, false, true, true]);
    }

    #[test]
    fn a_machine_is_measured_once() {
        let steps = steps_per_us();
        assert!(steps > 0.1 && steps.is_finite(), "{steps}");
        assert_eq!(steps_per_us(), steps);
    }

    #[test]
    fn every_step_counts() {
        assert_ne!(xorshift(1, 1000), xorshift(1, 1001));
    }
}
