//! Rounding and limits of a node on integers.

use ::kernel::{Decimal, Rounding};

use super::Computed;
use super::integers::power;
use crate::bitmap::Bitmap;
use crate::column::scaled;
use crate::evaluate::integer::Divisor;
use crate::plan::{NodeStep, Plan};
use crate::scheme::{NodeRounding, SchemeNode};

/// Rounding, cap and floor of a node. All of them are monotone, so they may be applied to the ends
/// of a clamp as well as to what is clamped.
pub(super) struct Settle {
    rounding: NodeRounding,
    floor: Option<Decimal>,
    cap: Option<Decimal>,
    limits_first: bool,
    /// Places of the node's integers.
    scale: u8,
}

impl Settle {
    pub(super) fn new(plan: &Plan, definition: &SchemeNode, step: &NodeStep) -> Option<Settle> {
        Some(Settle {
            rounding: definition.round,
            floor: definition.floor,
            cap: definition.cap,
            limits_first: plan.scheme.order.limits_first(),
            scale: step.scale?,
        })
    }

    pub(super) fn limit(&self, mark: Decimal) -> Decimal {
        let mark = self.floor.map_or(mark, |floor| mark.max(floor));
        self.cap.map_or(mark, |cap| mark.min(cap))
    }

    /// One number, settled.
    pub(super) fn decimal(&self, mark: Decimal) -> Option<i64> {
        let mark = if self.limits_first {
            self.rounding.apply(self.limit(mark))
        } else {
            self.limit(self.rounding.apply(mark))
        };
        scaled(mark, self.scale)
    }

    /// The ends of what is settled.
    pub(super) fn ends(&self) -> Option<(i64, i64)> {
        let end = |limit: Option<Decimal>, without: i64| match limit {
            Some(limit) if self.limits_first => scaled(self.rounding.apply(limit), self.scale),
            Some(limit) => scaled(limit, self.scale),
            None => Some(without),
        };
        Some((end(self.floor, i64::MIN)?, end(self.cap, i64::MAX)?))
    }

    /// Numbers of `scale` places, settled.
    pub(super) fn whole(&self, numbers: Vec<i64>, scale: u8) -> Option<Vec<i64>> {
        let largest = numbers.iter().map(|number| i128::from(*number).abs()).max();
        self.quotient(numbers, largest.unwrap_or(0), scale, 1)
    }

    /// `numbers / (10^scale × divisor)`, settled; no magnitude of `numbers` is above `largest`.
    pub(super) fn quotient(
        &self,
        mut numbers: Vec<i64>,
        largest: i128,
        scale: u8,
        divisor: i128,
    ) -> Option<Vec<i64>> {
        let (places, mode) = match self.rounding {
            NodeRounding::Places { places, mode } => (places, mode),
            // A quotient that may not end has no integers.
            NodeRounding::Exact if divisor == 1 && scale <= self.scale => {
                (scale, Rounding::HalfEven)
            }
            NodeRounding::Exact => return None,
        };
        let (up, down) = if places >= scale {
            (power(places - scale)?, 1)
        } else {
            (1, i128::from(power(scale - places)?))
        };
        (largest.checked_mul(i128::from(up))? < 1 << 62).then_some(())?;
        let divisor = divisor.checked_mul(down)?;
        // Brought from the rounding's places to the column's.
        let widen = power(self.scale - places)?;
        let quotient = largest * i128::from(up) / divisor + 1;
        (quotient.checked_mul(i128::from(widen))? < 1 << 62).then_some(())?;
        let (least, most) = self.ends()?;
        if divisor == 1 {
            let factor = up * widen;
            for number in &mut numbers {
                *number = (*number * factor).clamp(least, most);
            }
            return Some(numbers);
        }
        let divisor = Divisor::new(divisor)?;
        // The usual rounding gets a loop of its own, without a choice inside.
        if mode == Rounding::HalfUp {
            for number in &mut numbers {
                let rounded = divisor.round(*number * up, Rounding::HalfUp);
                *number = (rounded * widen).clamp(least, most);
            }
        } else {
            for number in &mut numbers {
                let rounded = divisor.round(*number * up, mode);
                *number = (rounded * widen).clamp(least, most);
            }
        }
        Some(numbers)
    }

    pub(super) fn done(&self, numbers: Vec<i64>, done: Bitmap) -> Computed {
        Computed {
            numbers,
            scale: self.scale,
            done,
        }
    }
}
