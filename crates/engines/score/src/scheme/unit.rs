//! Units of values, as far as a table may state its edges in another unit than the item's.

use kernel::Decimal;
use serde::Serialize;

/// A unit: one of the known words, or any other word, which then converts only to itself.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct Unit(pub String);

/// Known units: word, dimension, size in the dimension's base unit as (coefficient, scale).
const KNOWN: &[(&str, &str, (i128, u8))] = &[
    ("fen", "money", (1, 2)),
    ("yuan", "money", (1, 0)),
    ("wan_yuan", "money", (10_000, 0)),
    ("permille", "share", (1, 3)),
    ("percent", "share", (1, 2)),
    ("ratio", "share", (1, 0)),
    ("mu", "area", (1, 0)),
    ("hectare", "area", (15, 0)),
    ("hour", "time", (1, 0)),
    ("day", "time", (24, 0)),
];

impl Unit {
    /// By what a number in this unit is multiplied to be in `other`; `None` where the units have
    /// nothing in common.
    pub fn factor_to(&self, other: &Unit) -> Option<Decimal> {
        if self == other {
            return Some(Decimal::ONE);
        }
        let known = |unit: &Unit| KNOWN.iter().find(|(word, ..)| *word == unit.0);
        let ((_, dimension, from), (_, other_dimension, to)) = (known(self)?, known(other)?);
        if dimension != other_dimension {
            return None;
        }
        let (from, to) = (Decimal::new(from.0, from.1), Decimal::new(to.0, to.1));
        from.div(to).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::Unit;

    #[test]
    fn converts_within_a_dimension() {
        for (from, to, factor) in [
            ("wan_yuan", "yuan", Some("10000")),
            ("yuan", "wan_yuan", Some("0.0001")),
            ("percent", "ratio", Some("0.01")),
            ("hectare", "mu", Some("15")),
            ("户", "户", Some("1")),
            ("户", "人", None),
            ("yuan", "mu", None),
        ] {
            let found = Unit(from.into()).factor_to(&Unit(to.into()));
            assert_eq!(
                found,
                factor.map(|text| text.parse().unwrap()),
                "{from} → {to}"
            );
        }
    }
}
