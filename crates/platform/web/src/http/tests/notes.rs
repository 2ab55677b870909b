//! A feature for these tests: short notes.

use access::{AccountId, Action, GrantId, Role, grant};
use app::{Command, CommandSpec, Door, Feature, Refusal};
use askama::Template;
use kernel::{Finding, PersonId};
use serde::{Deserialize, Serialize};
use store::{Class, Connection, Migration, Schema, Table, values};

use crate::{
    Attempt, Context, FeatureWeb, Form, FormHandler, FormStart, Head, Locale, LocaleFiles,
    MenuEntry, MenuGroup, Page, PageError, Pager, Params, Policy, Route, Samples,
};

store::record! {
    NOTE = note(tenant, note, command, text) key(tenant, note);
}

store::statements! {
    SELECT_NOTES = "SELECT text FROM note WHERE tenant = $1 ORDER BY note";
}

const SCHEMA: Schema = Schema {
    component: "note",
    tables: &[Table {
        name: "note",
        class: Class::Record,
        note: "notes of these tests",
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

/// Writes a note of at most ten characters.
#[derive(Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WriteNote {
    text: String,
}

/// What was written.
#[derive(Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Written {
    count: i64,
}

impl Command for WriteNote {
    const NAME: &'static str = "note.write";
    const ACTION: Action = Action::RegistryEdit;
    const CLEAR: &'static [&'static str] = &[];
    type Answer = Written;

    fn run(&self, door: &mut Door<'_>) -> Result<Written, Refusal> {
        door.decide_tenant(Action::RegistryEdit)?;
        let length = self.text.chars().count();
        if length == 0 {
            return Err(Finding::error("required").field("text").into());
        }
        if length > 10 {
            let finding = Finding::error("too-long").field("text");
            return Err(finding.arg("found", length).arg("most", 10_u32).into());
        }
        let note = door.next_id();
        let row = values![door.tenant(), note, door.command(), &self.text];
        door.append(&NOTE, &row)?;
        Ok(Written { count: 1 })
    }
}

/// Writes a note, with a fresh password only.
#[derive(Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WriteCarefully {
    text: String,
}

impl Command for WriteCarefully {
    const NAME: &'static str = "note.write_carefully";
    const ACTION: Action = Action::PersonReveal;
    const CLEAR: &'static [&'static str] = &[];
    const REAUTHENTICATE: bool = true;
    type Answer = Written;

    fn run(&self, door: &mut Door<'_>) -> Result<Written, Refusal> {
        door.decide_tenant(Action::PersonReveal)?;
        WriteNote {
            text: self.text.clone(),
        }
        .run(door)
    }
}

/// A person with an account and a role in the whole tenant.
#[derive(Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct MakePerson {
    #[schema(value_type = String)]
    pub person: PersonId,
    #[schema(value_type = String)]
    pub account: AccountId,
    pub name: String,
    pub sign_in_name: String,
    #[schema(value_type = String)]
    pub role: Role,
}

impl Command for MakePerson {
    const NAME: &'static str = "note.make_person";
    const ACTION: Action = Action::AccountMake;
    const CLEAR: &'static [&'static str] = &[];
    type Answer = Written;

    fn run(&self, door: &mut Door<'_>) -> Result<Written, Refusal> {
        let salt = door.draw();
        directory::person::write_name(door, self.person, &self.name, salt)?;
        access::account::make(door, self.account, self.person, &self.sign_in_name)?;
        let place = if self.role.ground().fits(None) {
            None
        } else {
            Some(village(door)?)
        };
        let proposal = grant::Proposal {
            grant: GrantId(door.next_id()),
            person: self.person,
            role: self.role,
            place,
            valid_from: "2026-01-01".parse().expect("a day"),
            valid_until: None,
        };
        grant::propose(door, &proposal, None)?;
        grant::approve(door, proposal.grant, None)?;
        Ok(Written { count: 1 })
    }
}

/// A village of her own.
fn village(door: &mut Door<'_>) -> Result<kernel::PlaceId, Refusal> {
    let place = kernel::PlaceId(door.next_id());
    let draft = directory::place::PlaceDraft {
        place,
        kind: directory::place::PlaceKind::Village,
        name: "柳湾村民委员会".to_owned(),
        alias: None,
        code: None,
        parent: None,
        valid_from: "2026-01-01".parse().expect("a day"),
        valid_to: None,
    };
    directory::place::write_places(door, &[draft])?;
    Ok(place)
}

#[derive(Template)]
#[template(path = "http/tests/notes.html")]
struct Notes {
    l: Locale,
    attempt: Attempt,
    form: FormStart,
    lines: Vec<String>,
    q: String,
    pager: Pager,
}

impl Page for Notes {
    fn head(&self) -> Head {
        Head::new(self.l.text("home-title"))
    }

    fn samples(l: &Locale) -> Samples<Notes> {
        let notes = |notes: &[&str]| Notes {
            l: l.clone(),
            attempt: Attempt::default(),
            form: crate::testing::public_context(l.clone()).form(),
            q: String::new(),
            pager: Pager::new(&Params::default(), 30, 10),
            lines: notes.iter().map(|note| (*note).to_owned()).collect(),
        };
        Samples {
            ordinary: notes(&["a"]),
            longest: notes(&["0123456789"]),
            empty: Some(notes(&[])),
            with_error: None,
        }
    }
}

fn page(
    context: &Context,
    params: &Params,
    connection: &mut dyn Connection,
) -> Result<Notes, PageError> {
    let notes = connection.all(&SELECT_NOTES, &values![context.tenant], |row| {
        Ok(row.text(0)?.to_owned())
    })?;
    Ok(Notes {
        l: context.l.clone(),
        attempt: context.attempt.clone(),
        form: context.form(),
        q: params.query("q").unwrap_or_default().to_owned(),
        pager: Pager::new(params, 30, 10),
        lines: notes,
    })
}

pub fn feature() -> Feature {
    Feature {
        name: "note",
        schemas: vec![SCHEMA],
        statements: vec![STATEMENTS],
        commands: vec![
            CommandSpec::of::<WriteNote>(),
            CommandSpec::of::<WriteCarefully>(),
            CommandSpec::of::<MakePerson>(),
        ],
        ..Feature::default()
    }
}

pub fn feature_web() -> FeatureWeb {
    let menu = MenuEntry {
        group: MenuGroup::Business,
        order: 1,
        icon: "edit",
        text: "home-title",
    };
    FeatureWeb {
        name: "note",
        locales: LocaleFiles {
            owner: "note",
            chinese: &[],
            english: &[],
        },
        routes: vec![
            Route::page("/notes", Policy::Holds(Action::RegistryRead), page).menu(menu),
            Route::page::<Notes>("/notes/broken", Policy::SignedIn, |_, _, _| {
                panic!("on purpose")
            }),
            Route::data("/api/v1/notes/{number}", on(), |_, params, connection| {
                let notes = connection.all(&SELECT_NOTES, &values![kernel::Tenant(1)], |row| {
                    Ok(row.text(0)?.to_owned())
                })?;
                let number: usize = params.parse("number")?;
                let text = notes.into_iter().nth(number).ok_or(PageError::NotFound)?;
                Ok(WriteNote { text })
            }),
            Route::form::<WriteNote, Notes>(
                "/notes",
                Policy::Holds(Action::RegistryEdit),
                FormHandler {
                    read: |_, _, form| Ok(WriteNote { text: text(form) }),
                    done: |_, _, answer| format!("/notes?written={}", answer.count),
                    again: page,
                },
            ),
            Route::form::<WriteCarefully, Notes>(
                "/notes/careful",
                Policy::Holds(Action::RegistryEdit),
                FormHandler {
                    read: |_, _, form| Ok(WriteCarefully { text: text(form) }),
                    done: |_, _, _| "/notes".to_owned(),
                    again: page,
                },
            ),
        ],
    }
}

fn on() -> Policy {
    Policy::Holds(Action::RegistryRead)
}

fn text(form: &Form) -> String {
    form.text("text").to_owned()
}
