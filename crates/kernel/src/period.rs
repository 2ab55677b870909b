//! Months, quarters, half-years and years: what figures and rounds belong to.

use std::cmp::Reverse;

use serde::{Deserialize, Serialize};

use crate::time::Day;

/// How long a period is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PeriodKind {
    /// A calendar month.
    Month,
    /// January to March, April to June, July to September, October to December.
    Quarter,
    /// January to June, July to December.
    HalfYear,
    /// January to December.
    Year,
}

impl PeriodKind {
    /// How many of them make a year.
    pub const fn per_year(self) -> i8 {
        match self {
            PeriodKind::Month => 12,
            PeriodKind::Quarter => 4,
            PeriodKind::HalfYear => 2,
            PeriodKind::Year => 1,
        }
    }

    /// How many months it has.
    pub const fn months(self) -> i8 {
        12 / self.per_year()
    }

    /// The letter before the number in the written form; none for a year.
    const fn letter(self) -> Option<char> {
        match self {
            PeriodKind::Month => Some('M'),
            PeriodKind::Quarter => Some('Q'),
            PeriodKind::HalfYear => Some('H'),
            PeriodKind::Year => None,
        }
    }
}

/// A month, quarter, half-year or year of the years 1 to 9999.
///
/// Read and written `2026-M03`, `2026-Q4`, `2026-H1`, `2026` (fixed width: as text they sort
/// within their kind). Ordered by the first day; where that is the same, the longer one first.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Period {
    kind: PeriodKind,
    year: i16,
    /// From 1, within the year.
    number: i8,
}

impl Period {
    /// The period of that kind with that number in that year; `None` where there is none.
    pub fn new(kind: PeriodKind, year: i16, number: i8) -> Option<Period> {
        let real = (1..=9999).contains(&year) && (1..=kind.per_year()).contains(&number);
        real.then_some(Period { kind, year, number })
    }

    /// `month` from 1 to 12.
    pub fn month(year: i16, month: i8) -> Option<Period> {
        Period::new(PeriodKind::Month, year, month)
    }

    /// `quarter` from 1 to 4.
    pub fn quarter(year: i16, quarter: i8) -> Option<Period> {
        Period::new(PeriodKind::Quarter, year, quarter)
    }

    /// `half` 1 or 2.
    pub fn half_year(year: i16, half: i8) -> Option<Period> {
        Period::new(PeriodKind::HalfYear, year, half)
    }

    /// A whole year.
    pub fn whole_year(year: i16) -> Option<Period> {
        Period::new(PeriodKind::Year, year, 1)
    }

    /// The period of that kind to which the day belongs.
    pub fn of(kind: PeriodKind, day: Day) -> Period {
        Period {
            kind,
            year: day.year(),
            number: (day.month() - 1) / kind.months() + 1,
        }
    }

    /// How long it is.
    pub const fn kind(self) -> PeriodKind {
        self.kind
    }

    /// The year it lies in.
    pub const fn year(self) -> i16 {
        self.year
    }

    /// Its number within the year, from 1.
    pub const fn number(self) -> i8 {
        self.number
    }

    /// Its first month, 1 to 12.
    pub const fn first_month(self) -> i8 {
        (self.number - 1) * self.kind.months() + 1
    }

    /// Its last month, 1 to 12.
    pub const fn last_month(self) -> i8 {
        self.number * self.kind.months()
    }

    /// Its first day.
    pub fn first_day(self) -> Day {
        Day::new(self.year, self.first_month(), 1).expect("every month has a first day")
    }

    /// Its last day.
    pub fn last_day(self) -> Day {
        let first = Day::new(self.year, self.last_month(), 1).expect("every month has a first day");
        Day(first.0.last_of_month())
    }

    /// How many days it has.
    pub fn days(self) -> i64 {
        self.last_day().days_since_1970() - self.first_day().days_since_1970() + 1
    }

    /// Whether the day belongs to it.
    pub fn contains(self, day: Day) -> bool {
        self.first_day() <= day && day <= self.last_day()
    }

    /// Whether every day of `other` belongs to it.
    pub fn covers(self, other: Period) -> bool {
        self.year == other.year
            && self.first_month() <= other.first_month()
            && other.last_month() <= self.last_month()
    }

    /// The period of the same kind that lies `steps` later, earlier where negative; `None` outside
    /// years 1 to 9999.
    pub fn plus(self, steps: i32) -> Option<Period> {
        let per_year = i64::from(self.kind.per_year());
        let index = i64::from(self.year) * per_year + i64::from(self.number) - 1 + i64::from(steps);
        let year = i16::try_from(index.div_euclid(per_year)).ok()?;
        let number = i8::try_from(index.rem_euclid(per_year) + 1).ok()?;
        Period::new(self.kind, year, number)
    }

    /// The one before, of the same kind; `None` before year 1.
    pub fn previous(self) -> Option<Period> {
        self.plus(-1)
    }

    /// The one after, of the same kind; `None` after year 9999.
    pub fn next(self) -> Option<Period> {
        self.plus(1)
    }

    /// The same period of the year before (同期); `None` before year 1.
    pub fn same_last_year(self) -> Option<Period> {
        Period::new(self.kind, self.year - 1, self.number)
    }

    /// The periods of the same kind from the beginning of its year up to itself (累计).
    pub fn year_to_date(self) -> impl Iterator<Item = Period> {
        (1..=self.number).map(move |number| Period { number, ..self })
    }

    /// The longer period of that kind that covers it, or itself; `None` where that kind is shorter.
    pub fn within(self, kind: PeriodKind) -> Option<Period> {
        (kind >= self.kind).then(|| Period::of(kind, self.first_day()))
    }

    /// The periods of that kind that make it up, in order: itself for its own kind, none for a
    /// longer kind.
    pub fn children(self, kind: PeriodKind) -> impl Iterator<Item = Period> {
        let first = (self.first_month() - 1) / kind.months() + 1;
        let last = if kind > self.kind {
            0
        } else {
            self.last_month() / kind.months()
        };
        (first..=last).map(move |number| Period {
            kind,
            number,
            ..self
        })
    }
}

impl Ord for Period {
    fn cmp(&self, other: &Period) -> std::cmp::Ordering {
        let key = |p: &Period| (p.year, p.first_month(), Reverse(p.kind));
        key(self).cmp(&key(other))
    }
}

impl PartialOrd for Period {
    fn partial_cmp(&self, other: &Period) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl std::fmt::Display for Period {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}", self.year)?;
        match self.kind.letter() {
            Some('M') => write!(f, "-M{:02}", self.number),
            Some(letter) => write!(f, "-{letter}{}", self.number),
            None => Ok(()),
        }
    }
}

impl std::fmt::Debug for Period {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Display::fmt(self, f)
    }
}

/// What is wrong with a text that should be a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAPeriod;

impl NotAPeriod {
    /// The code of the finding that says this.
    pub const fn code(self) -> &'static str {
        "not-a-period"
    }
}

impl std::fmt::Display for NotAPeriod {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("not a period of the form 2026-M03, 2026-Q4, 2026-H1 or 2026")
    }
}

impl std::error::Error for NotAPeriod {}

impl std::str::FromStr for Period {
    type Err = NotAPeriod;

    fn from_str(text: &str) -> Result<Period, NotAPeriod> {
        let (kind, number) = match text.as_bytes() {
            [_, _, _, _] => (PeriodKind::Year, "1"),
            [_, _, _, _, b'-', b'H', _] => (PeriodKind::HalfYear, &text[6..]),
            [_, _, _, _, b'-', b'Q', _] => (PeriodKind::Quarter, &text[6..]),
            [_, _, _, _, b'-', b'M', _, _] => (PeriodKind::Month, &text[6..]),
            _ => return Err(NotAPeriod),
        };
        let digits = |part: &str| part.bytes().all(|c| c.is_ascii_digit());
        if !digits(number) || !text.as_bytes()[..4].iter().all(u8::is_ascii_digit) {
            return Err(NotAPeriod);
        }
        let year = text[..4].parse().map_err(|_| NotAPeriod)?;
        let number = number.parse().map_err(|_| NotAPeriod)?;
        Period::new(kind, year, number).ok_or(NotAPeriod)
    }
}

impl Serialize for Period {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Period {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Period, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Period, PeriodKind};
    use crate::time::Day;

    const KINDS: [PeriodKind; 4] = [
        PeriodKind::Month,
        PeriodKind::Quarter,
        PeriodKind::HalfYear,
        PeriodKind::Year,
    ];

    fn period(text: &str) -> Period {
        text.parse().expect(text)
    }

    fn joined(periods: impl Iterator<Item = Period>) -> String {
        let texts: Vec<_> = periods.map(|p| p.to_string()).collect();
        texts.join(" ")
    }

    #[test]
    fn begins_and_ends() {
        for (text, first, last, days) in [
            ("2026-M01", "2026-01-01", "2026-01-31", 31),
            ("2024-M02", "2024-02-01", "2024-02-29", 29),
            ("2026-M12", "2026-12-01", "2026-12-31", 31),
            ("2026-Q1", "2026-01-01", "2026-03-31", 90),
            ("2026-Q4", "2026-10-01", "2026-12-31", 92),
            ("2026-H1", "2026-01-01", "2026-06-30", 181),
            ("2026-H2", "2026-07-01", "2026-12-31", 184),
            ("2024", "2024-01-01", "2024-12-31", 366),
            ("0001", "0001-01-01", "0001-12-31", 365),
        ] {
            let period = period(text);
            assert_eq!(
                (period.to_string(), format!("{period:?}")),
                (text.into(), text.into())
            );
            assert_eq!(period.first_day().to_string(), first);
            assert_eq!(period.last_day().to_string(), last);
            assert_eq!(period.days(), days, "{text}");
            assert!(period.contains(period.first_day()) && period.contains(period.last_day()));
            assert!(!period.contains(period.last_day().plus_days(1)));
        }
        assert!(!period("2026-Q2").contains("2026-03-31".parse().unwrap()));
        assert_eq!(Period::month(2026, 3), Some(period("2026-M03")));
        assert_eq!(Period::quarter(2026, 4), Some(period("2026-Q4")));
        assert_eq!(Period::half_year(2026, 2), Some(period("2026-H2")));
        assert_eq!(Period::whole_year(2026), Some(period("2026")));
        for none in [
            Period::month(2026, 13),
            Period::quarter(2026, 0),
            Period::half_year(2026, 3),
            Period::whole_year(0),
            Period::whole_year(10_000),
        ] {
            assert_eq!(none, None);
        }
    }

    #[test]
    fn steps() {
        let text = |p: Option<Period>| p.map(|p| p.to_string());
        for (of, previous, next, last_year) in [
            ("2026-M01", "2025-M12", "2026-M02", "2025-M01"),
            ("2026-Q4", "2026-Q3", "2027-Q1", "2025-Q4"),
            ("2026-H1", "2025-H2", "2026-H2", "2025-H1"),
            ("2026", "2025", "2027", "2025"),
        ] {
            let period = period(of);
            assert_eq!(text(period.previous()).as_deref(), Some(previous));
            assert_eq!(text(period.next()).as_deref(), Some(next));
            assert_eq!(text(period.same_last_year()).as_deref(), Some(last_year));
        }
        assert_eq!(
            text(period("2026-M03").plus(-27)).as_deref(),
            Some("2023-M12")
        );
        assert_eq!(period("0001-Q1").previous(), None);
        assert_eq!(period("0001-Q2").same_last_year(), None);
        assert_eq!(period("9999-M12").next(), None);
        assert_eq!(period("9999").plus(i32::MAX), None);
        assert_eq!(period("2026").plus(i32::MIN), None);
    }

    #[test]
    fn parts_and_wholes() {
        assert_eq!(
            joined(period("2026-Q3").children(PeriodKind::Month)),
            "2026-M07 2026-M08 2026-M09"
        );
        assert_eq!(
            joined(period("2026-H2").children(PeriodKind::Quarter)),
            "2026-Q3 2026-Q4"
        );
        assert_eq!(
            joined(period("2026").children(PeriodKind::HalfYear)),
            "2026-H1 2026-H2"
        );
        assert_eq!(
            joined(period("2026-Q3").children(PeriodKind::Quarter)),
            "2026-Q3"
        );
        assert_eq!(joined(period("2026-Q3").children(PeriodKind::Year)), "");
        assert_eq!(
            joined(period("2026-Q3").year_to_date()),
            "2026-Q1 2026-Q2 2026-Q3"
        );
        assert_eq!(
            period("2026-M07").within(PeriodKind::Quarter),
            Some(period("2026-Q3"))
        );
        assert_eq!(
            period("2026-M06").within(PeriodKind::HalfYear),
            Some(period("2026-H1"))
        );
        assert_eq!(
            period("2026-Q3").within(PeriodKind::Quarter),
            Some(period("2026-Q3"))
        );
        assert_eq!(period("2026-Q3").within(PeriodKind::Month), None);
        assert!(period("2026-H1").covers(period("2026-M06")));
        assert!(period("2026-H1").covers(period("2026-H1")));
        for other in ["2026-M07", "2025-M06", "2026", "2026-Q3"] {
            assert!(!period("2026-H1").covers(period(other)), "{other}");
        }
        assert!(!period("2026-H2").covers(period("2026-Q2")));
    }

    #[test]
    fn sorts_by_time_then_longer_first() {
        let mut periods: Vec<_> =
            "2026-M02 2026-Q1 2027 2026-M01 2026-H1 2026 2026-Q2 2026-H2 2025-M12"
                .split(' ')
                .map(period)
                .collect();
        periods.sort();
        assert_eq!(
            joined(periods.into_iter()),
            "2025-M12 2026 2026-H1 2026-Q1 2026-M01 2026-M02 2026-Q2 2026-H2 2027"
        );
    }

    #[test]
    fn refuses_what_is_no_period() {
        for text in [
            "",
            "26",
            "2026-",
            "2026-M3",
            "2026-M00",
            "2026-M13",
            "2026-Q0",
            "2026-Q5",
            "2026-H3",
            "2026-H0",
            "0000",
            "+026",
            "2026-Y1",
            "2026-m03",
            "2026Q4",
            "2026-Q04",
            "2026-M+1",
            "2026-03",
            "二〇",
            "20é6-M0",
            "202é-Q1",
            "2026-Qé",
            "2026-M é",
            "1年",
        ] {
            assert_eq!(text.parse::<Period>(), Err(super::NotAPeriod), "{text}");
        }
    }

    #[test]
    fn is_text_in_json() {
        assert_eq!(super::NotAPeriod.code(), "not-a-period");
        assert!(super::NotAPeriod.to_string().contains("2026-Q4"));
        let json = serde_json::to_string(&period("2026-Q4")).unwrap();
        assert_eq!(json, "\"2026-Q4\"");
        assert_eq!(
            serde_json::from_str::<Period>(&json).unwrap(),
            period("2026-Q4")
        );
        assert!(serde_json::from_str::<Period>("2026").is_err());
    }

    proptest! {
        #[test]
        fn every_day_has_one_period_of_each_kind(days in -719_162_i64..=2_932_896) {
            let day = Day::from_days_since_1970(days);
            for kind in KINDS {
                let period = Period::of(kind, day);
                prop_assert_eq!(period.kind(), kind);
                prop_assert!(period.contains(day));
                prop_assert_eq!(period.to_string().parse(), Ok(period));
                prop_assert_eq!(period.within(PeriodKind::Year), Period::whole_year(day.year()));
                if let Some(next) = period.next() {
                    prop_assert_eq!(next.first_day(), period.last_day().plus_days(1));
                    prop_assert_eq!(next.previous(), Some(period));
                    prop_assert!(period < next);
                }
                for finer in KINDS.into_iter().filter(|finer| *finer <= kind) {
                    let children: Vec<_> = period.children(finer).collect();
                    prop_assert_eq!(children.len(), usize::try_from(kind.months() / finer.months()).unwrap());
                    prop_assert_eq!(children[0].first_day(), period.first_day());
                    prop_assert_eq!(children.last().unwrap().last_day(), period.last_day());
                    prop_assert!(children.iter().all(|c| period.covers(*c) && c.within(kind) == Some(period)));
                    prop_assert_eq!(children.iter().map(|c| c.days()).sum::<i64>(), period.days());
                }
            }
        }
    }
}
