//! The layers of a graph: all arrays that it needs.

use rustc_hash::{FxHashMap, FxHashSet};
use smallvec::SmallVec;

use super::Array;

/// Some arrays and all arrays that they are made from, each after its inputs.
pub(super) struct Layers<'a> {
    arrays: Vec<&'a Array>,
    places: FxHashMap<&'a str, usize>,
    /// The inputs of each array.
    inputs: Vec<SmallVec<[usize; 2]>>,
    /// Whether each array is wanted as a result.
    targets: Vec<bool>,
}

impl<'a> Layers<'a> {
    pub(super) fn of(arrays: &'a [Array]) -> Layers<'a> {
        let mut layers = Layers {
            arrays: Vec::new(),
            places: FxHashMap::default(),
            inputs: Vec::new(),
            targets: Vec::new(),
        };
        let mut seen = FxHashSet::default();
        // An array is pushed twice: before and after its inputs.
        let mut stack: Vec<(&Array, bool)> = arrays.iter().rev().map(|array| (array, false)).collect();
        while let Some((array, entered)) = stack.pop() {
            if entered {
                let inputs = array.inputs().iter().map(|input| layers.places[input.name()]).collect();
                layers.places.insert(array.name(), layers.arrays.len());
                layers.arrays.push(array);
                layers.inputs.push(inputs);
            } else if seen.insert(array.name()) {
                stack.push((array, true));
                stack.extend(array.inputs().iter().rev().map(|input| (input, false)));
            }
        }
        layers.targets = vec![false; layers.len()];
        arrays.iter().for_each(|array| layers.targets[layers.places[array.name()]] = true);
        layers
    }

    pub(super) fn len(&self) -> usize {
        self.arrays.len()
    }

    pub(super) fn array(&self, layer: usize) -> &'a Array {
        self.arrays[layer]
    }

    pub(super) fn inputs(&self, layer: usize) -> &[usize] {
        &self.inputs[layer]
    }

    pub(super) fn is_target(&self, layer: usize) -> bool {
        self.targets[layer]
    }

    pub(super) fn place(&self, array: &Array) -> usize {
        self.places[array.name()]
    }
}
