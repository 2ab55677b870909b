//! `[grade]` and `[rank]`.

use super::document::{Fields, Value, text, title};
use super::operand;
use crate::scheme::{Choice, Excluded, Grades, Moment, Ranking, TieBreak};

pub(super) fn grades(grades: &Grades) -> Value {
    let mut fields = Fields::new();
    fields
        .text("version", &grades.version)
        .choice("on", grades.on)
        .choice("several_limits", grades.several_limits)
        .text_or_none("missing", grades.missing.as_deref())
        .ours(grades.ours);
    let bands = grades.bands.iter().map(|band| {
        let mut fields = Fields::new();
        fields
            .text("code", &band.code)
            .push("title", title(&band.title))
            .text("range", &band.range.to_string());
        fields.table()
    });
    fields.push("band", Value::List(bands.collect()));
    fields.table()
}

pub(super) fn ranking(ranking: &Ranking) -> Value {
    let mut fields = Fields::new();
    fields
        .choice("by", ranking.by)
        .choice("on", ranking.on)
        .choice("best", ranking.best)
        .choice("method", ranking.method)
        .push(
            "excluded",
            ranking
                .excluded
                .as_ref()
                .map_or_else(|| text("none"), excluded),
        )
        .ours(ranking.ours);
    let ties = ranking.ties.iter().map(tie_break).collect();
    fields.push("ties", Value::List(ties));
    fields.table()
}

fn excluded(excluded: &Excluded) -> Value {
    let mut fields = Fields::new();
    fields
        .push("value", operand(&excluded.value, false))
        .text("when", &excluded.when.to_string());
    fields.table()
}

fn tie_break(tie_break: &TieBreak) -> Value {
    let mut fields = Fields::new();
    match tie_break {
        TieBreak::Node { node, on, best } => fields
            .text("node", node)
            .choice("on", *on)
            .choice("best", *best),
        TieBreak::Item { input, best } => {
            fields.text("item", &input.item);
            if input.moment != Moment::Period {
                fields.text("at", input.moment.word());
            }
            fields.choice("best", *best)
        }
        TieBreak::Submitted(earlier) => fields.choice("submitted", *earlier),
        TieBreak::Lot(best) => fields.choice("lot", *best),
        TieBreak::SubjectCode(best) => fields.choice("subject_code", *best),
    };
    fields.table()
}
