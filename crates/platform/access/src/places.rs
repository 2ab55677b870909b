//! Lists of places as far as the reader may see them.

use directory::place::{Place, PlaceLevel, read_place};
use kernel::PlaceId;
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
        " AND p.valid_to IS NULL AND ($5 = '' OR p.level = $5) AND ($6 = '' OR EXISTS (SELECT 1 \
         FROM place_ancestor b WHERE b.tenant = $1 AND b.place = p.place AND b.ancestor = $7)) \
         AND ($8 = '' OR lower(p.name) LIKE $9 ESCAPE '!' OR lower(p.alias) LIKE $9 ESCAPE '!' \
         OR EXISTS (SELECT 1 FROM place_search k WHERE k.tenant = $1 AND k.place = p.place \
         AND k.search_key >= $8 AND k.search_key < $10))"
    };
}

/// By code, then name; one page.
macro_rules! page {
    () => {
        " ORDER BY p.code NULLS LAST, p.name, p.place LIMIT $11 OFFSET $12"
    };
}

store::statements! {
    /// Places at or below the reader's.
    SELECT_BELOW = concat!(
        columns!(),
        crate::in_scope!("p.place", "$1", "$2", "$3", "$4"),
        filters!(),
        page!()
    );
    /// Places at, below or above the reader's.
    SELECT_AROUND = concat!(
        columns!(),
        crate::around_scope!("p.place", "$1", "$2", "$3", "$4"),
        filters!(),
        page!()
    );
    /// How many places at or below the reader's.
    COUNT_BELOW = concat!(
        "SELECT count(*) FROM place_current p WHERE p.tenant = $1 AND ",
        crate::in_scope!("p.place", "$1", "$2", "$3", "$4"),
        filters!()
    );
    /// How many places at, below or above the reader's.
    COUNT_AROUND = concat!(
        "SELECT count(*) FROM place_current p WHERE p.tenant = $1 AND ",
        crate::around_scope!("p.place", "$1", "$2", "$3", "$4"),
        filters!()
    );
}

/// What a list of places is narrowed to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PlaceFilter {
    /// Only this level.
    pub level: Option<PlaceLevel>,
    /// Only this place and what is below it.
    pub under: Option<PlaceId>,
    /// Only places whose name holds the text, or whose code or pinyin initials begin with it.
    pub text: String,
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

/// The existing places that the scope covers and the filter keeps, by code, then name.
pub fn list(
    connection: &mut dyn Connection,
    scope: &Scope,
    filter: &PlaceFilter,
    page: Page,
) -> Result<Vec<Place>, StoreError> {
    let statement = match scope.reach {
        Reach::Below => &SELECT_BELOW,
        Reach::Around => &SELECT_AROUND,
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
    let statement = match scope.reach {
        Reach::Below => &COUNT_BELOW,
        Reach::Around => &COUNT_AROUND,
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
