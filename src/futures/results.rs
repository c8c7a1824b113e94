//! The results of a map, in the order of its calls.

use std::{collections::VecDeque, time::Duration};

use super::{deadline::Deadline, exception::Outcome, future::Future};
use crate::value::{Tuple, Value};

/// The results of [`Executor::map`](super::Executor::map). The first exception is the last item. Dropping it cancels the
/// calls that have not started.
pub struct Results {
    futures: VecDeque<Future>,
    /// What is left of a chunk.
    values: <Tuple as IntoIterator>::IntoIter,
    deadline: Deadline,
}

impl Results {
    pub(super) fn new(timeout: Option<Duration>) -> Results {
        Results {
            futures: VecDeque::new(),
            values: Tuple::new().into_iter(),
            deadline: Deadline::after(timeout),
        }
    }

    pub(super) fn push(&mut self, future: Future) {
        self.futures.push_back(future);
    }

    fn cancel(&mut self) {
        for future in self.futures.drain(..) {
            future.cancel();
        }
    }
}

impl Iterator for Results {
    type Item = Outcome<Value>;

    fn next(&mut self) -> Option<Outcome<Value>> {
        loop {
            if let Some(value) = self.values.next() {
                return Some(Ok(value));
            }
            let future = self.futures.pop_front()?;
            let outcome = future.result(self.deadline.left());
            // It may have run out of time.
            future.cancel();
            match outcome {
                Ok(Value::Tuple(values)) => self.values = values.into_iter(),
                Ok(_) => unreachable!("a map submits chunks, whose results are tuples"),
                Err(exception) => {
                    self.cancel();
                    return Some(Err(exception));
                }
            }
        }
    }
}

impl Drop for Results {
    fn drop(&mut self) {
        self.cancel();
    }
}
