//! `xingcun demo`: an invented county, made through the command door from a fixed seed, with
//! one-click sign-in for each role and a business clock that can be moved forward.

pub mod clock;
mod county;
mod outlines;
mod people;
mod sign_in;
mod stage;
mod town;

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
};

use app::{App, Clock, ShiftedClock, SystemClock, SystemEntropy, demo_clock};
use clap::Args;
use kernel::{Instant, Tenant};
use sign_in::OneClick;
use web::{DemoSite, Locale};

use crate::{
    console::Console,
    folder::{Config, Folder, Lock},
    house, log, serve,
};

/// `demo`.
#[derive(Debug, Args)]
pub struct DemoArguments {
    /// 数据目录，没有就新建 · data folder, made if it is not there
    #[arg(long, value_name = "DIR", default_value = "xingcun-demo")]
    dir: PathBuf,
    /// 数据库地址；不写就用目录里的 SQLite · database address; without it, SQLite in the folder
    #[arg(long, value_name = "postgres://…")]
    db: Option<String>,
    /// 监听地址（仅限本机）· address to listen on (loopback only)
    #[arg(long, value_name = "ADDR")]
    listen: Option<SocketAddr>,
    /// 演示范围：一个镇，或全县 370 村 · one town, or the county of 370 villages
    #[arg(long, value_enum, default_value_t = Extent::County)]
    extent: Extent,
    /// 只准备数据，不启动服务 · prepare the data and stop
    #[arg(long)]
    prepare_only: bool,
    /// 把演示时钟向前拨若干工作日，例如 5wd · move the business clock forward, e.g. 5wd
    #[arg(long, value_name = "DAYS", value_parser = working_days)]
    advance: Option<u16>,
}

/// How much of the invented county the demonstration shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Extent {
    /// One town of twelve villages under a short scheme: two quarters.
    Town,
    /// Twelve towns with 370 villages under the scheme of forty indicators: four quarters.
    County,
}

/// Why the demonstration does not start.
#[derive(Debug, thiserror::Error)]
enum DemoError {
    /// The folder belongs to a real installation.
    #[error("{0} was made by `xingcun setup`; a demonstration needs a folder of its own")]
    NotADemonstration(PathBuf),
    /// One-click sign-in must not be reachable from elsewhere.
    #[error("{0} is not a loopback address; the demonstration has sign-in without passwords")]
    NotLoopback(SocketAddr),
}

fn working_days(text: &str) -> Result<u16, String> {
    let days = text.strip_suffix("wd").and_then(|days| days.parse().ok());
    days.filter(|days| (1..=250).contains(days))
        .ok_or_else(|| "1wd … 250wd".to_owned())
}

/// Runs it.
pub fn run(arguments: &DemoArguments, console: &Console) -> Result<(), Box<dyn std::error::Error>> {
    log::start();
    if !Folder::is_set_up(&arguments.dir) {
        let l = console.locale();
        prepare(&arguments.dir, arguments.db.as_deref(), arguments.extent, l)?;
    }
    let Demonstration {
        app, site, config, ..
    } = &open(&arguments.dir)?;
    if let Some(working_days) = arguments.advance {
        let command = demo_clock::AdvanceClock { working_days };
        let moved = crate::setup::by_rule(app, TENANT, &command)?;
        crate::console::print_line(&moved.now.minute_text());
    }
    if arguments.prepare_only || arguments.advance.is_some() {
        app.store().close();
        return Ok(());
    }
    let listen = match arguments.listen {
        Some(listen) => listen,
        None => config.listen.parse()?,
    };
    if !listen.ip().is_loopback() {
        return Err(DemoError::NotLoopback(listen).into());
    }
    serve::serve(app, config, listen, false, Some(site.clone()))
}

/// A demonstration that was prepared, opened for writing.
pub struct Demonstration {
    /// The program.
    pub app: App,
    /// One-click sign-in, and the page of the clock.
    pub site: DemoSite,
    /// The folder's configuration.
    pub config: Config,
    _lock: Lock,
}

/// Opens the folder of a demonstration; its clock runs on from where it stands.
pub fn open(dir: &Path) -> Result<Demonstration, Box<dyn std::error::Error>> {
    let folder = Folder::open(dir)?;
    if !folder.config.demonstration {
        return Err(DemoError::NotADemonstration(dir.to_owned()).into());
    }
    let lock = folder.lock()?;
    let clock = Arc::new(ShiftedClock::default());
    let app = house::open(
        &folder,
        Arc::clone(&clock) as Arc<dyn Clock>,
        Arc::new(SystemEntropy),
    )?;
    let offset = app
        .store()
        .read(|c| demo_clock::offset_ms(c, TENANT))
        .wait()?;
    clock.start_at(offset);
    let OneClick { roles, villages } = one_click(&app)?;
    let site = DemoSite {
        accounts: roles,
        further: villages,
        clock_page: clock::ADDRESS.to_owned(),
    };
    Ok(Demonstration {
        app,
        site,
        config: folder.config,
        _lock: lock,
    })
}

/// The demonstration has one tenant.
pub const TENANT: Tenant = Tenant(1);

/// Makes the county in a folder beside, which takes its name when it is whole: what a killed
/// process left half made is thrown away.
///
/// `database` is an address of PostgreSQL, or none for `SQLite` in the folder. How far it is stands
/// on the terminal, in the language of `l`.
pub fn prepare(
    dir: &Path,
    database: Option<&str>,
    extent: Extent,
    l: &Locale,
) -> Result<(), Box<dyn std::error::Error>> {
    let config = Config {
        database: database.map_or_else(|| Config::default().database, str::to_owned),
        area: town::places::COUNTY.to_owned(),
        sponsor: "云岭县委组织部（演示）".to_owned(),
        filing_number: "演示系统，未备案".to_owned(),
        // Whoever tries it with a program of her own is no burden to anybody else.
        requests_per_minute: 6_000,
        demonstration: true,
        ..Config::default()
    };
    let making = dir.with_added_extension("making");
    if making.exists() {
        std::fs::remove_dir_all(&making)?;
    }
    match extent {
        Extent::Town => town::prepare(&making, &config, l)?,
        Extent::County => county::prepare(&making, &config, l)?,
    }
    std::fs::rename(&making, dir)?;
    Ok(())
}

/// Milliseconds from the machine's clock to a demonstration's first instant.
fn offset_ms(starts_at: Instant) -> i64 {
    starts_at.0 - SystemClock.now().0
}

/// The accounts of the sign-in page.
fn one_click(app: &App) -> Result<OneClick, Box<dyn std::error::Error>> {
    Ok(app.store().read(|c| sign_in::one_click(c, TENANT)).wait()?)
}
