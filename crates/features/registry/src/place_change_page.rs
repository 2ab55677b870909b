//! The pages on which a place is merged, split, ended, brought back, moved or put right: a file
//! for each. What they share is here: the day, the reason, the document, and everything that hangs
//! on the places that end, by name, of which is asked where it goes.

mod asked;
mod correct;
mod end;
mod hanging;
mod merge;
mod moving;
mod resume;
mod split;

use access::{Action, Resource};
use app::Command;
use askama::Template;
use directory::place::{self, ChangeKind, Place};
use kernel::{Finding, PlaceId};
use store::Connection;
use web::{
    Attempt, Choice, Context, Form, FormHandler, FormStart, Head, Locale, Page, PageError, Params,
    Policy, Route, Samples,
};

pub(crate) use self::asked::day;
use self::hanging::Line;
use crate::{
    handover::{self, Hanging},
    place_edit::PlaceEdited,
    place_page, sample,
};

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
    /// Whether enough is known to ask the rest.
    is_asked: bool,
    sources: Vec<Place>,
    into: Option<Place>,
    stays: bool,
    parts: Vec<usize>,
    /// What stands below a place that cannot end before it.
    below: Vec<Place>,
    /// What other features have against it, said before anything is filled in.
    objections: Vec<Finding>,
    /// In a merger: what the list of others is narrowed to, and how many more there are.
    narrowed: String,
    further: usize,
    /// Places above, for a move or a return.
    above: Vec<Choice>,
    hanging: Vec<(Hanging, Vec<Line>)>,
    /// People whose account can do nothing afterwards.
    left: Vec<String>,
    targets: Vec<Choice>,
    start: FormStart,
    attempt: Attempt,
}

/// The routes: a page and a form for each kind of change.
pub(crate) fn routes() -> Vec<Route> {
    [
        merge::routes(),
        split::routes(),
        end::routes(),
        resume::routes(),
        moving::routes(),
        correct::routes(),
    ]
    .concat()
}

type Read<C> = fn(&Context, &Params, &Form) -> Result<C, Vec<Finding>>;
type Done<C> = fn(&Context, &Params, &<C as Command>::Answer) -> String;
type Shown = fn(&Context, &Params, &mut dyn Connection) -> Result<PlaceChangePage, PageError>;

fn routes_of<C: Command>(
    path: &'static str,
    read: Read<C>,
    done: Done<C>,
    again: Shown,
) -> [Route; 2] {
    // Whether she may, with all the places that take part, only the command knows.
    let post = Policy::Holds(Action::RegistryMerge);
    [
        Route::page(
            path,
            Policy::On(Action::RegistryRead, place_page::target),
            again,
        ),
        Route::form(path, post, FormHandler { read, done, again }),
    ]
}

fn edited(_: &Context, _: &Params, done: &PlaceEdited) -> String {
    format!("/places/{}", done.place)
}

/// A page on which nothing is chosen yet.
fn begin(
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
    if !place_page::may_but_for_password(context, Action::RegistryMerge, &resource)
        || (kind == ChangeKind::Resume) == place.valid_to.is_none()
    {
        return Err(PageError::NotFound);
    }
    Ok(PlaceChangePage {
        l: context.l.clone(),
        kind,
        place,
        beside: Vec::new(),
        query: String::new(),
        is_asked: true,
        sources: Vec::new(),
        into: None,
        stays: false,
        parts: Vec::new(),
        below: Vec::new(),
        objections: Vec::new(),
        narrowed: String::new(),
        further: 0,
        above: Vec::new(),
        hanging: Vec::new(),
        left: Vec::new(),
        targets: Vec::new(),
        start: context.form(),
        attempt: context.attempt.clone(),
    })
}

impl PlaceChangePage {
    /// A text of this kind of change.
    fn words(&self, part: &str) -> String {
        let key = format!("place-{}-{part}", self.kind.name());
        let name = self.place.shown_name();
        self.l.text(&key).arg("name", name).to_string()
    }

    /// Asks the other features whether these places may cease; where one objects, nothing is asked.
    fn ask_others(
        &mut self,
        context: &Context,
        connection: &mut dyn Connection,
        ceasing: &[PlaceId],
    ) -> Result<(), PageError> {
        let Some(question) = handover::question(ceasing) else {
            return Ok(());
        };
        let app = context.app();
        self.objections = app.objections(connection, context.tenant, &question)?;
        if self.objections.iter().any(Finding::blocks) {
            self.is_asked = false;
        }
        Ok(())
    }

    /// Whether places end by this change.
    fn ends_places(&self) -> bool {
        matches!(
            self.kind,
            ChangeKind::Merge | ChangeKind::Split | ChangeKind::End
        )
    }

    fn part_head(&self, part: usize) -> String {
        split::part_head(&self.l, part)
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
            parts: if kind == ChangeKind::Split {
                vec![0, 1]
            } else {
                Vec::new()
            },
            below: Vec::new(),
            objections: Vec::new(),
            narrowed: String::new(),
            further: 354,
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
        first.attempt = merge::unfit("merge-too-few", "with");
        first.objections = vec![Finding::error("place-has-children").arg("name", "柳湾村")];
        let mut blocked = page(ChangeKind::End, sample::LONGEST_PLACE);
        (blocked.is_asked, blocked.below) = (false, vec![sample::place(sample::LONGEST_PLACE)]);
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
            Finding::error("division-code-elsewhere")
                .field("parts.0.code")
                .arg("found", "379902001201")
                .arg("name", "云岭县")
                .arg("expected", "379901"),
            Finding::error("division-code-other-level")
                .field("parts.1.code")
                .arg("found", "379901001000")
                .arg("expected", "village"),
        ];
        Samples {
            ordinary: page(ChangeKind::Merge, "柳湾村"),
            longest: blocked,
            empty: Some(first),
            with_error: Some(refused),
        }
    }
}
