//! A table: the result of a program that measures several things.

/// Rows of cells, one for each column.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// The columns.
    pub columns: Vec<Column>,
    /// The rows. The first cell of each names the row.
    pub rows: Vec<Vec<Cell>>,
}

/// A column of a table.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Column {
    /// The name, for programs.
    pub name: &'static str,
    /// The heading.
    pub label: &'static str,
    /// The unit of its numbers; empty if there is none.
    pub unit: &'static str,
}

/// A cell of a table.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// A text.
    Text(String),
    /// A number.
    Number(f64),
    /// Nothing: the row has no such number.
    Empty,
}

impl Column {
    /// A column of texts, or of numbers without a unit.
    pub const fn new(name: &'static str, label: &'static str) -> Column {
        Column { name, label, unit: "" }
    }

    /// A column of numbers with a unit.
    pub const fn measured(name: &'static str, label: &'static str, unit: &'static str) -> Column {
        Column { name, label, unit }
    }
}

impl Table {
    /// A column for each of `columns`, and no rows.
    pub fn new(columns: &[Column]) -> Table {
        Table { columns: columns.to_vec(), rows: Vec::new() }
    }

    /// Appends a column, with a cell for each row.
    pub(super) fn add(&mut self, column: Column, cells: impl IntoIterator<Item = Cell>) {
        self.columns.push(column);
        for (row, cell) in self.rows.iter_mut().zip(cells) {
            row.push(cell);
        }
    }

    /// Appends a column: how many times as fast each row was as the last one that `is_alone`, by the column `time`.
    pub(super) fn add_speed_up(&mut self, is_alone: impl Fn(&Table, usize) -> bool) {
        let mut alone_ms = None;
        let speed_up = |row| {
            let time_ms = self.number(row, "time");
            if is_alone(self, row) {
                alone_ms = time_ms;
            }
            alone_ms.zip(time_ms).map(|(alone_ms, time_ms)| alone_ms / time_ms).into()
        };
        let speed_ups: Vec<Cell> = (0..self.rows.len()).map(speed_up).collect();
        self.add(Column::new("speed-up", "times as fast as one thread"), speed_ups);
    }

    /// The cell in the column called `column`.
    pub fn cell(&self, row: usize, column: &str) -> Option<&Cell> {
        let place = self.columns.iter().position(|known| known.name == column)?;
        self.rows.get(row)?.get(place)
    }

    /// The number in the column called `column`, if there is one.
    pub fn number(&self, row: usize, column: &str) -> Option<f64> {
        match self.cell(row, column)? {
            Cell::Number(number) => Some(*number),
            Cell::Text(_) | Cell::Empty => None,
        }
    }
}

impl From<Option<f64>> for Cell {
    /// Empty without a number, and if it is infinite or NaN.
    fn from(number: Option<f64>) -> Cell {
        number.filter(|number| number.is_finite()).map_or(Cell::Empty, Cell::Number)
    }
}

impl From<u64> for Cell {
    fn from(count: u64) -> Cell {
        Cell::Number(count as f64)
    }
}
