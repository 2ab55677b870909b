//! Bytes that say the same thing in the same way on every machine, for digests.
//!
//! Numbers are written as their decimal text without trailing zeros, whatever column kept them, so
//! a digest does not depend on representation, threads or database.

use kernel::Decimal;
use sha2::{Digest, Sha256};

use crate::columns::Columns;
use crate::plan::Plan;
use crate::results::{Cell, Results};
use crate::scheme::Scheme;

/// Where canonical bytes go: a digest, or memory.
pub trait Sink {
    /// More bytes.
    fn take(&mut self, bytes: &[u8]);
}

impl Sink for Vec<u8> {
    fn take(&mut self, bytes: &[u8]) {
        self.extend_from_slice(bytes);
    }
}

impl Sink for Sha256 {
    fn take(&mut self, bytes: &[u8]) {
        self.update(bytes);
    }
}

/// Fields are separated by a byte that no text of ours holds, records end with another.
const FIELD: &[u8] = &[0x1f];
const RECORD: &[u8] = &[0x1e];

struct Writer<'a, S: Sink> {
    sink: &'a mut S,
    buffer: String,
}

impl<S: Sink> Writer<'_, S> {
    fn text(&mut self, text: &str) {
        // A length first: a subject's code may hold any character.
        self.number(text.len());
        self.sink.take(text.as_bytes());
        self.sink.take(FIELD);
    }

    fn number(&mut self, number: usize) {
        self.sink.take(number.to_string().as_bytes());
        self.sink.take(FIELD);
    }

    fn decimal(&mut self, value: Option<Decimal>) {
        use std::fmt::Write as _;
        self.buffer.clear();
        if let Some(value) = value {
            write!(self.buffer, "{value}").expect("a text takes everything");
        }
        self.sink.take(self.buffer.as_bytes());
        self.sink.take(FIELD);
    }

    fn end(&mut self) {
        self.sink.take(RECORD);
    }
}

/// The canonical bytes of a scheme: its JSON, fields in the order of the format's definition.
pub fn canonical_scheme(scheme: &Scheme, sink: &mut impl Sink) {
    let json = serde_json::to_vec(scheme).expect("a scheme is made of texts, lists and tables");
    sink.take(&json);
    sink.take(RECORD);
}

/// The canonical bytes of columns: the inputs' names, then a record per subject.
pub fn canonical_columns(plan: &Plan, columns: &Columns, sink: &mut impl Sink) {
    let mut writer = Writer {
        sink,
        buffer: String::new(),
    };
    for input in &plan.inputs {
        writer.text(&input.name());
    }
    writer.end();
    for (subject, code) in columns.subjects.iter().enumerate() {
        writer.text(code);
        writer.text(columns.group(subject).unwrap_or_default());
        let submitted = columns.submitted[subject].map(|at| at.0.to_string());
        writer.text(&submitted.unwrap_or_default());
        let lot = columns.lots[subject].map(|lot| lot.to_string());
        writer.text(&lot.unwrap_or_default());
        for column in &columns.inputs {
            writer.decimal(column.get(subject));
        }
        writer.end();
    }
}

/// The canonical bytes of results: a record per subject with every node's mark, grade and ranks.
pub fn canonical_results(plan: &Plan, columns: &Columns, results: &Results, sink: &mut impl Sink) {
    let mut writer = Writer {
        sink,
        buffer: String::new(),
    };
    for (subject, code) in columns.subjects.iter().enumerate() {
        writer.text(code);
        for node in 0..plan.steps.len() {
            let cell = results.cell(node, subject);
            let state = match cell {
                Cell::Mark(_) => "",
                Cell::Missing { held: false, .. } => "missing",
                Cell::Missing { held: true, .. } => "held",
            };
            writer.text(state);
            writer.decimal(cell.counted());
        }
        let grades = plan.scheme.grade.as_ref();
        let grade = results.grade(subject).zip(grades);
        let grade = grade.map_or("", |(grade, grades)| &grades.bands[grade].code);
        writer.text(grade);
        let rank = |rank: Option<u32>| rank.map_or(0, |rank| rank as usize);
        writer.number(rank(results.rank(subject)));
        writer.number(rank(results.rank_in_group(subject)));
        writer.end();
    }
}

/// SHA-256 over scheme, columns and results: equal for equal meaning.
pub fn digest(plan: &Plan, columns: &Columns, results: &Results) -> [u8; 32] {
    let mut hash = Sha256::new();
    canonical_scheme(&plan.scheme, &mut hash);
    canonical_columns(plan, columns, &mut hash);
    canonical_results(plan, columns, results, &mut hash);
    hash.finalize().into()
}
