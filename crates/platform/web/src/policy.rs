//! Who may use a route. A route without a policy cannot be made.

use access::{Action, Decision, Denial, DenyReason, Involved, Resource, decide};
use kernel::{PersonId, PlaceId, Tenant};
use store::Connection;

use crate::{Context, PageError, Params};

/// The thing that a route is about, as far as the decision needs it: an [`access::Resource`] that
/// owns its parts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Target {
    /// Its place and everything above it, the place itself first; empty for what belongs to the
    /// tenant as a whole. A thing of an old round gives the ancestors of that round's own tree.
    pub ancestors: Vec<PlaceId>,
    /// What lies below it by a tree of its own ([`Resource::below`]).
    pub below: Option<Vec<PlaceId>>,
    /// Everything done to it before, by whom; only where the action is a duty that can exclude.
    pub history: Vec<Involved>,
    /// The person it is about, where nobody may act in her own matter.
    pub beneficiary: Option<PersonId>,
}

impl Target {
    /// A thing at a place, given with everything above it, the place itself first.
    pub fn at(ancestors: Vec<PlaceId>) -> Target {
        Target {
            ancestors,
            ..Target::default()
        }
    }

    /// A place of the register as it is now.
    pub fn at_place(
        connection: &mut dyn Connection,
        tenant: Tenant,
        place: PlaceId,
    ) -> Result<Target, PageError> {
        let ancestors = directory::place::ancestors(connection, tenant, place)?;
        if ancestors.is_empty() {
            return Err(PageError::NotFound);
        }
        Ok(Target::at(ancestors))
    }

    /// As the decision reads it.
    pub fn resource(&self, tenant: Tenant) -> Resource<'_> {
        Resource {
            tenant,
            ancestors: &self.ancestors,
            below: self.below.as_deref(),
            history: &self.history,
            beneficiary: self.beneficiary,
        }
    }
}

/// Finds the thing that a route is about; [`PageError::NotFound`] where there is none.
pub type TargetOf = fn(&Context, &Params, &mut dyn Connection) -> Result<Target, PageError>;

/// Who may use a route.
#[derive(Clone, Copy)]
pub enum Policy {
    /// Everybody, signed in or not.
    Public,
    /// Everybody with an account: own settings, own tasks.
    SignedIn,
    /// Whoever may do the action at some place; the page shows only what lies in that scope.
    Holds(Action),
    /// Whoever may do the action in the whole tenant: lists and things that belong to no place
    /// (accounts, grants, the journal), shown whole.
    Whole(Action),
    /// Whoever may do the action to the thing that the address names. Decided before the handler
    /// runs, in the same snapshot.
    On(Action, TargetOf),
}

/// As the permission matrix writes it: `public`, `signed-in`, `score.read anywhere`,
/// `journal.read in the whole tenant`, `score.read on the thing`.
impl std::fmt::Display for Policy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Policy::Public => f.write_str("public"),
            Policy::SignedIn => f.write_str("signed-in"),
            Policy::Holds(action) => write!(f, "{action} anywhere"),
            Policy::Whole(action) => write!(f, "{action} in the whole tenant"),
            Policy::On(action, _) => write!(f, "{action} on the thing"),
        }
    }
}

impl std::fmt::Debug for Policy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Display::fmt(self, f)
    }
}

/// The refusal with the place of the thing.
fn at_place(mut error: PageError, target: &Target) -> PageError {
    if let PageError::Denied { act: Some(act), .. } = &mut error {
        act.place = target.ancestors.first().copied();
    }
    error
}

impl Policy {
    /// Decides for somebody who is signed in.
    pub(crate) fn allow(
        &self,
        context: &Context,
        params: &Params,
        connection: &mut dyn Connection,
    ) -> Result<(), PageError> {
        match self {
            Policy::Public | Policy::SignedIn => Ok(()),
            Policy::Holds(action) if context.holds(*action) => Ok(()),
            Policy::Holds(action) => {
                let reason = DenyReason::NoRole;
                Err(Denial {
                    action: *action,
                    reason,
                }
                .into())
            }
            Policy::Whole(action) => {
                let (action, today) = (*action, context.today());
                let allowed = context.subject.may_in_whole(action, today);
                allowed.map_err(|reason| Denial { action, reason }.into())
            }
            Policy::On(action, target_of) => {
                let target = target_of(context, params, connection)?;
                let resource = target.resource(context.tenant);
                match decide(&context.subject, *action, &resource, context.today()) {
                    Decision::Allow(_) => Ok(()),
                    Decision::Deny(denial) => Err(at_place(denial.into(), &target)),
                }
            }
        }
    }
}
