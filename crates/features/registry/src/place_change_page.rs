//! The page on which a place is merged, split, ended, brought back or moved. It asks first which
//! places take part (in the address), then shows everything that hangs on those that end, by name,
//! and asks of each where it goes.

use access::{Action, Resource, Scope, grant::GrantState, places};
use askama::Template;
use directory::place::{self, ChangeKind, Place};
use kernel::{Day, DivisionCode, Finding, Id, PlaceId};
use store::Connection;
use web::{
    Attempt, Choice, Context, Form, FormHandler, FormStart, Head, Locale, Page, PageError, Params,
    Policy, Route, Samples,
};

use crate::{
    handover::{self, Affected, Fate, Hanging},
    listing,
    place_edit::PlaceEdited,
    place_end::{EndPlace, MovePlace, ResumePlace},
    place_merge::{MergePlaces, PlacesSucceeded},
    place_page,
    place_split::{Part, SplitPlace},
    sample,
};

/// New places of one split at most.
const PARTS_MAX: usize = 9;

/// The page of one change.
#[derive(Debug, Template)]
#[template(path = "place_change_page.html")]
pub struct PlaceChangePage {
    l: Locale,
    kind: ChangeKind,
    place: Place,
    /// In a merger: who may take part, and whether she does.
    beside: Vec<(Choice, bool)>,
    /// What the address says, for the form that posts: `?with=…`.
    query: String,
    /// Whether the address says enough to ask the rest.
    is_asked: bool,
    sources: Vec<Place>,
    into: Option<Place>,
    stays: bool,
    parts: Vec<usize>,
    /// Places above, for a move or a return.
    above: Vec<Choice>,
    hanging: Vec<(Hanging, Vec<Line>)>,
    /// People whose account can do nothing afterwards.
    left: Vec<String>,
    targets: Vec<Choice>,
    start: FormStart,
    attempt: Attempt,
}

/// One thing that hangs on a place that ends.
#[derive(Debug)]
struct Line {
    id: Id,
    text: String,
    of: String,
}

/// The routes: a page and a form for each kind of change.
pub(crate) fn routes() -> Vec<Route> {
    let policy = Policy::On(Action::RegistryRead, place_page::target);
    // Whether she may, with all the places that take part, only the command knows.
    let post = Policy::Holds(Action::RegistryMerge);
    let edited = |_: &Context, _: &Params, done: &PlaceEdited| format!("/places/{}", done.place);
    let succeeded = |_: &Context, params: &Params, done: &PlacesSucceeded| {
        let first = done.successors.first().map(ToString::to_string);
        let place = first.unwrap_or_else(|| params.path("place").to_owned());
        format!("/places/{place}")
    };
    vec![
        Route::page("/places/{place}/merge", policy, |c, p, connection| {
            page(c, p, connection, ChangeKind::Merge)
        }),
        Route::form(
            "/places/{place}/merge",
            post,
            FormHandler {
                read: read_merge,
                done: succeeded,
                again: |c: &Context, p: &Params, connection: &mut dyn Connection| {
                    page(c, p, connection, ChangeKind::Merge)
                },
            },
        ),
        Route::page("/places/{place}/split", policy, |c, p, connection| {
            page(c, p, connection, ChangeKind::Split)
        }),
        Route::form(
            "/places/{place}/split",
            post,
            FormHandler {
                read: read_split,
                done: succeeded,
                again: |c: &Context, p: &Params, connection: &mut dyn Connection| {
                    page(c, p, connection, ChangeKind::Split)
                },
            },
        ),
        Route::page("/places/{place}/end", policy, |c, p, connection| {
            page(c, p, connection, ChangeKind::End)
        }),
        Route::form(
            "/places/{place}/end",
            post,
            FormHandler {
                read: read_end,
                done: edited,
                again: |c: &Context, p: &Params, connection: &mut dyn Connection| {
                    page(c, p, connection, ChangeKind::End)
                },
            },
        ),
        Route::page("/places/{place}/resume", policy, |c, p, connection| {
            page(c, p, connection, ChangeKind::Resume)
        }),
        Route::form(
            "/places/{place}/resume",
            post,
            FormHandler {
                read: read_resume,
                done: edited,
                again: |c: &Context, p: &Params, connection: &mut dyn Connection| {
                    page(c, p, connection, ChangeKind::Resume)
                },
            },
        ),
        Route::page("/places/{place}/move", policy, |c, p, connection| {
            page(c, p, connection, ChangeKind::Move)
        }),
        Route::form(
            "/places/{place}/move",
            post,
            FormHandler {
                read: read_move,
                done: edited,
                again: |c: &Context, p: &Params, connection: &mut dyn Connection| {
                    page(c, p, connection, ChangeKind::Move)
                },
            },
        ),
    ]
}

/// What every form of this page asks.
struct Asked {
    place: PlaceId,
    day: Option<Day>,
    reason: String,
    document: String,
    fates: Vec<Fate>,
}

fn read_asked(params: &Params, form: &Form) -> Result<Asked, Vec<Finding>> {
    let unknown = |_| vec![Finding::error("not-found").arg("kind", "place")];
    let place = params.path("place").parse().map_err(unknown)?;
    let day = match form.get("day") {
        None => None,
        Some(_) => Some(form.parse("day", "day").map_err(|finding| vec![finding])?),
    };
    Ok(Asked {
        place,
        day,
        reason: form.text("reason").to_owned(),
        document: form.text("document").to_owned(),
        fates: read_fates(form)?,
    })
}

/// `fates.post.{id}` = the number of a successor, or `end`. What was not chosen is not said, and
/// the command finds it.
fn read_fates(form: &Form) -> Result<Vec<Fate>, Vec<Finding>> {
    let mut fates = Vec::new();
    let mut findings = Vec::new();
    for (name, value) in form.fields() {
        let mut parts = name.splitn(3, '.');
        if parts.next() != Some("fates") || value.is_empty() {
            continue;
        }
        let what = parts.next().and_then(|what| what.parse().ok());
        let id = parts.next().and_then(|id| id.parse().ok());
        let to = match value {
            "end" => Some(None),
            number => number.parse().ok().map(Some),
        };
        match (what, id, to) {
            (Some(what), Some(id), Some(to)) => fates.push(Fate { what, id, to }),
            _ => findings.push(Finding::error("required").field(name.to_owned())),
        }
    }
    if findings.is_empty() {
        Ok(fates)
    } else {
        Err(findings)
    }
}

fn optional<T: std::str::FromStr>(
    form: &Form,
    name: &str,
    code: &'static str,
) -> Result<Option<T>, Vec<Finding>> {
    match form.get(name) {
        None => Ok(None),
        Some(_) => form
            .parse(name, code)
            .map(Some)
            .map_err(|finding| vec![finding]),
    }
}

fn code(form: &Form, name: &str) -> Result<Option<DivisionCode>, Vec<Finding>> {
    let Some(typed) = form.get(name) else {
        return Ok(None);
    };
    match typed.parse::<DivisionCode>() {
        Ok(code) => Ok(Some(code)),
        Err(wrong) => {
            let finding = Finding::error(wrong.code()).field(name.to_owned());
            Err(vec![finding.arg("found", typed)])
        }
    }
}

fn read_merge(_: &Context, params: &Params, form: &Form) -> Result<MergePlaces, Vec<Finding>> {
    let asked = read_asked(params, form)?;
    let into: Option<PlaceId> = params.query_as("into");
    let all = std::iter::once(asked.place).chain(chosen(params));
    Ok(MergePlaces {
        sources: all.filter(|place| Some(*place) != into).collect(),
        into,
        name: form.text("name").to_owned(),
        alias: form.get("alias").map(str::to_owned),
        code: code(form, "code")?,
        parent: None,
        day: asked.day,
        reason: asked.reason,
        document: asked.document,
        fates: asked.fates,
    })
}

fn read_split(_: &Context, params: &Params, form: &Form) -> Result<SplitPlace, Vec<Finding>> {
    let asked = read_asked(params, form)?;
    let mut parts = Vec::new();
    for number in parts_of(params) {
        let at = |field: &str| format!("parts.{number}.{field}");
        parts.push(Part {
            name: form.text(&at("name")).to_owned(),
            alias: form.get(&at("alias")).map(str::to_owned),
            code: code(form, &at("code"))?,
        });
    }
    Ok(SplitPlace {
        place: asked.place,
        stays: params.query("stays").is_some(),
        parts,
        day: asked.day,
        reason: asked.reason,
        document: asked.document,
        fates: asked.fates,
    })
}

fn read_end(_: &Context, params: &Params, form: &Form) -> Result<EndPlace, Vec<Finding>> {
    let asked = read_asked(params, form)?;
    Ok(EndPlace {
        place: asked.place,
        day: asked.day,
        reason: asked.reason,
        document: asked.document,
        fates: asked.fates,
    })
}

fn read_resume(_: &Context, params: &Params, form: &Form) -> Result<ResumePlace, Vec<Finding>> {
    let asked = read_asked(params, form)?;
    Ok(ResumePlace {
        place: asked.place,
        parent: optional(form, "parent", "required")?,
        day: asked.day,
        reason: asked.reason,
        document: asked.document,
    })
}

fn read_move(_: &Context, params: &Params, form: &Form) -> Result<MovePlace, Vec<Finding>> {
    let asked = read_asked(params, form)?;
    Ok(MovePlace {
        place: asked.place,
        parent: form
            .parse("parent", "required")
            .map_err(|finding| vec![finding])?,
        day: asked.day,
        reason: asked.reason,
        document: asked.document,
    })
}

/// The other places of a merger, as the address says.
fn chosen(params: &Params) -> impl Iterator<Item = PlaceId> {
    params.query_all("with").filter_map(|id| id.parse().ok())
}

/// The numbers of the new places of a split, from 0.
fn parts_of(params: &Params) -> std::ops::Range<usize> {
    0..params
        .query_as::<usize>("parts")
        .unwrap_or_default()
        .min(PARTS_MAX)
}

fn page(
    context: &Context,
    params: &Params,
    connection: &mut dyn Connection,
    kind: ChangeKind,
) -> Result<PlaceChangePage, PageError> {
    let (tenant, id) = (context.tenant, params.parse::<PlaceId>("place")?);
    let place = place::get(connection, tenant, id)?.ok_or(PageError::NotFound)?;
    let ancestors = place::ancestors(connection, tenant, id)?;
    // Names of people stand on it: only for those who may do it, here, but for the password.
    let resource = Resource::at(tenant, &ancestors);
    let today = context.today();
    if !place_page::may_but_for_password(context, Action::RegistryMerge, &resource)
        || (kind == ChangeKind::Resume) == place.valid_to.is_none()
    {
        return Err(PageError::NotFound);
    }
    let beside = if kind == ChangeKind::Merge {
        beside(context, connection, params, &place)?
    } else {
        Vec::new()
    };
    let into: Option<PlaceId> = params.query_as("into");
    let taking_part: Vec<PlaceId> = std::iter::once(id)
        .chain(beside.iter().filter_map(|(choice, on)| {
            let with = choice.value.parse().ok();
            with.filter(|_| *on)
        }))
        .collect();
    let into = into.filter(|into| kind == ChangeKind::Merge && taking_part.contains(into));
    let sources: Vec<PlaceId> = taking_part
        .iter()
        .copied()
        .filter(|place| Some(*place) != into)
        .collect();
    let parts: Vec<usize> = match kind {
        ChangeKind::Split => parts_of(params).collect(),
        _ => Vec::new(),
    };
    let stays = kind == ChangeKind::Split && params.query("stays").is_some();
    let is_asked = match kind {
        ChangeKind::Merge => taking_part.len() > 1,
        ChangeKind::Split => parts.len() + usize::from(stays) > 1,
        _ => true,
    };
    let ends = matches!(
        kind,
        ChangeKind::Merge | ChangeKind::Split | ChangeKind::End
    );
    let affected = if is_asked && ends {
        handover::affected(connection, tenant, &sources, today)?
    } else {
        Affected::default()
    };
    let left = handover::left_without(connection, tenant, &affected.grants, today)?;
    let mut names = Vec::new();
    for person in left {
        names.extend(directory::person::name(connection, tenant, person)?);
    }
    let into = match into {
        Some(into) => place::get(connection, tenant, into)?,
        None => None,
    };
    Ok(PlaceChangePage {
        query: query(params, kind),
        targets: targets(&context.l, kind, &place, into.as_ref(), stays, &parts),
        hanging: hanging(context, connection, &affected)?,
        left: names,
        above: if matches!(kind, ChangeKind::Resume | ChangeKind::Move) {
            above(context, connection, &place)?
        } else {
            Vec::new()
        },
        sources: place::get_many(connection, tenant, &sources)?,
        kind,
        place,
        beside,
        is_asked,
        into,
        stays,
        parts,
        start: context.form(),
        attempt: context.attempt.clone(),
        l: context.l.clone(),
    })
}

/// The address again, as far as this page reads it.
fn query(params: &Params, kind: ChangeKind) -> String {
    let mut query = String::new();
    let mut add = |name: &str, value: &str| {
        query.push(if query.is_empty() { '?' } else { '&' });
        query.push_str(&format!("{name}={}", web::percent_encoded(value)));
    };
    match kind {
        ChangeKind::Merge => {
            chosen(params).for_each(|place| add("with", &place.to_string()));
            if let Some(into) = params.query("into") {
                add("into", into);
            }
        }
        ChangeKind::Split => {
            add("parts", &parts_of(params).len().to_string());
            if params.query("stays").is_some() {
                add("stays", "yes");
            }
        }
        _ => {}
    }
    query
}

/// The places of the same level in the same place above, with those that the address names.
fn beside(
    context: &Context,
    connection: &mut dyn Connection,
    params: &Params,
    place: &Place,
) -> Result<Vec<(Choice, bool)>, PageError> {
    let scope = Scope::new(&context.subject, Action::RegistryMerge, context.today());
    let mut filter = places::PlaceFilter {
        level: Some(place.level()),
        ..Default::default()
    };
    // A town that takes in a village of another: from the county down, all of one county.
    filter.under = place::ancestors(connection, context.tenant, place.place)?
        .get(2)
        .copied()
        .or(place.parent);
    let found = places::list(connection, &scope, &filter, places::Page::ALL)?;
    let with: Vec<PlaceId> = chosen(params).collect();
    let others = found.into_iter().filter(|other| other.place != place.place);
    Ok(others
        .map(|other| {
            let hint = other.code.map(|code| code.to_string()).unwrap_or_default();
            let mut choice = Choice::new(other.place.to_string(), other.shown_name());
            choice.hint = hint;
            (choice, with.contains(&other.place))
        })
        .collect())
}

/// Places below which one may come to stand.
fn above(
    context: &Context,
    connection: &mut dyn Connection,
    place: &Place,
) -> Result<Vec<Choice>, PageError> {
    let parent = match place.parent {
        Some(parent) => place::get(connection, context.tenant, parent)?,
        None => None,
    };
    let scope = Scope::new(&context.subject, Action::RegistryMerge, context.today());
    let filter = places::PlaceFilter {
        level: parent.map(|parent| parent.level()),
        ..Default::default()
    };
    let found = places::list(connection, &scope, &filter, places::Page::ALL)?;
    let fits = |above: &Place| above.level() < place.level();
    Ok(found
        .into_iter()
        .filter(fits)
        .map(|above| Choice::new(above.place.to_string(), above.shown_name()))
        .collect())
}

/// Where things can go: the successors by their number, and the end.
fn targets(
    l: &Locale,
    kind: ChangeKind,
    place: &Place,
    into: Option<&Place>,
    stays: bool,
    parts: &[usize],
) -> Vec<Choice> {
    let mut names = Vec::new();
    match kind {
        ChangeKind::Merge => names.push(match into {
            Some(into) => into.shown_name().to_owned(),
            None => l.text("place-merged").to_string(),
        }),
        ChangeKind::Split => {
            names.extend(stays.then(|| place.shown_name().to_owned()));
            names.extend(parts.iter().map(|part| {
                let text = l.text("place-part");
                text.arg("n", i64::try_from(part + 1).unwrap_or(0))
                    .to_string()
            }));
        }
        _ => {}
    }
    names
        .into_iter()
        .enumerate()
        .map(|(number, name)| Choice::new(number.to_string(), name))
        .collect()
}

/// Everything that hangs on the places, in words.
fn hanging(
    context: &Context,
    connection: &mut dyn Connection,
    affected: &Affected,
) -> Result<Vec<(Hanging, Vec<Line>)>, PageError> {
    let (l, tenant) = (&context.l, context.tenant);
    let name = |connection: &mut dyn Connection, person| {
        directory::person::name(connection, tenant, person).map(Option::unwrap_or_default)
    };
    let mut lines: Vec<(Hanging, Vec<Line>)> = Vec::new();
    let children = affected.children.iter();
    let mut of_children = Vec::new();
    for child in children {
        of_children.push(Line {
            id: child.place.0,
            text: child.shown_name().to_owned(),
            of: listing::place_name(connection, tenant, child.parent)?,
        });
    }
    lines.push((Hanging::Child, of_children));
    let mut posts = Vec::new();
    for post in &affected.posts {
        let who = name(connection, post.person)?;
        posts.push(Line {
            id: post.appointment.0,
            text: format!("{who} · {}", listing::post_name(l, &post.post)),
            of: listing::place_name(connection, tenant, Some(post.place))?,
        });
    }
    lines.push((Hanging::Post, posts));
    let mut grants = Vec::new();
    for view in &affected.grants {
        let who = name(connection, view.proposal.person)?;
        let role = format!("role-{}", view.proposal.role.name().replace('_', "-"));
        let role = l.text(&role).to_string();
        let waits = match view.state {
            GrantState::Proposed => format!(" · {}", l.text("place-grant-proposed")),
            _ => String::new(),
        };
        grants.push(Line {
            id: view.proposal.grant.0,
            text: format!("{who} · {role}{waits}"),
            of: listing::place_name(connection, tenant, view.proposal.place)?,
        });
    }
    lines.push((Hanging::Grant, grants));
    let mut bodies = Vec::new();
    for body in &affected.organisations {
        bodies.push(Line {
            id: body.organisation.0,
            text: body.name.clone(),
            of: listing::place_name(connection, tenant, Some(body.place))?,
        });
    }
    lines.push((Hanging::Organisation, bodies));
    lines.retain(|(_, lines)| !lines.is_empty());
    Ok(lines)
}

impl PlaceChangePage {
    /// A text of this kind of change.
    fn words(&self, part: &str) -> String {
        let key = format!("place-{}-{part}", self.kind.name());
        let name = self.place.shown_name();
        self.l.text(&key).arg("name", name).to_string()
    }

    /// The heading over one kind of what hangs on the places, with its number.
    fn head_of(&self, what: Hanging, lines: &[Line]) -> String {
        let key = format!("place-hanging-{}", what.name());
        let count = i64::try_from(lines.len()).unwrap_or(i64::MAX);
        self.l.text(&key).arg("count", count).to_string()
    }

    /// The field of one line's fate.
    fn field_of(what: Hanging, line: &Line) -> String {
        format!("fates.{}.{}", what.name(), line.id)
    }

    /// Whether something may simply end: a place below may not, it goes somewhere.
    fn may_end(what: Hanging) -> bool {
        what != Hanging::Child
    }

    fn part_head(&self, part: usize) -> String {
        let n = i64::try_from(part + 1).unwrap_or(0);
        self.l.text("place-part").arg("n", n).to_string()
    }
}

impl Page for PlaceChangePage {
    fn head(&self) -> Head {
        Head::new(self.words("title"))
    }

    fn samples(l: &Locale) -> Samples<PlaceChangePage> {
        let line = |text: &str, of: &str| Line {
            id: sample::place("").place.0,
            text: text.to_owned(),
            of: of.to_owned(),
        };
        let page = |kind, name: &str| PlaceChangePage {
            l: l.clone(),
            kind,
            place: sample::place(name),
            beside: vec![
                (Choice::new("1", "福塘村"), true),
                (Choice::new("2", sample::LONGEST_PLACE), false),
            ],
            query: "?with=1".to_owned(),
            is_asked: true,
            sources: vec![sample::place(name), sample::place("福塘村")],
            into: None,
            stays: true,
            parts: vec![0, 1],
            above: vec![Choice::new("1", "清河镇")],
            hanging: vec![
                (Hanging::Child, vec![line("第一网格", name)]),
                (Hanging::Post, vec![line("陈国平 · 村党组织书记", name)]),
                (Hanging::Grant, vec![line("陈国平 · 村级填报", name)]),
            ],
            left: vec!["陈国平".to_owned()],
            targets: vec![Choice::new("0", l.text("place-merged"))],
            start: sample::start(),
            attempt: Attempt::default(),
        };
        let mut first = page(ChangeKind::Merge, "柳湾村");
        first.is_asked = false;
        first.hanging = Vec::new();
        let mut refused = page(ChangeKind::Split, "柳湾村");
        refused.attempt.sent = true;
        refused.attempt.findings = vec![
            Finding::error("place-change-text-length")
                .field("reason")
                .arg("found", 0_i64)
                .arg("expected", 500_i64),
            Finding::error("place-fate-not-said")
                .field(format!("fates.post.{}", sample::place("").place))
                .arg("name", "陈国平"),
        ];
        Samples {
            ordinary: page(ChangeKind::Merge, "柳湾村"),
            longest: page(ChangeKind::Split, sample::LONGEST_PLACE),
            empty: Some(first),
            with_error: Some(refused),
        }
    }
}
