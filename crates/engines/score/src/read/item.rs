//! `[[item]]` and the values that rules read.

use kernel::{Day, Finding, Rounding};

use super::table::{Read, Table};
use crate::scheme::{
    Choice, Evidence, Input, Item, MAX_PLACES, Moment, NodeRounding, Operand, Unit,
};

impl Choice for Rounding {
    const ALL: &'static [(Rounding, &'static str)] = &[
        (Rounding::HalfUp, "half_up"),
        (Rounding::HalfEven, "half_even"),
        (Rounding::HalfDown, "half_down"),
        (Rounding::Up, "up"),
        (Rounding::Down, "down"),
        (Rounding::Ceiling, "ceiling"),
        (Rounding::Floor, "floor"),
    ];
}

pub(super) fn item(table: &Table<'_>) -> Option<Item> {
    let code = table.code("code");
    let title = table.title("title");
    let unit = table.text("unit").map(Unit);
    let scale = places_or_any(table, "scale");
    let minimum = table.decimal_or_none("minimum");
    let maximum = table.decimal_or_none("maximum");
    let source = table.choice("source");
    let evidence = evidence(table);
    let direction = table.choice("direction");
    let period = table.choice("period");
    let ours = table.flag("ours");
    table.finish();
    Some(Item {
        code: code?,
        title: title?,
        unit: unit?,
        scale: scale?,
        minimum: minimum?,
        maximum: maximum?,
        source: source?,
        evidence: evidence?,
        direction: direction?,
        period: period?,
        ours: ours?,
    })
}

/// A number of places, or `"any"`.
fn places_or_any(table: &Table<'_>, key: &'static str) -> Read<Option<u8>> {
    if table.is_word(key, "any") {
        return Some(None);
    }
    places(table, key).map(Some)
}

fn places(table: &Table<'_>, key: &'static str) -> Option<u8> {
    let places = table.integer(key, 0, MAX_PLACES.into())?;
    u8::try_from(places).ok()
}

fn evidence(table: &Table<'_>) -> Option<Evidence> {
    if table.is_word("evidence", "none") {
        return Some(Evidence::None);
    }
    if table.is_word("evidence", "optional") {
        return Some(Evidence::Optional);
    }
    let table = table.table("evidence")?;
    let reason = table.title("reason");
    let approver = table.text("approver");
    let until = table.parsed("until", "YYYY-MM-DD", |text| {
        text.parse::<Day>()
            .map_err(|_| Finding::error("day-malformed"))
    });
    table.finish();
    Some(Evidence::Required {
        reason: reason?,
        approver: approver?,
        until: until?,
    })
}

/// `"exact"`, or `{ places = 2, mode = "half_up" }`.
pub(super) fn rounding(table: &Table<'_>, key: &'static str) -> Option<NodeRounding> {
    if table.is_word(key, "exact") {
        return Some(NodeRounding::Exact);
    }
    let table = table.table(key)?;
    let places = places(&table, "places");
    let mode = table.choice("mode");
    table.finish();
    Some(NodeRounding::Places {
        places: places?,
        mode: mode?,
    })
}

/// What an operand may be.
#[derive(Clone, Copy)]
pub(super) enum Allowed {
    /// An item or a node: something that differs between subjects.
    Variable,
    /// As [`Allowed::Variable`], and an item must say at which moment.
    VariableAtMoment,
    /// A constant, an item or a node.
    Any,
}

/// `{ item = "income" }`, `{ item = "households", at = "start" }`, `{ node = "rate" }`,
/// `{ constant = "100" }`.
pub(super) fn operand(table: &Table<'_>, key: &'static str, allowed: Allowed) -> Option<Operand> {
    let table = table.table(key)?;
    let operand = operand_fields(&table, allowed);
    table.finish();
    operand
}

fn operand_fields(table: &Table<'_>, allowed: Allowed) -> Option<Operand> {
    let given: Vec<&str> = ["constant", "item", "node"]
        .into_iter()
        .filter(|key| table.has(key))
        .collect();
    match (given.as_slice(), allowed) {
        (["constant"], Allowed::Any) => table.decimal("constant").map(Operand::Constant),
        (["item"], _) => input(table, matches!(allowed, Allowed::VariableAtMoment)),
        (["node"], _) => table.reference("node").map(Operand::Node),
        _ => {
            let expected = match allowed {
                Allowed::Any => "constant, item, node",
                Allowed::Variable | Allowed::VariableAtMoment => "item, node",
            };
            let finding = Finding::error("operand-malformed")
                .arg("found", given.join(", "))
                .arg("expected", expected);
            table.report("", finding);
            None
        }
    }
}

fn input(table: &Table<'_>, needs_moment: bool) -> Option<Operand> {
    let item = table.reference("item");
    let moment = if needs_moment || table.has("at") {
        table.choice("at")
    } else {
        Some(Moment::Period)
    };
    Some(Operand::Item(Input {
        item: item?,
        moment: moment?,
    }))
}
