//! Packs: a scheme, a calendar or a manifest of any content is checked; what is accepted goes into a
//! workbook and comes back the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use packs::{Memory, check, freeze_text, read_workbook, write_workbook};

const MANIFEST: &[u8] = b"name = \"county\"\nversion = \"1\"\ntitle = { zh = \"A\", en = \"A\" }\n";

fuzz_target!(|bytes: &[u8]| {
    let files = [
        ("pack.toml", MANIFEST),
        ("schemes/scheme.toml", bytes),
        ("calendars/2026.toml", bytes),
        ("texts/words.toml", bytes),
    ];
    let owned = |(path, bytes): (&str, &[u8])| (path.to_owned(), bytes.to_vec());
    let pack = Memory {
        name: "county".to_owned(),
        files: files.into_iter().map(owned).collect(),
    };
    let _ = check(&pack, &[]);
    let manifest = Memory {
        name: "county".to_owned(),
        files: [owned(("pack.toml", bytes))].into(),
    };
    let _ = check(&manifest, &[]);
    let Ok(frozen) = std::str::from_utf8(bytes)
        .map_err(drop)
        .and_then(|text| freeze_text("scheme.toml", text).map_err(drop))
    else {
        return;
    };
    let Ok(workbook) = write_workbook(&frozen.scheme) else {
        return;
    };
    let again = read_workbook(&workbook).scheme;
    assert_eq!(again.as_ref(), Some(&frozen.scheme), "the same again");
});
