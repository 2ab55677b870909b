//! The journal for auditors: who did what and when, the newest first; the signed checkpoint; and
//! how the whole is verified elsewhere.

use access::Action;
use app::journal_read;
use app::sealer::{self, LastCheckpoint};
use askama::Template;
use kernel::{Day, Instant};
use store::Connection;
use web::{
    Choice, Context, Head, Locale, MenuEntry, MenuGroup, Page, PageError, Pager, Params, Policy,
    Route, Samples,
};

use crate::denial_list::written;
use crate::journal_words::{Teller, Told};
use crate::listing::{self, PER_PAGE};
use crate::{journal_export, sample};

/// So many leaves of the chosen days are looked through; who looks for older ones narrows the
/// days.
const LOOKED_AT: i64 = 5_000;

/// The journal's page.
#[derive(Debug, Template)]
#[template(path = "journal_page.html")]
pub struct JournalPage {
    l: Locale,
    entries: Vec<Told>,
    /// Whether older ones of the chosen days were not looked at.
    cut: bool,
    words: String,
    kind: String,
    kinds: Vec<Choice>,
    from: String,
    until: String,
    pager: Pager,
    total: u64,
    checkpoint: Option<LastCheckpoint>,
    /// How the export is verified; empty where the visitor may not export.
    verify: String,
    sees_denials: bool,
}

/// The route.
pub(crate) fn route() -> Route {
    Route::page("/journal", Policy::Whole(Action::JournalRead), page).menu(MenuEntry {
        group: MenuGroup::Foundation,
        order: 6,
        icon: "check",
        text: "journal-title",
    })
}

fn page(
    context: &Context,
    params: &Params,
    connection: &mut dyn Connection,
) -> Result<JournalPage, PageError> {
    let words = listing::words(params);
    let kinds = kinds(context);
    let asked = params.query("kind").unwrap_or_default();
    let kind = kinds.iter().find(|kind| kind.value == asked);
    let kind = kind.map_or(String::new(), |kind| kind.value.clone());
    let (from, until): (Option<Day>, Option<Day>) =
        (params.query_as("from"), params.query_as("until"));
    let begins = from.map_or(Instant(i64::MIN), Day::start);
    let ends = until.map_or(Instant(i64::MAX), |day| day.plus_days(1).start());
    let tenant = context.tenant;
    let found = journal_read::between(connection, tenant, (begins, ends), LOOKED_AT)?;
    let cut = i64::try_from(found.len()).unwrap_or(LOOKED_AT) >= LOOKED_AT;
    let mut teller = Teller::of(context);
    let mut fitting = Vec::new();
    for entry in found {
        let name = &entry.leaf.name;
        let is_kind = kind.is_empty()
            || *name == kind
            || (kind == PAGES && name.strip_prefix("page.").is_some());
        let who = teller.name(connection, entry.leaf.actor.person)?;
        if is_kind && who.contains(&words) {
            fitting.push(entry);
        }
    }
    let pager = Pager::new(params, fitting.len(), PER_PAGE);
    let offset = usize::try_from(pager.offset()).unwrap_or(0);
    let mut entries = Vec::new();
    for entry in fitting.iter().skip(offset).take(PER_PAGE as usize) {
        entries.push(teller.told(connection, entry)?);
    }
    let may_export = context.holds_whole(Action::JournalExport);
    Ok(JournalPage {
        entries,
        cut,
        words,
        kind,
        kinds,
        from: written(from),
        until: written(until),
        pager,
        total: journal_read::count(connection, tenant)?,
        checkpoint: sealer::last_checkpoint(connection, tenant)?,
        verify: if may_export {
            journal_export::command(context)
        } else {
            String::new()
        },
        sees_denials: context.holds_whole(Action::DenialRead),
        l: context.l.clone(),
    })
}

/// The choice of what is no command: pages that somebody was refused.
const PAGES: &str = "page";

/// Every command of the program, by its words.
fn kinds(context: &Context) -> Vec<Choice> {
    let l = &context.l;
    let commands = context.app().commands();
    let names = commands.iter().map(|command| command.name);
    let mut kinds: Vec<Choice> = names.map(|name| Choice::new(name, l.deed(name))).collect();
    kinds.push(Choice::new(PAGES, l.deed("page.")));
    kinds
}

impl JournalPage {
    fn is_filtered(&self) -> bool {
        [&self.words, &self.kind, &self.from, &self.until]
            .iter()
            .any(|filter| !filter.is_empty())
    }
}

impl Page for JournalPage {
    fn head(&self) -> Head {
        Head::new(self.l.text("journal-title"))
    }

    fn samples(l: &Locale) -> Samples<JournalPage> {
        let note =
            "xingcun/0a1b2c3d4e5f/1/sha256\n1024\nqTZjv0Zq2lB2s5N1mC0a6n8y7x5w4v3u2t1s0r9q8p0=\n";
        let page = |size: Option<u64>, entries: Vec<Told>| JournalPage {
            l: l.clone(),
            cut: !entries.is_empty(),
            words: String::new(),
            kind: String::new(),
            kinds: vec![Choice::new("round.open", l.deed("round.open"))],
            from: String::new(),
            until: String::new(),
            pager: Pager::new(&Params::default(), entries.len(), PER_PAGE),
            entries,
            total: size.unwrap_or_default(),
            checkpoint: size.map(|size| LastCheckpoint {
                size,
                at: sample::now(),
                note: note.to_owned(),
            }),
            verify: "xingcun journal verify journal.xjournal --key xingcun/0a1b2c3d4e5f/1/sha256+\
                     1a2b3c4d+ATd0kqZ6Ww0cJm1bS5yq8JbHn0fSg3w1V2x3Y4z5A6b7"
                .to_owned(),
            sees_denials: true,
        };
        Samples {
            ordinary: page(Some(1024), vec![sample::told(l, "陈国平", "柳湾村")]),
            longest: page(
                Some(9_876_543_210),
                vec![sample::told(
                    l,
                    "阿卜杜热合曼·买买提吐尔逊江",
                    sample::LONGEST_PLACE,
                )],
            ),
            empty: Some(page(None, Vec::new())),
            with_error: None,
        }
    }
}
