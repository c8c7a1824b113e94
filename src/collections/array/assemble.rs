//! Assembles the whole array from the values of its blocks.

use std::borrow::Cow;

use ndarray::{ArrayD, Axis, IxDyn, Slice};
use smallvec::SmallVec;

use super::Array;
use crate::{
    block::{Block, Element, each_dtype},
    error::{Error, Result},
    kernels::{Input, copy, select::merge},
    value::Value,
};

impl Array {
    /// Assembles a computed array from its blocks, given in C order. They may have other lengths than the array says:
    /// where those are unknown, any.
    ///
    /// # Errors
    /// If the blocks do not fit each other: blocks of unknown length may have been joined that differ.
    ///
    /// # Panics
    /// If `blocks` are not the values of this array's blocks.
    pub fn assemble(&self, blocks: &[Value]) -> Result<Block> {
        if let [Value::Array(block)] = blocks {
            return Ok((**block).clone());
        }
        let is_as_announced = |(block, index): (&Value, SmallVec<[u32; 4]>)| {
            block.as_array().is_some_and(|block| *block.shape() == self.chunks().block_shape(&index)[..])
        };
        if blocks.iter().zip(self.chunks().indices()).all(is_as_announced) {
            return Ok(each_dtype!(self.dtype(), T => self.assembled::<T>(blocks)));
        }
        let inputs: Vec<Input<'_>> = blocks.iter().map(Cow::Borrowed).collect();
        let grid: SmallVec<[usize; 4]> = self.chunks().axes().map(<[usize]>::len).collect();
        merge(&inputs, &grid).map_err(Error::invalid)
    }

    fn assembled<T: Element>(&self, blocks: &[Value]) -> Block {
        let mut whole = ArrayD::from_elem(IxDyn(&self.shape()), T::default());
        let ranges: Vec<_> = (0..self.ndim()).map(|axis| self.chunks().ranges(axis)).collect();
        for (block, index) in blocks.iter().zip(self.chunks().indices()) {
            let elements = block.elements::<T>().expect("the blocks of an array have its type");
            let mut place = whole.view_mut();
            for (axis, (ranges, &i)) in ranges.iter().zip(&index).enumerate() {
                place.slice_axis_inplace(Axis(axis), Slice::from(ranges[i as usize].clone()));
            }
            copy(elements.view(), place);
        }
        T::into_block(whole.into_shared())
    }
}
