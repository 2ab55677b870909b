//! The tables of access.

use store::{Class, Migration, Rebuild, Schema, Statement, Table};

use crate::{
    account, credential, grant, half_sign_in, places, second_factor, session, setup_token, sign_in,
    token,
};

/// The tables of access.
pub const SCHEMA: Schema = Schema {
    component: "access",
    tables: TABLES,
    records: &[
        &account::ACCOUNT_EVENT,
        &grant::GRANT_EVENT,
        &token::TOKEN_EVENT,
        &second_factor::FACTOR_EVENT,
    ],
    migrations: MIGRATIONS,
};

/// Every statement of this crate.
pub const STATEMENTS: &[&[&Statement]] = &[
    account::STATEMENTS,
    grant::STATEMENTS,
    session::STATEMENTS,
    credential::STATEMENTS,
    setup_token::STATEMENTS,
    token::STATEMENTS,
    second_factor::STATEMENTS,
    half_sign_in::STATEMENTS,
    sign_in::STATEMENTS,
    places::STATEMENTS,
];

/// How each derived table is built anew from the record.
pub const REBUILDS: &[Rebuild] = &[
    Rebuild {
        tables: &["account_current"],
        run: account::rebuild,
    },
    Rebuild {
        tables: &["grant_current"],
        run: grant::rebuild,
    },
];

const fn table(name: &'static str, class: Class, note: &'static str) -> Table {
    Table { name, class, note }
}

const TABLES: &[Table] = &[
    table("account_event", Class::Record, "what happened to accounts"),
    table(
        "account_current",
        Class::Derived,
        "latest state of each account",
    ),
    table(
        "grant_event",
        Class::Record,
        "grants proposed, approved, refused, revoked",
    ),
    table(
        "grant_current",
        Class::Derived,
        "approved grants that are not revoked",
    ),
    table(
        "token_event",
        Class::Record,
        "one-time tokens proposed, released, refused",
    ),
    table(
        "session",
        Class::Working,
        "valid sessions by the hash of their token",
    ),
    table("credential", Class::Working, "password hashes"),
    table(
        "factor_event",
        Class::Record,
        "second factors set up, reset, recovery codes used",
    ),
    table(
        "second_factor",
        Class::Working,
        "sealed secrets of second factors, with the step last used",
    ),
    table(
        "recovery_code",
        Class::Working,
        "recovery codes by their keyed hash",
    ),
    table(
        "half_sign_in",
        Class::Working,
        "sign-ins that wait for a code, by the hash of their token",
    ),
    table(
        "setup_token",
        Class::Working,
        "one-time tokens and activation slips by their hash",
    ),
    table(
        "sign_in_failure",
        Class::Working,
        "failures in a row by the hash of the name",
    ),
    table(
        "known_device",
        Class::Working,
        "devices on which an account signed in before",
    ),
];

const MIGRATIONS: &[Migration] = &[FIRST, TOKENS, SECOND_FACTOR];

const FIRST: Migration = Migration {
    version: 1,
    sql: &[
        "CREATE TABLE account_event (tenant {int} NOT NULL, account {blob} NOT NULL, \
         version {int} NOT NULL, command {blob} NOT NULL, kind {text} NOT NULL, \
         person {blob} NOT NULL, sign_in_name {text} NOT NULL, at {int} NOT NULL, \
         PRIMARY KEY (tenant, account, version)) {table_end}",
        "CREATE TABLE account_current (tenant {int} NOT NULL, account {blob} NOT NULL, \
         person {blob} NOT NULL, sign_in_name {text} NOT NULL, disabled {int} NOT NULL, \
         version {int} NOT NULL, PRIMARY KEY (tenant, account), \
         UNIQUE (tenant, sign_in_name)) {table_end}",
        "CREATE INDEX account_current_person ON account_current (tenant, person)",
        "CREATE TABLE grant_event (tenant {int} NOT NULL, grant_id {blob} NOT NULL, \
         version {int} NOT NULL, command {blob} NOT NULL, state {text} NOT NULL, \
         person {blob} NOT NULL, role {text} NOT NULL, place {blob}, \
         valid_from {text} NOT NULL, valid_until {text}, actor {blob}, at {int} NOT NULL, \
         PRIMARY KEY (tenant, grant_id, version)) {table_end}",
        "CREATE INDEX grant_event_person ON grant_event (tenant, person)",
        "CREATE INDEX grant_event_place ON grant_event (tenant, place)",
        "CREATE INDEX grant_event_state ON grant_event (tenant, state, at)",
        "CREATE TABLE grant_current (tenant {int} NOT NULL, grant_id {blob} NOT NULL, \
         person {blob} NOT NULL, role {text} NOT NULL, role_bit {int} NOT NULL, place {blob}, \
         valid_from {text} NOT NULL, valid_until {text}, \
         PRIMARY KEY (tenant, grant_id)) {table_end}",
        "CREATE INDEX grant_current_person ON grant_current (tenant, person)",
        "CREATE TABLE session (tenant {int} NOT NULL, token_hash {blob} NOT NULL, \
         session {blob} NOT NULL, account {blob} NOT NULL, made_at {int} NOT NULL, \
         seen_at {int} NOT NULL, proved_at {int} NOT NULL, device {text} NOT NULL, \
         PRIMARY KEY (tenant, token_hash)) {table_end}",
        "CREATE INDEX session_account ON session (tenant, account)",
        "CREATE TABLE credential (tenant {int} NOT NULL, account {blob} NOT NULL, \
         password_hash {text} NOT NULL, changed_at {int} NOT NULL, \
         PRIMARY KEY (tenant, account)) {table_end}",
        "CREATE TABLE setup_token (tenant {int} NOT NULL, token_hash {blob} NOT NULL, \
         account {blob} NOT NULL, kind {text} NOT NULL, expires_at {int} NOT NULL, \
         used {int} NOT NULL, PRIMARY KEY (tenant, token_hash)) {table_end}",
        "CREATE INDEX setup_token_account ON setup_token (tenant, account)",
        "CREATE TABLE sign_in_failure (tenant {int} NOT NULL, failure_key {blob} NOT NULL, \
         failures {int} NOT NULL, last_at {int} NOT NULL, \
         PRIMARY KEY (tenant, failure_key)) {table_end}",
        "CREATE TABLE known_device (tenant {int} NOT NULL, token_hash {blob} NOT NULL, \
         account {blob} NOT NULL, expires_at {int} NOT NULL, \
         PRIMARY KEY (tenant, token_hash)) {table_end}",
        "CREATE INDEX known_device_account ON known_device (tenant, account)",
    ],
};

const TOKENS: Migration = Migration {
    version: 2,
    sql: &[
        "CREATE TABLE token_event (tenant {int} NOT NULL, request {blob} NOT NULL, \
         version {int} NOT NULL, command {blob} NOT NULL, state {text} NOT NULL, \
         account {blob} NOT NULL, person {blob} NOT NULL, kind {text} NOT NULL, \
         token_hash {blob} NOT NULL, \
         actor {blob}, at {int} NOT NULL, PRIMARY KEY (tenant, request, version)) {table_end}",
        "CREATE INDEX token_event_person ON token_event (tenant, person, at)",
        "CREATE INDEX token_event_account ON token_event (tenant, account, at)",
        "CREATE INDEX token_event_state ON token_event (tenant, state, at)",
    ],
};

const SECOND_FACTOR: Migration = Migration {
    version: 3,
    sql: &[
        "CREATE TABLE factor_event (tenant {int} NOT NULL, account {blob} NOT NULL, \
         version {int} NOT NULL, command {blob} NOT NULL, kind {text} NOT NULL, \
         person {blob} NOT NULL, actor {blob}, reason {text} NOT NULL, at {int} NOT NULL, \
         PRIMARY KEY (tenant, account, version)) {table_end}",
        "CREATE INDEX factor_event_kind ON factor_event (tenant, kind, at)",
        "CREATE TABLE second_factor (tenant {int} NOT NULL, account {blob} NOT NULL, \
         secret {blob} NOT NULL, since {int} NOT NULL, last_step {int} NOT NULL, \
         PRIMARY KEY (tenant, account)) {table_end}",
        "CREATE TABLE recovery_code (tenant {int} NOT NULL, account {blob} NOT NULL, \
         code_hash {blob} NOT NULL, used {int} NOT NULL, \
         PRIMARY KEY (tenant, account, code_hash)) {table_end}",
        "CREATE TABLE half_sign_in (tenant {int} NOT NULL, token_hash {blob} NOT NULL, \
         account {blob} NOT NULL, made_at {int} NOT NULL, \
         PRIMARY KEY (tenant, token_hash)) {table_end}",
        "CREATE INDEX half_sign_in_account ON half_sign_in (tenant, account)",
    ],
};
