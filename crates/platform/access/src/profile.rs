//! The settings of sign-in: the modern profile by default, the one of 等保三级 beside it.

/// Milliseconds in a minute.
const MINUTE_MS: i64 = 60_000;
/// Milliseconds in a day.
const DAY_MS: i64 = kernel::time::DAY_MS;

/// The settings of sign-in, passwords and sessions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Profile {
    /// Shortest password, in characters.
    pub password_min: usize,
    /// Longest password, in characters; long enough that nobody's phrase is cut.
    pub password_max: usize,
    /// How many of lower case, upper case, digits and other characters a password must mix;
    /// 0 = no such rule (ASVS 6.2.5).
    pub password_classes: usize,
    /// After how many days a password must be changed; `None` = never (ASVS 6.2.10).
    pub password_days: Option<i64>,
    /// Failed attempts that cost nothing.
    pub free_failures: i64,
    /// The first wait after them; each further failure doubles it.
    pub first_wait_ms: i64,
    /// The longest wait: a soft lock never becomes a hard one.
    pub longest_wait_ms: i64,
    /// After how long without attempts the failures are forgotten.
    pub forget_failures_ms: i64,
    /// Failed attempts from one address that cost nothing, beside the account's own: about fifty
    /// times as many, because villages share addresses.
    pub address_failures: i64,
    /// One of them is forgiven in each such time; beyond them, one attempt is let through in it.
    pub address_failure_ms: i64,
    /// How long a session lasts without being used.
    pub idle_ms: i64,
    /// How long a session lasts at all.
    pub absolute_ms: i64,
    /// How long a password counts as fresh for privileged actions.
    pub fresh_ms: i64,
    /// How long the code may follow the password at sign-in.
    pub half_sign_in_ms: i64,
    /// How long a one-time setup token is valid.
    pub setup_token_ms: i64,
    /// How long an activation slip is valid, from its issue or release.
    pub slip_ms: i64,
    /// How long a device is known after a sign-in on it.
    pub device_ms: i64,
}

impl Profile {
    /// The default (OWASP ASVS 5.0): length and a list of common passwords instead of
    /// composition and expiry.
    pub const MODERN: Profile = Profile {
        password_min: 12,
        password_max: 128,
        password_classes: 0,
        password_days: None,
        free_failures: 5,
        first_wait_ms: 30_000,
        longest_wait_ms: 15 * MINUTE_MS,
        forget_failures_ms: DAY_MS,
        address_failures: 250,
        address_failure_ms: 5 * MINUTE_MS,
        idle_ms: 60 * MINUTE_MS,
        absolute_ms: 12 * 60 * MINUTE_MS,
        fresh_ms: 10 * MINUTE_MS,
        half_sign_in_ms: 5 * MINUTE_MS,
        setup_token_ms: 30 * MINUTE_MS,
        slip_ms: 14 * DAY_MS,
        device_ms: 90 * DAY_MS,
    };

    /// Classified protection level 3 (GB/T 22239): complexity, 90-day change, shorter idling.
    pub const GRADED_3: Profile = Profile {
        password_classes: 3,
        password_days: Some(90),
        idle_ms: 15 * MINUTE_MS,
        ..Profile::MODERN
    };

    /// How long to wait after that many failures in a row, in milliseconds.
    pub fn wait_ms(&self, failures: i64) -> i64 {
        let over = failures - self.free_failures;
        if over < 0 {
            return 0;
        }
        let doubled = u32::try_from(over)
            .ok()
            .and_then(|over| 1_i64.checked_shl(over))
            .filter(|factor| *factor > 0)
            .and_then(|factor| self.first_wait_ms.checked_mul(factor));
        doubled
            .unwrap_or(self.longest_wait_ms)
            .min(self.longest_wait_ms)
    }
}

#[cfg(test)]
mod tests {
    use super::Profile;

    #[test]
    fn waits_double_up_to_a_limit() {
        let profile = Profile::MODERN;
        for (failures, wait_s) in [
            (0, 0),
            (4, 0),
            (5, 30),
            (6, 60),
            (9, 480),
            (10, 900),
            (70, 900),
            (i64::MAX, 900),
        ] {
            assert_eq!(profile.wait_ms(failures), wait_s * 1_000, "{failures}");
        }
    }
}
