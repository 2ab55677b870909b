//! What is declared of the figures that schemes take from the record: the items of published
//! schemes, and of those that the packs of the installation offer.

use app::DeclaredMeasure;
use kernel::{Finding, Tenant};
use packs::Library;
use score::Item;
use store::{Connection, StoreError};

use crate::{scheme, section::brought};

/// The items of every published scheme, those of newer versions first; then those of the packs, so
/// that figures can be brought in before their scheme is published.
pub(crate) fn known(
    library: &Library,
    connection: &mut dyn Connection,
    tenant: Tenant,
) -> Result<Vec<DeclaredMeasure>, StoreError> {
    let mut measures = Vec::new();
    for published in scheme::all(connection, tenant)? {
        // A scheme that no longer compiles says so where it is used; names can wait.
        let Ok(plan) = scheme::plan(&published) else {
            continue;
        };
        let items = plan.scheme().items.iter();
        measures.extend(items.map(|item| declared(item, true)));
    }
    let packs = library.names().into_iter().filter_map(|name| {
        let (pack, findings) = library.pack(name)?;
        (!findings.iter().any(Finding::blocks)).then_some(pack)
    });
    for file in packs.flat_map(|pack| &pack.schemes) {
        measures.extend(file.scheme.items.iter().map(|item| declared(item, false)));
    }
    Ok(measures)
}

fn declared(item: &Item, in_use: bool) -> DeclaredMeasure {
    DeclaredMeasure {
        measure: brought::measure_of(&item.code),
        chinese: item.title.zh.clone(),
        english: item.title.en.clone(),
        unit: item.unit.clone(),
        scale: item.scale,
        minimum: item.minimum,
        maximum: item.maximum,
        in_use,
    }
}
