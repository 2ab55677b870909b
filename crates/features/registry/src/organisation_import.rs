//! Organisations from a workbook or CSV file.

use std::collections::BTreeSet;

use access::Action;
use app::{App, Command, Door, Gathered, Refusal};
use directory::{
    import::{PlaceIndex, organisations},
    organisation, place,
    sheet::Sheet,
};
use kernel::{Finding, OrganisationId, PlaceId, Tenant};
use serde::{Deserialize, Serialize};
use store::Connection;
use utoipa::ToSchema;

use crate::imported_table;

/// Brings in organisations: new ones are added, changed ones get a new version, those that the
/// file does not name stay as they are.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ImportOrganisations {
    /// SHA-256 of the uploaded file, 64 hexadecimal digits.
    pub file: String,
}

/// What an import of organisations did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OrganisationsImported {
    /// New organisations.
    pub added: u64,
    /// Organisations with a new version.
    pub changed: u64,
    /// Rows that say what is already recorded.
    pub unchanged: u64,
    /// What is only worth knowing, as findings.
    #[schema(value_type = Vec<Object>)]
    pub findings: Vec<Finding>,
}

impl Command for ImportOrganisations {
    const NAME: &'static str = "organisation.import";
    const ACTION: Action = Action::RegistryImport;
    const CLEAR: &'static [&'static str] = &["file"];
    const READS_FILES: bool = true;
    type Answer = OrganisationsImported;

    fn files(&self) -> Vec<&str> {
        vec![&self.file]
    }

    fn gather(&self, app: &App) -> Result<Gathered, Refusal> {
        Ok(Gathered::some(imported_table::read(app, &self.file)?))
    }

    fn run(&self, door: &mut Door<'_>) -> Result<OrganisationsImported, Refusal> {
        let sheet: &Sheet = door.gathered();
        let (tenant, today) = (door.tenant(), door.today());
        let (index, existing) = known(door.connection(), tenant, today)?;
        let plan = organisations::read(sheet, &index, &existing, today, &mut || {
            OrganisationId(door.next_id())
        })?;
        let places: BTreeSet<PlaceId> = plan.drafts.iter().map(|draft| draft.place).collect();
        for place in places {
            door.decide_at(Action::RegistryImport, place, &[])?;
        }
        if plan.drafts.is_empty() {
            door.decide_tenant(Action::RegistryImport)?;
        }
        for draft in &plan.drafts {
            organisation::write(door, draft)?;
        }
        Ok(OrganisationsImported {
            added: plan.added as u64,
            changed: (plan.drafts.len() - plan.added) as u64,
            unchanged: plan.unchanged as u64,
            findings: plan.findings,
        })
    }
}

type Known = (PlaceIndex, Vec<organisation::Organisation>);

fn known(
    connection: &mut dyn Connection,
    tenant: Tenant,
    today: kernel::Day,
) -> Result<Known, store::StoreError> {
    let places = place::tree_on(connection, tenant, today)?;
    let existing = organisation::all(connection, tenant)?;
    Ok((PlaceIndex::new(&places), existing))
}

/// Everything that an import of this table would find wrong now.
pub(crate) fn findings(
    connection: &mut dyn Connection,
    tenant: Tenant,
    today: kernel::Day,
    sheet: &Sheet,
) -> Result<Vec<Finding>, store::StoreError> {
    let (index, existing) = known(connection, tenant, today)?;
    let read = organisations::read(
        sheet,
        &index,
        &existing,
        today,
        &mut OrganisationId::default,
    );
    Ok(read.map_or_else(|findings| findings, |plan| plan.findings))
}
