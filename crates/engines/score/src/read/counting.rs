//! Rules that count: steps, occurrences, events, ticks, rounds.

use kernel::Finding;

use super::item::{Allowed, operand, rounding};
use super::table::{Read, Table};
use crate::scheme::{
    Checklist, CompositeMethod, Deduction, EventClass, EventEntry, EventList, Growth,
    GrowthMeasure, MissingRound, MustMissed, NotApplicable, Repeat, RoundComposite, RoundValue,
    SteppedAdd, Tick, Unit, Weighting,
};

/// Most rounds that a composite may ask for; a year has twelve months.
const MOST_ROUNDS: u32 = 60;

pub(super) fn stepped_add(table: &Table<'_>) -> Option<SteppedAdd> {
    let value = operand(table, "value", Allowed::Variable);
    let base = operand(table, "base", Allowed::Any);
    let unit = table.text("unit").map(Unit);
    let step = table.decimal("step");
    let (mark_at_base, mark_per_step) = (
        table.decimal("mark_at_base"),
        table.decimal("mark_per_step"),
    );
    let (part_steps, below_base) = (table.choice("part_steps"), table.choice("below_base"));
    Some(SteppedAdd {
        value: value?,
        base: base?,
        unit: unit?,
        step: step?,
        mark_at_base: mark_at_base?,
        mark_per_step: mark_per_step?,
        part_steps: part_steps?,
        below_base: below_base?,
    })
}

pub(super) fn deduction(table: &Table<'_>) -> Option<Deduction> {
    let item = table.reference("item");
    let (dated_by, revoked) = (table.choice("dated_by"), table.choice("revoked"));
    let same_fact = table.choice("same_fact");
    let (start, per_occurrence) = (table.decimal("start"), table.decimal("per_occurrence"));
    let repeat = optional_table(table, "repeat", repeat);
    Some(Deduction {
        item: item?,
        dated_by: dated_by?,
        revoked: revoked?,
        same_fact: same_fact?,
        start: start?,
        per_occurrence: per_occurrence?,
        repeat: repeat?,
    })
}

/// `"none"`, or a table.
fn optional_table<T>(
    table: &Table<'_>,
    key: &'static str,
    read: impl FnOnce(&Table<'_>) -> Option<T>,
) -> Read<Option<T>> {
    match table.table_or_none(key)? {
        None => Some(None),
        Some(table) => read(&table).map(Some),
    }
}

fn repeat(table: &Table<'_>) -> Option<Repeat> {
    let (from, times) = (table.integer("from", 2, 1000), table.decimal("times"));
    table.finish();
    Some(Repeat {
        from: from?,
        times: times?,
    })
}

pub(super) fn event_list(table: &Table<'_>) -> Option<EventList> {
    let (dated_by, revoked) = (table.choice("dated_by"), table.choice("revoked"));
    let carry_share = table.decimal_or_none("carry_share");
    let classes = each(table, "classes", event_class);
    let entries = each(table, "entries", event_entry);
    Some(EventList {
        dated_by: dated_by?,
        revoked: revoked?,
        carry_share: carry_share?,
        classes: classes?,
        entries: entries?,
    })
}

/// A list that must be there, be it empty.
fn each<T>(
    table: &Table<'_>,
    key: &'static str,
    read: impl Fn(&Table<'_>) -> Option<T>,
) -> Option<Vec<T>> {
    if !table.has(key) {
        let finding = Finding::error("field-missing")
            .arg("field", key)
            .arg("expected", "list of tables");
        table.report("", finding);
        return None;
    }
    // Every entry is read before one of them gives up, so that every mistake is reported.
    let read: Vec<Option<T>> = table.tables(key).iter().map(read).collect();
    read.into_iter().collect()
}

fn event_class(table: &Table<'_>) -> Option<EventClass> {
    let (code, several) = (table.code("code"), table.choice("several"));
    let cap = table.decimal_or_none("cap");
    table.finish();
    Some(EventClass {
        code: code?,
        several: several?,
        cap: cap?,
    })
}

fn event_entry(table: &Table<'_>) -> Option<EventEntry> {
    let (item, mark) = (table.reference("item"), table.decimal("mark"));
    let cap = table.decimal_or_none("cap");
    let same_fact = table.choice("same_fact");
    let joint_share = table.decimal("joint_share");
    let class = table.reference_or_none("class");
    table.finish();
    Some(EventEntry {
        item: item?,
        mark: mark?,
        cap: cap?,
        same_fact: same_fact?,
        joint_share: joint_share?,
        class: class?,
    })
}

pub(super) fn growth(table: &Table<'_>) -> Option<Growth> {
    let value = operand(table, "value", Allowed::Variable);
    let base = operand(table, "base", Allowed::VariableAtMoment);
    let base_restated = table.choice("base_restated");
    let measure: Option<GrowthMeasure> = table.choice("measure");
    let round_growth = rounding(table, "round_growth");
    let (zero_at, full_at) = (table.decimal("zero_at"), table.decimal("full_at"));
    let (over_target, below_origin) = (table.choice("over_target"), table.choice("below_origin"));
    let base_missing = table.choice("base_missing");
    // A difference divides by nothing, so the divisor is no question there.
    let divides = measure == Some(GrowthMeasure::Relative);
    let base_zero = divides.then(|| table.choice("base_zero"));
    let base_negative = divides.then(|| table.choice("base_negative"));
    let level = table.reference_or_none("level");
    Some(Growth {
        value: value?,
        base: base?,
        base_restated: base_restated?,
        measure: measure?,
        round_growth: round_growth?,
        zero_at: zero_at?,
        full_at: full_at?,
        over_target: over_target?,
        below_origin: below_origin?,
        base_missing: base_missing?,
        base_zero: super::flatten(base_zero)?,
        base_negative: super::flatten(base_negative)?,
        level: level?,
    })
}

pub(super) fn checklist(table: &Table<'_>) -> Option<Checklist> {
    let weighting: Option<Weighting> = table.choice("weighting");
    let (partial, blank) = (table.choice("partial"), table.choice("blank"));
    let not_applicable: Option<NotApplicable> = table.choice("not_applicable");
    let leaves = not_applicable == Some(NotApplicable::Leaves);
    let nothing_applies = leaves.then(|| table.choice("nothing_applies"));
    let must_missed = must_missed(table);
    let weighted = weighting == Some(Weighting::Weighted);
    let ticks = each(table, "ticks", |table| tick(table, weighted));
    Some(Checklist {
        weighting: weighting?,
        partial: partial?,
        blank: blank?,
        not_applicable: not_applicable?,
        nothing_applies: super::flatten(nothing_applies)?,
        must_missed: must_missed?,
        ticks: ticks?,
    })
}

/// `"zero"` or `{ cap = "2" }`.
fn must_missed(table: &Table<'_>) -> Option<MustMissed> {
    if table.is_word("must_missed", "zero") {
        return Some(MustMissed::Zero);
    }
    let table = table.table("must_missed")?;
    let cap = table.decimal("cap");
    table.finish();
    cap.map(MustMissed::Cap)
}

fn tick(table: &Table<'_>, weighted: bool) -> Option<Tick> {
    let item = table.reference("item");
    let weight = weighted.then(|| table.decimal("weight"));
    let must = table.boolean("must");
    table.finish();
    Some(Tick {
        item: item?,
        weight: super::flatten(weight)?,
        must: must?,
    })
}

pub(super) fn round_composite(table: &Table<'_>) -> Option<RoundComposite> {
    let method: Option<CompositeMethod> = table.choice("method");
    let weighted = method == Some(CompositeMethod::Weighted);
    let weights_total = weighted.then(|| table.decimal("weights_total"));
    let corrected = table.choice("corrected");
    // The latest round that is there has been looked for already.
    let missing_round = method
        .filter(|method| *method != CompositeMethod::Latest)
        .map(|_| table.choice::<MissingRound>("missing_round"));
    let at_least = table.integer("at_least", 1, MOST_ROUNDS);
    let rounds = each(table, "rounds", |table| round_value(table, weighted));
    Some(RoundComposite {
        method: method?,
        weights_total: super::flatten(weights_total)?,
        corrected: corrected?,
        missing_round: super::flatten(missing_round)?,
        at_least: at_least?,
        rounds: rounds?,
    })
}

fn round_value(table: &Table<'_>, weighted: bool) -> Option<RoundValue> {
    let (item, full) = (table.reference("item"), table.decimal("full"));
    let weight = weighted.then(|| table.decimal("weight"));
    table.finish();
    Some(RoundValue {
        item: item?,
        full: full?,
        weight: super::flatten(weight)?,
    })
}
