//! Places: the time-valid tree province, city, county, town, village.
//!
//! The record is `place_version`. Version n of a place says what is true of it from its
//! `valid_from` on, overriding earlier versions from that day on, so a later version can also
//! correct the past. No version begins or ends in the future: the present state is the highest
//! version and does not depend on a clock. Places that ended stay readable, with their last place
//! in the tree.

mod code;
mod derived;
mod history;
mod kind;
mod read;
mod succession;
mod write;

pub use code::correct_code;
pub use derived::rebuild;
pub use history::{changes_of, stretches, versions};
pub use kind::{ChangeKind, LinkKind, PlaceKind, PlaceLevel, kind_of, short_name};
pub use read::{
    ancestors, ancestors_on, by_code, children, get, get_many, links_of, on_day, read_place,
    tree_now, tree_on,
};
pub use succession::{Succession, Successor, begin, check_texts, end, move_below, resume, succeed};
use write::write_versions;
pub use write::{check_places, write_links, write_places};

pub(crate) const STATEMENTS: &[&[&store::Statement]] = &[
    derived::STATEMENTS,
    history::STATEMENTS,
    read::STATEMENTS,
    write::STATEMENTS,
];

use kernel::{Day, DivisionCode, PlaceId};
use serde::{Deserialize, Serialize};

/// Longest name of a place, in characters.
pub const NAME_MAX: usize = 50;

/// A place as one of its versions says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Which place; does not change with name, code or parent.
    pub place: PlaceId,
    /// The version that says so, from 1.
    pub version: i64,
    /// What it is; its level follows.
    pub kind: PlaceKind,
    /// The official name: 店子村民委员会.
    pub name: String,
    /// The name as people say it, where it differs: 店子村.
    pub alias: Option<String>,
    /// Division code of 12 digits.
    pub code: Option<DivisionCode>,
    /// The place above; levels may be left out (a city without counties).
    pub parent: Option<PlaceId>,
    /// First day of this version.
    pub valid_from: Day,
    /// Last day of the place, where it has ended.
    pub valid_to: Option<Day>,
}

impl Place {
    /// The level of the kind.
    pub fn level(&self) -> PlaceLevel {
        self.kind.level()
    }

    /// The name to show: as people say it.
    pub fn shown_name(&self) -> &str {
        self.alias.as_deref().unwrap_or(&self.name)
    }
}

/// Whether what lasts until a day (`None` = on and on) would outlast the place.
pub fn is_past(place: &Place, until: Option<Day>) -> bool {
    place
        .valid_to
        .is_some_and(|ended| until.is_none_or(|until| until > ended))
}

/// That a place has ended, and when.
pub fn ended(place: &Place) -> kernel::Finding {
    let day = place.valid_to.map(|day| day.plus_days(1).to_string());
    kernel::Finding::error("place-ended")
        .arg("name", place.shown_name())
        .arg("day", day.unwrap_or_default())
}

/// What a new version shall say; the version number is given when it is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlaceDraft {
    /// Which place; a new id makes a new place.
    pub place: PlaceId,
    /// What it is.
    pub kind: PlaceKind,
    /// The official name, up to [`NAME_MAX`] characters.
    pub name: String,
    /// The name as people say it, where it differs.
    pub alias: Option<String>,
    /// Division code of 12 digits; unique at any one time.
    pub code: Option<DivisionCode>,
    /// The place above, of a higher level.
    pub parent: Option<PlaceId>,
    /// First day of this version; not in the future.
    pub valid_from: Day,
    /// Last day, where the place ends; not in the future.
    pub valid_to: Option<Day>,
}

/// What became of a place: predecessor to successor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlaceLink {
    /// The place that was.
    pub predecessor: PlaceId,
    /// The place that is.
    pub successor: PlaceId,
    /// First day of the successor in the predecessor's stead.
    pub day: Day,
    /// How.
    pub kind: LinkKind,
    /// The predecessor's share that went to this successor, in (0, 1], where a split divides
    /// figures; exact.
    pub share: Option<kernel::Decimal>,
}

/// Longest reason of a change, in characters.
pub const REASON_MAX: usize = 500;

/// Longest reference of the document that orders a change, in characters: 云政发〔2026〕12号.
pub const DOCUMENT_MAX: usize = 100;

/// Why and on whose order places changed; the versions and links of one command share it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlaceChange {
    /// What was done.
    pub kind: ChangeKind,
    /// First day of the new state.
    pub day: Day,
    /// Why, in words.
    pub reason: String,
    /// Reference of the document that orders it.
    pub document: String,
}

store::record! {
    /// Why places changed, one row for each command.
    pub PLACE_CHANGE = place_change(tenant, command, kind, day, reason, document, at)
        key(tenant, command);
    /// Every version of every place.
    pub PLACE_VERSION = place_version(
        tenant, place, version, command, level, kind, name, alias, code, parent, valid_from,
        valid_to
    ) key(tenant, place, version);
    /// What became of places that ended.
    pub PLACE_LINK = place_link(tenant, predecessor, successor, day, command, kind, share)
        key(tenant, predecessor, successor, day);
}
