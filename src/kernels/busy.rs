//! Work that takes time and gives nothing: to see what a scheduler does with tasks of a known length.

use std::hint::black_box;

use super::Message;
use crate::{op::Busy, value::Value};

/// Computes for a while, and then fails as often as it was asked to.
pub(super) fn busy(Busy { steps, failures }: Busy, attempt: u8) -> Result<Value, Message> {
    black_box(xorshift(black_box(1), steps));
    if attempt < failures {
        return Err(format!("attempt {} failed, as {failures} were to", u32::from(attempt) + 1).into());
    }
    Ok(Value::None)
}

/// Each step needs the one before, so no processor can take a short cut.
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
        let attempts = [0, 1, 2, 3].map(|attempt| busy(Busy { steps: 10, failures: 2 }, attempt).is_ok());
        assert_eq!(attempts, [false, false, true, true]);
    }

    #[test]
    fn every_step_counts() {
        assert_ne!(xorshift(1, 1000), xorshift(1, 1001));
    }
}
