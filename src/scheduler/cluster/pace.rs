//! How long tasks take, and how fast values move: learnt from what nodes report.

/// How long a task is expected to take before one with its prefix has finished. Dask's default is the same.
const UNKNOWN_MS: f64 = 500.0;

/// What is assumed before the first transfers: 100 MB/s, as in Dask.
const MS_PER_BYTE: f64 = 1e-5;

/// What a transfer is assumed to take besides moving bytes, before the first.
const LATENCY_MS: f64 = 1.0;

/// Transfers of fewer bytes tell the latency, others the bandwidth.
const SMALL: u64 = 1 << 14;

/// How much one measurement counts against all before it.
const WEIGHT: f64 = 0.2;

/// Averages in which later measurements count more.
#[derive(Debug)]
pub struct Pace {
    /// Per prefix. Negative if unknown.
    task_ms: Vec<f64>,
    ms_per_byte: f64,
    latency_ms: f64,
}

fn mix(average: &mut f64, measured: f64) {
    *average += WEIGHT * (measured - *average);
}

impl Pace {
    /// The defaults, for this number of prefixes.
    pub fn new(prefixes: usize) -> Pace {
        Pace { task_ms: vec![-1.0; prefixes], ms_per_byte: MS_PER_BYTE, latency_ms: LATENCY_MS }
    }

    /// There are as many prefixes as this now.
    pub fn grow(&mut self, prefixes: usize) {
        self.task_ms.resize(prefixes, -1.0);
    }

    /// Learns from the duration of a task with this prefix.
    #[inline]
    pub fn learn_task(&mut self, prefix: u32, ms: f64) {
        match &mut self.task_ms[prefix as usize] {
            known if *known < 0.0 => *known = ms,
            known => mix(known, ms),
        }
    }

    /// Learns from the duration of a transfer.
    #[inline]
    pub fn learn_transfer(&mut self, bytes: u64, ms: f64) {
        if bytes < SMALL {
            mix(&mut self.latency_ms, ms);
        } else {
            // An average of rates would follow the fastest one, which a coarse clock may show as infinite.
            mix(&mut self.ms_per_byte, (ms - self.latency_ms).max(ms * 0.1) / bytes as f64);
        }
    }

    /// How long a task with this prefix is expected to take.
    #[inline]
    pub fn task_ms(&self, prefix: u32) -> f64 {
        match self.task_ms[prefix as usize] {
            unknown if unknown < 0.0 => UNKNOWN_MS,
            known => known,
        }
    }

    /// How long it is expected to take to move this number of values, which have `bytes` bytes together.
    #[inline]
    pub fn transfer_ms(&self, values: usize, bytes: u64) -> f64 {
        if values == 0 { 0.0 } else { self.latency_ms + bytes as f64 * self.ms_per_byte }
    }

    /// How long a message takes there and back.
    pub fn round_trip_ms(&self) -> f64 {
        2.0 * self.latency_ms
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_measured_replaces_what_was_assumed() {
        let mut pace = Pace::new(2);
        assert_eq!(pace.task_ms(0), UNKNOWN_MS);
        pace.learn_task(0, 10.0);
        pace.learn_task(0, 20.0);
        assert!((pace.task_ms(0) - 12.0).abs() < 1e-9);
        assert_eq!(pace.task_ms(1), UNKNOWN_MS);
        // 1 GB/s and 0.1 ms.
        (0..100).for_each(|_| pace.learn_transfer(0, 0.1));
        (0..100).for_each(|_| pace.learn_transfer(1 << 20, 0.1 + f64::from(1 << 20) / 1e6));
        assert!((pace.transfer_ms(1, 10_000_000) - 10.1).abs() < 0.1, "{pace:?}");
        assert_eq!(pace.transfer_ms(0, 0), 0.0);
        // A clock may not have moved meanwhile.
        pace.learn_transfer(1 << 20, 0.0);
        assert!(pace.transfer_ms(1, 10_000_000) > 8.0, "{pace:?}");
    }
}
