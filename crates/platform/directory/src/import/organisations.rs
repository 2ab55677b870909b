//! Organisations from a list: name, kind, place, credit code, the organisation above, first day.

use std::collections::HashMap;

use kernel::{CreditCode, Day, Finding, OrganisationId, PlaceId};

use super::columns::{Column, Columns};
use super::reader::{Reader, kept};
use super::{PlaceIndex, concluded, half_width};
use crate::organisation::{Organisation, OrganisationKind};
use crate::sheet::Sheet;

const REQUIRED: &[Column] = &[
    Column {
        key: "name",
        others: &["名称", "组织名称", "单位名称"],
    },
    Column {
        key: "kind",
        others: &["类别", "组织类别", "类型"],
    },
];
const OPTIONAL: &[Column] = &[
    Column {
        key: "code",
        others: &["编码", "代码", "区划代码"],
    },
    Column {
        key: "place",
        others: &["村", "村名", "所在地", "所属区划", "所在村"],
    },
    Column {
        key: "credit_code",
        others: &["统一社会信用代码", "信用代码"],
    },
    Column {
        key: "parent",
        others: &["上级", "上级组织", "上级单位"],
    },
    Column {
        key: "valid_from",
        others: &["成立日期", "起始日期"],
    },
];

/// Kinds as lists write them.
const KINDS: &[(OrganisationKind, &[&str])] = &[
    (
        OrganisationKind::PartyBody,
        &["党组织", "党委", "党总支", "党支部"],
    ),
    (
        OrganisationKind::VillageCommittee,
        &["村委会", "村民委员会", "居委会", "居民委员会"],
    ),
    (
        OrganisationKind::SupervisionCommittee,
        &["监委会", "村务监督委员会"],
    ),
    (
        OrganisationKind::Collective,
        &["集体经济组织", "股份经济合作社", "经济合作社"],
    ),
    (OrganisationKind::TownOffice, &["站办所", "镇街站办所"]),
    (OrganisationKind::CountyDepartment, &["县直部门", "部门"]),
    (OrganisationKind::Coop, &["合作社", "农民专业合作社"]),
    (OrganisationKind::Other, &["其他"]),
];

/// What an import of organisations would do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrganisationPlan {
    /// The versions to write; those above come before those below.
    pub drafts: Vec<Organisation>,
    /// How many of them are new.
    pub added: usize,
    /// How many rows say what is already recorded.
    pub unchanged: usize,
    /// What is only worth knowing.
    pub findings: Vec<Finding>,
}

/// One row, before its parent is looked up.
struct Row {
    draft: Organisation,
    parent: String,
    at: usize,
}

/// Reads organisations. One of the same place and name is the same; `existing` are the present
/// ones of the places in reach, `today` is the first day where none is given. `Err` with every
/// finding where one blocks.
pub fn read(
    sheet: &Sheet,
    places: &PlaceIndex,
    existing: &[Organisation],
    today: Day,
    next_id: &mut dyn FnMut() -> OrganisationId,
) -> Result<OrganisationPlan, Vec<Finding>> {
    let (columns, mut findings) = Columns::find(sheet, REQUIRED, OPTIONAL)?;
    if columns.index("code").is_none() && columns.index("place").is_none() {
        let finding = Finding::error("import-column-missing").at(columns.header_at(sheet));
        return Err(vec![finding.arg("expected", "place")]);
    }
    let before: HashMap<(PlaceId, &str), &Organisation> = existing
        .iter()
        .map(|known| ((known.place, known.name.as_str()), known))
        .collect();
    let mut rows = Vec::new();
    let mut seen = HashMap::new();
    for row in columns.rows(sheet) {
        let reader = Reader {
            sheet,
            columns: &columns,
            row,
        };
        let Some(read) = read_row(&reader, places, &before, today, next_id, &mut findings) else {
            continue;
        };
        let key = (read.draft.place, read.draft.name.clone());
        if let Some(first) = seen.insert(key, row) {
            let finding = reader.finding(Finding::error("import-organisation-twice"), "name");
            findings.push(finding.arg("first", first + 1));
        }
        rows.push(read);
    }
    let drafts = with_parents(sheet, &columns, rows, existing, &mut findings);
    let findings = concluded(drafts.is_empty(), findings)?;
    let known: HashMap<OrganisationId, &Organisation> = existing
        .iter()
        .map(|known| (known.organisation, known))
        .collect();
    let same = |draft: &Organisation| {
        known.get(&draft.organisation).is_some_and(|before| {
            (before.kind, &before.credit_code, before.parent)
                == (draft.kind, &draft.credit_code, draft.parent)
        })
    };
    let (unchanged, drafts): (Vec<_>, Vec<_>) = drafts.into_iter().partition(same);
    Ok(OrganisationPlan {
        added: drafts
            .iter()
            .filter(|draft| !known.contains_key(&draft.organisation))
            .count(),
        unchanged: unchanged.len(),
        drafts,
        findings,
    })
}

fn read_row(
    reader: &Reader<'_>,
    places: &PlaceIndex,
    before: &HashMap<(PlaceId, &str), &Organisation>,
    today: Day,
    next_id: &mut dyn FnMut() -> OrganisationId,
    findings: &mut Vec<Finding>,
) -> Option<Row> {
    let name = kept(reader.text("name", 1, 100), findings);
    let kind = kept(kind(reader), findings);
    let place = kept(reader.place(places, "code", "place"), findings);
    let credit_code = kept(credit_code(reader, findings), findings);
    let valid_from = kept(first_day(reader, today), findings);
    let parent = kept(reader.text("parent", 0, 100), findings);
    let (name, place) = (name?, place?);
    let known = before.get(&(place, name.as_str()));
    Some(Row {
        draft: Organisation {
            organisation: known.map_or_else(&mut *next_id, |known| known.organisation),
            kind: kind?,
            place,
            parent: known.and_then(|known| known.parent),
            credit_code: credit_code?.or_else(|| known.and_then(|k| k.credit_code.clone())),
            valid_from: valid_from?,
            valid_to: None,
            name,
        },
        parent: parent?,
        at: reader.row,
    })
}

fn kind(reader: &Reader<'_>) -> Result<OrganisationKind, Finding> {
    let shown = reader.text("kind", 1, 40)?;
    let named = KINDS
        .iter()
        .find(|(kind, names)| kind.name() == shown || names.contains(&shown.as_str()));
    named
        .map(|(kind, _)| *kind)
        .ok_or_else(|| reader.finding(Finding::error("import-organisation-kind"), "kind"))
}

/// The credit code; a wrong check digit only warns, because real old codes have one.
fn credit_code(
    reader: &Reader<'_>,
    findings: &mut Vec<Finding>,
) -> Result<Option<String>, Finding> {
    let shown = half_width(&reader.cell("credit_code").shown()).to_uppercase();
    if shown.is_empty() {
        return Ok(None);
    }
    let code: CreditCode =
        shown
            .parse()
            .map_err(|wrong: kernel::code::credit::NotACreditCode| {
                reader.finding(Finding::error(wrong.code()), "credit_code")
            })?;
    findings.extend(
        code.finding()
            .map(|finding| reader.finding(finding, "credit_code")),
    );
    Ok(Some(code.as_str().to_owned()))
}

fn first_day(reader: &Reader<'_>, today: Day) -> Result<Day, Finding> {
    match reader.day("valid_from")? {
        Some(day) if day > today => {
            Err(reader.finding(Finding::error("day-in-future"), "valid_from"))
        }
        day => Ok(day.unwrap_or(today)),
    }
}

/// Looks up the organisations above by name, in the file first, and puts them in front.
fn with_parents(
    sheet: &Sheet,
    columns: &Columns,
    rows: Vec<Row>,
    existing: &[Organisation],
    findings: &mut Vec<Finding>,
) -> Vec<Organisation> {
    let mut named: HashMap<&str, Vec<OrganisationId>> = HashMap::new();
    for known in existing.iter().chain(rows.iter().map(|row| &row.draft)) {
        let ids = named.entry(known.name.as_str()).or_default();
        if !ids.contains(&known.organisation) {
            ids.push(known.organisation);
        }
    }
    let mut parents = Vec::with_capacity(rows.len());
    for row in &rows {
        let found = match row.parent.as_str() {
            "" => Ok(row.draft.parent),
            name => match named.get(name).map_or(&[][..], Vec::as_slice) {
                [] => Err("import-organisation-unknown"),
                [parent] if *parent == row.draft.organisation => Err("organisation-above-itself"),
                [parent] => Ok(Some(*parent)),
                _ => Err("import-organisation-ambiguous"),
            },
        };
        parents.push(found.unwrap_or_else(|code| {
            findings.push(columns.finding(Finding::error(code), sheet, row.at, "parent"));
            None
        }));
    }
    let mut waiting: Vec<Organisation> = Vec::new();
    for (row, parent) in rows.into_iter().zip(parents) {
        let mut draft = row.draft;
        draft.parent = parent;
        waiting.push(draft);
    }
    in_order(waiting, findings)
}

/// Those above before those below; what stands above itself over others is told.
fn in_order(mut waiting: Vec<Organisation>, findings: &mut Vec<Finding>) -> Vec<Organisation> {
    let mut ordered: Vec<Organisation> = Vec::with_capacity(waiting.len());
    let mut left: std::collections::HashSet<OrganisationId> =
        waiting.iter().map(|draft| draft.organisation).collect();
    while !waiting.is_empty() {
        let is_free =
            |draft: &Organisation| draft.parent.is_none_or(|parent| !left.contains(&parent));
        let (free, bound): (Vec<_>, Vec<_>) = waiting.into_iter().partition(is_free);
        if free.is_empty() {
            let names: Vec<&str> = bound.iter().map(|draft| draft.name.as_str()).collect();
            let finding = Finding::error("organisation-above-itself");
            findings.push(finding.arg("found", names.join("、")));
            return Vec::new();
        }
        for draft in &free {
            left.remove(&draft.organisation);
        }
        ordered.extend(free);
        waiting = bound;
    }
    ordered
}
