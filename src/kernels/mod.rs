//! Kernels: what operations do with values. The only numeric work of the crate.
//!
//! One noun a file. A kernel gets its [`Input`]s, of which it may use up those that nobody else needs; it refuses what
//! does not fit together, and results that would be too large, before it makes anything. How large a result will be,
//! [`output_bytes`] tells beforehand.

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
