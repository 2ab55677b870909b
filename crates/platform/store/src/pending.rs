//! An answer that is still being worked on: awaited in async code, waited for elsewhere.

use std::pin::Pin;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::task::{Context, Poll, Waker};

/// An answer that a store thread will give. Await it, or block on it with [`Pending::wait`].
///
/// Dropping it does not stop the work.
#[must_use = "the answer says whether the work was done"]
pub struct Pending<T> {
    shared: Arc<Shared<T>>,
}

struct Shared<T> {
    state: Mutex<State<T>>,
    arrived: Condvar,
}

struct State<T> {
    answer: Option<T>,
    waker: Option<Waker>,
}

/// The giving end of a [`Pending`].
pub(crate) struct Promise<T> {
    shared: Arc<Shared<T>>,
}

pub(crate) fn promise<T>() -> (Promise<T>, Pending<T>) {
    let shared = Arc::new(Shared {
        state: Mutex::new(State {
            answer: None,
            waker: None,
        }),
        arrived: Condvar::new(),
    });
    let pending = Pending {
        shared: Arc::clone(&shared),
    };
    (Promise { shared }, pending)
}

impl<T> Promise<T> {
    pub(crate) fn keep(self, answer: T) {
        let waker = {
            let mut state = self.shared.lock();
            state.answer = Some(answer);
            state.waker.take()
        };
        self.shared.arrived.notify_all();
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

impl<T> Shared<T> {
    /// A panic cannot leave the state half changed, so poison says nothing here.
    fn lock(&self) -> std::sync::MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> Pending<T> {
    /// Blocks this thread until the answer is there. Not for async code, and never inside a
    /// store closure.
    pub fn wait(self) -> T {
        let mut state = self.shared.lock();
        loop {
            if let Some(answer) = state.answer.take() {
                return answer;
            }
            state = self
                .shared
                .arrived
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }
}

impl<T> Future for Pending<T> {
    type Output = T;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<T> {
        let mut state = self.shared.lock();
        if let Some(answer) = state.answer.take() {
            return Poll::Ready(answer);
        }
        state.waker = Some(context.waker().clone());
        Poll::Pending
    }
}
