//! A load that comes when it is due, whether or not the answers before it have come: what waits in
//! a queue is counted from the moment when it should have been sent.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use super::Failed;

/// What one visitor does when a request is due, by the request's number.
pub type Visit = Box<dyn FnMut(u64) -> Result<(), Failed> + Send>;

/// How long answers took, sorted.
pub struct Took(Vec<Duration>);

impl Took {
    /// The time within which so many of a thousand were answered.
    pub fn within(&self, of_thousand: usize) -> Duration {
        let last = self.0.len().saturating_sub(1);
        let at = (self.0.len() * of_thousand / 1000).min(last);
        self.0.get(at).copied().unwrap_or(Duration::MAX)
    }

    /// p50, p99 and the slowest, in words.
    pub fn told(&self) -> String {
        format!(
            "p50 {:.1} ms, p99 {:.1} ms, slowest {:.1} ms of {}",
            ms(self.within(500)),
            ms(self.within(990)),
            ms(self.within(1000)),
            self.0.len()
        )
    }
}

/// For people to read; nothing is decided by it.
#[allow(clippy::float_arithmetic, reason = "a duration that is printed")]
fn ms(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}

/// Sends requests at a steady rate for some seconds, each by whichever visitor is free.
pub fn steady(visits: Vec<Visit>, per_second: u64, seconds: u64) -> Result<Took, Failed> {
    let next = AtomicU64::new(0);
    let total = per_second * seconds;
    let begun = Instant::now() + Duration::from_millis(50);
    let took = std::thread::scope(|scope| {
        let work = |mut visit: Visit| {
            let next = &next;
            scope.spawn(move || -> Result<Vec<Duration>, String> {
                let mut took = Vec::new();
                loop {
                    let number = next.fetch_add(1, Ordering::SeqCst);
                    if number >= total {
                        return Ok(took);
                    }
                    let due = begun + Duration::from_micros(number * 1_000_000 / per_second);
                    std::thread::sleep(due.saturating_duration_since(Instant::now()));
                    visit(number).map_err(|error| error.to_string())?;
                    took.push(due.elapsed());
                }
            })
        };
        let workers: Vec<_> = visits.into_iter().map(work).collect();
        let mut all = Vec::new();
        for worker in workers {
            all.extend(worker.join().map_err(|_| "a visitor broke")??);
        }
        Ok::<_, Failed>(all)
    });
    let mut took = took?;
    took.sort_unstable();
    Ok(Took(took))
}
