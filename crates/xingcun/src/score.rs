//! `xingcun score`: the scoring engine on files alone.

mod explanation;
pub(crate) mod output;
mod table;
mod text;
mod tie;
mod workbook;

use std::borrow::Cow;
use std::cell::Cell;
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use kernel::Finding;
use score::{Columns, Plan, Scheme};

use crate::console::Console;
use output::Outcome;
use table::{Complaints, Figure, Part, Row, Wanted};
use workbook::Figures;

/// Computes a scheme over a file of figures.
#[derive(Debug, Args)]
pub struct ScoreArguments {
    /// 方案文件 · the scheme
    #[arg(long, value_name = "FILE.{toml,xlsx}")]
    scheme: PathBuf,
    /// 数据文件：第一列是考核对象，或方案写明的那一列 · the figures; subjects are in the first
    /// column, or in the one that the scheme names
    #[arg(long, value_name = "FILE.{csv,xlsx}")]
    data: PathBuf,
    /// 结果文件；不写则输出到屏幕 · the results; without it they go to the standard output
    #[arg(long, value_name = "FILE.{csv,json,xlsx}")]
    out: Option<PathBuf>,
    /// 说明一个对象的得分由来 · explain one subject's marks, grade and rank
    #[arg(long, value_name = "SUBJECT")]
    explain: Option<String>,
}

/// Why the command stopped.
pub(crate) enum Stop {
    /// What was given cannot be computed: exit code 1.
    Findings(Vec<Finding>),
    /// The command itself is wrong: exit code 2.
    Usage(Finding),
}

/// The form of the results.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Csv,
    Json,
    Workbook,
}

/// Runs the command.
pub fn run(arguments: &ScoreArguments, console: &Console) -> ExitCode {
    ended(compute(arguments, console), console)
}

/// Tells what is to be told and gives the exit code.
pub(crate) fn ended(result: Result<Vec<Finding>, Stop>, console: &Console) -> ExitCode {
    match result {
        Ok(findings) => {
            console.complain(&findings);
            ExitCode::from(u8::from(findings.iter().any(Finding::blocks)))
        }
        Err(Stop::Findings(findings)) => {
            console.complain(&findings);
            ExitCode::from(1)
        }
        Err(Stop::Usage(finding)) => {
            console.complain(&[finding]);
            ExitCode::from(2)
        }
    }
}

/// Everything from files to files; gives the findings that remain to be told.
///
/// A scheme or a figure that cannot be read stops it before anything is written. Subjects that the
/// scheme holds back (a missing value that blocks) do not: the others have their results.
fn compute(arguments: &ScoreArguments, console: &Console) -> Result<Vec<Finding>, Stop> {
    let form = form_of(arguments.out.as_deref())?;
    let plan = plan_of(&read_scheme(&arguments.scheme)?)?;
    let progress = Progress::new(console);
    let (columns, mut findings) = read_figures(&arguments.data, &plan, &progress)?;
    if findings.iter().any(Finding::blocks) {
        progress.finish();
        return Err(Stop::Findings(findings));
    }
    let explained = explained_subject(arguments, &columns)?;
    progress.step("score-progress-compute", columns.len());
    let (results, about_subjects) = score::evaluate(&plan, &columns);
    findings.extend(about_subjects);
    let outcome = Outcome {
        plan: &plan,
        columns: &columns,
        results: &results,
    };
    progress.step("score-progress-write", columns.len());
    let written = write_results(arguments, form, &outcome, &progress);
    progress.finish();
    written.map_err(|error| {
        let path = arguments.out.as_deref().unwrap_or(Path::new("-"));
        Stop::Findings(vec![file_finding("score-not-written", path, &error)])
    })?;
    if let Some(subject) = explained {
        print_explanation(console, &outcome, subject);
    }
    Ok(findings)
}

pub(crate) fn file_finding(code: &'static str, path: &Path, error: &io::Error) -> Finding {
    Finding::error(code)
        .arg("file", path.display().to_string())
        .arg("reason", error.to_string())
}

fn form_of(out: Option<&Path>) -> Result<Form, Stop> {
    let Some(out) = out else { return Ok(Form::Csv) };
    let extension = out.extension().and_then(|extension| extension.to_str());
    match extension.map(str::to_ascii_lowercase).as_deref() {
        Some("csv") => Ok(Form::Csv),
        Some("json") => Ok(Form::Json),
        Some("xlsx") => Ok(Form::Workbook),
        _ => Err(Stop::Usage(
            Finding::error("score-out-form").arg("found", out.display().to_string()),
        )),
    }
}

/// The bytes of a file within a limit.
pub(crate) fn read_file(path: &Path, limit_bytes: u64) -> Result<Vec<u8>, Stop> {
    let unreadable = |error: io::Error| Stop::Usage(file_finding("score-unreadable", path, &error));
    let file = File::open(path).map_err(unreadable)?;
    let mut bytes = Vec::new();
    file.take(limit_bytes + 1)
        .read_to_end(&mut bytes)
        .map_err(unreadable)?;
    if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > limit_bytes {
        let finding = Finding::error("sheet-too-large")
            .arg("what", "bytes")
            .arg("limit", limit_bytes.to_string());
        return Err(Stop::Findings(vec![finding]));
    }
    Ok(bytes)
}

/// The scheme of a file: TOML, or a workbook as `pack workbook` writes it.
pub(crate) fn read_scheme(path: &Path) -> Result<Scheme, Stop> {
    let limit = u64::try_from(score::FILE_LIMIT).unwrap_or(u64::MAX);
    let name = path.display().to_string();
    let bytes = read_file(path, limit)?;
    let (scheme, findings) = if workbook::is_workbook(&bytes) {
        let read = packs::read_workbook(&bytes);
        (read.scheme, read.findings)
    } else {
        let text = String::from_utf8(bytes).map_err(|_| {
            let place = kernel::FindingPlace::Line {
                file: name.clone(),
                line: 1,
                column: 0,
            };
            Stop::Findings(vec![Finding::error("pack-not-utf8").at(place)])
        })?;
        score::parse(&name, text.trim_start_matches('\u{feff}'))
    };
    let blocked = findings.iter().any(Finding::blocks);
    scheme.filter(|_| !blocked).ok_or(Stop::Findings(findings))
}

/// The plan of a scheme that has been read.
pub(crate) fn plan_of(scheme: &Scheme) -> Result<Plan, Stop> {
    let (plan, findings) = score::compile(scheme);
    plan.ok_or(Stop::Findings(findings))
}

/// Reads the file of figures into the plan's columns.
pub(crate) fn read_figures(
    path: &Path,
    plan: &Plan,
    progress: &Progress<'_>,
) -> Result<(Columns, Vec<Finding>), Stop> {
    let bytes = read_file(path, table::MAX_FILE_BYTES)?;
    let wrong = |finding| Stop::Findings(vec![finding]);
    let sheet = if workbook::is_workbook(&bytes) {
        Some(Figures::read(&bytes).map_err(wrong)?)
    } else {
        None
    };
    let text = match &sheet {
        Some(sheet) => Cow::Borrowed(sheet.text.as_str()),
        None => text::decode(&bytes).map_err(wrong)?,
    };
    progress.step("score-progress-read", text.len());
    let scheme = plan.scheme();
    let wanted = Wanted {
        subject: scheme.subject.as_deref(),
        group: scheme.group.as_deref(),
        figures: plan.inputs().iter().map(score::Input::name).collect(),
        extras: tie::columns(scheme),
    };
    let mut builder = Columns::builder(plan);
    let mut each = |row: &Row<'_>| -> Complaints {
        let group = Some(row.group).filter(|group| !group.is_empty());
        let subject = match builder.subject(row.subject, group) {
            Ok(subject) => subject,
            Err(finding) => return vec![(Part::Subject, finding)],
        };
        let mut complaints = tie::read(&wanted.extras, row, subject, &mut builder);
        for (input, figure) in row.figures.iter().enumerate() {
            let set = match *figure {
                Figure::Missing => Ok(()),
                Figure::Short { digits, places } => {
                    builder.set_digits(input, subject, digits, places)
                }
                Figure::Long(figure) => builder.set(input, subject, figure),
            };
            if let Err(finding) = set {
                complaints.push((Part::Figure(input), finding));
            }
        }
        complaints
    };
    let findings = table::read(&text, &wanted, &mut each, &|bytes| progress.at(bytes));
    let findings = match &sheet {
        Some(sheet) => findings
            .into_iter()
            .map(|finding| sheet.told(finding))
            .collect(),
        None => findings,
    };
    Ok((builder.finish(), findings))
}

fn explained_subject(arguments: &ScoreArguments, columns: &Columns) -> Result<Option<usize>, Stop> {
    let Some(wanted) = &arguments.explain else {
        return Ok(None);
    };
    let position = columns.subjects().iter().position(|known| known == wanted);
    position.map(Some).ok_or_else(|| {
        Stop::Usage(Finding::error("score-explain-unknown").arg("found", wanted.as_str()))
    })
}

/// Results to the file, or to the standard output unless an explanation is asked for alone.
fn write_results(
    arguments: &ScoreArguments,
    form: Form,
    outcome: &Outcome<'_>,
    progress: &Progress<'_>,
) -> io::Result<()> {
    let told = |subject: usize| progress.at(u64::try_from(subject).unwrap_or(u64::MAX));
    let write = |out: &mut dyn Write| match form {
        Form::Csv => outcome.write_csv(out, &told),
        Form::Json => outcome.write_json(out, &told),
        Form::Workbook => outcome.write_workbook(out, &told),
    };
    match &arguments.out {
        Some(path) => write_whole(path, &write),
        None if arguments.explain.is_some() => Ok(()),
        None => write(&mut io::stdout().lock()),
    }
}

/// Writes a file so that it is either the old or the new one, never half.
pub(crate) fn write_whole(
    path: &Path,
    write: &dyn Fn(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.part", std::process::id()));
    let part = path.with_file_name(name);
    let written = File::create(&part).and_then(|mut file| {
        write(&mut file)?;
        file.sync_all()?;
        std::fs::rename(&part, path)
    });
    if written.is_err() {
        // The first error is the one worth telling.
        let _ = std::fs::remove_file(&part);
    }
    written
}

fn print_explanation(console: &Console, outcome: &Outcome<'_>, subject: usize) {
    let text = explanation::text(console.locale(), outcome, subject);
    // A closed pipe (`| head`) is nobody's problem.
    let _ = io::stdout().lock().write_all(text.as_bytes());
}

/// A bar on the terminal; nothing elsewhere.
pub(crate) struct Progress<'a> {
    console: &'a Console,
    bar: ProgressBar,
    step: Cell<u8>,
}

impl<'a> Progress<'a> {
    pub(crate) fn new(console: &'a Console) -> Progress<'a> {
        let style = ProgressStyle::with_template("{msg} {wide_bar} {percent:>3}%")
            .expect("the template is constant");
        let bar = ProgressBar::new(0).with_style(style);
        Progress {
            console,
            bar,
            step: Cell::new(0),
        }
    }

    /// Begins the next of the three steps.
    fn step(&self, text: &'static str, length: usize) {
        self.step.set(self.step.get() + 1);
        self.bar.set_position(0);
        self.bar
            .set_length(u64::try_from(length).unwrap_or(u64::MAX));
        let text = self.console.locale().text(text).to_string();
        self.bar
            .set_message(format!("{}/3 {text}", self.step.get()));
    }

    fn at(&self, position: u64) {
        self.bar.set_position(position);
    }

    pub(crate) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}
