//! Numbers over a group that stand in for missing ones.

use std::cmp::Ordering;

use ::kernel::{Decimal, NumberError};

use crate::columns::{Columns, NO_GROUP};
use crate::scheme::{Among, NodeRounding};

/// Minimum or mean per group of what `value` gives; the last entry is for subjects without group,
/// and the only one where all subjects are looked at together.
pub(super) fn per_group(
    columns: &Columns,
    among: Among,
    mean: Option<NodeRounding>,
    value: impl Fn(usize) -> Option<Decimal>,
) -> Result<Vec<Option<Decimal>>, NumberError> {
    let groups = match among {
        Among::All => 1,
        Among::Group => columns.group_names.len() + 1,
    };
    let mut gathered: Vec<Gathered> = vec![Gathered::default(); groups];
    for subject in 0..columns.len() {
        if let Some(value) = value(subject) {
            gathered[slot(columns, among, subject)].add(value)?;
        }
    }
    gathered
        .into_iter()
        .map(|group| group.finish(mean))
        .collect()
}

/// Where a subject looks.
pub(crate) fn slot(columns: &Columns, among: Among, subject: usize) -> usize {
    match (among, columns.groups[subject]) {
        (Among::All, _) => 0,
        (Among::Group, NO_GROUP) => columns.group_names.len(),
        (Among::Group, group) => group as usize,
    }
}

#[derive(Clone, Default)]
struct Gathered {
    least: Option<Decimal>,
    sum: Decimal,
    count: i64,
}

impl Gathered {
    fn add(&mut self, value: Decimal) -> Result<(), NumberError> {
        let lower = self
            .least
            .is_none_or(|least| value.cmp(&least) == Ordering::Less);
        if lower {
            self.least = Some(value);
        }
        self.sum = self.sum.add(value)?;
        self.count += 1;
        Ok(())
    }

    fn finish(self, mean: Option<NodeRounding>) -> Result<Option<Decimal>, NumberError> {
        match mean {
            None => Ok(self.least),
            Some(_) if self.count == 0 => Ok(None),
            Some(rounding) => {
                let mean = self.sum.div(Decimal::from_int(self.count))?;
                Ok(Some(rounding.apply(mean)))
            }
        }
    }
}
