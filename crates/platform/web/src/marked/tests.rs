//! Marked files are read back: values as they were, marks where they belong.

use std::io::{Cursor, Read};

use directory::sheet;
use kernel::{Finding, FindingPlace};
use rust_xlsxwriter::{Format, Note, Workbook};

use super::marked;
use crate::{Catalogue, Language, Locale};

fn locale() -> Locale {
    Catalogue::new(&[]).unwrap().locale(Language::Chinese)
}

fn at(sheet: &str, row: u32, column: u32) -> Finding {
    Finding::error("import-day-form")
        .at(FindingPlace::Cell {
            sheet: sheet.to_owned(),
            column,
            row,
        })
        .arg("found", "昨天<&>")
}

fn part(bytes: &[u8], path: &str) -> Option<Vec<u8>> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut content = Vec::new();
    archive
        .by_name(path)
        .ok()?
        .read_to_end(&mut content)
        .unwrap();
    Some(content)
}

fn text(bytes: &[u8], path: &str) -> String {
    String::from_utf8(part(bytes, path).unwrap()).unwrap()
}

fn book(with_note: bool) -> Vec<u8> {
    let mut workbook = Workbook::new();
    workbook.add_worksheet().set_name("说明").unwrap();
    let sheet = workbook.add_worksheet();
    sheet.set_name("附件<1>").unwrap();
    let bold = Format::new().set_bold();
    sheet.write_with_format(0, 0, "姓名", &bold).unwrap();
    sheet.write(0, 1, "任职时间").unwrap();
    sheet.write(2, 0, "陈国平").unwrap();
    sheet.write_with_format(2, 3, 74.3, &bold).unwrap();
    if with_note {
        sheet.insert_note(0, 0, &Note::new("填写说明")).unwrap();
    }
    workbook.save_to_buffer().unwrap()
}

#[test]
fn wrong_cells_of_a_workbook_are_coloured_and_commented_and_nothing_else_moves() {
    let original = book(false);
    let findings = [
        at("附件<1>", 1, 1),
        at("附件<1>", 2, 2),
        at("附件<1>", 3, 2),
        at("附件<1>", 3, 4),
        at("附件<1>", 3, 4),
        at("附件<1>", 9, 1),
        Finding::error("import-no-rows"),
    ];
    let file = marked(&original, "名册.xlsx", &findings, &locale()).unwrap();
    assert!(file.name.starts_with("名册-"), "{}", file.name);
    let before = sheet::read(&original, &sheet::LIMITS).unwrap();
    let after = sheet::read(&file.bytes, &sheet::LIMITS).unwrap();
    assert_eq!(before, after, "values are as they were");
    let patched = text(&file.bytes, "xl/worksheets/sheet2.xml");
    let styled: Vec<(&str, &str)> = super::tag::tags(&patched)
        .filter(|tag| tag.name() == "c")
        .filter_map(|tag| Some((tag.attribute("r")?, tag.attribute("s")?)))
        .collect();
    let cells: Vec<&str> = styled.iter().map(|(cell, _)| *cell).collect();
    assert_eq!(cells, ["A1", "B2", "B3", "D3", "A9"]);
    assert_eq!(styled[0].1, styled[3].1, "bold and marked");
    assert_ne!(styled[0].1, styled[1].1);
    let styles = text(&file.bytes, "xl/styles.xml");
    assert!(styles.contains("F6C9C2") && styles.contains("<fills count=\"3\">"));
    let comments = text(&file.bytes, "xl/commentsXingcun.xml");
    assert_eq!(comments.matches("<comment ").count(), 5);
    assert!(comments.contains("ref=\"D3\"") && comments.contains("昨天&lt;&amp;&gt;"));
    assert!(text(&file.bytes, "[Content_Types].xml").contains("Extension=\"vml\""));
    for path in [
        "xl/workbook.xml",
        "xl/worksheets/sheet1.xml",
        "xl/sharedStrings.xml",
    ] {
        assert_eq!(part(&original, path), part(&file.bytes, path), "{path}");
    }
}

#[test]
fn a_sheet_with_comments_keeps_them() {
    let original = book(true);
    let file = marked(&original, "a.xlsx", &[at("附件<1>", 3, 1)], &locale()).unwrap();
    assert!(part(&file.bytes, "xl/commentsXingcun.xml").is_none());
    assert!(text(&file.bytes, "xl/styles.xml").contains("F6C9C2"));
    assert_eq!(
        part(&original, "xl/comments1.xml"),
        part(&file.bytes, "xl/comments1.xml")
    );
}

#[test]
fn a_csv_file_comes_back_as_a_workbook() {
    let csv = "姓名,身份证号\r\n=陈国平,370725197001010017\r\n";
    let file = marked(csv.as_bytes(), "名册.csv", &[at("", 2, 2)], &locale()).unwrap();
    let read = sheet::read(&file.bytes, &sheet::LIMITS).unwrap();
    assert_eq!(read.cell(1, 0).shown(), "=陈国平");
    assert_eq!(
        read.cell(1, 1),
        &sheet::Cell::Text("370725197001010017".into())
    );
    assert!(part(&file.bytes, "xl/comments1.xml").is_some());
}

#[test]
fn damaged_files_give_a_finding() {
    let original = book(false);
    for cut in [4, 100, original.len() / 2, original.len() - 30] {
        let found = marked(
            &original[..cut],
            "a.xlsx",
            &[at("附件<1>", 3, 1)],
            &locale(),
        );
        assert!(found.is_err(), "{cut}");
    }
    assert!(marked(&original, "a.xlsx", &[at("没有", 3, 1)], &locale()).is_err());
}
