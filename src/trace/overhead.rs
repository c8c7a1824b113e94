//! Where the overhead of a worker ends and the kernel of its next task starts.
//!
//! ```text
//! clock reads   |          |                    |
//!               end of     start of its         end of
//!               a task     successor's kernel   that task
//! worker        |-overhead-|------ compute -----|
//! ```
//!
//! The read in the middle is an extra one, and may take longer than what it measures. After a slice of at least
//! [`LONG_MS`] it costs next to nothing, so every such task is measured. Of shorter tasks one in 16 is, and each of
//! them is split in the proportion that the sample had on average. So the split of a single short task is an estimate,
//! and the sum over many is a measurement.
//!
//! Browsers round the clock, so a slice of a microsecond lasts 0 or 5. A sum over a sample is still right on average,
//! as long as the choice of the sample does not depend on the time: the sample follows from a count of tasks.

/// After a slice that lasted this long the clock is read before the next kernel.
const LONG_MS: f64 = 0.05;

/// The sums of the sample are halved after this many tasks, so that a worker that comes to other tasks forgets the old
/// ones.
const MEMORY: u32 = 256;

/// Splits the slices of one worker.
#[derive(Debug)]
pub(super) struct Overhead {
    /// The number of tasks so far, which decides which are measured.
    tasks: u32,
    /// When the kernel of the task under way started, if the clock was read.
    kernel_ms: Option<f64>,
    last_was_long: bool,
    /// How many short tasks are in the sums below.
    sampled: u32,
    overhead_ms: f64,
    whole_ms: f64,
}

impl Overhead {
    pub(super) fn new() -> Overhead {
        Overhead {
            tasks: 0,
            kernel_ms: None,
            last_was_long: false,
            sampled: 0,
            overhead_ms: 0.0,
            whole_ms: 0.0,
        }
    }

    /// Whether to read the clock before the kernel of the next task.
    #[inline]
    pub(super) fn wants_read(&mut self) -> bool {
        let task = self.tasks;
        self.tasks = task.wrapping_add(1);
        // One in 16, and irregular: graphs have patterns whose periods are powers of two.
        self.last_was_long || task.wrapping_mul(0x9e37_79b9) >> 28 == 0
    }

    /// Notes when the kernel started.
    #[inline]
    pub(super) fn kernel_starts(&mut self, at_ms: f64) {
        self.kernel_ms = Some(at_ms);
    }

    /// When the kernel started in a slice of overhead and kernel: as measured, or as estimated.
    #[inline]
    pub(super) fn kernel_start_ms(&mut self, start_ms: f64, stop_ms: f64) -> f64 {
        let lasted_ms = stop_ms - start_ms;
        self.last_was_long = lasted_ms >= LONG_MS;
        if let Some(kernel_ms) = self.kernel_ms.take() {
            let kernel_ms = kernel_ms.clamp(start_ms, stop_ms);
            if self.last_was_long {
                return kernel_ms;
            }
            self.sampled += 1;
            self.overhead_ms += kernel_ms - start_ms;
            self.whole_ms += lasted_ms;
            if self.sampled == MEMORY {
                self.sampled /= 2;
                self.overhead_ms /= 2.0;
                self.whole_ms /= 2.0;
            }
        }
        if self.last_was_long || self.whole_ms <= 0.0 {
            return start_ms;
        }
        (start_ms + lasted_ms * (self.overhead_ms / self.whole_ms)).min(stop_ms)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Runs tasks with these overheads and kernels in ms. The overhead of all, the time of all, and the clock reads.
    fn run(tasks: impl Iterator<Item = (f64, f64)>, clock: impl Fn(f64) -> f64) -> (f64, f64, usize) {
        let mut overhead = Overhead::new();
        let (mut now_ms, mut start_ms) = (0.0, 0.0);
        let (mut sum_ms, mut reads) = (0.0, 0);
        for (before_ms, kernel_ms) in tasks {
            if overhead.wants_read() {
                reads += 1;
                overhead.kernel_starts(clock(now_ms + before_ms));
            }
            now_ms += before_ms + kernel_ms;
            let stop_ms = clock(now_ms);
            let at_ms = overhead.kernel_start_ms(start_ms, stop_ms);
            assert!((start_ms..=stop_ms).contains(&at_ms));
            sum_ms += at_ms - start_ms;
            start_ms = stop_ms;
        }
        (sum_ms, now_ms, reads)
    }

    #[test]
    fn the_overhead_of_long_tasks_is_measured_each_time() {
        let tasks = 100;
        let (sum_ms, _, reads) = run((0..tasks).map(|i| (0.01 * f64::from(i % 2), 1.0)), |ms| ms);
        assert_eq!(reads, tasks as usize);
        assert!((sum_ms - 0.5).abs() < 1e-9, "{sum_ms}");
    }

    #[test]
    fn the_overhead_of_short_tasks_follows_from_a_sample() {
        // A clock that is rounded to 5 us, which is more than a task takes.
        let ticks = |ms: f64| (ms * 200.0).floor() / 200.0;
        for share in [0.1, 0.5, 0.9] {
            let tasks = (0..200_000).map(|i| {
                let whole_ms = 0.001 + 1e-5 * f64::from(i % 97);
                (share * whole_ms, (1.0 - share) * whole_ms)
            });
            let (sum_ms, all_ms, reads) = run(tasks, ticks);
            assert!((sum_ms / all_ms - share).abs() < 0.05, "{} for {share}", sum_ms / all_ms);
            assert!((12_000..13_000).contains(&reads), "{reads}");
        }
    }

    #[test]
    fn long_tasks_say_nothing_about_short_ones() {
        let tasks = (0..10_000).map(|i| if i % 100 == 0 { (0.001, 10.0) } else { (0.002, 0.002) });
        let (sum_ms, ..) = run(tasks, |ms| ms);
        let expected = 100.0 * 0.001 + 9_900.0 * 0.002;
        assert!((sum_ms / expected - 1.0).abs() < 0.02, "{sum_ms} for {expected}");
    }
}
