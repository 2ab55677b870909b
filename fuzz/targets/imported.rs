//! Every import that a table may be meant for.

use directory::import::{PlaceIndex, accounts, organisations, people, places};
use directory::sheet::Sheet;
use kernel::{Day, PlaceId};

/// Reads a table as each of them.
pub fn read(sheet: &Sheet) {
    let today: Day = "2026-11-22".parse().expect("a day");
    let index = PlaceIndex::default();
    if let Ok(roster) = places::read(sheet) {
        let _ = places::plan(sheet, &roster, &[], today, &mut PlaceId::default);
    }
    let _ = people::read(sheet, &index, today);
    let _ = organisations::read(sheet, &index, &[], today, &mut Default::default);
    let _ = accounts::read(sheet, &index);
}
