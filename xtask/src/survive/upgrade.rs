//! An upgrade that is killed: a database of version 1 with rows in it is brought to version 5 by
//! the store that the program has, in a process of its own that ends at each of its writes in turn.
//! Each time the database stands at the end of one migration, never inside one, and the next start
//! finishes the work.

use std::path::Path;
use std::process::Command;

use clap::Args;
use kernel::Tenant;
use store::{Class, DatabaseConfig, Migration, Schema, Store, StoreError, Table, values};

use super::disk::{Action, Calls, Faults, run};
use super::{Failed, Outcome, Tried};
use crate::accept::world::{Engine, World};
use walk::ensure;

store::statements! {
    INSERT_NOTE = "INSERT INTO survive_note (tenant, note, body) VALUES ($1, $2, $3)";
    COUNT_NOTES = "SELECT count(*), CAST(sum(note) AS bigint) FROM survive_note WHERE tenant = $1";
    COUNT_HANDS = "SELECT count(*) FROM survive_note WHERE tenant = $1 AND hand IS NOT NULL";
    SUM_OF_HANDS = "SELECT CAST(sum(notes) AS bigint) FROM survive_hand WHERE tenant = $1";
}

const TENANT: Tenant = Tenant(1);
/// Rows of the old version.
const NOTES: i64 = 300;
/// The newest version.
const NEWEST: usize = 5;

const fn step(version: u32, sql: &'static [&'static str]) -> Migration {
    Migration { version, sql }
}

/// A column, a table filled from another one, an index, and a table made anew under its name.
static CHAIN: [Migration; NEWEST] = [
    step(
        1,
        &[
            "CREATE TABLE survive_note (tenant {int} NOT NULL, note {int} NOT NULL, \
             body {text} NOT NULL, PRIMARY KEY (tenant, note)) {table_end}",
        ],
    ),
    step(
        2,
        &[
            "ALTER TABLE survive_note ADD COLUMN hand {int}",
            "UPDATE survive_note SET hand = note % 7",
        ],
    ),
    step(
        3,
        &[
            "CREATE TABLE survive_hand (tenant {int} NOT NULL, hand {int} NOT NULL, \
             notes {int} NOT NULL, PRIMARY KEY (tenant, hand)) {table_end}",
            "INSERT INTO survive_hand (tenant, hand, notes) \
             SELECT tenant, hand, count(*) FROM survive_note GROUP BY tenant, hand",
        ],
    ),
    step(
        4,
        &["CREATE INDEX survive_note_hand ON survive_note (tenant, hand)"],
    ),
    step(
        5,
        &[
            "CREATE TABLE survive_new (tenant {int} NOT NULL, note {int} NOT NULL, \
             hand {int} NOT NULL, body {text} NOT NULL, PRIMARY KEY (tenant, note)) {table_end}",
            "INSERT INTO survive_new (tenant, note, hand, body) \
             SELECT tenant, note, hand, body FROM survive_note",
            "DROP TABLE survive_note",
            "ALTER TABLE survive_new RENAME TO survive_note",
        ],
    ),
];

fn schema(version: usize) -> Schema {
    Schema {
        component: "survive",
        tables: &[
            Table {
                name: "survive_note",
                class: Class::Working,
                note: "rows that an upgrade must keep",
            },
            Table {
                name: "survive_hand",
                class: Class::Working,
                note: "rows that an upgrade makes from them",
            },
        ],
        records: &[],
        migrations: &CHAIN[..version],
    }
}

/// `survive-upgrade`: the process that is killed.
#[derive(Debug, Args)]
pub struct UpgradeArguments {
    /// Address of the database
    database: String,
    /// To which version
    version: usize,
    /// Write the rows of the old version
    #[arg(long)]
    fill: bool,
}

/// Opens the database, which brings it to the version, and looks whether everything is there.
pub fn work(arguments: &UpgradeArguments) -> Result<(), Failed> {
    let version = arguments.version.clamp(1, NEWEST);
    let config = DatabaseConfig::parse(&arguments.database);
    let store = Store::open(&config, &[schema(version)])?;
    if arguments.fill {
        let written: Result<(), StoreError> = store
            .write(|c| {
                for note in 1..=NOTES {
                    c.execute(&INSERT_NOTE, &values![TENANT, note, "一行旧数据"])?;
                }
                Ok(())
            })
            .wait();
        written?;
    }
    let number = |statement: &'static store::Statement, column: usize| {
        let found: Result<i64, StoreError> = store
            .read(move |c| c.one(statement, &values![TENANT], |row| row.int(column)))
            .wait();
        found
    };
    let expected = |holds: bool| {
        if holds {
            Ok(())
        } else {
            Err("rows are missing")
        }
    };
    expected(number(&COUNT_NOTES, 0)? == NOTES)?;
    expected(number(&COUNT_NOTES, 1)? == NOTES * (NOTES + 1) / 2)?;
    if version >= 2 {
        expected(number(&COUNT_HANDS, 0)? == NOTES)?;
    }
    if version >= 3 {
        expected(number(&SUM_OF_HANDS, 0)? == NOTES)?;
    }
    store.close();
    Ok(())
}

/// Kills it at each write (SQLite), at each message to the server (PostgreSQL).
pub fn upgraded(world: &mut World, full: bool) -> Tried {
    let engine = world.engine;
    let (calls, below) = match engine {
        Engine::Sqlite => {
            std::fs::create_dir_all(world.path("upgrade"))?;
            let folder = world.path("upgrade").canonicalize()?;
            (Calls::Writes, format!("{}/", folder.display()))
        }
        Engine::Postgres => (Calls::Messages, "socket:".to_owned()),
    };
    let faults = match Faults::compile(&world.path("upgrade.room"), &below) {
        Ok(faults) => faults,
        Err(why) => return Ok(Outcome::Skipped(format!("no C compiler: {why}"))),
    };
    let old = old(world)?;
    let step = if full { 1 } else { 3 };
    let (mut nth, mut kills, mut between) = (1, 0, [0; NEWEST + 1]);
    loop {
        let database = copy(world, &old)?;
        faults.arm(calls, nth, false, Action::Kills)?;
        let ended = worker(&database, NEWEST, false, &faults.environment())?.is_ok();
        let (_, hits) = faults.disarm()?;
        if hits == 0 {
            ensure!(ended, "the upgrade does not end well without a kill");
            break;
        }
        ensure!(!ended, "it was killed and ended well");
        kills += 1;
        let version = version(world)?;
        between[version] += 1;
        // Exactly what a program of that version left.
        for next in [version, NEWEST] {
            whole(&database, next, false)
                .map_err(|error| format!("killed at {nth} of version {version}: {error}"))?;
        }
        nth += step;
    }
    let reached = between[1..].iter().filter(|count| **count > 0).count();
    ensure!(
        reached >= NEWEST - 1,
        "kills fell into {reached} versions only: {between:?}"
    );
    let which = if full { "" } else { "third " };
    let what = match engine {
        Engine::Sqlite => "write",
        Engine::Postgres => "message to the server",
    };
    Ok(Outcome::Held(format!(
        "version 1 with {NOTES} rows to version {NEWEST}, killed at every {which}{what} ({kills} kills, \
         between and inside all migrations): always at the end of one migration, all rows there, \
         and the next start finishes",
    )))
}

/// A database of version 1 with rows: its file, or its address.
fn old(world: &mut World) -> Result<String, Failed> {
    let database = match world.engine {
        Engine::Sqlite => world.path("upgrade/old.db").display().to_string(),
        Engine::Postgres => world.database("upgrade-old")?.remove(1),
    };
    whole(&database, 1, true)?;
    Ok(database)
}

/// A fresh copy of it.
fn copy(world: &mut World, old: &str) -> Result<String, Failed> {
    if world.engine == Engine::Postgres {
        return world.copy_database("upgrade-old", "upgrade");
    }
    let path = world.path("upgrade/data.db");
    for ending in ["", "-wal", "-shm"] {
        let file = format!("{}{ending}", path.display());
        if Path::new(&file).exists() {
            std::fs::remove_file(&file)?;
        }
    }
    let path = path.display().to_string();
    run("cp", &[old, &path])?;
    Ok(path)
}

/// At which version the database stands.
fn version(world: &World) -> Result<usize, Failed> {
    let rows = world.rows(
        "upgrade",
        "SELECT max(version) FROM schema_version WHERE component = 'survive'",
    )?;
    Ok(rows.first().ok_or("no version")?.parse()?)
}

/// Runs the process to its end; fails where it does not end well.
fn whole(database: &str, version: usize, fill: bool) -> Result<(), Failed> {
    let ended = worker(database, version, fill, &[])?;
    ended.map_err(|said| format!("at version {version}: {said}").into())
}

/// Runs the process to its end; what it complained of, where it did not end well.
fn worker(
    database: &str,
    version: usize,
    fill: bool,
    environment: &[(&str, &str)],
) -> Result<Result<(), String>, Failed> {
    let mut command = Command::new(std::env::current_exe()?);
    command.args(["survive-upgrade", database, &version.to_string()]);
    if fill {
        command.arg("--fill");
    }
    let output = command.envs(environment.iter().copied()).output()?;
    if output.status.success() {
        return Ok(Ok(()));
    }
    let said = String::from_utf8_lossy(&output.stdout);
    Ok(Err(format!("{}: {said}", output.status)))
}
