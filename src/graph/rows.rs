//! Compressed sparse rows: for each task a short list of tasks, all lists in one allocation.
//!
//! ```text
//! starts  0   2 2   3         row 0 = [4, 7]
//! tasks   4 7   5             row 1 = []
//!                             row 2 = [5]
//! ```
//!
//! Dependencies and dependents are both stored this way. It takes four bytes for each task and each edge, and
//! reading a row touches one cache line.

/// Lists of task ids, one per task, packed into two arrays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rows {
    starts: Vec<u32>,
    tasks: Vec<u32>,
}

impl Default for Rows {
    /// No rows.
    fn default() -> Rows {
        Rows::with_capacity(0, 0)
    }
}

impl Rows {
    /// No rows yet, with capacity for the given numbers.
    pub fn with_capacity(rows: usize, entries: usize) -> Rows {
        let mut starts = Vec::with_capacity(rows + 1);
        starts.push(0);
        Rows { starts, tasks: Vec::with_capacity(entries) }
    }

    /// Packs `rows`, in their order.
    pub fn from_rows<R: IntoIterator<Item = u32>>(rows: impl IntoIterator<Item = R>) -> Rows {
        let mut packed = Rows::with_capacity(0, 0);
        for row in rows {
            packed.push(row);
        }
        packed
    }

    /// Appends one row.
    pub fn push(&mut self, row: impl IntoIterator<Item = u32>) {
        self.tasks.extend(row);
        self.starts.push(self.tasks.len() as u32);
    }

    /// The number of rows.
    pub fn len(&self) -> usize {
        self.starts.len() - 1
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The number of entries in all rows together: the number of edges.
    pub fn entries(&self) -> usize {
        self.tasks.len()
    }

    /// The list of one task.
    ///
    /// # Panics
    /// If there is no such row.
    #[inline]
    pub fn row(&self, task: u32) -> &[u32] {
        let (start, stop) = (self.starts[task as usize], self.starts[task as usize + 1]);
        &self.tasks[start as usize..stop as usize]
    }

    /// The list of one task, mutable.
    #[inline]
    pub(super) fn row_mut(&mut self, task: u32) -> &mut [u32] {
        let (start, stop) = (self.starts[task as usize], self.starts[task as usize + 1]);
        &mut self.tasks[start as usize..stop as usize]
    }

    /// All rows, in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &[u32]> {
        (0..self.len() as u32).map(|task| self.row(task))
    }

    /// Where each row starts in [`tasks`](Rows::tasks), and one past the end of the last.
    pub fn starts(&self) -> &[u32] {
        &self.starts
    }

    /// The entries of all rows, one row after another.
    pub fn tasks(&self) -> &[u32] {
        &self.tasks
    }

    /// The rows of the reversed edges: `b` in row `a` becomes `a` in row `b`. Keeps repeats. O(rows + entries).
    pub fn transpose(&self) -> Rows {
        let mut starts = vec![0u32; self.len() + 1];
        for &task in &self.tasks {
            starts[task as usize + 1] += 1;
        }
        for i in 1..starts.len() {
            starts[i] += starts[i - 1];
        }
        let mut next = starts.clone();
        let mut tasks = vec![0; self.tasks.len()];
        for (from, row) in self.iter().enumerate() {
            for &to in row {
                let at = &mut next[to as usize];
                tasks[*at as usize] = from as u32;
                *at += 1;
            }
        }
        Rows { starts, tasks }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn transpose_reverses_every_edge_and_keeps_repeats() {
        let rows = Rows::from_rows([vec![], vec![0, 0], vec![0, 1]]);
        let back = rows.transpose();
        assert_eq!(back, Rows::from_rows([vec![1, 1, 2], vec![2], vec![]]));
        assert_eq!(back.transpose(), rows);
    }

    #[test]
    fn an_empty_table_has_no_rows() {
        let none = Rows::from_rows(Vec::<Vec<u32>>::new());
        assert!(none.is_empty());
        assert_eq!(none.transpose().len(), 0);
    }
}
