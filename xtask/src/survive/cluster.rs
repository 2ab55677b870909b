//! A PostgreSQL of one's own, whose processes may be killed.

use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use super::Failed;
use walk::ensure;

/// A running cluster; stopped and removed with this value.
pub struct Cluster {
    folder: PathBuf,
    port: u16,
    address: String,
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // It may be dead already.
        let _ = self.script("stop");
    }
}

impl Cluster {
    /// Makes and starts one.
    pub fn start(folder: &Path) -> Result<Cluster, Failed> {
        // PostgreSQL's own user must reach its folder, and its socket's path must be short.
        let name = folder.file_name().unwrap_or_default().to_string_lossy();
        let name = format!("xingcun-{name}-{}", std::process::id());
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?;
        let mut cluster = Cluster {
            folder: std::env::temp_dir().join(name),
            port: port.port(),
            address: String::new(),
        };
        let said = cluster.succeed("start")?;
        let address = said
            .lines()
            .find_map(|line| line.split_once('=').map(|(_, address)| address.to_owned()));
        cluster.address = address.ok_or_else(|| format!("test-postgres.sh said {said}"))?;
        Ok(cluster)
    }

    /// `postgres://…`.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Kills its processes, whatever they are doing.
    pub fn crash(&self) -> Result<(), Failed> {
        self.succeed("crash").map(drop)
    }

    /// Starts it on the data that is there.
    pub fn start_again(&self) -> Result<(), Failed> {
        let begun = Instant::now();
        loop {
            let output = self.script("again")?;
            if output.status.success() {
                return Ok(());
            }
            // Processes of the dead server hold its memory for a moment.
            ensure!(
                begun.elapsed() < Duration::from_mins(1),
                "PostgreSQL does not come back: {}",
                String::from_utf8_lossy(&output.stderr)
            );
            std::thread::sleep(Duration::from_millis(200));
        }
    }

    fn succeed(&self, what: &str) -> Result<String, Failed> {
        let output = self.script(what)?;
        ensure!(
            output.status.success(),
            "test-postgres.sh {what}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    fn script(&self, what: &str) -> Result<Output, Failed> {
        let script = crate::root().join("scripts/test-postgres.sh");
        Ok(Command::new(script)
            .arg(what)
            .env("XINGCUN_TEST_POSTGRES_DIR", &self.folder)
            .env("XINGCUN_TEST_POSTGRES_PORT", self.port.to_string())
            .output()?)
    }
}
