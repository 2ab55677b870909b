//! Whether writes are taken now, shared between the writers and whoever asks.

use std::sync::{Mutex, PoisonError};

use crate::StoreError;

/// Whether writes are taken now; else why not.
#[derive(Default)]
pub(crate) struct WriteHealth {
    refuses: Mutex<Option<Refusing>>,
}

/// Why no writes are taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusing {
    pub(crate) reason: String,
    /// Whether only a restart mends it: the disk failed while it was made durable.
    pub(crate) until_restart: bool,
}

impl WriteHealth {
    pub(crate) fn refuses(&self) -> Option<Refusing> {
        self.lock().clone()
    }

    /// Nothing that works now makes good what failed while it was made durable.
    pub(crate) fn good(&self) {
        let mut refuses = self.lock();
        if refuses.as_ref().is_some_and(|now| !now.until_restart) {
            *refuses = None;
            tracing::info!("the database takes writes again");
        }
    }

    pub(crate) fn bad(&self, error: &StoreError) {
        self.refuse(error, false);
    }

    /// No writes are taken until the program is started again.
    pub(crate) fn bad_until_restart(&self, error: &StoreError) {
        self.refuse(error, true);
    }

    fn refuse(&self, error: &StoreError, until_restart: bool) {
        let mut refuses = self.lock();
        match &mut *refuses {
            Some(now) if now.until_restart => {}
            before => {
                if before.is_none() || until_restart {
                    tracing::error!(%error, until_restart, "the database takes no writes now");
                }
                *before = Some(Refusing {
                    reason: error.to_string(),
                    until_restart,
                });
            }
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Refusing>> {
        self.refuses.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
