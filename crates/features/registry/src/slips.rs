//! Activation slips: printed one-time codes by which people set their first password, or a new one
//! after the old was lost. One command issues a batch.
//!
//! Whoever reads a code can become its person (decision 0031). A clerk therefore issues slips only
//! for people all of whose posts and grants lie inside the clerk's own area; for who holds a role of
//! an office or of the auditor the slip waits until the system administrator releases it; for the
//! three administrators there is none.

use std::collections::BTreeSet;

use access::{
    AccountId, Action, Grant, Resource, Role, TokenRequestId, grant,
    token::{self, TokenKind, TokenRequest, TokenState},
};
use app::{Command, Door, FileHash, Refusal};
use directory::{appointment, place};
use kernel::{Finding, Instant, PersonId, PlaceId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::accounts::known;

/// The most slips of one batch: 63 pages of paper.
pub const SLIPS_MAX: usize = 500;

/// The slip of one account. The code never comes here: only its hash, so that neither database
/// nor journal can give it away.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Slip {
    /// The account.
    #[schema(value_type = String, format = "uuid")]
    pub account: AccountId,
    /// Hash of the code with the account as `access::SlipCode::hash_text` gives it, 64 hexadecimal
    /// digits.
    pub code_hash: String,
}

/// Issues activation slips for some accounts. An earlier slip or one-time token of each is void.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct IssueSlips {
    /// The slips, 1 to 500, no account twice.
    pub slips: Vec<Slip>,
}

/// How far a slip has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SlipIssued {
    /// The account.
    #[schema(value_type = String, format = "uuid")]
    pub account: AccountId,
    /// The request, by which another releases it.
    #[schema(value_type = String, format = "uuid")]
    pub request: TokenRequestId,
    /// Until when it can be used, milliseconds since 1970; left out while it opens nothing.
    #[schema(value_type = Option<i64>)]
    pub expires_at: Option<Instant>,
}

/// The slips of a batch, in the order in which they were asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SlipsIssued {
    /// The slips.
    pub slips: Vec<SlipIssued>,
}

impl Command for IssueSlips {
    const NAME: &'static str = "account.issue_slips";
    const ACTION: Action = Action::AccountIssueSlip;
    const CLEAR: &'static [&'static str] = &["slips.*.account"];
    const REAUTHENTICATE: bool = true;
    type Answer = SlipsIssued;

    fn run(&self, door: &mut Door<'_>) -> Result<SlipsIssued, Refusal> {
        self.check()?;
        let mut findings = Vec::new();
        let mut slips = Vec::with_capacity(self.slips.len());
        for slip in &self.slips {
            match one(door, slip)? {
                Ok(request) => slips.push(request),
                Err(finding) => findings.push(finding),
            }
        }
        if !findings.is_empty() {
            return Err(Refusal::invalid(findings));
        }
        let (now, profile) = (door.app().session_clock().now(), *door.app().profile());
        let slips = slips.into_iter().map(|request| {
            let expires_at = token::request(door, &request, now, &profile)?;
            Ok(SlipIssued {
                account: request.account,
                request: request.request,
                expires_at,
            })
        });
        let slips: Result<Vec<SlipIssued>, Refusal> = slips.collect();
        Ok(SlipsIssued { slips: slips? })
    }
}

impl IssueSlips {
    /// What can be said of the batch without the record.
    fn check(&self) -> Result<(), Refusal> {
        if self.slips.is_empty() {
            return Err(Finding::error("slips-none").field("account").into());
        }
        if self.slips.len() > SLIPS_MAX {
            let finding = Finding::error("slips-too-many").field("account");
            return Err(finding
                .arg("found", self.slips.len())
                .arg("expected", SLIPS_MAX)
                .into());
        }
        let accounts: BTreeSet<AccountId> = self.slips.iter().map(|slip| slip.account).collect();
        if accounts.len() < self.slips.len() {
            return Err(Finding::error("slips-twice").field("account").into());
        }
        Ok(())
    }
}

/// The request of one slip, if the acting person may issue it and there is something to issue it
/// for.
fn one(door: &mut Door<'_>, slip: &Slip) -> Result<Result<TokenRequest, Finding>, Refusal> {
    let (tenant, action) = (door.tenant(), Action::AccountIssueSlip);
    let found = match known(door, slip.account) {
        Ok(found) => found,
        Err(refusal) => {
            // Nobody learns from the answer which ids there are.
            door.decide_tenant(action)?;
            return Err(refusal);
        }
    };
    let held = held(door, found.person)?;
    for ancestors in area(door, found.person, &held)? {
        let resource = Resource::at(tenant, &ancestors).about(found.person);
        door.decide(action, &resource)?;
    }
    if found.disabled {
        let finding = Finding::error("slip-account-disabled");
        return Ok(Err(finding.arg("found", found.sign_in_name)));
    }
    let now = door.now();
    let roles = grant::roles_lately(door.connection(), tenant, found.person, now)?;
    if roles.iter().any(|role| role.is_administrator()) {
        let finding = Finding::error("slip-on-the-machine");
        return Ok(Err(finding.arg("found", found.sign_in_name)));
    }
    let hash: FileHash = slip
        .code_hash
        .parse()
        .map_err(|_| Finding::error("token-hash").field("code_hash"))?;
    Ok(Ok(TokenRequest {
        request: TokenRequestId(door.next_id()),
        account: found.account,
        person: found.person,
        kind: TokenKind::Slip,
        token_hash: hash.0,
        state: if roles.iter().any(|role| waits(*role)) {
            TokenState::Proposed
        } else {
            TokenState::Released
        },
        by: door.person(),
        at: door.now(),
        version: 1,
    }))
}

/// Whether a slip for somebody in this role opens nothing until a second person releases it: roles
/// that check what others declared, or that read everything.
pub(crate) fn waits(role: Role) -> bool {
    role.is_of_an_office() || role == Role::Auditor
}

/// The grants of a person, in force or to come.
fn held(door: &mut Door<'_>, person: PersonId) -> Result<Vec<Grant>, Refusal> {
    let (tenant, today) = (door.tenant(), door.today());
    let mut held = grant::grants_of(door.connection(), tenant, person, today)?;
    held.retain(|grant| grant.valid_until.is_none_or(|until| until >= today));
    Ok(held)
}

/// Everything that must lie inside the clerk's area: each place where the person serves or will
/// serve, by appointment or grant, with the places above it. Whoever serves nowhere, or holds a
/// grant for the whole tenant, belongs to the tenant as a whole.
fn area(
    door: &mut Door<'_>,
    person: PersonId,
    held: &[Grant],
) -> Result<Vec<Vec<PlaceId>>, Refusal> {
    let (tenant, today) = (door.tenant(), door.today());
    let mut areas: BTreeSet<Vec<PlaceId>> =
        held.iter().map(|grant| grant.ancestors.clone()).collect();
    for held in appointment::of_person(door.connection(), tenant, person)? {
        if held.valid_until.is_none_or(|until| until >= today) {
            areas.insert(place::ancestors(door.connection(), tenant, held.place)?);
        }
    }
    if areas.is_empty() {
        areas.insert(Vec::new());
    }
    Ok(areas.into_iter().collect())
}
