//! Packs as tables: files → findings with file, line and column.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use packs::{Memory, Source, check, read};

const MANIFEST: &str = r#"name = "county"
version = "2026.1"
title = { zh = "某县", en = "A county" }
"#;

const CALENDAR: &str = r#"year = 2026
source = "notice"
off = [{ name = "元旦", from = "2026-01-01", to = "2026-01-03" }]
work = ["2026-01-04"]
"#;

fn pack(files: &[(&str, &str)]) -> Memory {
    Memory {
        name: "county".to_owned(),
        files: files
            .iter()
            .map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec()))
            .collect(),
    }
}

/// Checks the pack and compares `place code` of each finding.
fn expect(files: &[(&str, &str)], expected: &[&str]) {
    let found: Vec<String> = check(&pack(files), &[])
        .iter()
        .map(|finding| format!("{} {}", finding.place, finding.code))
        .collect();
    assert_eq!(found, expected, "{files:?}");
}

#[test]
fn accepts_a_plain_pack() {
    expect(
        &[
            ("pack.toml", MANIFEST),
            ("README.md", "# for people"),
            ("calendars/2026.toml", CALENDAR),
            ("texts/words.toml", "\"a.b\" = { zh = \"甲\", en = \"A\" }"),
            ("figures.csv", "village,income\n"),
            ("schemes/README.md", "about the schemes"),
        ],
        &[],
    );
}

#[test]
fn finds_what_is_wrong_with_the_manifest() {
    expect(&[], &["county:1 pack-no-manifest"]);
    expect(
        &[("pack.toml", "")],
        &[
            "county/pack.toml:1:1 pack-key-absent",
            "county/pack.toml:1:1 pack-key-absent",
            "county/pack.toml:1:1 pack-key-absent",
        ],
    );
    expect(
        &[(
            "pack.toml",
            "name = \"A County\"\nversion = 2026.1\ntitle = { zh = \"\", de = \"Kreis\" }\nextra = 1\n",
        )],
        &[
            "county/pack.toml:1:8 pack-bad-name",
            "county/pack.toml:2:11 pack-wrong-type",
            "county/pack.toml:3:16 pack-text-empty",
            "county/pack.toml:3:9 pack-key-absent",
            "county/pack.toml:3:20 pack-key-unknown",
            "county/pack.toml:4:1 pack-key-unknown",
        ],
    );
    expect(
        &[("pack.toml", "name = \"county\nversion = \"1\"\n")],
        &[
            "county/pack.toml:1:15 pack-toml-syntax",
            "county/pack.toml:1:1 pack-key-absent",
        ],
    );
}

#[test]
fn finds_files_that_do_not_belong() {
    expect(
        &[
            ("pack.toml", MANIFEST),
            ("notes.txt", ""),
            ("schemes/old.bak", ""),
            ("cases/repair.toml", ""),
            ("pictures/a.toml", ""),
        ],
        &[
            "county/cases/repair.toml:1 pack-folder-not-built",
            "county/notes.txt:1 pack-unknown-file",
            "county/pictures/a.toml:1 pack-unknown-folder",
            "county/schemes/old.bak:1 pack-unknown-file",
        ],
    );
}

#[test]
fn finds_what_is_wrong_with_calendars_and_texts() {
    expect(
        &[
            ("pack.toml", MANIFEST),
            (
                "calendars/2026.toml",
                "year = 2026\nsource = \"n\"\noff = [\n  { name = \"a\", from = \"2026-01-03\", to = \"2026-01-01\" },\n]\nwork = []\n",
            ),
            ("calendars/2027.toml", "year = 2027\nsource = 5\n"),
            (
                "calendars/2028.toml",
                &CALENDAR.replace("2026", "2028").replace("-04", "-08"),
            ),
            (
                "calendars/again.toml",
                &CALENDAR.replace("2026", "2028").replace("-04", "-08"),
            ),
            (
                "texts/a.toml",
                "\"Bad Key\" = { zh = \"甲\", en = \"A\" }\nword = \"only one\"\n",
            ),
            ("texts/b.toml", "again = { zh = \"甲\", en = \"A\" }\n"),
            ("texts/c.toml", "again = { zh = \"乙\", en = \"B\" }\n"),
        ],
        &[
            "county/calendars/2026.toml:4:3 calendar-stretch-reversed",
            "county/calendars/2027.toml:2:10 pack-calendar-malformed",
            "county/calendars/again.toml:1 pack-duplicate",
            "county/texts/a.toml:1:1 pack-bad-key",
            "county/texts/a.toml:2:8 pack-wrong-type",
            "county/texts/c.toml:1 pack-duplicate",
        ],
    );
}

#[test]
fn finds_what_is_wrong_with_schemes() {
    let findings = check(
        &pack(&[
            ("pack.toml", MANIFEST),
            ("schemes/a.toml", "[scheme]\ncode = \"A\"\n"),
        ]),
        &[],
    );
    assert!(!findings.is_empty());
    for finding in &findings {
        let place = finding.place.to_string();
        assert!(place.starts_with("county/schemes/a.toml:"), "{place}");
        assert!(finding.blocks());
    }
}

#[test]
fn limits_size_and_count() {
    let mut many = pack(&[("pack.toml", MANIFEST)]);
    for number in 0..packs::limit::MAX_FILES {
        many.files.insert(format!("{number}.csv"), Vec::new());
    }
    assert_eq!(check(&many, &[])[0].code, "pack-too-many-files");

    let mut large = pack(&[("pack.toml", MANIFEST)]);
    let bytes = usize::try_from(packs::limit::MAX_FILE_BYTES).unwrap();
    large.files.insert("a.csv".into(), vec![b'a'; bytes]);
    assert_eq!(check(&large, &[]), []);
    large.files.insert("a.csv".into(), vec![b'a'; bytes + 1]);
    assert_eq!(check(&large, &[])[0].code, "pack-file-too-large");

    let mut heavy = pack(&[("pack.toml", MANIFEST)]);
    for number in 0..17 {
        heavy.files.insert(format!("{number}.csv"), vec![0; bytes]);
    }
    assert_eq!(check(&heavy, &[])[0].code, "pack-too-large");
}

#[test]
fn reads_windows_text_and_refuses_other_encodings() {
    let mut windows = pack(&[]);
    let text = format!("\u{feff}{}", MANIFEST.replace('\n', "\r\n"));
    windows.files.insert("pack.toml".into(), text.into_bytes());
    assert_eq!(check(&windows, &[]), []);
    windows.files.insert(
        "texts/gb.toml".into(),
        b"# 1\na = { zh = \"\xbc\xd7\" }".to_vec(),
    );
    let findings = check(&windows, &[]);
    assert_eq!(findings[0].code, "pack-not-utf8");
    assert_eq!(findings[0].place.to_string(), "county/texts/gb.toml:2");
}

#[test]
fn extends_other_packs() {
    let extending = |name: &str, base: &str| {
        let mut source = pack(&[]);
        let manifest = format!(
            "name = \"{name}\"\nversion = \"1\"\nextends = \"{base}\"\ntitle = {{ zh = \"甲\", en = \"A\" }}\n"
        );
        source
            .files
            .insert("pack.toml".into(), manifest.into_bytes());
        source
    };
    let codes = |source: &Memory, beside: &[&dyn Source]| -> Vec<String> {
        check(source, beside)
            .into_iter()
            .map(|finding| format!("{} {}", finding.place, finding.code))
            .collect()
    };
    let none: Vec<String> = Vec::new();
    assert_eq!(codes(&extending("county", "base"), &[]), none);
    assert_eq!(
        codes(&extending("county", "province"), &[]),
        ["county/pack.toml:1 pack-extends-unknown"]
    );
    assert_eq!(
        codes(
            &extending("county", "province"),
            &[&extending("province", "base")]
        ),
        none
    );
    assert_eq!(
        codes(
            &extending("county", "province"),
            &[&extending("province", "county")]
        ),
        ["county/pack.toml:1 pack-extends-circle"]
    );
    let mut broken = extending("province", "base");
    broken.files.insert("notes.txt".into(), Vec::new());
    assert_eq!(
        codes(&extending("county", "province"), &[&broken]),
        ["county/pack.toml:1 pack-extends-broken"]
    );
}

#[test]
fn later_packs_replace_schemes_and_texts_of_their_bases() {
    let base = pack(&[
        ("pack.toml", &MANIFEST.replace("county", "province")),
        (
            "texts/a.toml",
            "one = { zh = \"甲\", en = \"A\" }\ntwo = { zh = \"乙\", en = \"B\" }\n",
        ),
        ("calendars/2026.toml", CALENDAR),
    ]);
    let county = pack(&[
        ("pack.toml", &format!("extends = \"province\"\n{MANIFEST}")),
        ("texts/a.toml", "two = { zh = \"丙\", en = \"C\" }\n"),
    ]);
    let library = packs::Library::shipped().with(&base).with(&county);
    let resolved = library.resolve("county").unwrap();
    assert_eq!(resolved.texts()["one"].en, "A");
    assert_eq!(resolved.texts()["two"].en, "C");
    let (calendar, findings) = resolved.work_calendar();
    assert_eq!(findings, []);
    assert_eq!(calendar.years().collect::<Vec<_>>(), [2026]);
    assert_eq!(resolved.pack().manifest.name, "county");
    assert!(library.refused().is_empty());
    assert_eq!(
        library.with(&pack(&[])).refused()[0][0].code,
        "pack-no-manifest"
    );
}

#[test]
fn never_follows_links_out_of_a_folder() {
    let folder = std::env::temp_dir().join(format!("xingcun-packs-{}", std::process::id()));
    std::fs::create_dir_all(folder.join("texts")).unwrap();
    std::fs::create_dir_all(folder.join(".git")).unwrap();
    std::fs::write(folder.join("pack.toml"), MANIFEST).unwrap();
    std::fs::write(folder.join(".git/config"), "not part of the pack").unwrap();
    let directory = packs::Directory::new(&folder);
    assert_eq!(check(&directory, &[]), []);
    std::os::unix::fs::symlink("/etc/passwd", folder.join("texts/words.toml")).unwrap();
    let findings = check(&directory, &[]);
    std::fs::remove_dir_all(&folder).unwrap();
    assert_eq!(findings.len(), 1);
    assert_eq!(findings[0].code, "pack-link");
    assert_eq!(check(&directory, &[])[0].code, "pack-unreadable");
}

#[test]
fn shipped_packs_have_no_findings() {
    let shipped = packs::Embedded::all();
    assert!(shipped.len() >= 2, "{shipped:?}");
    for source in shipped {
        let findings: Vec<String> = check(&source, &[])
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(findings, Vec::<String>::new(), "{}", source.name());
        assert!(read(&source).0.is_some());
    }
}

proptest::proptest! {
    #[test]
    fn any_bytes_are_answered(
        manifest in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..200),
        other in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..200),
        folder in 0..4_usize,
    ) {
        let path = ["schemes/a.toml", "calendars/a.toml", "texts/a.toml", "x/a"][folder];
        let mut source = pack(&[("pack.toml", MANIFEST)]);
        source.files.insert(path.into(), other);
        check(&source, &[]);
        source.files.insert("pack.toml".into(), manifest);
        check(&source, &[]);
    }
}
