//! Values of cells: what was said of one item of one subject, by whom, and which word counts.

use directory::closed_list;
use kernel::{Decimal, Instant, PersonId};

closed_list! {
    /// Who said it.
    ValueKind {
        /// The record held it (a measure of another feature).
        Brought = "brought",
        /// The village declared it.
        Declared = "declared",
        /// The town verified it, as declared or adjusted.
        Verified = "verified",
        /// The county reviewed it, as verified or adjusted.
        Reviewed = "reviewed",
        /// A correction after an appeal or a dispute.
        Corrected = "corrected",
    }
}

/// A value, or the reason why there is none. Missing is never 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Given {
    /// The value.
    Value(Decimal),
    /// Why there is none, in the words of whoever says so, or the code of a provider's reason.
    Missing(String),
}

impl Given {
    /// The value, where there is one.
    pub fn value(&self) -> Option<Decimal> {
        match self {
            Given::Value(value) => Some(*value),
            Given::Missing(_) => None,
        }
    }

    /// Why there is none.
    pub fn missing(&self) -> Option<&str> {
        match self {
            Given::Value(_) => None,
            Given::Missing(reason) => Some(reason),
        }
    }

    /// As the database keeps it: value, reason.
    pub(crate) fn columns(&self) -> (Option<String>, Option<&str>) {
        (self.value().map(|value| value.to_string()), self.missing())
    }

    /// From the two columns.
    pub(crate) fn from_columns(value: Option<Decimal>, missing: Option<&str>) -> Given {
        value.map_or_else(
            || Given::Missing(missing.unwrap_or_default().to_owned()),
            Given::Value,
        )
    }
}

/// One row of a cell's history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValueEvent {
    /// Position within the cell, from 1.
    pub seq: i64,
    /// Who said it.
    pub kind: ValueKind,
    /// What.
    pub given: Given,
    /// Why it differs from the value before, where it does.
    pub reason: Option<String>,
    /// The person; a rule of the product has none.
    pub person: Option<PersonId>,
    /// When.
    pub at: Instant,
    /// Where a brought value comes from, in its owner's words.
    pub source: Option<String>,
    /// When its owner recorded it.
    pub recorded_at: Option<Instant>,
    /// The record behind a brought value.
    pub reference: Option<app::Ref>,
    /// Digest of that record as it was when it was brought.
    pub digest: Option<[u8; 32]>,
}

/// The values of a cell that hold now, side by side.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    /// How many events there were.
    pub revision: i64,
    /// What the record held when it was last brought.
    pub brought: Option<Given>,
    /// What the village declared last.
    pub declared: Option<Given>,
    /// What the town made of that declaration; gone when the village declares again.
    pub verified: Option<Given>,
    /// What the county made of that verification; gone when the town verifies again.
    pub reviewed: Option<Given>,
    /// The correction, which nothing but another correction replaces.
    pub corrected: Option<Given>,
}

impl Cell {
    /// The cell after one more event.
    pub fn apply(&mut self, seq: i64, kind: ValueKind, given: Given) {
        self.revision = seq;
        match kind {
            ValueKind::Brought => self.brought = Some(given),
            ValueKind::Declared => {
                self.declared = Some(given);
                self.verified = None;
                self.reviewed = None;
            }
            ValueKind::Verified => {
                self.verified = Some(given);
                self.reviewed = None;
            }
            ValueKind::Reviewed => self.reviewed = Some(given),
            ValueKind::Corrected => self.corrected = Some(given),
        }
    }

    /// The cell that a history leaves.
    pub fn of<'e>(events: impl IntoIterator<Item = &'e ValueEvent>) -> Cell {
        let mut cell = Cell::default();
        for event in events {
            cell.apply(event.seq, event.kind, event.given.clone());
        }
        cell
    }

    /// The word that counts: the latest stage that spoke.
    pub fn counts(&self) -> Option<(ValueKind, &Given)> {
        [
            (ValueKind::Corrected, &self.corrected),
            (ValueKind::Reviewed, &self.reviewed),
            (ValueKind::Verified, &self.verified),
            (ValueKind::Declared, &self.declared),
            (ValueKind::Brought, &self.brought),
        ]
        .into_iter()
        .find_map(|(kind, given)| given.as_ref().map(|given| (kind, given)))
    }

    /// The value that counts, where there is one.
    pub fn value(&self) -> Option<Decimal> {
        self.counts().and_then(|(_, given)| given.value())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(words: &str) -> Cell {
        let mut cell = Cell::default();
        for (seq, word) in (1..).zip(words.split_whitespace()) {
            let (kind, value) = word.split_once('=').unwrap();
            let given = value
                .parse()
                .map_or_else(|_| Given::Missing(value.into()), Given::Value);
            cell.apply(seq, kind.parse().unwrap(), given);
        }
        cell
    }

    #[test]
    fn the_latest_stage_counts_and_a_new_declaration_starts_anew() {
        for (history, kind, value) in [
            ("brought=5", ValueKind::Brought, "5"),
            ("brought=5 brought=6", ValueKind::Brought, "6"),
            ("declared=1", ValueKind::Declared, "1"),
            ("declared=1 verified=2", ValueKind::Verified, "2"),
            ("declared=1 verified=2 reviewed=3", ValueKind::Reviewed, "3"),
            ("declared=1 verified=2 declared=4", ValueKind::Declared, "4"),
            (
                "declared=1 verified=2 reviewed=3 verified=5",
                ValueKind::Verified,
                "5",
            ),
            ("verified=7", ValueKind::Verified, "7"),
            (
                "declared=1 reviewed=3 corrected=9 reviewed=4",
                ValueKind::Corrected,
                "9",
            ),
            // A record value that moves never overtakes what people decided.
            ("brought=5 corrected=6 brought=7", ValueKind::Corrected, "6"),
        ] {
            let cell = cell(history);
            let (found, given) = cell.counts().unwrap();
            assert_eq!(
                (found, given.value()),
                (kind, Some(value.parse().unwrap())),
                "{history}"
            );
        }
    }

    #[test]
    fn a_missing_value_counts_as_missing_and_never_as_the_one_before() {
        let cell = cell("declared=1 verified=no-record");
        assert_eq!(cell.counts().unwrap().1.missing(), Some("no-record"));
        assert_eq!(cell.value(), None);
        assert_eq!(Cell::default().counts(), None);
    }
}
