//! The rounds of one scheme, in the order of time, and what became of a village in them: for trends,
//! comparisons and the dashboard. Each round's own tree says who may see it.

use access::Action;
use kernel::{Decimal, PlaceId, Tenant};
use store::{Connection, StoreError};
use web::{Context, PageError};

use crate::SchemeId;
use crate::result::{self, ResultLine, Shown};
use crate::round::{self, Round, Subject};
use crate::scope;
use crate::transition::RoundState;

/// The states of a round whose result is public.
pub(crate) const PUBLIC: &[RoundState] = &[RoundState::Posted, RoundState::Finalised];
/// The states of a round that has a result.
pub(crate) const COMPUTED: &[RoundState] = &[
    RoundState::Provisional,
    RoundState::Posted,
    RoundState::Finalised,
];

/// The rounds of a scheme in these states, the earliest first.
pub(crate) fn rounds(
    connection: &mut dyn Connection,
    tenant: Tenant,
    scheme: SchemeId,
    states: &[RoundState],
) -> Result<Vec<Round>, StoreError> {
    let mut found = Vec::new();
    for state in states {
        found.extend(round::in_state(connection, tenant, *state)?);
    }
    found.retain(|round| round.scheme == scheme);
    found.sort_by_key(|round| (round.period.last_day(), round.opened_at));
    Ok(found)
}

/// A village in a round whose result the visitor may know.
pub(crate) struct Known {
    /// The village as the round has it.
    pub subject: Subject,
    /// The result.
    pub shown: Shown,
}

/// A village in a round; none where it was not in it, where there is no result that the visitor may
/// know of, or where the village is not the visitor's to read by the round's own tree.
pub(crate) fn known(
    context: &Context,
    connection: &mut dyn Connection,
    round: &Round,
    place: PlaceId,
) -> Result<Option<Known>, PageError> {
    let Some(subject) = round::subject(connection, context.tenant, round.round, place)? else {
        return Ok(None);
    };
    let (id, number) = (round.round, subject.subject_no);
    if !scope::may_at(context, connection, id, number, Action::ScoreRead)? {
        return Ok(None);
    }
    let shown = scope::shown(context, connection, round)?;
    Ok(shown.map(|shown| Known { subject, shown }))
}

/// A village in one posted or final round.
pub(crate) struct Past {
    /// The round.
    pub round: Round,
    /// The village's line.
    pub line: ResultLine,
    /// First and third quarter of all scores, where the visitor may see exact ranks and at least
    /// four villages have a score: a score at or below them from the bottom.
    pub middle_half: Option<(Decimal, Decimal)>,
}

/// Every posted or final round of the scheme in which the visitor may see the village, the
/// earliest first.
pub(crate) fn of_village(
    context: &Context,
    connection: &mut dyn Connection,
    of: &Round,
    place: PlaceId,
) -> Result<Vec<Past>, PageError> {
    let tenant = context.tenant;
    let mut found = Vec::new();
    for round in rounds(connection, tenant, of.scheme, PUBLIC)? {
        let Some(known) = known(context, connection, &round, place)? else {
            continue;
        };
        let lines = result::lines(connection, tenant, round.round, &known.shown)?;
        let exact = scope::may(context, connection, &round, Action::RankReadExact)?;
        let middle_half = exact.then(|| middle_half(&lines)).flatten();
        let own = lines
            .into_iter()
            .find(|line| line.subject_no == known.subject.subject_no);
        if let Some(line) = own {
            found.push(Past {
                round,
                line,
                middle_half,
            });
        }
    }
    Ok(found)
}

/// The scores at a quarter and at three quarters of the way from the least to the greatest.
fn middle_half(lines: &[ResultLine]) -> Option<(Decimal, Decimal)> {
    let mut scores: Vec<Decimal> = lines.iter().filter_map(|line| line.score).collect();
    if scores.len() < 4 {
        return None;
    }
    scores.sort_unstable();
    let last = scores.len() - 1;
    Some((scores[last / 4], scores[last - last / 4]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_of_the_scores_lie_between_the_quarters() {
        let lines = |scores: &[i64]| -> Vec<ResultLine> {
            let line = |(number, score): (i64, &i64)| ResultLine {
                subject_no: number,
                score: Some(Decimal::from_int(*score)),
                grade: None,
                rank: None,
                rank_in_group: None,
            };
            (1..).zip(scores).map(line).collect()
        };
        let told = |scores: &[i64]| {
            middle_half(&lines(scores)).map(|(low, high)| (low.to_string(), high.to_string()))
        };
        assert_eq!(told(&[3, 1, 2]), None);
        assert_eq!(told(&[5, 1, 4, 2, 3]), Some(("2".into(), "4".into())));
        assert_eq!(
            told(&[90, 10, 20, 80, 30, 70, 40, 60]),
            Some(("20".into(), "80".into()))
        );
    }
}
