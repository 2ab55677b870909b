//! Pieces of shared pages: what waits for whom in rounds, and the rounds of a village.

use access::{Action, Scope};
use app::{Panel, PanelArg, PanelItem, PanelQuestion, PanelSlot, panel::PANEL_ITEMS_MAX};
use kernel::{Day, Period, PlaceId};
use store::{Connection, StoreError, values};
use web::Context;

use crate::transition::{RoundState, SectionAct, SectionState};
use crate::{
    RoundId, appeal::appeal_list, event::event_list, round, round::round_list, round::round_next,
    round::stands_at, scope,
};

store::statements! {
    /// Sections of open rounds that stand in one of two states and lie in a scope by the round's
    /// own tree; what is due first comes first.
    SELECT_WAITING = concat!(
        "SELECT t.round, t.subject_no, s.place, s.name, s.alias, c.code, c.title_zh, ",
        "c.title_en, t.due ",
        "FROM section_state t ",
        "JOIN round_state r ON r.tenant = t.tenant AND r.round = t.round AND r.state = 'open' ",
        "JOIN round_subject s ON s.tenant = t.tenant AND s.round = t.round ",
        "AND s.subject_no = t.subject_no ",
        "JOIN round_section c ON c.tenant = t.tenant AND c.round = t.round ",
        "AND c.section_no = t.section_no ",
        "WHERE t.tenant = $1 AND EXISTS (SELECT 1 FROM grant_current g WHERE g.tenant = $1 ",
        "AND g.person = $2 AND (g.role_bit & $3) <> 0 AND g.valid_from <= $4 ",
        "AND (g.valid_until IS NULL OR g.valid_until >= $4) ",
        "AND (g.place IS NULL OR EXISTS (SELECT 1 FROM round_tree a WHERE a.tenant = $1 ",
        "AND a.round = t.round AND a.subject_no = t.subject_no AND ",
        stands_at!("a"),
        "))) ",
        "AND t.state IN ($5, $6) ",
        "ORDER BY t.due NULLS LAST, t.round, t.subject_no, t.section_no LIMIT $7"
    );
    /// The rounds of a village that lie in a scope, newest first.
    SELECT_OF_VILLAGE = concat!(
        "SELECT s.round, r.period, t.state FROM round_subject s ",
        "JOIN round r ON r.tenant = s.tenant AND r.round = s.round ",
        "JOIN round_state t ON t.tenant = s.tenant AND t.round = s.round ",
        "WHERE s.tenant = $1 AND EXISTS (SELECT 1 FROM grant_current g WHERE g.tenant = $1 ",
        "AND g.person = $2 AND (g.role_bit & $3) <> 0 AND g.valid_from <= $4 ",
        "AND (g.valid_until IS NULL OR g.valid_until >= $4) ",
        "AND (g.place IS NULL OR EXISTS (SELECT 1 FROM round_tree a WHERE a.tenant = $1 ",
        "AND a.round = s.round AND a.subject_no = s.subject_no AND ",
        stands_at!("a"),
        "))) ",
        "AND s.place = $5 ORDER BY r.opened_at DESC, s.round LIMIT $6"
    );
}

/// The panels of the assessment.
pub(crate) fn panels() -> Vec<Panel> {
    let to_do = |title, items| Panel {
        slot: PanelSlot::ToDo,
        title,
        items,
    };
    vec![
        to_do("rounds-to-declare", to_declare),
        to_do("rounds-to-verify", to_verify),
        to_do("rounds-to-review", to_review),
        to_do("appeals-to-decide", appeal_list::to_decide),
        to_do("events-proposed", event_list::proposed),
        to_do("events-to-verify", event_list::to_verify),
        to_do("events-to-decide", event_list::to_decide),
        Panel {
            slot: PanelSlot::Village,
            title: "events-of-village",
            items: event_list::of_village,
        },
        to_do("rounds-to-advance", to_advance),
        Panel {
            slot: PanelSlot::Follow,
            title: "rounds-to-follow",
            items: to_follow,
        },
        Panel {
            slot: PanelSlot::Village,
            title: "rounds-of-village",
            items: of_village,
        },
    ]
}

type Items = Result<Vec<PanelItem>, StoreError>;

/// What waits for the visitor in the part in which he has just done something.
pub(crate) fn waiting_after(
    context: &Context,
    connection: &mut dyn Connection,
    act: SectionAct,
) -> Items {
    let question = context.question();
    match act {
        SectionAct::Declare => to_declare(connection, &question),
        SectionAct::Verify | SectionAct::Return | SectionAct::Withdraw | SectionAct::Refresh => {
            to_verify(connection, &question)
        }
        SectionAct::Review | SectionAct::SendBack => to_review(connection, &question),
    }
}

fn to_declare(connection: &mut dyn Connection, question: &PanelQuestion<'_>) -> Items {
    let states = [SectionState::Open, SectionState::Returned];
    waiting(connection, question, Action::ScoreDeclare, states)
}

fn to_verify(connection: &mut dyn Connection, question: &PanelQuestion<'_>) -> Items {
    let states = [SectionState::Submitted, SectionState::SentBack];
    waiting(connection, question, Action::ScoreVerify, states)
}

fn to_review(connection: &mut dyn Connection, question: &PanelQuestion<'_>) -> Items {
    let states = [SectionState::Verified, SectionState::Verified];
    waiting(connection, question, Action::ScoreReview, states)
}

/// A section that waits, before its term is known.
struct Waiting {
    round: RoundId,
    subject_no: i64,
    place: PlaceId,
    village: String,
    code: String,
    section: PanelArg,
    due: Option<Day>,
}

fn waiting(
    connection: &mut dyn Connection,
    question: &PanelQuestion<'_>,
    action: Action,
    [one, other]: [SectionState; 2],
) -> Items {
    let scope = Scope::new(question.subject, action, question.now.day());
    let key = values![
        scope.tenant,
        scope.person,
        scope.roles.0,
        scope.day,
        one,
        other,
        limit()
    ];
    let found = connection.all(&SELECT_WAITING, &key, |row| {
        let name = row.optional_text(4)?.unwrap_or(row.text(3)?);
        Ok(Waiting {
            round: row.id(0)?,
            subject_no: row.int(1)?,
            place: row.id(2)?,
            village: name.to_owned(),
            code: row.text(5)?.to_owned(),
            section: PanelArg::Title {
                chinese: row.text(6)?.to_owned(),
                english: row.text(7)?.to_owned(),
            },
            due: row.optional_day(8)?,
        })
    })?;
    let mut items = Vec::with_capacity(found.len());
    for waiting in found {
        let terms = round::terms(connection, scope.tenant, waiting.round, waiting.subject_no)?;
        let term = match action {
            Action::ScoreDeclare => terms.declare_until,
            Action::ScoreVerify => terms.verify_until,
            _ => terms.review_until,
        };
        items.push(PanelItem {
            text: "todo-section",
            args: vec![
                ("village", waiting.village.into()),
                ("section", waiting.section),
            ],
            link: format!(
                "/rounds/{}/villages/{}/sections/{}",
                waiting.round, waiting.place, waiting.code
            ),
            due: Some(waiting.due.map_or(term, |due| due.max(term))),
        });
    }
    items.sort_by_key(|item| item.due);
    Ok(items)
}

fn limit() -> i64 {
    i64::try_from(PANEL_ITEMS_MAX).unwrap_or(i64::MAX)
}

/// What the rounds of whoever advances them wait for: a step that is late, or the next step of the
/// whole.
fn to_advance(connection: &mut dyn Connection, question: &PanelQuestion<'_>) -> Items {
    let today = question.now.day();
    let scope = Scope::new(question.subject, Action::RoundAdvance, today);
    let progress = round_list::progress(connection, scope.tenant)?;
    let mut items = Vec::new();
    for found in round_list::in_scope(connection, &scope)? {
        let mut say = |text, count: i64, due| {
            items.push(PanelItem {
                text,
                args: vec![
                    ("period", found.period.into()),
                    ("count", count.to_string().into()),
                ],
                link: format!("/rounds/{}", found.round),
                due,
            });
        };
        match found.state {
            RoundState::Open => {
                let all = progress.get(&found.round).copied().unwrap_or_default();
                let terms = round::terms(connection, scope.tenant, found.round, 0)?;
                let owed = round_next::owed(&all, terms);
                for late in owed.iter().filter(|owed| owed.until < today) {
                    say(late.late, late.count, Some(late.until));
                }
                if owed.is_empty() {
                    say("todo-compute", 0, None);
                }
            }
            RoundState::Provisional => say("todo-post", 0, None),
            RoundState::Posted if found.posted_until.is_some_and(|until| until < today) => {
                say("todo-finalise", 0, None);
            }
            RoundState::Posted | RoundState::Finalised => {}
        }
    }
    Ok(items)
}

/// So many of the newest rounds stand on the home page; the list of rounds has them all.
const FOLLOWED: usize = 4;

/// The newest rounds; for whoever reads a single village in them, that village's page.
fn to_follow(connection: &mut dyn Connection, question: &PanelQuestion<'_>) -> Items {
    let day = question.now.day();
    let scope = Scope::new(question.subject, Action::RoundRead, day);
    let reading = Scope::new(question.subject, Action::ScoreRead, day);
    let mut items = Vec::new();
    for found in round_list::in_scope(connection, &scope)?
        .into_iter()
        .take(FOLLOWED)
    {
        let link = format!("/rounds/{}", found.round);
        let visible = scope::visible(connection, &reading, found.round)?;
        let link = match visible.iter().next() {
            Some(own) if visible.len() == 1 => {
                let subjects = round::subjects(connection, scope.tenant, found.round)?;
                let village = subjects.iter().find(|subject| subject.subject_no == *own);
                village.map_or(link.clone(), |village| {
                    format!("{link}/villages/{}", village.place)
                })
            }
            _ => link,
        };
        items.push(PanelItem {
            text: state_key(found.state),
            args: vec![("period", found.period.into())],
            link,
            due: None,
        });
    }
    Ok(items)
}

/// A line's text by the state of its round.
fn state_key(state: RoundState) -> &'static str {
    match state {
        RoundState::Open => "village-round-open",
        RoundState::Provisional => "village-round-provisional",
        RoundState::Posted => "village-round-posted",
        RoundState::Finalised => "village-round-finalised",
    }
}

fn of_village(connection: &mut dyn Connection, question: &PanelQuestion<'_>) -> Items {
    let Some(village) = question.village else {
        return Ok(Vec::new());
    };
    let scope = Scope::new(question.subject, Action::ScoreRead, question.now.day());
    let key = values![
        scope.tenant,
        scope.person,
        scope.roles.0,
        scope.day,
        village,
        limit()
    ];
    connection.all(&SELECT_OF_VILLAGE, &key, |row| {
        let (round, period, state): (RoundId, Period, RoundState) =
            (row.id(0)?, row.parse(1)?, row.parse(2)?);
        Ok(PanelItem {
            text: state_key(state),
            args: vec![("period", period.into())],
            link: format!("/rounds/{round}/villages/{village}"),
            due: None,
        })
    })
}
