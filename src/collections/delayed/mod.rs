//! Delayed calls of functions: `dask.delayed`.
//!
//! A [`Delayed`] stands for the result of a call that runs later. Its arguments are numbers and other delayed results,
//! so calls form a graph. The functions are named, because graphs are data.
//!
//! ```
//! use dagdeck::{collections::delayed::{self, delayed}, graph::Plan, operations::Function, scheduler, Options, Scalar};
//!
//! let one = delayed(Function::Inc).call([0.into()])?;
//! let two = delayed(Function::Double).retries(2).call([(&one).into()])?;
//! let sum = delayed(Function::Add).call([(&one).into(), (&two).into()])?;
//! assert!(sum.key().starts_with("add-"));
//!
//! let graph = delayed::graph(&[sum])?;
//! assert_eq!(graph.len(), 3);
//! let outcome = scheduler::start(Plan::new(&graph).into(), Options::default())?.wait()?;
//! assert_eq!(outcome.values()?[0].as_array().and_then(|value| value.item()), Some(Scalar::Int(3)));
//! # Ok::<(), dagdeck::Error>(())
//! ```

use std::sync::atomic::{AtomicU64, Ordering};

use smallvec::SmallVec;

use super::nodes::{self, Emitter, Grid, Layer, Node, Tasks};
use crate::{
    error::{Error, Result},
    graph::{Annotations, TaskGraph, TaskId},
    operations::{Call, Function, Op},
    scalar::Scalar,
};

/// The result of a call that runs later. Cloning is cheap: clones share everything.
#[derive(Clone, Debug)]
pub struct Delayed(Node);

/// An argument of a call.
#[derive(Clone, Debug)]
pub enum Argument {
    /// The result of another call.
    Delayed(Delayed),
    /// A number.
    Scalar(Scalar),
}

/// A function that can be called, and how its tasks are to run.
#[derive(Clone, Copy, Debug)]
pub struct Callable {
    function: Function,
    pure: bool,
    annotations: Annotations,
}

/// A function to be called later.
pub fn delayed(function: Function) -> Callable {
    Callable { function, pure: false, annotations: Annotations::default() }
}

impl Callable {
    /// Equal calls are one task. Without this, each call is a task of its own, as in Dask.
    #[must_use]
    pub fn pure(self) -> Callable {
        Callable { pure: true, ..self }
    }

    /// How often its tasks are retried after a failure.
    #[must_use]
    pub fn retries(mut self, retries: u8) -> Callable {
        self.annotations.retries = retries;
        self
    }

    /// Tasks of a higher priority run first, and so do the tasks that they depend on.
    #[must_use]
    pub fn priority(mut self, priority: i32) -> Callable {
        self.annotations.priority = priority;
        self
    }

    /// Records a call.
    ///
    /// # Errors
    /// If the number of arguments is wrong, or one of the numbers is not allowed.
    pub fn call(self, args: impl IntoIterator<Item = Argument>) -> Result<Delayed> {
        static CALLS: AtomicU64 = AtomicU64::new(0);
        self.numbered(CALLS.fetch_add(1, Ordering::Relaxed), args)
    }

    /// Records call number `call`: unless it is pure, the number distinguishes it from equal calls.
    pub(super) fn numbered(self, call: u64, args: impl IntoIterator<Item = Argument>) -> Result<Delayed> {
        let mut inputs: SmallVec<[Node; 2]> = SmallVec::new();
        let arg = |arg| match arg {
            Argument::Scalar(scalar) => Some(scalar),
            Argument::Delayed(Delayed(node)) => {
                inputs.push(node);
                None
            }
        };
        let args = args.into_iter().map(arg).collect();
        let op = Op::Call(Call { function: self.function, args }.into());
        op.check().map_err(Error::invalid)?;
        let call = (!self.pure).then_some(call);
        let layer = Layer::Tasks(Box::new(Called { op, annotations: self.annotations }));
        Ok(Delayed(Node::new(self.function.name(), call, Grid::default(), inputs, layer)))
    }
}

impl Delayed {
    /// The key of its task: the function's name and a token.
    pub fn key(&self) -> &str {
        self.0.name()
    }
}

impl From<&Delayed> for Argument {
    fn from(delayed: &Delayed) -> Argument {
        Argument::Delayed(delayed.clone())
    }
}

impl<S: Into<Scalar>> From<S> for Argument {
    fn from(scalar: S) -> Argument {
        Argument::Scalar(scalar.into())
    }
}

impl AsRef<Node> for Delayed {
    fn as_ref(&self) -> &Node {
        &self.0
    }
}

/// The task graph of several delayed results: a task for each call that they need. As in Dask, calls are not fused.
///
/// # Errors
/// If there are no results, or the graph has more than 2^20 tasks.
pub fn graph(delayed: &[Delayed]) -> Result<TaskGraph> {
    nodes::graph(delayed, false)
}

/// The one task of a call.
#[derive(Debug)]
struct Called {
    op: Op,
    annotations: Annotations,
}

impl Tasks for Called {
    fn emit(&self, graph: &mut Emitter<'_>) -> Result<Vec<TaskId>> {
        let args: SmallVec<[TaskId; 4]> = graph.inputs.iter().map(|input| input.blocks[0]).collect();
        let task = graph.block(&[], self.op.clone(), args)?;
        graph.annotate(task, self.annotations);
        Ok(vec![task])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_call_is_a_task_unless_it_is_pure() {
        let calls = |callable: Callable| [(); 3].map(|()| callable.call([1.into()]).unwrap());
        assert_eq!(graph(&calls(delayed(Function::Inc))).unwrap().len(), 3);
        assert_eq!(graph(&calls(delayed(Function::Inc).pure())).unwrap().len(), 1);
        let other = delayed(Function::Inc).pure().call([2.into()]).unwrap();
        assert_ne!(other.key(), calls(delayed(Function::Inc).pure())[0].key());
    }

    #[test]
    fn annotations_reach_the_graph() {
        let unused = delayed(Function::Inc).retries(9).call([1.into()]).unwrap();
        let first = delayed(Function::Inc).priority(-2).call([1.into()]).unwrap();
        let last = delayed(Function::Double).retries(3).call([(&first).into()]).unwrap();
        _ = unused;
        let graph = graph(&[last]).unwrap();
        let annotations: Vec<_> = graph.tasks().map(|task| graph.annotations(task)).collect();
        let asked = |retries, priority| Annotations { retries, priority };
        assert_eq!(annotations, [asked(0, -2), asked(3, 0)]);
    }

    #[test]
    fn a_wrong_call_is_refused() {
        let error = delayed(Function::Add).call([1.into()]).unwrap_err();
        assert_eq!(error.to_string(), "add takes 2 arguments, not 1");
    }
}
