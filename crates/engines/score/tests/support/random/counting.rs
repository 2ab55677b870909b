//! Random rules that count.

use std::fmt::Write as _;

use super::Random;
use crate::support::{item_from, item_with};

const EVENTS: &[&str] = &["e0", "e1", "e2"];
const TICKS: &[&str] = &["t0", "t1", "t2"];

/// Items of events and of ticks.
pub fn items(random: &mut Random) -> String {
    let mut text = String::new();
    for code in EVENTS {
        let scale = random.pick(&["0", "1", "\"any\""]);
        text += &item_from(code, "events", scale);
    }
    for code in TICKS {
        text += &item_with(code, "tick", random.pick(&["0", "1", "\"any\""]));
    }
    text
}

/// What stands in a table for these items; `None` for the others.
pub fn cell(random: &mut Random, name: &str) -> Option<String> {
    let (item, moment) = name.split_once('@').unwrap_or((name, "period"));
    let words: &[&str] = match (item.chars().next()?, moment) {
        ('t', "applies") => &["0", "1", "1"],
        ('t', _) => &["0", "0", "1", "1", "1", "2", "-1"],
        ('e', "revoked" | "repeated" | "joint") => &["0", "0", "0", "1"],
        ('e', _) => &["0", "0", "1", "2", "3", "7", "-1"],
        _ => return None,
    };
    Some(random.pick(words).to_owned())
}

/// A rule of a node with full mark 30, in terms of items `one` and `two`.
pub fn rule(random: &mut Random, one: &str, two: &str) -> String {
    match random.below(5) {
        0 => stepped_add(random, one),
        1 => deduction(random),
        2 => growth(random, one, two),
        3 => checklist(random),
        _ => round_composite(random),
    }
}

fn stepped_add(random: &mut Random, one: &str) -> String {
    let base = random.pick(&[
        "{ constant = \"12.5\" }",
        "{ item = \"@\", at = \"previous\" }",
    ]);
    let base = base.replace('@', one);
    let step = random.pick(&["1", "2.5", "7", "0.3"]);
    let mark = random.pick(&["1", "-0.5", "10", "0.35"]);
    let start = random.pick(&["0", "5", "30"]);
    let part = random.pick(&["whole", "begun", "proportional"]);
    let below = random.pick(&["floor", "extend"]);
    format!(
        r#"kind = "stepped_add", value = {{ item = "{one}" }}, base = {base}, unit = "@{one}@", step = "{step}", mark_at_base = "{start}", mark_per_step = "{mark}", part_steps = "{part}", below_base = "{below}""#
    )
}

fn dates(random: &mut Random) -> String {
    let dated_by = random.pick(&["occurred", "discovered", "ruled"]);
    let revoked = random.pick(&["drop", "keep"]);
    format!(r#"dated_by = "{dated_by}", revoked = "{revoked}""#)
}

fn deduction(random: &mut Random) -> String {
    let (item, dates) = (random.pick(EVENTS), dates(random));
    let same_fact = random.pick(&["each", "highest_only"]);
    let per = random.pick(&["2", "0.75"]);
    let start = random.pick(&["0", "30"]);
    let repeat = random.pick(&[
        "\"none\"",
        "{ from = 2, times = \"2\" }",
        "{ from = 3, times = \"1.5\" }",
    ]);
    format!(
        r#"kind = "deduction", item = "{item}", {dates}, same_fact = "{same_fact}", start = "{start}", per_occurrence = "{per}", repeat = {repeat}"#
    )
}

/// A bonus or a penalty list.
pub fn event_list(random: &mut Random, kind: &str) -> String {
    let dates = dates(random);
    let carry = random.pick(&["none", "none", "1", "0.5"]);
    let with_class = random.chance(60);
    let mut classes = String::new();
    if with_class {
        let several = random.pick(&["all", "highest_level", "highest_once"]);
        let cap = random.pick(&["none", "2.5", "8"]);
        write!(
            classes,
            r#"{{ code = "merit", several = "{several}", cap = "{cap}" }}"#
        )
        .unwrap();
    }
    let entries: Vec<String> = EVENTS
        .iter()
        .enumerate()
        .map(|(position, item)| {
            let class = if with_class && position < 2 { "merit" } else { "none" };
            let mark = random.pick(&["1", "2", "0.25"]);
            let cap = random.pick(&["none", "3"]);
            let same_fact = random.pick(&["each", "highest_only"]);
            let joint = random.pick(&["1", "0.5", "0"]);
            format!(
                r#"{{ item = "{item}", mark = "{mark}", cap = "{cap}", same_fact = "{same_fact}", joint_share = "{joint}", class = "{class}" }}"#
            )
        })
        .collect();
    let entries = entries.join(", ");
    format!(
        r#"kind = "{kind}", {dates}, carry_share = "{carry}", classes = [{classes}], entries = [{entries}]"#
    )
}

fn growth(random: &mut Random, one: &str, two: &str) -> String {
    let at = random.pick(&["same_last_year", "previous"]);
    let restated = random.pick(&["original", "restated"]);
    let round = random.rounding();
    let (zero, full) = match random.below(3) {
        0 => ("0", "10"),
        1 => ("-5", "12.5"),
        _ => ("3", "-4"),
    };
    let over = random.pick(&["cap", "extend"]);
    let below = random.pick(&["floor", "extend"]);
    let unusable = |random: &mut Random| random.pick(&["missing", "zero", "full"]);
    let absent = unusable(random);
    let level = random.pick(&["none", "none", "merits"]);
    let measure = random.pick(&["relative", "absolute"]);
    let divisor = if measure == "relative" {
        let (zero, negative) = (
            unusable(random),
            random.pick(&["missing", "zero", "full", "magnitude"]),
        );
        format!(r#", base_zero = "{zero}", base_negative = "{negative}""#)
    } else {
        String::new()
    };
    format!(
        r#"kind = "growth", value = {{ item = "{one}" }}, base = {{ item = "{two}", at = "{at}" }}, base_restated = "{restated}", measure = "{measure}", round_growth = {round}, zero_at = "{zero}", full_at = "{full}", over_target = "{over}", below_origin = "{below}", base_missing = "{absent}"{divisor}, level = "{level}""#
    )
}

fn checklist(random: &mut Random) -> String {
    let weighting = random.pick(&["equal", "weighted"]);
    let partial = random.pick(&["share", "nothing", "refuse"]);
    let blank = random.pick(&["unticked", "missing"]);
    let not_applicable = random.pick(&["never", "leaves", "ticked"]);
    let nothing = match not_applicable {
        "leaves" => {
            let answer = random.pick(&["missing", "zero", "full"]);
            format!(r#", nothing_applies = "{answer}""#)
        }
        _ => String::new(),
    };
    let missed = random.pick(&["\"zero\"", "{ cap = \"7.5\" }"]);
    let ticks: Vec<String> = TICKS
        .iter()
        .map(|item| {
            let must = random.pick(&["true", "false", "false"]);
            let weight = match weighting {
                "weighted" => format!(r#", weight = "{}""#, random.pick(&["1", "2.5"])),
                _ => String::new(),
            };
            format!(r#"{{ item = "{item}", must = {must}{weight} }}"#)
        })
        .collect();
    let ticks = ticks.join(", ");
    format!(
        r#"kind = "checklist", weighting = "{weighting}", partial = "{partial}", blank = "{blank}", not_applicable = "{not_applicable}"{nothing}, must_missed = {missed}, ticks = [{ticks}]"#
    )
}

fn round_composite(random: &mut Random) -> String {
    let method = random.pick(&["mean", "weighted", "latest", "best"]);
    let corrected = random.pick(&["recompute", "keep"]);
    let missing = if method == "latest" {
        String::new()
    } else {
        let answer = random.pick(&["skip", "zero", "missing"]);
        format!(r#", missing_round = "{answer}""#)
    };
    let total = match method {
        "weighted" => r#", weights_total = "100""#,
        _ => "",
    };
    let rounds: Vec<String> = [("i0", "30"), ("i1", "70")]
        .iter()
        .map(|(item, weight)| {
            let full = random.pick(&["30", "100", "70"]);
            let weight = match method {
                "weighted" => format!(r#", weight = "{weight}""#),
                _ => String::new(),
            };
            format!(r#"{{ item = "{item}", full = "{full}"{weight} }}"#)
        })
        .collect();
    let (rounds, least) = (rounds.join(", "), random.pick(&["1", "2"]));
    format!(
        r#"kind = "round_composite", method = "{method}"{total}, corrected = "{corrected}"{missing}, at_least = {least}, rounds = [{rounds}]"#
    )
}
