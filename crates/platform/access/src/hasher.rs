//! Password hashing on its own threads behind a bounded queue: sign-in cannot starve the rest of
//! the server, and a flood of guesses is answered "busy" at once.

use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use argon2::password_hash::phc;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::oneshot;

use crate::Password;

/// What one hash costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over it.
    pub passes: u32,
}

impl Cost {
    /// 46 MiB, one pass: OWASP's first choice for argon2id; about 60 ms on a server core.
    pub const DEFAULT: Cost = Cost {
        memory_kib: 46 * 1024,
        passes: 1,
    };

    /// The least that argon2 takes: for tests that are not about hashing.
    pub const FOR_TESTS: Cost = Cost {
        memory_kib: 64,
        passes: 1,
    };

    fn argon2(self) -> Argon2<'static> {
        let params = Params::new(self.memory_kib, self.passes, 1, None)
            .expect("the costs above lie within argon2's limits");
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
    }
}

/// A password hash in PHC form (`$argon2id$v=19$m=…`), for the table of credentials.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash(String);

impl PasswordHash {
    pub(crate) fn from_column(text: &str) -> PasswordHash {
        PasswordHash(text.to_owned())
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PasswordHash(…)")
    }
}

/// The queue is full.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Busy {
    /// After how many seconds trying again makes sense.
    pub retry_after_s: u32,
}

/// What a hashing thread does next.
type Work = Box<dyn FnOnce() + Send>;

/// The hashing threads. Cheap to clone; the threads end with the last one.
#[derive(Clone)]
pub struct PasswordHasher {
    queue: mpsc::Sender<Work>,
    taken: Arc<AtomicUsize>,
    capacity: usize,
    cost: Cost,
    stranger: Arc<PasswordHash>,
}

impl PasswordHasher {
    /// Starts `threads` threads that take at most `capacity` requests, waiting ones included.
    pub fn start(cost: Cost, threads: usize, capacity: usize) -> std::io::Result<PasswordHasher> {
        let (queue, work) = mpsc::channel::<Work>();
        let work = Arc::new(Mutex::new(work));
        for number in 0..threads.max(1) {
            let work = Arc::clone(&work);
            std::thread::Builder::new()
                .name(format!("password-{number}"))
                .spawn(move || {
                    loop {
                        let next = work.lock().unwrap_or_else(PoisonError::into_inner).recv();
                        match next {
                            Ok(next) => next(),
                            Err(mpsc::RecvError) => return,
                        }
                    }
                })?;
        }
        // What an unknown user's password is compared with: the same work, never the same answer,
        // because nobody's random bytes hash to all zeros.
        let salt = phc::Salt::new(&[0; 16]).expect("16 bytes are a salt");
        let output = phc::Output::new(&[0; 32]).expect("32 bytes are a hash");
        let stranger = phc::PasswordHash {
            algorithm: argon2::ARGON2ID_IDENT,
            version: Some(Version::V0x13.into()),
            params: phc::ParamsString::try_from(cost.argon2().params())
                .expect("valid parameters have a text"),
            salt: Some(salt),
            hash: Some(output),
        };
        Ok(PasswordHasher {
            queue,
            taken: Arc::new(AtomicUsize::new(0)),
            capacity,
            cost,
            stranger: Arc::new(PasswordHash(stranger.to_string())),
        })
    }

    /// Takes a place in the queue, before anything is counted or written.
    pub fn reserve(&self) -> Result<Slot, Busy> {
        let taken = self
            .taken
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |taken| {
                (taken < self.capacity).then_some(taken + 1)
            });
        match taken {
            Ok(_) => Ok(Slot {
                hasher: self.clone(),
                _place: Place(Arc::clone(&self.taken)),
            }),
            Err(_) => Err(Busy { retry_after_s: 2 }),
        }
    }

    /// How many requests are being worked on or wait.
    pub fn waiting(&self) -> usize {
        self.taken.load(Ordering::SeqCst)
    }
}

impl std::fmt::Debug for PasswordHasher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PasswordHasher")
            .field("capacity", &self.capacity)
            .field("waiting", &self.waiting())
            .finish_non_exhaustive()
    }
}

/// A place in the queue; given back when dropped.
#[derive(Debug)]
struct Place(Arc<AtomicUsize>);

impl Drop for Place {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

/// A reserved place: one hash can be made or compared.
#[derive(Debug)]
pub struct Slot {
    hasher: PasswordHasher,
    _place: Place,
}

impl Slot {
    /// Hashes a new password under 16 fresh random bytes.
    pub fn hash(self, password: Password, salt: [u8; 16]) -> Hashing<PasswordHash> {
        let cost = self.hasher.cost;
        self.run(move || {
            let hash: phc::PasswordHash = cost
                .argon2()
                .hash_password_with_salt(password.as_bytes(), &salt)
                .expect("a password of limited length under a salt of 16 bytes can be hashed");
            PasswordHash(hash.to_string())
        })
    }

    /// Whether the password belongs to the hash. Without a hash (an unknown user, one without
    /// password) the same work is done and the answer is no.
    pub fn verify(self, password: Password, hash: Option<PasswordHash>) -> Hashing<bool> {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| (*self.hasher.stranger).clone());
        let cost = self.hasher.cost;
        self.run(move || {
            let matches = phc::PasswordHash::new(hash.as_str()).is_ok_and(|hash| {
                // The parameters of the hash count, so old hashes go on working.
                cost.argon2()
                    .verify_password(password.as_bytes(), &hash)
                    .is_ok()
            });
            matches && known
        })
    }

    fn run<T: Send + 'static>(self, work: impl FnOnce() -> T + Send + 'static) -> Hashing<T> {
        let (give, take) = oneshot::channel();
        let queue = self.hasher.queue.clone();
        let work = Box::new(move || {
            let answer = work();
            drop(self);
            // Whoever asked may have gone away.
            let _ = give.send(answer);
        });
        queue
            .send(work)
            .expect("the threads live as long as this sender");
        Hashing(take)
    }
}

/// An answer that a hashing thread will give: awaited in async code, waited for elsewhere.
#[derive(Debug)]
#[must_use = "the answer says whether the password is right"]
pub struct Hashing<T>(oneshot::Receiver<T>);

const ALWAYS_ANSWERS: &str = "a hashing thread answers all it takes";

impl<T> Hashing<T> {
    /// Blocks this thread until the answer is there. Not for async code.
    pub fn wait(self) -> T {
        self.0.blocking_recv().expect(ALWAYS_ANSWERS)
    }
}

impl<T> Future for Hashing<T> {
    type Output = T;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<T> {
        Pin::new(&mut self.0)
            .poll(context)
            .map(|answer| answer.expect(ALWAYS_ANSWERS))
    }
}

#[cfg(test)]
mod tests {
    use super::{Busy, Cost, PasswordHasher};
    use crate::Password;

    fn password(text: &str) -> Password {
        Password::new(text.to_owned())
    }

    #[test]
    fn knows_the_right_password_only() {
        let hasher = PasswordHasher::start(Cost::FOR_TESTS, 2, 8).unwrap();
        let slot = || hasher.reserve().unwrap();
        let hash = slot().hash(password("老槐树"), [7; 16]).wait();
        assert!(hash.as_str().starts_with("$argon2id$v=19$m=64,t=1,p=1$"));
        assert!(slot().verify(password("老槐树"), Some(hash.clone())).wait());
        assert!(!slot().verify(password("老槐树 "), Some(hash)).wait());
        assert!(!slot().verify(password("老槐树"), None).wait());
        assert_eq!(hasher.waiting(), 0);
    }

    #[test]
    fn another_salt_gives_another_hash() {
        let hasher = PasswordHasher::start(Cost::FOR_TESTS, 1, 8).unwrap();
        let hash = |salt| {
            hasher
                .reserve()
                .unwrap()
                .hash(password("x"), [salt; 16])
                .wait()
        };
        assert_ne!(hash(1), hash(2));
        assert_eq!(hash(1), hash(1));
    }

    #[test]
    fn a_full_queue_says_busy_at_once() {
        let hasher = PasswordHasher::start(Cost::FOR_TESTS, 1, 2).unwrap();
        let first = hasher.reserve().unwrap();
        let second = hasher.reserve().unwrap();
        assert_eq!(hasher.reserve().unwrap_err(), Busy { retry_after_s: 2 });
        drop(first);
        let third = hasher.reserve().unwrap();
        assert!(!second.verify(password("x"), None).wait());
        drop(third);
        assert_eq!(hasher.waiting(), 0);
    }

    #[test]
    fn an_unknown_user_costs_the_same_work() {
        // The stranger's hash names the parameters in force, so verifying does the same passes
        // over the same memory; times are measured where nothing else runs.
        let hasher = PasswordHasher::start(Cost::DEFAULT, 1, 2).unwrap();
        let known = hasher
            .reserve()
            .unwrap()
            .hash(password("x"), [1; 16])
            .wait();
        let parameters = |hash: &str| hash.split('$').take(4).collect::<Vec<_>>().join("$");
        assert_eq!(
            parameters(known.as_str()),
            parameters(hasher.stranger.as_str())
        );
    }
}
