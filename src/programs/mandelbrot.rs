//! The Mandelbrot set in independent tiles: the classic example of parallel programming.

use super::{Build, High, Job, Palette, Parameter, Parameters, Picture, Program, ResultSchema, Scale};
use crate::{
    collections::array::{BlockFunction, Indexer, linspace, map_blocks},
    dtype::DType,
    error::Result,
};

pub(super) const PROGRAM: Program = Program {
    name: "mandelbrot",
    title: "Mandelbrot set",
    summary: "The Mandelbrot set in tiles, drawn as they finish. Run it with one worker, then with several.",
    parameters: &[
        Parameter::integer(
            "n",
            "The number of rows and of columns of the picture.",
            (1, 4000),
            600,
            Scale::Linear,
        ),
        Parameter::integer(
            "chunk",
            "The number of rows and columns of each tile.",
            (1, 4000),
            100,
            Scale::Linear,
        ),
        Parameter::integer(
            "max_iter",
            "The number of iterations after which a point counts as part of the set.",
            (1, 10_000),
            200,
            Scale::Log2,
        ),
    ],
    result: ResultSchema::drawn(
        "iterations",
        Picture { palette: Palette::Escape, high: High::Parameter("max_iter") },
    ),
    build: Build::Graph(build),
};

fn build(parameters: &Parameters) -> Result<Job> {
    let [n, chunk, max_iter] = ["n", "chunk", "max_iter"].map(|name| parameters.integer(name));
    let points = |start, stop| linspace(start, stop, n, true, chunk, DType::Float64);
    let re = points(-2.0, 0.5)?;
    let im = points(-1.25, 1.25)?.slice(&[(..).into(), Indexer::NewAxis])?;
    let function = BlockFunction::Mandelbrot { max_iter: max_iter as u32 };
    Job::array(map_blocks(function, &[re, im])?)
}
