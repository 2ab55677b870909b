//! The checks of statements and tables find what they are there to find.

#![allow(missing_docs, clippy::unwrap_used, reason = "a test")]

mod common;

use store::testing::{check_schema, check_statements, lint_schema, lint_statements};
use store::{Class, Migration, Schema, Table};

#[test]
fn the_sample_component_breaks_no_rule() {
    check_schema(&[common::SCHEMA]);
    check_statements(&common::statements(), &[common::SCHEMA]);
}

#[test]
fn the_stores_own_statements_break_no_rule() {
    check_statements(store::OWN_STATEMENTS, &[]);
}

/// Each entry: a statement and a part of the finding that it must give; no finding where empty.
macro_rules! bad_statements {
    ($($name:ident: $sql:literal => $finding:literal;)+) => {
        store::statements! { $(
            /// An example.
            $name = $sql;
        )+ }

        const FINDINGS: &[&str] = &[$($finding),+];
    };
}

bad_statements! {
    GOOD: "SELECT n.body FROM note_version n WHERE n.tenant = $1 ORDER BY n.amount NULLS LAST, n.note" => "";
    GOOD_JOIN: "SELECT c.body FROM note_current c JOIN note_version v
        ON v.tenant = c.tenant AND v.note = c.note WHERE c.tenant = $1 AND v.version > $2" => "";
    GOOD_UPSERT: "INSERT INTO counter (tenant, counter, value, revision) VALUES ($1, $2, $3, 0)
        ON CONFLICT (tenant, counter) DO UPDATE SET value = excluded.value" => "";
    GOOD_WITH: "WITH newest (note, version) AS (SELECT note, max(version) FROM note_version
        WHERE tenant = $1 GROUP BY note) SELECT count(*) FROM newest" => "";
    ORDER_OF_PARAMETERS: "SELECT body FROM note_version WHERE note = $2 AND tenant = $1" => "$2 is first used before $1";
    NO_TENANT: "SELECT body FROM note_version WHERE note = $1" => "not held to one tenant";
    NO_TENANT_IN_JOIN: "SELECT c.body FROM note_current c JOIN note_version v ON v.note = c.note
        WHERE c.tenant = $1" => "v is not held to one tenant";
    NO_TENANT_IN_SUBQUERY: "SELECT note FROM note_current WHERE tenant = $1 AND version =
        (SELECT max(version) FROM note_version)" => "note_version is not held to one tenant";
    TENANT_ONLY_SELECTED: "SELECT tenant FROM counter" => "counter is not held to one tenant";
    NULLS: "SELECT body FROM note_version WHERE tenant = $1 ORDER BY amount" => "needs NULLS";
    NULLS_OF_OUTER_JOIN: "SELECT v.body FROM note_version v LEFT JOIN note_current c
        ON c.tenant = v.tenant AND c.note = v.note WHERE v.tenant = $1 ORDER BY c.note" => "needs NULLS";
    POSITION: "SELECT body FROM note_version WHERE tenant = $1 ORDER BY 1" => "not positions";
    ONE_ENGINE: "SELECT ifnull(body, '') FROM note_version WHERE tenant = $1" => "ifnull()";
    CLOCK: "UPDATE counter SET value = now() WHERE tenant = $1" => "now()";
    CAST_OPERATOR: "SELECT value::text FROM counter WHERE tenant = $1" => ":: is not the same";
    FLOAT: "SELECT value * 1.5 FROM counter WHERE tenant = $1" => "no floating point";
    LIKE: "SELECT body FROM note_version WHERE tenant = $1 AND body LIKE $2" => "ESCAPE";
    REPLACE: "INSERT OR REPLACE INTO counter (tenant, counter, value, revision)
        VALUES ($1, $2, 0, 0)" => "INSERT OR";
    LARGEST: "SELECT max(value, 0) FROM counter WHERE tenant = $1" => "of several values";
    COMMA: "SELECT c.value FROM counter c, note_current n WHERE c.tenant = $1 AND n.tenant = $1" => "by a comma";
    RECORD_UPDATE: "UPDATE note_version SET body = $1 WHERE tenant = $2" => "rows are only added";
    RECORD_DELETE: "DELETE FROM note_version WHERE tenant = $1" => "rows are only added";
    RECORD_INSERT: "INSERT INTO note_version (tenant, note, version, command, body)
        VALUES ($1, $2, $3, $4, $5)" => "rows are only added";
    NO_TABLE: "SELECT x FROM nowhere WHERE tenant = $1" => "SQLite does not prepare it";
    DATA_DEFINITION: "DROP TABLE counter" => "is none of SELECT";
}

#[test]
fn each_bad_statement_is_found() {
    let all = lint_statements(STATEMENTS, &[common::SCHEMA]);
    for (statement, expected) in STATEMENTS.iter().zip(FINDINGS) {
        let name = format!("{statement}: ");
        let findings: Vec<_> = all.iter().filter(|f| f.starts_with(&name)).collect();
        if expected.is_empty() {
            assert!(findings.is_empty(), "{findings:?}");
        } else {
            let found = findings.iter().any(|finding| finding.contains(expected));
            assert!(
                found,
                "{statement} should give «{expected}», gave {findings:?}"
            );
        }
    }
}

mod types {
    store::statements! {
        /// PostgreSQL takes the sum of bigints for a numeric.
        SUM = "SELECT sum(value) FROM counter WHERE tenant = $1";
    }
}

#[test]
fn a_type_that_is_not_portable_is_found_on_postgres() {
    if store::testing::postgres(&[common::SCHEMA]).is_none() {
        return;
    }
    let findings = lint_statements(types::STATEMENTS, &[common::SCHEMA]);
    assert!(
        findings.iter().any(|f| f.contains("column 0 is numeric")),
        "{findings:?}"
    );
}

/// A component of one table, made of `sql`.
fn component(name: &'static str, class: Class, sql: &'static [&'static str]) -> Schema {
    let tables = Box::leak(Box::new([Table {
        name,
        class,
        note: "an example",
    }]));
    let migrations = Box::leak(Box::new([Migration { version: 1, sql }]));
    Schema {
        component: "example",
        tables,
        records: &[],
        migrations,
    }
}

#[test]
fn each_bad_table_is_found() {
    let working = Class::Working;
    let cases: &[(Class, &'static [&'static str], &str)] = &[
        (
            working,
            &[
                "CREATE TABLE t (tenant {int} NOT NULL, a {text} NOT NULL, PRIMARY KEY (tenant, a)) {table_end}",
            ],
            "",
        ),
        (
            working,
            &[
                "CREATE TABLE t (tenant {int} NOT NULL, a {text} NOT NULL, PRIMARY KEY (a, tenant)) {table_end}",
            ],
            "primary key does not start with the tenant",
        ),
        (
            working,
            &[
                "CREATE TABLE t (tenant {int} NOT NULL, a {text} NOT NULL, PRIMARY KEY (tenant, a), UNIQUE (a)) {table_end}",
            ],
            "does not start with the tenant",
        ),
        (
            working,
            &[
                "CREATE TABLE t (tenant {int} NOT NULL, a {text} NOT NULL, PRIMARY KEY (tenant, a)) {table_end}",
                "CREATE INDEX t_a ON t (a)",
            ],
            "t_a does not start with the tenant",
        ),
        (
            working,
            &[
                "CREATE TABLE t (tenant {int} NOT NULL, a {text} NOT NULL, PRIMARY KEY (tenant, a), FOREIGN KEY (a, tenant) REFERENCES t (a, tenant)) {table_end}",
            ],
            "key to t does not start with the tenant",
        ),
        (
            working,
            &[
                "CREATE TABLE t (tenant {int} NOT NULL, a {text} NOT NULL, b {text}, PRIMARY KEY (tenant, a), FOREIGN KEY (tenant, b) REFERENCES t (tenant, a) DEFERRABLE INITIALLY DEFERRED) {table_end}",
            ],
            "deferrable is banned",
        ),
        (
            working,
            &[
                "CREATE TABLE t (tenant {int} NOT NULL, a {text} NOT NULL UNIQUE ON CONFLICT ROLLBACK, PRIMARY KEY (tenant, a)) {table_end}",
            ],
            "conflict rollback is banned",
        ),
        (
            working,
            &[
                "CREATE TABLE t (tenant {int} NOT NULL, a {text} NOT NULL, PRIMARY KEY (tenant, a)) {table_end}",
                "CREATE TRIGGER t_x BEFORE DELETE ON t BEGIN SELECT RAISE(ROLLBACK, 'no'); END",
            ],
            "trigger is banned",
        ),
        (
            working,
            &["CREATE TABLE t (tenant {int} NOT NULL, a {text} NOT NULL, PRIMARY KEY (tenant, a))"],
            "must end with {table_end}",
        ),
        (
            working,
            &[
                "CREATE TABLE t (tenant {int} NOT NULL, a {text} NOT NULL, PRIMARY KEY (tenant, a)) {table_end}",
                "CREATE TABLE u (tenant {int} NOT NULL, PRIMARY KEY (tenant)) {table_end}",
            ],
            "u is made by a migration but has no class",
        ),
        (working, &[], "declared but no migration makes it"),
        (
            Class::Record,
            &[
                "CREATE TABLE t (tenant {int} NOT NULL, a {text} NOT NULL, PRIMARY KEY (tenant, a)) {table_end}",
            ],
            "is Record and has 0 records",
        ),
        (
            Class::Catalogue,
            &["CREATE TABLE t (a {text} NOT NULL, PRIMARY KEY (a)) {table_end}"],
            "",
        ),
    ];
    for (class, sql, expected) in cases {
        // Some of them are wrong on purpose in a way that PostgreSQL refuses.
        let findings = std::panic::catch_unwind(|| lint_schema(&[component("t", *class, sql)]));
        let Ok(findings) = findings else {
            assert!(sql.concat().contains("ROLLBACK"), "{sql:?}");
            continue;
        };
        if expected.is_empty() {
            assert_eq!(findings, Vec::<String>::new(), "{sql:?}");
        } else {
            let found = findings.iter().any(|finding| finding.contains(expected));
            assert!(found, "{sql:?} should give «{expected}», gave {findings:?}");
        }
    }
}
