//! The pages of the assessment, for the executable to join.

use web::{FeatureWeb, Route};

use crate::{
    appeal::appeal_list, appeal::appeal_page, appeal::lodge_page, correction::changes_page,
    correction::correct_page, event::event_form, event::event_list, event::event_page,
    result::compare_page, result::dashboard_page, result::explanation, result::lift_page,
    result::posting, result::ranking, result::ranking_export, result::score_notice,
    result::score_sheet, round::open_page, round::round_act, round::round_export,
    round::round_list, round::round_page, round::sample_page, scheme::publish_page,
    scheme::scheme_page, section::accept_page, section::accept_sheet, section::declare,
    section::draft, section::evidence, section::return_section, section::review,
    section::section_page, section::send_back, section::standing, section::verify,
    section::withdraw,
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
            standing::route(),
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
            score_notice::route(),
            round_export::route(),
            posting::route(),
            appeal_list::route(),
            changes_page::route(),
        ],
        appeal_page::routes(),
        accept_page::routes(),
        accept_sheet::routes(),
        dashboard_page::routes(),
        correct_page::routes(),
        section_page::check::routes(),
        event_form::routes(),
        event_list::routes(),
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
