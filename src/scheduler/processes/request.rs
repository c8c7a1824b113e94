//! What the parent asks of a process.
//!
//! ```text
//! u32   the number of the message: no other of the run has it
//! u8    what it is
//!       1 plan: the graph is the only value
//!       2 number: u64, of a plan that is in the memory already
//!       3 tasks: f64, after how many ms the process shall return what it has not begun
//!         u32 and for each task   u32 its id, u8 the attempt to begin with, u32 for each input (see `Input`)
//!         u32 and for each value  u64 its length
//! ```
//!
//! A task without a kernel has no inputs here.

use super::super::wire::{Reader, Writer, next};
use crate::{
    error::{Error, Result},
    graph::{TaskGraph, TaskId},
    operations::Op,
};

const PLAN: u8 = 1;
const NUMBER: u8 = 2;
const TASKS: u8 = 3;

/// Where an input of a task is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Input {
    /// It is none.
    None,
    /// The value with this place in the message.
    Sent(u32),
    /// The value of the task with this place in the message.
    Local(u32),
}

const NONE: u32 = u32::MAX;
const LOCAL: u32 = 1 << 31;

impl Input {
    pub(super) fn write(self, head: &mut Writer) {
        head.u32(match self {
            Input::None => NONE,
            Input::Sent(place) => place,
            Input::Local(place) => LOCAL | place,
        });
    }

    fn read(head: &mut Reader<'_>) -> Result<Input> {
        Ok(match head.u32()? {
            NONE => Input::None,
            code if code & LOCAL != 0 => Input::Local(code & !LOCAL),
            place => Input::Sent(place),
        })
    }
}

/// The head of a message with a plan.
pub(super) fn plan(number: u32) -> Vec<u8> {
    start(number, PLAN).finish()
}

/// The head of a message with the number of a plan.
pub(super) fn plan_number(number: u32, plan: u64) -> Vec<u8> {
    let mut head = start(number, NUMBER);
    head.u64(plan);
    head.finish()
}

/// The head of a message with tasks. `tasks` has what [`write_task`] has written.
pub(super) fn tasks(
    number: u32,
    budget_ms: f64,
    count: usize,
    tasks: &Writer,
    values: impl ExactSizeIterator<Item = usize>,
) -> Vec<u8> {
    let mut head = start(number, TASKS);
    head.f64(budget_ms);
    head.u32(count as u32);
    head.append(tasks);
    head.u32(values.len() as u32);
    values.for_each(|length| head.u64(length as u64));
    head.finish()
}

fn start(number: u32, kind: u8) -> Writer {
    let mut head = Writer::default();
    head.u32(number);
    head.u8(kind);
    head
}

/// Writes a task; its inputs follow.
pub(super) fn write_task(head: &mut Writer, task: TaskId, attempt: u8) {
    head.u32(task);
    head.u8(attempt);
}

/// A message from the parent.
pub(super) enum Request<'a> {
    Plan(&'a [u8]),
    Number(u64),
    Tasks { budget_ms: f64, values: &'a [u8], head: Reader<'a> },
}

impl<'a> Request<'a> {
    /// A message, and its number.
    ///
    /// # Errors
    /// It is damaged.
    pub(super) fn read(message: &'a [u8]) -> Result<(u32, Request<'a>)> {
        let (values, mut head) = Reader::open(message)?;
        let number = head.u32()?;
        let request = match head.u8()? {
            PLAN => Request::Plan(values),
            NUMBER => Request::Number(head.u64()?),
            TASKS => Request::Tasks { budget_ms: head.f64()?, values, head },
            kind => return Err(Error::invalid(format!("a message of unknown kind {kind}"))),
        };
        Ok((number, request))
    }
}

/// A task of a message.
pub(super) struct Task {
    pub(super) id: TaskId,
    /// The attempt to begin with.
    pub(super) attempt: u8,
    inputs: (usize, usize),
}

/// The tasks of a message, with their inputs.
pub(super) struct Tasks<'a> {
    pub(super) tasks: Vec<Task>,
    inputs: Vec<Input>,
    /// The values that were sent.
    pub(super) values: Vec<&'a [u8]>,
}

impl<'a> Tasks<'a> {
    /// Reads the rest of a message.
    ///
    /// # Errors
    /// It does not fit the graph.
    pub(super) fn read(graph: &TaskGraph, values: &'a [u8], mut head: Reader<'a>) -> Result<Tasks<'a>> {
        let mut read = Tasks { tasks: Vec::new(), inputs: Vec::new(), values: Vec::new() };
        for place in 0..head.u32()? {
            let (id, attempt) = (head.u32()?, head.u8()?);
            if id as usize >= graph.len() {
                return Err(Error::invalid(format!("task {id} of a graph with {}", graph.len())));
            }
            let start = read.inputs.len();
            if !matches!(graph.op(id), Op::NoOp) {
                for _ in graph.dependencies().row(id) {
                    let input = Input::read(&mut head)?;
                    if matches!(input, Input::Local(local) if local >= place) {
                        return Err(Error::invalid("a task takes the value of a later one"));
                    }
                    read.inputs.push(input);
                }
            }
            read.tasks.push(Task { id, attempt, inputs: (start, read.inputs.len()) });
        }
        let mut at = 0;
        for _ in 0..head.u32()? {
            read.values.push(&values[next(values.len(), &mut at, head.u64()?)?]);
        }
        head.end()?;
        let sent =
            |input: &Input| matches!(input, Input::Sent(place) if *place as usize >= read.values.len());
        match read.inputs.iter().any(sent) {
            true => Err(Error::invalid("a task takes a value that the message does not have")),
            false => Ok(read),
        }
    }

    /// The inputs of all tasks.
    pub(super) fn all_inputs(&self) -> &[Input] {
        &self.inputs
    }

    /// The inputs of one task.
    pub(super) fn inputs(&self, task: &Task) -> &[Input] {
        &self.inputs[task.inputs.0..task.inputs.1]
    }
}
