//! The state machine as data: who may move what from where to where, and what must hold.
//!
//! Two machines. A *section* of one subject goes open → submitted → verified → reviewed, with
//! returns. A *round* goes open → provisional → posted → finalised. What is not in the tables is
//! refused.

use std::fmt::Write;

use access::Action;
use directory::closed_list;
use kernel::{Day, Finding};

closed_list! {
    /// Where a section of a subject stands.
    SectionState {
        /// The village may declare.
        Open = "open",
        /// Declared; waits for the town. Locked to the village.
        Submitted = "submitted",
        /// The town gave it back to the village.
        Returned = "returned",
        /// The town verified it; waits for the county.
        Verified = "verified",
        /// The county gave it back to the town.
        SentBack = "sent_back",
        /// The county's final word; waits for the round to be computed.
        Reviewed = "reviewed",
    }
}

closed_list! {
    /// What is done to a section.
    SectionAct {
        /// The village submits its values.
        Declare = "declare",
        /// The town accepts or adjusts them.
        Verify = "verify",
        /// The town gives the section back to the village.
        Return = "return",
        /// The town takes its verification back while the county has not touched it.
        Withdraw = "withdraw",
        /// The county accepts or adjusts what the town verified.
        Review = "review",
        /// The county gives the section back to the town.
        SendBack = "send_back",
        /// The record brought a changed figure into a section that nobody has verified. Nobody
        /// does it to the section, so no table allows it to anybody.
        Refresh = "refresh",
    }
}

closed_list! {
    /// Where a round stands.
    RoundState {
        /// Sections are declared, verified and reviewed.
        Open = "open",
        /// Computed and frozen; ranks are provisional.
        Provisional = "provisional",
        /// Posted for objections.
        Posted = "posted",
        /// Final; never changes again.
        Finalised = "finalised",
    }
}

closed_list! {
    /// What is done to a round.
    RoundAct {
        /// Compute and freeze a provisional result.
        Compute = "compute",
        /// Post it.
        Post = "post",
        /// Correct a frozen value, and compute everything anew.
        Correct = "correct",
        /// Make it final.
        Finalise = "finalise",
    }
}

closed_list! {
    /// Where an appeal stands.
    AppealState {
        /// There is none yet.
        Nothing = "nothing",
        /// The village has appealed; waits for a decision.
        Lodged = "lodged",
        /// Granted: the result was corrected.
        Upheld = "upheld",
        /// Not granted, with a reason.
        Rejected = "rejected",
        /// The village took it back.
        Withdrawn = "withdrawn",
    }
}

closed_list! {
    /// What is done in an appeal.
    AppealAct {
        /// The village appeals.
        Lodge = "lodge",
        /// The appeal is granted, and the result corrected.
        Uphold = "uphold",
        /// The appeal is not granted.
        Reject = "reject",
        /// The village takes it back.
        Withdraw = "withdraw",
    }
}

closed_list! {
    /// Where a bonus or penalty event stands.
    EventState {
        /// There is none yet.
        Nothing = "nothing",
        /// Named; to be verified. Shown at once, counted nowhere.
        Declared = "declared",
        /// Verified; counts.
        Verified = "verified",
        /// Not accepted, with a reason.
        Refused = "refused",
        /// Taken back by whoever named it.
        Withdrawn = "withdrawn",
        /// The village objects to a penalty that nobody has verified; does not count.
        Contested = "contested",
        /// The village objects to a verified penalty; counts, marked, until it is decided.
        CountedContested = "counted_contested",
        /// The village objects to the refusal of a bonus; does not count.
        RefusalContested = "refusal_contested",
        /// Set aside: the objection was granted, or the event revoked. Does not count.
        SetAside = "set_aside",
    }
}

impl EventState {
    /// Whether an event in this state counts.
    pub fn counts(self) -> bool {
        matches!(self, EventState::Verified | EventState::CountedContested)
    }

    /// Whether it is open whether an event in this state will count.
    pub fn waits(self) -> bool {
        matches!(self, EventState::Declared | EventState::Contested)
    }

    /// Whether an event in this state was refused, taken back or set aside.
    pub fn is_over(self) -> bool {
        matches!(
            self,
            EventState::Refused | EventState::Withdrawn | EventState::SetAside
        )
    }

    /// Whether an objection waits for a decision.
    pub fn is_contested(self) -> bool {
        matches!(
            self,
            EventState::Contested | EventState::CountedContested | EventState::RefusalContested
        )
    }
}

closed_list! {
    /// What is done with an event.
    EventAct {
        /// The village names a bonus.
        Declare = "declare",
        /// The town or the county names a penalty.
        Propose = "propose",
        /// Somebody else found it true, and of a penalty the fault the village's.
        Accept = "accept",
        /// Somebody else found it not so.
        Refuse = "refuse",
        /// Whoever named it takes it back.
        Withdraw = "withdraw",
        /// The village objects.
        Contest = "contest",
        /// The objection is granted.
        Uphold = "uphold",
        /// The objection is not granted.
        Reject = "reject",
        /// An event that counted is found not to be so.
        Revoke = "revoke",
    }
}

closed_list! {
    /// What must hold for a move; each has a refusal of its own.
    Guard {
        /// The round is open.
        RoundIsOpen = "round_is_open",
        /// The last day of the step has not passed (or the return's due day).
        InTime = "in_time",
        /// A natural person does at most one of declaring, verifying and reviewing a section.
        SeparateHands = "separate_hands",
        /// Every question has a value or a reason why there is none, and the evidence asked for.
        Complete = "complete",
        /// Whatever differs from the value before has a reason that the village sees.
        ReasonForChange = "reason_for_change",
        /// A reason is given.
        ReasonGiven = "reason_given",
        /// A due day is given, not in the past, and not after the last day of the step that comes
        /// after it.
        DueDay = "due_day",
        /// The section was not returned too often.
        ReturnsLeft = "returns_left",
        /// Every section of every subject is reviewed.
        EverythingReviewed = "everything_reviewed",
        /// The posting term is over: 24:00 of its last day has passed.
        TermOver = "term_over",
        /// Nobody disputes a figure of the round, and what was found wrong is corrected.
        NothingDisputed = "nothing_disputed",
        /// Every appeal is decided.
        NothingAppealed = "nothing_appealed",
        /// Every objection to an event that counts here is decided.
        NothingContested = "nothing_contested",
        /// A dispute or an appeal found the value wrong.
        FoundWrong = "found_wrong",
        /// The posting runs for this village.
        PostingRuns = "posting_runs",
        /// After a correction only what moved may be appealed again.
        MovedOnly = "moved_only",
        /// The deciding person neither declared, verified, reviewed nor appealed.
        Uninvolved = "uninvolved",
        /// The corrected values are given, believable, and differ from those that count.
        CorrectionGiven = "correction_given",
        /// The situation is one of a scheme of the village, and of the kind named.
        KnownSituation = "known_situation",
        /// The day of the event is not in the future.
        Happened = "happened",
        /// A file shows it.
        EvidenceGiven = "evidence_given",
        /// Whoever verifies or decides did nothing else to the event, nor did so for another.
        OtherHands = "other_hands",
        /// Of a penalty: it was found that the fault is the village's. A complaint is not enough.
        FaultFound = "fault_found",
        /// It is the acting person's own event.
        OwnEvent = "own_event",
        /// It is a penalty.
        OfPenalty = "of_penalty",
        /// It is a bonus.
        OfBonus = "of_bonus",
        /// The village has not objected to it before.
        ContestedOnce = "contested_once",
        /// No round in which it counts is final.
        RoundNotFinal = "round_not_final",
    }
}

/// How often a town may return one section to a village in one round.
pub const RETURNS_MAX: usize = 3;

/// One allowed move.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Transition<S: 'static, A: 'static> {
    /// The act.
    pub act: A,
    /// Where from.
    pub from: S,
    /// Where to.
    pub to: S,
    /// The right that it takes.
    pub action: Action,
    /// What must hold besides.
    pub guards: &'static [Guard],
}

/// Every allowed move of a section.
pub const SECTION_TRANSITIONS: &[Transition<SectionState, SectionAct>] = &[
    Transition {
        act: SectionAct::Declare,
        from: SectionState::Open,
        to: SectionState::Submitted,
        action: Action::ScoreDeclare,
        guards: DECLARE,
    },
    Transition {
        act: SectionAct::Declare,
        from: SectionState::Returned,
        to: SectionState::Submitted,
        action: Action::ScoreDeclare,
        guards: DECLARE,
    },
    Transition {
        act: SectionAct::Verify,
        from: SectionState::Submitted,
        to: SectionState::Verified,
        action: Action::ScoreVerify,
        guards: DECIDE,
    },
    Transition {
        act: SectionAct::Verify,
        from: SectionState::SentBack,
        to: SectionState::Verified,
        action: Action::ScoreVerify,
        guards: DECIDE,
    },
    Transition {
        act: SectionAct::Return,
        from: SectionState::Submitted,
        to: SectionState::Returned,
        action: Action::ScoreVerify,
        guards: RETURN,
    },
    Transition {
        act: SectionAct::Return,
        from: SectionState::SentBack,
        to: SectionState::Returned,
        action: Action::ScoreVerify,
        guards: RETURN,
    },
    Transition {
        act: SectionAct::Withdraw,
        from: SectionState::Verified,
        to: SectionState::Submitted,
        action: Action::ScoreVerify,
        guards: &[
            Guard::RoundIsOpen,
            Guard::InTime,
            Guard::SeparateHands,
            Guard::ReasonGiven,
        ],
    },
    Transition {
        act: SectionAct::Review,
        from: SectionState::Verified,
        to: SectionState::Reviewed,
        action: Action::ScoreReview,
        guards: DECIDE,
    },
    Transition {
        act: SectionAct::SendBack,
        from: SectionState::Verified,
        to: SectionState::SentBack,
        action: Action::ScoreReview,
        guards: SEND_BACK,
    },
    // The county may still find a fault of its own before the round is computed.
    Transition {
        act: SectionAct::SendBack,
        from: SectionState::Reviewed,
        to: SectionState::SentBack,
        action: Action::ScoreReview,
        guards: SEND_BACK,
    },
];

const SEND_BACK: &[Guard] = &[
    Guard::RoundIsOpen,
    Guard::InTime,
    Guard::SeparateHands,
    Guard::ReasonGiven,
    Guard::DueDay,
];

const DECLARE: &[Guard] = &[
    Guard::RoundIsOpen,
    Guard::InTime,
    Guard::SeparateHands,
    Guard::Complete,
];
const DECIDE: &[Guard] = &[
    Guard::RoundIsOpen,
    Guard::InTime,
    Guard::SeparateHands,
    Guard::Complete,
    Guard::ReasonForChange,
];
const RETURN: &[Guard] = &[
    Guard::RoundIsOpen,
    Guard::InTime,
    Guard::SeparateHands,
    Guard::ReasonGiven,
    Guard::DueDay,
    Guard::ReturnsLeft,
];

/// Every allowed move of a round.
pub const ROUND_TRANSITIONS: &[Transition<RoundState, RoundAct>] = &[
    Transition {
        act: RoundAct::Compute,
        from: RoundState::Open,
        to: RoundState::Provisional,
        action: Action::ScoreCompute,
        guards: &[Guard::EverythingReviewed],
    },
    Transition {
        act: RoundAct::Post,
        from: RoundState::Provisional,
        to: RoundState::Posted,
        action: Action::ScorePost,
        guards: &[],
    },
    Transition {
        act: RoundAct::Finalise,
        from: RoundState::Posted,
        to: RoundState::Finalised,
        action: Action::ScoreFinalise,
        guards: &[
            Guard::TermOver,
            Guard::NothingDisputed,
            Guard::NothingAppealed,
            Guard::NothingContested,
        ],
    },
    Transition {
        act: RoundAct::Correct,
        from: RoundState::Provisional,
        to: RoundState::Provisional,
        action: Action::ScorePost,
        guards: &[Guard::FoundWrong],
    },
    // Makes the next version; the posting starts anew for whoever moved. A decided appeal makes
    // the same move by the right to decide it.
    Transition {
        act: RoundAct::Correct,
        from: RoundState::Posted,
        to: RoundState::Posted,
        action: Action::ScorePost,
        guards: &[Guard::FoundWrong],
    },
];

/// Every allowed move of an appeal.
pub const APPEAL_TRANSITIONS: &[Transition<AppealState, AppealAct>] = &[
    Transition {
        act: AppealAct::Lodge,
        from: AppealState::Nothing,
        to: AppealState::Lodged,
        action: Action::ScoreAppeal,
        guards: &[Guard::PostingRuns, Guard::MovedOnly, Guard::ReasonGiven],
    },
    Transition {
        act: AppealAct::Uphold,
        from: AppealState::Lodged,
        to: AppealState::Upheld,
        action: Action::ScoreDecideAppeal,
        guards: &[
            Guard::Uninvolved,
            Guard::ReasonGiven,
            Guard::CorrectionGiven,
        ],
    },
    Transition {
        act: AppealAct::Reject,
        from: AppealState::Lodged,
        to: AppealState::Rejected,
        action: Action::ScoreDecideAppeal,
        guards: &[Guard::Uninvolved, Guard::ReasonGiven],
    },
    Transition {
        act: AppealAct::Withdraw,
        from: AppealState::Lodged,
        to: AppealState::Withdrawn,
        action: Action::ScoreAppeal,
        guards: &[Guard::ReasonGiven],
    },
];

/// The move of an appeal that an act makes from a state, or the finding that refuses it.
pub fn appeal_move(
    from: AppealState,
    act: AppealAct,
) -> Result<&'static Transition<AppealState, AppealAct>, Finding> {
    APPEAL_TRANSITIONS
        .iter()
        .find(|row| row.from == from && row.act == act)
        .ok_or_else(|| {
            Finding::error("appeal-not-in-state")
                .arg("state", from.name())
                .arg("act", act.name())
        })
}

const NAMED: &[Guard] = &[Guard::KnownSituation, Guard::Happened, Guard::EvidenceGiven];
const DECIDED: &[Guard] = &[Guard::OtherHands, Guard::ReasonGiven];
const UNCOUNTED: &[Guard] = &[Guard::OtherHands, Guard::ReasonGiven, Guard::RoundNotFinal];

/// A row of [`EVENT_TRANSITIONS`].
const fn step(
    act: EventAct,
    from: EventState,
    to: EventState,
    action: Action,
    guards: &'static [Guard],
) -> Transition<EventState, EventAct> {
    Transition {
        act,
        from,
        to,
        action,
        guards,
    }
}

/// Every allowed move of a bonus or penalty event.
pub const EVENT_TRANSITIONS: &[Transition<EventState, EventAct>] = {
    use Action as R;
    use EventAct as A;
    use EventState as S;
    &[
        step(A::Declare, S::Nothing, S::Declared, R::EventDeclare, NAMED),
        step(A::Propose, S::Nothing, S::Declared, R::EventPropose, NAMED),
        step(
            A::Accept,
            S::Declared,
            S::Verified,
            R::EventVerify,
            &[Guard::OtherHands, Guard::FaultFound],
        ),
        step(A::Refuse, S::Declared, S::Refused, R::EventVerify, DECIDED),
        step(
            A::Withdraw,
            S::Declared,
            S::Withdrawn,
            R::EventWithdraw,
            OWN,
        ),
        step(
            A::Withdraw,
            S::Contested,
            S::Withdrawn,
            R::EventWithdraw,
            OWN,
        ),
        step(
            A::Contest,
            S::Declared,
            S::Contested,
            R::EventContest,
            &[Guard::OfPenalty, Guard::ContestedOnce, Guard::ReasonGiven],
        ),
        step(
            A::Contest,
            S::Verified,
            S::CountedContested,
            R::EventContest,
            &[
                Guard::OfPenalty,
                Guard::ContestedOnce,
                Guard::ReasonGiven,
                Guard::RoundNotFinal,
            ],
        ),
        step(
            A::Contest,
            S::Refused,
            S::RefusalContested,
            R::EventContest,
            &[Guard::OfBonus, Guard::ContestedOnce, Guard::ReasonGiven],
        ),
        step(
            A::Uphold,
            S::Contested,
            S::SetAside,
            R::EventDecide,
            DECIDED,
        ),
        step(
            A::Uphold,
            S::CountedContested,
            S::SetAside,
            R::EventDecide,
            UNCOUNTED,
        ),
        step(
            A::Uphold,
            S::RefusalContested,
            S::Verified,
            R::EventDecide,
            DECIDED,
        ),
        // The penalty is then verified by somebody like any other.
        step(
            A::Reject,
            S::Contested,
            S::Declared,
            R::EventDecide,
            DECIDED,
        ),
        step(
            A::Reject,
            S::CountedContested,
            S::Verified,
            R::EventDecide,
            DECIDED,
        ),
        step(
            A::Reject,
            S::RefusalContested,
            S::Refused,
            R::EventDecide,
            DECIDED,
        ),
        step(
            A::Revoke,
            S::Verified,
            S::SetAside,
            R::EventDecide,
            UNCOUNTED,
        ),
    ]
};

const OWN: &[Guard] = &[Guard::OwnEvent, Guard::ReasonGiven];

/// The move of an event that an act makes from a state, or the finding that refuses it.
pub fn event_move(
    from: EventState,
    act: EventAct,
) -> Result<&'static Transition<EventState, EventAct>, Finding> {
    EVENT_TRANSITIONS
        .iter()
        .find(|row| row.from == from && row.act == act)
        .ok_or_else(|| {
            Finding::error("event-not-in-state")
                .arg("state", from.name())
                .arg("act", act.name())
        })
}

/// Both tables in Markdown, for `docs/transitions.md`.
pub fn markdown() -> String {
    let mut text = String::from(
        "# Transitions\n\nMade from the tables in `crates/features/assessment/src/transition.rs`. \
         What is not listed is refused.\n\n## A section of a village\n\n",
    );
    table(&mut text, SECTION_TRANSITIONS);
    text.push_str("\n## A round\n\n");
    table(&mut text, ROUND_TRANSITIONS);
    text.push_str("\n## An appeal\n\n");
    table(&mut text, APPEAL_TRANSITIONS);
    text.push_str("\n## A bonus or penalty event\n\n");
    table(&mut text, EVENT_TRANSITIONS);
    text
}

fn table<S: std::fmt::Display, A: std::fmt::Display>(text: &mut String, rows: &[Transition<S, A>]) {
    text.push_str("| act | from | to | right | guards |\n|---|---|---|---|---|\n");
    for row in rows {
        let guards: Vec<_> = row.guards.iter().map(|guard| guard.name()).collect();
        let Transition {
            act,
            from,
            to,
            action,
            ..
        } = row;
        let guards = guards.join(", ");
        let _ = writeln!(text, "| {act} | {from} | {to} | {action} | {guards} |");
    }
}

/// The move of a section that an act makes from a state, or the finding that refuses it.
pub fn section_move(
    from: SectionState,
    act: SectionAct,
) -> Result<&'static Transition<SectionState, SectionAct>, Finding> {
    SECTION_TRANSITIONS
        .iter()
        .find(|row| row.from == from && row.act == act)
        .ok_or_else(|| {
            Finding::error("section-not-in-state")
                .arg("state", from.name())
                .arg("act", act.name())
        })
}

/// The move of a round that an act makes from a state, or the finding that refuses it.
pub fn round_move(
    from: RoundState,
    act: RoundAct,
) -> Result<&'static Transition<RoundState, RoundAct>, Finding> {
    ROUND_TRANSITIONS
        .iter()
        .find(|row| row.from == from && row.act == act)
        .ok_or_else(|| {
            Finding::error("round-not-in-state")
                .arg("state", from.name())
                .arg("act", act.name())
        })
}

/// What is wrong with the order of the last days of the three steps, as far as they are known: steps
/// follow one another. It stands at the later step.
pub fn out_of_order([declare, verify, review]: [Option<Day>; 3]) -> Vec<Finding> {
    let wrong = |earlier: Option<Day>, later: Option<Day>| matches!((earlier, later), (Some(earlier), Some(later)) if earlier > later);
    let mut findings = Vec::new();
    if wrong(declare, verify) {
        findings.push(Finding::error("round-terms-order").field("verify_until"));
    }
    if wrong(verify.or(declare), review) {
        findings.push(Finding::error("round-terms-order").field("review_until"));
    }
    findings
}

/// The last days of the three steps; a step ends at 24:00 of its last day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    /// Of declaring.
    pub declare_until: Day,
    /// Of verifying.
    pub verify_until: Day,
    /// Of reviewing.
    pub review_until: Day,
}

impl Terms {
    /// The days in the order of the steps.
    pub fn days(self) -> [Option<Day>; 3] {
        [self.declare_until, self.verify_until, self.review_until].map(Some)
    }

    /// The later day of each step.
    #[must_use]
    pub fn later(self, other: Terms) -> Terms {
        Terms {
            declare_until: self.declare_until.max(other.declare_until),
            verify_until: self.verify_until.max(other.verify_until),
            review_until: self.review_until.max(other.review_until),
        }
    }

    /// The last day of an act's step; `None` where the act has no term. What is given back must
    /// come again within the step that gives it back, else nobody could take it.
    pub fn last_day(self, act: SectionAct) -> Option<Day> {
        match act {
            SectionAct::Declare => Some(self.declare_until),
            SectionAct::Verify | SectionAct::Return | SectionAct::Withdraw => {
                Some(self.verify_until)
            }
            SectionAct::Review | SectionAct::SendBack => Some(self.review_until),
            SectionAct::Refresh => None,
        }
    }
}

/// Refuses an act whose last day has passed. A section that was given back may be handed in
/// until the day it is due, also after the term.
pub fn in_time(act: SectionAct, terms: Terms, due: Option<Day>, today: Day) -> Result<(), Finding> {
    let Some(term) = terms.last_day(act) else {
        return Ok(());
    };
    let last = due.map_or(term, |due| due.max(term));
    if today <= last {
        return Ok(());
    }
    Err(Finding::error("window-closed")
        .arg("act", act.name())
        .arg("last", last.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn what_is_not_in_the_table_is_refused() {
        let mut allowed = 0;
        for from in SectionState::ALL {
            for act in SectionAct::ALL {
                match section_move(*from, *act) {
                    Ok(row) => {
                        allowed += 1;
                        assert_ne!(row.from, row.to);
                        assert!(row.guards.contains(&Guard::SeparateHands), "{row:?}");
                    }
                    Err(finding) => assert_eq!(finding.code, "section-not-in-state"),
                }
            }
        }
        assert_eq!(
            allowed,
            SECTION_TRANSITIONS.len(),
            "no two rows for one state and act"
        );
        let mut allowed = 0;
        for from in RoundState::ALL {
            for act in RoundAct::ALL {
                allowed += usize::from(round_move(*from, *act).is_ok());
            }
        }
        assert_eq!(allowed, ROUND_TRANSITIONS.len());
        let mut allowed = 0;
        for from in AppealState::ALL {
            for act in AppealAct::ALL {
                allowed += usize::from(appeal_move(*from, *act).is_ok());
            }
        }
        assert_eq!(allowed, APPEAL_TRANSITIONS.len());
        let mut allowed = 0;
        for from in EventState::ALL {
            for act in EventAct::ALL {
                allowed += usize::from(event_move(*from, *act).is_ok());
            }
        }
        assert_eq!(allowed, EVENT_TRANSITIONS.len());
    }

    #[test]
    fn the_documentation_lists_every_row() {
        let text = markdown();
        let rows = text.lines().filter(|line| line.starts_with("| ")).count();
        let heads = 4;
        let own = SECTION_TRANSITIONS.len() + ROUND_TRANSITIONS.len();
        let others = APPEAL_TRANSITIONS.len() + EVENT_TRANSITIONS.len();
        assert_eq!(rows, own + others + heads);
        assert!(
            text.contains("| finalise | posted | finalised | score.finalise |"),
            "{text}"
        );
    }

    #[test]
    fn every_state_can_be_reached_and_only_a_final_round_is_an_end() {
        for state in SectionState::ALL {
            let reached = *state == SectionState::Open
                || SECTION_TRANSITIONS.iter().any(|row| row.to == *state);
            let left = SECTION_TRANSITIONS.iter().any(|row| row.from == *state);
            assert!(reached && left, "{state}");
        }
        assert!(
            ROUND_TRANSITIONS
                .iter()
                .all(|row| row.from != RoundState::Finalised)
        );
    }

    #[test]
    fn a_term_ends_with_its_last_day_and_a_return_gives_time() {
        let terms = Terms {
            declare_until: day("2026-10-05"),
            verify_until: day("2026-10-15"),
            review_until: day("2026-10-25"),
        };
        for (act, due, today, allowed) in [
            (SectionAct::Declare, None, "2026-10-05", true),
            (SectionAct::Declare, None, "2026-10-06", false),
            (SectionAct::Declare, Some("2026-10-08"), "2026-10-08", true),
            (SectionAct::Declare, Some("2026-10-08"), "2026-10-09", false),
            // A due day before the term does not shorten it.
            (SectionAct::Declare, Some("2026-10-01"), "2026-10-05", true),
            (SectionAct::Verify, None, "2026-10-15", true),
            (SectionAct::Verify, None, "2026-10-16", false),
            (SectionAct::Review, None, "2026-10-26", false),
            (SectionAct::Return, None, "2026-10-15", true),
            (SectionAct::Return, None, "2026-10-16", false),
            (SectionAct::Return, Some("2026-10-20"), "2026-10-20", true),
            (SectionAct::Withdraw, None, "2026-10-16", false),
            (SectionAct::SendBack, None, "2026-10-25", true),
            (SectionAct::SendBack, None, "2026-10-26", false),
        ] {
            let found = in_time(act, terms, due.map(day), day(today)).is_ok();
            assert_eq!(found, allowed, "{act} {due:?} {today}");
        }
        let codes = |days| out_of_order(days).into_iter().map(|found| found.place);
        let at = |field: &'static str| kernel::FindingPlace::Field(field.into());
        let days = terms.days();
        assert_eq!(codes(days).count(), 0);
        let late = Some(day("2026-11-01"));
        let found: Vec<_> = codes([late, days[1], days[2]]).collect();
        assert_eq!(found, [at("verify_until")]);
        let found: Vec<_> = codes([late, days[1], days[0]]).collect();
        assert_eq!(found, [at("verify_until"), at("review_until")]);
        let found: Vec<_> = codes([late, None, days[2]]).collect();
        assert_eq!(found, [at("review_until")]);
    }
}
