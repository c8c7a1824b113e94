//! Native work that really does something.

use std::{fmt, sync::Arc};

/// A function that the native pieces of a live program call, in place of computing for as long as they say. The model
/// takes them to last as long as they say.
///
/// It must not panic. A piece is not stopped while it runs, so it should take a few milliseconds at most.
#[derive(Clone)]
pub struct Native(Arc<dyn Fn(usize, usize) + Send + Sync>);

impl Native {
    /// `call` is given the thread, and the place of the piece among the thread's pieces.
    pub fn new(call: impl Fn(usize, usize) + Send + Sync + 'static) -> Native {
        Native(Arc::new(call))
    }

    pub(super) fn call(&self, thread: usize, piece: usize) {
        (self.0)(thread, piece);
    }
}

impl fmt::Debug for Native {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Native(..)")
    }
}
