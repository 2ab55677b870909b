//! Meeting place 3: references. Kind and id give title, link and who may see it.

use kernel::{Id, PlaceId, Tenant};
use serde::{Deserialize, Serialize};
use store::{Connection, StoreError};

/// A link from one feature's record to another's, without knowing its tables.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Ref {
    /// The glossary's word for the kind: `round`, `figure`, `dispute`.
    pub kind: String,
    /// The record's id.
    pub id: Id,
}

impl Ref {
    /// The reference to a record.
    pub fn new(kind: &str, id: impl Into<Id>) -> Ref {
        Ref {
            kind: kind.to_owned(),
            id: id.into(),
        }
    }
}

/// What a reference leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefView {
    /// Title in Chinese and English (data of the county falls back to Chinese).
    pub title: String,
    /// Path within the product.
    pub link: String,
    /// The place it belongs to: who may see that place's records may see it.
    pub place: Option<PlaceId>,
}

/// Finds a record by its id.
pub type ResolveRef = fn(&mut dyn Connection, Tenant, Id) -> Result<Option<RefView>, StoreError>;

/// A feature's way to resolve references of one kind.
#[derive(Clone, Copy)]
pub struct RefSpec {
    /// The kind it resolves.
    pub kind: &'static str,
    /// The action that a viewer needs at the record's place.
    pub sees: access::Action,
    /// Finds the record; `None` where there is none.
    pub resolve: ResolveRef,
}
