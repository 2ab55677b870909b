//! From a published scheme to a final rank.

use assessment::round;
use assessment::transition::RoundState;

use crate::world::{VILLAGES, each, refused};

#[test]
fn a_quarter_is_carried_to_a_final_rank() {
    each(|world| {
        let round = world.open();
        let villages = VILLAGES.map(|(village, ..)| village);
        world.review_all(round, &villages);
        let computed = world.compute(round).unwrap();
        assert_eq!(computed.state, "provisional");
        let posted = world.post(round).unwrap();
        assert_eq!(posted.results_digest, computed.results_digest);
        // 1 to 8 October 2026 are days off by the notice; five working days follow.
        assert_eq!(posted.until.to_string(), "2026-10-13");
        world.go_to("2026-10-13", 24 * 60 - 1);
        assert_eq!(refused(world.finalise(round)), "Invalid posting-not-over");
        world.go_to("2026-10-14", 0);
        let final_one = world.finalise(round).unwrap();
        assert_eq!(final_one.results_digest, computed.results_digest);
        let tenant = world.app.tenant;
        let read = world
            .app
            .app
            .store()
            .read(move |connection| round::get(connection, tenant, round));
        let found: Result<_, store::StoreError> = read.wait();
        assert_eq!(found.unwrap().unwrap().state, RoundState::Finalised);
    });
}
