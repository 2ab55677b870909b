//! Ids, days, instants, amounts and findings as texts, in JSON and at their limits.

use kernel::id::NotAnId;
use kernel::time::{DAY_MS, NotADay, ZONE_MS};
use kernel::{
    CommandId, Day, Fen, Finding, FindingArg, FindingPlace, Id, Instant, PersonId, Severity, Tenant,
};
use proptest::prelude::*;

const SAMPLE: &str = "01890a5d-ac96-774b-bcce-b302099a8057";

fn day(text: &str) -> Day {
    text.parse().expect(text)
}

#[test]
fn ids_are_text_in_json_and_bytes_in_the_store() {
    let id: Id = SAMPLE.parse().expect("an id");
    assert_eq!(
        serde_json::to_string(&id).expect("text"),
        format!("\"{SAMPLE}\"")
    );
    assert_eq!(
        serde_json::from_str::<Id>(&format!("\"{SAMPLE}\"")).expect("an id"),
        id
    );
    assert!(serde_json::from_str::<Id>("7").is_err());
    assert_eq!(Id::from_bytes(*id.as_bytes()), id);
    assert_eq!(SAMPLE.to_uppercase().parse(), Ok(id));
    assert_eq!(format!("{id:?}"), SAMPLE);
    let (person, command) = (PersonId(id), CommandId(id));
    assert_eq!(
        (person.to_string(), command.to_string()),
        (SAMPLE.into(), SAMPLE.into())
    );
    assert_eq!(SAMPLE.parse(), Ok(person));
    assert_eq!("".parse::<PersonId>(), Err(NotAnId));
    assert_eq!(
        serde_json::to_string(&person).expect("text"),
        format!("\"{SAMPLE}\"")
    );
    assert!(!NotAnId.to_string().is_empty());
}

#[test]
fn version_and_variant_are_looked_at() {
    let id: Id = SAMPLE.parse().expect("an id");
    let with = |at: usize, byte: u8| {
        let mut bytes = *id.as_bytes();
        bytes[at] = byte;
        Id::from_bytes(bytes).is_version_7()
    };
    assert!(id.is_version_7());
    assert!(!with(6, 0x47) && !with(6, 0x87) && !with(8, 0x3f) && !with(8, 0xc0) && !with(8, 0x7f));
    assert!(with(6, 0x70) && with(8, 0x80) && with(8, 0xbf));
    // Nothing but the six fixed bits is lost.
    let zeros = Id::new(0, [0; 10]);
    assert_eq!(zeros.to_string(), "00000000-0000-7000-8000-000000000000");
    let ones = Id::new((1 << 48) - 1, [0xff; 10]);
    assert_eq!(ones.to_string(), "ffffffff-ffff-7fff-bfff-ffffffffffff");
}

proptest! {
    #[test]
    fn ids_keep_their_time_and_sort_by_it(a in 0_i64..1 << 48, b in 0_i64..1 << 48, random: [u8; 10]) {
        let (first, second) = (Id::new(a, random), Id::new(b, random));
        prop_assert!(first.is_version_7());
        prop_assert_eq!(first.made_at_ms(), a);
        prop_assert_eq!(first.cmp(&second), a.cmp(&b));
        prop_assert_eq!(first.to_string().parse(), Ok(first));
    }

    #[test]
    fn days_and_numbers_agree(number in -719_162_i64..=2_932_896, step in -1_000_i64..1_000) {
        let day = Day::from_days_since_1970(number);
        prop_assert_eq!(day.days_since_1970(), number);
        prop_assert_eq!(day.to_string().parse(), Ok(day));
        prop_assert_eq!(Day::new(day.year(), day.month(), day.0.day()), Some(day));
        let later = day.plus_days(step);
        prop_assert_eq!(later.days_since_1970(), (number + step).clamp(-719_162, 2_932_896));
        prop_assert_eq!(day.is_weekend(), matches!((number + 3).rem_euclid(7), 5 | 6));
        prop_assert_eq!(day.end().0 - day.start().0, DAY_MS);
        prop_assert_eq!(day.start().0, number * DAY_MS - ZONE_MS);
        prop_assert_eq!((day.start().day(), Instant(day.end().0 - 1).day()), (day, day));
        let json = serde_json::to_string(&day).unwrap();
        prop_assert_eq!(serde_json::from_str::<Day>(&json).unwrap(), day);
    }
}

#[test]
fn days_end_where_the_calendar_ends() {
    let (first, last) = (day("0001-01-01"), day("9999-12-31"));
    assert_eq!(Day::from_days_since_1970(i64::MIN), first);
    assert_eq!(Day::from_days_since_1970(i64::MAX), last);
    assert_eq!(
        (first.plus_days(-1), last.plus_days(i64::MAX)),
        (first, last)
    );
    assert_eq!(
        (
            Day::new(0, 12, 31),
            Day::new(2026, 2, 29),
            Day::new(10_000, 1, 1)
        ),
        (None, None, None)
    );
    assert_eq!(Day::new(1, 1, 1), Some(first));
    for text in [
        "2026-02-30",
        "2026/02/03",
        "2026-02-3",
        "02026-02-03",
        "+026-02-03",
        " 2026-02-03",
        "２026-01",
    ] {
        assert_eq!(text.parse::<Day>(), Err(NotADay), "{text}");
    }
    assert!(serde_json::from_str::<Day>("20260203").is_err());
    assert!(!NotADay.to_string().is_empty());
}

#[test]
fn instants_are_told_in_chinas_zone() {
    for (ms, text) in [
        (0, "1970-01-01 08:00"),
        (-1, "1970-01-01 07:59"),
        (57_599_999, "1970-01-01 23:59"),
        (57_600_000, "1970-01-02 00:00"),
        (1_792_000_000_000, "2026-10-15 01:46"),
    ] {
        assert_eq!(Instant(ms).minute_text(), text);
    }
    assert_eq!(serde_json::to_string(&Instant(5)).expect("a number"), "5");
}

#[test]
fn fen_stay_in_their_range() {
    assert_eq!(Fen(5).checked_add(Fen(-7)), Some(Fen(-2)));
    assert_eq!(Fen(5).checked_sub(Fen(-7)), Some(Fen(12)));
    assert_eq!(Fen(i64::MAX).checked_add(Fen(1)), None);
    assert_eq!(Fen(i64::MIN).checked_sub(Fen(1)), None);
    for (fen, text) in [
        (-5, "-0.05"),
        (100, "1.00"),
        (99, "0.99"),
        (-100, "-1.00"),
        (i64::MAX, "92233720368547758.07"),
    ] {
        assert_eq!(Fen(fen).to_string(), text);
    }
    assert_eq!(Tenant(7).to_string(), "7");
}

#[test]
fn findings_say_where_and_with_what() {
    let line = |column| FindingPlace::Line {
        file: "scheme.toml".into(),
        line: 12,
        column,
    };
    let cell = |sheet: &str| FindingPlace::Cell {
        sheet: sheet.into(),
        column: 4,
        row: 17,
    };
    let record = FindingPlace::Record {
        kind: "place".into(),
        id: "370725001000".into(),
    };
    for (place, text) in [
        (FindingPlace::Whole, "tier-gap"),
        (
            FindingPlace::Field("items.3.value".into()),
            "items.3.value: tier-gap",
        ),
        (cell(""), "D17: tier-gap"),
        (cell("Sheet1"), "Sheet1!D17: tier-gap"),
        (line(0), "scheme.toml:12: tier-gap"),
        (line(3), "scheme.toml:12:3: tier-gap"),
        (record, "place 370725001000: tier-gap"),
    ] {
        let finding = Finding::error("tier-gap").at(place);
        assert_eq!(finding.to_string(), text);
        let json = serde_json::to_string(&finding).expect("text");
        assert_eq!(
            serde_json::from_str::<Finding>(&json).expect("a finding"),
            finding
        );
    }
    let finding = Finding::warning("x")
        .arg("a", 1_i64)
        .arg("b", 2_u32)
        .arg("c", 3_usize)
        .arg("d", "4")
        .arg("e", String::from("5"));
    assert_eq!(finding.to_string(), "x a=1 b=2 c=3 d=\"4\" e=\"5\"");
    assert_eq!(FindingArg::from(usize::MAX), FindingArg::Int(i64::MAX));
    for (finding, severity) in [
        (Finding::error("x"), Severity::Error),
        (Finding::warning("x"), Severity::Warning),
        (Finding::note("x"), Severity::Note),
    ] {
        assert_eq!(
            (finding.severity, finding.blocks()),
            (severity, severity == Severity::Error)
        );
    }
    assert!(Severity::Note < Severity::Warning && Severity::Warning < Severity::Error);
}
