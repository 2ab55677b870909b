//! Figures from a list: place (code, name, or both), item, period, value or the reason why there is
//! none, unit, source.

use std::collections::HashMap;

use kernel::{Decimal, Finding, Period};

use super::columns::{Column, Columns};
use super::reader::{Reader, kept};
use super::{ItemIndex, KnownItem, PlaceIndex, concluded, half_width};
use crate::FigureId;
use crate::figure::{FigureDraft, FigureValue, is_item_code};
use crate::sheet::{Cell, Sheet};

const REQUIRED: &[Column] = &[
    Column {
        key: "item",
        others: &["指标", "指标代码", "项目"],
    },
    Column {
        key: "period",
        others: &["期间", "时期", "考核期", "所属期"],
    },
    Column {
        key: "value",
        others: &["数值", "值", "指标值"],
    },
];
const OPTIONAL: &[Column] = &[
    Column {
        key: "code",
        others: &["编码", "代码", "区划代码", "行政区划代码"],
    },
    Column {
        key: "name",
        others: &["place", "名称", "单位名称", "村", "村名"],
    },
    Column {
        key: "missing",
        others: &["缺失原因", "无数据原因"],
    },
    Column {
        key: "unit",
        others: &["单位", "计量单位"],
    },
    Column {
        key: "source",
        others: &["来源", "数据来源"],
    },
    Column {
        key: "as_of",
        others: &["截至", "截至日期", "数据日期"],
    },
];

/// Figures read from a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FigureList {
    /// The drafts, in the sheet's order.
    pub drafts: Vec<FigureDraft>,
    /// What is only worth knowing.
    pub findings: Vec<Finding>,
}

/// Reads figures: of known items, in their units, within what is believed. `source` stands where the sheet has no source; `next_id` gives the ids. `Err`
/// with every finding where one blocks.
pub fn read(
    sheet: &Sheet,
    places: &PlaceIndex,
    items: &ItemIndex,
    source: &str,
    next_id: &mut dyn FnMut() -> FigureId,
) -> Result<FigureList, Vec<Finding>> {
    let (columns, mut findings) = Columns::find(sheet, REQUIRED, OPTIONAL)?;
    if columns.index("code").is_none() && columns.index("name").is_none() {
        let finding = Finding::error("import-column-missing").at(columns.header_at(sheet));
        return Err(vec![finding.arg("expected", "code")]);
    }
    let mut drafts = Vec::new();
    let mut seen = HashMap::new();
    for row in columns.rows(sheet) {
        let reader = Reader {
            sheet,
            columns: &columns,
            row,
        };
        let Some(draft) = read_row(&reader, (places, items), source, next_id, &mut findings) else {
            continue;
        };
        let key = (draft.subject, draft.item.clone(), draft.period);
        if let Some(first) = seen.insert(key, row) {
            let finding = reader.finding(Finding::error("import-figure-twice"), "value");
            findings.push(finding.arg("first", first + 1));
        }
        drafts.push(draft);
    }
    let findings = concluded(drafts.is_empty(), findings)?;
    Ok(FigureList { drafts, findings })
}

/// The row's draft; `None` where a finding was told. Every cell is read, so that one import tells
/// everything that is wrong.
fn read_row(
    reader: &Reader<'_>,
    (places, items): (&PlaceIndex, &ItemIndex),
    source: &str,
    next_id: &mut dyn FnMut() -> FigureId,
    findings: &mut Vec<Finding>,
) -> Option<FigureDraft> {
    let subject = kept(reader.place(places, "code", "name"), findings);
    let item = kept(item(reader, items), findings);
    let period = kept(period(reader), findings);
    let value = kept(value(reader), findings);
    let as_of = kept(reader.day("as_of"), findings);
    let unit = kept(reader.text("unit", 0, 20), findings);
    let given = kept(reader.text("source", 0, 200), findings);
    let (code, known) = item?;
    let value = kept(believed(reader, known, value?, &unit?), findings);
    Some(FigureDraft {
        item: code,
        subject: subject?,
        period: period?,
        value: value?,
        unit: known.unit.written().to_owned(),
        source: given.map(|given| match given.as_str() {
            "" => source.to_owned(),
            _ => given,
        })?,
        as_of: as_of?,
        observed_at: None,
        figure: next_id(),
    })
}

fn item<'i>(reader: &Reader<'_>, items: &'i ItemIndex) -> Result<(String, &'i KnownItem), Finding> {
    let code = reader.cell("item").shown();
    let known = match items.by_code(&code) {
        Err(unknown) if is_item_code(&code) || items.meant(&code).is_some() => Err(unknown),
        Err(_) => Err(Finding::error("item-code-form")),
        Ok(known) => Ok(known),
    };
    match known {
        Ok(known) => Ok((code, known)),
        Err(finding) => Err(reader.finding(finding, "item")),
    }
}

/// The value in the item's unit, if it is one that is believed.
fn believed(
    reader: &Reader<'_>,
    item: &KnownItem,
    value: FigureValue,
    unit: &str,
) -> Result<FigureValue, Finding> {
    let given = match &value {
        FigureValue::Value(number) => *number,
        // A unit that cannot be meant is wrong beside a missing value too.
        FigureValue::Missing(_) => Decimal::ZERO,
    };
    let own = item.in_own_unit(given, unit);
    let own = own.map_err(|finding| reader.finding(finding, "unit"))?;
    if matches!(value, FigureValue::Missing(_)) {
        return Ok(value);
    }
    let checked = item.check(own).map(FigureValue::Value);
    checked.map_err(|finding| reader.finding(finding, "value"))
}

fn period(reader: &Reader<'_>) -> Result<Period, Finding> {
    let shown = half_width(&reader.cell("period").shown());
    period_named(&shown)
        .ok_or_else(|| reader.finding(Finding::error("import-period-form"), "period"))
}

fn value(reader: &Reader<'_>) -> Result<FigureValue, Finding> {
    let reason = reader.text("missing", 0, 100)?;
    match reader.cell("value") {
        Cell::Empty if reason.is_empty() => {
            Err(reader.finding(Finding::error("import-value-or-reason"), "value"))
        }
        Cell::Empty => Ok(FigureValue::Missing(reason)),
        _ if !reason.is_empty() => {
            Err(reader.finding(Finding::error("import-value-and-reason"), "missing"))
        }
        _ => reader.number("value").map(FigureValue::Value),
    }
}

/// A period as files write it: `2026-Q4`, `2026`, 2026年, 2026年3月, 2026年第四季度, 2026年四季度,
/// 2026年上半年.
fn period_named(text: &str) -> Option<Period> {
    if let Ok(period) = text.parse() {
        return Some(period);
    }
    let (year, rest) = text.split_once('年')?;
    let digits = year.len() == 4 && year.bytes().all(|byte| byte.is_ascii_digit());
    let year = digits.then(|| year.parse::<i16>().ok()).flatten()?;
    match rest {
        "" | "度" | "全年" => return Period::whole_year(year),
        "上半年" => return Period::half_year(year, 1),
        "下半年" => return Period::half_year(year, 2),
        _ => {}
    }
    if let Some(month) = rest.strip_suffix('月') {
        let digits = month.bytes().all(|byte| byte.is_ascii_digit());
        let month = digits.then(|| month.parse::<i8>().ok()).flatten()?;
        return Period::month(year, month);
    }
    let quarter = rest.strip_suffix("季度")?;
    let quarter = match quarter.strip_prefix('第').unwrap_or(quarter) {
        "一" | "1" => 1,
        "二" | "2" => 2,
        "三" | "3" => 3,
        "四" | "4" => 4,
        _ => return None,
    };
    Period::quarter(year, quarter)
}

#[cfg(test)]
mod tests {
    use super::period_named;

    #[test]
    fn reads_periods_as_files_write_them() {
        for (text, expected) in [
            ("2026-Q4", Some("2026-Q4")),
            ("2026", Some("2026")),
            ("2026年", Some("2026")),
            ("2026年度", Some("2026")),
            ("2026年3月", Some("2026-M03")),
            ("2026年12月", Some("2026-M12")),
            ("2026年第四季度", Some("2026-Q4")),
            ("2026年3季度", Some("2026-Q3")),
            ("2026年下半年", Some("2026-H2")),
            ("2026年13月", None),
            ("2026年+3月", None),
            ("26年3月", None),
            ("四季度", None),
        ] {
            let found = period_named(text).map(|period| period.to_string());
            assert_eq!(found.as_deref(), expected, "{text}");
        }
    }
}
