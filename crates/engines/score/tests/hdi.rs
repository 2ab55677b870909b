//! The Human Development Index 2022 of the pack `packs/conformance/hdi-2022`: what UNDP published,
//! and 1,000 perturbed copies against Python's `decimal` (`scripts/vectors/hdi.py`).

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::fmt::Write as _;

use kernel::Decimal;
use score::{Columns, Plan, Results, compile, evaluate, parse};
use sha2::{Digest, Sha256};

const SCHEME: &str = include_str!("../../../../packs/conformance/hdi-2022/schemes/hdi-2022.toml");
const DATA: &str = include_str!("../../../../packs/conformance/hdi-2022/hdi-2022.csv");
const PERTURBED: &str = include_str!("data/hdi-perturbed.txt");
const INPUTS: [&str; 4] = ["le", "eys", "mys", "gnipc"];

fn plan() -> Plan {
    let (scheme, findings) = parse("hdi-2022.toml", SCHEME);
    assert_eq!(findings, [], "the scheme is faultless");
    let (plan, findings) = compile(&scheme.unwrap());
    assert_eq!(findings, []);
    plan.unwrap()
}

/// A country with its four values and what was published.
struct Country {
    iso3: String,
    values: [Decimal; 4],
    published: (Decimal, u32, String),
}

fn countries() -> Vec<Country> {
    let mut reader = csv::Reader::from_reader(DATA.as_bytes());
    reader
        .records()
        .map(|record| {
            let record = record.unwrap();
            let number = |column: usize| record[column].parse().unwrap();
            Country {
                iso3: record[0].to_owned(),
                values: [number(1), number(2), number(3), number(4)],
                published: (number(5), record[6].parse().unwrap(), record[7].to_owned()),
            }
        })
        .collect()
}

fn columns<'a>(
    plan: &Plan,
    rows: impl Iterator<Item = (&'a str, [Option<Decimal>; 4])>,
) -> Columns {
    let mut builder = Columns::builder(plan);
    for (iso3, values) in rows {
        let subject = builder.subject(iso3, None).unwrap();
        for (name, value) in INPUTS.into_iter().zip(values) {
            if let Some(value) = value {
                let input = plan.input_index(name).unwrap();
                builder.set(input, subject, value).unwrap();
            }
        }
    }
    builder.finish()
}

#[test]
fn reproduces_what_was_published() {
    let plan = plan();
    let countries = countries();
    assert_eq!(countries.len(), 193);
    assert_eq!(
        plan.inputs().len(),
        4,
        "only the four input columns are read"
    );
    let rows = countries
        .iter()
        .map(|country| (country.iso3.as_str(), country.values.map(Some)));
    let columns = columns(&plan, rows);
    let (results, findings) = evaluate(&plan, &columns);
    assert_eq!(findings, []);
    let bands = &plan.scheme().grade.as_ref().unwrap().bands;
    for (subject, country) in countries.iter().enumerate() {
        let found = (
            results.score(subject).counted().unwrap(),
            results.rank(subject).unwrap(),
            bands[results.grade(subject).unwrap()].title.en.clone(),
        );
        assert_eq!(found, country.published, "{}", country.iso3);
    }
}

/// The generator of the script.
struct Generator(u64);

impl Generator {
    fn draw(&mut self) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        self.0 >> 33
    }

    fn perturbed(&mut self, value: Decimal) -> Option<Decimal> {
        let (a, b) = (self.draw(), self.draw());
        let factor = Decimal::new(i128::from(100_000 + a % 20_001) - 10_000, 5);
        match b % 2000 {
            0 => None,
            1 => Some(Decimal::ZERO),
            _ => Some(value.mul(factor).unwrap()),
        }
    }
}

fn text(plan: &Plan, columns: &Columns, results: &Results) -> String {
    let bands = &plan.scheme().grade.as_ref().unwrap().bands;
    let mut text = String::new();
    for (subject, iso3) in columns.subjects().iter().enumerate() {
        let Some(score) = results.score(subject).counted() else {
            assert_eq!(
                (results.rank(subject), results.grade(subject)),
                (None, None)
            );
            writeln!(text, "{iso3},-,-,-").unwrap();
            continue;
        };
        let rank = results.rank(subject).unwrap();
        let band = &bands[results.grade(subject).unwrap()].code;
        writeln!(text, "{iso3},{score},{rank},{band}").unwrap();
    }
    text
}

#[test]
fn equals_python_on_a_thousand_perturbed_copies() {
    let plan = plan();
    let countries = countries();
    let mut lines = PERTURBED.lines().peekable();
    for copy in 1..=1000_u64 {
        let mut generator = Generator(20_221_122 + copy);
        let rows = countries.iter().map(|country| {
            let values = country.values.map(|value| generator.perturbed(value));
            (country.iso3.as_str(), values)
        });
        let columns = columns(&plan, rows);
        let (results, _) = evaluate(&plan, &columns);
        let text = text(&plan, &columns, &results);
        let (number, digest) = lines.next().unwrap().split_once('\t').unwrap();
        assert_eq!(number, copy.to_string());
        let mut shown = String::new();
        while let Some(line) = lines.next_if(|line| !line.contains('\t')) {
            shown.push_str(line);
            shown.push('\n');
        }
        if !shown.is_empty() {
            assert_eq!(text, shown, "copy {copy}");
        }
        let mut found = String::new();
        for byte in Sha256::digest(text.as_bytes()) {
            write!(found, "{byte:02x}").unwrap();
        }
        assert_eq!(found, digest, "copy {copy}");
    }
    assert_eq!(lines.next(), None);
}
