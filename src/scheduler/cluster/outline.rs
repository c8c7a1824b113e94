//! What the scheduler of a cluster knows of a plan: ids and edges.

use rustc_hash::FxHashMap;

use crate::graph::{Plan, Rows, TaskId};

/// The edges of a plan, each once, and the prefix of each task by number. O(tasks + edges log edges of a task) to make.
/// Further plans may follow: their tasks have the ids after those of the plans before.
#[derive(Clone, Debug, Default)]
pub struct Outline {
    inputs: Rows,
    readers: Rows,
    /// Of the tasks that tasks of later plans read: all their readers.
    with_later_readers: FxHashMap<TaskId, Vec<TaskId>>,
    prefixes: Vec<u32>,
    prefix_numbers: FxHashMap<Box<str>, u32>,
    is_target: Vec<bool>,
    retries: Vec<u8>,
}

impl Outline {
    /// The outline of `plan`.
    pub fn new(plan: &Plan) -> Outline {
        let mut outline = Outline::default();
        outline.add(plan, &FxHashMap::default());
        outline
    }

    /// Adds the tasks of another plan. Those in `known` stand for tasks of earlier plans: they have no readers, and are no
    /// targets.
    pub(super) fn add(&mut self, plan: &Plan, known: &FxHashMap<TaskId, TaskId>) {
        let first = self.len() as TaskId;
        let mut inside = Rows::with_capacity(plan.len(), plan.dependencies().entries());
        let mut row = Vec::new();
        for (task, dependencies) in plan.dependencies().iter().enumerate() {
            row.clear();
            row.extend_from_slice(dependencies);
            row.sort_unstable();
            row.dedup();
            for input in row.extract_if(.., |input| known.contains_key(input)) {
                let earlier = known[&input];
                let before = self.readers.row(earlier);
                let readers = self.with_later_readers.entry(earlier).or_insert_with(|| before.to_vec());
                readers.push(first + task as TaskId);
            }
            inside.push(row.iter().copied());
        }
        let readers = inside.transpose();
        if first == 0 {
            (self.inputs, self.readers) = (inside, readers);
        } else {
            for task in plan.tasks() {
                let of_plan = inside.row(task).iter().map(|&input| first + input);
                let earlier =
                    plan.dependencies().row(task).iter().filter_map(|input| known.get(input).copied());
                row.clear();
                row.extend(of_plan.chain(earlier));
                row.sort_unstable();
                row.dedup();
                self.inputs.push(row.iter().copied());
                self.readers.push(readers.row(task).iter().map(|&reader| first + reader));
            }
        }
        self.is_target.resize(self.is_target.len() + plan.len(), false);
        for &target in plan.targets().iter().filter(|target| !known.contains_key(target)) {
            self.is_target[(first + target) as usize] = true;
        }
        for task in plan.tasks() {
            let prefix = plan.key(task).prefix();
            let number = match self.prefix_numbers.get(prefix) {
                Some(&number) => number,
                None => {
                    let next = self.prefix_numbers.len() as u32;
                    self.prefix_numbers.insert(prefix.into(), next);
                    next
                }
            };
            self.prefixes.push(number);
        }
        self.retries.extend(plan.tasks().map(|task| plan.annotations(task).retries));
    }

    /// The number of tasks.
    pub fn len(&self) -> usize {
        self.prefixes.len()
    }

    /// Whether there are no tasks.
    pub fn is_empty(&self) -> bool {
        self.prefixes.is_empty()
    }

    /// All ids.
    pub fn tasks(&self) -> std::ops::Range<TaskId> {
        0..self.len() as TaskId
    }

    /// The tasks whose values `task` takes, each once.
    #[inline]
    pub fn inputs(&self, task: TaskId) -> &[TaskId] {
        self.inputs.row(task)
    }

    /// The tasks that take the value of `task`, each once.
    #[inline]
    pub fn readers(&self, task: TaskId) -> &[TaskId] {
        if !self.with_later_readers.is_empty()
            && let Some(readers) = self.with_later_readers.get(&task)
        {
            return readers;
        }
        self.readers.row(task)
    }

    /// The number of the prefix of `task`'s key.
    #[inline]
    pub fn prefix(&self, task: TaskId) -> u32 {
        self.prefixes[task as usize]
    }

    /// The number of prefixes.
    pub fn prefixes(&self) -> usize {
        self.prefix_numbers.len()
    }

    /// Whether the value of `task` is wanted.
    #[inline]
    pub fn is_target(&self, task: TaskId) -> bool {
        self.is_target[task as usize]
    }

    /// How often `task` is retried after a failure.
    pub fn retries(&self, task: TaskId) -> u8 {
        self.retries[task as usize]
    }
}
