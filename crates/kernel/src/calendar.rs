//! The working-day calendar: terms in working days and in natural days.
//!
//! Days off and make-up days are set each year by a notice of the State Council's General Office;
//! they are data ([`CalendarData`], one file of a pack per year). A year without data is
//! *provisional*: only its weekends are known to be off, and every answer that used it says so.
//!
//! Counting (Civil Code, articles 201 to 203; where a page has its own default, reference 4.5
//! wins): the day of receipt is day 0, the term ends at 24:00 of its last day, and a term in
//! natural days or months whose last day is a day off ends on the next working day.

mod data;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

pub use data::{CalendarData, DaysOff};

use crate::finding::Finding;
use crate::time::{Day, Instant};

/// Days off and make-up days of some years, merged.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WorkCalendar {
    /// Days that differ from the plain week: true = work.
    exceptions: BTreeMap<Day, bool>,
    /// Years whose notice is known.
    years: BTreeSet<i16>,
}

/// The last day of a term.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Term {
    /// The last day; the term ends at its 24:00.
    pub day: Day,
    /// Whether the count used a year whose days off are not yet known, so that it may still move.
    pub provisional: bool,
}

impl Term {
    /// 24:00 of the last day: the first instant that is too late.
    pub fn end(self) -> Instant {
        self.day.end()
    }
}

/// A number of working days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct WorkingDays {
    /// How many.
    pub count: u32,
    /// Whether a year whose days off are not yet known was counted.
    pub provisional: bool,
}

impl WorkCalendar {
    /// The calendar of these years. What is wrong is left out and found; callers refuse data with
    /// a finding that blocks.
    pub fn build(data: &[CalendarData]) -> (WorkCalendar, Vec<Finding>) {
        data::build(data)
    }

    /// Whether people work on that day: a make-up day, or a weekday that is not off.
    pub fn is_working_day(&self, day: Day) -> bool {
        match self.exceptions.get(&day) {
            Some(works) => *works,
            None => !day.is_weekend(),
        }
    }

    /// Whether the days off of that year are not known: only weekends count as off.
    pub fn is_provisional(&self, year: i16) -> bool {
        !self.years.contains(&year)
    }

    /// The years whose days off are known, ascending.
    pub fn years(&self) -> impl Iterator<Item = i16> {
        self.years.iter().copied()
    }

    /// The last day of a term of `working_days` that begins with `receipt` as day 0.
    ///
    /// With 0 it is the day itself, or the next working day where that is off. A term that would
    /// pass the end of year 9999 ends there.
    pub fn add_working_days(&self, receipt: Day, working_days: u16) -> Term {
        if working_days == 0 {
            return self.next_working_day(receipt);
        }
        let (mut day, mut left) = (receipt, working_days);
        while left > 0 && day < last_day_of_time() {
            day = day.plus_days(1);
            left -= u16::from(self.is_working_day(day));
        }
        self.term(receipt, day)
    }

    /// The last day of a term of `days` natural days that begins with `receipt` as day 0; moved to
    /// the next working day where it is off (Civil Code, article 203).
    pub fn add_days(&self, receipt: Day, days: u16) -> Term {
        self.next_working_day(receipt.plus_days(days.into()))
    }

    /// The last day of a term of `months` that begins with `receipt` as day 0: the day of the same
    /// number, or the last of the month where there is none (Civil Code, article 202); moved to
    /// the next working day where it is off.
    pub fn add_months(&self, receipt: Day, months: u16) -> Term {
        let last = receipt.0.saturating_add(jiff::Span::new().months(months));
        self.next_working_day(Day(last))
    }

    /// The last day of a term of that length that begins with `receipt` as day 0.
    pub fn add(&self, receipt: Day, length: TermLength) -> Term {
        match length {
            TermLength::WorkingDays(days) => self.add_working_days(receipt, days),
            TermLength::Days(days) => self.add_days(receipt, days),
            TermLength::Months(months) => self.add_months(receipt, months),
        }
    }

    /// The first working day from `day` on, itself included.
    pub fn next_working_day(&self, day: Day) -> Term {
        let mut last = day;
        while !self.is_working_day(last) && last < last_day_of_time() {
            last = last.plus_days(1);
        }
        self.term(day.plus_days(-1), last)
    }

    /// The working days after `from` up to and with `to`: what [`Self::add_working_days`] counts.
    /// 0 where `to` is not after `from`.
    pub fn working_days_between(&self, from: Day, to: Day) -> WorkingDays {
        if to <= from {
            return WorkingDays {
                count: 0,
                provisional: false,
            };
        }
        let first = from.plus_days(1);
        let weekdays = weekdays_through(to) - weekdays_through(from);
        let changes: i64 = self
            .exceptions
            .range(first..=to)
            .map(|(day, works)| i64::from(*works) - i64::from(!day.is_weekend()))
            .sum();
        WorkingDays {
            count: u32::try_from(weekdays + changes).expect("between 0 and 3,652,059"),
            provisional: self.term(from, to).provisional,
        }
    }

    /// The term that ends on `day`, for which the days after `from` were looked at.
    fn term(&self, from: Day, day: Day) -> Term {
        let first = from.plus_days(1).min(day);
        Term {
            day,
            provisional: (first.year()..=day.year()).any(|year| self.is_provisional(year)),
        }
    }
}

/// Mondays to Fridays from 1970-01-05, a Monday, up to and with `day`; only differences mean
/// something.
fn weekdays_through(day: Day) -> i64 {
    let days = day.days_since_1970() - 3;
    days.div_euclid(7) * 5 + days.rem_euclid(7).min(5)
}

/// 9999-12-31.
fn last_day_of_time() -> Day {
    Day::from_days_since_1970(i64::MAX)
}

/// The length of a term as packs write it: `5wd` working days, `10d` natural days, `2m` months.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TermLength {
    /// Working days, 0 to 9999.
    WorkingDays(u16),
    /// Natural days, 0 to 9999.
    Days(u16),
    /// Months, 0 to 9999.
    Months(u16),
}

impl std::fmt::Display for TermLength {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            TermLength::WorkingDays(days) => write!(f, "{days}wd"),
            TermLength::Days(days) => write!(f, "{days}d"),
            TermLength::Months(months) => write!(f, "{months}m"),
        }
    }
}

/// What is wrong with a text that should be the length of a term.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotATermLength;

impl NotATermLength {
    /// The code of the finding that says this.
    pub const fn code(self) -> &'static str {
        "not-a-term-length"
    }
}

impl std::fmt::Display for NotATermLength {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("not the length of a term such as 5wd, 10d or 2m, at most 9999")
    }
}

impl std::error::Error for NotATermLength {}

impl std::str::FromStr for TermLength {
    type Err = NotATermLength;

    fn from_str(text: &str) -> Result<TermLength, NotATermLength> {
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        if !(1..=4).contains(&digits) {
            return Err(NotATermLength);
        }
        let (number, unit) = text.split_at(digits);
        let number = number.parse().map_err(|_| NotATermLength)?;
        match unit {
            "wd" => Ok(TermLength::WorkingDays(number)),
            "d" => Ok(TermLength::Days(number)),
            "m" => Ok(TermLength::Months(number)),
            _ => Err(NotATermLength),
        }
    }
}

impl Serialize for TermLength {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for TermLength {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}
