//! Rounds: declaration, verification, review, public posting, final rank.
//!
//! A round copies its scheme, its subjects, their tree and their names when it opens. Values are
//! rows of an append-only table, side by side: what the record held, what the village declared,
//! the town verified, the county reviewed. Every step is a row of
//! [`transition::SECTION_TRANSITIONS`] or [`transition::ROUND_TRANSITIONS`].
//!
//! One file is one use case, and a folder is a thing they act upon: `scheme` (published), `round`
//! (opened, extended, sampled), `section` (declared, verified, reviewed, returned), `result`
//! (computed, posted, final, and every view of it), `correction`, `appeal`, `event` (bonus and
//! penalty).

pub mod appeal;
pub mod correction;
pub mod event;
mod feature;
mod pages;
mod panels;
pub mod result;
pub mod round;
mod sample;
pub mod schema;
pub mod scheme;
mod scope;
pub mod section;
pub mod transition;
mod view;

pub use feature::feature;
pub use pages::web;

kernel::id_types! {
    /// A scheme, over all its versions.
    SchemeId
    /// A round: one scheme, one period, one place.
    RoundId
    /// An appeal of a village against a posted result.
    AppealId
    /// A bonus or penalty event of a village.
    EventId
}

store::id_values! { SchemeId RoundId AppealId EventId }
