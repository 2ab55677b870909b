//! Separation of duties, as data.

use kernel::PersonId;

use crate::Action;

/// One act in the history of a thing: who did what to it, and for whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Involved {
    /// The natural person who acted.
    pub person: PersonId,
    /// On whose behalf, where the act was done for another.
    pub on_behalf_of: Option<PersonId>,
    /// What was done.
    pub action: Action,
}

impl Involved {
    /// An act in one's own name.
    pub const fn own(person: PersonId, action: Action) -> Involved {
        Involved {
            person,
            on_behalf_of: None,
            action,
        }
    }

    /// Whether one of `people` acted, or somebody acted for one of them.
    fn touches(&self, people: &[PersonId]) -> bool {
        people.contains(&self.person)
            || self
                .on_behalf_of
                .is_some_and(|person| people.contains(&person))
    }
}

/// A constraint over the whole history of one thing: a natural person acts in at most one group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Separation {
    /// Kebab-case; the text is the Fluent message `separation-{code}`.
    pub code: &'static str,
    /// Groups of duties; who did a duty of one may do none of another.
    pub groups: &'static [&'static [Action]],
}

/// Every constraint in force. A1: assessment and grants; the later engines add theirs here.
pub const SEPARATIONS: &[Separation] = &[
    Separation {
        code: "declare-verify-review",
        groups: &[
            &[Action::ScoreDeclare],
            &[Action::ScoreVerify],
            &[Action::ScoreReview],
        ],
    },
    // Architecture section 10: an appeal is decided by someone who neither declared, verified nor
    // reviewed that figure; and nobody decides an appeal of her own.
    Separation {
        code: "appeal",
        groups: &[
            &[
                Action::ScoreDeclare,
                Action::ScoreVerify,
                Action::ScoreReview,
                Action::ScoreAppeal,
            ],
            &[Action::ScoreDecideAppeal],
        ],
    },
    // CL-4, CL-5: whoever names an event or objects does not verify it, and an objection is decided
    // by somebody who did neither.
    Separation {
        code: "event",
        groups: &[
            &[
                Action::EventDeclare,
                Action::EventPropose,
                Action::EventContest,
            ],
            &[Action::EventVerify],
            &[Action::EventDecide],
        ],
    },
    Separation {
        code: "figure-dispute",
        groups: &[&[Action::FigureDispute], &[Action::FigureAnswer]],
    },
    Separation {
        code: "grant",
        groups: &[&[Action::GrantPropose], &[Action::GrantApprove]],
    },
    // Whoever has a token can become its person: as weighty as a grant.
    Separation {
        code: "token",
        groups: &[&[Action::AccountIssueToken], &[Action::AccountReleaseToken]],
    },
];

/// The first constraint that forbids `action` to `people` (the acting person and whom she acts
/// for) given what was done to the thing before, with the earlier duty that stands against it.
pub fn violated(
    action: Action,
    people: &[PersonId],
    history: &[Involved],
) -> Option<(&'static Separation, Action)> {
    SEPARATIONS.iter().find_map(|separation| {
        let own = separation
            .groups
            .iter()
            .position(|group| group.contains(&action))?;
        history
            .iter()
            .filter(|involved| involved.touches(people))
            .find(|involved| {
                separation
                    .groups
                    .iter()
                    .enumerate()
                    .any(|(group, duties)| group != own && duties.contains(&involved.action))
            })
            .map(|involved| (separation, involved.action))
    })
}

#[cfg(test)]
mod tests {
    use kernel::{Id, PersonId};

    use super::{Involved, violated};
    use crate::Action;

    fn person(number: u8) -> PersonId {
        PersonId(Id::from_bytes([number; 16]))
    }

    fn check(history: &[Involved], action: Action, people: &[u8], expected: Option<&str>) {
        let people: Vec<PersonId> = people.iter().copied().map(person).collect();
        let found = violated(action, &people, history).map(|(separation, _)| separation.code);
        assert_eq!(found, expected, "{action} by {people:?} after {history:?}");
    }

    #[test]
    fn three_steps_need_three_people_whatever_happened_between() {
        let declared = Involved::own(person(1), Action::ScoreDeclare);
        let verified = Involved::own(person(2), Action::ScoreVerify);
        let history = [declared, verified];
        let code = Some("declare-verify-review");
        check(&history, Action::ScoreVerify, &[1], code);
        check(&history, Action::ScoreReview, &[1], code);
        check(&history, Action::ScoreReview, &[2], code);
        check(&history, Action::ScoreReview, &[3], None);
        // The same step again is no violation: a second verification by the same person.
        check(&history, Action::ScoreVerify, &[2], None);
        // Sent back: who verified may not now declare.
        check(&history, Action::ScoreDeclare, &[2], code);
    }

    #[test]
    fn acting_for_another_counts_for_both() {
        let declared = Involved {
            person: person(1),
            on_behalf_of: Some(person(2)),
            action: Action::ScoreDeclare,
        };
        let code = Some("declare-verify-review");
        check(&[declared], Action::ScoreVerify, &[1], code);
        check(&[declared], Action::ScoreVerify, &[2], code);
        check(&[declared], Action::ScoreVerify, &[3], None);
        // Person 3 verifies on behalf of person 2.
        check(&[declared], Action::ScoreVerify, &[3, 2], code);
    }

    #[test]
    fn appeals_disputes_and_grants_are_decided_by_others() {
        for before in [
            Action::ScoreDeclare,
            Action::ScoreVerify,
            Action::ScoreReview,
            Action::ScoreAppeal,
        ] {
            let history = [Involved::own(person(1), before)];
            check(&history, Action::ScoreDecideAppeal, &[1], Some("appeal"));
            check(&history, Action::ScoreDecideAppeal, &[2], None);
        }
        let declared = [Involved::own(person(1), Action::ScoreDeclare)];
        check(&declared, Action::ScoreAppeal, &[1], None);
        for (before, after, code) in [
            (Action::EventDeclare, Action::EventVerify, Some("event")),
            (Action::EventPropose, Action::EventVerify, Some("event")),
            (Action::EventPropose, Action::EventDecide, Some("event")),
            (Action::EventVerify, Action::EventDecide, Some("event")),
            (Action::EventDeclare, Action::EventContest, None),
            (Action::EventDeclare, Action::EventWithdraw, None),
        ] {
            check(&[Involved::own(person(1), before)], after, &[1], code);
            check(&[Involved::own(person(1), before)], after, &[2], None);
        }
        let disputed = [Involved::own(person(1), Action::FigureDispute)];
        check(
            &disputed,
            Action::FigureAnswer,
            &[1],
            Some("figure-dispute"),
        );
        let proposed = [Involved::own(person(1), Action::GrantPropose)];
        check(&proposed, Action::GrantApprove, &[1], Some("grant"));
        check(&proposed, Action::GrantRevoke, &[1], None);
        let issued = [Involved::own(person(1), Action::AccountIssueToken)];
        check(&issued, Action::AccountReleaseToken, &[1], Some("token"));
        check(&issued, Action::AccountReleaseToken, &[2], None);
    }
}
