//! Rows changed behind the program's back.

use crate::world::{VILLAGES, each, refused};

store::statements! {
    /// What whoever has the database file can do.
    CHANGE_CELL = "UPDATE cell SET counts = '99', reviewed = '99' \
        WHERE tenant = $1 AND round = $2 AND subject_no = 1 AND item_no = 1";
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
