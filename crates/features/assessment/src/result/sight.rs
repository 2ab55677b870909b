//! What a viewer may know of a result: offices exact ranks of everybody; a village its own, and
//! the others in quarters (architecture, section 10). Nobody else comes here.

use std::collections::{BTreeMap, BTreeSet};

use kernel::Decimal;

use crate::result::ResultLine;
use crate::round::Subject;

/// What a viewer may know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sight {
    /// Exact ranks of everybody.
    Everybody,
    /// Exact ranks of these subjects, quarters of the others.
    Own(BTreeSet<i64>),
    /// That there is a result, and nothing of it.
    Nothing,
}

/// A subject's line as the viewer may know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeenLine {
    /// Who.
    pub subject: Subject,
    /// Whether score, grade and rank are shown.
    pub exact: bool,
    /// The score, where exact.
    pub score: Option<Decimal>,
    /// The grade's code, where exact.
    pub grade: Option<String>,
    /// Rank among all, where exact.
    pub rank: Option<i64>,
    /// Where about in the ranking, where not exact and the viewer may know it.
    pub band: Option<Band>,
}

/// Where about in a ranking, in the order of lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Band {
    /// A quarter of the ranked, 1 the first, 4 the last.
    Quarter(u8),
    /// Too few are ranked: a quarter of them would nearly be a rank.
    Untold,
    /// Without rank.
    Unranked,
}

/// With fewer ranked than this nobody is told in which quarter another village is: two ranks to a
/// quarter are the least that does not give one away.
const RANKED_MIN: usize = 8;

impl Band {
    /// Rank r of n lies in quarter ⌈4r / n⌉.
    pub fn of(rank: Option<i64>, ranked: usize) -> Band {
        let (Some(rank), Ok(count)) = (rank, i64::try_from(ranked)) else {
            return Band::Unranked;
        };
        if ranked < RANKED_MIN {
            return Band::Untold;
        }
        let quarter = (rank.saturating_mul(4) + count - 1) / count;
        Band::Quarter(u8::try_from(quarter.clamp(1, 4)).unwrap_or(4))
    }

    /// The key of its name.
    pub const fn text_key(self) -> &'static str {
        match self {
            Band::Quarter(1) => "ranking-band-1",
            Band::Quarter(2) => "ranking-band-2",
            Band::Quarter(3) => "ranking-band-3",
            Band::Quarter(_) => "ranking-band-4",
            Band::Untold => "ranking-band-untold",
            Band::Unranked => "ranking-none",
        }
    }
}

/// The lines of a result as a viewer may know them: by rank where everything is exact, else by
/// quarter and the register's order, which tells nothing more.
pub fn lines(subjects: &[Subject], results: &[ResultLine], sight: &Sight) -> Vec<SeenLine> {
    let ranked = results.iter().filter(|line| line.rank.is_some()).count();
    let by_number: BTreeMap<i64, &ResultLine> =
        results.iter().map(|line| (line.subject_no, line)).collect();
    let mut lines: Vec<SeenLine> = subjects
        .iter()
        .filter_map(|subject| {
            let result = by_number.get(&subject.subject_no)?;
            Some(line(subject, result, ranked, sight))
        })
        .collect();
    lines.sort_by_key(|line| {
        let number = line.subject.subject_no;
        let rank = by_number.get(&number).and_then(|result| result.rank);
        match sight {
            Sight::Nothing => (false, 0, number),
            Sight::Everybody => (rank.is_none(), rank.unwrap_or(0), number),
            Sight::Own(_) => match Band::of(rank, ranked) {
                Band::Quarter(quarter) => (false, i64::from(quarter), number),
                Band::Untold => (false, 0, number),
                Band::Unranked => (true, 0, number),
            },
        }
    });
    lines
}

fn line(subject: &Subject, result: &ResultLine, ranked: usize, sight: &Sight) -> SeenLine {
    let exact = match sight {
        Sight::Everybody => true,
        Sight::Own(own) => own.contains(&subject.subject_no),
        Sight::Nothing => false,
    };
    SeenLine {
        subject: subject.clone(),
        exact,
        score: result.score.filter(|_| exact),
        grade: result.grade.clone().filter(|_| exact),
        rank: result.rank.filter(|_| exact),
        band: match sight {
            Sight::Own(_) if !exact => Some(Band::of(result.rank, ranked)),
            _ => None,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn subject(number: i64) -> Subject {
        Subject {
            subject_no: number,
            place: kernel::PlaceId::default(),
            code: None,
            name: format!("village {number}"),
            alias: None,
            kind: "village".to_owned(),
            town: None,
            town_name: None,
            group: None,
        }
    }

    fn result(number: i64, rank: Option<i64>) -> ResultLine {
        ResultLine {
            subject_no: number,
            score: Some(Decimal::from_int(100 - rank.unwrap_or(0))),
            grade: Some("good".to_owned()),
            rank,
            rank_in_group: rank,
        }
    }

    /// Eight subjects whose ranks run against their numbers; the ninth has none.
    fn eight() -> (Vec<Subject>, Vec<ResultLine>) {
        let subjects = (1..=9).map(subject).collect();
        let results = (1..=9)
            .map(|n| result(n, (n < 9).then_some(9 - n)))
            .collect();
        (subjects, results)
    }

    #[test]
    fn offices_see_everybody_by_rank() {
        let (subjects, results) = eight();
        let lines = lines(&subjects, &results, &Sight::Everybody);
        let ranks: Vec<_> = lines.iter().map(|line| line.rank).collect();
        assert_eq!(ranks[..3], [Some(1), Some(2), Some(3)]);
        assert_eq!(ranks[8], None);
    }

    #[test]
    fn a_village_sees_itself_exactly_and_the_others_in_quarters_only() {
        let (subjects, results) = eight();
        let lines = lines(&subjects, &results, &Sight::Own(BTreeSet::from([3])));
        let shown: Vec<_> = lines
            .iter()
            .map(|line| {
                let number = line.subject.subject_no;
                (number, line.band, line.rank, line.score.is_some())
            })
            .collect();
        assert_eq!(
            shown,
            [
                (7, Some(Band::Quarter(1)), None, false),
                (8, Some(Band::Quarter(1)), None, false),
                (5, Some(Band::Quarter(2)), None, false),
                (6, Some(Band::Quarter(2)), None, false),
                (3, None, Some(6), true),
                (4, Some(Band::Quarter(3)), None, false),
                (1, Some(Band::Quarter(4)), None, false),
                (2, Some(Band::Quarter(4)), None, false),
                (9, Some(Band::Unranked), None, false),
            ]
        );
        assert!(
            lines
                .iter()
                .filter(|line| !line.exact)
                .all(|line| line.grade.is_none())
        );
    }

    #[test]
    fn the_public_sees_neither_rank_nor_band_nor_an_order_that_tells() {
        let (subjects, results) = eight();
        let lines = lines(&subjects, &results, &Sight::Nothing);
        let numbers: Vec<_> = lines.iter().map(|line| line.subject.subject_no).collect();
        assert_eq!(numbers, (1..=9).collect::<Vec<_>>());
        let told =
            |line: &SeenLine| line.rank.is_some() || line.band.is_some() || line.score.is_some();
        assert!(!lines.iter().any(told));
    }

    /// Bands of one size, or sizes that differ by one, in the order of ranks; never a single rank.
    #[test]
    fn a_band_never_gives_a_rank_away() {
        for ranked in 1..=400_usize {
            let bands: Vec<Band> = (1..=i64::try_from(ranked).unwrap())
                .map(|rank| Band::of(Some(rank), ranked))
                .collect();
            assert!(bands.is_sorted(), "{ranked}");
            if ranked < RANKED_MIN {
                assert!(bands.iter().all(|band| *band == Band::Untold), "{ranked}");
                continue;
            }
            for quarter in 1..=4 {
                let size = bands.iter().filter(|band| **band == Band::Quarter(quarter));
                let size = size.count();
                assert!(
                    size >= 2 && size.abs_diff(ranked / 4) <= 1,
                    "{size} of {ranked} in quarter {quarter}"
                );
            }
        }
        assert_eq!(Band::of(Some(93), 370), Band::Quarter(2));
        assert_eq!(Band::of(Some(92), 370), Band::Quarter(1));
        assert_eq!(Band::of(None, 370), Band::Unranked);
    }
}
