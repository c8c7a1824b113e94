//! Arrays whose blocks the engine holds already.

use crate::collections::Array;

/// Finds arrays whose blocks are held.
pub trait Held {
    /// The array with this number, if there is one.
    fn find(&self, id: u64) -> Option<Array>;
}

/// No array is held.
impl Held for () {
    fn find(&self, _: u64) -> Option<Array> {
        None
    }
}
