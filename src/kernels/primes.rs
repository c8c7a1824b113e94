//! Counting primes by trial division: work as an interpreter does it, in many small steps.

/// The number of primes from `start` to `stop` (excluded). Calls `step` after each number.
///
/// # Errors
/// What `step` fails with, which ends it.
pub(crate) fn primes<E>(start: u64, stop: u64, mut step: impl FnMut() -> Result<(), E>) -> Result<i64, E> {
    let mut count = 0;
    for n in start.max(2)..stop {
        let mut divisor = 2;
        while divisor * divisor <= n && n % divisor != 0 {
            divisor += 1;
        }
        count += i64::from(divisor * divisor > n);
        step()?;
    }
    Ok(count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn primes_are_counted() {
        let count = |start, stop| primes(start, stop, || Ok::<_, ()>(()));
        assert_eq!((count(0, 100), count(100, 200), count(200, 100)), (Ok(25), Ok(21), Ok(0)));
    }

    #[test]
    fn a_step_may_end_it() {
        let mut steps = 0;
        let mut step = || {
            steps += 1;
            if steps < 5 { Ok(()) } else { Err("enough") }
        };
        assert_eq!(primes(0, 100, &mut step), Err("enough"));
        assert_eq!(steps, 5);
    }
}
