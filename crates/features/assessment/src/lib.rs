//! Rounds: declaration, verification, review, public posting, final rank.
//!
//! A round copies its scheme, its subjects, their tree and their names when it opens. Values are
//! rows of an append-only table, side by side: what the record held, what the village declared,
//! the town verified, the county reviewed. Every step is a row of
//! [`transition::SECTION_TRANSITIONS`] or [`transition::ROUND_TRANSITIONS`].
//!
//! One file is one use case: `publish_scheme`, `open_round`, `extend_round`, `declare`, `verify`,
//! `return_section`, `withdraw`, `review`, `send_back`, `compute`, `post`, `correct_round`, `finalise`,
//! `lodge_appeal`, `decide_appeal`, `withdraw_appeal`; and of bonus and penalty events
//! `declare_event`, `verify_event`, `withdraw_event`, `contest_event`, `decide_event`.

mod advance;
pub mod answer;
pub mod appeal;
mod appeal_list;
mod appeal_page;
pub mod blockers;
mod board;
mod board_page;
pub mod brought;
pub mod calculation;
pub mod cell;
mod changes_page;
mod compare_page;
pub mod compute;
pub mod contest_event;
mod correct_page;
pub mod correct_round;
pub mod correction;
pub mod decide_appeal;
pub mod decide_event;
pub mod decision;
pub mod declare;
pub mod declare_event;
mod done;
pub mod draft;
pub mod draw_sample;
pub mod estimate;
pub mod event;
pub mod event_count;
mod event_form;
mod event_list;
mod event_page;
mod event_view;
pub mod evidence;
mod explanation;
pub mod extend_round;
mod feature;
pub mod finalise;
pub mod layout;
mod lift_page;
pub mod lodge_appeal;
mod lodge_page;
mod measure_titles;
mod notice_page;
mod open_page;
pub mod open_round;
pub mod packed;
mod pages;
mod panels;
mod past;
pub mod post;
mod posting;
mod publish_page;
pub mod publish_scheme;
mod ranking;
mod ranking_export;
pub mod reading;
pub mod recount;
pub mod result;
pub mod return_section;
pub mod review;
pub mod round;
mod round_act;
mod round_export;
mod round_list;
mod round_next;
mod round_page;
mod sample;
mod sample_page;
pub mod schema;
pub mod scheme;
mod scheme_page;
mod scope;
mod score_sheet;
pub mod section;
mod section_page;
pub mod send_back;
mod sight;
pub mod situation;
pub mod transition;
pub mod value;
pub mod verify;
pub mod verify_event;
mod view;
pub mod withdraw;
pub mod withdraw_appeal;
pub mod withdraw_event;

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
