//! What is wrong with a scheme file: every finding has its line and column.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

mod support;

use kernel::Finding;
use score::{Choice, Kind, parse};

const SAMPLE: &str = include_str!("data/every-kind.toml");

/// Replaces one piece of the sample and compares all findings.
fn check(from: &str, to: &str, expected: &[&str]) {
    assert_eq!(SAMPLE.matches(from).count(), 1, "{from:?} is not unique");
    let (_, findings) = parse("s.toml", &SAMPLE.replace(from, to));
    let found: Vec<String> = findings.iter().map(ToString::to_string).collect();
    assert_eq!(found, expected, "{from:?} → {to:?}");
}

#[test]
fn the_sample_is_faultless() {
    let (scheme, findings) = parse("s.toml", SAMPLE);
    let found: Vec<String> = findings.iter().map(ToString::to_string).collect();
    // Two nodes read the disputes: the index of the tie-break chain is a second reading.
    assert!(!findings.iter().any(Finding::blocks), "{found:?}");
    assert_eq!(scheme.unwrap().nodes.len(), 8);
}

/// A limit of the grade and a ranking by grade take the order of the bands for the order of worth.
#[test]
fn bands_stand_best_first() {
    let best_last = |text: &str| {
        let bands: Vec<&str> = text
            .lines()
            .filter(|line| line.contains("range = \""))
            .collect();
        let bands = bands
            .into_iter()
            .filter(|line| line.contains("Excellent") || line.contains("Good"));
        let bands: Vec<String> = bands.map(str::to_owned).collect();
        text.replace(
            &format!("{}\n{}", bands[0], bands[1]),
            &format!("{}\n{}", bands[1], bands[0]),
        )
    };
    let codes = |text: &str| {
        let (_, findings) = parse("s.toml", text);
        let findings = findings.iter().filter(|finding| finding.blocks());
        findings
            .map(|finding| finding.code.to_string())
            .collect::<Vec<_>>()
    };
    assert_eq!(codes(&best_last(SAMPLE)), ["bands-not-best-first"]);
    // Where the lowest score is the best, the same bands are the wrong way round.
    let from = "on = \"rounded\"\nbest = \"highest\"\nmethod";
    let lowest = SAMPLE.replace(from, &from.replace("highest", "lowest"));
    assert_ne!(lowest, SAMPLE);
    assert_eq!(codes(&lowest), ["bands-not-best-first"]);
}

#[test]
fn every_fault_has_its_place() {
    for (from, to, expected) in FAULTS {
        check(from, to, expected);
    }
}

const COUNTS: &str = include_str!("data/every-count.toml");

/// Of the sample of rules that count: what is replaced, by what, and the codes that it costs.
const COUNT_FAULTS: &[(&str, &str, &[&str])] = &[
    ("full = \"170\"", "full = \"171\"", &["full-mark-not-sum"]),
    ("cap = \"30\"", "cap = \"none\"", &["steps-without-cap"]),
    (
        "item = \"file_lease\", weight",
        "item = \"file_plan\", weight",
        &["entry-twice", "item-unread"],
    ),
    (
        "classes = [],",
        "classes = [{ code = \"x\", several = \"all\", cap = \"none\" }],",
        &["class-without-entries"],
    ),
    (
        "full = \"0\"\nround = { places = 2, mode = \"half_up\" }\ncap = \"5\"",
        "full = \"5\"\nround = { places = 2, mode = \"half_up\" }\ncap = \"5\"",
        &["events-full-not-zero"],
    ),
    (
        "base = { item = \"income\", at = \"same_last_year\" }",
        "base = { node = \"level\" }",
        &["restated-needs-item"],
    ),
    (
        "[\n    { item = \"mid_year\", full = \"100\", weight = \"30\" },\n    { item = \"year_end\", full = \"100\", weight = \"70\" },\n]",
        "[]",
        &[
            "list-empty",
            "weights-total",
            "rounds-too-few",
            "item-unread",
            "item-unread",
        ],
    ),
    ("weight = \"30\"", "weight = \"31\"", &["weights-total"]),
    (
        "item = \"late_reports\"",
        "item = \"income\"",
        &["events-expected", "fact-read-twice", "item-unread"],
    ),
    (
        "source = \"record\"\nevidence = \"none\"\ndirection = \"higher\"\nperiod = \"half_year\"",
        "source = \"events\"\nevidence = \"none\"\ndirection = \"higher\"\nperiod = \"half_year\"",
        &["events-read-plainly"],
    ),
    ("must = true", "must = \"yes\"", &["field-wrong-type"]),
    (", must = true", "", &["field-missing"]),
    ("from = 3", "from = 1", &["integer-out-of-range"]),
    (
        "joint_share = \"0.5\"",
        "joint_share = \"-0.5\"",
        &["share-out-of-range"],
    ),
    (
        "entries = [\n    { item = \"criticism\"",
        "entires = [\n    { item = \"criticism\"",
        &["field-missing", "field-unknown"],
    ),
];

#[test]
fn every_fault_of_a_rule_that_counts_is_found() {
    let codes = |text: &str| {
        let (_, findings) = parse("s.toml", text);
        let codes = findings.iter().map(|finding| finding.code.to_string());
        codes.collect::<Vec<String>>()
    };
    let always = codes(COUNTS);
    for (from, to, expected) in COUNT_FAULTS {
        assert_eq!(COUNTS.matches(from).count(), 1, "{from:?} is not unique");
        let mut found = codes(&COUNTS.replace(from, to));
        for code in &always {
            if let Some(known) = found.iter().position(|found| found == code) {
                found.remove(known);
            }
        }
        found.sort();
        let mut expected = expected.to_vec();
        expected.sort_unstable();
        assert_eq!(found, expected, "{from:?} → {to:?}");
    }
    assert_eq!(always, Vec::<String>::new());
}

#[test]
fn kinds_that_are_not_built_are_refused_by_name() {
    for (kind, word) in Kind::ALL {
        let text = SAMPLE.replace(
            r#"kind = "formula", expression = "disputes_settled >= 60 ? min(disputes_settled / 30, 3) : 0""#,
            &format!("kind = \"{word}\""),
        );
        let (scheme, findings) = parse("s.toml", &text);
        let codes: Vec<&str> = findings
            .iter()
            .map(|finding| finding.code.as_ref())
            .collect();
        if kind.built() && kind.is_rule_of_a_node() {
            assert!(codes.contains(&"field-missing"), "{word}: {codes:?}");
        } else if kind.built() {
            assert_eq!(codes, ["kind-not-a-node-rule"], "{word}");
        } else {
            assert_eq!(codes, ["kind-not-built"], "{word}");
        }
        assert!(scheme.is_none(), "{word}");
    }
    assert_eq!(Kind::ALL.len(), 26);
    let numbers: Vec<u8> = Kind::ALL.iter().map(|(kind, _)| kind.number()).collect();
    assert_eq!(numbers, (1..=26).collect::<Vec<u8>>());
}

/// Piece, replacement, findings.
const FAULTS: &[(&str, &str, &[&str])] = &[
    (
        r#"group = "town"
order"#,
        r#"group = "town"
order =="#,
        &[
            r#"s.toml:9:8: scheme-not-toml message="extra `=`, expected nothing""#,
            r#"s.toml:9:10: scheme-not-toml message="unexpected key or value, expected newline, `#`""#,
        ],
    ),
    (
        r#"version = "2026.1"
title"#,
        "version = 2026.1
title",
        &[r#"s.toml:6:1: field-wrong-type field="version" found="float" expected="text""#],
    ),
    (
        r#"code = "income"
title"#,
        r#"code = "Income"
title"#,
        &[r#"s.toml:13:1: code-malformed found="Income""#],
    ),
    (
        r#"code = "income"
title"#,
        r#"code = "rank"
title"#,
        &[r#"s.toml:13:1: code-reserved found="rank""#],
    ),
    (
        r#"maximum = "1000000000""#,
        "maximum = 1000000000.0",
        &[r#"s.toml:18:1: decimal-as-float field="maximum" found="1000000000.0""#],
    ),
    (
        r#"maximum = "1000000000""#,
        "maximum = 1000000000",
        &[r#"s.toml:18:1: decimal-not-text field="maximum" found="1000000000""#],
    ),
    (
        r#"maximum = "1000000000""#,
        r#"maximum = "1e9""#,
        &[r#"s.toml:18:1: decimal-not-plain found="1e9""#],
    ),
    (
        r#"maximum = "1000000000""#,
        r#"maximum = "-1""#,
        &[r#"s.toml:17:1: limits-crossed low="0" high="-1""#],
    ),
    (
        r#"maximum = "1000000000""#,
        r#"maximun = "1000000000""#,
        &[
            r#"s.toml:12:1: field-missing field="maximum" expected="decimal or none""#,
            r#"s.toml:18:1: field-unknown found="maximun" expected="code, direction, evidence, maximum, minimum, ours, period, scale, source, title, unit""#,
        ],
    ),
    (
        r#"scale = 2
minimum = "0"
maximum = "1000000000""#,
        r#"scale = 13
minimum = "0"
maximum = "1000000000""#,
        &[r#"s.toml:16:1: integer-out-of-range field="scale" found="13" least=0 most=12"#],
    ),
    (
        r#"source = "record"
evidence = "none"
direction = "higher"
period = "year_to_date""#,
        r#"source = "online_time"
evidence = "none"
direction = "higher"
period = "year_to_date""#,
        &[
            r#"s.toml:19:1: choice-unknown field="source" found="online_time" expected="declared, record, station, events""#,
        ],
    ),
    (
        r#"until = "2027-12-31""#,
        r#"until = "2027-02-30""#,
        &[r#"s.toml:56:98: day-malformed found="2027-02-30" expected="YYYY-MM-DD""#],
    ),
    (
        r#"root = "total""#,
        r#"root = "sum""#,
        &[
            r#"s.toml:10:1: node-unknown found="sum""#,
            r#"s.toml:123:1: node-unread found="total""#,
        ],
    ),
    (
        r#"code = "leader"
parent = "total""#,
        r#"code = "leader"
parent = "totals""#,
        &[r#"s.toml:148:1: node-unknown found="totals""#],
    ),
    (
        r#"code = "leader"
parent = "total""#,
        r#"code = "leader"
parent = "fortress""#,
        &[r#"s.toml:148:1: parent-not-roll-up found="fortress""#],
    ),
    (
        r#"code = "total"
parent = "none""#,
        r#"code = "total"
parent = "well_being""#,
        &[
            r#"s.toml:124:1: root-with-parent found="total""#,
            r#"s.toml:123:1: node-cycle found="total → well_being""#,
            "s.toml:122:1: weight-missing",
        ],
    ),
    (
        r#"code = "peace"
parent"#,
        r#"code = "clean"
parent"#,
        &[r#"s.toml:208:1: code-twice found="clean" first="node.5.code""#],
    ),
    (
        r#"item = "studies""#,
        r#"item = "study""#,
        &[
            r#"s.toml:143:34: item-unknown found="study""#,
            r#"s.toml:49:1: item-unread found="studies""#,
        ],
    ),
    (
        r#"value = { node = "leader" }"#,
        r#"value = { node = "leaders" }"#,
        &[r#"s.toml:247:1: node-unknown found="leaders""#],
    ),
    (
        r#"value = { item = "studies" }, origin"#,
        r#"value = { item = "studies", constant = "1" }, origin"#,
        &[r#"s.toml:143:34: operand-malformed found="constant, item" expected="item, node""#],
    ),
    (
        r#"weight = "60""#,
        r#"weight = "61""#,
        &[r#"s.toml:191:75: weights-total found="101" expected="100""#],
    ),
    (
        r#"weight = "60"
"#,
        "",
        &[
            r#"s.toml:191:75: weights-total found="40" expected="100""#,
            "s.toml:194:1: weight-missing",
        ],
    ),
    (
        r#"full = "20"
round = { places = 2, mode = "half_up" }"#,
        r#"full = "20"
weight = "1"
round = { places = 2, mode = "half_up" }"#,
        &[r#"s.toml:151:1: weight-not-asked found="1""#],
    ),
    (
        r#"weight = "60""#,
        r#"weight = "-60""#,
        &[
            r#"s.toml:191:75: weights-total found="-20" expected="100""#,
            r#"s.toml:199:1: weight-not-positive found="-60""#,
        ],
    ),
    (
        r#"full = "20"
round = { places = 2, mode = "half_up" }"#,
        r#"full = "21"
round = { places = 2, mode = "half_up" }"#,
        &[r#"s.toml:126:1: full-mark-not-sum node="total" found="100" expected="101""#],
    ),
    (
        r#"range = "[5, 10)""#,
        r#"range = "(5, 10)""#,
        &[r#"s.toml:175:7: tier-gap below="(none, 5)" above="(5, 10)""#],
    ),
    (
        r#"range = "[5, 10)""#,
        r#"range = "[5, 10]""#,
        &[r#"s.toml:176:7: tier-overlap below="[5, 10]" above="[10, 20)""#],
    ),
    (
        r#"range = "[5, 10)""#,
        r#"range = "[5, 11)""#,
        &[r#"s.toml:176:7: tier-overlap below="[5, 11)" above="[10, 20)""#],
    ),
    (
        r#"range = "[5, 10)""#,
        r#"range = "[10, 5)""#,
        &[r#"s.toml:175:7: range-empty found="[10, 5)" expected="[10, 20)""#],
    ),
    (
        r#"range = "[5, 10)""#,
        r#"range = "5-10""#,
        &[r#"s.toml:175:7: range-malformed found="5-10" expected="[10, 20)""#],
    ),
    (
        r#"range = "(none, 5)""#,
        r#"range = "[1, 5)""#,
        &[r#"s.toml:174:7: tier-gap-at-start found="[1, 5)" expected="0""#],
    ),
    (
        r#"range = "[100, none)""#,
        r#"range = "[100, 99999)""#,
        &[r#"s.toml:179:7: tier-gap-at-end found="[100, 99999)" expected="100000""#],
    ),
    (
        r#"mark = "30""#,
        r#"mark = "31""#,
        &[r#"s.toml:179:30: tier-above-full-mark found="31" expected="30""#],
    ),
    (
        r#"unit = "wan_yuan""#,
        r#"unit = "mu""#,
        &[r#"s.toml:171:1: unit-not-convertible found="mu" expected="yuan""#],
    ),
    (
        r#"mode = "half_even""#,
        r#"mode = "bankers""#,
        &[
            r#"s.toml:187:23: choice-unknown field="mode" found="bankers" expected="half_up, half_even, half_down, up, down, ceiling, floor""#,
        ],
    ),
    (
        r#"missing = { policy = "block" }
"#,
        "",
        &[
            r#"s.toml:146:1: missing-policy-absent expected="block, appeal, zero, skip, group_minimum, group_mean, last_value""#,
        ],
    ),
    (
        r#"policy = "block""#,
        r#"policy = "ignore""#,
        &[
            r#"s.toml:154:13: choice-unknown field="policy" found="ignore" expected="block, appeal, zero, skip, group_minimum, group_mean, last_value""#,
        ],
    ),
    (
        r#"low = "0", high = "30""#,
        r#"low = "30", high = "0""#,
        &[r#"s.toml:204:64: limits-crossed low="30" high="0""#],
    ),
    (
        r#"low = "1", high = "100""#,
        r#"low = "0", high = "100""#,
        &[r#"s.toml:230:68: logarithm-of-not-positive found="0""#],
    ),
    (
        r#"scale = "linear""#,
        r#"scale = "linear", round_logarithm = "exact""#,
        &[
            r#"s.toml:204:106: field-unknown found="round_logarithm" expected="above, below, better, high, kind, low, scale, value""#,
        ],
    ),
    (
        r#"aggregator = "weighted_mean", basis = "share", weights_total = "100""#,
        r#"aggregator = "best_sum", best = { count = 3, fewer = "missing" }, basis = "share""#,
        &[
            r#"s.toml:199:1: weight-not-asked found="60""#,
            r#"s.toml:212:1: weight-not-asked found="40""#,
            "s.toml:191:94: basis-without-meaning",
            "s.toml:191:62: best-of-too-few found=3 expected=2",
        ],
    ),
    (
        r#"mark = "30" }"#,
        r#"mark = "29" }"#,
        &[r#"s.toml:162:1: full-mark-unreachable node="prosperity" found="30" expected="29""#],
    ),
    (
        r#"range = "[90, none)" },
    { code = "good", title = { zh = "良好", en = "Good" }, range = "[80, 90)""#,
        r#"range = "[100.5, none)" },
    { code = "good", title = { zh = "良好", en = "Good" }, range = "[80, 100.5)""#,
        &[
            r#"s.toml:261:68: grade-unreachable found="excellent" range="[100.5, none)" least="0" most="100""#,
        ],
    ),
    (
        r#"range = "[90, none)" },
    { code = "good", title = { zh = "良好", en = "Good" }, range = "[80, 90)""#,
        r#"range = "(89.991, none)" },
    { code = "good", title = { zh = "良好", en = "Good" }, range = "(89.990, 89.991]" },
    { code = "fair", title = { zh = "较好", en = "Fair" }, range = "[80, 89.990]""#,
        &[],
    ),
    (
        r#"availability = { percent = "50""#,
        r#"availability = { percent = "150""#,
        &[r#"s.toml:191:138: percent-out-of-range found="150""#],
    ),
    (
        r#"effect = { grade_limit = "good" }"#,
        r#"effect = { grade_limit = "great" }"#,
        &[r#"s.toml:251:1: grade-unknown found="great""#],
    ),
    (
        r#"range = "[90, none)" }"#,
        r#"range = "[100.5, none)" }"#,
        &[r#"s.toml:261:68: tier-gap below="[80, 90)" above="[100.5, none)""#],
    ),
    (
        r#"missing = "none"
ours"#,
        r#"missing = "bad"
ours"#,
        &[r#"s.toml:258:1: grade-unknown found="bad""#],
    ),
    (
        r#"{ node = "settled_log", on"#,
        r#"{ subject_code = "lowest" }, { node = "settled_log", on"#,
        &["s.toml:275:34: tie-break-never-reached"],
    ),
    (
        r#"expression = "disputes_settled >= 60 ? min"#,
        r#"expression = "disputes_settled >= 60 ? mim"#,
        &[
            r#"s.toml:217:28: formula-unknown-function found="mim" known="min, max, sum, mean, abs, clamp, floor, ceil, round, safe_div, sqrt, ln, exp, is_missing, if_missing" formula_line=1 formula_column=26"#,
        ],
    ),
    (
        r#"kind = "tier_table""#,
        r#"kind = "veto""#,
        &[
            r#"s.toml:169:1: kind-not-built found="veto" number=10 expected="tier_table, interpolation, stepped_add, deduction, ratio, growth, checklist, bonus, penalty, roll_up, round_composite, goalpost, formula""#,
        ],
    ),
    (
        r#"kind = "tier_table""#,
        r#"kind = "tears""#,
        &[
            r#"s.toml:169:1: kind-unknown found="tears" expected="tier_table, interpolation, stepped_add, deduction, ratio, percentile, growth, checklist, gate, veto, survey, panel, bonus, penalty, coefficient, roll_up, round_composite, halves, grade_bands, grade_quota, star_rating, ranking, pay_allocation, missing_data, period_change, goalpost""#,
        ],
    ),
    (
        r#"group = "town""#,
        r#"group = "none""#,
        &["s.toml:216:1: group-not-declared"],
    ),
    (
        r#"title = { zh = "平安", en = "Peace" }"#,
        r#"title = { zh = "平安" }"#,
        &[r#"s.toml:210:1: field-missing field="en" expected="text""#],
    ),
    (
        r#"node = "prosperity"
value"#,
        r#"node = "prosper"
value"#,
        &[r#"s.toml:235:1: node-unknown found="prosper""#],
    ),
    (
        r#"policy = "last_value", otherwise"#,
        r#"policy = "group_mean", fills = "mark", among = "all", round = "exact", otherwise"#,
        &[],
    ),
    (
        r#"policy = "zero" }
rule = { kind = "roll_up""#,
        r#"policy = "last_value", otherwise = "zero" }
rule = { kind = "roll_up""#,
        &["s.toml:190:1: missing-fill-without-value"],
    ),
    (
        r#"value = { node = "leader" }
tested = "verified""#,
        r#"value = { node = "leader" }
tested = "declared""#,
        &["s.toml:248:1: gate-declared-of-node"],
    ),
];
