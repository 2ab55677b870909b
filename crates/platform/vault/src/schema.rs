//! The vault's tables. All are of class working, because each must be destroyable: a record row
//! never goes away, and a person's key, and what it sealed, must be able to.

use store::{Class, Migration, Schema, Statement, Table};

/// The tables.
pub const SCHEMA: Schema = Schema {
    component: "vault",
    tables: &[
        Table {
            name: "vault_tenant_key",
            class: Class::Working,
            note: "one key per tenant, sealed by the root key; credentials, never in the journal",
        },
        Table {
            name: "vault_person_key",
            class: Class::Working,
            note: "one key per person, sealed by the tenant's; destroyed by erasure",
        },
        Table {
            name: "vault_value",
            class: Class::Working,
            note: "present sealed values of persons; removed by erasure",
        },
    ],
    records: &[],
    migrations: &[Migration {
        version: 1,
        sql: &[
            "CREATE TABLE vault_tenant_key (tenant {int} NOT NULL, sealed {blob} NOT NULL, \
             PRIMARY KEY (tenant)) {table_end}",
            "CREATE TABLE vault_person_key (tenant {int} NOT NULL, person {blob} NOT NULL, \
             sealed {blob}, erased_at {int}, PRIMARY KEY (tenant, person)) {table_end}",
            "CREATE TABLE vault_value (tenant {int} NOT NULL, person {blob} NOT NULL, \
             kind {text} NOT NULL, equality {blob}, sealed {blob} NOT NULL, \
             PRIMARY KEY (tenant, person, kind)) {table_end}",
            "CREATE INDEX vault_value_equality ON vault_value (tenant, kind, equality)",
        ],
    }],
};

/// Every statement of the vault.
pub const STATEMENTS: &[&[&Statement]] = &[crate::keys::STATEMENTS, crate::values::STATEMENTS];
