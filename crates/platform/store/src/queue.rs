//! The bounded queue between callers and the store's threads.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// A queue with a limit, for several givers and several takers.
pub(crate) struct Queue<T> {
    state: Mutex<State<T>>,
    changed: Condvar,
    limit: usize,
}

struct State<T> {
    waiting: VecDeque<T>,
    closed: bool,
}

/// Why an item was not taken in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    Full,
    Closed,
}

/// What a taker finds.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Taken<T> {
    Item(T),
    /// Nothing came within the time given.
    Nothing,
    /// Closed, and nothing is left.
    Closed,
}

impl<T> Queue<T> {
    pub(crate) fn new(limit: usize) -> Queue<T> {
        Queue {
            state: Mutex::new(State {
                waiting: VecDeque::new(),
                closed: false,
            }),
            changed: Condvar::new(),
            limit,
        }
    }

    /// Takes an item in, or gives it back with the reason.
    pub(crate) fn give(&self, item: T) -> Result<(), (T, Refused)> {
        let mut state = self.lock();
        if state.closed {
            return Err((item, Refused::Closed));
        }
        if state.waiting.len() >= self.limit {
            return Err((item, Refused::Full));
        }
        state.waiting.push_back(item);
        drop(state);
        self.changed.notify_one();
        Ok(())
    }

    /// The next item at once, or nothing.
    pub(crate) fn take_now(&self) -> Option<T> {
        self.lock().waiting.pop_front()
    }

    /// The next item; waits for it, at most `patience` where given.
    pub(crate) fn take(&self, patience: Option<Duration>) -> Taken<T> {
        let mut state = self.lock();
        loop {
            if let Some(item) = state.waiting.pop_front() {
                return Taken::Item(item);
            }
            if state.closed {
                return Taken::Closed;
            }
            let Some(patience) = patience else {
                state = self
                    .changed
                    .wait(state)
                    .unwrap_or_else(PoisonError::into_inner);
                continue;
            };
            let (next, time) = self
                .changed
                .wait_timeout(state, patience)
                .unwrap_or_else(PoisonError::into_inner);
            state = next;
            if time.timed_out() && state.waiting.is_empty() && !state.closed {
                return Taken::Nothing;
            }
        }
    }

    /// Takes nothing more in; what waits is still handed out.
    pub(crate) fn close(&self) {
        self.lock().closed = true;
        self.changed.notify_all();
    }

    /// No code of callers runs under the lock, so poison says nothing here.
    fn lock(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::{Queue, Refused, Taken};
    use std::time::Duration;

    #[test]
    fn refuses_beyond_its_limit_and_after_closing() {
        let queue = Queue::new(2);
        assert_eq!(queue.give(1), Ok(()));
        assert_eq!(queue.give(2), Ok(()));
        assert_eq!(queue.give(3), Err((3, Refused::Full)));
        queue.close();
        assert_eq!(queue.give(4), Err((4, Refused::Closed)));
        assert_eq!(queue.take(None), Taken::Item(1));
        assert_eq!(queue.take_now(), Some(2));
        assert_eq!(queue.take(None), Taken::Closed);
    }

    #[test]
    fn waits_no_longer_than_told() {
        let queue: Queue<u8> = Queue::new(1);
        assert_eq!(queue.take(Some(Duration::from_millis(1))), Taken::Nothing);
    }
}
