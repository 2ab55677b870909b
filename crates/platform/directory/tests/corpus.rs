//! The corpus of bad and odd files in `corpus/` (made by `make.py` there): each through one check,
//! with what it must be told, or how it is read.
#![allow(missing_docs, clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeSet;
use std::path::PathBuf;

use directory::FigureId;
use directory::import::{ItemIndex, KnownItem, PlaceIndex, figures, people, places};
use directory::place::{Place, PlaceKind};
use directory::sheet::{self, LIMITS};
use kernel::{Day, Finding, PlaceId, Unit};

/// As what a file is brought in.
#[derive(Clone, Copy, Debug)]
enum As {
    Places,
    Figures,
    People,
}

/// What must come of it.
enum Expected {
    /// These findings block, each at its cell; nothing is read.
    Told(&'static [&'static str]),
    /// It is read, and the rows say this.
    Reads(&'static [&'static str]),
}

use Expected::{Reads, Told};

const CORPUS: &[(&str, As, Expected)] = &[
    ("zip-bomb.xlsx", As::Places, Told(&["sheet-too-large"])),
    ("xxe.xlsx", As::Places, Told(&["sheet-not-a-workbook"])),
    (
        "billion-laughs.xlsx",
        As::Places,
        Told(&["sheet-not-a-workbook"]),
    ),
    (
        "million-columns.xlsx",
        As::Places,
        Told(&["sheet-too-large"]),
    ),
    (
        "claims-a-million-columns.xlsx",
        As::Places,
        Reads(&["店子村 village 370725001201"]),
    ),
    (
        "million-columns.csv",
        As::Places,
        Told(&["sheet-too-large"]),
    ),
    ("last-row.xlsx", As::Places, Told(&["sheet-too-large"])),
    (
        "merged-headers.xlsx",
        As::Places,
        Reads(&["店子村民委员会 village 370725001201"]),
    ),
    (
        "id-as-number.xlsx",
        As::People,
        Told(&["Sheet1!D2 import-id-as-number"]),
    ),
    (
        "dates-1904.xlsx",
        As::People,
        Reads(&["陈国平 secretary 2026-03-01"]),
    ),
    (
        "formula-without-value.xlsx",
        As::Figures,
        Told(&["Sheet1!D2 import-formula-without-value"]),
    ),
    (
        "formula-with-value.xlsx",
        As::Figures,
        Reads(&["income 2026-Q3 2"]),
    ),
    (
        "shared-formula.xlsx",
        As::Figures,
        Reads(&["income 2026-Q3 2"]),
    ),
    (
        "error-cell.xlsx",
        As::Figures,
        Told(&["Sheet1!D2 import-not-a-number"]),
    ),
    ("gb18030.csv", As::Figures, Reads(&["income 2026-Q3 38.62"])),
    (
        "full-width-digits.csv",
        As::Figures,
        Reads(&["income 2026-Q3 38.62"]),
    ),
    (
        "grouped-digits.csv",
        As::Figures,
        Reads(&["income 2026-Q3 1234567.8"]),
    ),
    ("long-name.csv", As::Places, Told(&["B2 sheet-too-large"])),
    (
        "long-name-that-fits-a-cell.csv",
        As::Places,
        Told(&["B2 place-name-length"]),
    ),
    (
        "nul-bytes.csv",
        As::Places,
        Told(&["B2 place-name-characters"]),
    ),
    ("no-encoding.csv", As::Places, Told(&["sheet-encoding"])),
    (
        "open-quote.csv",
        As::Places,
        Told(&["B2 place-name-characters"]),
    ),
    (
        "whole.xlsx",
        As::Places,
        Reads(&["店子村 village 370725001201"]),
    ),
    (
        "truncated-upload.xlsx",
        As::Places,
        Told(&["sheet-not-a-workbook"]),
    ),
    (
        "truncated-upload.csv",
        As::Figures,
        Told(&["D2 import-value-or-reason"]),
    ),
    ("old-format.xls", As::Places, Told(&["sheet-old-format"])),
    (
        "no-workbook.xlsx",
        As::Places,
        Told(&["sheet-not-a-workbook"]),
    ),
    ("empty.csv", As::Places, Told(&["sheet-empty"])),
];

fn corpus() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/corpus")
}

fn today() -> Day {
    Day::new(2026, 11, 22).unwrap()
}

/// The one place that the corpus speaks of.
fn index() -> PlaceIndex {
    PlaceIndex::new(&[Place {
        place: PlaceId::default(),
        version: 1,
        kind: PlaceKind::Village,
        name: "店子村".to_owned(),
        alias: None,
        code: "370725001201".parse().ok(),
        parent: None,
        valid_from: today(),
        valid_to: None,
    }])
}

/// The one item that the corpus gives figures of.
fn items() -> ItemIndex {
    let income = KnownItem {
        names: Vec::new(),
        unit: Unit("wan_yuan".to_owned()),
        scale: None,
        minimum: None,
        maximum: None,
    };
    ItemIndex::new([("income".to_owned(), income)])
}

/// The rows of a file as short texts, or what blocks.
fn bring_in(bytes: &[u8], how: As) -> Result<Vec<String>, Vec<Finding>> {
    let sheet = sheet::read(bytes, &LIMITS).map_err(|finding| vec![finding])?;
    Ok(match how {
        As::Places => {
            let row = |row: places::PlaceRow| {
                let code = row.code.map(|code| code.to_string()).unwrap_or_default();
                format!("{} {} {code}", row.name, row.kind)
            };
            places::read(&sheet)?.rows.into_iter().map(row).collect()
        }
        As::Figures => {
            let read = figures::read(&sheet, &index(), &items(), "语料", &mut FigureId::default)?;
            let row = |draft: directory::figure::FigureDraft| {
                let value = match draft.value {
                    directory::figure::FigureValue::Value(value) => value.to_string(),
                    directory::figure::FigureValue::Missing(why) => why,
                };
                format!("{} {} {value}", draft.item, draft.period)
            };
            read.drafts.into_iter().map(row).collect()
        }
        As::People => {
            let read = people::read(&sheet, &index(), today())?;
            let row = |row: people::PersonRow| {
                let from = row.valid_from.map(|day| day.to_string());
                format!("{} {} {}", row.name, row.post, from.unwrap_or_default())
            };
            read.rows.into_iter().map(row).collect()
        }
    })
}

fn told(findings: &[Finding]) -> Vec<String> {
    let blocking = findings.iter().filter(|finding| finding.blocks());
    let text = |finding: &Finding| format!("{} {}", finding.place, finding.code);
    blocking
        .map(|finding| text(finding).trim().to_owned())
        .collect()
}

fn check(name: &str, how: As, expected: &Expected) -> Result<(), String> {
    let bytes = std::fs::read(corpus().join(name)).map_err(|error| format!("{name}: {error}"))?;
    let found = bring_in(&bytes, how);
    let agrees = match (&found, expected) {
        (Err(findings), Told(codes)) => told(findings) == *codes,
        (Ok(rows), Reads(texts)) => rows == texts,
        _ => false,
    };
    let found = found.map_err(|findings| told(&findings));
    if agrees {
        Ok(())
    } else {
        Err(format!("{name}: {found:?}"))
    }
}

#[test]
fn every_file_of_the_corpus_is_told_or_read_as_expected() {
    let wrong: Vec<String> = CORPUS
        .iter()
        .filter_map(|(name, how, expected)| check(name, *how, expected).err())
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_file_of_the_corpus_is_checked() {
    let kept: BTreeSet<String> = std::fs::read_dir(corpus())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name != "make.py")
        .collect();
    let checked: BTreeSet<String> = CORPUS.iter().map(|(name, ..)| (*name).to_owned()).collect();
    assert_eq!(kept, checked);
}

/// A file cut off anywhere is told or read, and never brings the program down.
#[test]
fn files_cut_off_at_every_byte_never_panic() {
    for name in [
        "whole.xlsx",
        "merged-headers.xlsx",
        "gb18030.csv",
        "open-quote.csv",
    ] {
        let bytes = std::fs::read(corpus().join(name)).unwrap();
        for length in 0..bytes.len() {
            for how in [As::Places, As::Figures, As::People] {
                let _ = bring_in(&bytes[..length], how);
            }
        }
    }
}
