//! What a page says right after an act on a round: what happened and what comes next.

use web::{Locale, Params};

use crate::round::Round;
use crate::transition::RoundState;

/// The sentence for the act that the address names; empty for none, and where the round has moved
/// on since, so that an address opened again later says nothing that is no longer so.
pub(crate) fn text(l: &Locale, params: &Params, round: &Round) -> String {
    let (key, day) = match (params.query("done"), round.state) {
        (Some("extend"), RoundState::Open) => ("done-extend", None),
        (Some("compute"), RoundState::Provisional) => ("done-compute", None),
        (Some("post"), RoundState::Posted) => ("done-post", round.posted_until),
        (Some("finalise"), RoundState::Finalised) => ("done-finalise", None),
        _ => return String::new(),
    };
    let day = day.map(|day| l.day(day)).unwrap_or_default();
    l.text(key).arg("day", day).to_string()
}
