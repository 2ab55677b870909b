//! What corrections made of a posted result: each version with its reasons, the corrected values
//! and everybody whose figure, score, grade or rank moved; and corrections that came after a round
//! was final, which only refer to it. A village sees its own lines and how many others moved.

use std::collections::{BTreeMap, BTreeSet};

use access::{Action, Scope};
use askama::Template;
use score::Scheme;
use store::Connection;
use web::{Context, Head, Locale, Page, PageError, Params, Policy, Route, Samples};

use crate::appeal::appeal_page::title_of;
use crate::correction::{self, Correction, Move};
use crate::round::{self, Round, RoundItem, Subject};
use crate::scope::{self, round_of, round_target, scheme_of};
use crate::transition::RoundState;
use crate::{sample, scheme, view};

/// A corrected value.
#[derive(Clone, Debug)]
pub struct Corrected {
    village: String,
    item: String,
    before: String,
    after: String,
    reason: String,
    time: String,
    /// Where it was found wrong; empty where the visitor may not look.
    href: String,
}

/// Somebody who moved.
#[derive(Clone, Debug)]
pub struct Moved {
    village: String,
    own: bool,
    score: (String, String),
    grade: (String, String),
    rank: (String, String),
}

/// A version with what made it.
#[derive(Clone, Debug)]
pub struct Version {
    title: String,
    term: String,
    posting: String,
    corrected: Vec<Corrected>,
    moved: Vec<Moved>,
    /// How many others moved, whom the visitor may not see.
    others: usize,
}

/// The page.
#[derive(Debug, Template)]
#[template(path = "correction/changes_page.html")]
pub struct ChangesPage {
    l: Locale,
    round_link: String,
    round_title: String,
    versions: Vec<Version>,
    /// Before the posting.
    early: Vec<Corrected>,
    /// After the round was final.
    late: Vec<Corrected>,
}

/// The route.
pub(crate) fn route() -> Route {
    Route::page(
        "/rounds/{round}/changes",
        Policy::On(Action::RoundRead, round_target),
        page,
    )
}

/// What all lines have in common.
struct Lines<'a> {
    l: &'a Locale,
    round: &'a Round,
    scheme: &'a Scheme,
    subjects: BTreeMap<i64, &'a Subject>,
    items: BTreeMap<i64, String>,
    /// Whose lines the visitor sees.
    sees: BTreeSet<i64>,
}

fn page(
    context: &Context,
    params: &Params,
    connection: &mut dyn Connection,
) -> Result<ChangesPage, PageError> {
    let (l, tenant) = (&context.l, context.tenant);
    let round = round_of(context, params, connection)?;
    let id = round.round;
    let published = scheme_of(connection, tenant, &round)?;
    let plan = scheme::plan(&published)?;
    let subjects = round::subjects(connection, tenant, id)?;
    let items: Vec<RoundItem> = round::items(connection, tenant, id)?;
    let exact = scope::may(context, connection, &round, Action::RankReadExact)?;
    let reading = Scope::new(&context.subject, Action::ScoreRead, context.today());
    let lines = Lines {
        l,
        round: &round,
        scheme: plan.scheme(),
        subjects: subjects
            .iter()
            .map(|subject| (subject.subject_no, subject))
            .collect(),
        items: items
            .iter()
            .map(|item| (item.item_no, title_of(l, &plan, &item.code)))
            .collect(),
        sees: if exact {
            subjects.iter().map(|subject| subject.subject_no).collect()
        } else {
            scope::visible(connection, &reading, id)?
        },
    };
    let made = correction::corrections(connection, tenant, id)?;
    let moves = correction::moves_of(connection, tenant, id)?;
    let versions = correction::versions(connection, tenant, id)?;
    let posted_at = versions.first().map(|first| first.at);
    let unposted = made.iter().filter(|made| made.version.is_none());
    let (late, early): (Vec<&Correction>, Vec<&Correction>) = unposted.partition(|made| {
        round.state == RoundState::Finalised && posted_at.is_some_and(|at| made.at > at)
    });
    let corrected = versions.iter().filter(|version| version.version > 1).rev();
    Ok(ChangesPage {
        round_link: format!("/rounds/{id}"),
        round_title: view::round_title(l, &round, &published),
        versions: corrected
            .map(|version| lines.version(version, &made, &moves))
            .collect(),
        early: lines.corrected(early.into_iter()),
        late: lines.corrected(late.into_iter()),
        l: l.clone(),
    })
}

impl Lines<'_> {
    fn version(
        &self,
        version: &correction::Version,
        made: &[Correction],
        moves: &[Move],
    ) -> Version {
        let number = version.version;
        let own = moves.iter().filter(|moved| moved.version == number);
        let seen = |moved: &&Move| self.sees.contains(&moved.subject_no);
        let l = self.l;
        Version {
            title: l.text("changes-version").arg("version", number).to_string(),
            term: l
                .text("changes-term")
                .arg("from", l.day(version.from))
                .arg("until", l.day(version.until))
                .to_string(),
            posting: format!(
                "/rounds/{}/posting?version={}",
                self.round.round,
                number - 1
            ),
            corrected: self.corrected(made.iter().filter(|made| made.version == Some(number))),
            others: own.clone().filter(|moved| !seen(moved)).count(),
            moved: own.filter(seen).map(|moved| self.moved(moved)).collect(),
        }
    }

    fn village(&self, subject_no: i64) -> String {
        self.subjects
            .get(&subject_no)
            .map(|subject| subject.shown_name().to_owned())
            .unwrap_or_default()
    }

    fn corrected<'c>(&self, made: impl Iterator<Item = &'c Correction>) -> Vec<Corrected> {
        let l = self.l;
        let text = |value: &Option<String>| {
            value
                .clone()
                .unwrap_or_else(|| l.text("value-missing").to_string())
        };
        made.filter(|made| self.sees.contains(&made.subject_no))
            .map(|made| Corrected {
                village: self.village(made.subject_no),
                item: self.items.get(&made.item_no).cloned().unwrap_or_default(),
                before: text(&made.before),
                after: text(&made.after),
                reason: made.reason.clone(),
                time: l.minute(made.at),
                href: match made.because.kind.as_str() {
                    "appeal" => format!("/appeals/{}", made.because.id),
                    "event" => format!("/events/{}", made.because.id),
                    _ => String::new(),
                },
            })
            .collect()
    }

    fn moved(&self, moved: &Move) -> Moved {
        let l = self.l;
        let score = |value: &Option<String>| {
            let score = value.as_deref().and_then(|value| value.parse().ok());
            view::score(l, self.scheme, score)
        };
        let rank = |rank| view::rank(l, rank);
        let grade = |grade: &Option<String>| {
            grade
                .as_deref()
                .map(|grade| view::grade(l, self.scheme, grade))
                .unwrap_or_default()
        };
        Moved {
            village: self.village(moved.subject_no),
            own: moved.own_figure,
            score: (score(&moved.score.0), score(&moved.score.1)),
            grade: (grade(&moved.grade.0), grade(&moved.grade.1)),
            rank: (rank(moved.rank.0), rank(moved.rank.1)),
        }
    }
}

impl Page for ChangesPage {
    fn head(&self) -> Head {
        Head::new(self.l.text("changes-title"))
    }

    fn samples(l: &Locale) -> Samples<ChangesPage> {
        let page = |village: &str, count: usize| {
            let day = l.day(sample::now().day());
            let corrected = Corrected {
                village: village.to_owned(),
                item: l
                    .choose("本年已走访户数", "Households visited this year")
                    .to_owned(),
                before: "121".to_owned(),
                after: "399".to_owned(),
                reason: "补充的走访记录属实。".to_owned(),
                time: l.minute(sample::now()),
                href: "/appeals/1".to_owned(),
            };
            let grade = l.choose("示范", "Model").to_owned();
            let moved = Moved {
                village: village.to_owned(),
                own: true,
                score: ("71.2".to_owned(), "82.4".to_owned()),
                grade: (grade.clone(), grade),
                rank: ("9".to_owned(), "4".to_owned()),
            };
            let version = Version {
                title: l.text("changes-version").arg("version", 2).to_string(),
                term: l
                    .text("changes-term")
                    .arg("from", day.clone())
                    .arg("until", day)
                    .to_string(),
                posting: "/rounds/1/posting?version=1".to_owned(),
                corrected: vec![corrected.clone()],
                moved: vec![moved; 3],
                others: 2,
            };
            ChangesPage {
                l: l.clone(),
                round_link: "/rounds/1".to_owned(),
                round_title: sample::round_title(l),
                versions: vec![version; count],
                early: vec![corrected.clone(); count],
                late: vec![corrected; count],
            }
        };
        Samples {
            ordinary: page("柳湾村", 1),
            longest: page(sample::LONGEST_PLACE, 1),
            empty: Some(page("", 0)),
            with_error: None,
        }
    }
}
