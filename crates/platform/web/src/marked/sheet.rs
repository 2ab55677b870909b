//! The cells of a sheet with marked styles; cells that are not there yet are put in.

use kernel::finding::cell_name;

use super::Marks;
use super::styles::prefix_of;
use super::tag::{Tag, tags};

/// What must stand behind the drawing of comments, by the order that the format prescribes.
const BEHIND_COMMENTS: &[&str] = &[
    "legacyDrawingHF",
    "drawingHF",
    "picture",
    "oleObjects",
    "controls",
    "webPublishItems",
    "tableParts",
    "extLst",
];

/// The sheet with its marks. `style` gives the marked variant of a cell style; `drawing` is the id
/// of the relationship to the drawing of the comments, where there is one.
pub(super) fn patch(
    xml: &str,
    marks: &Marks,
    style: &mut dyn FnMut(usize) -> usize,
    drawing: Option<&str>,
) -> String {
    let mut writer = Writer {
        xml,
        marks: marks.keys().copied().collect(),
        next: 0,
        style,
        prefix: String::new(),
        written: String::with_capacity(xml.len() + marks.len() * 32),
        from: 0,
        row: 0,
        column: 0,
    };
    let mut within_data = false;
    let mut depth = 0_usize;
    let mut drawn = drawing.is_none();
    for tag in tags(xml) {
        if tag.is_end() {
            depth = depth.saturating_sub(1);
        }
        match (tag.name(), tag.is_end()) {
            ("worksheet", false) => writer.prefix = prefix_of(&tag),
            ("sheetData", false) => {
                if tag.is_closed() {
                    writer.fill_closed(&tag);
                } else {
                    within_data = true;
                }
            }
            ("sheetData", true) => {
                writer.rows_before(u32::MAX, tag.start);
                within_data = false;
            }
            ("row", false) if within_data => writer.begin_row(&tag),
            ("row", true) if within_data => writer.cells_before(u32::MAX, tag.start),
            ("c", false) if within_data => writer.cell(&tag),
            _ => {}
        }
        let is_behind = depth == 1 && !tag.is_end() && BEHIND_COMMENTS.contains(&tag.name());
        let is_last = tag.name() == "worksheet" && tag.is_end();
        if !drawn && (is_behind || is_last) {
            drawn = true;
            writer.drawing(drawing.unwrap_or_default(), tag.start);
        }
        if !tag.is_end() && !tag.is_closed() {
            depth += 1;
        }
    }
    writer.copy_to(xml.len());
    writer.written
}

struct Writer<'x, 's> {
    xml: &'x str,
    /// Row and column of every mark, in order.
    marks: Vec<(u32, u32)>,
    /// The first mark that is not written yet.
    next: usize,
    style: &'s mut dyn FnMut(usize) -> usize,
    prefix: String,
    written: String,
    /// Up to where the sheet is copied.
    from: usize,
    row: u32,
    column: u32,
}

impl Writer<'_, '_> {
    fn copy_to(&mut self, at: usize) {
        self.written.push_str(&self.xml[self.from..at]);
        self.from = at;
    }

    fn empty_cell(&mut self, (row, column): (u32, u32)) {
        let style = (self.style)(0);
        let (prefix, name) = (&self.prefix, cell_name(column, row));
        self.written
            .push_str(&format!("<{prefix}c r=\"{name}\" s=\"{style}\"/>"));
    }

    /// Rows of marks that the sheet does not have, before a row, or before the end of all.
    fn rows_before(&mut self, row: u32, at: usize) {
        self.copy_to(at);
        while let Some(&(marked, _)) = self.marks.get(self.next).filter(|mark| mark.0 < row) {
            let prefix = self.prefix.clone();
            self.written
                .push_str(&format!("<{prefix}row r=\"{marked}\">"));
            while let Some(&mark) = self.marks.get(self.next).filter(|mark| mark.0 == marked) {
                self.empty_cell(mark);
                self.next += 1;
            }
            self.written.push_str(&format!("</{prefix}row>"));
        }
    }

    /// Cells of marks that the row does not have, before a column, or before its end.
    fn cells_before(&mut self, column: u32, at: usize) {
        self.copy_to(at);
        while let Some(&mark) = self
            .marks
            .get(self.next)
            .filter(|mark| mark.0 == self.row && mark.1 < column)
        {
            self.empty_cell(mark);
            self.next += 1;
        }
    }

    fn begin_row(&mut self, tag: &Tag<'_>) {
        let given = tag.attribute("r").and_then(|row| row.parse().ok());
        self.row = given.unwrap_or(self.row.saturating_add(1));
        self.column = 0;
        self.rows_before(self.row, tag.start);
        let is_marked = self
            .marks
            .get(self.next)
            .is_some_and(|mark| mark.0 == self.row);
        if tag.is_closed() && is_marked {
            let open = tag.text.trim_end_matches("/>").trim_end();
            self.written.push_str(&format!("{open}>"));
            self.from = tag.end;
            self.cells_before(u32::MAX, tag.end);
            self.written.push_str(&format!("</{}>", tag.full_name()));
        }
    }

    fn cell(&mut self, tag: &Tag<'_>) {
        let given = tag.attribute("r").and_then(column_of);
        self.column = given.unwrap_or(self.column.saturating_add(1));
        self.cells_before(self.column, tag.start);
        if self.marks.get(self.next) != Some(&(self.row, self.column)) {
            return;
        }
        self.next += 1;
        let base = tag.attribute("s").and_then(|style| style.parse().ok());
        let style = (self.style)(base.unwrap_or(0));
        self.written.push_str(&tag.with("s", &style.to_string()));
        self.from = tag.end;
    }

    /// A sheet without any row.
    fn fill_closed(&mut self, tag: &Tag<'_>) {
        self.copy_to(tag.start);
        let open = tag.text.trim_end_matches("/>").trim_end();
        self.written.push_str(&format!("{open}>"));
        self.from = tag.end;
        self.rows_before(u32::MAX, tag.end);
        self.written.push_str(&format!("</{}>", tag.full_name()));
    }

    fn drawing(&mut self, id: &str, at: usize) {
        self.copy_to(at);
        let prefix = &self.prefix;
        self.written.push_str(&format!(
            "<{prefix}legacyDrawing xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/\
             2006/relationships\" r:id=\"{id}\"/>"
        ));
    }
}

/// The column of `D17`, from 1.
fn column_of(name: &str) -> Option<u32> {
    let letters = name.bytes().take_while(u8::is_ascii_alphabetic);
    let column = letters.take(4).fold(0_u32, |column, letter| {
        column * 26 + u32::from(letter.to_ascii_uppercase() - b'A') + 1
    });
    (column > 0).then_some(column)
}
