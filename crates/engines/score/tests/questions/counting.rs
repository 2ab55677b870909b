//! The rules that count. Each case opens one field of an otherwise complete rule.

use std::fmt::Write as _;

use super::Case;
use super::support::{HEAD, NO_OUTCOME, item, item_from, item_with, node};

type Field = (&'static str, &'static str);

/// A scheme with one such rule at its root; the field `open` is the case's.
fn scheme(kind: &str, fields: &[Field], open: &str, full: &str) -> String {
    let mut rule = format!("kind = \"{kind}\"");
    for (field, answer) in fields {
        let answer = if *field == open { "@@" } else { answer };
        write!(rule, ", {field} = {answer}").unwrap();
    }
    let items: String = ["v", "w", "x", "y"].map(item).concat();
    let money = item_with("income", "yuan", "\"any\"");
    let events: String = ["e", "f", "g"]
        .map(|code| item_from(code, "events", "\"any\""))
        .concat();
    let helper = node(
        "helper",
        "none",
        "9",
        r#"kind = "goalpost", value = { item = "y" }, low = "0", high = "9", scale = "linear", below = "extend", above = "extend", better = "higher""#,
        &[r#"missing = { policy = "zero" }"#],
    );
    format!(
        "{NO_OUTCOME}{HEAD}{items}{money}{events}{helper}{}",
        node("total", "none", full, &rule, &[])
    )
}

/// As [`scheme`], with `part` of the field's answer open instead of all of it.
fn within(kind: &str, fields: &[Field], part: &str, full: &str) -> String {
    let text = scheme(kind, fields, "", full);
    assert!(text.contains(part), "{part}");
    let (before, _) = part.split_once('=').expect("a field");
    text.replacen(part, &format!("{before}= @@"), 1)
}

const STEPS: &[Field] = &[
    ("value", r#"{ item = "income" }"#),
    ("base", r#"{ constant = "30000" }"#),
    ("unit", r#""yuan""#),
    ("step", r#""1000""#),
    ("mark_at_base", r#""0""#),
    ("mark_per_step", r#""10""#),
    ("part_steps", r#""whole""#),
    ("below_base", r#""floor""#),
];

fn stepped_add() -> Vec<Case> {
    let case = |question: &'static str, table, answers| Case {
        question,
        scheme: scheme(
            "stepped_add",
            STEPS,
            question.strip_prefix("stepped_add.").unwrap(),
            "1000",
        ),
        table,
        answers,
    };
    vec![
        case(
            "stepped_add.value",
            "subject,income,v\na,52600,35000",
            &[
                (r#"{ item = "income" }"#, "a 220"),
                (
                    r#"{ item = "v" }"#,
                    r#"refused: unit-not-convertible found="yuan" expected="count""#,
                ),
            ],
        ),
        case(
            // Common to all, or a figure of each village.
            "stepped_add.base",
            "subject,income,income@previous\na,52600,50000",
            &[
                (r#"{ constant = "30000" }"#, "a 220"),
                (r#"{ item = "income", at = "previous" }"#, "a 20"),
                (
                    r#"{ item = "v" }"#,
                    r#"refused: unit-not-convertible found="count" expected="yuan""#,
                ),
            ],
        ),
        case(
            // 1000 and 30000 wan yuan.
            "stepped_add.unit",
            "subject,income\na,352600000",
            &[(r#""yuan""#, "a 3525700"), (r#""wan_yuan""#, "a 50")],
        ),
        case(
            "stepped_add.step",
            "subject,income\na,52600",
            &[
                (r#""1000""#, "a 220"),
                (r#""5000""#, "a 40"),
                (
                    r#""0""#,
                    r#"refused: number-not-positive field="step" found="0""#,
                ),
            ],
        ),
        case(
            "stepped_add.mark_at_base",
            "subject,income\na,52600\nb,1",
            &[(r#""0""#, "a 220; b 0"), (r#""7.5""#, "a 227.5; b 7.5")],
        ),
        case(
            "stepped_add.mark_per_step",
            "subject,income\na,52600",
            &[(r#""10""#, "a 220"), (r#""-0.5""#, "a -11")],
        ),
        case(
            "stepped_add.part_steps",
            "subject,income\na,52600\nb,52000",
            &[
                (r#""whole""#, "a 220; b 220"),
                (r#""begun""#, "a 230; b 220"),
                (r#""proportional""#, "a 226; b 220"),
            ],
        ),
        case(
            "stepped_add.below_base",
            "subject,income\na,27400",
            &[(r#""floor""#, "a 0"), (r#""extend""#, "a -20")],
        ),
    ]
}

const DEDUCTION: &[Field] = &[
    ("item", r#""e""#),
    ("dated_by", r#""occurred""#),
    ("revoked", r#""drop""#),
    ("same_fact", r#""each""#),
    ("start", r#""10""#),
    ("per_occurrence", r#""2""#),
    ("repeat", r#""none""#),
];

fn deduction() -> Vec<Case> {
    let case = |question: &'static str, table, answers| Case {
        question,
        scheme: scheme(
            "deduction",
            DEDUCTION,
            question.strip_prefix("deduction.").unwrap(),
            "10",
        ),
        table,
        answers,
    };
    vec![
        case(
            "deduction.item",
            "subject,e@occurred,f@occurred,v@occurred\na,1,3,1",
            &[
                (r#""e""#, "a 8"),
                (r#""f""#, "a 4"),
                // What is not of the register of events cannot be taken off: a complaint that
                // somebody counted is no verified fault.
                (r#""v""#, r#"refused: events-expected found="v""#),
            ],
        ),
        case(
            "deduction.dated_by",
            "subject,e@occurred,e@discovered,e@ruled\na,1,2,3",
            &[
                (r#""occurred""#, "a 8"),
                (r#""discovered""#, "a 6"),
                (r#""ruled""#, "a 4"),
            ],
        ),
        case(
            "deduction.revoked",
            "subject,e@occurred,e@revoked\na,1,2\nb,1,",
            &[
                (r#""drop""#, "a 8; b 8"),
                (r#""keep""#, "a 4; b missing; !missing-awaits-appeal"),
            ],
        ),
        case(
            "deduction.same_fact",
            "subject,e@occurred,e@repeated\na,3,1\nb,1,2",
            &[
                (r#""each""#, "a 4; b 8"),
                (r#""highest_only""#, "a 6; b missing; !count-negative"),
            ],
        ),
        case(
            "deduction.start",
            "subject,e@occurred\na,1",
            &[(r#""10""#, "a 8"), (r#""0""#, "a -2")],
        ),
        case(
            "deduction.per_occurrence",
            "subject,e@occurred\na,1",
            &[
                (r#""2""#, "a 8"),
                (r#""0.5""#, "a 9.5"),
                (
                    r#""-1""#,
                    r#"refused: number-not-positive field="per_occurrence" found="-1""#,
                ),
            ],
        ),
        case(
            "deduction.repeat",
            "subject,e@occurred\na,1\nb,2\nc,3",
            &[
                (r#""none""#, "a 8; b 6; c 4"),
                (r#"{ from = 2, times = "2" }"#, "a 8; b 4; c 0"),
                (r#"{ from = 3, times = "1.5" }"#, "a 8; b 6; c 3"),
                (
                    r#"{ from = 2, times = "0.5" }"#,
                    r#"refused: repeat-below-one found="0.5""#,
                ),
            ],
        ),
    ]
}

const GROWTH: &[Field] = &[
    ("value", r#"{ item = "v" }"#),
    ("base", r#"{ item = "v", at = "same_last_year" }"#),
    ("base_restated", r#""original""#),
    (
        "measure",
        r#""relative", base_zero = "missing", base_negative = "missing""#,
    ),
    ("round_growth", r#""exact""#),
    ("zero_at", r#""0""#),
    ("full_at", r#""10""#),
    ("over_target", r#""cap""#),
    ("below_origin", r#""floor""#),
    ("base_missing", r#""missing""#),
    ("level", r#""none""#),
];

#[allow(clippy::too_many_lines, reason = "one case per field")]
fn growth() -> Vec<Case> {
    let case = |question: &'static str, table, answers| Case {
        question,
        scheme: scheme(
            "growth",
            GROWTH,
            question.strip_prefix("growth.").unwrap(),
            "20",
        ),
        table,
        answers,
    };
    let inner = |question: &'static str, part: &str, table, answers| Case {
        question,
        scheme: within("growth", GROWTH, part, "20"),
        table,
        answers,
    };
    vec![
        case(
            "growth.value",
            "subject,v,v@same_last_year,w\na,105,100,108",
            &[(r#"{ item = "v" }"#, "a 10"), (r#"{ item = "w" }"#, "a 16")],
        ),
        case(
            "growth.base",
            "subject,v,v@same_last_year,v@previous\na,105,100,105",
            &[
                (r#"{ item = "v", at = "same_last_year" }"#, "a 10"),
                (r#"{ item = "v", at = "previous" }"#, "a 0"),
            ],
        ),
        case(
            // A merger: last year's figure of both villages together.
            "growth.base_restated",
            "subject,v,v@same_last_year,v@restated\na,105,50,100\nb,105,100,",
            &[
                (r#""original""#, "a 20; b 10"),
                (r#""restated""#, "a 10; b 10"),
            ],
        ),
        case(
            "growth.measure",
            "subject,v,v@same_last_year\na,210,205",
            &[
                (r#""absolute""#, "a 10"),
                (
                    r#""relative", base_zero = "missing", base_negative = "missing""#,
                    "a 4.87804878048780487804878",
                ),
            ],
        ),
        case(
            "growth.round_growth",
            "subject,v,v@same_last_year\na,210,205",
            &[
                (r#""exact""#, "a 4.87804878048780487804878"),
                (r#"{ places = 1, mode = "half_up" }"#, "a 4.8"),
                (r#"{ places = 0, mode = "up" }"#, "a 6"),
            ],
        ),
        case(
            "growth.zero_at",
            "subject,v,v@same_last_year\na,105,100",
            &[
                (r#""0""#, "a 10"),
                (r#""2.5""#, "a 6.66666666666666666666667"),
                (r#""10""#, r#"refused: growth-without-way found="10""#),
            ],
        ),
        case(
            "growth.full_at",
            "subject,v,v@same_last_year\na,105,100",
            &[(r#""10""#, "a 10"), (r#""5""#, "a 20"), (r#""-5""#, "a 0")],
        ),
        case(
            "growth.over_target",
            "subject,v,v@same_last_year\na,115,100",
            &[(r#""cap""#, "a 20"), (r#""extend""#, "a 30")],
        ),
        case(
            "growth.below_origin",
            "subject,v,v@same_last_year\na,95,100",
            &[(r#""floor""#, "a 0"), (r#""extend""#, "a -10")],
        ),
        case(
            "growth.base_missing",
            "subject,v,v@same_last_year\na,95,",
            &[
                (r#""missing""#, "a missing; !missing-awaits-appeal"),
                (r#""zero""#, "a 0"),
                (r#""full""#, "a 20"),
            ],
        ),
        inner(
            "growth.base_zero",
            r#"base_zero = "missing""#,
            "subject,v,v@same_last_year\na,95,0",
            &[
                (r#""missing""#, "a missing; !missing-awaits-appeal"),
                (r#""zero""#, "a 0"),
                (r#""full""#, "a 20"),
            ],
        ),
        inner(
            "growth.base_negative",
            r#"base_negative = "missing""#,
            "subject,v,v@same_last_year\na,-95,-100",
            &[
                (r#""missing""#, "a missing; !missing-awaits-appeal"),
                (r#""zero""#, "a 0"),
                (r#""full""#, "a 20"),
                (r#""magnitude""#, "a 10"),
            ],
        ),
        case(
            // Large-base protection: the better of growth and level.
            "growth.level",
            "subject,v,v@same_last_year,y\na,101,100,9\nb,109,100,9",
            &[
                (r#""none""#, "a 2; b 18"),
                (r#""helper""#, "a 9; b 18"),
                (r#""nobody""#, r#"refused: node-unknown found="nobody""#),
            ],
        ),
    ]
}

const CHECKLIST: &[Field] = &[
    ("weighting", r#""weighted""#),
    ("partial", r#""share""#),
    ("blank", r#""unticked""#),
    ("not_applicable", r#""leaves", nothing_applies = "missing""#),
    ("must_missed", r#""zero""#),
    (
        "ticks",
        r#"[{ item = "v", weight = "2", must = false }, { item = "w", weight = "1", must = true }]"#,
    ),
];

#[allow(clippy::too_many_lines, reason = "one case per field")]
fn checklist() -> Vec<Case> {
    let case = |question: &'static str, table, answers| Case {
        question,
        scheme: scheme(
            "checklist",
            CHECKLIST,
            question.strip_prefix("checklist.").unwrap(),
            "9",
        ),
        table,
        answers,
    };
    let inner = |question: &'static str, part: &str, table, answers| Case {
        question,
        scheme: within("checklist", CHECKLIST, part, "9"),
        table,
        answers,
    };
    vec![
        Case {
            question: "checklist.weighting",
            scheme: scheme("checklist", CHECKLIST, "weighting", "9")
                .replace(
                    "{ item = \"v\", weight = \"2\", must",
                    "{ item = \"v\", must",
                )
                .replace(
                    "{ item = \"w\", weight = \"1\", must = true",
                    "{ item = \"w\", must = false",
                ),
            table: "subject,v,w,v@applies,w@applies\na,1,0,,",
            answers: &[
                (r#""equal""#, "a 4.5"),
                (
                    r#""weighted""#,
                    r#"refused: field-missing field="weight" expected="decimal"; field-missing field="weight" expected="decimal""#,
                ),
            ],
        },
        case(
            "checklist.partial",
            "subject,v,w,v@applies,w@applies\na,0.5,1,,",
            &[
                (r#""share""#, "a 6"),
                (r#""nothing""#, "a 3"),
                (r#""refuse""#, "a missing; !tick-partial"),
            ],
        ),
        case(
            "checklist.blank",
            "subject,v,w,v@applies,w@applies\na,,1,,",
            &[
                (r#""unticked""#, "a 3"),
                (r#""missing""#, "a missing; !missing-awaits-appeal"),
            ],
        ),
        case(
            "checklist.not_applicable",
            "subject,v,w,v@applies,w@applies\na,0,1,0,",
            &[
                (r#""never""#, "a 3"),
                (r#""leaves", nothing_applies = "missing""#, "a 9"),
                (r#""ticked""#, "a 9"),
            ],
        ),
        inner(
            "checklist.nothing_applies",
            r#"nothing_applies = "missing""#,
            "subject,v,w,v@applies,w@applies\na,0,1,0,0",
            &[
                (r#""missing""#, "a missing; !missing-awaits-appeal"),
                (r#""zero""#, "a 0"),
                (r#""full""#, "a 9"),
            ],
        ),
        case(
            "checklist.must_missed",
            "subject,v,w,v@applies,w@applies\na,1,0,,",
            &[
                (r#""zero""#, "a 0"),
                (r#"{ cap = "4" }"#, "a 4"),
                (r#"{ cap = "8" }"#, "a 6"),
                (
                    r#"{ cap = "10" }"#,
                    r#"refused: tier-above-full-mark found="10" expected="9""#,
                ),
            ],
        ),
        inner(
            "checklist.ticks.weight",
            r#"weight = "2""#,
            "subject,v,w,v@applies,w@applies\na,0,1,,",
            &[
                (r#""2""#, "a 3"),
                (r#""8""#, "a 1"),
                (
                    r#""0""#,
                    r#"refused: number-not-positive field="ticks.0.weight" found="0""#,
                ),
            ],
        ),
        inner(
            "checklist.ticks.must",
            "must = false",
            "subject,v,w,v@applies,w@applies\na,0,1,,",
            &[("false", "a 3"), ("true", "a 0")],
        ),
    ]
}

const EVENTS: &[Field] = &[
    ("dated_by", r#""occurred""#),
    ("revoked", r#""drop""#),
    ("carry_share", r#""none""#),
    (
        "classes",
        r#"[{ code = "awards", several = "all", cap = "none" }]"#,
    ),
    (
        "entries",
        r#"[{ item = "e", mark = "1", cap = "none", same_fact = "each", joint_share = "1", class = "awards" }, { item = "f", mark = "2", cap = "99", same_fact = "each", joint_share = "1", class = "awards" }, { item = "g", mark = "3", cap = "99", same_fact = "each", joint_share = "1", class = "none" }]"#,
    ),
];

/// Question, the part that is open, table, answers with the marks of a bonus.
type EventCase = (
    &'static str,
    &'static str,
    &'static str,
    &'static [(&'static str, &'static str)],
);

const EVENT_CASES: &[EventCase] = &[
    (
        "bonus.dated_by",
        r#"dated_by = "occurred""#,
        "subject,e@occurred,f@occurred,g@occurred,e@ruled,f@ruled,g@ruled\na,1,0,0,0,1,1",
        &[(r#""occurred""#, "a 1"), (r#""ruled""#, "a 5")],
    ),
    (
        "bonus.revoked",
        r#"revoked = "drop""#,
        "subject,e@occurred,f@occurred,g@occurred,e@revoked,f@revoked,g@revoked\na,1,0,0,0,1,1",
        &[(r#""drop""#, "a 1"), (r#""keep""#, "a 6")],
    ),
    (
        // Expiry with the period, or what still counts of the one before.
        "bonus.carry_share",
        r#"carry_share = "none""#,
        "subject,e@occurred,f@occurred,g@occurred,e@previous,f@previous,g@previous\na,1,0,0,1,1,1",
        &[
            (r#""none""#, "a 1"),
            (r#""0.5""#, "a 4"),
            (r#""1""#, "a 7"),
            (r#""1.5""#, r#"refused: share-out-of-range found="1.5""#),
        ],
    ),
    (
        // The same person honoured by county and city: the highest only, all of them or once.
        "bonus.classes.several",
        r#"several = "all""#,
        "subject,e@occurred,f@occurred,g@occurred\na,3,2,0\nb,3,0,1",
        &[
            (r#""all""#, "a 7; b 6"),
            (r#""highest_level""#, "a 4; b 6"),
            (r#""highest_once""#, "a 2; b 4"),
        ],
    ),
    (
        "bonus.classes.cap",
        r#"several = "all", cap = "none""#,
        "subject,e@occurred,f@occurred,g@occurred\na,3,2,1",
        &[
            (r#""all", cap = "none""#, "a 10"),
            (r#""all", cap = "4""#, "a 7"),
        ],
    ),
    (
        "bonus.entries.mark",
        r#"mark = "1""#,
        "subject,e@occurred,f@occurred,g@occurred\na,3,0,0",
        &[
            (r#""1""#, "a 3"),
            (r#""0.5""#, "a 1.5"),
            (
                r#""0""#,
                r#"refused: number-not-positive field="entries.0.mark" found="0""#,
            ),
        ],
    ),
    (
        "bonus.entries.cap",
        r#"mark = "1", cap = "none""#,
        "subject,e@occurred,f@occurred,g@occurred\na,3,0,0",
        &[
            (r#""1", cap = "none""#, "a 3"),
            (r#""1", cap = "2""#, "a 2"),
        ],
    ),
    (
        // One fact with a document of the county and one of the city.
        "bonus.entries.same_fact",
        r#"same_fact = "each""#,
        "subject,e@occurred,f@occurred,g@occurred,e@repeated\na,1,1,0,1",
        &[(r#""each""#, "a 3"), (r#""highest_only""#, "a 2")],
    ),
    (
        // Joint credit of several villages.
        "bonus.entries.joint_share",
        r#"joint_share = "1""#,
        "subject,e@occurred,f@occurred,g@occurred,e@joint\na,2,0,0,1",
        &[(r#""1""#, "a 2"), (r#""0.5""#, "a 1.5"), (r#""0""#, "a 1")],
    ),
    (
        "bonus.entries.class",
        r#"several = "all", cap = "none" }], entries = [{ item = "e", mark = "1", cap = "none", same_fact = "each", joint_share = "1", class = "awards""#,
        "subject,e@occurred,f@occurred,g@occurred\na,1,1,0",
        &[
            (
                r#""highest_once", cap = "none" }], entries = [{ item = "e", mark = "1", cap = "none", same_fact = "each", joint_share = "1", class = "awards""#,
                "a 2",
            ),
            (
                r#""highest_once", cap = "none" }], entries = [{ item = "e", mark = "1", cap = "none", same_fact = "each", joint_share = "1", class = "none""#,
                "a 3",
            ),
            (
                r#""highest_once", cap = "none" }], entries = [{ item = "e", mark = "1", cap = "none", same_fact = "each", joint_share = "1", class = "medals""#,
                r#"refused: class-unknown found="medals""#,
            ),
        ],
    ),
];

fn bonus() -> Vec<Case> {
    let case = |(question, part, table, answers): &EventCase| Case {
        question,
        scheme: within("bonus", EVENTS, part, "0"),
        table,
        answers,
    };
    EVENT_CASES.iter().map(case).collect()
}

/// What a bonus adds, a penalty of the same list takes off.
#[test]
fn a_penalty_is_a_bonus_taken_off() {
    for (question, part, table, answers) in EVENT_CASES {
        let scheme = within("penalty", EVENTS, part, "0");
        for (answer, expected) in *answers {
            let found = super::support::outcome(&scheme.replace("@@", answer), table);
            let expected = if expected.starts_with("refused") {
                (*expected).to_owned()
            } else {
                expected.replace("a ", "a -").replace("b ", "b -")
            };
            assert_eq!(found, expected, "{question} with {answer}");
        }
    }
}

/// Counting complaints lowers nothing: only what was verified is a figure of these rules, and a
/// figure of the register cannot be read as a plain one.
#[test]
fn a_complaint_by_itself_never_lowers_a_score() {
    let penalty = scheme("penalty", EVENTS, "", "0");
    let none = "subject,e,f,g,e@occurred,f@occurred,g@occurred\na,0,0,0,1,0,0";
    let many = "subject,e,f,g,e@occurred,f@occurred,g@occurred\na,9,9,9,1,0,0";
    let outcome = super::support::outcome;
    assert_eq!(outcome(&penalty, none), "a -1");
    assert_eq!(outcome(&penalty, many), "a -1");
    let plain = scheme("stepped_add", STEPS, "value", "10");
    for (read, expected) in [
        (r#"{ item = "e" }"#, "refused: events-read-plainly"),
        (
            r#"{ item = "e", at = "previous" }"#,
            "refused: events-read-plainly",
        ),
    ] {
        let found = outcome(
            &plain
                .replace("@@", read)
                .replace("\"yuan\", step", "\"count\", step"),
            many,
        );
        assert!(found.starts_with(expected), "{found}");
    }
}

const ROUNDS: &[Field] = &[
    (
        "method",
        r#""weighted", weights_total = "100", missing_round = "skip""#,
    ),
    ("corrected", r#""recompute""#),
    ("at_least", "1"),
    (
        "rounds",
        r#"[{ item = "v", full = "100", weight = "30" }, { item = "w", full = "100", weight = "70" }]"#,
    ),
];

fn round_composite() -> Vec<Case> {
    let case = |question: &'static str, table, answers| Case {
        question,
        scheme: scheme(
            "round_composite",
            ROUNDS,
            question.strip_prefix("round_composite.").unwrap(),
            "100",
        ),
        table,
        answers,
    };
    let inner = |question: &'static str, part: &str, table, answers| Case {
        question,
        scheme: within("round_composite", ROUNDS, part, "100"),
        table,
        answers,
    };
    vec![
        Case {
            question: "round_composite.method",
            scheme: scheme("round_composite", ROUNDS, "method", "100")
                .replace(", weight = \"30\"", "")
                .replace(", weight = \"70\"", ""),
            table: "subject,v,w\na,80,60\nb,80,",
            answers: &[
                (r#""mean", missing_round = "skip""#, "a 70; b 80"),
                (r#""latest""#, "a 60; b 80"),
                (r#""best", missing_round = "skip""#, "a 80; b 80"),
            ],
        },
        inner(
            "round_composite.weights_total",
            r#"weights_total = "100""#,
            "subject,v,w\na,80,60",
            &[
                (r#""100""#, "a 66"),
                (
                    r#""90""#,
                    r#"refused: weights-total found="100" expected="90""#,
                ),
            ],
        ),
        case(
            "round_composite.corrected",
            "subject,v,w,v@published,w@published\na,80,60,50,60",
            &[(r#""recompute""#, "a 66"), (r#""keep""#, "a 57")],
        ),
        inner(
            "round_composite.missing_round",
            r#"missing_round = "skip""#,
            "subject,v,w\na,80,",
            &[
                (r#""skip""#, "a 80"),
                (r#""zero""#, "a 24"),
                (r#""missing""#, "a missing; !missing-awaits-appeal"),
            ],
        ),
        case(
            "round_composite.at_least",
            "subject,v,w\na,80,",
            &[
                ("1", "a 80"),
                ("2", "a missing; !missing-awaits-appeal"),
                ("3", "refused: rounds-too-few found=3 expected=2"),
            ],
        ),
        inner(
            "round_composite.rounds.full",
            r#"rounds = [{ item = "v", full = "100""#,
            "subject,v,w\na,80,60",
            &[
                (r#"[{ item = "v", full = "100""#, "a 66"),
                (r#"[{ item = "v", full = "1000""#, "a 44.4"),
                (
                    r#"[{ item = "v", full = "0""#,
                    r#"refused: number-not-positive field="rounds.0.full" found="0""#,
                ),
            ],
        ),
        inner(
            "round_composite.rounds.weight",
            r#"weights_total = "100", missing_round = "skip", corrected = "recompute", at_least = 1, rounds = [{ item = "v", full = "100", weight = "30""#,
            "subject,v,w\na,80,60",
            &[
                (
                    r#""100", missing_round = "skip", corrected = "recompute", at_least = 1, rounds = [{ item = "v", full = "100", weight = "30""#,
                    "a 66",
                ),
                (
                    r#""140", missing_round = "skip", corrected = "recompute", at_least = 1, rounds = [{ item = "v", full = "100", weight = "70""#,
                    "a 70",
                ),
            ],
        ),
    ]
}

pub fn cases() -> Vec<Case> {
    let mut cases = stepped_add();
    cases.extend(deduction());
    cases.extend(growth());
    cases.extend(checklist());
    cases.extend(bonus());
    cases.extend(round_composite());
    cases
}
