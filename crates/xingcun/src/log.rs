//! Readable log lines on standard error, one a line, with fields.

mod redact;

use std::{fmt, io::IsTerminal};

use tracing::field::{Field, Visit};
use tracing_subscriber::{
    EnvFilter,
    field::{MakeVisitor, VisitFmt, VisitOutput},
    fmt::format::Writer,
};

/// Starts logging. `XINGCUN_LOG` chooses what is shown (`warn`, `info,store=debug`); `info` at first.
///
/// Lines name things by id and code. Personal data, passwords, tokens and bodies of commands are
/// not given to the log in the first place: the types that hold them have no `Display`. What gets
/// there all the same, from a library or by mistake, is taken out by [`redact`] on the way.
pub fn start() {
    let filter = EnvFilter::try_from_env("XINGCUN_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_target(true)
        .with_ansi(std::io::stderr().is_terminal())
        .fmt_fields(Guarded)
        .with_writer(std::io::stderr)
        .init();
}

/// Writes fields as `name=value`, the message bare, each guarded.
#[derive(Clone, Copy, Debug)]
struct Guarded;

impl<'w> MakeVisitor<Writer<'w>> for Guarded {
    type Visitor = Line<'w>;

    fn make_visitor(&self, writer: Writer<'w>) -> Line<'w> {
        Line {
            writer,
            is_empty: true,
            result: Ok(()),
        }
    }
}

/// The fields of one line.
struct Line<'w> {
    writer: Writer<'w>,
    is_empty: bool,
    result: fmt::Result,
}

impl Visit for Line<'_> {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.write(field.name(), value);
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.write(field.name(), &format!("{value:?}"));
    }
}

impl Line<'_> {
    fn write(&mut self, name: &str, value: &str) {
        if self.result.is_err() {
            return;
        }
        let space = if self.is_empty { "" } else { " " };
        self.is_empty = false;
        let value = redact::value(name, value);
        self.result = if name == "message" {
            write!(self.writer, "{space}{value}")
        } else {
            write!(self.writer, "{space}{name}={value}")
        };
    }
}

impl VisitOutput<fmt::Result> for Line<'_> {
    fn finish(self) -> fmt::Result {
        self.result
    }
}

impl VisitFmt for Line<'_> {
    fn writer(&mut self) -> &mut dyn fmt::Write {
        &mut self.writer
    }
}

#[cfg(test)]
mod tests;
