//! `xingcun serve`: runs the server on a folder that was set up.

use std::{net::SocketAddr, path::PathBuf, sync::Arc};

use access::{Cost, PasswordHasher};
use app::{App, SystemClock, SystemEntropy, Worker};
use clap::Args;
use kernel::Tenant;
use web::{DemoSite, Listen, Setup, Site, Web};

use crate::{
    folder::{Config, Folder, FolderError},
    house, log,
};

/// `serve`.
#[derive(Debug, Args)]
pub struct ServeArguments {
    /// 数据目录 · data folder
    #[arg(long, value_name = "DIR")]
    dir: PathBuf,
    /// 监听地址 · address to listen on
    #[arg(long, value_name = "ADDR")]
    listen: Option<SocketAddr>,
    /// 前面有反向代理负责 TLS · a reverse proxy in front ends TLS
    #[arg(long)]
    behind_proxy: bool,
}

/// Runs it until it is told to stop.
pub fn run(arguments: &ServeArguments) -> Result<(), Box<dyn std::error::Error>> {
    log::start();
    let folder = Folder::open(&arguments.dir)?;
    let _lock = folder.lock()?;
    if folder.config.demonstration {
        return Err(FolderError::Demonstration(arguments.dir.clone()).into());
    }
    let app = house::open(&folder, Arc::new(SystemClock), Arc::new(SystemEntropy))?;
    let listen = match arguments.listen {
        Some(listen) => listen,
        None => folder.config.listen.parse()?,
    };
    serve(&app, &folder.config, listen, arguments.behind_proxy, None)
}

/// Threads that hash passwords: two, so that signing in never takes the whole machine.
const HASHING_THREADS: usize = 2;
/// Sign-ins that may wait for them; more are told to come back in a few seconds.
const HASHING_QUEUE: usize = 64;

/// Serves until SIGTERM or SIGINT, then ends what was begun and closes the database.
pub fn serve(
    app: &App,
    config: &Config,
    listen: SocketAddr,
    behind_proxy: bool,
    demo: Option<DemoSite>,
) -> Result<(), Box<dyn std::error::Error>> {
    // What is printed names the address on which it listens, where no other one is configured.
    let config = Config {
        listen: listen.to_string(),
        ..config.clone()
    };
    let web = web(app, &config, behind_proxy, demo)?;
    let worker = Worker::start(app);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    // Only now: whoever reads the address can open it.
    let tell = |address| crate::console::print_line(&format!("http://{address}/"));
    let served = runtime.block_on(web.serve(Listen { address: listen }, tell));
    worker.stop();
    app.store().close();
    served?;
    Ok(())
}

/// The web side of the program on an open folder.
pub fn web(
    app: &App,
    config: &Config,
    behind_proxy: bool,
    demo: Option<DemoSite>,
) -> Result<Web, Box<dyn std::error::Error>> {
    Ok(Web::new(parts(app, config, behind_proxy, demo)?)?)
}

/// What the web side is made of, for tests that add to it.
pub fn parts(
    app: &App,
    config: &Config,
    behind_proxy: bool,
    demo: Option<DemoSite>,
) -> std::io::Result<Setup> {
    let mut features = house::webs();
    if demo.is_some() {
        features.push(crate::demo::clock::web());
    }
    Ok(Setup {
        app: app.clone(),
        tenant: Tenant(1),
        features,
        site: Site {
            sponsor: config.sponsor.clone(),
            filing: config.filing_number.clone(),
            telephone: config.telephone.clone(),
            address: config.address.clone(),
            url: config.printed_url(),
        },
        hasher: PasswordHasher::start(Cost::DEFAULT, HASHING_THREADS, HASHING_QUEUE)?,
        profile: *app.profile(),
        demo,
        behind_proxy,
        forwarded_header: config.forwarded_header.clone(),
        requests_per_minute: config.requests_per_minute,
    })
}
