//! The rules that count, as plainly as they can be said.

use std::collections::BTreeMap;

use score::{
    BaseNegative, BaseRestated, BelowOrigin, BlankTick, Checklist, CompositeMethod, CorrectedRound,
    DatedBy, Deduction, EventEntry, EventList, Growth, GrowthMeasure, Input, MissingRound, Moment,
    MustMissed, NodeRounding, NotApplicable, Operand, OverTarget, PartSteps, PartialTick, Revoked,
    RoundComposite, SameFact, Several, SteppedAdd, Unusable,
};

use super::{Number, number};

/// Reads an operand of the node.
pub type Read<'a> = dyn FnMut(&Operand) -> Option<Number> + 'a;

fn column(item: &str, moment: Moment) -> Operand {
    Operand::Item(Input {
        item: item.to_owned(),
        moment,
    })
}

fn whole(value: i64) -> Number {
    Number::whole(value)
}

/// To a whole number, by the distance from 0.
fn to_whole(value: &Number, mode: kernel::Rounding) -> Number {
    value.round(NodeRounding::Places { places: 0, mode })
}

pub fn stepped_add(rule: &SteppedAdd, factor: &Number, read: &mut Read<'_>) -> Option<Number> {
    let (value, base) = (read(&rule.value), read(&rule.base));
    let value = value?.times(factor);
    let base = match &rule.base {
        Operand::Item(_) => base?.times(factor),
        _ => base?,
    };
    let start = number(rule.mark_at_base);
    if value < base && rule.below_base == BelowOrigin::Floor {
        return Some(start);
    }
    let over = value.minus(&base);
    let (step, mark) = (number(rule.step), number(rule.mark_per_step));
    let marks = match rule.part_steps {
        PartSteps::Whole => to_whole(&over.over(&step), kernel::Rounding::Down).times(&mark),
        PartSteps::Begun => to_whole(&over.over(&step), kernel::Rounding::Up).times(&mark),
        PartSteps::Proportional => over.times(&mark).over(&step),
    };
    Some(start.plus(&marks))
}

/// Events of one item that count; `Err` where a number of events is below 0.
fn events(
    item: &str,
    dated_by: DatedBy,
    revoked: Revoked,
    same_fact: SameFact,
    joint_share: &Number,
    read: &mut Read<'_>,
) -> Option<Number> {
    let moment = match dated_by {
        DatedBy::Occurred => Moment::Occurred,
        DatedBy::Discovered => Moment::Discovered,
        DatedBy::Ruled => Moment::Ruled,
    };
    // All are read, so that what was filled in is known even if the first is missing.
    let mut figures: BTreeMap<&str, Option<Number>> = BTreeMap::new();
    figures.insert("all", read(&column(item, moment)));
    if revoked == Revoked::Keep {
        figures.insert("revoked", read(&column(item, Moment::Revoked)));
    }
    if same_fact == SameFact::HighestOnly {
        figures.insert("repeated", read(&column(item, Moment::Repeated)));
    }
    if *joint_share != whole(1) {
        figures.insert("joint", read(&column(item, Moment::Joint)));
    }
    if figures.values().flatten().any(|figure| *figure < whole(0)) {
        return None;
    }
    let mut count = figures["all"].clone()?;
    for (name, figure) in figures {
        let figure = figure?;
        count = match name {
            "revoked" => count.plus(&figure),
            "repeated" => count.minus(&figure),
            "joint" => count.minus(&figure.times(&whole(1).minus(joint_share))),
            _ => count,
        };
    }
    (count >= whole(0)).then_some(count)
}

pub fn deduction(rule: &Deduction, read: &mut Read<'_>) -> Option<Number> {
    let count = events(
        &rule.item,
        rule.dated_by,
        rule.revoked,
        rule.same_fact,
        &whole(1),
        read,
    )?;
    let per = number(rule.per_occurrence);
    // One occurrence after the other, the last one in part where the number is not whole.
    let mut off = whole(0);
    let mut rest = count;
    let mut place = 1;
    while rest > whole(0) {
        let part = rest.clone().min(whole(1));
        let times = match rule.repeat {
            Some(repeat) if place >= repeat.from => number(repeat.times),
            _ => whole(1),
        };
        off = off.plus(&part.times(&per).times(&times));
        rest = rest.minus(&part);
        place += 1;
    }
    Some(number(rule.start).minus(&off))
}

pub fn event_list(rule: &EventList, penalty: bool, read: &mut Read<'_>) -> Option<Number> {
    let counts: Vec<Option<Number>> = rule
        .entries
        .iter()
        .map(|entry| {
            let joint = number(entry.joint_share);
            events(
                &entry.item,
                rule.dated_by,
                rule.revoked,
                entry.same_fact,
                &joint,
                read,
            )
        })
        .collect();
    let before: Option<Vec<Option<Number>>> = rule.carry_share.map(|_| {
        let entries = rule.entries.iter();
        entries
            .map(|entry| read(&column(&entry.item, Moment::Previous)))
            .collect()
    });
    let mut marks = listed(rule, counts)?;
    if let (Some(before), Some(share)) = (before, rule.carry_share) {
        if before.iter().flatten().any(|count| *count < whole(0)) {
            return None;
        }
        marks = marks.plus(&listed(rule, before)?.times(&number(share)));
    }
    Some(if penalty {
        whole(0).minus(&marks)
    } else {
        marks
    })
}

fn listed(rule: &EventList, counts: Vec<Option<Number>>) -> Option<Number> {
    let counts: Vec<Number> = counts.into_iter().collect::<Option<Vec<Number>>>()?;
    let marks = |entry: &EventEntry, count: &Number| {
        let marks = count.times(&number(entry.mark));
        entry
            .cap
            .map_or(marks.clone(), |cap| marks.min(number(cap)))
    };
    let mut sum = whole(0);
    let in_class = |class: Option<&str>| -> Vec<(&EventEntry, &Number)> {
        let all = rule.entries.iter().zip(&counts);
        all.filter(|(entry, _)| entry.class.as_deref() == class)
            .collect()
    };
    for (entry, count) in in_class(None) {
        sum = sum.plus(&marks(entry, count));
    }
    for class in &rule.classes {
        let members = in_class(Some(&class.code));
        let best = members
            .iter()
            .filter(|(_, count)| **count > whole(0))
            .map(|(entry, _)| number(entry.mark))
            .max();
        let highest = members
            .iter()
            .find(|(entry, count)| Some(number(entry.mark)) == best && **count > whole(0));
        let of_class = match (class.several, highest) {
            (_, None) => whole(0),
            (Several::All, _) => members.iter().fold(whole(0), |sum, (entry, count)| {
                sum.plus(&marks(entry, count))
            }),
            (Several::HighestLevel, Some((entry, count))) => marks(entry, count),
            (Several::HighestOnce, Some((entry, count))) => {
                marks(entry, &(*count).clone().min(whole(1)))
            }
        };
        let of_class = class
            .cap
            .map_or(of_class.clone(), |cap| of_class.min(number(cap)));
        sum = sum.plus(&of_class);
    }
    Some(sum)
}

pub fn growth(rule: &Growth, full: &Number, read: &mut Read<'_>) -> Option<Number> {
    let value = read(&rule.value);
    let mut base = read(&rule.base);
    if rule.base_restated == BaseRestated::Restated
        && let Operand::Item(input) = &rule.base
        && let Some(restated) = read(&column(&input.item, Moment::Restated))
    {
        base = Some(restated);
    }
    let level = rule
        .level
        .as_ref()
        .map(|level| read(&Operand::Node(level.clone())));
    let mark = by_growth(rule, full, &value?, base)?;
    match level {
        None => Some(mark),
        Some(level) => Some(mark.max(level?)),
    }
}

fn answered(answer: Unusable, full: &Number) -> Option<Number> {
    match answer {
        Unusable::Missing => None,
        Unusable::Zero => Some(whole(0)),
        Unusable::Full => Some(full.clone()),
    }
}

fn by_growth(rule: &Growth, full: &Number, value: &Number, base: Option<Number>) -> Option<Number> {
    let Some(base) = base else {
        return answered(rule.base_missing, full);
    };
    let difference = value.minus(&base);
    let growth = if rule.measure == GrowthMeasure::Absolute {
        difference
    } else {
        if base.is_zero() {
            return answered(rule.base_zero.unwrap(), full);
        }
        let divisor = match rule.base_negative.unwrap() {
            _ if base > whole(0) => base,
            BaseNegative::Missing => return None,
            BaseNegative::Zero => return Some(whole(0)),
            BaseNegative::Full => return Some(full.clone()),
            BaseNegative::Magnitude => whole(0).minus(&base),
        };
        whole(100).times(&difference).over(&divisor)
    };
    let growth = growth.round(rule.round_growth);
    let (zero_at, full_at) = (number(rule.zero_at), number(rule.full_at));
    let mark = full
        .times(&growth.minus(&zero_at))
        .over(&full_at.minus(&zero_at));
    let mark = match rule.over_target {
        OverTarget::Cap => mark.min(full.clone()),
        OverTarget::Extend => mark,
    };
    Some(match rule.below_origin {
        BelowOrigin::Floor => mark.max(whole(0)),
        BelowOrigin::Extend => mark,
    })
}

pub fn checklist(rule: &Checklist, full: &Number, read: &mut Read<'_>) -> Option<Number> {
    let (mut done, mut all) = (whole(0), whole(0));
    let (mut missing, mut missed) = (false, false);
    for tick in &rule.ticks {
        let value = read(&column(&tick.item, Moment::Period));
        let applies = rule.not_applicable == NotApplicable::Never
            || read(&column(&tick.item, Moment::Applies)).is_none_or(|applies| !applies.is_zero());
        if !applies && rule.not_applicable == NotApplicable::Leaves {
            continue;
        }
        let weight = tick.weight.map_or(whole(1), number);
        let share = match value {
            _ if !applies => whole(1),
            None => {
                missing |= rule.blank == BlankTick::Missing;
                whole(0)
            }
            Some(value) if value < whole(0) || value > whole(1) => {
                missing = true;
                whole(0)
            }
            Some(value) if value.is_zero() || value == whole(1) => value,
            Some(value) => match rule.partial {
                PartialTick::Share => value,
                PartialTick::Nothing => whole(0),
                PartialTick::Refuse => {
                    missing = true;
                    whole(0)
                }
            },
        };
        missed |= tick.must && share < whole(1);
        done = done.plus(&share.times(&weight));
        all = all.plus(&weight);
    }
    if missing {
        return None;
    }
    if all.is_zero() {
        return rule
            .nothing_applies
            .and_then(|answer| answered(answer, full));
    }
    let mark = full.times(&done).over(&all);
    Some(match (&rule.must_missed, missed) {
        (_, false) => mark,
        (MustMissed::Zero, true) => mark.min(whole(0)),
        (MustMissed::Cap(cap), true) => mark.min(number(*cap)),
    })
}

pub fn round_composite(
    rule: &RoundComposite,
    full: &Number,
    read: &mut Read<'_>,
) -> Option<Number> {
    let moment = match rule.corrected {
        CorrectedRound::Recompute => Moment::Period,
        CorrectedRound::Keep => Moment::Published,
    };
    let results: Vec<Option<Number>> = rule
        .rounds
        .iter()
        .map(|round| read(&column(&round.item, moment)))
        .collect();
    if results.iter().flatten().count() < rule.at_least as usize {
        return None;
    }
    let (mut sum, mut weights) = (whole(0), whole(0));
    let (mut latest, mut best) = (None, None);
    for (round, result) in rule.rounds.iter().zip(results) {
        let result = match (result, rule.missing_round) {
            (Some(result), _) => result,
            (None, Some(MissingRound::Missing)) => return None,
            (None, Some(MissingRound::Zero)) => whole(0),
            (None, _) => continue,
        };
        let of_round = number(round.full);
        let result = if of_round == *full {
            result
        } else {
            result.times(full).over(&of_round)
        };
        let weight = round.weight.map_or(whole(1), number);
        sum = sum.plus(&result.times(&weight));
        weights = weights.plus(&weight);
        latest = Some(result.clone());
        best = Some(best.map_or(result.clone(), |best: Number| best.max(result)));
    }
    match rule.method {
        CompositeMethod::Latest => latest,
        CompositeMethod::Best => best,
        CompositeMethod::Mean | CompositeMethod::Weighted if latest.is_some() => {
            Some(sum.over(&weights))
        }
        CompositeMethod::Mean | CompositeMethod::Weighted => None,
    }
}
