//! When a wait with a timeout ends. The standard library's clock panics in a browser.

use std::time::Duration;

use crate::clock::now_ms;

/// A time on the clock, or never.
#[derive(Clone, Copy, Debug)]
pub(super) struct Deadline(Option<f64>);

impl Deadline {
    pub(super) const NEVER: Deadline = Deadline(None);

    /// The time `timeout` from now on. `None`: never.
    pub(super) fn after(timeout: Option<Duration>) -> Deadline {
        Deadline(timeout.map(|timeout| now_ms() + timeout.as_secs_f64() * 1e3))
    }

    /// The time that is left: nothing once it is over. `None`: without end.
    pub(super) fn left(self) -> Option<Duration> {
        let left_ms = self.0? - now_ms();
        // A cast gives 0 for what is negative, and the largest number, which is 584 years, for what is larger.
        Some(Duration::from_nanos((left_ms * 1e6).ceil() as u64))
    }

    /// Whether no time is left.
    pub(super) fn is_over(self) -> bool {
        self.left().is_some_and(|left| left.is_zero())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_is_never_more_than_the_timeout_and_never_overflows() {
        assert!(Deadline::after(Some(Duration::ZERO)).is_over());
        let minute = Duration::from_secs(60);
        assert!(Deadline::after(Some(minute)).left().is_some_and(|left| !left.is_zero() && left <= minute));
        assert!(Deadline::after(Some(Duration::MAX)).left().is_some_and(|left| left > minute));
        assert!(Deadline::after(None).left().is_none() && !Deadline::after(None).is_over());
    }
}
