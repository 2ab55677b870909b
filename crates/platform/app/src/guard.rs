//! Meeting place 5: guards. Who may not act, and what blocks an act, asked across features.

use access::Action;
use kernel::{Finding, PlaceId, Tenant};
use store::{Connection, StoreError};

use crate::Ref;

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

/// What a feature has against an act.
pub type Objections =
    fn(&mut dyn Connection, Tenant, &GuardQuestion) -> Result<Vec<Finding>, StoreError>;

/// A feature's objection to acts of other features.
#[derive(Clone, Copy)]
pub struct Guard {
    /// The act that it guards.
    pub on: Action,
    /// What stands against it; empty when nothing does. Only reads: pages ask too, before a form
    /// is filled in.
    pub objections: Objections,
}
