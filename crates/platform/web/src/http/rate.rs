//! How many requests an account and an address may send: what is over it is answered 429 at once.
//!
//! Buckets of `governor`, kept in memory: a restart forgives everything. Guessing passwords has
//! limits of its own, which are on disk (`access::sign_in`).

use std::hash::Hash;
use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU64, Ordering};

use access::AccountId;
use app::App;
use governor::clock::Clock;
use governor::middleware::NoOpMiddleware;
use governor::nanos::Nanos;
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};

/// An address may send so many times what an account may: villages share addresses.
const ACCOUNTS_OF_ADDRESS: u32 = 50;
/// After so many requests, buckets that are full again are forgotten.
const FORGET_EACH: u64 = 4096;

/// The buckets.
pub(crate) struct Rates {
    accounts: Limiter<AccountId>,
    addresses: Limiter<IpAddr>,
    asked: AtomicU64,
}

type Limiter<K> = RateLimiter<K, HashMapStateStore<K>, SessionClock, NoOpMiddleware<Nanos>>;

/// The clock of sessions: the machine's, except in tests.
#[derive(Clone)]
struct SessionClock(App);

impl Clock for SessionClock {
    type Instant = Nanos;

    fn now(&self) -> Nanos {
        let ms = u64::try_from(self.0.session_clock().now().0).unwrap_or(0);
        Nanos::from(ms.saturating_mul(1_000_000))
    }
}

impl Rates {
    /// Buckets for an average of `per_minute` requests of one account, with half of that at once.
    pub fn new(app: &App, per_minute: NonZeroU32) -> Rates {
        Rates {
            accounts: limiter(app, per_minute),
            addresses: limiter(
                app,
                per_minute.saturating_mul(
                    NonZeroU32::new(ACCOUNTS_OF_ADDRESS).expect("fifty is not zero"),
                ),
            ),
            asked: AtomicU64::new(0),
        }
    }

    /// Counts a request of an account; how many seconds to wait where it is one too many.
    pub fn account(&self, account: AccountId) -> Result<(), u32> {
        check(&self.accounts, &account)
    }

    /// Counts a request from an address; how many seconds to wait where it is one too many.
    pub fn address(&self, address: IpAddr) -> Result<(), u32> {
        if self.asked.fetch_add(1, Ordering::Relaxed) % FORGET_EACH == FORGET_EACH - 1 {
            self.accounts.retain_recent();
            self.addresses.retain_recent();
        }
        check(&self.addresses, &household(address))
    }
}

fn limiter<K: Hash + Eq + Clone>(app: &App, per_minute: NonZeroU32) -> Limiter<K> {
    let half = NonZeroU32::new(per_minute.get() / 2).unwrap_or(NonZeroU32::MIN);
    let quota = Quota::per_minute(per_minute).allow_burst(half);
    RateLimiter::hashmap_with_clock(quota, SessionClock(app.clone()))
}

fn check<K: Hash + Eq + Clone>(limiter: &Limiter<K>, key: &K) -> Result<(), u32> {
    limiter.check_key(key).map_err(|until| {
        let wait = until.wait_time_from(limiter.clock().now());
        u32::try_from(wait.as_secs())
            .unwrap_or(u32::MAX)
            .saturating_add(1)
    })
}

/// An IPv6 network counts as one address: a household has 2^64 of them.
pub(crate) fn household(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => IpAddr::V4(address),
        IpAddr::V6(address) => {
            let network = address.to_bits() & (u128::MAX << 64);
            IpAddr::V6(Ipv6Addr::from_bits(network))
        }
    }
}
