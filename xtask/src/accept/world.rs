//! What the checks share on one database: a folder, the binary, a demonstration that is started
//! when the first of them needs it.

use std::fmt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::atomic::{AtomicUsize, Ordering};

use webdriver::Driver;

use super::checks::survey::Survey;
use super::proxy::Proxy;
use crate::server::{self, Server};
use walk::Visitor;

type Failed = Box<dyn std::error::Error>;

/// Names a PostgreSQL server on which databases may be made: `scripts/test-postgres.sh`.
const POSTGRES_VARIABLE: &str = "XINGCUN_TEST_POSTGRES";

/// The database below.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

impl fmt::Display for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Engine::Sqlite => "SQLite",
            Engine::Postgres => "PostgreSQL",
        })
    }
}

/// What the checks share.
pub struct World {
    pub engine: Engine,
    pub binary: PathBuf,
    folder: PathBuf,
    server: Option<Server>,
    proxy: Option<Proxy>,
    databases: Vec<String>,
    driver: Option<Driver>,
    /// Address of a database of the PostgreSQL server; empty on `SQLite`.
    postgres: String,
    /// What a browser found on every page, once looked.
    pub survey: Option<Survey>,
    /// How many people a survey looks as; fewer where a planted fault is on every page.
    pub surveyors: usize,
}

impl Drop for World {
    fn drop(&mut self) {
        drop(self.server.take());
        for name in &self.databases {
            let sql = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
            let _ = self.psql("postgres", &sql, &[]);
        }
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

impl World {
    pub fn new(engine: Engine, binary: Option<&Path>) -> Result<World, Failed> {
        let binary = server::program(binary)?;
        if engine == Engine::Sqlite {
            return World::over(engine, &binary, String::new());
        }
        let Ok(address) = std::env::var(POSTGRES_VARIABLE) else {
            let hint = "eval \"$(scripts/test-postgres.sh start)\"";
            return Err(format!("{POSTGRES_VARIABLE} is not set; run: {hint}").into());
        };
        World::over(engine, &binary, address)
    }

    /// A world on the PostgreSQL server of this address.
    pub fn on_postgres(binary: &Path, address: &str) -> Result<World, Failed> {
        World::over(Engine::Postgres, binary, address.to_owned())
    }

    fn over(engine: Engine, binary: &Path, postgres: String) -> Result<World, Failed> {
        static MADE: AtomicUsize = AtomicUsize::new(0);
        let number = MADE.fetch_add(1, Ordering::Relaxed);
        let name = format!("xingcun-{}-{number}-{engine}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&folder)?;
        Ok(World {
            engine,
            binary: binary.to_owned(),
            postgres,
            folder,
            server: None,
            proxy: None,
            databases: Vec::new(),
            driver: None,
            survey: None,
            surveyors: super::checks::first::PEOPLE.len(),
        })
    }

    /// A path in the folder of this run.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// The folder of the shared demonstration.
    pub fn demonstration(&self) -> PathBuf {
        self.path("demo")
    }

    /// The `--db` of a folder: none on `SQLite`, a database of its own on PostgreSQL.
    pub fn database(&mut self, folder: &str) -> Result<Vec<String>, Failed> {
        if self.engine == Engine::Sqlite {
            return Ok(Vec::new());
        }
        let name = self.database_name(folder);
        if !self.databases.contains(&name) {
            let template = "TEMPLATE template0 LOCALE 'C' ENCODING 'UTF8'";
            self.psql(
                "postgres",
                &format!("CREATE DATABASE {name} {template}"),
                &[],
            )?;
            self.databases.push(name.clone());
        }
        Ok(vec!["--db".to_owned(), self.database_address(&name)?])
    }

    /// A fresh copy of a folder's PostgreSQL database as that of another folder: its address.
    pub fn copy_database(&mut self, folder: &str, to: &str) -> Result<String, Failed> {
        let (from, name) = (self.database_name(folder), self.database_name(to));
        let gone = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
        self.psql("postgres", &gone, &[])?;
        self.psql(
            "postgres",
            &format!("CREATE DATABASE {name} TEMPLATE {from}"),
            &[],
        )?;
        let address = self.database_address(&name)?;
        if !self.databases.contains(&name) {
            self.databases.push(name);
        }
        Ok(address)
    }

    fn database_name(&self, folder: &str) -> String {
        let own = self.folder.file_name().unwrap_or_default();
        let whole = format!("{}_{folder}", own.to_string_lossy());
        let word = |c: char| if c.is_ascii_alphanumeric() { c } else { '_' };
        whole.chars().map(word).collect::<String>().to_lowercase()
    }

    /// Changes rows of a folder's database behind the program's back; gives how many.
    pub fn tamper(&self, folder: &str, sql: &str) -> Result<usize, Failed> {
        match self.engine {
            Engine::Sqlite => {
                let file = self.path(folder).join("data.db");
                let connection = rusqlite::Connection::open(file)?;
                // The wall against this is a trigger; whoever has the file can take it away.
                let mut triggers =
                    connection.prepare("SELECT name FROM sqlite_master WHERE type = 'trigger'")?;
                let names: Result<Vec<String>, _> =
                    triggers.query_map([], |row| row.get(0))?.collect();
                for name in names? {
                    connection.execute_batch(&format!("DROP TRIGGER {name}"))?;
                }
                Ok(connection.execute(sql, [])?)
            }
            Engine::Postgres => {
                let said = self.psql(&self.database_name(folder), sql, &[])?;
                let count = said
                    .split_whitespace()
                    .last()
                    .and_then(|word| word.parse().ok());
                count.ok_or_else(|| format!("psql says: {said}").into())
            }
        }
    }

    /// What a statement finds in a folder's database, beside a running server: the columns of a row
    /// with `|` between them.
    pub fn rows(&self, folder: &str, sql: &str) -> Result<Vec<String>, Failed> {
        if self.engine == Engine::Postgres {
            let said = self.psql(&self.database_name(folder), sql, &["-A", "-t"])?;
            return Ok(said.lines().map(str::to_owned).collect());
        }
        let file = self.path(folder).join("data.db");
        let flags = rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY;
        let connection = rusqlite::Connection::open_with_flags(file, flags)?;
        connection.busy_timeout(std::time::Duration::from_secs(10))?;
        let mut statement = connection.prepare(sql)?;
        let width = statement.column_count();
        let mut rows = statement.query([])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let cells: Result<Vec<String>, _> = (0..width).map(|at| cell(row, at)).collect();
            found.push(cells?.join("|"));
        }
        Ok(found)
    }

    /// Everything that a folder's PostgreSQL database holds, written to a file as its own tools write
    /// it; nothing on `SQLite`, whose database is a file of the folder.
    pub fn dump(&self, folder: &str) -> Result<Option<PathBuf>, Failed> {
        if self.engine == Engine::Sqlite {
            return Ok(None);
        }
        let file = self.path(&format!("{folder}.sql"));
        let address = self.database_address(&self.database_name(folder))?;
        let output = Command::new("pg_dump")
            .args(["--dbname", &address, "--file"])
            .arg(&file)
            .output()?;
        if !output.status.success() {
            return Err(format!("pg_dump: {}", String::from_utf8_lossy(&output.stderr)).into());
        }
        Ok(Some(file))
    }

    fn database_address(&self, name: &str) -> Result<String, Failed> {
        let (base, _) = self
            .postgres
            .rsplit_once('/')
            .ok_or("the address of PostgreSQL has no database")?;
        Ok(format!("{base}/{name}"))
    }

    /// Runs one statement by PostgreSQL's own client.
    fn psql(&self, database: &str, sql: &str, options: &[&str]) -> Result<String, Failed> {
        let address = self.database_address(database)?;
        let arguments = [address.as_str(), "-v", "ON_ERROR_STOP=1", "-X", "-c", sql];
        let output = Command::new("psql")
            .args(arguments)
            .args(options)
            .output()?;
        if !output.status.success() {
            return Err(format!("psql: {}", String::from_utf8_lossy(&output.stderr)).into());
        }
        Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    }

    /// Runs the program to its end.
    pub fn run(&self, arguments: &[&str]) -> Result<Ran, Failed> {
        let output = Command::new(&self.binary)
            .args(arguments)
            .current_dir(&self.folder)
            .env("LC_ALL", "en")
            .output()?;
        Ok(Ran::of(&output))
    }

    /// The server of the shared demonstration, started on its first use.
    pub fn server(&mut self) -> Result<&mut Server, Failed> {
        if self.server.is_none() {
            self.server = Some(self.start_demo("demo")?);
        }
        Ok(self.server.as_mut().expect("it was just started"))
    }

    /// Starts a demonstration in a folder of its own.
    pub fn start_demo(&mut self, folder: &str) -> Result<Server, Failed> {
        self.start_demo_with(folder, &[])
    }

    /// The same with variables of the environment.
    pub fn start_demo_with(
        &mut self,
        folder: &str,
        environment: &[(&str, &str)],
    ) -> Result<Server, Failed> {
        let database = self.database(folder)?;
        let dir = self.path(folder);
        let dir = dir.to_str().ok_or("a path in UTF-8")?;
        let mut arguments = vec!["demo", "--extent", "town", "--dir", dir];
        arguments.extend(database.iter().map(String::as_str));
        Server::start_with(
            &self.binary,
            &arguments,
            &self.path(&format!("{folder}.log")),
            environment,
        )
    }

    /// Stops the shared demonstration, if it runs; it is started again when it is next needed.
    pub fn stop(&mut self) -> Result<(), Failed> {
        if let Some(mut server) = self.server.take() {
            server.stop()?;
        }
        Ok(())
    }

    /// The address that checks speak to: the server, or a proxy that spoils its answers.
    pub fn base(&mut self) -> Result<String, Failed> {
        if let Some(proxy) = &self.proxy {
            return Ok(proxy.base.clone());
        }
        Ok(self.server()?.base.clone())
    }

    /// Puts a proxy between the checks and the server while `work` runs.
    pub fn through<T>(
        &mut self,
        spoil: impl Fn(&str, &mut walk::Answer) + Send + Sync + 'static,
        work: impl FnOnce(&mut World) -> T,
    ) -> Result<T, Failed> {
        let upstream = self.server()?.base.clone();
        self.proxy = Some(Proxy::start(&upstream, spoil)?);
        let done = work(self);
        self.proxy = None;
        Ok(done)
    }

    /// Somebody who is not signed in.
    pub fn nobody(&mut self) -> Result<Visitor, Failed> {
        Ok(Visitor::new(&self.base()?))
    }

    /// Somebody of the demonstration, signed in by one click.
    pub fn visitor(&mut self, person: &str) -> Result<Visitor, Failed> {
        let mut visitor = self.nobody()?;
        visitor.sign_in_as(person)?;
        Ok(visitor)
    }

    /// The browser's driver, started on its first use.
    pub fn driver(&mut self) -> Result<&Driver, Failed> {
        if self.driver.is_none() {
            self.driver = Some(Driver::start()?);
        }
        Ok(self.driver.as_ref().expect("it was just started"))
    }
}

/// How a run of the program ended.
#[derive(Clone, Debug)]
pub struct Ran {
    /// Exit code; -1 where a signal ended it.
    pub code: i32,
    pub out: String,
    pub errors: String,
}

impl Ran {
    fn of(output: &Output) -> Ran {
        Ran {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            errors: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// Fails unless it ended with this code.
    pub fn ended(self, code: i32) -> Result<Ran, Failed> {
        if self.code == code {
            return Ok(self);
        }
        Err(format!(
            "exit code {} instead of {code}: {} {}",
            self.code, self.out, self.errors
        )
        .into())
    }
}

fn cell(row: &rusqlite::Row<'_>, at: usize) -> Result<String, rusqlite::Error> {
    use rusqlite::types::ValueRef;
    Ok(match row.get_ref(at)? {
        ValueRef::Null => String::new(),
        ValueRef::Integer(number) => number.to_string(),
        ValueRef::Real(number) => number.to_string(),
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => {
            String::from_utf8_lossy(bytes).into_owned()
        }
    })
}
