//! What the assessment brings to the house, as data.

use access::Action;
use app::{CommandSpec, Feature, RefSpec, RefView};
use kernel::{Id, Tenant};
use store::{Connection, Rebuild, StoreError};

use crate::schema::SCHEMA;
use crate::{
    AppealId, EventId, RoundId, SchemeId, appeal, appeal::appeal_list, appeal::decide_appeal,
    appeal::lodge_appeal, appeal::withdraw_appeal, correction, correction::correct_round, event,
    event::contest_event, event::decide_event, event::declare_event, event::event_count,
    event::event_list, event::verify_event, event::withdraw_event, panels, result,
    result::calculation, result::compute, result::finalise, result::post, result::recount, round,
    round::advance, round::draw_sample, round::extend_round, round::open_round, round::round_list,
    round::round_page, round::standing_places, scheme, scheme::declared_measures,
    scheme::publish_scheme, scheme::scheme_page, scope, section, section::accept,
    section::accept_board, section::brought, section::cell, section::declare, section::draft,
    section::estimate, section::evidence, section::return_section, section::review,
    section::send_back, section::verify, section::withdraw,
};

/// The feature.
pub fn feature() -> Feature {
    Feature {
        name: "assessment",
        schemas: vec![SCHEMA],
        statements: vec![
            accept_board::STATEMENTS,
            advance::STATEMENTS,
            appeal::STATEMENTS,
            brought::STATEMENTS,
            calculation::STATEMENTS,
            cell::STATEMENTS,
            correction::STATEMENTS,
            draft::STATEMENTS,
            draw_sample::STATEMENTS,
            estimate::STATEMENTS,
            event::STATEMENTS,
            event_count::STATEMENTS,
            event_list::STATEMENTS,
            evidence::STATEMENTS,
            open_round::STATEMENTS,
            panels::STATEMENTS,
            recount::STATEMENTS,
            result::STATEMENTS,
            round::STATEMENTS,
            round_list::STATEMENTS,
            round_page::STATEMENTS,
            scheme::STATEMENTS,
            scheme_page::STATEMENTS,
            scope::STATEMENTS,
            section::STATEMENTS,
            standing_places::STATEMENTS,
        ],
        files: vec![
            &appeal::NAMES_FILE,
            &event::NAMES_FILE,
            &evidence::NAMES_FILE,
            &draft::NAMES_FILE,
        ],
        commands: vec![
            CommandSpec::of::<publish_scheme::PublishScheme>(),
            CommandSpec::of::<open_round::OpenRound>(),
            CommandSpec::of::<extend_round::ExtendRound>(),
            CommandSpec::of::<declare::Declare>(),
            CommandSpec::of::<verify::Verify>(),
            CommandSpec::of::<accept::VerifyMany>(),
            CommandSpec::of::<return_section::ReturnSection>(),
            CommandSpec::of::<withdraw::Withdraw>(),
            CommandSpec::of::<review::Review>(),
            CommandSpec::of::<accept::ReviewMany>(),
            CommandSpec::of::<send_back::SendBack>(),
            CommandSpec::of::<draw_sample::DrawSample>(),
            CommandSpec::of::<compute::ComputeRound>(),
            CommandSpec::of::<post::PostRound>(),
            CommandSpec::of::<correct_round::CorrectRound>(),
            CommandSpec::of::<finalise::FinaliseRound>(),
            CommandSpec::of::<lodge_appeal::LodgeAppeal>(),
            CommandSpec::of::<decide_appeal::DecideAppeal>(),
            CommandSpec::of::<withdraw_appeal::WithdrawAppeal>(),
            CommandSpec::of::<declare_event::DeclareEvent>(),
            CommandSpec::of::<declare_event::ProposeEvent>(),
            CommandSpec::of::<verify_event::VerifyEvent>(),
            CommandSpec::of::<withdraw_event::WithdrawEvent>(),
            CommandSpec::of::<contest_event::ContestEvent>(),
            CommandSpec::of::<decide_event::DecideEvent>(),
        ],
        declared_measures: vec![declared_measures::known],
        handlers: vec![brought::HANDLER],
        guards: vec![standing_places::GUARD],
        panels: panels::panels(),
        work: vec![appeal_list::WORK],
        refs: refs(),
        rebuilds: rebuilds(),
        recounts: vec![recount::RECOUNT],
        ..Feature::default()
    }
}

fn refs() -> Vec<RefSpec> {
    vec![
        RefSpec {
            kind: "round",
            sees: Action::RoundRead,
            resolve: resolve_round,
        },
        RefSpec {
            kind: "scheme",
            sees: Action::SchemeRead,
            resolve: resolve_scheme,
        },
        RefSpec {
            kind: "appeal",
            sees: Action::ScoreRead,
            resolve: resolve_appeal,
        },
        RefSpec {
            kind: "event",
            sees: Action::ScoreRead,
            resolve: resolve_event,
        },
    ]
}

/// In this order: the later ones read what the earlier ones filled.
fn rebuilds() -> Vec<Rebuild> {
    vec![
        Rebuild {
            tables: &["round_state"],
            run: advance::rebuild,
        },
        Rebuild {
            tables: &["section_state"],
            run: section::rebuild,
        },
        Rebuild {
            tables: &["appeal_current"],
            run: appeal::rebuild,
        },
        Rebuild {
            tables: &["score_event_current"],
            run: event::rebuild,
        },
        Rebuild {
            tables: &["cell"],
            run: cell::rebuild,
        },
        Rebuild {
            tables: &["provisional_result", "provisional_row"],
            run: calculation::rebuild,
        },
        Rebuild {
            tables: &["estimate"],
            run: estimate::rebuild,
        },
    ]
}

fn resolve_round(
    connection: &mut dyn Connection,
    tenant: Tenant,
    id: Id,
) -> Result<Option<RefView>, StoreError> {
    let Some(round) = round::get(connection, tenant, RoundId(id))? else {
        return Ok(None);
    };
    let published = scheme::version(connection, tenant, round.scheme, round.scheme_version)?;
    let own = round.title.clone();
    let title = own
        .or(published.map(|scheme| scheme.title_zh))
        .unwrap_or_default();
    Ok(Some(RefView {
        title: format!("{} {title}", round.period),
        link: format!("/rounds/{id}"),
        place: Some(round.place),
    }))
}

fn resolve_appeal(
    connection: &mut dyn Connection,
    tenant: Tenant,
    id: Id,
) -> Result<Option<RefView>, StoreError> {
    let Some(found) = appeal::get(connection, tenant, AppealId(id))? else {
        return Ok(None);
    };
    let subjects = round::subjects(connection, tenant, found.round)?;
    let village = subjects
        .into_iter()
        .find(|subject| subject.subject_no == found.subject_no);
    Ok(village.map(|village| RefView {
        title: village.shown_name().to_owned(),
        link: format!("/appeals/{id}"),
        place: Some(village.place),
    }))
}

fn resolve_event(
    connection: &mut dyn Connection,
    tenant: Tenant,
    id: Id,
) -> Result<Option<RefView>, StoreError> {
    let found = event::get(connection, tenant, EventId(id))?;
    Ok(found.map(|event| RefView {
        title: event.title.0,
        link: format!("/events/{id}"),
        place: Some(event.place),
    }))
}

fn resolve_scheme(
    connection: &mut dyn Connection,
    tenant: Tenant,
    id: Id,
) -> Result<Option<RefView>, StoreError> {
    let found = scheme::latest(connection, tenant, SchemeId(id))?;
    Ok(found.map(|scheme| RefView {
        title: scheme.title_zh,
        link: format!("/schemes/{id}"),
        place: Some(scheme.place),
    }))
}
