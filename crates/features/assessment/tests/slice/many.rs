//! Many sections accepted in one command: all as they were seen, or none.

use app::{Envelope, Refusal};
use assessment::section::accept::{Accepted, ReviewMany, Seen, ToVerify, TownValue, VerifyMany};
use assessment::section::answer::Answer;
use assessment::section::verify::Verify;
use assessment::{RoundId, section};
use kernel::Finding;
use store::{StoreError, values};

use crate::browse::{done, see, send, site};
use crate::world::{
    Give, REVIEWER, VERIFIERS, World, account_of, answer, each, place, refused, secretary_of,
};

store::statements! {
    COUNT_LEAVES = "SELECT count(*) FROM journal_leaf WHERE tenant = $1";
}

fn leaves(world: &World<'_>) -> i64 {
    let tenant = world.app.tenant;
    let read =
        world.app.app.store().read(move |connection| {
            connection.one(&COUNT_LEAVES, &values![tenant], |row| row.int(0))
        });
    let read: Result<i64, StoreError> = read.wait();
    read.unwrap()
}

/// Where a section stands: its revision.
fn revision(world: &World<'_>, round: RoundId, village: u8, code: &'static str) -> i64 {
    let tenant = world.app.tenant;
    let read =
        world.app.app.store().read(move |connection| {
            section::revision(connection, tenant, round, place(village), code)
        });
    let read: Result<Option<i64>, StoreError> = read.wait();
    read.unwrap().unwrap()
}

fn seen(village: u8, section: &str, revision: i64) -> Seen {
    Seen {
        place: place(village),
        section: section.to_owned(),
        revision,
    }
}

fn verify_many(
    world: &World<'_>,
    person: u8,
    round: RoundId,
    sections: Vec<Seen>,
) -> Result<Accepted, Refusal> {
    let to_verify = |seen: Seen| ToVerify {
        place: seen.place,
        section: seen.section,
        revision: seen.revision,
        values: Vec::new(),
    };
    let sections = sections.into_iter().map(to_verify).collect();
    let command = VerifyMany { round, sections };
    let envelope = Envelope::of(world.app.command_id(), &command);
    world.send(account_of(person), envelope)
}

fn review_many(
    world: &World<'_>,
    round: RoundId,
    sections: Vec<Seen>,
) -> Result<Accepted, Refusal> {
    let command = ReviewMany { round, sections };
    let envelope = Envelope::of(world.app.command_id(), &command);
    world.send(account_of(REVIEWER), envelope)
}

fn arg(finding: &Finding, name: &str) -> String {
    let found = finding.args.iter().find(|(known, _)| known == name);
    format!("{:?}", found.unwrap().1)
}

#[test]
fn many_sections_are_accepted_in_one_command_with_one_leaf() {
    each(|world| {
        let round = world.open();
        for village in [11, 12] {
            world.declare(round, village, "fortress").unwrap();
        }
        let before = leaves(world);
        let both = vec![seen(12, "fortress", 1), seen(11, "fortress", 1)];
        let accepted = verify_many(world, VERIFIERS[0], round, both).unwrap();
        assert_eq!(accepted.sections, 2);
        assert_eq!(leaves(world), before + 1);
        for village in [11, 12] {
            assert_eq!(revision(world, round, village, "fortress"), 2);
        }
        let both = vec![seen(11, "fortress", 2), seen(12, "fortress", 2)];
        assert_eq!(review_many(world, round, both).unwrap().sections, 2);
        assert_eq!(revision(world, round, 11, "fortress"), 3);
        // The values are those of the declaration, as one by one.
        let site = site(world.app);
        let reviewer = site.sign_in(account_of(REVIEWER));
        let page = format!("/rounds/{round}/villages/{}/sections/fortress", place(11));
        see(&site, &reviewer, &page, &["镇核查", "县审核", "已审核"]);
    });
}

#[test]
fn one_that_changed_since_is_named_with_who_and_when_and_nothing_is_done() {
    each(|world| {
        let round = world.open();
        for village in [11, 12] {
            world.declare(round, village, "fortress").unwrap();
        }
        let back = world.give_back(round, 12, "fortress", "2026-10-12");
        world.by(account_of(VERIFIERS[0]), &back).unwrap();
        world.declare(round, 12, "fortress").unwrap();
        let before = leaves(world);
        let both = vec![seen(11, "fortress", 1), seen(12, "fortress", 1)];
        let refusal = verify_many(world, VERIFIERS[0], round, both).unwrap_err();
        assert_eq!(refusal.kind, app::RefusalKind::Conflict);
        let codes: Vec<_> = refusal.findings.iter().map(|one| &*one.code).collect();
        assert_eq!(codes, ["section-in-the-way", "changed-since"]);
        assert!(arg(&refusal.findings[0], "village").contains("石桥村"));
        assert!(arg(&refusal.findings[1], "when").contains("2026"));
        assert!(!arg(&refusal.findings[1], "who").is_empty());
        assert_eq!(
            revision(world, round, 11, "fortress"),
            1,
            "nothing half done"
        );
        assert_eq!(leaves(world), before);
    });
}

#[test]
fn what_cannot_be_accepted_as_it_stands_is_named() {
    each(|world| {
        let round = world.open();
        for section in ["fortress", "leader"] {
            world.declare(round, 11, section).unwrap();
        }
        let many = |sections| refused(verify_many(world, VERIFIERS[0], round, sections));
        let both = || vec![seen(11, "fortress", 1), seen(11, "leader", 1)];
        // The town gives a value of this one.
        assert_eq!(many(both()), "Invalid town-value-required");
        assert_eq!(revision(world, round, 11, "fortress"), 1);
        assert_eq!(many(Vec::new()), "Invalid sections-none");
        let twice = vec![seen(11, "fortress", 1); 2];
        assert_eq!(many(twice), "Invalid sections-twice");
        let lots = vec![seen(11, "fortress", 1); 51];
        assert_eq!(many(lots), "Invalid sections-too-many");
        let open = vec![seen(12, "fortress", 0)];
        assert_eq!(
            many(open),
            "Invalid section-in-the-way section-not-in-state"
        );
        // Another town's verifier, and the village itself.
        for person in [VERIFIERS[1], secretary_of(11)] {
            let refusal = verify_many(world, person, round, both()).unwrap_err();
            assert!(matches!(
                refusal.kind,
                app::RefusalKind::Denied | app::RefusalKind::NotFound
            ));
        }
        // What the town changed is reviewed one by one.
        let adjusted = Verify {
            round,
            place: place(11),
            section: "fortress".to_owned(),
            items: vec![Answer {
                reason: Some("与台账不符。".to_owned()),
                ..answer("meetings_held", "1")
            }],
        };
        world.by(account_of(VERIFIERS[0]), &adjusted).unwrap();
        let result = review_many(world, round, vec![seen(11, "fortress", 2)]);
        assert_eq!(
            refused(result),
            "Invalid section-in-the-way section-was-changed"
        );
    });
}

#[test]
fn who_declared_verifies_none_of_them() {
    each(|world| {
        let round = world.open();
        for village in [11, 12] {
            world.declare(round, village, "fortress").unwrap();
        }
        let give = Give {
            person: secretary_of(11),
            role: "town_verifier".to_owned(),
            at: 10,
        };
        world.app.by_rule(&give).unwrap();
        let both = vec![seen(11, "fortress", 1), seen(12, "fortress", 1)];
        let result = verify_many(world, secretary_of(11), round, both);
        assert_eq!(refused(result), "Denied access-separation-of-duties");
        assert_eq!(
            revision(world, round, 12, "fortress"),
            1,
            "nothing half done"
        );
        let other = vec![seen(12, "fortress", 1)];
        verify_many(world, secretary_of(11), round, other).unwrap();
    });
}

#[test]
fn the_list_is_ticked_looked_at_and_confirmed_without_a_script() {
    each(|world| {
        let round = world.open();
        for village in [11, 12] {
            for section in ["fortress", "leader"] {
                world.declare(round, village, section).unwrap();
            }
        }
        let site = site(world.app);
        let verifier = site.sign_in(account_of(VERIFIERS[0]));
        let list = format!("/rounds/{round}/verify");
        let words = ["批量核查", "柳湾村", "石桥村", "待镇填"];
        let shown = see(&site, &verifier, &list, &words);
        assert_eq!(shown.body.matches("name=\"pick\"").count(), 4);
        let narrowed = see(&site, &verifier, &format!("{list}?section=leader"), &[]);
        assert_eq!(narrowed.body.matches("name=\"pick\"").count(), 2);
        let sorted = see(&site, &verifier, &format!("{list}?sort=-village"), &[]).body;
        assert!(sorted.find("石桥村").unwrap() < sorted.find("柳湾村").unwrap());
        let file = site.get(&format!("{list}.csv?section=fortress"), &verifier);
        assert!(
            file.body.contains("柳湾村") && !file.body.contains("头雁"),
            "{}",
            file.body
        );
        // Another town sees nothing of it, and a village may not look.
        let other = site.sign_in(account_of(VERIFIERS[1]));
        see(&site, &other, &list, &["现在没有等您办理的"]);
        let secretary = site.sign_in(account_of(secretary_of(11)));
        assert_eq!(site.get(&list, &secretary).status, 403);

        let pick = |village, revision| format!("{}:fortress:{revision}", place(village));
        let check = format!("{list}/check");
        let ticked = format!("{check}?pick={}&pick={}", pick(11, 1), pick(12, 1));
        let words = ["共 2 项：4 个数值，其中 0 个有佐证材料，0 个有过改动"];
        let shown = see(&site, &verifier, &ticked, &words);
        // What is accepted stands there, not only how much of it.
        let values = shown.body.matches("<strong data-content>").count();
        assert_eq!(values, 4, "{}", shown.body);
        see(&site, &verifier, &check, &["没有勾选任何一项"]);
        // Seen at an old revision: told before it is sent.
        let old = format!("{check}?pick={}&pick={}", pick(11, 1), pick(12, 0));
        see(
            &site,
            &verifier,
            &old,
            &["石桥村", "您打开列表后有变动", "共 1 项"],
        );
        // Changed between look and confirmation: refused by name, the rest stands there again.
        let back = world.give_back(round, 12, "fortress", "2026-10-12");
        world.by(account_of(VERIFIERS[0]), &back).unwrap();
        let (one, two) = (pick(11, 1), pick(12, 1));
        let fields = [("pick", one.as_str()), ("pick", two.as_str())];
        let refused = send(&site, &verifier, &ticked, &check, &fields);
        assert_eq!(refused.status, 409, "{}", refused.body);
        for word in ["石桥村", "整批都没有办理", "更新过这项内容"] {
            assert!(refused.body.contains(word), "{word}: {}", refused.body);
        }
        let again = send(&site, &verifier, &ticked, &check, &fields[..1]);
        assert_eq!(done(&again), format!("{list}?done=1"));
        see(&site, &verifier, &done(&again), &["1 项核查已通过"]);
        assert_eq!(revision(world, round, 11, "fortress"), 2);
    });
}

#[test]
fn the_town_gives_its_own_values_in_the_sheet_and_all_are_verified_at_once() {
    each(|world| {
        let round = world.open();
        for village in [11, 12] {
            for section in ["fortress", "leader"] {
                world.declare(round, village, section).unwrap();
            }
        }
        let site = site(world.app);
        let verifier = site.sign_in(account_of(VERIFIERS[0]));
        let list = format!("/rounds/{round}/verify");
        let check = format!("{list}/check");
        let pick = |village, section| format!("{}:{section}:1", place(village));
        let picks = [
            pick(11, "fortress"),
            pick(11, "leader"),
            pick(12, "fortress"),
            pick(12, "leader"),
        ];
        let ticked: Vec<String> = picks.iter().map(|pick| format!("pick={pick}")).collect();
        let ticked = format!("{check}?{}", ticked.join("&"));
        // What the village declared stands beside the place for what the town gives.
        let shown = see(
            &site,
            &verifier,
            &ticked,
            &["镇里填", "2 个村", "121", "132"],
        );
        let field = |village| format!("cells.{}.leader.tasks_on_time", place(village));
        let (one, two) = (field(11), field(12));
        for name in [&one, &two] {
            assert!(shown.body.contains(&format!("name=\"{name}\"")), "{name}");
        }
        assert_eq!(shown.body.matches("name=\"cells.").count(), 2);

        // All findings come at once, each at its cell; what was typed stays, and so does a village
        // that was left out.
        let mut fields: Vec<(&str, &str)> = Vec::new();
        for pick in &picks {
            fields.push(("row", pick));
        }
        let with = |kept: &[usize], values: [&'static str; 2]| {
            let mut fields = fields.clone();
            fields.extend(kept.iter().map(|index| ("pick", picks[*index].as_str())));
            fields.push((one.as_str(), values[0]));
            fields.push((two.as_str(), values[1]));
            fields
        };
        let before = leaves(world);
        let refused = send(
            &site,
            &verifier,
            &ticked,
            &check,
            &with(&[0, 1, 3], ["八十", ""]),
        );
        assert_eq!(refused.status, 422, "{}", refused.body);
        for word in [
            "2 个",
            "八十",
            "请填写数值",
            "柳湾村 ",
            &format!("href=\"#{}\"", web::field_id(&one)),
            &format!("href=\"#{}\"", web::field_id(&two)),
            &format!("value=\"{}\">", picks[2]),
        ] {
            assert!(refused.body.contains(word), "{word}: {}", refused.body);
        }
        assert_eq!(refused.body.matches(" checked>").count(), 3);
        for village in [11, 12] {
            assert_eq!(revision(world, round, village, "leader"), 1);
        }
        assert_eq!(leaves(world), before);

        let moved = send(
            &site,
            &verifier,
            &ticked,
            &check,
            &with(&[0, 1, 3], ["８１.5", "82.5"]),
        );
        assert_eq!(done(&moved), format!("{list}?done=3"));
        assert_eq!(leaves(world), before + 1);
        assert_eq!(revision(world, round, 11, "leader"), 2);
        assert_eq!(revision(world, round, 12, "leader"), 2);
        assert_eq!(revision(world, round, 12, "fortress"), 1, "left out");
        let page = format!("/rounds/{round}/villages/{}/sections/leader", place(11));
        see(&site, &verifier, &page, &["81.5", "已核查"]);
    });
}

#[test]
fn a_sheet_says_everything_that_is_in_the_way_of_it_at_once() {
    each(|world| {
        let round = world.open();
        for village in [11, 12] {
            world.declare(round, village, "leader").unwrap();
        }
        let back = world.give_back(round, 12, "leader", "2026-10-12");
        world.by(account_of(VERIFIERS[0]), &back).unwrap();
        let value = |item: &str, value: &str| TownValue {
            item: item.to_owned(),
            value: value.to_owned(),
        };
        let section = |village, values| ToVerify {
            place: place(village),
            section: "leader".to_owned(),
            revision: 1,
            values,
        };
        let command = VerifyMany {
            round,
            sections: vec![
                section(12, Vec::new()),
                // One that the village gave is changed by itself, with a reason.
                section(
                    11,
                    vec![
                        value("tasks_on_time", "1000"),
                        value("households_visited", "1"),
                    ],
                ),
            ],
        };
        let envelope = Envelope::of(world.app.command_id(), &command);
        let refusal = world
            .send::<Accepted>(account_of(VERIFIERS[0]), envelope)
            .unwrap_err();
        let found: Vec<_> = refusal.findings.iter().map(|one| &*one.code).collect();
        let expected = [
            "section-in-the-way",
            "changed-since",
            "reason-for-change",
            "value-out-of-range",
        ];
        assert_eq!(found, expected);
    });
}
