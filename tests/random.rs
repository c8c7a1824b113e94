//! Compares random numbers with those of NumPy and Dask, bit for bit. `tests/reference/random_arrays.py` writes the
//! fixture.
#![cfg(not(target_arch = "wasm32"))]

use std::ops::Range;

use dagdeck::kernels::random::{ChunkSeeds, Generator, SeedSequence, chunk_generator};
use serde_json::Value;

fn fixture() -> Value {
    serde_json::from_str(include_str!("fixtures/random.json")).expect("the script writes JSON")
}

fn list(value: &Value) -> &[Value] {
    value.as_array().expect("the script writes a list here")
}

fn text(value: &Value) -> &str {
    value.as_str().expect("the script writes a string here")
}

fn numbers<T: TryFrom<u64>>(value: &Value) -> Vec<T> {
    let number = |v: &Value| v.as_u64().and_then(|n| T::try_from(n).ok()).expect("a number that fits");
    list(value).iter().map(number).collect()
}

fn words(value: &Value) -> Vec<u64> {
    list(value).iter().map(|v| u64::from_str_radix(text(v), 16).expect("hexadecimal")).collect()
}

/// `hash_bits` of the script.
fn hash(words: &[u64]) -> u64 {
    let finalised = words.iter().enumerate().map(|(i, word)| {
        let x = word.wrapping_add((i as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        x ^ (x >> 31)
    });
    finalised.fold(0, u64::wrapping_add)
}

fn filled(len: usize, fill: impl FnOnce(&mut [f64])) -> Vec<u64> {
    let mut out = vec![f64::NAN; len];
    fill(&mut out);
    out.into_iter().map(f64::to_bits).collect()
}

/// The work of one chunk's task.
fn draw(mut rng: Generator, method: &str, args: &[&str], len: usize) -> Vec<u64> {
    match (method, args) {
        ("random", []) => filled(len, |out| rng.random(out)),
        ("uniform", [low, high]) => {
            let number = |text: &str| text.parse().expect("Python writes floats as Rust reads them");
            filled(len, |out| rng.uniform(number(low), number(high), out))
        }
        ("standard_normal", []) => filled(len, |out| rng.standard_normal(out)),
        ("normal", []) => filled(len, |out| rng.normal(0.0, 1.0, out)),
        ("normal", [loc, scale]) => {
            let number = |text: &str| text.parse().expect("Python writes floats as Rust reads them");
            filled(len, |out| rng.normal(number(loc), number(scale), out))
        }
        ("standard_exponential", []) => filled(len, |out| rng.exponential(1.0, out)),
        ("exponential", [scale]) => {
            let scale = scale.parse().expect("Python writes floats as Rust reads them");
            filled(len, |out| rng.exponential(scale, out))
        }
        ("poisson", [lam]) => {
            let mut out = vec![i64::MAX; len];
            rng.poisson(lam.parse().expect("Python writes floats as Rust reads them"), &mut out);
            out.into_iter().map(|x| x as u64).collect()
        }
        ("integers", [low, high]) => {
            let number = |text: &str| text.parse().expect("an i64");
            let mut out = vec![i64::MAX; len];
            rng.integers(number(low), number(high), &mut out);
            out.into_iter().map(|x| x as u64).collect()
        }
        _ => panic!("the fixture asks for {method}({args:?}), which this test does not know"),
    }
}

/// The position of each chunk of a grid, in C order: one range per axis.
fn grid(chunks: &[Vec<usize>]) -> Vec<Vec<Range<usize>>> {
    let mut blocks = vec![vec![]];
    for axis in chunks {
        let ranges: Vec<Range<usize>> = axis
            .iter()
            .scan(0, |start, size| {
                *start += size;
                Some(*start - size..*start)
            })
            .collect();
        blocks = blocks
            .iter()
            .flat_map(|b| ranges.iter().map(|r| [&b[..], std::slice::from_ref(r)].concat()))
            .collect();
    }
    blocks
}

/// Copies each chunk to its position in the whole array.
fn assemble(chunks: &[Vec<usize>], in_chunk_order: &[u64]) -> Vec<u64> {
    let shape: Vec<usize> = chunks.iter().map(|axis| axis.iter().sum()).collect();
    let mut whole = vec![0; shape.iter().product()];
    let mut values = in_chunk_order.iter();
    for block in grid(chunks) {
        let mut places = vec![0];
        for (range, size) in block.iter().zip(&shape) {
            places = places.iter().flat_map(|at| range.clone().map(move |i| at * size + i)).collect();
        }
        for place in places {
            whole[place] = *values.next().expect("as many values as places");
        }
    }
    whole
}

#[test]
fn seed_sequences_have_the_states_of_numpys() {
    for case in list(&fixture()["seed_sequences"]) {
        let parent = SeedSequence::from_words(&numbers::<u32>(&case["words"]));
        let sequence = numbers::<u32>(&case["spawn_key"]).into_iter().fold(parent, |s, i| s.child(i));
        assert_eq!(sequence.generate_state::<10>()[..], numbers::<u32>(&case["state"]), "{case}");
    }
}

#[test]
fn arrays_have_the_bits_of_dasks() {
    for generator in list(&fixture()["generators"]) {
        let seed = text(&generator["seed"]).parse().expect("a seed of at most 128 bits");
        let mut rng = ChunkSeeds::new(seed);
        for array in list(&generator["arrays"]) {
            let chunks: Vec<Vec<usize>> = list(&array["chunks"]).iter().map(numbers).collect();
            let args: Vec<&str> = list(&array["args"]).iter().map(text).collect();
            let blocks = grid(&chunks);
            let children = rng.spawn(blocks.len() as u32);
            let in_chunk_order: Vec<u64> = children
                .zip(&blocks)
                .flat_map(|(child, block)| {
                    let len = block.iter().map(Range::len).product();
                    draw(chunk_generator(seed, child), text(&array["method"]), &args, len)
                })
                .collect();
            let whole = assemble(&chunks, &in_chunk_order);
            if let Some(values) = array.get("values") {
                assert_eq!(whole, words(values), "seed {seed}: {array}");
            }
            assert_eq!(whole.first().into_iter().copied().collect::<Vec<_>>(), words(&array["first"]));
            assert_eq!(whole.last().into_iter().copied().collect::<Vec<_>>(), words(&array["last"]));
            assert_eq!(
                format!("{:016x}", hash(&in_chunk_order)),
                text(&array["hash"]),
                "seed {seed}: {array}"
            );
        }
    }
}
