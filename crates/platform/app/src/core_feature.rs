//! The feature that the house itself brings: disputes, the journal's jobs, the first measures.

use access::Action;
use directory::figure;
use kernel::Tenant;
use serde_json::Value as Json;
use store::{Connection, Rebuild, StoreError};

use crate::{
    App, CommandSpec, Effect, Feature, JobSpec, MeasureProvider, MeasureQuestion, MeasureValue,
    Measured, NewJob, Panel, PanelSlot, Ref, Refusal, dispute, execute, journal_read, leaf, purge,
    recovery_code, restored, schema, sealer, sweep, tenant, upload, upload_part, worker,
};

/// Tables of store, directory, vault and access that no feature owns, and the house's own.
pub fn core_feature() -> Feature {
    Feature {
        name: "app",
        schemas: vec![
            vault::SCHEMA,
            directory::SCHEMA,
            access::SCHEMA,
            schema::SCHEMA,
        ],
        statements: [
            vec![
                dispute::STATEMENTS,
                execute::STATEMENTS,
                upload::STATEMENTS,
                upload_part::STATEMENTS,
                journal_read::STATEMENTS,
                leaf::STATEMENTS,
                purge::STATEMENTS,
                sealer::STATEMENTS,
                tenant::STATEMENTS,
                worker::STATEMENTS,
            ],
            vault::STATEMENTS.to_vec(),
            directory::STATEMENTS.to_vec(),
            access::STATEMENTS.to_vec(),
        ]
        .concat(),
        files: vec![&dispute::NAMES_FILE],
        commands: vec![
            CommandSpec::of::<tenant::EstablishTenant>(),
            CommandSpec::of::<restored::BackupRestored>(),
            CommandSpec::of::<dispute::FileDispute>(),
            CommandSpec::of::<dispute::AnswerDispute>(),
            CommandSpec::of::<recovery_code::UseRecoveryCode>(),
        ],
        measures: vec![MeasureProvider {
            prefix: "figure",
            definition: "measure-figure",
            owner: Action::FigureAnswer,
            read: figures,
        }],
        panels: vec![Panel {
            slot: PanelSlot::ToDo,
            title: "todo-disputes",
            items: dispute::to_do,
        }],
        guards: vec![dispute::GUARD],
        effects: vec![Effect {
            name: "journal.checkpoint",
            run: enqueue_checkpoint,
        }],
        jobs: vec![
            JobSpec {
                kind: "journal.checkpoint",
                run: checkpoint,
            },
            JobSpec {
                kind: purge::KIND,
                run: purge::run,
            },
            JobSpec {
                kind: sweep::KIND,
                run: sweep::run,
            },
        ],
        daily: vec![purge::KIND, sweep::KIND],
        rebuilds: [
            directory::REBUILDS.to_vec(),
            access::REBUILDS.to_vec(),
            vec![
                Rebuild {
                    tables: &["journal_frontier"],
                    run: sealer::rebuild_frontier,
                },
                Rebuild {
                    tables: &["dispute_current"],
                    run: dispute::rebuild,
                },
            ],
        ]
        .concat(),
        ..Feature::default()
    }
}

/// A publication asks for a checkpoint that covers it, soon after its commit.
#[expect(
    clippy::unnecessary_wraps,
    reason = "an effect may refuse; this one never does"
)]
fn enqueue_checkpoint(door: &mut crate::Door<'_>, _: &Json) -> Result<(), Refusal> {
    let due = door.now();
    door.enqueue(NewJob {
        kind: "journal.checkpoint",
        body: Json::Null,
        due,
    });
    Ok(())
}

fn checkpoint(app: &App, _: Tenant, _: kernel::Id, _: &Json) -> Result<(), Refusal> {
    app.seal(true).map(|_| ())
}

/// The directory's figures as measures.
fn figures(
    connection: &mut dyn Connection,
    question: &MeasureQuestion<'_>,
) -> Result<Vec<Measured>, StoreError> {
    let found = figure::read_many(
        connection,
        question.tenant,
        question.measure,
        question.subjects,
        question.period,
        question.as_of,
    )?;
    let measured = |figure: figure::Figure| Measured {
        value: match figure.draft.value {
            figure::FigureValue::Value(value) => MeasureValue::Value(value),
            figure::FigureValue::Missing(reason) => MeasureValue::Missing(reason),
        },
        parts: None,
        unit: figure.draft.unit,
        provisional: false,
        source: figure.draft.source,
        recorded_at: Some(figure.recorded_at),
        reference: Some(Ref::new("figure", figure.draft.figure)),
        digest: Some(figure.digest),
    };
    let missing = || Measured::missing("no-figure");
    Ok(found
        .into_iter()
        .map(|figure| figure.map_or_else(missing, measured))
        .collect())
}
