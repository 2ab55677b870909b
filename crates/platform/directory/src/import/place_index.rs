//! Places by what files call them.

use std::collections::HashMap;

use kernel::{DivisionCode, Finding, PlaceId};

use super::half_width;
use crate::place::Place;

/// Places by code, official name and the name as people say it.
#[derive(Clone, Debug, Default)]
pub struct PlaceIndex {
    by_code: HashMap<DivisionCode, PlaceId>,
    by_name: HashMap<String, Vec<PlaceId>>,
}

impl PlaceIndex {
    /// The index of some places: those that the importing person may write about.
    pub fn new(places: &[Place]) -> PlaceIndex {
        let mut index = PlaceIndex::default();
        for place in places {
            if let Some(code) = place.code {
                index.by_code.insert(code, place.place);
            }
            for name in std::iter::once(&place.name).chain(&place.alias) {
                let named = index.by_name.entry(name.clone()).or_default();
                if !named.contains(&place.place) {
                    named.push(place.place);
                }
            }
        }
        index
    }

    /// The place of a code; `None` for a text that is no code.
    pub(super) fn by_code(&self, text: &str) -> Option<Result<PlaceId, Finding>> {
        let code = DivisionCode::from_short(&half_width(text)).ok()?;
        let unknown = || Finding::error("import-place-unknown");
        Some(self.by_code.get(&code).copied().ok_or_else(unknown))
    }

    /// The place of a name; `Err` with the finding where there is none, or several.
    pub(super) fn by_name(&self, name: &str) -> Result<PlaceId, Finding> {
        match self.named(name) {
            [] => Err(Finding::error("import-place-unknown")),
            [place] => Ok(*place),
            several => Err(Finding::error("import-place-ambiguous").arg("count", several.len())),
        }
    }

    pub(super) fn named(&self, name: &str) -> &[PlaceId] {
        self.by_name.get(name).map_or(&[], Vec::as_slice)
    }
}
