//! Resident points: positive only, by type.
//!
//! Architecture, invariant 9: a resident never loses points for conduct. There is therefore no
//! negative amount and no subtraction here. A wrong posting is undone by a [`Reversal`], which
//! exists only for a posting and only in its full amount; spending in the points shop is the
//! ledger's business.

use std::num::NonZeroU32;

use serde::{Deserialize, Serialize};

/// A positive number of points, 1 to 4,294,967,295.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Points(NonZeroU32);

impl Points {
    /// The amount; `None` for 0, for negative amounts and beyond 32 bits.
    pub fn new(amount: i64) -> Option<Points> {
        let amount = u32::try_from(amount).ok()?;
        NonZeroU32::new(amount).map(Points)
    }

    /// The amount, at least 1.
    pub const fn amount(self) -> i64 {
        self.0.get() as i64
    }

    /// The sum; `None` beyond 32 bits.
    pub fn checked_add(self, other: Points) -> Option<Points> {
        self.0.checked_add(other.0.get()).map(Points)
    }

    /// The reversal of a posting of this amount that was wrong.
    pub const fn reversed(self) -> Reversal {
        Reversal(self)
    }
}

impl std::fmt::Display for Points {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// Undoes a wrong posting in full. Not a penalty: it can be made of nothing but that posting's
/// amount, and the entry that holds it names the posting and the reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Reversal(Points);

impl Reversal {
    /// The amount taken back, at least 1.
    pub const fn amount(self) -> Points {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::Points;

    #[test]
    fn holds_positive_amounts_only() {
        for amount in [0, -1, i64::MIN, 1 << 32] {
            assert_eq!(Points::new(amount), None, "{amount}");
        }
        for amount in [1, 60, (1 << 32) - 1] {
            assert_eq!(Points::new(amount).unwrap().amount(), amount);
        }
        for json in ["0", "-5", "4294967296", "1.5", "\"5\""] {
            assert!(serde_json::from_str::<Points>(json).is_err(), "{json}");
        }
        assert_eq!(
            serde_json::from_str::<Points>("5").unwrap(),
            Points::new(5).unwrap()
        );
        assert_eq!(Points::new(5).unwrap().to_string(), "5");
    }

    #[test]
    fn adds_within_its_range_and_reverses_in_full() {
        let (five, most) = (Points::new(5).unwrap(), Points::new((1 << 32) - 1).unwrap());
        assert_eq!(five.checked_add(five), Points::new(10));
        assert_eq!(most.checked_add(five), None);
        assert_eq!(five.reversed().amount(), five);
    }
}
