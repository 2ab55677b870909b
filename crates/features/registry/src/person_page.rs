//! The page of one person: posts, what is held of her (masked), who looked at it, and the forms
//! to appoint her, to keep her telephone number, and to see a sealed value for a purpose.

use access::Action;
use askama::Template;
use directory::{AppointmentId, appointment::Appointment};
use kernel::{Day, Finding, PersonId};
use store::Connection;
use web::{
    Attempt, Choice, Context, Form, FormHandler, FormStart, Head, Locale, Page, PageError, Params,
    Policy, Route, Samples,
};

use crate::{
    listing, people,
    person_appoint::{AppointPerson, AppointmentChanged, EndAppointment},
    person_contact::{ContactSet, SetContact},
    person_list,
    person_reveal::{self, Reveal, RevealPersonal, RevealRecorded},
    personal::{self, Held, Personal},
    sample,
};

/// The page of one person.
#[derive(Debug, Template)]
#[template(path = "person_page.html")]
pub struct PersonPage {
    l: Locale,
    person: PersonId,
    name: String,
    posts: Vec<Post>,
    held: Vec<Held>,
    /// Who looked at what, and why: for the person herself and for auditors.
    looked: Option<Vec<Reveal>>,
    post_choices: Vec<Choice>,
    places: Vec<Choice>,
    fields: Vec<Choice>,
    starts: [FormStart; 3],
    attempt: Attempt,
    may_edit: bool,
    may_reveal: bool,
}

/// A post with its names.
#[derive(Debug)]
struct Post {
    held: Appointment,
    title: String,
    place: String,
    /// Set where it goes on and may be ended by the visitor.
    end: Option<FormStart>,
}

/// The routes.
pub(crate) fn routes() -> Vec<Route> {
    let read = Policy::On(Action::PersonRead, |c, p, connection| {
        people::target(c, p, connection, Action::PersonRead)
    });
    let edit = Policy::On(Action::PersonEdit, |c, p, connection| {
        people::target(c, p, connection, Action::PersonEdit)
    });
    let appointed =
        |_: &Context, _: &Params, done: &AppointmentChanged| format!("/people/{}", done.person);
    vec![
        Route::page("/people/{person}", read, page),
        Route::form(
            "/people/{person}/appointments",
            // The place is what counts, and only the command knows it.
            Policy::Holds(Action::PersonEdit),
            FormHandler {
                read: read_appointment,
                done: appointed,
                again: page,
            },
        ),
        Route::form(
            "/people/{person}/appointments/{appointment}/end",
            Policy::Holds(Action::PersonEdit),
            FormHandler {
                read: |_, params, _| {
                    let appointment = id::<AppointmentId>(params, "appointment")?;
                    Ok(EndAppointment {
                        appointment,
                        valid_until: None,
                    })
                },
                done: appointed,
                again: page,
            },
        ),
        Route::form(
            "/people/{person}/contact",
            edit,
            FormHandler {
                read: |_, params, form| {
                    Ok(SetContact {
                        person: id(params, "person")?,
                        phone: form.get("phone").map(str::to_owned),
                        id_number: form.get("id_number").map(str::to_owned),
                    })
                },
                done: |_, _, set: &ContactSet| format!("/people/{}", set.person),
                again: page,
            },
        ),
        Route::form(
            "/people/{person}/reveals",
            // Denials and a password given long ago are the command's to tell.
            Policy::Holds(Action::PersonReveal),
            FormHandler {
                read: |_, params, form| {
                    let field = form
                        .parse("field", "required")
                        .map_err(|found| vec![found])?;
                    let purpose = form.text("purpose").to_owned();
                    Ok(RevealPersonal {
                        person: id(params, "person")?,
                        field,
                        purpose,
                    })
                },
                done: |_, _, done: &RevealRecorded| {
                    format!("/people/{}/reveals/{}", done.person, done.reveal)
                },
                again: page,
            },
        ),
    ]
}

fn id<T: std::str::FromStr>(params: &Params, name: &'static str) -> Result<T, Vec<Finding>> {
    let id = params.path(name).parse();
    id.map_err(|_| vec![Finding::error("not-found").arg("kind", name)])
}

fn read_appointment(
    _: &Context,
    params: &Params,
    form: &Form,
) -> Result<AppointPerson, Vec<Finding>> {
    let mut findings = Vec::new();
    let mut day = |name: &'static str| -> Option<Day> {
        form.get(name)?;
        form.parse(name, "day")
            .map_err(|finding| findings.push(finding))
            .ok()
    };
    let (valid_from, valid_until) = (day("valid_from"), day("valid_until"));
    let place = form.parse("place", "required");
    match place {
        Ok(place) if findings.is_empty() => Ok(AppointPerson {
            person: id(params, "person")?,
            post: form.text("post").to_owned(),
            place,
            valid_from,
            valid_until,
        }),
        place => {
            findings.extend(place.err());
            Err(findings)
        }
    }
}

fn page(
    context: &Context,
    params: &Params,
    connection: &mut dyn Connection,
) -> Result<PersonPage, PageError> {
    let (tenant, person) = (context.tenant, params.parse::<PersonId>("person")?);
    // The form routes of this page are open to whoever holds the right somewhere; what the page
    // shows again is decided here.
    let may = |connection: &mut dyn Connection, action: Action| -> Result<bool, PageError> {
        let target = people::target(context, params, connection, action)?;
        let today = context.today();
        Ok(
            match access::decide(&context.subject, action, &target.resource(tenant), today) {
                access::Decision::Allow(_) => true,
                access::Decision::Deny(denial) => {
                    matches!(denial.reason, access::DenyReason::Reauthenticate)
                }
            },
        )
    };
    if !may(connection, Action::PersonRead)? {
        return Err(PageError::NotFound);
    }
    let (may_edit, may_reveal) = (
        may(connection, Action::PersonEdit)?,
        may(connection, Action::PersonReveal)?,
    );
    let vault = personal::vault(context.app(), connection, tenant).map_err(personal::unreadable)?;
    let held = personal::held(connection, &vault, person).map_err(personal::unreadable)?;
    Ok(PersonPage {
        person,
        name: directory::person::name(connection, tenant, person)?.unwrap_or_default(),
        posts: posts(context, connection, person)?,
        fields: fields(&context.l, &held),
        held,
        looked: if may_see_looks(context, person) {
            Some(person_reveal::of_person(connection, tenant, person)?)
        } else {
            None
        },
        post_choices: listing::choices(&context.l, "post", listing::POSTS.iter().copied()),
        places: if context.holds(Action::PersonEdit) {
            person_list::editable_places(context, connection)?
        } else {
            Vec::new()
        },
        starts: [context.form(), context.form(), context.form()],
        attempt: context.attempt.clone(),
        may_edit,
        may_reveal,
        l: context.l.clone(),
    })
}

/// The purposes of looks are the person's own and the auditors' to read (reference 2), not every
/// colleague's.
fn may_see_looks(context: &Context, person: PersonId) -> bool {
    context.subject.person == person || context.holds_whole(Action::DenialRead)
}

fn posts(
    context: &Context,
    connection: &mut dyn Connection,
    person: PersonId,
) -> Result<Vec<Post>, PageError> {
    let (tenant, today) = (context.tenant, context.today());
    let mut posts = Vec::new();
    for held in directory::appointment::of_person(connection, tenant, person)? {
        let ancestors = directory::place::ancestors(connection, tenant, held.place)?;
        let resource = access::Resource::at(tenant, &ancestors);
        let goes_on = held.valid_until.is_none_or(|until| until > today);
        let may_end =
            access::decide(&context.subject, Action::PersonEdit, &resource, today).is_allowed();
        posts.push(Post {
            title: listing::post_name(&context.l, &held.post),
            place: listing::place_name(connection, tenant, Some(held.place))?,
            end: (goes_on && may_end).then(|| context.form()),
            held,
        });
    }
    Ok(posts)
}

/// The kinds of which something is held.
fn fields(l: &Locale, held: &[Held]) -> Vec<Choice> {
    held.iter()
        .filter(|held| held.masked.is_some())
        .map(|held| Choice::new(held.kind.name(), l.text(held.kind.text())))
        .collect()
}

impl PersonPage {
    fn field_name(&self, kind: Personal) -> String {
        self.l.text(kind.text()).to_string()
    }
}

impl Page for PersonPage {
    fn head(&self) -> Head {
        Head::new(&self.name)
    }

    fn samples(l: &Locale) -> Samples<PersonPage> {
        let page = |name: &str, place: &str, masked: Option<&str>| {
            let held = vec![
                Held {
                    kind: Personal::Phone,
                    masked: masked.map(str::to_owned),
                },
                Held {
                    kind: Personal::IdNumber,
                    masked: None,
                },
            ];
            PersonPage {
                l: l.clone(),
                person: sample::account().person,
                name: name.to_owned(),
                posts: vec![Post {
                    held: sample::appointment(),
                    title: listing::post_name(l, "secretary"),
                    place: place.to_owned(),
                    end: Some(sample::start()),
                }],
                fields: fields(l, &held),
                looked: masked.map(|_| vec![sample::reveal()]),
                held,
                post_choices: listing::choices(l, "post", listing::POSTS.iter().copied()),
                places: vec![Choice::new("1", place)],
                starts: [sample::start(), sample::start(), sample::start()],
                attempt: Attempt::default(),
                may_edit: true,
                may_reveal: true,
            }
        };
        let mut bare = page("李静", "柳湾村", None);
        bare.posts = Vec::new();
        let mut refused = page("陈国平", "柳湾村", Some("*******8000"));
        refused.attempt.sent = true;
        refused.attempt.findings = vec![
            Finding::error("purpose-length")
                .field("purpose")
                .arg("least", 4_i64)
                .arg("most", 200_i64),
            Finding::error("phone-form").field("phone"),
        ];
        Samples {
            ordinary: page("陈国平", "柳湾村", Some("*******8000")),
            longest: page(
                "阿卜杜热合曼·买买提吐尔逊江",
                sample::LONGEST_PLACE,
                Some("**************000X"),
            ),
            empty: Some(bare),
            with_error: Some(refused),
        }
    }
}
