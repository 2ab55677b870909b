//! What lists share: the words of a search, and how a statement matches them.

use directory::person::beyond;
use kernel::{PlaceId, Tenant};
use store::{Connection, StoreError};
use web::{Choice, Locale, Params};

/// Rows on one page of a list.
pub(crate) const PER_PAGE: u32 = 50;

/// The words of a list's search field, as typed.
pub(crate) fn words(params: &Params) -> String {
    params.query("q").unwrap_or_default().trim().to_owned()
}

/// Three parameters for one search: the words in lower case (the empty text stands for "all"), the
/// pattern of `LIKE … ESCAPE '!'` that finds them anywhere, and the bound of a prefix search.
pub(crate) fn matching(words: &str) -> (String, String, String) {
    let words = words.trim().to_lowercase();
    let escaped = words.chars().fold(String::new(), |mut escaped, c| {
        if matches!(c, '!' | '%' | '_') {
            escaped.push('!');
        }
        escaped.push(c);
        escaped
    });
    let end = beyond(&words);
    (words, format!("%{escaped}%"), end)
}

/// Closed choices of a filter: names with their texts.
pub(crate) fn choices<'n>(
    l: &Locale,
    prefix: &str,
    names: impl IntoIterator<Item = &'n str>,
) -> Vec<Choice> {
    let choice = |name: &str| {
        let key = format!("{prefix}-{}", name.replace(['_', '.'], "-"));
        Choice::new(name, l.text(&key))
    };
    names.into_iter().map(choice).collect()
}

/// A name of a closed list, or the empty text for anything else.
pub(crate) fn one_of(params: &Params, field: &str, names: &[&'static str]) -> &'static str {
    let asked = params.query(field).unwrap_or_default();
    names
        .iter()
        .copied()
        .find(|name| *name == asked)
        .unwrap_or_default()
}

/// The name of a place as people say it; empty for none.
pub(crate) fn place_name(
    connection: &mut dyn Connection,
    tenant: Tenant,
    place: Option<PlaceId>,
) -> Result<String, StoreError> {
    let Some(place) = place else {
        return Ok(String::new());
    };
    let found = directory::place::get(connection, tenant, place)?;
    Ok(found
        .map(|place| place.shown_name().to_owned())
        .unwrap_or_default())
}

/// The code with which posts are named, and whether the product has a text for it.
pub(crate) const POSTS: &[&str] = &[
    "secretary",
    "director",
    "deputy_secretary",
    "committee_member",
    "supervision_director",
    "accountant",
    "grid_worker",
    "clerk",
    "leader",
];

/// The name of a post: in the visitor's language where it is one of ours, else as recorded.
pub(crate) fn post_name(l: &Locale, post: &str) -> String {
    if POSTS.contains(&post) {
        let key = format!("post-{}", post.replace('_', "-"));
        return l.text(&key).to_string();
    }
    post.to_owned()
}
