//! Meeting place 6: effects. Named by packs, registered by features.

use serde_json::Value as Json;

use crate::{Door, Refusal};

/// Something that a pack may cause by its name, with arguments from the pack.
///
/// The set is closed: a pack that names an effect nobody registered is refused when it is
/// published, not when the effect is due.
#[derive(Clone, Copy)]
pub struct Effect {
    /// The name used in packs: `journal.checkpoint`.
    pub name: &'static str,
    /// Carries it out inside the transaction of the command that caused it.
    pub run: fn(&mut Door<'_>, &Json) -> Result<(), Refusal>,
}
