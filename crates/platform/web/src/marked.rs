//! The sender's own file given back with the wrong cells coloured and a comment at each.
//!
//! A workbook is patched, not written anew: every part that has nothing to do with the marks comes
//! back byte for byte. A CSV file, which can hold no colour, comes back as a workbook.

mod comments;
mod package;
mod plain;
mod sheet;
mod styles;
mod tag;

use std::collections::BTreeMap;

use kernel::{Finding, FindingPlace};

use crate::{Download, Locale, PageError, TableFormat};

/// What is to be said at cells: row and column, both from 1, in the order of the sheet.
type Marks = BTreeMap<(u32, u32), String>;

/// The file with what was found in it. `name` is the file's name on the sender's device.
///
/// Findings that stand at no cell are left out; where none is left the file comes back as it was.
pub fn marked(
    bytes: &[u8],
    name: &str,
    findings: &[Finding],
    l: &Locale,
) -> Result<Download, PageError> {
    let (sheet, marks) = marks(findings, l);
    let is_workbook = bytes.starts_with(b"PK\x03\x04");
    let content = if is_workbook {
        package::patch(bytes, &sheet, &marks)
    } else {
        plain::write(bytes, &marks)
    };
    let content = content.map_err(|finding| PageError::Invalid(vec![finding]))?;
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let suffix = l.text("marked-suffix");
    Ok(Download {
        name: format!("{stem}-{suffix}.xlsx"),
        media_type: TableFormat::Workbook.media_type(),
        bytes: content,
    })
}

/// The sheet of the findings and what to say at its cells. An import reads one sheet only.
fn marks(findings: &[Finding], l: &Locale) -> (String, Marks) {
    let mut name = String::new();
    let mut marks = Marks::new();
    for finding in findings {
        let FindingPlace::Cell { sheet, column, row } = &finding.place else {
            continue;
        };
        if name.is_empty() {
            name.clone_from(sheet);
        }
        for text in l.findings(std::slice::from_ref(finding)) {
            let said = marks.entry((*row, *column)).or_default();
            if !said.is_empty() {
                said.push('\n');
            }
            said.push_str(&text.text);
            if !text.remedy.is_empty() {
                said.push('\n');
                said.push_str(&text.remedy);
            }
        }
    }
    (name, marks)
}

/// What a file that cannot be patched is told; the findings themselves stand on the page.
fn unpatchable() -> Finding {
    Finding::error("sheet-not-a-workbook")
}

#[cfg(test)]
mod tests;
