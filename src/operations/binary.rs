//! Operations as [bytes](crate::binary).

use super::Op;
use crate::{
    binary::{Encoded, Kind, decode, read, write},
    error::{Error, Result},
};

impl Op {
    /// Encodes the operation as [bytes](crate::binary).
    ///
    /// # Errors
    /// It cannot leave this process.
    pub fn encode(&self) -> Result<Encoded> {
        Encoded::new(Kind::Op, |body| write(body, self))
    }

    /// Reads an operation from [bytes](crate::binary), and checks its parameters.
    ///
    /// # Errors
    /// The bytes are no such message, or its parameters make no sense.
    pub fn decode(bytes: &[u8]) -> Result<Op> {
        decode(Kind::Op, bytes, Op::checked)
    }

    /// Reads an operation from a part of a message, and checks its parameters.
    pub(crate) fn read(part: &[u8]) -> Result<Op> {
        read(part).and_then(Op::checked)
    }

    fn checked(self) -> Result<Op> {
        self.check().map_err(Error::invalid)?;
        Ok(self)
    }
}
