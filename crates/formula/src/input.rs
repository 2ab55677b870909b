//! The names a formula may use, given by the caller.

use std::fmt;

use crate::Type;

/// Which period's figure a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Window {
    /// The period being computed.
    Current,
    /// `previous(x)`: the period before, of the same length.
    Previous,
    /// `same_last_year(x)`: the same period one year earlier.
    SameLastYear,
    /// `year_to_date(x)`: from the year's first day to the end of the period.
    YearToDate,
}

impl Window {
    /// All windows that are written as a function.
    pub const WRITTEN: [Window; 3] = [Window::Previous, Window::SameLastYear, Window::YearToDate];

    /// The function that asks for it; empty for the current period.
    pub fn function(self) -> &'static str {
        match self {
            Window::Current => "",
            Window::Previous => "previous",
            Window::SameLastYear => "same_last_year",
            Window::YearToDate => "year_to_date",
        }
    }

    pub(crate) fn by_function(name: &str) -> Option<Window> {
        Window::WRITTEN
            .into_iter()
            .find(|window| window.function() == name)
    }
}

/// One figure that a formula needs.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Input {
    /// The name with its dots: `village.households`.
    pub name: String,
    /// Of which period.
    pub window: Window,
}

/// As it is written: `income`, `previous(income)`.
impl fmt::Display for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.window {
            Window::Current => f.write_str(&self.name),
            window => write!(f, "{}({})", window.function(), self.name),
        }
    }
}

/// What the caller says about a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Declaration<'a> {
    /// Type of its values.
    pub value_type: Type,
    /// Windows it has beside the current period.
    pub windows: &'a [Window],
}

impl Declaration<'static> {
    /// A number of the current period only.
    pub const NUMBER: Declaration<'static> = Declaration {
        value_type: Type::Number,
        windows: &[],
    };
}

/// The names that exist where a formula stands.
pub trait Names {
    /// What is known about a name; `None` if there is no such name.
    fn declaration(&self, name: &str) -> Option<Declaration<'_>>;

    /// Names worth proposing when one is not found; order and completeness are the caller's.
    fn known(&self) -> Vec<&str>;
}

/// A list of pairs is enough where names have no structure.
impl Names for [(&str, Declaration<'_>)] {
    fn declaration(&self, name: &str) -> Option<Declaration<'_>> {
        self.iter()
            .find(|(known, _)| *known == name)
            .map(|(_, declaration)| *declaration)
    }

    fn known(&self) -> Vec<&str> {
        self.iter().map(|(name, _)| *name).collect()
    }
}

/// The known name closest to a misspelt one, if any is close.
pub(crate) fn similar<'a>(found: &str, known: &[&'a str]) -> Option<&'a str> {
    // Bounded: a scheme may know thousands of names and a formula may misspell hundreds.
    known
        .iter()
        .take(2000)
        .map(|name| (distance(found, name), *name))
        .filter(|(distance, _)| *distance <= 2)
        .min()
        .map(|(_, name)| name)
}

/// Edits between two names, for names of up to 64 characters.
fn distance(left: &str, right: &str) -> usize {
    let left: Vec<char> = left.chars().take(64).collect();
    let right: Vec<char> = right.chars().take(64).collect();
    if left.len().abs_diff(right.len()) > 2 {
        return usize::MAX;
    }
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (above, &a) in left.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = above + 1;
        for (column, &b) in right.iter().enumerate() {
            let substitute = diagonal + usize::from(a != b);
            diagonal = row[column + 1];
            row[column + 1] = substitute.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[right.len()]
}

#[cfg(test)]
mod tests {
    #[test]
    fn proposes_only_close_names() {
        let known = ["income", "households", "farmland"];
        for (found, expected) in [
            ("incme", Some("income")),
            ("houseolds", Some("households")),
            ("x", None),
            ("population", None),
        ] {
            assert_eq!(super::similar(found, &known), expected, "{found}");
        }
    }
}
