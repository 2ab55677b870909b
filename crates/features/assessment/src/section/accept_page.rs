//! The sections of a round that wait for the visitor's town or county, to be accepted together as
//! they stand: a list to tick in, and a last look at what is accepted. What is to be changed or
//! given back is done on the section's own page.

use std::collections::{BTreeMap, BTreeSet};

use access::{Action, Resource, Scope};
use askama::Template;
use kernel::{Finding, FindingArg, Instant, PlaceId};
use store::{Connection, values};
use web::{
    Attempt, Cell, Choice, Context, ExportLinks, Form, FormHandler, FormStart, Head, Locale, Page,
    PageError, Pager, Params, Policy, Route, Samples, SortHead, Sorting, Table,
};

use crate::round::{self, Round, RoundItem, Section, Subject};
use crate::scope::{self, round_of, scheme_of};
use crate::section::accept::{Accepted, MANY_MAX, ReviewMany, Seen, VerifyMany, changed_items};
use crate::section::accept_values::{AcceptedValue, Values};
use crate::section::cell;
use crate::section::decision::is_asked;
use crate::section::evidence;
use crate::transition::{RoundState, SectionAct, SectionState, in_time};
use crate::{RoundId, sample, section, view};

store::statements! {
    /// Where the sections of a round stand that are in one of two states.
    SELECT_IN_STATES = concat!(
        "SELECT subject_no, section_no, state, revision, at, due FROM section_state ",
        "WHERE tenant = $1 AND round = $2 AND state IN ($3, $4) ORDER BY subject_no, section_no"
    );
}

/// Which step is done for many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Many {
    /// The town verifies.
    Verify,
    /// The county reviews.
    Review,
}

impl Many {
    fn act(self) -> SectionAct {
        match self {
            Many::Verify => SectionAct::Verify,
            Many::Review => SectionAct::Review,
        }
    }

    fn action(self) -> Action {
        match self {
            Many::Verify => Action::ScoreVerify,
            Many::Review => Action::ScoreReview,
        }
    }

    /// The last part of the address.
    fn address(self) -> &'static str {
        match self {
            Many::Verify => "verify",
            Many::Review => "review",
        }
    }

    fn states(self) -> [SectionState; 2] {
        match self {
            Many::Verify => [SectionState::Submitted, SectionState::SentBack],
            Many::Review => [SectionState::Verified; 2],
        }
    }

    fn text(self, verify: &'static str, review: &'static str) -> &'static str {
        match self {
            Many::Verify => verify,
            Many::Review => review,
        }
    }
}

/// A section that waits.
#[derive(Clone, Debug)]
pub struct Waiting {
    /// What a form carries: place, code and the revision that was seen.
    pub pick: String,
    /// Its page.
    pub href: String,
    /// Village.
    pub village: String,
    /// Town.
    pub town: String,
    /// The section's name.
    pub section: String,
    /// When it came to this step.
    pub at: Instant,
    /// How many values it has, with the missing ones that have a reason.
    pub values: usize,
    /// How many of them rest on files.
    pub proven: usize,
    /// How many were changed after they were declared.
    pub changed: usize,
    /// The values themselves, where the last look shows them.
    pub shown: Vec<AcceptedValue>,
    /// Why it cannot be accepted here; empty where it can.
    pub why_not: String,
}

impl Waiting {
    /// How many values differ from the round before.
    fn moved(&self) -> usize {
        self.shown.iter().filter(|value| value.moved).count()
    }
}

/// A waiting section before what it holds is read.
struct Standing<'r> {
    subject: &'r Subject,
    section: &'r Section,
    now: section::SectionNow,
}

/// What the lists of one round have in common.
struct Board {
    round: Round,
    title: String,
    subjects: Vec<Subject>,
    sections: Vec<Section>,
    items: Vec<RoundItem>,
}

impl Standing<'_> {
    fn seen(&self) -> Seen {
        Seen {
            place: self.subject.place,
            section: self.section.code.clone(),
            revision: self.now.revision,
        }
    }
}

impl Board {
    fn read(
        context: &Context,
        params: &Params,
        connection: &mut dyn Connection,
    ) -> Result<Board, PageError> {
        let (tenant, round) = (context.tenant, round_of(context, params, connection)?);
        let published = scheme_of(connection, tenant, &round)?;
        Ok(Board {
            title: view::round_title(&context.l, &round, &published),
            subjects: round::subjects(connection, tenant, round.round)?,
            sections: round::sections(connection, tenant, round.round)?,
            items: round::items(connection, tenant, round.round)?,
            round,
        })
    }

    /// Every section in the visitor's scope that waits for the step.
    fn waiting(
        &self,
        context: &Context,
        connection: &mut dyn Connection,
        many: Many,
    ) -> Result<Vec<Standing<'_>>, PageError> {
        if self.round.state != RoundState::Open {
            return Ok(Vec::new());
        }
        let scope = Scope::new(&context.subject, many.action(), context.today());
        let visible = scope::visible(connection, &scope, self.round.round)?;
        let [one, other] = many.states();
        let key = values![context.tenant, self.round.round, one, other];
        let rows = connection.all(&SELECT_IN_STATES, &key, |row| {
            let now = section::SectionNow {
                section_no: row.int(1)?,
                state: row.parse(2)?,
                revision: row.int(3)?,
                person: None,
                at: row.instant(4)?,
                reason: None,
                due: row.optional_day(5)?,
            };
            Ok((row.int(0)?, now))
        })?;
        let standing = |(number, now): (i64, section::SectionNow)| {
            let subject = self.subjects.iter().find(|one| one.subject_no == number)?;
            let section = self
                .sections
                .iter()
                .find(|one| one.section_no == now.section_no)?;
            visible.contains(&number).then_some(Standing {
                subject,
                section,
                now,
            })
        };
        Ok(rows.into_iter().filter_map(standing).collect())
    }

    /// What a section holds, and whether the visitor may accept it as it stands.
    fn look(
        &self,
        context: &Context,
        connection: &mut dyn Connection,
        standing: &Standing<'_>,
        (many, shown_with): (Many, Option<&Values>),
    ) -> Result<Waiting, PageError> {
        let (l, tenant, id) = (&context.l, context.tenant, self.round.round);
        let (subject, section) = (standing.subject, standing.section);
        let number = subject.subject_no;
        let cells = cell::of_subject(connection, tenant, id, number)?;
        let files = evidence::of_subject(connection, tenant, id, number)?;
        let asked: BTreeSet<i64> = self
            .items
            .iter()
            .filter(|item| item.section_no == section.section_no && is_asked(item))
            .map(|item| item.item_no)
            .collect();
        let said = |item: &&i64| {
            let cell = cells.get(&(number, **item));
            cell.is_some_and(|cell| cell.counts().is_some())
        };
        let values = asked.iter().filter(said).count();
        let proven: BTreeSet<i64> = files
            .iter()
            .map(|file| file.item_no)
            .filter(|item| asked.contains(item))
            .collect();
        let changed = changed_items(&cells, number, &asked);
        let mut shown = Vec::new();
        if let Some(with) = shown_with {
            let before = with.before(context, connection, subject.place)?;
            let items = self.items.iter();
            for item in items.filter(|item| asked.contains(&item.item_no)) {
                let is_proven = proven.contains(&item.item_no);
                let cell = cells.get(&(number, item.item_no));
                shown.extend(cell.and_then(|cell| with.one(l, item, cell, &before, is_proven)));
            }
        }
        let why_not = if let Some(why) = self.not_by(context, connection, standing, many)? {
            why
        } else if values < asked.len() {
            l.text("many-needs-values").to_string()
        } else if many == Many::Review && changed > 0 {
            l.text("many-was-changed").to_string()
        } else {
            String::new()
        };
        let (round, place) = (self.round.round, subject.place);
        Ok(Waiting {
            pick: written(&standing.seen()),
            href: format!("/rounds/{round}/villages/{place}/sections/{}", section.code),
            village: subject.shown_name().to_owned(),
            town: subject.town_name.clone().unwrap_or_default(),
            section: view::section_title(l, section),
            at: standing.now.at,
            values,
            proven: proven.len(),
            changed,
            shown,
            why_not,
        })
    }

    /// Why this person may not do it at all, or not today.
    fn not_by(
        &self,
        context: &Context,
        connection: &mut dyn Connection,
        standing: &Standing<'_>,
        many: Many,
    ) -> Result<Option<String>, PageError> {
        let (l, tenant, id) = (&context.l, context.tenant, self.round.round);
        let number = standing.subject.subject_no;
        let section_no = standing.section.section_no;
        let events = section::events(connection, tenant, id, number, section_no)?;
        let history = section::involved(&events);
        let ancestors = round::ancestors(connection, tenant, id, number)?;
        let resource = Resource::at(tenant, &ancestors).history(&history);
        let decision = access::decide(&context.subject, many.action(), &resource, context.today());
        if !decision.is_allowed() {
            return Ok(Some(l.text("many-not-you").to_string()));
        }
        let terms = round::terms(connection, tenant, id, number)?;
        let late = in_time(many.act(), terms, standing.now.due, context.today()).is_err();
        Ok(late.then(|| l.text("many-late").to_string()))
    }
}

/// `place:section:revision`.
fn written(seen: &Seen) -> String {
    format!("{}:{}:{}", seen.place, seen.section, seen.revision)
}

fn picked(text: &str) -> Option<Seen> {
    let mut parts = text.splitn(3, ':');
    let (place, section, revision) = (parts.next()?, parts.next()?, parts.next()?);
    Some(Seen {
        place: place.parse().ok()?,
        section: section.to_owned(),
        revision: revision.parse().ok()?,
    })
}

/// The list.
#[derive(Debug, Template)]
#[template(path = "section/accept_list.html")]
pub struct AcceptList {
    l: Locale,
    address: String,
    round_link: String,
    round_title: String,
    title: String,
    lede: String,
    done: String,
    lines: Vec<Waiting>,
    words: String,
    town: String,
    towns: Vec<Choice>,
    section: String,
    sections: Vec<Choice>,
    narrowed: bool,
    pager: Pager,
    heads: [SortHead; 4],
    exports: ExportLinks,
}

/// The columns by which the list can be sorted.
const COLUMNS: &[&str] = &["village", "town", "section", "at"];

/// The routes.
pub(crate) fn routes() -> Vec<Route> {
    let verify = || Policy::Holds(Action::ScoreVerify);
    let review = || Policy::Holds(Action::ScoreReview);
    let mut routes = vec![
        Route::page("/rounds/{round}/verify", verify(), |c, p, connection| {
            list(c, p, connection, Many::Verify)
        }),
        Route::page("/rounds/{round}/review", review(), |c, p, connection| {
            list(c, p, connection, Many::Review)
        }),
        Route::page(
            "/rounds/{round}/verify/check",
            verify(),
            |c, p, connection| check(c, p, connection, Many::Verify),
        ),
        Route::page(
            "/rounds/{round}/review/check",
            review(),
            |c, p, connection| check(c, p, connection, Many::Review),
        ),
        Route::form(
            "/rounds/{round}/verify/check",
            verify(),
            FormHandler {
                read: |_, params, form| {
                    let (round, sections) = read(params, form)?;
                    Ok(VerifyMany { round, sections })
                },
                done: |_, params, done: &Accepted| after(params, Many::Verify, done),
                again: |c, p, connection| check(c, p, connection, Many::Verify),
            },
        ),
        Route::form(
            "/rounds/{round}/review/check",
            review(),
            FormHandler {
                read: |_, params, form| {
                    let (round, sections) = read(params, form)?;
                    Ok(ReviewMany { round, sections })
                },
                done: |_, params, done: &Accepted| after(params, Many::Review, done),
                again: |c, p, connection| check(c, p, connection, Many::Review),
            },
        ),
    ];
    routes.extend(Route::table(
        ["/rounds/{round}/verify.xlsx", "/rounds/{round}/verify.csv"],
        verify(),
        |c, p, connection| export(c, p, connection, Many::Verify),
    ));
    routes.extend(Route::table(
        ["/rounds/{round}/review.xlsx", "/rounds/{round}/review.csv"],
        review(),
        |c, p, connection| export(c, p, connection, Many::Review),
    ));
    routes
}

fn read(params: &Params, form: &Form) -> Result<(RoundId, Vec<Seen>), Vec<Finding>> {
    let round = params.path("round").parse();
    let round = round.map_err(|_| vec![Finding::error("not-found").arg("kind", "round")])?;
    let sections: Option<Vec<Seen>> = form.all("pick").map(picked).collect();
    let unreadable = || vec![Finding::error("sections-none").field("sections")];
    Ok((round, sections.ok_or_else(unreadable)?))
}

fn after(params: &Params, many: Many, done: &Accepted) -> String {
    let (round, step) = (params.path("round"), many.address());
    format!("/rounds/{round}/{step}?done={}", done.sections)
}

/// What the address narrows the list to, and the waiting sections that are left, sorted.
fn narrowed<'b>(params: &Params, mut waiting: Vec<Standing<'b>>) -> Vec<Standing<'b>> {
    let [words, town, section] =
        ["q", "town", "section"].map(|name| params.query(name).unwrap_or_default());
    waiting.retain(|one| {
        one.subject.shown_name().contains(words)
            && (town.is_empty() || one.subject.town_name.as_deref() == Some(town))
            && (section.is_empty() || one.section.code == section)
    });
    let sorting = Sorting::of(params, COLUMNS);
    match sorting.column {
        "town" => waiting.sort_by_key(|one| one.subject.town_name.clone()),
        "section" => waiting.sort_by_key(|one| one.section.section_no),
        "at" => waiting.sort_by_key(|one| one.now.at),
        // As the round numbers its villages.
        _ => waiting.sort_by_key(|one| one.subject.subject_no),
    }
    if sorting.descending {
        waiting.reverse();
    }
    waiting
}

fn list(
    context: &Context,
    params: &Params,
    connection: &mut dyn Connection,
    many: Many,
) -> Result<AcceptList, PageError> {
    let l = &context.l;
    let board = Board::read(context, params, connection)?;
    let all = board.waiting(context, connection, many)?;
    let towns: BTreeSet<&str> = all
        .iter()
        .filter_map(|one| one.subject.town_name.as_deref())
        .collect();
    let towns = towns.into_iter().map(|town| Choice::new(town, town));
    let towns: Vec<Choice> = towns.collect();
    let sections = board.sections.iter();
    let sections = sections.map(|one| Choice::new(one.code.clone(), view::section_title(l, one)));
    let sections: Vec<Choice> = sections.collect();
    let shown = narrowed(params, all);
    let per_page = u32::try_from(MANY_MAX).unwrap_or(u32::MAX);
    let pager = Pager::new(params, shown.len(), per_page);
    let offset = usize::try_from(pager.offset()).unwrap_or(0);
    let mut lines = Vec::new();
    for standing in shown.iter().skip(offset).take(MANY_MAX) {
        lines.push(board.look(context, connection, standing, (many, None))?);
    }
    let sorting = Sorting::of(params, COLUMNS);
    let round_link = format!("/rounds/{}", board.round.round);
    let address = format!("{round_link}/{}", many.address());
    let query = |name| params.query(name).unwrap_or_default().to_owned();
    let done: Option<usize> = params.query_as("done");
    let told = many.text("many-done-verify", "many-done-review");
    Ok(AcceptList {
        done: done.map_or(String::new(), |count| {
            l.text(told).arg("count", count).to_string()
        }),
        title: l
            .text(many.text("many-title-verify", "many-title-review"))
            .to_string(),
        lede: l
            .text(many.text("many-lede-verify", "many-lede-review"))
            .to_string(),
        round_title: board.title.clone(),
        words: query("q"),
        town: query("town"),
        section: query("section"),
        narrowed: ["q", "town", "section"]
            .iter()
            .any(|name| params.query(name).is_some()),
        heads: ["village", "town", "section", "at"].map(|column| sorting.head(params, column)),
        exports: ExportLinks::of(params, &address),
        round_link,
        address,
        lines,
        towns,
        sections,
        pager,
        l: l.clone(),
    })
}

fn export(
    context: &Context,
    params: &Params,
    connection: &mut dyn Connection,
    many: Many,
) -> Result<Table, PageError> {
    let l = &context.l;
    let board = Board::read(context, params, connection)?;
    let all = board.waiting(context, connection, many)?;
    let mut rows: Vec<Vec<Cell>> = Vec::new();
    for standing in narrowed(params, all) {
        let line = board.look(context, connection, &standing, (many, None))?;
        rows.push(vec![
            line.village.into(),
            line.town.into(),
            line.section.into(),
            line.at.into(),
            count(line.values),
            count(line.proven),
            count(line.changed),
            line.why_not.into(),
        ]);
    }
    let heads = [
        "ranking-village",
        "ranking-town",
        "many-section",
        "many-since",
        "many-values",
        "many-proven",
        "many-changed",
        "many-why-not",
    ];
    let title = l.text(many.text("many-title-verify", "many-title-review"));
    let query = |name| params.query(name).unwrap_or_default();
    let filters = [
        ("ranking-village", query("q")),
        ("ranking-town", query("town")),
        ("many-section", query("section")),
    ];
    let title = format!("{title} {}", board.title);
    Ok(Table::new(l, title, &heads, context.now)
        .narrowed(l, &filters)
        .rows(rows))
}

fn count(number: usize) -> Cell {
    kernel::Decimal::from_int(i64::try_from(number).unwrap_or(i64::MAX)).into()
}

/// The last look.
#[derive(Debug, Template)]
#[template(path = "section/accept_check.html")]
pub struct AcceptCheck {
    l: Locale,
    address: String,
    back: String,
    round_title: String,
    title: String,
    send: String,
    summary: String,
    lines: Vec<Waiting>,
    /// Names of what was ticked and does not wait as it was seen.
    gone: Vec<String>,
    picks: Vec<String>,
    start: FormStart,
    attempt: Attempt,
}

fn check(
    context: &Context,
    params: &Params,
    connection: &mut dyn Connection,
    many: Many,
) -> Result<AcceptCheck, PageError> {
    let l = &context.l;
    let board = Board::read(context, params, connection)?;
    let ticked: Vec<String> = if context.attempt.sent {
        context
            .attempt
            .form
            .all("pick")
            .map(str::to_owned)
            .collect()
    } else {
        params.query_all("pick").map(str::to_owned).collect()
    };
    let seen: Vec<Seen> = ticked.iter().filter_map(|text| picked(text)).collect();
    let waiting = board.waiting(context, connection, many)?;
    let by_name: BTreeMap<(PlaceId, &str), &Standing<'_>> = waiting
        .iter()
        .map(|one| ((one.subject.place, one.section.code.as_str()), one))
        .collect();
    let values = Values::of(context, connection, &board.round)?;
    let (mut lines, mut gone) = (Vec::new(), Vec::new());
    for one in seen.iter().take(MANY_MAX) {
        match by_name.get(&(one.place, one.section.as_str())) {
            Some(standing) if standing.now.revision == one.revision => {
                lines.push(board.look(context, connection, standing, (many, Some(&values)))?);
            }
            _ => gone.push(name(l, &board, one)),
        }
    }
    let total = |of: fn(&Waiting) -> usize| lines.iter().map(of).sum::<usize>();
    let summary = l
        .text("many-summary")
        .arg("count", lines.len())
        .arg("values", total(|line| line.values))
        .arg("proven", total(|line| line.proven))
        .arg("changed", total(|line| line.changed));
    let back = format!("/rounds/{}/{}", board.round.round, many.address());
    Ok(AcceptCheck {
        summary: summary.to_string(),
        title: l
            .text(many.text("many-check-verify", "many-check-review"))
            .to_string(),
        send: l
            .text(many.text("many-send-verify", "many-send-review"))
            .to_string(),
        round_title: board.title.clone(),
        address: format!("{back}/check"),
        back,
        gone,
        picks: lines.iter().map(|line| line.pick.clone()).collect(),
        start: context.form(),
        attempt: with_section_titles(l, &board.sections, &context.attempt),
        lines,
        l: l.clone(),
    })
}

fn name(l: &Locale, board: &Board, seen: &Seen) -> String {
    let village = board.subjects.iter().find(|one| one.place == seen.place);
    let section = board.sections.iter().find(|one| one.code == seen.section);
    format!(
        "{} {}",
        village.map_or("", Subject::shown_name),
        section.map_or_else(String::new, |one| view::section_title(l, one))
    )
}

/// The attempt with names of sections where its findings have codes.
fn with_section_titles(l: &Locale, sections: &[Section], attempt: &Attempt) -> Attempt {
    let mut attempt = attempt.clone();
    for (name, value) in attempt.findings.iter_mut().flat_map(|one| &mut one.args) {
        if let FindingArg::Text(code) = value
            && name == "section"
            && let Some(known) = sections.iter().find(|one| one.code == *code)
        {
            *code = view::section_title(l, known);
        }
    }
    attempt
}

/// Invented lines.
fn samples(l: &Locale, village: &str) -> Vec<Waiting> {
    let line = |number: usize, why_not: &str| Waiting {
        pick: format!("{}:common_prosperity:{number}", sample::id()),
        href: "/rounds/1/villages/2/sections/3".to_owned(),
        village: village.to_owned(),
        town: l.choose("清河镇", "Qinghe").to_owned(),
        section: l.choose("共富指数", "Common prosperity").to_owned(),
        at: sample::now(),
        values: 5,
        proven: 2,
        changed: number,
        shown: vec![AcceptedValue {
            title: l.choose("合作社参与率", "Co-op share").to_owned(),
            value: "41.5 %".to_owned(),
            declared: "45.5 %".to_owned(),
            before: "36.2 %".to_owned(),
            moved: true,
            proven: number == 0,
        }],
        why_not: why_not.to_owned(),
    };
    let needs = l.text("many-needs-values").to_string();
    vec![line(0, ""), line(1, ""), line(2, &needs)]
}

impl Page for AcceptList {
    fn head(&self) -> Head {
        Head::new(format!("{} {}", self.title, self.round_title))
    }

    fn samples(l: &Locale) -> Samples<AcceptList> {
        let page = |lines: Vec<Waiting>| {
            let params = Params::default();
            let sorting = Sorting::of(&params, COLUMNS);
            AcceptList {
                l: l.clone(),
                address: "/rounds/1/verify".to_owned(),
                round_link: "/rounds/1".to_owned(),
                round_title: sample::round_title(l),
                title: l.text("many-title-verify").to_string(),
                lede: l.text("many-lede-verify").to_string(),
                done: if lines.is_empty() {
                    l.text("many-done-verify").arg("count", 12).to_string()
                } else {
                    String::new()
                },
                words: String::new(),
                town: String::new(),
                towns: vec![Choice::new("清河镇", "清河镇")],
                section: String::new(),
                sections: vec![Choice::new("a", l.choose("共富指数", "Common prosperity"))],
                narrowed: false,
                pager: Pager::new(&params, lines.len(), 50),
                heads: ["village", "town", "section", "at"]
                    .map(|column| sorting.head(&params, column)),
                exports: ExportLinks::of(&params, "/rounds/1/verify"),
                lines,
            }
        };
        Samples {
            ordinary: page(samples(l, "柳湾村")),
            longest: page(samples(l, sample::LONGEST_PLACE)),
            empty: Some(page(Vec::new())),
            with_error: None,
        }
    }
}

impl Page for AcceptCheck {
    fn head(&self) -> Head {
        Head::new(format!("{} {}", self.title, self.round_title))
    }

    fn samples(l: &Locale) -> Samples<AcceptCheck> {
        let page = |lines: Vec<Waiting>| AcceptCheck {
            l: l.clone(),
            address: "/rounds/1/verify/check".to_owned(),
            back: "/rounds/1/verify".to_owned(),
            round_title: sample::round_title(l),
            title: l.text("many-check-verify").to_string(),
            send: l.text("many-send-verify").to_string(),
            summary: l
                .text("many-summary")
                .arg("count", lines.len())
                .arg("values", 10)
                .arg("proven", 4)
                .arg("changed", 1)
                .to_string(),
            picks: lines.iter().map(|line| line.pick.clone()).collect(),
            gone: Vec::new(),
            start: sample::start(),
            attempt: Attempt::default(),
            lines,
        };
        let two = |village| samples(l, village).into_iter().take(2).collect();
        let mut refused = page(two("柳湾村"));
        refused.gone = vec!["白石村".to_owned()];
        refused.attempt.sent = true;
        refused.attempt.findings = vec![
            Finding::error("section-in-the-way")
                .arg("village", "柳湾村")
                .arg("section", "common_prosperity"),
            Finding::error("changed-since")
                .arg("who", "陈国平")
                .arg("when", sample::now().minute_text()),
        ];
        Samples {
            ordinary: page(two("柳湾村")),
            longest: page(two(sample::LONGEST_PLACE)),
            empty: Some(page(Vec::new())),
            with_error: Some(refused),
        }
    }
}
