//! A running server, seen as its operator sees it: a process, its log, its address.

use std::fs::File;
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use walk::Visitor;

type Failed = Box<dyn std::error::Error>;

/// How long a server may take until it answers; the demonstration is prepared in this time.
const START_S: u64 = 240;
/// How long it may take to stop.
const STOP_S: u64 = 30;

/// A running server; killed with this value if it was not stopped before.
pub struct Server {
    process: Child,
    /// `http://127.0.0.1:port`.
    pub base: String,
    log: PathBuf,
    out: PathBuf,
    /// From the start to the first answer.
    pub took: Duration,
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Server {
    /// Starts a program with `--listen` on a free port and waits until `/health` answers.
    pub fn start(binary: &Path, arguments: &[&str], log: &Path) -> Result<Server, Failed> {
        Server::start_with(binary, arguments, log, &[])
    }

    /// The same with variables of the environment.
    pub fn start_with(
        binary: &Path,
        arguments: &[&str],
        log: &Path,
        environment: &[(&str, &str)],
    ) -> Result<Server, Failed> {
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?
            .local_addr()?
            .port();
        let (out, errors) = (log.with_extension("out"), log.to_owned());
        let process = Command::new(binary)
            .args(arguments)
            .args(["--listen", &format!("127.0.0.1:{port}")])
            .env_remove("XINGCUN_LOG")
            .envs(environment.iter().copied())
            .stdin(Stdio::null())
            .stdout(File::create(&out)?)
            .stderr(File::create(&errors)?)
            .spawn()?;
        let begun = Instant::now();
        let base = format!("http://127.0.0.1:{port}");
        let mut server = Server {
            process,
            base,
            log: errors,
            out,
            took: Duration::ZERO,
        };
        loop {
            if let Ok(answer) = Visitor::new(&server.base).get("/health")
                && answer.status == 200
            {
                server.took = begun.elapsed();
                return Ok(server);
            }
            if let Some(status) = server.process.try_wait()? {
                return Err(format!("it ended ({status}): {}", server.log()).into());
            }
            if begun.elapsed() > Duration::from_secs(START_S) {
                return Err(format!("no answer in {START_S} s: {}", server.log()).into());
            }
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    /// Everything it wrote on standard error so far.
    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// Everything it printed so far.
    pub fn printed(&self) -> String {
        std::fs::read_to_string(&self.out).unwrap_or_default()
    }

    /// Its process.
    pub fn pid(&self) -> u32 {
        self.process.id()
    }

    /// Memory that it holds now, in MiB.
    pub fn resident_mib(&self) -> Result<u64, Failed> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.pid()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kib = line.and_then(|line| line.split_whitespace().next());
        let kib: u64 = kib.ok_or("the kernel does not tell the memory")?.parse()?;
        Ok(kib >> 10)
    }

    /// Sends it a signal by name.
    pub fn signal(&self, name: &str) -> Result<(), Failed> {
        let pid = self.process.id().to_string();
        let status = Command::new("kill").args(["-s", name, &pid]).status()?;
        if status.success() {
            Ok(())
        } else {
            Err(format!("kill -s {name} {pid}: {status}").into())
        }
    }

    /// Asks it to stop and waits for its end.
    pub fn stop(&mut self) -> Result<(ExitStatus, Duration), Failed> {
        self.signal("TERM")?;
        self.wait()
    }

    /// Waits for its end.
    pub fn wait(&mut self) -> Result<(ExitStatus, Duration), Failed> {
        let begun = Instant::now();
        loop {
            if let Some(status) = self.process.try_wait()? {
                return Ok((status, begun.elapsed()));
            }
            if begun.elapsed() > Duration::from_secs(STOP_S) {
                return Err(format!("it still runs after {STOP_S} s").into());
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

/// The program to drive: the one that is named, or else the release binary.
pub fn program(named: Option<&Path>) -> Result<PathBuf, Failed> {
    let binary = match named {
        Some(named) => named.canonicalize().unwrap_or_else(|_| named.to_owned()),
        None => release_binary()?,
    };
    if binary.is_file() {
        return Ok(binary);
    }
    let binary = binary.display();
    Err(format!("{binary} is not there; run: cargo build --release").into())
}

fn release_binary() -> Result<PathBuf, Failed> {
    Ok(target_folder()?.join("release/xingcun"))
}

/// Where cargo puts what it builds.
pub fn target_folder() -> Result<PathBuf, Failed> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .current_dir(crate::root())
        .args(["metadata", "--no-deps", "--format-version", "1"])
        .output()?;
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout)?;
    let target = metadata["target_directory"]
        .as_str()
        .ok_or("cargo metadata names no folder")?;
    Ok(PathBuf::from(target))
}
