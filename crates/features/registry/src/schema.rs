//! The tables of this feature.

use store::{Class, Migration, Schema, Table};

use crate::person_reveal::PERSON_REVEAL;

/// The tables of this feature.
pub(crate) const SCHEMA: Schema = Schema {
    component: "registry",
    tables: &[Table {
        name: "person_reveal",
        class: Class::Record,
        note: "who looked at which sealed value of whom, and why",
    }],
    records: &[&PERSON_REVEAL],
    migrations: &[Migration {
        version: 1,
        sql: &[
            "CREATE TABLE person_reveal (tenant {int} NOT NULL, reveal {blob} NOT NULL, \
             command {blob} NOT NULL, person {blob} NOT NULL, field {text} NOT NULL, \
             purpose {text} NOT NULL, viewer {blob} NOT NULL, role {text} NOT NULL, \
             at {int} NOT NULL, PRIMARY KEY (tenant, reveal)) {table_end}",
            "CREATE INDEX person_reveal_person ON person_reveal (tenant, person, at)",
            "CREATE INDEX person_reveal_viewer ON person_reveal (tenant, viewer, at)",
        ],
    }],
};
