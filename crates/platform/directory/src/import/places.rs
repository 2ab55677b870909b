//! Places from a roster: code, name, level, parent code.

use std::collections::HashMap;

use kernel::{Day, DivisionCode, Finding, FindingPlace, PlaceId};

use super::columns::{Column, Columns};
use super::reader::{Reader, kept};
use super::{concluded, half_width, limited};
use crate::place::{NAME_MAX, Place, PlaceDraft, PlaceKind, PlaceLevel, kind_of, short_name};
use crate::sheet::{Cell, Sheet};

const REQUIRED: &[Column] = &[Column {
    key: "name",
    others: &["名称", "单位名称", "区划名称"],
}];
const OPTIONAL: &[Column] = &[
    Column {
        key: "code",
        others: &["编码", "代码", "区划代码", "行政区划代码", "统计用区划代码"],
    },
    Column {
        key: "level",
        others: &["级别", "层级"],
    },
    Column {
        key: "parent_code",
        others: &["上级编码", "上级代码", "上级区划代码"],
    },
    Column {
        key: "alias",
        others: &["别名", "简称"],
    },
    Column {
        key: "grid",
        others: &["所属网格", "上级网格"],
    },
    Column {
        key: "valid_from",
        others: &["起始日期", "开始日期", "设立日期"],
    },
];

/// One row of a roster, understood by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlaceRow {
    /// The row in the sheet, from 0.
    pub row: usize,
    /// The name as it stands.
    pub name: String,
    /// The name as people say it: given, or the committee's ending left out.
    pub alias: Option<String>,
    /// The kind that level, name and code say.
    pub kind: PlaceKind,
    /// Its code.
    pub code: Option<DivisionCode>,
    /// The code of the place above, where it is given; of a micro-grid that of the village.
    pub parent_code: Option<DivisionCode>,
    /// Of a micro-grid: the name of the grid of that village in which it lies. Grids have no codes.
    pub grid: Option<String>,
    /// The first day on which this is true, where it is given.
    pub valid_from: Option<Day>,
}

/// A roster read row by row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Roster {
    /// The rows, in the sheet's order.
    pub rows: Vec<PlaceRow>,
    /// What is only worth knowing: kinds where name and code disagree, columns left alone.
    pub findings: Vec<Finding>,
}

/// What an import would do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PlacePlan {
    /// The versions to write.
    pub drafts: Vec<PlaceDraft>,
    /// The row of each of them in the sheet, from 0.
    pub rows: Vec<usize>,
    /// How many of them are new places.
    pub added: usize,
    /// How many rows say what is already recorded.
    pub unchanged: usize,
}

/// Reads the rows of a roster. `Err` with every finding where one blocks.
pub fn read(sheet: &Sheet) -> Result<Roster, Vec<Finding>> {
    let (columns, mut findings) = Columns::find(sheet, REQUIRED, OPTIONAL)?;
    let mut rows = Vec::new();
    let mut seen: HashMap<DivisionCode, usize> = HashMap::new();
    for row in columns.rows(sheet) {
        let read = read_row(sheet, &columns, row, &mut findings);
        if let Some(code) = read.as_ref().and_then(|read| read.code)
            && let Some(first) = seen.insert(code, row)
        {
            let place = columns.index("code").map(|index| sheet.at(first, index));
            let finding = columns.finding(Finding::error("import-code-twice"), sheet, row, "code");
            let first = place.map(|place| place.to_string()).unwrap_or_default();
            findings.push(finding.arg("first", first));
        }
        rows.extend(read);
    }
    let findings = concluded(rows.is_empty(), findings)?;
    Ok(Roster { rows, findings })
}

fn read_row(
    sheet: &Sheet,
    columns: &Columns,
    row: usize,
    findings: &mut Vec<Finding>,
) -> Option<PlaceRow> {
    let before = findings.len();
    let code = read_code(sheet, columns, row, "code", findings);
    let parent_code = read_code(sheet, columns, row, "parent_code", findings);
    let name = columns.cell(sheet, row, "name").shown();
    let length = name.chars().count();
    if !(1..=NAME_MAX).contains(&length) {
        let finding = Finding::error("place-name-length").arg("expected", NAME_MAX);
        findings.push(columns.finding(finding, sheet, row, "name"));
    } else if name.chars().any(char::is_control) {
        let finding = Finding::error("place-name-characters");
        findings.push(columns.finding(finding, sheet, row, "name"));
    }
    let level = read_level(sheet, columns, row, code, findings);
    let reader = Reader {
        sheet,
        columns,
        row,
    };
    let valid_from = kept(reader.day("valid_from"), findings).flatten();
    if findings[before..].iter().any(Finding::blocks) {
        return None;
    }
    let level = level?;
    let grid = match columns.cell(sheet, row, "grid") {
        Cell::Empty => None,
        cell => Some(cell.shown()).filter(|_| level == PlaceLevel::MicroGrid),
    };
    if level == PlaceLevel::MicroGrid && grid.is_none() {
        let finding = Finding::error("import-grid-missing");
        findings.push(columns.finding(finding, sheet, row, "level"));
        return None;
    }
    let (kind, agree) = kind_of(level, &name, code);
    if !agree {
        let finding = Finding::warning("place-kind-unclear").arg("kind", kind.name());
        findings.push(columns.finding(finding, sheet, row, "code"));
    }
    let alias = match columns.cell(sheet, row, "alias") {
        Cell::Empty => short_name(&name),
        cell => Some(cell.shown()),
    };
    Some(PlaceRow {
        row,
        alias: alias.filter(|alias| *alias != name),
        name,
        kind,
        code,
        parent_code,
        grid,
        valid_from,
    })
}

fn read_code(
    sheet: &Sheet,
    columns: &Columns,
    row: usize,
    key: &str,
    findings: &mut Vec<Finding>,
) -> Option<DivisionCode> {
    let cell = columns.cell(sheet, row, key);
    if cell.is_empty() {
        return None;
    }
    match DivisionCode::from_short(&half_width(&cell.shown())) {
        Ok(code) => Some(code),
        Err(wrong) => {
            let finding = Finding::error(wrong.code());
            findings.push(columns.finding(finding, sheet, row, key));
            None
        }
    }
}

/// The level that the column says, else the code's; they may not contradict each other.
fn read_level(
    sheet: &Sheet,
    columns: &Columns,
    row: usize,
    code: Option<DivisionCode>,
    findings: &mut Vec<Finding>,
) -> Option<PlaceLevel> {
    let by_code = code.map(|code| PlaceLevel::from(code.level()));
    let cell = columns.cell(sheet, row, "level");
    if cell.is_empty() {
        if by_code.is_none() {
            let finding = Finding::error("import-level-missing");
            findings.push(columns.finding(finding, sheet, row, "level"));
        }
        return by_code;
    }
    let Some(named) = level_named(&cell.shown()) else {
        let finding = Finding::error("import-level-unknown");
        findings.push(columns.finding(finding, sheet, row, "level"));
        return None;
    };
    if let Some(by_code) = by_code.filter(|by_code| *by_code != named) {
        let finding = Finding::error("import-level-not-the-codes").arg("expected", by_code.name());
        findings.push(columns.finding(finding, sheet, row, "level"));
    }
    Some(named)
}

fn level_named(text: &str) -> Option<PlaceLevel> {
    let chinese = match text.trim_end_matches('级') {
        "省" | "自治区" | "直辖市" => PlaceLevel::Province,
        "市" | "地" | "地市" => PlaceLevel::City,
        "县" | "区" | "县区" | "区县" | "旗" => PlaceLevel::County,
        "镇" | "乡" | "乡镇" | "街道" | "镇街" | "乡镇街道" => PlaceLevel::Town,
        "村" | "社区" | "村居" | "村社区" => PlaceLevel::Village,
        "网格" => PlaceLevel::Grid,
        "微网格" => PlaceLevel::MicroGrid,
        _ => return text.to_lowercase().parse().ok(),
    };
    Some(chinese)
}

/// What has to be written so that the rows are true from the day on that each of them gives, else
/// from `today` on. Nothing begins before what is above it. A row that gives an earlier day for
/// what is recorded as it stands there moves its beginning back.
///
/// A row is an existing place where the codes are equal, or, where one of the two has none, where
/// name and parent are. `next_id` gives the ids of new places. `existing` are all places that
/// exist now; those that no row names stay as they are.
pub fn plan(
    sheet: &Sheet,
    roster: &Roster,
    existing: &[Place],
    today: Day,
    next_id: &mut dyn FnMut() -> PlaceId,
) -> Result<PlacePlan, Vec<Finding>> {
    let mut planner = Planner::new(existing);
    let mut ordered: Vec<&PlaceRow> = roster.rows.iter().collect();
    ordered.sort_by_key(|row| (row.kind.level(), row.row));
    let mut plan = PlacePlan::default();
    let mut findings = Vec::new();
    for row in ordered {
        let parent = match planner.parent_of(row) {
            Ok(parent) => parent,
            Err(code) => {
                let column = sheet_column(sheet, row.parent_code.is_some());
                let place = sheet.at(row.row, column);
                let wanted = row.parent_code.map(|code| code.to_string());
                findings.push(
                    Finding::error(code)
                        .at(place)
                        .arg("found", wanted.unwrap_or_default())
                        .arg("name", row.name.as_str()),
                );
                continue;
            }
        };
        let before = planner.existing_of(row, parent);
        let valid_from = row.valid_from.unwrap_or(today);
        if let Some(finding) = planner.begins_wrong(row, parent, today) {
            findings.push(finding.at(sheet.at(row.row, day_column(sheet))));
            continue;
        }
        let draft = PlaceDraft {
            place: before.map_or_else(&mut *next_id, |place| place.place),
            kind: row.kind,
            name: row.name.clone(),
            alias: row.alias.clone(),
            code: row.code.or_else(|| before.and_then(|place| place.code)),
            parent,
            valid_from,
            valid_to: None,
        };
        if before.is_some_and(|place| !planner.claim(place.place)) {
            let place = sheet.at(row.row, sheet_column(sheet, false));
            let finding = Finding::error("import-place-twice").at(place);
            findings.push(finding.arg("found", row.name.as_str()));
            continue;
        }
        planner.place(&draft);
        match before {
            Some(before)
                if says_the_same(before, &draft)
                    && row.valid_from.is_none_or(|day| day >= before.valid_from) =>
            {
                plan.unchanged += 1;
            }
            Some(_) => {
                plan.drafts.push(draft);
                plan.rows.push(row.row);
            }
            None => {
                plan.added += 1;
                plan.drafts.push(draft);
                plan.rows.push(row.row);
            }
        }
    }
    if findings.is_empty() {
        Ok(plan)
    } else {
        Err(limited(findings))
    }
}

/// The column of the parent's code, else of the name.
impl PlacePlan {
    /// Where in the sheet the draft of that index comes from: the cell of the parent's code, or of
    /// the name.
    pub fn at(&self, sheet: &Sheet, index: usize, parent: bool) -> Option<FindingPlace> {
        let row = *self.rows.get(index)?;
        Some(sheet.at(row, sheet_column(sheet, parent)))
    }
}

fn sheet_column(sheet: &Sheet, parent: bool) -> usize {
    let columns = Columns::find(sheet, REQUIRED, OPTIONAL).ok();
    let key = if parent { "parent_code" } else { "name" };
    columns
        .and_then(|(columns, _)| columns.index(key))
        .unwrap_or(0)
}

fn day_column(sheet: &Sheet) -> usize {
    let columns = Columns::find(sheet, REQUIRED, OPTIONAL).ok();
    columns
        .and_then(|(columns, _)| columns.index("valid_from"))
        .unwrap_or(0)
}

fn says_the_same(place: &Place, draft: &PlaceDraft) -> bool {
    (
        place.kind,
        &place.name,
        &place.alias,
        place.code,
        place.parent,
    ) == (
        draft.kind,
        &draft.name,
        &draft.alias,
        draft.code,
        draft.parent,
    )
}

/// The places known while rows are planned from the top of the tree down.
struct Planner<'a> {
    existing: HashMap<DivisionCode, &'a Place>,
    by_name: HashMap<(Option<PlaceId>, &'a str), &'a Place>,
    known: HashMap<DivisionCode, (PlaceId, PlaceLevel)>,
    claimed: std::collections::HashSet<PlaceId>,
    /// First days of the places, the recorded ones and those of earlier rows.
    begins: HashMap<PlaceId, Day>,
    /// Grids by village and name, the recorded ones and those of earlier rows.
    grids: HashMap<(PlaceId, String), PlaceId>,
}

impl<'a> Planner<'a> {
    fn new(existing: &'a [Place]) -> Planner<'a> {
        let coded = existing
            .iter()
            .filter_map(|place| Some((place.code?, place)));
        Planner {
            known: coded
                .clone()
                .map(|(code, place)| (code, (place.place, place.level())))
                .collect(),
            existing: coded.collect(),
            by_name: existing
                .iter()
                .map(|place| ((place.parent, place.name.as_str()), place))
                .collect(),
            claimed: std::collections::HashSet::new(),
            begins: existing
                .iter()
                .map(|place| (place.place, place.valid_from))
                .collect(),
            grids: existing
                .iter()
                .filter(|place| place.kind == PlaceKind::Grid)
                .filter_map(|grid| Some(((grid.parent?, grid.name.clone()), grid.place)))
                .collect(),
        }
    }

    /// The place above a row: by the code given, else the nearest one by its own code. `Err` with
    /// the finding's code.
    fn parent_of(&self, row: &PlaceRow) -> Result<Option<PlaceId>, &'static str> {
        let above = |code: &DivisionCode| {
            self.known
                .get(code)
                .filter(|(_, level)| *level < row.kind.level())
                .map(|(place, _)| *place)
        };
        if let Some(parent) = row.parent_code {
            return match above(&parent) {
                Some(village) if row.grid.is_some() => {
                    let grid = (village, row.grid.clone().unwrap_or_default());
                    let found = self.grids.get(&grid).copied();
                    found.map(Some).ok_or("place-parent-unknown")
                }
                Some(place) => Ok(Some(place)),
                None if self.known.contains_key(&parent) => Err("place-parent-not-above"),
                None => Err("place-parent-unknown"),
            };
        }
        let Some(code) = row.code else {
            // Without any code only the top of the tree can stand alone.
            return match row.kind.level() {
                PlaceLevel::Province | PlaceLevel::City | PlaceLevel::County => Ok(None),
                _ => Err("import-parent-missing"),
            };
        };
        let mut next = code.parent();
        while let Some(parent) = next {
            if let Some(place) = above(&parent) {
                return Ok(Some(place));
            }
            next = parent.parent();
        }
        Ok(None)
    }

    /// The existing place that a row speaks of.
    fn existing_of(&self, row: &PlaceRow, parent: Option<PlaceId>) -> Option<&'a Place> {
        let by_code = row.code.and_then(|code| self.existing.get(&code).copied());
        by_code.or_else(|| {
            self.by_name
                .get(&(parent, row.name.as_str()))
                .copied()
                .filter(|place| row.code.is_none() || place.code.is_none())
        })
    }

    /// What is wrong with the day that a row gives: it has not come, or what is above begins later.
    fn begins_wrong(&self, row: &PlaceRow, parent: Option<PlaceId>, today: Day) -> Option<Finding> {
        let day = row.valid_from?;
        let found = |code| Finding::error(code).arg("found", day.to_string());
        if day > today {
            return Some(found("day-in-future"));
        }
        let above = *self.begins.get(&parent?)?;
        let wrong = found("import-begins-before-above").arg("expected", above.to_string());
        (day < above).then_some(wrong)
    }

    /// Whether no earlier row spoke of the place.
    fn claim(&mut self, place: PlaceId) -> bool {
        self.claimed.insert(place)
    }

    fn place(&mut self, draft: &PlaceDraft) {
        let begins = self.begins.entry(draft.place).or_insert(draft.valid_from);
        *begins = draft.valid_from.min(*begins);
        if let Some(code) = draft.code {
            self.known.insert(code, (draft.place, draft.kind.level()));
        }
        if let (PlaceKind::Grid, Some(village)) = (draft.kind, draft.parent) {
            let grid = (village, draft.name.clone());
            self.grids.insert(grid, draft.place);
        }
    }
}
