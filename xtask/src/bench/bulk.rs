//! Many subjects at once: `xingcun score` from a file to a file, beside polars.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use super::spent::middle;
use super::{Bench, Failed, Figure};
use crate::python::{program, succeed};

/// Subjects of the table.
const SUBJECTS: u64 = 100_000;
/// Columns of the table.
const COLUMNS: u64 = 40;
/// The bar, in processor time.
const BAR: Duration = Duration::from_secs(1);
/// Runs, of which the middle one counts.
const TIMES: usize = 5;
/// The release of polars that is the peer, from `PyPI`.
const POLARS: &str = "polars==1.35.2";

pub fn figures(bench: &Bench) -> Result<Vec<Figure>, Failed> {
    let [scheme, data, out] =
        ["scheme.toml", "figures.csv", "scores.csv"].map(|name| bench.folder.join(name));
    std::fs::write(&scheme, forty_items())?;
    std::fs::write(&data, table())?;
    let mut ours = Command::new(&bench.binary);
    ours.arg("score").arg("--scheme").arg(&scheme);
    ours.arg("--data").arg(&data).arg("--out").arg(&out);
    let spent = middle(TIMES, &mut ours)?;
    let scored = std::fs::read_to_string(&out)?.lines().count();
    if u64::try_from(scored)? != SUBJECTS + 1 {
        return Err(format!("{scored} lines came out of {SUBJECTS} subjects").into());
    }
    Ok(vec![Figure {
        work: format!(
            "{SUBJECTS} × {COLUMNS} by `xingcun score` from CSV to CSV: read, checked, scored exactly \
             by interpolation, ranked overall and by town, written"
        ),
        bar: "< 1 s CPU",
        ours: format!(
            "{} ms CPU, {} ms wall (middle of {TIMES})",
            spent.cpu.as_millis(),
            spent.wall.as_millis()
        ),
        reached: spent.cpu < BAR,
        peer: polars(bench, &data).unwrap_or_else(|why| format!("polars was not measured: {why}")),
    }])
}

/// A scheme of four indices, ten groups and forty items, each interpolated between two posts.
fn forty_items() -> String {
    let mut text = String::from(
        "[scheme]\ncode = \"forty\"\nversion = \"1\"\n\
         title = { zh = \"四十项\", en = \"Forty items\" }\nsubject = \"village\"\n\
         group = \"town\"\norder = \"round_limit_gate_grade\"\nroot = \"total\"\n",
    );
    for item in 0..COLUMNS {
        let _ = write!(
            text,
            "[[item]]\ncode = \"i{item}\"\ntitle = {{ zh = \"第{item}项\", en = \"Item {item}\" }}\n\
             unit = \"percent\"\nscale = 2\nminimum = \"0\"\nmaximum = \"100\"\n\
             source = \"declared\"\nevidence = \"none\"\ndirection = \"higher\"\n\
             period = \"quarter\"\nours = true\n"
        );
    }
    node(&mut text, "total", "none", "100");
    for (index, full) in ["30", "30", "20", "20"].iter().enumerate() {
        node(&mut text, &format!("x{index}"), "total", full);
    }
    // Three, three, two and two groups of four items, two and a half marks each.
    for group in 0..10_u64 {
        let index = [0, 0, 0, 1, 1, 1, 2, 2, 3, 3][usize::try_from(group).unwrap_or(0)];
        node(&mut text, &format!("g{group}"), &format!("x{index}"), "10");
        for item in group * 4..group * 4 + 4 {
            let _ = write!(
                text,
                "[[node]]\ncode = \"n{item}\"\nparent = \"g{group}\"\n\
                 title = {{ zh = \"第{item}项\", en = \"Item {item}\" }}\nfull = \"2.5\"\n\
                 round = {{ places = 2, mode = \"half_up\" }}\ncap = \"2.5\"\nfloor = \"0\"\n\
                 missing = {{ policy = \"zero\" }}\nours = true\n[node.rule]\nkind = \"goalpost\"\n\
                 value = {{ item = \"i{item}\" }}\nlow = \"0\"\nhigh = \"100\"\nscale = \"linear\"\n\
                 below = \"truncate\"\nabove = \"truncate\"\nbetter = \"higher\"\n"
            );
        }
    }
    text.push_str(
        "[grade]\nversion = \"1\"\non = \"rounded\"\nseveral_limits = \"worst\"\n\
         missing = \"none\"\nours = true\nband = [\n\
         { code = \"good\", title = { zh = \"好\", en = \"Good\" }, range = \"[60, none)\" },\n\
         { code = \"poor\", title = { zh = \"差\", en = \"Poor\" }, range = \"(none, 60)\" },\n]\n\
         [rank]\nby = \"score\"\non = \"rounded\"\nbest = \"highest\"\n\
         method = \"competition\"\nexcluded = \"none\"\nties = []\nours = true\n",
    );
    text
}

fn node(text: &mut String, code: &str, parent: &str, full: &str) {
    let _ = write!(
        text,
        "[[node]]\ncode = \"{code}\"\nparent = \"{parent}\"\n\
         title = {{ zh = \"{code}\", en = \"{code}\" }}\nfull = \"{full}\"\n\
         rule = {{ kind = \"roll_up\", aggregator = \"sum\", basis = \"mark\", \
         skipped = \"leave_out\", availability = \"none\" }}\n\
         round = {{ places = 2, mode = \"half_up\" }}\ncap = \"{full}\"\nfloor = \"0\"\n\
         missing = {{ policy = \"zero\" }}\nours = true\n"
    );
}

/// Figures from a fixed sequence, so that every run has the same ones.
fn table() -> String {
    let mut text = String::from("village,town");
    for item in 0..COLUMNS {
        let _ = write!(text, ",i{item}");
    }
    text.push('\n');
    let mut seed: u64 = 20_261_122;
    for subject in 0..SUBJECTS {
        let _ = write!(text, "v{subject},t{}", subject / 30);
        for _ in 0..COLUMNS {
            seed = seed
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            let hundredths = (seed >> 33) % 10_001;
            let _ = write!(text, ",{}.{:02}", hundredths / 100, hundredths % 100);
        }
        text.push('\n');
    }
    text
}

/// What polars takes for plain weighted means of the same table.
fn polars(bench: &Bench, data: &Path) -> Result<String, Failed> {
    let python = program(POLARS, "python")?;
    let script = crate::root().join("xtask/src/bench/peer.py");
    let out = bench.folder.join("peer.csv");
    let mut cpu_ms = Vec::new();
    let mut version = String::new();
    for _ in 0..TIMES {
        let said = succeed(Command::new(&python).arg(&script).arg(data).arg(&out))?;
        let (cpu, release) = said.trim().split_once(' ').ok_or("the peer says nothing")?;
        cpu_ms.push(cpu.parse::<u64>()?);
        release.clone_into(&mut version);
    }
    cpu_ms.sort_unstable();
    Ok(format!(
        "polars {version}, binary floats, plain means, without checks: {} ms CPU",
        cpu_ms[TIMES / 2]
    ))
}
