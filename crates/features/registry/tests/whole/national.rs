//! The places of the whole country, for whoever wants to know how long their import takes.

use std::time::Instant;

use registry::place_import::{ImportPlaces, PlacesImported};

use crate::world::in_each_world;

/// Rows of one part: one command writes at most 200,000 rows, as many as a leaf of the journal
/// names.
const PART: usize = 150_000;

/// `XINGCUN_NATIONAL=list.csv cargo test -p registry --test whole -- --ignored --nocapture country`
///
/// The list must name what stands above first, as a list in the order of the codes does.
#[test]
#[ignore = "needs a list of all places of the country, named by XINGCUN_NATIONAL"]
fn the_country_is_imported_in_parts_and_again_changes_nothing() {
    let path = std::env::var("XINGCUN_NATIONAL").expect("the path of a list of places");
    let list = std::fs::read_to_string(path).unwrap();
    let (head, rows) = list.split_once('\n').expect("a head and rows");
    let rows: Vec<&str> = rows.lines().collect();
    in_each_world(|world| {
        for again in [false, true] {
            let begun = Instant::now();
            let (mut added, mut unchanged) = (0, 0);
            for part in rows.chunks(PART) {
                let part = format!("{head}\n{}\n", part.join("\n"));
                let file = world.upload(part.as_bytes());
                let done: PlacesImported = world.test.by_rule(&ImportPlaces { file }).unwrap();
                added += done.added;
                unchanged += done.unchanged;
            }
            eprintln!(
                "{added} added, {unchanged} unchanged in {:.1} s",
                begun.elapsed().as_secs_f32()
            );
            assert_eq!(added == 0, again);
        }
    });
}
