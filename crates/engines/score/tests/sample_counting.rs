//! The sample of rules that count, by hand, on three invented villages; and what the explanation
//! of a penalty says.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

mod support;

use score::{TermOrigin, evaluate, explain};

const SCHEME: &str = include_str!("data/every-count.toml");

const TABLE: &str = "
subject,income,income@previous,income@same_last_year,income@restated,late_reports@occurred,file_plan,file_plan@applies,file_minutes,file_minutes@applies,file_lease,file_lease@applies,award_county@ruled,award_county@repeated,award_city@ruled,project@ruled,project@joint,criticism@occurred,criticism@revoked,criticism@previous,mid_year,year_end
a,52600,50000,50000,,0,1,,1,,1,,0,0,0,0,0,0,0,0,90,95
b,52600,0,40000,50000,4,1,,0.5,,,0,1,1,1,3,2,1,1,1,80,
c,30999.99,40000,,,1,0,,1,,1,,1,0,0,0,0,9,0,0,60,70
";

#[test]
fn gives_what_one_computes_by_hand() {
    // a: 22 full thousands; 5.2 % → 10.4 (its growth of 2600 gives 0.42, which is less); 10;
    //    10; no events; 0.3 × 90 + 0.7 × 95 = 93.5
    // b: 22; 5.2 % of the restated base → 10.4, a growth of 52600 → 8.42; 10 − 2 × 2 − 2 × 3 = 0;
    //    (2 + 0.5) ÷ 3 × 10 = 8.33 (the lease does not apply); city award 2 and projects
    //    (3 − 1) × 2 = 4, at most 5; 2 criticisms (one revoked) and half of one: −5; mid-term 80
    // c: 0; no base; 10 − 2 = 8; (1 + 1) ÷ 4 × 10 = 5, under the limit 6; 1; −18, at least −10;
    //    18 + 49 = 67
    let expected = "a 145.9 good 1 -; b 120.73 good 2 -; c 71 fair 3 -";
    assert_eq!(support::outcome(SCHEME, TABLE), expected);
}

#[test]
fn a_penalty_explains_every_step() {
    let (plan, _) = support::plan(SCHEME).unwrap();
    let (columns, _) = support::columns(&plan, TABLE);
    let (results, findings) = evaluate(&plan, &columns);
    assert_eq!(findings, []);
    let node = plan.scheme().node_index("penalty").unwrap();
    let explained = explain(&plan, &columns, &results, 1, node);
    let steps: Vec<String> = explained
        .terms
        .iter()
        .map(|term| match &term.origin {
            TermOrigin::Step { name, .. } | TermOrigin::Constant { name } => {
                format!("{name} {}", term.value)
            }
            TermOrigin::Input { input, .. } => format!("{input} {}", term.value),
            _ => unreachable!("a penalty reads no nodes"),
        })
        .collect();
    assert_eq!(
        steps,
        [
            "criticism@occurred 1",
            "criticism@revoked 1",
            "criticism@previous 1",
            "events-with-revoked 2",
            "marks-per-event 2",
            "entry-marks 4",
            "marks-per-event 2",
            "entry-marks 2",
            "carry-share 0.5",
            "events-carried 1",
            "events-with-carried 5",
            "nothing-off 0",
            "penalty -5",
            "node-rounding -5",
        ]
    );
    let rule: Vec<&str> = explained
        .rule
        .iter()
        .map(|line| line.code.as_str())
        .collect();
    assert_eq!(
        rule,
        [
            "rule-penalty",
            "verified-events",
            "dated-by-occurred",
            "revoked-keep",
            "carry-share",
            "entry",
            "round-places",
            "floor",
            "missing-zero"
        ]
    );
}
