//! Whether writes are taken now, shared between the writers and whoever asks.

use std::sync::{Mutex, PoisonError};

use crate::StoreError;

/// Whether writes are taken now; else why not.
#[derive(Default)]
pub(crate) struct WriteHealth {
    refuses: Mutex<Option<String>>,
}

impl WriteHealth {
    pub(crate) fn refuses(&self) -> Option<String> {
        self.lock().clone()
    }

    pub(crate) fn good(&self) {
        if self.lock().take().is_some() {
            tracing::info!("the database takes writes again");
        }
    }

    pub(crate) fn bad(&self, error: &StoreError) {
        let before = self.lock().replace(error.to_string());
        if before.is_none() {
            tracing::error!(%error, "the database takes no writes now");
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<String>> {
        self.refuses.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
