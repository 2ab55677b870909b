//! The sections of a round that wait for the visitor's town or county, and what they hold, read in
//! one pass for all that are shown.

use std::collections::{BTreeMap, BTreeSet};

use access::{Action, Resource, Scope};
use kernel::{Instant, PlaceId};
use store::{Connection, values};
use web::{Context, Locale, PageError, Params};

use crate::round::{self, Round, RoundItem, Section, Subject};
use crate::scope::{self, round_of, scheme_of};
use crate::section::accept::{Seen, changed_items};
use crate::section::cell::{self, Cells};
use crate::section::decision::is_asked;
use crate::section::evidence;
use crate::transition::{RoundState, SectionAct, SectionState, Terms, in_time};
use crate::{section, view};

store::statements! {
    /// Where the sections of a round stand that are in one of two states.
    SELECT_IN_STATES = concat!(
        "SELECT subject_no, section_no, state, revision, at, due FROM section_state ",
        "WHERE tenant = $1 AND round = $2 AND state IN ($3, $4) ORDER BY subject_no, section_no"
    );
}

/// Which step is done for many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Many {
    /// The town verifies.
    Verify,
    /// The county reviews.
    Review,
}

impl Many {
    pub fn act(self) -> SectionAct {
        match self {
            Many::Verify => SectionAct::Verify,
            Many::Review => SectionAct::Review,
        }
    }

    pub fn action(self) -> Action {
        match self {
            Many::Verify => Action::ScoreVerify,
            Many::Review => Action::ScoreReview,
        }
    }

    /// The last part of the address.
    pub fn address(self) -> &'static str {
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

    pub fn text(self, verify: &'static str, review: &'static str) -> &'static str {
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
    /// How many the town gives itself and has not given yet.
    pub to_give: usize,
    /// Why it cannot be accepted here; empty where it can.
    pub why_not: String,
}

/// A waiting section before what it holds is read.
pub(super) struct Standing<'r> {
    pub subject: &'r Subject,
    pub section: &'r Section,
    pub now: section::SectionNow,
}

/// What the lists of one round have in common.
pub(super) struct Board {
    pub round: Round,
    pub title: String,
    pub subjects: Vec<Subject>,
    pub sections: Vec<Section>,
    pub items: Vec<RoundItem>,
}

impl Standing<'_> {
    pub fn seen(&self) -> Seen {
        Seen {
            place: self.subject.place,
            section: self.section.code.clone(),
            revision: self.now.revision,
        }
    }
}

impl Board {
    pub fn read(
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
    pub fn waiting(
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
        let subjects: BTreeMap<i64, &Subject> = self
            .subjects
            .iter()
            .map(|subject| (subject.subject_no, subject))
            .collect();
        let standing = |(number, now): (i64, section::SectionNow)| {
            let subject = *subjects.get(&number)?;
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
    pub fn look(
        &self,
        context: &Context,
        held: &Held,
        standing: &Standing<'_>,
        many: Many,
    ) -> Waiting {
        let l = &context.l;
        let (subject, section) = (standing.subject, standing.section);
        let number = subject.subject_no;
        let asked: BTreeSet<i64> = self.asked(section).map(|item| item.item_no).collect();
        let said = |item: &&i64| {
            let cell = held.cells.get(&(number, **item));
            cell.is_some_and(|cell| cell.counts().is_some())
        };
        let values = asked.iter().filter(said).count();
        let proven = |item: &&i64| held.proven.contains(&(number, **item));
        let changed = changed_items(&held.cells, number, &asked);
        let why_not = if let Some(why) = held.not_by(context, standing, many) {
            why
        } else if many == Many::Review && changed > 0 {
            l.text("many-was-changed").to_string()
        } else {
            String::new()
        };
        let (round, place) = (self.round.round, subject.place);
        Waiting {
            pick: written(&standing.seen()),
            href: format!("/rounds/{round}/villages/{place}/sections/{}", section.code),
            village: subject.shown_name().to_owned(),
            town: subject.town_name.clone().unwrap_or_default(),
            section: view::section_title(l, section),
            at: standing.now.at,
            values,
            proven: asked.iter().filter(proven).count(),
            changed,
            to_give: asked.len() - values,
            why_not,
        }
    }

    /// The columns of a section that people give.
    pub fn asked(&self, section: &Section) -> impl Iterator<Item = &RoundItem> {
        let number = section.section_no;
        let of_section = move |item: &&RoundItem| item.section_no == number && is_asked(item);
        self.items.iter().filter(of_section)
    }

    /// What a section is called in a sentence.
    pub fn name(&self, l: &Locale, seen: &Seen) -> String {
        let village = self.subjects.iter().find(|one| one.place == seen.place);
        let section = self.sections.iter().find(|one| one.code == seen.section);
        format!(
            "{} {}",
            village.map_or("", Subject::shown_name),
            section.map_or_else(String::new, |one| view::section_title(l, one))
        )
    }
}

/// What the shown sections hold, and who had a part in them.
pub(super) struct Held {
    /// Every cell of their villages.
    pub cells: Cells,
    /// Village and column of every value that rests on files.
    pub proven: BTreeSet<(i64, i64)>,
    ancestors: BTreeMap<i64, Vec<PlaceId>>,
    events: BTreeMap<(i64, i64), Vec<section::SectionEvent>>,
    everybody: Terms,
    own: BTreeMap<i64, Terms>,
}

impl Held {
    /// Of all shown sections, each thing in one query.
    pub fn read<'s, 'r: 's>(
        context: &Context,
        connection: &mut dyn Connection,
        board: &Board,
        shown: impl Iterator<Item = &'s Standing<'r>>,
    ) -> Result<Held, PageError> {
        let (tenant, id) = (context.tenant, board.round.round);
        let numbers: BTreeSet<i64> = shown.map(|one| one.subject.subject_no).collect();
        let of = match (numbers.first(), numbers.last()) {
            (Some(first), Some(last)) => (*first, *last),
            _ => (0, 0),
        };
        Ok(Held {
            cells: cell::of_subjects(connection, tenant, id, of)?,
            proven: evidence::proven(connection, tenant, id, of)?,
            ancestors: round::ancestors_of(connection, tenant, id, of)?,
            events: section::events_of(connection, tenant, id, of)?,
            everybody: round::terms(connection, tenant, id, 0)?,
            own: round::own_terms(connection, tenant, id)?,
        })
    }

    /// Why this person may not do it at all, or not today.
    fn not_by(&self, context: &Context, standing: &Standing<'_>, many: Many) -> Option<String> {
        let l = &context.l;
        let number = standing.subject.subject_no;
        let events = self.events.get(&(number, standing.section.section_no));
        let history = section::involved(events.map_or(&[], Vec::as_slice));
        let ancestors = self.ancestors.get(&number).map_or(&[][..], Vec::as_slice);
        let resource = Resource::at(context.tenant, ancestors).history(&history);
        let decision = access::decide(&context.subject, many.action(), &resource, context.today());
        if !decision.is_allowed() {
            return Some(l.text("many-not-you").to_string());
        }
        let own = self.own.get(&number);
        let terms = own.map_or(self.everybody, |own| self.everybody.later(*own));
        let late = in_time(many.act(), terms, standing.now.due, context.today()).is_err();
        late.then(|| l.text("many-late").to_string())
    }
}

/// `place:section:revision`.
pub(super) fn written(seen: &Seen) -> String {
    format!("{}:{}:{}", seen.place, seen.section, seen.revision)
}

pub(super) fn picked(text: &str) -> Option<Seen> {
    let mut parts = text.splitn(3, ':');
    let (place, section, revision) = (parts.next()?, parts.next()?, parts.next()?);
    Some(Seen {
        place: place.parse().ok()?,
        section: section.to_owned(),
        revision: revision.parse().ok()?,
    })
}
