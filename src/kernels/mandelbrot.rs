//! The Mandelbrot set: how many steps of `z = z**2 + c`, from 0, a point `c` stays within distance 2 of the origin.
//!
//! Several points are iterated at once, so that the loop can be vectorised. Points that have left continue until
//! the last one has.

use ndarray::IxDyn;

use super::{
    Input, Message, array,
    convert::{contiguous, in_order},
    elementwise::broadcast_shape,
    room::room_for,
};
use crate::block::{Block, block_size};

/// The number of points at once: enough for the processor to work on one while it waits for another.
const LANES: usize = 8;

/// The number of steps between two checks whether any point remains.
const STEPS: u32 = 4;

/// The steps of each point, `max_iter` at most.
pub(crate) fn mandelbrot(inputs: &[Input<'_>], max_iter: u32) -> Result<Block, Message> {
    let (re, im) = (array(inputs, 0)?, array(inputs, 1)?);
    let shape = broadcast_shape(re.shape(), im.shape()).ok_or_else(|| {
        format!("operands could not be broadcast together with shapes {:?} {:?}", re.shape(), im.shape())
    })?;
    block_size(&shape)?;
    let whole = |block: &Block| -> Result<Vec<f64>, Message> {
        let doubles = ndarray::ArrayD::from_shape_vec(block.shape(), contiguous::<f64>(block)?.into_owned())
            .expect("as many as before");
        Ok(in_order(doubles.broadcast(IxDyn(&shape)).expect("both fit the common shape"))?.into_owned())
    };
    let (re, im) = (whole(re)?, whole(im)?);
    let mut out = room_for(&shape)?;
    for (re, im) in re.chunks(LANES).zip(im.chunks(LANES)) {
        let mut c = [[0.0; LANES]; 2];
        c[0][..re.len()].copy_from_slice(re);
        c[1][..im.len()].copy_from_slice(im);
        // Unused lanes leave at once.
        c[0][re.len()..].fill(f64::NAN);
        let steps = steps(c, max_iter);
        out.extend(steps[..re.len()].iter().map(|&steps| steps as i32));
    }
    Ok(Block::new(&shape, out))
}

fn steps([c_re, c_im]: [[f64; LANES]; 2], max_iter: u32) -> [f64; LANES] {
    let (mut re, mut im, mut steps) = ([0.0; LANES], [0.0; LANES], [0.0; LANES]);
    let mut left = max_iter;
    loop {
        let mut inside = 0.0;
        for _ in 0..STEPS.min(left) {
            inside = 0.0;
            for i in 0..LANES {
                let (re_re, im_im) = (re[i] * re[i], im[i] * im[i]);
                // A point outside moves ever farther away, or becomes NaN.
                let one = if re_re + im_im <= 4.0 { 1.0 } else { 0.0 };
                steps[i] += one;
                inside += one;
                im[i] = 2.0 * re[i] * im[i] + c_im[i];
                re[i] = re_re - im_im + c_re[i];
            }
        }
        left -= STEPS.min(left);
        if left == 0 || inside == 0.0 {
            return steps;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::*;

    fn naive(c_re: f64, c_im: f64, max_iter: u32) -> i32 {
        let (mut re, mut im, mut steps) = (0.0, 0.0, 0);
        while steps < max_iter as i32 && re * re + im * im <= 4.0 {
            (re, im) = (re * re - im * im + c_re, 2.0 * re * im + c_im);
            steps += 1;
        }
        steps
    }

    #[test]
    fn points_leave_when_the_naive_ones_do() {
        let re: Vec<f64> = (0..37).map(|i| -2.5 + f64::from(i) * 0.1).collect();
        let im: Vec<f64> = (0..21).map(|i| -1.0 + f64::from(i) * 0.1).collect();
        for max_iter in [0, 1, 7, 100] {
            let expected = im.iter().flat_map(|&im| re.iter().map(move |&re| naive(re, im, max_iter)));
            let expected = Block::new(&[21, 37], expected.collect());
            let (re, im) = (Block::new(&[1, 37], re.clone()), Block::new(&[21, 1], im.clone()));
            let inputs = [Cow::Owned(re.into()), Cow::Owned(im.into())];
            assert_eq!(mandelbrot(&inputs, max_iter).unwrap(), expected);
        }
    }
}
