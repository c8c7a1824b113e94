//! What the scheduler tells a node.
//!
//! ```text
//! u32   the number of the message: they count from 1
//! u8    what it is
//!       1 welcome: u32 the number of the node, u64 how many bytes of values it may make and keep, f64 how many times as
//!         long its tasks take, f64 the latency in ms and f64 the bytes per ms of its network. The graph is the only
//!         value, if there is one
//!       2 orders, to the end
//!       3 tasks: the graph that is the only value. u32 the id of its first task, then for each of its tasks that stands for
//!         an earlier one  u32 its place in the graph, u32 the id of the other
//!       4 given: the only value, or none, is that of a task.  u32 task
//! ```
//!
//! ```text
//! 1 compute    u32 task, u32 run, u8 the number of attempts that erred, u32 and for each input  u32 task, u32 version,
//!              u32 the node that has it
//! 2 withdraw   u32 task, u32 run
//! 3 free       u32 task, u32 version
//! 4 send       u32 task, u32 version
//! 5 gone       u32 node: nothing will come from it
//! ```

use rustc_hash::FxHashMap;

use super::super::{
    super::{
        bytes::{Bytes, Message},
        wire::{Reader, Writer},
    },
    message::{Input, Inputs, NodeId, RunId},
};
use crate::{
    error::{Error, Result},
    graph::TaskId,
};

const WELCOME: u8 = 1;
const ORDERS: u8 = 2;
const TASKS: u8 = 3;
const GIVEN: u8 = 4;

const COMPUTE: u8 = 1;
const WITHDRAW: u8 = 2;
const FREE: u8 = 3;
const SEND: u8 = 4;
const GONE: u8 = 5;

/// What a node is told first, besides the graph.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Welcome {
    /// Its number.
    pub(super) node: NodeId,
    /// How many bytes of values it may make and keep.
    pub(super) memory_limit: u64,
    /// How many times as long as usual its tasks take.
    pub(super) slowness: f64,
    pub(super) network: Network,
}

/// What the network between nodes is made to look like.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Network {
    /// How long a message is under way, besides what it really takes.
    pub(super) latency_ms: f64,
    /// What a node can send. Infinite for no limit.
    pub(super) bytes_per_ms: f64,
}

/// What a node is to do.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Order {
    Compute { task: TaskId, run: RunId, attempt: u8, inputs: Inputs },
    Withdraw { task: TaskId, run: RunId },
    Free { task: TaskId, version: RunId },
    Send { task: TaskId, version: RunId },
    Gone { node: NodeId },
}

/// The first message for a node.
pub(super) fn welcome(number: u32, welcome: &Welcome, graph: Bytes) -> Message {
    let mut head = Writer::default();
    head.u32(number);
    head.u8(WELCOME);
    head.u32(welcome.node);
    head.u64(welcome.memory_limit);
    head.f64(welcome.slowness);
    head.f64(welcome.network.latency_ms);
    head.f64(welcome.network.bytes_per_ms);
    let mut message = Message::default();
    message.push(graph);
    message.push(head.finish());
    message
}

/// A graph. `known`: its tasks that stand for tasks of earlier graphs.
pub(super) fn tasks(number: u32, first: TaskId, known: &FxHashMap<TaskId, TaskId>, graph: Bytes) -> Message {
    let mut head = Writer::default();
    head.u32(number);
    head.u8(TASKS);
    head.u32(first);
    for (&task, &earlier) in known {
        head.u32(task);
        head.u32(earlier);
    }
    let mut message = Message::default();
    message.push(graph);
    message.push(head.finish());
    message
}

/// The value of a task that the client has given.
pub(super) fn given(number: u32, task: TaskId, value: Option<Bytes>) -> Message {
    let mut head = Writer::default();
    head.u32(number);
    head.u8(GIVEN);
    head.u32(task);
    let mut message = Message::default();
    value.into_iter().for_each(|value| message.push(value));
    message.push(head.finish());
    message
}

/// A message with orders while it is put together.
#[derive(Default)]
pub(super) struct Orders(Writer);

impl Orders {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn add(&mut self, order: &Order) {
        let head = &mut self.0;
        match order {
            Order::Compute { task, run, attempt, inputs } => {
                head.u8(COMPUTE);
                head.u32(*task);
                head.u32(*run);
                head.u8(*attempt);
                head.u32(inputs.len() as u32);
                for &Input { task, version, from } in inputs {
                    head.u32(task);
                    head.u32(version);
                    head.u32(from);
                }
            }
            &Order::Withdraw { task, run } => two(head, WITHDRAW, task, run),
            &Order::Free { task, version } => two(head, FREE, task, version),
            &Order::Send { task, version } => two(head, SEND, task, version),
            &Order::Gone { node } => {
                head.u8(GONE);
                head.u32(node);
            }
        }
    }

    /// The message.
    pub(super) fn message(self, number: u32) -> Message {
        let mut head = Writer::default();
        head.u32(number);
        head.u8(ORDERS);
        head.append(&self.0);
        head.finish().into()
    }
}

fn two(head: &mut Writer, tag: u8, task: TaskId, number: u32) {
    head.u8(tag);
    head.u32(task);
    head.u32(number);
}

/// A message from the scheduler.
pub(super) enum Letter<'a> {
    Welcome(Welcome, &'a [u8]),
    Orders(Vec<Order>),
    Tasks { known: FxHashMap<TaskId, TaskId>, first: TaskId, graph: &'a [u8] },
    Given { task: TaskId, value: &'a [u8] },
}

impl<'a> Letter<'a> {
    /// A message, and its number.
    ///
    /// # Errors
    /// It is damaged.
    pub(super) fn read(message: &'a [u8]) -> Result<(u32, Letter<'a>)> {
        let (values, mut head) = Reader::open(message)?;
        let number = head.u32()?;
        let letter = match head.u8()? {
            WELCOME => {
                let (node, memory_limit, slowness) = (head.u32()?, head.u64()?, head.f64()?);
                let network = Network { latency_ms: head.f64()?, bytes_per_ms: head.f64()? };
                head.end()?;
                Letter::Welcome(Welcome { node, memory_limit, slowness, network }, values)
            }
            ORDERS => {
                let mut orders = Vec::new();
                while !head.is_empty() {
                    orders.push(Order::read(&mut head)?);
                }
                Letter::Orders(orders)
            }
            TASKS => {
                let first = head.u32()?;
                let mut known = FxHashMap::default();
                while !head.is_empty() {
                    known.insert(head.u32()?, head.u32()?);
                }
                Letter::Tasks { known, first, graph: values }
            }
            GIVEN => {
                let task = head.u32()?;
                head.end()?;
                Letter::Given { task, value: values }
            }
            kind => return Err(Error::invalid(format!("a message of unknown kind {kind}"))),
        };
        Ok((number, letter))
    }
}

impl Order {
    fn read(head: &mut Reader<'_>) -> Result<Order> {
        Ok(match head.u8()? {
            COMPUTE => {
                let (task, run, attempt) = (head.u32()?, head.u32()?, head.u8()?);
                let count = head.u32()?;
                let input = |_| Ok(Input { task: head.u32()?, version: head.u32()?, from: head.u32()? });
                let inputs = (0..count).map(input).collect::<Result<_>>()?;
                Order::Compute { task, run, attempt, inputs }
            }
            WITHDRAW => Order::Withdraw { task: head.u32()?, run: head.u32()? },
            FREE => Order::Free { task: head.u32()?, version: head.u32()? },
            SEND => Order::Send { task: head.u32()?, version: head.u32()? },
            GONE => Order::Gone { node: head.u32()? },
            tag => return Err(Error::invalid(format!("an order of unknown kind {tag}"))),
        })
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn orders_are_read_as_written() {
        let inputs = [1, 2].map(|task| Input { task, version: task + 10, from: task + 20 });
        let given = [
            Order::Compute { task: 7, run: 30, attempt: 2, inputs: inputs.into_iter().collect() },
            Order::Withdraw { task: 8, run: 31 },
            Order::Free { task: 9, version: 32 },
            Order::Send { task: 10, version: 33 },
            Order::Gone { node: 3 },
        ];
        let mut orders = Orders::default();
        assert!(orders.is_empty());
        given.iter().for_each(|order| orders.add(order));
        let bytes = orders.message(5).to_bytes();
        let Ok((5, Letter::Orders(read))) = Letter::read(&bytes) else { panic!() };
        assert_eq!(read, given);
        for end in 0..bytes.len() {
            assert!(Letter::read(&bytes[..end]).is_err(), "{end} bytes");
        }
    }

    #[test]
    fn a_welcome_brings_the_graph() {
        let network = Network { latency_ms: 0.5, bytes_per_ms: f64::INFINITY };
        let given = Welcome { node: 3, memory_limit: 1 << 40, slowness: 2.0, network };
        let bytes = welcome(1, &given, vec![1, 2, 3].into()).to_bytes();
        let Ok((1, Letter::Welcome(read, [1, 2, 3]))) = Letter::read(&bytes) else { panic!() };
        assert_eq!(read, given);
    }

    #[test]
    fn later_graphs_and_given_values_are_read_as_written() {
        let known = FxHashMap::from_iter([(0, 3), (2, 1)]);
        let bytes = tasks(6, 10, &known, vec![1, 2, 3].into()).to_bytes();
        let Ok((6, Letter::Tasks { known: read, first: 10, graph: [1, 2, 3] })) = Letter::read(&bytes) else {
            panic!()
        };
        assert_eq!(read, known);
        for value in [vec![], vec![4, 5]] {
            let given = Some(value.clone()).filter(|value| !value.is_empty()).map(Bytes::from);
            let bytes = self::given(7, 12, given).to_bytes();
            let Ok((7, Letter::Given { task: 12, value: read })) = Letter::read(&bytes) else { panic!() };
            assert_eq!(read, value);
        }
    }
}
