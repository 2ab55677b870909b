//! One town of twelve villages under a short scheme: a finished quarter and one in progress. No such
//! place exists.

mod people;
pub(super) mod places;
pub(super) mod quarter;

use std::path::Path;

use kernel::{Day, Instant};
use web::Locale;

use super::stage::{Stage, Staged};
use crate::folder::Config;

/// Commands that the story sends, about.
const COMMANDS: u64 = 245;
/// Where the business clock stands when the town is first served: 2026-10-14 09:20.
const STARTS_AT: Instant = Instant(1_791_940_800_000);

/// Makes it in a fresh folder.
pub fn prepare(dir: &Path, config: &Config, l: &Locale) -> Staged<()> {
    let start = Day::new(2026, 6, 29).ok_or("a day")?;
    let mut stage = Stage::set_up(dir, config, start, COMMANDS, l)?;
    stage.says("demo-places");
    places::import_places(&mut stage)?;
    stage.says("demo-people");
    let cast = people::cast(&mut stage)?;
    places::import_organisations(&mut stage, cast.clerk)?;
    quarter::finished(&mut stage, &cast)?;
    quarter::in_progress(&mut stage, &cast)?;
    stage.finish(STARTS_AT)
}
