//! The permission matrix: every route, for every role, on things at its own place and elsewhere,
//! is requested from the program with the demonstration in it; the answers are a golden file.
//!
//! Forms are sent without the id of a command: whoever may use one is told what is missing, and
//! nothing is carried out.

use std::collections::BTreeMap;
use std::fmt::Write;

use access::{AccountId, Role};
use app::dispute::FileDispute;
use assessment::RoundId;
use kernel::{Id, PlaceId};
use registry::person_add::AddPerson;
use registry::place_import::ImportPlaces;
use registry::tokens::IssueToken;
use store::values;
use web::testing::{TestAnswer, TestSite};
use web::{Method, Policy, Route};
use xingcun::serve;

use crate::demonstration::{Demonstrated, Engaged, TENANT};

store::statements! {
    SELECT_FIGURE = "SELECT figure FROM figure_current WHERE tenant = $1 AND subject = $2 ORDER BY figure";
    SELECT_EVIDENCE = concat!(
        "SELECT e.round, e.file FROM evidence e JOIN round_subject s ON s.tenant = e.tenant ",
        "AND s.round = e.round AND s.subject_no = e.subject_no ",
        "WHERE e.tenant = $1 AND s.place = $2 AND e.round = $3 ORDER BY e.file"
    );
    SELECT_APPEALS = concat!(
        "SELECT a.appeal FROM appeal_current a JOIN round_subject s ON s.tenant = a.tenant ",
        "AND s.round = a.round AND s.subject_no = a.subject_no ",
        "WHERE a.tenant = $1 AND s.place = $2 ORDER BY a.appeal"
    );
    SELECT_EVENTS =
        "SELECT event FROM score_event_current WHERE tenant = $1 AND place = $2 ORDER BY event";
    SELECT_ROUNDS = "SELECT round FROM round WHERE tenant = $1 ORDER BY opened_at, round";
    SELECT_APPOINTMENT = "SELECT appointment FROM appointment_current WHERE tenant = $1 AND person = $2 ORDER BY appointment";
    SELECT_ENTRY = "SELECT command FROM journal_leaf WHERE tenant = $1 ORDER BY at, command LIMIT 1";
    COUNT_DONE = "SELECT count(*) FROM command_done WHERE tenant = $1";
}

/// Where the things stand that are asked for. Village roles belong to the first, town roles to
/// the fourth, county roles to the sixth.
pub const THINGS: [&str; 7] = [
    "village",
    "next village",
    "far village",
    "town",
    "other town",
    "county",
    "unknown",
];
const VILLAGE: usize = 0;
const NEXT: usize = 1;
const FAR: usize = 2;
const TOWN: usize = 3;
const OTHER_TOWN: usize = 4;
const COUNTY: usize = 5;
pub const UNKNOWN: usize = 6;

/// A second town, so that there is somebody else's.
const SECOND_TOWN: &str = "code,name,level,parent_code\n\
    379901101000,长桥镇,town,379901000000\n\
    379901101201,红庄村民委员会,village,379901101000\n";

/// Codes of the places.
pub const CODES: [(&str, usize); 6] = [
    ("379901100201", VILLAGE),
    ("379901100202", NEXT),
    ("379901101201", FAR),
    ("379901100000", TOWN),
    ("379901101000", OTHER_TOWN),
    ("379901000000", COUNTY),
];

/// Which thing of each kind stands where: by parameter of the address.
pub struct Things(BTreeMap<(&'static str, usize), String>);

impl Things {
    /// The address of a route for a place; none where no such thing stands there.
    fn address(&self, pattern: &str, thing: usize) -> Option<String> {
        let mut address = String::new();
        for part in pattern.split('/').skip(1) {
            address.push('/');
            match part
                .strip_prefix('{')
                .and_then(|part| part.strip_suffix('}'))
            {
                None => address.push_str(part),
                Some(name) => address.push_str(self.value(name, thing)?),
            }
        }
        Some(address)
    }

    pub fn value(&self, name: &str, thing: usize) -> Option<&str> {
        let found = self
            .0
            .iter()
            .find(|((known, at), _)| *known == name && *at == thing);
        found.map(|(_, value)| value.as_str())
    }

    #[expect(
        clippy::needless_pass_by_value,
        reason = "numbers and ids are given as they come"
    )]
    pub fn put(&mut self, name: &'static str, thing: usize, value: impl ToString) {
        self.0.insert((name, thing), value.to_string());
    }
}

pub struct Scene {
    pub demonstrated: Demonstrated,
    pub roles: Vec<(Role, Option<AccountId>)>,
    pub things: Things,
}

pub fn scene() -> Scene {
    let demonstrated = Demonstrated::on_sqlite();
    let clerk = demonstrated.account("li.jing");
    let file = demonstrated.upload_by(clerk, SECOND_TOWN.as_bytes());
    demonstrated.act(clerk, &ImportPlaces { file });
    let places = CODES.map(|(code, thing)| (demonstrated.place(code), thing));
    let at = |thing: usize| places[thing].0;
    let engage = |name: &str, role, thing: usize| demonstrated.engage(name, role, Some(at(thing)));

    let village = engage("committee01", Role::SupervisionCommittee, VILLAGE);
    let next = engage("committee02", Role::SupervisionCommittee, NEXT);
    let far = engage("committee21", Role::SupervisionCommittee, FAR);
    let town = engage("leader.town", Role::TownLeader, TOWN);
    let other_town = engage("leader.town2", Role::TownLeader, OTHER_TOWN);
    let county = engage("leader.county", Role::CountyLeader, COUNTY);
    let grid = engage("grid01", Role::GridWorker, VILLAGE);

    let named = |name| Some(demonstrated.account(name));
    let roles = vec![
        (Role::Public, None),
        (Role::Villager, named("villager01")),
        (Role::GridWorker, Some(grid.account)),
        (Role::VillageSecretary, named("village01")),
        (Role::SupervisionCommittee, Some(village.account)),
        (Role::TownClerk, named("gao.ming")),
        (Role::TownVerifier, named("wang.jianguo")),
        (Role::TownLeader, Some(town.account)),
        (Role::CountyClerk, named("li.jing")),
        (Role::CountyReviewer, named("liu.hui")),
        (Role::CountyLeader, Some(county.account)),
        (Role::Auditor, named("luo.zheng")),
        (Role::SystemAdmin, named("system-admin")),
        (Role::SecurityAdmin, named("security-admin")),
        (Role::AuditAdmin, named("audit-admin")),
    ];
    let engaged = [village, next, far, town, other_town, county];
    let things = things(&demonstrated, &places, &engaged);
    Scene {
        demonstrated,
        roles,
        things,
    }
}

fn things(demonstrated: &Demonstrated, places: &[(PlaceId, usize)], engaged: &[Engaged]) -> Things {
    let mut things = Things(BTreeMap::new());
    let store = demonstrated.open.app.store();
    let ids = |statement: &'static store::Statement, key: Id| {
        let read = store.read(move |c| {
            c.all(statement, &values![TENANT, PlaceId(key)], |row| {
                row.id::<PlaceId>(0)
            })
        });
        let found: Result<Vec<PlaceId>, store::StoreError> = read.wait();
        found.unwrap()
    };
    let rounds =
        store.read(|c| c.all(&SELECT_ROUNDS, &values![TENANT], |row| row.id::<RoundId>(0)));
    let rounds: Result<Vec<RoundId>, store::StoreError> = rounds.wait();
    let round = *rounds
        .unwrap()
        .last()
        .expect("the demonstration has rounds");
    let schemes = store
        .read(|c| assessment::scheme::all(c, TENANT))
        .wait()
        .unwrap();
    for (&(place, thing), engaged) in places.iter().zip(engaged) {
        things.put("place", thing, place);
        things.put("grid", thing, place);
        things.put("account", thing, engaged.account);
        things.put("grant", thing, &engaged.grant);
        let issue = IssueToken {
            account: engaged.account,
            token_hash: app::FileHash([u8::try_from(thing).unwrap_or(0); 32]).to_string(),
        };
        let issued = demonstrated.act(demonstrated.account("security-admin"), &issue);
        things.put("request", thing, issued.request);
        things.put("round", thing, round);
        things.put("section", thing, "common_prosperity");
        things.put("node", thing, "total");
        things.put("version", thing, 1);
        things.put(
            "scheme",
            thing,
            schemes.first().expect("one was published").scheme,
        );
        if let Some(figure) = ids(&SELECT_FIGURE, place.0).first() {
            things.put("figure", thing, figure);
        }
        if let Some(appeal) = ids(&SELECT_APPEALS, place.0).first() {
            things.put("appeal", thing, appeal);
        }
        if let Some(event) = ids(&SELECT_EVENTS, place.0).first() {
            things.put("event", thing, event);
        }
        // Somebody who serves there, with an appointment.
        let clerk = demonstrated.account("li.jing");
        let added = demonstrated.act(
            clerk,
            &AddPerson {
                name: format!("任职人{thing}"),
                place,
                post: "secretary".to_owned(),
                valid_from: None,
            },
        );
        things.put("person", thing, added.person);
        for appointment in ids(&SELECT_APPOINTMENT, added.person.0) {
            things.put("appointment", thing, appointment);
        }
    }
    for (thing, secretary) in [(VILLAGE, "village01"), (NEXT, "village02")] {
        let dispute = FileDispute {
            measure: "figure.households".to_owned(),
            subject: places[thing].0,
            period: "2026-Q3".to_owned(),
            claim: None,
            reason: "与户籍登记不符。".to_owned(),
            evidence: None,
        };
        let filed = demonstrated.act(demonstrated.account(secretary), &dispute);
        things.put("dispute", thing, filed.dispute);
        let place = places[thing].0;
        let read = store.read(move |c| {
            c.all(&SELECT_EVIDENCE, &values![TENANT, place, round], |row| {
                Ok(app::FileHash(row.blob(1)?.try_into().unwrap_or_default()))
            })
        });
        let found: Result<Vec<app::FileHash>, store::StoreError> = read.wait();
        if let Some(file) = found.unwrap().first() {
            things.put("file", thing, file);
        }
    }
    let entry = store.read(|c| c.one(&SELECT_ENTRY, &values![TENANT], |row| row.id(0)));
    let entry: Result<kernel::CommandId, store::StoreError> = entry.wait();
    things.put("command", COUNTY, entry.unwrap());
    put_unknown(&mut things);
    things
}

/// Ids of things that are nowhere.
fn put_unknown(things: &mut Things) {
    let unknown = Id::new(1_790_000_000_000, [9; 10]);
    for name in [
        "place",
        "grid",
        "person",
        "account",
        "grant",
        "round",
        "scheme",
        "figure",
        "appointment",
        "dispute",
        "appeal",
        "event",
        "session",
        "reveal",
        "request",
        "command",
    ] {
        things.put(name, UNKNOWN, unknown);
    }
    things.put("file", UNKNOWN, app::FileHash([9; 32]));
    things.put("section", UNKNOWN, "nowhere");
    things.put("node", UNKNOWN, "nowhere");
    things.put("version", UNKNOWN, 9);
}

/// What came back, in one word.
fn verdict(answer: &TestAnswer) -> String {
    let to = answer.header("location");
    match answer.status {
        // What programs read says so without a page to go to.
        401 => "sign-in".to_owned(),
        303 if to.starts_with("/sign-in") => "sign-in".to_owned(),
        303 if to.starts_with("/prove") => "password".to_owned(),
        // A form that changes nothing leads on to its page.
        200 | 303 | 422 => "yes".to_owned(),
        // A form that is refused for want of a fresh password, or a session that is not there.
        403 if answer.body.contains("name=\"prove_password\"") => "password".to_owned(),
        403 if answer.body.contains("/sign-in") && answer.hidden("csrf").is_empty() => {
            "sign-in".to_owned()
        }
        403 => "no".to_owned(),
        404 => "absent".to_owned(),
        other => other.to_string(),
    }
}

struct Visitor {
    cookies: String,
    csrf: String,
}

fn visitor(site: &TestSite, account: Option<AccountId>) -> Visitor {
    let cookies = account
        .map(|account| site.sign_in(account))
        .unwrap_or_default();
    let csrf = site.get("/me", &cookies).hidden("csrf").to_owned();
    Visitor { cookies, csrf }
}

fn ask(site: &TestSite, visitor: &Visitor, route: &Route, address: &str) -> String {
    let answer = match route.method() {
        Method::Get => site.get(address, &visitor.cookies),
        Method::Post => site.post(address, &visitor.cookies, &[("csrf", &visitor.csrf)]),
    };
    verdict(&answer)
}

fn done(demonstrated: &Demonstrated) -> i64 {
    let read = demonstrated
        .open
        .app
        .store()
        .read(|c| c.one(&COUNT_DONE, &values![TENANT], |row| row.int(0)));
    let count: Result<i64, store::StoreError> = read.wait();
    count.unwrap()
}

#[test]
fn golden_permission_matrix() {
    let scene = scene();
    let Demonstrated { open, .. } = &scene.demonstrated;
    let web = serve::web(&open.app, &open.config, false, Some(everybody(&scene))).unwrap();
    let site = TestSite::of(web);
    let visitors: Vec<(Role, Visitor)> = scene
        .roles
        .iter()
        .map(|(role, account)| (*role, visitor(&site, *account)))
        .collect();
    let before = done(&scene.demonstrated);
    let mut routes = site.web.routes().to_vec();
    routes.sort_by_key(|route| (route.path(), route.method()));
    let mut text = String::from(HEADING);
    let mut wrong = Vec::new();
    for route in &routes {
        let about = match route.command() {
            Some(command) => format!("{}, command {command}", route.policy()),
            None => route.policy().to_string(),
        };
        writeln!(text, "{} {}\t{about}", route.method(), route.path()).unwrap();
        let mut rows: Vec<(String, Vec<&str>)> = Vec::new();
        for (role, visitor) in &visitors {
            let cells = cells(&site, &scene.things, visitor, route);
            if cells.is_empty() {
                wrong.push(format!("{route:?}: no thing to ask for"));
            }
            wrong.extend(contradictions(route, *role, &cells));
            let row = shown(&cells);
            match rows.iter_mut().find(|(known, _)| *known == row) {
                Some((_, roles)) => roles.push(role.name()),
                None => rows.push((row, vec![role.name()])),
            }
        }
        for (row, roles) in rows {
            writeln!(text, "\t{}\t{row}", roles.join(", ")).unwrap();
        }
    }
    assert_eq!(
        done(&scene.demonstrated),
        before,
        "nothing was carried out by asking"
    );
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    crate::golden::check("docs/permission-matrix.tsv", &text);
}

const HEADING: &str = "# Who may use which address, as the program itself answered for the demonstration. \
    Made by: cargo xtask regenerate\n\
    # yes; no (403); absent (404); password (asked for again first); sign-in (sent there). \
    A single word is the answer everywhere.\n";

/// The answers, those that are alike together.
pub fn shown(cells: &[(&'static str, String)]) -> String {
    let mut groups: Vec<(&str, Vec<&str>)> = Vec::new();
    for (thing, verdict) in cells {
        match groups.iter_mut().find(|(known, _)| known == verdict) {
            Some((_, things)) => things.push(thing),
            None => groups.push((verdict, vec![thing])),
        }
    }
    if let [(verdict, _)] = groups.as_slice() {
        return (*verdict).to_owned();
    }
    let groups: Vec<String> = groups
        .iter()
        .map(|(verdict, things)| format!("{verdict}: {}", things.join(", ")))
        .collect();
    groups.join("\t")
}

/// One-click sign-in for every account of the scene.
fn everybody(scene: &Scene) -> web::DemoSite {
    let accounts = scene.roles.iter().filter_map(|(role, account)| {
        Some(web::DemoAccount {
            account: (*account)?,
            name: role.name().to_owned(),
            role: *role,
            place: String::new(),
        })
    });
    web::DemoSite {
        accounts: accounts.collect(),
        further: Vec::new(),
        clock_page: "/demo/clock".to_owned(),
    }
}

/// The answers for every thing that the address can name; one for an address without parameters.
fn cells(
    site: &TestSite,
    things: &Things,
    visitor: &Visitor,
    route: &Route,
) -> Vec<(&'static str, String)> {
    if !route.path().contains('{') {
        return vec![("here", ask(site, visitor, route, route.path()))];
    }
    let mut cells = Vec::new();
    for (thing, name) in THINGS.iter().enumerate() {
        if let Some(address) = things.address(route.path(), thing) {
            cells.push((*name, ask(site, visitor, route, &address)));
        }
    }
    cells
}

/// What no golden file may bless: answers that the role's powers exclude, or that say more of an
/// unknown thing than of one that may not be seen.
fn contradictions(route: &Route, role: Role, cells: &[(&'static str, String)]) -> Vec<String> {
    let mut wrong = Vec::new();
    let is_on_thing = matches!(route.policy(), Policy::On(..));
    for (thing, verdict) in cells {
        let allowed = matches!(verdict.as_str(), "yes" | "password");
        let complaint = match route.policy() {
            Policy::Public => (verdict != "yes").then_some("everybody may see it"),
            Policy::SignedIn => {
                (allowed && role == Role::Public).then_some("only whoever is signed in may")
            }
            Policy::Holds(action) | Policy::Whole(action) | Policy::On(action, _) => {
                if allowed && !role.may(*action) {
                    Some("the role has no such right")
                } else if allowed && is_on_thing && *thing == THINGS[UNKNOWN] {
                    Some("there is no such thing")
                } else if verdict.parse::<u16>().is_ok() {
                    Some("not an answer that a page gives")
                } else {
                    None
                }
            }
        };
        if let Some(complaint) = complaint {
            wrong.push(format!(
                "{route:?}, {role}, {thing}: {verdict}, but {complaint}"
            ));
        }
    }
    wrong
}
