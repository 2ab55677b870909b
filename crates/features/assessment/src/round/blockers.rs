//! What stands between a round and its end: undecided disputes about its figures, upheld ones that
//! are not yet corrected, and undecided appeals. Told by name, with the way to each.

use app::Refusal;
use app::dispute::{self, Dispute, DisputeState};
use kernel::{Day, Finding, Period, Tenant};
use score::{Choice, Moment, Plan};
use store::Connection;

use crate::appeal::{self, WHOLE_RESULT};
use crate::correction::{self, Correction};
use crate::round::{self, Round, RoundItem, Subject};
use crate::scheme::layout::is_brought;
use crate::section::brought::measure_of;
use crate::section::reading::reading;
use crate::section::value::ValueKind;
use crate::{event, event::event_count, scheme, section::cell};

/// Why something blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BlockerKind {
    /// The owner has not answered.
    DisputeOpen,
    /// The owner agreed, and the round has not been corrected.
    DisputeUpheld,
    /// Nobody has decided.
    AppealLodged,
    /// The village objects to an event that counts here, and nobody has decided.
    EventContested,
}

/// One thing that blocks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blocker {
    /// Why.
    pub kind: BlockerKind,
    /// The village.
    pub village: String,
    /// Chinese and English name of the item; of an appeal against the result, empty.
    pub item: (String, String),
    /// Since when.
    pub since: Day,
    /// Last day for deciding, of an appeal.
    pub due: Option<Day>,
    /// Where it is decided.
    pub link: String,
    /// The dispute or the appeal.
    pub thing: app::Ref,
}

impl Blocker {
    /// As a refusal says it.
    pub fn finding(&self) -> Finding {
        let code = match self.kind {
            BlockerKind::DisputeOpen => "dispute-open-in-round",
            BlockerKind::DisputeUpheld => "dispute-not-corrected",
            BlockerKind::AppealLodged => "appeal-undecided",
            BlockerKind::EventContested => "event-undecided",
        };
        Finding::error(code)
            .arg("village", self.village.as_str())
            .arg("item", self.item.0.as_str())
            .arg("since", self.since.to_string())
    }
}

/// Everything that blocks a round, by village.
pub fn blockers(
    connection: &mut dyn Connection,
    tenant: Tenant,
    round: &Round,
) -> Result<Vec<Blocker>, Refusal> {
    let plan = scheme::plan_of_round(connection, tenant, round)?;
    let items = round::items(connection, tenant, round.round)?;
    let subjects = round::subjects(connection, tenant, round.round)?;
    let made = correction::corrections(connection, tenant, round.round)?;
    let mut found = Vec::new();
    for subject in &subjects {
        for dispute in dispute::of_subject(connection, tenant, subject.place)? {
            let read = columns_read(&plan, &items, round.period, &dispute);
            let Some(item) = read.first() else { continue };
            let kind = match dispute.state {
                DisputeState::Rejected => continue,
                DisputeState::Open => BlockerKind::DisputeOpen,
                DisputeState::Upheld => {
                    if settled(
                        connection,
                        tenant,
                        (round, subject),
                        (&dispute, &read),
                        &made,
                    )? {
                        continue;
                    }
                    BlockerKind::DisputeUpheld
                }
            };
            let link = match kind {
                BlockerKind::DisputeUpheld => format!("/rounds/{}/correct", round.round),
                _ => format!("/disputes/{}", dispute.dispute),
            };
            found.push(Blocker {
                kind,
                village: subject.shown_name().to_owned(),
                item: title_of(&plan, &item.code),
                since: dispute.filed_at.day(),
                due: None,
                link,
                thing: app::Ref::new("dispute", dispute.dispute),
            });
        }
    }
    for appeal in appeal::of_round(connection, tenant, round.round)? {
        if !appeal::waits(&appeal) {
            continue;
        }
        let village = subjects
            .iter()
            .find(|subject| subject.subject_no == appeal.subject_no);
        let item = items.iter().find(|item| item.item_no == appeal.item_no);
        let item = item.filter(|_| appeal.item_no != WHOLE_RESULT);
        found.push(Blocker {
            kind: BlockerKind::AppealLodged,
            village: village.map_or_else(String::new, |village| village.shown_name().to_owned()),
            item: item
                .map(|item| title_of(&plan, &item.code))
                .unwrap_or_default(),
            since: appeal.lodged_at.day(),
            due: Some(appeal.due.day),
            link: format!("/appeals/{}", appeal.appeal),
            thing: app::Ref::new("appeal", appeal.appeal),
        });
    }
    for (subject_no, events) in event_count::of_round(connection, tenant, round.round)? {
        let village = subjects
            .iter()
            .find(|subject| subject.subject_no == subject_no);
        for event in events.iter().filter(|event| event.state.is_contested()) {
            let steps = event::steps(connection, tenant, event.event)?;
            found.push(Blocker {
                kind: BlockerKind::EventContested,
                village: village.map_or_else(String::new, |own| own.shown_name().to_owned()),
                item: event.title.clone(),
                since: steps.last().map_or(event.declared_at, |step| step.at).day(),
                due: None,
                link: format!("/events/{}", event.event),
                thing: app::Ref::new("event", event.event),
            });
        }
    }
    Ok(found)
}

fn title_of(plan: &Plan, item: &str) -> (String, String) {
    let scheme = plan.scheme();
    scheme
        .item_index(item)
        .map(|index| &scheme.items[index].title)
        .map(|title| (title.zh.clone(), title.en.clone()))
        .unwrap_or_default()
}

/// The columns of a round that read the disputed figure in the disputed period.
pub(crate) fn columns_read(
    plan: &Plan,
    items: &[RoundItem],
    round: Period,
    dispute: &Dispute,
) -> Vec<RoundItem> {
    let Ok(period) = dispute.period.parse::<Period>() else {
        return Vec::new();
    };
    let reads = |item: &&RoundItem| {
        let scheme = plan.scheme();
        let definition = scheme.item_index(&item.code).map(|at| &scheme.items[at]);
        let moment = Moment::from_word(&item.moment);
        let (Some(definition), Some(moment)) = (definition, moment) else {
            return false;
        };
        measure_of(&item.code) == dispute.measure
            && is_brought(moment, definition.source)
            && reading(definition.period, moment, round)
                .periods()
                .contains(&period)
    };
    items.iter().filter(reads).cloned().collect()
}

/// Whether an upheld dispute needs nothing more of this round: it was corrected, or the round
/// brought the figure after the owner had corrected it.
fn settled(
    connection: &mut dyn Connection,
    tenant: Tenant,
    (round, subject): (&Round, &Subject),
    (dispute, read): (&Dispute, &[RoundItem]),
    made: &[Correction],
) -> Result<bool, Refusal> {
    let because = app::Ref::new("dispute", dispute.dispute);
    if made.iter().any(|made| made.because == because) {
        return Ok(true);
    }
    let history = cell::history(connection, tenant, round.round, subject.subject_no)?;
    let is_new = |item: &RoundItem| {
        let events = history.get(&item.item_no);
        let mut brought = events
            .into_iter()
            .flatten()
            .filter(|event| event.kind == ValueKind::Brought);
        brought
            .next_back()
            .and_then(|event| event.recorded_at)
            .is_some_and(|recorded| recorded > dispute.filed_at)
    };
    Ok(read.iter().all(is_new))
}
