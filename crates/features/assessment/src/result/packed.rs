//! One subject's inputs and results in one blob: a row per subject when a round freezes.
//!
//! Format 1: the byte 1; the number of inputs, each a number or none; the number of nodes, each a
//! mark with what is known of it; the number of gates, each failed or not; whether the subject is
//! listed without rank. A number is its length and its text, so that it is exact and the same on
//! every machine; length 0 is none. Counts are four bytes, big end first.

use kernel::Decimal;
use score::{Cell, Columns, Plan, Results};

/// A subject's inputs and results.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packed {
    /// One per input of the plan.
    pub inputs: Vec<Option<Decimal>>,
    /// One per node of the scheme.
    pub nodes: Vec<Cell>,
    /// One per gate of the scheme: whether it failed.
    pub gates: Vec<bool>,
    /// Whether the subject is listed without rank by the scheme's own rule.
    pub excluded: bool,
}

/// What is wrong with bytes that should be a packed row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotPacked;

const FORMAT: u8 = 1;
const MARK: u8 = 0;
const MISSING: u8 = 1;
const HELD: u8 = 2;

impl Packed {
    /// A subject's part of an evaluation.
    pub fn of(plan: &Plan, columns: &Columns, results: &Results, subject: usize) -> Packed {
        let scheme = plan.scheme();
        let inputs = 0..plan.inputs().len();
        let (nodes, gates) = (0..scheme.nodes.len(), 0..scheme.gates.len());
        Packed {
            inputs: inputs
                .map(|input| columns.input(input).get(subject))
                .collect(),
            nodes: nodes.map(|node| results.cell(node, subject)).collect(),
            gates: gates
                .map(|gate| results.fails_gate(gate, subject))
                .collect(),
            excluded: results.is_excluded(subject),
        }
    }

    /// The bytes.
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = vec![FORMAT];
        bytes.extend(self.encode_inputs());
        bytes.extend(self.encode_results());
        bytes
    }

    /// What went in, for its digest.
    pub fn encode_inputs(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        put_count(&mut bytes, self.inputs.len());
        for input in &self.inputs {
            put_number(&mut bytes, *input);
        }
        bytes
    }

    /// What came out, for its digest.
    pub fn encode_results(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        put_count(&mut bytes, self.nodes.len());
        for node in &self.nodes {
            let (kind, counted) = match node {
                Cell::Mark(mark) => (MARK, Some(*mark)),
                Cell::Missing {
                    counted,
                    held: false,
                } => (MISSING, *counted),
                Cell::Missing {
                    counted,
                    held: true,
                } => (HELD, *counted),
            };
            bytes.push(kind);
            put_number(&mut bytes, counted);
        }
        put_count(&mut bytes, self.gates.len());
        bytes.extend(self.gates.iter().map(|failed| u8::from(*failed)));
        bytes.push(u8::from(self.excluded));
        bytes
    }

    /// Reads the bytes.
    pub fn decode(bytes: &[u8]) -> Result<Packed, NotPacked> {
        let mut rest = Rest(bytes);
        if rest.byte()? != FORMAT {
            return Err(NotPacked);
        }
        let inputs = rest.many(Rest::number)?;
        let nodes = rest.many(|rest| match (rest.byte()?, rest.number()?) {
            (MARK, Some(mark)) => Ok(Cell::Mark(mark)),
            (MISSING, counted) => Ok(Cell::Missing {
                counted,
                held: false,
            }),
            (HELD, counted) => Ok(Cell::Missing {
                counted,
                held: true,
            }),
            _ => Err(NotPacked),
        })?;
        let gates = rest.many(Rest::flag)?;
        let excluded = rest.flag()?;
        if !rest.0.is_empty() {
            return Err(NotPacked);
        }
        Ok(Packed {
            inputs,
            nodes,
            gates,
            excluded,
        })
    }
}

fn put_count(bytes: &mut Vec<u8>, count: usize) {
    let count = u32::try_from(count).expect("a scheme has far fewer than 2^32 nodes");
    bytes.extend(count.to_be_bytes());
}

fn put_number(bytes: &mut Vec<u8>, number: Option<Decimal>) {
    let text = number.map(|number| number.to_string()).unwrap_or_default();
    bytes.push(u8::try_from(text.len()).expect("38 digits, a sign, a point and 60 places at most"));
    bytes.extend(text.as_bytes());
}

struct Rest<'b>(&'b [u8]);

impl Rest<'_> {
    fn byte(&mut self) -> Result<u8, NotPacked> {
        let (first, rest) = self.0.split_first().ok_or(NotPacked)?;
        self.0 = rest;
        Ok(*first)
    }

    fn flag(&mut self) -> Result<bool, NotPacked> {
        match self.byte()? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(NotPacked),
        }
    }

    fn number(&mut self) -> Result<Option<Decimal>, NotPacked> {
        let length = usize::from(self.byte()?);
        let (text, rest) = self.0.split_at_checked(length).ok_or(NotPacked)?;
        self.0 = rest;
        if text.is_empty() {
            return Ok(None);
        }
        let text = std::str::from_utf8(text).map_err(|_| NotPacked)?;
        text.parse().map(Some).map_err(|_| NotPacked)
    }

    fn many<T>(
        &mut self,
        mut one: impl FnMut(&mut Self) -> Result<T, NotPacked>,
    ) -> Result<Vec<T>, NotPacked> {
        let (count, rest) = self.0.split_at_checked(4).ok_or(NotPacked)?;
        self.0 = rest;
        let count = u32::from_be_bytes(count.try_into().map_err(|_| NotPacked)?) as usize;
        // No room is set aside before the bytes are seen: the count may be a lie.
        let mut found = Vec::new();
        for _ in 0..count {
            found.push(one(self)?);
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn number() -> impl Strategy<Value = Option<Decimal>> {
        proptest::option::of((any::<i64>(), 0_u8..30).prop_map(|(c, s)| Decimal::new(c.into(), s)))
    }

    fn cell() -> impl Strategy<Value = Cell> {
        let missing = |(counted, held)| Cell::Missing { counted, held };
        let mark = number().prop_map(|mark| Cell::Mark(mark.unwrap_or(Decimal::ZERO)));
        prop_oneof![mark, (number(), any::<bool>()).prop_map(missing)]
    }

    proptest! {
        #[test]
        fn reads_back_and_refuses_every_cut(
            inputs in proptest::collection::vec(number(), 0..5),
            nodes in proptest::collection::vec(cell(), 0..5),
            gates in proptest::collection::vec(any::<bool>(), 0..5),
            excluded in any::<bool>(),
        ) {
            let packed = Packed { inputs, nodes, gates, excluded };
            let bytes = packed.encode();
            prop_assert_eq!(Packed::decode(&bytes), Ok(packed));
            for cut in 0..bytes.len() {
                prop_assert_eq!(Packed::decode(&bytes[..cut]), Err(NotPacked));
            }
        }
    }
}
