//! Results as CSV or JSON, rows in the order of the input.

use std::io::{self, Write};

use kernel::Decimal;
use score::{Cell, Columns, Plan, Results, Values};
use serde_json::{Map, Value};

/// Bytes gathered before they are written.
const CHUNK_BYTES: usize = 1 << 18;

/// What is written.
#[derive(Clone, Copy)]
pub struct Outcome<'a> {
    /// The plan that was evaluated.
    pub plan: &'a Plan,
    /// Over these columns.
    pub columns: &'a Columns,
    /// With these results.
    pub results: &'a Results,
}

/// What a cell of grade or rank holds.
enum Given<T> {
    /// The value.
    Value(T),
    /// It should be there, but the score is missing.
    Missing,
    /// The scheme gives none, or lists the subject without rank.
    None,
}

/// A cell of the table of results.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shown<'a> {
    /// Empty.
    Nothing,
    /// A name that people gave.
    Name(&'a str),
    /// A word of the format or of the scheme.
    Word(&'a str),
    /// A number, as its exact text.
    Number(String),
}

impl Outcome<'_> {
    fn given<T>(&self, subject: usize, asked: bool, value: Option<T>) -> Given<T> {
        match value {
            Some(value) => Given::Value(value),
            None if !asked || self.results.is_excluded(subject) => Given::None,
            None => Given::Missing,
        }
    }

    fn grade(&self, subject: usize) -> Given<&str> {
        let grades = self.plan.scheme().grade.as_ref();
        let grade = self.results.grade(subject);
        let code = grades.and_then(|grades| Some(grades.bands.get(grade?)?.code.as_str()));
        self.given(subject, grades.is_some(), code)
    }

    fn rank(&self, subject: usize) -> Given<u32> {
        let ranked = self.plan.scheme().rank.is_some();
        self.given(subject, ranked, self.results.rank(subject))
    }

    fn rank_in_group(&self, subject: usize) -> Given<u32> {
        let scheme = self.plan.scheme();
        let ranked = scheme.rank.is_some() && self.columns.group(subject).is_some();
        self.given(subject, ranked, self.results.rank_in_group(subject))
    }

    /// Writes `subject,group,score,grade,rank,rank_in_group` and one column per node.
    ///
    /// A value that is missing reads `missing`. Grade and rank are empty where the scheme gives
    /// none. Names that a spreadsheet would run as a formula get an apostrophe in front, see
    /// docs/decisions/0006-csv-names.md.
    pub fn write_csv(&self, out: &mut dyn Write, progress: &dyn Fn(usize)) -> io::Result<()> {
        let mut line: Vec<u8> = Vec::with_capacity(CHUNK_BYTES + 4096);
        line.extend_from_slice(b"subject,group,score,grade,rank,rank_in_group");
        for node in &self.plan.scheme().nodes {
            line.push(b',');
            line.extend_from_slice(node.code.as_bytes());
        }
        line.push(b'\n');
        let nodes = self.plan.scheme().nodes.len();
        for subject in 0..self.columns.len() {
            self.csv_row(&mut line, subject, nodes);
            if line.len() >= CHUNK_BYTES {
                out.write_all(&line)?;
                line.clear();
                progress(subject);
            }
        }
        out.write_all(&line)?;
        out.flush()
    }

    fn csv_row(&self, line: &mut Vec<u8>, subject: usize, nodes: usize) {
        push_name(line, &self.columns.subjects()[subject]);
        line.push(b',');
        push_name(line, self.columns.group(subject).unwrap_or_default());
        line.push(b',');
        self.push_mark(line, self.plan.root(), subject);
        line.push(b',');
        match self.grade(subject) {
            Given::Value(code) => line.extend_from_slice(code.as_bytes()),
            Given::Missing => line.extend_from_slice(b"missing"),
            Given::None => {}
        }
        for rank in [self.rank(subject), self.rank_in_group(subject)] {
            line.push(b',');
            match rank {
                Given::Value(rank) => push_integer(line, u128::from(rank), 1),
                Given::Missing => line.extend_from_slice(b"missing"),
                Given::None => {}
            }
        }
        for node in 0..nodes {
            line.push(b',');
            self.push_mark(line, node, subject);
        }
        line.push(b'\n');
    }

    fn push_mark(&self, line: &mut Vec<u8>, node: usize, subject: usize) {
        let column = self.results.node(node);
        if column.missing.get(subject) || !column.marks.present().get(subject) {
            line.extend_from_slice(b"missing");
            return;
        }
        match column.marks.values() {
            Values::Scaled { scale, numbers, .. } => {
                push_scaled(line, numbers[subject].into(), *scale);
            }
            Values::Exact(numbers) => push_decimal(line, numbers[subject]),
        }
    }

    /// Names of the columns of [`Outcome::write_csv`].
    pub fn header(&self) -> impl Iterator<Item = &str> {
        let nodes = self.plan.scheme().nodes.iter();
        [
            "subject",
            "group",
            "score",
            "grade",
            "rank",
            "rank_in_group",
        ]
        .into_iter()
        .chain(nodes.map(|node| node.code.as_str()))
    }

    /// The cells of a subject's row, in the order of [`Outcome::header`].
    pub fn row(&self, subject: usize) -> Vec<Shown<'_>> {
        let mark = |cell: Cell| match cell {
            Cell::Mark(mark) => Shown::Number(mark.to_string()),
            Cell::Missing { .. } => Shown::Word("missing"),
        };
        let rank = |rank: Given<u32>| match rank {
            Given::Value(rank) => Shown::Number(rank.to_string()),
            Given::Missing => Shown::Word("missing"),
            Given::None => Shown::Nothing,
        };
        let mut row = vec![
            Shown::Name(&self.columns.subjects()[subject]),
            self.columns
                .group(subject)
                .map_or(Shown::Nothing, Shown::Name),
            mark(self.results.score(subject)),
            match self.grade(subject) {
                Given::Value(code) => Shown::Word(code),
                Given::Missing => Shown::Word("missing"),
                Given::None => Shown::Nothing,
            },
            rank(self.rank(subject)),
            rank(self.rank_in_group(subject)),
        ];
        let nodes = 0..self.plan.scheme().nodes.len();
        row.extend(nodes.map(|node| mark(self.results.cell(node, subject))));
        row
    }

    /// Writes a list of objects: the same fields, nodes under `nodes`, numbers as exact text,
    /// `null` for what is missing or not given.
    pub fn write_json(&self, out: &mut dyn Write, progress: &dyn Fn(usize)) -> io::Result<()> {
        let mut out = io::BufWriter::with_capacity(CHUNK_BYTES, out);
        out.write_all(b"[")?;
        for subject in 0..self.columns.len() {
            out.write_all(if subject == 0 { b"\n" } else { b",\n" })?;
            serde_json::to_writer(&mut out, &self.json(subject))?;
            if subject.is_multiple_of(4096) {
                progress(subject);
            }
        }
        out.write_all(b"\n]\n")?;
        out.flush()
    }

    fn json(&self, subject: usize) -> Value {
        let mark = |cell: Cell| match cell {
            Cell::Mark(mark) => Value::from(mark.to_string()),
            Cell::Missing { .. } => Value::Null,
        };
        let rank = |rank: Given<u32>| match rank {
            Given::Value(rank) => Value::from(rank),
            Given::Missing | Given::None => Value::Null,
        };
        let mut nodes = Map::new();
        for (node, definition) in self.plan.scheme().nodes.iter().enumerate() {
            let cell = self.results.cell(node, subject);
            nodes.insert(definition.code.clone(), mark(cell));
        }
        let grade = match self.grade(subject) {
            Given::Value(code) => Value::from(code),
            Given::Missing | Given::None => Value::Null,
        };
        serde_json::json!({
            "subject": self.columns.subjects()[subject],
            "group": self.columns.group(subject),
            "score": mark(self.results.score(subject)),
            "grade": grade,
            "rank": rank(self.rank(subject)),
            "rank_in_group": rank(self.rank_in_group(subject)),
            "nodes": nodes,
        })
    }
}

/// Characters that make a spreadsheet run a cell as a formula, with their full-width twins.
const FORMULA_BEGINS: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];

/// A name, safe for spreadsheets and quoted where CSV needs it.
fn push_name(line: &mut Vec<u8>, name: &str) {
    let quoted = name.contains([',', '"', '\n', '\r']);
    if quoted {
        line.push(b'"');
    }
    if name.starts_with(FORMULA_BEGINS) {
        line.push(b'\'');
    }
    if quoted {
        line.extend_from_slice(name.replace('"', "\"\"").as_bytes());
        line.push(b'"');
    } else {
        line.extend_from_slice(name.as_bytes());
    }
}

/// As `Decimal`'s `Display`, without its 128-bit divisions where 64 bits suffice: a big result has
/// millions of cells.
fn push_decimal(line: &mut Vec<u8>, number: Decimal) {
    match i64::try_from(number.coefficient()) {
        Ok(coefficient) => push_scaled(line, coefficient.into(), number.scale()),
        Err(_) => line.extend_from_slice(number.to_string().as_bytes()),
    }
}

/// `coefficient / 10^scale` without trailing zeros after the point.
fn push_scaled(line: &mut Vec<u8>, coefficient: i128, scale: u8) {
    if coefficient < 0 {
        line.push(b'-');
    }
    let (mut magnitude, mut scale) = (coefficient.unsigned_abs(), usize::from(scale));
    while scale > 0 && even_ten(magnitude) {
        magnitude /= 10;
        scale -= 1;
    }
    push_integer(line, magnitude, scale + 1);
    if scale > 0 {
        line.insert(line.len() - scale, b'.');
    }
}

/// Whether a number can be divided by ten; in 64 bits, which is what nearly all need.
fn even_ten(magnitude: u128) -> bool {
    match u64::try_from(magnitude) {
        Ok(magnitude) => magnitude.is_multiple_of(10),
        Err(_) => magnitude.is_multiple_of(10),
    }
}

/// An integer with at least so many digits.
fn push_integer(line: &mut Vec<u8>, magnitude: u128, least_digits: usize) {
    let mut digits = [b'0'; 40];
    let mut first = digits.len();
    let mut rest = magnitude;
    while rest > u128::from(u64::MAX) {
        first -= 1;
        digits[first] += u8::try_from(rest % 10).expect("below 10");
        rest /= 10;
    }
    let mut rest = u64::try_from(rest).expect("the loop above saw to it");
    while rest > 0 {
        first -= 1;
        digits[first] += u8::try_from(rest % 10).expect("below 10");
        rest /= 10;
    }
    while digits.len() - first < least_digits.min(digits.len()) {
        first -= 1;
    }
    for _ in digits.len()..least_digits {
        line.push(b'0');
    }
    line.extend_from_slice(&digits[first..]);
}

#[cfg(test)]
mod tests {
    use kernel::Decimal;

    use super::{push_decimal, push_name, push_scaled};

    fn text(push: impl Fn(&mut Vec<u8>)) -> String {
        let mut line = b"before,".to_vec();
        push(&mut line);
        String::from_utf8(line).unwrap().replacen("before,", "", 1)
    }

    #[test]
    fn numbers_are_written_as_decimals_are_shown() {
        for coefficient in [
            0,
            1,
            -1,
            10,
            -1050,
            999_999,
            i128::from(i64::MAX),
            i128::from(i64::MIN),
            12_345_678_901_234_567_890_123_456_789,
        ] {
            for scale in [0, 1, 2, 5, 19, 24, 45, 60] {
                let number = Decimal::new(coefficient, scale);
                let shown = number.to_string();
                assert_eq!(text(|line| push_decimal(line, number)), shown);
                assert_eq!(text(|line| push_scaled(line, coefficient, scale)), shown);
            }
        }
    }

    #[test]
    fn names_are_quoted_and_never_run_as_formulas() {
        for (name, expected) in [
            ("店子村", "店子村"),
            ("", ""),
            ("a,b", "\"a,b\""),
            ("say \"a\"", "\"say \"\"a\"\"\""),
            ("=1+1", "'=1+1"),
            ("-5", "'-5"),
            ("@a,b", "\"'@a,b\""),
            ("＝1", "'＝1"),
            ("a=1", "a=1"),
        ] {
            assert_eq!(text(|line| push_name(line, name)), expected);
        }
    }
}
