//! The tenant: one governed area.

use serde::{Deserialize, Serialize};

/// A small opaque integer for one governed area: a county, a city or the nation.
///
/// Never the division code, which changes when places merge. Every primary, unique and foreign
/// key starts with it and every statement names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Tenant(pub i64);

impl std::fmt::Display for Tenant {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}
