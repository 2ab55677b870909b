//! Nothing that can be in a file makes an import panic, and what is read is bounded.
#![allow(missing_docs, clippy::unwrap_used, reason = "tests")]

use directory::import::{ItemIndex, KnownItem, figures, places};
use directory::sheet::{self, LIMITS, Limits};
use directory::{FigureId, place::Place};
use kernel::{Day, Decimal, Id, PlaceId, Unit};
use proptest::prelude::*;

const SMALL: Limits = Limits {
    file_bytes: 1 << 20,
    unpacked_bytes: 4 << 20,
    rows: 100,
    columns: 20,
    cells: 1_000,
    cell_bytes: 200,
};

/// One item of which figures are known.
fn items() -> ItemIndex {
    let known = KnownItem {
        names: vec!["收入".to_owned()],
        unit: Unit("yuan".to_owned()),
        scale: Some(2),
        minimum: Some(Decimal::ZERO),
        maximum: None,
    };
    ItemIndex::new([("income".to_owned(), known)])
}

/// Reads and imports; the result does not matter, only that there is one.
fn import_all(bytes: &[u8]) {
    let Ok(sheet) = sheet::read(bytes, &SMALL) else {
        return;
    };
    assert!(sheet.rows.len() <= 100);
    assert!(sheet.rows.iter().all(|row| row.len() <= 20));
    let day: Day = "2026-01-01".parse().unwrap();
    let existing: [Place; 0] = [];
    if let Ok(roster) = places::read(&sheet) {
        let mut next = || PlaceId(Id::default());
        let _ = places::plan(&sheet, &roster, &existing, day, &mut next);
    }
    let index = directory::import::PlaceIndex::new(&existing);
    let _ = figures::read(&sheet, &index, &items(), "source", &mut || {
        FigureId(Id::default())
    });
}

/// Code, name, level and parent of as many places as the country has; and a file that holds as
/// many commas as its bytes allow.
#[test]
fn the_places_of_the_country_fit_and_commas_without_end_do_not() {
    let mut country = String::from("code,name,level,parent_code\n");
    for _ in 0..665_276 {
        country.push_str("110101001001,社区居委会,village,110101001000\n");
    }
    let read = sheet::read(country.as_bytes(), &LIMITS).unwrap();
    assert_eq!(read.rows.len(), 665_277);
    // What a refused file had taken in memory before.
    assert!(size_of::<sheet::Cell>() * LIMITS.cells <= 128 << 20);
    let line = ",".repeat(255);
    let commas = format!("{line}\n").repeat(20 << 12);
    let refused = sheet::read(commas.as_bytes(), &LIMITS).unwrap_err();
    assert_eq!(refused.code, "sheet-too-large");
}

/// A workbook of some cells.
fn workbook() -> Vec<u8> {
    let mut workbook = rust_xlsxwriter::Workbook::new();
    let sheet = workbook.add_worksheet();
    for (column, header) in ["code", "name", "item", "period", "value"]
        .iter()
        .enumerate()
    {
        sheet
            .write(0, u16::try_from(column).unwrap(), *header)
            .unwrap();
    }
    sheet.write(1, 0, 370_725_001_000_i64).unwrap();
    sheet.write(1, 4, 74.3).unwrap();
    sheet.write_formula(2, 4, "=1/0").unwrap();
    workbook.save_to_buffer().unwrap()
}

fn csv_like() -> impl Strategy<Value = String> {
    let header = prop::sample::select(vec![
        "code,name,level,parent_code\n",
        "区划代码,名称,指标,期间,数值,缺失原因\n",
        "",
    ]);
    let cell = prop::sample::select(vec![
        "",
        ",",
        "\"",
        "\n",
        "\r\n",
        "370725001000",
        "370725",
        "甲村",
        "town",
        "乡镇",
        "2026-Q4",
        "2026年",
        "1e5",
        "-0",
        "99999999999999999999999999999999999999999",
        "income",
        "年",
        " ",
        "\u{feff}",
        "\u{0}",
    ]);
    let cells = prop::collection::vec(cell, 0..60);
    (header, cells).prop_map(|(header, cells)| format!("{header}{}", cells.concat()))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        import_all(&bytes);
    }

    #[test]
    fn anything_like_a_table(text in csv_like()) {
        import_all(text.as_bytes());
    }

    #[test]
    fn a_workbook_with_some_bytes_changed(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8)
    ) {
        static WORKBOOK: std::sync::LazyLock<Vec<u8>> = std::sync::LazyLock::new(workbook);
        let mut bytes = WORKBOOK.clone();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        import_all(&bytes);
    }
}

#[test]
fn the_workbook_that_is_changed_is_one() {
    let sheet = sheet::read(&workbook(), &LIMITS).unwrap();
    assert_eq!(sheet.rows.len(), 3);
}
