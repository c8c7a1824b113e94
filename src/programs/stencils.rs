//! Conway's game of life, and heat spreading over a plate: in each step, blocks read the edges of their neighbours.

use super::{Build, High, Job, Palette, Parameter, Parameters, Picture, Program, ResultSchema, Scale};
use crate::{
    collections::array::{Array, BlockFunction, Boundary, Overlap, random::default_rng},
    dtype::DType,
    error::Result,
};

const PARAMETERS: [Parameter; 3] = [
    Parameter::integer("n", "The number of rows and of columns.", (1, 4000), 512, Scale::Linear),
    Parameter::integer(
        "chunk",
        "The number of rows and columns of each block.",
        (1, 4000),
        128,
        Scale::Linear,
    ),
    Parameter::integer("steps", "The number of time steps.", (1, 200), 10, Scale::Linear),
];

/// The initial temperature of a hot spot.
const HOT: f64 = 100.0;

pub(super) const LIFE: Program = Program {
    name: "array-life",
    title: "Game of life",
    summary: "Conway's game of life on a random board that wraps around at its edges.",
    parameters: &PARAMETERS,
    result: ResultSchema::drawn("board", Picture { palette: Palette::Cells, high: High::Number(1.0) }),
    build: Build::Graph(|parameters| {
        let board = random(parameters)?.less(0.3)?.astype(DType::UInt8)?;
        Job::array(steps(parameters, board, BlockFunction::Life, Boundary::Periodic)?)
    }),
};

pub(super) const HEAT: Program = Program {
    name: "array-heat",
    title: "Heat on a plate",
    summary: "Hot spots on a plate with cold edges: the heat equation, step by step.",
    parameters: &PARAMETERS,
    result: ResultSchema::drawn("heat", Picture { palette: Palette::Heat, high: High::Number(HOT / 10.0) }),
    build: Build::Graph(|parameters| {
        let plate = random(parameters)?.less(0.01)?.multiply(HOT)?;
        let heat = BlockFunction::Heat { rate: 0.2 };
        Job::array(steps(parameters, plate, heat, Boundary::Constant(0.into()))?)
    }),
};

fn random(parameters: &Parameters) -> Result<Array> {
    let (n, chunk) = (parameters.integer("n"), parameters.integer("chunk"));
    default_rng(parameters.seed).random(&[n, n], chunk)
}

fn steps(parameters: &Parameters, start: Array, step: BlockFunction, boundary: Boundary) -> Result<Array> {
    let overlap = Overlap { depth: vec![1], boundary };
    (0..parameters.integer("steps")).try_fold(start, |array, _| array.map_overlap(step, &overlap))
}
