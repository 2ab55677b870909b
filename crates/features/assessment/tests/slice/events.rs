//! Bonus and penalty events: named, verified, counted; every refused twin of every move.

use app::Refusal;
use assessment::event::ScoreEvent;
use assessment::event::contest_event::ContestEvent;
use assessment::event::decide_event::{DecideEvent, EventDecision};
use assessment::event::declare_event::{DeclareEvent, EventMoved, NamedEvent, ProposeEvent};
use assessment::event::verify_event::{EventFinding, VerifyEvent};
use assessment::event::withdraw_event::WithdrawEvent;
use assessment::scheme::publish_scheme::{PublishScheme, SchemeSource};
use assessment::transition::{EVENT_TRANSITIONS, EventAct, EventState};
use assessment::{
    EventId, RoundId, correction, event, result, round, section::cell, section::estimate,
    section::evidence,
};
use kernel::Decimal;
use packs::{Library, Memory};

use crate::browse::{see, site};
use crate::world::{
    CLERK, COUNTY, DECIDER, REVIEWER, SECTIONS, VERIFIERS, VILLAGER, VILLAGES, World, account_of,
    day, each, each_with_packs, place, refused, secretary_of,
};

const REASON: &str = "已核对。";

/// The secretary of village 11.
const SECRETARY: u8 = 161;

impl World<'_> {
    fn event(&self, village: u8, item: &str, occurred_on: &str) -> NamedEvent {
        let person = if item == "criticism" {
            CLERK
        } else {
            secretary_of(village)
        };
        self.event_by(person, village, item, occurred_on)
    }

    /// The same with evidence that a person brought.
    fn event_by(&self, person: u8, village: u8, item: &str, occurred_on: &str) -> NamedEvent {
        NamedEvent {
            place: place(village),
            item: item.to_owned(),
            occurred_on: day(occurred_on),
            description: "表彰决定见附件。".to_owned(),
            same_as: None,
            joint: false,
            long_ago: false,
            evidence: self.evidence(person),
        }
    }

    pub fn bonus(&self, village: u8, item: &str, occurred_on: &str) -> EventId {
        let event = self.event(village, item, occurred_on);
        let account = account_of(secretary_of(village));
        let named = self.by(account, &DeclareEvent { event }).unwrap();
        assert_eq!(named.state, "declared");
        named.event
    }

    pub fn penalty(&self, village: u8, occurred_on: &str) -> EventId {
        let event = self.event(village, "criticism", occurred_on);
        let account = account_of(CLERK);
        let named = self.by(account, &ProposeEvent { event }).unwrap();
        named.event
    }

    /// Does what an act says, as a person.
    pub fn do_event(
        &self,
        person: u8,
        event: EventId,
        act: EventAct,
    ) -> Result<EventMoved, Refusal> {
        let account = account_of(person);
        let reason = REASON.to_owned();
        let verify = |finding| VerifyEvent {
            event,
            finding,
            fault_found: true,
            reason: Some(REASON.to_owned()),
        };
        let decide = |decision| DecideEvent {
            event,
            decision,
            reason: REASON.to_owned(),
        };
        match act {
            EventAct::Declare | EventAct::Propose => unreachable!("makes an event of its own"),
            EventAct::Accept => self.by(account, &verify(EventFinding::Accept)),
            EventAct::Refuse => self.by(account, &verify(EventFinding::Refuse)),
            EventAct::Withdraw => self.by(account, &WithdrawEvent { event, reason }),
            EventAct::Contest => self.by(account, &ContestEvent { event, reason }),
            EventAct::Uphold => self.by(account, &decide(EventDecision::Uphold)),
            EventAct::Reject => self.by(account, &decide(EventDecision::Reject)),
            EventAct::Revoke => self.by(account, &decide(EventDecision::Revoke)),
        }
    }

    fn stands(&self, event: EventId) -> ScoreEvent {
        let tenant = self.app.tenant;
        let read = self
            .app
            .app
            .store()
            .read(move |c| event::get(c, tenant, event));
        read.wait().unwrap().unwrap()
    }

    /// That a column of a village, `award_city@occurred`, has this value.
    fn counts(&self, round: RoundId, village: u8, column: &str, expected: &str) {
        let (item, moment) = column.split_once('@').unwrap();
        let found = self.counted(round, village, item, moment);
        let found = found.map(|value| value.to_string());
        assert_eq!(found.as_deref(), Some(expected), "{column} of {village}");
    }

    fn counted(&self, round: RoundId, village: u8, item: &str, moment: &str) -> Option<Decimal> {
        let tenant = self.app.tenant;
        let (item, moment) = (item.to_owned(), moment.to_owned());
        let read = self.app.app.store().read(move |c| {
            let items = round::items(c, tenant, round)?;
            let subject = round::subject(c, tenant, round, place(village))?.unwrap();
            let cells = cell::of_subject(c, tenant, round, subject.subject_no)?;
            let column = items
                .iter()
                .find(|known| known.code == item && known.moment == moment)
                .unwrap();
            let cell = cells.get(&(subject.subject_no, column.item_no));
            Ok(cell.and_then(assessment::section::value::Cell::value))
        });
        let read: Result<Option<Decimal>, store::StoreError> = read.wait();
        read.unwrap()
    }

    fn estimated(&self, round: RoundId, village: u8) -> Decimal {
        let tenant = self.app.tenant;
        let read = self.app.app.store().read(move |c| {
            let subject = round::subject(c, tenant, round, place(village))?.unwrap();
            estimate::kept(c, tenant, round, subject.subject_no)
        });
        read.wait().unwrap().unwrap().score.unwrap()
    }

    fn score(&self, round: RoundId, village: u8) -> Decimal {
        let tenant = self.app.tenant;
        let read = self.app.app.store().read(move |c| {
            let found = round::get(c, tenant, round)?.unwrap();
            let subject = round::subject(c, tenant, round, place(village))?.unwrap();
            let shown = result::shown(c, tenant, &found)?.unwrap();
            let rows = result::rows(c, tenant, round, &shown)?;
            let row = rows.iter().find(|row| row.subject_no == subject.subject_no);
            Ok(row.unwrap().score.unwrap())
        });
        let read: Result<Decimal, store::StoreError> = read.wait();
        read.unwrap()
    }
}

#[test]
fn counts_when_it_is_verified_and_not_before() {
    each(|world| {
        let round = world.open();
        // An event has nothing to do with how far the sections are.
        for section in SECTIONS {
            world.declare(round, 11, section).unwrap();
            world.verify(round, 11, section).unwrap();
        }
        let before = world.estimated(round, 11);
        let event = world.bonus(11, "award_city", "2026-08-15");
        world.counts(round, 11, "award_city@occurred", "0");
        assert_eq!(world.estimated(round, 11), before);
        let penalty = world.penalty(11, "2026-09-30");
        assert_eq!(
            world.estimated(round, 11),
            before,
            "a proposal lowers nothing"
        );

        world
            .do_event(VERIFIERS[0], event, EventAct::Accept)
            .unwrap();
        world.counts(round, 11, "award_city@occurred", "1");
        let two: Decimal = "2".parse().unwrap();
        assert_eq!(world.estimated(round, 11), before.add(two).unwrap());
        world
            .do_event(VERIFIERS[0], penalty, EventAct::Accept)
            .unwrap();
        assert_eq!(world.estimated(round, 11), before);
        world.counts(round, 12, "criticism@occurred", "0");
    });
}

/// A year that is one off is a slip of the pen; an old fact that came out late is meant.
#[test]
fn a_day_of_more_than_a_year_ago_is_confirmed() {
    each(|world| {
        world.publish();
        let account = account_of(SECRETARY);
        let old = world.event(11, "award_county", "2024-08-20");
        let said = DeclareEvent { event: old.clone() };
        assert_eq!(refused(world.by(account, &said)), "Invalid event-long-ago");
        let meant = NamedEvent {
            long_ago: true,
            ..old
        };
        world.by(account, &DeclareEvent { event: meant }).unwrap();
        // Found by the initials of the village, as in the other lists.
        let site = site(world.app);
        let secretary = site.sign_in(account);
        see(&site, &secretary, "/events?q=lwc", &["县级表彰"]);
        let other = see(&site, &secretary, "/events?q=sqc", &[]);
        assert!(!other.body.contains("<td data-content>县级表彰"));
    });
}

#[test]
fn one_honour_counts_at_its_highest_level_only() {
    each(|world| {
        let round = world.open();
        let county = world.bonus(11, "award_county", "2026-07-20");
        let mut city = world.event(11, "award_city", "2026-08-20");
        city.same_as = Some(county);
        let account = account_of(SECRETARY);
        let twice = NamedEvent {
            item: "award_county".to_owned(),
            ..city.clone()
        };
        let twice = world.by(account, &DeclareEvent { event: twice });
        assert_eq!(refused(twice), "Invalid event-fact-twice");
        let city = world
            .app
            .by(account, &DeclareEvent { event: city })
            .unwrap()
            .event;
        world
            .do_event(VERIFIERS[0], county, EventAct::Accept)
            .unwrap();
        world.counts(round, 11, "award_county@repeated", "0");
        world
            .do_event(VERIFIERS[0], city, EventAct::Accept)
            .unwrap();
        // Both happened; the lower level counts elsewhere, and for more.
        world.counts(round, 11, "award_county@occurred", "1");
        world.counts(round, 11, "award_county@repeated", "1");
        // Revoked, the lower one counts again.
        world.do_event(DECIDER, city, EventAct::Revoke).unwrap();
        world.counts(round, 11, "award_county@repeated", "0");
        world.counts(round, 11, "award_city@occurred", "0");
    });
}

#[test]
fn what_was_verified_before_the_round_opened_is_taken_when_it_opens() {
    each(|world| {
        let scheme = world.publish();
        let inside = world.bonus(11, "award_city", "2026-09-01");
        let outside = world.bonus(11, "project_landed", "2026-06-30");
        for event in [inside, outside] {
            world
                .do_event(VERIFIERS[0], event, EventAct::Accept)
                .unwrap();
        }
        let round = world
            .app
            .by(account_of(CLERK), &world.opening(scheme))
            .unwrap()
            .round;
        world.counts(round, 11, "award_city@occurred", "1");
        world.counts(round, 11, "project_landed@occurred", "0");
    });
}

#[test]
fn a_frozen_round_keeps_its_events_and_a_late_one_falls_in_the_next() {
    each(|world| {
        let round = world.open();
        world.review_all(round, &VILLAGES.map(|(village, ..)| village));
        let late = world.bonus(12, "award_city", "2026-09-10");
        world.compute(round).unwrap();
        let before = world.score(round, 12);
        world
            .do_event(VERIFIERS[0], late, EventAct::Accept)
            .unwrap();
        assert_eq!(world.score(round, 12), before);
        world.counts(round, 12, "award_city@occurred", "0");
        let tenant = world.app.tenant;
        let read = world
            .app
            .app
            .store()
            .read(move |c| round::get(c, tenant, round));
        let scheme = read.wait().unwrap().unwrap().scheme;
        let mut opening = world.opening(scheme);
        opening.period = "2026-Q4".parse().unwrap();
        let next = world.by(account_of(CLERK), &opening).unwrap().round;
        world.counts(next, 12, "award_city@occurred", "1");
    });
}

#[test]
fn an_objection_that_is_granted_corrects_the_posted_result_as_a_new_version() {
    each(|world| {
        let round = world.open();
        let penalty = world.penalty(11, "2026-08-08");
        world
            .do_event(VERIFIERS[0], penalty, EventAct::Accept)
            .unwrap();
        world.review_all(round, &VILLAGES.map(|(village, ..)| village));
        world.compute(round).unwrap();
        world.post(round).unwrap();
        let before = world.score(round, 11);
        world
            .do_event(SECRETARY, penalty, EventAct::Contest)
            .unwrap();
        assert_eq!(world.stands(penalty).state, EventState::CountedContested);
        assert_eq!(
            world.score(round, 11),
            before,
            "an objection alone changes nothing"
        );
        world.go_to("2026-12-01", 540);
        assert_eq!(refused(world.finalise(round)), "Invalid event-undecided");
        let decided = world.do_event(DECIDER, penalty, EventAct::Uphold).unwrap();
        assert_eq!(
            (decided.state.as_str(), decided.moved > 0),
            ("set_aside", true)
        );
        let two: Decimal = "2".parse().unwrap();
        assert_eq!(world.score(round, 11), before.add(two).unwrap());
        let tenant = world.app.tenant;
        let read = world.app.app.store().read(move |c| {
            let versions = correction::versions(c, tenant, round)?.len();
            Ok((versions, correction::corrections(c, tenant, round)?))
        });
        let read: Result<_, store::StoreError> = read.wait();
        let (versions, made) = read.unwrap();
        assert_eq!(versions, 2);
        assert_eq!(made[0].because, app::Ref::new("event", penalty));
    });
}

#[test]
fn a_final_round_is_not_reached_any_more() {
    each(|world| {
        let round = world.open();
        let kept = world.penalty(11, "2026-08-08");
        let revoked = world.bonus(11, "award_city", "2026-08-08");
        for event in [kept, revoked] {
            world
                .do_event(VERIFIERS[0], event, EventAct::Accept)
                .unwrap();
        }
        world.review_all(round, &VILLAGES.map(|(village, ..)| village));
        world.compute(round).unwrap();
        world.post(round).unwrap();
        world.go_to("2026-12-01", 540);
        world.finalise(round).unwrap();
        for (person, event, act) in [
            (SECRETARY, kept, EventAct::Contest),
            (DECIDER, revoked, EventAct::Revoke),
        ] {
            let found = refused(world.do_event(person, event, act));
            assert_eq!(found, "Invalid event-round-final", "{act}");
            // The page says so and offers nothing that would be refused.
            let site = site(world.app);
            let cookies = site.sign_in(account_of(person));
            let page = see(
                &site,
                &cookies,
                &format!("/events/{event}"),
                &["考核已定案"],
            );
            assert!(!page.body.contains("name=\"reason\""), "{act}");
        }
    });
}

#[test]
fn a_whole_round_counts_an_honour_at_its_highest_level_and_no_more_than_the_cap() {
    each(|world| {
        let round = world.open();
        world.review_all(round, &VILLAGES.map(|(village, ..)| village));
        let plain = world.estimated(round, 11);
        let county = world.bonus(11, "award_county", "2026-07-20");
        let mut city = world.event(11, "award_city", "2026-08-20");
        city.same_as = Some(county);
        let city = world.by(account_of(SECRETARY), &DeclareEvent { event: city });
        let projects = ["2026-07-01", "2026-09-30"];
        let [one, other] = projects.map(|day| world.bonus(11, "project_landed", day));
        let penalty = world.penalty(11, "2026-08-08");
        for event in [county, city.unwrap().event, one, other, penalty] {
            world
                .do_event(VERIFIERS[0], event, EventAct::Accept)
                .unwrap();
        }
        world.compute(round).unwrap();
        world.post(round).unwrap();
        // The city's award 2, two projects 2 each, no more than 5 in all; 2 off.
        let expected = plain.add(Decimal::from_int(3)).unwrap();
        assert_eq!(world.score(round, 11), expected);
    });
}

/// The demonstration's scheme with a bonus list that asks more of the register: a shared project
/// counts half, what was revoked later is kept, half of the marks of the period before carry over.
fn own_rules() -> Library {
    let manifest = r#"
name = "yunling"
version = "2026.1"
extends = "demo"
title = { zh = "云岭县", en = "Yunling" }
notice = { zh = "云岭县自定。", en = "Of Yunling's own." }
"#;
    let scheme = include_str!("../../../../../packs/demo/schemes/quarter.toml");
    let rules = "revoked = \"drop\"\ncarry_share = \"none\"";
    let project = "item = \"project_landed\", mark = \"2\", cap = \"none\", same_fact = \"each\", joint_share = ";
    assert!(scheme.contains(rules) && scheme.contains(project));
    let scheme = scheme
        .replace("\"demo_quarter\"", "\"own_quarter\"")
        .replacen(rules, "revoked = \"keep\"\ncarry_share = \"0.5\"", 1)
        .replace(&format!("{project}\"1\""), &format!("{project}\"0.5\""));
    let files = [("pack.toml", manifest), ("schemes/own.toml", &scheme)];
    let own = Memory {
        name: "yunling".to_owned(),
        files: files
            .map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec()))
            .into_iter()
            .collect(),
    };
    let library = Library::shipped().with(&own);
    let (_, findings) = library.pack("yunling").unwrap();
    assert!(findings.is_empty(), "{findings:?}");
    library
}

#[test]
fn shared_revoked_and_carried_over_events_have_their_columns() {
    each_with_packs(own_rules, |world| {
        let publish = PublishScheme {
            place: place(COUNTY),
            source: SchemeSource::Pack {
                pack: "yunling".into(),
                scheme: "own_quarter".into(),
            },
        };
        let clerk = account_of(CLERK);
        let scheme = world.by(clerk, &publish).unwrap().scheme;
        let open = |period: &str| {
            let mut opening = world.opening(scheme);
            opening.period = period.parse().unwrap();
            world.by(clerk, &opening).unwrap().round
        };
        let earlier = open("2026-Q2");
        let own = world.bonus(11, "project_landed", "2026-05-08");
        let mut shared = world.event(11, "project_landed", "2026-06-08");
        shared.joint = true;
        let shared = world.by(account_of(SECRETARY), &DeclareEvent { event: shared });
        let shared = shared.unwrap().event;
        for event in [own, shared] {
            world
                .do_event(VERIFIERS[0], event, EventAct::Accept)
                .unwrap();
        }
        world.counts(earlier, 11, "project_landed@occurred", "2");
        world.counts(earlier, 11, "project_landed@joint", "1");
        world.counts(earlier, 11, "project_landed@revoked", "0");
        world.counts(earlier, 11, "project_landed@previous", "0");
        // What is carried over is what gave marks: one whole and one half.
        let round = open("2026-Q3");
        world.counts(round, 11, "project_landed@occurred", "0");
        world.counts(round, 11, "project_landed@previous", "1.5");
        world.counts(round, 12, "project_landed@previous", "0");
        world.do_event(DECIDER, shared, EventAct::Revoke).unwrap();
        world.counts(earlier, 11, "project_landed@occurred", "1");
        world.counts(earlier, 11, "project_landed@joint", "0");
        world.counts(earlier, 11, "project_landed@revoked", "1");
        world.counts(round, 11, "project_landed@previous", "1");
        // And what the earlier round takes while it is open.
        let late = world.bonus(11, "project_landed", "2026-06-30");
        world
            .do_event(VERIFIERS[0], late, EventAct::Accept)
            .unwrap();
        world.counts(round, 11, "project_landed@previous", "2");
    });
}

/// An event brought into a state by those who may, of the kind that can stand there.
fn brought_to(world: &World<'_>, state: EventState) -> EventId {
    use EventAct as A;
    let bonus = || world.bonus(11, "award_city", "2026-08-08");
    let penalty = || world.penalty(11, "2026-08-08");
    let (event, acts): (EventId, &[(u8, A)]) = match state {
        EventState::Nothing => unreachable!("there is no event"),
        EventState::Declared => (penalty(), &[]),
        EventState::Verified => (penalty(), &[(VERIFIERS[0], A::Accept)]),
        EventState::Refused => (bonus(), &[(VERIFIERS[0], A::Refuse)]),
        EventState::Withdrawn => (bonus(), &[(SECRETARY, A::Withdraw)]),
        EventState::Contested => (penalty(), &[(SECRETARY, A::Contest)]),
        EventState::CountedContested => (
            penalty(),
            &[(VERIFIERS[0], A::Accept), (SECRETARY, A::Contest)],
        ),
        EventState::RefusalContested => (
            bonus(),
            &[(VERIFIERS[0], A::Refuse), (SECRETARY, A::Contest)],
        ),
        EventState::SetAside => (penalty(), &[(SECRETARY, A::Contest), (DECIDER, A::Uphold)]),
    };
    for (person, act) in acts {
        world.do_event(*person, event, *act).unwrap();
    }
    assert_eq!(world.stands(event).state, state);
    event
}

#[test]
fn every_move_of_the_table_is_made_and_everything_else_is_refused() {
    each(|world| {
        world.open();
        for state in EventState::ALL.iter().skip(1) {
            for act in EventAct::ALL.iter().skip(2) {
                let event = brought_to(world, *state);
                let own =
                    world.stands(event).declared_by == kernel::PersonId(crate::world::id(CLERK));
                let person = match act {
                    EventAct::Withdraw if own => CLERK,
                    EventAct::Withdraw | EventAct::Contest => SECRETARY,
                    EventAct::Accept | EventAct::Refuse => VERIFIERS[0],
                    _ => DECIDER,
                };
                let done = world.do_event(person, event, *act);
                let row = EVENT_TRANSITIONS
                    .iter()
                    .find(|row| row.from == *state && row.act == *act);
                match row {
                    Some(row) => {
                        assert_eq!(done.unwrap().state, row.to.name(), "{state} {act}");
                        assert_eq!(world.stands(event).state, row.to);
                    }
                    None => {
                        let found = refused(done);
                        let separated = found.starts_with("Denied");
                        assert!(
                            found == "Invalid event-not-in-state" || separated,
                            "{state} {act}: {found}"
                        );
                        assert_eq!(world.stands(event).state, *state);
                    }
                }
            }
        }
    });
}

#[test]
fn each_guard_has_its_refusal() {
    each(|world| {
        world.open();
        let declare = |event| world.by(account_of(SECRETARY), &DeclareEvent { event });
        let propose = |event| world.by(account_of(CLERK), &ProposeEvent { event });
        let good = || world.event(11, "award_city", "2026-08-08");
        let with = |change: &dyn Fn(&mut NamedEvent)| {
            let mut event = good();
            change(&mut event);
            event
        };
        for (event, code) in [
            (
                with(&|e| e.item = "households".to_owned()),
                "event-situation-unknown",
            ),
            (
                with(&|e| e.item = "criticism".to_owned()),
                "event-wrong-kind",
            ),
            (
                with(&|e| e.occurred_on = day("2027-01-01")),
                "event-in-the-future",
            ),
            (with(&|e| e.description = " ".to_owned()), "required"),
            (with(&|e| e.evidence.clear()), "required"),
            (with(&|e| e.evidence[0].name.clear()), "required"),
            (
                with(&|e| e.evidence[0].file = "0".repeat(64)),
                "file-unknown",
            ),
            (
                with(&|e| e.same_as = Some(EventId(crate::world::id(9)))),
                "event-fact-unknown",
            ),
        ] {
            assert_eq!(refused(declare(event)), format!("Invalid {code}"));
        }
        let bonus = world.event_by(CLERK, 11, "award_city", "2026-08-08");
        assert_eq!(refused(propose(bonus)), "Invalid event-wrong-kind");

        // A complaint by itself is not enough: the fault has to be found, with a reason.
        let penalty = world.penalty(11, "2026-08-08");
        let mut verify = VerifyEvent {
            event: penalty,
            finding: EventFinding::Accept,
            fault_found: false,
            reason: Some(REASON.to_owned()),
        };
        let verifier = account_of(VERIFIERS[0]);
        let found = refused(world.by(verifier, &verify));
        assert_eq!(found, "Invalid event-fault-not-found");
        verify.fault_found = true;
        verify.reason = None;
        assert_eq!(refused(world.by(verifier, &verify)), "Invalid required");
        let (event, reason) = (penalty, " ".to_owned());
        let contest = ContestEvent {
            event,
            reason: reason.clone(),
        };
        let found = world.by(account_of(SECRETARY), &contest);
        assert_eq!(refused(found), "Invalid required");
        let withdraw = WithdrawEvent { event, reason };
        let found = world.by(account_of(CLERK), &withdraw);
        assert_eq!(refused(found), "Invalid required");
        // Somebody else's proposal is not taken back.
        let found = world.do_event(REVIEWER, penalty, EventAct::Withdraw);
        assert_eq!(refused(found), "Invalid event-not-own");
        // A bonus that waits is nothing to object to; a penalty that was refused neither.
        let bonus = world.bonus(11, "award_city", "2026-08-08");
        let found = world.do_event(SECRETARY, bonus, EventAct::Contest);
        assert_eq!(refused(found), "Invalid event-not-penalty");
        world
            .do_event(VERIFIERS[0], penalty, EventAct::Refuse)
            .unwrap();
        let found = world.do_event(SECRETARY, penalty, EventAct::Contest);
        assert_eq!(refused(found), "Invalid event-not-bonus");
        // Once.
        let again = world.penalty(11, "2026-08-09");
        world.do_event(SECRETARY, again, EventAct::Contest).unwrap();
        world.do_event(DECIDER, again, EventAct::Reject).unwrap();
        let found = world.do_event(SECRETARY, again, EventAct::Contest);
        assert_eq!(refused(found), "Invalid event-contested-already");
    });
}

#[test]
fn the_list_is_filtered_sorted_paged_and_saved() {
    each(|world| {
        world.open();
        let award = world.bonus(11, "award_city", "2026-08-08");
        let penalty = world.penalty(12, "2026-07-01");
        world
            .do_event(VERIFIERS[0], award, EventAct::Accept)
            .unwrap();
        for _ in 0..50 {
            world.bonus(21, "project_landed", "2026-08-20");
        }
        let site = site(world.app);
        let clerk = site.sign_in(account_of(CLERK));
        let link = |event: EventId| format!("\"/events/{event}\"");
        // Each event of the whole list stands on one of its pages.
        let all = "/events?sort=day";
        let first = see(&site, &clerk, all, &["第 1–50 条", &link(penalty)]);
        assert!(first.body.contains(&link(award)));
        let listed = |query: &str| {
            let page = see(&site, &clerk, &format!("/events{query}"), &[]).body;
            let all = page.split("id=\"all\"").nth(1).unwrap().to_owned();
            [award, penalty].map(|event| all.contains(&link(event)))
        };
        assert_eq!(listed("?kind=penalty"), [false, true]);
        assert_eq!(listed("?state=verified"), [true, false]);
        assert_eq!(listed("?q=柳湾"), [true, false]);
        assert_eq!(listed("?sort=-day&page=2"), [true, true]);
        assert_eq!(listed("?q=%25"), [false, false]);
        let saved = site.get("/events.csv?kind=penalty", &clerk);
        assert_eq!(saved.status, 200);
        for word in ["石桥村", "2026-07-01", "待核实"] {
            assert!(saved.body.contains(word), "{word} is not in {}", saved.body);
        }
        assert!(!saved.body.contains("柳湾村"));
        // A village saves its own events, and no other's.
        let own = site.sign_in(account_of(SECRETARY));
        let saved = site.get("/events.csv", &own).body;
        assert!(saved.contains("柳湾村") && !saved.contains("石桥村"));
    });
}

#[test]
fn hands_are_separate_and_places_hold() {
    each(|world| {
        world.open();
        let event = world.event_by(VERIFIERS[0], 11, "criticism", "2026-08-08");
        let verifier = account_of(VERIFIERS[0]);
        let proposed = world
            .app
            .by(verifier, &ProposeEvent { event })
            .unwrap()
            .event;
        let denied = |result: Result<EventMoved, Refusal>| {
            let found = refused(result);
            assert!(found.starts_with("Denied"), "{found}");
        };
        // Whoever proposes does not verify; another town's verifier neither; a villager nothing.
        denied(world.do_event(VERIFIERS[0], proposed, EventAct::Accept));
        denied(world.do_event(VERIFIERS[1], proposed, EventAct::Accept));
        denied(world.do_event(VILLAGER, proposed, EventAct::Contest));
        denied(world.do_event(secretary_of(12), proposed, EventAct::Contest));
        world
            .do_event(REVIEWER, proposed, EventAct::Accept)
            .unwrap();
        world
            .do_event(SECRETARY, proposed, EventAct::Contest)
            .unwrap();
        // Whoever verified it does not decide.
        denied(world.do_event(REVIEWER, proposed, EventAct::Uphold));
        world.do_event(DECIDER, proposed, EventAct::Reject).unwrap();
        assert_eq!(world.stands(proposed).state, EventState::Verified);
        let other = world.event(12, "award_city", "2026-08-08");
        let other = world
            .app
            .by(account_of(SECRETARY), &DeclareEvent { event: other });
        assert!(refused(other).starts_with("Denied"));
    });
}

#[test]
fn what_stands_is_what_the_record_says() {
    each(|world| {
        world.open();
        for state in EventState::ALL.iter().skip(1) {
            brought_to(world, *state);
        }
        let tenant = world.app.tenant;
        let store = world.app.app.store();
        let rebuilds = assessment::feature().rebuilds;
        let rebuild = rebuilds
            .into_iter()
            .find(|rebuild| rebuild.tables.contains(&"score_event_current"))
            .unwrap();
        let digests = move || {
            store
                .read(move |connection| rebuild.digests(connection, tenant))
                .wait()
                .unwrap()
        };
        let before = digests();
        store
            .write(move |connection| rebuild.rebuild(connection, tenant))
            .wait()
            .unwrap();
        assert_eq!(digests(), before);
    });
}

#[test]
fn a_file_that_was_shown_elsewhere_is_told_with_village_item_and_period() {
    each(|world| {
        let round = world.open();
        for village in [11, 12] {
            world.declare(round, village, "common_prosperity").unwrap();
        }
        let tenant = world.app.tenant;
        let read = world.app.app.store().read(move |c| {
            let items = round::items(c, tenant, round)?;
            let item = items.iter().find(|item| item.code == "coop_share").unwrap();
            let subject = round::subject(c, tenant, round, place(11))?.unwrap();
            let files = evidence::of_subject(c, tenant, round, subject.subject_no)?;
            let here = (round, subject.subject_no, item.item_no);
            evidence::elsewhere(c, tenant, files[0].file, here)
        });
        let found = read.wait().unwrap();
        assert_eq!(found.len(), 1, "not its own place: {found:?}");
        assert_eq!(found[0].village, "石桥村");
        assert_eq!(found[0].period.to_string(), "2026-Q3");
        assert_eq!(found[0].item.0, "入社农户占比");
    });
}
