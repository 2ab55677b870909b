//! Files that nothing names are taken away after a day: uploads whose form was never sent or that
//! never became whole, workbooks whose import is over.

use kernel::{Id, Instant, Tenant};
use serde_json::Value as Json;
use store::{StoreError, values};

use crate::{App, FileHash, Refusal, tenant::tenants, upload, upload_part};

/// For how long a file that no row names is kept, in milliseconds: a day, so that a form left open
/// over night can still be sent.
pub const UNNAMED_MS: i64 = 24 * 3_600_000;

/// Its kind of job; once a day.
pub(crate) const KIND: &str = "files.sweep";

/// The job. Files belong to the installation, so that one sweep serves all tenants.
pub(crate) fn run(app: &App, _: Tenant, _: Id, _: &Json) -> Result<(), Refusal> {
    app.sweep_parts()?;
    app.sweep_files().map(|_| ())
}

impl App {
    /// Removes stored files that no row of any tenant names and that are older than
    /// [`UNNAMED_MS`] by the machine's clock; says how many.
    pub fn sweep_files(&self) -> Result<usize, Refusal> {
        let before = Instant(self.session_clock().now().0 - UNNAMED_MS);
        let broken =
            |error: std::io::Error| Refusal::bug(&format!("stored files cannot be swept: {error}"));
        let mut removed = 0;
        for file in self.files().stored_before(before).map_err(broken)? {
            if self.is_named(file)? {
                continue;
            }
            let gone = self.files().remove_stored_before(file, before);
            if gone.map_err(broken)? {
                removed += 1;
                self.forget_uploads(file, before)?;
            }
        }
        if removed > 0 {
            tracing::info!(removed, "files that nothing names were removed");
        }
        Ok(removed)
    }

    /// Removes what came of uploads that began more than [`UNNAMED_MS`] ago by the machine's clock:
    /// the row first, so that nobody goes on with parts that are not there.
    pub fn sweep_parts(&self) -> Result<(), Refusal> {
        let before = Instant(self.session_clock().now().0 - UNNAMED_MS);
        let forgotten = self.store().write(move |connection| {
            for tenant in tenants(connection)? {
                upload_part::forget(connection, tenant, before)?;
            }
            Ok::<(), StoreError>(())
        });
        forgotten.wait()?;
        self.files()
            .remove_parts_before(before)
            .map_err(|error| Refusal::bug(&format!("parts of uploads cannot be swept: {error}")))
    }

    fn forget_uploads(&self, file: FileHash, before: Instant) -> Result<(), StoreError> {
        let forgotten = self.store().write(move |connection| {
            for tenant in tenants(connection)? {
                upload::forget(connection, tenant, file, before)?;
            }
            Ok(())
        });
        forgotten.wait()
    }

    fn is_named(&self, file: FileHash) -> Result<bool, StoreError> {
        let statements: Vec<_> = self.file_statements().collect();
        let named = self.store().read(move |connection| {
            for tenant in tenants(connection)? {
                for statement in &statements {
                    let found =
                        connection.optional(statement, &values![tenant, file.0], |_| Ok(()));
                    if found?.is_some() {
                        return Ok(true);
                    }
                }
            }
            Ok::<bool, StoreError>(false)
        });
        named.wait()
    }
}
