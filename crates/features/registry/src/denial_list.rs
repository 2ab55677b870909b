//! Refused attempts: who tried what and why it was refused, for auditors.

use access::{Action, DenyReason};
use askama::Template;
use kernel::{Day, Instant};
use store::{Connection, Row, StoreError, Value, values};
use web::{
    Choice, Context, ExportLinks, Head, Locale, Page, PageError, Pager, Params, Policy, Route,
    Samples, SortHead, Sorting,
};

use crate::{
    listing::{self, PER_PAGE},
    sample,
};

/// Refused attempts that fit the filters.
macro_rules! fitting {
    () => {
        " FROM denial d LEFT JOIN person_name n ON n.tenant = d.tenant AND n.person = d.person \
         LEFT JOIN place_current p ON p.tenant = d.tenant AND p.place = d.place \
         WHERE d.tenant = $1 AND ($2 = '' OR lower(n.name) LIKE $3 ESCAPE '!' \
         OR d.name LIKE $3 ESCAPE '!' OR d.action LIKE $3 ESCAPE '!') \
         AND ($4 = '' OR d.reason = $4) AND d.at >= $5 AND d.at < $6"
    };
}

macro_rules! sorted {
    ($order:literal) => {
        concat!(
            "SELECT d.at, n.name, d.name, d.action, d.reason, COALESCE(p.alias, p.name)",
            fitting!(),
            " ORDER BY ",
            $order,
            " LIMIT $7 OFFSET $8"
        )
    };
}

store::statements! {
    COUNT_DENIALS = concat!("SELECT count(*)", fitting!());
    NEWEST_FIRST = sorted!("d.at DESC, d.command");
    OLDEST_FIRST = sorted!("d.at, d.command");
}

const COLUMNS: &[&str] = &["newest", "at"];

/// The reasons that a denial can have, as the record names them.
const REASONS: &[&str] = &[
    DenyReason::NoRole.code(),
    DenyReason::OtherPlace.code(),
    DenyReason::NotOnThisDay.code(),
    DenyReason::OwnMatter.code(),
    "access-separation-of-duties",
    "access-roles-exclude",
    DenyReason::Reauthenticate.code(),
    DenyReason::CannotReauthenticate.code(),
    DenyReason::OtherTenant.code(),
    "factor-wrong",
];

/// The list of refused attempts.
#[derive(Debug, Template)]
#[template(path = "denial_list.html")]
pub struct DenialList {
    l: Locale,
    denials: Vec<Denial>,
    words: String,
    reason: &'static str,
    reasons: Vec<Choice>,
    from: String,
    until: String,
    by_time: SortHead,
    pager: Pager,
    export: ExportLinks,
}

/// A refused attempt.
#[derive(Debug)]
pub(crate) struct Denial {
    pub(crate) at: Instant,
    pub(crate) person: String,
    pub(crate) command: String,
    action: String,
    reason: String,
    pub(crate) place: String,
}

impl Denial {
    /// Why it was refused, in words.
    pub(crate) fn why(&self, l: &Locale) -> String {
        reason_text(l, &self.reason)
    }

    /// The right that was missing, in words.
    pub(crate) fn right(&self, l: &Locale) -> String {
        let action = self.action.parse::<Action>();
        action.map_or_else(
            |_| self.action.clone(),
            |action| l.text(&action.message()).to_string(),
        )
    }
}

fn read(row: &Row<'_>) -> Result<Denial, StoreError> {
    let text = |at: usize| -> Result<String, StoreError> {
        Ok(row.optional_text(at)?.unwrap_or_default().to_owned())
    };
    Ok(Denial {
        at: row.instant(0)?,
        person: text(1)?,
        command: text(2)?,
        action: text(3)?,
        reason: text(4)?,
        place: text(5)?,
    })
}

/// The route.
pub(crate) fn route() -> Route {
    Route::page("/journal/denials", Policy::Whole(Action::DenialRead), page)
}

/// What the list is narrowed to.
pub(crate) struct Filter {
    pub(crate) words: String,
    pub(crate) reason: &'static str,
    pub(crate) from: Option<Day>,
    pub(crate) until: Option<Day>,
}

impl Filter {
    pub(crate) fn of(params: &Params) -> Filter {
        Filter {
            words: listing::words(params),
            reason: listing::one_of(params, "reason", REASONS),
            from: params.query_as("from"),
            until: params.query_as("until"),
        }
    }

    fn bound(&self, context: &Context) -> Vec<Value<'static>> {
        let (matched, pattern, _) = listing::matching(&self.words);
        let begins = self.from.map_or(Instant(i64::MIN), Day::start);
        let until = self.until;
        let ends = until.map_or(Instant(i64::MAX), |day| day.plus_days(1).start());
        Vec::from(values![
            context.tenant,
            matched,
            pattern,
            self.reason,
            begins,
            ends
        ])
    }
}

/// A day of a filter; empty for none.
pub(crate) fn written(day: Option<Day>) -> String {
    day.map(|day| day.to_string()).unwrap_or_default()
}

/// The attempts of a window of the list, in its order.
pub(crate) fn find(
    context: &Context,
    params: &Params,
    connection: &mut dyn Connection,
    (limit, offset): (i64, i64),
) -> Result<Vec<Denial>, StoreError> {
    let mut parameters = Filter::of(params).bound(context);
    parameters.extend(values![limit, offset]);
    let sorting = Sorting::of(params, COLUMNS);
    let oldest_first = sorting.column == "at" && !sorting.descending;
    let statement = if oldest_first {
        &OLDEST_FIRST
    } else {
        &NEWEST_FIRST
    };
    connection.all(statement, &parameters, read)
}

fn page(
    context: &Context,
    params: &Params,
    connection: &mut dyn Connection,
) -> Result<DenialList, PageError> {
    let filter = Filter::of(params);
    let total = connection.one(&COUNT_DENIALS, &filter.bound(context), |row| row.int(0))?;
    let pager = Pager::new(
        params,
        usize::try_from(total).unwrap_or(usize::MAX),
        PER_PAGE,
    );
    let window = (pager.limit(), pager.offset());
    let sorting = Sorting::of(params, COLUMNS);
    Ok(DenialList {
        denials: find(context, params, connection, window)?,
        reasons: reasons(&context.l),
        from: written(filter.from),
        until: written(filter.until),
        words: filter.words,
        reason: filter.reason,
        export: ExportLinks::of(params, "/journal/denials"),
        by_time: sorting.head(params, "at"),
        pager,
        l: context.l.clone(),
    })
}

fn reasons(l: &Locale) -> Vec<Choice> {
    let choice = |code: &&str| Choice::new(*code, reason_text(l, code));
    REASONS.iter().map(choice).collect()
}

pub(crate) fn reason_text(l: &Locale, code: &str) -> String {
    let key = format!("denied-{}", code.trim_start_matches("access-"));
    if l.has(&key) {
        l.text(&key).to_string()
    } else {
        code.to_owned()
    }
}

impl DenialList {
    fn is_filtered(&self) -> bool {
        [self.words.as_str(), self.reason, &self.from, &self.until]
            .iter()
            .any(|f| !f.is_empty())
    }
}

impl Page for DenialList {
    fn head(&self) -> Head {
        Head::new(self.l.text("denials-title"))
    }

    fn samples(l: &Locale) -> Samples<DenialList> {
        let denial = |person: &str, place: &str| Denial {
            at: sample::now(),
            person: person.to_owned(),
            command: "section.verify".to_owned(),
            action: "score.verify".to_owned(),
            reason: "access-separation-of-duties".to_owned(),
            place: place.to_owned(),
        };
        let page = |denials: Vec<Denial>, words: &str| DenialList {
            l: l.clone(),
            pager: Pager::new(&Params::default(), denials.len(), PER_PAGE),
            denials,
            words: words.to_owned(),
            reason: "",
            reasons: reasons(l),
            from: String::new(),
            until: String::new(),
            by_time: Sorting::of(&Params::default(), COLUMNS).head(&Params::default(), "at"),
            export: ExportLinks::of(&Params::default(), "/journal/denials"),
        };
        Samples {
            ordinary: page(vec![denial("王建国", "柳湾村")], ""),
            longest: page(
                vec![denial("阿卜杜热合曼·买买提吐尔逊江", sample::LONGEST_PLACE)],
                "abd",
            ),
            empty: Some(page(Vec::new(), "")),
            with_error: None,
        }
    }
}
