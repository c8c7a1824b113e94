//! Approximate percentiles: the percentiles of the blocks, merged with the weights of the blocks. This is Dask's
//! `percentile` with its own method; it is exact for one block.

use super::Array;
use crate::{
    collections::{
        chunks::Chunks,
        nodes::{Emitter, Layer, Tasks},
    },
    error::{Error, Result},
    graph::TaskId,
    operations::{Meta, Op, Percentile, Stage},
};

impl Array {
    /// The percentiles `q`, between 0 and 100, of an array of one axis, interpolated linearly.
    ///
    /// # Errors
    /// If the array does not have exactly one axis, or a `q` is out of range.
    pub fn percentile(&self, q: &[f64]) -> Result<Array> {
        if self.ndim() != 1 {
            return Err(Error::invalid(format!(
                "not implemented for an array of {} dimensions: use ravel() before",
                self.ndim()
            )));
        }
        if q.iter().any(|q| !(0.0..=100.0).contains(q)) {
            return Err(Error::invalid("Percentiles must be in the range [0, 100]"));
        }
        let layer = Layer::Tasks(Box::new(Percentiles { q: q.into() }));
        let chunks = Chunks::single(&[q.len()]);
        Array::new("percentile", chunks, [self.clone()], layer)
    }
}

#[derive(Debug)]
struct Percentiles {
    q: Box<[f64]>,
}

impl Percentiles {
    fn op(&self, stage: Stage) -> Op {
        Op::Percentile(Percentile { q: self.q.clone(), stage }.into())
    }
}

impl Tasks for Percentiles {
    fn emit(&self, graph: &mut Emitter<'_>) -> Result<Vec<TaskId>> {
        let chunk = graph.named_beside("percentile_chunk");
        let blocks = graph.inputs[0].blocks;
        let chunks =
            (0..).zip(blocks).map(|(i, &block)| graph.task(&chunk, &[i], self.op(Stage::Chunk), [block]));
        let chunks = chunks.collect::<Result<Vec<TaskId>>>()?;
        Ok(vec![graph.block(&[0], self.op(Stage::Aggregate), chunks)?])
    }

    fn infer(&self, _: &[u32], inputs: &[&Meta]) -> Option<Meta> {
        let chunk = self.op(Stage::Chunk).infer(inputs)?;
        self.op(Stage::Aggregate).infer(&[&chunk])
    }
}
