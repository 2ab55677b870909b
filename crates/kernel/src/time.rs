//! Days and instants at the product's one fixed zone, +08:00.

use serde::{Deserialize, Serialize};

/// Milliseconds in a day.
pub const DAY_MS: i64 = 86_400_000;
/// China has one zone and no summer time: +08:00, in milliseconds.
pub const ZONE_MS: i64 = 8 * 3_600_000;

/// An instant: milliseconds since 1970-01-01T00:00:00Z.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Instant(pub i64);

impl Instant {
    /// The civil day in China at this instant; the last representable day beyond year 9999.
    pub fn day(self) -> Day {
        let days = self.0.saturating_add(ZONE_MS).div_euclid(DAY_MS);
        Day::from_days_since_1970(days)
    }

    /// `2026-10-14 09:20` in China's zone.
    pub fn minute_text(self) -> String {
        let minutes = self.0.saturating_add(ZONE_MS).rem_euclid(DAY_MS) / 60_000;
        format!("{} {:02}:{:02}", self.day(), minutes / 60, minutes % 60)
    }
}

/// A civil day of the Gregorian calendar, years 1 to 9999; read and written as `2026-11-22`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub jiff::civil::Date);

impl Day {
    /// The day of year, month, day of the month; `None` where there is no such day.
    pub fn new(year: i16, month: i8, day: i8) -> Option<Day> {
        (year >= 1).then_some(())?;
        jiff::civil::Date::new(year, month, day).ok().map(Day)
    }

    /// The day that many days after 1970-01-01, kept within years 1 to 9999.
    pub fn from_days_since_1970(days: i64) -> Day {
        const FIRST: i64 = -719_162;
        const LAST: i64 = 2_932_896;
        let span = jiff::Span::new().days(days.clamp(FIRST, LAST));
        Day(jiff::civil::date(1970, 1, 1)
            .checked_add(span)
            .expect("clamped to years 1 to 9999"))
    }

    /// Days since 1970-01-01; negative before.
    pub fn days_since_1970(self) -> i64 {
        let span = self.0 - jiff::civil::date(1970, 1, 1);
        i64::from(span.get_days())
    }

    /// The day `days` later (earlier where negative), kept within years 1 to 9999.
    #[must_use]
    pub fn plus_days(self, days: i64) -> Day {
        Day::from_days_since_1970(self.days_since_1970().saturating_add(days))
    }

    /// The first instant of the day in China.
    pub fn start(self) -> Instant {
        Instant(self.days_since_1970() * DAY_MS - ZONE_MS)
    }

    /// 24:00 of the day in China: the first instant that no longer belongs to it.
    pub fn end(self) -> Instant {
        Instant(self.start().0 + DAY_MS)
    }

    /// Year, 1 to 9999.
    pub fn year(self) -> i16 {
        self.0.year()
    }

    /// Month, 1 to 12.
    pub fn month(self) -> i8 {
        self.0.month()
    }

    /// Saturday or Sunday. Says nothing of make-up days: see the working-day calendar.
    pub fn is_weekend(self) -> bool {
        matches!(
            self.0.weekday(),
            jiff::civil::Weekday::Saturday | jiff::civil::Weekday::Sunday
        )
    }
}

impl std::fmt::Display for Day {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{:04}-{:02}-{:02}",
            self.0.year(),
            self.0.month(),
            self.0.day()
        )
    }
}

/// What is wrong with a text that should be a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotADay;

impl std::fmt::Display for NotADay {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("not a day of the form 2026-11-22")
    }
}

impl std::error::Error for NotADay {}

impl std::str::FromStr for Day {
    type Err = NotADay;

    fn from_str(text: &str) -> Result<Day, NotADay> {
        let bytes = text.as_bytes();
        let shaped = bytes.len() == 10
            && bytes.iter().enumerate().all(|(i, c)| match i {
                4 | 7 => *c == b'-',
                _ => c.is_ascii_digit(),
            });
        if !shaped {
            return Err(NotADay);
        }
        let number = |range: std::ops::Range<usize>| text[range].parse().map_err(|_| NotADay);
        let year = number(0..4)?;
        let month = i8::try_from(number(5..7)?).map_err(|_| NotADay)?;
        let day = i8::try_from(number(8..10)?).map_err(|_| NotADay)?;
        Day::new(year, month, day).ok_or(NotADay)
    }
}

impl Serialize for Day {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Day, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::{Day, Instant};

    #[test]
    fn the_day_turns_at_midnight_in_china() {
        let day: Day = "2026-03-31".parse().unwrap();
        assert_eq!(day.start().day(), day);
        assert_eq!(Instant(day.end().0 - 1).day(), day);
        assert_eq!(day.end().day().to_string(), "2026-04-01");
        assert_eq!(Instant(0).minute_text(), "1970-01-01 08:00");
    }

    #[test]
    fn far_instants_do_not_panic() {
        assert_eq!(Instant(i64::MAX).day().to_string(), "9999-12-31");
        assert_eq!(Instant(i64::MIN).day().to_string(), "0001-01-01");
    }

    #[test]
    fn refuses_what_is_no_day() {
        for text in [
            "",
            "2026-02-29",
            "2026-2-01",
            "0000-01-01",
            "2026-13-01",
            "二〇二六年",
        ] {
            assert!(text.parse::<Day>().is_err(), "{text}");
        }
    }
}
