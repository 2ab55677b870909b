//! Meeting place 5: guards. Who may not act, and what blocks an act, asked across features.

use access::Action;
use kernel::{Finding, PlaceId};

use crate::{Door, Ref, Refusal};

/// What a guard is asked: may this act on this thing go on?
#[derive(Clone, Debug)]
pub struct GuardQuestion {
    /// The act.
    pub action: Action,
    /// The thing acted on.
    pub thing: Ref,
    /// The places that it concerns.
    pub places: Vec<PlaceId>,
    /// The period that it concerns, in the kernel's notation; empty where there is none.
    pub period: String,
}

/// A feature's objection to acts of other features.
#[derive(Clone, Copy)]
pub struct Guard {
    /// The act that it guards.
    pub on: Action,
    /// What stands against it; empty when nothing does.
    pub objections: fn(&mut Door<'_>, &GuardQuestion) -> Result<Vec<Finding>, Refusal>,
}
