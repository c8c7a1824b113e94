//! Checks the values given for a program's parameters.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{Parameter, ParameterKind};
use crate::error::{Error, Result};

/// The given values. They come from controls, URLs or attributes, so a number may come as text.
pub type Given = BTreeMap<String, GivenValue>;

/// One given value.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(untagged)]
pub enum GivenValue {
    /// A number.
    Number(f64),
    /// A text.
    Text(String),
}

impl std::fmt::Display for GivenValue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            GivenValue::Number(number) => number.fmt(f),
            GivenValue::Text(text) => write!(f, "'{text}'"),
        }
    }
}

/// A value for each of a program's parameters; all are allowed ones.
#[derive(Debug)]
pub struct Parameters {
    values: BTreeMap<&'static str, Checked>,
    /// The seed for random numbers.
    pub seed: u64,
}

#[derive(Clone, Copy, Debug)]
enum Checked {
    Integer(u32),
    Choice(&'static str),
}

impl Parameters {
    pub(super) fn check(
        program: &str,
        parameters: &[Parameter],
        given: &Given,
        seed: u64,
    ) -> Result<Parameters> {
        let known = |name: &str| parameters.iter().any(|parameter| parameter.name == name);
        if let Some(name) = given.keys().find(|name| !known(name)) {
            let names: Vec<_> = parameters.iter().map(|parameter| parameter.name).collect();
            let names = names.join(", ");
            return Err(Error::invalid(format!("unknown parameter '{name}': {program} takes {names}")));
        }
        let value = |parameter: &Parameter| Ok((parameter.name, parameter.check(given.get(parameter.name))?));
        Ok(Parameters { values: parameters.iter().map(value).collect::<Result<_>>()?, seed })
    }

    /// The value of an integer parameter.
    ///
    /// # Panics
    /// If the program has no such parameter.
    pub fn integer(&self, name: &str) -> usize {
        match self.values.get(name) {
            Some(Checked::Integer(value)) => *value as usize,
            _ => panic!("the program has no number called {name}"),
        }
    }

    /// The value of a parameter that is one of a few words.
    pub fn choice(&self, name: &str) -> &'static str {
        match self.values.get(name) {
            Some(Checked::Choice(value)) => value,
            _ => panic!("the program has no choice called {name}"),
        }
    }
}

impl Parameter {
    fn check(&self, given: Option<&GivenValue>) -> Result<Checked> {
        match self.kind {
            ParameterKind::Integer { min, max, default, .. } => {
                let value = match given {
                    None => f64::from(default),
                    Some(GivenValue::Number(number)) => *number,
                    Some(GivenValue::Text(text)) => text.trim().parse().unwrap_or(f64::NAN),
                };
                if value.fract() == 0.0 && (f64::from(min)..=f64::from(max)).contains(&value) {
                    return Ok(Checked::Integer(value as u32));
                }
                Err(self.refuse(given, &format!("a whole number from {min} to {max}")))
            }
            ParameterKind::Choice { choices, default } => {
                let found = match given {
                    None => Some(default),
                    Some(GivenValue::Text(text)) => choices.iter().copied().find(|choice| choice == text),
                    Some(GivenValue::Number(_)) => None,
                };
                found
                    .map(Checked::Choice)
                    .ok_or_else(|| self.refuse(given, &format!("one of {}", choices.join(", "))))
            }
        }
    }

    fn refuse(&self, given: Option<&GivenValue>, allowed: &str) -> Error {
        let given = given.map_or("missing".to_owned(), GivenValue::to_string);
        Error::invalid(format!("{} = {given}: must be {allowed}", self.name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::programs::{PROGRAMS, program};

    fn error(name: &str, given: &[(&str, GivenValue)]) -> String {
        let given = given.iter().map(|(name, value)| (name.to_string(), value.clone())).collect();
        match program(name).and_then(|program| program.job(&given, 0)) {
            Ok(_) => panic!("{given:?} was accepted"),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn errors_name_what_was_given_and_what_is_allowed() {
        use GivenValue::{Number, Text};
        let unknown = error("array-men", &[]);
        assert!(unknown.starts_with("unknown program 'array-men': use one of array-mean, "), "{unknown}");
        assert_eq!(
            error("array-mean", &[("m", Number(1.0))]),
            "unknown parameter 'm': array-mean takes n, chunk"
        );
        for (given, shown) in [
            (Number(0.0), "0"),
            (Number(1.5), "1.5"),
            (Number(f64::NAN), "NaN"),
            (Text("many".into()), "'many'"),
        ] {
            let expected = format!("n = {shown}: must be a whole number from 1 to 8000");
            assert_eq!(error("array-mean", &[("n", given)]), expected);
        }
        let error = error("no-op", &[("shape", Text("ring".into()))]);
        assert!(error.starts_with("shape = 'ring': must be one of independent, chain, tree, "), "{error}");
    }

    #[test]
    fn defaults_are_allowed_and_numbers_may_come_as_text() {
        for program in PROGRAMS {
            assert!(program.build(&Given::new(), 0).is_ok(), "{}", program.name);
        }
        let given = Given::from([("tasks".to_owned(), GivenValue::Text("31".to_owned()))]);
        assert_eq!(program("no-op").unwrap().job(&given, 0).unwrap().graph.len(), 31);
    }

    #[test]
    fn too_many_tasks_are_refused_before_they_are_made() {
        let error =
            error("array-mean", &[("n", GivenValue::Number(8000.0)), ("chunk", GivenValue::Number(1.0))]);
        assert!(
            error.ends_with("more than the 1048576 that an array may have: choose larger chunks"),
            "{error}"
        );
    }
}
