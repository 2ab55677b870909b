//! Rows changed behind the program's back.

use app::Recounted;
use assessment::result::recount::recount;

use crate::world::{VILLAGES, World, each, refused};

store::statements! {
    /// What whoever has the database file can do.
    CHANGE_CELL = "UPDATE cell SET counts = '99', reviewed = '99' \
        WHERE tenant = $1 AND round = $2 AND subject_no = 1 AND item_no = 1";
    /// SQLite guards the record; PostgreSQL has no such trigger and refuses the words.
    FREE_LINES = "DROP TRIGGER posted_row_no_UPDATE";
    FREE_RESULTS = "DROP TRIGGER posted_result_no_UPDATE";
    FREE_VALUES = "DROP TRIGGER value_event_no_UPDATE";
    CHANGE_LINE = "UPDATE posted_row SET score = '99' \
        WHERE tenant = $1 AND round = $2 AND version = 1 AND subject_no = 2";
    CHANGE_DIGEST = "UPDATE posted_result SET results_digest = plan_digest \
        WHERE tenant = $1 AND round = $2 AND version = 2";
    CHANGE_VALUE = "UPDATE value_event SET value = '1' \
        WHERE tenant = $1 AND round = $2 AND subject_no = 3 AND kind = 'reviewed'";
}

fn recounted(world: &World<'_>) -> Recounted {
    let (store, tenant) = (world.app.app.store(), world.app.tenant);
    let result = store.read(move |c| recount(c, tenant)).wait();
    result.unwrap()
}

#[test]
fn a_posted_result_is_computed_again_and_a_difference_is_named() {
    each(|world| {
        let round = world.posted();
        let appeal = world.lodge(round, 11, Some("households_visited")).unwrap();
        let corrected = [("households_visited", "399")];
        assert_eq!(world.uphold(appeal, &corrected).unwrap().version, Some(2));
        let found = recounted(world);
        assert_eq!((found.compared, found.differing), (2, Vec::new()));
        let tenant = world.app.tenant;
        for free in [&FREE_LINES, &FREE_RESULTS, &FREE_VALUES] {
            let work = move |c: &mut dyn store::Connection| c.execute(free, &[]);
            let _: Result<u64, store::StoreError> = world.app.app.store().write(work).wait();
        }
        let change = |statement: &'static store::Statement| {
            let key = store::values![tenant, round];
            let work = move |c: &mut dyn store::Connection| c.execute(statement, &key);
            let changed = world.app.app.store().write(work).wait();
            assert!(changed.is_ok_and(|rows: u64| rows > 0));
            recounted(world).differing
        };
        let found = change(&CHANGE_LINE);
        assert_eq!(found, ["云岭县 2026-Q3 v1 石桥村"]);
        let found = change(&CHANGE_DIGEST);
        assert_eq!(found[1..], ["云岭县 2026-Q3 v2"]);
        let found = change(&CHANGE_VALUE);
        assert!(
            found.contains(&"云岭县 2026-Q3 v2 槐店村".to_owned()),
            "{found:?}"
        );
    });
}

#[test]
fn no_result_is_computed_from_a_row_that_was_changed_behind_the_record() {
    each(|world| {
        let round = world.open();
        world.review_all(round, &VILLAGES.map(|(village, _, _)| village));
        let tenant = world.app.tenant;
        let changed = world
            .app
            .app
            .store()
            .write(move |c| c.execute(&CHANGE_CELL, &store::values![tenant, round]))
            .wait();
        assert_eq!(changed, Ok::<u64, store::StoreError>(1));
        assert_eq!(
            refused(world.compute(round)),
            "Invalid cells-not-as-recorded"
        );
    });
}
