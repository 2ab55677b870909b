//! The check of derived tables: dropped and rebuilt, they are what they were.

use kernel::Tenant;

use crate::{Class, Rebuild, Rebuilt, Schema, Store, rebuild_all};

/// Panics unless every derived table is filled by exactly one rebuild, and no other table by any.
pub fn check_rebuilds(rebuilds: &[Rebuild], schemas: &[Schema]) {
    let filled: Vec<_> = rebuilds.iter().flat_map(|rebuild| rebuild.tables).collect();
    let tables: Vec<_> = schemas.iter().flat_map(|schema| schema.tables).collect();
    for table in &tables {
        let count = filled.iter().filter(|name| ***name == table.name).count();
        assert_eq!(
            count,
            usize::from(table.class == Class::Derived),
            "{} is {:?} and is filled by {count} rebuilds",
            table.name,
            table.class
        );
    }
    for name in filled {
        let known = tables.iter().any(|table| table.name == *name);
        assert!(known, "{name} is rebuilt but not declared");
    }
}

/// Rebuilds everything for a tenant and panics with the tables whose digests differ from before,
/// and with those that are empty, because they show nothing.
pub fn rebuild_and_compare(store: &Store, rebuilds: &[Rebuild], tenant: Tenant) {
    let rebuilds = rebuilds.to_vec();
    let tables = store
        .write(move |c| rebuild_all(c, &rebuilds, tenant))
        .wait()
        .expect("the tables can be rebuilt");
    let mut findings = Vec::new();
    for Rebuilt { before, after } in &tables {
        if before.rows == 0 {
            findings.push(format!("{} is empty", before.table));
        }
        if before != after {
            findings.push(format!(
                "{}: {} rows before, {} after, and they differ",
                before.table, before.rows, after.rows
            ));
        }
    }
    assert!(
        findings.is_empty(),
        "derived tables:\n{}",
        findings.join("\n")
    );
}
