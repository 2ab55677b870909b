//! Kinds 4, 13 and 14: verified events and what they count.
//!
//! The figures come from the register of events, which counts an event once it is verified; a
//! penalty counts only where the fault was found to be the subject's. How many complaints there
//! were is not a figure that these rules can read.

use kernel::Decimal;
use serde::Serialize;

use super::choice::choices;
use super::{Input, Moment};

choices! {
    /// Which date of an event puts it into a period.
    DatedBy {
        /// When it happened.
        Occurred = "occurred",
        /// When it became known, or was filed.
        Discovered = "discovered",
        /// When it was ruled on, or the document was issued.
        Ruled = "ruled",
    }

    /// What an event that was counted and later revoked does.
    Revoked {
        /// It no longer counts.
        Drop = "drop",
        /// It goes on counting for its period.
        Keep = "keep",
    }

    /// What a fact does here that another entry of the same register counts too.
    SameFact {
        /// It counts only where it counts most.
        HighestOnly = "highest_only",
        /// It counts everywhere.
        Each = "each",
    }

    /// What several entries of a class do together.
    Several {
        /// Their marks are added.
        All = "all",
        /// Only the entry with the most marks per event counts, with all its events.
        HighestLevel = "highest_level",
        /// Only the entry with the most marks per event counts, and once.
        HighestOnce = "highest_once",
    }
}

impl DatedBy {
    /// The column that counts by this date.
    pub fn moment(self) -> Moment {
        match self {
            DatedBy::Occurred => Moment::Occurred,
            DatedBy::Discovered => Moment::Discovered,
            DatedBy::Ruled => Moment::Ruled,
        }
    }
}

/// From the n-th occurrence on, each costs more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Repeat {
    /// The first occurrence that costs more; 2 or later.
    pub from: u32,
    /// How many times as much; 1 or more.
    pub times: Decimal,
}

/// Kind 4. `start − occurrences × per occurrence`.
///
/// Where marks stop falling is the floor of this node, of its group or of the whole: a node's own
/// field.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Deduction {
    /// The item that counts occurrences; its source is the register of events.
    pub item: String,
    /// Which date puts an occurrence into the period.
    pub dated_by: DatedBy,
    /// What a revoked occurrence does.
    pub revoked: Revoked,
    /// What an occurrence does that another item counts too.
    pub same_fact: SameFact,
    /// Mark without occurrences.
    pub start: Decimal,
    /// Marks off for each occurrence; positive.
    pub per_occurrence: Decimal,
    /// Whether repeated occurrences cost more.
    pub repeat: Option<Repeat>,
}

/// Entries that limit each other.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct EventClass {
    /// By which entries name it.
    pub code: String,
    /// What several of them do.
    pub several: Several,
    /// Most marks of the class.
    pub cap: Option<Decimal>,
}

/// One situation.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct EventEntry {
    /// The item that counts its events; its source is the register of events.
    pub item: String,
    /// Marks for each event, added by a bonus and taken off by a penalty; positive.
    pub mark: Decimal,
    /// Most marks of this situation.
    pub cap: Option<Decimal>,
    /// What an event does that another situation counts too.
    pub same_fact: SameFact,
    /// The share of the mark that an event counts which several subjects share; 0 to 1.
    pub joint_share: Decimal,
    /// The class it belongs to.
    pub class: Option<String>,
}

/// Kinds 13 and 14. A list of situations with marks per event, and its caps. The cap over all is
/// the node's own cap (of a bonus) or floor (of a penalty); whether the marks count above the full
/// mark of the whole or inside it is the cap of the node above.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct EventList {
    /// Which date puts an event into the period: a penalty dated by what happened counts in that
    /// round at once, one dated by the ruling in the round of the ruling.
    pub dated_by: DatedBy,
    /// What a revoked event does.
    pub revoked: Revoked,
    /// The share of the marks of the period before that still counts, 0 to 1; `None` where events
    /// expire with their period.
    pub carry_share: Option<Decimal>,
    /// Classes of situations.
    pub classes: Vec<EventClass>,
    /// The situations.
    pub entries: Vec<EventEntry>,
}

/// The columns that an entry of the register is read from, in order: events of the period, then
/// where they are a question: revoked ones, facts counted elsewhere, shared ones.
pub(crate) fn counted(
    item: &str,
    dated_by: DatedBy,
    revoked: Revoked,
    same_fact: SameFact,
    joint_share: Decimal,
) -> Vec<Input> {
    let mut moments = vec![dated_by.moment()];
    moments.extend((revoked == Revoked::Keep).then_some(Moment::Revoked));
    moments.extend((same_fact == SameFact::HighestOnly).then_some(Moment::Repeated));
    moments.extend((joint_share != Decimal::ONE).then_some(Moment::Joint));
    let input = |moment| Input {
        item: item.to_owned(),
        moment,
    };
    moments.into_iter().map(input).collect()
}
