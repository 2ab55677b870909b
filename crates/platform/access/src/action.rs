//! Actions: everything that is decided, as one closed list.

use serde::{Deserialize, Serialize};

/// Declares the closed list of actions with their names in the journal, in denials and in the
/// locale files (`action-{name}`, the dot as a hyphen).
macro_rules! actions {
    ($($(#[$doc:meta])* $action:ident = $name:literal,)+) => {
        /// Something a person may or may not do to a resource.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Action {
            $($(#[$doc])* $action,)+
        }

        impl Action {
            /// Every action, in the order of the enumeration.
            pub const ALL: &'static [Action] = &[$(Action::$action,)+];

            /// The name in the journal, in denials and in locale keys.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Action::$action => $name,)+
                }
            }
        }
    };
}

actions! {
    /// Read places, organisations and posts (no personal data).
    RegistryRead = "registry.read",
    /// Change places, organisations and posts.
    RegistryEdit = "registry.edit",
    /// Merge, split, end, bring back and move places.
    RegistryMerge = "registry.merge",
    /// Bring places in from a workbook.
    RegistryImport = "registry.import",
    /// Take lists of places and organisations out as a workbook.
    RegistryExport = "registry.export",
    /// Read names of persons and their appointments.
    PersonRead = "person.read",
    /// Add persons, change names, appoint.
    PersonEdit = "person.edit",
    /// See one sealed value (ID number, telephone …) of one person, for a stated purpose.
    PersonReveal = "person.reveal",
    /// Take lists with personal data out as a workbook.
    PersonExport = "person.export",
    /// Read figures.
    FigureRead = "figure.read",
    /// Bring figures in from a workbook.
    FigureImport = "figure.import",
    /// Say that a figure is wrong, with evidence.
    FigureDispute = "figure.dispute",
    /// Answer a dispute as the figure's owner.
    FigureAnswer = "figure.answer",
    /// Read the list of accounts.
    AccountRead = "account.read",
    /// Make an account for a person.
    AccountMake = "account.make",
    /// Disable or enable an account.
    AccountDisable = "account.disable",
    /// Issue a one-time token by which the owner sets a new password; ask to take a second factor
    /// away whose telephone is lost.
    AccountIssueToken = "account.issue_token",
    /// Issue printed activation slips for accounts of persons who serve at one's own places.
    AccountIssueSlip = "account.issue_slip",
    /// Release or refuse a proposed one-time token, or the proposed reset of a second factor.
    AccountReleaseToken = "account.release_token",
    /// Manage what is one's own: sessions, password, contact. Every account may, over itself.
    SelfManage = "self.manage",
    /// Set up, renew and give up one's own second factor. Every account may, over itself, with the
    /// password given just now.
    SelfSecure = "self.secure",
    /// Read the list of grants and proposals.
    GrantRead = "grant.read",
    /// Propose a grant.
    GrantPropose = "grant.propose",
    /// Approve or refuse a proposed grant.
    GrantApprove = "grant.approve",
    /// End a grant.
    GrantRevoke = "grant.revoke",
    /// Read schemes.
    SchemeRead = "scheme.read",
    /// Write drafts of schemes and try them.
    SchemeDraft = "scheme.draft",
    /// Publish a scheme version.
    SchemePublish = "scheme.publish",
    /// Read rounds and how far they are.
    RoundRead = "round.read",
    /// Open a round.
    RoundOpen = "round.open",
    /// Move a round to its next step, extend a term.
    RoundAdvance = "round.advance",
    /// Read values, results and explanations of a place.
    ScoreRead = "score.read",
    /// Read exact ranks of every place of a round.
    RankReadExact = "rank.read_exact",
    /// Declare a village's values.
    ScoreDeclare = "score.declare",
    /// Verify declared values.
    ScoreVerify = "score.verify",
    /// Review verified values.
    ScoreReview = "score.review",
    /// Compute and freeze results.
    ScoreCompute = "score.compute",
    /// Post results publicly.
    ScorePost = "score.post",
    /// Make results final.
    ScoreFinalise = "score.finalise",
    /// Object to a posted result.
    ScoreAppeal = "score.appeal",
    /// Decide an appeal.
    ScoreDecideAppeal = "score.decide_appeal",
    /// Declare a bonus event of a village.
    EventDeclare = "event.declare",
    /// Propose a penalty event of a village.
    EventPropose = "event.propose",
    /// Verify or refuse a bonus or penalty event.
    EventVerify = "event.verify",
    /// Take back an event that one declared or proposed.
    EventWithdraw = "event.withdraw",
    /// Object to a penalty, or to a bonus that was refused.
    EventContest = "event.contest",
    /// Decide an objection to an event, or revoke an event that was counted.
    EventDecide = "event.decide",
    /// Read the log of refused attempts.
    DenialRead = "denial.read",
    /// Read the journal and its checkpoints.
    JournalRead = "journal.read",
    /// Take the journal out for checking elsewhere.
    JournalExport = "journal.export",
    /// Read the state of the system: jobs, storage, backups.
    SystemRead = "system.read",
    /// Run jobs, back up, change settings.
    SystemOperate = "system.operate",
    /// Move the business clock of a demonstration forward.
    DemoAdvanceClock = "demo.advance_clock",
}

/// How far from the place of a grant the resource may lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reach {
    /// At the grant's place or below it.
    Below,
    /// At it, below it, or above it: a village reads the county's scheme.
    Around,
}

impl Action {
    /// How far the action reaches. Only what is shared downward is read from below.
    pub const fn reach(self) -> Reach {
        match self {
            Action::SchemeRead | Action::RoundRead | Action::RankReadExact => Reach::Around,
            _ => Reach::Below,
        }
    }

    /// Whether the session must have proved its password within the last ten minutes
    /// ([`crate::decide::Authentication::Fresh`]): grants, means of sign-in, and reveals; and
    /// mergers, because grants end by them.
    pub const fn needs_fresh_authentication(self) -> bool {
        matches!(
            self,
            Action::RegistryMerge
                | Action::SelfSecure
                | Action::GrantPropose
                | Action::GrantApprove
                | Action::GrantRevoke
                | Action::AccountIssueToken
                | Action::AccountIssueSlip
                | Action::AccountReleaseToken
                | Action::PersonReveal
                | Action::PersonExport
        )
    }

    /// The key of the action's name in the locale files.
    pub fn message(self) -> String {
        format!("action-{}", self.name().replace(['.', '_'], "-"))
    }
}

impl std::fmt::Display for Action {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

/// What is wrong with a text that should name an action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAnAction;

impl std::fmt::Display for NotAnAction {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("not the name of an action")
    }
}

impl std::error::Error for NotAnAction {}

impl std::str::FromStr for Action {
    type Err = NotAnAction;

    fn from_str(text: &str) -> Result<Action, NotAnAction> {
        Action::ALL
            .iter()
            .copied()
            .find(|action| action.name() == text)
            .ok_or(NotAnAction)
    }
}

impl Serialize for Action {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for Action {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Action, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::Action;

    #[test]
    fn names_are_unique_and_read_back() {
        for action in Action::ALL {
            assert_eq!(action.name().parse(), Ok(*action));
        }
        assert_eq!(
            Action::ScoreDecideAppeal.message(),
            "action-score-decide-appeal"
        );
        assert!("score".parse::<Action>().is_err());
    }
}
