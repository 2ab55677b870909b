//! Ranges of values with their closed and open sides.

use kernel::Decimal;
use serde::Serialize;

/// One end of a range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edge {
    /// Without end.
    None,
    /// The number belongs to the range: 以上, 以下, 不超过.
    Included(Decimal),
    /// The number does not belong to it: 超过, 不足, 低于.
    Excluded(Decimal),
}

impl Edge {
    /// The number, if there is one.
    pub fn number(self) -> Option<Decimal> {
        match self {
            Edge::None => None,
            Edge::Included(number) | Edge::Excluded(number) => Some(number),
        }
    }
}

/// From one edge to another, written `[10, 20)`, `(20, none)`: a square bracket includes the
/// number, a round one does not, so no edge is left to a default.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    /// Lower end.
    pub from: Edge,
    /// Upper end.
    pub to: Edge,
}

/// Why a text is not a range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotARange {
    /// Not of the form `[a, b)`.
    Form,
    /// An end that is neither a plain decimal nor `none`.
    Number,
    /// `none` with a square bracket.
    NoneIncluded,
    /// Nothing lies in it.
    Empty,
}

impl Range {
    /// Whether the value lies in it.
    pub fn contains(&self, value: Decimal) -> bool {
        let above = match self.from {
            Edge::None => true,
            Edge::Included(edge) => value >= edge,
            Edge::Excluded(edge) => value > edge,
        };
        let below = match self.to {
            Edge::None => true,
            Edge::Included(edge) => value <= edge,
            Edge::Excluded(edge) => value < edge,
        };
        above && below
    }

    /// Whether it holds no number at all.
    fn is_empty(&self) -> bool {
        match (self.from, self.to) {
            (Edge::None, _) | (_, Edge::None) => false,
            (Edge::Included(from), Edge::Included(to)) => from > to,
            (from, to) => from.number() >= to.number(),
        }
    }
}

impl std::str::FromStr for Range {
    type Err = NotARange;

    fn from_str(text: &str) -> Result<Range, NotARange> {
        let text = text.trim();
        let open = text.chars().next().ok_or(NotARange::Form)?;
        let close = text.chars().last().ok_or(NotARange::Form)?;
        if !matches!(open, '[' | '(') || !matches!(close, ']' | ')') || text.len() < 2 {
            return Err(NotARange::Form);
        }
        let inner = &text[1..text.len() - 1];
        let (from, to) = inner.split_once(',').ok_or(NotARange::Form)?;
        let edge = |text: &str, included: bool| match (text.trim(), included) {
            ("none", true) => Err(NotARange::NoneIncluded),
            ("none", false) => Ok(Edge::None),
            (number, _) => {
                let number = number.parse().map_err(|_| NotARange::Number)?;
                Ok(if included {
                    Edge::Included(number)
                } else {
                    Edge::Excluded(number)
                })
            }
        };
        let range = Range {
            from: edge(from, open == '[')?,
            to: edge(to, close == ']')?,
        };
        if range.is_empty() {
            return Err(NotARange::Empty);
        }
        Ok(range)
    }
}

/// As it is written.
impl std::fmt::Display for Range {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.from {
            Edge::None => write!(f, "(none, ")?,
            Edge::Included(number) => write!(f, "[{number}, ")?,
            Edge::Excluded(number) => write!(f, "({number}, ")?,
        }
        match self.to {
            Edge::None => write!(f, "none)"),
            Edge::Included(number) => write!(f, "{number}]"),
            Edge::Excluded(number) => write!(f, "{number})"),
        }
    }
}

impl Serialize for Range {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::{NotARange, Range};

    #[test]
    fn reads_ranges_and_writes_them_back() {
        for text in [
            "[10, 20)",
            "(none, 0.5]",
            "(-3, none)",
            "[7, 7]",
            "(none, none)",
        ] {
            assert_eq!(text.parse::<Range>().unwrap().to_string(), text);
        }
        for (text, error) in [
            ("", NotARange::Form),
            ("[", NotARange::Form),
            ("10, 20", NotARange::Form),
            ("[10 20)", NotARange::Form),
            ("[10, 2e1)", NotARange::Number),
            ("[none, 20)", NotARange::NoneIncluded),
            ("[20, 10)", NotARange::Empty),
            ("[7, 7)", NotARange::Empty),
            ("【10，20）", NotARange::Form),
        ] {
            assert_eq!(text.parse::<Range>(), Err(error), "{text}");
        }
    }

    #[test]
    fn includes_as_the_brackets_say() {
        for (range, value, inside) in [
            ("[10, 20)", "10", true),
            ("[10, 20)", "20", false),
            ("(10, 20]", "10", false),
            ("(10, 20]", "20", true),
            ("(10, none)", "10.0001", true),
            ("(none, 10)", "-5", true),
        ] {
            let range: Range = range.parse().unwrap();
            assert_eq!(
                range.contains(value.parse().unwrap()),
                inside,
                "{range} {value}"
            );
        }
    }
}
