//! `round.open`: one scheme, one period, one place. Subjects, their tree, items and names are
//! copied, and what the record holds is brought.

use std::collections::HashMap;

use access::Action;
use app::{Command, Door, Refusal};
use directory::place::{self, Place, PlaceLevel};
use kernel::{Day, Finding, Period, PlaceId};
use score::{Choice, Plan, Scheme};
use serde::{Deserialize, Serialize};
use store::{StoreError, Value, values};
use utoipa::ToSchema;

use crate::round;
use crate::schema::{ROUND, ROUND_ITEM, ROUND_SECTION, ROUND_SUBJECT, ROUND_TERM, ROUND_TREE};
use crate::scheme::layout::{Layout, moment_word};
use crate::scheme::{self, SchemeVersion};
use crate::section::answer::too_long;
use crate::section::cell::{self, Cells};
use crate::transition::{Terms, out_of_order};
use crate::{
    RoundId, SchemeId, event::event_count, round::advance, section, section::brought,
    section::estimate,
};

store::statements! {
    SELECT_SAME = concat!(
        "SELECT round FROM round ",
        "WHERE tenant = $1 AND scheme = $2 AND period = $3 AND place = $4"
    );
}

/// Longest title, in characters.
pub const TITLE_MAX: usize = 100;
/// Longest posting, in working days.
pub const POSTING_DAYS_MAX: u16 = 60;
/// Most subjects of a round.
pub const SUBJECTS_MAX: usize = 10_000;

/// Opens a round.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenRound {
    /// The scheme; its newest version is kept for the whole round.
    #[schema(value_type = String, format = "uuid")]
    pub scheme: SchemeId,
    /// The period: `2026-Q4`.
    #[schema(value_type = String)]
    pub period: Period,
    /// The place whose villages are assessed.
    #[schema(value_type = String, format = "uuid")]
    pub place: PlaceId,
    /// A title of its own, up to 100 characters.
    #[serde(default)]
    pub title: Option<String>,
    /// Last day of declaring.
    #[schema(value_type = String, format = "date")]
    pub declare_until: Day,
    /// Last day of verifying.
    #[schema(value_type = String, format = "date")]
    pub verify_until: Day,
    /// Last day of reviewing.
    #[schema(value_type = String, format = "date")]
    pub review_until: Day,
    /// Length of the public posting in working days, 1 to 60.
    pub posting_days: u16,
}

/// The opened round.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RoundOpened {
    /// The round.
    #[schema(value_type = String, format = "uuid")]
    pub round: RoundId,
    /// How many subjects it has.
    pub subjects: usize,
}

impl Command for OpenRound {
    const NAME: &'static str = "round.open";
    const ACTION: Action = Action::RoundOpen;
    const CLEAR: &'static [&'static str] = &[
        "scheme",
        "period",
        "place",
        "declare_until",
        "verify_until",
        "review_until",
        "posting_days",
    ];
    type Answer = RoundOpened;

    fn run(&self, door: &mut Door<'_>) -> Result<RoundOpened, Refusal> {
        door.decide_at(Action::RoundOpen, self.place, &[])?;
        let findings = problems(
            self.title.as_deref(),
            self.terms().days(),
            Some(self.posting_days),
            door.today(),
        );
        let tenant = door.tenant();
        let Some(published) = scheme::latest(door.connection(), tenant, self.scheme)? else {
            return Err(Refusal::not_found("scheme"));
        };
        // A county rates by its own schemes and by those above it, not by a neighbour's.
        door.decide_at(Action::SchemeRead, published.place, &[])?;
        let findings: Vec<Finding> = self.second(door)?.into_iter().chain(findings).collect();
        if !findings.is_empty() {
            return Err(findings.into());
        }
        let plan = scheme::plan(&published)?;
        let county = County::read(door, self.place)?;
        let subjects = county.subjects(plan.scheme())?;
        let round = RoundId(door.next_id());
        self.append_round(door, round, &published, &county)?;
        append_subjects(door, round, &county, &subjects)?;
        let sections = append_layout(door, round, &Layout::of(&plan))?;
        open_sections(door, round, subjects.len(), sections)?;
        advance::open(door, round)?;
        bring_values(door, round, &plan)?;
        Ok(RoundOpened {
            round,
            subjects: subjects.len(),
        })
    }
}

impl OpenRound {
    fn terms(&self) -> Terms {
        Terms {
            declare_until: self.declare_until,
            verify_until: self.verify_until,
            review_until: self.review_until,
        }
    }

    /// That the round is there already.
    fn second(&self, door: &mut Door<'_>) -> Result<Option<Finding>, StoreError> {
        let period = self.period.to_string();
        let key = values![door.tenant(), self.scheme, &period, self.place];
        let same = door
            .connection()
            .optional(&SELECT_SAME, &key, |row| row.id::<RoundId>(0))?;
        Ok(same.map(|_| {
            Finding::error("round-opened-already")
                .field("period")
                .arg("period", period)
        }))
    }

    fn append_round(
        &self,
        door: &mut Door<'_>,
        round: RoundId,
        published: &SchemeVersion,
        county: &County,
    ) -> Result<(), Refusal> {
        let (tenant, command, now, person) =
            (door.tenant(), door.command(), door.now(), door.person());
        let title = self
            .title
            .as_deref()
            .map(str::trim)
            .filter(|title| !title.is_empty());
        let row = values![
            tenant,
            round,
            command,
            published.scheme,
            published.version,
            self.period.to_string(),
            self.place,
            county.root.shown_name(),
            title,
            published.pack.as_deref(),
            self.posting_days,
            now,
            person
        ];
        door.append(&ROUND, &row)?;
        let nobody: Option<&str> = None;
        let terms = values![
            tenant,
            round,
            0,
            1,
            command,
            self.declare_until,
            self.verify_until,
            self.review_until,
            nobody,
            person,
            now
        ];
        door.append(&ROUND_TERM, &terms)
    }
}

/// What is wrong with a title, last days and a length of the posting, as far as they are known.
pub(crate) fn problems(
    title: Option<&str>,
    days: [Option<Day>; 3],
    posting_days: Option<u16>,
    today: Day,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    findings.extend(title.and_then(|title| too_long(title, TITLE_MAX, "title").err()));
    if days[0].is_some_and(|declare_until| declare_until < today) {
        findings.push(
            Finding::error("due-in-the-past")
                .field("declare_until")
                .arg("today", today.to_string()),
        );
    }
    findings.extend(out_of_order(days));
    if let Some(found) = posting_days.filter(|days| !(1..=POSTING_DAYS_MAX).contains(days)) {
        findings.push(
            Finding::error("posting-days")
                .field("posting_days")
                .arg("found", u32::from(found))
                .arg("most", u32::from(POSTING_DAYS_MAX)),
        );
    }
    findings
}

/// The place of the round with everything below it, as the register has it now.
struct County {
    root: Place,
    above: Vec<PlaceId>,
    places: HashMap<PlaceId, Place>,
}

/// A subject to be: the village with its chain of places, itself first.
struct NewSubject {
    place: Place,
    chain: Vec<PlaceId>,
    town: Option<(PlaceId, String)>,
    group: Option<String>,
}

impl County {
    fn read(door: &mut Door<'_>, root: PlaceId) -> Result<County, Refusal> {
        let tenant = door.tenant();
        let tree = place::tree_now(door.connection(), tenant, root)?;
        let mut above = place::ancestors(door.connection(), tenant, root)?;
        above.retain(|place| *place != root);
        let places: HashMap<_, _> = tree.into_iter().map(|place| (place.place, place)).collect();
        let Some(root) = places.get(&root).cloned() else {
            return Err(Refusal::not_found("place"));
        };
        Ok(County {
            root,
            above,
            places,
        })
    }

    /// The villages, by code, then name.
    fn subjects(&self, scheme: &Scheme) -> Result<Vec<NewSubject>, Refusal> {
        let mut villages: Vec<&Place> = self
            .places
            .values()
            .filter(|place| place.level() == PlaceLevel::Village)
            .collect();
        villages.sort_by_cached_key(|place| {
            let code = place.code.as_ref().map(ToString::to_string);
            (code.is_none(), code, place.name.clone(), place.place)
        });
        if villages.is_empty() {
            return Err(Finding::error("round-without-subjects")
                .field("place")
                .into());
        }
        if villages.len() > SUBJECTS_MAX {
            return Err(Finding::error("round-too-many-subjects")
                .field("place")
                .arg("limit", SUBJECTS_MAX)
                .into());
        }
        villages
            .into_iter()
            .map(|place| self.subject(place, scheme))
            .collect()
    }

    fn subject(&self, village: &Place, scheme: &Scheme) -> Result<NewSubject, Refusal> {
        let mut chain = vec![village.place];
        let mut town = None;
        let mut at = village;
        while at.place != self.root.place {
            let Some(parent) = at.parent.and_then(|parent| self.places.get(&parent)) else {
                break;
            };
            chain.push(parent.place);
            at = parent;
            if at.level() == PlaceLevel::Town {
                town = Some((at.place, at.shown_name().to_owned()));
            }
        }
        chain.extend(&self.above);
        let group = match scheme.group.as_deref() {
            None => None,
            Some("town") => town.as_ref().map(|(_, name)| name.clone()),
            Some("kind") => Some(village.kind.name().to_owned()),
            Some(other) => {
                return Err(Finding::error("group-unknown")
                    .field("scheme")
                    .arg("found", other)
                    .arg("known", "town, kind")
                    .into());
            }
        };
        Ok(NewSubject {
            place: village.clone(),
            chain,
            town,
            group,
        })
    }
}

/// A row's number in a round, from 1.
fn number(index: usize) -> i64 {
    i64::try_from(index + 1).expect("a round has at most ten thousand rows of a kind")
}

fn append_subjects(
    door: &mut Door<'_>,
    round: RoundId,
    county: &County,
    subjects: &[NewSubject],
) -> Result<(), Refusal> {
    let (tenant, command) = (door.tenant(), door.command());
    let mut rows: Vec<Vec<Value<'_>>> = Vec::with_capacity(subjects.len());
    let mut tree: Vec<Vec<Value<'_>>> = Vec::new();
    for (index, subject) in subjects.iter().enumerate() {
        let place = &subject.place;
        rows.push(
            values![
                tenant,
                round,
                number(index),
                command,
                place.place,
                place.code.as_ref().map(ToString::to_string),
                &place.name,
                place.alias.as_deref(),
                place.kind.name(),
                subject.town.as_ref().map(|(town, _)| *town),
                subject.town.as_ref().map(|(_, name)| name.as_str()),
                subject.group.as_deref()
            ]
            .into(),
        );
        for (depth, ancestor) in subject.chain.iter().enumerate() {
            let depth = number(depth) - 1;
            tree.push(values![tenant, round, number(index), depth, command, *ancestor].into());
        }
    }
    debug_assert!(
        county.places.len() >= subjects.len(),
        "subjects are places of the tree"
    );
    door.append_many(&ROUND_SUBJECT, &rows)?;
    door.append_many(&ROUND_TREE, &tree)
}

fn append_layout(door: &mut Door<'_>, round: RoundId, layout: &Layout) -> Result<usize, Refusal> {
    let (tenant, command) = (door.tenant(), door.command());
    let sections: Vec<Vec<Value<'_>>> = layout
        .sections
        .iter()
        .enumerate()
        .map(|(index, section)| {
            let (zh, en) = (&section.title.zh, &section.title.en);
            values![tenant, round, number(index), command, &section.code, zh, en].into()
        })
        .collect();
    let items: Vec<Vec<Value<'_>>> = layout
        .items
        .iter()
        .enumerate()
        .map(|(index, item)| {
            values![
                tenant,
                round,
                number(index),
                command,
                item.section.map_or(round::NO_SECTION, number),
                &item.input.item,
                moment_word(item.input.moment),
                item.source.word(),
                &item.title.zh,
                &item.title.en
            ]
            .into()
        })
        .collect();
    door.append_many(&ROUND_SECTION, &sections)?;
    door.append_many(&ROUND_ITEM, &items)?;
    Ok(sections.len())
}

fn open_sections(
    door: &mut Door<'_>,
    round: RoundId,
    subjects: usize,
    sections: usize,
) -> Result<(), Refusal> {
    let (tenant, person, now) = (door.tenant(), door.person(), door.now());
    let pairs = (0..subjects).flat_map(|s| (0..sections).map(move |c| (number(s), number(c))));
    let rows: Vec<_> = pairs
        .map(|pair| section::opened(tenant, round, pair, person, now))
        .collect();
    section::open_all(door.connection(), &rows)?;
    Ok(())
}

fn bring_values(door: &mut Door<'_>, round: RoundId, plan: &Plan) -> Result<(), Refusal> {
    let tenant = door.tenant();
    let opened = round::get(door.connection(), tenant, round)?
        .ok_or_else(|| Refusal::bug("a round that was just opened"))?;
    let items = round::items(door.connection(), tenant, round)?;
    let subjects = round::subjects(door.connection(), tenant, round)?;
    event_count::take_all(door, &opened, &subjects)?;
    let new = brought::bring(door, &opened, plan, &items, &subjects)?;
    cell::append(door, round, &mut Cells::new(), &new)?;
    estimate::renew_all(door.connection(), tenant, &opened, plan)?;
    Ok(())
}
