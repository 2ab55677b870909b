//! `xingcun pack diff OLD NEW [--data FILE]`: what two versions of a scheme say differently, and
//! with a file of figures whose score, rank and grade the new one would move.

use std::io::Write;
use std::path::PathBuf;

use clap::Args;
use kernel::Finding;
use packs::{Change, Difference, Part, compare};
use score::{Columns, Plan, Results, Scheme, evaluate};

use crate::console::Console;
use crate::score::{Progress, Stop, plan_of, read_figures, read_scheme};

/// `pack diff`.
#[derive(Debug, Args)]
pub struct PackDiff {
    /// 旧方案 · the old scheme
    #[arg(value_name = "OLD.{toml,xlsx}")]
    old: PathBuf,
    /// 新方案 · the new scheme
    #[arg(value_name = "NEW.{toml,xlsx}")]
    new: PathBuf,
    /// 用这份数据比较谁的得分、名次、等级会变 · the figures on which to compare scores, ranks and
    /// grades; they need the columns of both
    #[arg(long, value_name = "FILE.{csv,xlsx}")]
    data: Option<PathBuf>,
}

/// Prints the differences; they are no mistake, so the exit code is 0.
pub fn run(arguments: &PackDiff, console: &Console) -> Result<Vec<Finding>, Stop> {
    let (old, new) = (read_scheme(&arguments.old)?, read_scheme(&arguments.new)?);
    let mut told = String::new();
    let differences = compare(&old, &new);
    for difference in &differences {
        told.push_str(&told_difference(console, difference));
    }
    let count = i64::try_from(differences.len()).unwrap_or(i64::MAX);
    let text = console.locale().text("pack-diff-parts").arg("count", count);
    told.push_str(&format!("{text}\n"));
    let mut findings = Vec::new();
    if let Some(data) = &arguments.data {
        let progress = Progress::new(console);
        let before = Side::new(&old, data, &progress);
        let after = Side::new(&new, data, &progress);
        progress.finish();
        let (before, after) = (before?, after?);
        told.push_str(&moved(console, &before, &after));
        // What one version does not read the other may; both say so.
        findings.extend(before.findings.into_iter().filter(Finding::blocks));
        findings.extend(after.findings.into_iter().filter(Finding::blocks));
    }
    // A closed pipe (`| head`) is nobody's problem.
    let _ = std::io::stdout().lock().write_all(told.as_bytes());
    Ok(findings)
}

fn told_difference(console: &Console, difference: &Difference) -> String {
    let locale = console.locale();
    let part = locale
        .text(match difference.part {
            Part::Item => "pack-diff-item",
            Part::Node => "pack-diff-node",
            Part::Gate => "pack-diff-gate",
            Part::Band => "pack-diff-band",
            Part::Whole => "pack-diff-whole",
        })
        .to_string();
    let line = |key: &str| {
        let text = locale.text(key).arg("part", part.clone());
        format!("{}\n", text.arg("code", difference.code.clone()))
    };
    match &difference.change {
        Change::Added => line("pack-diff-added"),
        Change::Removed => line("pack-diff-removed"),
        Change::Changed(fields) => {
            let mut told = line("pack-diff-changed");
            for field in fields {
                let (before, after) = (&field.before, &field.after);
                told.push_str(&format!("    {}: {before} → {after}\n", field.field));
            }
            told
        }
    }
}

/// One version on the figures.
struct Side {
    plan: Plan,
    columns: Columns,
    results: Results,
    findings: Vec<Finding>,
}

impl Side {
    fn new(scheme: &Scheme, data: &std::path::Path, progress: &Progress<'_>) -> Result<Side, Stop> {
        let plan = plan_of(scheme)?;
        let (columns, mut findings) = read_figures(data, &plan, progress)?;
        if findings.iter().any(Finding::blocks) {
            return Err(Stop::Findings(findings));
        }
        let (results, more) = evaluate(&plan, &columns);
        findings.extend(more);
        Ok(Side {
            plan,
            columns,
            results,
            findings,
        })
    }

    /// Score, rank and grade of a subject as they are shown.
    fn shown(&self, console: &Console, subject: usize) -> [String; 3] {
        let none = || "—".to_owned();
        let grades = self.plan.scheme().grade.as_ref();
        let grade = grades.zip(self.results.grade(subject));
        let rank = self.results.rank(subject);
        [
            self.results.score(subject).to_string(),
            rank.map_or_else(none, |rank| rank.to_string()),
            grade.map_or_else(none, |(grades, grade)| {
                let title = &grades.bands[grade].title;
                console.locale().choose(&title.zh, &title.en).to_owned()
            }),
        ]
    }
}

/// The subjects whose score, rank or grade moves, in the order of the figures, and how many.
fn moved(console: &Console, before: &Side, after: &Side) -> String {
    let mut told = String::new();
    let mut counts = [0_i64; 3];
    for subject in 0..before.columns.len() {
        let old = before.shown(console, subject);
        let new = after.shown(console, subject);
        if old == new {
            continue;
        }
        for (count, (old, new)) in counts.iter_mut().zip(old.iter().zip(&new)) {
            *count += i64::from(old != new);
        }
        let step = |position: usize| {
            if old[position] == new[position] {
                old[position].clone()
            } else {
                format!("{} → {}", old[position], new[position])
            }
        };
        let text = console
            .locale()
            .text("pack-diff-subject")
            .arg("subject", before.columns.subjects()[subject].clone())
            .arg("score", step(0))
            .arg("rank", step(1))
            .arg("grade", step(2));
        told.push_str(&format!("{text}\n"));
    }
    let text = console
        .locale()
        .text("pack-diff-moved")
        .arg("scores", counts[0])
        .arg("ranks", counts[1])
        .arg("grades", counts[2])
        .arg(
            "subjects",
            i64::try_from(before.columns.len()).unwrap_or(i64::MAX),
        );
    told.push_str(&format!("{text}\n"));
    told
}
