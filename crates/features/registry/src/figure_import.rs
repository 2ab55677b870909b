//! Figures from a workbook or CSV file.

use std::collections::{BTreeMap, BTreeSet};

use access::Action;
use app::{App, Command, Door, Event, Gathered, MEASURE_CHANGED, Refusal};
use directory::{
    FigureId, figure,
    import::{ItemIndex, KnownItem, PlaceIndex, figures},
    place,
    sheet::Sheet,
};
use kernel::{Day, Finding, PlaceId, Tenant};
use serde::{Deserialize, Serialize};
use store::{Connection, StoreError};
use utoipa::ToSchema;

use crate::imported_table;

/// Longest name of a source, in characters.
const SOURCE_MAX: usize = 200;

/// Records figures; each takes the place of the present one of its item, period and place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ImportFigures {
    /// SHA-256 of the uploaded file, 64 hexadecimal digits.
    pub file: String,
    /// Where the figures come from, in the owner's words; for rows that do not say.
    pub source: String,
}

/// What an import of figures did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FiguresImported {
    /// Figures recorded.
    pub recorded: u64,
    /// What is only worth knowing, as findings.
    #[schema(value_type = Vec<Object>)]
    pub findings: Vec<Finding>,
}

impl Command for ImportFigures {
    const NAME: &'static str = "figure.import";
    const ACTION: Action = Action::FigureImport;
    const CLEAR: &'static [&'static str] = &["file"];
    const READS_FILES: bool = true;
    type Answer = FiguresImported;

    fn files(&self) -> Vec<&str> {
        vec![&self.file]
    }

    fn gather(&self, app: &App) -> Result<Gathered, Refusal> {
        Ok(Gathered::some(imported_table::read(app, &self.file)?))
    }

    fn run(&self, door: &mut Door<'_>) -> Result<FiguresImported, Refusal> {
        let sheet: &Sheet = door.gathered();
        let source = self.source.trim();
        let length = source.chars().count();
        if length > SOURCE_MAX {
            let finding = Finding::error("too-long").field("source");
            return Err(finding.arg("found", length).arg("most", SOURCE_MAX).into());
        }
        let (tenant, today) = (door.tenant(), door.today());
        let places = place::tree_on(door.connection(), tenant, today)?;
        let index = PlaceIndex::new(&places);
        let app = door.app().clone();
        let items = items(&app, door.connection(), tenant)?;
        let list = figures::read(sheet, &index, &items, source, &mut || {
            FigureId(door.next_id())
        })?;
        let subjects: BTreeSet<PlaceId> = list.drafts.iter().map(|draft| draft.subject).collect();
        for subject in subjects {
            door.decide_at(Action::FigureImport, subject, &[])?;
        }
        if list.drafts.is_empty() {
            door.decide_tenant(Action::FigureImport)?;
        }
        figure::write(door, &list.drafts)?;
        let mut changed: BTreeMap<(String, String), Vec<PlaceId>> = BTreeMap::new();
        for draft in &list.drafts {
            let key = (format!("figure.{}", draft.item), draft.period.to_string());
            changed.entry(key).or_default().push(draft.subject);
        }
        for ((measure, period), subjects) in changed {
            let body = serde_json::json!({
                "measure": measure, "period": period, "subjects": subjects,
            });
            door.emit(Event::new(MEASURE_CHANGED, body));
        }
        Ok(FiguresImported {
            recorded: list.drafts.len() as u64,
            findings: list.findings,
        })
    }
}

/// The items of which figures can be brought in: those that are declared, by a published scheme or
/// by a pack of the installation.
fn items(
    app: &App,
    connection: &mut dyn Connection,
    tenant: Tenant,
) -> Result<ItemIndex, StoreError> {
    let declared = app.declared_measures(connection, tenant)?.into_values();
    let items = declared.filter_map(|declared| {
        let code = declared.measure.strip_prefix("figure.")?.to_owned();
        let item = KnownItem {
            names: vec![declared.chinese, declared.english],
            unit: declared.unit,
            scale: declared.scale,
            minimum: declared.minimum,
            maximum: declared.maximum,
        };
        Some((code, item))
    });
    Ok(ItemIndex::new(items))
}

/// Everything that an import of this table would find wrong now.
pub(crate) fn findings(
    app: &App,
    connection: &mut dyn Connection,
    tenant: Tenant,
    today: Day,
    sheet: &Sheet,
) -> Result<Vec<Finding>, StoreError> {
    let places = place::tree_on(connection, tenant, today)?;
    let read = figures::read(
        sheet,
        &PlaceIndex::new(&places),
        &items(app, connection, tenant)?,
        "-",
        &mut FigureId::default,
    );
    Ok(read.map_or_else(|findings| findings, |list| list.findings))
}
