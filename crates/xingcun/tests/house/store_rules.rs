//! The store's rules for every table and statement of the program at once; derived tables of the
//! demonstration are dropped and rebuilt.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use store::{Rebuilt, Statement};
use xingcun::house;

use crate::demonstration::{Demonstrated, TENANT};
use crate::golden::root;

fn statements() -> Vec<&'static Statement> {
    let features = house::features(true);
    features
        .iter()
        .flat_map(|feature| feature.statements.concat())
        .collect()
}

#[test]
fn every_statement_is_understood_alike_by_both_databases() {
    store::testing::check_statements(&statements(), &house::schemas(true));
}

#[test]
fn every_table_begins_with_the_tenant_and_has_a_class() {
    store::testing::check_schema(&house::schemas(true));
    store::testing::check_schema(&house::schemas(false));
}

#[test]
fn every_derived_table_has_one_rebuild() {
    let features = house::features(true);
    let rebuilds: Vec<_> = features
        .iter()
        .flat_map(|feature| feature.rebuilds.clone())
        .collect();
    store::testing::check_rebuilds(&rebuilds, &house::schemas(true));
}

#[test]
fn derived_tables_of_the_demonstration_are_rebuilt_with_equal_digests() {
    let features = house::features(true);
    let rebuilds: Vec<_> = features
        .iter()
        .flat_map(|feature| feature.rebuilds.clone())
        .collect();
    for demonstrated in Demonstrated::on_each() {
        demonstrated.add_appointment_dispute_and_merger();
        let store = demonstrated.open.app.store();
        let rebuilds = rebuilds.clone();
        let tables = store
            .write(move |c| store::rebuild_all(c, &rebuilds, TENANT))
            .wait()
            .unwrap();
        let mut findings = Vec::new();
        for Rebuilt { before, after } in &tables {
            let table = &before.table;
            if before.rows == 0 {
                findings.push(format!("{table} is empty"));
            }
            if before != after {
                findings.push(format!(
                    "{table}: {} rows, then {}",
                    before.rows, after.rows
                ));
            }
        }
        assert!(findings.is_empty(), "derived tables: {findings:#?}");
    }
}

/// A statement that is declared but not joined would be checked by nobody.
#[test]
fn every_file_that_declares_statements_has_joined_them() {
    let joined: BTreeSet<PathBuf> = statements()
        .iter()
        .map(|statement| root().join(statement.file()))
        .collect();
    let joined: BTreeSet<PathBuf> = joined
        .iter()
        .map(|path| path.canonicalize().unwrap())
        .collect();
    let mut missing = Vec::new();
    for folder in ["crates/platform", "crates/features"] {
        for path in rust_files(&root().join(folder)) {
            let text = std::fs::read_to_string(&path).unwrap();
            let own = text.split("#[cfg(test)]").next().unwrap_or_default();
            let declares = own
                .lines()
                .any(|line| line.starts_with("store::statements!"));
            let path = path.canonicalize().unwrap();
            if declares && !joined.contains(&path) {
                missing.push(path);
            }
        }
    }
    assert!(
        missing.is_empty(),
        "statements that no feature joins: {missing:?}"
    );
}

/// Every Rust file below a folder's `src` folders.
pub fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_dir() && !matches!(name.as_str(), "tests" | "examples" | "target") {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// A column of this name holds the hash of a stored file.
const FILE_COLUMNS: [&str; 2] = [" file {blob}", " evidence {blob}"];

#[test]
fn every_table_that_names_a_file_keeps_it_from_the_sweep() {
    let found: Vec<&str> = house::features(true)
        .iter()
        .flat_map(|feature| feature.files.clone())
        .map(Statement::sql)
        .collect();
    let mut naming = 0;
    for schema in house::schemas(true) {
        for sql in schema.migrations.iter().flat_map(|m| m.sql.iter()) {
            let Some(made) = sql.strip_prefix("CREATE TABLE ") else {
                continue;
            };
            let table = made.split(' ').next().unwrap_or_default();
            let class = schema.tables.iter().find(|t| t.name == table);
            let is_derived = class.is_some_and(|t| t.class == store::Class::Derived);
            if is_derived || !FILE_COLUMNS.iter().any(|column| made.contains(column)) {
                continue;
            }
            naming += 1;
            let from = format!(" FROM {table} ");
            assert!(
                found.iter().any(|statement| statement.contains(&from)),
                "{table}"
            );
        }
    }
    assert!(naming >= 3, "{naming}");
}
