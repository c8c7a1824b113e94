//! Last stage: decides where each component goes.
//!
//! Components are stacked in columns, the longest first, and those of equal length in the order of their first
//! tasks. So a thousand separate pipelines become a block instead of a line, and a million tasks without edges
//! become a square:
//!
//! ```text
//! a    d    g        a - b   g - h
//! b    e                  \
//! c    f             c - d   i - j
//! ```
//!
//! A component that is many times longer than high is folded into bands. Like lines of text, except that every
//! second band runs backwards, so that neighbours stay neighbours at the turns:
//!
//! ```text
//! a - b - c
//!         |
//! f - e - d
//! ```

use super::layers::Layers;
use crate::sort;

/// Where to draw each task; one entry per task in both columns.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Layout {
    /// Position along the direction of the edges, from 0: the depth plus the offset that packing gave the
    /// component.
    pub x: Vec<f32>,
    /// Position across it, from 0. Two tasks with the same `x` are at least 1 apart.
    pub y: Vec<f32>,
    /// The largest `x`.
    pub width: f32,
    /// The largest `y`.
    pub height: f32,
}

/// Components with fewer layers than this are never folded.
const FOLD_LAYERS: usize = 256;

/// A component that is this many times longer than high is folded.
const FOLD_RATIO: f32 = 32.0;

/// A column of components with edges may grow to at least this height before a new column starts.
const COLUMN_HEIGHT: f32 = 12.0;

/// The space that a component takes, along and across: from its first task to past its last one.
struct Extent {
    length: f32,
    height: f32,
    /// Layers per band, if the component is folded.
    band: Option<usize>,
}

/// Places every component and returns the coordinates by task. `across` is by slot.
pub(super) fn pack(layers: &Layers, across: &[f32]) -> Layout {
    let mut components: Vec<usize> = (0..layers.components()).collect();
    sort::by_key(&mut components, &|component| !(layers.component(component).len() as u64));
    let extents: Vec<Extent> = components.iter().map(|&c| extent(layers, c, across)).collect();
    let area: f32 = extents.iter().map(|extent| extent.length * extent.height).sum();
    let has_edges = layers.dependencies.entries() > 0;
    let column_height = area.sqrt().ceil().max(if has_edges { COLUMN_HEIGHT } else { 1.0 });

    let mut layout = Layout { x: vec![0.0; across.len()], y: vec![0.0; across.len()], ..Layout::default() };
    let (mut left, mut top, mut column) = (0.0, 0.0, 0.0f32);
    for (component, extent) in components.into_iter().zip(&extents) {
        if top > 0.0 && top + extent.height > column_height {
            left += column;
            (top, column) = (0.0, 0.0);
        }
        place(layers, component, extent, across, (left, top), &mut layout);
        top += extent.height;
        column = column.max(extent.length);
    }
    layout.width = layout.x.iter().copied().fold(0.0, f32::max);
    layout.height = layout.y.iter().copied().fold(0.0, f32::max);
    layout
}

/// The space that a component needs, with one unit of space after it if it has edges.
fn extent(layers: &Layers, component: usize, across: &[f32]) -> Extent {
    let component = layers.component(component);
    let slots = layers.slots(component.start).start..layers.slots(component.end - 1).end;
    let height = 1.0 + across[slots].iter().copied().fold(0.0, f32::max);
    let length = component.len();
    if length < FOLD_LAYERS || (length as f32) < FOLD_RATIO * height {
        let gap = if length > 1 { 1.0 } else { 0.0 };
        return Extent { length: length as f32 + gap, height, band: None };
    }
    // Enough bands to make it about twice as wide as high.
    let bands = (length as f32 / (2.0 * (height + 1.0))).sqrt().ceil().max(1.0);
    let band = length.div_ceil(bands as usize);
    let bands = length.div_ceil(band) as f32;
    Extent { length: band as f32 + 1.0, height: bands * (height + 1.0), band: Some(band) }
}

fn place(
    layers: &Layers,
    component: usize,
    extent: &Extent,
    across: &[f32],
    (left, top): (f32, f32),
    layout: &mut Layout,
) {
    let pitch = extent
        .band
        .map_or(0.0, |band| extent.height / layers.component(component).len().div_ceil(band) as f32);
    for (depth, layer) in layers.component(component).enumerate() {
        let (row, along) = match extent.band {
            None => (0, depth),
            Some(band) if (depth / band) % 2 == 1 => (depth / band, band - 1 - depth % band),
            Some(band) => (depth / band, depth % band),
        };
        for slot in layers.slots(layer) {
            let task = layers.tasks[slot] as usize;
            layout.x[task] = left + along as f32;
            layout.y[task] = top + row as f32 * pitch + across[slot];
        }
    }
}
