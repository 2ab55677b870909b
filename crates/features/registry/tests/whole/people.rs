//! People: who sees whom, what is kept sealed, and that every look leaves its record.

use access::{Action, Role, Scope};
use app::RefusalKind;
use directory::{AppointmentId, appointment, person};
use kernel::{Day, Id, PersonId};
use registry::{
    person_add::AddPerson,
    person_appoint::{AppointPerson, EndAppointment},
    person_contact::SetContact,
    person_find::FindPerson,
    person_reveal::{self, PER_HOUR, RevealPersonal},
    personal::Personal,
};
use store::{StoreError, values};

use crate::world::{
    COUNTY, FAR_VILLAGE, NEIGHBOUR, OTHER_TOWN, Somebody, TOWN, VILLAGE, World, in_each_world,
    refused,
};

store::statements! {
    /// Everything of the database in which a plain value could have been left.
    SELECT_ANSWERS = "SELECT answer FROM command_done WHERE tenant = $1 ORDER BY command";
    SELECT_LEAVES = "SELECT body FROM journal_leaf WHERE tenant = $1 ORDER BY command";
    SELECT_VALUES = "SELECT sealed FROM vault_value WHERE tenant = $1 ORDER BY person, kind";
}

const PHONE: &str = "13800138000";
/// A number made up for tests: the check character fits.
const ID_NUMBER: &str = "11010519491231002X";

fn add(
    world: &World<'_>,
    somebody: Somebody,
    name: &str,
    code: &str,
) -> Result<PersonId, app::Refusal> {
    let command = AddPerson {
        name: name.to_owned(),
        place: world.place_id(code),
        post: "secretary".to_owned(),
        valid_from: None,
    };
    world
        .test
        .by(somebody.account, &command)
        .map(|added| added.person)
}

fn contact(person: PersonId) -> SetContact {
    SetContact {
        person,
        phone: Some(PHONE.to_owned()),
        id_number: Some(ID_NUMBER.to_owned()),
    }
}

fn reveal(person: PersonId) -> RevealPersonal {
    RevealPersonal {
        person,
        field: Personal::Phone,
        purpose: "通知参加培训".to_owned(),
    }
}

fn bytes(world: &World<'_>, statement: &'static store::Statement) -> Vec<u8> {
    let tenant = world.test.tenant;
    let read = world.test.app.store().read(move |c| {
        c.all(statement, &values![tenant], |row| {
            Ok(match row.value(0)? {
                store::Value::Text(text) => text.as_bytes().to_vec(),
                store::Value::Blob(blob) => blob.to_vec(),
                _ => Vec::new(),
            })
        })
    });
    let found: Result<Vec<Vec<u8>>, StoreError> = read.wait();
    found.unwrap().concat()
}

#[test]
fn people_are_added_with_a_post_where_the_right_is() {
    in_each_world(|world| {
        let clerk = world.engage("高明", "gao.ming", Role::TownClerk, Some(TOWN));
        let person = add(world, clerk, "陈国平", VILLAGE).unwrap();
        let tenant = world.test.tenant;
        let store = world.test.app.store();
        let posts = store
            .read(move |c| appointment::of_person(c, tenant, person))
            .wait()
            .unwrap();
        assert_eq!((posts.len(), posts[0].post.as_str()), (1, "secretary"));
        let elsewhere = AddPerson {
            name: "沈西林".to_owned(),
            place: world.place_id(FAR_VILLAGE),
            post: "secretary".to_owned(),
            valid_from: None,
        };
        world.denied(clerk.account, &elsewhere, "access-other-place");
        let verifier = world.engage("王建国", "wang.jianguo", Role::TownVerifier, Some(TOWN));
        world.denied(verifier.account, &elsewhere, "access-no-role");
        for (name, post, code) in [
            (" ", "secretary", "person-name-length"),
            ("陈国平", "支部书记", "post-code-form"),
        ] {
            let command = AddPerson {
                name: name.to_owned(),
                place: world.place_id(VILLAGE),
                post: post.to_owned(),
                valid_from: None,
            };
            refused(
                world.test.by(clerk.account, &command),
                RefusalKind::Invalid,
                code,
            );
        }
    });
}

#[test]
fn appointments_begin_and_end_at_places_of_the_right() {
    in_each_world(|world| {
        let clerk = world.engage("高明", "gao.ming", Role::TownClerk, Some(TOWN));
        let person = add(world, clerk, "陈国平", VILLAGE).unwrap();
        let appoint = |code: &str| AppointPerson {
            person,
            post: "grid_worker".to_owned(),
            place: world.place_id(code),
            valid_from: None,
            valid_until: None,
        };
        world.denied(clerk.account, &appoint(OTHER_TOWN), "access-other-place");
        let made = world.test.by(clerk.account, &appoint(TOWN)).unwrap();
        let backwards = AppointPerson {
            valid_until: Day::new(2026, 9, 1),
            ..appoint(TOWN)
        };
        refused(
            world.test.by(clerk.account, &backwards),
            RefusalKind::Invalid,
            "ends-before-it-begins",
        );
        let stranger = AppointPerson {
            person: PersonId(Id::new(1, [9; 10])),
            ..appoint(TOWN)
        };
        world.denied(clerk.account, &stranger, "access-other-place");
        refused(
            world.test.by(world.clerk.account, &stranger),
            RefusalKind::NotFound,
            "not-found",
        );
        // Somebody of the other town does not come into reach by being appointed.
        let there = add(world, world.clerk, "孙玉兰", FAR_VILLAGE).unwrap();
        let drawn = AppointPerson {
            person: there,
            ..appoint(TOWN)
        };
        world.denied(clerk.account, &drawn, "access-other-place");
        world.test.by(world.clerk.account, &drawn).unwrap();
        let end = EndAppointment {
            appointment: made.appointment,
            valid_until: None,
        };
        let verifier = world.engage("王建国", "wang.jianguo", Role::TownVerifier, Some(TOWN));
        world.denied(verifier.account, &end, "access-no-role");
        world.test.by(clerk.account, &end).unwrap();
        let (tenant, appointment) = (world.test.tenant, made.appointment);
        let store = world.test.app.store();
        let found = store
            .read(move |c| appointment::get(c, tenant, appointment))
            .wait()
            .unwrap();
        let (ended, version) = found.unwrap();
        assert_eq!(
            (ended.valid_until, version),
            (Some(world.test.app.clock().now().day()), 2)
        );
        let unknown = EndAppointment {
            appointment: AppointmentId(Id::new(1, [9; 10])),
            valid_until: None,
        };
        refused(
            world.test.by(clerk.account, &unknown),
            RefusalKind::NotFound,
            "not-found",
        );
    });
}

#[test]
fn sealed_values_are_kept_and_stand_nowhere_in_the_clear() {
    in_each_world(|world| {
        let clerk = world.engage("高明", "gao.ming", Role::TownClerk, Some(TOWN));
        let person = add(world, clerk, "陈国平", VILLAGE).unwrap();
        world.test.by(clerk.account, &contact(person)).unwrap();
        world.test.by(world.clerk.account, &reveal(person)).unwrap();
        for statement in [&SELECT_ANSWERS, &SELECT_LEAVES, &SELECT_VALUES] {
            let kept = bytes(world, statement);
            assert!(!kept.is_empty());
            for value in [PHONE, ID_NUMBER] {
                let found = kept
                    .windows(value.len())
                    .any(|window| window == value.as_bytes());
                assert!(!found, "{value} stands in the clear");
            }
        }
        let other = world.engage("赵敏", "zhao.min", Role::TownClerk, Some(OTHER_TOWN));
        world.denied(other.account, &contact(person), "access-other-place");
        let verifier = world.engage("王建国", "wang.jianguo", Role::TownVerifier, Some(TOWN));
        world.denied(verifier.account, &contact(person), "access-no-role");
    });
}

#[test]
fn only_values_that_can_be_right_are_kept() {
    in_each_world(|world| {
        let person = add(world, world.clerk, "陈国平", VILLAGE).unwrap();
        let set = |phone: Option<&str>, id_number: Option<&str>| {
            let command = SetContact {
                person,
                phone: phone.map(str::to_owned),
                id_number: id_number.map(str::to_owned),
            };
            world.test.by(world.clerk.account, &command)
        };
        for (answer, code) in [
            (set(None, None), "required"),
            (set(Some("12345"), None), "phone-form"),
            (set(Some("1380013800a"), None), "phone-form"),
            (set(None, Some("110105194912310021")), "resident-id-check"),
            (set(None, Some("1101051949")), "resident-id-length"),
        ] {
            refused(answer, RefusalKind::Invalid, code);
        }
        set(Some("+86 138-0013-8000"), None).unwrap();
        let unknown = SetContact {
            person: PersonId(Id::new(1, [9; 10])),
            phone: Some(PHONE.to_owned()),
            id_number: None,
        };
        let answer = world.test.by(world.clerk.account, &unknown);
        refused(answer, RefusalKind::NotFound, "not-found");
    });
}

#[test]
fn a_look_needs_right_password_and_purpose_and_leaves_its_record() {
    in_each_world(|world| {
        let person = add(world, world.clerk, "陈国平", VILLAGE).unwrap();
        let clerk = world.clerk.account;
        refused(
            world.test.by(clerk, &reveal(person)),
            RefusalKind::Invalid,
            "nothing-held",
        );
        world.test.by(clerk, &contact(person)).unwrap();
        let town = world.engage("高明", "gao.ming", Role::TownClerk, Some(TOWN));
        world.denied(town.account, &reveal(person), "access-no-role");
        let elsewhere = world.clerk_beyond();
        world.denied(elsewhere.account, &reveal(person), "access-other-place");
        let stale = world.by_stale(clerk, &reveal(person));
        refused(stale, RefusalKind::Reauthenticate, "access-reauthenticate");
        let by_hand = world.by_hand(clerk, &reveal(person));
        refused(by_hand, RefusalKind::Denied, "access-cannot-reauthenticate");
        let idle = RevealPersonal {
            purpose: "看看".to_owned(),
            ..reveal(person)
        };
        refused(
            world.test.by(clerk, &idle),
            RefusalKind::Invalid,
            "purpose-length",
        );
        let (tenant, store) = (world.test.tenant, world.test.app.store());
        let looked = || {
            store
                .read(move |c| person_reveal::of_person(c, tenant, person))
                .wait()
        };
        assert!(looked().unwrap().is_empty());
        let done = world.test.by(clerk, &reveal(person)).unwrap();
        let looked = looked().unwrap();
        assert_eq!(looked.len(), 1);
        assert_eq!(looked[0].reveal, done.reveal);
        assert_eq!(
            (looked[0].viewer, looked[0].role),
            (world.clerk.person, Role::CountyClerk)
        );
        assert_eq!(looked[0].purpose, "通知参加培训");
    });
}

#[test]
fn nobody_looks_at_more_than_thirty_values_an_hour() {
    in_each_world(|world| {
        let person = add(world, world.clerk, "陈国平", VILLAGE).unwrap();
        let clerk = world.clerk.account;
        world.test.by(clerk, &contact(person)).unwrap();
        for _ in 0..PER_HOUR {
            world.test.by(clerk, &reveal(person)).unwrap();
        }
        let answer = world.test.by(clerk, &reveal(person));
        refused(answer, RefusalKind::TooMany, "too-many-reveals");
        let other = world.engage("赵敏", "zhao.min", Role::CountyClerk, None);
        world.test.by(other.account, &reveal(person)).unwrap();
        world.test.clock.advance(3_600_000);
        world.test.by(clerk, &reveal(person)).unwrap();
    });
}

#[test]
fn the_list_shows_exactly_those_whose_page_opens() {
    in_each_world(|world| {
        for (name, code) in [
            ("陈国平", VILLAGE),
            ("沈西林", FAR_VILLAGE),
            ("高明", TOWN),
            ("李书记", COUNTY),
        ] {
            add(world, world.clerk, name, code).unwrap();
        }
        // One without any place, and one whose grant is what places her.
        let readers = [
            world.clerk,
            world.engage("王建国", "wang.jianguo", Role::TownVerifier, Some(TOWN)),
            world.engage("周前进", "village02", Role::VillageSecretary, Some(VILLAGE)),
            world.engage("田大婶", "villager01", Role::Villager, Some(VILLAGE)),
            world.newcomer("无职", "nobody.yet"),
        ];
        let site = web::testing::TestSite::new(world.test, vec![registry::web()], demo(&readers));
        for reader in readers {
            let cookies = site.sign_in(reader.account);
            let page = site.get("/people", &cookies);
            let listed = |person: PersonId| page.body.contains(&format!("/people/{person}\""));
            for person in everybody(world) {
                let opens = site.get(&format!("/people/{person}"), &cookies).status == 200;
                assert_eq!(listed(person), opens, "{person} for {reader:?}");
            }
            // Who may read nobody is told so.
            let may = may_read(world, reader);
            assert_eq!(page.status == 200, may, "{reader:?}");
        }
    });
}

fn may_read(world: &World<'_>, reader: Somebody) -> bool {
    let (tenant, now) = (world.test.tenant, world.test.app.clock().now());
    let store = world.test.app.store();
    let subject = store
        .read(move |c| {
            access::load_subject(
                c,
                tenant,
                reader.account,
                access::Authentication::Fresh,
                now,
            )
        })
        .wait()
        .unwrap()
        .unwrap();
    let scope = Scope::new(&subject, Action::PersonRead, now.day());
    subject
        .grants
        .iter()
        .any(|grant| scope.roles.holds(grant.role))
}

/// Everybody of the register: every name begins with a text.
fn everybody(world: &World<'_>) -> Vec<PersonId> {
    let tenant = world.test.tenant;
    let store = world.test.app.store();
    let mut found = Vec::new();
    for initial in 'a'..='z' {
        let prefix = initial.to_string();
        let people = store
            .read(move |c| person::search(c, tenant, &prefix, 100))
            .wait()
            .unwrap();
        found.extend(people.into_iter().map(|name| name.person));
    }
    assert!(found.len() >= 11, "{}", found.len());
    found
}

/// One-click accounts for the test's readers.
pub fn demo(readers: &[Somebody]) -> Vec<web::DemoAccount> {
    let account = |somebody: &Somebody| web::DemoAccount {
        account: somebody.account,
        name: String::new(),
        role: Role::Villager,
        place: String::new(),
    };
    readers.iter().map(account).collect()
}

#[test]
fn one_identity_card_is_one_person() {
    in_each_world(|world| {
        let clerk = world.clerk;
        let one = add(world, clerk, "陈国平", VILLAGE).unwrap();
        let other = add(world, clerk, "陈国评", VILLAGE).unwrap();
        let set = |person, number: &str| SetContact {
            person,
            phone: None,
            id_number: Some(number.to_owned()),
        };
        let number = "11010519491231002X";
        world.test.by(clerk.account, &set(one, number)).unwrap();
        for spelling in [number, "11010519491231002x", " 11010519491231002X "] {
            let twice = world.test.by(clerk.account, &set(other, spelling));
            refused(twice, RefusalKind::Invalid, "id-number-of-another");
        }
        // Her own again is no other person's.
        world.test.by(clerk.account, &set(one, number)).unwrap();
    });
}

#[test]
fn a_list_of_many_people_has_everybodys_posts_and_telephone() {
    in_each_world(|world| {
        // More than one statement takes at once, and not a multiple of it.
        for number in 0..57 {
            let code = if number % 2 == 0 { VILLAGE } else { NEIGHBOUR };
            let added = AddPerson {
                name: format!("村民{number:02}"),
                place: world.place_id(code),
                post: "grid_worker".to_owned(),
                valid_from: None,
            };
            let person = world.test.by(world.clerk.account, &added).unwrap().person;
            let contact = SetContact {
                person,
                phone: Some(format!("138001380{number:02}")),
                id_number: None,
            };
            world.test.by(world.clerk.account, &contact).unwrap();
        }
        let site =
            web::testing::TestSite::new(world.test, vec![registry::web()], demo(&[world.clerk]));
        let cookies = site.sign_in(world.clerk.account);
        let csv = site.get("/people.csv?q=村民", &cookies).body;
        let pages = [1, 2].map(|page| {
            let path = format!("/people?q=%E6%9D%91%E6%B0%91&page={page}");
            site.get(&path, &cookies).body
        });
        for number in 0..57 {
            let place = if number % 2 == 0 {
                "柳湾村"
            } else {
                "福塘村"
            };
            let name = format!("村民{number:02}");
            let line = csv
                .lines()
                .find(|line| line.contains(&name))
                .unwrap_or_default();
            assert!(line.contains(place), "{name}: {line}");
            let row = pages.iter().flat_map(|page| page.split("<tr>"));
            let row = row
                .into_iter()
                .find(|row| row.contains(&name))
                .unwrap_or_default();
            assert!(row.contains(place), "{name}: {row}");
            assert!(row.contains(&format!("80{number:02}")), "{name}: {row}");
        }
    });
}

/// By the whole number, however it is written, and only among the people one may see; who may see
/// nobody is told so. Neither the answer nor the leaf holds the number.
#[test]
fn people_are_found_by_their_whole_number() {
    in_each_world(|world| {
        let clerk = world.engage("高明", "gao.ming", Role::TownClerk, Some(TOWN));
        let other = world.engage("何芳", "he.fang", Role::TownClerk, Some(OTHER_TOWN));
        let person = add(world, clerk, "陈国平", VILLAGE).unwrap();
        world.test.by(clerk.account, &contact(person)).unwrap();
        let find = |number: &str| FindPerson {
            number: number.to_owned(),
        };
        for number in [PHONE, ID_NUMBER, "138 0013 8000", "11010519491231002x"] {
            let found = world.test.by(clerk.account, &find(number)).unwrap();
            assert_eq!(found.person, person, "{number}");
        }
        for (somebody, number) in [
            (other, PHONE),
            (other, ID_NUMBER),
            (clerk, "8000"),
            (clerk, "13800138001"),
        ] {
            let asked = world.test.by(somebody.account, &find(number));
            refused(asked, RefusalKind::Invalid, "number-of-nobody");
        }
        let asked = world.test.by(clerk.account, &find(" "));
        refused(asked, RefusalKind::Invalid, "required");
        let nobody = world.newcomer("沈西林", "shen.xilin");
        world.denied(nobody.account, &find(PHONE), "access-no-role");
        for kept in [&SELECT_ANSWERS, &SELECT_LEAVES] {
            let kept = bytes(world, kept);
            let text = String::from_utf8_lossy(&kept);
            assert!(!text.contains(PHONE) && !text.contains(ID_NUMBER));
        }
    });
}
