//! One task: execute its operation, and make what goes wrong in there an error that names it.

use std::any::Any;

use smallvec::SmallVec;

use crate::{
    error::Error,
    graph::{Plan, TaskId},
    kernels::{Message, execute},
    op::Op,
    value::Value,
};

/// Runs `task` on the values that `value_of` has for its dependencies.
#[inline]
pub(super) fn run_task<'a>(
    plan: &Plan,
    task: TaskId,
    attempt: u8,
    value_of: impl Fn(TaskId) -> &'a Value,
) -> Result<Value, Message> {
    match plan.op(task) {
        // Would be done with inputs as well, but is there to measure what is left without them.
        Op::NoOp => Ok(Value::None),
        op => {
            let inputs: SmallVec<[&Value; 8]> =
                plan.dependencies().row(task).iter().map(|&dependency| value_of(dependency)).collect();
            execute(op, &inputs, attempt)
        }
    }
}

/// The error of a task whose kernel said `message`.
#[cold]
pub(super) fn erred(plan: &Plan, task: TaskId, message: Message) -> Error {
    Error::task(plan.key(task).clone(), message)
}

/// The error of a task that panicked.
#[cold]
pub(super) fn panicked(plan: &Plan, task: TaskId, payload: &(dyn Any + Send)) -> Error {
    let words = payload
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| payload.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("(no message)");
    erred(plan, task, format!("panicked: {words}").into())
}
