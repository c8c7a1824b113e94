//! What an operation takes.

use super::call::Call;
use crate::error::{Error, Result, shown};

/// The name of an operation and of all that it takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    /// NumPy's or Dask's name.
    pub name: &'static str,
    /// Whether it is a method of arrays too: its first operand is the array.
    pub is_method: bool,
    /// Arrays or scalars. One that starts with `...` stands for any number of arrays.
    pub operands: Vec<&'static str>,
    /// Keywords that JavaScript may also give by their place, after the operands.
    pub positional: Vec<&'static str>,
    /// All other keywords.
    pub named: Vec<&'static str>,
    /// The keywords that may be arrays.
    pub arrays: Vec<&'static str>,
}

impl Signature {
    /// Reads parameters in short form:
    ///
    /// ```text
    /// self, y | k; axis, [p]
    ///    |      |    |     '-- that may be an array
    ///    |      |    '-------- keywords
    ///    |      '------------- keywords that may be given by their place
    ///    '-------------------- operands; `self` is the array whose method it is
    /// ```
    pub(super) fn parse(name: &'static str, parameters: &'static str) -> Signature {
        let bare = |name: &'static str| name.trim_matches(['[', ']']);
        let names = |list: &'static str| {
            list.split(',').map(str::trim).filter(|name| !name.is_empty()).collect::<Vec<_>>()
        };
        let keywords = |list| names(list).into_iter().map(bare).collect::<Vec<_>>();
        let (placed, named) = parameters.split_once(';').unwrap_or((parameters, ""));
        let (operands, positional) = placed.split_once('|').unwrap_or((placed, ""));
        let mut operands = names(operands);
        let is_method = operands.first() == Some(&"self");
        if is_method {
            operands[0] = "x";
        }
        let arrays = names(positional).into_iter().chain(names(named)).filter(|name| name.starts_with('['));
        let arrays = arrays.map(bare).collect();
        Signature {
            name,
            is_method,
            operands,
            positional: keywords(positional),
            named: keywords(named),
            arrays,
        }
    }

    /// All keywords.
    pub fn keywords(&self) -> impl Iterator<Item = &'static str> {
        self.positional.iter().chain(&self.named).copied()
    }

    /// Checks that the operation takes the given operands and keywords.
    pub(super) fn check(&self, call: &Call<'_>) -> Result<()> {
        if let Some(unknown) = call.given().find(|&name| self.keywords().all(|keyword| keyword != name)) {
            let keywords = self.keywords().collect::<Vec<_>>();
            let there_are = match &keywords[..] {
                [] => "there is none".to_owned(),
                keywords => format!("use one of {}", keywords.join(", ")),
            };
            let unknown = shown(unknown);
            return Err(Error::invalid(format!("unexpected keyword argument '{unknown}': {there_are}")));
        }
        let (takes, given) = (self.operands.len(), call.args.len());
        match self.operands.first().is_some_and(|first| first.starts_with("...")) {
            true if given == 0 => Err(Error::invalid("Need array(s)")),
            false if given != takes => {
                Err(Error::invalid(format!("takes {takes} operands but {given} were given")))
            }
            _ => Ok(()),
        }
    }
}
