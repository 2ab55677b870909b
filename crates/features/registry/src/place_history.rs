//! The history of a place in words: when it began, changed name or place above, ended, came back,
//! and from what and to what it went, with the reason and the document.

use std::collections::BTreeMap;

use access::{Action, Resource, decide};
use directory::place::{self, ChangeKind, LinkKind, Place};
use kernel::{Day, PlaceId};
use store::Connection;
use web::{Context, Locale, PageError};

/// What happened on one day.
#[derive(Debug)]
pub(crate) struct Moment {
    pub day: Day,
    pub lines: Vec<Line>,
    /// Reasons and documents.
    pub why: Vec<String>,
}

/// One thing that happened, with the places that it names.
#[derive(Debug)]
pub(crate) struct Line {
    pub text: String,
    pub places: Vec<Other>,
}

/// Another place, and whether the visitor may open its page.
#[derive(Debug)]
pub(crate) struct Other {
    pub place: PlaceId,
    pub name: String,
    pub may_open: bool,
}

/// The history, the newest day first.
pub(crate) fn history(
    context: &Context,
    connection: &mut dyn Connection,
    id: PlaceId,
    versions: &[Place],
) -> Result<Vec<Moment>, PageError> {
    let mut days: BTreeMap<Day, Moment> = BTreeMap::new();
    let stretches = place::stretches(versions);
    let mut before: Option<&Place> = None;
    for stretch in &stretches {
        let day = stretch.valid_from;
        for line in begun(context, connection, before, stretch)? {
            at(&mut days, day).lines.push(line);
        }
        before = Some(stretch);
    }
    for (index, stretch) in stretches.iter().enumerate() {
        let Some(to) = stretch.valid_to else { continue };
        let next = to.plus_days(1);
        if stretches
            .get(index + 1)
            .is_none_or(|after| after.valid_from > next)
        {
            at(&mut days, next)
                .lines
                .push(plain(&context.l, "place-history-ended"));
        }
    }
    add_links(context, connection, id, &mut days)?;
    for (_, change) in place::changes_of(connection, context.tenant, id)? {
        if change.reason.is_empty() && change.document.is_empty() {
            continue;
        }
        let key = match change.kind {
            ChangeKind::Correct => "place-history-corrected",
            _ => "place-history-why",
        };
        let text = context.l.text(key);
        let why = text
            .arg("reason", change.reason)
            .arg("document", change.document);
        at(&mut days, change.day).why.push(why.to_string());
    }
    Ok(days.into_values().rev().collect())
}

fn at(days: &mut BTreeMap<Day, Moment>, day: Day) -> &mut Moment {
    days.entry(day).or_insert_with(|| Moment {
        day,
        lines: Vec::new(),
        why: Vec::new(),
    })
}

fn plain(l: &Locale, key: &str) -> Line {
    Line {
        text: l.text(key).to_string(),
        places: Vec::new(),
    }
}

/// What a stretch says that the one before did not.
fn begun(
    context: &Context,
    connection: &mut dyn Connection,
    before: Option<&Place>,
    now: &Place,
) -> Result<Vec<Line>, PageError> {
    let l = &context.l;
    let mut lines = Vec::new();
    let unbroken = before.filter(|before| before.valid_to == Some(now.valid_from.plus_days(-1)));
    let Some(before) = unbroken else {
        let key = match before {
            None => "place-history-began",
            Some(_) => "place-history-resumed",
        };
        let mut line = plain(l, key);
        line.places = others(context, connection, now.parent.as_slice())?;
        return Ok(vec![line]);
    };
    let told = |key: &str, from: &str, to: &str| Line {
        text: l.text(key).arg("from", from).arg("to", to).to_string(),
        places: Vec::new(),
    };
    if before.name != now.name {
        lines.push(told("place-history-renamed", &before.name, &now.name));
    } else if before.alias != now.alias {
        let (from, to) = (before.shown_name(), now.shown_name());
        lines.push(told("place-history-renamed", from, to));
    }
    if before.code != now.code {
        let text = |place: &Place| place.code.map(|code| code.to_string()).unwrap_or_default();
        lines.push(told("place-history-code", &text(before), &text(now)));
    }
    if before.kind != now.kind {
        let text = |place: &Place| {
            let key = format!("place-kind-{}", place.kind.name().replace('_', "-"));
            l.text(&key).to_string()
        };
        lines.push(told("place-history-kind", &text(before), &text(now)));
    }
    if before.parent != now.parent {
        let mut line = plain(l, "place-history-moved");
        line.places = others(context, connection, now.parent.as_slice())?;
        lines.push(line);
    }
    Ok(lines)
}

/// Where the place came from and what came of it.
fn add_links(
    context: &Context,
    connection: &mut dyn Connection,
    id: PlaceId,
    days: &mut BTreeMap<Day, Moment>,
) -> Result<(), PageError> {
    let mut told: BTreeMap<(Day, &'static str), Vec<PlaceId>> = BTreeMap::new();
    for link in place::links_of(connection, context.tenant, id)? {
        let (key, other) = match (link.kind, link.predecessor == id) {
            (LinkKind::Merge, true) => ("place-history-merged-into", link.successor),
            (LinkKind::Merge, false) => ("place-history-merged-from", link.predecessor),
            (LinkKind::Split, true) => ("place-history-split-into", link.successor),
            (LinkKind::Split, false) => ("place-history-split-from", link.predecessor),
            (LinkKind::Rename, true) => ("place-history-became", link.successor),
            (LinkKind::Rename, false) => ("place-history-was", link.predecessor),
        };
        told.entry((link.day, key)).or_default().push(other);
    }
    for ((day, key), places) in told {
        let mut line = plain(&context.l, key);
        line.places = others(context, connection, &places)?;
        at(days, day).lines.push(line);
    }
    Ok(())
}

fn others(
    context: &Context,
    connection: &mut dyn Connection,
    places: &[PlaceId],
) -> Result<Vec<Other>, PageError> {
    let mut others = Vec::new();
    for place in place::get_many(connection, context.tenant, places)? {
        let ancestors = place::ancestors(connection, context.tenant, place.place)?;
        let resource = Resource::at(context.tenant, &ancestors);
        let (subject, today) = (&context.subject, context.today());
        others.push(Other {
            place: place.place,
            name: place.shown_name().to_owned(),
            may_open: decide(subject, Action::RegistryRead, &resource, today).is_allowed(),
        });
    }
    Ok(others)
}

/// A history for samples of the page.
pub(crate) fn samples(l: &Locale, name: &str) -> Vec<Moment> {
    let other = |may_open| Other {
        place: crate::sample::place("").place,
        name: name.to_owned(),
        may_open,
    };
    let mut merged = plain(l, "place-history-merged-from");
    merged.places = vec![other(true), other(false)];
    let why = l.text("place-history-why");
    vec![
        Moment {
            day: crate::sample::day(),
            lines: vec![merged],
            why: vec![
                why.arg("reason", "村庄规模调整")
                    .arg("document", "云政发〔2026〕12号")
                    .to_string(),
            ],
        },
        Moment {
            day: crate::sample::day().plus_days(-900),
            lines: vec![plain(l, "place-history-began")],
            why: Vec::new(),
        },
    ]
}
