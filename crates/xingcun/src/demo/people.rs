//! Making an account for an invented person, and those whom both extents have: no passwords.

use access::{AccountId, Role};
use kernel::PlaceId;
use registry::{
    accounts::MakeAccount,
    grants::{ApproveGrant, ProposeGrant},
    person_appoint::AppointPerson,
};

use super::stage::{Stage, Staged};

/// The county's clerk before there is any place: her grant is for the whole tenant.
pub fn first_clerk(stage: &mut Stage, role: Role) -> Staged<AccountId> {
    engage(stage, "李静", "li.jing", role, None)
}

/// The town's clerk, and who reads, watches and serves: nobody of them acts in the story.
pub(super) fn engage_others(
    stage: &mut Stage,
    county: PlaceId,
    town: PlaceId,
    village: PlaceId,
) -> Staged<()> {
    engage(stage, "高明", "gao.ming", Role::TownClerk, Some(town))?;
    engage(stage, "罗正", "luo.zheng", Role::Auditor, None)?;
    for (name, sign_in_name, role, place) in [
        ("宋明", "song.ming", Role::CountyLeader, county),
        ("徐志远", "xu.zhiyuan", Role::TownLeader, town),
        ("曹立言", "cao.liyan", Role::SupervisionCommittee, village),
        ("林小燕", "lin.xiaoyan", Role::GridWorker, village),
        ("田大婶", "villager01", Role::Villager, village),
    ] {
        engage(stage, name, sign_in_name, role, Some(place))?;
    }
    Ok(())
}

/// Makes an account, proposes a grant, has it approved by the other administrator, and notes the
/// post.
pub(super) fn engage(
    stage: &mut Stage,
    name: &str,
    sign_in_name: &str,
    role: Role,
    place: Option<PlaceId>,
) -> Staged<AccountId> {
    let (security, system) = (stage.administrators.security, stage.administrators.system);
    let made = stage.act(
        security,
        &MakeAccount {
            person: None,
            name: Some(name.to_owned()),
            namesake: false,
            sign_in_name: sign_in_name.to_owned(),
        },
    )?;
    let proposal = ProposeGrant {
        person: made.person,
        role,
        place,
        valid_from: None,
        valid_until: None,
    };
    let proposed = stage.act(security, &proposal)?;
    stage.act(
        system,
        &ApproveGrant {
            grant: proposed.grant,
        },
    )?;
    if let (Some(post), Some(place)) = (post(role), place) {
        let appoint = AppointPerson {
            person: made.person,
            post: post.to_owned(),
            place,
            valid_from: None,
            valid_until: None,
        };
        stage.act(security, &appoint)?;
    }
    Ok(made.account)
}

/// The post of whoever has a role; none for a villager and for who is of no office.
fn post(role: Role) -> Option<&'static str> {
    Some(match role {
        Role::VillageSecretary => "secretary",
        Role::SupervisionCommittee => "supervision_director",
        Role::GridWorker => "grid_worker",
        Role::TownClerk | Role::TownVerifier | Role::CountyClerk | Role::CountyReviewer => "clerk",
        Role::TownLeader | Role::CountyLeader => "leader",
        Role::Public
        | Role::Villager
        | Role::Auditor
        | Role::SystemAdmin
        | Role::SecurityAdmin
        | Role::AuditAdmin => return None,
    })
}

/// Sign-in name of a village's secretary by the village's number from 0.
pub(super) fn secretary(number: usize) -> String {
    format!("village{:02}", number + 1)
}
