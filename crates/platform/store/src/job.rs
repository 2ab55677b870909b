//! A caller's closure with its answer, as the store's threads see it.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::pending::Promise;
use crate::{Connection, StoreError};

/// What a closure said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Said {
    /// `Ok`: keep its effects.
    Keep,
    /// `Err`: roll its effects back.
    RollBack,
    /// It panicked: roll back, and do not run it again, its state may be half changed.
    Panicked,
}

/// A caller's closure. The answer waits inside until [`Job::deliver`].
pub(crate) trait Job: Send {
    /// Runs the closure and keeps what it answers.
    fn run(&mut self, connection: &mut dyn Connection) -> Said;
    /// Puts an error in the place of the answer.
    fn replace(&mut self, error: StoreError);
    /// Hands the answer to the caller.
    fn deliver(self: Box<Self>);
}

impl dyn Job {
    /// Hands an error to the caller.
    pub(crate) fn fail(mut self: Box<Self>, error: StoreError) {
        self.replace(error);
        self.deliver();
    }
}

/// A closure, its answer once it ran, and the promise to its caller.
pub(crate) struct Work<F, T, E: From<StoreError>> {
    closure: F,
    answer: Option<Result<T, E>>,
    promise: Option<Promise<Result<T, E>>>,
}

impl<F, T, E: From<StoreError>> Work<F, T, E> {
    pub(crate) fn new(closure: F, promise: Promise<Result<T, E>>) -> Work<F, T, E> {
        Work {
            closure,
            answer: None,
            promise: Some(promise),
        }
    }

    fn settle(&mut self) {
        if let Some(promise) = self.promise.take() {
            let answer = self.answer.take();
            promise.keep(answer.unwrap_or_else(|| Err(StoreError::Closed.into())));
        }
    }
}

impl<F, T, E> Job for Work<F, T, E>
where
    T: Send,
    E: From<StoreError> + Send,
    F: FnMut(&mut dyn Connection) -> Result<T, E> + Send,
{
    fn run(&mut self, connection: &mut dyn Connection) -> Said {
        // The connection is rolled back and the closure never runs again, so nothing half changed
        // is seen by anybody.
        let outcome = catch_unwind(AssertUnwindSafe(|| (self.closure)(connection)));
        let (said, answer) = match outcome {
            Ok(Ok(value)) => (Said::Keep, Ok(value)),
            Ok(Err(error)) => (Said::RollBack, Err(error)),
            Err(_) => {
                let error = StoreError::Bug("a closure of the store panicked".to_owned());
                (Said::Panicked, Err(error.into()))
            }
        };
        self.answer = Some(answer);
        said
    }

    fn replace(&mut self, error: StoreError) {
        self.answer = Some(Err(error.into()));
    }

    fn deliver(mut self: Box<Self>) {
        self.settle();
    }
}

/// A caller never waits for ever: a job that is dropped unanswered says that the store is closed.
impl<F, T, E: From<StoreError>> Drop for Work<F, T, E> {
    fn drop(&mut self) {
        self.settle();
    }
}
