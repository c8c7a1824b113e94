//! Nodes inside this process, for the host: they run one after another, on the thread that asks. The slots of a node that
//! has several are threads.

use std::{
    collections::{BTreeMap, VecDeque},
    thread,
};

use super::{
    super::message::NodeId,
    command::{Command, Event},
    member::{Member, Post},
};
use crate::clock::now_ms;

/// How long a node computes before another has its turn.
const TURN_MS: f64 = 1.0;

/// The nodes of one run.
#[derive(Default)]
pub(super) struct Local {
    nodes: BTreeMap<NodeId, Member>,
    /// What the head is told next.
    events: VecDeque<Event>,
    /// The messages between nodes, with the time at which they come.
    under_way: Vec<(f64, NodeId, NodeId, Vec<u8>)>,
    /// The node whose turn it was.
    turn: NodeId,
}

impl Local {
    /// Does as it is told.
    pub(super) fn follow(&mut self, command: Command) {
        match command {
            Command::Start { node, slots } => {
                let member = Member::with_slots(slots);
                for slot in 0..member.slots().map_or(0, |slots| slots.len()) {
                    let slots = member.slots().expect("it has slots").clone();
                    thread::spawn(move || slots.serve(slot, || {}));
                }
                self.nodes.insert(node, member);
                self.events.push_back(Event::Joined { node });
            }
            // All of them can.
            Command::Link { .. } => {}
            Command::Send { node, message } => {
                if let Some(member) = self.nodes.get_mut(&node) {
                    member.on_message(None, &&message.to_bytes()[..]);
                }
            }
            Command::End { node } => {
                self.nodes.remove(&node);
            }
            Command::Finished => *self = Local::default(),
        }
    }

    /// Lets the next node work, and returns what there is to tell the head.
    pub(super) fn next(&mut self) -> Event {
        loop {
            if let Some(event) = self.events.pop_front() {
                return event;
            }
            self.deliver();
            let after = self.nodes.range(self.turn + 1..).next().or_else(|| self.nodes.iter().next());
            let Some((&node, _)) = after else { return Event::Tick };
            let is_last_turn = node <= self.turn;
            self.turn = node;
            let member = self.nodes.get_mut(&node).expect("it was found");
            let has_more = member.work(TURN_MS);
            let wants_storage = member.wants_storage();
            if wants_storage {
                member.use_storage(Some(Box::<Vec<u8>>::default()));
            }
            let posts = member.posts();
            let is_quiet = posts.is_empty() && !has_more && !wants_storage;
            self.take(node, posts);
            // Time may have to pass before a message comes on a slow network.
            if is_quiet && is_last_turn && self.events.is_empty() {
                thread::yield_now();
                return Event::Tick;
            }
        }
    }

    fn take(&mut self, from: NodeId, posts: Vec<Post>) {
        for Post { to, message, delay_ms } in posts {
            match to {
                None => self.events.push_back(Event::Said { node: from, message: message.to_bytes() }),
                Some(to) => self.under_way.push((now_ms() + delay_ms, from, to, message.to_bytes())),
            }
        }
    }

    /// Delivers the messages between nodes that are due.
    fn deliver(&mut self) {
        let now_ms = now_ms();
        let (due, later) =
            std::mem::take(&mut self.under_way).into_iter().partition(|&(at_ms, ..)| at_ms <= now_ms);
        self.under_way = later;
        let due: Vec<(f64, NodeId, NodeId, Vec<u8>)> = due;
        for (_, from, to, message) in due {
            if let Some(member) = self.nodes.get_mut(&to) {
                member.on_message(Some(from), &&message[..]);
            }
        }
    }
}
