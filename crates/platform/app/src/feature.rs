//! A feature: what one capability brings to the house, as data.

use kernel::Tenant;
use store::{Connection, Rebuild, Schema, Statement};

use crate::{
    CommandSpec, DeclaredMeasures, Effect, Guard, Handler, JobSpec, MeasureProvider, Panel,
    RefSpec, Refusal, WorkSource,
};

/// Statements, commands and the pieces that meet other features in the six places. Pages are a
/// separate item (`web::Route`) that the executable joins.
#[derive(Default)]
pub struct Feature {
    /// The feature's name: its crate's.
    pub name: &'static str,
    /// Its tables and migrations.
    pub schemas: Vec<Schema>,
    /// Every statement it may execute.
    pub statements: Vec<&'static [&'static Statement]>,
    /// One statement for each table that names stored files: a row where tenant `$1` has the file
    /// of hash `$2` in it. What none of them finds is swept away after a day.
    pub files: Vec<&'static Statement>,
    /// Its commands.
    pub commands: Vec<CommandSpec>,
    /// Measures that it provides.
    pub measures: Vec<MeasureProvider>,
    /// Names that it knows of measures, its own or others'.
    pub declared_measures: Vec<DeclaredMeasures>,
    /// Events that it reacts to.
    pub handlers: Vec<Handler>,
    /// References that it resolves.
    pub refs: Vec<RefSpec>,
    /// Its pieces of shared pages.
    pub panels: Vec<Panel>,
    /// What waits in it for a decision by a day.
    pub work: Vec<WorkSource>,
    /// What it has to say against acts of others.
    pub guards: Vec<Guard>,
    /// Effects that packs may name.
    pub effects: Vec<Effect>,
    /// Kinds of job that it runs.
    pub jobs: Vec<JobSpec>,
    /// Jobs that run once a day, by kind; they carry no figures.
    pub daily: Vec<&'static str>,
    /// How its derived tables are built from the record.
    pub rebuilds: Vec<Rebuild>,
    /// What of its record can be computed again.
    pub recounts: Vec<Recount>,
}

/// Something computed that the record keeps for ever, and that is computed again to be compared:
/// a rebuild reports a difference and changes nothing of it.
#[derive(Clone, Copy, Debug)]
pub struct Recount {
    /// The record table that keeps it.
    pub table: &'static str,
    /// Computes all of it again for one tenant.
    pub run: fn(&mut dyn Connection, Tenant) -> Result<Recounted, Refusal>,
}

/// What a recount found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recounted {
    /// How many were compared.
    pub compared: u64,
    /// What is not what comes out now, by names that people know.
    pub differing: Vec<String>,
}
