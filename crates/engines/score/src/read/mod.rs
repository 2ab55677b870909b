//! From TOML text to a typed [`Scheme`].

mod counting;
mod item;
mod node;
mod outcome;
mod position;
mod rule;
mod table;

use kernel::{Finding, FindingPlace};
use toml::de::DeTable;

use crate::check::check;
use crate::scheme::Scheme;
use position::Lines;
pub use position::Positions;
use table::{Read, Table, Walk};

/// Longest scheme file, in bytes.
pub const FILE_LIMIT: usize = 4 * 1024 * 1024;
/// Most items, nodes and gates of a scheme, each.
pub const ENTRY_LIMIT: usize = 2000;

/// Reads a scheme file and checks it.
///
/// `file` is the name that findings carry. Every finding has line and column. The scheme is
/// `None` where the text could not be read as one; where it is given and a finding blocks, the
/// scheme is readable but may not be published, and [`crate::compile`] refuses it too.
pub fn parse(file: &str, text: &str) -> (Option<Scheme>, Vec<Finding>) {
    let (scheme, positions, mut findings) = read(file, text);
    if let Some(scheme) = &scheme {
        let checked = check(scheme).into_iter();
        findings.extend(checked.map(|finding| positions.locate(finding)));
    }
    (scheme, findings)
}

/// Reads a scheme file without checking what it says; also gives the positions of its paths.
pub fn read(file: &str, text: &str) -> (Option<Scheme>, Positions, Vec<Finding>) {
    if text.len() > FILE_LIMIT {
        let finding = Finding::error("scheme-too-large")
            .arg("found", text.len())
            .arg("limit", FILE_LIMIT)
            .at(whole(file));
        return (None, Positions::default(), vec![finding]);
    }
    let (document, errors) = DeTable::parse_recoverable(text);
    if !errors.is_empty() {
        let lines = Lines::of(text);
        let findings = errors.iter().map(|error| not_toml(file, &lines, error));
        return (None, Positions::default(), findings.collect());
    }
    let positions = Positions::of(file, text, document.get_ref());
    let (scheme, findings) = walk(document.get_ref());
    let findings = findings.into_iter();
    let findings = findings.map(|finding| positions.locate(finding)).collect();
    (scheme, positions, findings)
}

/// Reads the text of a scheme that somebody else lays out (a workbook, a form): findings carry
/// paths as those of [`check`] do, for the caller to locate.
pub fn read_paths(text: &str) -> (Option<Scheme>, Vec<Finding>) {
    let (document, errors) = DeTable::parse_recoverable(text);
    if let Some(error) = errors.first() {
        let finding = Finding::error("scheme-not-toml").arg("message", error.message());
        return (None, vec![finding]);
    }
    walk(document.get_ref())
}

/// The scheme of a document; `None` where something blocks.
fn walk(document: &DeTable<'_>) -> (Option<Scheme>, Vec<Finding>) {
    let walk = Walk::default();
    let scheme = scheme(&Table::new(&walk, document, String::new()));
    let findings = walk.into_findings();
    let readable = !findings.iter().any(Finding::blocks);
    (scheme.filter(|_| readable), findings)
}

fn whole(file: &str) -> FindingPlace {
    FindingPlace::Line {
        file: file.to_owned(),
        line: 1,
        column: 0,
    }
}

fn not_toml(file: &str, lines: &Lines<'_>, error: &toml::de::Error) -> Finding {
    let (line, column) = error.span().map_or((1, 0), |span| lines.place(span.start));
    Finding::error("scheme-not-toml")
        .arg("message", error.message())
        .at(FindingPlace::Line {
            file: file.to_owned(),
            line,
            column,
        })
}

fn scheme(table: &Table<'_>) -> Option<Scheme> {
    let head = table.table("scheme");
    let head = head.as_ref().and_then(head_fields);
    let items = limited(table, "item", item::item);
    let nodes = limited(table, "node", node::node);
    let gates = limited(table, "gate", node::gate);
    let grade = table
        .table_or_none("grade")
        .map(|grade| grade.map(|grade| outcome::grades(&grade)));
    let rank = table
        .table_or_none("rank")
        .map(|rank| rank.map(|rank| outcome::ranking(&rank)));
    table.finish();
    let mut scheme = head?;
    scheme.items = items?;
    scheme.nodes = nodes?;
    scheme.gates = gates?;
    scheme.grade = flatten(grade?)?;
    scheme.rank = flatten(rank?)?;
    Some(scheme)
}

/// Absent stays absent; present and unreadable becomes unreadable.
fn flatten<T>(value: Option<Read<T>>) -> Read<Option<T>> {
    match value {
        None => Some(None),
        Some(None) => None,
        Some(value) => Some(value),
    }
}

/// The entries of a list; `None` where one of them could not be read.
fn limited<'a, T>(
    table: &Table<'a>,
    key: &'static str,
    read: impl Fn(&Table<'a>) -> Option<T>,
) -> Option<Vec<T>> {
    let entries = table.tables(key);
    if entries.len() > ENTRY_LIMIT {
        let finding = Finding::error("too-many-entries")
            .arg("field", key)
            .arg("found", entries.len())
            .arg("limit", ENTRY_LIMIT);
        table.report(key, finding);
        return None;
    }
    // Every entry is read, so that every mistake is reported, before one of them gives up.
    let read: Vec<Option<T>> = entries.iter().map(read).collect();
    read.into_iter().collect()
}

/// The table `[scheme]`: a scheme without items, nodes and outcome yet.
fn head_fields(table: &Table<'_>) -> Option<Scheme> {
    let code = table.code("code");
    let version = table.text("version");
    let title = table.title("title");
    let subject = if table.has("subject") {
        table.text("subject").map(Some)
    } else {
        Some(None)
    };
    let group = table.text_or_none("group");
    let order = table.choice("order");
    let root = table.reference("root");
    table.finish();
    Some(Scheme {
        code: code?,
        version: version?,
        title: title?,
        subject: subject?,
        group: group?,
        order: order?,
        root: root?,
        items: Vec::new(),
        nodes: Vec::new(),
        gates: Vec::new(),
        grade: None,
        rank: None,
    })
}
