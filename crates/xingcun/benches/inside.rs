//! What the program takes inside, without a wire: `cargo xtask bench` runs this beside its peers.
//! It works on a private copy of the demonstration of the county, and prints one line of JSON for
//! each row.
//!
//! A command is *rehearsed*: carried out through the door with everything it does, and undone, so
//! that the same one can be measured again. Its commit is measured apart, by commands that stay.

use std::error::Error;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use access::{Action, Authentication, account};
use app::{App, Caller, Command, Door, Envelope, Feature, FileStore, Keys, Parts, Refusal, Via};
use app::{Entropy as _, SystemClock, SystemEntropy};
use assessment::appeal::decide_appeal::{AppealDecision, DecideAppeal};
use assessment::result::compute::ComputeRound;
use assessment::section::answer::Answer;
use clap::{Parser, Subcommand};
use directory::FigureId;
use directory::figure::{self, FigureDraft, FigureValue};
use kernel::{CommandId, Id, PlaceId};
use rusqlite::params;
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Database, Store};
use utoipa::ToSchema;
use xingcun::demo::TENANT;
use xingcun::folder::Folder;
use xingcun::house;

/// Commands whose middle one counts.
const TIMES: usize = 21;
/// Callers of the door at once.
const CALLERS: usize = 64;

/// In-process rows of the benchmark.
#[derive(Debug, Parser)]
struct Arguments {
    #[command(subcommand)]
    row: Row,
    /// Given by cargo.
    #[arg(long, global = true, hide = true)]
    bench: bool,
}

#[derive(Debug, Subcommand)]
enum Row {
    /// A round of the county computed: values read, scored, ranked, written
    Compute {
        /// A copy of the folder of the county demonstration, which is changed
        folder: PathBuf,
    },
    /// One value corrected, and everybody's rank made again
    Correct {
        /// Another copy
        folder: PathBuf,
    },
    /// Durable commands in a second, of 64 callers
    Door {
        /// Another copy
        folder: PathBuf,
        /// How long
        #[arg(long, default_value_t = 5)]
        seconds: u64,
    },
}

fn main() -> Result<(), Box<dyn Error>> {
    match Arguments::parse().row {
        Row::Compute { folder } => compute(&folder),
        Row::Correct { folder } => correct(&folder),
        Row::Door { folder, seconds } => door(&folder, Duration::from_secs(seconds)),
    }
}

/// One figure given by a person: one line of the record, one derived line, its leaf and its answer.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
struct GiveFigure {
    #[schema(value_type = String)]
    subject: PlaceId,
    item: String,
}

impl Command for GiveFigure {
    const NAME: &'static str = "bench.give_figure";
    const ACTION: Action = Action::RegistryEdit;
    const CLEAR: &'static [&'static str] = &["subject", "item"];
    type Answer = ();

    fn run(&self, door: &mut Door<'_>) -> Result<(), Refusal> {
        door.decide_at(Action::RegistryEdit, self.subject, &[])?;
        let draft = FigureDraft {
            figure: FigureId(door.next_id()),
            item: self.item.clone(),
            subject: self.subject,
            period: "2026-Q3".parse().expect("a period"),
            value: FigureValue::Value(kernel::Decimal::from_int(1)),
            unit: String::new(),
            source: "bench".to_owned(),
            as_of: None,
            observed_at: None,
        };
        Ok(figure::write(door, &[draft])?)
    }
}

/// The program on a folder, as `serve` joins it, with the one command above.
fn open(root: &Path) -> Result<App, Box<dyn Error>> {
    let folder = Folder::open(root)?;
    let store = Store::open(
        &folder.database(),
        &house::schemas(folder.config.demonstration),
    )?;
    let mut features = house::features(folder.config.demonstration);
    features.push(Feature {
        name: "bench",
        commands: vec![app::CommandSpec::of::<GiveFigure>()],
        ..Feature::default()
    });
    Ok(App::new(Parts {
        store,
        clock: Arc::new(SystemClock),
        session_clock: Arc::new(SystemClock),
        entropy: Arc::new(SystemEntropy),
        keys: Keys::read(&folder.keys())?,
        profile: folder.config.profile(),
        files: FileStore::open(&folder.files())?,
        packs: Arc::new(house::packs(&folder)?),
        features,
    })?)
}

fn command_id() -> CommandId {
    let mut random = [0; 10];
    random.copy_from_slice(&SystemEntropy.draw()[..10]);
    CommandId(Id::new(app::Clock::now(&SystemClock).0, random))
}

fn caller(app: &App, sign_in_name: &'static str) -> Result<Caller, Box<dyn Error>> {
    let read =
        move |c: &mut dyn store::Connection| account::by_sign_in_name(c, TENANT, sign_in_name);
    let found = app.store().read(read).wait()?;
    Ok(Caller::Account {
        account: found.ok_or("the demonstration lacks an account")?.account,
        authentication: Authentication::Fresh,
        on_behalf_of: None,
    })
}

/// The newest final round of a copy, and the copy's own `SQLite` connection, to bring the round back
/// to where the measured command begins.
fn newest_final(folder: &Path) -> Result<(rusqlite::Connection, Vec<u8>, i64), Box<dyn Error>> {
    let database = rusqlite::Connection::open(folder.join("data.db"))?;
    let found = database.query_row(
        "SELECT round, revision FROM round_state WHERE state = 'finalised' ORDER BY at DESC",
        [],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    let (round, revision) = found;
    Ok((database, round, revision))
}

fn id(bytes: &[u8]) -> Result<Id, Box<dyn Error>> {
    Ok(Id::from_bytes(bytes.try_into()?))
}

fn compute(folder: &Path) -> Result<(), Box<dyn Error>> {
    let (database, round, revision) = newest_final(folder)?;
    for statement in [
        "UPDATE round_state SET state = 'open', posted_until = NULL WHERE round = ?1",
        "DELETE FROM provisional_result WHERE round = ?1",
        "DELETE FROM provisional_row WHERE round = ?1",
    ] {
        database.execute(statement, params![round])?;
    }
    drop(database);
    let app = open(folder)?;
    let clerk = caller(&app, "li.jing")?;
    let command = ComputeRound {
        round: assessment::RoundId(id(&round)?),
    };
    rehearsed(&app, "compute", &clerk, &|| {
        Envelope::of(command_id(), &command).seen(revision)
    })
}

fn correct(folder: &Path) -> Result<(), Box<dyn Error>> {
    let (database, round, revision) = newest_final(folder)?;
    let appeal: (Vec<u8>, String, String) = database.query_row(
        "SELECT a.appeal, i.code, c.counts FROM appeal_current a \
         JOIN round_item i ON i.tenant = a.tenant AND i.round = a.round AND i.item_no = a.item_no \
         JOIN cell c ON c.tenant = a.tenant AND c.round = a.round AND c.item_no = a.item_no \
         AND c.subject_no = a.subject_no \
         WHERE a.round = ?1 AND a.state = 'upheld' ORDER BY a.appeal",
        params![round],
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
    )?;
    let (appeal, item, counts) = appeal;
    database.execute(
        "UPDATE round_state SET state = 'posted', posted_until = '2099-12-31' WHERE round = ?1",
        params![round],
    )?;
    database.execute(
        "UPDATE appeal_current SET state = 'lodged', decided_by = NULL, decided_at = NULL, \
         answer = NULL WHERE appeal = ?1",
        params![appeal],
    )?;
    drop(database);
    let app = open(folder)?;
    let decider = caller(&app, "sun.min")?;
    let value = if counts.contains('1') { "2" } else { "1" };
    let command = DecideAppeal {
        appeal: assessment::AppealId(id(&appeal)?),
        decision: AppealDecision::Uphold,
        reason: "核对后更正".to_owned(),
        items: vec![Answer {
            item,
            value: Some(value.to_owned()),
            ..Answer::default()
        }],
    };
    rehearsed(&app, "correct", &decider, &|| {
        Envelope::of(command_id(), &command).seen(revision)
    })
}

/// Rehearses a command many times and tells the middle one.
fn rehearsed(
    app: &App,
    row: &str,
    caller: &Caller,
    envelope: &dyn Fn() -> Envelope,
) -> Result<(), Box<dyn Error>> {
    let (mut cpu, mut wall) = (Vec::new(), Vec::new());
    for _ in 0..=TIMES {
        let (begun, before) = (Instant::now(), cpu_ns()?);
        app::testing::rehearse(app, TENANT, caller.clone(), envelope())
            .map_err(|refusal| format!("{row}: {refusal:?}"))?;
        cpu.push(cpu_ns()? - before);
        wall.push(u64::try_from(begun.elapsed().as_nanos())?);
    }
    // The first one finds cold caches.
    let first = cpu.remove(0);
    wall.remove(0);
    let told = json!({
        "row": row,
        "times": TIMES,
        "first_cpu_us": first / 1000,
        "cpu_us": median(&mut cpu) / 1000,
        "wall_us": median(&mut wall) / 1000,
    });
    say(&told)?;
    app.store().close();
    Ok(())
}

/// Prints one line.
fn say(told: &serde_json::Value) -> std::io::Result<()> {
    writeln!(std::io::stdout().lock(), "{told}")
}

fn median(values: &mut [u64]) -> u64 {
    values.sort_unstable();
    values[values.len() / 2]
}

/// Time that the threads of this process have had on a processor, in nanoseconds: the kernel keeps
/// it for each thread. Threads that ended are not in it, so none may end while it is measured.
fn cpu_ns() -> Result<u64, Box<dyn Error>> {
    let mut sum = 0;
    for task in std::fs::read_dir("/proc/self/task")? {
        let said = std::fs::read_to_string(task?.path().join("schedstat"))?;
        let on_processor = said.split_whitespace().next().ok_or("schedstat is empty")?;
        sum += on_processor.parse::<u64>()?;
    }
    Ok(sum)
}

fn door(folder: &Path, lasts: Duration) -> Result<(), Box<dyn Error>> {
    let app = open(folder)?;
    let database = match Folder::open(folder)?.database().database {
        Database::Sqlite(_) => "sqlite",
        Database::Postgres(_) => "postgres",
    };
    let clerk = caller(&app, "li.jing")?;
    let villages = app.store().read(|c| {
        let day = app::Clock::now(&SystemClock).day();
        directory::place::tree_on(c, TENANT, day)
    });
    let villages: Vec<PlaceId> = villages.wait()?.iter().map(|place| place.place).collect();
    let (begun, before) = (Instant::now(), cpu_ns()?);
    let mut threads = Vec::new();
    for number in 0..CALLERS {
        let (app, clerk) = (app.clone(), clerk.clone());
        let subject = villages[number % villages.len()];
        threads.push(std::thread::spawn(move || -> Result<Vec<u64>, String> {
            let mut took = Vec::new();
            while begun.elapsed() < lasts {
                let command = GiveFigure {
                    subject,
                    item: format!("bench.{number}.{}", took.len()),
                };
                let (sent, envelope) = (Instant::now(), Envelope::of(command_id(), &command));
                app.execute_wait(TENANT, clerk.clone(), Via::Api, envelope)
                    .map_err(|refusal| format!("{refusal:?}"))?;
                took.push(u64::try_from(sent.elapsed().as_micros()).unwrap_or(u64::MAX));
            }
            Ok(took)
        }));
    }
    let mut took = Vec::new();
    for thread in threads {
        took.extend(thread.join().map_err(|_| "a caller panicked")??);
    }
    let wall = begun.elapsed();
    let cpu = cpu_ns()?.saturating_sub(before);
    took.sort_unstable();
    let told = json!({
        "row": "door",
        "database": database,
        "callers": CALLERS,
        "commands": took.len(),
        "per_second": took.len() as u64 * 1000 / u64::try_from(wall.as_millis())?,
        "p50_us": took[took.len() / 2],
        "p99_us": took[took.len() * 99 / 100],
        "cpu_ms": cpu / 1_000_000,
    });
    say(&told)?;
    app.store().close();
    Ok(())
}
