//! The rules, each written once for computing and explaining.

mod checklist;
mod events;
mod formula;
mod goalpost;
mod growth;
mod interpolation;
mod ratio;
mod roll_up;
mod round_composite;
mod stepped_add;
mod tier_table;

use kernel::NumberError;

pub(crate) use checklist::checklist;
pub(crate) use events::{deduction, event_list};
pub(crate) use formula::formula;
pub(crate) use goalpost::goalpost;
pub(crate) use growth::growth;
pub(crate) use interpolation::interpolation;
pub(crate) use ratio::ratio;
pub(crate) use roll_up::{Child, roll_up};
pub(crate) use round_composite::round_composite;
pub(crate) use stepped_add::stepped_add;
pub(crate) use tier_table::tier_table;

use crate::calculate::{Calculator, Operation};
use crate::scheme::NodeRounding;

/// Why a rule gives nothing although its values are there.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Trouble {
    /// The scheme refuses such a value; the code of the finding.
    Refused(&'static str),
    /// A formula's own finding.
    Formula(Box<kernel::Finding>),
}

impl From<NumberError> for Trouble {
    fn from(error: NumberError) -> Trouble {
        Trouble::Refused(error.code())
    }
}

/// A mark before rounding, nothing (the missing policy applies), or trouble (an error is reported,
/// and then the missing policy applies).
pub(crate) type Outcome<N> = Result<Option<N>, Trouble>;

/// Rounds where the scheme says so.
pub(crate) fn round<C: Calculator>(
    calculator: &mut C,
    name: &'static str,
    rounding: NodeRounding,
    number: C::Number,
) -> Result<C::Number, NumberError> {
    match rounding {
        NodeRounding::Exact => Ok(number),
        NodeRounding::Places { places, mode } => {
            calculator.operate(name, Operation::Round { places, mode }, &[number])
        }
    }
}
