//! The decision: pure, default deny, a prohibition overrides every permission.

use kernel::{Day, Finding, PersonId, PlaceId, Tenant};

use crate::separation::{Involved, violated};
use crate::{AccountId, Action, GrantId, Reach, Role};

/// A role for a person at a place for a period, as loaded for a decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// Which grant; the journal names the one that was used.
    pub grant: GrantId,
    /// The role.
    pub role: Role,
    /// The place with everything below it; `None` = the whole tenant.
    pub place: Option<PlaceId>,
    /// The place itself and everything above it; empty where `place` is `None`.
    pub ancestors: Vec<PlaceId>,
    /// First day of validity.
    pub valid_from: Day,
    /// Last day of validity; `None` = until revoked.
    pub valid_until: Option<Day>,
}

impl Grant {
    /// Whether the grant holds on that day.
    pub fn is_valid_on(&self, day: Day) -> bool {
        self.valid_from <= day && self.valid_until.is_none_or(|until| day <= until)
    }

    /// Whether the grant's place and the action's reach cover the resource.
    fn covers(&self, reach: Reach, resource: &Resource<'_>) -> bool {
        let Some(place) = self.place else { return true };
        resource.ancestors.contains(&place)
            || reach == Reach::Around
                && match (resource.below, resource.ancestors.first()) {
                    (Some(below), _) => below.contains(&place),
                    (None, None) => true,
                    (None, Some(resource_place)) => self.ancestors.contains(resource_place),
                }
    }
}

/// How the acting person proved who she is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Authentication {
    /// By password, within the window for privileged actions (ten minutes).
    Fresh,
    /// By a session that is older than that.
    Stale,
    /// Not by password: a command line given with `--as USER`, or a job. Refused where fresh
    /// authentication is needed.
    Vouched,
}

/// Who acts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// The tenant of the session.
    pub tenant: Tenant,
    /// The account.
    pub account: AccountId,
    /// The natural person of the account.
    pub person: PersonId,
    /// For whom the person acts, where she acts for another.
    pub on_behalf_of: Option<PersonId>,
    /// How she proved who she is.
    pub authentication: Authentication,
    /// Her approved, unrevoked grants; days are not yet looked at.
    pub grants: Vec<Grant>,
}

impl Subject {
    /// The natural persons whose history counts.
    fn people(&self) -> Vec<PersonId> {
        std::iter::once(self.person)
            .chain(self.on_behalf_of)
            .collect()
    }

    /// Whether some grant in force on a day allows the action at some place: for menus, for lists
    /// within one's scope, and before anything costly is begun. What is done to one thing is
    /// decided with that thing.
    pub fn may_anywhere(&self, action: Action, day: Day) -> Result<(), DenyReason> {
        let mut granted = self.grants.iter().filter(|grant| grant.role.may(action));
        let mut nearest = DenyReason::NoRole;
        match granted.find(|grant| {
            nearest = DenyReason::NotOnThisDay;
            grant.is_valid_on(day)
        }) {
            Some(_) => Ok(()),
            None => Err(nearest),
        }
    }

    /// Whether the action is allowed on what belongs to the tenant as a whole: accounts, grants, the
    /// journal. Whether the password was given lately is asked where something is done.
    pub fn may_in_whole(&self, action: Action, day: Day) -> Result<(), DenyReason> {
        let mut fresh = self.clone();
        fresh.authentication = Authentication::Fresh;
        match decide(&fresh, action, &Resource::tenant(self.tenant), day) {
            Decision::Allow(_) => Ok(()),
            Decision::Deny(denial) => Err(denial.reason),
        }
    }

    /// Whether a grant in force on a day asks for a second factor.
    pub fn needs_second_factor(&self, day: Day) -> bool {
        let mut in_force = self.grants.iter().filter(|grant| grant.is_valid_on(day));
        in_force.any(|grant| grant.role.needs_second_factor())
    }

    /// The roles held on a day, each once, in the order of the enumeration.
    pub fn roles_on(&self, day: Day) -> Vec<Role> {
        let mut roles: Vec<Role> = self
            .grants
            .iter()
            .filter(|grant| grant.is_valid_on(day))
            .map(|grant| grant.role)
            .collect();
        roles.sort_unstable();
        roles.dedup();
        roles
    }
}

/// What is acted on, as far as the decision needs it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Resource<'a> {
    /// The tenant it belongs to.
    pub tenant: Tenant,
    /// Its place and everything above it, the place itself first; empty for what belongs to the
    /// tenant as a whole (accounts, the journal, the system). A thing of an old round gives the
    /// ancestors of that round's own tree.
    pub ancestors: &'a [PlaceId],
    /// Of the places of the person's grants, those that lie below it by a tree of its own: an old
    /// round's. Without one the register's tree of today says what lies below.
    pub below: Option<&'a [PlaceId]>,
    /// Everything done to it before, by whom.
    pub history: &'a [Involved],
    /// The person it is about, where nobody may act in her own matter: the one a grant is for.
    pub beneficiary: Option<PersonId>,
}

impl<'a> Resource<'a> {
    /// What belongs to the tenant as a whole.
    pub const fn tenant(tenant: Tenant) -> Resource<'a> {
        Resource {
            tenant,
            ancestors: &[],
            below: None,
            history: &[],
            beneficiary: None,
        }
    }

    /// What belongs to a place, given with everything above it, the place itself first.
    pub const fn at(tenant: Tenant, ancestors: &'a [PlaceId]) -> Resource<'a> {
        Resource {
            ancestors,
            ..Resource::tenant(tenant)
        }
    }

    /// The same with what lies below it by a tree of its own.
    #[must_use]
    pub const fn below(self, below: &'a [PlaceId]) -> Resource<'a> {
        Resource {
            below: Some(below),
            ..self
        }
    }

    /// The same with its history.
    #[must_use]
    pub const fn history(self, history: &'a [Involved]) -> Resource<'a> {
        Resource { history, ..self }
    }

    /// The same, about a person who may not act in it.
    #[must_use]
    pub const fn about(self, beneficiary: PersonId) -> Resource<'a> {
        Resource {
            beneficiary: Some(beneficiary),
            ..self
        }
    }
}

/// What was decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Allowed by this grant.
    Allow(GrantId),
    /// Not allowed.
    Deny(Denial),
}

impl Decision {
    /// Whether it was allowed.
    pub const fn is_allowed(self) -> bool {
        matches!(self, Decision::Allow(_))
    }
}

/// A refusal with its reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Denial {
    /// What was asked.
    pub action: Action,
    /// Why not.
    pub reason: DenyReason,
}

/// Why not. Each has a Fluent message `finding-{code}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DenyReason {
    /// The thing belongs to another tenant: answered as if it did not exist.
    OtherTenant,
    /// None of the person's roles may do this.
    NoRole,
    /// A role may, but not on this day: the grant has ended or not begun.
    NotOnThisDay,
    /// A role may, but not at this place.
    OtherPlace,
    /// The person holds roles that exclude each other; until one is revoked, neither acts.
    RolesExclude(Role, Role),
    /// Nobody decides in her own matter.
    OwnMatter,
    /// The person, or whom she acts for, did an earlier duty that excludes this one.
    SeparationOfDuties {
        /// The constraint's code.
        constraint: &'static str,
        /// What was done before.
        earlier: Action,
    },
    /// The password must be given again.
    Reauthenticate,
    /// Fresh authentication is needed and cannot be had this way (command line, job).
    CannotReauthenticate,
}

impl DenyReason {
    /// The code of the finding.
    pub const fn code(self) -> &'static str {
        match self {
            DenyReason::OtherTenant => "access-not-found",
            DenyReason::NoRole => "access-no-role",
            DenyReason::NotOnThisDay => "access-not-on-this-day",
            DenyReason::OtherPlace => "access-other-place",
            DenyReason::RolesExclude(..) => "access-roles-exclude",
            DenyReason::OwnMatter => "access-own-matter",
            DenyReason::SeparationOfDuties { .. } => "access-separation-of-duties",
            DenyReason::Reauthenticate => "access-reauthenticate",
            DenyReason::CannotReauthenticate => "access-cannot-reauthenticate",
        }
    }

    /// Whether the answer must not show that the thing exists.
    pub const fn hides_existence(self) -> bool {
        matches!(self, DenyReason::OtherTenant)
    }
}

impl From<Denial> for Finding {
    fn from(denial: Denial) -> Finding {
        let finding = Finding::error(denial.reason.code()).arg("action", denial.action.name());
        match denial.reason {
            DenyReason::RolesExclude(one, other) => {
                finding.arg("role", one.name()).arg("other", other.name())
            }
            DenyReason::SeparationOfDuties {
                constraint,
                earlier,
            } => finding
                .arg("constraint", constraint)
                .arg("earlier", earlier.name()),
            _ => finding,
        }
    }
}

/// Whether the subject may do the action to the resource on a day (the business day: grants are
/// valid by it).
///
/// Default deny. The order of reasons is fixed: the tenant first, then what the roles say, then
/// the prohibitions, and fresh authentication last, so that nobody types a password in vain.
pub fn decide(subject: &Subject, action: Action, resource: &Resource<'_>, day: Day) -> Decision {
    match permitted(subject, action, resource, day)
        .and_then(|grant| unprohibited(subject, action, resource, day).map(|()| grant))
    {
        Ok(grant) => Decision::Allow(grant),
        Err(reason) => Decision::Deny(Denial { action, reason }),
    }
}

/// The grant that allows it, or how near the person's grants come.
fn permitted(
    subject: &Subject,
    action: Action,
    resource: &Resource<'_>,
    day: Day,
) -> Result<GrantId, DenyReason> {
    if subject.tenant != resource.tenant {
        return Err(DenyReason::OtherTenant);
    }
    let mut nearest = DenyReason::NoRole;
    for grant in subject.grants.iter().filter(|grant| grant.role.may(action)) {
        let covers = grant.covers(action.reach(), resource);
        match (covers, grant.is_valid_on(day)) {
            (true, true) => return Ok(grant.grant),
            (true, false) => nearest = DenyReason::NotOnThisDay,
            (false, _) if nearest == DenyReason::NoRole => nearest = DenyReason::OtherPlace,
            (false, _) => {}
        }
    }
    Err(nearest)
}

/// What forbids it although a grant allows it.
fn unprohibited(
    subject: &Subject,
    action: Action,
    resource: &Resource<'_>,
    day: Day,
) -> Result<(), DenyReason> {
    let roles = subject.roles_on(day);
    for (i, one) in roles.iter().enumerate() {
        if let Some(other) = roles[i + 1..].iter().find(|other| !one.goes_with(**other)) {
            return Err(DenyReason::RolesExclude(*one, *other));
        }
    }
    let people = subject.people();
    if resource
        .beneficiary
        .is_some_and(|person| people.contains(&person))
    {
        return Err(DenyReason::OwnMatter);
    }
    if let Some((separation, earlier)) = violated(action, &people, resource.history) {
        return Err(DenyReason::SeparationOfDuties {
            constraint: separation.code,
            earlier,
        });
    }
    if !action.needs_fresh_authentication() {
        return Ok(());
    }
    match subject.authentication {
        Authentication::Fresh => Ok(()),
        Authentication::Stale => Err(DenyReason::Reauthenticate),
        Authentication::Vouched => Err(DenyReason::CannotReauthenticate),
    }
}
