//! Schemes through workbooks and back, and what is told about wrong cells.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

#[path = "../../../engines/score/tests/support/mod.rs"]
mod support;

use packs::{Embedded, Library, read_workbook, write_workbook};
use proptest::prelude::*;
use rust_xlsxwriter::Workbook;
use score::Scheme;
use support::random::{self, Random};

fn through(scheme: &Scheme) -> Scheme {
    let workbook = write_workbook(scheme).unwrap();
    let read = read_workbook(&workbook);
    let wrong: Vec<String> = read
        .findings
        .iter()
        .filter(|finding| finding.blocks())
        .map(ToString::to_string)
        .collect();
    assert_eq!(wrong, Vec::<String>::new());
    read.scheme.expect("readable")
}

#[test]
fn every_shipped_scheme_comes_back_as_it_was() {
    let library = Embedded::all()
        .iter()
        .fold(Library::shipped(), |library, source| library.with(source));
    let mut seen = 0;
    for name in library.names() {
        for file in &library.pack(name).unwrap().0.schemes {
            assert_eq!(through(&file.scheme), file.scheme, "{name} {}", file.path);
            seen += 1;
        }
    }
    assert!(seen >= 5, "{seen}");
}

#[test]
fn samples_of_every_kind_come_back_as_they_were() {
    for text in [
        include_str!("../../../engines/score/tests/data/every-kind.toml"),
        include_str!("../../../engines/score/tests/data/every-count.toml"),
    ] {
        let scheme = score::parse("sample.toml", text).0.unwrap();
        assert_eq!(through(&scheme), scheme);
    }
}

/// Every sheet says in words what its columns are; a workbook without that row is read as well.
#[test]
fn a_row_of_words_stands_above_the_keys() {
    let sample = include_str!("../../../engines/score/tests/data/every-count.toml");
    let scheme = score::parse("sample.toml", sample).0.unwrap();
    let bytes = write_workbook(&scheme).unwrap();
    let sheets = directory::sheet::read_all(&bytes, &directory::sheet::LIMITS).unwrap();
    let nodes = sheets.iter().find(|sheet| sheet.name == "nodes").unwrap();
    assert_eq!(nodes.cell(0, 0).shown(), "代码 · code");
    assert_eq!(nodes.cell(1, 0).shown(), "code");
    let mut workbook = Workbook::new();
    for known in &sheets {
        let page = workbook.add_worksheet().set_name(&known.name).unwrap();
        for (row, cells) in (0_u32..).zip(known.rows.iter().skip(1)) {
            for (column, cell) in (0_u16..).zip(cells) {
                page.write_string(row, column, cell.shown()).unwrap();
            }
        }
    }
    let read = read_workbook(&workbook.save_to_buffer().unwrap());
    assert_eq!(blocking(&read.findings), Vec::<String>::new());
    assert_eq!(read.scheme, Some(scheme));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    /// Scheme → workbook → scheme is the scheme, with any titles.
    #[test]
    fn no_scheme_loses_anything(seed: u64, title in "[^\\p{C}\\s]([^\\p{C}]{0,30}[^\\p{C}\\s])?") {
        let mut random = Random(seed);
        let text = random::scheme(&mut random, false);
        let text = random::fitted(&mut random, &text);
        let (scheme, _) = score::parse("random.toml", &text);
        let mut scheme = scheme.unwrap();
        // Bands may be out of reach; that is no question here.
        scheme.grade = None;
        scheme.gates.retain(|gate| !matches!(gate.effect, score::GateEffect::GradeLimit(_)));
        if let Some(rank) = &mut scheme.rank {
            rank.by = score::RankBy::Score;
        }
        scheme.nodes[0].title.zh.clone_from(&title);
        scheme.items[0].title.en = title;
        prop_assert_eq!(through(&scheme), scheme);
    }

    #[test]
    fn any_cells_are_answered(cells in prop::collection::vec((0_u32..6, 0_u16..5, "[a-z_.\\[\\]0-9村 -]{0,12}"), 0..40), sheet in 0_usize..8) {
        let names = ["scheme", "items", "nodes", "rules", "lists", "gates", "bands", "ties"];
        let mut workbook = Workbook::new();
        for (position, name) in names.iter().enumerate() {
            let page = workbook.add_worksheet().set_name(*name).unwrap();
            if position == sheet {
                for (row, column, text) in &cells {
                    page.write_string(*row, *column, text).unwrap();
                }
            }
        }
        let read = read_workbook(&workbook.save_to_buffer().unwrap());
        prop_assert!(read.scheme.is_none());
        prop_assert!(!read.findings.is_empty());
    }
}

/// A workbook of the sample with one cell replaced.
fn with_cell(sheet: &str, at: (usize, usize), text: Option<&str>) -> Vec<u8> {
    let sample = include_str!("../../../engines/score/tests/data/every-count.toml");
    let scheme = score::parse("sample.toml", sample).0.unwrap();
    let bytes = write_workbook(&scheme).unwrap();
    let sheets = directory::sheet::read_all(&bytes, &directory::sheet::LIMITS).unwrap();
    let mut workbook = Workbook::new();
    let mut replaced = false;
    for known in &sheets {
        let page = workbook.add_worksheet().set_name(&known.name).unwrap();
        for (row, cells) in known.rows.iter().enumerate() {
            for (column, cell) in cells.iter().enumerate() {
                let here = known.name == sheet && (row, column) == at;
                replaced |= here;
                let shown = cell.shown();
                let text = if here { text.unwrap_or("") } else { &shown };
                let (row, column) = (u32::try_from(row).unwrap(), u16::try_from(column).unwrap());
                page.write_string(row, column, text).unwrap();
            }
        }
    }
    assert!(replaced, "{sheet} {at:?}");
    workbook.save_to_buffer().unwrap()
}

/// Position of the cell that holds a text, on a sheet of the sample's workbook; `nth` of them.
fn place_of(sheet: &str, text: &str) -> (usize, usize) {
    let sample = include_str!("../../../engines/score/tests/data/every-count.toml");
    let scheme = score::parse("sample.toml", sample).0.unwrap();
    let bytes = write_workbook(&scheme).unwrap();
    let sheets = directory::sheet::read_all(&bytes, &directory::sheet::LIMITS).unwrap();
    let sheet = sheets.iter().find(|known| known.name == sheet).unwrap();
    for (row, cells) in sheet.rows.iter().enumerate() {
        for (column, cell) in cells.iter().enumerate() {
            if cell.shown() == text {
                return (row, column);
            }
        }
    }
    panic!("no cell {text:?}");
}

#[test]
fn what_is_wrong_is_told_at_its_cell() {
    for (sheet, cell, text, expected) in [
        (
            "scheme",
            "round_limit_gate_grade",
            "any_order",
            "choice-unknown",
        ),
        ("scheme", "scheme.root", "shceme.root", "field-unknown"),
        ("items", "year", "century", "choice-unknown"),
        ("items", "award_county", "Award", "code-malformed"),
        ("nodes", "170", "1,70", "decimal-not-plain"),
        ("nodes", "170", "171", "full-mark-not-sum"),
        ("rules", "stepped_add", "veto", "kind-not-built"),
        ("rules", "level", "nowhere", "node-unknown"),
        ("rules", "0.1", "0", "number-not-positive"),
        ("lists", "file_plan", "file_pain", "item-unknown"),
        ("lists", "ticks", "tick", "field-unknown"),
        ("bands", "[100, none)", "[100, 5)", "range-empty"),
        ("ties", "highest", "best", "choice-unknown"),
    ] {
        let (row, column) = place_of(sheet, cell);
        let read = read_workbook(&with_cell(sheet, (row, column), Some(text)));
        let letter = char::from(b'A' + u8::try_from(column).unwrap());
        let expected = format!("{sheet}!{letter}{} {expected}", row + 1);
        let found = blocking(&read.findings);
        assert!(
            found.contains(&expected),
            "{cell:?} → {text:?}: {found:?}, not {expected}"
        );
    }
    // What is not there is told at the beginning of its row.
    let read = read_workbook(&with_cell("nodes", place_of("nodes", "appeal"), None));
    assert_eq!(blocking(&read.findings), ["nodes!A3 missing-policy-absent"]);
}

fn blocking(findings: &[kernel::Finding]) -> Vec<String> {
    findings
        .iter()
        .filter(|finding| finding.blocks())
        .map(|finding| format!("{} {}", finding.place, finding.code))
        .collect()
}

#[test]
fn numbers_of_a_spreadsheet_are_taken_as_their_shortest_decimal() {
    let sample = include_str!("../../../engines/score/tests/data/every-count.toml");
    let scheme = score::parse("sample.toml", sample).0.unwrap();
    for (number, expected) in [
        (170.0, None),
        (
            0.300_000_000_000_000_04,
            Some("nodes!E3 workbook-number-inexact"),
        ),
    ] {
        let bytes = write_workbook(&scheme).unwrap();
        let sheets = directory::sheet::read_all(&bytes, &directory::sheet::LIMITS).unwrap();
        let mut workbook = Workbook::new();
        for known in &sheets {
            let page = workbook.add_worksheet().set_name(&known.name).unwrap();
            for (row, cells) in (0_u32..).zip(&known.rows) {
                for (column, cell) in (0_u16..).zip(cells) {
                    page.write_string(row, column, cell.shown()).unwrap();
                }
            }
            if known.name == "nodes" {
                page.write_number(2, 4, number).unwrap();
            }
        }
        let read = read_workbook(&workbook.save_to_buffer().unwrap());
        let first = read.findings.iter().find(|finding| finding.blocks());
        let first = first.map(|finding| format!("{} {}", finding.place, finding.code));
        assert_eq!(first.as_deref(), expected, "{number}");
        if expected.is_none() {
            assert_eq!(read.scheme, Some(scheme.clone()));
        }
    }
}
