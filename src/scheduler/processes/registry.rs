//! Plans by number, for processes that start with a copy of the parent's memory: they find the plan there.

use std::sync::{Arc, Mutex, MutexGuard};

use rustc_hash::FxHashMap;

use crate::graph::Plan;

static PLANS: Mutex<Option<Plans>> = Mutex::new(None);

#[derive(Default)]
struct Plans {
    last: u64,
    plans: FxHashMap<u64, Arc<Plan>>,
}

fn plans() -> MutexGuard<'static, Option<Plans>> {
    PLANS.lock().expect("nothing panics while it holds this lock")
}

/// A plan in the registry, until this is dropped.
pub(super) struct Registered(pub(super) u64);

impl Registered {
    pub(super) fn new(plan: Arc<Plan>) -> Registered {
        let mut plans = plans();
        let plans = plans.get_or_insert_default();
        plans.last += 1;
        plans.plans.insert(plans.last, plan);
        Registered(plans.last)
    }
}

impl Drop for Registered {
    fn drop(&mut self) {
        // Dropped after the lock: a plan may be large.
        let _plan = plans().get_or_insert_default().plans.remove(&self.0);
    }
}

/// The plan with this number, if it is in the registry of this memory.
pub(super) fn plan(number: u64) -> Option<Arc<Plan>> {
    plans().get_or_insert_default().plans.get(&number).cloned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{GraphBuilder, Op};

    #[test]
    fn a_plan_is_found_until_it_is_dropped() {
        let mut graph = GraphBuilder::new();
        graph.task("x".into(), Op::NoOp, []);
        graph.target("x".into());
        let shared = Arc::new(Plan::new(&graph.build().unwrap()));
        let [first, second] = [0, 1].map(|_| Registered::new(shared.clone()));
        let (first_number, second_number) = (first.0, second.0);
        assert_ne!(first_number, second_number);
        drop(first);
        assert!(plan(first_number).is_none());
        assert_eq!(plan(second_number).unwrap().len(), 1);
    }
}
