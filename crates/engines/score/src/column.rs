//! Columns of numbers: scaled integers where the places are declared, decimals elsewhere.

use kernel::Decimal;

use crate::bitmap::Bitmap;

/// The numbers of a column; where a subject has none, the number is 0 and means nothing.
#[derive(Clone, Debug)]
pub enum Values {
    /// Each number is `numbers[i] / 10^scale`.
    Scaled {
        /// Places after the point.
        scale: u8,
        /// The scaled integers.
        numbers: Vec<i64>,
        /// No number is below this one; 0 counts as one of them.
        least: i64,
        /// No number is above this one; 0 counts as one of them.
        most: i64,
    },
    /// Numbers of any places.
    Exact(Vec<Decimal>),
}

/// A number or none for each subject.
#[derive(Clone, Debug)]
pub struct Column {
    values: Values,
    present: Bitmap,
}

impl Column {
    /// An empty column; `scale` is the number of places it should keep as integers.
    pub(crate) fn new(scale: Option<u8>, capacity: usize) -> Column {
        let values = match scale {
            Some(scale) => Values::Scaled {
                scale,
                numbers: Vec::with_capacity(capacity),
                least: 0,
                most: 0,
            },
            None => Values::Exact(Vec::with_capacity(capacity)),
        };
        Column {
            values,
            present: Bitmap::new(0, false),
        }
    }

    /// A column in which nobody has a number yet.
    pub(crate) fn empty(scale: Option<u8>, count: usize) -> Column {
        let present = Bitmap::new(count, false);
        match scale {
            Some(scale) => Column::scaled(scale, vec![0; count], present),
            None => Column {
                values: Values::Exact(vec![Decimal::ZERO; count]),
                present,
            },
        }
    }

    /// A column of scaled integers; `present` says who has one.
    ///
    /// # Panics
    /// If the two have different lengths.
    pub fn scaled(scale: u8, numbers: Vec<i64>, present: Bitmap) -> Column {
        assert_eq!(numbers.len(), present.len(), "one bit per number");
        let bounds =
            |(least, most): (i64, i64), &number: &i64| (least.min(number), most.max(number));
        let (least, most) = numbers.iter().fold((0, 0), bounds);
        Column {
            values: Values::Scaled {
                scale,
                numbers,
                least,
                most,
            },
            present,
        }
    }

    /// How many subjects.
    pub fn len(&self) -> usize {
        self.present.len()
    }

    /// Whether there are no subjects.
    pub fn is_empty(&self) -> bool {
        self.present.is_empty()
    }

    /// The number of a subject.
    pub fn get(&self, subject: usize) -> Option<Decimal> {
        if !self.present.get(subject) {
            return None;
        }
        Some(match &self.values {
            Values::Scaled { scale, numbers, .. } => Decimal::new(numbers[subject].into(), *scale),
            Values::Exact(numbers) => numbers[subject],
        })
    }

    /// The numbers.
    pub fn values(&self) -> &Values {
        &self.values
    }

    /// Who has a number.
    pub fn present(&self) -> &Bitmap {
        &self.present
    }

    pub(crate) fn push(&mut self, value: Option<Decimal>) {
        self.present.push(false);
        match &mut self.values {
            Values::Exact(numbers) => numbers.push(Decimal::ZERO),
            Values::Scaled { numbers, .. } => numbers.push(0),
        }
        if value.is_some() {
            self.set(self.len() - 1, value);
        }
    }

    /// Sets a number at the column's own places; `false` where it does not keep integers.
    pub(crate) fn set_integer(&mut self, subject: usize, number: i64) -> bool {
        let Values::Scaled {
            numbers,
            least,
            most,
            ..
        } = &mut self.values
        else {
            return false;
        };
        numbers[subject] = number;
        *least = number.min(*least);
        *most = number.max(*most);
        self.present.set(subject, true);
        true
    }

    pub(crate) fn set(&mut self, subject: usize, value: Option<Decimal>) {
        self.present.set(subject, value.is_some());
        let value = value.unwrap_or_default();
        match &mut self.values {
            Values::Exact(numbers) => numbers[subject] = value,
            Values::Scaled {
                scale,
                numbers,
                least,
                most,
            } => match scaled(value, *scale) {
                Some(number) => {
                    numbers[subject] = number;
                    *least = number.min(*least);
                    *most = number.max(*most);
                }
                None => self.exact()[subject] = value,
            },
        }
    }

    /// Gives up integers: some number does not fit.
    fn exact(&mut self) -> &mut Vec<Decimal> {
        if let Values::Scaled { scale, numbers, .. } = &self.values {
            let exact = numbers
                .iter()
                .map(|&number| Decimal::new(number.into(), *scale))
                .collect();
            self.values = Values::Exact(exact);
        }
        match &mut self.values {
            Values::Exact(numbers) => numbers,
            Values::Scaled { .. } => unreachable!("replaced above"),
        }
    }
}

/// Two columns are equal if they hold the same numbers, however they are kept.
impl PartialEq for Column {
    fn eq(&self, other: &Column) -> bool {
        self.len() == other.len() && (0..self.len()).all(|i| self.get(i) == other.get(i))
    }
}

/// The value as an integer of so many places, where it fits 64 bits.
pub(crate) fn scaled(value: Decimal, scale: u8) -> Option<i64> {
    value
        .rescale_exact(scale)
        .and_then(|number| i64::try_from(number).ok())
}

#[cfg(test)]
mod tests {
    use super::{Column, Values};

    #[test]
    fn gives_up_integers_when_a_number_does_not_fit() {
        let mut column = Column::new(Some(2), 0);
        column.push(Some("1.25".parse().unwrap()));
        column.push(None);
        assert!(matches!(column.values(), Values::Scaled { scale: 2, .. }));
        column.push(Some("0.125".parse().unwrap()));
        assert!(matches!(column.values(), Values::Exact(_)));
        column.set(1, Some("99999999999999999999".parse().unwrap()));
        let texts: Vec<String> = (0..3).map(|i| column.get(i).unwrap().to_string()).collect();
        assert_eq!(texts, ["1.25", "99999999999999999999", "0.125"]);
    }
}
