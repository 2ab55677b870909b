//! The tables of the command door: idempotency, the journal, jobs, denials.

use store::{Class, Migration, Schema, Table};

store::record! {
    /// Leaves of the journal as they were committed, without order.
    pub(crate) JOURNAL_LEAF = journal_leaf(tenant, command, at, body) key(tenant, command);
    /// The order that the sealer gave to committed leaves: `number` counts from 0 in each tenant.
    pub(crate) JOURNAL_SEALED = journal_sealed(tenant, number, command, leaf_hash) key(tenant, number);
    /// Signed checkpoints; `command` is the id of the sealing.
    pub(crate) JOURNAL_CHECKPOINT = journal_checkpoint(tenant, size, command, at, note) key(tenant, size);
    /// Governed areas established.
    pub(crate) TENANT_EVENT = tenant_event(tenant, version, command, kind, name, at) key(tenant, version);
    /// Refused attempts that people with the right may see.
    pub DENIAL = denial(tenant, command, at, person, name, action, reason, place) key(tenant, command);
}

const TABLES: &[Table] = &[
    Table {
        name: "tenant",
        class: Class::Catalogue,
        note: "governed areas of this database",
    },
    Table {
        name: "tenant_event",
        class: Class::Record,
        note: "governed areas established",
    },
    Table {
        name: "journal_leaf",
        class: Class::Record,
        note: "leaves as committed",
    },
    Table {
        name: "journal_sealed",
        class: Class::Record,
        note: "the order that the sealer gave",
    },
    Table {
        name: "journal_checkpoint",
        class: Class::Record,
        note: "signed checkpoints",
    },
    Table {
        name: "denial",
        class: Class::Record,
        note: "refused attempts",
    },
    Table {
        name: "journal_frontier",
        class: Class::Derived,
        note: "edge of the tree, from journal_sealed",
    },
    Table {
        name: "journal_pending",
        class: Class::Working,
        note: "leaves that wait for the sealer",
    },
    Table {
        name: "journal_seed",
        class: Class::Working,
        note: "secrets of the commitments; erasing one erases provability",
    },
    Table {
        name: "command_done",
        class: Class::Working,
        note: "answers already given, by command id",
    },
    Table {
        name: "upload",
        class: Class::Working,
        note: "who brought which stored file, and what it is by its bytes",
    },
    Table {
        name: "upload_part",
        class: Class::Working,
        note: "uploads under way, and how far each has come",
    },
    Table {
        name: "dispute_event",
        class: Class::Record,
        note: "what was said in disputes",
    },
    Table {
        name: "dispute_current",
        class: Class::Derived,
        note: "disputes, from dispute_event",
    },
    Table {
        name: "job",
        class: Class::Working,
        note: "work to do after a commit",
    },
];

const MIGRATIONS: &[Migration] = &[Migration {
    version: 1,
    sql: &[
        "CREATE TABLE tenant (tenant {int} NOT NULL, name {text} NOT NULL, \
         created_at {int} NOT NULL, PRIMARY KEY (tenant)) {table_end}",
        "CREATE TABLE tenant_event (tenant {int} NOT NULL, version {int} NOT NULL, \
         command {blob} NOT NULL, kind {text} NOT NULL, name {text} NOT NULL, at {int} NOT NULL, \
         PRIMARY KEY (tenant, version)) {table_end}",
        "CREATE TABLE journal_leaf (tenant {int} NOT NULL, command {blob} NOT NULL, \
         at {int} NOT NULL, body {blob} NOT NULL, PRIMARY KEY (tenant, command)) {table_end}",
        "CREATE INDEX journal_leaf_at ON journal_leaf (tenant, at)",
        "CREATE TABLE journal_pending (tenant {int} NOT NULL, command {blob} NOT NULL, \
         PRIMARY KEY (tenant, command)) {table_end}",
        "CREATE TABLE journal_seed (tenant {int} NOT NULL, command {blob} NOT NULL, \
         seed {blob} NOT NULL, PRIMARY KEY (tenant, command)) {table_end}",
        "CREATE TABLE journal_sealed (tenant {int} NOT NULL, number {int} NOT NULL, \
         command {blob} NOT NULL, leaf_hash {blob} NOT NULL, \
         PRIMARY KEY (tenant, number), UNIQUE (tenant, command)) {table_end}",
        "CREATE TABLE journal_frontier (tenant {int} NOT NULL, size {int} NOT NULL, \
         nodes {blob} NOT NULL, PRIMARY KEY (tenant)) {table_end}",
        "CREATE TABLE journal_checkpoint (tenant {int} NOT NULL, size {int} NOT NULL, \
         command {blob} NOT NULL, at {int} NOT NULL, note {text} NOT NULL, \
         PRIMARY KEY (tenant, size)) {table_end}",
        "CREATE TABLE denial (tenant {int} NOT NULL, command {blob} NOT NULL, at {int} NOT NULL, \
         person {blob}, name {text} NOT NULL, action {text} NOT NULL, reason {text} NOT NULL, \
         place {blob}, PRIMARY KEY (tenant, command)) {table_end}",
        "CREATE INDEX denial_at ON denial (tenant, at)",
        "CREATE TABLE command_done (tenant {int} NOT NULL, command {blob} NOT NULL, \
         at {int} NOT NULL, actor {blob} NOT NULL, body_hash {blob} NOT NULL, \
         answer {text} NOT NULL, PRIMARY KEY (tenant, command)) {table_end}",
        "CREATE TABLE upload (tenant {int} NOT NULL, content {blob} NOT NULL, \
         account {blob} NOT NULL, at {int} NOT NULL, size_bytes {int} NOT NULL, \
         media_type {text} NOT NULL, PRIMARY KEY (tenant, content, account)) {table_end}",
        "CREATE TABLE upload_part (tenant {int} NOT NULL, upload {blob} NOT NULL, \
         account {blob} NOT NULL, at {int} NOT NULL, name {text} NOT NULL, \
         size_bytes {int} NOT NULL, offset_bytes {int} NOT NULL, content {blob}, \
         media_type {text}, PRIMARY KEY (tenant, upload)) {table_end}",
        "CREATE INDEX upload_part_of_account ON upload_part (tenant, account, at)",
        "CREATE INDEX upload_of_account ON upload (tenant, account, at)",
        "CREATE TABLE job (tenant {int} NOT NULL, job {blob} NOT NULL, due {int} NOT NULL, \
         kind {text} NOT NULL, body {text} NOT NULL, tries {int} NOT NULL, \
         failure {text}, PRIMARY KEY (tenant, job)) {table_end}",
        "CREATE INDEX job_due ON job (tenant, due, job)",
        "CREATE TABLE dispute_event (tenant {int} NOT NULL, dispute {blob} NOT NULL, \
         step {int} NOT NULL, command {blob} NOT NULL, kind {text} NOT NULL, \
         measure {text} NOT NULL, subject {blob} NOT NULL, period {text} NOT NULL, claim {text}, \
         reason {text} NOT NULL, evidence {blob}, person {blob} NOT NULL, at {int} NOT NULL, \
         PRIMARY KEY (tenant, dispute, step)) {table_end}",
        "CREATE TABLE dispute_current (tenant {int} NOT NULL, dispute {blob} NOT NULL, \
         state {text} NOT NULL, measure {text} NOT NULL, subject {blob} NOT NULL, \
         period {text} NOT NULL, claim {text}, reason {text} NOT NULL, evidence {blob}, \
         filed_by {blob} NOT NULL, filed_at {int} NOT NULL, answered_by {blob}, \
         answered_at {int}, answer {text}, PRIMARY KEY (tenant, dispute)) {table_end}",
        "CREATE INDEX dispute_of_subject ON dispute_current (tenant, subject, measure, period)",
    ],
}];

/// The door's own tables.
pub const SCHEMA: Schema = Schema {
    component: "app",
    tables: TABLES,
    records: &[
        &TENANT_EVENT,
        &JOURNAL_LEAF,
        &JOURNAL_SEALED,
        &JOURNAL_CHECKPOINT,
        &DENIAL,
        &crate::dispute::DISPUTE_EVENT,
    ],
    migrations: MIGRATIONS,
};
