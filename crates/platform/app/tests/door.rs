//! The command door with a small feature of its own: notes that must not be empty.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use access::Action;
use app::{
    Caller, Command, CommandSpec, Door, Effect, Envelope, Establisher, Event, Feature, Guard,
    GuardQuestion, Handler, JobSpec, NewJob, Ref, Refusal, RefusalKind, Via, Worker,
    testing::{START, TestApp, each},
};
use kernel::{CommandId, Finding, Id, Tenant, time::DAY_MS};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use store::{Class, Migration, Schema, Table, values};

store::record! {
    NOTE = note(tenant, note, command, text) key(tenant, note);
}

store::statements! {
    COUNT_NOTES = "SELECT count(*) FROM note WHERE tenant = $1";
    SELECT_NOTES = "SELECT text FROM note WHERE tenant = $1 ORDER BY note";
    /// Beside the one that established the tenant.
    COUNT_LEAVES = "SELECT count(*) - 1 FROM journal_leaf WHERE tenant = $1";
    SELECT_BODIES = "SELECT body FROM journal_leaf WHERE tenant = $1 ORDER BY command";
    SELECT_SEALED_BODIES = concat!(
        "SELECT l.body FROM journal_sealed s JOIN journal_leaf l ON l.tenant = s.tenant ",
        "AND l.command = s.command WHERE s.tenant = $1 ORDER BY s.number"
    );
    COUNT_DONE = "SELECT count(*) FROM command_done WHERE tenant = $1";
    SELECT_LEAF_HASHES = "SELECT leaf_hash FROM journal_sealed WHERE tenant = $1 ORDER BY number";
}

const SCHEMA: Schema = Schema {
    component: "note",
    tables: &[Table {
        name: "note",
        class: Class::Record,
        note: "notes of this test",
    }],
    records: &[&NOTE],
    migrations: &[Migration {
        version: 1,
        sql: &[
            "CREATE TABLE note (tenant {int} NOT NULL, note {blob} NOT NULL, \
                command {blob} NOT NULL, text {text} NOT NULL, PRIMARY KEY (tenant, note)) {table_end}",
        ],
    }],
};

/// Writes a note; a note "job" enqueues one more, "echo" emits an event, "chain" never ends.
#[derive(Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct WriteNote {
    text: String,
}

#[derive(Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
struct Written {
    note: String,
}

impl Command for WriteNote {
    const NAME: &'static str = "note.write";
    const ACTION: Action = Action::RegistryEdit;
    const CLEAR: &'static [&'static str] = &[];
    type Answer = Written;

    fn run(&self, door: &mut Door<'_>) -> Result<Written, Refusal> {
        if self.text.is_empty() {
            return Err(Finding::error("required").field("text").into());
        }
        door.ask_guards(&GuardQuestion {
            action: Action::RegistryEdit,
            thing: Ref::new("note", Id::default()),
            places: Vec::new(),
            period: String::new(),
        })?;
        let note = door.next_id();
        let row = values![door.tenant(), note, door.command(), &self.text];
        door.append(&NOTE, &row)?;
        match self.text.as_str() {
            "job" => {
                let due = door.now();
                door.enqueue(NewJob {
                    kind: "note.again",
                    body: json!({"text": "by job"}),
                    due,
                });
            }
            "broken job" => {
                let due = door.now();
                door.enqueue(NewJob {
                    kind: "note.again",
                    body: json!({"text": ""}),
                    due,
                });
            }
            "effect" => door.cause("note.stamp", &json!("stamped"))?,
            "unknown effect" => door.cause("note.burn", &Json::Null)?,
            text => door.emit(Event::new("note.written", json!({ "text": text }))),
        }
        Ok(Written {
            note: note.to_string(),
        })
    }
}

fn heard(door: &mut Door<'_>, event: &Event) -> Result<(), Refusal> {
    match event.body["text"].as_str() {
        Some("echo") => {
            let note = door.next_id();
            let row = values![door.tenant(), note, door.command(), "heard an echo"];
            door.append(&NOTE, &row)
        }
        Some("chain") => {
            door.emit(event.clone());
            Ok(())
        }
        Some("unwelcome") => Err(Finding::error("required").field("manners").into()),
        _ => Ok(()),
    }
}

fn no_shouting(
    connection: &mut dyn store::Connection,
    tenant: Tenant,
    _: &GuardQuestion,
) -> Result<Vec<Finding>, store::StoreError> {
    let notes = connection.one(&COUNT_NOTES, &values![tenant], |row| row.int(0))?;
    Ok(if notes >= 5 {
        vec![Finding::error("too-many-notes")]
    } else {
        Vec::new()
    })
}

fn stamp(door: &mut Door<'_>, arguments: &Json) -> Result<(), Refusal> {
    let note = door.next_id();
    let row = values![
        door.tenant(),
        note,
        door.command(),
        arguments.as_str().unwrap_or("")
    ];
    door.append(&NOTE, &row)
}

fn again(app: &app::App, tenant: Tenant, job: Id, body: &Json) -> Result<(), Refusal> {
    let command = WriteNote {
        text: body["text"].as_str().unwrap_or_default().to_owned(),
    };
    let envelope = Envelope::of(CommandId(job), &command);
    app.execute_wait(tenant, Caller::Rule("test"), Via::Job, envelope)
        .map(|_| ())
}

fn features() -> Vec<Feature> {
    vec![Feature {
        name: "note",
        schemas: vec![SCHEMA],
        statements: vec![STATEMENTS],
        commands: vec![CommandSpec::of::<WriteNote>()],
        handlers: vec![Handler {
            on: "note.written",
            run: heard,
        }],
        guards: vec![Guard {
            on: Action::RegistryEdit,
            objections: no_shouting,
        }],
        effects: vec![Effect {
            name: "note.stamp",
            run: stamp,
        }],
        jobs: vec![JobSpec {
            kind: "note.again",
            run: again,
        }],
        ..Feature::default()
    }]
}

fn write(test: &TestApp, text: &str) -> Result<Written, Refusal> {
    test.by_rule(&WriteNote {
        text: text.to_owned(),
    })
}

fn count(test: &TestApp, statement: &'static store::Statement) -> i64 {
    let tenant = test.tenant;
    let counted = test
        .app
        .store()
        .read(move |c| c.one(statement, &values![tenant], |row| row.int(0)));
    let counted: Result<i64, store::StoreError> = counted.wait();
    counted.unwrap()
}

fn notes(test: &TestApp) -> Vec<String> {
    let tenant = test.tenant;
    let read = test.app.store().read(move |c| {
        c.all(&SELECT_NOTES, &values![tenant], |row| {
            Ok(row.text(0)?.to_owned())
        })
    });
    let read: Result<Vec<String>, store::StoreError> = read.wait();
    read.unwrap()
}

fn kind<T: std::fmt::Debug>(result: Result<T, Refusal>) -> RefusalKind {
    result.unwrap_err().kind
}

#[test]
fn the_same_command_twice_is_one_command() {
    each(features, |test| {
        let id = test.command_id();
        let envelope = |text: &str| {
            Envelope::of(
                id,
                &WriteNote {
                    text: text.to_owned(),
                },
            )
        };
        let send = |caller, text| test.run::<Written>(caller, Via::Api, envelope(text));
        let first = send(Caller::Rule("a"), "once").unwrap();
        test.clock.advance(60_000);
        assert_eq!(
            send(Caller::Rule("a"), "once").unwrap(),
            first,
            "the first answer again"
        );
        assert_eq!(
            kind(send(Caller::Rule("a"), "other")),
            RefusalKind::Conflict
        );
        assert_eq!(kind(send(Caller::Rule("b"), "once")), RefusalKind::Conflict);
        assert_eq!(
            (count(test, &COUNT_NOTES), count(test, &COUNT_LEAVES)),
            (1, 1)
        );
    });
}

#[test]
fn the_same_command_from_eight_at_once_has_one_effect_and_one_answer() {
    each(features, |test| {
        // The guard allows five notes: who comes late to the fifth must not hear of the guard.
        for turn in 1..=5 {
            let id = test.command_id();
            let start = std::sync::Barrier::new(8);
            let send = || {
                let text = "at once".to_owned();
                let envelope = Envelope::of(id, &WriteNote { text });
                start.wait();
                test.run::<Written>(Caller::Rule("a"), Via::Api, envelope)
            };
            let answers: Vec<_> = std::thread::scope(|scope| {
                let threads: Vec<_> = (0..8).map(|_| scope.spawn(send)).collect();
                let joined = threads.into_iter().map(|thread| thread.join().unwrap());
                joined.collect()
            });
            for answer in &answers {
                assert!(answer.is_ok(), "{answer:?}");
                assert_eq!(answer, &answers[0], "the first answer to all");
            }
            assert_eq!(
                (count(test, &COUNT_NOTES), count(test, &COUNT_LEAVES)),
                (turn, turn)
            );
        }
    });
}

#[test]
fn a_refusal_leaves_nothing_and_is_judged_afresh() {
    each(features, |test| {
        let id = test.command_id();
        let send = |text: &str| {
            let envelope = Envelope::of(
                id,
                &WriteNote {
                    text: text.to_owned(),
                },
            );
            test.run::<Written>(Caller::Rule("a"), Via::Api, envelope)
        };
        assert_eq!(kind(send("")), RefusalKind::Invalid);
        assert_eq!(
            kind(send("unwelcome")),
            RefusalKind::Invalid,
            "a handler's own words"
        );
        assert_eq!(
            kind(send("chain")),
            RefusalKind::Bug,
            "events deeper than three"
        );
        assert_eq!(kind(send("unknown effect")), RefusalKind::Invalid);
        assert_eq!(
            (count(test, &COUNT_NOTES), count(test, &COUNT_LEAVES)),
            (0, 0)
        );
        send("now it is right").unwrap();
        assert_eq!(count(test, &COUNT_NOTES), 1);
    });
}

#[test]
fn events_effects_and_guards_act_in_the_same_transaction() {
    each(features, |test| {
        write(test, "echo").unwrap();
        write(test, "effect").unwrap();
        // Ids of one instant have no order of their own.
        let mut all = notes(test);
        all.sort();
        assert_eq!(all, ["echo", "effect", "heard an echo", "stamped"]);
        write(test, "the fifth").unwrap();
        assert_eq!(
            kind(write(test, "the sixth")),
            RefusalKind::Invalid,
            "guarded"
        );
        assert_eq!(count(test, &COUNT_NOTES), 5);
    });
}

#[test]
fn a_body_that_does_not_fit_names_the_field() {
    each(features, |test| {
        let send = |name: &str, body: Json| {
            let envelope = Envelope {
                id: test.command_id(),
                name: name.to_owned(),
                body,
                seen_revision: None,
                observed_at: None,
            };
            test.run::<Written>(Caller::Rule("a"), Via::Api, envelope)
                .unwrap_err()
        };
        let wrong = send("note.write", json!({"text": 5}));
        assert_eq!(wrong.kind, RefusalKind::Invalid);
        assert_eq!(wrong.findings[0].place.to_string(), "text");
        assert_eq!(
            send("note.write", json!({"text": "a", "tenant": 2})).kind,
            RefusalKind::Invalid
        );
        assert_eq!(send("note.burn", json!({})).kind, RefusalKind::NotFound);
        let envelope = Envelope::of(
            CommandId::default(),
            &WriteNote {
                text: "a".to_owned(),
            },
        );
        let no_id = test.run::<Written>(Caller::Rule("a"), Via::Api, envelope);
        assert_eq!(
            kind(no_id),
            RefusalKind::Invalid,
            "an id must be a UUID version 7"
        );
    });
}

#[test]
fn jobs_run_once_and_failures_wait_longer_each_time() {
    each(features, |test| {
        write(test, "job").unwrap();
        assert_eq!(test.app.run_due_jobs().unwrap(), 1);
        assert_eq!(test.app.run_due_jobs().unwrap(), 0);
        assert_eq!(notes(test), ["job", "by job"]);
        write(test, "broken job").unwrap();
        let state = |test: &TestApp| {
            let tenant = test.tenant;
            test.app
                .store()
                .read(move |c| app::worker::jobs(c, tenant))
                .wait()
                .unwrap()
        };
        let mut dues = Vec::new();
        for tries in 1..=9 {
            assert_eq!(test.app.run_due_jobs().unwrap(), 0);
            let jobs = state(test);
            assert_eq!(jobs.len(), 1);
            assert_eq!(jobs[0].tries, tries.min(8), "it rests after eight tries");
            assert!(jobs[0].failure.as_ref().unwrap().contains("required"));
            dues.push(jobs[0].due.0 - app::Clock::now(&*test.clock).0);
            test.clock.set(kernel::Instant(
                jobs[0].due.0.max(app::Clock::now(&*test.clock).0),
            ));
        }
        assert!(
            dues[..8].windows(2).all(|pair| pair[0] < pair[1]),
            "{dues:?}"
        );
    });
}

#[test]
fn leaves_hold_no_text_and_are_sealed_in_a_tree() {
    each(features, |test| {
        for text in ["王小明 13800138000", "b", "c"] {
            test.clock.advance(1);
            write(test, text).unwrap();
        }
        let tenant = test.tenant;
        let bodies = test.app.store().read(move |c| {
            c.all(&SELECT_BODIES, &values![tenant], |row| {
                Ok(row.blob(0)?.to_vec())
            })
        });
        let bodies: Result<Vec<Vec<u8>>, store::StoreError> = bodies.wait();
        let bodies = bodies.unwrap();
        assert!(!String::from_utf8_lossy(&bodies[1]).contains("13800138000"));
        assert_eq!(test.app.seal(false).unwrap(), 3);
        assert_eq!(test.app.seal(true).unwrap(), 0);
        let checkpoint = test
            .app
            .store()
            .read(move |c| app::sealer::last_checkpoint(c, tenant));
        let checkpoint = checkpoint.wait().unwrap().unwrap();
        let root = journal::tree::root(bodies.iter().map(|body| journal::leaf_hash(body)));
        let signed = journal::SignedCheckpoint::parse(&checkpoint.note).unwrap();
        let key = test.app.keys().checkpoint_key();
        let origin = test.app.keys().origin(tenant);
        let verified = signed.verify(&key.public_key(&origin)).unwrap();
        assert_eq!(
            (verified.size, verified.root),
            (4, root),
            "the tenant's own leaf is the first"
        );
    });
}

#[test]
fn derived_tables_rebuild_to_the_same_digests() {
    each(features, |test| {
        write(test, "a").unwrap();
        test.app.seal(true).unwrap();
        let app = test.app.clone();
        let tenant = test.tenant;
        let (before, after) = test
            .app
            .store()
            .write(move |c| {
                let digests = |c: &mut dyn store::Connection| {
                    store::table_digest(c, "journal_frontier", tenant)
                };
                let before = digests(c)?;
                for feature in app.features() {
                    for rebuild in &feature.rebuilds {
                        rebuild.rebuild(c, tenant)?;
                    }
                }
                Ok::<_, store::StoreError>((before, digests(c)?))
            })
            .wait()
            .unwrap();
        assert_eq!(before, after);
    });
}

#[test]
fn the_first_leaf_says_who_established_the_tenant_and_when() {
    each(features, |test| {
        let tenant = test.tenant;
        let read = test.app.store().read(move |c| {
            c.all(&SELECT_SEALED_BODIES, &values![tenant], |row| {
                Ok(row.blob(0)?.to_vec())
            })
        });
        let bodies: Result<Vec<Vec<u8>>, store::StoreError> = read.wait();
        let first = journal::Leaf::from_canonical(&bodies.unwrap()[0]).unwrap();
        assert_eq!((first.name.as_str(), first.at), ("tenant.establish", START));
        assert_eq!(first.body["by"], "test");
        assert_eq!(first.rows["tenant_event"].len(), 1);
        let again = test
            .app
            .make_first_tenant("云岭县", Establisher::Test)
            .unwrap_err();
        assert_eq!(again.findings[0].code, "tenant-established-already");
    });
}

#[test]
fn what_is_over_its_term_is_forgotten_each_day() {
    each(features, |test| {
        write(test, "old").unwrap();
        test.clock.advance(31 * DAY_MS);
        let recent = test.command_id();
        let command = WriteNote {
            text: "recent".to_owned(),
        };
        let again = || Envelope::of(recent, &command);
        test.run::<Written>(Caller::Rule("test"), Via::Job, again())
            .unwrap();
        assert_eq!(count(test, &COUNT_DONE), 3, "the tenant, and two notes");
        let worker = Worker::start(&test.app);
        wait_until(|| count(test, &COUNT_DONE) == 1);
        let repeated = test
            .app
            .execute_wait(test.tenant, Caller::Rule("test"), Via::Job, again())
            .unwrap();
        assert!(repeated.repeated, "a recent answer is kept");
        // The next morning, without a new start.
        test.clock.advance(31 * DAY_MS);
        write(test, "wakes the worker").unwrap();
        wait_until(|| count(test, &COUNT_DONE) == 1);
        worker.stop();
        let tenant = test.tenant;
        let left = test.app.store().read(move |c| app::worker::jobs(c, tenant));
        assert_eq!(left.wait().unwrap(), []);
        assert_eq!(notes(test).len(), 3, "the record forgets nothing");
    });
}

fn wait_until(mut done: impl FnMut() -> bool) {
    let begun = std::time::Instant::now();
    while !done() {
        assert!(begun.elapsed().as_secs() < 20, "it never came");
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
}
