//! The sample re-check: drawn once, from what was signed after verification closed.

use app::Refusal;
use assessment::round::draw_sample::{self, DrawSample, SampleDrawn};
use assessment::{RoundId, round};

use crate::appeals::read;
use crate::world::{CLERK, REVIEWER, SECTIONS, VILLAGES, World, account_of, each, refused};

fn draw(world: &World<'_>, round: RoundId, percent: u8) -> Result<SampleDrawn, Refusal> {
    world.by(account_of(CLERK), &DrawSample { round, percent })
}

fn verify_all(world: &World<'_>) -> RoundId {
    let round = world.open();
    for (village, ..) in VILLAGES {
        for section in SECTIONS {
            world.declare(round, village, section).unwrap();
            world.verify(round, village, section).unwrap();
        }
    }
    round
}

#[test]
fn the_sample_follows_from_the_first_checkpoint_after_verification() {
    each(|world| {
        let round = verify_all(world);
        assert_eq!(
            refused(draw(world, round, 50)),
            "Invalid sample-no-checkpoint"
        );
        world.app.app.seal(true).unwrap();
        let drawn = draw(world, round, 50).unwrap();
        assert_eq!(drawn.villages, 2);
        let tenant = world.app.tenant;
        let kept = read(world, move |c| draw_sample::draw(c, tenant, round)).unwrap();
        assert_eq!(app::FileHash(kept.seed).to_string(), drawn.seed);
        // Whoever has the checkpoint counts it again.
        assert_eq!(kept.seed, draw_sample::seed(round, kept.root));
        let subjects = read(world, move |c| round::subjects(c, tenant, round));
        let numbers = read(world, move |c| draw_sample::drawn_of(c, tenant, round));
        assert_eq!(numbers, draw_sample::drawn(kept.seed, &subjects, 50));
        let last = read(world, move |c| app::sealer::last_checkpoint(c, tenant)).unwrap();
        assert_eq!(u64::try_from(kept.checkpoint_size).unwrap(), last.size);
        // A later checkpoint gives no second try.
        world.app.app.seal(true).unwrap();
        assert!(refused(draw(world, round, 100)).starts_with("Conflict"));
    });
}

#[test]
fn nothing_is_drawn_before_everything_is_verified_or_by_others() {
    each(|world| {
        let round = world.open();
        world.declare(round, 11, "leader").unwrap();
        world.verify(round, 11, "leader").unwrap();
        world.app.app.seal(true).unwrap();
        assert_eq!(
            refused(draw(world, round, 10)),
            "Invalid sample-not-verified"
        );
    });
    each(|world| {
        let round = verify_all(world);
        world.app.app.seal(true).unwrap();
        for percent in [0, 101] {
            assert_eq!(
                refused(draw(world, round, percent)),
                "Invalid sample-percent"
            );
        }
        let sample = DrawSample { round, percent: 10 };
        let result = world.by(account_of(REVIEWER), &sample);
        assert_eq!(refused(result), "Denied access-no-role");
    });
}
