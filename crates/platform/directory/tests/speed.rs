//! A roster of a province goes in by whole passes: the number of statements does not grow with the
//! rows. Prints how long it took; `cargo test -p directory --test speed -- --nocapture`.
#![allow(missing_docs, clippy::unwrap_used, reason = "tests")]

use std::fmt::Write as _;
use std::time::Instant as Clock;

use directory::import::places;
use directory::sheet::{self, LIMITS};
use directory::{PlainRecorder, WriteError, place};
use kernel::{CommandId, Day, Id, Instant, PlaceId, Tenant};
use store::Connection;

const TENANT: Tenant = Tenant(7);

/// 1 city, 10 counties, `towns` towns in each, 50 villages in each town.
fn roster(towns: u32) -> String {
    let mut csv = String::from("code,name,level\n370700000000,甲市,city\n");
    for county in 1..=10 {
        writeln!(csv, "3707{county:02}000000,第{county}县,county").unwrap();
        for town in 0..towns {
            let town = 100 + town;
            writeln!(csv, "3707{county:02}{town}000,第{town}镇,town").unwrap();
            for village in 201..=250 {
                writeln!(
                    csv,
                    "3707{county:02}{town}{village},第{village}村民委员会,village"
                )
                .unwrap();
            }
        }
    }
    csv
}

fn bring_in(store: &store::testing::TestStore, csv: &str) -> (usize, usize) {
    let sheet = sheet::read(csv.as_bytes(), &LIMITS).unwrap();
    let roster = places::read(&sheet).unwrap();
    let today = Day::new(2026, 6, 30).unwrap();
    let write = move |connection: &mut dyn Connection| -> Result<_, WriteError> {
        let existing = place::tree_on(connection, TENANT, today)?;
        let mut last = existing.len() as u64;
        let mut next = || {
            last += 1;
            let mut bytes = [0; 16];
            bytes[8..].copy_from_slice(&last.to_be_bytes());
            PlaceId(Id::from_bytes(bytes))
        };
        let plan = places::plan(&sheet, &roster, &existing, today, &mut next);
        let plan = plan.map_err(WriteError::Findings)?;
        let mut recorder = PlainRecorder {
            connection,
            tenant: TENANT,
            command: CommandId::default(),
            now: Instant(today.start().0 + 1),
        };
        place::write_places(&mut recorder, &plan.drafts)?;
        Ok((plan.drafts.len(), plan.unchanged))
    };
    store.store.write(write).wait().unwrap()
}

#[test]
fn fifty_thousand_places_go_in_and_again_change_nothing() {
    for store in store::testing::each(&[directory::SCHEMA]) {
        let csv = roster(98);
        let begun = Clock::now();
        let (written, _) = bring_in(&store, &csv);
        println!("{written} places in {:?}", begun.elapsed());
        assert_eq!(written, 1 + 10 * (1 + 98 * 51));
        let begun = Clock::now();
        assert_eq!(bring_in(&store, &csv), (0, written));
        println!("again in {:?}", begun.elapsed());
        let village: kernel::DivisionCode = "370705150225".parse().unwrap();
        let above = store.store.read(move |c| {
            let found = place::by_code(c, TENANT, village)?.unwrap();
            place::ancestors(c, TENANT, found.place)
        });
        assert_eq!(above.wait().unwrap().len(), 4);
    }
}
