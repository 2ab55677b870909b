//! The one kind of finding: what is wrong or worth knowing, where, and with which figures.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Worth knowing.
    Note,
    /// Probably not what was meant; nothing is stopped.
    Warning,
    /// Blocks: nothing was done.
    Error,
}

/// Where a finding stands.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FindingPlace {
    /// The thing as a whole.
    Whole,
    /// A field of a form or a command, by its path: `items.3.value`.
    Field(Cow<'static, str>),
    /// A cell of a workbook or table; column and row count from 1 (`Sheet1!D17` = 4, 17).
    Cell {
        /// Sheet name; empty for a CSV file.
        sheet: String,
        /// Column, from 1.
        column: u32,
        /// Row, from 1.
        row: u32,
    },
    /// A line of a text file; line and column count from 1, column 0 = the whole line.
    Line {
        /// File name as the user gave it.
        file: String,
        /// Line, from 1.
        line: u32,
        /// Column, from 1; 0 for the whole line.
        column: u32,
    },
    /// A record, by kind and id.
    Record {
        /// The glossary's word for the kind.
        kind: Cow<'static, str>,
        /// Its id or code.
        id: String,
    },
}

/// `D17` for column 4, row 17.
pub fn cell_name(column: u32, row: u32) -> String {
    let mut letters = Vec::new();
    let mut rest = column;
    while rest > 0 {
        rest -= 1;
        letters.push(char::from(
            b'A' + u8::try_from(rest % 26).expect("below 26"),
        ));
        rest /= 26;
    }
    let letters: String = letters.iter().rev().collect();
    format!("{letters}{row}")
}

/// Language-neutral: `Sheet1!D17`, `scheme.toml:12:3`, `items.3.value`, `place 3707...`.
impl std::fmt::Display for FindingPlace {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            FindingPlace::Whole => Ok(()),
            FindingPlace::Field(path) => f.write_str(path),
            FindingPlace::Cell { sheet, column, row } if sheet.is_empty() => {
                f.write_str(&cell_name(*column, *row))
            }
            FindingPlace::Cell { sheet, column, row } => {
                write!(f, "{sheet}!{}", cell_name(*column, *row))
            }
            FindingPlace::Line {
                file,
                line,
                column: 0,
            } => write!(f, "{file}:{line}"),
            FindingPlace::Line { file, line, column } => write!(f, "{file}:{line}:{column}"),
            FindingPlace::Record { kind, id } => write!(f, "{kind} {id}"),
        }
    }
}

/// One figure or word that the finding's text names.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(untagged)]
pub enum FindingArg {
    /// An integer; the text may choose a plural by it.
    Int(i64),
    /// Anything else, already in its final form (a decimal is a text: it must not pass a float).
    Text(String),
}

impl From<i64> for FindingArg {
    fn from(value: i64) -> Self {
        FindingArg::Int(value)
    }
}

impl From<u32> for FindingArg {
    fn from(value: u32) -> Self {
        FindingArg::Int(value.into())
    }
}

impl From<usize> for FindingArg {
    fn from(value: usize) -> Self {
        FindingArg::Int(i64::try_from(value).unwrap_or(i64::MAX))
    }
}

impl From<&str> for FindingArg {
    fn from(value: &str) -> Self {
        FindingArg::Text(value.to_owned())
    }
}

impl From<String> for FindingArg {
    fn from(value: String) -> Self {
        FindingArg::Text(value)
    }
}

/// What engines, packs, imports, forms and the API say when something is wrong.
///
/// `code` is kebab-case and unique in the product; its text in both languages is the Fluent
/// message `finding-{code}` with `args`, and its remedy `finding-{code}.remedy`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Finding {
    /// Kebab-case, unique: `tier-gap`.
    pub code: Cow<'static, str>,
    /// Where.
    pub place: FindingPlace,
    /// Named arguments of the text: `found`, `expected`, …
    pub args: Vec<(Cow<'static, str>, FindingArg)>,
    /// How much it weighs.
    pub severity: Severity,
}

impl Finding {
    /// A blocking finding about the whole; give it a place and arguments with the methods below.
    pub fn error(code: &'static str) -> Finding {
        Finding {
            code: code.into(),
            place: FindingPlace::Whole,
            args: Vec::new(),
            severity: Severity::Error,
        }
    }

    /// As [`Finding::error`], but it does not block.
    pub fn warning(code: &'static str) -> Finding {
        Finding {
            severity: Severity::Warning,
            ..Finding::error(code)
        }
    }

    /// As [`Finding::error`], but only worth knowing.
    pub fn note(code: &'static str) -> Finding {
        Finding {
            severity: Severity::Note,
            ..Finding::error(code)
        }
    }

    /// The same finding at a place.
    #[must_use]
    pub fn at(mut self, place: FindingPlace) -> Finding {
        self.place = place;
        self
    }

    /// The same finding at a field.
    #[must_use]
    pub fn field(self, path: impl Into<Cow<'static, str>>) -> Finding {
        self.at(FindingPlace::Field(path.into()))
    }

    /// The same finding with one more argument.
    #[must_use]
    pub fn arg(mut self, name: &'static str, value: impl Into<FindingArg>) -> Finding {
        self.args.push((name.into(), value.into()));
        self
    }

    /// Whether it blocks.
    pub fn blocks(&self) -> bool {
        self.severity == Severity::Error
    }
}

/// For logs only; people see the Fluent text.
impl std::fmt::Display for Finding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let place = self.place.to_string();
        if !place.is_empty() {
            write!(f, "{place}: ")?;
        }
        f.write_str(&self.code)?;
        for (name, value) in &self.args {
            match value {
                FindingArg::Int(value) => write!(f, " {name}={value}")?,
                FindingArg::Text(value) => write!(f, " {name}={value:?}")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{Finding, FindingPlace};

    #[test]
    fn names_cells_as_a_spreadsheet_does() {
        for (column, row, text) in [
            (1, 1, "A1"),
            (26, 9, "Z9"),
            (27, 1, "AA1"),
            (703, 2, "AAA2"),
        ] {
            assert_eq!(super::cell_name(column, row), text);
        }
        let finding = Finding::error("not-a-number")
            .at(FindingPlace::Cell {
                sheet: "Sheet1".into(),
                column: 4,
                row: 17,
            })
            .arg("found", "约74");
        assert_eq!(
            finding.to_string(),
            "Sheet1!D17: not-a-number found=\"约74\""
        );
    }
}
