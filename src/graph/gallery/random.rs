//! A random shape, for cases that the regular shapes miss.

use super::sketch::Sketch;

/// How many layers back a task can reach, in the quarter of tasks that reach beyond the previous layer.
const REACH: u32 = 8;

/// The number of layers equals the number of tasks in a layer. A task takes up to three of the previous layer, and
/// one in four takes another one, from up to eight layers back.
///
/// ```text
/// o  o  o  o
/// | /|   \ |\
/// o  o  o  o |
///  \ | /|  | |
/// o  o  o  o |
/// |      \ |/
/// o  o  o  o
/// ```
pub(super) fn layered(tasks: u32, seed: u64) -> Sketch {
    let tasks = tasks.max(1);
    let width = tasks.isqrt();
    let mut random = SplitMix(seed);
    let mut sketch = Sketch::new();
    sketch.roots(width);
    let mut args = Vec::new();
    for task in width..tasks {
        let layer = task / width;
        args.clear();
        for _ in 0..=random.below(3) {
            args.push((layer - 1) * width + random.below(width));
        }
        if random.below(4) == 0 {
            let back = 1 + random.below(REACH.min(layer));
            args.push((layer - back) * width + random.below(width));
        }
        args.sort_unstable();
        args.dedup();
        sketch.task(args.iter().copied());
    }
    sketch
}

/// [SplitMix64](https://doi.org/10.1145/2714064.2660195) (Steele, Lea and Flood, 2014): good enough for a shape.
struct SplitMix(u64);

impl SplitMix {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number less than `bound`. Nearly uniform, since bounds are small.
    fn below(&mut self, bound: u32) -> u32 {
        (((self.next() >> 32) * u64::from(bound)) >> 32) as u32
    }
}
