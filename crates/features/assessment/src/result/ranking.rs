//! The ranking of a round: exact for county and town; a village sees its own exact rank and the
//! others in bands (architecture: who sees ranks); the public sees none.

use std::collections::{BTreeSet, HashMap};

use access::{Action, Scope};
use askama::Template;
use kernel::Decimal;
use score::Scheme;
use store::Connection;
use web::{
    Choice, Context, ExportLinks, Head, Locale, Page, PageError, Pager, Params, Policy, Route,
    Samples, SortHead, Sorting,
};

use crate::{
    result::sight::Band,
    result::{self, ResultLine},
    round::done,
    round::{self, Subject},
    sample, scheme,
    scope::{self, round_of, scheme_of},
    view,
};

/// The ranking of a round.
#[derive(Debug, Template)]
#[template(path = "result/ranking.html")]
pub struct Ranking {
    l: Locale,
    round: String,
    pub(crate) title: String,
    /// What the visitor has just done; empty else.
    done: String,
    pub(crate) state: Option<String>,
    /// The villages of a visitor who sees the others in bands only, whatever page is shown.
    mine: Vec<Line>,
    pub(crate) lines: Vec<Line>,
    pub(crate) words: String,
    pub(crate) town: String,
    towns: Vec<Choice>,
    pub(crate) grade: String,
    grades: Vec<Choice>,
    heads: Vec<(SortHead, String)>,
    pager: Pager,
    export: ExportLinks,
    exact: bool,
    computed: bool,
}

impl Ranking {
    /// A village hears when the result is posted, an office when it is computed.
    fn nothing_yet(&self) -> &'static str {
        if self.exact {
            "ranking-not-computed"
        } else {
            "ranking-not-posted"
        }
    }
}

/// One village of the ranking.
#[derive(Debug)]
pub struct Line {
    /// `1`, or the band in which the rank lies.
    pub(crate) rank: String,
    pub(crate) name: String,
    /// Empty where the visitor may not open the village's sheet.
    href: String,
    pub(crate) town: String,
    pub(crate) score: String,
    percent: Option<u8>,
    pub(crate) grade: String,
    chip: String,
    pub(crate) rank_in_group: String,
    own: bool,
}

/// Own villages above the list at most.
const MINE_MAX: usize = 3;
/// Rows on one page.
const PER_PAGE: u32 = 50;
/// Columns by which the list can be sorted.
const COLUMNS: &[&str] = &["rank", "name", "score", "group"];

/// The route.
pub(crate) fn route() -> Route {
    Route::page(
        "/rounds/{round}/ranking",
        Policy::Holds(Action::ScoreRead),
        page,
    )
}

fn page(
    context: &Context,
    params: &Params,
    connection: &mut dyn Connection,
) -> Result<Ranking, PageError> {
    read(context, params, connection, PER_PAGE)
}

/// The ranking as its page shows it, that many villages at once.
pub(crate) fn read(
    context: &Context,
    params: &Params,
    connection: &mut dyn Connection,
    per_page: u32,
) -> Result<Ranking, PageError> {
    let (l, tenant) = (&context.l, context.tenant);
    let round = round_of(context, params, connection)?;
    if !scope::may(context, connection, &round, Action::RoundRead)? {
        return Err(PageError::NotFound);
    }
    let exact = scope::may(context, connection, &round, Action::RankReadExact)?;
    let published = scheme_of(connection, tenant, &round)?;
    let plan = scheme::plan(&published)?;
    let own_scope = Scope::new(&context.subject, Action::ScoreRead, context.today());
    let own = scope::visible(connection, &own_scope, round.round)?;
    let shown = scope::shown(context, connection, &round)?;
    let found = match &shown {
        None => Vec::new(),
        Some(shown) => result::lines(connection, tenant, round.round, shown)?,
    };
    let subjects = round::subjects(connection, tenant, round.round)?;
    let ranked = found.iter().filter(|line| line.rank.is_some()).count();
    let list = List {
        l,
        scheme: plan.scheme(),
        round: round.round.to_string(),
        own: &own,
        exact,
        ranked,
    };
    let by_number: HashMap<i64, &ResultLine> =
        found.iter().map(|line| (line.subject_no, line)).collect();
    let mut rows: Vec<(&Subject, &ResultLine)> = subjects
        .iter()
        .filter_map(|subject| {
            let line = *by_number.get(&subject.subject_no)?;
            list.keeps(params, subject, line).then_some((subject, line))
        })
        .collect();
    let sorting = Sorting::of(params, COLUMNS);
    list.sort(&mut rows, sorting);
    let pager = Pager::new(params, rows.len(), per_page);
    let first = usize::try_from(pager.offset()).unwrap_or(0);
    let window = rows.iter().skip(first).take(per_page as usize);
    let head = |column: &str, key: &str| (sorting.head(params, column), l.text(key).to_string());
    Ok(Ranking {
        round: round.round.to_string(),
        title: view::round_title(l, &round, &published),
        done: done::text(l, params, &round),
        state: shown.as_ref().map(|shown| list.state(round.state, shown)),
        mine: if exact {
            Vec::new()
        } else {
            subjects
                .iter()
                .filter(|subject| own.contains(&subject.subject_no))
                .take(MINE_MAX)
                .filter_map(|subject| {
                    let line = by_number.get(&subject.subject_no)?;
                    Some(list.line(subject, line))
                })
                .collect()
        },
        lines: window
            .map(|(subject, line)| list.line(subject, line))
            .collect(),
        words: params.query("q").unwrap_or_default().to_owned(),
        town: params.query("town").unwrap_or_default().to_owned(),
        towns: towns(&subjects),
        grade: params.query("grade").unwrap_or_default().to_owned(),
        grades: list.grades(),
        heads: vec![
            head("rank", "ranking-rank"),
            head("name", "ranking-village"),
            head("score", "ranking-score"),
            head("group", "ranking-rank-in-group"),
        ],
        pager,
        export: ExportLinks::of(params, &format!("/rounds/{}/ranking", round.round)),
        exact,
        computed: shown.is_some(),
        l: l.clone(),
    })
}

/// What every line of one list has in common.
struct List<'a> {
    l: &'a Locale,
    scheme: &'a Scheme,
    round: String,
    own: &'a BTreeSet<i64>,
    exact: bool,
    ranked: usize,
}

impl List<'_> {
    fn sees(&self, subject: &Subject) -> bool {
        self.exact || self.own.contains(&subject.subject_no)
    }

    fn keeps(&self, params: &Params, subject: &Subject, line: &ResultLine) -> bool {
        let words = params.query("q").unwrap_or_default();
        let town = params.query("town").unwrap_or_default();
        let grade = params.query("grade").unwrap_or_default();
        let named = subject.shown_name().contains(words) || subject.name.contains(words);
        let in_town = town.is_empty() || subject.town_name.as_deref() == Some(town);
        // A filter must not tell what the list does not show.
        let in_grade =
            grade.is_empty() || self.sees(subject) && line.grade.as_deref() == Some(grade);
        named && in_town && in_grade
    }

    fn sort(&self, rows: &mut [(&Subject, &ResultLine)], sorting: Sorting) {
        let last = i64::MAX;
        rows.sort_by(|(a, x), (b, y)| {
            let order = match sorting.column {
                "name" => a.shown_name().cmp(b.shown_name()),
                "score" if self.exact => x.score.cmp(&y.score),
                "group" if self.exact => x
                    .rank_in_group
                    .unwrap_or(last)
                    .cmp(&y.rank_in_group.unwrap_or(last)),
                _ if self.exact => x.rank.unwrap_or(last).cmp(&y.rank.unwrap_or(last)),
                // Within a band the order must say nothing: by number.
                _ => self.band(x).cmp(&self.band(y)),
            };
            let order = if sorting.descending {
                order.reverse()
            } else {
                order
            };
            order.then_with(|| a.subject_no.cmp(&b.subject_no))
        });
    }

    fn band(&self, line: &ResultLine) -> Band {
        Band::of(line.rank, self.ranked)
    }

    fn line(&self, subject: &Subject, line: &ResultLine) -> Line {
        let own = self.own.contains(&subject.subject_no);
        let sees = self.sees(subject);
        let number = |rank: Option<i64>| view::rank(self.l, rank);
        let band = || {
            let band = self.band(line);
            self.l.text(band.text_key()).to_string()
        };
        let full = self.scheme.nodes[self.scheme.node_index(&self.scheme.root).unwrap_or(0)].full;
        Line {
            rank: if sees { number(line.rank) } else { band() },
            name: subject.shown_name().to_owned(),
            href: if own {
                format!("/rounds/{}/villages/{}", self.round, subject.place)
            } else {
                String::new()
            },
            town: subject.town_name.clone().unwrap_or_default(),
            score: if sees {
                view::score(self.l, self.scheme, line.score)
            } else {
                String::new()
            },
            percent: sees.then(|| sample::percent(line.score, full)),
            grade: match &line.grade {
                Some(grade) if sees => view::grade(self.l, self.scheme, grade),
                _ => String::new(),
            },
            chip: line
                .grade
                .as_deref()
                .map(|grade| view::grade_chip(self.scheme, grade))
                .unwrap_or_default(),
            rank_in_group: if sees {
                number(line.rank_in_group)
            } else {
                String::new()
            },
            own,
        }
    }

    fn grades(&self) -> Vec<Choice> {
        let bands = self.scheme.grade.iter().flat_map(|grades| &grades.bands);
        bands
            .map(|band| Choice::new(band.code.clone(), view::title(self.l, &band.title)))
            .collect()
    }

    fn state(&self, state: crate::transition::RoundState, shown: &result::Shown) -> String {
        use crate::transition::RoundState as S;
        let key = match state {
            S::Open | S::Provisional => "ranking-provisional",
            S::Posted => "ranking-posted",
            S::Finalised => "ranking-final",
        };
        let until = shown
            .posting
            .map(|(_, until)| self.l.day(until))
            .unwrap_or_default();
        self.l.text(key).arg("until", until).to_string()
    }
}

fn towns(subjects: &[Subject]) -> Vec<Choice> {
    let names: BTreeSet<&str> = subjects
        .iter()
        .filter_map(|subject| subject.town_name.as_deref())
        .collect();
    names
        .into_iter()
        .map(|name| Choice::new(name, name))
        .collect()
}

impl Page for Ranking {
    fn head(&self) -> Head {
        Head::new(self.l.text("ranking-title"))
    }

    fn samples(l: &Locale) -> Samples<Ranking> {
        let line = |name: &str, rank: &str, score: &str| Line {
            rank: rank.to_owned(),
            name: name.to_owned(),
            href: "/rounds/1/villages/2".to_owned(),
            town: "清河镇".to_owned(),
            score: score.to_owned(),
            percent: Some(sample::percent(
                score.parse::<Decimal>().ok(),
                Decimal::from_int(100),
            )),
            grade: l.choose("优秀", "Excellent").to_owned(),
            chip: "1".to_owned(),
            rank_in_group: rank.to_owned(),
            own: true,
        };
        let page = |lines: Vec<Line>, computed| Ranking {
            l: l.clone(),
            round: sample::id().to_string(),
            title: sample::round_title(l),
            done: l.text("done-compute").to_string(),
            state: Some(
                l.text("ranking-posted")
                    .arg("until", l.day(sample::now().day()))
                    .to_string(),
            ),
            pager: Pager::new(&Params::default(), lines.len(), PER_PAGE),
            export: ExportLinks::of(&Params::default(), "/rounds/1/ranking"),
            mine: Vec::new(),
            lines,
            words: String::new(),
            town: String::new(),
            towns: vec![Choice::new("清河镇", "清河镇")],
            grade: String::new(),
            grades: vec![Choice::new("excellent", l.choose("优秀", "Excellent"))],
            heads: COLUMNS
                .iter()
                .map(|column| {
                    let sorting = Sorting::of(&Params::default(), COLUMNS);
                    (
                        sorting.head(&Params::default(), column),
                        l.text("ranking-rank").to_string(),
                    )
                })
                .collect(),
            exact: true,
            computed,
        };
        let mut bands = page(vec![line(sample::LONGEST_PLACE, "370", "100.00")], true);
        bands.exact = false;
        bands.mine = vec![line(sample::LONGEST_PLACE, "370", "100.00")];
        Samples {
            ordinary: page(
                vec![line("柳湾村", "1", "93.7"), line("福塘村", "2", "91.25")],
                true,
            ),
            longest: bands,
            empty: Some(page(Vec::new(), false)),
            with_error: None,
        }
    }
}
