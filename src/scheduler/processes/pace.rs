//! How long tasks take, by what they do: it decides how many of them make a message.

use std::mem::{Discriminant, discriminant};

use rustc_hash::FxHashMap;

use crate::operations::Op;

/// What tasks took so far. Tasks with the same kind of operation are expected to take about as long.
#[derive(Debug, Default)]
pub(super) struct Pace(FxHashMap<Discriminant<Op>, f64>);

/// How much the last task counts beside those before it.
const LAST: f64 = 0.25;

impl Pace {
    /// Takes in what `count` tasks took together.
    pub(super) fn learn(&mut self, op: &Op, ms: f64, count: u32) {
        let ms = (ms / f64::from(count.max(1))).max(0.0);
        self.0.entry(discriminant(op)).and_modify(|mean| *mean += LAST * (ms - *mean)).or_insert(ms);
    }

    /// How long a task is expected to take. Infinitely long if none was seen yet, so that the first one goes alone.
    pub(super) fn expected_ms(&self, op: &Op) -> f64 {
        self.0.get(&discriminant(op)).copied().unwrap_or(f64::INFINITY)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operations::Busy;

    #[test]
    fn a_kind_of_operation_has_a_pace_of_its_own() {
        let mut pace = Pace::default();
        let busy = Op::Busy(Busy { steps: 1, failures: 0 });
        pace.learn(&Op::NoOp, 1.0, 10);
        assert_eq!(pace.expected_ms(&Op::NoOp), 0.1);
        assert_eq!(pace.expected_ms(&busy), f64::INFINITY);
        pace.learn(&busy, 8.0, 1);
        pace.learn(&busy, 4.0, 1);
        assert_eq!(pace.expected_ms(&busy), 7.0);
    }
}
