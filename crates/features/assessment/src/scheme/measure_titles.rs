//! What people call the figures that schemes take from the record: the items of published schemes.

use app::MeasureTitle;
use kernel::Tenant;
use store::{Connection, StoreError};

use crate::{scheme, section::brought};

/// The items of every published scheme, those of newer versions first.
pub(crate) fn known(
    connection: &mut dyn Connection,
    tenant: Tenant,
) -> Result<Vec<MeasureTitle>, StoreError> {
    let mut titles = Vec::new();
    for published in scheme::all(connection, tenant)? {
        // A scheme that no longer compiles says so where it is used; names can wait.
        let Ok(plan) = scheme::plan(&published) else {
            continue;
        };
        titles.extend(plan.scheme().items.iter().map(|item| MeasureTitle {
            measure: brought::measure_of(&item.code),
            chinese: item.title.zh.clone(),
            english: item.title.en.clone(),
            unit: item.unit.0.clone(),
        }));
    }
    Ok(titles)
}
