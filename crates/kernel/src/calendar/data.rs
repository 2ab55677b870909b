//! The yearly notice as data, and what can be wrong with it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::WorkCalendar;
use crate::finding::Finding;
use crate::time::Day;

/// Longest stretch of days off in one entry; the longest ever set was ten days.
const MAX_STRETCH_DAYS: i64 = 31;
/// Most stretches, and most make-up days, of one year.
const MAX_ENTRIES: usize = 60;

/// One year's notice on days off (国务院办公厅关于部分节假日安排的通知).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CalendarData {
    /// The year it arranges.
    pub year: i16,
    /// The notice, as people cite it.
    pub source: String,
    /// Stretches of days off, weekends within them included.
    pub off: Vec<DaysOff>,
    /// Make-up days: days of a weekend on which people work.
    pub work: Vec<Day>,
}

/// A stretch of days off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DaysOff {
    /// What is celebrated: 春节.
    pub name: String,
    /// First day.
    pub from: Day,
    /// Last day.
    pub to: Day,
}

pub(super) fn build(data: &[CalendarData]) -> (WorkCalendar, Vec<Finding>) {
    let mut builder = Builder::default();
    for year in data {
        builder.add(year);
    }
    (builder.calendar, builder.findings)
}

#[derive(Default)]
struct Builder {
    calendar: WorkCalendar,
    findings: Vec<Finding>,
}

impl Builder {
    fn add(&mut self, data: &CalendarData) {
        if !self.calendar.years.insert(data.year) {
            self.find(data, Finding::error("calendar-year-twice").field("year"));
            return;
        }
        if data.off.is_empty() {
            // No notice is empty; without this an unfinished file would hide that it is unknown.
            self.calendar.years.remove(&data.year);
            self.find(data, Finding::error("calendar-year-empty").field("off"));
            return;
        }
        if data.off.len() > MAX_ENTRIES || data.work.len() > MAX_ENTRIES {
            self.calendar.years.remove(&data.year);
            self.find(data, Finding::error("calendar-too-long"));
            return;
        }
        let mut days = BTreeMap::new();
        for (i, stretch) in data.off.iter().enumerate() {
            self.add_off(data, i, stretch, &mut days);
        }
        for (i, day) in data.work.iter().enumerate() {
            self.add_work(data, i, *day, &mut days);
        }
        self.merge(data, days);
    }

    fn add_off(
        &mut self,
        data: &CalendarData,
        i: usize,
        stretch: &DaysOff,
        days: &mut BTreeMap<Day, bool>,
    ) {
        let (first, last) = (stretch.from.days_since_1970(), stretch.to.days_since_1970());
        let fault = if first > last {
            Some("calendar-stretch-reversed")
        } else if last - first >= MAX_STRETCH_DAYS {
            Some("calendar-stretch-too-long")
        } else if !belongs(data.year, stretch.from) || !belongs(data.year, stretch.to) {
            Some("calendar-day-of-other-year")
        } else {
            None
        };
        if let Some(code) = fault {
            let finding = Finding::error(code)
                .field(format!("off.{i}"))
                .arg("from", stretch.from.to_string())
                .arg("to", stretch.to.to_string());
            self.find(data, finding);
            return;
        }
        for day in (first..=last).map(Day::from_days_since_1970) {
            if days.insert(day, false).is_some() {
                let finding = Finding::warning("calendar-day-twice").field(format!("off.{i}"));
                self.find(data, finding.arg("day", day.to_string()));
            }
        }
    }

    fn add_work(
        &mut self,
        data: &CalendarData,
        i: usize,
        day: Day,
        days: &mut BTreeMap<Day, bool>,
    ) {
        let finding = if !belongs(data.year, day) {
            Finding::error("calendar-day-of-other-year")
                .arg("from", day.to_string())
                .arg("to", day.to_string())
        } else if days.get(&day) == Some(&false) {
            Finding::error("calendar-day-off-and-work").arg("day", day.to_string())
        } else if days.insert(day, true).is_some() {
            Finding::warning("calendar-day-twice").arg("day", day.to_string())
        } else if !day.is_weekend() {
            Finding::warning("calendar-work-on-weekday").arg("day", day.to_string())
        } else {
            return;
        };
        self.find(data, finding.field(format!("work.{i}")));
    }

    /// Two notices may both speak of a December; they must not contradict each other.
    fn merge(&mut self, data: &CalendarData, days: BTreeMap<Day, bool>) {
        for (day, works) in days {
            let before = *self.calendar.exceptions.entry(day).or_insert(works);
            if before != works {
                let finding = Finding::error("calendar-day-off-and-work");
                self.find(data, finding.arg("day", day.to_string()));
            }
        }
    }

    fn find(&mut self, data: &CalendarData, finding: Finding) {
        self.findings
            .push(finding.arg("year", i64::from(data.year)));
    }
}

/// A notice arranges days of its year, and days of the December before: for New Year's Day 2019
/// people worked on 2018-12-29.
fn belongs(year: i16, day: Day) -> bool {
    day.year() == year || (day.year() + 1 == year && day.month() == 12)
}
