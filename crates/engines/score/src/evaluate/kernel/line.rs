//! Interpolations and linear goalposts: straight lines, cut off at the ends.

use ::kernel::Decimal;

use super::integers::{Integers, fits};
use super::settle::Settle;
use crate::column::scaled;

/// A straight line between two points, cut off where `clamp` has a mark (lower, upper).
pub(super) struct Line {
    pub(super) from: (Decimal, Decimal),
    pub(super) to: (Decimal, Decimal),
    pub(super) clamp: [Option<Decimal>; 2],
}

impl Line {
    /// `from.1 + (v − from.0) × (to.1 − from.1) / (to.0 − from.0)`, settled.
    pub(super) fn apply(&self, value: Integers<'_>, settle: &Settle) -> Option<Vec<i64>> {
        let way = self.to.0.sub(self.from.0).ok()?;
        if way.is_zero() {
            return None;
        }
        let span = self.to.1.sub(self.from.1).ok()?;
        // (span × v + from.1 × way − span × from.0) / way
        let constant = self
            .from
            .1
            .mul(way)
            .ok()?
            .sub(span.mul(self.from.0).ok()?)
            .ok()?;
        let (span, constant, way) = if way.is_negative() {
            (span.neg(), constant.neg(), way.neg())
        } else {
            (span, constant, way)
        };
        // Both sides of the fraction as integers: times 10^scale, of which the value brings some.
        let scale = (span.scale() + value.scale)
            .max(constant.scale())
            .max(way.scale());
        let slope = scaled(span, scale - value.scale)?;
        let constant = scaled(constant, scale)?;
        let divisor = way.rescale_exact(scale)?;
        fits(value, slope)?;
        let reach = i128::from(value.most).max(-i128::from(value.least));
        let largest = reach * i128::from(slope.abs()) + i128::from(constant).abs();
        (largest < 1 << 62).then_some(())?;
        let sums: Vec<i64> = value
            .numbers
            .iter()
            .map(|number| number * slope + constant)
            .collect();
        let mut numbers = settle.quotient(sums, largest, 0, divisor)?;
        let limit = |mark: Option<Decimal>| match mark {
            Some(mark) => settle.decimal(mark).map(Some),
            None => Some(None),
        };
        let (least, most) = (limit(self.clamp[0])?, limit(self.clamp[1])?);
        let (least, most) = (least.unwrap_or(i64::MIN), most.unwrap_or(i64::MAX));
        for number in &mut numbers {
            *number = (*number).clamp(least, most);
        }
        Some(numbers)
    }
}
