//! What the books of the whole county say and what its people declare: invented, the same every
//! time, from one number for each village, quarter and item.

/// A village in a quarter of the story.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Point {
    /// The village by number.
    pub village: usize,
    /// The quarter: 0 is the fourth of 2025, 3 the third of 2026.
    pub quarter: usize,
}

/// The village that reaches 95 points and a place in the top twenty in the second quarter of 2026,
/// as one village of the source did at a mid-term (CL-12).
pub const MODEL: usize = 4;
/// The quarter in which it does.
pub const MODEL_QUARTER: usize = 2;
/// The village whose collective has 52 wan at the end of October against 35 wan in the whole year
/// before, as one village of the source (CL-14).
pub const RISING: usize = 21;
/// Its income of 2025, in yuan.
const RISING_BEFORE: u64 = 350_000;
/// Its income of 2026 to the end of October, in yuan.
const RISING_NOW: u64 = 520_000;

/// A number that looks like chance and is the same every time (`SplitMix64` over the parts).
fn dice(village: usize, quarter: usize, item: &str) -> u64 {
    let mut state = 0x5869_6e67_6375_6e31_u64;
    let parts = [village as u64, quarter as u64];
    for part in parts.into_iter().chain(item.bytes().map(u64::from)) {
        state = (state ^ part).wrapping_add(0x9e37_79b9_7f4a_7c15);
        state = (state ^ state >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        state = (state ^ state >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        state ^= state >> 31;
    }
    state
}

/// A number that a village keeps through all quarters, in a closed range.
fn stable(village: usize, item: &str, least: u64, most: u64) -> u64 {
    least + dice(village, usize::MAX, item) % (most - least + 1)
}

impl Point {
    /// How well the village does: 0 to 100, mostly in the middle, moving a little by quarter.
    fn diligence(self) -> u64 {
        let base = stable(self.village, "a", 0, 50) + stable(self.village, "b", 0, 50);
        let moved = base + dice(self.village, self.quarter, "drift") % 25;
        moved.saturating_sub(12).min(100)
    }

    /// How far the village lags behind in an item: 0 (mostly) to 4.
    fn lag(self, item: &str) -> u64 {
        if self.is_model() {
            return 0;
        }
        let chance = dice(self.village, self.quarter, item) % 100;
        let well = 40 + self.diligence() * 11 / 20;
        match chance.checked_sub(well) {
            None => 0,
            Some(behind) => 1 + behind * 4 / (101 - well),
        }
    }

    /// Whether the village lags far behind in an item.
    pub fn falls_short(self, item: &str) -> bool {
        self.lag(item) > 2
    }

    /// Whether this is the village of 95 points in its quarter.
    pub fn is_model(self) -> bool {
        (self.village, self.quarter) == (MODEL, MODEL_QUARTER)
    }

    /// What is done of something due: all of it, or less where the village lags.
    fn done(self, item: &str, due: &str) -> u64 {
        let due = self.number(due);
        due - (due * self.lag(item) * 9).div_ceil(100).min(due)
    }

    /// A number of this quarter in a closed range.
    fn own(self, item: &str, least: u64, most: u64) -> u64 {
        least + dice(self.village, self.quarter, item) % (most - least + 1)
    }

    /// A mark of so many hundredths that falls with the lag.
    fn falling(self, item: &str, best: u64, by: u64) -> String {
        let best = if self.is_model() {
            best
        } else {
            best - self.own("shade", 0, by)
        };
        let hundredths = best - by * self.lag(item);
        format!("{}.{:02}", hundredths / 100, hundredths % 100)
    }

    /// The whole numbers among the items.
    fn number(self, item: &str) -> u64 {
        let village = self.village;
        match item {
            "posts_due" => stable(village, item, 5, 7),
            "posts_filled" => self.number("posts_due") - self.lag(item).div_ceil(2),
            "matters_major" => self.own(item, 2, 6),
            "matters_deliberated" => self.done(item, "matters_major"),
            "reserves" => 3 - self.lag(item).min(3),
            "meetings_held" => 7 - self.lag(item),
            "members" => stable(village, item, 28, 96),
            "members_trained" => self.done(item, "members"),
            "vanguard_deeds" => 24 - 4 * self.lag(item),
            "floating" => stable(village, item, 0, 9),
            "floating_contacted" => self.done(item, "floating"),
            "channels" if self.is_model() => 3,
            "channels" | "study_days" => 4 - self.lag(item),
            "pledges" => stable(village, item, 6, 10),
            "pledges_kept" => self.done(item, "pledges"),
            "households" => stable(village, item, 96, 486),
            "households_visited" => self.done(item, "households"),
            "care_visits_due" => 3 * stable(village, item, 4, 22),
            "care_visits" => self.done(item, "care_visits_due"),
            "requests" => self.own(item, 4, 26),
            "requests_closed" => self.done(item, "requests"),
            "contracts" => stable(village, item, 3, 21),
            "contracts_filed" => self.done(item, "contracts"),
            "jobs_made" if self.is_model() => 60,
            "jobs_made" => 64 - 11 * self.lag(item),
            "skills_trained" => 44 - 8 * self.lag(item),
            "low_income" => stable(village, item, 0, 12),
            "low_income_helped" => self.done(item, "low_income"),
            "disclosure_due" => stable(village, item, 18, 28),
            "disclosed" => self.done(item, "disclosure_due"),
            "disputes" => self.own(item, 0, 7),
            "disputes_settled" => self.done(item, "disputes"),
            "grid_matters" => self.own(item, 12, 88),
            "grid_closed" => self.done(item, "grid_matters"),
            "proxy" => self.own(item, 6, 64),
            "proxy_done" => self.done(item, "proxy"),
            "policy_due" => stable(village, item, 10, 90),
            "policy_paid" => self.done(item, "policy_due"),
            "facilities" => stable(village, item, 9, 40),
            "facilities_working" => self.done(item, "facilities"),
            "area_joined" if self.is_model() => 0,
            "area_joined" => u64::from(stable(village, item, 0, 99) < 45),
            // Everything else is ticked or not.
            _ => u64::from(self.lag(item) < 2),
        }
    }

    /// What stands in the books or is declared of an item, as a decimal.
    pub fn value(self, item: &str) -> String {
        match item {
            "collective_income" => {
                let year = if self.quarter == 0 { 2025 } else { 2026 };
                yuan(income(self.village, year, (self.quarter + 3) % 4))
            }
            "funds_used" => self.falling(item, 9_600, 900),
            "tasks_on_time" => self.falling(item, 10_000, 450),
            "rating" if self.is_model() => "88.00".to_owned(),
            "rating" => self.falling(item, 9_700, 420),
            "environment_check" => {
                let mark = self.falling(item, 9_600, 480);
                mark[..mark.len() - 1].to_owned()
            }
            "coop_share" if self.is_model() => "42.00".to_owned(),
            "coop_share" => format!("{}.00", stable(self.village, item, 6, 82)),
            _ => self.number(item).to_string(),
        }
    }
}

/// Yuan with two places.
fn yuan(whole: u64) -> String {
    format!("{whole}.00")
}

/// Shares of a year's income that have come in by the end of each quarter, in percent.
const BY_QUARTER: [u64; 4] = [23, 48, 74, 100];

/// Income of a village's collective from the first day of the year to the end of a quarter (0 to
/// 3), in yuan. No village stays below 10 wan in 2025 (CL-14).
fn income(village: usize, year: u16, quarter: usize) -> u64 {
    let before = match village {
        MODEL => 1_200_000,
        RISING => RISING_BEFORE,
        _ => {
            let scale = stable(village, "scale", 0, 60);
            100_000 + scale * scale * 300 + stable(village, "income", 0, 40_000)
        }
    };
    let growth = match village {
        MODEL => 125,
        _ => stable(village, "growth", 96, 122),
    };
    let percent = if year < 2026 { 100 } else { growth };
    let by_now = before * BY_QUARTER[quarter] / 100 * percent / 100;
    match (village, year, quarter) {
        (RISING, 2026, 2) => 468_000,
        _ => by_now,
    }
}

/// Income in 2025 to the end of a quarter (0 to 3): what this year's is compared with.
pub fn income_a_year_before(point: Point) -> String {
    match point.quarter {
        0 => yuan(income(point.village, 2025, 3) * 93 / 100),
        quarter => yuan(income(point.village, 2025, quarter - 1)),
    }
}

/// Income from January to October 2026.
pub fn income_to_october(village: usize) -> String {
    yuan(match village {
        RISING => RISING_NOW,
        _ => income(village, 2026, 2) * 113 / 100,
    })
}

/// Income of the whole of 2025.
pub fn income_of_2025(village: usize) -> String {
    yuan(income(village, 2025, 3))
}

/// Whether a village, by number, belongs to a sparse choice: about one in so many, another choice
/// for each purpose.
pub fn chosen(point: Point, purpose: &str, one_in: u64) -> bool {
    dice(point.village, point.quarter, purpose).is_multiple_of(one_in)
}

/// One of so many things for a village's item.
pub fn pick(point: Point, item: &str, of: usize) -> usize {
    usize::try_from(dice(point.village, point.quarter, item) % of as u64).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::{super::places::VILLAGES, *};

    #[test]
    fn numbers_are_the_same_every_time_and_nobody_does_more_than_is_due() {
        for village in 0..VILLAGES {
            for quarter in 0..4 {
                let point = Point { village, quarter };
                for (done, due) in [
                    ("posts_filled", "posts_due"),
                    ("households_visited", "households"),
                    ("policy_paid", "policy_due"),
                ] {
                    assert!(point.number(done) <= point.number(due), "{point:?} {done}");
                }
                assert_eq!(point.value("rating"), point.value("rating"));
            }
        }
        assert_eq!(income_to_october(RISING), "520000.00");
        assert_eq!(income_of_2025(RISING), "350000.00");
    }
}
