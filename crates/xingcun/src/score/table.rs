//! The file of figures: header, rows and cells, with a finding at each wrong cell.

use csv::{Reader, ReaderBuilder, StringRecord};
use kernel::{Decimal, Finding, FindingPlace};

/// Largest file of figures, in bytes.
pub const MAX_FILE_BYTES: u64 = 1 << 30;
/// Most rows below the header.
pub const MAX_ROWS: usize = 1_000_000;
/// Most columns.
pub const MAX_COLUMNS: usize = 4096;
/// Longest cell, in bytes.
pub const MAX_CELL_BYTES: usize = 1024;
/// Most findings that are kept; reading goes on only to count rows.
const MAX_FINDINGS: usize = 1000;

/// Which columns of the file are wanted.
pub struct Wanted<'a> {
    /// The column of subjects; `None` for the first one.
    pub subject: Option<&'a str>,
    /// The column of groups, where the scheme has groups.
    pub group: Option<&'a str>,
    /// The columns of figures, in the order in which a row gives them.
    pub figures: Vec<String>,
    /// Columns that are read as text where the file has them.
    pub extras: Vec<&'static str>,
}

/// One row of the file.
pub struct Row<'r> {
    /// Who.
    pub subject: &'r str,
    /// Of which group; empty where the scheme has none.
    pub group: &'r str,
    /// The wanted figures.
    pub figures: &'r [Figure],
    record: &'r StringRecord,
    extras: &'r [Option<usize>],
}

/// A cell of a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Figure {
    /// Empty.
    Missing,
    /// `digits / 10^places`, not below 0: what nearly all cells are.
    Short {
        /// At most 18 digits.
        digits: i64,
        /// Places after the point.
        places: u8,
    },
    /// Any other decimal.
    Long(Decimal),
}

impl Row<'_> {
    /// The text of an extra column, by its position in [`Wanted::extras`]; empty where the cell is
    /// or the column is not there.
    pub fn extra(&self, extra: usize) -> &str {
        let column = self.extras.get(extra).copied().flatten();
        trimmed(column.and_then(|column| self.record.get(column)))
    }
}

/// A cell of a row, as the one who takes the row knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The subject's name.
    Subject,
    /// A figure, by its position in [`Row::figures`].
    Figure(usize),
    /// An extra column, by its position in [`Wanted::extras`].
    Extra(usize),
}

/// What is wrong with a row in the eyes of the one who takes it.
pub type Complaints = Vec<(Part, Finding)>;

/// Reads the text row by row. `each` gets every row whose cells can be read and may complain about
/// cells; `progress` is told the bytes read so far, now and then. The findings tell the rest.
pub fn read(
    text: &str,
    wanted: &Wanted<'_>,
    each: &mut dyn FnMut(&Row<'_>) -> Complaints,
    progress: &dyn Fn(u64),
) -> Vec<Finding> {
    let reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut table = TableReader {
        text,
        reader,
        record: StringRecord::new(),
        row: 0,
        inner_line_ends: 0,
        findings: Vec::new(),
    };
    table.read(wanted, each, progress);
    table.findings
}

struct TableReader<'t> {
    text: &'t str,
    reader: Reader<&'t [u8]>,
    record: StringRecord,
    /// Row of the current record as a spreadsheet numbers it, from 1.
    row: u32,
    /// Line ends within quoted cells so far: a spreadsheet does not count them as rows.
    inner_line_ends: u64,
    findings: Vec<Finding>,
}

/// Positions of the wanted columns in the file.
struct Header {
    width: usize,
    subject: usize,
    group: Option<usize>,
    figures: Vec<usize>,
    extras: Vec<Option<usize>>,
}

impl TableReader<'_> {
    fn report(&mut self, column: usize, finding: Finding) {
        if self.findings.len() < MAX_FINDINGS {
            self.findings.push(finding.at(FindingPlace::Cell {
                sheet: String::new(),
                column: u32::try_from(column + 1).unwrap_or(u32::MAX),
                row: self.row,
            }));
        }
    }

    /// The line on which a record begins. The reader skips empty lines, and the second half of a
    /// line end of Windows, only after it has told where it is.
    fn first_line(&self, start: &csv::Position) -> u64 {
        let rest = usize::try_from(start.byte())
            .ok()
            .and_then(|byte| self.text.as_bytes().get(byte..))
            .unwrap_or_default();
        let skipped = rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n'));
        let line_ends = skipped.map(|byte| u64::from(*byte == b'\n')).sum::<u64>();
        start.line() + line_ends
    }

    /// The next record; `false` at the end, or where the file cannot be read further.
    fn next(&mut self) -> bool {
        match self.reader.read_record(&mut self.record) {
            Ok(false) => false,
            Ok(true) => {
                let start = self
                    .record
                    .position()
                    .map_or(1, |start| self.first_line(start));
                let row = start.saturating_sub(self.inner_line_ends);
                self.row = u32::try_from(row).unwrap_or(u32::MAX);
                let inner = self.record.as_slice().matches('\n').count();
                self.inner_line_ends += u64::try_from(inner).unwrap_or(u64::MAX);
                true
            }
            Err(error) => {
                let line = error.position().map_or(1, csv::Position::line);
                self.row = u32::try_from(line).unwrap_or(u32::MAX);
                self.report(0, Finding::error("sheet-csv"));
                false
            }
        }
    }

    fn read(
        &mut self,
        wanted: &Wanted<'_>,
        each: &mut dyn FnMut(&Row<'_>) -> Complaints,
        progress: &dyn Fn(u64),
    ) {
        if !self.next() {
            if self.findings.is_empty() {
                self.findings.push(Finding::error("sheet-empty"));
            }
            return;
        }
        let Some(header) = self.header(wanted) else {
            return;
        };
        let mut figures = vec![Figure::Missing; header.figures.len()];
        let mut rows = 0;
        while self.next() {
            // Spreadsheets save the empty rows below a table too.
            if self.record.iter().all(|cell| cell.trim().is_empty()) {
                continue;
            }
            rows += 1;
            if rows > MAX_ROWS {
                let finding = Finding::error("sheet-too-large")
                    .arg("what", "rows")
                    .arg("limit", MAX_ROWS);
                self.report(0, finding);
                return;
            }
            if self.row.is_multiple_of(4096) {
                progress(self.reader.position().byte());
            }
            if !self.cells(&header, &mut figures) {
                continue;
            }
            let group = header.group.and_then(|group| self.record.get(group));
            let complaints = each(&Row {
                subject: trimmed(self.record.get(header.subject)),
                group: trimmed(group),
                figures: &figures,
                record: &self.record,
                extras: &header.extras,
            });
            for (part, finding) in complaints {
                let column = match part {
                    Part::Subject => header.subject,
                    Part::Figure(figure) => header.figures[figure],
                    Part::Extra(extra) => header.extras[extra].unwrap_or(header.subject),
                };
                self.report(column, finding);
            }
        }
        if rows == 0 {
            self.findings.push(Finding::error("sheet-empty"));
        }
    }

    fn header(&mut self, wanted: &Wanted<'_>) -> Option<Header> {
        let names: Vec<String> = self
            .record
            .iter()
            .map(|name| name.trim().to_owned())
            .collect();
        if names.len() > MAX_COLUMNS {
            let finding = Finding::error("sheet-too-large")
                .arg("what", "columns")
                .arg("limit", MAX_COLUMNS);
            self.report(MAX_COLUMNS, finding);
            return None;
        }
        let subject = match wanted.subject {
            None => Some(0),
            Some(name) => self.column(&names, name),
        };
        let group = match wanted.group {
            None => Some(None),
            Some(name) => self.column(&names, name).map(Some),
        };
        let figures: Vec<Option<usize>> = wanted
            .figures
            .iter()
            .map(|name| self.column(&names, name))
            .collect();
        let header = Header {
            width: names.len(),
            subject: subject?,
            group: group?,
            figures: figures.into_iter().collect::<Option<Vec<usize>>>()?,
            extras: wanted
                .extras
                .iter()
                .map(|extra| names.iter().position(|name| name == extra))
                .collect(),
        };
        self.note_unused(&names, &header);
        Some(header)
    }

    /// The one column of a name.
    fn column(&mut self, names: &[String], wanted: &str) -> Option<usize> {
        let mut found = names
            .iter()
            .enumerate()
            .filter(|(_, name)| *name == wanted)
            .map(|(position, _)| position);
        let (first, second) = (found.next(), found.next());
        if let Some(second) = second {
            let finding = Finding::error("score-column-twice").arg("found", wanted);
            self.report(second, finding);
            return None;
        }
        if first.is_none() {
            let finding = Finding::error("score-column-absent")
                .arg("expected", wanted)
                .arg(
                    "found",
                    names.join(", ").chars().take(500).collect::<String>(),
                );
            self.report(0, finding);
        }
        first
    }

    fn note_unused(&mut self, names: &[String], header: &Header) {
        let used = |position: usize| {
            position == header.subject
                || header.group == Some(position)
                || header.figures.contains(&position)
                || header.extras.contains(&Some(position))
        };
        let unused: Vec<&str> = names
            .iter()
            .enumerate()
            .filter(|(position, _)| !used(*position))
            .map(|(_, name)| name.as_str())
            .collect();
        if !unused.is_empty() {
            let names: String = unused.join(", ").chars().take(500).collect();
            self.findings
                .push(Finding::note("score-columns-unused").arg("found", names));
        }
    }

    /// Reads the wanted cells of the record; `false` where one of them has a finding.
    fn cells(&mut self, header: &Header, figures: &mut [Figure]) -> bool {
        let mut good = true;
        if self.record.len() != header.width {
            let finding = Finding::error("score-row-length")
                .arg("found", self.record.len())
                .arg("expected", header.width);
            self.report(self.record.len().min(header.width), finding);
            good = false;
        }
        good &= self.name_cell(header.subject, true);
        if let Some(group) = header.group {
            good &= self.name_cell(group, false);
        }
        for (figure, column) in figures.iter_mut().zip(&header.figures) {
            match number(self.record.get(*column).unwrap_or_default()) {
                Ok(value) => *figure = value,
                Err(finding) => {
                    self.report(*column, finding);
                    good = false;
                }
            }
        }
        good
    }

    /// Checks the cell of a subject or a group.
    fn name_cell(&mut self, column: usize, subject: bool) -> bool {
        let name = trimmed(self.record.get(column));
        let finding = if name.is_empty() && subject {
            Finding::error("score-subject-empty")
        } else if name.len() > MAX_CELL_BYTES {
            Finding::error("sheet-too-large")
                .arg("what", "cell")
                .arg("limit", MAX_CELL_BYTES)
        } else if name.chars().any(char::is_control) {
            Finding::error("score-name-control").arg("found", name.escape_debug().to_string())
        } else {
            return true;
        };
        self.report(column, finding);
        false
    }
}

fn trimmed(cell: Option<&str>) -> &str {
    cell.unwrap_or_default().trim()
}

/// An exact decimal, or none for an empty cell. Spaces around it are no part of it.
fn number(cell: &str) -> Result<Figure, Finding> {
    if let Some((digits, places)) = short_number(cell) {
        return Ok(Figure::Short { digits, places });
    }
    let cell = cell.trim();
    if cell.is_empty() {
        return Ok(Figure::Missing);
    }
    cell.parse::<Decimal>().map(Figure::Long).map_err(|error| {
        let shown: String = cell.chars().take(60).collect();
        Finding::error(error.code()).arg("found", shown)
    })
}

/// What [`Decimal`]'s own reader gives for digits with at most one point between them, in 64 bits:
/// a file has millions of such cells. `None` for everything else.
fn short_number(cell: &str) -> Option<(i64, u8)> {
    const LONGEST: usize = 18;
    let bytes = cell.as_bytes();
    let (first, last) = (bytes.first()?, bytes.last()?);
    if bytes.len() > LONGEST || !first.is_ascii_digit() || !last.is_ascii_digit() {
        return None;
    }
    let mut digits = 0_i64;
    let mut point = None;
    for (position, byte) in bytes.iter().enumerate() {
        match byte {
            b'0'..=b'9' => digits = digits * 10 + i64::from(byte - b'0'),
            b'.' if point.is_none() => point = Some(position),
            _ => return None,
        }
    }
    let places = point.map_or(0, |point| bytes.len() - 1 - point);
    Some((digits, u8::try_from(places).ok()?))
}

#[cfg(test)]
mod tests {
    use kernel::{Decimal, Finding};

    use super::{Figure, Part, Row, Wanted, read};

    /// Reads with the figures `a` and `b` wanted; gives rows and findings as text.
    fn reading(
        text: &str,
        subject: Option<&str>,
        group: Option<&str>,
    ) -> (Vec<String>, Vec<String>) {
        let wanted = Wanted {
            subject,
            group,
            figures: vec!["a".into(), "b".into()],
            extras: vec!["lot"],
        };
        let mut rows = Vec::new();
        let mut each = |row: &Row<'_>| {
            let figures: Vec<String> = row
                .figures
                .iter()
                .map(|figure| match figure {
                    Figure::Missing => "-".to_owned(),
                    Figure::Short { digits, places } => {
                        Decimal::new((*digits).into(), *places).to_string()
                    }
                    Figure::Long(number) => number.to_string(),
                })
                .collect();
            let (figures, lot) = (figures.join(" "), row.extra(0));
            rows.push(format!("{}/{} {figures}{lot}", row.subject, row.group));
            match row.subject {
                "丁" => vec![(Part::Figure(1), Finding::error("value-out-of-range"))],
                _ => Vec::new(),
            }
        };
        let findings = read(text, &wanted, &mut each, &|_| ());
        let findings = findings
            .iter()
            .map(|finding| format!("{} {}", finding.place, finding.code))
            .collect();
        (rows, findings)
    }

    #[test]
    fn keeps_the_order_of_rows_and_the_exact_figures() {
        let (rows, findings) = reading("v,b,a\n甲, 1.50 ,\"2\"\n乙,,-0.10\n", None, None);
        assert_eq!(rows, ["甲/ 2 1.5", "乙/ -0.1 -"]);
        assert_eq!(findings, Vec::<String>::new());
    }

    #[test]
    fn takes_the_named_columns() {
        let (rows, findings) = reading("x,a,b,town,v\n9,1,2,东,甲\n", Some("v"), Some("town"));
        assert_eq!(rows, ["甲/东 1 2"]);
        assert_eq!(findings, [" score-columns-unused"]);
        let (rows, findings) = reading("v,lot,a,b\n甲, 7 ,1,2\n", None, None);
        assert_eq!(rows, ["甲/ 1 27"]);
        assert_eq!(findings, Vec::<String>::new());
    }

    #[test]
    fn says_which_cell_is_wrong() {
        for (text, expected) in [
            ("", vec![" sheet-empty"]),
            ("v,a,b\n", vec![" sheet-empty"]),
            ("v,a\n甲,1\n", vec!["A1 score-column-absent"]),
            ("v,a,b,a\n甲,1,2,3\n", vec!["D1 score-column-twice"]),
            ("v,a,b\n甲,1e5,2\n", vec!["B2 decimal-not-plain"]),
            ("v,a,b\n甲,1,\"1,000\"\n", vec!["C2 decimal-not-plain"]),
            ("v,a,b\n甲,１,2\n", vec!["B2 decimal-not-plain"]),
            (
                "v,a,b\n甲,missing,无\n",
                vec!["B2 decimal-not-plain", "C2 decimal-not-plain"],
            ),
            ("v,a,b\n甲,1\n", vec!["C2 score-row-length"]),
            ("v,a,b\n甲,1,2,3\n", vec!["D2 score-row-length"]),
            ("v,a,b\n ,1,2\n", vec!["A2 score-subject-empty"]),
            ("v,b,a\n甲,1,2\n丁,1,2\n", vec!["B3 value-out-of-range"]),
            ("v,a,b\n\"甲\u{7}\",1,2\n", vec!["A2 score-name-control"]),
            ("v,a,b\n\n甲,x,2\n", vec!["B3 decimal-not-plain"]),
            (
                "v,a,b\r\n甲,1,2\r\n\r\n乙,x,2\r\n",
                vec!["B4 decimal-not-plain"],
            ),
            (
                "\nv,a,b\n甲,1,2\n,,\n , ,\n乙,x,2",
                vec!["B6 decimal-not-plain"],
            ),
            (
                "v,a,b,n\n甲,1,2,\"two\nlines\"\n乙,x,2,\n",
                vec!["B3 decimal-not-plain"],
            ),
        ] {
            let (_, findings) = reading(text, None, None);
            let findings: Vec<&str> = findings
                .iter()
                .map(String::as_str)
                .filter(|finding| !finding.ends_with("unused"))
                .collect();
            assert_eq!(findings, expected, "{text:?}");
        }
    }

    #[test]
    fn the_short_way_reads_as_the_long_one() {
        for cell in [
            "0",
            "7",
            "007",
            "12.50",
            "0.10",
            "0.0",
            "1.000000000000001",
            "123456789012345678",
            "1234567890123456.7",
            "1.",
            ".5",
            "1.2.3",
            "-1",
            "+1",
            "1e5",
            " 1",
            "1,0",
            "１",
            "",
            "1234567890123456789",
        ] {
            let long = cell.parse().ok();
            if let Some((digits, places)) = super::short_number(cell) {
                let short = Decimal::new(digits.into(), places);
                assert_eq!(Some(short), long, "{cell}");
            }
        }
        assert!(super::short_number("12.50").is_some());
    }

    #[test]
    fn a_row_with_a_wrong_cell_is_not_computed() {
        let (rows, findings) = reading("v,a,b\n甲,1,x\n乙,3,4\n", None, None);
        assert_eq!(rows, ["乙/ 3 4"]);
        assert_eq!(findings.len(), 1);
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_answered(text in "([a-cv,\"\\r\\n 0-9.村=-]|\\PC){0,80}") {
            let (rows, findings) = reading(&text, None, None);
            proptest::prop_assert!(findings.len() + rows.len() <= text.len() + 1);
            // Behind a good header the same text is rows.
            reading(&format!("v,a,b\n{text}"), None, None);
        }

        #[test]
        fn the_short_way_never_differs(cell in "[0-9]{0,12}[.]?[0-9]{0,12}") {
            if let Some((digits, places)) = super::short_number(&cell) {
                let short = Decimal::new(digits.into(), places);
                proptest::prop_assert_eq!(Ok(short), cell.parse());
            }
        }
    }
}
