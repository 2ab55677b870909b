//! Fixed statistics for the query planner.
//!
//! Without them SQLite takes `tenant = ?`, the first column of every key, for selective and scans
//! a tenant's whole table although an index of more columns would fit. Measured figures would be
//! right for one county and wrong for the next; fixed ones give the same plans on every machine:
//! the tenant says nothing, each further column says much, a whole unique key says everything.

use rusqlite::Connection;

use crate::StoreError;
use crate::sqlite::SqliteConnection;
use crate::sqlite::error::translate;

/// Rows that every table is taken to have, as a power of ten.
const ROWS_POWER: u32 = 6;

/// Table, index, and what `sqlite_stat1` says of it.
type Statistic = (String, String, String);

/// Writes the statistics where they are not there yet; connections opened later read them.
pub(crate) fn fix(connection: &SqliteConnection) -> Result<(), StoreError> {
    let raw = connection.raw();
    let said = |error: rusqlite::Error| translate(&error, &"query planner statistics");
    let wanted = wanted(raw).map_err(said)?;
    if present(raw).map_err(said)?.as_ref() == Some(&wanted) {
        return Ok(());
    }
    // Makes the table; how little it looks at does not matter, as every line is replaced.
    connection.run_sql(
        "PRAGMA analysis_limit = 1; ANALYZE; BEGIN IMMEDIATE; DELETE FROM sqlite_stat1;",
    )?;
    let mut insert = raw
        .prepare("INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (?1, ?2, ?3)")
        .map_err(said)?;
    for (table, index, stat) in &wanted {
        insert.execute([table, index, stat]).map_err(said)?;
    }
    connection.run_sql("COMMIT; ANALYZE sqlite_schema;")
}

fn present(raw: &Connection) -> rusqlite::Result<Option<Vec<Statistic>>> {
    let there: bool = raw.query_row(
        "SELECT count(*) > 0 FROM sqlite_schema WHERE name = 'sqlite_stat1'",
        [],
        |row| row.get(0),
    )?;
    if !there {
        return Ok(None);
    }
    let mut read = raw.prepare("SELECT tbl, idx, stat FROM sqlite_stat1 ORDER BY tbl, idx")?;
    let rows = read.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    rows.collect::<rusqlite::Result<_>>().map(Some)
}

fn wanted(raw: &Connection) -> rusqlite::Result<Vec<Statistic>> {
    let mut read = raw.prepare(
        "SELECT s.name, i.name, i.\"unique\", i.origin, \
         (SELECT count(*) FROM pragma_index_info(i.name)) \
         FROM sqlite_schema s JOIN pragma_index_list(s.name) i \
         WHERE s.type = 'table' AND s.name NOT LIKE 'sqlite@_%' ESCAPE '@'",
    )?;
    let rows = read.query_map([], |row| {
        let (table, index): (String, String) = (row.get(0)?, row.get(1)?);
        let (unique, origin): (bool, String) = (row.get(2)?, row.get(3)?);
        // The primary key of a table WITHOUT ROWID goes by the table's name.
        let index = if origin == "pk" { table.clone() } else { index };
        Ok((table, index, statistic(row.get(4)?, unique)))
    })?;
    let mut wanted = rows.collect::<rusqlite::Result<Vec<_>>>()?;
    wanted.sort();
    Ok(wanted)
}

/// How many rows, then how many have equal values in the first one, two, … columns.
fn statistic(columns: u32, unique: bool) -> String {
    let least = u32::from(!unique);
    let steps = columns.saturating_sub(1).max(1);
    let powers = (1..=columns).map(|column| match columns - column {
        0 => least,
        left => (ROWS_POWER * left / steps).max(least),
    });
    let numbers = std::iter::once(ROWS_POWER).chain(powers);
    numbers
        .map(|power| 10_u64.pow(power).to_string())
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::statistic;

    #[test]
    fn the_tenant_says_nothing_and_the_whole_key_everything() {
        for (columns, unique, expected) in [
            (1, true, "1000000 1"),
            (2, true, "1000000 1000000 1"),
            (3, true, "1000000 1000000 1000 1"),
            (2, false, "1000000 1000000 10"),
            (4, false, "1000000 1000000 10000 100 10"),
        ] {
            assert_eq!(statistic(columns, unique), expected);
        }
    }

    #[test]
    fn an_index_that_fits_is_used() {
        let folder =
            std::env::temp_dir().join(format!("xingcun-statistics-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let path = folder.join("test.db");
        let connection = crate::sqlite::SqliteConnection::open_writer(&path).unwrap();
        connection
            .run_sql(
                "CREATE TABLE note (tenant INTEGER NOT NULL, note BLOB NOT NULL, \
                 account BLOB NOT NULL, text TEXT NOT NULL, PRIMARY KEY (tenant, note)) \
                 STRICT, WITHOUT ROWID; \
                 CREATE INDEX note_account ON note (tenant, account);",
            )
            .unwrap();
        let plan = |connection: &crate::sqlite::SqliteConnection| -> String {
            let sql =
                "EXPLAIN QUERY PLAN SELECT text FROM note WHERE tenant = 1 AND account = x'00'";
            connection
                .raw()
                .query_row(sql, [], |row| row.get(3))
                .unwrap()
        };
        super::fix(&connection).unwrap();
        super::fix(&connection).unwrap();
        let reader = crate::sqlite::SqliteConnection::open_reader(&path).unwrap();
        for connection in [&connection, &reader] {
            assert!(
                plan(connection).contains("note_account"),
                "{}",
                plan(connection)
            );
        }
        drop((connection, reader));
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
