//! The page of a round: how far it is, its terms, what can be done next, and the villages that
//! the visitor may see, section by section. Who is late is counted, not shamed.

use std::collections::BTreeMap;

use access::{Action, Scope};
use askama::Template;
use kernel::Tenant;
use store::{Connection, StoreError, values};
use web::{
    Choice, Context, Head, Link, Locale, Page, PageError, Pager, Params, Policy, Route, Samples,
    Step, StepState,
};

use crate::RoundId;
use crate::round::blockers::{self, Blocker, BlockerKind};
use crate::round::round_list::{self, Progress};
use crate::round::round_next::{self, NextLine};
use crate::round::{self, Round, Section, Subject};
use crate::scope::{self, round_of, round_target, scheme_of};
use crate::transition::{RoundState, SectionState};
use crate::{round::done, sample, view};

store::statements! {
    /// Where every section of a round stands.
    SELECT_STATES = concat!(
        "SELECT subject_no, section_no, state FROM section_state ",
        "WHERE tenant = $1 AND round = $2 ORDER BY subject_no, section_no"
    );
}

/// Where every section of a round stands, by subject and section.
pub fn states(
    connection: &mut dyn Connection,
    tenant: Tenant,
    round: RoundId,
) -> Result<BTreeMap<(i64, i64), SectionState>, StoreError> {
    let states = connection.all(&SELECT_STATES, &values![tenant, round], |row| {
        Ok(((row.int(0)?, row.int(1)?), row.parse(2)?))
    })?;
    Ok(states.into_iter().collect())
}

/// A town's line.
#[derive(Clone, Debug)]
pub struct TownLine {
    /// Its name.
    pub name: String,
    /// How far its sections are.
    pub progress: Progress,
    /// How many of its villages have something left to declare.
    pub open_villages: usize,
}

/// One section of one village.
#[derive(Clone, Debug)]
pub struct StateCell {
    /// Its page.
    pub href: String,
    /// The word of its state.
    pub word: String,
    /// The colour.
    pub chip: &'static str,
}

/// A village's line.
#[derive(Clone, Debug)]
pub struct VillageLine {
    /// The village's page in this round.
    pub href: String,
    /// Its name.
    pub name: String,
    /// Its town.
    pub town: String,
    /// Its sections.
    pub cells: Vec<StateCell>,
    /// Whether something is left to declare although its last day has passed.
    pub late: bool,
    /// Until when it may declare, where it was given more time; else empty.
    pub extended: String,
    /// Where it is given more time, for whoever may.
    pub extend: String,
}

/// The page.
#[derive(Debug, Template)]
#[template(path = "round/round_page.html")]
pub struct RoundPage {
    l: Locale,
    address: String,
    title: String,
    /// What the visitor has just done; empty else.
    done: String,
    lede: String,
    state: String,
    chip: &'static str,
    steps: Vec<Step>,
    next: Vec<NextLine>,
    facts: Vec<(String, String)>,
    acts: Vec<Link>,
    links: Vec<Link>,
    sections: Vec<String>,
    /// Whether the visitor may see how far single villages are.
    sees_villages: bool,
    villages: Vec<VillageLine>,
    towns: Vec<TownLine>,
    town_choices: Vec<Choice>,
    town: String,
    words: String,
    waiting: bool,
    only_late: bool,
    late_count: usize,
    pager: Pager,
}

const PER_PAGE: u32 = 50;

/// The route.
pub(crate) fn route() -> Route {
    Route::page(
        "/rounds/{round}",
        Policy::On(Action::RoundRead, round_target),
        page,
    )
}

fn page(
    context: &Context,
    params: &Params,
    connection: &mut dyn Connection,
) -> Result<RoundPage, PageError> {
    let l = &context.l;
    let round = round_of(context, params, connection)?;
    let (id, tenant) = (round.round, context.tenant);
    let published = scheme_of(connection, tenant, &round)?;
    let subjects = round::subjects(connection, tenant, id)?;
    let sections = round::sections(connection, tenant, id)?;
    let states = states(connection, tenant, id)?;
    let terms = round::terms(connection, tenant, id, 0)?;
    let mut all = Progress::default();
    for state in states.values() {
        all.add(*state, 1);
    }
    let reading = Scope::new(&context.subject, Action::ScoreRead, context.today());
    let visible = scope::visible(connection, &reading, id)?;
    let mine: Vec<&Subject> = subjects
        .iter()
        .filter(|subject| visible.contains(&subject.subject_no))
        .collect();
    let own_terms = round::own_terms(connection, tenant, id)?;
    let is_late = |subject: &Subject| {
        let own = own_terms.get(&subject.subject_no);
        let held = own.map_or(terms, |own| terms.later(*own));
        round.state == RoundState::Open
            && context.today() > held.declare_until
            && has_open(subject.subject_no, &states)
    };
    let may_extend = round.state == RoundState::Open
        && scope::may(context, connection, &round, Action::RoundAdvance)?;
    let late_count = mine.iter().filter(|subject| is_late(subject)).count();
    let filter = Filter::of(params);
    let shown: Vec<&Subject> = mine
        .iter()
        .filter(|subject| filter.takes(subject, &states))
        .filter(|subject| !filter.late || is_late(subject))
        .copied()
        .collect();
    let pager = Pager::new(params, shown.len(), PER_PAGE);
    let offset = usize::try_from(pager.offset()).unwrap_or(0);
    let on_page = shown.into_iter().skip(offset).take(PER_PAGE as usize);
    let facts = [
        ("term-fact-declare", l.day(terms.declare_until)),
        ("term-fact-verify", l.day(terms.verify_until)),
        ("term-fact-review", l.day(terms.review_until)),
    ];
    let mut facts: Vec<_> = facts
        .into_iter()
        .map(|(key, day)| (l.text(key).to_string(), day))
        .collect();
    if let Some(until) = round.posted_until {
        facts.push((l.text("posted-until").to_string(), l.day(until)));
    }
    Ok(RoundPage {
        address: format!("/rounds/{id}"),
        title: view::round_title(l, &round, &published),
        done: done::text(l, params, &round),
        lede: format!("{} · {}", round.place_name, view::period(l, round.period)),
        state: round_list::state_text(l, round.state),
        chip: round_list::chip(round.state),
        steps: steps(l, round.state, &all),
        next: round_next::lines(context, connection, &round, (&all, terms))?,
        facts,
        acts: acts(context, connection, &round, &all)?,
        links: links(context, &round),
        villages: on_page
            .map(|subject| {
                let mut line = village(l, id, subject, &sections, &states);
                line.late = is_late(subject);
                if let Some(own) = own_terms.get(&subject.subject_no) {
                    let day = l.day(own.declare_until);
                    line.extended = l.text("village-extended").arg("day", day).to_string();
                }
                if may_extend && line.late {
                    line.extend = format!("/rounds/{id}/extend?place={}", subject.place);
                }
                line
            })
            .collect(),
        sees_villages: !mine.is_empty(),
        towns: towns(&mine, &states),
        town_choices: town_choices(&mine),
        town: filter.town,
        words: filter.words,
        waiting: filter.waiting,
        only_late: filter.late,
        late_count,
        sections: sections
            .iter()
            .map(|section| view::section_title(l, section))
            .collect(),
        pager,
        l: l.clone(),
    })
}

/// What the address narrows the list to.
struct Filter {
    town: String,
    words: String,
    waiting: bool,
    late: bool,
}

impl Filter {
    fn of(params: &Params) -> Filter {
        let text = |name| params.query(name).unwrap_or_default().to_owned();
        Filter {
            town: text("town"),
            words: text("q"),
            waiting: params.query("open").is_some(),
            late: params.query("late").is_some(),
        }
    }

    fn takes(&self, subject: &Subject, states: &BTreeMap<(i64, i64), SectionState>) -> bool {
        let town = subject.town_name.as_deref().unwrap_or_default();
        let named = subject.name.contains(&self.words) || town.contains(&self.words);
        let in_town = self.town.is_empty() || town == self.town;
        named && in_town && (!self.waiting || has_open(subject.subject_no, states))
    }
}

fn has_open(subject_no: i64, states: &BTreeMap<(i64, i64), SectionState>) -> bool {
    states
        .range((subject_no, i64::MIN)..=(subject_no, i64::MAX))
        .any(|(_, state)| matches!(state, SectionState::Open | SectionState::Returned))
}

fn steps(l: &Locale, state: RoundState, all: &Progress) -> Vec<Step> {
    let of = |part: i64| {
        let note = l
            .text("progress-of")
            .arg("part", part)
            .arg("total", all.total);
        (note.to_string(), Some(all.percent(part)))
    };
    let reached = |at: RoundState| state >= at;
    let counted = [
        ("step-declare", all.declared),
        ("step-verify", all.verified),
        ("step-review", all.reviewed),
    ];
    let mut now_given = false;
    let mut step = |label: &str, (note, percent): (String, Option<u8>), done: bool| {
        let state = match (done, now_given) {
            (true, _) => StepState::Done,
            (false, true) => StepState::Next,
            (false, false) => {
                now_given = true;
                StepState::Now
            }
        };
        Step {
            label: label.to_owned(),
            note,
            state,
            percent,
        }
    };
    let mut steps = Vec::new();
    for (key, part) in counted {
        steps.push(step(&l.text(key).to_string(), of(part), part == all.total));
    }
    for (key, at) in [
        ("step-compute", RoundState::Provisional),
        ("step-post", RoundState::Posted),
        ("step-finalise", RoundState::Finalised),
    ] {
        steps.push(step(
            &l.text(key).to_string(),
            (String::new(), None),
            reached(at),
        ));
    }
    steps
}

/// What can be done next with the round as a whole, by whoever may.
fn acts(
    context: &Context,
    connection: &mut dyn Connection,
    round: &Round,
    all: &Progress,
) -> Result<Vec<Link>, PageError> {
    let wanted: &[(Action, &str, &str)] = match round.state {
        RoundState::Open if all.reviewed == all.total => &[
            (Action::ScoreCompute, "compute", "act-compute"),
            (Action::RoundAdvance, "extend", "act-extend"),
        ],
        RoundState::Open => &[(Action::RoundAdvance, "extend", "act-extend")],
        RoundState::Provisional => &[(Action::ScorePost, "post", "act-post")],
        RoundState::Posted => &[(Action::ScoreFinalise, "finalise", "act-finalise")],
        RoundState::Finalised => &[],
    };
    let mut links = Vec::new();
    if round.state != RoundState::Open && scope::may(context, connection, round, Action::ScorePost)?
    {
        let found = blockers::blockers(connection, context.tenant, round)?;
        let waits = |blocker: &Blocker| blocker.kind == BlockerKind::DisputeUpheld;
        if found.iter().any(waits) {
            let href = format!("/rounds/{}/correct", round.round);
            links.push(Link::to(href, context.l.text("act-correct").to_string()));
        }
    }
    for (action, path, key) in wanted {
        if scope::may(context, connection, round, *action)? {
            let href = format!("/rounds/{}/{path}", round.round);
            links.push(Link::to(href, context.l.text(key).to_string()));
        }
    }
    Ok(links)
}

fn links(context: &Context, round: &Round) -> Vec<Link> {
    let l = &context.l;
    let link = |path: &str, key: &str| {
        Link::to(
            format!("/rounds/{}/{path}", round.round),
            l.text(key).to_string(),
        )
    };
    let scheme = format!("/schemes/{}?version={}", round.scheme, round.scheme_version);
    let mut links = vec![Link::to(scheme, l.text("scheme-read").to_string())];
    links.push(link("sample", "sample-title"));
    if round.state == RoundState::Open && context.holds(Action::ScoreVerify) {
        links.push(link("verify", "many-title-verify"));
    }
    if round.state == RoundState::Open && context.holds(Action::ScoreReview) {
        links.push(link("review", "many-title-review"));
    }
    if round.state != RoundState::Open && context.holds(Action::ScoreRead) {
        links.push(link("ranking", "ranking-title"));
    }
    if matches!(round.state, RoundState::Posted | RoundState::Finalised) {
        links.push(link("posting", "posting-title"));
        links.push(link("changes", "changes-title"));
    }
    links
}

fn village(
    l: &Locale,
    round: RoundId,
    subject: &Subject,
    sections: &[Section],
    states: &BTreeMap<(i64, i64), SectionState>,
) -> VillageLine {
    let base = format!("/rounds/{round}/villages/{}", subject.place);
    let cell = |section: &Section| {
        let key = (subject.subject_no, section.section_no);
        let state = states.get(&key).copied().unwrap_or(SectionState::Open);
        StateCell {
            href: format!("{base}/sections/{}", section.code),
            word: view::section_state(l, state),
            chip: view::section_chip(state),
        }
    };
    VillageLine {
        cells: sections.iter().map(cell).collect(),
        name: subject.shown_name().to_owned(),
        town: subject.town_name.clone().unwrap_or_default(),
        href: base,
        late: false,
        extended: String::new(),
        extend: String::new(),
    }
}

fn towns(mine: &[&Subject], states: &BTreeMap<(i64, i64), SectionState>) -> Vec<TownLine> {
    let mut towns: Vec<TownLine> = Vec::new();
    for subject in mine {
        let name = subject.town_name.clone().unwrap_or_default();
        if towns.last().is_none_or(|town| town.name != name) {
            towns.push(TownLine {
                name,
                progress: Progress::default(),
                open_villages: 0,
            });
        }
        let Some(town) = towns.last_mut() else {
            continue;
        };
        let number = subject.subject_no;
        for (_, state) in states.range((number, i64::MIN)..=(number, i64::MAX)) {
            town.progress.add(*state, 1);
        }
        town.open_villages += usize::from(has_open(number, states));
    }
    towns
}

fn town_choices(mine: &[&Subject]) -> Vec<Choice> {
    let mut names: Vec<&str> = mine
        .iter()
        .filter_map(|subject| subject.town_name.as_deref())
        .collect();
    names.dedup();
    names
        .into_iter()
        .map(|name| Choice::new(name, name))
        .collect()
}

impl Page for RoundPage {
    fn head(&self) -> Head {
        Head::new(&self.title)
    }

    fn samples(l: &Locale) -> Samples<RoundPage> {
        let page = |name: &str, count: usize| {
            let cell = |state| StateCell {
                href: "/rounds/1/villages/2/sections/3".to_owned(),
                word: view::section_state(l, state),
                chip: view::section_chip(state),
            };
            let line = VillageLine {
                href: "/rounds/1/villages/2".to_owned(),
                name: name.to_owned(),
                town: "清河镇".to_owned(),
                cells: SectionState::ALL
                    .iter()
                    .take(2)
                    .map(|state| cell(*state))
                    .collect(),
                late: true,
                extended: l
                    .text("village-extended")
                    .arg("day", l.day(sample::now().day()))
                    .to_string(),
                extend: "/rounds/1/extend?place=2".to_owned(),
            };
            let all = Progress {
                total: 8,
                declared: 6,
                verified: 4,
                reviewed: 2,
            };
            RoundPage {
                l: l.clone(),
                address: "/rounds/1".to_owned(),
                title: sample::round_title(l),
                done: l.text("done-extend").to_string(),
                lede: "云岭县".to_owned(),
                state: round_list::state_text(l, RoundState::Open),
                chip: "info",
                steps: steps(l, RoundState::Open, &all),
                next: round_next::sample(l),
                facts: vec![(
                    l.text("term-fact-declare").to_string(),
                    l.day(sample::now().day()),
                )],
                acts: vec![Link::to(
                    "/rounds/1/extend",
                    l.text("act-extend").to_string(),
                )],
                links: vec![Link::to(
                    "/rounds/1/ranking",
                    l.text("ranking-title").to_string(),
                )],
                sections: vec![
                    l.choose("堡垒指数", "Fortress").to_owned(),
                    l.choose("头雁指数", "Leader").to_owned(),
                ],
                sees_villages: true,
                villages: vec![line; count],
                towns: vec![
                    TownLine {
                        name: "清河镇".to_owned(),
                        progress: all,
                        open_villages: 1
                    };
                    count
                ],
                town_choices: vec![Choice::new("清河镇", "清河镇")],
                town: String::new(),
                words: if count == 0 {
                    "柳".to_owned()
                } else {
                    String::new()
                },
                waiting: false,
                only_late: false,
                late_count: count,
                pager: Pager::new(&Params::default(), count, PER_PAGE),
            }
        };
        let mut public = page("", 0);
        public.sees_villages = false;
        Samples {
            ordinary: page("柳湾村", 3),
            longest: page(sample::LONGEST_PLACE, 1),
            empty: Some(public),
            with_error: Some(page("", 0)),
        }
    }
}
