//! Lists of places as far as the reader may see them.

use directory::place::{Place, PlaceLevel, read_place};
use kernel::{Day, PlaceId};
use store::{Connection, StoreError, Value, values};

use crate::{Reach, Scope};

/// The columns that `read_place` reads, and the table.
macro_rules! columns {
    () => {
        "SELECT p.place, p.version, p.kind, p.name, p.alias, p.code, p.parent, p.valid_from, \
         p.valid_to FROM place_current p WHERE p.tenant = $1 AND "
    };
}

/// What all lists filter by. The empty text stands for "all", because a parameter that may be
/// null has no type.
macro_rules! filters {
    () => {
        " AND ($5 = '' OR p.level = $5) AND ($6 = '' OR EXISTS (SELECT 1 \
         FROM place_ancestor b WHERE b.tenant = $1 AND b.place = p.place AND b.ancestor = $7)) \
         AND ($8 = '' OR lower(p.name) LIKE $9 ESCAPE '!' OR lower(p.alias) LIKE $9 ESCAPE '!' \
         OR EXISTS (SELECT 1 FROM place_search k WHERE k.tenant = $1 AND k.place = p.place \
         AND k.search_key >= $8 AND k.search_key < $10))"
    };
}

/// Existing places, ended ones, or both, as they are now.
macro_rules! now {
    () => {
        " AND ($11 = 'all' OR ($11 = 'existing' AND p.valid_to IS NULL) \
         OR ($11 = 'ended' AND p.valid_to IS NOT NULL))"
    };
}

/// What was there on a day, as it was then: of the versions that had begun the highest, where it
/// had not ended. Who may read it is decided by the tree of today.
macro_rules! on_day {
    () => {
        " AND p.valid_from <= $11 AND (p.valid_to IS NULL OR p.valid_to >= $11) AND NOT EXISTS \
         (SELECT 1 FROM place_version w WHERE w.tenant = $1 AND w.place = p.place \
         AND w.valid_from <= $11 AND w.version > p.version)"
    };
}

/// The columns that `read_place` reads, of all that was ever said.
macro_rules! columns_on {
    () => {
        "SELECT p.place, p.version, p.kind, p.name, p.alias, p.code, p.parent, p.valid_from, \
         p.valid_to FROM place_version p WHERE p.tenant = $1 AND "
    };
}

/// By code, then name; one page.
macro_rules! page {
    () => {
        " ORDER BY p.code NULLS LAST, p.name, p.place LIMIT $12 OFFSET $13"
    };
}

store::statements! {
    /// Places at or below the reader's.
    SELECT_BELOW = concat!(
        columns!(),
        crate::in_scope!("p.place", "$1", "$2", "$3", "$4"),
        filters!(),
        now!(),
        page!()
    );
    /// Places at, below or above the reader's.
    SELECT_AROUND = concat!(
        columns!(),
        crate::around_scope!("p.place", "$1", "$2", "$3", "$4"),
        filters!(),
        now!(),
        page!()
    );
    /// Places at or below the reader's, as they were on a day.
    SELECT_BELOW_ON = concat!(
        columns_on!(),
        crate::in_scope!("p.place", "$1", "$2", "$3", "$4"),
        filters!(),
        on_day!(),
        page!()
    );
    /// Places at, below or above the reader's, as they were on a day.
    SELECT_AROUND_ON = concat!(
        columns_on!(),
        crate::around_scope!("p.place", "$1", "$2", "$3", "$4"),
        filters!(),
        on_day!(),
        page!()
    );
    /// How many places at or below the reader's on a day.
    COUNT_BELOW_ON = concat!(
        "SELECT count(*) FROM place_version p WHERE p.tenant = $1 AND ",
        crate::in_scope!("p.place", "$1", "$2", "$3", "$4"),
        filters!(),
        on_day!()
    );
    /// How many places at, below or above the reader's on a day.
    COUNT_AROUND_ON = concat!(
        "SELECT count(*) FROM place_version p WHERE p.tenant = $1 AND ",
        crate::around_scope!("p.place", "$1", "$2", "$3", "$4"),
        filters!(),
        on_day!()
    );
    /// How many places at or below the reader's.
    COUNT_BELOW = concat!(
        "SELECT count(*) FROM place_current p WHERE p.tenant = $1 AND ",
        crate::in_scope!("p.place", "$1", "$2", "$3", "$4"),
        filters!(),
        now!()
    );
    /// How many places at, below or above the reader's.
    COUNT_AROUND = concat!(
        "SELECT count(*) FROM place_current p WHERE p.tenant = $1 AND ",
        crate::around_scope!("p.place", "$1", "$2", "$3", "$4"),
        filters!(),
        now!()
    );
}

/// What a list of places is narrowed to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PlaceFilter {
    /// Only this level.
    pub level: Option<PlaceLevel>,
    /// Only this place and what is below it.
    pub under: Option<PlaceId>,
    /// Only places whose name holds the text, or whose code or pinyin initials begin with it, now
    /// or formerly; a former name is found by its beginning.
    pub text: String,
    /// Existing places, ended ones, or both.
    pub standing: Standing,
    /// As they were on this day, instead of now: whatever was there then.
    pub on: Option<Day>,
}

directory::closed_list! {
    /// Whether a place exists.
    #[derive(Default)]
    Standing {
        /// It does.
        #[default]
        Existing = "existing",
        /// It has ended.
        Ended = "ended",
        /// Either.
        All = "all",
    }
}

/// A part of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// At most so many.
    pub limit: u32,
    /// After leaving out so many.
    pub offset: u32,
}

impl Page {
    /// Everything: for exports of exactly what a list shows.
    pub const ALL: Page = Page {
        limit: u32::MAX,
        offset: 0,
    };
}

/// The places that the scope covers and the filter keeps, by code, then name.
pub fn list(
    connection: &mut dyn Connection,
    scope: &Scope,
    filter: &PlaceFilter,
    page: Page,
) -> Result<Vec<Place>, StoreError> {
    let statement = match (scope.reach, filter.on) {
        (Reach::Below, None) => &SELECT_BELOW,
        (Reach::Around, None) => &SELECT_AROUND,
        (Reach::Below, Some(_)) => &SELECT_BELOW_ON,
        (Reach::Around, Some(_)) => &SELECT_AROUND_ON,
    };
    let mut values = bound(scope, filter);
    values.extend(values![page.limit, page.offset]);
    connection.all(statement, &values, read_place)
}

/// How many places [`list()`] has in all.
pub fn count(
    connection: &mut dyn Connection,
    scope: &Scope,
    filter: &PlaceFilter,
) -> Result<i64, StoreError> {
    let statement = match (scope.reach, filter.on) {
        (Reach::Below, None) => &COUNT_BELOW,
        (Reach::Around, None) => &COUNT_AROUND,
        (Reach::Below, Some(_)) => &COUNT_BELOW_ON,
        (Reach::Around, Some(_)) => &COUNT_AROUND_ON,
    };
    connection.one(statement, &bound(scope, filter), |row| row.int(0))
}

fn bound(scope: &Scope, filter: &PlaceFilter) -> Vec<Value<'static>> {
    let text = filter.text.trim().to_lowercase();
    let beyond = directory::person::beyond(&text);
    let pattern = format!("%{}%", escaped(&text));
    let under = filter
        .under
        .map_or_else(Vec::new, |place| place.0.as_bytes().to_vec());
    Vec::from(values![
        scope.tenant,
        scope.person,
        scope.roles.0,
        scope.day,
        filter.level.map_or("", PlaceLevel::name),
        if filter.under.is_some() { "under" } else { "" },
        under,
        text,
        pattern,
        beyond,
        match filter.on {
            None => filter.standing.name().to_owned(),
            Some(day) => day.to_string(),
        },
    ])
}

/// The text as LIKE takes it literally.
fn escaped(text: &str) -> String {
    text.chars().fold(String::new(), |mut escaped, c| {
        if matches!(c, '!' | '%' | '_') {
            escaped.push('!');
        }
        escaped.push(c);
        escaped
    })
}
