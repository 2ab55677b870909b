//! What stands beside a field without refusing it: a value above its own total or target.

use kernel::Decimal;
use score::{Choice, Input, Operand, Rule};
use web::Locale;

use super::record::Read;
use crate::section::cell::Cells;
use crate::section::decision::is_asked;
use crate::view;

/// A remark at an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// The item's code.
    pub code: String,
    /// The item's name.
    pub title: String,
    /// What to look at.
    pub text: String,
}

impl Note {
    /// Where the item stands on the page.
    pub fn anchor(&self) -> String {
        format!("#q-{}", self.code)
    }
}

/// The remarks on a section.
pub(super) fn notes(l: &Locale, read: &Read, cells: &Cells) -> Vec<Note> {
    let scheme = read.plan.scheme();
    let own = |item: &&crate::round::RoundItem| {
        item.section_no == read.section.section_no && is_asked(item)
    };
    let mut notes = Vec::new();
    for item in read.items.iter().filter(own) {
        let Some(index) = scheme.item_index(&item.code) else {
            continue;
        };
        if let Some(text) = above(l, read, cells, &item.code) {
            notes.push(Note {
                code: item.code.clone(),
                title: view::title(l, &scheme.items[index].title),
                text,
            });
        }
    }
    notes
}

/// The two inputs of a rule of which the first should not be above the second: a part and its
/// total, what was reached and its target.
fn part_and_total(rule: &Rule) -> Option<(&Input, &Input)> {
    let (part, total) = match rule {
        Rule::Ratio(rule) => (&rule.numerator, &rule.denominator),
        Rule::Interpolation(rule) if rule.mark_at_target > rule.mark_at_origin => {
            (&rule.value, &rule.target)
        }
        _ => return None,
    };
    match (part, total) {
        (Operand::Item(part), Operand::Item(total)) => Some((part, total)),
        _ => None,
    }
}

fn above(l: &Locale, read: &Read, cells: &Cells, code: &str) -> Option<String> {
    let scheme = read.plan.scheme();
    let (part, total) = scheme
        .nodes
        .iter()
        .filter_map(|node| part_and_total(&node.rule))
        .find(|(part, _)| part.item == code)?;
    let definition = |input: &Input| {
        scheme
            .item_index(&input.item)
            .map(|index| &scheme.items[index])
    };
    let (part_item, total_item) = (definition(part)?, definition(total)?);
    if part_item.unit != total_item.unit {
        return None;
    }
    let (value, limit) = (value(read, cells, part)?, value(read, cells, total)?);
    (value > limit).then(|| {
        l.text("note-above")
            .arg("value", value.to_string())
            .arg("total", view::title(l, &total_item.title))
            .arg("limit", limit.to_string())
            .to_string()
    })
}

fn value(read: &Read, cells: &Cells, input: &Input) -> Option<Decimal> {
    let item = read
        .items
        .iter()
        .find(|item| item.code == input.item && item.moment == input.moment.word())?;
    let cell = cells.get(&(read.subject.subject_no, item.item_no))?;
    cell.value()
}
