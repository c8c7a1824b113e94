//! `processes`: each worker has a memory of its own, and gets tasks and values as messages. `README.md` beside this file
//! describes the states of a process and the messages.
//!
//! [`Parent`](parent::Parent) takes events and returns commands: it starts no process, reads no clock and waits for
//! nothing. Whoever owns the processes passes messages on: the page in the browser, [`Local`](local::Local) on the host.

mod child;
mod draft;
mod handle;
mod local;
mod pace;
mod parent;
mod queue;
mod registry;
mod reply;
mod request;

pub use child::Child;
pub(super) use handle::Processes;
pub use parent::{Command, Event, Joined};

#[cfg(all(test, not(loom)))]
mod tests {
    use std::sync::Arc;

    use super::{Child, Command, Event};
    use crate::{
        DType, Options, Plan, Scheduler, clock::now_ms, collections::array, scheduler, trace::Action,
    };

    #[test]
    fn tasks_of_a_process_with_another_time_origin_lie_within_the_run() {
        let sum = array::ones(&[64, 64], 16, DType::Float64).unwrap().sum(()).unwrap();
        let plan = Arc::new(Plan::new(&sum.graph().unwrap()));
        for origin_ms in [-1e9, 0.0, 1e6] {
            let options = Options { scheduler: Scheduler::Processes, workers: 1, ..Options::default() };
            let run = scheduler::start(plan.clone(), options).unwrap();
            let mut child = Child::new();
            while !run.is_over() {
                for command in run.commands() {
                    match command {
                        Command::Start { process, .. } => {
                            run.tell(Event::Joined { process, bytes: 0, ms: 0.0 });
                        }
                        Command::Send { process, message } => {
                            let clock = || now_ms() - origin_ms;
                            let message = child.on_message_at(&message.to_bytes(), &clock);
                            run.tell(Event::Reply { process, message });
                        }
                        Command::End { .. } | Command::Finished => {}
                    }
                }
            }
            run.outcome().unwrap();
            let took_ms = now_ms() - run.trace().started_ms();
            let events = run.trace().columns().iter().flat_map(|column| column.events());
            let computed: Vec<_> = events.filter(|event| event.action == Action::Compute).collect();
            assert_eq!(computed.len(), plan.len());
            for event in computed {
                assert!(0.0 <= event.start_ms && event.stop_ms <= took_ms, "{origin_ms}: {event:?}");
                // A time outside of the run would be moved to its edge.
                assert!(event.start_ms < event.stop_ms, "{origin_ms}: {event:?}");
            }
        }
    }
}
