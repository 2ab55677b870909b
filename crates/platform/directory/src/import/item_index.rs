//! Items by their codes, with what is declared of them: which figures are believed.

use std::collections::BTreeMap;

use kernel::{Decimal, Finding, Unit};

/// What is declared of an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownItem {
    /// Its names, in any language: somebody may have written one instead of the code.
    pub names: Vec<String>,
    /// The unit of its values.
    pub unit: Unit,
    /// Places after the point that a value may have; `None` for any number of places.
    pub scale: Option<u8>,
    /// Least value that is believed.
    pub minimum: Option<Decimal>,
    /// Largest value that is believed.
    pub maximum: Option<Decimal>,
}

/// The items that are known, by their codes.
#[derive(Clone, Debug, Default)]
pub struct ItemIndex(BTreeMap<String, KnownItem>);

impl ItemIndex {
    /// The index of some items.
    pub fn new(items: impl IntoIterator<Item = (String, KnownItem)>) -> ItemIndex {
        ItemIndex(items.into_iter().collect())
    }

    /// The item of a code; `Err` with the finding that names what may be meant.
    pub(super) fn by_code(&self, code: &str) -> Result<&KnownItem, Finding> {
        self.0.get(code).ok_or_else(|| match self.meant(code) {
            Some(near) => Finding::error("import-item-unknown-near").arg("expected", near),
            None => Finding::error("import-item-unknown"),
        })
    }

    /// The code that somebody may have meant who wrote this: of the item so named, else the one
    /// that differs in the fewest letters, a third of them at most.
    pub(super) fn meant(&self, text: &str) -> Option<&str> {
        let named = |item: &KnownItem| item.names.iter().any(|name| name == text);
        if let Some((code, _)) = self.0.iter().find(|(_, item)| named(item)) {
            return Some(code);
        }
        let near = self.0.keys().map(|code| (distance(code, text), code));
        let (steps, code) = near.min()?;
        (steps * 3 <= text.chars().count()).then_some(code)
    }
}

impl KnownItem {
    /// A number that stands beside a unit, in the item's own unit; nothing beside it means the
    /// item's own.
    pub(super) fn in_own_unit(&self, number: Decimal, unit: &str) -> Result<Decimal, Finding> {
        let factor = match unit {
            "" => Some(Decimal::ONE),
            unit => self.unit.factor_from(unit),
        };
        let converted = factor.map(|factor| number.mul(factor));
        converted.and_then(Result::ok).ok_or_else(|| {
            Finding::error("import-other-unit").arg("expected", self.unit.0.as_str())
        })
    }

    /// Whether a value in the item's unit is believed.
    pub(super) fn check(&self, value: Decimal) -> Result<Decimal, Finding> {
        let refused = |code: &'static str, expected: String| {
            let finding = Finding::error(code).arg("expected", expected);
            Err(finding.arg("unit", self.unit.0.as_str()))
        };
        match (self.scale, self.minimum, self.maximum) {
            (Some(scale), _, _) if value.scale() > scale => {
                refused("import-value-places", scale.to_string())
            }
            (_, Some(least), _) if value < least => {
                refused("import-value-below", least.to_string())
            }
            (_, _, Some(most)) if value > most => refused("import-value-above", most.to_string()),
            _ => Ok(value),
        }
    }
}

/// In how many letters two texts differ: changed, left out or added.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut above: Vec<usize> = (0..=other.len()).collect();
    for (row, letter) in one.chars().enumerate() {
        let mut left = row + 1;
        let mut line = vec![left];
        for (column, beside) in other.iter().enumerate() {
            let changed = above[column] + usize::from(letter != *beside);
            left = changed.min(above[column + 1] + 1).min(left + 1);
            line.push(left);
        }
        above = line;
    }
    above[other.len()]
}
