//! `calendars/*.toml`: one notice on days off per file, checked by the kernel.

use std::ops::Range;

use kernel::calendar::{CalendarData, WorkCalendar};
use kernel::{Finding, FindingPlace};
use toml::de::{DeTable, DeValue};

use crate::document::Document;

/// A year's notice and the file it stands in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CalendarFile {
    /// Path within the pack.
    pub path: String,
    /// What the file says.
    pub data: CalendarData,
}

impl CalendarFile {
    /// Reads a file; `None` where it is no calendar.
    pub(crate) fn parse(
        path: &str,
        document: Document<'_>,
        findings: &mut Vec<Finding>,
    ) -> Option<CalendarFile> {
        let before = findings.len();
        let table = document.table(findings);
        if findings.len() > before {
            return None;
        }
        let data: CalendarData = match toml::from_str(document.text) {
            Ok(data) => data,
            Err(error) => {
                findings.push(
                    document
                        .error("pack-calendar-malformed", error.span().unwrap_or(0..0))
                        .arg("reason", error.message()),
                );
                return None;
            }
        };
        let (_, faults) = WorkCalendar::build(std::slice::from_ref(&data));
        for fault in faults {
            let span = match &fault.place {
                FindingPlace::Field(path) => span_of(table.get_ref(), path),
                _ => 0..0,
            };
            findings.push(fault.at(document.place(span)));
        }
        Some(CalendarFile {
            path: path.to_owned(),
            data,
        })
    }
}

/// Where the value of a path such as `off.3` stands; the file's start where there is none.
fn span_of(table: &DeTable<'_>, path: &str) -> Range<usize> {
    let mut parts = path.split('.');
    let Some(mut value) = parts.next().and_then(|key| table.get(key)) else {
        return 0..0;
    };
    for part in parts {
        let below = match value.get_ref() {
            DeValue::Table(table) => table.get(part),
            DeValue::Array(list) => part.parse().ok().and_then(|index: usize| list.get(index)),
            _ => None,
        };
        match below {
            Some(below) => value = below,
            None => break,
        }
    }
    value.span()
}
