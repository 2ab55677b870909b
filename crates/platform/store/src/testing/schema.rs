//! The check of schemas: what every table must be like.

use std::collections::BTreeMap;

use super::engines::{open_sqlite, shapes};
use super::sql::{Token, tokens};
use crate::{Class, Record, Schema, Shape};

/// Migrates an empty SQLite and (where there is one) PostgreSQL and panics with every broken rule
/// of the tables.
pub fn check_schema(schemas: &[Schema]) {
    let findings = lint_schema(schemas);
    assert!(
        findings.is_empty(),
        "tables break the rules of the store:\n{}",
        findings.join("\n")
    );
}

/// Every broken rule, one line each.
pub fn lint_schema(schemas: &[Schema]) -> Vec<String> {
    let mut findings = Vec::new();
    for schema in schemas {
        lint_migrations(schema, &mut findings);
    }
    let fresh = super::sqlite(schemas);
    let classes = classes(schemas);
    let connection = open_sqlite(&fresh);
    let raw = connection.raw();
    lint_tables(raw, &classes, &mut findings);
    for (&table, &class) in &classes {
        if class != Class::Catalogue {
            lint_indexes(raw, table, &mut findings);
        }
        lint_foreign_keys(raw, table, &classes, &mut findings);
    }
    let shapes = shapes(&fresh, schemas);
    for (table, shape) in &shapes {
        lint_shape(table, classes[table], shape, &mut findings);
    }
    lint_records(schemas, &shapes, &mut findings);
    if let Some(fresh) = super::postgres(schemas) {
        let other = super::engines::shapes(&fresh, schemas);
        for (table, shape) in &shapes {
            if other.get(table) != Some(shape) {
                findings.push(format!("{table} differs between SQLite and PostgreSQL"));
            }
        }
    }
    findings
}

fn classes(schemas: &[Schema]) -> BTreeMap<&'static str, Class> {
    schemas
        .iter()
        .flat_map(|schema| schema.tables)
        .map(|table| (table.name, table.class))
        .collect()
}

/// Words that have no place in a migration, each with the reason.
const FORBIDDEN: [(&[&str], &str); 14] = [
    (
        &["deferrable"],
        "deferred keys fail at COMMIT and take the neighbours of a batch with them",
    ),
    (
        &["deferred"],
        "deferred keys fail at COMMIT and take the neighbours of a batch with them",
    ),
    (&["or", "rollback"], "drops the whole shared transaction"),
    (
        &["conflict", "rollback"],
        "drops the whole shared transaction",
    ),
    (&["raise"], "triggers are the store's"),
    (&["trigger"], "triggers are the store's"),
    (
        &["set", "null"],
        "cannot be done where tables are distributed by tenant",
    ),
    (&["autoincrement"], "ids are given by the caller"),
    (&["serial"], "ids are given by the caller"),
    (&["bigserial"], "ids are given by the caller"),
    (&["generated"], "ids are given by the caller"),
    (&["current_timestamp"], "time comes from the command"),
    (
        &["rename"],
        "an older server must be able to run beside a newer one",
    ),
    (&["real"], "there is no floating point here"),
];

fn lint_migrations(schema: &Schema, findings: &mut Vec<String>) {
    for migration in schema.migrations {
        for sql in migration.sql {
            let tokens = tokens(sql);
            let start = tokens
                .iter()
                .take(3)
                .map(describe)
                .collect::<Vec<_>>()
                .join(" ");
            for (words, reason) in FORBIDDEN {
                if has_sequence(&tokens, words) {
                    findings.push(format!(
                        "{} {}: {start}: {} is banned: {reason}",
                        schema.component,
                        migration.version,
                        words.join(" ")
                    ));
                }
            }
            for record in schema.records {
                if ["update", "from"]
                    .iter()
                    .any(|word| has_sequence(&tokens, &[word, record.table]))
                    && !tokens.first().is_some_and(|token| token.is("insert"))
                {
                    findings.push(format!(
                        "{} {}: {start}: rows of a record never change, also not in a migration",
                        schema.component, migration.version
                    ));
                }
            }
            let table = has_sequence(&tokens[..tokens.len().min(2)], &["create", "table"]);
            if table && !sql.trim_end().ends_with("{table_end}") {
                findings.push(format!(
                    "{} {}: {start}: must end with {{table_end}}",
                    schema.component, migration.version
                ));
            }
        }
    }
}

fn describe(token: &Token<'_>) -> String {
    match token {
        Token::Word(word) => (*word).to_owned(),
        Token::Sign(sign) => (*sign).to_owned(),
        other => format!("{other:?}"),
    }
}

fn has_sequence(tokens: &[Token<'_>], words: &[&str]) -> bool {
    tokens
        .windows(words.len())
        .any(|window| window.iter().zip(words).all(|(token, word)| token.is(word)))
}

/// Every table has a class, is strict and kept by its key.
fn lint_tables(
    raw: &rusqlite::Connection,
    classes: &BTreeMap<&'static str, Class>,
    findings: &mut Vec<String>,
) {
    let found: Vec<(String, bool, bool)> = query(
        raw,
        "SELECT name, wr, strict FROM pragma_table_list
         WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%'
             AND name <> 'schema_version'",
        &[],
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
    );
    for (name, without_rowid, strict) in &found {
        if !classes.contains_key(name.as_str()) {
            findings.push(format!("{name} is made by a migration but has no class"));
        }
        if !(*without_rowid && *strict) {
            findings.push(format!("{name} is not STRICT, WITHOUT ROWID"));
        }
    }
    for name in classes.keys() {
        if !found.iter().any(|(found, ..)| found == name) {
            findings.push(format!("{name} is declared but no migration makes it"));
        }
    }
}

/// Every index and key starts with the tenant.
fn lint_indexes(raw: &rusqlite::Connection, table: &str, findings: &mut Vec<String>) {
    let first: Vec<(String, Option<String>)> = query(
        raw,
        "SELECT l.name, (SELECT i.name FROM pragma_index_info(l.name) i WHERE i.seqno = 0)
         FROM pragma_index_list($1) l",
        &[&table],
        |row| Ok((row.get(0)?, row.get(1)?)),
    );
    for (index, column) in first {
        if column.as_deref() != Some("tenant") {
            findings.push(format!("{table}: {index} does not start with the tenant"));
        }
    }
}

/// Every foreign key starts with the tenant and points at rows that stay as long as its own.
fn lint_foreign_keys(
    raw: &rusqlite::Connection,
    table: &str,
    classes: &BTreeMap<&'static str, Class>,
    findings: &mut Vec<String>,
) {
    let keys: Vec<(String, String)> = query(
        raw,
        "SELECT \"table\", \"from\" FROM pragma_foreign_key_list($1) WHERE seq = 0",
        &[&table],
        |row| Ok((row.get(0)?, row.get(1)?)),
    );
    let own = classes[table];
    for (target, column) in keys {
        let Some(&class) = classes.get(target.as_str()) else {
            findings.push(format!("{table} refers to {target}, which is not there"));
            continue;
        };
        if column != "tenant" && class != Class::Catalogue {
            findings.push(format!(
                "{table}: key to {target} does not start with the tenant"
            ));
        }
        let outlives = match class {
            Class::Record | Class::Catalogue => true,
            Class::Derived => own == Class::Derived,
            Class::Working => own == Class::Working,
        };
        if !outlives {
            findings.push(format!(
                "{table} ({own:?}) refers to {target} ({class:?}), whose rows go away"
            ));
        }
    }
}

fn lint_shape(table: &str, class: Class, shape: &Shape, findings: &mut Vec<String>) {
    for column in &shape.columns {
        if !matches!(column.kind.as_str(), "int8" | "text" | "bytea") {
            findings.push(format!("{table}.{} is {}", column.name, column.kind));
        }
    }
    if shape.key.is_empty() {
        findings.push(format!("{table} has no primary key"));
    }
    let tenant = shape.columns.iter().find(|column| column.name == "tenant");
    if class == Class::Catalogue {
        return;
    }
    if shape.key.first().is_none_or(|column| column != "tenant") {
        findings.push(format!(
            "{table}: the primary key does not start with the tenant"
        ));
    }
    if tenant.is_none_or(|column| column.kind != "int8" || column.nullable) {
        findings.push(format!("{table}.tenant is not an int8 NOT NULL"));
    }
}

/// Each record table has exactly one description, and the description is the table.
fn lint_records(
    schemas: &[Schema],
    shapes: &BTreeMap<&'static str, Shape>,
    findings: &mut Vec<String>,
) {
    for schema in schemas {
        for table in schema.tables {
            let records = schema.records.iter();
            let count = records.filter(|record| record.table == table.name).count();
            if count != usize::from(table.class == Class::Record) {
                findings.push(format!(
                    "{} is {:?} and has {count} records",
                    table.name, table.class
                ));
            }
        }
        for record in schema.records {
            match shapes.get(record.table) {
                Some(shape) => lint_record(record, shape, findings),
                None => findings.push(format!("there is no table {}", record.table)),
            }
        }
    }
}

fn lint_record(record: &Record, shape: &Shape, findings: &mut Vec<String>) {
    let mut columns: Vec<_> = shape.columns.iter().map(|c| c.name.as_str()).collect();
    let mut described = record.columns.to_vec();
    columns.sort_unstable();
    described.sort_unstable();
    if columns != described {
        findings.push(format!(
            "{}: the record has columns {described:?}, the table {columns:?}",
            record.table
        ));
    }
    if shape.key != record.key {
        findings.push(format!(
            "{}: the record has key {:?}, the table {:?}",
            record.table, record.key, shape.key
        ));
    }
    let command = shape.columns.iter().find(|column| column.name == "command");
    if command.is_none_or(|column| column.kind != "bytea" || column.nullable) {
        findings.push(format!("{}.command is not a bytea NOT NULL", record.table));
    }
}

fn query<T>(
    raw: &rusqlite::Connection,
    sql: &str,
    parameters: &[&dyn rusqlite::ToSql],
    read: impl FnMut(&rusqlite::Row<'_>) -> rusqlite::Result<T>,
) -> Vec<T> {
    let mut statement = raw.prepare(sql).expect("SQLite's own tables are there");
    statement
        .query_map(parameters, read)
        .and_then(Iterator::collect)
        .expect("SQLite's own tables can be read")
}
