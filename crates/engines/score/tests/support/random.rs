//! Random schemes and tables from a seed.

mod counting;

use super::{HEAD, item_with, node};
use std::fmt::Write as _;

/// A small generator; the seeds come from proptest.
pub struct Random(pub u64);

impl Random {
    pub fn below(&mut self, limit: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }

    pub fn pick<'a>(&mut self, words: &[&'a str]) -> &'a str {
        words[usize::try_from(self.below(words.len() as u64)).unwrap()]
    }

    pub fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    fn rounding(&mut self) -> String {
        if self.chance(30) {
            return "\"exact\"".to_owned();
        }
        let mode = self.pick(&[
            "half_up",
            "half_even",
            "half_down",
            "up",
            "down",
            "ceiling",
            "floor",
        ]);
        format!("{{ places = {}, mode = \"{mode}\" }}", self.below(4))
    }

    /// A number of up to two places.
    fn number(&mut self, most: u64) -> String {
        let hundredths = self.below(most * 100 + 1);
        match self.below(3) {
            0 => format!("{}", hundredths / 100),
            1 => format!("{}.{}", hundredths / 100, hundredths / 10 % 10),
            _ => format!("{}.{:02}", hundredths / 100, hundredths % 100),
        }
    }
}

/// Items of a random scheme.
pub const ITEMS: &[&str] = &["i0", "i1", "i2", "i3", "i4", "i5"];
const WORDS: &[&str] = &["block", "appeal", "zero", "skip"];

/// A scheme of three levels. `absolute`: no rule looks at other subjects.
pub fn scheme(random: &mut Random, absolute: bool) -> String {
    let order = random.pick(&[
        "round_limit_gate_grade",
        "limit_round_gate_grade",
        "round_limit_grade_gate",
        "limit_round_grade_gate",
    ]);
    let mut text = HEAD.replace("round_limit_gate_grade", order);
    for code in ITEMS {
        let scale = random.pick(&["0", "1", "2", "\"any\""]);
        text += &item_with(code, random.pick(&["yuan", "count"]), scale);
    }
    text += &counting::items(random);
    for (code, kind) in [("merits", "bonus"), ("faults", "penalty")] {
        let rule = counting::event_list(random, kind);
        let lines = common(random, true, absolute, 5);
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        text += &node(code, "none", "0", &rule, &lines);
    }
    let groups = 2 + random.below(2);
    let weighted = roll_up(random, &mut text, "total", "none", groups, None, absolute);
    for group in 0..groups {
        let code = format!("g{group}");
        let weight = weighted.then_some("weight = \"2.5\"");
        if random.chance(25) {
            leaf(random, &mut text, &code, "total", weight, absolute);
            continue;
        }
        let leaves = 2 + random.below(2);
        let weighted = roll_up(random, &mut text, &code, "total", leaves, weight, absolute);
        for part in 0..leaves {
            let weight = weighted.then_some("weight = \"2.5\"");
            leaf(
                random,
                &mut text,
                &format!("{code}_{part}"),
                &code,
                weight,
                absolute,
            );
        }
    }
    gates(random, &mut text);
    outcome(random, &mut text);
    text
}

fn missing(random: &mut Random, value_fills: bool, absolute: bool) -> String {
    let kind = if absolute {
        random.below(2)
    } else {
        random.below(4)
    };
    let otherwise = random.pick(WORDS);
    match kind {
        0 => format!("missing = {{ policy = \"{}\" }}", random.pick(WORDS)),
        1 if value_fills => {
            format!("missing = {{ policy = \"last_value\", otherwise = \"{otherwise}\" }}")
        }
        1 => format!(
            "missing = {{ policy = \"{}\" }}",
            random.pick(&["zero", "skip"])
        ),
        _ => {
            let fills = if value_fills {
                random.pick(&["value", "mark"])
            } else {
                "mark"
            };
            let among = random.pick(&["all", "group"]);
            let rest =
                format!("fills = \"{fills}\", among = \"{among}\", otherwise = \"{otherwise}\"");
            if kind == 2 {
                format!("missing = {{ policy = \"group_minimum\", {rest} }}")
            } else {
                let round = random.rounding();
                format!("missing = {{ policy = \"group_mean\", round = {round}, {rest} }}")
            }
        }
    }
}

/// Rounding, limits and missing policy of a node.
fn common(random: &mut Random, value_fills: bool, absolute: bool, cap: u64) -> Vec<String> {
    let mut lines = vec![
        format!("round = {}", random.rounding()),
        missing(random, value_fills, absolute),
    ];
    if random.chance(40) {
        lines.push(format!("cap = \"{}.5\"", cap + random.below(20)));
    }
    if random.chance(40) {
        lines.push(format!(
            "floor = \"{}\"",
            random.pick(&["0", "-3.25", "1.5"])
        ));
    }
    lines
}

/// Whether the children need weights.
fn roll_up(
    random: &mut Random,
    text: &mut String,
    code: &str,
    parent: &str,
    children: u64,
    weight: Option<&str>,
    absolute: bool,
) -> bool {
    let aggregator = random.pick(&[
        "sum",
        "sum",
        "weighted_mean",
        "weighted_mean",
        "mean",
        "minimum",
        "maximum",
        "best_sum",
        "best_mean",
        "product",
    ]);
    let basis = if aggregator.ends_with("sum") {
        "mark"
    } else {
        random.pick(&["mark", "share"])
    };
    let mut rule =
        format!("kind = \"roll_up\", aggregator = \"{aggregator}\", basis = \"{basis}\"");
    if !["minimum", "maximum", "product"].contains(&aggregator) {
        let skipped = random.pick(&["re_weight", "leave_out"]);
        write!(rule, ", skipped = \"{skipped}\"").unwrap();
    }
    if aggregator.starts_with("best") {
        let fewer = random.pick(&["use_present", "missing"]);
        write!(rule, ", best = {{ count = 2, fewer = \"{fewer}\" }}").unwrap();
    }
    let weighted = aggregator == "weighted_mean";
    if weighted {
        let total = children * 25;
        write!(rule, ", weights_total = \"{}.{}\"", total / 10, total % 10).unwrap();
    }
    if random.chance(40) {
        let (by, edge) = (
            random.pick(&["count", "weight"]),
            random.pick(&["below", "at_or_below"]),
        );
        let percent = random.pick(&["0", "50", "66.7", "100"]);
        write!(
            rule,
            ", availability = {{ percent = \"{percent}\", by = \"{by}\", too_little = \"{edge}\" }}"
        )
        .unwrap();
    } else {
        rule += ", availability = \"none\"";
    }
    // All children have the full mark 30, or are roll-ups of such: a sum's full mark must fit.
    let full = if aggregator == "sum" {
        30 * children
    } else {
        30
    };
    let full = if parent == "none" || aggregator != "sum" {
        full
    } else {
        30
    };
    let rule = if aggregator == "sum" && parent != "none" {
        // Inner sums would need a full mark of their own: make them a mean of marks.
        rule.replace("\"sum\"", "\"mean\"")
    } else {
        rule
    };
    let mut lines = common(random, false, absolute, 25);
    lines.extend(weight.map(str::to_owned));
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    *text += &node(code, parent, &full.to_string(), &rule, &lines);
    weighted
}

fn leaf(
    random: &mut Random,
    text: &mut String,
    code: &str,
    parent: &str,
    weight: Option<&str>,
    absolute: bool,
) {
    let (one, two) = (random.pick(ITEMS), random.pick(ITEMS));
    let rule = match random.below(9) {
        0 => tier_table(random, one),
        1 => {
            let target = random.pick(&[
                "{ constant = \"40\" }",
                "{ constant = \"7.5\" }",
                "{ item = \"i5\" }",
            ]);
            let changed = random.pick(&[
                "\"latest\"",
                "{ use = \"first\", first = { item = \"i4\" } }",
                "{ use = \"by_days\", first = { item = \"i4\" }, days_before = { constant = \"30\" }, days_after = { item = \"i3\" } }",
            ]);
            let origin = random.pick(&[
                "{ constant = \"0\" }",
                "{ constant = \"60\" }",
                "{ item = \"i2\" }",
            ]);
            let (from, to) = random_marks(random);
            let over = random.pick(&["cap", "extend"]);
            let below = random.pick(&["floor", "extend"]);
            let unusable = |random: &mut Random| random.pick(&["missing", "zero", "full"]);
            let (absent, zero) = (unusable(random), unusable(random));
            format!(
                r#"kind = "interpolation", value = {{ item = "{one}" }}, origin = {origin}, target = {target}, target_changed = {changed}, mark_at_origin = "{from}", mark_at_target = "{to}", over_target = "{over}", below_origin = "{below}", target_missing = "{absent}", target_zero = "{zero}""#
            )
        }
        2 => {
            let zero = random.pick(&["missing", "zero", "full"]);
            let over = random.pick(&["cap", "keep", "refuse"]);
            let at = random.pick(&["period", "start"]);
            let percent = random.rounding();
            format!(
                r#"kind = "ratio", numerator = {{ item = "{one}" }}, denominator = {{ item = "{two}", at = "{at}" }}, denominator_zero = "{zero}", over_one = "{over}", percent = {percent}"#
            )
        }
        3 => {
            let outside = |random: &mut Random| random.pick(&["truncate", "extend", "refuse"]);
            let (below, above) = (outside(random), outside(random));
            let better = random.pick(&["higher", "lower"]);
            format!(
                r#"kind = "goalpost", value = {{ item = "{one}" }}, low = "5.5", high = "41", scale = "linear", below = "{below}", above = "{above}", better = "{better}""#
            )
        }
        _ => counting::rule(random, one, two),
    };
    let mut lines = common(random, true, absolute, 20);
    lines.extend(weight.map(str::to_owned));
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    *text += &node(code, parent, "30", &rule, &lines);
}

fn random_marks(random: &mut Random) -> (String, String) {
    match random.below(3) {
        0 => ("0".to_owned(), "30".to_owned()),
        1 => ("12.5".to_owned(), "30".to_owned()),
        _ => ("30".to_owned(), "0".to_owned()),
    }
}

fn tier_table(random: &mut Random, item: &str) -> String {
    let mut edges: Vec<u64> = (0..=random.below(5)).map(|_| random.below(500)).collect();
    edges.sort_unstable();
    edges.dedup();
    let edge = |edge: u64| format!("{}.{}", edge / 10, edge % 10);
    let mut tiers = Vec::new();
    let mut open = "(none".to_owned();
    for number in edges {
        let (close, next) = if random.chance(50) {
            (')', '[')
        } else {
            (']', '(')
        };
        let mark = random.number(30);
        tiers.push(format!(
            "{{ range = \"{open}, {}{close}\", mark = \"{mark}\" }}",
            edge(number)
        ));
        open = format!("{next}{}", edge(number));
    }
    tiers.push(format!(
        "{{ range = \"{open}, none)\", mark = \"{}\" }}",
        random.number(30)
    ));
    let round = random.rounding();
    format!(
        "kind = \"tier_table\", value = {{ item = \"{item}\" }}, unit = \"@{item}@\", round_value = {round}, tiers = [{}]",
        tiers.join(", ")
    )
}

fn gates(random: &mut Random, text: &mut String) {
    for gate in 0..random.below(4) {
        let node = random.pick(&["total", "g0", "g1"]);
        let value = random.pick(&[
            "{ item = \"i0\" }",
            "{ item = \"i1\" }",
            "{ node = \"g0\" }",
            "{ node = \"merits\" }",
            "{ item = \"e0\", at = \"ruled\" }",
        ]);
        // A gate at a node cannot test that node.
        let value = if node == "g0" {
            "{ item = \"i0\" }"
        } else {
            value
        };
        let tested = if value.contains("node") {
            "verified"
        } else {
            random.pick(&["verified", "declared"])
        };
        let effect = random.pick(&[
            "\"zero\"",
            "{ cap = \"9.75\" }",
            "{ grade_limit = \"fair\" }",
            "{ grade_limit = \"poor\" }",
        ]);
        let (passes, missing) = (
            random.pick(&["[12, none)", "(none, 30)", "[5, 40.5]"]),
            random.pick(&["pass", "fail"]),
        );
        write!(
            text,
            "\n[[gate]]\ncode = \"gate{gate}\"\ntitle = {{ zh = \"门\", en = \"Gate\" }}\nnode = \"{node}\"\nvalue = {value}\ntested = \"{tested}\"\npasses = \"{passes}\"\nmissing = \"{missing}\"\neffect = {effect}\n"
        )
        .unwrap();
    }
}

fn outcome(random: &mut Random, text: &mut String) {
    let on = random.pick(&["rounded", "exact"]);
    let limits = random.pick(&["worst", "first"]);
    let missing = random.pick(&["none", "poor"]);
    write!(
        text,
        "\n[grade]\nversion = \"1\"\non = \"{on}\"\nseveral_limits = \"{limits}\"\nmissing = \"{missing}\"\n"
    )
    .unwrap();
    let best = random.pick(&["highest", "lowest"]);
    let ranges = match best {
        "highest" => ["[20, none)", "[10, 20)", "(none, 10)"],
        _ => ["(none, 10)", "[10, 20)", "[20, none)"],
    };
    for (code, range) in ["good", "fair", "poor"].into_iter().zip(ranges) {
        write!(
            text,
            "[[grade.band]]\ncode = \"{code}\"\ntitle = {{ zh = \"等\", en = \"Grade\" }}\nrange = \"{range}\"\n"
        )
        .unwrap();
    }
    let by = random.pick(&["score", "grade_then_score"]);
    let on = random.pick(&["rounded", "exact"]);
    let method = random.pick(&["competition", "dense", "ordinal"]);
    let excluded = random.pick(&[
        "\"none\"",
        "{ value = { item = \"i3\" }, when = \"[10, 14]\" }",
    ]);
    let mut ties = vec![
        "{ node = \"g1\", on = \"rounded\", best = \"highest\" }",
        "{ item = \"i2\", best = \"lowest\" }",
        "{ node = \"g0\", on = \"exact\", best = \"lowest\" }",
    ];
    ties.truncate(usize::try_from(random.below(4)).unwrap());
    if method == "ordinal" {
        ties.push("{ subject_code = \"lowest\" }");
    }
    let ties = ties.join(", ");
    write!(
        text,
        "\n[rank]\nby = \"{by}\"\non = \"{on}\"\nbest = \"{best}\"\nmethod = \"{method}\"\nexcluded = {excluded}\nties = [{ties}]\n"
    )
    .unwrap();
}

/// The units in tier tables fit their items.
pub fn fitted(random: &mut Random, scheme: &str) -> String {
    let mut text = scheme.to_owned();
    for code in ITEMS {
        let at = text.find(&format!("code = \"{code}\"")).unwrap();
        let yuan = text[at..].lines().nth(2).unwrap().contains("yuan");
        let unit = if yuan {
            random.pick(&["yuan", "fen", "wan_yuan"])
        } else {
            "count"
        };
        text = text.replace(&format!("@{code}@"), unit);
    }
    text
}

/// A table for the columns of a plan: few distinct values, so that ties and zeros occur.
pub fn table(
    random: &mut Random,
    inputs: &[String],
    scales: &[Option<u8>],
    subjects: u64,
) -> String {
    let mut text = format!("subject,town,{}\n", inputs.join(","));
    for subject in 0..subjects {
        let town = random.pick(&["t", "u", "v", ""]);
        write!(text, "s{subject},{town}").unwrap();
        for (name, scale) in inputs.iter().zip(scales) {
            if random.chance(15) {
                text.push(',');
                continue;
            }
            if let Some(cell) = counting::cell(random, name) {
                write!(text, ",{cell}").unwrap();
                continue;
            }
            let whole = random.below(50);
            match (scale, random.below(3)) {
                (Some(0), _) | (_, 0) => write!(text, ",{whole}").unwrap(),
                (Some(1), _) | (_, 1) => write!(text, ",{whole}.5").unwrap(),
                _ => write!(text, ",-{whole}.25").unwrap(),
            }
        }
        text.push('\n');
    }
    text
}
