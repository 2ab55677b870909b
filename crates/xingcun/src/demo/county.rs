//! The whole invented county: 370 villages in ten towns and two streets under the scheme of forty
//! indicators, three finished quarters and one in progress. No such place exists.

mod appeals;
mod disputes;
mod events;
mod people;
mod places;
mod rounds;
mod story;
mod values;

use std::path::Path;

use kernel::{Day, Instant};
use web::Locale;

use super::stage::{Stage, Staged};
use crate::folder::Config;

/// Commands that the story sends, about.
const COMMANDS: u64 = 18_800;
/// Where the business clock stands when the county is first served: 2026-11-03 09:20.
const STARTS_AT: Instant = Instant(1_793_668_800_000);

/// Makes it in a fresh folder.
pub fn prepare(dir: &Path, config: &Config, l: &Locale) -> Staged<()> {
    let start = Day::new(2025, 12, 29).ok_or("a day")?;
    let mut stage = Stage::set_up(dir, config, start, COMMANDS, l)?;
    stage.says("demo-places");
    places::import(&mut stage)?;
    stage.says("demo-people");
    let cast = people::cast(&mut stage)?;
    story::tell(&stage, &cast)?;
    stage.finish(STARTS_AT)
}
