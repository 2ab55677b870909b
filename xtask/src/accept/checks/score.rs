//! `xingcun score` on files alone, and `xingcun pack check`.

use super::super::world::World;
use super::super::{Saw, ensure};
use crate::root;

type Failed = Box<dyn std::error::Error>;

/// The scheme and the published table.
fn published_files() -> (String, String) {
    let pack = root().join("packs/conformance/hdi-2022");
    let scheme = pack.join("schemes/hdi-2022.toml").display().to_string();
    (scheme, pack.join("hdi-2022.csv").display().to_string())
}

/// The four input columns of a published table, nothing else.
fn inputs(table: &str) -> String {
    table
        .lines()
        .map(|line| line.split(',').take(5).collect::<Vec<_>>().join(",") + "\n")
        .collect()
}

/// How many of a published table's values, ranks and bands come out of its inputs; how many rows.
pub fn agreement(world: &World, table: &str, inputs: &str) -> Result<(usize, usize), Failed> {
    let (scheme, _) = published_files();
    let (data, out) = (world.path("hdi-in.csv"), world.path("hdi-out.csv"));
    std::fs::write(&data, inputs)?;
    let (data, shown) = (data.display().to_string(), out.display().to_string());
    world
        .run(&[
            "score", "--scheme", &scheme, "--data", &data, "--out", &shown,
        ])?
        .ended(0)?;
    let computed = std::fs::read_to_string(&out)?;
    let mut agreeing = 0;
    let (published, found): (Vec<&str>, Vec<&str>) = (
        table.lines().skip(1).collect(),
        computed.lines().skip(1).collect(),
    );
    ensure!(
        published.len() == found.len(),
        "{} rows in, {} out",
        published.len(),
        found.len()
    );
    for (published, found) in published.iter().zip(&found) {
        let published: Vec<&str> = published.split(',').collect();
        let found: Vec<&str> = found.split(',').collect();
        let [iso3, .., hdi, rank, band] = published.as_slice() else {
            continue;
        };
        let [subject, _, score, grade, place, ..] = found.as_slice() else {
            continue;
        };
        let same_band = grade.to_lowercase().replace('_', " ") == band.to_lowercase();
        if subject == iso3 && plain(score) == plain(hdi) && place == rank && same_band {
            agreeing += 1;
        }
    }
    Ok((agreeing, published.len()))
}

/// A decimal without zeros at its end: 0.860 and 0.86 are one value.
fn plain(decimal: &str) -> &str {
    if decimal.contains('.') {
        decimal.trim_end_matches('0').trim_end_matches('.')
    } else {
        decimal
    }
}

pub fn published(world: &mut World) -> Saw {
    let (_, table) = published_files();
    let table = std::fs::read_to_string(table)?;
    let (agreeing, rows) = agreement(world, &table, &inputs(&table))?;
    ensure!(rows == 193, "{rows} countries");
    ensure!(agreeing == rows, "{agreeing} of {rows} agree");
    Ok(format!("{agreeing} of {rows} values, ranks and bands"))
}

/// The same with one figure of one country changed: for the planted fault.
pub fn published_with_a_wrong_figure(world: &World) -> Result<(usize, usize), Failed> {
    let (_, table) = published_files();
    let table = std::fs::read_to_string(table)?;
    let wrong = inputs(&table).replacen("NOR,83.393", "NOR,73.393", 1);
    agreement(world, &table, &wrong)
}

pub fn shape(world: &mut World) -> Saw {
    let (scheme, table) = published_files();
    let table = inputs(&std::fs::read_to_string(table)?);
    let mut lines: Vec<String> = table.lines().map(str::to_owned).collect();
    lines[1..].reverse();
    let mut cells: Vec<String> = lines[2].split(',').map(str::to_owned).collect();
    cells[1] = String::new();
    lines[2] = cells.join(",");
    let data = world.path("shape.csv");
    std::fs::write(&data, lines.join("\n") + "\n")?;
    let data = data.display().to_string();
    let ran = world
        .run(&["score", "--scheme", &scheme, "--data", &data])?
        .ended(0)?;
    let rows: Vec<&str> = ran.out.lines().collect();
    let heading = "subject,group,score,grade,rank,rank_in_group,";
    ensure!(rows[0].starts_with(heading), "the heading is {}", rows[0]);
    for (number, line) in lines.iter().enumerate().skip(1) {
        let subject = line.split(',').next().unwrap_or_default();
        ensure!(
            rows[number].starts_with(subject),
            "row {number} is {}",
            rows[number]
        );
    }
    ensure!(
        rows[2].contains("missing"),
        "an empty cell gives {}",
        rows[2]
    );
    let first = lines[1].split(',').next().unwrap_or_default().to_owned();
    let ran = world
        .run(&[
            "score",
            "--scheme",
            &scheme,
            "--data",
            &data,
            "--explain",
            &first,
        ])?
        .ended(0)?;
    ensure!(ran.out.lines().count() > 8, "the explanation: {}", ran.out);
    Ok("the heading, rows in the order of the input, missing cells, an explanation".to_owned())
}

pub fn refuses(world: &mut World) -> Saw {
    let (scheme, table) = published_files();
    let usage = world.run(&["score", "--scheme", &scheme])?;
    ensure!(usage.code == 2, "without data: exit code {}", usage.code);
    let text = std::fs::read_to_string(table)?.replacen("83.393", "83,393.0.1", 1);
    let data = world.path("wrong.csv");
    std::fs::write(&data, inputs(&text))?;
    let data = data.display().to_string();
    let wrong = world.run(&["score", "--scheme", &scheme, "--data", &data])?;
    ensure!(
        wrong.code == 1,
        "a figure that is none: exit code {}",
        wrong.code
    );
    ensure!(!wrong.errors.is_empty(), "nothing is said");
    Ok("0 done, 1 findings that block, 2 usage".to_owned())
}

/// A kind of rule whose name is reserved is refused as not built yet.
pub fn later(world: &mut World) -> Saw {
    let source = root().join("packs/conformance/hdi-2022");
    let pack = world.path("later");
    std::fs::create_dir_all(pack.join("schemes"))?;
    std::fs::copy(source.join("pack.toml"), pack.join("pack.toml"))?;
    let scheme = std::fs::read_to_string(source.join("schemes/hdi-2022.toml"))?;
    let fine = pack.join("schemes/hdi-2022.toml");
    std::fs::write(&fine, &scheme)?;
    let dir = pack.display().to_string();
    world.run(&["pack", "check", &dir])?.ended(0)?;
    let spoiled = scheme.replacen("kind = \"goalpost\"", "kind = \"survey\"", 1);
    ensure!(spoiled != scheme, "the scheme has no goalpost");
    std::fs::write(&fine, spoiled)?;
    let ran = world.run(&["pack", "check", &dir])?.ended(1)?;
    let said = format!("{}{}", ran.out, ran.errors);
    let line = said.lines().find(|line| line.contains("not built yet"));
    let line = line.ok_or_else(|| format!("it says {said}"))?;
    Ok(line.trim().to_owned())
}
