//! Kernels: what operations do with values. The only numeric work of the crate.
//!
//! One noun per file. A kernel gets its [`Input`]s and may reuse the buffers of those that nobody else needs. It
//! rejects inputs that do not fit together, and results that would be too large, before it allocates anything.
//! [`output_bytes`] predicts the size of a result.

mod arithmetic;
mod busy;
mod convert;
mod create;
mod elementwise;
mod execute;
mod extreme;
mod factors;
mod fold;
mod fused;
mod input;
mod mandelbrot;
mod matrix;
mod moments;
mod neighbours;
mod partial;
mod products;
pub mod random;
mod reduce;
mod room;
mod select;
mod size;
mod statistics;

pub(crate) use busy::steps_per_us;
#[cfg(target_arch = "wasm32")]
pub(crate) use convert::in_c_order;
pub(crate) use convert::{copy, in_order};
pub(crate) use elementwise::broadcast_shape;
pub use execute::execute;
pub use input::Input;
pub use size::output_bytes;

pub use crate::error::Message;
use input::array;
