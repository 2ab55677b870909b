//! Small schemes as text, tables as text, outcomes as text: tests are data.

#![allow(dead_code, reason = "each test binary uses its own part")]

pub mod random;

use std::fmt::Write as _;

use kernel::{Decimal, Finding, FindingPlace, Instant};
use score::{Cell, Columns, Plan, Results, compile, evaluate, parse};

/// Head of a scheme whose root is `total` and whose groups are towns.
pub const HEAD: &str = r#"
[scheme]
code = "sample"
version = "1"
title = { zh = "样例", en = "Sample" }
group = "town"
order = "round_limit_gate_grade"
root = "total"
"#;

/// An item of any places and without bounds.
pub fn item(code: &str) -> String {
    item_with(code, "count", "\"any\"")
}

/// An item with its unit and scale (as TOML writes it).
pub fn item_with(code: &str, unit: &str, scale: &str) -> String {
    format!(
        r#"
[[item]]
code = "{code}"
title = {{ zh = "{code}", en = "{code}" }}
unit = "{unit}"
scale = {scale}
minimum = "none"
maximum = "none"
source = "declared"
evidence = "none"
direction = "higher"
period = "quarter"
"#
    )
}

/// An item of another source.
pub fn item_from(code: &str, source: &str, scale: &str) -> String {
    let own = format!("source = \"{source}\"");
    item_with(code, "count", scale).replace("source = \"declared\"", &own)
}

/// A node that neither rounds nor limits and stays without mark where it is missing; `more`
/// replaces these lines or adds to them.
pub fn node(code: &str, parent: &str, full: &str, rule: &str, more: &[&str]) -> String {
    let mut lines = vec![
        format!("code = \"{code}\""),
        format!("parent = \"{parent}\""),
        format!("title = {{ zh = \"{code}\", en = \"{code}\" }}"),
        format!("full = \"{full}\""),
        "round = \"exact\"".to_owned(),
        "cap = \"none\"".to_owned(),
        "floor = \"none\"".to_owned(),
        "missing = { policy = \"appeal\" }".to_owned(),
    ];
    for line in more {
        let key = |line: &str| line.split('=').next().unwrap().trim().to_owned();
        let place = lines.iter().position(|known| key(known) == key(line));
        match place {
            Some(place) => (*line).clone_into(&mut lines[place]),
            None => lines.push((*line).to_owned()),
        }
    }
    format!("\n[[node]]\n{}\nrule = {{ {rule} }}\n", lines.join("\n"))
}

/// A tier-free rule that hands an item's value on as the mark: full marks at 100.
pub fn value_of(item: &str) -> String {
    format!(
        r#"kind = "interpolation", value = {{ item = "{item}" }}, origin = {{ constant = "0" }}, target = {{ constant = "100" }}, target_changed = "latest", mark_at_origin = "0", mark_at_target = "100", over_target = "extend", below_origin = "extend", target_missing = "missing", target_zero = "missing""#
    )
}

/// A root that sums its children.
pub const SUM: &str = r#"kind = "roll_up", aggregator = "sum", basis = "mark", skipped = "leave_out", availability = "none""#;

/// No grades and no ranks.
pub const NO_OUTCOME: &str = "grade = \"none\"\nrank = \"none\"\n";

/// Parses and compiles; findings that do not block are given too.
pub fn plan(text: &str) -> Result<(Plan, Vec<Finding>), Vec<Finding>> {
    let (scheme, findings) = parse("scheme.toml", text);
    let Some(scheme) = scheme else {
        return Err(findings);
    };
    let (plan, again) = compile(&scheme);
    assert_eq!(
        findings.len(),
        again.len(),
        "parse checks what compile checks"
    );
    match plan {
        Some(plan) => Ok((plan, findings)),
        None => Err(findings),
    }
}

/// Reads a table: first column the subject; `town` the group, `submitted` and `lot` for ties, the
/// others inputs. An empty cell is missing. Also gives what was refused.
pub fn columns(plan: &Plan, table: &str) -> (Columns, Vec<Finding>) {
    let mut lines = table.lines().map(str::trim).filter(|line| !line.is_empty());
    let header: Vec<&str> = lines.next().unwrap().split(',').map(str::trim).collect();
    let mut builder = Columns::builder(plan);
    let mut findings = Vec::new();
    for line in lines {
        let cells: Vec<&str> = line.split(',').map(str::trim).collect();
        assert_eq!(cells.len(), header.len(), "{line}");
        let town = header.iter().position(|name| *name == "town");
        let town = town
            .map(|column| cells[column])
            .filter(|town| !town.is_empty());
        let subject = builder.subject(cells[0], town).unwrap();
        for (name, cell) in header.iter().zip(&cells).skip(1) {
            match (*name, *cell) {
                ("town", _) | (_, "") => {}
                ("submitted", at) => builder.submitted(subject, Instant(at.parse().unwrap())),
                ("lot", lot) => builder.lot(subject, lot.parse().unwrap()),
                (name, value) => {
                    let Some(input) = plan.input_index(name) else {
                        continue; // A column that the scheme does not read.
                    };
                    let value: Decimal = value.parse().unwrap();
                    findings.extend(builder.set(input, subject, value).err());
                }
            }
        }
    }
    (builder.finish(), findings)
}

/// A cell as tests write it: a mark, `missing`, `missing=0` where something counts instead.
pub fn cell(cell: Cell) -> String {
    match cell {
        Cell::Mark(mark) => mark.to_string(),
        Cell::Missing { counted: None, .. } => "missing".to_owned(),
        Cell::Missing {
            counted: Some(counted),
            ..
        } => format!("missing={counted}"),
    }
}

/// Everything that came out, a line per subject: score, grade, rank, rank in group; then the codes
/// of the findings.
pub fn shown(plan: &Plan, columns: &Columns, results: &Results, findings: &[Finding]) -> String {
    let mut text = String::new();
    let none = || "-".to_owned();
    for (subject, code) in columns.subjects().iter().enumerate() {
        let grade = results.grade(subject).map_or_else(none, |grade| {
            plan.scheme().grade.as_ref().unwrap().bands[grade]
                .code
                .clone()
        });
        let rank = results
            .rank(subject)
            .map_or_else(none, |rank| rank.to_string());
        let in_group = results
            .rank_in_group(subject)
            .map_or_else(none, |rank| rank.to_string());
        let score = cell(results.score(subject));
        write!(text, "{code} {score}").unwrap();
        if plan.scheme().grade.is_some() {
            write!(text, " {grade}").unwrap();
        }
        if plan.scheme().rank.is_some() {
            write!(text, " {rank} {in_group}").unwrap();
        }
        text.push_str("; ");
    }
    for finding in findings {
        write!(text, "!{} ", finding.code).unwrap();
    }
    text.trim_end_matches([' ', ';']).to_owned()
}

/// The outcome of a scheme over a table, or the codes of the findings that block.
pub fn outcome(scheme: &str, table: &str) -> String {
    let plan = match plan(scheme) {
        Ok((plan, _)) => plan,
        Err(findings) => {
            let codes: Vec<String> = findings
                .iter()
                .filter(|finding| finding.blocks())
                .map(|finding| finding.clone().at(FindingPlace::Whole).to_string())
                .collect();
            return format!("refused: {}", codes.join("; "));
        }
    };
    let (columns, mut findings) = columns(&plan, table);
    let (results, more) = evaluate(&plan, &columns);
    findings.extend(more);
    shown(&plan, &columns, &results, &findings)
}
