//! Everything that hangs on places that end, in words, with the choices of where it goes.

use access::grant::GrantState;
use directory::place::Place;
use kernel::Id;
use store::Connection;
use web::{Context, PageError};

use super::PlaceChangePage;
use crate::handover::{self, Affected, Hanging};
use crate::listing;

/// One thing that hangs on a place that ends.
#[derive(Debug)]
pub(super) struct Line {
    pub id: Id,
    pub text: String,
    pub of: String,
}

impl PlaceChangePage {
    /// Puts on the page what hangs on the places that end, and whose accounts can do nothing
    /// afterwards.
    pub(super) fn hang(
        &mut self,
        context: &Context,
        connection: &mut dyn Connection,
        sources: &[Place],
    ) -> Result<(), PageError> {
        let (tenant, today) = (context.tenant, context.today());
        let sources: Vec<_> = sources.iter().map(|place| place.place).collect();
        // Until a day is typed, what would hang there if it changed today.
        let day = context.attempt.value("day", "").parse().unwrap_or(today);
        let affected = handover::affected(connection, tenant, &sources, (day, today))?;
        for person in handover::left_without(connection, tenant, &affected.grants, today)? {
            let name = directory::person::name(connection, tenant, person)?;
            self.left.extend(name);
        }
        self.hanging = lines(context, connection, &affected)?;
        Ok(())
    }

    /// The heading over one kind of what hangs on the places, with its number.
    pub(super) fn head_of(&self, what: Hanging, lines: &[Line]) -> String {
        let key = format!("place-hanging-{}", what.name());
        let count = i64::try_from(lines.len()).unwrap_or(i64::MAX);
        self.l.text(&key).arg("count", count).to_string()
    }

    /// The field of one line's fate.
    pub(super) fn field_of(what: Hanging, line: &Line) -> String {
        format!("fates.{}.{}", what.name(), line.id)
    }

    /// Whether something may simply end: a place below may not, it goes somewhere.
    pub(super) fn may_end(what: Hanging) -> bool {
        what != Hanging::Child
    }
}

/// Everything that hangs on the places, in words.
fn lines(
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
