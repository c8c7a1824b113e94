//! What a program wants to simulate: a task graph on clusters of several sizes, and a table of what came of it.

use std::{fmt, sync::Arc};

use super::{Cell, Column, Table};
use crate::{
    error::Result,
    graph::Plan,
    scheduler::cluster::simulation::{Ending, MOST_TIMES, Parameters, Report, Series},
};

/// A simulated cluster grows at most this number of times, so that a series of a large graph does not take too long.
const MOST_STEPS: u32 = 7;

/// A note says how long it took to simulate the largest cluster, if it is this time or longer.
const NOTED_MS: f64 = 1000.0;

/// Simulations of a task graph.
pub struct Simulation {
    /// The graph.
    pub plan: Arc<Plan>,
    parameters: Vec<Parameters>,
}

impl Simulation {
    /// The same cluster with one node, and with more and more up to its own number.
    pub(super) fn series(plan: Plan, parameters: Parameters) -> Simulation {
        let parameters = sizes(parameters.nodes).into_iter().map(|nodes| Parameters { nodes, ..parameters });
        Simulation { plan: plan.into(), parameters: parameters.collect() }
    }

    /// Starts the simulations, up to `threads` at once. They go on when they are stepped: the thread that does so is one
    /// of them.
    ///
    /// # Errors
    /// A parameter that is out of range.
    pub fn start(&self, threads: usize) -> Result<Series> {
        let series = Series::new(&self.plan, self.parameters.clone())?;
        series.spread(threads);
        Ok(series)
    }

    /// Sentences for people.
    pub fn notes(&self, series: &Series) -> Vec<String> {
        let drawn = series.parameters()[series.drawn()].nodes;
        let mut notes = vec![format!("This is a simulation: the drawing shows the run on {}.", nodes(drawn))];
        if let Some((report, next)) = end_of_scaling(series.reports()) {
            notes.push(format!(
                "Scaling ends at {}: {} are less than 10 % faster, bound by {}.",
                nodes(report.nodes),
                nodes(next.nodes),
                next.bounds.largest().0,
            ));
        }
        for report in series.reports() {
            let on = nodes(report.nodes);
            match &report.ending {
                Ending::Complete => {}
                Ending::Erred(task, message) => {
                    notes.push(format!("On {on}, {} has no value: {message}.", self.plan.key(*task)));
                }
                Ending::GivenUp => notes.push(format!(
                    "On {on}, nodes die so often that the run was given up after {MOST_TIMES} times what one slot would take."
                )),
            }
        }
        if let Some(last) = series.reports().last()
            && series.last_took_ms() >= NOTED_MS
        {
            let seconds = series.last_took_ms() / 1e3;
            notes.push(format!("It took {seconds:.1} s to simulate {}.", nodes(last.nodes)));
        }
        notes
    }

    /// A row for each size.
    pub fn table(&self, series: &Series) -> Table {
        let mut table = Table::new(&[
            Column::new("nodes", "nodes"),
            Column::measured("makespan", "makespan", "ms"),
            Column::new("speed-up", "speed-up"),
            Column::measured("efficiency", "efficiency", "%"),
            Column::new("bound", "bound by"),
            Column::measured("bound-time", "lower bound", "ms"),
            Column::measured("decisions", "decisions", "1/s"),
            Column::new("transfers", "transfers"),
            Column::new("steals", "steals"),
            Column::new("deaths", "deaths"),
            Column::new("recomputed", "recomputed"),
        ]);
        let complete_ms = |report: &Report| report.is_complete().then_some(report.makespan_ms);
        let alone_ms = series.reports().first().and_then(complete_ms);
        for report in series.reports() {
            // A run that errs does not do everything: it is not bound by what it leaves out.
            let bound = report.is_complete().then(|| report.bounds.largest());
            let speed_up = alone_ms.zip(complete_ms(report)).map(|(alone_ms, ms)| alone_ms / ms);
            table.rows.push(vec![
                u64::from(report.nodes).into(),
                Some(report.makespan_ms).into(),
                speed_up.into(),
                report.efficiency().map(|efficiency| 100.0 * efficiency).into(),
                Cell::Text(bound.map_or_else(String::new, |(bound, _)| bound.to_string())),
                bound.map(|(_, bound_ms)| bound_ms).into(),
                Some(report.decisions_per_s()).into(),
                report.counts.transfers.into(),
                report.counts.steals.into(),
                report.counts.deaths.into(),
                report.counts.recomputed.into(),
            ]);
        }
        table
    }
}

impl fmt::Debug for Simulation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Simulation").field("parameters", &self.parameters).finish_non_exhaustive()
    }
}

fn nodes(count: u32) -> String {
    if count == 1 { "1 node".to_owned() } else { format!("{count} nodes") }
}

/// The first size from which twice as many nodes or more are hardly faster, and the next such size.
fn end_of_scaling(reports: &[Report]) -> Option<(&Report, &Report)> {
    reports.iter().enumerate().find_map(|(i, report)| {
        let next = reports[i + 1..].iter().find(|next| next.nodes >= 2 * report.nodes)?;
        let are_complete = report.is_complete() && next.is_complete();
        (are_complete && next.makespan_ms > 0.9 * report.makespan_ms).then_some((report, next))
    })
}

/// 1, 2, 4, ... up to `nodes`, or with larger steps.
fn sizes(nodes: u32) -> Vec<u32> {
    let mut factor = 2u32;
    while factor.pow(MOST_STEPS) < nodes {
        factor *= 2;
    }
    let smaller = std::iter::successors(Some(1u32), |&size| Some(size * factor));
    smaller.take_while(|&size| size < nodes).chain([nodes]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::programs::{Built, Given, GivenValue, program};

    #[test]
    fn the_table_has_a_row_for_each_size_and_says_what_ends_scaling() {
        let given = [("shape", "chain"), ("tasks", "20"), ("nodes", "4"), ("work", "1000")];
        let given = given.map(|(name, value)| (name.to_owned(), GivenValue::Text(value.to_owned())));
        let Ok(Built::Simulation(simulation)) =
            program("cluster-simulate").unwrap().build(&Given::from(given), 0)
        else {
            panic!("it is a simulation")
        };
        let mut series = simulation.start(2).unwrap();
        while !series.step(100.0) {}
        let table = simulation.table(&series);
        let column = |name| (0..3).map(|row| table.number(row, name)).collect::<Option<Vec<f64>>>().unwrap();
        assert_eq!(column("nodes"), [1.0, 2.0, 4.0]);
        assert!(column("speed-up").iter().all(|speed_up| (0.99..1.01).contains(speed_up)));
        assert_eq!(table.cell(2, "bound"), Some(&Cell::Text("span".to_owned())));
        let notes = simulation.notes(&series);
        assert!(notes[0].starts_with("This is a simulation: "), "{notes:?}");
        assert_eq!(notes[1], "Scaling ends at 1 node: 2 nodes are less than 10 % faster, bound by span.");
        assert_eq!(series.trace().columns().len(), 4);
    }

    #[test]
    fn values_of_arrays_have_the_sizes_that_operations_infer() {
        let moved = |shape: &str, size: &str| {
            let given = [("shape", shape), ("tasks", "400"), ("nodes", "8"), ("size", size)];
            let given = given.map(|(name, value)| (name.to_owned(), GivenValue::Text(value.to_owned())));
            let built = program("cluster-simulate").unwrap().build(&Given::from(given), 0).unwrap();
            let Built::Simulation(simulation) = built else { panic!("it is a simulation") };
            let mut series = simulation.start(1).unwrap();
            while !series.step(100.0) {}
            let report = series.reports().last().unwrap().clone();
            (report.moved_bytes, report.counts.transfers)
        };
        let (bytes, transfers) = moved("shuffle", "1000");
        assert_eq!(bytes % 1_000_000, 0, "all values have one size");
        assert!(bytes >= transfers * 1_000_000);
        // Blocks, their factors and the parts of a mean differ.
        for array in ["array-qr", "array-mean"] {
            let (bytes, transfers) = moved(array, "1000");
            assert!(transfers > 0 && bytes % 1_000_000 != 0, "{bytes} bytes, {transfers} transfers");
        }
    }

    #[test]
    fn sizes_grow_up_to_the_number_of_nodes() {
        assert_eq!(sizes(1), [1]);
        assert_eq!(sizes(6), [1, 2, 4, 6]);
        assert_eq!(sizes(128), [1, 2, 4, 8, 16, 32, 64, 128]);
        assert_eq!(sizes(1000), [1, 4, 16, 64, 256, 1000]);
        assert_eq!(sizes(10_000), [1, 4, 16, 64, 256, 1024, 4096, 10_000]);
    }
}
