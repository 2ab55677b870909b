//! What a round waits for: how much is left of which step, who does it, until when, and what it
//! holds up. Numbers of sections, never names of villages.

use access::Action;
use kernel::Day;
use store::Connection;
use web::{Context, Locale, PageError};

use crate::round::Round;
use crate::round::blockers;
use crate::round::round_list::Progress;
use crate::transition::{RoundState, Terms};

/// One line of what a round waits for.
#[derive(Clone, Debug)]
pub struct NextLine {
    /// What is left, and who does it.
    pub text: String,
    /// Its last day, in words; empty where there is none.
    pub until: String,
    /// Whether that day has passed.
    pub late: bool,
}

/// A step of an open round with something left in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Owed {
    /// Key of the line's text.
    pub text: &'static str,
    /// Key of what is said once its last day has passed.
    pub late: &'static str,
    /// Sections.
    pub count: i64,
    /// Last day.
    pub until: Day,
}

/// The steps of an open round with something left in them; empty where everything is reviewed.
pub fn owed(all: &Progress, terms: Terms) -> Vec<Owed> {
    let steps = [
        (
            ("next-declare", "todo-late-declare"),
            all.total - all.declared,
            terms.declare_until,
        ),
        (
            ("next-verify", "todo-late-verify"),
            all.declared - all.verified,
            terms.verify_until,
        ),
        (
            ("next-review", "todo-late-review"),
            all.verified - all.reviewed,
            terms.review_until,
        ),
    ];
    let left = steps.into_iter().filter(|(_, count, _)| *count > 0);
    left.map(|((text, late), count, until)| Owed {
        text,
        late,
        count,
        until,
    })
    .collect()
}

/// What the round waits for now, in the order of its steps.
pub(crate) fn lines(
    context: &Context,
    connection: &mut dyn Connection,
    round: &Round,
    (all, terms): (&Progress, Terms),
) -> Result<Vec<NextLine>, PageError> {
    let (l, today) = (&context.l, context.today());
    let plain = |key: &str| NextLine {
        text: l.text(key).to_string(),
        until: String::new(),
        late: false,
    };
    Ok(match round.state {
        RoundState::Open => {
            let owed = owed(all, terms);
            let mut lines: Vec<NextLine> = owed.iter().map(|owed| line(l, owed, today)).collect();
            lines.push(plain(if owed.is_empty() {
                "next-compute"
            } else {
                "next-compute-after"
            }));
            lines
        }
        RoundState::Provisional => vec![plain("next-post")],
        RoundState::Posted => {
            let mut lines = Vec::new();
            // What single villages object to is for the offices that handle it.
            if context.holds(Action::RankReadExact) {
                let found = blockers::blockers(connection, context.tenant, round)?;
                if !found.is_empty() {
                    let text = l.text("next-objections").arg("count", found.len());
                    lines.push(NextLine {
                        text: text.to_string(),
                        until: String::new(),
                        late: false,
                    });
                }
            }
            let is_over = round.posted_until.is_some_and(|until| until < today);
            lines.push(NextLine {
                text: l.text("next-finalise").to_string(),
                until: match round.posted_until {
                    Some(until) if !is_over => {
                        l.text("next-after").arg("day", l.day(until)).to_string()
                    }
                    _ => String::new(),
                },
                late: false,
            });
            lines
        }
        RoundState::Finalised => Vec::new(),
    })
}

fn line(l: &Locale, owed: &Owed, today: Day) -> NextLine {
    let late = owed.until < today;
    let until = l.text(if late { "next-late" } else { "next-until" });
    NextLine {
        text: l.text(owed.text).arg("count", owed.count).to_string(),
        until: until.arg("day", l.day(owed.until)).to_string(),
        late,
    }
}

/// Lines for the samples of the round's page.
pub(crate) fn sample(l: &Locale) -> Vec<NextLine> {
    let today = crate::sample::now().day();
    let owed = |(text, late), until| Owed {
        text,
        late,
        count: 12,
        until,
    };
    vec![
        line(
            l,
            &owed(("next-declare", "todo-late-declare"), today.plus_days(-3)),
            today,
        ),
        line(
            l,
            &owed(("next-verify", "todo-late-verify"), today.plus_days(3)),
            today,
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_of_each_step_is_what_the_next_one_lacks() {
        let day = |day| Day::new(2026, 10, day).unwrap();
        let terms = Terms {
            declare_until: day(16),
            verify_until: day(23),
            review_until: day(30),
        };
        let some = Progress {
            total: 48,
            declared: 33,
            verified: 21,
            reviewed: 9,
        };
        let counts = |progress: &Progress| -> Vec<(&str, i64)> {
            let owed = owed(progress, terms);
            owed.iter().map(|owed| (owed.text, owed.count)).collect()
        };
        let all = [
            ("next-declare", 15),
            ("next-verify", 12),
            ("next-review", 12),
        ];
        assert_eq!(counts(&some), all);
        let declared = Progress {
            declared: 48,
            ..some
        };
        assert_eq!(
            counts(&declared),
            [("next-verify", 27), ("next-review", 12)]
        );
        let whole = Progress {
            declared: 48,
            verified: 48,
            reviewed: 48,
            ..some
        };
        assert!(counts(&whole).is_empty());
    }
}
