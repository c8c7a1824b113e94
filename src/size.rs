//! Sizes of memory as text, in the same form as on the page (`formatBytes` in `www/src/views/format.js`).

use std::fmt;

/// A number of bytes, shown with a suitable unit and three significant digits: `310 B`, `35.1 MiB`, `1.24 GiB`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Size(pub(crate) u64);

/// The units above bytes.
const UNITS: [&str; 6] = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A size that rounds to 1000 of a unit is shown in the next unit.
        let mut size = self.0 as f64;
        let mut unit = None;
        for name in UNITS {
            if size < 1023.5 {
                break;
            }
            size /= 1024.0;
            unit = Some(name);
        }
        match unit {
            None => write!(f, "{} B", self.0),
            Some(unit) => {
                let digits = if size >= 99.95 {
                    0
                } else if size >= 9.995 {
                    1
                } else {
                    2
                };
                write!(f, "{size:.digits$} {unit}")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_has_the_unit_that_fits() {
        for (bytes, text) in [
            (0, "0 B"),
            (8, "8 B"),
            (1023, "1023 B"),
            (1024, "1.00 KiB"),
            (172_000, "168 KiB"),
            (768 << 20, "768 MiB"),
            ((1 << 20) - 1, "1.00 MiB"),
            (8 << 30, "8.00 GiB"),
            (8_000_000_000_000, "7.28 TiB"),
            (u64::MAX, "16.0 EiB"),
        ] {
            assert_eq!(Size(bytes).to_string(), text);
        }
    }
}
