//! What a client wants of a scheduler that is open: it adds tasks while others run, and keeps some of them.
//!
//! A task that is *kept* has its value on a node until the client releases it. The client may ask for the value.

use std::{mem, sync::Arc};

use rustc_hash::{FxHashMap, FxHashSet};

use super::{
    super::{message::Command, outline::Outline, state::State},
    Core, Placement, Settings,
    task::{Rank, Task},
};
use crate::graph::{Plan, TaskId};

/// Tasks that a client adds.
#[derive(Clone, Copy, Debug)]
pub struct Addition<'a> {
    /// Its targets are kept. The ids of its tasks follow those of all tasks before.
    pub plan: &'a Plan,
    /// Tasks of the plan that stand for earlier tasks, which are kept. They do not run.
    pub known: &'a FxHashMap<TaskId, TaskId>,
    /// Of the tasks that could run, those with a higher priority run first.
    pub priority: i32,
    /// Whether their values are not computed: the client has them, and a node takes one instead of running the task.
    pub is_given: bool,
}

impl Core {
    /// A scheduler without tasks, to which a client [adds](Core::add) some. It ends with a cancel.
    pub fn open() -> Core {
        let settings = Settings { placement: Placement::Earliest, gather: true };
        let mut core = Core::new(Arc::new(Outline::default()), settings);
        core.commands.clear();
        (core.is_open, core.is_over) = (true, false);
        core
    }

    /// Adds tasks. Returns the id of the first.
    ///
    /// # Panics
    /// A task that is known is not kept.
    pub fn add(&mut self, addition: Addition<'_>, now_ms: f64) -> TaskId {
        let Addition { plan, known, priority, is_given } = addition;
        self.now_ms = now_ms;
        let first = self.tasks.len() as TaskId;
        Arc::make_mut(&mut self.outline).add(plan, known);
        let outline = self.outline.clone();
        self.pace.grow(outline.prefixes());
        let (mut failed, mut leaders) = (Vec::new(), Vec::new());
        for task in first..outline.len() as TaskId {
            let (mut missing, mut blamed) = (0, None);
            for &input_id in outline.inputs(task) {
                if input_id >= first {
                    missing += 1;
                    continue;
                }
                let input = &mut self.tasks[input_id as usize];
                assert!(input.is_kept, "the client adds tasks that need what it does not keep");
                input.readers_left += 1;
                input.needed += 1;
                missing += usize::from(input.state != State::Memory);
                if input.state == State::Processing {
                    leaders.push((input_id, input.node));
                }
                if input.state == State::Erred {
                    blamed = Some(input.blamed);
                }
            }
            failed.extend(blamed.map(|blamed| (task, blamed)));
            let (readers, is_target) = (outline.readers(task).len(), outline.is_target(task));
            let mut new = Task::new(missing, readers, (false, is_target), outline.retries(task));
            new.level = priority.saturating_neg();
            new.is_given = is_given;
            if known.contains_key(&(task - first)) || self.is_cancelled {
                (new.state, new.needed, new.is_kept) = (State::Forgotten, 0, false);
            } else if missing == 0 {
                self.fresh.push(task);
            }
            self.tasks.push(new);
        }
        for (task, blamed) in failed {
            self.fail_all(task, blamed);
        }
        leaders.into_iter().for_each(|(task, node)| self.lead(task, node));
        self.settle();
        first
    }

    /// Whether the client may add tasks.
    pub fn is_open(&self) -> bool {
        self.is_open && !self.is_cancelled
    }

    /// Takes the tasks that the client kept and that were dropped since the last call.
    pub fn dropped(&mut self) -> Vec<TaskId> {
        mem::take(&mut self.dropped)
    }

    pub(super) fn rank(&self, task: TaskId) -> Rank {
        (self.tasks[task as usize].level, task)
    }

    pub(super) fn wanted(&mut self, task: TaskId) {
        let known = &mut self.tasks[task as usize];
        if known.is_wanted || !known.is_kept || known.state == State::Erred {
            return;
        }
        known.is_wanted = true;
        self.open += 1;
        if known.state == State::Memory {
            let (node, version) = (known.who_has[0], known.version);
            self.commands.push(Command::Send { node, task, version });
        }
    }

    pub(super) fn released(&mut self, task: TaskId) {
        let known = &mut self.tasks[task as usize];
        if !mem::take(&mut known.is_kept) {
            return;
        }
        let (is_wanted, has_erred) = (known.is_wanted, known.state == State::Erred);
        if is_wanted {
            self.close_target(task);
        }
        if !has_erred {
            self.unneed(task);
            self.forget_if_done(task);
        }
    }

    /// Releases a task and all that need it.
    pub(super) fn drop_all(&mut self, task: TaskId) {
        let outline = self.outline.clone();
        let mut found = FxHashSet::from_iter([task]);
        let mut stack = vec![task];
        while let Some(task) = stack.pop() {
            let may_run = |reader: &&TaskId| self.tasks[**reader as usize].state != State::Forgotten;
            stack
                .extend(outline.readers(task).iter().filter(may_run).filter(|&&reader| found.insert(reader)));
        }
        // Readers have higher ids than what they read.
        let mut found: Vec<TaskId> = found.into_iter().collect();
        found.sort_unstable_by(|a, b| b.cmp(a));
        for task in found {
            if self.tasks[task as usize].is_kept {
                self.dropped.push(task);
                self.released(task);
            }
        }
    }
}
