//! What several pages say alike: periods, states, items and their rules in the visitor's language.

use access::Resource;
use app::Ref;
use kernel::{Decimal, FindingArg, Instant, Period};
use score::{Edge, NodeRounding, Range, RuleText, Scheme, SchemeNode};
use store::Connection;
use web::{Attempt, Context, Locale, PageError, TrailEntry, TrailState};

use crate::round::{Round, Section};
use crate::scheme::SchemeVersion;
use crate::section::SectionEvent;
use crate::transition::{SectionAct, SectionState};

/// `2026 年第三季度`, `third quarter of 2026`.
pub(crate) fn period(l: &Locale, period: Period) -> String {
    l.period(period)
}

/// The name of a round: its own title, or the scheme's with the period.
pub(crate) fn round_title(l: &Locale, round: &Round, scheme: &SchemeVersion) -> String {
    if let Some(title) = &round.title {
        return title.clone();
    }
    let name = l.choose(&scheme.title_zh, &scheme.title_en);
    let period = period(l, round.period);
    l.text("round-title")
        .arg("scheme", name.to_owned())
        .arg("period", period)
        .to_string()
}

/// A section's name.
pub(crate) fn section_title(l: &Locale, section: &Section) -> String {
    l.choose(&section.title_zh, &section.title_en).to_owned()
}

/// A title of the scheme.
pub(crate) fn title(l: &Locale, title: &score::Title) -> String {
    l.choose(&title.zh, &title.en).to_owned()
}

/// The word of a section's state.
pub(crate) fn section_state(l: &Locale, state: SectionState) -> String {
    l.text(match state {
        SectionState::Open => "section-state-open",
        SectionState::Submitted => "section-state-submitted",
        SectionState::Returned => "section-state-returned",
        SectionState::Verified => "section-state-verified",
        SectionState::SentBack => "section-state-sent-back",
        SectionState::Reviewed => "section-state-reviewed",
    })
    .to_string()
}

/// The kind of a chip for a section's state.
pub(crate) fn section_chip(state: SectionState) -> &'static str {
    match state {
        SectionState::Open => "line",
        SectionState::Submitted => "info",
        SectionState::Returned | SectionState::SentBack => "4",
        SectionState::Verified => "2",
        SectionState::Reviewed => "1",
    }
}

/// A line of a rule: codes of items and nodes become their names.
pub(crate) fn rule_line(l: &Locale, scheme: &Scheme, line: &RuleText) -> String {
    let key = format!("score-{}", line.code);
    let mut text = l.text(&key);
    for (name, value) in &line.args {
        text = match value {
            FindingArg::Int(value) => text.arg(*name, *value),
            FindingArg::Text(value) if *name == "unit" => text.arg(*name, unit(l, value)),
            FindingArg::Text(value) if matches!(*name, "range" | "passes") => text.arg(
                *name,
                value
                    .parse()
                    .map_or_else(|_| value.clone(), |found| range(l, found)),
            ),
            FindingArg::Text(value) => text.arg(*name, named(l, scheme, value)),
        };
    }
    text.to_string()
}

/// A range in people's words: 以上 and 以下 include their number, 超过 and 不足 do not.
pub(crate) fn range(l: &Locale, range: Range) -> String {
    use Edge::{Excluded, Included, None};
    let key = match (range.from, range.to) {
        (None, None) => "range-any",
        (Included(from), Included(to)) if from == to => "range-exactly",
        (Included(_), None) => "range-from-included",
        (Excluded(_), None) => "range-from-excluded",
        (None, Included(_)) => "range-to-included",
        (None, Excluded(_)) => "range-to-excluded",
        (Included(_), Included(_)) => "range-from-included-to-included",
        (Included(_), Excluded(_)) => "range-from-included-to-excluded",
        (Excluded(_), Included(_)) => "range-from-excluded-to-included",
        (Excluded(_), Excluded(_)) => "range-from-excluded-to-excluded",
    };
    let mut text = l.text(key);
    for (name, edge) in [("from", range.from), ("to", range.to)] {
        if let Some(number) = edge.number() {
            text = text.arg(name, number.to_string());
        }
    }
    text.to_string()
}

/// The name of what a rule calls by its code: an item (`households@start` too), a node, a gate, a
/// grade; anything else stays as it is.
pub(crate) fn named(l: &Locale, scheme: &Scheme, code: &str) -> String {
    let item = code.split('@').next().unwrap_or(code);
    let item = scheme
        .item_index(item)
        .map(|index| &scheme.items[index].title);
    let node = || {
        scheme
            .node_index(code)
            .map(|index| &scheme.nodes[index].title)
    };
    let gate = || {
        scheme
            .gates
            .iter()
            .find(|gate| gate.code == code)
            .map(|gate| &gate.title)
    };
    let band = || {
        let bands = scheme.grade.iter().flat_map(|grades| &grades.bands);
        bands
            .into_iter()
            .find(|band| band.code == code)
            .map(|band| &band.title)
    };
    let found = item.or_else(node).or_else(gate).or_else(band);
    found.map_or_else(|| code.to_owned(), |found| title(l, found))
}

/// A refused attempt whose findings call items by their titles, not by their codes.
pub(crate) fn with_item_titles(l: &Locale, scheme: &Scheme, attempt: &Attempt) -> Attempt {
    let mut attempt = attempt.clone();
    for finding in &mut attempt.findings {
        for (name, value) in &mut finding.args {
            if let FindingArg::Text(code) = value
                && name == "item"
            {
                *code = named(l, scheme, code);
            }
        }
    }
    attempt
}

/// The rule of a node, each answer with the code of its question: `round`, `missing`.
pub(crate) fn rule_answers(l: &Locale, scheme: &Scheme, node: usize) -> Vec<(String, String)> {
    let lines = score::node_rule_text(scheme, node);
    lines
        .iter()
        .map(|line| (line.code.clone(), rule_line(l, scheme, line)))
        .collect()
}

/// The first line of a node's rule: what people need to know while they fill in.
pub(crate) fn rule_short(l: &Locale, scheme: &Scheme, node: usize) -> String {
    let lines = score::rule_text(&scheme.nodes[node].rule);
    let tier = |line: &&RuleText| line.code == "tier";
    let first = lines
        .first()
        .map(|line| rule_line(l, scheme, line))
        .unwrap_or_default();
    let tiers: Vec<_> = lines
        .iter()
        .filter(tier)
        .map(|line| rule_line(l, scheme, line))
        .collect();
    if tiers.is_empty() {
        first
    } else {
        format!("{first} · {}", tiers.join(" · "))
    }
}

/// A grade's word.
pub(crate) fn grade(l: &Locale, scheme: &Scheme, code: &str) -> String {
    named(l, scheme, code)
}

/// The tier of a grade for its chip, 1 (best) to 5.
pub(crate) fn grade_chip(scheme: &Scheme, code: &str) -> String {
    let bands = scheme
        .grade
        .as_ref()
        .map(|grades| grades.bands.as_slice())
        .unwrap_or_default();
    let place = bands
        .iter()
        .position(|band| band.code == code)
        .unwrap_or(bands.len());
    // Five colours for any number of bands: the first is always best, the last always worst.
    let last = bands.len().saturating_sub(1).max(1);
    (1 + (place.min(last) * 4) / last).to_string()
}

/// A number or the word for none.
pub(crate) fn number(l: &Locale, value: Option<Decimal>) -> String {
    value.map_or_else(
        || l.text("value-missing").to_string(),
        |value| value.to_string(),
    )
}

/// A number with at least so many places after the point: `95.00`.
pub(crate) fn padded(number: Decimal, places: u8) -> String {
    let mut text = number.to_string();
    if number.scale() >= places {
        return text;
    }
    if number.is_integer() {
        text.push('.');
    }
    let missing = usize::from(places - number.scale());
    text.extend(std::iter::repeat_n('0', missing));
    text
}

/// What a node gives at most, in a column of full marks: its full mark; of one that only adds, its
/// cap; of one that only takes, its floor; empty where it has neither.
pub(crate) fn full(l: &Locale, node: &SchemeNode) -> String {
    if !node.full.is_zero() {
        return node.full.to_string();
    }
    if let Some(cap) = node.cap.filter(|cap| cap.signum() > 0) {
        return l.text("full-adds").arg("mark", cap.to_string()).to_string();
    }
    match node.floor.filter(|floor| floor.signum() < 0) {
        Some(floor) => {
            let mark = floor.to_string().trim_start_matches('-').to_owned();
            l.text("full-takes").arg("mark", mark).to_string()
        }
        None => String::new(),
    }
}

/// The same behind a mark: `/ 30`.
pub(crate) fn of_full(l: &Locale, node: &SchemeNode) -> String {
    let full = full(l, node);
    if node.full.is_zero() {
        full
    } else {
        format!("/ {full}")
    }
}

/// Places after the point with which a node's marks are written: those to which the scheme rounds
/// them; as many as they have where it does not round.
pub(crate) fn places(node: &SchemeNode) -> u8 {
    match node.round {
        NodeRounding::Exact => 0,
        NodeRounding::Places { places, .. } => places,
    }
}

/// A mark of a node as the scheme writes it, or the word for none: `95.00`.
pub(crate) fn mark(l: &Locale, node: &SchemeNode, mark: Option<Decimal>) -> String {
    mark.map_or_else(|| number(l, None), |mark| padded(mark, places(node)))
}

/// A score as the scheme writes it, or the word for none.
pub(crate) fn score(l: &Locale, scheme: &Scheme, score: Option<Decimal>) -> String {
    match scheme.node_index(&scheme.root) {
        Some(root) => mark(l, &scheme.nodes[root], score),
        None => number(l, score),
    }
}

/// A rank, or the word for none.
pub(crate) fn rank(l: &Locale, rank: Option<i64>) -> String {
    rank.map_or_else(
        || l.text("ranking-none").to_string(),
        |rank| rank.to_string(),
    )
}

/// With its sign, as differences are written: `+1.50`, `−2.00`, `0`.
pub(crate) fn signed(number: Decimal, places: u8) -> String {
    match number.signum() {
        1 => format!("+{}", padded(number, places)),
        -1 => format!("−{}", padded(number.abs(), places)),
        _ => "0".to_owned(),
    }
}

/// A known unit's word, any other unit as the scheme writes it.
pub(crate) fn unit(l: &Locale, unit: &str) -> String {
    let key = match unit {
        "fen" => "unit-fen",
        "yuan" => "unit-yuan",
        "wan_yuan" => "unit-wan-yuan",
        "permille" => "unit-permille",
        "percent" => "unit-percent",
        "ratio" => "unit-ratio",
        "mu" => "unit-mu",
        "hectare" => "unit-hectare",
        "hour" => "unit-hour",
        "day" => "unit-day",
        "count" => "unit-count",
        "mark" | "分" => "unit-mark",
        "tick" => "unit-tick",
        "人" => "unit-people",
        "人次" => "unit-attendances",
        "户" => "unit-households",
        "户次" => "unit-household-visits",
        "次" => "unit-times",
        "件" => "unit-matters",
        "项" => "unit-items",
        "处" => "unit-places",
        "份" => "unit-copies",
        "条" => "unit-entries",
        "year" => "unit-year",
        other => return other.to_owned(),
    };
    l.text(key).to_string()
}

/// A step of a section as a line of its history.
pub(crate) fn trail(l: &Locale, event: &SectionEvent, who: &str) -> TrailEntry {
    let key = match event.act {
        SectionAct::Declare => "act-declared",
        SectionAct::Verify => "act-verified",
        SectionAct::Return => "act-returned",
        SectionAct::Withdraw => "act-withdrawn",
        SectionAct::Review => "act-reviewed",
        SectionAct::SendBack => "act-sent-back",
        SectionAct::Refresh => "act-refreshed",
    };
    // What a return said stands beside it, also where later steps carry its due day on.
    let back = matches!(event.act, SectionAct::Return | SectionAct::SendBack);
    let said = event.act != SectionAct::Refresh;
    let due = event
        .due
        .filter(|_| back)
        .map(|due| l.text("trail-due").arg("day", l.day(due)).to_string());
    let why = event
        .reason
        .iter()
        .filter(|_| said)
        .chain(&due)
        .cloned()
        .collect::<Vec<_>>()
        .join(" ");
    TrailEntry {
        time: l.minute(event.at),
        machine_time: machine_time(event.at),
        who: who.to_owned(),
        what: l.text(key).to_string(),
        why,
        state: if back {
            TrailState::Refused
        } else {
            TrailState::Done
        },
    }
}

/// An instant as `datetime` attributes want it.
pub(crate) fn machine_time(at: Instant) -> String {
    format!("{}+08:00", at.minute_text().replace(' ', "T"))
}

/// Position of the first node whose rule reads an item: the question's rule and mark.
pub(crate) fn node_reading<'s>(scheme: &'s Scheme, item: &str) -> Option<(usize, &'s SchemeNode)> {
    let reads =
        |node: &SchemeNode| crate::scheme::layout::items_of_rule(scheme, &node.rule).contains(item);
    let mut found = scheme
        .nodes
        .iter()
        .enumerate()
        .filter(|(_, node)| reads(node));
    found.next()
}

/// The nodes below the root with their depth, parents before children, in the scheme's order.
pub(crate) fn tree(scheme: &Scheme) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut todo: Vec<(usize, usize)> = scheme
        .node_index(&scheme.root)
        .map(|root| (0, root))
        .into_iter()
        .collect();
    while let Some((depth, node)) = todo.pop() {
        found.push((depth, node));
        let children = scheme.children(&scheme.nodes[node].code);
        todo.extend(children.into_iter().rev().map(|child| (depth + 1, child)));
    }
    found
}

/// The address of another feature's record, where there is one and the visitor may open it: no
/// link leads to a refusal.
pub(crate) fn link(
    context: &Context,
    connection: &mut dyn Connection,
    reference: &Ref,
) -> Result<Option<String>, PageError> {
    let Some(spec) = context.app().ref_spec(&reference.kind) else {
        return Ok(None);
    };
    let tenant = context.tenant;
    let Some(found) = (spec.resolve)(connection, tenant, reference.id)? else {
        return Ok(None);
    };
    let ancestors = match found.place {
        None => Vec::new(),
        Some(place) => directory::place::ancestors(connection, tenant, place)?,
    };
    let resource = Resource::at(tenant, &ancestors);
    let decision = access::decide(&context.subject, spec.sees, &resource, context.today());
    Ok(decision.is_allowed().then_some(found.link))
}

#[cfg(test)]
mod tests {
    use web::{Catalogue, Language};

    use super::{padded, range, signed};

    #[test]
    fn a_mark_has_the_places_of_its_scheme() {
        for (number, places, written) in [
            ("95", 2, "95.00"),
            ("95.5", 2, "95.50"),
            ("-0.5", 2, "-0.50"),
            ("95.125", 2, "95.125"),
            ("95", 0, "95"),
        ] {
            assert_eq!(padded(number.parse().unwrap(), places), written);
        }
        assert_eq!(signed("-1.5".parse().unwrap(), 2), "−1.50");
        assert_eq!(signed("0".parse().unwrap(), 2), "0");
    }

    #[test]
    fn words_of_a_range_say_whether_its_numbers_belong_to_it() {
        let catalogue = Catalogue::new(&[web::locale_files!("results")]).unwrap();
        for (written, chinese, english) in [
            ("(none, 5)", "不足 5", "less than 5"),
            ("(none, 5]", "5 以下", "5 or less"),
            ("[15, none)", "15 以上", "15 or more"),
            ("(15, none)", "超过 15", "more than 15"),
            ("[5, 10)", "5 以上、不足 10", "5 or more, less than 10"),
            ("(5, 10]", "超过 5、10 以下", "more than 5, 10 or less"),
            ("[5, 10]", "5 以上、10 以下", "5 or more, 10 or less"),
            ("(5, 10)", "超过 5、不足 10", "more than 5, less than 10"),
            ("[7, 7]", "7", "7"),
            ("(none, none)", "任何数", "any number"),
        ] {
            let told = |language| range(&catalogue.locale(language), written.parse().unwrap());
            assert_eq!(told(Language::Chinese), chinese, "{written}");
            assert_eq!(told(Language::English), english, "{written}");
        }
    }
}
