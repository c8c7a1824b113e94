//! The gallery: the shapes that task graphs have in practice, in any size, with any operations.
//!
//! For tests, demos and measurements: a scheduler or an order is judged on all of these shapes, not on one. Each
//! shape is drawn above the function that builds it, with data flowing down. Tasks are built row by row, so no keys
//! are looked up, and a million tasks take no longer than filling their tables.

mod arrays;
mod basic;
mod frames;
mod random;
mod sketch;

use std::{fmt, str::FromStr, sync::Arc};

use self::sketch::Sketch;
use super::TaskGraph;
use crate::{
    error::{Error, Result},
    key::Key,
    operations::Op,
};

/// A shape of task graphs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Shape {
    /// No task needs any other.
    Independent,
    /// Each task needs the one before.
    Chain,
    /// A binary tree: each task needs two others.
    Tree,
    /// One task, then many that depend on it, then one that depends on all of those, and so on.
    ForkJoin,
    /// Each block is loaded and mapped, and a tree of fan-in 8 reduces them.
    MapReduce,
    /// Every partition is split for every output: all-to-all.
    Shuffle,
    /// Time steps over a row of cells: each cell takes itself and both neighbours of the previous step.
    Stencil,
    /// A product of two matrices in blocks: products of blocks, then their sums.
    Matmul,
    /// The QR decomposition of a tall and narrow matrix.
    Qr,
    /// The mean of each column of `x + x.T`.
    TransposeMean,
    /// Groups are aggregated per partition, then combined by a tree, for each of a few outputs.
    Groupby,
    /// Layers whose tasks depend on random tasks of the previous layer, and on some further back.
    RandomLayered,
}

impl Shape {
    /// All shapes, simple ones first.
    pub const ALL: [Shape; 12] = [
        Shape::Independent,
        Shape::Chain,
        Shape::Tree,
        Shape::ForkJoin,
        Shape::MapReduce,
        Shape::Shuffle,
        Shape::Stencil,
        Shape::Matmul,
        Shape::Qr,
        Shape::TransposeMean,
        Shape::Groupby,
        Shape::RandomLayered,
    ];

    /// The names of [`ALL`](Shape::ALL).
    pub const NAMES: [&str; Shape::ALL.len()] = {
        let mut names = [""; Shape::ALL.len()];
        let mut i = 0;
        while i < names.len() {
            names[i] = Shape::ALL[i].name();
            i += 1;
        }
        names
    };

    /// The name of the shape.
    pub const fn name(self) -> &'static str {
        match self {
            Shape::Independent => "independent",
            Shape::Chain => "chain",
            Shape::Tree => "tree",
            Shape::ForkJoin => "fork-join",
            Shape::MapReduce => "map-reduce",
            Shape::Shuffle => "shuffle",
            Shape::Stencil => "stencil",
            Shape::Matmul => "matmul",
            Shape::Qr => "qr",
            Shape::TransposeMean => "transpose-mean",
            Shape::Groupby => "groupby",
            Shape::RandomLayered => "random-layered",
        }
    }

    /// A graph of this shape with about `tasks` tasks: exactly that number if the shape allows any (independent,
    /// chain, tree, random-layered), else the largest number that does not exceed it, but at least the smallest
    /// graph of this shape. `op` returns the operation of each task. `seed` determines the random part of the
    /// shape, if it has one.
    ///
    /// The keys are `('tree', 0)`, `('tree', 1)`, … for a tree. All tasks are needed: a task without dependents is
    /// a target. O(tasks + edges).
    ///
    /// ```
    /// use dagdeck::{Op, graph::gallery::Shape};
    ///
    /// let shape: Shape = "stencil".parse().unwrap();
    /// let graph = shape.graph(110, 0, |_| Op::NoOp);
    /// assert_eq!((graph.len(), graph.targets().len()), (110, 10));
    /// ```
    pub fn graph(self, tasks: u32, seed: u64, op: impl FnMut(u32) -> Op) -> TaskGraph {
        self.graph_named(self.name(), tasks, seed, op)
    }

    /// [`graph`](Shape::graph) with the keys `(name, 0)`, `(name, 1)`, …
    pub fn graph_named(self, name: &str, tasks: u32, seed: u64, op: impl FnMut(u32) -> Op) -> TaskGraph {
        let (dependencies, targets) = self.sketch(tasks, seed).finish();
        let name: Arc<str> = name.into();
        let ids = 0..dependencies.len() as u32;
        let keys = ids.clone().map(|i| Key::block(name.clone(), &[i])).collect();
        TaskGraph::new(keys, ids.map(op).collect(), dependencies, targets, Default::default())
    }

    fn sketch(self, tasks: u32, seed: u64) -> Sketch {
        match self {
            Shape::Independent => basic::independent(tasks),
            Shape::Chain => basic::chain(tasks),
            Shape::Tree => basic::tree(tasks),
            Shape::ForkJoin => basic::fork_join(tasks),
            Shape::MapReduce => frames::map_reduce(tasks),
            Shape::Shuffle => frames::shuffle(tasks),
            Shape::Groupby => frames::groupby(tasks),
            Shape::Stencil => arrays::stencil(tasks),
            Shape::Matmul => arrays::matmul(tasks),
            Shape::Qr => arrays::qr(tasks),
            Shape::TransposeMean => arrays::transpose_mean(tasks),
            Shape::RandomLayered => random::layered(tasks, seed),
        }
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Shape {
    type Err = Error;

    fn from_str(name: &str) -> Result<Shape> {
        let names = || Shape::NAMES.join(", ");
        Shape::ALL
            .into_iter()
            .find(|shape| shape.name() == name)
            .ok_or_else(|| Error::invalid(format!("unknown shape '{name}': use one of {}", names())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{GraphBuilder, TaskId};

    fn graph(shape: Shape, tasks: u32) -> TaskGraph {
        shape.graph(tasks, 1, |_| Op::NoOp)
    }

    fn rows(graph: &TaskGraph) -> Vec<&[TaskId]> {
        graph.dependencies().iter().collect()
    }

    #[test]
    fn a_shape_has_as_many_tasks_as_fit() {
        for shape in Shape::ALL {
            let smallest = graph(shape, 1).len();
            assert!((1..=20).contains(&smallest), "{shape}: {smallest}");
            for tasks in [1, 2, 3, 10, 31, 100, 333, 1000, 4096, 10_000] {
                let len = graph(shape, tasks).len();
                let allowed = smallest.max(tasks as usize);
                assert!(len <= allowed && len >= smallest, "{shape}: {len} for {tasks}");
                // Shapes that are squares or cubes only have certain sizes, which lie apart by less than half a
                // size.
                assert!(tasks < 30 || 2 * len > tasks as usize, "{shape}: {len} for {tasks}");
            }
        }
        for shape in [Shape::Independent, Shape::Chain, Shape::Tree, Shape::RandomLayered] {
            (1..200).for_each(|tasks| assert_eq!(graph(shape, tasks).len(), tasks as usize, "{shape}"));
        }
    }

    /// Shapes are built without the checks of a [`GraphBuilder`]: do them here.
    #[test]
    fn a_shape_passes_the_checks_of_any_graph() {
        for shape in Shape::ALL {
            let graph = graph(shape, 500);
            let mut builder = GraphBuilder::new();
            for task in graph.tasks() {
                let args = graph.dependencies().row(task).iter().map(|&d| graph.key(d).clone());
                builder.task(graph.key(task).clone(), Op::NoOp, args);
            }
            graph.targets().iter().for_each(|&target| builder.target(graph.key(target).clone()));
            assert_eq!(builder.build().as_ref(), Ok(&graph), "{shape}");
            for task in graph.tasks() {
                let wanted = graph.targets().contains(&task) || !graph.dependents().row(task).is_empty();
                assert!(wanted, "{shape}: {task} is needed by nothing");
            }
        }
    }

    #[test]
    fn small_shapes_are_as_drawn() {
        assert_eq!(rows(&graph(Shape::Tree, 5)), [&[1, 2][..], &[3, 4], &[], &[], &[]]);
        assert_eq!(rows(&graph(Shape::ForkJoin, 4)), [&[][..], &[0], &[0], &[1, 2]]);
        assert_eq!(rows(&graph(Shape::Stencil, 6))[2..], [&[0, 1][..], &[0, 1], &[2, 3], &[2, 3]]);
        let shuffle = graph(Shape::Shuffle, 8);
        assert_eq!(rows(&shuffle), [&[][..], &[], &[0], &[0], &[1], &[1], &[2, 4], &[3, 5]]);
    }

    #[test]
    fn a_seed_decides_what_is_random() {
        let of = |seed| Shape::RandomLayered.graph(300, seed, |_| Op::NoOp);
        assert_eq!(of(7), of(7));
        assert_ne!(of(7), of(8));
    }

    #[test]
    fn a_name_that_no_shape_has_is_refused() {
        for shape in Shape::ALL {
            assert_eq!(shape.name().parse(), Ok(shape));
        }
        let error = "ring".parse::<Shape>().unwrap_err().to_string();
        assert!(error.starts_with("unknown shape 'ring': use one of independent, chain, "), "{error}");
    }
}
