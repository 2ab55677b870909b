//! A document under construction: values by path, and the cell that each came from.

use std::collections::BTreeMap;

use kernel::{Finding, FindingPlace};
use score::{Document, Value};

/// The document and where its values stand in the workbook.
#[derive(Default)]
pub(super) struct Tree {
    fields: Vec<(String, Value)>,
    places: BTreeMap<String, FindingPlace>,
}

impl Tree {
    /// Puts a value at a path; a table in which it stands is made. `false` where another value
    /// stands there or on the way.
    pub(super) fn put(&mut self, path: &[&str], value: Value, place: &FindingPlace) -> bool {
        let put = put(&mut self.fields, path, value);
        if put {
            self.places.insert(path.join("."), place.clone());
        }
        put
    }

    /// Says where a table stands, for findings about what it does not hold.
    pub(super) fn place(&mut self, path: &str, place: &FindingPlace) {
        self.places
            .entry(path.to_owned())
            .or_insert_with(|| place.clone());
    }

    /// Adds an empty table to the list at a path and gives its position.
    pub(super) fn entry(&mut self, path: &[&str]) -> Option<usize> {
        let entries = entries(&mut self.fields, path)?;
        entries.push(Value::Table(Vec::new()));
        Some(entries.len() - 1)
    }

    pub(super) fn document(&self) -> Document {
        Document(self.fields.clone())
    }

    /// The finding with its path replaced by the nearest cell.
    pub(super) fn locate(&self, finding: Finding) -> Finding {
        let FindingPlace::Field(path) = &finding.place else {
            return finding;
        };
        let mut path: &str = path;
        loop {
            if let Some(place) = self.places.get(path) {
                let place = place.clone();
                return finding.at(place);
            }
            match path.rfind('.') {
                Some(end) => path = &path[..end],
                None => return finding.at(FindingPlace::Whole),
            }
        }
    }
}

/// The table at a key of a table or a position of a list; a missing key becomes a table.
fn step<'f>(fields: &'f mut Vec<(String, Value)>, key: &str) -> &'f mut Value {
    let known = fields.iter().position(|(known, _)| known == key);
    let known = known.unwrap_or_else(|| {
        fields.push((key.to_owned(), Value::Table(Vec::new())));
        fields.len() - 1
    });
    &mut fields[known].1
}

/// Goes down to the table in which the last key of a path stands.
fn below<'f>(
    mut fields: &'f mut Vec<(String, Value)>,
    path: &[&str],
) -> Option<&'f mut Vec<(String, Value)>> {
    let mut path = path.iter();
    while let Some(key) = path.next() {
        fields = match step(fields, key) {
            Value::Table(fields) => fields,
            Value::List(entries) => {
                let entry = path.next()?.parse::<usize>().ok()?;
                match entries.get_mut(entry)? {
                    Value::Table(fields) => fields,
                    _ => return None,
                }
            }
            _ => return None,
        };
    }
    Some(fields)
}

fn put(fields: &mut Vec<(String, Value)>, path: &[&str], value: Value) -> bool {
    let Some((last, way)) = path.split_last() else {
        return false;
    };
    let Some(fields) = below(fields, way) else {
        return false;
    };
    if fields.iter().any(|(known, _)| known == last) {
        return false;
    }
    fields.push(((*last).to_owned(), value));
    true
}

fn entries<'f>(fields: &'f mut Vec<(String, Value)>, path: &[&str]) -> Option<&'f mut Vec<Value>> {
    let (last, way) = path.split_last()?;
    let fields = below(fields, way)?;
    if !fields.iter().any(|(known, _)| known == last) {
        fields.push(((*last).to_owned(), Value::List(Vec::new())));
    }
    match step(fields, last) {
        Value::List(entries) => Some(entries),
        _ => None,
    }
}
