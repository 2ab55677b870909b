//! `[grade]` and `[rank]`.

use kernel::Finding;

use super::item::{Allowed, operand};
use super::rule::range;
use super::table::Table;
use crate::scheme::{Band, Excluded, Grades, Input, Moment, Ranking, TieBreak};

pub(super) fn grades(table: &Table<'_>) -> Option<Grades> {
    let version = table.text("version");
    let on = table.choice("on");
    let several_limits = table.choice("several_limits");
    let missing = table.reference_or_none("missing");
    let bands: Vec<Option<Band>> = table.tables("band").iter().map(band).collect();
    let ours = table.flag("ours");
    table.finish();
    Some(Grades {
        version: version?,
        on: on?,
        several_limits: several_limits?,
        missing: missing?,
        bands: bands.into_iter().collect::<Option<Vec<Band>>>()?,
        ours: ours?,
    })
}

fn band(table: &Table<'_>) -> Option<Band> {
    let (code, title) = (table.code("code"), table.title("title"));
    let range = range(table, "range");
    table.finish();
    Some(Band {
        code: code?,
        title: title?,
        range: range?,
    })
}

pub(super) fn ranking(table: &Table<'_>) -> Option<Ranking> {
    let by = table.choice("by");
    let on = table.choice("on");
    let best = table.choice("best");
    let method = table.choice("method");
    let excluded = table
        .table_or_none("excluded")
        .map(|excluded_table| excluded_table.map(|table| excluded(&table)));
    if !table.has("ties") {
        table.report(
            "",
            Finding::error("field-missing")
                .arg("field", "ties")
                .arg("expected", "list of tables"),
        );
    }
    let ties: Vec<Option<TieBreak>> = table.tables("ties").iter().map(tie_break).collect();
    let ours = table.flag("ours");
    table.finish();
    Some(Ranking {
        by: by?,
        on: on?,
        best: best?,
        method: method?,
        excluded: super::flatten(excluded?)?,
        ties: ties.into_iter().collect::<Option<Vec<TieBreak>>>()?,
        ours: ours?,
    })
}

fn excluded(table: &Table<'_>) -> Option<Excluded> {
    let value = operand(table, "value", Allowed::Variable);
    let when = range(table, "when");
    table.finish();
    Some(Excluded {
        value: value?,
        when: when?,
    })
}

/// Exactly one of `node`, `item`, `submitted`, `lot`, `subject_code`.
fn tie_break(table: &Table<'_>) -> Option<TieBreak> {
    let tie_break = if table.has("node") {
        let (node, on, best) = (
            table.reference("node"),
            table.choice("on"),
            table.choice("best"),
        );
        (|| {
            Some(TieBreak::Node {
                node: node?,
                on: on?,
                best: best?,
            })
        })()
    } else if table.has("item") {
        let (item, best) = (table.reference("item"), table.choice("best"));
        let moment = if table.has("at") {
            table.choice("at")
        } else {
            Some(Moment::Period)
        };
        (|| {
            Some(TieBreak::Item {
                input: Input {
                    item: item?,
                    moment: moment?,
                },
                best: best?,
            })
        })()
    } else if table.has("submitted") {
        table.choice("submitted").map(TieBreak::Submitted)
    } else if table.has("lot") {
        table.choice("lot").map(TieBreak::Lot)
    } else if table.has("subject_code") {
        table.choice("subject_code").map(TieBreak::SubjectCode)
    } else {
        let finding = Finding::error("tie-break-malformed")
            .arg("expected", "node, item, submitted, lot, subject_code");
        table.report("", finding);
        None
    };
    table.finish();
    tie_break
}
