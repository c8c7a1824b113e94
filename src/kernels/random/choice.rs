//! Choosing and shuffling as NumPy does.
//!
//! Sources: R. A. Fisher and F. Yates' shuffle, from the end; R. W. Floyd's sample without replacement
//! ([Bentley, 1987](https://doi.org/10.1145/30401.315746)).

use rustc_hash::FxHashSet;

use super::generator::Generator;
use crate::error::Message;

/// Above this size, a sample that is a large part of a population is the end of a shuffle of all of it.
const LARGE: usize = 10_000;

/// Such a part: one in 50.
const PART: usize = 50;

impl Generator {
    /// `rng.shuffle(x)`. It draws its places in another way than [`choice`](Generator::choice) does.
    ///
    /// # Panics
    /// If there are more than 2^32 elements.
    pub fn shuffle<T>(&mut self, x: &mut [T]) {
        for i in (1..x.len()).rev() {
            let last = u32::try_from(i).expect("at most 2^32 elements");
            x.swap(i, self.masked_up_to(last) as usize);
        }
    }

    /// The shuffle of [`choice`](Generator::choice), which stops before the place `first`.
    fn shuffle_from<T>(&mut self, x: &mut [T], first: usize) {
        for i in (first..x.len()).rev() {
            let j = self.up_to(i as u64) as usize;
            x.swap(i, j);
        }
    }

    /// `rng.choice(population, out.len(), replace, p)`: integers from 0 up to `population`. `p` are their
    /// probabilities, given with this tolerance for their sum.
    ///
    /// # Errors
    /// If there are too few to choose from, or the probabilities are none.
    pub fn choice(
        &mut self,
        population: usize,
        replace: bool,
        p: Option<(&[f64], f64)>,
        out: &mut [i64],
    ) -> Result<(), Message> {
        if population == 0 && !out.is_empty() {
            return Err("a must be a positive integer unless no samples are taken".into());
        }
        if let Some((p, tolerance)) = p {
            check_probabilities(population, p, tolerance)?;
        }
        if replace {
            match p {
                Some((p, _)) => self.draw_places(&cumulated(p), out),
                None if out.is_empty() => {}
                None => self.integers(0, population as i64, out),
            }
            return Ok(());
        }
        if out.len() > population {
            return Err("Cannot take a larger sample than population when replace is False".into());
        }
        match p {
            Some((p, _)) => self.sample_by(p, out),
            None => {
                self.sample(population, out);
                Ok(())
            }
        }
    }

    /// Places of an increasing list that ends with 1, each as likely as it is larger than the one before.
    fn draw_places(&mut self, cumulated: &[f64], out: &mut [i64]) {
        let mut numbers = vec![0.0; out.len()];
        self.random(&mut numbers);
        for (out, x) in out.iter_mut().zip(numbers) {
            *out = cumulated.partition_point(|&end| end <= x) as i64;
        }
    }

    /// Different numbers, by their probabilities. Those that are drawn twice are drawn anew, without those that were
    /// taken.
    fn sample_by(&mut self, p: &[f64], out: &mut [i64]) -> Result<(), Message> {
        if p.iter().filter(|&&p| p > 0.0).count() < out.len() {
            return Err("Fewer non-zero entries in p than size".into());
        }
        let (mut p, mut taken) = (p.to_vec(), FxHashSet::default());
        let mut found = 0;
        while found < out.len() {
            let mut drawn = vec![0; out.len() - found];
            self.draw_places(&cumulated(&p), &mut drawn);
            for place in drawn {
                if taken.insert(place) {
                    out[found] = place;
                    found += 1;
                }
            }
            out[..found].iter().for_each(|&place| p[place as usize] = 0.0);
        }
        Ok(())
    }

    /// Different numbers, each as likely.
    fn sample(&mut self, population: usize, out: &mut [i64]) {
        let count = out.len();
        if population > LARGE && count > population / PART {
            let mut all: Vec<i64> = (0..population as i64).collect();
            self.shuffle_from(&mut all, (population - count).max(1));
            out.copy_from_slice(&all[population - count..]);
            return;
        }
        let mut taken = FxHashSet::default();
        for (last, out) in (population - count..population).zip(&mut *out) {
            let drawn = self.up_to(last as u64) as i64;
            *out = if taken.insert(drawn) { drawn } else { last as i64 };
            taken.insert(*out);
        }
        self.shuffle_from(out, 1);
    }
}

fn check_probabilities(population: usize, p: &[f64], tolerance: f64) -> Result<(), Message> {
    if p.len() != population {
        return Err("a and p must have same size".into());
    }
    let sum = compensated_sum(p);
    if sum.is_nan() {
        return Err("Probabilities contain NaN".into());
    }
    if p.iter().any(|&p| p < 0.0) {
        return Err("Probabilities are not non-negative".into());
    }
    match (sum - 1.0).abs() > tolerance {
        true => Err("Probabilities do not sum to 1.".into()),
        false => Ok(()),
    }
}

/// The sums up to each, divided by the last.
fn cumulated(p: &[f64]) -> Vec<f64> {
    let mut sum = 0.0;
    let mut cumulated: Vec<f64> = p
        .iter()
        .map(|p| {
            sum += p;
            sum
        })
        .collect();
    cumulated.iter_mut().for_each(|part| *part /= sum);
    cumulated
}

/// Kahan's sum.
fn compensated_sum(x: &[f64]) -> f64 {
    let Some((&first, rest)) = x.split_first() else { return 0.0 };
    let (mut sum, mut lost) = (first, 0.0);
    for x in rest {
        let term = x - lost;
        let next = sum + term;
        lost = (next - sum) - term;
        sum = next;
    }
    sum
}
