//! Every code that the engine gives has its text in both languages, and every text its code.
//!
//! Codes are found in the engine's sources, and by asking every question of every rule.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::collections::BTreeSet;
use std::path::Path;

use fluent_syntax::ast::Entry;

fn texts(language: &str, file: &str) -> BTreeSet<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../platform/web/locales");
    let path = root.join(language).join(file);
    let source = std::fs::read_to_string(&path).unwrap();
    let resource = fluent_syntax::parser::parse(source).unwrap_or_else(|(_, errors)| {
        panic!("{}: {errors:?}", path.display());
    });
    resource
        .body
        .iter()
        .filter_map(|entry| match entry {
            Entry::Message(message) => Some(message.id.name.clone()),
            _ => None,
        })
        .collect()
}

/// Every string of the sources.
fn strings() -> BTreeSet<String> {
    fn walk(folder: &Path, strings: &mut BTreeSet<String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, strings);
                continue;
            }
            let source = std::fs::read_to_string(&path).unwrap();
            // Odd pieces stand between quotes; a source with an escaped quote still gives a
            // superset.
            strings.extend(source.split('"').map(str::to_owned));
        }
    }
    let mut strings = BTreeSet::new();
    walk(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("src"),
        &mut strings,
    );
    strings
}

#[test]
fn both_languages_have_the_same_texts() {
    for file in ["findings-score.ftl", "scoring.ftl"] {
        assert_eq!(texts("zh-CN", file), texts("en", file), "{file}");
    }
}

/// Codes of the kernel and the formula language, whose texts stand with theirs.
fn is_of_another(code: &str) -> bool {
    ["number-", "decimal-", "formula-"]
        .iter()
        .any(|start| code.starts_with(start))
        && !["decimal-as-float", "decimal-not-text"].contains(&code)
}

#[test]
fn every_finding_has_a_text() {
    let texts = texts("en", "findings-score.ftl");
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut codes = BTreeSet::new();
    let mut folders = vec![root];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let source = std::fs::read_to_string(&path).unwrap();
            for start in [
                "Finding::error(",
                "Finding::warning(",
                "Finding::note(",
                "Refused(",
            ] {
                for piece in source.split(start).skip(1) {
                    if let Some(piece) = piece.trim_start().strip_prefix('"') {
                        codes.insert(piece.split('"').next().unwrap().to_owned());
                    }
                }
            }
        }
    }
    assert!(codes.len() > 50, "{codes:?}");
    for code in &codes {
        let known = texts.contains(&format!("finding-{code}")) || is_of_another(code);
        assert!(known, "no text for {code}");
    }
    let strings = strings();
    for text in &texts {
        let code = text.strip_prefix("finding-").unwrap();
        assert!(strings.contains(code), "{text} is not used");
    }
}

#[test]
fn every_step_and_constant_has_a_text() {
    let texts = texts("en", "scoring.ftl");
    let strings = strings();
    for text in &texts {
        for start in ["score-constant-", "score-step-", "score-of-node-"] {
            if let Some(name) = text.strip_prefix(start) {
                assert!(strings.contains(name), "{text} is not used");
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/");
    let mut needed = BTreeSet::new();
    for file in [
        "rules/checklist.rs",
        "rules/events.rs",
        "rules/formula.rs",
        "rules/goalpost.rs",
        "rules/growth.rs",
        "rules/interpolation.rs",
        "rules/ratio.rs",
        "rules/roll_up.rs",
        "rules/round_composite.rs",
        "rules/stepped_add.rs",
        "rules/tier_table.rs",
        "evaluate/cell.rs",
    ] {
        let source = std::fs::read_to_string(root.join(file)).unwrap();
        for (start, prefix) in [
            ("operate(", "score-step-"),
            ("Constant(", "score-constant-"),
            ("OfNode(", "score-of-node-"),
            ("known(", "score-step-"),
            ("capped(entry.cap, ", "score-constant-"),
            ("capped(class.cap, ", "score-constant-"),
        ] {
            for piece in source.split(start).skip(1) {
                if let Some(piece) = piece.trim_start().strip_prefix('"') {
                    needed.insert(format!("{prefix}{}", piece.split('"').next().unwrap()));
                }
            }
        }
    }
    assert!(needed.len() > 60, "{needed:?}");
    for key in needed {
        assert!(texts.contains(&key), "no text for {key}");
    }
}

/// Every answer of every closed list, by composing a rule with it.
#[test]
fn every_rule_has_a_text() {
    let texts = texts("en", "scoring.ftl");
    let mut needed = BTreeSet::new();
    for rule_text in every_answer() {
        needed.insert(format!("score-{rule_text}"));
    }
    for key in &needed {
        assert!(texts.contains(key), "no text for {key}");
    }
    let others = ["score-constant-", "score-step-", "score-of-node-"];
    for text in texts {
        let other = others.iter().any(|start| text.starts_with(start));
        assert!(other || needed.contains(&text), "{text} is not used");
    }
}

#[allow(clippy::too_many_lines, reason = "a list")]
fn every_answer() -> Vec<String> {
    use score::*;
    fn words<T: Choice>(question: &str) -> Vec<String> {
        let word = |(_, word): &(T, &str)| format!("{question}-{}", word.replace('_', "-"));
        T::ALL.iter().map(word).collect()
    }
    let mut codes = [
        words::<OverTarget>("over-target"),
        words::<BelowOrigin>("below-origin"),
        words::<Unusable>("target-missing"),
        words::<Unusable>("target-zero"),
        words::<Unusable>("denominator-zero"),
        words::<OverOne>("over-one"),
        words::<GoalpostScale>("rule-goalpost"),
        words::<NotPositive>("not-positive"),
        words::<Outside>("below"),
        words::<Outside>("above"),
        words::<Better>("better"),
        words::<Aggregator>("rule-roll-up"),
        words::<Basis>("basis"),
        words::<Fewer>("best"),
        words::<Skipped>("skipped"),
        words::<AvailabilityBy>("availability"),
        words::<Fallback>("missing"),
        words::<Filled>("missing-group-minimum"),
        words::<Filled>("missing-group-mean"),
        words::<Tested>("gate-tested"),
        words::<GateMissing>("gate-missing"),
        words::<PartSteps>("part-steps"),
        words::<BelowOrigin>("below-base"),
        words::<DatedBy>("dated-by"),
        words::<Revoked>("revoked"),
        words::<SameFact>("same-fact"),
        words::<Several>("several"),
        words::<GrowthMeasure>("rule-growth"),
        words::<BaseRestated>("base-restated"),
        words::<BelowOrigin>("below-growth"),
        words::<Unusable>("base-missing"),
        words::<Unusable>("base-zero"),
        words::<BaseNegative>("base-negative"),
        words::<Weighting>("rule-checklist"),
        words::<PartialTick>("partial"),
        words::<BlankTick>("blank"),
        words::<NotApplicable>("not-applicable"),
        words::<Unusable>("nothing-applies"),
        words::<CompositeMethod>("rule-round-composite"),
        words::<CorrectedRound>("corrected"),
        words::<MissingRound>("missing-round"),
    ]
    .concat();
    for question in [
        "round",
        "round-value",
        "percent",
        "round-logarithm",
        "round-growth",
        "missing-mean-round",
    ] {
        codes.extend([format!("{question}-exact"), format!("{question}-places")]);
    }
    let plain = [
        "rule-tier-table",
        "tier",
        "rule-interpolation",
        "target-changed-latest",
        "target-changed-first",
        "target-changed-by-days",
        "rule-ratio",
        "weights-total",
        "zeros-zero",
        "zeros-skip",
        "zeros-missing",
        "zeros-floor",
        "availability-none",
        "rule-formula",
        "rule-stepped-add",
        "rule-deduction",
        "verified-events",
        "repeat-none",
        "repeat-from",
        "rule-bonus",
        "rule-penalty",
        "carry-none",
        "carry-share",
        "class-cap",
        "entry",
        "entry-with-cap",
        "entry-in-class",
        "entry-in-class-with-cap",
        "level-none",
        "level-better",
        "must-missed-zero",
        "must-missed-cap",
        "tick",
        "tick-must",
        "tick-weighted",
        "tick-weighted-must",
        "rounds-at-least",
        "round-of",
        "round-of-weight",
        "cap",
        "floor",
        "missing-last-value",
        "gate-zero",
        "gate-cap",
        "gate-grade-limit",
    ];
    codes.extend(plain.map(str::to_owned));
    codes
}

/// The list above is the one that the engine gives: a scheme with every kind has no other codes.
#[test]
fn the_sample_has_no_other_codes() {
    let known = every_answer();
    for text in [
        include_str!("data/every-kind.toml"),
        include_str!("data/every-count.toml"),
    ] {
        let (scheme, _) = score::parse("s.toml", text);
        let scheme = scheme.unwrap();
        for node in 0..scheme.nodes.len() {
            for line in score::node_rule_text(&scheme, node) {
                assert!(known.contains(&line.code), "{}", line.code);
            }
        }
    }
}
