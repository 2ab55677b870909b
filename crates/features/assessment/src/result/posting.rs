//! The posting of a round: a sheet for the notice board with its term and its digests. It shows
//! what the visitor may know (ranks exactly, or in bands), says who sees the rest and why, and how
//! to object while objections are taken.

use access::{Action, Scope};
use askama::Template;
use score::Scheme;
use store::Connection;
use web::{Context, Head, Link, Locale, Page, PageError, Params, Policy, Route, Samples};

use crate::result::sight::{SeenLine, Sight, lines};
use crate::scope::{self, round_of, round_target, scheme_of};
use crate::transition::RoundState;
use crate::{correction, result, round, round::done, round::round_list, sample, scheme, view};

/// A line of the sheet.
#[derive(Clone, Debug)]
pub struct Line {
    /// The village.
    pub name: String,
    /// Its score sheet, where it is the visitor's to read; else empty.
    pub href: String,
    /// Its town.
    pub town: String,
    /// Its score, where the visitor may know it.
    pub score: String,
    /// Its grade, where the visitor may know it.
    pub grade: String,
    /// Rank or band.
    pub rank: String,
}

/// The page.
#[derive(Debug, Template)]
#[template(path = "result/posting.html")]
pub struct PostingPage {
    l: Locale,
    round_link: String,
    title: String,
    place: String,
    state: String,
    chip: &'static str,
    term: String,
    /// What the visitor has just done; empty else.
    done: String,
    /// That an older version is shown, and which is in force; empty for the present one.
    old: String,
    /// How to object, or that the term is over; empty for an old version.
    objections: String,
    /// Who sees scores and ranks, and why.
    who_sees: String,
    provisional: bool,
    version: i64,
    versions: Vec<Link>,
    lines: Vec<Line>,
    digests: Vec<(String, String)>,
    command: String,
    ranks: bool,
    checkpoint: String,
}

/// The route.
pub(crate) fn route() -> Route {
    Route::page(
        "/rounds/{round}/posting",
        Policy::On(Action::RoundRead, round_target),
        page,
    )
}

fn page(
    context: &Context,
    params: &Params,
    connection: &mut dyn Connection,
) -> Result<PostingPage, PageError> {
    let l = &context.l;
    let round = round_of(context, params, connection)?;
    let tenant = context.tenant;
    if !matches!(round.state, RoundState::Posted | RoundState::Finalised) {
        return Err(PageError::NotFound);
    }
    let published = scheme_of(connection, tenant, &round)?;
    let plan = scheme::plan(&published)?;
    let shown = match params.query("version") {
        None => result::shown(connection, tenant, &round)?,
        Some(version) => {
            let version = version.parse().map_err(|_| PageError::NotFound)?;
            result::version(connection, tenant, round.round, version)?
        }
    };
    let shown = shown.ok_or(PageError::NotFound)?;
    let all = correction::versions(connection, tenant, round.round)?;
    let (from, until) = shown.posting.ok_or(PageError::NotFound)?;
    let present = all.iter().map(|version| version.version).max();
    let is_old = shown.version < present;
    let exact = scope::may(context, connection, &round, Action::RankReadExact)?;
    let reading = Scope::new(&context.subject, Action::ScoreRead, context.today());
    let sight = match (exact, context.holds(Action::ScoreRead)) {
        (true, _) => Sight::Everybody,
        (false, true) => Sight::Own(scope::visible(connection, &reading, round.round)?),
        (false, false) => Sight::Nothing,
    };
    let subjects = round::subjects(connection, tenant, round.round)?;
    let results = result::lines(connection, tenant, round.round, &shown)?;
    let ranks = sight != Sight::Nothing;
    let checkpoint = match shown.command {
        Some(command) => app::sealer::first_note_covering(connection, tenant, command)?,
        None => None,
    };
    let who_sees = l.text(who_sees(&sight)).to_string();
    let digests = [
        ("plan-digest", shown.digests.plan),
        ("inputs-digest", shown.digests.inputs),
        ("result-digest", shown.digests.results),
    ];
    Ok(PostingPage {
        round_link: format!("/rounds/{}", round.round),
        title: view::round_title(l, &round, &published),
        place: round.place_name.clone(),
        state: round_list::state_text(l, round.state),
        chip: round_list::chip(round.state),
        term: l
            .text("posting-term")
            .arg("from", l.day(from))
            .arg("until", l.day(until))
            .arg("days", round.posting_days)
            .to_string(),
        done: done::text(l, params, &round),
        objections: if is_old {
            String::new()
        } else if context.now < until.end() {
            l.text("posting-objections").to_string()
        } else {
            l.text("posting-objections-over").to_string()
        },
        old: if is_old {
            l.text("posting-old")
                .arg("version", shown.version.unwrap_or(1))
                .arg("present", present.unwrap_or(1))
                .to_string()
        } else {
            String::new()
        },
        who_sees,
        provisional: shown.provisional_calendar,
        version: shown.version.unwrap_or(1),
        versions: versions(l, &round, &all, shown.version),
        lines: lines(&subjects, &results, &sight)
            .into_iter()
            .map(|seen| line(l, &round, plan.scheme(), ranks, seen))
            .collect(),
        digests: digests
            .map(|(key, digest)| (l.text(key).to_string(), app::FileHash(digest).to_string()))
            .to_vec(),
        ranks,
        checkpoint: checkpoint.unwrap_or_else(|| l.text("posting-checkpoint-later").to_string()),
        command: shown
            .command
            .map(|command| command.to_string())
            .unwrap_or_default(),
        l: l.clone(),
    })
}

/// A village's line; what the visitor may not know is empty.
fn line(l: &Locale, round: &round::Round, scheme: &Scheme, ranks: bool, seen: SeenLine) -> Line {
    Line {
        href: if seen.exact {
            format!("/rounds/{}/villages/{}", round.round, seen.subject.place)
        } else {
            String::new()
        },
        rank: match (seen.rank, seen.band) {
            (Some(rank), _) => rank.to_string(),
            (None, Some(band)) => l.text(band.text_key()).to_string(),
            (None, None) if ranks => view::rank(l, None),
            (None, None) => String::new(),
        },
        score: seen
            .score
            .map(|score| view::score(l, scheme, Some(score)))
            .unwrap_or_default(),
        grade: seen
            .grade
            .map(|grade| view::grade(l, scheme, &grade))
            .unwrap_or_default(),
        name: seen.subject.shown_name().to_owned(),
        town: seen.subject.town_name.unwrap_or_default(),
    }
}

/// The text that says what the visitor is shown, what not, and why.
fn who_sees(sight: &Sight) -> &'static str {
    match sight {
        Sight::Everybody => "posting-sees-all",
        Sight::Own(_) => "posting-sees-own",
        Sight::Nothing => "posting-sees-none",
    }
}

/// Links to every posted version, where there are several.
fn versions(
    l: &Locale,
    round: &round::Round,
    all: &[correction::Version],
    shown: Option<i64>,
) -> Vec<Link> {
    if all.len() < 2 {
        return Vec::new();
    }
    all.iter()
        .map(|version| {
            let number = version.version;
            let href = format!("/rounds/{}/posting?version={number}", round.round);
            let label = l.text("changes-version").arg("version", number).to_string();
            Link::to(href, label).current(shown == Some(number))
        })
        .collect()
}

impl Page for PostingPage {
    fn head(&self) -> Head {
        Head::new(self.l.text("posting-title"))
    }

    fn samples(l: &Locale) -> Samples<PostingPage> {
        let page = |place: &str, name: &str, count: usize| {
            let line = Line {
                name: name.to_owned(),
                href: if count > 2 {
                    "/rounds/1/villages/2".to_owned()
                } else {
                    String::new()
                },
                town: "清河镇".to_owned(),
                score: "93.75".to_owned(),
                grade: l.choose("示范", "Model").to_owned(),
                rank: "1".to_owned(),
            };
            let day = l.day(sample::now().day());
            PostingPage {
                l: l.clone(),
                round_link: "/rounds/1".to_owned(),
                title: sample::round_title(l),
                place: place.to_owned(),
                state: round_list::state_text(l, RoundState::Posted),
                chip: "2",
                term: l
                    .text("posting-term")
                    .arg("from", day.clone())
                    .arg("until", day)
                    .arg("days", 5)
                    .to_string(),
                done: l
                    .text("done-post")
                    .arg("day", l.day(sample::now().day()))
                    .to_string(),
                old: if count > 2 {
                    l.text("posting-old")
                        .arg("version", 1)
                        .arg("present", 3)
                        .to_string()
                } else {
                    String::new()
                },
                objections: l.text("posting-objections").to_string(),
                who_sees: l.text("posting-sees-all").to_string(),
                provisional: true,
                version: 1,
                versions: vec![
                    Link::to(
                        "/rounds/1/posting?version=1",
                        l.text("changes-version").arg("version", 1).to_string()
                    )
                    .current(true);
                    count - 2
                ],
                lines: vec![line; count],
                digests: vec![(l.text("result-digest").to_string(), "ab".repeat(32))],
                command: sample::id().to_string(),
                ranks: count > 2,
                checkpoint: "xingcun/yunling\n1840\nqrvM\n".to_owned(),
            }
        };
        Samples {
            ordinary: page("云岭县", "柳湾村", 4),
            longest: page(sample::LONGEST_PLACE, sample::LONGEST_PLACE, 2),
            empty: None,
            with_error: None,
        }
    }
}
