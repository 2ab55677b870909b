//! The other half of the permission matrix: every command, for every role, on things at its own
//! place and elsewhere, is carried out and undone; what came of it is a golden file.
//!
//! A route's policy comes before the command and may let more people through than the command
//! does; programs send commands without any route. Here only the command's own decision speaks.

use std::fmt::Write;

use access::{AccountId, Authentication};
use app::{Caller, CommandSpec, Envelope, RefusalKind};
use assessment::{RoundId, round, section};
use kernel::{CommandId, Id, PlaceId};
use serde_json::Value as Json;
use xingcun::house;

use crate::demonstration::TENANT;
use crate::matrix::{CODES, Scene, THINGS, Things, UNKNOWN, scene, shown};

/// A body for each command, as small as it can be; `{name}` is the thing of that name at the place
/// that is asked for.
const BODIES: &[(&str, &str)] = &[
    (
        "round.correct",
        r#"{"round":"{round}","dispute":"{dispute}","reason":"已核对。"}"#,
    ),
    ("round.sample", r#"{"round":"{round}","percent":10}"#),
    (
        "appeal.decide",
        r#"{"appeal":"{appeal}","decision":"reject","reason":"已核对。"}"#,
    ),
    (
        "appeal.withdraw",
        r#"{"appeal":"{appeal}","reason":"已说清。"}"#,
    ),
    (
        "appeal.lodge",
        r#"{"round":"{round}","place":"{place}","reason":"请复核。"}"#,
    ),
    (
        "event.declare",
        r#"{"event":{"place":"{place}","item":"award_county","occurred_on":"2026-07-02","description":"已核对。","evidence":[{"file":"{hash}","name":"a.png"}]}}"#,
    ),
    (
        "event.propose",
        r#"{"event":{"place":"{place}","item":"criticism","occurred_on":"2026-07-02","description":"已核对。","evidence":[{"file":"{hash}","name":"a.png"}]}}"#,
    ),
    (
        "event.verify",
        r#"{"event":"{event}","finding":"refuse","reason":"已核对。"}"#,
    ),
    (
        "event.withdraw",
        r#"{"event":"{event}","reason":"已说清。"}"#,
    ),
    (
        "event.contest",
        r#"{"event":"{event}","reason":"已说清。"}"#,
    ),
    (
        "event.decide",
        r#"{"event":"{event}","decision":"reject","reason":"已核对。"}"#,
    ),
    ("organisation.import", r#"{"file":"{hash}"}"#),
    ("person.import", r#"{"file":"{hash}","key":"{hash}"}"#),
    ("account.import", r#"{"file":"{hash}","key":"{hash}"}"#),
    ("account.change_password", "{}"),
    (
        "account.disable",
        r#"{"account":"{account}","disabled":true}"#,
    ),
    (
        "account.issue_token",
        r#"{"account":"{account}","token_hash":"{hash}"}"#,
    ),
    (
        "account.issue_slips",
        r#"{"slips":[{"account":"{account}","code_hash":"{hash}"}]}"#,
    ),
    (
        "account.make",
        r#"{"name":"某人","sign_in_name":"some.body"}"#,
    ),
    ("account.set_up_factor", "{}"),
    ("account.renew_recovery_codes", "{}"),
    ("account.give_up_factor", "{}"),
    ("account.use_recovery_code", "{}"),
    (
        "account.reset_factor",
        r#"{"account":"{account}","reason":"手机丢失，已当面核对。"}"#,
    ),
    ("account.release_factor_reset", r#"{"account":"{account}"}"#),
    ("account.refuse_factor_reset", r#"{"account":"{account}"}"#),
    ("account.refuse_token", r#"{"request":"{request}"}"#),
    ("account.release_token", r#"{"request":"{request}"}"#),
    ("demo.advance_clock", r#"{"working_days":1}"#),
    (
        "dispute.answer",
        r#"{"dispute":"{dispute}","answer":"uphold","reason":"已核对。"}"#,
    ),
    (
        "dispute.file",
        r#"{"measure":"figure.households","subject":"{place}","period":"2026-Q3","reason":"与登记不符。"}"#,
    ),
    ("figure.import", r#"{"file":"{figures}","source":"台账"}"#),
    ("grant.approve", r#"{"grant":"{grant}"}"#),
    (
        "grant.propose",
        r#"{"person":"{person}","role":"village_secretary","place":"{place}"}"#,
    ),
    ("grant.refuse", r#"{"grant":"{grant}"}"#),
    ("grant.revoke", r#"{"grant":"{grant}"}"#),
    (
        "person.add",
        r#"{"name":"某人","place":"{place}","post":"secretary"}"#,
    ),
    (
        "person.appoint",
        r#"{"person":"{person}","post":"grid_worker","place":"{place}"}"#,
    ),
    (
        "person.end_appointment",
        r#"{"appointment":"{appointment}"}"#,
    ),
    ("person.find", r#"{"number":"13800138000"}"#),
    (
        "person.reveal",
        r#"{"person":"{person}","field":"phone","purpose":"通知参加培训"}"#,
    ),
    (
        "person.set_contact",
        r#"{"person":"{person}","phone":"13800138000"}"#,
    ),
    ("place.edit", r#"{"place":"{place}","name":"新的名称"}"#),
    ("place.import", r#"{"file":"{roster}"}"#),
    (
        "place.import_outlines",
        r#"{"file":"{outlines}","datum":"wgs84"}"#,
    ),
    (
        "place.merge",
        r#"{"sources":["{place}"],"into":"{place}","reason":"规模调整。","document":"1号"}"#,
    ),
    (
        "place.split",
        r#"{"place":"{place}","parts":[{"name":"甲村"},{"name":"乙村"}],"reason":"规模调整。","document":"1号"}"#,
    ),
    (
        "place.end",
        r#"{"place":"{place}","reason":"规模调整。","document":"1号"}"#,
    ),
    (
        "place.resume",
        r#"{"place":"{place}","reason":"规模调整。","document":"1号"}"#,
    ),
    (
        "place.move",
        r#"{"place":"{place}","parent":"{place}","reason":"规模调整。","document":"1号"}"#,
    ),
    (
        "place.correct",
        r#"{"place":"{place}","code":"370725001201","reason":"登记错误。"}"#,
    ),
    ("grid.add", r#"{"parent":"{place}","name":"第九网格"}"#),
    ("grid.end", r#"{"grid":"{place}","reason":"误设。"}"#),
    ("round.compute", r#"{"round":"{round}"}"#),
    (
        "round.extend",
        r#"{"round":"{round}","declare_until":"2027-03-01","verify_until":"2027-03-10","review_until":"2027-03-20","reason":"汛期。"}"#,
    ),
    ("round.finalise", r#"{"round":"{round}"}"#),
    (
        "round.open",
        r#"{"scheme":"{scheme}","period":"2026-Q4","place":"{place}","declare_until":"2027-01-10","verify_until":"2027-01-20","review_until":"2027-01-29","posting_days":7}"#,
    ),
    ("round.post", r#"{"round":"{round}"}"#),
    (
        "scheme.publish",
        r#"{"place":"{place}","source":{"text":{"file":"a.toml","text":"x = 1"}}}"#,
    ),
    (
        "section.declare",
        r#"{"round":"{round}","place":"{place}","section":"{section}","items":[]}"#,
    ),
    (
        "section.verify_many",
        r#"{"round":"{round}","sections":[{"place":"{place}","section":"{section}","revision":1}]}"#,
    ),
    (
        "section.review_many",
        r#"{"round":"{round}","sections":[{"place":"{place}","section":"{section}","revision":1}]}"#,
    ),
    (
        "section.return",
        r#"{"round":"{round}","place":"{place}","section":"{section}","reason":"请补充。","due":"2026-10-23"}"#,
    ),
    (
        "section.review",
        r#"{"round":"{round}","place":"{place}","section":"{section}"}"#,
    ),
    (
        "section.send_back",
        r#"{"round":"{round}","place":"{place}","section":"{section}","reason":"请核对。","due":"2026-10-30"}"#,
    ),
    (
        "section.verify",
        r#"{"round":"{round}","place":"{place}","section":"{section}"}"#,
    ),
    (
        "section.withdraw",
        r#"{"round":"{round}","place":"{place}","section":"{section}","reason":"填错了。"}"#,
    ),
    ("session.end", r#"{"session":"{session}"}"#),
    ("setup.administrators", "{}"),
    ("tenant.establish", r#"{"name":"","by":"test"}"#),
    (
        "backup.restored",
        r#"{"made_at":0,"leaves":1,"checkpoint":"","lost_leaves":0,"operator":""}"#,
    ),
];

/// Commands over the sender's own account, which need no right; and those of setup, which no
/// person can send.
const WITHOUT_RIGHT: &[&str] = &[
    "account.change_password",
    "backup.restored",
    "session.end",
    "setup.administrators",
    "tenant.establish",
];

/// The body for a thing; none where no such thing stands there.
fn body(template: &str, things: &Things, thing: usize) -> Option<Json> {
    let mut text = String::new();
    let mut rest = template;
    while let Some(start) = rest.find("\"{") {
        let end = start + rest[start..].find("}\"")?;
        text.push_str(&rest[..=start]);
        text.push_str(things.value(&rest[start + 2..end], thing)?);
        rest = &rest[end + 1..];
    }
    text.push_str(rest);
    Some(serde_json::from_str(&text).unwrap_or_else(|error| panic!("{text}: {error}")))
}

/// Workbooks that change one place each.
fn add_files(scene: &mut Scene) {
    for (code, thing) in CODES {
        let (level, parent) = match code {
            "379901000000" => ("county", String::new()),
            _ if code.ends_with("000") => ("town", "379901000000".to_owned()),
            _ => ("village", format!("{}000", &code[..9])),
        };
        let roster = format!("code,name,level,parent_code\n{code},新的名称,{level},{parent}\n");
        let figures =
            format!("code,item,period,value,unit,source\n{code},households,2026-Q3,1,户,x\n");
        let demonstrated = &scene.demonstrated;
        let outlines = format!(
            r#"{{"type":"FeatureCollection","features":[{{"properties":{{"code":"{code}"}},"geometry":
            {{"type":"Polygon","coordinates":[[[118,36],[119,36],[119,37],[118,36]]]}}}}]}}"#
        );
        let (roster, figures) = (
            demonstrated.upload(roster.as_bytes()),
            demonstrated.upload(figures.as_bytes()),
        );
        let outlines = demonstrated.upload(outlines.as_bytes());
        scene.things.put("outlines", thing, outlines);
        for account in scene.roles.iter().filter_map(|(_, account)| *account) {
            demonstrated.brought(account, &roster, 1);
            demonstrated.brought(account, &figures, 1);
        }
        scene.things.put("roster", thing, roster);
        scene.things.put("figures", thing, figures);
        scene.things.put("hash", thing, "0".repeat(64));
    }
    scene.things.put("hash", UNKNOWN, "0".repeat(64));
}

/// The revision of the section or round that a body names; of one that is not there, any.
fn seen(scene: &Scene, command: &CommandSpec, body: &Json) -> Option<i64> {
    let round: RoundId = body["round"].as_str()?.parse().ok()?;
    let of_section = command.name.starts_with("section.");
    let place: Option<PlaceId> = body["place"].as_str().and_then(|place| place.parse().ok());
    let section = body["section"].as_str().unwrap_or_default().to_owned();
    let read = move |connection: &mut dyn store::Connection| match place {
        Some(place) if of_section => section::revision(connection, TENANT, round, place, &section),
        _ => Ok(round::get(connection, TENANT, round)?.map(|round| round.revision)),
    };
    let app = &scene.demonstrated.open.app;
    let found: Result<_, store::StoreError> = app.store().read(read).wait();
    Some(found.unwrap().unwrap_or_default())
}

/// What came of it, in one word.
fn verdict(scene: &Scene, account: AccountId, command: &CommandSpec, body: Json) -> &'static str {
    let app = &scene.demonstrated.open.app;
    let mut random = [0; 10];
    random.copy_from_slice(&app.entropy().draw()[..10]);
    let seen_revision = seen(scene, command, &body);
    let envelope = Envelope {
        id: CommandId(Id::new(app.clock().now().0, random)),
        name: command.name.to_owned(),
        body,
        seen_revision,
        observed_at: None,
    };
    let caller = Caller::Account {
        account,
        authentication: Authentication::Fresh,
        on_behalf_of: None,
    };
    match app::testing::rehearse(app, TENANT, caller, envelope) {
        Ok(()) => "yes",
        Err(refusal) => match refusal.kind {
            RefusalKind::Denied => "no",
            RefusalKind::NotFound => "absent",
            RefusalKind::Reauthenticate => "password",
            RefusalKind::Invalid | RefusalKind::Conflict => "refused",
            RefusalKind::TooMany => "too many",
            RefusalKind::Unavailable | RefusalKind::Bug => panic!("{}: {refusal}", command.name),
        },
    }
}

const HEADING: &str = "# Who may give which command, as the command itself answered for the demonstration, carried out \
    and undone. Made by: cargo xtask regenerate\n\
    # yes; refused (allowed, but not like this or not now); no (denied); absent (not found). \
    A single word is the answer everywhere.\n";

#[test]
fn golden_command_matrix() {
    let mut scene = scene();
    add_files(&mut scene);
    let features = house::features(true);
    let mut commands: Vec<CommandSpec> = features
        .iter()
        .flat_map(|feature| feature.commands.clone())
        .collect();
    commands.sort_by_key(|command| command.name);
    let mut text = String::from(HEADING);
    let mut wrong = Vec::new();
    for command in &commands {
        let Some((_, template)) = BODIES.iter().find(|(name, _)| *name == command.name) else {
            wrong.push(format!("{}: no body to send", command.name));
            continue;
        };
        writeln!(text, "{}\t{}", command.name, command.action).unwrap();
        let mut rows: Vec<(String, Vec<&str>)> = Vec::new();
        for (role, account) in &scene.roles {
            let Some(account) = *account else { continue };
            let mut cells = Vec::new();
            for (thing, name) in THINGS.iter().enumerate() {
                let Some(body) = body(template, &scene.things, thing) else {
                    continue;
                };
                let came = verdict(&scene, account, command, body);
                let passed = matches!(came, "yes" | "refused");
                if passed && !role.may(command.action) && !WITHOUT_RIGHT.contains(&command.name) {
                    let name = command.name;
                    wrong.push(format!("{name}, {role}, {thing}: {came} without the right"));
                }
                cells.push((*name, came.to_owned()));
            }
            if cells.is_empty() {
                wrong.push(format!("{}: no thing to send it for", command.name));
            }
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
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    crate::golden::check("docs/command-matrix.tsv", &text);
}
