//! Random choices.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use super::{
    meta::{Meta, array},
    operation::{Operation, form},
};
use crate::{
    block::{Block, Shape, block_size},
    dtype::DType,
    error::Message,
    kernels::{Input, convert::contiguous, create, input::array as block, random::chunk_generator, select},
    value::Value,
};

/// Parameters of [`Op::Choice`](super::Op::Choice).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// The block's shape.
    pub shape: Shape,
    /// The number of integers to choose from. If absent, the first input has what is chosen from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub a: Option<u32>,
    /// Whether the last input has the probabilities.
    #[serde(default)]
    pub p: bool,
    /// Whether what was chosen may be chosen again.
    pub replace: bool,
    /// The seed given to `default_rng`.
    pub seed: u64,
    /// Which child of that seed this block draws from, counted as Dask counts its chunks.
    #[serde(default)]
    pub child: u32,
}

impl Operation for Choice {
    type Parameters = Choice;

    form!(object "choice");

    fn arity(choice: &Choice) -> RangeInclusive<usize> {
        let inputs = usize::from(choice.a.is_none()) + usize::from(choice.p);
        inputs..=inputs
    }

    fn check(choice: &Choice) -> Result<(), Message> {
        block_size(&choice.shape)?;
        choice.a.map_or(Ok(()), |a| block_size(&[a as usize]).map(drop))
    }

    fn infer(choice: &Choice, inputs: &[&Meta]) -> Option<Meta> {
        let dtype = match choice.a {
            Some(_) => DType::Int64,
            None => array(inputs, 0)?.0,
        };
        Some(Meta::Array(dtype, choice.shape.clone()))
    }

    fn scratch(choice: &Choice, inputs: &[&Meta]) -> u64 {
        let count = choice.shape.iter().fold(1, |count: u64, &length| count.saturating_mul(length as u64));
        let population = match choice.a {
            Some(a) => u64::from(a),
            None => array(inputs, 0).map_or(0, |(_, shape)| shape.first().map_or(0, |&length| length as u64)),
        };
        // Places and random numbers, and a set of the places; all to choose from, or their probabilities twice.
        (count.saturating_mul(64)).saturating_add(population.saturating_mul(24))
    }

    fn execute(choice: &Choice, inputs: &mut [Input<'_>], _: u8) -> Result<Value, Message> {
        let elements = if choice.a.is_none() { Some(block(inputs, 0)?) } else { None };
        let population = match (choice.a, elements) {
            (Some(a), _) => a as usize,
            (None, Some(elements)) if elements.ndim() == 1 => elements.len(),
            (None, _) => return Err("a must be one dimensional".into()),
        };
        let p = if choice.p { Some(block(inputs, inputs.len() - 1)?) } else { None };
        let probabilities = p.map(contiguous::<f64>).transpose()?;
        // NumPy's tolerance is the root of what is rounded away.
        let tolerance = match p.map(Block::dtype) {
            Some(DType::Float32) => f64::from(f32::EPSILON).sqrt(),
            _ => f64::EPSILON.sqrt(),
        };
        let mut generator = chunk_generator(choice.seed.into(), choice.child);
        let mut wrong = None;
        let places = create::drawn(&choice.shape, |out: &mut [i64]| {
            let p = probabilities.as_deref().map(|p| (p, tolerance));
            wrong = generator.choice(population, choice.replace, p, out).err();
        })?;
        if let Some(wrong) = wrong {
            return Err(wrong);
        }
        let Some(elements) = elements else { return Ok(places.into()) };
        let taken = select::take(elements, 0, &contiguous::<i64>(&places)?)?;
        Ok(select::reshape(&taken, &choice.shape)?.into())
    }

    fn examples() -> Vec<(Choice, Vec<Value>)> {
        let choice =
            Choice { shape: Shape::from_slice(&[2]), a: None, p: true, replace: false, seed: 1, child: 0 };
        let p = Block::new(&[3], vec![0.5, 0.25, 0.25]);
        vec![
            (choice.clone(), vec![Block::new(&[3], vec![7, 8, 9]).into(), p.into()]),
            (Choice { a: Some(6), p: false, ..choice }, vec![]),
        ]
    }
}
