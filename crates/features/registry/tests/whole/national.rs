//! The places of the whole country, for whoever wants to know how long their import takes.

use std::time::Instant;

use registry::place_import::{ImportPlaces, PlacesImported};

use crate::world::in_each_world;

/// `XINGCUN_NATIONAL=list.csv cargo test -p registry --test whole -- --ignored --nocapture country`
#[test]
#[ignore = "needs a list of all places of the country, named by XINGCUN_NATIONAL"]
fn the_country_is_imported_and_again_changes_nothing() {
    let path = std::env::var("XINGCUN_NATIONAL").expect("the path of a list of places");
    let list = std::fs::read(path).unwrap();
    in_each_world(|world| {
        let file = world.upload(&list);
        for again in [false, true] {
            let begun = Instant::now();
            let import = ImportPlaces { file: file.clone() };
            let done: PlacesImported = world.test.by_rule(&import).unwrap();
            eprintln!(
                "{} added, {} unchanged in {:.1} s",
                done.added,
                done.unchanged,
                begun.elapsed().as_secs_f32()
            );
            assert_eq!(done.added == 0, again);
        }
    });
}
