//! The state of the system: whether the database takes writes, the jobs that wait or rest, and how
//! far the journal is sealed.

use access::Action;
use app::{
    sealer::{self, LastCheckpoint},
    worker::{self, JobState},
};
use askama::Template;
use kernel::Instant;
use store::Connection;
use web::{
    Context, Head, Locale, MenuEntry, MenuGroup, Page, PageError, Params, Policy, Route, Samples,
    Stat,
};

use crate::sample;

/// The state of the system.
#[derive(Debug, Template)]
#[template(path = "system_page.html")]
pub struct SystemPage {
    l: Locale,
    stats: Vec<Stat>,
    /// Why no writes are taken; empty where they are.
    refuses_writes: String,
    jobs: Vec<JobState>,
}

/// The route.
pub(crate) fn route() -> Route {
    Route::page("/system", Policy::Whole(Action::SystemRead), page).menu(MenuEntry {
        group: MenuGroup::Foundation,
        order: 8,
        icon: "gear",
        text: "system-title",
    })
}

fn page(
    context: &Context,
    _: &Params,
    connection: &mut dyn Connection,
) -> Result<SystemPage, PageError> {
    let jobs = worker::jobs(connection, context.tenant)?;
    let checkpoint = sealer::last_checkpoint(connection, context.tenant)?;
    let refuses_writes = context
        .app()
        .store()
        .health()
        .refuses_writes
        .unwrap_or_default();
    Ok(SystemPage {
        stats: stats(
            &context.l,
            refuses_writes.is_empty(),
            &jobs,
            checkpoint.as_ref(),
            context.now,
        ),
        refuses_writes,
        jobs,
        l: context.l.clone(),
    })
}

fn stats(
    l: &Locale,
    writes: bool,
    jobs: &[JobState],
    checkpoint: Option<&LastCheckpoint>,
    now: Instant,
) -> Vec<Stat> {
    let stat = |label: &str, value: String, note: String| Stat {
        label: l.text(label).to_string(),
        value,
        note,
        ..Stat::default()
    };
    let word = if writes {
        "system-takes-writes"
    } else {
        "system-refuses-writes"
    };
    let rests = jobs
        .iter()
        .filter(|job| job.tries >= app::job::TRIES_MAX)
        .count();
    let due = jobs.iter().filter(|job| job.due <= now).count();
    let sealed = checkpoint.map_or(0, |checkpoint| checkpoint.size);
    let signed = checkpoint
        .map(|checkpoint| l.minute(checkpoint.at))
        .unwrap_or_default();
    vec![
        stat("system-database", l.text(word).to_string(), String::new()),
        stat(
            "system-jobs",
            jobs.len().to_string(),
            l.text("system-jobs-due").arg("due", due).to_string(),
        ),
        stat("system-jobs-rest", rests.to_string(), String::new()),
        stat("system-sealed", sealed.to_string(), signed),
    ]
}

impl SystemPage {
    fn rests(job: &JobState) -> bool {
        job.tries >= app::job::TRIES_MAX
    }
}

impl Page for SystemPage {
    fn head(&self) -> Head {
        Head::new(self.l.text("system-title"))
    }

    fn samples(l: &Locale) -> Samples<SystemPage> {
        let job = |tries: i64, failure: Option<&str>| JobState {
            job: kernel::Id::new(sample::now().0, [8; 10]),
            kind: "journal.checkpoint".to_owned(),
            due: sample::now(),
            tries,
            failure: failure.map(str::to_owned),
        };
        let page = |jobs: Vec<JobState>, refuses: &str| {
            let note = LastCheckpoint {
                size: 1_234_567,
                at: sample::now(),
                note: String::new(),
            };
            SystemPage {
                l: l.clone(),
                stats: stats(l, refuses.is_empty(), &jobs, Some(&note), sample::now()),
                refuses_writes: refuses.to_owned(),
                jobs,
            }
        };
        Samples {
            ordinary: page(vec![job(0, None)], ""),
            longest: page(
                vec![job(
                    8,
                    Some("Unavailable; store-unavailable, and a long reason"),
                )],
                "disk full",
            ),
            empty: Some(page(Vec::new(), "")),
            with_error: None,
        }
    }
}
