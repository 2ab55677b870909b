//! Which periods of the record a column reads, relative to the round's period.

use kernel::{Period, PeriodKind};
use score::{Moment, PeriodBasis};

/// What to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reading {
    /// Nothing: no such period, or a value that only the round itself has.
    Nothing,
    /// The value of one period.
    One(Period),
    /// The sum over several periods; missing if one of them is.
    Sum(Vec<Period>),
    /// The first of these periods that has a value.
    First(Vec<Period>),
}

/// How far back "the last known value" looks.
const LOOK_BACK: usize = 8;

/// What an item at a moment reads in a round.
pub fn reading(basis: PeriodBasis, moment: Moment, round: Period) -> Reading {
    let one = |period: Option<Period>| period.map_or(Reading::Nothing, Reading::One);
    let own = own(basis, round);
    match moment {
        // What only the round itself has; and what nobody has said: these come from the register of
        // events, from corrections of the record and from earlier rounds.
        Moment::Declared
        | Moment::Revoked
        | Moment::Repeated
        | Moment::Joint
        | Moment::Applies
        | Moment::Restated
        | Moment::Published => Reading::Nothing,
        // A figure that speaks of the year so far is already the sum.
        Moment::YearToDate if basis == PeriodBasis::YearToDate => Reading::One(own),
        Moment::YearToDate => Reading::Sum(own.year_to_date().collect()),
        // The record's figure of an item of events is the number of verified ones.
        Moment::Period | Moment::End | Moment::Occurred | Moment::Discovered | Moment::Ruled => {
            Reading::One(own)
        }
        // The stock on the first day is the stock at the end of the period before.
        Moment::Start | Moment::Previous => one(own.previous()),
        Moment::SameLastYear => one(own.same_last_year()),
        Moment::Last => {
            let earlier = std::iter::successors(own.previous(), |period| period.previous());
            Reading::First(earlier.take(LOOK_BACK).collect())
        }
    }
}

/// The period under which the record keeps a value of the round itself; a figure of the year so
/// far stands under the period that ends it.
pub fn own(basis: PeriodBasis, round: Period) -> Period {
    let kind = match basis {
        PeriodBasis::Month => PeriodKind::Month,
        PeriodBasis::Quarter => PeriodKind::Quarter,
        PeriodBasis::HalfYear => PeriodKind::HalfYear,
        PeriodBasis::Year => PeriodKind::Year,
        PeriodBasis::YearToDate | PeriodBasis::AtEnd => return round,
    };
    Period::of(kind, round.last_day())
}

impl Reading {
    /// Every period that it may read.
    pub fn periods(&self) -> &[Period] {
        match self {
            Reading::Nothing => &[],
            Reading::One(period) => std::slice::from_ref(period),
            Reading::Sum(periods) | Reading::First(periods) => periods,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(basis: PeriodBasis, moment: Moment, round: &str, expected: &str) {
        let found = match reading(basis, moment, round.parse().unwrap()) {
            Reading::Nothing => "nothing".to_owned(),
            Reading::One(period) => period.to_string(),
            Reading::Sum(periods) => joined("sum", &periods),
            Reading::First(periods) => joined("first", &periods[..3]),
        };
        assert_eq!(found, expected, "{basis:?} {moment:?} in {round}");
    }

    fn joined(word: &str, periods: &[Period]) -> String {
        let periods: Vec<String> = periods.iter().map(ToString::to_string).collect();
        format!("{word} {}", periods.join(" "))
    }

    #[test]
    fn reads_the_periods_that_the_scheme_names() {
        use Moment as M;
        use PeriodBasis as B;
        for (basis, moment, round, expected) in [
            (B::Quarter, M::Period, "2026-Q4", "2026-Q4"),
            (B::Month, M::Period, "2026-Q4", "2026-M12"),
            (B::Year, M::Period, "2026-Q3", "2026"),
            (B::HalfYear, M::Period, "2026-Q3", "2026-H2"),
            (B::AtEnd, M::Period, "2026-H1", "2026-H1"),
            (B::YearToDate, M::Period, "2026-Q3", "2026-Q3"),
            (B::YearToDate, M::SameLastYear, "2026-Q2", "2025-Q2"),
            (B::YearToDate, M::YearToDate, "2026-Q2", "2026-Q2"),
            (B::Quarter, M::YearToDate, "2026-Q2", "sum 2026-Q1 2026-Q2"),
            (B::Quarter, M::Previous, "2026-Q1", "2025-Q4"),
            (B::Quarter, M::Start, "2026-Q2", "2026-Q1"),
            (B::Quarter, M::End, "2026-Q2", "2026-Q2"),
            (B::Quarter, M::SameLastYear, "2026-Q2", "2025-Q2"),
            (
                B::Quarter,
                M::Last,
                "2026-Q2",
                "first 2026-Q1 2025-Q4 2025-Q3",
            ),
            (B::Quarter, M::Declared, "2026-Q2", "nothing"),
            (B::Year, M::Previous, "0001-Q2", "nothing"),
        ] {
            check(basis, moment, round, expected);
        }
    }
}
