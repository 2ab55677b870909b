//! People: who serves at the places that the visitor may see, and the form that adds one.

use access::{Action, Scope, places};
use askama::Template;
use directory::person::PersonName;
use kernel::Finding;
use store::Connection;
use web::{
    Attempt, Choice, Context, ExportLinks, Form, FormHandler, FormStart, Head, Locale, MenuEntry,
    MenuGroup, Page, PageError, Pager, Params, Policy, Route, Samples, SortHead, Sorting,
};

use crate::{
    listing::{self, PER_PAGE},
    people,
    person_add::{AddPerson, PersonAdded},
    person_find::{FindPerson, PersonFound},
    personal, sample,
};

/// The list of people.
#[derive(Debug, Template)]
#[template(path = "person_list.html")]
pub struct PersonList {
    l: Locale,
    people: Vec<Line>,
    words: String,
    by_name: SortHead,
    pager: Pager,
    /// Nothing for those who may only look.
    export: Option<ExportLinks>,
    posts: Vec<Choice>,
    places: Vec<Choice>,
    start: FormStart,
    attempt: Attempt,
    may_add: bool,
}

#[derive(Debug)]
struct Line {
    person: PersonName,
    /// Posts today, with their places.
    posts: Vec<String>,
    /// The masked telephone number; empty where none is held.
    phone: String,
}

pub(crate) const COLUMNS: &[&str] = &["name"];

/// The routes.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::page("/people", Policy::Holds(Action::PersonRead), page).menu(MenuEntry {
            group: MenuGroup::Foundation,
            order: 1,
            icon: "people",
            text: "people-title",
        }),
        Route::form(
            "/people",
            Policy::Holds(Action::PersonEdit),
            FormHandler {
                read,
                done: |_, _, added: &PersonAdded| format!("/people/{}", added.person),
                again: page,
            },
        ),
        Route::form(
            "/people/find",
            Policy::Holds(Action::PersonRead),
            FormHandler {
                read: |_, _, form| {
                    let number = form.text("number").to_owned();
                    Ok(FindPerson { number })
                },
                done: |_, _, found: &PersonFound| format!("/people/{}", found.person),
                again: page,
            },
        ),
    ]
}

fn read(_: &Context, _: &Params, form: &Form) -> Result<AddPerson, Vec<Finding>> {
    let place = form.parse("place", "required");
    let missing = |field: &'static str| {
        let is_missing = form.get(field).is_none();
        is_missing.then(|| Finding::error("required").field(field))
    };
    let mut findings: Vec<Finding> = ["name", "post"].into_iter().filter_map(missing).collect();
    let place = match place {
        Ok(place) if findings.is_empty() => place,
        Ok(_) => return Err(findings),
        Err(finding) => {
            findings.push(finding);
            return Err(findings);
        }
    };
    Ok(AddPerson {
        name: form.text("name").to_owned(),
        place,
        post: form.text("post").to_owned(),
        valid_from: None,
    })
}

fn page(
    context: &Context,
    params: &Params,
    connection: &mut dyn Connection,
) -> Result<PersonList, PageError> {
    let scope = Scope::new(&context.subject, Action::PersonRead, context.today());
    let (words, sorting) = (listing::words(params), Sorting::of(params, COLUMNS));
    let total = people::count(connection, &scope, &words)?;
    let pager = Pager::new(
        params,
        usize::try_from(total).unwrap_or(usize::MAX),
        PER_PAGE,
    );
    let window = (pager.limit(), pager.offset());
    let found = people::list(connection, &scope, &words, sorting.descending, window)?;
    let vault =
        personal::vault(context.app(), connection, context.tenant).map_err(personal::unreadable)?;
    let persons: Vec<kernel::PersonId> = found.iter().map(|found| found.person).collect();
    let mut posts = people::posts_of_many(context, connection, &persons)?;
    let mut phones =
        personal::masked_phones(connection, &vault, &persons).map_err(personal::unreadable)?;
    let line = |person: PersonName| Line {
        posts: posts.remove(&person.person).unwrap_or_default(),
        phone: phones.remove(&person.person).unwrap_or_default(),
        person,
    };
    let lines = found.into_iter().map(line).collect();
    let may_add = context.holds(Action::PersonEdit);
    Ok(PersonList {
        l: context.l.clone(),
        people: lines,
        words,
        by_name: sorting.head(params, "name"),
        export: context
            .holds(Action::PersonExport)
            .then(|| ExportLinks::of(params, "/people")),
        pager,
        posts: listing::choices(&context.l, "post", listing::POSTS.iter().copied()),
        places: if may_add {
            editable_places(context, connection)?
        } else {
            Vec::new()
        },
        start: context.form(),
        attempt: context.attempt.clone(),
        may_add,
    })
}

/// Posts that a person holds today, as `支部书记 · 柳湾村`.
pub(crate) fn posts_of(
    context: &Context,
    connection: &mut dyn Connection,
    person: kernel::PersonId,
) -> Result<Vec<String>, PageError> {
    let today = context.today();
    let mut posts = Vec::new();
    for held in directory::appointment::of_person(connection, context.tenant, person)? {
        let is_now = held.valid_from <= today && held.valid_until.is_none_or(|end| end >= today);
        if is_now {
            let place = listing::place_name(connection, context.tenant, Some(held.place))?;
            posts.push(format!(
                "{} · {place}",
                listing::post_name(&context.l, &held.post)
            ));
        }
    }
    Ok(posts)
}

/// Places at which the visitor may appoint.
pub(crate) fn editable_places(
    context: &Context,
    connection: &mut dyn Connection,
) -> Result<Vec<Choice>, PageError> {
    let scope = Scope::new(&context.subject, Action::PersonEdit, context.today());
    let filter = places::PlaceFilter::default();
    let found = places::list(connection, &scope, &filter, places::Page::ALL)?;
    // “第一网格” is in every village: a grid is named with what it stands in.
    let found = crate::place_list::with_above(context, connection, found, None)?;
    let choice = |(place, above): (directory::place::Place, String)| {
        let name = place.shown_name();
        let is_grid = place.level() >= directory::place::PlaceLevel::Grid;
        let name = if is_grid {
            format!("{above} · {name}")
        } else {
            name.to_owned()
        };
        Choice::new(place.place.to_string(), name)
    };
    Ok(found.into_iter().map(choice).collect())
}

impl Page for PersonList {
    fn head(&self) -> Head {
        Head::new(self.l.text("people-title"))
    }

    fn samples(l: &Locale) -> Samples<PersonList> {
        let line = |name: &str, place: &str| Line {
            person: PersonName {
                person: sample::account().person,
                name: name.to_owned(),
            },
            posts: vec![format!("{} · {place}", listing::post_name(l, "secretary"))],
            phone: "*******8000".to_owned(),
        };
        let page = |people: Vec<Line>, words: &str| PersonList {
            l: l.clone(),
            pager: Pager::new(&Params::default(), people.len(), PER_PAGE),
            export: Some(ExportLinks::of(&Params::default(), "/people")),
            people,
            words: words.to_owned(),
            by_name: Sorting::of(&Params::default(), COLUMNS).head(&Params::default(), "name"),
            posts: listing::choices(l, "post", listing::POSTS.iter().copied()),
            places: vec![Choice::new("1", sample::LONGEST_PLACE)],
            start: sample::start(),
            attempt: Attempt::default(),
            may_add: true,
        };
        let mut refused = page(vec![line("陈国平", "柳湾村")], "");
        refused.attempt.sent = true;
        refused.attempt.findings = vec![
            Finding::error("person-name-length")
                .field("name")
                .arg("found", 0_i64)
                .arg("expected", 50_i64),
        ];
        Samples {
            ordinary: page(vec![line("陈国平", "柳湾村"), line("孙玉兰", "福塘村")], ""),
            longest: page(
                vec![line("阿卜杜热合曼·买买提吐尔逊江", sample::LONGEST_PLACE)],
                "abd",
            ),
            empty: Some(page(Vec::new(), "")),
            with_error: Some(refused),
        }
    }
}
