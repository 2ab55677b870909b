//! Where a formula stands, so that a finding points into the file the user knows.

use kernel::{Finding, FindingPlace};

/// A place in the text of one formula; line and column count from 1, columns count characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// Line of the formula's text.
    pub line: u32,
    /// Character in that line.
    pub column: u32,
}

/// Where the text of a formula begins: its first character has this line and column in `file`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Origin {
    /// File name as the user gave it.
    pub file: String,
    /// Line of the first character, from 1.
    pub line: u32,
    /// Column of the first character, from 1.
    pub column: u32,
}

impl Origin {
    /// A formula that stands in no file, as in a form field: findings count from its own start.
    pub fn inline() -> Origin {
        Origin {
            file: "formula".to_owned(),
            line: 1,
            column: 1,
        }
    }

    /// The place in the file of a position in the formula.
    pub fn place(&self, position: Position) -> FindingPlace {
        let first_line = position.line <= 1;
        FindingPlace::Line {
            file: self.file.clone(),
            line: self.line.saturating_add(position.line).saturating_sub(1),
            column: if first_line {
                self.column
                    .saturating_add(position.column)
                    .saturating_sub(1)
            } else {
                position.column
            },
        }
    }

    /// A blocking finding at a position.
    pub(crate) fn error(&self, code: &'static str, position: Position) -> Finding {
        Finding::error(code).at(self.place(position))
    }
}

#[cfg(test)]
mod tests {
    use super::{Origin, Position};

    #[test]
    fn shifts_columns_only_in_the_first_line() {
        let origin = Origin {
            file: "scheme.toml".into(),
            line: 12,
            column: 11,
        };
        for (line, column, expected) in [(1, 3, "scheme.toml:12:13"), (2, 3, "scheme.toml:13:3")] {
            assert_eq!(
                origin.place(Position { line, column }).to_string(),
                expected
            );
        }
    }
}
