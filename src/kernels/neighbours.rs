//! Functions of each element and its neighbours. Blocks wrap around at their edges, as in `numpy.roll`. In a
//! larger array, `map_overlap` gives each block a margin from its neighbours and trims it afterwards.

use super::{
    Message,
    convert::{astype, contiguous},
    room::room_for,
};
use crate::{block::Block, dtype::DType};

/// The rows and columns of a two-dimensional block.
fn plane(block: &Block, what: &str) -> Result<(usize, usize), Message> {
    match *block.shape() {
        [rows, columns] => Ok((rows, columns)),
        _ => Err(format!("{what} must have 2 axes, not {}", block.ndim()).into()),
    }
}

/// For each row: the one above, itself, the one below.
fn rows_of<T>(data: &[T], rows: usize, columns: usize) -> impl Iterator<Item = [&[T]; 3]> {
    let row = move |i: usize| &data[i % rows * columns..(i % rows + 1) * columns];
    (0..rows).map(move |i| [row(i + rows - 1), row(i), row(i + 1)])
}

/// The next generation of Conway's game of life: a cell with three neighbours lives, one with two stays as it is.
pub(crate) fn life(block: &Block) -> Result<Block, Message> {
    let (rows, columns) = plane(block, "a board")?;
    if block.is_empty() {
        return Ok(block.clone());
    }
    let alive = contiguous::<bool>(block)?;
    let mut out: Vec<bool> = room_for(block.shape())?;
    let mut sums = vec![0u8; columns];
    for [above, here, below] in rows_of(&alive, rows, columns) {
        for (((sum, &x), &y), &z) in sums.iter_mut().zip(above).zip(here).zip(below) {
            *sum = u8::from(x) + u8::from(y) + u8::from(z);
        }
        let start = out.len();
        let next = |left: u8, middle: u8, right: u8, here: bool| {
            let neighbours = left + middle + right - u8::from(here);
            neighbours == 3 || (here && neighbours == 2)
        };
        let last = columns - 1;
        out.push(next(sums[last], sums[0], sums[1 % columns], here[0]));
        out.extend(sums.windows(3).zip(&here[1..]).map(|(sum, &here)| next(sum[0], sum[1], sum[2], here)));
        if out.len() - start < columns {
            out.push(next(sums[last - 1], sums[last], sums[0], here[last]));
        }
    }
    astype(&Block::new(block.shape(), out), block.dtype())
}

/// One step of the heat equation: each element moves towards its neighbours by a part of the difference.
pub(crate) fn heat(block: &Block, rate: f64) -> Result<Block, Message> {
    let (rows, columns) = plane(block, "a plate")?;
    let dtype = block.dtype().inexact();
    if block.is_empty() {
        return astype(block, dtype);
    }
    let data = contiguous::<f64>(block)?;
    let mut out: Vec<f64> = room_for(block.shape())?;
    let next = |above: f64, below: f64, left: f64, right: f64, here: f64| {
        here + rate * (above + below + left + right - 4.0 * here)
    };
    for [above, here, below] in rows_of(&data, rows, columns) {
        let at = |i: usize| {
            let (left, right) = (here[(i + columns - 1) % columns], here[(i + 1) % columns]);
            next(above[i], below[i], left, right, here[i])
        };
        out.push(at(0));
        let inside = here.windows(3).zip(above[1.min(columns)..].iter().zip(&below[1.min(columns)..]));
        out.extend(inside.map(|(here, (&above, &below))| next(above, below, here[0], here[2], here[1])));
        if columns > 1 {
            out.push(at(columns - 1));
        }
    }
    match dtype {
        DType::Float64 => Ok(Block::new(block.shape(), out)),
        _ => astype(&Block::new(block.shape(), out), dtype),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The sum of the neighbours, one by one.
    fn around(data: &[f64], rows: usize, columns: usize, row: usize, column: usize, corners: bool) -> f64 {
        let at = |down: usize, right: usize| {
            data[(row + rows + down - 1) % rows * columns + (column + columns + right - 1) % columns]
        };
        let straight = at(0, 1) + at(2, 1) + at(1, 0) + at(1, 2);
        if corners { straight + at(0, 0) + at(0, 2) + at(2, 0) + at(2, 2) } else { straight }
    }

    #[test]
    fn each_element_sees_its_neighbours() {
        for (rows, columns) in [(1, 1), (1, 2), (2, 1), (2, 2), (3, 3), (5, 7), (1, 9), (6, 2), (0, 3)] {
            let board: Vec<f64> = (0..rows * columns).map(|i| f64::from(u8::from(i * i % 7 < 3))).collect();
            let block = Block::new(&[rows, columns], board.clone());
            let places = || (0..rows).flat_map(|row| (0..columns).map(move |column| (row, column)));
            let lives = places().map(|(row, column)| {
                let neighbours = around(&board, rows, columns, row, column, true);
                let here = board[row * columns + column];
                f64::from(u8::from(neighbours == 3.0 || (here == 1.0 && neighbours == 2.0)))
            });
            assert_eq!(
                life(&block).unwrap(),
                Block::new(&[rows, columns], lives.collect()),
                "{rows} {columns}"
            );
            let warm = places().map(|(row, column)| {
                let here = board[row * columns + column];
                here + 0.25 * (around(&board, rows, columns, row, column, false) - 4.0 * here)
            });
            let next = heat(&block, 0.25).unwrap();
            assert_eq!(next, Block::new(&[rows, columns], warm.collect()), "{rows} {columns}");
        }
    }

    #[test]
    fn a_board_keeps_its_type() {
        let blinker = Block::new(&[5, 5], (0..25).map(|i| u8::from((11..14).contains(&i))).collect());
        let turned = Block::new(&[5, 5], (0..25).map(|i| u8::from([7, 12, 17].contains(&i))).collect());
        assert_eq!(life(&blinker).unwrap(), turned);
        assert!(life(&Block::new(&[3], vec![true; 3])).is_err());
    }
}
