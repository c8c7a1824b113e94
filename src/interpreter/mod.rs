//! The interpreter lock of Python: threads that run interpreted, native and blocking work under a [`Policy`].
//!
//! A policy runs in two ways, which give the same kind of [`Timeline`]:
//!
//! - [`simulate`]: a model. No thread runs; the times follow from the parameters of a [`Machine`] and from a seed, and
//!   are the same everywhere.
//! - [`start`]: live. Threads do real work under a real lock, and note what happened. The times are those of this
//!   machine.
//!
//! A [`Comparison`] has several programs, each under a policy of its own, and [`Run`] runs them in either way.
//!
//! `README.md` beside this file has the states of a thread, what the policies do, and what the model leaves out.

pub(crate) mod atomics;
mod comparison;
mod cores;
mod live;
mod lock;
mod machine;
mod model;
mod native;
mod policy;
mod run;
mod timeline;
mod work;

pub use comparison::{At, Comparison, Mode, Section};
pub use live::{Job, Live, start};
pub(crate) use lock::{Lock, Watch};
pub use machine::Machine;
pub use model::simulate;
pub use native::Native;
pub use policy::Policy;
pub use run::Run;
pub(crate) use timeline::switches;
pub use timeline::{Counts, Timeline};
pub use work::{Piece, Program};
