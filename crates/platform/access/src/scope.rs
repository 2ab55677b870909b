//! The decision as a predicate, so that lists equal points.

use kernel::{Day, PersonId, Tenant};

use crate::{Action, Reach, RoleMask, Subject};

/// What a statement binds to see exactly the places for which [`crate::decide()`] allows an action.
///
/// Bind `tenant`, `person`, `roles.0` and `day` to the four parameters named to [`in_scope!`] or
/// [`around_scope!`]. A query function that takes a `Scope` cannot forget to filter.
///
/// [`in_scope!`]: crate::in_scope
/// [`around_scope!`]: crate::around_scope
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Scope {
    /// The tenant.
    pub tenant: Tenant,
    /// Whose grants.
    pub person: PersonId,
    /// Which roles count: those that may do the action; none where the person's roles exclude
    /// each other.
    pub roles: RoleMask,
    /// The business day.
    pub day: Day,
    /// Which of the two predicates the action needs.
    pub reach: Reach,
}

impl Scope {
    /// The scope of a subject for reading by an action on a day.
    ///
    /// Prohibitions that hang on the single thing (its history, own matter) and fresh
    /// authentication are not the scope's: no list needs them.
    pub fn new(subject: &Subject, action: Action, day: Day) -> Scope {
        let roles = subject.roles_on(day);
        let exclude = roles
            .iter()
            .any(|one| roles.iter().any(|other| !one.goes_with(*other)));
        Scope {
            tenant: subject.tenant,
            person: subject.person,
            roles: if exclude {
                RoleMask::default()
            } else {
                RoleMask::allowing(action)
            },
            day,
            reach: action.reach(),
        }
    }
}

/// SQL: the place `$place` lies at or below the place of one of the person's grants.
///
/// The arguments are literals: the column, then the parameters for tenant, person, roles and day.
/// `concat!("SELECT … WHERE v.tenant = $1 AND ", access::in_scope!("v.place", "$1", "$2", "$3",
/// "$4"))`. For actions of [`Reach::Below`].
#[macro_export]
macro_rules! in_scope {
    ($place:literal, $tenant:literal, $person:literal, $roles:literal, $day:literal) => {
        concat!(
            "EXISTS (SELECT 1 FROM grant_current scope_grant WHERE scope_grant.tenant = ",
            $tenant,
            " AND scope_grant.person = ",
            $person,
            " AND (scope_grant.role_bit & ",
            $roles,
            ") <> 0 AND scope_grant.valid_from <= ",
            $day,
            " AND (scope_grant.valid_until IS NULL OR scope_grant.valid_until >= ",
            $day,
            ") AND (scope_grant.place IS NULL OR EXISTS (SELECT 1 FROM place_ancestor scope_up",
            " WHERE scope_up.tenant = ",
            $tenant,
            " AND scope_up.place = ",
            $place,
            " AND scope_up.ancestor = scope_grant.place)))"
        )
    };
}

/// SQL: as [`in_scope!`](crate::in_scope), or `$place` lies above the place of one of the grants.
/// For actions of [`Reach::Around`].
#[macro_export]
macro_rules! around_scope {
    ($place:literal, $tenant:literal, $person:literal, $roles:literal, $day:literal) => {
        concat!(
            "EXISTS (SELECT 1 FROM grant_current scope_grant WHERE scope_grant.tenant = ",
            $tenant,
            " AND scope_grant.person = ",
            $person,
            " AND (scope_grant.role_bit & ",
            $roles,
            ") <> 0 AND scope_grant.valid_from <= ",
            $day,
            " AND (scope_grant.valid_until IS NULL OR scope_grant.valid_until >= ",
            $day,
            ") AND (scope_grant.place IS NULL OR EXISTS (SELECT 1 FROM place_ancestor scope_up",
            " WHERE scope_up.tenant = ",
            $tenant,
            " AND ((scope_up.place = ",
            $place,
            " AND scope_up.ancestor = scope_grant.place) OR (scope_up.ancestor = ",
            $place,
            " AND scope_up.place = scope_grant.place)))))"
        )
    };
}
