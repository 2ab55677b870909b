//! The base pack's calendars against an independent table (`scripts/vectors/working_days.py`), known
//! terms, and the calendar against a naive day-by-day model.

use std::path::Path;

use kernel::calendar::DaysOff;
use kernel::{CalendarData, Day, Finding, TermLength, WorkCalendar};
use proptest::prelude::*;

const VECTORS: &str = include_str!("data/working_days.tsv");

fn day(text: &str) -> Day {
    text.parse().expect(text)
}

fn data(year: i16) -> CalendarData {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join(format!("../../packs/base/calendars/cn-{year}.toml"));
    let text = std::fs::read_to_string(&path).expect("the base pack lies beside the crates");
    toml::from_str(&text).expect("a calendar")
}

fn base() -> WorkCalendar {
    let (calendar, findings) = WorkCalendar::build(&[data(2024), data(2025), data(2026)]);
    assert_eq!(findings, []);
    calendar
}

#[test]
fn equals_the_independent_table() {
    let calendar = base();
    let (mut days, mut terms) = (0, 0);
    for line in VECTORS.lines() {
        match line.split('\t').collect::<Vec<_>>()[..] {
            ["day", at, kind] => {
                assert_eq!(calendar.is_working_day(day(at)), kind == "work", "{line}");
                days += 1;
            }
            ["term", receipt, length, last] => {
                let length = length.parse().expect(line);
                let term = calendar.add_working_days(day(receipt), length);
                assert_eq!((term.day, term.provisional), (day(last), false), "{line}");
                let between = calendar.working_days_between(day(receipt), day(last));
                assert_eq!(between.count, u32::from(length), "{line}");
                assert!(!between.provisional);
                terms += 1;
            }
            _ => panic!("{line}"),
        }
    }
    assert_eq!(days, 366 + 365 + 365);
    assert!(terms > 1_000);
}

#[test]
fn counts_known_terms() {
    let calendar = base();
    for (receipt, length, last) in [
        ("2026-02-13", "1wd", "2026-02-14"),
        ("2026-02-14", "1wd", "2026-02-24"),
        ("2026-02-12", "3wd", "2026-02-24"),
        ("2026-04-30", "2wd", "2026-05-07"),
        ("2026-05-08", "2wd", "2026-05-11"),
        ("2026-09-30", "5wd", "2026-10-13"),
        ("2025-09-30", "7wd", "2025-10-16"),
        ("2024-02-08", "5wd", "2024-02-21"),
        // Received on a day off: the next working day is day 1.
        ("2026-10-03", "1wd", "2026-10-08"),
        // No days at all: the day itself, or the next working day.
        ("2026-09-30", "0wd", "2026-09-30"),
        ("2026-10-01", "0wd", "2026-10-08"),
        // Natural days: ends on a working day, or moves to the next.
        ("2026-09-20", "3d", "2026-09-23"),
        ("2026-09-20", "15d", "2026-10-08"),
        ("2026-02-07", "7d", "2026-02-14"),
        ("2026-09-30", "0d", "2026-09-30"),
        // Months: the day of the same number, or the last one.
        ("2026-01-30", "1m", "2026-02-28"),
        ("2025-01-31", "3m", "2025-04-30"),
        ("2025-12-01", "2m", "2026-02-02"),
    ] {
        let length: TermLength = length.parse().expect(length);
        let term = calendar.add(day(receipt), length);
        assert_eq!(term.day, day(last), "{receipt} {length}");
        assert!(!term.provisional, "{receipt} {length}");
        assert_eq!(term.end(), day(last).end());
    }
}

#[test]
fn says_where_a_year_is_not_known() {
    let calendar = base();
    assert_eq!(calendar.years().collect::<Vec<_>>(), [2024, 2025, 2026]);
    assert!(calendar.is_provisional(2027) && !calendar.is_provisional(2026));
    for (receipt, length, last, provisional) in [
        ("2026-12-30", "1wd", "2026-12-31", false),
        ("2026-12-31", "1wd", "2027-01-01", true),
        ("2026-12-31", "0wd", "2026-12-31", false),
        ("2026-12-31", "1d", "2027-01-01", true),
        ("2026-12-01", "30d", "2026-12-31", false),
        ("2027-05-03", "0d", "2027-05-03", true),
        ("2023-12-29", "1wd", "2024-01-02", true),
        ("2023-12-31", "1wd", "2024-01-02", false),
        ("2023-11-01", "12m", "2024-11-01", false),
    ] {
        let length: TermLength = length.parse().expect(length);
        let term = calendar.add(day(receipt), length);
        assert_eq!(
            (term.day, term.provisional),
            (day(last), provisional),
            "{receipt} {length}"
        );
    }
    let between = |from, to| calendar.working_days_between(day(from), day(to));
    assert_eq!(
        (
            between("2026-12-31", "2027-01-04").count,
            between("2026-12-31", "2027-01-04").provisional
        ),
        (2, true)
    );
    assert_eq!(
        (
            between("2023-12-31", "2024-01-02").count,
            between("2023-12-31", "2024-01-02").provisional
        ),
        (1, false)
    );
    assert_eq!(
        (
            between("2026-03-02", "2026-03-02").count,
            between("2027-03-02", "2027-03-01").count
        ),
        (0, 0)
    );
    assert!(!between("2027-03-02", "2027-03-01").provisional);
}

#[test]
fn ends_with_the_calendar_of_days() {
    let (calendar, last) = (WorkCalendar::default(), day("9999-12-31"));
    assert_eq!(
        calendar.add_working_days(day("9999-12-01"), u16::MAX).day,
        last
    );
    assert_eq!(calendar.add_days(day("9999-12-01"), u16::MAX).day, last);
    assert_eq!(calendar.add_months(day("9999-12-01"), u16::MAX).day, last);
    assert_eq!(
        calendar.working_days_between(day("0001-01-01"), last).count,
        2_608_614
    );
    assert_eq!(
        calendar.next_working_day(day("0001-01-01")).day,
        day("0001-01-01")
    );
}

#[test]
fn reads_lengths_of_terms() {
    for text in ["0wd", "5wd", "10d", "9999d", "2m"] {
        let length: TermLength = text.parse().expect(text);
        assert_eq!(length.to_string(), text);
        let json = serde_json::to_string(&length).expect("text");
        assert_eq!(json, format!("\"{text}\""));
        assert_eq!(
            serde_json::from_str::<TermLength>(&json).expect("text"),
            length
        );
    }
    for text in [
        "", "5", "wd", "5 wd", "-5wd", "+5wd", "10000d", "5WD", "5w", "5wdd", "1.5d", "５d",
    ] {
        assert!(text.parse::<TermLength>().is_err(), "{text}");
    }
    let refused = "5".parse::<TermLength>().expect_err("no unit");
    assert_eq!(refused.code(), "not-a-term-length");
    assert!(refused.to_string().contains("5wd"));
}

fn stretch(from: &str, to: &str) -> DaysOff {
    DaysOff {
        name: "test".into(),
        from: day(from),
        to: day(to),
    }
}

fn year(year: i16, off: Vec<DaysOff>, work: &[&str]) -> CalendarData {
    CalendarData {
        year,
        source: String::new(),
        off,
        work: work.iter().map(|text| day(text)).collect(),
    }
}

fn found(data: &[CalendarData]) -> Vec<String> {
    let (_, findings) = WorkCalendar::build(data);
    findings.iter().map(Finding::to_string).collect()
}

#[test]
fn finds_what_is_wrong_with_a_notice() {
    let good = || vec![stretch("2030-05-01", "2030-05-05")];
    let check = |data: &[CalendarData], expected: &[&str]| assert_eq!(found(data), expected);
    check(&[year(2030, good(), &["2030-04-27"])], &[]);
    check(
        &[year(2030, good(), &[]), year(2030, good(), &[])],
        &["year: calendar-year-twice year=2030"],
    );
    check(
        &[year(2030, vec![], &[])],
        &["off: calendar-year-empty year=2030"],
    );
    check(
        &[year(2030, vec![stretch("2030-05-05", "2030-05-01")], &[])],
        &["off.0: calendar-stretch-reversed from=\"2030-05-05\" to=\"2030-05-01\" year=2030"],
    );
    check(
        &[year(2030, vec![stretch("2030-05-01", "2030-06-01")], &[])],
        &["off.0: calendar-stretch-too-long from=\"2030-05-01\" to=\"2030-06-01\" year=2030"],
    );
    check(
        &[year(2030, vec![stretch("2030-05-01", "2030-05-31")], &[])],
        &[],
    );
    // The December before may be arranged, the January after may not.
    check(
        &[year(
            2030,
            vec![stretch("2029-12-30", "2030-01-01")],
            &["2029-12-29"],
        )],
        &[],
    );
    check(
        &[year(
            2030,
            vec![stretch("2029-11-30", "2029-12-01")],
            &["2031-01-04", "2028-12-30"],
        )],
        &[
            "off.0: calendar-day-of-other-year from=\"2029-11-30\" to=\"2029-12-01\" year=2030",
            "work.0: calendar-day-of-other-year from=\"2031-01-04\" to=\"2031-01-04\" year=2030",
            "work.1: calendar-day-of-other-year from=\"2028-12-30\" to=\"2028-12-30\" year=2030",
        ],
    );
    check(
        &[year(2030, vec![stretch("2030-12-30", "2031-01-01")], &[])],
        &["off.0: calendar-day-of-other-year from=\"2030-12-30\" to=\"2031-01-01\" year=2030"],
    );
    check(
        &[year(
            2030,
            [good(), vec![stretch("2030-05-05", "2030-05-06")]].concat(),
            &[],
        )],
        &["off.1: calendar-day-twice day=\"2030-05-05\" year=2030"],
    );
    check(
        &[year(
            2030,
            good(),
            &["2030-05-04", "2030-04-27", "2030-04-27", "2030-04-26"],
        )],
        &[
            "work.0: calendar-day-off-and-work day=\"2030-05-04\" year=2030",
            "work.2: calendar-day-twice day=\"2030-04-27\" year=2030",
            "work.3: calendar-work-on-weekday day=\"2030-04-26\" year=2030",
        ],
    );
    check(
        &[
            year(2030, good(), &["2030-12-28"]),
            year(2031, vec![stretch("2030-12-28", "2030-12-29")], &[]),
        ],
        &["calendar-day-off-and-work day=\"2030-12-28\" year=2031"],
    );
    check(
        &[year(
            2030,
            vec![stretch("2030-05-01", "2030-05-01"); 61],
            &[],
        )],
        &["calendar-too-long year=2030"],
    );
    check(
        &[year(2030, good(), &["2030-04-27"; 61])],
        &["calendar-too-long year=2030"],
    );
}

#[test]
fn only_what_stops_blocks() {
    let overlapping = vec![
        stretch("2030-05-01", "2030-05-05"),
        stretch("2030-05-05", "2030-05-06"),
    ];
    let (calendar, findings) = WorkCalendar::build(&[year(2030, overlapping, &["2030-04-26"])]);
    assert!(!findings.is_empty() && findings.iter().all(|finding| !finding.blocks()));
    assert!(
        !calendar.is_working_day(day("2030-05-06")) && calendar.is_working_day(day("2030-04-26"))
    );
    // A year that says nothing stays unknown; of contradicting notices the first one holds.
    let (calendar, findings) = WorkCalendar::build(&[year(2030, vec![], &["2030-04-27"])]);
    assert!(findings[0].blocks() && calendar.is_provisional(2030));
    let (calendar, findings) = WorkCalendar::build(&[
        year(
            2030,
            vec![stretch("2030-05-01", "2030-05-01")],
            &["2030-12-28"],
        ),
        year(2031, vec![stretch("2030-12-28", "2030-12-29")], &[]),
    ]);
    assert!(findings[0].blocks() && calendar.is_working_day(day("2030-12-28")));
    let too_long = year(2030, vec![stretch("2030-05-01", "2030-05-01"); 61], &[]);
    let (calendar, findings) = WorkCalendar::build(&[too_long]);
    assert!(findings[0].blocks() && calendar.is_provisional(2030));
    assert!(calendar.is_working_day(day("2030-05-01")));
}

/// A random notice of 2030 or 2031: stretches off, and weekends worked.
fn notices() -> impl Strategy<Value = Vec<CalendarData>> {
    let one = |number: i16| {
        let first = Day::new(number, 1, 1).expect("a day");
        let stretches = proptest::collection::vec((0_i64..340, 0_i64..12), 1..8);
        let work = proptest::collection::vec(0_i64..365, 0..8);
        (stretches, work).prop_map(move |(stretches, work)| CalendarData {
            year: number,
            source: String::new(),
            off: stretches
                .into_iter()
                .map(|(at, length)| DaysOff {
                    name: String::new(),
                    from: first.plus_days(at),
                    to: first.plus_days(at + length),
                })
                .collect(),
            work: work.into_iter().map(|at| first.plus_days(at)).collect(),
        })
    };
    (one(2030), one(2031)).prop_map(|(a, b)| vec![a, b])
}

/// The rule as one would say it: look each day up.
fn naive_is_working(data: &[CalendarData], day: Day) -> bool {
    let off = data
        .iter()
        .flat_map(|year| &year.off)
        .any(|s| s.from <= day && day <= s.to);
    let work = data.iter().any(|year| year.work.contains(&day));
    !off && (work || !day.is_weekend())
}

proptest! {
    #[test]
    fn equals_the_naive_model(data in notices(), start in 0_i64..900, length in 0_u16..200) {
        let (calendar, _) = WorkCalendar::build(&data);
        let receipt = day("2029-11-01").plus_days(start);

        let (mut last, mut left, mut seen) = (receipt, length, vec![]);
        while left > 0 {
            last = last.plus_days(1);
            seen.push(last);
            left -= u16::from(naive_is_working(&data, last));
        }
        if length == 0 {
            seen.push(last);
            while !naive_is_working(&data, last) {
                last = last.plus_days(1);
                seen.push(last);
            }
        }
        let term = calendar.add_working_days(receipt, length);
        prop_assert_eq!(term.day, last);
        prop_assert_eq!(term.provisional, seen.iter().any(|d| !(2030..=2031).contains(&d.year())));
        prop_assert!(calendar.is_working_day(term.day));
        if length > 0 {
            prop_assert_eq!(calendar.working_days_between(receipt, last).count, u32::from(length));
            prop_assert_eq!(calendar.working_days_between(receipt, last).provisional, term.provisional);
        }

        let natural = calendar.add_days(receipt, length).day;
        let plain = receipt.plus_days(length.into());
        prop_assert!(natural >= plain && naive_is_working(&data, natural));
        prop_assert_eq!(calendar.working_days_between(plain.plus_days(-1), natural).count, 1);
    }
}
