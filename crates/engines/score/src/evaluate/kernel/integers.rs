//! Columns of integers, and where ranges begin among them.

use ::kernel::Decimal;

use crate::column::{Column, Values};
use crate::evaluate::integer::{Steps, first_where};
use crate::scheme::Range;

/// Integers of a column.
#[derive(Clone, Copy)]
pub(super) struct Integers<'a> {
    pub(super) scale: u8,
    pub(super) numbers: &'a [i64],
    pub(super) least: i64,
    pub(super) most: i64,
}

impl<'a> Integers<'a> {
    pub(super) fn of(column: &'a Column) -> Option<Integers<'a>> {
        match column.values() {
            Values::Exact(_) => None,
            Values::Scaled {
                scale,
                numbers,
                least,
                most,
            } => Some(Integers {
                scale: *scale,
                numbers,
                least: *least,
                most: *most,
            }),
        }
    }

    pub(super) fn decimal(self, number: i64) -> Decimal {
        Decimal::new(number.into(), self.scale)
    }
}

/// The integers of a column that lie in a range.
pub(super) fn within(range: Range, value: Integers<'_>) -> Option<(i64, i64)> {
    let upper_open = Range {
        to: crate::scheme::Edge::None,
        ..range
    };
    let (least, most) = (value.least, value.most);
    let from = first_where(least, most, |number| {
        upper_open.contains(value.decimal(number))
    })?;
    let beyond = first_where(from, most, |number| !range.contains(value.decimal(number)));
    Some((from, beyond.map_or(most, |beyond| beyond - 1)))
}

/// Boundaries between ranges that share out the line, and the ranges in ascending order.
/// `looked_up` grows with its argument and gives the number that falls into a range.
pub(super) fn steps_of(
    ranges: &[Range],
    value: Integers<'_>,
    looked_up: impl Fn(i64) -> Option<Decimal>,
) -> Option<(Steps, Vec<usize>)> {
    let (least, most) = (value.least, value.most);
    // Everything must be within the ranges and the conversion must not fail.
    let place = |number: i64| {
        let number = looked_up(number)?;
        ranges.iter().position(|range| range.contains(number))
    };
    let order = crate::check::ascending(ranges);
    let (first, last) = (place(least)?, place(most)?);
    let position = |range: usize| order.iter().position(|&known| known == range);
    let (first, last) = (position(first)?, position(last)?);
    let mut boundaries = Vec::with_capacity(last - first);
    for &range in &order[first + 1..=last] {
        let upper_open = Range {
            to: crate::scheme::Edge::None,
            ..ranges[range]
        };
        let reached = |number| looked_up(number).is_some_and(|number| upper_open.contains(number));
        boundaries.push(first_where(least, most, reached)?);
    }
    let steps = Steps {
        boundaries,
        outcomes: Vec::new(),
    };
    Some((steps, order[first..=last].to_vec()))
}

pub(super) fn power(exponent: u8) -> Option<i64> {
    10_i64.checked_pow(exponent.into())
}

/// Whether all products with the factor have 62 bits.
pub(super) fn fits(value: Integers<'_>, factor: i64) -> Option<()> {
    let largest = i128::from(value.most).max(-i128::from(value.least)) * i128::from(factor.abs());
    (largest < 1 << 62).then_some(())
}
