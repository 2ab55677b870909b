//! Kind 22: order and ties.

use std::cmp::Ordering;

use ::kernel::{Decimal, Finding};

use super::{Evaluation, Variant};
use crate::bitmap::Bitmap;
use crate::column::Values;
use crate::columns::{NO_GROUP, at_subject};
use crate::plan::Source;
use crate::scheme::{Best, Earlier, On, RankBy, RankMethod, Ranking, TieBreak};

/// One column of the key by which subjects are ordered: the better first, nothing last.
enum Key<'a> {
    Numbers(Vec<Option<Decimal>>, Best),
    Integers(Vec<Option<i64>>, Best),
    Column(&'a [i64], &'a Bitmap, Best),
    Codes(Best),
}

impl Key<'_> {
    fn compare(&self, subjects: &[String], left: usize, right: usize) -> Ordering {
        match self {
            Key::Numbers(numbers, best) => better(*best, numbers[left], numbers[right]),
            Key::Integers(numbers, best) => better(*best, numbers[left], numbers[right]),
            Key::Column(numbers, present, best) => {
                let number = |subject: usize| present.get(subject).then(|| numbers[subject]);
                better(*best, number(left), number(right))
            }
            Key::Codes(Best::Lowest) => subjects[left].cmp(&subjects[right]),
            Key::Codes(Best::Highest) => subjects[right].cmp(&subjects[left]),
        }
    }
}

/// The better first, nothing last.
fn better<T: Ord>(best: Best, left: Option<T>, right: Option<T>) -> Ordering {
    match (left, right) {
        (Some(left), Some(right)) => match best {
            Best::Lowest => left.cmp(&right),
            Best::Highest => right.cmp(&left),
        },
        (left, right) => right.is_some().cmp(&left.is_some()),
    }
}

impl Evaluation<'_> {
    pub(super) fn ranks(&mut self) {
        let plan = self.plan;
        let Some(ranking) = &plan.scheme.rank else {
            return;
        };
        self.results.ranks.fill(None);
        self.results.ranks_in_group.fill(None);
        self.exclude(ranking);
        let keys = self.keys(ranking);
        let compare = |keys: &[Key<'_>], left: usize, right: usize| {
            keys.iter()
                .map(|key| key.compare(&self.columns.subjects, left, right))
                .find(|ordering| ordering.is_ne())
                .unwrap_or(Ordering::Equal)
        };
        // Equal subjects keep input order, which no rank depends on.
        let (eligible, tied) = if let [Key::Column(numbers, _, best), rest @ ..] = keys.as_slice() {
            let mut eligible = sorted(self.eligible(), numbers, *best);
            for run in eligible.chunk_by_mut(|&left, &right| numbers[left] == numbers[right]) {
                if !rest.is_empty() {
                    run.sort_by(|&left, &right| compare(rest, left, right));
                }
            }
            let same = |left: usize, right: usize| {
                numbers[left] == numbers[right] && compare(rest, left, right).is_eq()
            };
            let tied = tied(&eligible, same);
            (eligible, tied)
        } else {
            let mut eligible = self.eligible();
            eligible.sort_by(|&left, &right| compare(&keys, left, right));
            let tied = tied(&eligible, |left, right| compare(&keys, left, right).is_eq());
            (eligible, tied)
        };
        self.number(ranking.method, &eligible, &tied);
        self.unresolved(ranking, &eligible, &tied);
    }

    /// Who gets a rank, in input order.
    fn eligible(&self) -> Vec<usize> {
        let mut eligible = self.results.nodes[self.plan.root].marks.present().clone();
        eligible.clear(&self.results.excluded);
        eligible.set_positions().collect()
    }

    fn exclude(&mut self, ranking: &Ranking) {
        let (Some(excluded), Some(source)) = (&ranking.excluded, self.plan.excluded) else {
            return;
        };
        for subject in 0..self.columns.len() {
            let value = self.source(source, subject);
            let out = value.is_some_and(|value| excluded.when.contains(value));
            self.results.excluded.set(subject, out);
        }
    }

    fn source(&self, source: Source, subject: usize) -> Option<Decimal> {
        match source {
            Source::Constant(value) => Some(value),
            Source::Input(input) => self.columns.inputs[input].get(subject),
            Source::Node(node) => self.results.cell(node, subject).counted(),
        }
    }

    fn keys(&self, ranking: &Ranking) -> Vec<Key<'_>> {
        let mut keys = Vec::new();
        if ranking.by == RankBy::GradeThenScore {
            let grades = self.results.grades.iter().map(|grade| grade.map(i64::from));
            keys.push(Key::Integers(grades.collect(), Best::Lowest));
        }
        keys.push(self.node_key(self.plan.root, ranking.on, ranking.best));
        for (tie_break, source) in ranking.ties.iter().zip(&self.plan.ties) {
            keys.push(self.tie_key(tie_break, *source));
        }
        keys
    }

    fn tie_key(&self, tie_break: &TieBreak, source: Option<Source>) -> Key<'_> {
        let submitted = |best| {
            let instants = self.columns.submitted.iter();
            Key::Integers(instants.map(|at| at.map(|at| at.0)).collect(), best)
        };
        match (tie_break, source) {
            (TieBreak::Node { on, best, .. }, Some(Source::Node(node))) => {
                self.node_key(node, *on, *best)
            }
            (TieBreak::Item { best, .. }, Some(source)) => {
                let subjects = 0..self.columns.len();
                let numbers = subjects.map(|subject| self.source(source, subject));
                Key::Numbers(numbers.collect(), *best)
            }
            (TieBreak::Submitted(Earlier::Earlier), _) => submitted(Best::Lowest),
            (TieBreak::Submitted(Earlier::Later), _) => submitted(Best::Highest),
            (TieBreak::Lot(best), _) => {
                let lots = self.columns.lots.iter();
                let lots = lots.map(|lot| lot.map(|lot| Decimal::new(i128::from(lot), 0)));
                Key::Numbers(lots.collect(), *best)
            }
            (TieBreak::SubjectCode(best), _) => Key::Codes(*best),
            (TieBreak::Node { .. } | TieBreak::Item { .. }, _) => {
                unreachable!("the compiler gives these a source")
            }
        }
    }

    fn node_key(&self, node: usize, on: On, best: Best) -> Key<'_> {
        let marks = &self.results.nodes[node].marks;
        if let (On::Rounded, Values::Scaled { numbers, .. }) = (on, marks.values()) {
            return Key::Column(numbers, marks.present(), best);
        }
        let exact = Variant {
            rounded: false,
            ..Variant::COUNTED
        };
        let subjects = 0..self.columns.len();
        let number = |subject| match on {
            On::Rounded => self.results.cell(node, subject).counted(),
            On::Exact => self.variant(node, subject, exact),
        };
        Key::Numbers(subjects.map(number).collect(), best)
    }

    /// Numbers the ordered subjects, overall and within their groups.
    fn number(&mut self, method: RankMethod, ordered: &[usize], tied: &[bool]) {
        let mut overall = Counter::default();
        let mut groups = vec![Counter::default(); self.columns.group_names.len()];
        let mut tie = 0_u64;
        for (&subject, &tied) in ordered.iter().zip(tied) {
            tie += u64::from(!tied);
            self.results.ranks[subject] = Some(overall.next(method, tie));
            let group = self.columns.groups[subject];
            if group != NO_GROUP {
                let counter = &mut groups[group as usize];
                self.results.ranks_in_group[subject] = Some(counter.next(method, tie));
            }
        }
    }

    /// An ordinal ranking whose chain left a tie: the lot is missing.
    fn unresolved(&mut self, ranking: &Ranking, ordered: &[usize], tied: &[bool]) {
        if ranking.method != RankMethod::Ordinal {
            return;
        }
        for (position, &tied) in tied.iter().enumerate() {
            if tied {
                let code = &self.columns.subjects[ordered[position]];
                let other = &self.columns.subjects[ordered[position - 1]];
                let finding = Finding::error("tie-needs-lot")
                    .arg("subject", code.as_str())
                    .arg("other", other.as_str())
                    .at(at_subject(code));
                self.report(finding);
            }
        }
    }
}

/// Whether each subject of an order is equal to the one before it.
fn tied(ordered: &[usize], same: impl Fn(usize, usize) -> bool) -> Vec<bool> {
    let pairs = ordered.windows(2).map(|pair| same(pair[0], pair[1]));
    std::iter::once(false).chain(pairs).collect()
}

/// Subjects by their numbers, the better first; equal ones keep their order.
fn sorted(subjects: Vec<usize>, numbers: &[i64], best: Best) -> Vec<usize> {
    let key = |subject: usize| match best {
        Best::Lowest => numbers[subject],
        // As the bitwise complement: the order turned round, without overflow.
        Best::Highest => !numbers[subject],
    };
    let keys = subjects.iter().map(|&subject| key(subject));
    let (Some(least), Some(most)) = (keys.clone().min(), keys.max()) else {
        return subjects;
    };
    let span = i128::from(most) - i128::from(least);
    let few = usize::try_from(span)
        .ok()
        .filter(|&span| span <= 4 * subjects.len() + 1024);
    let Some(span) = few else {
        let mut subjects = subjects;
        subjects.sort_by_key(|&subject| key(subject));
        return subjects;
    };
    // Marks have few distinct values: count them, then put each subject in its place.
    let place = |subject: usize| usize::try_from(key(subject) - least).expect("within the span");
    let mut starts = vec![0_usize; span + 2];
    for &subject in &subjects {
        starts[place(subject) + 1] += 1;
    }
    for position in 1..starts.len() {
        starts[position] += starts[position - 1];
    }
    let mut out = vec![0; subjects.len()];
    for &subject in &subjects {
        let next = &mut starts[place(subject)];
        out[*next] = subject;
        *next += 1;
    }
    out
}

/// Hands out ranks; `tie` is the same for subjects that are equal.
#[derive(Clone, Default)]
struct Counter {
    seen: u32,
    distinct: u32,
    tie: u64,
    rank: u32,
}

impl Counter {
    fn next(&mut self, method: RankMethod, tie: u64) -> u32 {
        self.seen += 1;
        if tie != self.tie {
            self.tie = tie;
            self.distinct += 1;
            // An unresolved tie of an ordinal ranking shares its rank, and a finding says so.
            self.rank = match method {
                RankMethod::Competition | RankMethod::Ordinal => self.seen,
                RankMethod::Dense => self.distinct,
            };
        }
        self.rank
    }
}
