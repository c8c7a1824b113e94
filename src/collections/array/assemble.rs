//! Assembles the whole array from the values of its blocks.

use ndarray::{ArrayD, Axis, IxDyn, Slice};

use super::Array;
use crate::{
    block::{Block, Element, each_dtype},
    kernels::copy,
    value::Value,
};

impl Array {
    /// Assembles a computed array from its blocks, given in C order.
    ///
    /// # Panics
    /// If `blocks` are not the values of this array's blocks.
    pub fn assemble(&self, blocks: &[Value]) -> Block {
        match blocks {
            [Value::Array(block)] => (**block).clone(),
            _ => each_dtype!(self.dtype(), T => self.assembled::<T>(blocks)),
        }
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
