//! One subject's marks as a text that can be read and checked by hand.

use std::collections::HashMap;
use std::fmt::Write;

use kernel::FindingArg;
use score::{
    Choice, Explanation, NodeRounding, Operation, OutcomeExplanation, RuleText, Scheme, Term,
    TermOrigin, Title, explain, explain_outcome,
};
use web::Locale;

use super::output::Outcome;

/// Grade and rank, then every node from the root down: rule, figures, steps, rounding.
pub fn text(locale: &Locale, outcome: &Outcome<'_>, subject: usize) -> String {
    let Outcome {
        plan,
        columns,
        results,
    } = *outcome;
    let scheme = plan.scheme();
    let mut text = Text {
        locale,
        names: names(locale, scheme),
        written: String::new(),
    };
    text.heading(&explain_outcome(plan, columns, results, subject), outcome);
    let mut waiting = vec![(plan.root(), 0)];
    // Nodes outside the tree count for nothing by themselves, but rules may read them.
    let outside = (0..scheme.nodes.len())
        .filter(|node| *node != plan.root() && scheme.nodes[*node].parent.is_none());
    let mut outside: Vec<(usize, usize)> = outside.map(|node| (node, 0)).collect();
    outside.reverse();
    waiting.splice(0..0, outside);
    while let Some((node, depth)) = waiting.pop() {
        text.node(&explain(plan, columns, results, subject, node), depth);
        let children = scheme.children(&scheme.nodes[node].code);
        waiting.extend(children.into_iter().rev().map(|child| (child, depth + 1)));
    }
    text.written
}

/// Names in the reader's language by code. Where a gate, a node and an item share a code, the
/// argument that holds it says which is meant; here the first of the list wins, and the code is
/// printed beside every name of a node and an item anyway.
fn names<'s>(locale: &Locale, scheme: &'s Scheme) -> HashMap<&'s str, &'s str> {
    let bands = scheme.grade.iter().flat_map(|grades| &grades.bands);
    let titles = (scheme.items.iter().map(|item| (&item.code, &item.title)))
        .chain(scheme.nodes.iter().map(|node| (&node.code, &node.title)))
        .chain(scheme.gates.iter().map(|gate| (&gate.code, &gate.title)))
        .chain(bands.map(|band| (&band.code, &band.title)));
    let mut names = HashMap::new();
    for (code, title) in titles {
        let name = locale.choose(&title.zh, &title.en);
        names.entry(code.as_str()).or_insert(name);
    }
    names
}

/// Arguments of a rule's line that hold the code of an item, a node, a gate or a grade.
const CODE_ARGUMENTS: [&str; 11] = [
    "value",
    "base",
    "origin",
    "target",
    "numerator",
    "denominator",
    "first",
    "days_before",
    "days_after",
    "gate",
    "grade",
];

struct Text<'s> {
    locale: &'s Locale,
    names: HashMap<&'s str, &'s str>,
    written: String,
}

impl Text<'_> {
    fn line(&mut self, depth: usize, line: &str) {
        writeln!(self.written, "{}{line}", "  ".repeat(depth)).expect("a string takes any text");
    }

    fn word(&self, key: &str) -> String {
        self.locale.text(key).to_string()
    }

    fn title<'t>(&self, title: &'t Title) -> &'t str {
        self.locale.choose(&title.zh, &title.en)
    }

    /// A line of a rule in the reader's language; its code and arguments where it has no text.
    fn rule_line(&self, rule: &RuleText) -> String {
        let key = format!("score-{}", rule.code);
        if self.locale.has(&key) {
            let text = self.locale.text(&key);
            return rule
                .args
                .iter()
                .fold(text, |text, (name, value)| {
                    text.arg(*name, &self.named(name, value))
                })
                .to_string();
        }
        let mut line = rule.code.clone();
        for (name, value) in &rule.args {
            let value = match value {
                FindingArg::Int(value) => value.to_string(),
                FindingArg::Text(value) => value.clone(),
            };
            write!(line, " {name}={value}").expect("a string takes any text");
        }
        line
    }

    /// The argument with a name in place of a code: `households@start` becomes `户数@start`.
    fn named(&self, argument: &str, value: &FindingArg) -> FindingArg {
        let FindingArg::Text(text) = value else {
            return value.clone();
        };
        if !CODE_ARGUMENTS.contains(&argument) {
            return value.clone();
        }
        let (code, moment) = text.split_at(text.find('@').unwrap_or(text.len()));
        match self.names.get(code) {
            Some(name) => FindingArg::Text(format!("{name}{moment}")),
            None => value.clone(),
        }
    }

    fn heading(&mut self, explained: &OutcomeExplanation, outcome: &Outcome<'_>) {
        let missing = self.word("explain-missing");
        let shown = |value: Option<String>| value.unwrap_or_else(|| missing.clone());
        self.line(0, &explained.subject.clone());
        let score = shown(explained.score.map(|score| score.to_string()));
        let exact = shown(explained.exact.map(|exact| exact.to_string()));
        let line = self
            .locale
            .text("explain-score")
            .arg("score", score)
            .arg("exact", exact)
            .to_string();
        self.line(1, &line);
        if let Some(grades) = &outcome.plan.scheme().grade {
            let band = |code: &str| {
                let band = grades.bands.iter().find(|band| band.code == code);
                band.map_or_else(String::new, |band| self.title(&band.title).to_owned())
            };
            let line = self
                .locale
                .text("explain-grade")
                .arg("grade", shown(explained.grade.as_deref().map(band)))
                .arg("band", shown(explained.band.as_deref().map(band)))
                .arg(
                    "range",
                    shown(explained.range.map(|range| range.to_string())),
                )
                .to_string();
            self.line(1, &line);
            self.codes("explain-grade-limits", "gates", &explained.limits);
        }
        if explained.method.is_some() {
            let rank = |rank: Option<u32>| shown(rank.map(|rank| rank.to_string()));
            let line = self
                .locale
                .text("explain-rank")
                .arg("rank", rank(explained.rank))
                .arg("ranked", i64::from(explained.ranked))
                .arg("group", explained.group.clone().unwrap_or_default())
                .arg("rank_in_group", rank(explained.rank_in_group))
                .arg("ranked_in_group", i64::from(explained.ranked_in_group))
                .to_string();
            self.line(1, &line);
            self.codes("explain-tied", "subjects", &explained.tied_with);
        }
    }

    /// A line with a list, where there is something to list.
    fn codes(&mut self, key: &str, argument: &'static str, codes: &[String]) {
        if codes.is_empty() {
            return;
        }
        let names: Vec<&str> = codes
            .iter()
            .map(|code| self.names.get(code.as_str()).copied().unwrap_or(code))
            .collect();
        let list = names.join(", ");
        let line = self.locale.text(key).arg(argument, list).to_string();
        self.line(1, &line);
    }

    fn node(&mut self, explained: &Explanation, depth: usize) {
        let missing = self.word("explain-missing");
        let counted = explained.counted().map(|mark| mark.to_string());
        let head = self
            .locale
            .text("explain-node")
            .arg("title", self.title(&explained.title).to_owned())
            .arg("code", explained.node.clone())
            .arg("mark", counted.unwrap_or(missing))
            .arg("full", explained.full.to_string())
            .to_string();
        self.written.push('\n');
        self.line(depth, &head);
        for rule in &explained.rule {
            let line = self.rule_line(rule);
            self.line(depth + 1, &format!("- {line}"));
        }
        for (position, term) in explained.terms.iter().enumerate() {
            let line = self.term(explained, term);
            self.line(depth + 1, &format!("[{}] {line}", position + 1));
        }
        self.ending(explained, depth + 1);
    }

    /// Rounding, and what a missing value or a gate did.
    fn ending(&mut self, explained: &Explanation, depth: usize) {
        if let (NodeRounding::Places { .. }, Some(before)) =
            (explained.round, explained.before_rounding)
        {
            let line = self
                .locale
                .text("explain-before-rounding")
                .arg("term", i64::try_from(before + 1).unwrap_or(i64::MAX))
                .arg("value", explained.terms[before].value.to_string())
                .to_string();
            self.line(depth, &line);
        }
        if let Some(applied) = explained.missing_policy_applied {
            let applied = serde_json::to_value(applied)
                .ok()
                .and_then(|word| word.as_str().map(str::to_owned))
                .unwrap_or_default();
            let key = format!("explain-applied-{}", applied.replace('_', "-"));
            let line = self.word(&key);
            self.line(depth, &line);
        }
        if let Some(code) = &explained.refused {
            let line = self.word(&format!("finding-{code}"));
            self.line(depth, &line);
        }
        if !explained.failed_gates.is_empty() {
            let names: Vec<&str> = explained
                .failed_gates
                .iter()
                .map(|code| self.names.get(code.as_str()).copied().unwrap_or(code))
                .collect();
            let line = self
                .locale
                .text("explain-gates-failed")
                .arg("gates", names.join(", "))
                .to_string();
            self.line(depth, &line);
        }
    }

    fn term(&self, explained: &Explanation, term: &Term) -> String {
        let named = |prefix: &str, name: &str| {
            let key = format!("score-{prefix}-{}", name.replace('_', "-"));
            if self.locale.has(&key) {
                self.word(&key)
            } else {
                name.to_owned()
            }
        };
        let value = term.value;
        match &term.origin {
            TermOrigin::Constant { name } => format!("{} = {value}", named("constant", name)),
            TermOrigin::Input {
                input,
                title,
                unit,
                source,
                filled,
            } => {
                let key = format!("explain-source-{}", source.word().replace('_', "-"));
                let from = if *filled {
                    "explain-source-filled"
                } else {
                    key.as_str()
                };
                let from = self.word(from);
                let title = self.title(title);
                format!("{title} ({input}, {from}) = {value} {}", unit.0)
            }
            TermOrigin::Node { node, title } => format!("{} ({node}) = {value}", self.title(title)),
            TermOrigin::OfNode { name, node } => {
                format!("{} ({node}) = {value}", named("constant", name))
            }
            TermOrigin::Step {
                name,
                operation,
                terms,
            } => {
                let done = done(explained, operation, terms);
                format!("{} = {done} = {value}", named("step", name))
            }
        }
    }
}

/// An operation over terms, in signs that need no translation: `[1] × [2]`, `round([3], 2)`.
fn done(explained: &Explanation, operation: &Operation, terms: &[Option<usize>]) -> String {
    let shown: Vec<String> = terms
        .iter()
        .map(|term| term.map_or("missing".to_owned(), |term| format!("[{}]", term + 1)))
        .collect();
    let value = |position: usize| {
        let term = terms.get(position).copied().flatten();
        term.map_or(String::new(), |term| {
            explained.terms[term].value.to_string()
        })
    };
    let list = shown.join(", ");
    match operation {
        Operation::Add | Operation::Sum => shown.join(" + "),
        Operation::Subtract => shown.join(" − "),
        Operation::Multiply | Operation::Product => shown.join(" × "),
        Operation::Divide => shown.join(" ÷ "),
        Operation::Minimum => format!("min({list})"),
        Operation::Maximum => format!("max({list})"),
        Operation::NaturalLogarithm => format!("ln({list})"),
        Operation::GeometricMean => format!("geometric_mean({list})"),
        Operation::WeightedGeometricMean => format!("weighted_geometric_mean({list})"),
        Operation::Round { places, mode } => format!("round({list}, {places}, {})", mode.word()),
        Operation::LookUp { range, .. } => format!("{list}: {} ∈ {range}", value(0)),
        Operation::Formula {
            expression, steps, ..
        } => {
            let steps: Vec<String> = steps
                .iter()
                .map(|(part, value)| format!("{part} = {value}"))
                .collect();
            format!("{expression} {{ {} }}", steps.join("; "))
        }
    }
}
