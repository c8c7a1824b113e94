//! Lower bounds of a simulated run's makespan. The largest shows what limits scaling.

use std::fmt;

use super::{
    super::{core::ahead, outline::Outline},
    durations::Durations,
    parameters::Parameters,
    sizes::Sizes,
};

/// Lower bounds of a makespan, in milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Bounds {
    /// All tasks, if no slot ever waits.
    pub work_ms: f64,
    /// The longest way through the graph, with the messages and decisions on that way.
    pub span_ms: f64,
    /// All decisions, one after another.
    pub scheduler_ms: f64,
    /// What the node that sent or received most has sent or received.
    pub bandwidth_ms: f64,
}

/// What a makespan is bound by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// The slots: more nodes would help.
    Work,
    /// The longest way through the graph.
    Span,
    /// The scheduler.
    Scheduler,
    /// The network of a node.
    Bandwidth,
}

impl Bounds {
    /// The largest.
    pub fn largest(&self) -> (Bound, f64) {
        let all = [
            (Bound::Work, self.work_ms),
            (Bound::Span, self.span_ms),
            (Bound::Scheduler, self.scheduler_ms),
            (Bound::Bandwidth, self.bandwidth_ms),
        ];
        all.into_iter().reduce(|a, b| if b.1 > a.1 { b } else { a }).expect("there are four")
    }
}

impl fmt::Display for Bound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Bound::Work => "work",
            Bound::Span => "span",
            Bound::Scheduler => "scheduler",
            Bound::Bandwidth => "bandwidth",
        })
    }
}

/// What one slot would take: all tasks, decisions and transfers, one after another.
pub(super) fn one_slot_ms(
    outline: &Outline,
    sizes: &Sizes,
    durations: &Durations,
    parameters: &Parameters,
) -> f64 {
    let transfer_ms = |task| {
        let bytes = sizes.bytes(task, parameters.value_bytes);
        2.0 * parameters.latency_ms + bytes as f64 / parameters.bytes_per_ms
    };
    let task_ms = |task| {
        let messages_ms = parameters.decision_ms + 2.0 * parameters.latency_ms;
        let is_gathered = parameters.gather && outline.is_target(task);
        let gathered_ms = if is_gathered { transfer_ms(task) } else { 0.0 };
        let inputs_ms: f64 = outline.inputs(task).iter().map(|&input| transfer_ms(input)).sum();
        messages_ms + durations.ms(task) + inputs_ms + gathered_ms
    };
    outline.tasks().map(task_ms).sum()
}

/// The time of the longest way through the graph, if nothing on it ever waits. O(tasks + edges). A task that may be sent
/// ahead waits for no message.
pub(super) fn span_ms(outline: &Outline, durations: &Durations, parameters: &Parameters) -> f64 {
    let hop_ms = parameters.decision_ms + 2.0 * parameters.latency_ms;
    let is_ahead = durations.least_ms() < ahead::MOST_MS;
    let mut ends = vec![0.0f64; outline.len()];
    let mut span = 0.0f64;
    for task in outline.tasks() {
        let ready = outline.inputs(task).iter().map(|&input| ends[input as usize]).fold(0.0, f64::max);
        let hop_ms = if is_ahead && !outline.inputs(task).is_empty() { 0.0 } else { hop_ms };
        ends[task as usize] = ready + hop_ms + durations.ms(task);
        span = span.max(ends[task as usize]);
    }
    span
}
