//! Named roundings: what happens to the digits that are dropped.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

/// How a number loses digits. Every rounding in the product names one of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rounding {
    /// To the nearest, ties away from zero: 四舍五入, what offices mean by "round".
    HalfUp,
    /// To the nearest, ties to the even neighbour.
    HalfEven,
    /// To the nearest, ties towards zero: 五舍六入.
    HalfDown,
    /// Away from zero.
    Up,
    /// Towards zero: cut off.
    Down,
    /// Towards positive infinity.
    Ceiling,
    /// Towards negative infinity.
    Floor,
}

impl Rounding {
    /// All of them, in the order of their declaration.
    pub const ALL: [Rounding; 7] = [
        Rounding::HalfUp,
        Rounding::HalfEven,
        Rounding::HalfDown,
        Rounding::Up,
        Rounding::Down,
        Rounding::Ceiling,
        Rounding::Floor,
    ];

    /// Whether the magnitude grows by one unit in the last kept place.
    ///
    /// `kept_is_odd`: parity of the kept magnitude; `dropped`: the dropped part against half a
    /// unit. Must not be asked when nothing was dropped.
    pub(crate) const fn grows(self, negative: bool, kept_is_odd: bool, dropped: Ordering) -> bool {
        match self {
            Rounding::HalfUp => !matches!(dropped, Ordering::Less),
            Rounding::HalfDown => matches!(dropped, Ordering::Greater),
            Rounding::HalfEven => match dropped {
                Ordering::Less => false,
                Ordering::Equal => kept_is_odd,
                Ordering::Greater => true,
            },
            Rounding::Up => true,
            Rounding::Down => false,
            Rounding::Ceiling => !negative,
            Rounding::Floor => negative,
        }
    }
}
