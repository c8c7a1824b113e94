//! Values that are objects of another language, for example of an interpreter in the same process.
//!
//! Schedulers pass them on like any value. They count in the memory of a run, and are dropped once, by the thread that
//! lets go of them last. They cannot be written: what they are has a meaning in this process only.

use std::{
    any::Any,
    fmt::{self, Debug, Formatter},
    sync::Arc,
};

use serde::{Serialize, Serializer, ser::Error};

/// An object of another language.
///
/// It is dropped on any thread of the pool, so its `Drop` must find its interpreter there. If that panics, the panic ends
/// in the scheduler, and the run goes on.
pub trait Foreign: Any + Debug + Send + Sync {
    /// What it is, for messages: `Python object of type list`.
    fn type_name(&self) -> &str;

    /// The memory that it takes, in bytes. Asked for once, when it becomes a value.
    fn bytes(&self) -> u64;
}

/// A reference to a [`Foreign`] object. Two are equal if they are to the same object.
#[derive(Clone)]
pub struct Object(Arc<Counted>);

struct Counted {
    bytes: u64,
    object: Box<dyn Foreign>,
}

impl Object {
    /// The first reference to an object.
    pub fn new(object: impl Foreign) -> Object {
        Object(Arc::new(Counted { bytes: object.bytes(), object: Box::new(object) }))
    }

    /// The memory that it took when it became a value, in bytes.
    pub fn bytes(&self) -> u64 {
        self.0.bytes
    }

    /// The object, if it has this type.
    pub fn downcast_ref<T: Foreign>(&self) -> Option<&T> {
        let object: &dyn Any = &*self.0.object;
        object.downcast_ref()
    }
}

impl PartialEq for Object {
    fn eq(&self, other: &Object) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Debug for Object {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.0.object.fmt(f)
    }
}

impl Serialize for Object {
    fn serialize<S: Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
        Err(S::Error::custom(cannot_leave(self.0.object.type_name())))
    }
}

/// The message for what has a meaning in this process only.
pub(crate) fn cannot_leave(what: &str) -> String {
    format!("a {what} cannot be sent to another process")
}
