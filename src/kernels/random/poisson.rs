//! Poisson numbers as NumPy draws them.
//!
//! For a mean below 10, uniform numbers are multiplied until the product is not above `exp(-mean)`: the result is how
//! many factors that took, less one. The work grows with the mean, so greater means use a transformed rejection: a
//! uniform number is mapped to a candidate, and a second one decides. Most candidates are accepted without a logarithm.
//!
//! Logarithms and exponentials are only compared, so their last bits seldom matter: to one draw in 10^12 for a mean of
//! thousands, and to more if the mean is greater.
//!
//! Sources: D. E. Knuth, The Art of Computer Programming, vol. 2, 3.4.1; W. Hörmann, [The transformed rejection
//! method for generating Poisson random variables](https://doi.org/10.1016/0167-6687(93)90997-4), 1993, algorithm PTRS.

use super::pcg64::uniform;

/// A Poisson distribution with a mean above 0.
pub(super) enum Poisson {
    /// By products of uniform numbers.
    Product { least: f64 },
    /// By transformed rejection.
    Rejection(Rejection),
}

/// What the rejection needs of the mean.
pub(super) struct Rejection {
    mean: f64,
    log_mean: f64,
    /// The parameters of the transformation.
    a: f64,
    b: f64,
    /// The logarithm of the scale of the hat.
    log_scale: f64,
    /// Below this, a second number accepts every candidate that is not near an end.
    accept: f64,
}

impl Poisson {
    pub(super) fn new(mean: f64) -> Poisson {
        if mean < 10.0 {
            return Poisson::Product { least: (-mean).exp() };
        }
        let b = 0.931 + 2.53 * mean.sqrt();
        Poisson::Rejection(Rejection {
            mean,
            log_mean: mean.ln(),
            a: -0.059 + 0.02483 * b,
            b,
            log_scale: (1.1239 + 1.1328 / (b - 3.4)).ln(),
            accept: 0.9277 - 3.6224 / (b - 2.0),
        })
    }

    /// One number from `bits` and, if needed, more bits from `next`.
    pub(super) fn draw(&self, bits: u64, next: &mut dyn FnMut() -> u64) -> i64 {
        match self {
            Poisson::Product { least } => {
                let (mut product, mut factors) = (uniform(bits), 0);
                while product > *least {
                    product *= uniform(next());
                    factors += 1;
                }
                factors
            }
            Poisson::Rejection(rejection) => {
                let mut bits = bits;
                loop {
                    if let Some(number) = rejection.candidate(uniform(bits), uniform(next())) {
                        return number;
                    }
                    bits = next();
                }
            }
        }
    }
}

impl Rejection {
    /// The number that two uniform ones make, unless it is rejected.
    fn candidate(&self, u: f64, v: f64) -> Option<i64> {
        let u = u - 0.5;
        let from_the_end = 0.5 - u.abs();
        let k = ((2.0 * self.a / from_the_end + self.b) * u + self.mean + 0.43).floor();
        let number = k as i64;
        if from_the_end >= 0.07 && v <= self.accept {
            return Some(number);
        }
        if k < 0.0 || (from_the_end < 0.013 && v > from_the_end) {
            return None;
        }
        let hat = v.ln() + self.log_scale - (self.a / (from_the_end * from_the_end) + self.b).ln();
        (hat <= k * self.log_mean - self.mean - log_factorial(k)).then_some(number)
    }
}

/// The logarithm of `n!`: Stirling's series, after steps up to where it converges fast.
fn log_factorial(n: f64) -> f64 {
    /// The terms `B(2i) / (2i (2i - 1))`, of Bernoulli's numbers.
    const SERIES: [f64; 5] = [1.0 / 12.0, -1.0 / 360.0, 1.0 / 1260.0, -1.0 / 1680.0, 1.0 / 1188.0];
    let (mut x, mut product) = (n + 1.0, 1.0);
    while x < 20.0 {
        product *= x;
        x += 1.0;
    }
    let square = 1.0 / (x * x);
    let series = SERIES.iter().rev().fold(0.0, |sum, term| sum * square + term);
    // In this order, the sum of great numbers is rounded as NumPy's.
    series / x + 0.5 * std::f64::consts::TAU.ln() + (x - 0.5) * x.ln() - x - product.ln()
}

#[cfg(all(test, not(any(target_arch = "wasm32", loom))))]
mod tests {
    use super::*;

    #[test]
    fn logarithms_of_factorials_are_sums_of_logarithms() {
        let mut sum = 0.0;
        for n in 1..200 {
            sum += f64::from(n).ln();
            assert!((log_factorial(n.into()) - sum).abs() < 1e-11, "{n}");
        }
        assert!(log_factorial(0.0).abs() < 1e-13);
    }
}
