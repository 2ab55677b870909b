//! Time and randomness come in through these two doors only.

use std::sync::atomic::{AtomicI64, Ordering};

use kernel::Instant;

/// The business clock. Domain code never asks the machine for the time.
pub trait Clock: Send + Sync {
    /// The present instant.
    fn now(&self) -> Instant;

    /// Sets the distance to the machine's clock, in milliseconds, where this clock has one (the
    /// demonstration's). Never backwards; other clocks do nothing.
    fn shift_to(&self, offset_ms: i64) {
        let _ = offset_ms;
    }
}

/// The machine's own clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that asks the machine's clock"
    )]
    fn now(&self) -> Instant {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        // A machine set before 1970 is treated as standing at 1970.
        let ms = since.map_or(0, |elapsed| {
            i64::try_from(elapsed.as_millis()).unwrap_or(i64::MAX)
        });
        Instant(ms)
    }
}

/// A clock that stands still until it is set: for tests and for generating the demonstration.
#[derive(Debug)]
pub struct ManualClock(AtomicI64);

impl ManualClock {
    /// A clock standing at `now`.
    pub fn at(now: Instant) -> ManualClock {
        ManualClock(AtomicI64::new(now.0))
    }

    /// Sets the clock, forward or back.
    pub fn set(&self, now: Instant) {
        self.0.store(now.0, Ordering::SeqCst);
    }

    /// Moves the clock by `ms` milliseconds.
    pub fn advance(&self, ms: i64) {
        self.0.fetch_add(ms, Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Instant {
        Instant(self.0.load(Ordering::SeqCst))
    }
}

/// The demonstration's business clock: the machine's clock shifted by an offset that only grows.
#[derive(Debug, Default)]
pub struct ShiftedClock(AtomicI64);

impl ShiftedClock {
    /// A clock `offset_ms` away from the machine's.
    pub fn new(offset_ms: i64) -> ShiftedClock {
        ShiftedClock(AtomicI64::new(offset_ms))
    }

    /// Sets the offset as it was kept, before anything has asked this clock for the time.
    pub fn start_at(&self, offset_ms: i64) {
        self.0.store(offset_ms, Ordering::SeqCst);
    }

    /// Milliseconds between this clock and the machine's.
    pub fn offset_ms(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }
}

impl Clock for ShiftedClock {
    fn now(&self) -> Instant {
        Instant(SystemClock.now().0.saturating_add(self.offset_ms()))
    }

    fn shift_to(&self, offset_ms: i64) {
        self.0.fetch_max(offset_ms, Ordering::SeqCst);
    }
}

/// The source of random bytes for ids, salts, nonces and tokens.
pub trait Entropy: Send + Sync {
    /// Thirty-two fresh random bytes.
    fn draw(&self) -> [u8; 32];
}

/// The operating system's randomness.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    fn draw(&self) -> [u8; 32] {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).expect("the operating system always has randomness after boot");
        bytes
    }
}

/// Repeatable bytes from a seed: for tests and for generating the demonstration.
#[derive(Debug)]
pub struct SeededEntropy {
    seed: [u8; 32],
    drawn: std::sync::atomic::AtomicU64,
}

impl SeededEntropy {
    /// The sequence that belongs to `seed`.
    pub fn new(seed: [u8; 32]) -> SeededEntropy {
        SeededEntropy {
            seed,
            drawn: std::sync::atomic::AtomicU64::new(0),
        }
    }
}

impl Entropy for SeededEntropy {
    fn draw(&self) -> [u8; 32] {
        derive(&self.seed, self.drawn.fetch_add(1, Ordering::SeqCst))
    }
}

/// Bytes that follow from a seed and a counter: a command draws its seed once before its
/// transaction and derives every id, salt and nonce from it, so that a re-run gives the same.
pub fn derive(seed: &[u8; 32], counter: u64) -> [u8; 32] {
    use sha2::Digest;
    let mut hash = sha2::Sha256::new();
    hash.update(b"xingcun entropy 1\0");
    hash.update(seed);
    hash.update(counter.to_be_bytes());
    hash.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_demonstration_clock_only_goes_forward() {
        let clock = ShiftedClock::new(1_000);
        clock.shift_to(500);
        assert_eq!(clock.offset_ms(), 1_000);
        clock.shift_to(2_000);
        assert_eq!(clock.offset_ms(), 2_000);
        assert!(clock.now().0 >= SystemClock.now().0 + 1_900);
    }

    #[test]
    fn seeded_bytes_repeat_and_differ() {
        let (a, b) = (SeededEntropy::new([7; 32]), SeededEntropy::new([7; 32]));
        let first = a.draw();
        assert_eq!(first, b.draw());
        assert_ne!(first, a.draw());
        assert_ne!(first, SeededEntropy::new([8; 32]).draw());
    }
}
