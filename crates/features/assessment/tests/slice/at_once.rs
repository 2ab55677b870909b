//! A form that is refused says everything that is wrong with it in one answer, each thing at its
//! field, and keeps what was typed.

use std::collections::BTreeSet;

use assessment::transition::EventAct;
use web::testing::TestAnswer;

use crate::browse::{see, send, site};
use crate::world::{CLERK, REVIEWER, VERIFIERS, VILLAGES, account_of, each, place, secretary_of};

/// That the summary of an answer leads to exactly these fields, in whatever order.
fn found_at(answer: &TestAnswer, fields: &[&str]) {
    assert_eq!(answer.status, 422, "{}", answer.body);
    let summary = answer.body.split_once("class=\"error-summary\"").unwrap().1;
    let summary = summary.split_once("</ul>").unwrap().0;
    let found: BTreeSet<&str> = summary
        .split("href=\"#f-")
        .skip(1)
        .map(|rest| rest.split_once('"').unwrap().0)
        .collect();
    let fields: BTreeSet<&str> = fields.iter().copied().collect();
    assert_eq!(found, fields, "{summary}");
}

#[test]
fn a_section_given_back_lacks_its_reason_and_its_day() {
    each(|world| {
        let round = world.open();
        for village in [11, 12] {
            world.declare(round, village, "leader").unwrap();
        }
        world.verify(round, 12, "leader").unwrap();
        let site = site(world.app);
        for (person, village, step) in [(VERIFIERS[0], 11, "return"), (REVIEWER, 12, "send-back")] {
            let person = site.sign_in(account_of(person));
            let page = format!(
                "/rounds/{round}/villages/{}/sections/leader",
                place(village)
            );
            let to = format!("{page}/{step}");
            let sent = |due| send(&site, &person, &page, &to, &[("reason", " "), ("due", due)]);
            found_at(&sent(""), &["reason", "due"]);
            found_at(&sent("2020-01-01"), &["reason", "due"]);
            found_at(&sent("2030-01-01"), &["reason", "due"]);
        }
    });
}

#[test]
fn an_event_lacks_everything() {
    each(|world| {
        world.open();
        let site = site(world.app);
        let secretary = site.sign_in(account_of(secretary_of(11)));
        let clerk = site.sign_in(account_of(CLERK));
        let village = place(11).to_string();
        let declare = "/events/declare";
        let sent = |fields: &[(&str, &str)]| send(&site, &secretary, declare, declare, fields);
        let all = ["item", "occurred-on", "description", "evidence"];
        found_at(&sent(&[("place", &village)]), &all);
        let future = sent(&[
            ("place", &village),
            ("occurred_on", "2030-01-01"),
            ("description", " "),
        ]);
        found_at(&future, &all);
        let typed = "表彰决定已经公布。";
        let twice = sent(&[
            ("place", &village),
            ("item", "award_city"),
            ("occurred_on", "2020-01-01"),
            ("description", typed),
        ]);
        found_at(&twice, &["occurred-on", "evidence"]);
        assert!(twice.body.contains(typed));
        let propose = "/events/propose";
        let nowhere = send(
            &site,
            &clerk,
            propose,
            propose,
            &[("occurred_on", "2030-01-01")],
        );
        let all = ["place", "item", "occurred-on", "description", "evidence"];
        found_at(&nowhere, &all);
    });
}

#[test]
fn an_appeal_a_correction_and_more_time_lack_several_things() {
    each(|world| {
        let round = world.open();
        let site = site(world.app);
        let clerk = site.sign_in(account_of(CLERK));
        let extend = format!("/rounds/{round}/extend");
        let sent = |days: [&str; 3]| {
            let names = ["declare_until", "verify_until", "review_until"];
            let fields: Vec<(&str, &str)> = names.into_iter().zip(days).collect();
            send(&site, &clerk, &extend, &extend, &fields)
        };
        found_at(
            &sent(["", "", "2026-10-25"]),
            &["declare-until", "verify-until", "reason"],
        );
        found_at(
            &sent(["2026-10-20", "2026-10-18", "2026-10-16"]),
            &["verify-until", "review-until", "reason"],
        );
        found_at(
            &sent(["2026-10-05", "2026-10-15", "2026-10-25"]),
            &["declare-until", "reason"],
        );

        world.review_all(round, &VILLAGES.map(|(village, ..)| village));
        world.compute(round).unwrap();
        world.post(round).unwrap();
        let secretary = site.sign_in(account_of(secretary_of(11)));
        let appeal = format!("/rounds/{round}/villages/{}/appeal", place(11));
        let sent = |fields: &[(&str, &str)]| send(&site, &secretary, &appeal, &appeal, fields);
        found_at(
            &sent(&[("item", "nothing"), ("claim", "很多"), ("reason", "")]),
            &["item", "claim", "reason"],
        );
        found_at(&sent(&[("claim", "12")]), &["claim", "reason"]);

        let correct = format!("/rounds/{round}/correct");
        let sent = site.get(&correct, &clerk);
        assert_eq!(sent.status, 200);
        let posted = [
            ("csrf", sent.hidden("csrf")),
            ("dispute", ""),
            ("reason", ""),
        ];
        let command = "0192f0c1-0000-7000-8000-000000000001";
        let posted = [posted[0], ("command_id", command), posted[1], posted[2]];
        found_at(
            &site.post(&correct, &clerk, &posted),
            &["dispute", "reason"],
        );
    });
}

#[test]
fn a_round_to_be_opened_lacks_several_things() {
    each(|world| {
        let scheme = world.publish().to_string();
        let site = site(world.app);
        let clerk = site.sign_in(account_of(CLERK));
        let county = place(1).to_string();
        let open = "/rounds/open";
        let title = "季".repeat(101);
        let fields = [
            ("scheme", scheme.as_str()),
            ("place", county.as_str()),
            ("period", "2026-Q3"),
            ("title", title.as_str()),
            ("declare_until", "2020-01-01"),
            ("verify_until", ""),
            ("review_until", "2026-10-25"),
            ("posting_days", "0"),
        ];
        let sent = send(&site, &clerk, open, open, &fields);
        found_at(
            &sent,
            &["title", "declare-until", "verify-until", "posting-days"],
        );
        let mut fields = fields;
        fields[5] = ("verify_until", "2019-01-01");
        fields[6] = ("review_until", "2018-01-01");
        let sent = send(&site, &clerk, open, open, &fields);
        let all = [
            "title",
            "declare-until",
            "verify-until",
            "review-until",
            "posting-days",
        ];
        found_at(&sent, &all);
        assert!(sent.body.contains(&title), "what was typed stays");
    });
}

#[test]
fn every_objection_that_stands_against_the_end_is_named() {
    each(|world| {
        let round = world.open();
        let events = [(11, "2026-08-08"), (11, "2026-08-09"), (12, "2026-08-10")];
        let events = events.map(|(village, day)| (village, world.penalty(village, day)));
        for (_, event) in events {
            world
                .do_event(VERIFIERS[0], event, EventAct::Accept)
                .unwrap();
        }
        world.review_all(round, &VILLAGES.map(|(village, ..)| village));
        world.compute(round).unwrap();
        world.post(round).unwrap();
        for (village, event) in events {
            world
                .do_event(secretary_of(village), event, EventAct::Contest)
                .unwrap();
        }
        let site = site(world.app);
        let clerk = site.sign_in(account_of(CLERK));
        let page = see(&site, &clerk, &format!("/rounds/{round}/finalise"), &[]);
        for (_, event) in events {
            assert!(page.body.contains(&format!("/events/{event}")), "{event}");
        }
    });
}
