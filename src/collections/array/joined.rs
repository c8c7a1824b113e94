//! Joins finished blocks into larger ones, for drawing during a run: a message and a drawing call for each of a hundred
//! thousand small blocks would take longer than the run.

use std::borrow::Cow;

use super::Array;
use crate::{
    block::Block,
    kernels::Input,
    operations::{Op, execute},
    value::Value,
};

impl Array {
    /// Joins finished blocks that lie next to each other along the last axis. `finished` has the number of each block
    /// in C order of the block grid. Returns parts of the array, each with the index of its first element. Where
    /// lengths are unknown, so is that index, and there are no parts.
    pub fn joined(&self, mut finished: Vec<(usize, Value)>) -> Vec<(Vec<usize>, Block)> {
        if self.need_all_lengths().is_err() {
            return Vec::new();
        }
        let Some(last) = self.ndim().checked_sub(1) else {
            return finished
                .iter()
                .filter_map(|(_, value)| Some((vec![], value.as_array()?.clone())))
                .collect();
        };
        let starts: Vec<Vec<usize>> = (0..self.ndim())
            .map(|axis| self.chunks().ranges(axis).iter().map(|range| range.start).collect())
            .collect();
        let row = starts[last].len();
        finished.retain(|(_, value)| value.as_array().is_some());
        finished.sort_unstable_by_key(|&(block, _)| block);
        finished
            .chunk_by(|(block, _), (next, _)| block + 1 == *next && next % row != 0)
            .filter_map(|run| {
                let (first, _) = run.first()?;
                let index = self.chunks().grid().unravel(*first);
                let offset = starts.iter().zip(&index).map(|(starts, &i)| starts[i as usize]).collect();
                let mut values: Vec<Input<'_>> = run.iter().map(|(_, value)| Cow::Borrowed(value)).collect();
                let whole = match run {
                    [(_, value)] => value.clone(),
                    // Blocks of one row fit together. If no memory is left for a part, it is not shown.
                    _ => execute(&Op::Concatenate(last as u8), &mut values, 0).ok()?,
                };
                Some((offset, whole.as_array()?.clone()))
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{DType, collections::array::from_block};

    #[test]
    fn neighbours_in_a_row_are_joined_and_others_are_not() {
        let numbers: Vec<f64> = (0..30).map(f64::from).collect();
        let whole = Block::new(&[5, 6], numbers);
        let array = from_block(&whole, 4).unwrap();
        let graph = array.graph().unwrap();
        let plan = std::sync::Arc::new(crate::Plan::new(&graph));
        let outcome = crate::scheduler::start(plan, Default::default()).unwrap().wait().unwrap();
        let values = outcome.values().unwrap();
        let finished = |blocks: &[usize]| blocks.iter().map(|&i| (i, values[i].clone())).collect::<Vec<_>>();

        let parts = array.joined(finished(&[3, 0, 1]));
        let placed: Vec<_> = parts.iter().map(|(offset, block)| (&offset[..], block.shape())).collect();
        assert_eq!(placed, [(&[0, 0][..], &[4, 6][..]), (&[4, 4], &[1, 2])]);
        let first = Value::from(parts[0].1.clone());
        assert!(first.elements::<f64>().unwrap().iter().copied().eq((0..24).map(f64::from)));
    }

    #[test]
    fn an_array_without_axes_is_one_part() {
        let sum = crate::collections::array::ones(&[3], 3, DType::Float64).unwrap().sum(()).unwrap();
        let value = Value::from(Block::new(&[], vec![3.0]));
        assert_eq!(sum.joined(vec![(0, value)]).len(), 1);
    }
}
