//! The governed areas of one database.

use kernel::Tenant;
use store::{Connection, StoreError, values};

use crate::{App, Refusal};

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

impl App {
    /// Makes the first tenant of a fresh database, with its vault. Refused where one is there.
    pub fn make_first_tenant(&self, name: &str) -> Result<Tenant, Refusal> {
        let tenant = Tenant(1);
        let (name, now) = (name.to_owned(), self.clock().now());
        let random = self.entropy().draw();
        let vault = vault::Vault::new(self.keys().vault());
        let made = self
            .store()
            .write(move |connection| -> Result<(), Refusal> {
                connection.execute(&INSERT_TENANT, &values![tenant, &name, now])?;
                vault
                    .set_up_tenant(connection, tenant, &random)
                    .map_err(|error| Refusal::bug(&error.to_string()))?;
                Ok(())
            });
        made.wait()?;
        Ok(tenant)
    }
}
