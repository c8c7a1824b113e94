//! The description of a program's parameters and result. The page builds its controls from this.

use serde::Serialize;

pub(super) const N: Parameter =
    Parameter::integer("n", "The matrix has n rows and n columns.", (1, 8000), 4000, Scale::Linear);

pub(super) const CHUNK: Parameter = Parameter::integer(
    "chunk",
    "The number of rows and columns of each block.",
    (1, 8000),
    500,
    Scale::Linear,
);

/// A parameter that can be set.
#[derive(Debug, Serialize)]
pub struct Parameter {
    /// The name in a URL or an attribute.
    pub name: &'static str,
    /// The label of its control.
    pub label: &'static str,
    /// What it does, in one sentence.
    pub help: &'static str,
    /// The allowed values.
    #[serde(flatten)]
    pub kind: ParameterKind,
}

impl Parameter {
    /// An integer parameter whose label is its name.
    pub(super) const fn integer(
        name: &'static str,
        help: &'static str,
        (min, max): (u32, u32),
        default: u32,
        scale: Scale,
    ) -> Parameter {
        Parameter { name, label: name, help, kind: ParameterKind::Integer { min, max, default, scale } }
    }
}

/// The allowed values of a parameter.
#[derive(Debug, Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum ParameterKind {
    /// Any integer from `min` to `max`.
    Integer {
        /// The minimum.
        min: u32,
        /// The maximum.
        max: u32,
        /// The default.
        default: u32,
        /// The scale of the slider.
        scale: Scale,
    },
    /// One of a few words.
    Choice {
        /// The words.
        choices: &'static [&'static str],
        /// The default.
        default: &'static str,
    },
}

/// The scale of a slider.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Scale {
    /// Linear.
    Linear,
    /// Each step doubles the value.
    Log2,
}

/// What a program's result is.
#[derive(Debug, Serialize)]
pub struct ResultSchema {
    /// The label.
    pub label: &'static str,
    /// The unit; empty if there is none.
    pub unit: &'static str,
    /// How to draw it, if it is an array that is shown as a picture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub picture: Option<Picture>,
}

/// How to draw an array with two axes: one pixel for each element.
#[derive(Debug, Serialize)]
pub struct Picture {
    /// The colours.
    pub palette: Palette,
    /// The element that gets the last colour. Element 0 gets the first.
    pub high: High,
}

/// The colours of a picture.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Palette {
    /// Dead or alive.
    Cells,
    /// From cold to hot.
    Heat,
    /// How fast a point escapes; points that never escape are black.
    Escape,
}

/// The element that gets the last colour of a palette.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(untagged)]
pub enum High {
    /// This number.
    Number(f64),
    /// The value of the parameter with this name.
    Parameter(&'static str),
}

impl ResultSchema {
    pub(super) const fn named(label: &'static str) -> ResultSchema {
        ResultSchema { label, unit: "", picture: None }
    }

    pub(super) const fn measured(label: &'static str, unit: &'static str) -> ResultSchema {
        ResultSchema { label, unit, picture: None }
    }

    pub(super) const fn drawn(label: &'static str, picture: Picture) -> ResultSchema {
        ResultSchema { label, unit: "", picture: Some(picture) }
    }
}
