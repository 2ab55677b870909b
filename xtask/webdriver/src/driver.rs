//! The `chromedriver` process.

use std::io::Write;
use std::net::{Ipv4Addr, TcpListener};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::json;

use crate::wire::Wire;
use crate::{Browser, DriverError, Size};

/// Where this is set, a test that needs the browser fails without it instead of being skipped.
pub const REQUIRE_VARIABLE: &str = "XINGCUN_REQUIRE_BROWSER";

/// How long `chromedriver` may take to answer at first.
const START_S: u64 = 30;

/// A running `chromedriver`; ends with this value.
#[derive(Debug)]
pub struct Driver {
    process: Child,
    wire: Wire,
}

impl Drop for Driver {
    fn drop(&mut self) {
        // It may have ended by itself; then there is nothing to end.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Driver {
    /// Starts it on a free port of loopback.
    pub fn start() -> Result<Driver, DriverError> {
        Driver::start_with(None)
    }

    /// Starts it for browsers whose own words (`Choose file`, `mm/dd/yyyy`) are in a language such
    /// as `zh-CN`, where Chromium's translations are installed.
    pub fn start_speaking(language: &str) -> Result<Driver, DriverError> {
        Driver::start_with(Some(&language.replace('-', "_")))
    }

    fn start_with(language: Option<&str>) -> Result<Driver, DriverError> {
        let failed = |source| DriverError::Start {
            program: "chromedriver".to_owned(),
            source,
        };
        let port = free_port().map_err(failed)?;
        let process = Command::new("chromedriver")
            .arg(format!("--port={port}"))
            .envs(language.map(|language| ("LANGUAGE", language)))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(failed)?;
        let driver = Driver {
            process,
            wire: Wire::new(port),
        };
        let begun = Instant::now();
        loop {
            match driver.wire.get("/status") {
                Ok(_) => return Ok(driver),
                Err(error) if begun.elapsed() > Duration::from_secs(START_S) => return Err(error),
                Err(_) => std::thread::sleep(Duration::from_millis(50)),
            }
        }
    }

    /// Starts it where Chromium and `chromedriver` are installed. Elsewhere `None`, with a loud
    /// line on standard error; or an error where [`REQUIRE_VARIABLE`] is set.
    pub fn start_or_skip(what: &str) -> Result<Option<Driver>, DriverError> {
        match Driver::start() {
            Ok(driver) => Ok(Some(driver)),
            Err(error) if std::env::var_os(REQUIRE_VARIABLE).is_some() => Err(error),
            Err(_) => {
                // Written past the capture of the test harness, which hides what tests print.
                let line =
                    format!("SKIPPED: {what} (needs Debian's chromium and chromium-driver)\n");
                let _ = std::io::stderr().write_all(line.as_bytes());
                Ok(None)
            }
        }
    }

    /// A fresh browser without window, with a profile of its own.
    pub fn open(&self, language: &str, size: Size) -> Result<Browser, DriverError> {
        let mut arguments = vec![
            "--headless=new".to_owned(),
            "--disable-gpu".to_owned(),
            "--disable-dev-shm-usage".to_owned(),
            "--no-first-run".to_owned(),
            "--disable-background-networking".to_owned(),
            "--disable-component-update".to_owned(),
            "--force-color-profile=srgb".to_owned(),
            format!("--lang={language}"),
            format!("--accept-lang={language}"),
        ];
        if is_root() {
            // Chromium's sandbox does not work for root.
            arguments.push("--no-sandbox".to_owned());
        }
        let wanted = json!({ "capabilities": { "alwaysMatch": {
            "browserName": "chrome",
            "goog:chromeOptions": {
                "args": arguments,
                "prefs": { "intl.accept_languages": language },
            },
            "goog:loggingPrefs": { "browser": "ALL" },
            "timeouts": { "script": 60_000, "pageLoad": 60_000, "implicit": 0 },
        } } });
        let session = self.wire.post("/session", &wanted)?;
        let id = session["sessionId"].as_str().unwrap_or_default();
        let browser = Browser::new(self.wire.clone(), id);
        browser.resize(size)?;
        Ok(browser)
    }
}

fn free_port() -> std::io::Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?
        .local_addr()?
        .port())
}

/// Asked of the file system, because the standard library has no word for it.
fn is_root() -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        std::fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0)
    }
    #[cfg(not(unix))]
    false
}
