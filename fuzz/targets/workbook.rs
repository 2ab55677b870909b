//! Workbooks: any bytes, and any bytes as a part of an otherwise sound workbook.
#![no_main]

use std::io::{Cursor, Write as _};

use directory::sheet::{LIMITS, Limits, read, read_all};
use libfuzzer_sys::fuzz_target;
use zip::write::{SimpleFileOptions, ZipWriter};

mod imported;

/// A workbook of one sheet, part by part; the parts that an input may replace come first.
const PARTS: [(&str, &str); 5] = [
    (
        "xl/worksheets/sheet1.xml",
        "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>\
         <row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c></row></sheetData></worksheet>",
    ),
    (
        "xl/sharedStrings.xml",
        "<sst xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><si><t>name</t></si></sst>",
    ),
    (
        "xl/workbook.xml",
        "<workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" \
         xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><sheets>\
         <sheet name=\"S\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>",
    ),
    (
        "xl/_rels/workbook.xml.rels",
        "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">\
         <Relationship Id=\"r1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" \
         Target=\"worksheets/sheet1.xml\"/><Relationship Id=\"r2\" \
         Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings\" \
         Target=\"sharedStrings.xml\"/></Relationships>",
    ),
    (
        "[Content_Types].xml",
        "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>",
    ),
];

fn with(replaced: usize, bytes: &[u8]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (at, (path, part)) in PARTS.into_iter().enumerate() {
        let bytes = if at == replaced {
            bytes
        } else {
            part.as_bytes()
        };
        writer
            .start_file(path, SimpleFileOptions::default())
            .and_then(|()| Ok(writer.write_all(bytes)?))
            .expect("memory takes it");
    }
    writer.finish().expect("memory takes it").into_inner()
}

fuzz_target!(|bytes: &[u8]| {
    let limits = Limits {
        unpacked_bytes: 1 << 20,
        ..LIMITS
    };
    let Some((which, rest)) = bytes.split_first() else {
        return;
    };
    let workbook = match which {
        b'0'..=b'3' => with(usize::from(which - b'0'), rest),
        // `P`, as a zip begins.
        _ => bytes.to_vec(),
    };
    if let Ok(sheet) = read(&workbook, &limits) {
        imported::read(&sheet);
    }
    let _ = read_all(&workbook, &limits);
});
