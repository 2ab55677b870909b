//! The governed areas of one database.

use access::Action;
use kernel::{CommandId, Finding, Id, Tenant};
use serde::{Deserialize, Serialize};
use store::{Connection, StoreError, values};
use utoipa::ToSchema;

use crate::{App, Caller, Command, Door, Envelope, Refusal, Via, schema::TENANT_EVENT};

store::statements! {
    SELECT_TENANTS = "SELECT tenant FROM tenant ORDER BY tenant";
    SELECT_NAME = "SELECT name FROM tenant WHERE tenant = $1";
    INSERT_TENANT = "INSERT INTO tenant (tenant, name, created_at) VALUES ($1, $2, $3)";
}

/// The tenants of this database.
pub fn tenants(connection: &mut dyn Connection) -> Result<Vec<Tenant>, StoreError> {
    connection.all(&SELECT_TENANTS, &[], |row| Ok(Tenant(row.int(0)?)))
}

/// The name of the governed area; `None` for an unknown tenant.
pub fn name(connection: &mut dyn Connection, tenant: Tenant) -> Result<Option<String>, StoreError> {
    connection.optional(&SELECT_NAME, &values![tenant], |row| {
        Ok(row.text(0)?.to_owned())
    })
}

/// Which program establishes governed areas.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Establisher {
    /// `xingcun setup`.
    Setup,
    /// `xingcun demo`.
    Demo,
    /// A test.
    Test,
}

impl Establisher {
    /// The rule on whose authority it is done.
    const fn rule(self) -> &'static str {
        match self {
            Establisher::Setup => "setup",
            Establisher::Demo => "demo",
            Establisher::Test => "test",
        }
    }
}

/// Establishes a governed area with its vault: the first command of its journal. Only a rule of
/// the product can send it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EstablishTenant {
    /// Name of the governed area; may be empty.
    pub name: String,
    /// By which program.
    pub by: Establisher,
}

/// The area that was established.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Established {
    /// The tenant.
    #[schema(value_type = i64)]
    pub tenant: Tenant,
}

impl Command for EstablishTenant {
    const NAME: &'static str = "tenant.establish";
    const ACTION: Action = Action::SystemOperate;
    const CLEAR: &'static [&'static str] = &["by"];
    type Answer = Established;

    fn run(&self, door: &mut Door<'_>) -> Result<Established, Refusal> {
        if door.person().is_some() {
            return Err(Finding::error("tenant-by-rule-only").into());
        }
        let (tenant, now, command) = (door.tenant(), door.now(), door.command());
        if name(door.connection(), tenant)?.is_some() {
            return Err(Finding::error("tenant-established-already").into());
        }
        let random = door.draw();
        let row = values![tenant, &self.name, now];
        door.connection().execute(&INSERT_TENANT, &row)?;
        vault::Vault::new(door.app().keys().vault())
            .set_up_tenant(door.connection(), tenant, &random)
            .map_err(|error| Refusal::bug(&error.to_string()))?;
        let row = values![tenant, 1, command, "established", &self.name, now];
        door.append(&TENANT_EVENT, &row)?;
        Ok(Established { tenant })
    }
}

impl App {
    /// Establishes the first tenant of a fresh database, through the door, and seals the leaf that
    /// says so before any other can be written: it is the first of the journal. Refused where a
    /// tenant is there. `by` names the program.
    pub fn make_first_tenant(&self, name: &str, by: Establisher) -> Result<Tenant, Refusal> {
        let tenant = Tenant(1);
        let mut random = [0; 10];
        random.copy_from_slice(&self.entropy().draw()[..10]);
        let command = EstablishTenant {
            name: name.to_owned(),
            by,
        };
        let id = CommandId(Id::new(self.clock().now().0, random));
        let envelope = Envelope::of(id, &command);
        self.execute_wait(tenant, Caller::Rule(by.rule()), Via::Job, envelope)?;
        self.seal(true)?;
        Ok(tenant)
    }
}
