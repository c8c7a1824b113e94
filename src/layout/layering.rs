//! First stage: the depth of each task.
//!
//! A task lies one layer after its furthest dependency, so the number of layers is the length of the longest
//! path. A task with more dependents than dependencies is then pulled towards its first dependent: each layer
//! that it moves shortens more edges than it stretches. Roots move furthest, so data ends up next to where it is
//! used.
//!
//! ```text
//! a - b - c - d          a - b - c - d
//!           /     ->               /
//! e --------                     e
//! ```

use crate::graph::Rows;

/// The depth of each task, 0 for the first layer. O(V + E).
pub(super) fn depths(dependencies: &Rows, dependents: &Rows) -> Vec<u32> {
    let sequence = topological(dependencies, dependents);
    let mut depths = vec![0u32; dependencies.len()];
    for &task in &sequence {
        let behind = dependencies.row(task).iter().map(|&d| depths[d as usize] + 1).max();
        depths[task as usize] = behind.unwrap_or(0);
    }
    for &task in sequence.iter().rev() {
        let readers = dependents.row(task);
        if readers.len() > dependencies.row(task).len() {
            let first = readers.iter().map(|&d| depths[d as usize]).min();
            depths[task as usize] = first.expect("there are more readers than none") - 1;
        }
    }
    depths
}

/// The tasks, each after its dependencies.
fn topological(dependencies: &Rows, dependents: &Rows) -> Vec<u32> {
    let tasks = 0..dependencies.len() as u32;
    // Plans are already in this order, and then a straight loop is several times faster.
    if tasks.clone().zip(dependencies.iter()).all(|(task, row)| row.iter().all(|&d| d < task)) {
        return tasks.collect();
    }
    let mut missing: Vec<u32> = dependencies.iter().map(|row| row.len() as u32).collect();
    let mut sequence: Vec<u32> = tasks.filter(|&task| missing[task as usize] == 0).collect();
    let mut next = 0;
    while next < sequence.len() {
        for &reader in dependents.row(sequence[next]) {
            missing[reader as usize] -= 1;
            if missing[reader as usize] == 0 {
                sequence.push(reader);
            }
        }
        next += 1;
    }
    sequence
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(rows: Vec<Vec<u32>>) -> Vec<u32> {
        let rows = Rows::from_rows(rows);
        depths(&rows, &rows.transpose())
    }

    #[test]
    fn a_source_lies_next_to_its_first_reader() {
        assert_eq!(of(vec![vec![], vec![0], vec![1], vec![2, 4], vec![]]), [0, 1, 2, 3, 2]);
    }

    #[test]
    fn ids_need_not_be_sorted() {
        assert_eq!(of(vec![vec![1], vec![2], vec![]]), [2, 1, 0]);
    }

    #[test]
    fn a_task_that_reads_as_much_as_it_is_read_stays() {
        assert_eq!(of(vec![vec![], vec![0], vec![1], vec![2, 4], vec![0]]), [0, 1, 2, 3, 1]);
    }
}
