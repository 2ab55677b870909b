//! Kind 19: the band of the score, and what gates leave of it.

use ::kernel::Decimal;

use super::kernel::Kernels;
use super::{Evaluation, Variant};
use crate::scheme::{Grades, On, Range, SeveralLimits};

impl Evaluation<'_> {
    pub(super) fn grades(&mut self) {
        let Some(grades) = &self.plan.scheme.grade else {
            return;
        };
        let whole = self.bands_of_counted(grades);
        let without_score = grades
            .missing
            .as_ref()
            .and_then(|code| grades.bands.iter().position(|band| band.code == *code));
        for subject in 0..self.columns.len() {
            let scored = self.results.nodes[self.plan.root]
                .marks
                .present()
                .get(subject);
            let band = match &whole {
                Some(bands) => usize::try_from(bands[subject]).ok(),
                None => self.graded_score(subject, grades.on).and_then(|score| {
                    grades
                        .bands
                        .iter()
                        .position(|band| band.range.contains(score))
                }),
            };
            let grade = match band {
                Some(band) if scored => Some(self.limited(band, subject, grades.several_limits)),
                _ if scored => None,
                _ => without_score,
            };
            self.results.grades[subject] = grade.and_then(|grade| u16::try_from(grade).ok());
        }
    }

    /// Bands of the counted scores as a whole column, where those are what is graded.
    fn bands_of_counted(&self, grades: &Grades) -> Option<Vec<i64>> {
        let gated = self.plan.scheme.order.grade_before_gates()
            && !self.plan.steps[self.plan.root].gates.is_empty();
        if grades.on == On::Exact || gated {
            return None;
        }
        let ranges: Vec<Range> = grades.bands.iter().map(|band| band.range).collect();
        Kernels::bands(&ranges, &self.results.nodes[self.plan.root].marks)
    }

    fn graded_score(&self, subject: usize, on: On) -> Option<Decimal> {
        let variant = Variant {
            rounded: on == On::Rounded,
            gated: !self.plan.scheme.order.grade_before_gates(),
            filled: true,
        };
        let counted = variant.rounded && variant.gated;
        if counted || self.results.nodes[self.plan.root].held.get(subject) {
            return self.results.score(subject).counted();
        }
        self.variant(self.plan.root, subject, variant)
    }

    /// The grade after the gates that limit it. Bands are in the order best first.
    fn limited(&self, band: usize, subject: usize, several: SeveralLimits) -> usize {
        let limits = (0..self.plan.gates.len())
            .filter(|&gate| self.results.fails_gate(gate, subject))
            .filter_map(|gate| self.plan.gates[gate].limit);
        let limit = match several {
            SeveralLimits::Worst => limits.max(),
            SeveralLimits::First => limits.into_iter().next(),
        };
        limit.map_or(band, |limit| band.max(limit))
    }
}
