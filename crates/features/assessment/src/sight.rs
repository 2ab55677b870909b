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
    /// Quarter of the ranked, 1 the first, where not exact.
    pub quarter: Option<u8>,
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
            Sight::Own(_) => {
                let quarter = quarter(rank, ranked);
                (quarter.is_none(), i64::from(quarter.unwrap_or(0)), number)
            }
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
        quarter: match sight {
            Sight::Own(_) if !exact => quarter(result.rank, ranked),
            _ => None,
        },
    }
}

/// The quarter in which a rank lies: rank r of n is in quarter ⌈4r / n⌉.
pub fn quarter(rank: Option<i64>, ranked: usize) -> Option<u8> {
    let (rank, ranked) = (rank?, i64::try_from(ranked).ok()?);
    let quarter = (rank * 4 + ranked - 1).checked_div(ranked)?;
    u8::try_from(quarter.clamp(1, 4)).ok()
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
                (number, line.quarter, line.rank, line.score.is_some())
            })
            .collect();
        assert_eq!(
            shown,
            [
                (7, Some(1), None, false),
                (8, Some(1), None, false),
                (5, Some(2), None, false),
                (6, Some(2), None, false),
                (3, None, Some(6), true),
                (4, Some(3), None, false),
                (1, Some(4), None, false),
                (2, Some(4), None, false),
                (9, None, None, false),
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
            |line: &SeenLine| line.rank.is_some() || line.quarter.is_some() || line.score.is_some();
        assert!(!lines.iter().any(told));
    }

    #[test]
    fn quarters_of_few() {
        for (rank, ranked, expected) in [
            (1, 1, 4),
            (1, 2, 2),
            (2, 2, 4),
            (1, 4, 1),
            (4, 4, 4),
            (2, 5, 2),
            (93, 370, 2),
        ] {
            assert_eq!(
                quarter(Some(rank), ranked),
                Some(expected),
                "{rank} of {ranked}"
            );
        }
        assert_eq!(quarter(None, 4), None);
    }
}
