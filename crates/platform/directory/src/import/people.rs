//! People with their posts from a roster: name, place, post, first day, telephone, identity card.
//!
//! What is sealed in the record is taken out of the table as values that print nothing, and a
//! finding never repeats it.

use kernel::{Day, Finding, PlaceId, ResidentId};
use vault::{IdNumber, Phone, Plain};

use super::columns::{Column, Columns};
use super::reader::{Reader, kept};
use super::{PlaceIndex, concluded, half_width};
use crate::person::NAME_MAX;
use crate::sheet::{Cell, Sheet};

const REQUIRED: &[Column] = &[
    Column {
        key: "name",
        others: &["姓名", "人员姓名"],
    },
    Column {
        key: "post",
        others: &["职务", "岗位"],
    },
];
const OPTIONAL: &[Column] = &[
    Column {
        key: "code",
        others: &["编码", "代码", "区划代码", "单位代码"],
    },
    Column {
        key: "place",
        others: &["村", "村名", "单位", "所在单位", "任职单位", "所在村"],
    },
    Column {
        key: "valid_from",
        others: &["任职时间", "任职日期", "起始日期"],
    },
    Column {
        key: "phone",
        others: &["电话", "手机", "手机号", "联系电话"],
    },
    Column {
        key: "id_number",
        others: &["身份证", "身份证号", "身份证号码", "公民身份号码"],
    },
];

/// Posts as rosters write them, and the code of each.
const POSTS: &[(&str, &[&str])] = &[
    (
        "secretary",
        &["书记", "党支部书记", "支部书记", "党总支书记", "村书记"],
    ),
    (
        "deputy_secretary",
        &["副书记", "党支部副书记", "支部副书记"],
    ),
    (
        "director",
        &["主任", "村主任", "村委会主任", "村民委员会主任"],
    ),
    (
        "committee_member",
        &["委员", "两委委员", "村委委员", "支部委员"],
    ),
    (
        "supervision_director",
        &["监委会主任", "村务监督委员会主任"],
    ),
    ("accountant", &["会计", "报账员", "文书"]),
    ("grid_worker", &["网格员", "专职网格员"]),
    ("clerk", &["干事", "工作人员", "办事员"]),
    ("leader", &["负责人", "领导"]),
];

/// One row of a roster.
#[derive(Debug)]
pub struct PersonRow {
    /// The row in the sheet, from 0.
    pub row: usize,
    /// The name.
    pub name: String,
    /// Where the person serves.
    pub place: PlaceId,
    /// The post by its code.
    pub post: String,
    /// First day in the post, where given.
    pub valid_from: Option<Day>,
    /// Telephone, where given.
    pub phone: Option<Plain<Phone>>,
    /// Number of the identity card, where given.
    pub id_number: Option<Plain<IdNumber>>,
}

/// A roster read row by row.
#[derive(Debug)]
pub struct PeopleRoster {
    /// The rows, in the sheet's order.
    pub rows: Vec<PersonRow>,
    /// What is only worth knowing.
    pub findings: Vec<Finding>,
    columns: Columns,
}

impl PeopleRoster {
    /// A finding at the cell of a column of a row, which holds nothing personal.
    pub fn at(&self, sheet: &Sheet, finding: Finding, row: usize, key: &str) -> Finding {
        self.columns.finding(finding, sheet, row, key)
    }
}

/// Reads people. `Err` with every finding where one blocks.
pub fn read(sheet: &Sheet, places: &PlaceIndex, today: Day) -> Result<PeopleRoster, Vec<Finding>> {
    let (columns, mut findings) = Columns::find(sheet, REQUIRED, OPTIONAL)?;
    if columns.index("code").is_none() && columns.index("place").is_none() {
        let finding = Finding::error("import-column-missing").at(columns.header_at(sheet));
        return Err(vec![finding.arg("expected", "place")]);
    }
    let mut rows: Vec<PersonRow> = Vec::new();
    let mut seen = std::collections::HashMap::new();
    for row in columns.rows(sheet) {
        let reader = Reader {
            sheet,
            columns: &columns,
            row,
        };
        let Some(read) = read_row(&reader, places, today, &mut findings) else {
            continue;
        };
        let key = (read.name.clone(), read.place, read.post.clone());
        if let Some(first) = seen.insert(key, row) {
            let finding = reader.finding(Finding::error("import-person-twice"), "name");
            findings.push(finding.arg("first", first + 1));
        }
        rows.push(read);
    }
    let findings = concluded(rows.is_empty(), findings)?;
    Ok(PeopleRoster {
        rows,
        findings,
        columns,
    })
}

fn read_row(
    reader: &Reader<'_>,
    places: &PlaceIndex,
    today: Day,
    findings: &mut Vec<Finding>,
) -> Option<PersonRow> {
    let name = kept(reader.text("name", 1, NAME_MAX), findings);
    let place = kept(reader.place(places, "code", "place"), findings);
    let post = kept(post(reader), findings);
    let valid_from = kept(reader.day("valid_from"), findings);
    let phone = kept(phone(reader), findings);
    let id_number = kept(id_number(reader, today, findings), findings);
    Some(PersonRow {
        row: reader.row,
        name: name?,
        place: place?,
        post: post?,
        valid_from: valid_from?,
        phone: phone?,
        id_number: id_number?,
    })
}

/// The code of a post by its code or by what rosters call it.
fn post(reader: &Reader<'_>) -> Result<String, Finding> {
    let shown = reader.text("post", 1, 40)?;
    let named = POSTS
        .iter()
        .find(|(code, names)| *code == shown || names.contains(&shown.as_str()));
    match named {
        Some((code, _)) => Ok((*code).to_owned()),
        None => Err(reader.finding(Finding::error("import-post-unknown"), "post")),
    }
}

/// A telephone number: 7 to 15 digits, at most a leading `+`, spaces and hyphens between.
fn phone(reader: &Reader<'_>) -> Result<Option<Plain<Phone>>, Finding> {
    let shown = half_width(&reader.cell("phone").shown());
    if shown.is_empty() {
        return Ok(None);
    }
    let wrong = || reader.veiled(Finding::error("import-phone-form"), "phone");
    let digits: String = shown
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '-' | '(' | ')'))
        .collect();
    let digits = digits.strip_prefix('+').unwrap_or(&digits);
    let fits = (7..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    if !fits {
        return Err(wrong());
    }
    Plain::new(&shown).map(Some).map_err(|_| wrong())
}

/// The number of an identity card. One that a workbook keeps as a number has lost its last digits
/// and is refused; an old one of fifteen digits is completed, with a warning.
fn id_number(
    reader: &Reader<'_>,
    today: Day,
    findings: &mut Vec<Finding>,
) -> Result<Option<Plain<IdNumber>>, Finding> {
    let key = "id_number";
    let cell = reader.cell(key);
    let wrong = |code| reader.veiled(Finding::error(code), key);
    let shown = match cell {
        Cell::Empty => return Ok(None),
        Cell::Inexact(_) => return Err(wrong("import-id-as-number")),
        Cell::Number(text) if text.len() > 15 => return Err(wrong("import-id-as-number")),
        cell => half_width(&cell.shown()),
    };
    // Spreadsheets show an apostrophe where a number was typed as text.
    let shown = shown.trim_start_matches('\'').to_uppercase();
    let number = if shown.len() == 15 {
        let number = ResidentId::from_old(&shown, today).map_err(|error| wrong(error.code()))?;
        findings.push(reader.veiled(Finding::warning("import-id-old"), key));
        number
    } else {
        ResidentId::parse(&shown, today).map_err(|error| wrong(error.code()))?
    };
    Plain::new(number.expose())
        .map(Some)
        .map_err(|_| wrong("resident-id-length"))
}
