//! Invented pieces for the samples of pages, and the one figure that several pages share.

use kernel::{CommandId, Day, Decimal, Id, Instant, Period};
use web::{FormStart, Locale};

use crate::view;

/// An ordinary village.
pub(crate) const VILLAGE: &str = "清河镇 柳湾村";
/// The longest name that is likely: a village of an autonomous county.
pub(crate) const LONGEST_PLACE: &str = "双江拉祜族佤族布朗族傣族自治县勐勐镇忙乐村";

pub(crate) fn now() -> Instant {
    let day = Day::new(2026, 10, 14).expect("a day of the calendar");
    Instant(day.start().0 + 9 * 3_600_000)
}

pub(crate) fn id() -> Id {
    Id::new(now().0, [1; 10])
}

pub(crate) fn start() -> FormStart {
    FormStart {
        csrf: "sample".to_owned(),
        id: CommandId(id()),
    }
}

pub(crate) fn round_title(l: &Locale) -> String {
    let period = Period::quarter(2026, 3).expect("a quarter");
    let scheme = l
        .choose("强基振兴指数", "Village strength index")
        .to_owned();
    let period = view::period(l, period);
    l.text("round-title")
        .arg("scheme", scheme)
        .arg("period", period)
        .to_string()
}

/// How much of a full mark is reached, in whole percent for a bar.
pub(crate) fn percent(counted: Option<Decimal>, full: Decimal) -> u8 {
    let hundred = Decimal::from_int(100);
    let share = counted
        .and_then(|counted| counted.mul(hundred).ok())
        .and_then(|counted| counted.div(full).ok())
        .map(|share| share.round(0, kernel::Rounding::Floor));
    let share = share.and_then(|share| share.rescale_exact(0)).unwrap_or(0);
    u8::try_from(share.clamp(0, 100)).unwrap_or(0)
}
