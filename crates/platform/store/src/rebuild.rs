//! Derived tables: rebuilt from the record, compared by digest.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use kernel::Tenant;
use sha2::{Digest, Sha256};

use crate::record::{put, put_value};
use crate::{Connection, Shape, Statement, StoreError, values};

/// How derived tables are made from the record: the owner's function, run for one tenant on
/// emptied tables.
#[derive(Clone, Copy, Debug)]
pub struct Rebuild {
    /// The tables it fills; emptied in this order, so a table stands before those it refers to.
    pub tables: &'static [&'static str],
    /// Fills them from the record.
    pub run: fn(&mut dyn Connection, Tenant) -> Result<(), StoreError>,
}

impl Rebuild {
    /// Empties the tenant's rows of the tables and fills them again.
    pub fn rebuild(
        &self,
        connection: &mut dyn Connection,
        tenant: Tenant,
    ) -> Result<(), StoreError> {
        for table in self.tables {
            let delete = for_table("DELETE", format!("DELETE FROM {table} WHERE tenant = $1"));
            connection.execute(&delete, &values![tenant])?;
        }
        (self.run)(connection, tenant)
    }

    /// The digests of the tables, in their order.
    pub fn digests(
        &self,
        connection: &mut dyn Connection,
        tenant: Tenant,
    ) -> Result<Vec<TableDigest>, StoreError> {
        self.tables
            .iter()
            .map(|table| table_digest(connection, table, tenant))
            .collect()
    }
}

/// A derived table before and after it was filled again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rebuilt {
    /// What it held.
    pub before: TableDigest,
    /// What the record says it must hold.
    pub after: TableDigest,
}

impl Rebuilt {
    /// Whether the table held anything else than the record says.
    pub fn differs(&self) -> bool {
        self.before != self.after
    }
}

/// Empties and fills all tables, in their order: later ones may read what earlier ones hold.
pub fn rebuild_all(
    connection: &mut dyn Connection,
    rebuilds: &[Rebuild],
    tenant: Tenant,
) -> Result<Vec<Rebuilt>, StoreError> {
    let mut tables = Vec::new();
    for rebuild in rebuilds {
        let before = rebuild.digests(connection, tenant)?;
        rebuild.rebuild(connection, tenant)?;
        let after = rebuild.digests(connection, tenant)?;
        let pairs = before.into_iter().zip(after);
        tables.extend(pairs.map(|(before, after)| Rebuilt { before, after }));
    }
    Ok(tables)
}

/// What a table held, in 32 bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableDigest {
    /// The table.
    pub table: String,
    /// How many rows the tenant had there. A comparison of empty tables shows nothing.
    pub rows: u64,
    /// SHA-256 over the rows.
    pub digest: [u8; 32],
}

/// The canonical digest of a tenant's rows of a table, equal for equal rows on both databases.
///
/// SHA-256 over `xingcun.table.v1`, the table's and its columns' names, and every row in the order
/// of the primary key, every column in the order of the table, each value as in
/// [`row_digest`](crate::row_digest) with type 0 for null.
pub fn table_digest(
    connection: &mut dyn Connection,
    table: &str,
    tenant: Tenant,
) -> Result<TableDigest, StoreError> {
    let shape = connection.shape(table)?;
    let select = for_table("DIGEST", select_all(table, &shape)?);
    let mut hash = Sha256::new();
    put(&mut hash, b"xingcun.table.v1");
    put(&mut hash, table.as_bytes());
    for column in &shape.columns {
        put(&mut hash, column.name.as_bytes());
    }
    let mut rows = 0;
    connection.for_each(&select, &values![tenant], &mut |row| {
        rows += 1;
        for value in row.values()? {
            put_value(&mut hash, &value);
        }
        Ok(())
    })?;
    Ok(TableDigest {
        table: table.to_owned(),
        rows,
        digest: hash.finalize().into(),
    })
}

fn select_all(table: &str, shape: &Shape) -> Result<String, StoreError> {
    if shape.key.is_empty() {
        return Err(StoreError::Bug(format!("{table} has no primary key")));
    }
    let columns: Vec<_> = shape.columns.iter().map(|c| c.name.as_str()).collect();
    Ok(format!(
        "SELECT {} FROM {table} WHERE tenant = $1 ORDER BY {}",
        columns.join(", "),
        shape.key.join(", ")
    ))
}

/// A statement of the store itself for a table that it is told of. The text is kept for ever, one
/// per table, because statements are constants everywhere else.
pub(crate) fn for_table(name: &'static str, sql: String) -> Statement {
    static TEXTS: Mutex<Option<HashSet<&'static str>>> = Mutex::new(None);
    let mut texts = TEXTS.lock().unwrap_or_else(PoisonError::into_inner);
    let texts = texts.get_or_insert_default();
    let text = if let Some(text) = texts.get(sql.as_str()) {
        text
    } else {
        let text: &'static str = Box::leak(sql.into_boxed_str());
        texts.insert(text);
        text
    };
    Statement::declared_by_macro(name, text, file!(), line!())
}
