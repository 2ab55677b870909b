//! Roles, and the one table of what each may do.

use directory::place::PlaceLevel;
use serde::{Deserialize, Serialize};

use crate::Action;

/// Declares the closed list of roles with their names in the database, in commands and in the
/// locale files (`role-{name}`).
macro_rules! roles {
    ($($(#[$doc:meta])* $role:ident = $name:literal, bit $bit:literal;)+) => {
        /// What a person is at a place. Packs may rename roles, never extend their powers.
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
        )]
        #[serde(rename_all = "snake_case")]
        pub enum Role {
            $($(#[$doc])* $role,)+
        }

        impl Role {
            /// Every role, in the order of the enumeration.
            pub const ALL: &'static [Role] = &[$(Role::$role,)+];

            /// The name in the database, in commands and in locale keys.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Role::$role => $name,)+
                }
            }

            /// The role's bit in a [`RoleMask`] and in `grant_current.role_bit`. It stands in
            /// stored rows: a bit is never given to another role.
            pub const fn bit(self) -> i64 {
                match self {
                    $(Role::$role => 1 << $bit,)+
                }
            }
        }
    };
}

roles! {
    /// Anybody, not signed in. Cannot be granted.
    Public = "public", bit 0;
    /// A villager with an account of her own.
    Villager = "villager", bit 1;
    /// A person serving a grid.
    GridWorker = "grid_worker", bit 2;
    /// The secretary of a village's party body.
    VillageSecretary = "village_secretary", bit 3;
    /// Checks finance and affairs of a village.
    SupervisionCommittee = "supervision_committee", bit 4;
    /// A clerk of a town's party office: keeps the town's register.
    TownClerk = "town_clerk", bit 5;
    /// Verifies the declarations of a town's villages.
    TownVerifier = "town_verifier", bit 6;
    /// A leader of a town: reads.
    TownLeader = "town_leader", bit 7;
    /// A clerk of the county's organisation department: register, schemes, rounds.
    CountyClerk = "county_clerk", bit 8;
    /// The county's final check of what towns verified.
    CountyReviewer = "county_reviewer", bit 9;
    /// A leader of the county: reads.
    CountyLeader = "county_leader", bit 10;
    /// Reads everything including the journal, writes nothing.
    Auditor = "auditor", bit 11;
    /// Runs the system, approves grants and releases tokens; sees no business data.
    SystemAdmin = "system_admin", bit 12;
    /// Makes accounts and proposes grants; sees no business data.
    SecurityAdmin = "security_admin", bit 13;
    /// Watches the journal; sees no business data.
    AuditAdmin = "audit_admin", bit 14;
}

/// At which places a role is granted: where its work is. A right above that would reach around it,
/// to its neighbours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ground {
    /// At none.
    Nowhere,
    /// In the whole tenant only.
    Whole,
    /// At a county (or what stands above it), or in the whole tenant: the county's clerk comes
    /// before any place is there.
    County,
    /// At a town.
    Town,
    /// At a village.
    Village,
    /// At a village, or at a grid or micro-grid of one.
    Grid,
}

impl Ground {
    /// The name in arguments of findings.
    pub const fn name(self) -> &'static str {
        match self {
            Ground::Nowhere => "nowhere",
            Ground::Whole => "whole",
            Ground::County => "county",
            Ground::Town => "town",
            Ground::Village => "village",
            Ground::Grid => "grid",
        }
    }

    /// Whether a grant can lie at a place of this level; `None` = in the whole tenant.
    pub fn fits(self, level: Option<PlaceLevel>) -> bool {
        match self {
            Ground::Nowhere => false,
            Ground::Whole => level.is_none(),
            Ground::County => level.is_none_or(|level| level <= PlaceLevel::County),
            Ground::Town => level == Some(PlaceLevel::Town),
            Ground::Village => level == Some(PlaceLevel::Village),
            Ground::Grid => level.is_some_and(|level| level >= PlaceLevel::Village),
        }
    }
}

/// A set of roles as one integer, for the parameter of a list predicate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct RoleMask(pub i64);

impl RoleMask {
    /// The roles that may do `action`.
    pub fn allowing(action: Action) -> RoleMask {
        Role::ALL
            .iter()
            .filter(|role| role.may(action))
            .fold(RoleMask(0), |mask, role| RoleMask(mask.0 | role.bit()))
    }

    /// Whether the role is in the set.
    pub const fn holds(self, role: Role) -> bool {
        self.0 & role.bit() != 0
    }
}

impl Role {
    /// Whether a grant can name the role.
    pub const fn can_be_granted(self) -> bool {
        !matches!(self, Role::Public)
    }

    /// Whether the role is one of the three separated administrators (三员).
    pub const fn is_administrator(self) -> bool {
        matches!(
            self,
            Role::SystemAdmin | Role::SecurityAdmin | Role::AuditAdmin
        )
    }

    /// Whether a grant of the role is for the whole tenant only: what it reads or decides (accounts,
    /// grants, the journal) belongs to no place.
    pub const fn is_of_the_whole(self) -> bool {
        matches!(self.ground(), Ground::Whole)
    }

    /// Where the role is granted.
    pub const fn ground(self) -> Ground {
        match self {
            Role::Public => Ground::Nowhere,
            Role::SystemAdmin | Role::SecurityAdmin | Role::AuditAdmin | Role::Auditor => {
                Ground::Whole
            }
            Role::CountyClerk | Role::CountyReviewer | Role::CountyLeader => Ground::County,
            Role::TownClerk | Role::TownVerifier | Role::TownLeader => Ground::Town,
            Role::VillageSecretary | Role::SupervisionCommittee | Role::Villager => Ground::Village,
            Role::GridWorker => Ground::Grid,
        }
    }

    /// Whether who holds the role signs in with a second factor: who checks or publishes what
    /// others declared, who brings people in or gives them rights, who reads personal data in
    /// clear, and who reads the journal (decision 0033). Everybody else may.
    pub const fn needs_second_factor(self) -> bool {
        match self {
            Role::TownClerk
            | Role::TownVerifier
            | Role::CountyClerk
            | Role::CountyReviewer
            | Role::Auditor
            | Role::SystemAdmin
            | Role::SecurityAdmin
            | Role::AuditAdmin => true,
            Role::Public
            | Role::Villager
            | Role::GridWorker
            | Role::VillageSecretary
            | Role::SupervisionCommittee
            | Role::TownLeader
            | Role::CountyLeader => false,
        }
    }

    /// Whether the role is one of a town's or a county's office, which no village has.
    pub const fn is_of_an_office(self) -> bool {
        matches!(
            self,
            Role::TownClerk
                | Role::TownVerifier
                | Role::TownLeader
                | Role::CountyClerk
                | Role::CountyReviewer
                | Role::CountyLeader
        )
    }

    /// Whether one natural person may hold both roles at the same time, anywhere in the tenant.
    ///
    /// The three administrators exclude each other, and each excludes every role that sees
    /// business data: separation is void if one person adds the two up.
    pub fn goes_with(self, other: Role) -> bool {
        self == other || !(self.is_administrator() || other.is_administrator())
    }

    /// Whether the role may do the action (within its place and its days). Everybody manages what
    /// is her own.
    pub fn may(self, action: Action) -> bool {
        if matches!(action, Action::SelfManage | Action::SelfSecure) {
            return self.can_be_granted();
        }
        self.powers().iter().any(|group| group.contains(&action))
    }

    /// What the role may do: the one table.
    const fn powers(self) -> &'static [&'static [Action]] {
        use Action as A;
        match self {
            Role::Public => &[],
            Role::Villager => &[SHARED],
            Role::GridWorker => &[SHARED, &[A::RegistryRead, A::ScoreRead]],
            Role::VillageSecretary => &[
                SHARED,
                VILLAGE,
                &[A::RegistryExport, A::PersonRead],
                &[A::FigureDispute, A::ScoreDeclare, A::ScoreAppeal],
                &[A::EventDeclare, A::EventWithdraw, A::EventContest],
            ],
            Role::SupervisionCommittee => &[SHARED, VILLAGE],
            Role::TownLeader | Role::CountyLeader => &[SHARED, OFFICE],
            Role::TownClerk => &[SHARED, OFFICE, REGISTER, PROPOSE, SLIPS, &[A::FigureAnswer]],
            Role::TownVerifier => &[SHARED, OFFICE, PROPOSE, &[A::ScoreVerify, A::EventVerify]],
            Role::CountyClerk => &[
                SHARED,
                OFFICE,
                REGISTER,
                PROPOSE,
                &[A::RegistryMerge, A::RegistryImport],
                &[A::PersonReveal, A::PersonExport],
                SLIPS,
                &[A::FigureImport, A::FigureAnswer],
                &[A::SchemeDraft, A::SchemePublish],
                &[A::RoundOpen, A::RoundAdvance],
                &[A::ScoreCompute, A::ScorePost, A::ScoreFinalise],
            ],
            Role::CountyReviewer => &[
                SHARED,
                OFFICE,
                PROPOSE,
                &[A::FigureAnswer, A::ScoreReview, A::ScoreDecideAppeal],
                &[A::EventVerify, A::EventDecide],
            ],
            Role::Auditor => &[SHARED, OFFICE, TRUST, AUDIT],
            Role::AuditAdmin => &[TRUST, AUDIT, &[A::RegistryRead]],
            Role::SystemAdmin => &[
                TRUST,
                &[A::RegistryRead, A::GrantApprove, A::AccountReleaseToken],
                &[A::SystemRead, A::SystemOperate, A::DemoAdvanceClock],
            ],
            Role::SecurityAdmin => &[
                TRUST,
                SLIPS,
                &[A::RegistryRead, A::PersonRead, A::PersonEdit],
                &[A::AccountMake, A::AccountDisable, A::AccountIssueToken],
                &[A::GrantPropose, A::GrantRevoke],
            ],
        }
    }
}

/// What everybody with a grant reads of the county's rounds.
const SHARED: &[Action] = &[Action::SchemeRead, Action::RoundRead];
/// What the village's own people read of their village.
const VILLAGE: &[Action] = &[Action::RegistryRead, Action::FigureRead, Action::ScoreRead];
/// What every office role from the town upward reads at its place.
const OFFICE: &[Action] = &[
    Action::RegistryRead,
    Action::RegistryExport,
    Action::PersonRead,
    Action::FigureRead,
    Action::ScoreRead,
    Action::RankReadExact,
];
/// Keeping the register.
const REGISTER: &[Action] = &[Action::RegistryEdit, Action::PersonEdit];
/// Proposing a penalty, and taking one's own proposal back.
const PROPOSE: &[Action] = &[Action::EventPropose, Action::EventWithdraw];
/// Bringing people in: the accounts of one's own places, and slips for them.
const SLIPS: &[Action] = &[Action::AccountRead, Action::AccountIssueSlip];
/// Who has which account and grant.
const TRUST: &[Action] = &[Action::AccountRead, Action::GrantRead];
/// Refused attempts and the journal.
const AUDIT: &[Action] = &[
    Action::DenialRead,
    Action::JournalRead,
    Action::JournalExport,
];

impl std::fmt::Display for Role {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

/// What is wrong with a text that should name a role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotARole;

impl std::fmt::Display for NotARole {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("not the name of a role")
    }
}

impl std::error::Error for NotARole {}

impl std::str::FromStr for Role {
    type Err = NotARole;

    fn from_str(text: &str) -> Result<Role, NotARole> {
        Role::ALL
            .iter()
            .copied()
            .find(|role| role.name() == text)
            .ok_or(NotARole)
    }
}

#[cfg(test)]
mod tests {
    use super::{Role, RoleMask};
    use crate::Action;

    #[test]
    fn names_are_unique_and_read_back() {
        for role in Role::ALL {
            assert_eq!(role.name().parse(), Ok(*role));
            let json = serde_json::to_string(role).unwrap();
            assert_eq!(json, format!("\"{}\"", role.name()));
        }
        assert!("root".parse::<Role>().is_err());
    }

    #[test]
    fn every_action_is_somebodys_and_masks_agree_with_the_table() {
        for action in Action::ALL {
            let mask = RoleMask::allowing(*action);
            assert_ne!(mask.0, 0, "nobody may {action}");
            for role in Role::ALL {
                assert_eq!(mask.holds(*role), role.may(*action), "{role} {action}");
            }
        }
    }

    #[test]
    fn administrators_see_no_business_data() {
        for role in Role::ALL.iter().filter(|role| role.is_administrator()) {
            for action in Action::ALL {
                let business = ["figure.", "scheme.", "round.", "score.", "rank."]
                    .iter()
                    .any(|prefix| action.name().starts_with(prefix));
                assert!(!(business && role.may(*action)), "{role} {action}");
            }
        }
    }

    #[test]
    fn whoever_checks_publishes_or_brings_in_others_needs_a_second_factor() {
        let weighty = [
            Action::ScoreVerify,
            Action::ScoreReview,
            Action::ScoreDecideAppeal,
            Action::ScorePost,
            Action::ScoreFinalise,
            Action::EventVerify,
            Action::EventDecide,
            Action::SchemePublish,
            Action::PersonReveal,
            Action::PersonExport,
            Action::AccountMake,
            Action::AccountDisable,
            Action::AccountIssueToken,
            Action::AccountReleaseToken,
            Action::AccountIssueSlip,
            Action::GrantPropose,
            Action::GrantApprove,
            Action::GrantRevoke,
            Action::JournalRead,
            Action::SystemOperate,
        ];
        for role in Role::ALL {
            let is_weighty = weighty.iter().any(|action| role.may(*action));
            assert_eq!(role.needs_second_factor(), is_weighty, "{role}");
        }
    }

    #[test]
    fn a_role_is_granted_where_its_work_is() {
        use directory::place::PlaceLevel as Level;
        let places = [
            None,
            Some(Level::County),
            Some(Level::Town),
            Some(Level::Village),
            Some(Level::Grid),
            Some(Level::MicroGrid),
        ];
        for (role, expected) in [
            (Role::Public, [false, false, false, false, false, false]),
            (Role::SystemAdmin, [true, false, false, false, false, false]),
            (Role::Auditor, [true, false, false, false, false, false]),
            (Role::CountyClerk, [true, true, false, false, false, false]),
            (
                Role::TownVerifier,
                [false, false, true, false, false, false],
            ),
            (
                Role::VillageSecretary,
                [false, false, false, true, false, false],
            ),
            (Role::GridWorker, [false, false, false, true, true, true]),
        ] {
            let found = places.map(|level| role.ground().fits(level));
            assert_eq!(found, expected, "{role}");
        }
    }

    #[test]
    fn nobody_declares_verifies_and_reviews_in_one_role() {
        let steps = [
            Action::ScoreDeclare,
            Action::ScoreVerify,
            Action::ScoreReview,
        ];
        for role in Role::ALL {
            let held = steps.iter().filter(|action| role.may(**action)).count();
            assert!(held <= 1, "{role}");
        }
    }

    #[test]
    fn the_three_administrators_exclude_everything_else() {
        for one in Role::ALL {
            for other in Role::ALL {
                let apart = one != other && (one.is_administrator() || other.is_administrator());
                assert_eq!(one.goes_with(*other), !apart, "{one} {other}");
                assert_eq!(one.goes_with(*other), other.goes_with(*one));
            }
        }
    }
}
