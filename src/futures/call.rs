//! What an executor runs: a closure of this process, or operations, which can be sent to another one.

use std::{
    borrow::Cow,
    panic::{AssertUnwindSafe, catch_unwind},
};

use serde::{Deserialize, Serialize};

use super::{
    exception::{Exception, Outcome},
    seat,
};
use crate::{
    binary::{self, Encoded, Kind},
    error::Result,
    kernels::Input,
    operations::{Function, Op, execute},
    value::Value,
};

/// A call: what Python writes as `fn, *args`.
pub struct Call(pub(super) What);

pub(super) enum What {
    Closure(Box<dyn FnOnce() -> Outcome<Value> + Send>),
    Op(Named),
}

/// An operation and its arguments. Only data, so it can be sent anywhere.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Named {
    op: Op,
    inputs: Vec<Value>,
}

impl Call {
    /// A named operation on these values. Only such calls can leave for another process.
    pub fn op(op: Op, inputs: impl IntoIterator<Item = Value>) -> Call {
        Call(What::Op(Named { op, inputs: inputs.into_iter().collect() }))
    }

    pub(super) fn named(named: Named) -> Call {
        Call(What::Op(named))
    }

    /// Runs it on this thread.
    pub(super) fn run(self) -> Outcome<Value> {
        let run = || match self.0 {
            What::Closure(closure) => closure(),
            What::Op(named) => named.run(),
        };
        catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|payload| Err(Exception::panic(payload)))
    }
}

impl<F: FnOnce() -> Outcome<Value> + Send + 'static> From<F> for Call {
    fn from(closure: F) -> Call {
        Call(What::Closure(Box::new(closure)))
    }
}

impl From<Op> for Call {
    fn from(op: Op) -> Call {
        Call::op(op, [])
    }
}

impl Named {
    pub(super) fn run(&self) -> Outcome<Value> {
        let execute = || {
            self.op.check()?;
            self.op.check_arity(self.inputs.len())?;
            let mut inputs: Vec<Input<'_>> = self.inputs.iter().map(Cow::Borrowed).collect();
            execute(&self.op, &mut inputs, 0)
        };
        let result = match &self.op {
            Op::Call(call) if call.function == Function::Sleep => seat::blocked(execute),
            Op::Call(_) | Op::Busy(_) | Op::NoOp => execute(),
            // The kernels of NumPy release the lock.
            _ => seat::without_lock(execute),
        };
        result.map_err(|message| Exception::new("Exception", message))
    }
}

/// Several calls, for a process that runs them one after another.
pub(super) fn encode_calls(calls: Vec<Call>) -> Outcome<Vec<u8>> {
    let named = |call| match call {
        Call(What::Op(named)) => Ok(named),
        Call(What::Closure(_)) => {
            Err(Exception::new("PicklingError", "a closure cannot be sent to another process"))
        }
    };
    let calls: Vec<Named> = calls.into_iter().map(named).collect::<Outcome<_>>()?;
    let encoded = Encoded::new(Kind::Call, |body| binary::write(body, &calls));
    Ok(encoded.map_err(|error| Exception::new("PicklingError", error.to_string()))?.to_bytes())
}

/// Whether a message has calls, and not tasks of a graph.
pub fn is_for_serve(message: &[u8]) -> bool {
    binary::is(Kind::Call, message)
}

pub(super) fn decode_calls(bytes: &[u8]) -> Result<Vec<Named>> {
    binary::decode(Kind::Call, bytes, Ok)
}

/// What a process says when it has run the calls of a message.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Reply {
    /// A value for each call; or the exception of the first that raised one.
    pub(super) outcome: Outcome<Vec<Value>>,
    /// For how long it computed.
    pub(super) compute_ms: f64,
}

impl Reply {
    pub(super) fn encode(&self) -> Vec<u8> {
        let encode = |reply: &Reply| Encoded::new(Kind::Reply, |body| binary::write(body, reply));
        let encoded = encode(self).or_else(|error| {
            let exception = Exception::new("PicklingError", error.to_string());
            encode(&Reply { outcome: Err(exception), compute_ms: self.compute_ms })
        });
        encoded.expect("an exception can be sent").to_bytes()
    }

    pub(super) fn decode(bytes: &[u8]) -> Result<Reply> {
        binary::decode(Kind::Reply, bytes, Ok)
    }
}
