//! Kernels: numeric loops. Only operations use them.
//!
//! One noun per file. A kernel gets its [`Input`]s and may reuse the buffers of those that nobody else needs. It
//! rejects inputs that do not fit together, and results that would be too large, before it allocates anything.

pub(crate) mod arithmetic;
pub(crate) mod busy;
pub(crate) mod convert;
pub(crate) mod create;
pub(crate) mod einsum;
pub(crate) mod elementwise;
pub(crate) mod factors;
pub(crate) mod fold;
pub(crate) mod hash;
pub(crate) mod input;
pub(crate) mod mandelbrot;
pub(crate) mod matrix;
pub(crate) mod neighbours;
pub(crate) mod primes;
pub(crate) mod products;
pub mod random;
pub(crate) mod room;
pub(crate) mod select;
pub(crate) mod statistics;
mod ufunc;

pub(crate) use busy::steps_per_us;
#[cfg(all(target_arch = "wasm32", feature = "web"))]
pub(crate) use convert::in_c_order;
pub(crate) use convert::{copy, in_order};
pub(crate) use elementwise::broadcast_shape;
pub(crate) use hash::hash_str;
pub use input::Input;
pub(crate) use primes::primes;
pub use ufunc::{Operands, Signature, Ufunc};

pub use crate::error::Message;
use input::array;
