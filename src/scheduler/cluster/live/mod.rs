//! `cluster`: the scheduler and the nodes of a cluster whose nodes are workers with a memory of their own.
//!
//! ```text
//!                  Head (the engine's worker)              decides, gets reports, and the targets at the end
//!              orders |  ^ reports     |  ^
//!                     v  |             v  |
//!                  Member <---------> Member               run tasks; values go from one to the other
//! ```
//!
//! Neither starts anything or waits, apart from the [`Slots`] of a node that has several. Whoever owns them passes messages on: the page in the browser, `local`
//! on the host.

mod client;
mod command;
mod handle;
mod head;
mod lanes;
mod local;
mod member;
mod orders;
mod peers;
mod report;
mod slots;
mod storage;
mod tasks;
mod values;

pub use client::{FutureId, News, Request};
pub use command::{Command, Event, Place};
pub(in super::super) use handle::Cluster;
pub use member::{Member, Post};
pub use slots::Slots;
pub use storage::Storage;
