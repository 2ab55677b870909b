//! One connection to the server with its runtime, settings and prepared statements.

use std::collections::HashMap;
use std::future::Future;
use std::net::IpAddr;
use std::time::Duration;

use tokio::runtime::Runtime;
use tokio_postgres::config::{Host, SslMode};
use tokio_postgres::{Client, Config, NoTls, Statement as Prepared};

use super::error::{Failure, chain, translate};
use crate::{Statement, StoreError};

/// A server that does not answer within this is taken for lost.
const CONNECT_LIMIT: Duration = Duration::from_secs(5);
/// No statement may take longer; the server stops it a little earlier by itself.
const STATEMENT_LIMIT: Duration = Duration::from_secs(70);

/// Settings of a session. A lock not had in time and a statement without end become errors;
/// `synchronous_commit` stays on or stronger whatever the server's default is.
const SETTINGS: &str = "SET statement_timeout = '60s';
     SET lock_timeout = '10s';
     SET idle_in_transaction_session_timeout = '60s';
     SET client_min_messages = 'warning';
     SET TIME ZONE 'UTC';
     SELECT set_config('synchronous_commit', 'on', false)
     WHERE current_setting('synchronous_commit') IN ('off', 'local')";

/// The database's collation, and whether its server syncs at all.
const CHECK: &str = "SELECT datcollate::text, pg_encoding_to_char(encoding)::text,
     coalesce(to_jsonb(d)->>'datlocprovider', 'c'), current_setting('fsync')
     FROM pg_database d WHERE datname = current_database()";

/// Refuses to send names and sessions in the clear over a network, unless the address says
/// `sslmode=disable`: then whoever wrote it knows that the network between is private.
fn check_private(config: &Config) -> Result<(), StoreError> {
    let here = |host: &Host| match host {
        Host::Tcp(name) => {
            let address = name.trim_matches(['[', ']']).parse::<IpAddr>();
            name == "localhost" || address.is_ok_and(|address| address.is_loopback())
        }
        Host::Unix(_) => true,
    };
    if config.get_ssl_mode() == SslMode::Disable || config.get_hosts().iter().all(here) {
        return Ok(());
    }
    Err(StoreError::Unsuitable(
        "PostgreSQL is on another machine, and this program speaks to it without TLS: where the \
         network between is private, add ?sslmode=disable to the address; else lead the \
         connection through a tunnel (stunnel, WireGuard) that ends on this machine"
            .to_owned(),
    ))
}

/// A live connection. The driver's work is done while a request is waited for.
pub(crate) struct Session {
    runtime: Runtime,
    client: Client,
    prepared: HashMap<&'static str, Prepared>,
}

impl Session {
    /// Connects and sets the session up.
    pub(crate) fn connect(config: &Config) -> Result<Session, StoreError> {
        check_private(config)?;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| StoreError::Unavailable(format!("no runtime: {error}")))?;
        let client = runtime.block_on(async {
            let connecting = tokio::time::timeout(CONNECT_LIMIT, config.connect(NoTls));
            let (client, driver) = connecting
                .await
                .map_err(|_| StoreError::Unavailable("PostgreSQL does not answer".to_owned()))?
                .map_err(|error| StoreError::Unavailable(chain(&error)))?;
            // Its error reaches every request that was waiting, so it is not looked at here.
            drop(tokio::spawn(driver));
            Ok::<_, StoreError>(client)
        })?;
        let session = Session {
            runtime,
            client,
            prepared: HashMap::new(),
        };
        session.batch(SETTINGS).map_err(Failure::into_error)?;
        Ok(session)
    }

    /// Refuses a database whose texts would sort otherwise than SQLite's.
    pub(crate) fn check_database(&self) -> Result<(), StoreError> {
        let row = self
            .wait(&"collation check", self.client.query_one(CHECK, &[]))
            .map_err(Failure::into_error)?;
        let text = |at: usize| row.try_get::<_, String>(at).unwrap_or_default();
        let (collation, encoding, provider) = (text(0), text(1), text(2));
        if text(3) == "off" {
            tracing::warn!("PostgreSQL runs with fsync off: a power failure will lose data");
        }
        if provider == "c" && matches!(collation.as_str(), "C" | "POSIX") && encoding == "UTF8" {
            return Ok(());
        }
        Err(StoreError::Unsuitable(format!(
            "the database has collation {collation} (provider {provider}) and encoding {encoding}; \
             it needs C and UTF8: \
             CREATE DATABASE xingcun TEMPLATE template0 LOCALE 'C' ENCODING 'UTF8'"
        )))
    }

    /// Runs statements of the store itself, however long they take: a migration of a large table
    /// is long.
    pub(crate) fn batch(&self, sql: &str) -> Result<(), Failure> {
        self.runtime
            .block_on(self.client.batch_execute(sql))
            .map_err(|error| translate(&error, &"a statement of the store itself"))
    }

    /// The prepared form of a statement.
    pub(crate) fn prepare(&mut self, statement: &Statement) -> Result<Prepared, Failure> {
        if let Some(prepared) = self.prepared.get(statement.sql()) {
            return Ok(prepared.clone());
        }
        let prepared = self.wait(statement, self.client.prepare(statement.sql()))?;
        self.prepared.insert(statement.sql(), prepared.clone());
        Ok(prepared)
    }

    pub(crate) fn client(&self) -> &Client {
        &self.client
    }

    /// Waits for a request, no longer than a statement may take.
    pub(crate) fn wait<T>(
        &self,
        context: &dyn std::fmt::Display,
        request: impl Future<Output = Result<T, tokio_postgres::Error>>,
    ) -> Result<T, Failure> {
        let limited = async { tokio::time::timeout(STATEMENT_LIMIT, request).await };
        match self.runtime.block_on(limited) {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(error)) => Err(translate(&error, context)),
            Err(_) => Err(Failure::Lost(StoreError::Unavailable(format!(
                "{context}: no answer within {} s",
                STATEMENT_LIMIT.as_secs()
            )))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_goes_in_the_clear_over_a_network_unless_the_address_says_so() {
        for (address, allowed) in [
            ("postgres://x@127.0.0.1:5432/x", true),
            ("postgres://x@localhost/x", true),
            ("postgres://x@[::1]/x", true),
            ("postgres://x@%2Frun%2Fpostgresql/x", true),
            ("postgres://x@10.0.0.7/x", false),
            ("postgres://x@10.0.0.7/x?sslmode=require", false),
            ("postgres://x@127.0.0.1,db.example/x", false),
            ("postgres://x@10.0.0.7/x?sslmode=disable", true),
        ] {
            let config: Config = address.parse().unwrap();
            assert_eq!(check_private(&config).is_ok(), allowed, "{address}");
        }
    }
}
