//! Where each path of a document stands in its file.

use std::collections::BTreeMap;

use kernel::{Finding, FindingPlace};
use toml::de::{DeTable, DeValue};

/// Lines and columns of the paths of a document (`node.3.rule.tiers.0.range`).
#[derive(Clone, Debug, Default)]
pub struct Positions {
    file: String,
    places: BTreeMap<String, (u32, u32)>,
}

impl Positions {
    pub(crate) fn of(file: &str, text: &str, document: &DeTable<'_>) -> Positions {
        let lines = Lines::of(text);
        let mut positions = Positions {
            file: file.to_owned(),
            places: BTreeMap::new(),
        };
        positions.add_table(&lines, "", document);
        positions
    }

    fn add_table(&mut self, lines: &Lines<'_>, path: &str, table: &DeTable<'_>) {
        for (key, value) in table {
            let path = match path {
                "" => key.get_ref().to_string(),
                path => format!("{path}.{}", key.get_ref()),
            };
            self.add_value(lines, path, key.span().start, value.get_ref());
        }
    }

    fn add_value(&mut self, lines: &Lines<'_>, path: String, start: usize, value: &DeValue<'_>) {
        match value {
            DeValue::Table(table) => self.add_table(lines, &path, table),
            DeValue::Array(entries) => {
                for (index, entry) in entries.iter().enumerate() {
                    let path = format!("{path}.{index}");
                    self.add_value(lines, path, entry.span().start, entry.get_ref());
                }
            }
            _ => {}
        }
        self.places.insert(path, lines.place(start));
    }

    /// The finding with its path replaced by file, line and column. A path that the document does
    /// not have (a missing field) gets the place of the nearest table around it.
    #[must_use]
    pub fn locate(&self, finding: Finding) -> Finding {
        let FindingPlace::Field(path) = &finding.place else {
            return finding;
        };
        let mut path: &str = path;
        loop {
            if let Some(&(line, column)) = self.places.get(path) {
                let file = self.file.clone();
                return finding.at(FindingPlace::Line { file, line, column });
            }
            match path.rfind('.') {
                Some(end) => path = &path[..end],
                None => break,
            }
        }
        let file = self.file.clone();
        finding.at(FindingPlace::Line {
            file,
            line: 1,
            column: 0,
        })
    }
}

/// Byte offsets of the lines of a text.
pub(crate) struct Lines<'a> {
    text: &'a str,
    starts: Vec<usize>,
}

impl<'a> Lines<'a> {
    pub(crate) fn of(text: &'a str) -> Lines<'a> {
        let after_breaks = text.match_indices('\n').map(|(index, _)| index + 1);
        let starts = std::iter::once(0).chain(after_breaks).collect();
        Lines { text, starts }
    }

    /// Line and column of a byte, both from 1; the column counts characters.
    pub(crate) fn place(&self, offset: usize) -> (u32, u32) {
        let offset = offset.min(self.text.len());
        let line = self.starts.partition_point(|&start| start <= offset);
        let before = self.text.get(self.starts[line - 1]..offset);
        let column = before.map_or(0, |before| before.chars().count()) + 1;
        let narrow = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        (narrow(line), narrow(column))
    }
}
