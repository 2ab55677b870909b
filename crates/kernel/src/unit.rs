//! Units of values: which convert into which, and how people write them.

use serde::Serialize;

use crate::Decimal;

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

/// How people write a unit, beside its own word: the first as books write it. A unit that is not
/// here is written as it is.
const WRITTEN: &[(&str, &[&str])] = &[
    ("fen", &["分"]),
    ("yuan", &["元", "人民币元", "圆"]),
    ("wan_yuan", &["万元", "万"]),
    ("permille", &["‰"]),
    ("percent", &["%", "百分比"]),
    ("ratio", &["倍"]),
    ("mu", &["亩"]),
    ("hectare", &["公顷"]),
    ("hour", &["小时", "hours"]),
    ("day", &["天", "日", "days"]),
    ("year", &["年", "years"]),
    ("count", &["个"]),
    ("mark", &["分", "marks"]),
    ("人", &["people"]),
    ("人次", &["attendances"]),
    ("户", &["households"]),
    ("户次", &["household visits"]),
    ("次", &["times"]),
    ("件", &["matters"]),
    ("项", &["items"]),
    ("处", &["places"]),
    ("份", &["copies"]),
    ("条", &["entries"]),
];

impl Unit {
    /// The unit as books write it: `元` for `yuan`.
    pub fn written(&self) -> &str {
        let found = WRITTEN.iter().find(|(word, _)| *word == self.0);
        match found {
            Some((_, [first, ..])) if self.0.is_ascii() => first,
            _ => &self.0,
        }
    }

    /// By what a number is multiplied that stands beside this text, to be in this unit; `None`
    /// where the text is no unit that converts into it. `万元` beside an amount in `yuan`: 10000.
    pub fn factor_from(&self, text: &str) -> Option<Decimal> {
        let text = text.to_lowercase();
        if text == self.0 {
            return Some(Decimal::ONE);
        }
        let own = std::iter::once(text.as_str()).filter(|word| KNOWN.iter().any(|k| k.0 == *word));
        let meant = WRITTEN
            .iter()
            .filter(|(_, words)| words.contains(&text.as_str()))
            .map(|(word, _)| *word);
        meant
            .chain(own)
            .find_map(|word| Unit(word.to_owned()).factor_to(self))
    }

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
    fn reads_what_people_write() {
        for (unit, text, factor) in [
            ("yuan", "元", Some("1")),
            ("yuan", "万元", Some("10000")),
            ("yuan", "wan_yuan", Some("10000")),
            ("yuan", "斤", None),
            ("fen", "分", Some("1")),
            ("mark", "分", Some("1")),
            ("percent", "%", Some("1")),
            ("户", "户", Some("1")),
            ("户", "Households", Some("1")),
            ("户", "人", None),
            ("斤", "斤", Some("1")),
        ] {
            let found = Unit(unit.into()).factor_from(text);
            let factor = factor.map(|text| text.parse().unwrap());
            assert_eq!(found, factor, "{text} beside {unit}");
        }
        assert_eq!(Unit("yuan".into()).written(), "元");
        assert_eq!(Unit("户".into()).written(), "户");
    }

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
