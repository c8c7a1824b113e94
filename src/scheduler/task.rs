//! One task, whichever scheduler runs it: make room for its value, execute its operation, note that it is done, and say
//! in words what went wrong.

use std::{any::Any, borrow::Cow};

use smallvec::SmallVec;

use super::{content::Content, discard::Discard, memory::Memory, shown::Shown};
use crate::{
    clock::now_ms,
    graph::{Plan, TaskId},
    kernels::{Input, Message},
    operations::{Op, execute, output_bytes},
    panics,
    trace::{Action, Trace, Writer},
    value::Value,
};

/// Of this many tasks that do nothing, about one makes a worker look at the clock: each takes less time than a look.
pub(super) const NO_OPS_PER_LOOK: TaskId = 64;

/// Runs `task` on the values that `input_of` has for its dependencies: owned, where the task is the last to need it and
/// will not be tried again. `writer` notes when the kernel starts, and the memory that it uses.
#[inline]
pub(super) fn run_task<'a>(
    plan: &Plan,
    task: TaskId,
    attempt: u8,
    memory: &Memory,
    (writer, trace): (&mut Writer, &Trace),
    input_of: impl FnMut(TaskId) -> Input<'a>,
) -> Result<Value, Message> {
    match plan.op(task) {
        // Would be done with inputs as well, but is there to measure what is left without them.
        Op::NoOp => Ok(Value::None),
        op => {
            let mut inputs: SmallVec<[Input<'_>; 4]> =
                plan.dependencies().row(task).iter().copied().map(input_of).collect();
            let owned_bytes =
                |input: &Input<'_>| if let Cow::Owned(value) = input { value.bytes() } else { 0 };
            let owned = |input| if let Cow::Owned(value) = input { Some(value) } else { None };
            // Counted until the operation is done with them.
            let _used_up = memory.adopt(inputs.iter().map(owned_bytes).sum());
            let room = memory.reserve(output_bytes(op, &inputs))?;
            let room_bytes = room.bytes();
            writer.begin_kernel(trace, now_ms);
            let value = execute(op, &mut inputs, attempt);
            // What the operation has left of them may be foreign, and must not make this task err when it is dropped.
            for value in inputs.into_iter().filter_map(owned) {
                value.discard();
            }
            let value = value?;
            let bytes = value.bytes();
            room.keep(bytes)?;
            writer.bytes(task, bytes);
            writer.scratch(task, room_bytes.saturating_sub(bytes));
            Ok(value)
        }
    }
}

/// Notes that `task` has computed `value`. Before any of its dependents is made ready.
#[inline]
pub(super) fn note_computed(
    writer: &mut Writer,
    trace: &Trace,
    plan: &Plan,
    task: TaskId,
    value: &Value,
    shown: Option<&Shown>,
) {
    if let Op::NoOp = plan.op(task) {
        writer.end_instant(trace, task, now_ms);
    } else {
        writer.end(trace, task, Action::Compute, now_ms);
        if let Some(shown) = shown {
            shown.note(task, value);
        }
    }
}

/// On which task that erred `task` depends, as far as the slots of its dependencies say.
#[cold]
pub(super) fn culprit<'a>(
    plan: &Plan,
    task: TaskId,
    content_of: impl Fn(TaskId) -> &'a Content,
) -> Option<TaskId> {
    plan.dependencies().row(task).iter().find_map(|&dependency| match content_of(dependency) {
        Content::Erred(culprit) => Some(*culprit),
        _ => None,
    })
}

/// The message of a task that panicked.
#[cold]
pub(super) fn panic_message(payload: &(dyn Any + Send)) -> Message {
    format!("panicked: {}", panics::words(payload)).into()
}
