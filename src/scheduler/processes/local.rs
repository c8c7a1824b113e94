//! Processes inside this one, for the host: they run one after another, on the thread that asks.

use std::collections::VecDeque;

use super::{
    super::bytes::Message,
    child::Child,
    parent::{Command, Event},
};

/// The processes of one run.
#[derive(Default)]
pub(super) struct Local {
    processes: Vec<Option<Seat>>,
    /// The events that are due before another message is read.
    joined: VecDeque<Event>,
    /// The process whose turn it is.
    turn: usize,
}

#[derive(Default)]
struct Seat {
    child: Child,
    messages: VecDeque<Message>,
}

impl Local {
    /// Does as it is told.
    pub(super) fn follow(&mut self, command: Command) {
        match command {
            Command::Start { process, .. } => {
                let count = self.processes.len().max(process as usize + 1);
                self.processes.resize_with(count, || None);
                self.processes[process as usize] = Some(Seat::default());
                self.joined.push_back(Event::Joined { process, bytes: 0, ms: 0.0 });
            }
            Command::Send { process, message } => {
                if let Some(Some(seat)) = self.processes.get_mut(process as usize) {
                    seat.messages.push_back(message);
                }
            }
            Command::End { process } => self.processes[process as usize] = None,
            Command::Finished => *self = Local::default(),
        }
    }

    /// Lets the next process read a message. `None` if there is none to read.
    pub(super) fn next(&mut self) -> Option<Event> {
        if let Some(event) = self.joined.pop_front() {
            return Some(event);
        }
        let count = self.processes.len();
        let process = (0..count).map(|i| (self.turn + i) % count).find(|&process| {
            self.processes[process].as_ref().is_some_and(|seat| !seat.messages.is_empty())
        })?;
        self.turn = process + 1;
        let seat = self.processes[process].as_mut()?;
        let message = seat.messages.pop_front()?;
        Some(Event::Reply { process: process as u32, message: seat.child.on_message(&message.to_bytes()) })
    }
}
