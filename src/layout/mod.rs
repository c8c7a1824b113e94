//! Layered layout: decides where to draw each task of a graph.
//!
//! ```text
//! depth 0   1   2   3
//!       a - b             x: the layer, so every edge points to the right
//!             \           y: the place within it, at least 1 apart
//!       c - d - e - f
//! ```
//!
//! The stages are Sugiyama's, one file each. Every stage only reads what the stage before it wrote:
//!
//! | stage | file | decides |
//! |---|---|---|
//! | layering | `layering.rs` | the depth of each task |
//! | grouping | `layers.rs` | which tasks are connected; one list of tasks per component and depth |
//! | crossings | `crossings.rs` | the order within each list, so that few edges cross |
//! | coordinates | `coordinates.rs` | `y` within a component: tasks near what they are connected with |
//! | packing | `packing.rs` | where components go; long thin ones are folded like lines of text |
//!
//! Each stage is near linear in tasks and edges, and the number of passes depends on the size of the graph. A
//! million tasks are laid out in about a second, a few thousand between two frames.
//!
//! It does not route edges. An edge over several layers has no bends and no space of its own: in every stage only
//! its ends matter. Repeated edges count each time they occur. The layout does not know about pixels: one unit of
//! `x` is one layer, one unit of `y` one task.
//!
//! Sources: K. Sugiyama, S. Tagawa, M. Toda, [Methods for visual understanding of hierarchical system
//! structures](https://doi.org/10.1109/TSMC.1981.4308636), 1981; the stages as in
//! [d3-dag](https://erikbrinkman.github.io/d3-dag/).

mod coordinates;
mod crossings;
mod layering;
mod layers;
mod packing;

pub use packing::Layout;

use crate::graph::Rows;
use layers::Layers;

impl Layout {
    /// Lays out an acyclic graph: `dependencies` holds a row per task, `order` its static priority (lower first).
    ///
    /// Edges point to larger `x`, except in a folded component. A component is folded if it has hundreds of
    /// layers and is much longer than high, such as a long chain. The result depends on the arguments only. O((V
    /// + E) log(V + E)).
    ///
    /// # Panics
    /// If the numbers of priorities and rows differ, or a row names a task that does not exist.
    ///
    /// ```
    /// use dagdeck::graph::Rows;
    /// use dagdeck::layout::Layout;
    ///
    /// // inc-0, inc-1 -> add
    /// let layout = Layout::new(&Rows::from_rows([vec![], vec![], vec![0, 1]]), &[0, 1, 2]);
    /// assert_eq!(layout.x, [0.0, 0.0, 1.0]);
    /// assert_eq!(layout.y, [0.0, 1.0, 0.5]);
    /// ```
    pub fn new(dependencies: &Rows, order: &[u32]) -> Layout {
        assert_eq!(dependencies.len(), order.len(), "every task has a priority");
        let dependents = dependencies.transpose();
        let depths = layering::depths(dependencies, &dependents);
        let layers = Layers::new(dependencies, order, &depths);
        let sequence = crossings::reduce(&layers);
        let across = coordinates::across(&layers, &sequence);
        packing::pack(&layers, &across)
    }
}

#[cfg(all(test, not(any(target_arch = "wasm32", loom))))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn lay_out(rows: &[Vec<u32>]) -> Layout {
        let order: Vec<u32> = (0..rows.len() as u32).collect();
        Layout::new(&Rows::from_rows(rows.iter().cloned()), &order)
    }

    fn chain(tasks: u32) -> Vec<Vec<u32>> {
        (0..tasks).map(|task| task.checked_sub(1).into_iter().collect()).collect()
    }

    /// A binary reduction, in the order of its levels.
    fn tree(leaves: u32) -> Vec<Vec<u32>> {
        let mut rows = vec![vec![]; leaves as usize];
        let mut level: Vec<u32> = (0..leaves).collect();
        while level.len() > 1 {
            let first = rows.len() as u32;
            rows.extend(level.chunks(2).map(<[u32]>::to_vec));
            level = (first..rows.len() as u32).collect();
        }
        rows
    }

    /// Panics unless tasks in the same column are 1 apart (up to rounding) and all tasks lie within the given
    /// size.
    fn assert_tidy(layout: &Layout) {
        let mut places: Vec<(f32, f32)> = layout.x.iter().copied().zip(layout.y.iter().copied()).collect();
        places.sort_by(|a, b| a.partial_cmp(b).expect("no NaN"));
        for pair in places.windows(2) {
            assert!(pair[0].0 < pair[1].0 || pair[1].1 - pair[0].1 > 0.999, "{pair:?} overlap");
        }
        for (x, y) in places {
            assert!((0.0..=layout.width).contains(&x) && (0.0..=layout.height).contains(&y), "({x}, {y})");
        }
    }

    /// Any acyclic graph, with shuffled ids and priorities and some repeated edges.
    fn graphs() -> impl Strategy<Value = (Vec<Vec<u32>>, Vec<u32>)> {
        (1usize..40)
            .prop_flat_map(|n| {
                let edges = prop::collection::vec((0..n, 0..n), 0..3 * n);
                let ids = Just((0..n as u32).collect::<Vec<_>>()).prop_shuffle();
                (edges, ids.clone(), ids)
            })
            .prop_map(|(edges, ids, order)| {
                let mut rows = vec![vec![]; ids.len()];
                for (a, b) in edges.into_iter().filter(|(a, b)| a != b) {
                    rows[ids[a.max(b)] as usize].push(ids[a.min(b)]);
                }
                (rows, order)
            })
    }

    proptest! {
        #[test]
        fn edges_point_forward_and_tasks_keep_apart((rows, order) in graphs()) {
            let packed = Rows::from_rows(rows.iter().cloned());
            let layout = Layout::new(&packed, &order);
            assert_tidy(&layout);
            for (task, row) in rows.iter().enumerate() {
                for &dependency in row {
                    prop_assert!(layout.x[dependency as usize] + 1.0 <= layout.x[task]);
                }
            }
            prop_assert_eq!(&layout, &Layout::new(&packed, &order));
        }
    }

    #[test]
    fn an_empty_graph_has_an_empty_layout() {
        assert_eq!(lay_out(&[]), Layout::default());
    }

    #[test]
    fn a_chain_is_a_straight_line() {
        let layout = lay_out(&chain(20));
        assert_eq!(layout.x, (0..20).map(|x| x as f32).collect::<Vec<_>>());
        assert_eq!((layout.y, layout.width, layout.height), (vec![0.0; 20], 19.0, 0.0));
    }

    #[test]
    fn a_very_long_chain_is_folded_and_neighbours_stay_neighbours() {
        let layout = lay_out(&chain(10_000));
        assert_tidy(&layout);
        assert!(layout.width < 300.0 && layout.height < 300.0, "{} x {}", layout.width, layout.height);
        for (x, y) in layout.x.windows(2).zip(layout.y.windows(2)) {
            assert!((x[1] - x[0]).abs() + (y[1] - y[0]).abs() <= 2.0);
        }
    }

    #[test]
    fn a_reduction_lies_in_the_middle_of_what_it_reduces() {
        let rows = tree(64);
        let layout = lay_out(&rows);
        assert_tidy(&layout);
        for (task, row) in rows.iter().enumerate().filter(|(_, row)| !row.is_empty()) {
            let middle = (layout.y[row[0] as usize] + layout.y[row[1] as usize]) / 2.0;
            assert!((layout.y[task] - middle).abs() < 1e-4);
        }
        assert!((layout.height - 63.0).abs() < 1e-4);
    }

    #[test]
    fn a_symmetric_graph_is_drawn_symmetrically() {
        // A split and a merge, with three stages between.
        let mut rows = vec![vec![]];
        rows.extend((0..5).map(|_| vec![0]));
        rows.extend((1..6).map(|task| vec![task]));
        rows.push((6..11).collect());
        let layout = lay_out(&rows);
        let mirrored: Vec<f32> = layout.y.iter().map(|y| layout.height - y).collect();
        for (task, mirror) in [0, 5, 4, 3, 2, 1, 10, 9, 8, 7, 6, 11].into_iter().enumerate() {
            assert!((layout.y[task] - mirrored[mirror]).abs() < 1e-4, "{:?}", layout.y);
        }
    }

    #[test]
    fn tasks_without_edges_make_a_square() {
        let layout = lay_out(&vec![vec![]; 10]);
        assert_eq!(layout.x, [0., 0., 0., 0., 1., 1., 1., 1., 2., 2.]);
        assert_eq!(layout.y, [0., 1., 2., 3., 0., 1., 2., 3., 0., 1.]);
    }

    #[test]
    fn separate_pipelines_make_a_block() {
        let rows: Vec<Vec<u32>> =
            (0..300).map(|task| (task % 3 > 0).then(|| task - 1).into_iter().collect()).collect();
        let layout = lay_out(&rows);
        assert_tidy(&layout);
        assert!(layout.height < 30.0 && layout.width < 30.0, "{} x {}", layout.width, layout.height);
    }
}
