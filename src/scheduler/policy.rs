//! Policies: which of the ready tasks runs next. They change the order of a run, never its values.
//!
//! The default needs no queue: ids are in static order, and `sync` counts through them while `threads` keeps them in
//! the workers' own deques. The others are there to be compared with it. They have one queue for all workers, behind
//! a lock, so that each is exactly what its name says.

use std::{cmp::Reverse, collections::BinaryHeap, fmt, str::FromStr};

use crate::{
    error::{Error, Result},
    graph::{TaskGraph, TaskId, bottom_levels},
};

/// Which of the ready tasks runs next.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Policy {
    /// What was made ready last, and of that the first in static order: Dask's way.
    #[default]
    Ordered,
    /// What became ready first.
    Fifo,
    /// What became ready last, wherever that was; new roots count as ready from the start.
    Lifo,
    /// Any, by the run's seed.
    Random,
    /// What has the longest path to the end of the graph before it, counted in tasks.
    CriticalPath,
}

impl Policy {
    /// All of them.
    pub const ALL: [Policy; 5] =
        [Policy::Ordered, Policy::Fifo, Policy::Lifo, Policy::Random, Policy::CriticalPath];

    /// What the policy needs to know of each task of a graph, beside its id: nothing, or the length of the longest path to
    /// the end of the graph.
    pub(super) fn levels(self, graph: &TaskGraph) -> Box<[u32]> {
        match self {
            Policy::CriticalPath => bottom_levels(graph).into(),
            _ => Box::default(),
        }
    }

    /// How it is named in a URL or an attribute.
    pub const fn name(self) -> &'static str {
        match self {
            Policy::Ordered => "ordered",
            Policy::Fifo => "fifo",
            Policy::Lifo => "lifo",
            Policy::Random => "random",
            Policy::CriticalPath => "critical-path",
        }
    }
}

impl FromStr for Policy {
    type Err = Error;

    fn from_str(name: &str) -> Result<Policy> {
        let named = Policy::ALL.into_iter().find(|policy| policy.name() == name);
        named.ok_or_else(|| {
            let names = Policy::ALL.map(Policy::name).join(", ");
            Error::invalid(format!("unknown policy '{name}': use one of {names}"))
        })
    }
}

impl fmt::Display for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The ready tasks of a run with a policy other than the default, the next one on top.
#[derive(Debug)]
pub(super) struct Ready {
    /// By batch, as the id of its first task; then by rank, then by static order.
    heap: BinaryHeap<Reverse<(TaskId, u64, TaskId)>>,
    ranking: Ranking,
}

/// What decides about a task's place: the lowest rank is first.
#[derive(Debug)]
enum Ranking {
    /// How often tasks have been made ready so far.
    Fifo {
        times: u64,
    },
    Lifo {
        times: u64,
    },
    Random {
        seed: u64,
    },
    CriticalPath,
}

impl Ready {
    /// No tasks yet. `None` if the policy is the default one.
    pub(super) fn new(policy: Policy, seed: u64) -> Option<Ready> {
        let ranking = match policy {
            Policy::Ordered => return None,
            Policy::Fifo => Ranking::Fifo { times: 0 },
            Policy::Lifo => Ranking::Lifo { times: 0 },
            Policy::Random => Ranking::Random { seed },
            Policy::CriticalPath => Ranking::CriticalPath,
        };
        Some(Ready { heap: BinaryHeap::new(), ranking })
    }

    /// Takes in tasks that became ready together. They are of the batch whose tasks have the ids from `first`, and whose
    /// [levels](Policy::levels) are `levels`; `tasks` counts from the first.
    pub(super) fn extend(&mut self, first: TaskId, levels: &[u32], tasks: impl IntoIterator<Item = TaskId>) {
        if let Ranking::Fifo { times } | Ranking::Lifo { times } = &mut self.ranking {
            *times += 1;
        }
        let ranking = &self.ranking;
        let entry = |task| Reverse((first, ranking.rank(levels, task), first + task));
        self.heap.extend(tasks.into_iter().map(entry));
    }

    /// The task to run next.
    pub(super) fn pop(&mut self) -> Option<TaskId> {
        self.heap.pop().map(|Reverse((.., task))| task)
    }

    pub(super) fn len(&self) -> usize {
        self.heap.len()
    }
}

impl Ranking {
    #[inline]
    fn rank(&self, levels: &[u32], task: TaskId) -> u64 {
        match self {
            Ranking::Fifo { times } => *times,
            Ranking::Lifo { times } => u64::MAX - times,
            Ranking::Random { seed } => mix(seed ^ u64::from(task).wrapping_mul(0x9e37_79b9_7f4a_7c15)),
            Ranking::CriticalPath => u64::from(u32::MAX - levels[task as usize]),
        }
    }
}

/// The finaliser of splitmix64: every bit of the result depends on every bit of `x`.
/// <https://prng.di.unimi.it/splitmix64.c>
fn mix(x: u64) -> u64 {
    let x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{GraphBuilder, Op, Plan};

    /// ```text
    /// a -> b -> c -> d
    /// e -> f         the ids are those of the static order: a = 0, …, f = 5
    /// ```
    fn plan() -> Plan {
        let mut graph = GraphBuilder::new();
        for (key, args) in [("a", ""), ("b", "a"), ("c", "b"), ("d", "c"), ("e", ""), ("f", "e")] {
            graph.task(key.into(), Op::NoOp, (!args.is_empty()).then(|| args.into()));
        }
        ["d", "f"].into_iter().for_each(|key| graph.target(key.into()));
        Plan::new(&graph.build().unwrap())
    }

    /// The keys in the order in which one worker runs them.
    fn order(policy: Policy, seed: u64) -> String {
        let plan = plan();
        let levels = policy.levels(&plan);
        let mut ready = Ready::new(policy, seed).expect("the policy has a queue");
        ready.extend(0, &levels, plan.roots());
        let mut ran = String::new();
        while let Some(task) = ready.pop() {
            ran += &plan.key(task).to_string();
            ready.extend(0, &levels, plan.dependents().row(task).iter().copied());
        }
        ran
    }

    #[test]
    fn each_policy_is_what_its_name_says() {
        assert!(Ready::new(Policy::Ordered, 0).is_none());
        assert_eq!(order(Policy::Fifo, 0), "aebfcd");
        assert_eq!(order(Policy::Lifo, 0), "abcdef");
        assert_eq!(order(Policy::CriticalPath, 0), "abcedf");
        let random: std::collections::BTreeSet<_> = (0..50).map(|seed| order(Policy::Random, seed)).collect();
        assert!(random.len() > 5, "{random:?}");
        assert_eq!(order(Policy::Random, 7), order(Policy::Random, 7));
    }

    #[test]
    fn an_earlier_batch_is_before_a_later_one() {
        for policy in Policy::ALL.into_iter().filter(|&policy| policy != Policy::Ordered) {
            let mut ready = Ready::new(policy, 0).unwrap();
            ready.extend(10, &[9], [0]);
            ready.extend(0, &[1], [0]);
            assert_eq!([ready.pop(), ready.pop(), ready.pop()], [Some(0), Some(10), None], "{policy}");
        }
    }

    #[test]
    fn names_are_read_as_written() {
        for policy in Policy::ALL {
            assert_eq!(policy.to_string().parse(), Ok(policy));
        }
        let error = "best".parse::<Policy>().unwrap_err().to_string();
        assert_eq!(error, "unknown policy 'best': use one of ordered, fifo, lifo, random, critical-path");
    }
}
