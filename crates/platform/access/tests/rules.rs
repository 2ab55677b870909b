//! The rules of the store, kept by this crate's tables and statements.
#![allow(missing_docs, reason = "tests")]

#[test]
fn tables_statements_and_rebuilds_keep_the_rules() {
    let schemas = [directory::SCHEMA, access::SCHEMA];
    store::testing::check_schema(&schemas);
    store::testing::check_statements(&access::STATEMENTS.concat(), &schemas);
    store::testing::check_rebuilds(access::REBUILDS, &[access::SCHEMA]);
}
