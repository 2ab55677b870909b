//! Meeting place 1: measures. A figure of one feature, read by another with its whole origin.

use access::Action;
use kernel::{Decimal, Instant, Period, PlaceId, Tenant, Unit};
use store::{Connection, StoreError};

use crate::Ref;

/// What is asked: one measure of many subjects in one period, as it was known at an instant.
#[derive(Clone, Debug)]
pub struct MeasureQuestion<'a> {
    /// The tenant.
    pub tenant: Tenant,
    /// The measure without its provider's prefix.
    pub measure: &'a str,
    /// The subjects; answers come in the same order.
    pub subjects: &'a [PlaceId],
    /// The period.
    pub period: Period,
    /// What was recorded later than this does not count.
    pub as_of: Instant,
}

/// The value of a measure, or why there is none. Missing is never 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MeasureValue {
    /// The value.
    Value(Decimal),
    /// No value, with the code of the reason.
    Missing(String),
}

/// A measure's value with its origin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Measured {
    /// The value or why it is missing.
    pub value: MeasureValue,
    /// Numerator and denominator, where the measure is a ratio.
    pub parts: Option<(Decimal, Decimal)>,
    /// Unit as the owner names it.
    pub unit: String,
    /// Whether the owner may still change it without a correction.
    pub provisional: bool,
    /// Where it comes from, in the owner's words: "books".
    pub source: String,
    /// When it was recorded.
    pub recorded_at: Option<Instant>,
    /// The record behind it.
    pub reference: Option<Ref>,
    /// Digest of the record behind it, so that a later change shows.
    pub digest: Option<[u8; 32]>,
}

impl Measured {
    /// An answer without a value.
    pub fn missing(reason: &str) -> Measured {
        Measured {
            value: MeasureValue::Missing(reason.to_owned()),
            parts: None,
            unit: String::new(),
            provisional: true,
            source: String::new(),
            recorded_at: None,
            reference: None,
            digest: None,
        }
    }
}

/// A feature's measures, all under one prefix: `figure` provides `figure.collective_income`.
#[derive(Clone, Copy)]
pub struct MeasureProvider {
    /// The prefix, without the dot.
    pub prefix: &'static str,
    /// Fluent key of the text that says what these measures are.
    pub definition: &'static str,
    /// Who answers a dispute about them.
    pub owner: Action,
    /// Reads a measure for many subjects.
    pub read: fn(&mut dyn Connection, &MeasureQuestion<'_>) -> Result<Vec<Measured>, StoreError>,
}

/// What is declared of a measure: what people call it, its unit, and which values are believed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeclaredMeasure {
    /// The measure with its provider's prefix: `figure.collective_income`.
    pub measure: String,
    /// Chinese name.
    pub chinese: String,
    /// English name.
    pub english: String,
    /// The unit of its values.
    pub unit: Unit,
    /// Places after the point that a value may have; `None` for any number of places.
    pub scale: Option<u8>,
    /// Least value that is believed.
    pub minimum: Option<Decimal>,
    /// Largest value that is believed.
    pub maximum: Option<Decimal>,
    /// Whether it is in use; what only a pack offers is known, but not in use yet.
    pub in_use: bool,
}

/// The measures that a feature knows, whoever provides their values: a scheme declares the items
/// that it takes from the record, and the schemes of the installation's packs may be published any
/// day. The newest first; of several for one measure the first counts.
pub type DeclaredMeasures =
    fn(&packs::Library, &mut dyn Connection, Tenant) -> Result<Vec<DeclaredMeasure>, StoreError>;

/// The event that a provider emits when values changed: refreshes drafts; frozen cells change only
/// by a correction. Body: `{"measure": "figure.x", "period": "2026-Q3", "subjects": ["…"]}`.
pub const MEASURE_CHANGED: &str = "measure.changed";
