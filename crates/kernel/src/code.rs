//! Codes that the state gives: division codes, resident ID numbers, credit codes.

pub mod credit;
pub mod division;
pub mod resident;

pub use credit::CreditCode;
pub use division::{DivisionCode, DivisionLevel, TownKind, VillageKind};
pub use resident::ResidentId;
