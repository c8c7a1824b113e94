//! Threads that count: the work takes as long on several threads as on one, if they share a lock.

use super::{
    Build, Column, Parameters, Program, ResultSchema, Threads,
    threads::{CORES, INTERVAL, LOCK, MODE, THREADS, policies, threads_text, ticks},
};
use crate::{
    error::Result,
    interpreter::{Piece, Policy, Program as Pieces, Section},
};

pub(super) const PROGRAM: Program = Program {
    name: "gil-count",
    title: "Counting on threads",
    summary: "The same counting on one thread and on several. Threads that share the interpreter lock take turns, so \
              they are no faster.",
    parameters: &[LOCK, THREADS, ticks(1 << 23), INTERVAL, CORES, MODE],
    result: ResultSchema::named("counting"),
    build: Build::Threads(build),
};

fn build(parameters: &Parameters) -> Result<Threads> {
    let (threads, ticks) = (parameters.integer("threads"), parameters.integer("ticks"));
    let numbers = if threads == 1 { vec![1] } else { vec![1, threads] };
    let alone = numbers.len();
    let section = |policy: Policy, threads| {
        let pieces = [Piece::Interpreted { ticks: (ticks / threads) as u64 }];
        let label = format!("{}, {}", policy.name(), threads_text(threads));
        Section::new(label, policy, Pieces::uniform(threads, &pieces))
    };
    let sections = policies(parameters)
        .into_iter()
        .flat_map(|policy| numbers.iter().map(move |&threads| section(policy, threads)))
        .collect();
    Ok(Threads::new(parameters, sections)?.reporting(move |_, table| {
        let time_ms = |row| table.number(row, "time");
        let speed_up = |row: usize| Some(time_ms(row - row % alone)? / time_ms(row)?);
        let cells: Vec<_> = (0..table.rows.len()).map(|row| speed_up(row).into()).collect();
        table.add(Column::new("speed-up", "times as fast as one thread"), cells);
    }))
}
