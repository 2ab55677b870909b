//! The rules of the store, kept by this crate's tables and statements.
#![allow(missing_docs, reason = "tests")]

#[test]
fn tables_statements_and_rebuilds_keep_the_rules() {
    store::testing::check_schema(&[directory::SCHEMA]);
    store::testing::check_statements(&directory::STATEMENTS.concat(), &[directory::SCHEMA]);
    store::testing::check_rebuilds(directory::REBUILDS, &[directory::SCHEMA]);
}
