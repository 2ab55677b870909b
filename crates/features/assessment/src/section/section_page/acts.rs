//! Which moves of a section are open to a visitor.

use access::Resource;
use web::Context;

use super::Mode;
use super::record::Read;
use crate::transition::{RoundState, SectionAct, SectionState, in_time, section_move};

/// Which moves are open to the visitor now.
pub(super) struct Acts {
    /// By right, by what was done before, by the state, and in time.
    open: Vec<SectionAct>,
    /// Whether the window of the step that is due is open.
    pub in_time: bool,
}

impl Acts {
    /// The moves of a visitor, by the section with its history.
    pub fn of(context: &Context, read: &Read, resource: &Resource<'_>) -> Acts {
        let open = read.round.state == RoundState::Open;
        let timely = |act| in_time(act, read.terms, read.now.due, context.today()).is_ok();
        let may = |act: &SectionAct| {
            let Ok(row) = section_move(read.now.state, *act) else {
                return false;
            };
            let decision = access::decide(&context.subject, row.action, resource, context.today());
            open && decision.is_allowed() && timely(*act)
        };
        let due = match read.now.state {
            SectionState::Open | SectionState::Returned => SectionAct::Declare,
            SectionState::Submitted | SectionState::SentBack => SectionAct::Verify,
            SectionState::Verified | SectionState::Reviewed => SectionAct::Review,
        };
        Acts {
            open: SectionAct::ALL.iter().copied().filter(may).collect(),
            in_time: !open || read.now.state == SectionState::Reviewed || timely(due),
        }
    }

    /// Whether a move is open.
    pub fn has(&self, act: SectionAct) -> bool {
        self.open.contains(&act)
    }

    /// What the visitor can do with the values.
    pub fn mode(&self) -> Mode {
        let modes = [
            (SectionAct::Declare, Mode::Declare),
            (SectionAct::Verify, Mode::Verify),
            (SectionAct::Review, Mode::Review),
        ];
        let found = modes.into_iter().find(|(act, _)| self.has(*act));
        found.map_or(Mode::Read, |(_, mode)| mode)
    }
}
