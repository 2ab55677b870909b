//! Money as integer fen.

use serde::{Deserialize, Serialize};

/// An amount of money in fen (1 yuan = 100 fen). Negative amounts are allowed: a refund is one.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub struct Fen(pub i64);

impl Fen {
    /// Sum, or `None` beyond the range of 64 bits (about 92 quadrillion yuan).
    pub fn checked_add(self, other: Fen) -> Option<Fen> {
        self.0.checked_add(other.0).map(Fen)
    }

    /// Difference, or `None` beyond the range of 64 bits.
    pub fn checked_sub(self, other: Fen) -> Option<Fen> {
        self.0.checked_sub(other.0).map(Fen)
    }
}

/// Yuan with two places: `-1234.05`.
impl std::fmt::Display for Fen {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let fen = self.0.unsigned_abs();
        write!(f, "{sign}{}.{:02}", fen / 100, fen % 100)
    }
}

#[cfg(test)]
mod tests {
    use super::Fen;

    #[test]
    fn prints_yuan_with_two_places() {
        for (fen, text) in [
            (0, "0.00"),
            (5, "0.05"),
            (-123_405, "-1234.05"),
            (i64::MIN, "-92233720368547758.08"),
        ] {
            assert_eq!(Fen(fen).to_string(), text);
        }
    }
}
