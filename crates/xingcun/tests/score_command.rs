//! `xingcun score` and `xingcun pack check` as a user runs them: files in, files and codes out.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const REPOSITORY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

/// A folder of its own for one test, gone at its end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let path = std::env::temp_dir().join(format!("xingcun-{name}-{}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Folder(path)
    }

    fn file(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        let path = self.0.join(name);
        fs::write(&path, content).unwrap();
        path.to_str().unwrap().to_owned()
    }

    fn path(&self, name: &str) -> String {
        self.0.join(name).to_str().unwrap().to_owned()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn xingcun(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_xingcun"))
        .args(arguments)
        .env_remove("LC_ALL")
        .env_remove("LC_MESSAGES")
        .env("LANG", "zh_CN.UTF-8")
        .output()
        .unwrap()
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

fn stdout(output: &Output) -> &str {
    std::str::from_utf8(&output.stdout).unwrap()
}

fn stderr(output: &Output) -> &str {
    std::str::from_utf8(&output.stderr).unwrap()
}

fn shipped(path: &str) -> String {
    Path::new(REPOSITORY)
        .join("packs")
        .join(path)
        .to_str()
        .unwrap()
        .to_owned()
}

/// The demonstration's quarter without its events: its table fits on a screen.
fn demo_scheme() -> String {
    concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/quarter.toml").to_owned()
}

const DEMO_HEADER: &str = "village,town,posts_filled,posts_due,meetings_held,households_visited,\
households,tasks_on_time,collective_income,coop_share,contracts_filed,disclosures_on_time,\
disclosures_due,environment_check";

const DEMO_ROWS: [&str; 3] = [
    "柳溪村,城关镇,5,5,9,430,430,95.5,526000.00,42.5,100,12,12,91.5",
    "石桥村,城关镇,4,5,8,300,410,,186000,12,70,11,12,78",
    "梅林村,西河镇,5,5,9,380,512,88,1040000,60,95,,9,",
];

fn demo_data() -> String {
    format!("{DEMO_HEADER}\n{}\n", DEMO_ROWS.join("\n"))
}

/// What the engine makes of [`demo_data`]; the marks were worked out by hand from the scheme.
const DEMO_RESULTS: &str = "\
subject,group,score,grade,rank,rank_in_group,total,fortress,leader,common_prosperity,well_being,\
staffing,organisation_life,resident_contact,tasks,income,coop,disclosure,environment
柳溪村,城关镇,93.8,excellent,1,1,93.8,30,19.1,24.7,20,12,18,12,7.1,16.2,8.5,8,12
石桥村,城关镇,68.76,qualified,3,2,68.76,25.6,14.63,13.2,15.33,9.6,16,8.78,missing,10.8,2.4,7.33,8
梅林村,西河镇,74.5,qualified,2,1,74.5,30,14.5,30,0,12,18,8.9,5.6,18,12,missing,missing
";

#[test]
fn reproduces_the_published_human_development_index() {
    let folder = Folder::new("hdi");
    let published = fs::read_to_string(shipped("conformance/hdi-2022/hdi-2022.csv")).unwrap();
    let rows: Vec<Vec<&str>> = published
        .lines()
        .map(|line| line.split(',').collect())
        .collect();
    let inputs: String = rows.iter().map(|row| row[..5].join(",") + "\n").collect();
    let data = folder.file("inputs.csv", inputs);
    let out = folder.path("out.csv");
    let scheme = shipped("conformance/hdi-2022/schemes/hdi-2022.toml");
    let output = xingcun(&["score", "--scheme", &scheme, "--data", &data, "--out", &out]);
    assert_eq!((code(&output), stderr(&output)), (0, ""));
    let results = fs::read_to_string(out).unwrap();
    let mut agreeing = 0;
    for (result, row) in results.lines().zip(&rows).skip(1) {
        let cells: Vec<&str> = result.split(',').collect();
        let band = row[7].to_lowercase().replace(' ', "_");
        // The file prints three places, the result no trailing zeros.
        let published_value = row[5].trim_end_matches('0');
        assert_eq!(
            [cells[0], cells[2], cells[4], cells[3]],
            [row[0], published_value, row[6], &band]
        );
        agreeing += 1;
    }
    assert_eq!(agreeing, 193);
}

#[test]
fn writes_results_in_input_order_with_missing_as_missing() {
    let folder = Folder::new("demo");
    let data = folder.file("data.csv", demo_data());
    let output = xingcun(&["score", "--scheme", &demo_scheme(), "--data", &data]);
    assert_eq!((code(&output), stderr(&output)), (0, ""));
    assert_eq!(stdout(&output), DEMO_RESULTS);
    let rows = [DEMO_ROWS[2], DEMO_ROWS[0], DEMO_ROWS[1]].join("\n");
    let turned = folder.file("turned.csv", format!("{DEMO_HEADER}\n{rows}\n"));
    let output = xingcun(&["score", "--scheme", &demo_scheme(), "--data", &turned]);
    let expected: Vec<&str> = DEMO_RESULTS.lines().collect();
    let found: Vec<&str> = stdout(&output).lines().collect();
    assert_eq!(found, [expected[0], expected[3], expected[1], expected[2]]);
}

#[test]
fn reads_the_encodings_offices_use() {
    let folder = Folder::new("encodings");
    let (gb18030, _, _) = encoding_rs::GB18030.encode(Box::leak(demo_data().into_boxed_str()));
    let marked = format!("\u{feff}{}", demo_data().replace('\n', "\r\n"));
    for (name, bytes) in [
        ("gb18030.csv", gb18030.as_ref()),
        ("marked.csv", marked.as_bytes()),
    ] {
        let data = folder.file(name, bytes);
        let output = xingcun(&["score", "--scheme", &demo_scheme(), "--data", &data]);
        assert_eq!(code(&output), 0, "{name}: {}", stderr(&output));
        assert_eq!(stdout(&output), DEMO_RESULTS, "{name}");
    }
}

#[test]
fn writes_json_with_exact_numbers() {
    let folder = Folder::new("json");
    let data = folder.file("data.csv", demo_data());
    let out = folder.path("out.json");
    let output = xingcun(&[
        "score",
        "--scheme",
        &demo_scheme(),
        "--data",
        &data,
        "--out",
        &out,
    ]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let rows: serde_json::Value = serde_json::from_slice(&fs::read(out).unwrap()).unwrap();
    assert_eq!(rows[1]["subject"], "石桥村");
    assert_eq!(rows[1]["score"], "68.76");
    assert_eq!(rows[1]["rank"], 3);
    assert_eq!(rows[1]["nodes"]["tasks"], serde_json::Value::Null);
    assert_eq!(rows[1]["nodes"]["leader"], "14.63");
}

#[test]
fn wrong_cells_stop_it_and_are_named() {
    let folder = Folder::new("cells");
    let out = folder.file("out.csv", "the old results\n");
    for (row, place) in [
        (
            "新村,镇,5,5,9,1e2,430,95.5,526000,42.5,100,12,12,91.5",
            "F3",
        ),
        (
            "新村,镇,5,5,9,430,430,95.5,526000.001,42.5,100,12,12,91.5",
            "I3",
        ),
        (
            "新村,镇,5,5,9,430,430,95.5,526000,142.5,100,12,12,91.5",
            "J3",
        ),
        (
            "新村,镇,5,5,9,430,430,９５,526000,42.5,100,12,12,91.5",
            "H3",
        ),
        (
            "柳溪村,镇,5,5,9,430,430,95.5,526000,42.5,100,12,12,91.5",
            "A3",
        ),
        (",镇,5,5,9,430,430,95.5,526000,42.5,100,12,12,91.5", "A3"),
        ("新村,镇,5,5", "E3"),
    ] {
        let text = format!("{DEMO_HEADER}\n{}\n{row}\n", DEMO_ROWS[0]);
        let data = folder.file("data.csv", text);
        let arguments = [
            "score",
            "--scheme",
            &demo_scheme(),
            "--data",
            &data,
            "--out",
            &out,
        ];
        let output = xingcun(&arguments);
        assert_eq!(code(&output), 1, "{row}");
        assert!(
            stderr(&output).starts_with(&format!("{place}: 错误 ")),
            "{}",
            stderr(&output)
        );
        assert_eq!(fs::read_to_string(&out).unwrap(), "the old results\n");
    }
}

#[test]
fn a_subject_held_back_does_not_hold_back_the_others() {
    let folder = Folder::new("held");
    let held = DEMO_ROWS[1].replacen(",4,5,", ",,5,", 1);
    let data = folder.file(
        "data.csv",
        format!("{DEMO_HEADER}\n{}\n{held}\n", DEMO_ROWS[0]),
    );
    let output = xingcun(&["score", "--scheme", &demo_scheme(), "--data", &data]);
    assert_eq!(code(&output), 1);
    assert!(stderr(&output).contains("石桥村"), "{}", stderr(&output));
    let rows: Vec<&str> = stdout(&output).lines().collect();
    assert_eq!(rows[1], DEMO_RESULTS.lines().nth(1).unwrap());
    assert!(
        rows[2].starts_with("石桥村,城关镇,missing,missing,missing,missing,missing,"),
        "{}",
        rows[2]
    );
}

/// Two villages with the same marks; the scheme's chain ends with time and lot.
#[test]
fn ties_are_decided_by_columns_of_the_file() {
    let folder = Folder::new("ties");
    let scheme = fs::read_to_string(demo_scheme()).unwrap();
    let chain = "ties = [{ submitted = \"earlier\" }, { lot = \"lowest\" }]";
    let end = scheme.find("ties = [").unwrap();
    let ordinal = scheme[..end].replace("method = \"competition\"", "method = \"ordinal\"");
    let scheme = folder.file("scheme.toml", format!("{ordinal}{chain}\n"));
    let twin = DEMO_ROWS[0].replace("柳溪村", "杨树村");
    for (first, second, code_expected, ranks) in [
        ("2026-10-02 08:00,", "2026-10-01,", 0, ["2", "1"]),
        ("2026-10-01,1", "2026-10-01,2", 0, ["1", "2"]),
        ("2026-10-01,9", "2026-10-01,2", 0, ["2", "1"]),
        ("2026-10-01,x", "2026-10-01,2", 1, ["", ""]),
        ("2026-13-01,1", "2026-10-01,2", 1, ["", ""]),
    ] {
        let data = format!(
            "{DEMO_HEADER},submitted,lot\n{},{first}\n{twin},{second}\n",
            DEMO_ROWS[0]
        );
        let data = folder.file("data.csv", data);
        let output = xingcun(&["score", "--scheme", &scheme, "--data", &data]);
        assert_eq!(code(&output), code_expected, "{}", stderr(&output));
        let rows = stdout(&output).lines().skip(1);
        let found: Vec<&str> = rows.map(|row| row.split(',').nth(4).unwrap()).collect();
        if code_expected == 0 {
            assert_eq!(found, ranks, "{first} {second}");
        } else {
            assert!(found.is_empty());
        }
    }
}

#[test]
fn usage_errors_have_their_own_code() {
    let folder = Folder::new("usage");
    let data = folder.file("data.csv", demo_data());
    let (scheme, out) = (demo_scheme(), folder.path("out.xls"));
    for arguments in [
        vec!["score"],
        vec!["score", "--scheme", &scheme],
        vec!["score", "--scheme", &scheme, "--data", "no such file"],
        vec!["score", "--scheme", "no such file", "--data", &data],
        vec!["score", "--scheme", &scheme, "--data", &data, "--out", &out],
        vec![
            "score",
            "--scheme",
            &scheme,
            "--data",
            &data,
            "--explain",
            "无此村",
        ],
    ] {
        let output = xingcun(&arguments);
        assert_eq!(code(&output), 2, "{arguments:?}: {}", stderr(&output));
        assert!(!output.stderr.is_empty());
        assert!(output.stdout.is_empty());
    }
}

#[test]
fn explains_a_subject_in_both_languages() {
    let folder = Folder::new("explain");
    let data = folder.file("data.csv", demo_data());
    let scheme = demo_scheme();
    let arguments = [
        "score",
        "--scheme",
        &scheme,
        "--data",
        &data,
        "--explain",
        "石桥村",
    ];
    let output = xingcun(&arguments);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let chinese = stdout(&output).to_owned();
    for part in [
        "石桥村\n",
        "总分 68.76",
        "合格",
        "集体经济收入",
        "186000",
        "10.8",
        "缺失",
    ] {
        assert!(chinese.contains(part), "{part}: {chinese}");
    }
    let english = xingcun(&[&["--lang", "en"], &arguments[..]].concat());
    let english = stdout(&english).to_owned();
    for part in [
        "Qualified",
        "Collective income",
        "186000",
        "missing",
        "half up",
    ] {
        assert!(english.contains(part), "{part}: {english}");
    }
    for text in [&chinese, &english] {
        assert!(
            !text.contains("explain-") && !text.contains("score-"),
            "{text}"
        );
    }
    // Every line of a rule has a text of its own: no bare codes.
    for line in english
        .lines()
        .filter(|line| line.trim_start().starts_with("- "))
    {
        assert!(!line.contains('='), "{line}");
    }
}

#[test]
fn names_that_a_spreadsheet_would_run_are_neutralised() {
    let folder = Folder::new("names");
    let row = DEMO_ROWS[0].replace("柳溪村", "=1+1");
    let data = folder.file("data.csv", format!("{DEMO_HEADER}\n{row}\n"));
    let output = xingcun(&["score", "--scheme", &demo_scheme(), "--data", &data]);
    let second = stdout(&output).lines().nth(1).unwrap().to_owned();
    assert!(second.starts_with("'=1+1,城关镇,93.8,"), "{second}");
}

#[test]
fn pack_check_prints_every_finding_with_file_line_and_remedy() {
    let shipped = [
        shipped("base"),
        shipped("demo"),
        shipped("conformance/hdi-2022"),
    ];
    let mut arguments = vec!["pack", "check"];
    arguments.extend(shipped.iter().map(String::as_str));
    let output = xingcun(&arguments);
    assert_eq!((code(&output), stderr(&output)), (0, ""));
    assert_eq!(stdout(&output).lines().count(), 1);

    let folder = Folder::new("pack");
    fs::create_dir_all(folder.0.join("schemes")).unwrap();
    folder.file(
        "pack.toml",
        "name = \"Bad\"\nversion = \"1\"\ntitle = { zh = \"甲\", en = \"A\" }\n",
    );
    let scheme = fs::read_to_string(demo_scheme()).unwrap();
    let scheme = scheme.replace("range = \"[5, 10)\"", "range = \"[6, 10)\"");
    folder.file("schemes/quarter.toml", &scheme);
    let line = 1 + scheme
        .lines()
        .position(|line| line.contains("[6, 10)"))
        .unwrap();
    let root = folder.0.to_str().unwrap();
    // A pack whose manifest cannot be read still has its schemes checked.
    for (language, word, remedy) in [("zh", "错误", "    请"), ("en", "error", "    ")] {
        let output = xingcun(&["--lang", language, "pack", "check", root]);
        assert_eq!(code(&output), 1);
        let text = stdout(&output);
        assert!(
            text.contains(&format!("{root}/pack.toml:1:8: {word} [pack-bad-name]")),
            "{text}"
        );
        assert!(
            text.lines().any(|found| {
                found.starts_with(&format!("{root}/schemes/quarter.toml:{line}:"))
                    && found.contains(word)
            }),
            "{text}"
        );
        assert!(text.contains(remedy));
    }
    assert_eq!(code(&xingcun(&["pack", "check"])), 2);
    assert_eq!(code(&xingcun(&["pack", "check", "/nowhere"])), 1);
}

/// Rows of the first sheet of a workbook, as texts.
fn sheet(path: &str) -> Vec<Vec<String>> {
    let bytes = fs::read(path).unwrap();
    let sheet = directory::sheet::read(&bytes, &directory::sheet::LIMITS).unwrap();
    let rows = sheet.rows.iter();
    rows.map(|row| row.iter().map(directory::sheet::Cell::shown).collect())
        .collect()
}

/// A workbook of these rows; cells that are numbers become numbers.
fn workbook(rows: &str) -> Vec<u8> {
    let mut workbook = rust_xlsxwriter::Workbook::new();
    let sheet = workbook.add_worksheet().set_name("数据").unwrap();
    for (row, line) in (0..).zip(rows.lines()) {
        for (column, cell) in (0..).zip(line.split(',')) {
            if let Ok(number) = cell.parse::<f64>() {
                sheet.write_number(row, column, number).unwrap();
            } else {
                sheet.write_string(row, column, cell).unwrap();
            }
        }
    }
    workbook.save_to_buffer().unwrap()
}

#[test]
fn figures_and_results_are_workbooks_too() {
    let folder = Folder::new("workbooks");
    let data = folder.file("data.xlsx", workbook(&demo_data()));
    let out = folder.path("out.xlsx");
    let scheme = demo_scheme();
    let output = xingcun(&["score", "--scheme", &scheme, "--data", &data, "--out", &out]);
    assert_eq!((code(&output), stderr(&output)), (0, ""));
    let expected: Vec<Vec<String>> = DEMO_RESULTS
        .lines()
        .map(|line| line.split(',').map(str::to_owned).collect())
        .collect();
    assert_eq!(sheet(&out), expected);
    // The scheme as a workbook gives the same.
    let book = folder.path("scheme.xlsx");
    let output = xingcun(&["pack", "workbook", &scheme, "--out", &book]);
    assert_eq!((code(&output), stderr(&output)), (0, ""));
    let output = xingcun(&["score", "--scheme", &book, "--data", &data]);
    assert_eq!((code(&output), stdout(&output)), (0, DEMO_RESULTS));
    let back = folder.path("scheme.toml");
    let output = xingcun(&["pack", "workbook", &book, "--out", &back]);
    assert_eq!((code(&output), stderr(&output)), (0, ""));
    let output = xingcun(&["score", "--scheme", &back, "--data", &data]);
    assert_eq!((code(&output), stdout(&output)), (0, DEMO_RESULTS));
}

#[test]
fn a_wrong_cell_of_a_workbook_is_named_with_its_sheet() {
    let folder = Folder::new("cells-xlsx");
    let out = folder.file("out.csv", "the old results\n");
    for (cell, place) in [
        ("九十五", "数据!H2: "),
        ("1e400", "数据!H2: "),
        ("0.3333333333333333", "数据!H2: "),
    ] {
        let rows = demo_data().replacen(",95.5,", &format!(",{cell},"), 1);
        let data = folder.file("data.xlsx", workbook(&rows));
        let output = xingcun(&[
            "score",
            "--scheme",
            &demo_scheme(),
            "--data",
            &data,
            "--out",
            &out,
        ]);
        assert_eq!(code(&output), 1, "{cell}");
        assert!(
            stderr(&output).contains(place),
            "{cell}: {}",
            stderr(&output)
        );
        assert_eq!(fs::read_to_string(&out).unwrap(), "the old results\n");
    }
}

#[test]
fn scenarios_of_a_pack_are_run() {
    let output = xingcun(&["pack", "test", &shipped("changle")]);
    assert_eq!((code(&output), stderr(&output)), (0, ""));
    assert_eq!(stdout(&output), "运行了 1 个算例，不一致的单元格 0 个\n");
    // A scheme that gives something else is found out, cell by cell.
    let folder = Folder::new("scenario");
    for place in ["schemes", "scenarios"] {
        fs::create_dir_all(folder.path(place)).unwrap();
    }
    let scheme = fs::read_to_string(shipped("changle/schemes/strength-quarter.toml")).unwrap();
    let other = scheme.replacen("cap = \"5\"", "cap = \"4\"", 1);
    assert_ne!(scheme, other);
    folder.file("schemes/strength-quarter.toml", other);
    for name in ["strength-quarter.csv", "strength-quarter.expected.csv"] {
        let path = format!("scenarios/{name}");
        folder.file(
            &path,
            fs::read(shipped(&format!("changle/{path}"))).unwrap(),
        );
    }
    let output = xingcun(&["pack", "test", folder.0.to_str().unwrap()]);
    assert_eq!(code(&output), 1);
    assert!(
        stderr(&output).contains("pack-scenario-differs"),
        "{}",
        stderr(&output)
    );
}

#[test]
fn two_versions_are_compared_on_figures() {
    let folder = Folder::new("diff");
    let scheme = demo_scheme();
    let text = fs::read_to_string(&scheme).unwrap();
    let newer = text.replacen("version = \"2026.1\"", "version = \"2026.2\"", 1);
    let newer = newer.replacen("range = \"[90, none)\"", "range = \"[95, none)\"", 1);
    let newer = newer.replacen("range = \"[80, 90)\"", "range = \"[80, 95)\"", 1);
    assert_ne!(text, newer);
    let newer = folder.file("newer.toml", newer);
    let data = folder.file("data.csv", demo_data());
    let output = xingcun(&[
        "--lang", "en", "pack", "diff", &scheme, &newer, "--data", &data,
    ]);
    assert_eq!((code(&output), stderr(&output)), (0, ""));
    let told = stdout(&output);
    for line in [
        "~ node environment\n    rule.tiers.0.range: [90, none) → [95, none)\n",
        "柳溪村: score 93.8 → 91.8; rank 1; grade Excellent\n",
        "Of 3, 1 scores, 0 ranks and 0 grades would move.\n",
    ] {
        assert!(told.contains(line), "{line:?} in\n{told}");
    }
    assert!(!told.contains("石桥村"), "{told}");
    let output = xingcun(&["--lang", "en", "pack", "diff", &scheme, &scheme]);
    assert_eq!(stdout(&output), "Parts that differ: 0.\n");
}
