//! Who sees what of a round: by its own tree, and of its result when.

use access::Role;
use app::sealer::last_checkpoint;

use crate::browse::{see, site};
use crate::world::{
    CLERK, Give, MergeInto, REVIEWER, Rehang, SECTIONS, SplitOff, VERIFIERS, VILLAGES, World,
    account_of, each, place, secretary_of,
};

#[test]
fn a_village_learns_of_its_result_when_it_is_posted() {
    each(|world| {
        let round = world.open();
        world.review_all(round, &VILLAGES.map(|(village, ..)| village));
        world.compute(round).unwrap();
        let site = site(world.app);
        let secretary = site.sign_in(account_of(secretary_of(11)));
        let verifier = site.sign_in(account_of(VERIFIERS[0]));
        let ranking = format!("/rounds/{round}/ranking");
        let sheet = format!("/rounds/{round}/villages/{}", place(11));
        let details = ["nodes/leader", "lift"].map(|part| format!("{sheet}/{part}"));

        let before = see(&site, &secretary, &ranking, &["公示以后"]);
        assert!(!before.body.contains("<table"), "{}", before.body);
        let before = see(&site, &secretary, &sheet, &["公示以后"]);
        for told in ["<dt>名次", "<dt>等次", "得分率"] {
            assert!(!before.body.contains(told), "{told}");
        }
        for page in &details {
            assert_eq!(site.get(page, &secretary).status, 404, "{page}");
        }
        let compare = site.get(&format!("{sheet}/compare"), &secretary);
        assert!(!compare.body.contains("<td"), "{}", compare.body);
        // The offices check it first.
        for office in [&verifier, &site.sign_in(account_of(REVIEWER))] {
            see(&site, office, &ranking, &["<table", "仅供核对"]);
            see(&site, office, &sheet, &["<dt>名次"]);
        }

        world.post(round).unwrap();
        // The own village stands above the list, whatever page of it is open.
        let own = "<h2>本村 <a href=";
        see(&site, &secretary, &ranking, &["<table", own]);
        see(&site, &secretary, &format!("{ranking}?q=无此村"), &[own]);
        see(&site, &secretary, &sheet, &["<dt>名次"]);
        for page in &details {
            see(&site, &secretary, page, &[]);
        }
    });
}

#[test]
fn a_posting_shows_the_checkpoint_that_covers_it() {
    each(|world| {
        let app = &world.app.app;
        let round = world.posted();
        let site = site(world.app);
        let clerk = site.sign_in(account_of(CLERK));
        let posting = format!("/rounds/{round}/posting");
        see(&site, &clerk, &posting, &["正在签名"]);
        app.seal(true).unwrap();
        let covering = signature(world);
        world.app.clock.advance(60_000);
        world.lodge(round, 11, None).unwrap();
        app.seal(true).unwrap();
        let later = signature(world);
        assert_ne!(later, covering);
        let shown = see(&site, &clerk, &posting, &[&covering]);
        assert!(!shown.body.contains(&later), "a later one proves no more");
    });
}

/// The last line of the newest checkpoint.
fn signature(world: &World<'_>) -> String {
    let tenant = world.app.tenant;
    let read = world
        .app
        .app
        .store()
        .read(move |c| last_checkpoint(c, tenant));
    let last: Result<_, store::StoreError> = read.wait();
    let note = last.unwrap().unwrap().note;
    note.lines().next_back().unwrap().to_owned()
}

#[test]
fn an_old_round_is_seen_and_closed_by_its_own_tree() {
    each(|world| {
        let round = world.posted();
        world.go_to("2026-10-14", 0);
        let town = Rehang {
            moved: 20,
            above: 90,
        };
        world.app.by_rule(&town).unwrap();
        let county = Rehang {
            moved: 1,
            above: 91,
        };
        world.app.by_rule(&county).unwrap();
        let site = site(world.app);
        let page = format!("/rounds/{round}");
        // A village that went to another county keeps its round, and so does its town.
        for person in [secretary_of(21), VERIFIERS[1], secretary_of(11)] {
            let cookies = site.sign_in(account_of(person));
            see(&site, &cookies, &page, &[]);
            see(&site, &cookies, "/rounds", &[&page]);
            see(&site, &cookies, &format!("{page}/posting"), &[]);
        }
        // Who came to stand above the county later has nothing of it.
        let later = site.sign_in(account_of(91));
        assert_eq!(site.get(&page, &later).status, 403);
        assert!(!site.get("/rounds", &later).body.contains(&page));
        assert_eq!(world.finalise(round).unwrap().results_digest.len(), 64);
    });
}

#[test]
fn an_old_round_is_seen_by_who_stands_in_the_stead_of_its_places() {
    each(|world| {
        let round = world.posted();
        world.go_to("2026-10-14", 0);
        world.finalise(round).unwrap();
        let site = site(world.app);
        let sheet = |village: u8| format!("/rounds/{round}/villages/{}", place(village));
        let seen = |person: u8, village: u8| {
            let cookies = site.sign_in(account_of(person));
            site.get(&sheet(village), &cookies).status
        };
        let (secretary, verifier) = (secretary_of(12), VERIFIERS[0]);
        assert_eq!(seen(secretary, 11), 403);
        assert_eq!(seen(verifier, 21), 403);
        let (village, town) = ((11, 12), (20, 10));
        for (source, into) in [village, town] {
            world.app.by_rule(&MergeInto { source, into }).unwrap();
        }
        // The village that took another in has that one's round, not those of its neighbours.
        assert_eq!(seen(secretary, 11), 200);
        assert_eq!(seen(secretary, 21), 403);
        // So has the town, in its lists as well.
        assert_eq!(seen(verifier, 21), 200);
        let cookies = site.sign_in(account_of(verifier));
        let ranking = see(&site, &cookies, &format!("/rounds/{round}/ranking"), &[]);
        for (_, _, name) in VILLAGES {
            assert!(ranking.body.contains(name), "{name}");
        }
        // Who had it before has it still.
        assert_eq!(seen(VERIFIERS[1], 21), 200);
    });
}

/// A town that gives a village away stays, and nobody stands in its stead: neither in what is final
/// nor in what runs.
#[test]
fn who_gets_a_part_of_a_place_that_stays_does_not_stand_in_its_stead() {
    each(|world| {
        let round = world.open();
        world.go_to("2026-10-02", 0);
        let split = SplitOff {
            source: 20,
            to: 10,
            child: 22,
            rest: None,
        };
        world.app.by_rule(&split).unwrap();
        let site = site(world.app);
        let seen = |person: u8, village: u8| {
            let cookies = site.sign_in(account_of(person));
            let sheet = format!("/rounds/{round}/villages/{}", place(village));
            site.get(&sheet, &cookies).status
        };
        assert_eq!(seen(VERIFIERS[0], 21), 403);
        assert_eq!(seen(VERIFIERS[0], 22), 403, "the round's own tree decides");
        assert_eq!(seen(VERIFIERS[1], 22), 200);
        world.declare(round, 21, SECTIONS[0]).unwrap();
        let verification = world.verification(round, 21, SECTIONS[0]);
        let tried = world.by(account_of(VERIFIERS[0]), &verification);
        assert!(tried.is_err(), "the other town verifies nothing there");
        world.by(account_of(VERIFIERS[1]), &verification).unwrap();
    });
}

/// Of a town that ceased and went two ways each part has the old rounds of its own villages.
#[test]
fn each_heir_of_a_place_has_what_went_to_it() {
    each(|world| {
        let round = world.posted();
        world.go_to("2026-10-14", 0);
        world.finalise(round).unwrap();
        let split = SplitOff {
            source: 20,
            to: 10,
            child: 22,
            rest: Some(30),
        };
        world.app.by_rule(&split).unwrap();
        let of_the_rest = secretary_of(12);
        let verifier = Give {
            person: of_the_rest,
            role: Role::TownVerifier.name().to_owned(),
            at: 30,
        };
        world.app.by_rule(&verifier).unwrap();
        let site = site(world.app);
        let page = format!("/rounds/{round}");
        for (person, villages) in [(VERIFIERS[0], [403, 200]), (of_the_rest, [200, 403])] {
            let cookies = site.sign_in(account_of(person));
            let seen = [21, 22].map(|village| {
                let sheet = format!("{page}/villages/{}", place(village));
                site.get(&sheet, &cookies).status
            });
            assert_eq!(seen, villages, "{person}");
            see(&site, &cookies, "/rounds", &[&page]);
        }
    });
}

#[test]
fn a_comparison_shows_of_each_round_what_its_own_tree_allows() {
    each(|world| {
        let clerk = account_of(CLERK);
        let scheme = world.publish();
        let first = world.by(clerk, &world.opening(scheme)).unwrap().round;
        world.review_all(first, &VILLAGES.map(|(village, ..)| village));
        world.compute(first).unwrap();
        world.post(first).unwrap();
        // The town gets a village that another one had in the first round.
        let village = Rehang {
            moved: 22,
            above: 10,
        };
        world.app.by_rule(&village).unwrap();
        let mut opening = world.opening(scheme);
        opening.place = place(10);
        let second = world.by(clerk, &opening).unwrap().round;
        world.review_all(second, &[11, 12]);
        for section in SECTIONS {
            world.declare(second, 22, section).unwrap();
            let verification = world.verification(second, 22, section);
            world.by(account_of(VERIFIERS[0]), &verification).unwrap();
            world.review(second, 22, section).unwrap();
        }
        world.compute(second).unwrap();
        let site = site(world.app);
        let town = site.sign_in(account_of(VERIFIERS[0]));
        let with = |village: u8, round| {
            let page = format!("/rounds/{second}/villages/{}/compare", place(11));
            format!("{page}?place={}&round={round}", place(village))
        };
        // Two villages of a result that is provisional; one village in both rounds.
        for page in [
            with(12, second),
            with(22, second),
            with(11, first),
            with(12, first),
        ] {
            see(&site, &town, &page, &["<td"]);
        }
        let other = see(&site, &town, &with(22, first), &[]);
        assert!(!other.body.contains("<td"), "{}", other.body);
        // Of what is provisional a village hears nothing.
        let own = site.sign_in(account_of(secretary_of(11)));
        let own = see(&site, &own, &with(11, first), &[]);
        assert!(!own.body.contains("<td"), "{}", own.body);
    });
}
