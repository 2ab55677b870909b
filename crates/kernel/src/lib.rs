//! Words that everything in Xingcun shares. No I/O, no clock, no randomness.
//!
//! Numbers are exact: money is integer [`Fen`], resident [`Points`] are positive integers, everything
//! else is a [`Decimal`], marks (分值, 得分) among them: a decimal *is* a scaled integer, a mark may be
//! negative or exceed its maximum, and its number of places is the scheme's, so a type of its own
//! would add no rule. Days and terms follow the Chinese calendar at the fixed zone +08:00.

pub mod calendar;
pub mod code;
pub mod decimal;
pub mod finding;
pub mod id;
mod long;
pub mod math;
pub mod money;
pub mod period;
pub mod points;
mod rounding;
pub mod tenant;
pub mod time;
mod unit;
mod wide;

pub use calendar::{CalendarData, Term, TermLength, WorkCalendar};
pub use code::{CreditCode, DivisionCode, DivisionLevel, ResidentId};
pub use decimal::{Decimal, NotADecimal, NumberError, Rounding, div_rounded};
pub use finding::{Finding, FindingArg, FindingPlace, Severity};
pub use id::{CommandId, FileId, Id, OrganisationId, PersonId, PlaceId};
pub use money::Fen;
pub use period::{Period, PeriodKind};
pub use points::{Points, Reversal};
pub use tenant::Tenant;
pub use time::{Day, Instant};
pub use unit::Unit;
