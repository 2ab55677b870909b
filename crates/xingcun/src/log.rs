//! Readable log lines on standard error, one a line, with fields.

use std::io::IsTerminal;

use tracing_subscriber::{EnvFilter, fmt};

/// Starts logging. `XINGCUN_LOG` chooses what is shown (`warn`, `info,store=debug`); `info` at first.
///
/// Lines name things by id and code. Personal data, passwords, tokens and bodies of commands are
/// never given to the log in the first place: the types that hold them have no `Display`.
pub fn start() {
    let filter = EnvFilter::try_from_env("XINGCUN_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    fmt()
        .with_env_filter(filter)
        .with_target(true)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr)
        .init();
}
