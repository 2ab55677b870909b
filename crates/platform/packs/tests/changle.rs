//! The pack of Changle against figures that a Python script computed from the document by itself
//! (`scripts/scenarios/changle.py`).

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use packs::{Embedded, Source, check, read};
use score::{Cell, Columns, compile, evaluate};

fn text(path: &str) -> String {
    let source = Embedded::named("changle").unwrap();
    String::from_utf8(source.read(path).unwrap()).unwrap()
}

fn rows(text: &str) -> (Vec<&str>, Vec<Vec<&str>>) {
    let mut lines = text.lines().map(|line| line.split(',').collect::<Vec<_>>());
    (lines.next().unwrap(), lines.collect())
}

#[test]
fn the_pack_is_faultless() {
    let source = Embedded::named("changle").unwrap();
    let findings = check(&source, &[]);
    let codes: Vec<String> = findings
        .iter()
        .map(|finding| format!("{} {finding}", finding.place))
        .collect();
    assert_eq!(codes, Vec::<String>::new());
}

/// What the source states: 4 indices, 10 groups, 40 indicators, 6 and 5 situations, and 30 % for
/// common prosperity with its 2 groups and 10 indicators.
#[test]
fn the_tree_is_the_one_of_the_source() {
    let source = Embedded::named("changle").unwrap();
    let (pack, _) = read(&source);
    let pack = pack.unwrap();
    let scheme = &pack.scheme("strength_quarter").unwrap().scheme;
    let below = |code: &str| -> Vec<&str> {
        scheme
            .children(code)
            .iter()
            .map(|&child| scheme.nodes[child].code.as_str())
            .collect()
    };
    let top = below("total");
    assert_eq!(
        top,
        [
            "fortress",
            "leader",
            "prosperity",
            "well_being",
            "bonus",
            "penalty"
        ]
    );
    let groups: Vec<&str> = top.iter().flat_map(|index| below(index)).collect();
    let leaves: Vec<&str> = groups.iter().flat_map(|group| below(group)).collect();
    assert_eq!((groups.len(), leaves.len()), (10, 40));
    let of_prosperity = below("prosperity");
    let leaves_of_prosperity = of_prosperity.iter().flat_map(|group| below(group));
    assert_eq!((of_prosperity.len(), leaves_of_prosperity.count()), (2, 10));
    for (index, node) in scheme.nodes.iter().enumerate() {
        // Only the 30 % of common prosperity are the source's; every other figure is ours.
        assert_eq!(node.ours, node.code != "prosperity", "{}", node.code);
        let (score::Rule::Bonus(events) | score::Rule::Penalty(events)) = &node.rule else {
            continue;
        };
        // Awards of three levels are one situation.
        let situations = events
            .entries
            .iter()
            .filter(|entry| !["award_city", "award_province"].contains(&entry.item.as_str()));
        let expected = if node.code == "bonus" { 6 } else { 5 };
        assert_eq!(situations.count(), expected, "node {index}");
    }
}

#[test]
fn the_quarter_is_what_the_script_computed() {
    let source = Embedded::named("changle").unwrap();
    let (pack, _) = read(&source);
    let pack = pack.unwrap();
    let scheme = &pack.scheme("strength_quarter").unwrap().scheme;
    let plan = compile(scheme).0.unwrap();
    let figures = text("scenarios/strength-quarter.csv");
    let expected = text("scenarios/strength-quarter.expected.csv");
    let (header, figures) = rows(&figures);
    let (expected_header, expected) = rows(&expected);
    let mut builder = Columns::builder(&plan);
    for row in &figures {
        let subject = builder.subject(row[0], Some(row[1])).unwrap();
        for (input, name) in plan.inputs().iter().map(score::Input::name).enumerate() {
            let column = header.iter().position(|known| **known == name).unwrap();
            if !row[column].is_empty() {
                let value = row[column].parse().unwrap();
                builder.set(input, subject, value).unwrap();
            }
        }
    }
    let columns = builder.finish();
    let (results, findings) = evaluate(&plan, &columns);
    assert_eq!(findings, []);
    let mut seen_missing = 0;
    for (subject, expected) in expected.iter().enumerate() {
        let grade = &scheme.grade.as_ref().unwrap().bands[results.grade(subject).unwrap()].code;
        let rank = |rank: Option<u32>| rank.unwrap().to_string();
        let mut found = vec![
            columns.subjects()[subject].clone(),
            columns.group(subject).unwrap().to_owned(),
            results.score(subject).to_string(),
            grade.clone(),
            rank(results.rank(subject)),
            rank(results.rank_in_group(subject)),
        ];
        for code in &expected_header[6..] {
            let cell = results.cell(scheme.node_index(code).unwrap(), subject);
            seen_missing += usize::from(matches!(cell, Cell::Missing { .. }));
            found.push(cell.to_string());
        }
        assert_eq!(found, *expected);
    }
    assert_eq!(columns.len(), 30);
    assert!(seen_missing > 5, "some figures were not handed in");
}

#[test]
fn the_year_is_thirty_and_seventy() {
    let source = Embedded::named("changle").unwrap();
    let (pack, _) = read(&source);
    let pack = pack.unwrap();
    let plan = compile(&pack.scheme("strength_year").unwrap().scheme)
        .0
        .unwrap();
    let mut builder = Columns::builder(&plan);
    for (village, year_end) in [("a", Some("80")), ("b", None)] {
        let subject = builder.subject(village, Some("t")).unwrap();
        let (mid, end) = (
            plan.input_index("half_year_result").unwrap(),
            plan.input_index("year_end_result").unwrap(),
        );
        builder.set(mid, subject, "90".parse().unwrap()).unwrap();
        if let Some(year_end) = year_end {
            builder
                .set(end, subject, year_end.parse().unwrap())
                .unwrap();
        }
    }
    let columns = builder.finish();
    let (results, _) = evaluate(&plan, &columns);
    let scores: Vec<String> = (0..2)
        .map(|subject| results.score(subject).to_string())
        .collect();
    assert_eq!(scores, ["83", "90"]);
}
