//! The store's rules for tables and statements.

use store::{Schema, Statement};

fn joined() -> (Vec<Schema>, Vec<&'static Statement>) {
    let (core, own) = (app::core_feature(), registry::feature());
    let schemas = core.schemas.into_iter().chain(own.schemas).collect();
    (schemas, own.statements.concat())
}

#[test]
fn tables_and_statements_keep_the_rules_of_the_store() {
    let (schemas, statements) = joined();
    store::testing::check_schema(&schemas);
    store::testing::check_statements(&statements, &schemas);
    store::testing::check_statements(super::world::STATEMENTS, &schemas);
    store::testing::check_statements(super::people::STATEMENTS, &schemas);
}
