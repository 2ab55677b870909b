//! Kind 19: the band of the score, and what gates leave of it.

use kernel::Decimal;

use super::{Evaluation, Variant};
use crate::scheme::{On, SeveralLimits};

impl Evaluation<'_> {
    pub(super) fn grades(&mut self) {
        let Some(grades) = &self.plan.scheme.grade else {
            return;
        };
        for subject in 0..self.columns.len() {
            let band = match self.graded_score(subject, grades.on) {
                Some(score) => {
                    let band = grades
                        .bands
                        .iter()
                        .position(|band| band.range.contains(score));
                    band.map(|band| self.limited(band, subject, grades.several_limits))
                }
                None => grades
                    .missing
                    .as_ref()
                    .and_then(|code| grades.bands.iter().position(|band| band.code == *code)),
            };
            self.results.grades[subject] = band.and_then(|band| u16::try_from(band).ok());
        }
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
