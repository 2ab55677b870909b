//! The pages of the assessment, for the executable to join.

use web::{FeatureWeb, Route};

use crate::{
    declare, draft, evidence, explanation, open_page, posting, publish_page, ranking,
    return_section, review, round_act, round_list, round_page, scheme_page, score_sheet,
    section_page, send_back, verify, withdraw,
};

/// Pages and texts.
pub fn web() -> FeatureWeb {
    FeatureWeb {
        name: "assessment",
        locales: web::locale_files!("rounds", "results"),
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
            posting::route(),
        ],
        open_page::routes(),
        round_act::routes(),
        scheme_page::routes(),
        publish_page::routes(),
    ]
    .concat()
}
