//! The pages of the assessment, for the executable to join.

use web::{FeatureWeb, Route};

use crate::{
    appeal_list, appeal_page, board_page, changes_page, compare_page, correct_page, declare, draft,
    event_form, event_list, event_page, evidence, explanation, lift_page, lodge_page, notice_page,
    open_page, posting, publish_page, ranking, ranking_export, return_section, review, round_act,
    round_export, round_list, round_page, sample_page, scheme_page, score_sheet, section_page,
    send_back, verify, withdraw,
};

/// Pages and texts.
pub fn web() -> FeatureWeb {
    FeatureWeb {
        name: "assessment",
        locales: web::locale_files!("rounds", "results", "appeals", "events"),
        routes: routes(),
    }
}

fn routes() -> Vec<Route> {
    [
        vec![
            round_list::route(),
            round_page::route(),
            section_page::route(),
            declare::route(),
            draft::route(),
            verify::route(),
            return_section::route(),
            withdraw::route(),
            review::route(),
            send_back::route(),
            evidence::route(),
            score_sheet::route(),
            ranking::route(),
            explanation::route(),
            lift_page::route(),
            compare_page::route(),
            notice_page::route(),
            round_export::route(),
            posting::route(),
            appeal_list::route(),
            event_list::route(),
            changes_page::route(),
        ],
        appeal_page::routes(),
        board_page::routes(),
        correct_page::routes(),
        event_form::routes(),
        event_page::routes(),
        lodge_page::routes(),
        open_page::routes(),
        round_act::routes(),
        sample_page::routes(),
        scheme_page::routes(),
        publish_page::routes(),
        ranking_export::routes().to_vec(),
    ]
    .concat()
}
