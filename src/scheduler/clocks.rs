//! The clock of a process, seen from the parent. It may count from another time.
//!
//! ```text
//! parent    sent_ms                              now_ms
//!              \                                /
//! child         received ---- works ---- replied
//! ```
//!
//! If both ways took the same time, the difference of the clocks is the mean of the two differences. It is off by at most
//! half of what both ways took, so the reply whose ways took the least time is the best, as in NTP.

/// What a process's clock shows, minus what the parent's shows.
#[derive(Clone, Copy, Debug)]
pub(super) struct Offset {
    offset_ms: f64,
    /// How long both ways took of the message that it comes from.
    round_trip_ms: f64,
}

impl Offset {
    pub(super) fn unknown() -> Offset {
        Offset { offset_ms: 0.0, round_trip_ms: f64::INFINITY }
    }

    /// Takes in one message and its reply.
    pub(super) fn learn(&mut self, sent_ms: f64, received: f64, replied: f64, now_ms: f64) {
        let round_trip_ms = ((now_ms - sent_ms) - (replied - received)).max(0.0);
        if round_trip_ms < self.round_trip_ms {
            self.round_trip_ms = round_trip_ms;
            self.offset_ms = ((received - sent_ms) + (replied - now_ms)) / 2.0;
        }
    }

    /// A time of the process on the parent's clock.
    pub(super) fn parent_ms(&self, child_ms: f64) -> f64 {
        child_ms - self.offset_ms
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::Offset;

    #[test]
    fn the_shortest_way_tells_the_difference() {
        let mut offset = Offset::unknown();
        // The process is 1000 ms ahead. The first message waited for 6 ms, the second took 1 ms each way.
        offset.learn(0.0, 1007.0, 1010.0, 11.0);
        assert_eq!(offset.parent_ms(1007.0), 4.0);
        offset.learn(20.0, 1021.0, 1025.0, 26.0);
        assert_eq!(offset.parent_ms(1021.0), 21.0);
        offset.learn(30.0, 1038.0, 1040.0, 41.0);
        assert_eq!(offset.parent_ms(1038.0), 38.0);
    }
}
