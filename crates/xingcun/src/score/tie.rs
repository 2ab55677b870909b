//! What decides ties beside marks and figures: when a subject was submitted, and its lot.

use kernel::{Day, Finding, Instant};
use score::{ColumnsBuilder, Scheme, TieBreak};

use super::table::{Complaints, Part, Row};

/// The columns a file may have for ties, where the scheme's chain reads them.
const LOT: &str = "lot";
const SUBMITTED: &str = "submitted";

/// The columns that the scheme's chain of ties reads.
pub fn columns(scheme: &Scheme) -> Vec<&'static str> {
    let ties = scheme.rank.as_ref().map_or(&[][..], |rank| &rank.ties);
    let mut columns = Vec::new();
    if ties.iter().any(|tie| matches!(tie, TieBreak::Lot(_))) {
        columns.push(LOT);
    }
    if ties.iter().any(|tie| matches!(tie, TieBreak::Submitted(_))) {
        columns.push(SUBMITTED);
    }
    columns
}

/// Takes the cells of a row over to its subject.
pub fn read(
    columns: &[&'static str],
    row: &Row<'_>,
    subject: usize,
    builder: &mut ColumnsBuilder<'_>,
) -> Complaints {
    let mut complaints = Complaints::new();
    for (extra, column) in columns.iter().enumerate() {
        let cell = row.extra(extra);
        let read = match *column {
            _ if cell.is_empty() => Some(()),
            LOT => lot(cell).map(|lot| builder.lot(subject, lot)),
            _ => instant(cell).map(|at| builder.submitted(subject, at)),
        };
        if read.is_none() {
            let code = match *column {
                LOT => "score-not-a-lot",
                _ => "score-not-a-time",
            };
            let shown: String = cell.chars().take(60).collect();
            complaints.push((Part::Extra(extra), Finding::error(code).arg("found", shown)));
        }
    }
    complaints
}

/// A whole number from 0, in plain digits.
fn lot(cell: &str) -> Option<u64> {
    let plain = cell.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| cell.parse().ok()).flatten()
}

/// `2026-10-14` or `2026-10-14 09:20`, in China's time.
fn instant(cell: &str) -> Option<Instant> {
    const MINUTE_MS: i64 = 60_000;
    let (day, clock) = cell.split_once([' ', 'T']).unwrap_or((cell, "00:00"));
    let day: Day = day.parse().ok()?;
    let (hour, minute) = clock.split_once(':')?;
    let number = |text: &str, below: u64| {
        let two = text.len() == 2;
        lot(text).filter(|number| two && *number < below)
    };
    let minutes = number(hour, 24)? * 60 + number(minute, 60)?;
    let since_midnight_ms = i64::try_from(minutes).ok()? * MINUTE_MS;
    Some(Instant(day.start().0 + since_midnight_ms))
}

#[cfg(test)]
mod tests {
    #[test]
    fn reads_lots_and_times_of_china() {
        for (cell, expected) in [
            ("2026-10-14 09:20", Some("2026-10-14 09:20")),
            ("2026-10-14T23:59", Some("2026-10-14 23:59")),
            ("2026-10-14", Some("2026-10-14 00:00")),
            ("2026-10-14 24:00", None),
            ("2026-10-14 9:20", None),
            ("2026-10-14 09:60", None),
            ("2026-02-30", None),
            ("yesterday", None),
        ] {
            let found = super::instant(cell).map(kernel::Instant::minute_text);
            assert_eq!(found.as_deref(), expected, "{cell}");
        }
        for (cell, expected) in [("7", Some(7)), ("-1", None), ("1.5", None), ("+1", None)] {
            assert_eq!(super::lot(cell), expected, "{cell}");
        }
    }
}
