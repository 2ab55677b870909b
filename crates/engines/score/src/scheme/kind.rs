//! The 26 kinds of rules of the scoring engine's specification, section 4.

use super::choice::choices;

choices! {
    /// Every kind of rule that a scheme may name. The names are reserved from the first version
    /// on, so a scheme never has to be renamed; [`Kind::built`] says which ones work.
    Kind {
        /// 1. Bands of a value give marks.
        TierTable = "tier_table",
        /// 2. Marks in proportion to the way from an origin to a target.
        Interpolation = "interpolation",
        /// 3. Marks per unit over a base, with a cap.
        SteppedAdd = "stepped_add",
        /// 4. Marks off per occurrence, with a floor.
        Deduction = "deduction",
        /// 5. Numerator through denominator.
        Ratio = "ratio",
        /// 6. Marks by place among peers.
        Percentile = "percentile",
        /// 7. Growth against a base period.
        Growth = "growth",
        /// 8. Ticks of a list.
        Checklist = "checklist",
        /// 9. A condition without which a node counts less.
        Gate = "gate",
        /// 10. An event that sets the grade.
        Veto = "veto",
        /// 11. Ballots.
        Survey = "survey",
        /// 12. A panel of raters.
        Panel = "panel",
        /// 13. Bonus events with caps.
        Bonus = "bonus",
        /// 14. Penalty events at once.
        Penalty = "penalty",
        /// 15. Difficulty factors.
        Coefficient = "coefficient",
        /// 16. Children to parent.
        RollUp = "roll_up",
        /// 17. Rounds to a year.
        RoundComposite = "round_composite",
        /// 18. Halves of different scales.
        Halves = "halves",
        /// 19. Grades by bands of the score.
        GradeBands = "grade_bands",
        /// 20. At most so many of a grade.
        GradeQuota = "grade_quota",
        /// 21. Stars with conditions.
        StarRating = "star_rating",
        /// 22. Order and ties.
        Ranking = "ranking",
        /// 23. Pay by grade and coefficient.
        PayAllocation = "pay_allocation",
        /// 24. What a missing value does.
        MissingData = "missing_data",
        /// 25. Changes of period and unit.
        PeriodChange = "period_change",
        /// 26. An index between goalposts.
        Goalpost = "goalpost",
    }
}

impl Kind {
    /// Its number in the specification, 1 to 26.
    pub fn number(self) -> u8 {
        self as u8 + 1
    }

    /// Whether the engine can compute it. The others are refused with `kind-not-built`.
    pub fn built(self) -> bool {
        matches!(
            self,
            Kind::TierTable
                | Kind::Interpolation
                | Kind::SteppedAdd
                | Kind::Deduction
                | Kind::Ratio
                | Kind::Growth
                | Kind::Checklist
                | Kind::Gate
                | Kind::Bonus
                | Kind::Penalty
                | Kind::RoundComposite
                | Kind::RollUp
                | Kind::GradeBands
                | Kind::Ranking
                | Kind::MissingData
                | Kind::Goalpost
        )
    }

    /// Whether a node's `rule` may have this kind; the others have a table of their own.
    pub fn is_rule_of_a_node(self) -> bool {
        matches!(
            self,
            Kind::TierTable
                | Kind::Interpolation
                | Kind::SteppedAdd
                | Kind::Deduction
                | Kind::Ratio
                | Kind::Growth
                | Kind::Checklist
                | Kind::Bonus
                | Kind::Penalty
                | Kind::RollUp
                | Kind::RoundComposite
                | Kind::Goalpost
        )
    }
}
