//! What becomes of the score: grade and rank.

use serde::Serialize;

use super::choice::choices;
use super::{Operand, Range, Title};

choices! {
    /// Which number of a node is compared.
    On {
        /// After the node's rounding.
        Rounded = "rounded",
        /// As if the node did not round; its children's roundings stay.
        Exact = "exact",
    }

    /// What several gates that limit the grade do together.
    SeveralLimits {
        /// The worst limit counts.
        Worst = "worst",
        /// The first gate in the file that failed counts.
        First = "first",
    }

    /// Which end is the good one.
    Best {
        /// The highest number.
        Highest = "highest",
        /// The lowest number.
        Lowest = "lowest",
    }

    /// Numbers of ranks among equals.
    RankMethod {
        /// 1, 2, 2, 4.
        Competition = "competition",
        /// 1, 2, 2, 3.
        Dense = "dense",
        /// 1, 2, 3, 4: the tie-break chain must decide every tie.
        Ordinal = "ordinal",
    }

    /// What is ranked first.
    RankBy {
        /// The score alone.
        Score = "score",
        /// The grade, and within it the score: a limited grade falls behind.
        GradeThenScore = "grade_then_score",
    }
}

/// Kind 19. Bands of the score.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Grades {
    /// Version of the bands, printed with the grade.
    pub version: String,
    /// Which number falls into the bands.
    pub on: On,
    /// Several limits.
    pub several_limits: SeveralLimits,
    /// The band of a subject without score; `None` for no grade.
    pub missing: Option<String>,
    /// The bands, best first.
    pub bands: Vec<Band>,
    /// Whether the county has yet to confirm them.
    pub ours: bool,
}

/// A grade.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Band {
    /// Stable across versions.
    pub code: String,
    /// The word that people see.
    pub title: Title,
    /// The scores that get it.
    pub range: Range,
}

/// Kind 22. Order and ties.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Ranking {
    /// Score, or grade first.
    pub by: RankBy,
    /// Which number is compared.
    pub on: On,
    /// Which end is first.
    pub best: Best,
    /// Numbers among equals.
    pub method: RankMethod,
    /// Who is listed without rank.
    pub excluded: Option<Excluded>,
    /// What decides between equals, in this order.
    pub ties: Vec<TieBreak>,
    /// Whether the county has yet to confirm it.
    pub ours: bool,
}

/// Units that are listed without rank, by a value of theirs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Excluded {
    /// The value.
    pub value: Operand,
    /// Where it excludes. A missing value does not exclude.
    pub when: Range,
}

/// A step of the chain that decides between equals. A missing value comes last.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TieBreak {
    /// A node's number.
    Node {
        /// Which node.
        node: String,
        /// Which number of it.
        on: On,
        /// Which end is first.
        best: Best,
    },
    /// An item's value.
    Item {
        /// Which value.
        input: super::Input,
        /// Which end is first.
        best: Best,
    },
    /// When the subject was submitted.
    Submitted(Earlier),
    /// The number that was drawn and recorded.
    Lot(Best),
    /// The subject's code, in the order of its characters; decides everything.
    SubjectCode(Best),
}

choices! {
    /// Which submission is first.
    Earlier {
        /// The earlier one.
        Earlier = "earlier",
        /// The later one.
        Later = "later",
    }

    /// The order of evaluation. The stages of a node are always: children or items, rule; what
    /// follows differs. The effect "limits the grade" of a gate is always last.
    EvaluationOrder {
        /// Rule, rounding, cap and floor, gates; grade by the gated score; rank. The default of
        /// the specification.
        RoundLimitGateGrade = "round_limit_gate_grade",
        /// As the first, but cap and floor before rounding.
        LimitRoundGateGrade = "limit_round_gate_grade",
        /// As the first, but the grade is taken from the root before the root's own gates act.
        RoundLimitGradeGate = "round_limit_grade_gate",
        /// Both differences.
        LimitRoundGradeGate = "limit_round_grade_gate",
    }
}

impl EvaluationOrder {
    /// Whether cap and floor come before rounding.
    pub fn limits_first(self) -> bool {
        matches!(
            self,
            EvaluationOrder::LimitRoundGateGrade | EvaluationOrder::LimitRoundGradeGate
        )
    }

    /// Whether the grade is taken before the root's own gates.
    pub fn grade_before_gates(self) -> bool {
        matches!(
            self,
            EvaluationOrder::RoundLimitGradeGate | EvaluationOrder::LimitRoundGradeGate
        )
    }
}
