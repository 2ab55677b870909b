//! Grants: proposed by one administrator, approved or refused by another, ended by revocation.

use access::{
    Action, GrantId, Resource, Role,
    grant::{self, Proposal},
};
use app::{Command, Door, Refusal};
use kernel::{Day, PersonId, PlaceId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Proposes a role for a person at a place for a period.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProposeGrant {
    /// For whom.
    #[schema(value_type = String, format = "uuid")]
    pub person: PersonId,
    /// Which role.
    #[schema(value_type = String)]
    pub role: Role,
    /// Where, with everything below; left out = the whole tenant.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "uuid")]
    pub place: Option<PlaceId>,
    /// First day; left out = today.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "date")]
    pub valid_from: Option<Day>,
    /// Last day; left out = until revoked.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "date")]
    pub valid_until: Option<Day>,
}

/// The grant that a command was about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct GrantChanged {
    /// The grant.
    #[schema(value_type = String, format = "uuid")]
    pub grant: GrantId,
}

impl Command for ProposeGrant {
    const NAME: &'static str = "grant.propose";
    const ACTION: Action = Action::GrantPropose;
    const CLEAR: &'static [&'static str] =
        &["person", "role", "place", "valid_from", "valid_until"];
    const REAUTHENTICATE: bool = true;
    type Answer = GrantChanged;

    fn run(&self, door: &mut Door<'_>) -> Result<GrantChanged, Refusal> {
        let resource = Resource::tenant(door.tenant()).about(self.person);
        door.decide(Action::GrantPropose, &resource)?;
        let proposal = Proposal {
            grant: GrantId(door.next_id()),
            person: self.person,
            role: self.role,
            place: self.place,
            valid_from: self.valid_from.unwrap_or(door.today()),
            valid_until: self.valid_until,
        };
        let actor = door.person();
        grant::propose(door, &proposal, actor)?;
        Ok(GrantChanged {
            grant: proposal.grant,
        })
    }
}

/// Declares the commands that end a step of a grant by its id.
macro_rules! grant_steps {
    ($($(#[$doc:meta])* $command:ident = $name:literal by $action:ident with $step:path;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
        #[serde(deny_unknown_fields)]
        pub struct $command {
            /// The grant.
            #[schema(value_type = String, format = "uuid")]
            pub grant: GrantId,
        }

        impl Command for $command {
            const NAME: &'static str = $name;
            const ACTION: Action = Action::$action;
            const CLEAR: &'static [&'static str] = &["grant"];
            const REAUTHENTICATE: bool = true;
            type Answer = GrantChanged;

            fn run(&self, door: &mut Door<'_>) -> Result<GrantChanged, Refusal> {
                let tenant = door.tenant();
                // Decided before it is looked up, so that nobody without the right learns ids.
                door.decide_tenant(Action::$action)?;
                let Some(found) = grant::get(door.connection(), tenant, self.grant)? else {
                    return Err(Refusal::not_found("grant"));
                };
                let history = grant::history(door.connection(), tenant, self.grant)?;
                let resource = Resource::tenant(tenant)
                    .history(&history)
                    .about(found.proposal.person);
                door.decide(Action::$action, &resource)?;
                let actor = door.person();
                $step(door, self.grant, actor)?;
                Ok(GrantChanged { grant: self.grant })
            }
        }
    )+};
}

grant_steps! {
    /// Approves a proposed grant: it holds on its days, from the person's next request.
    ApproveGrant = "grant.approve" by GrantApprove with grant::approve;
    /// Refuses a proposed grant.
    RefuseGrant = "grant.refuse" by GrantApprove with grant::refuse;
    /// Ends a grant at once.
    RevokeGrant = "grant.revoke" by GrantRevoke with grant::revoke;
}
