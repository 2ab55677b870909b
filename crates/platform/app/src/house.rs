//! The program in one value: its store, its features, its clocks and keys.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Condvar, Mutex},
};

use access::{Authentication, Profile, Subject};
use kernel::{Finding, Instant, Tenant};
use store::{Connection, Store, StoreError};

use crate::{
    Clock, CommandSpec, DeclaredMeasure, Effect, Entropy, Feature, FileStore, GuardQuestion,
    Handler, JobSpec, MeasureProvider, Panel, PanelSlot, RefSpec, WorkSource, keys::Keys,
};

/// The program. Cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Inner>);

struct Inner {
    store: Store,
    clock: Arc<dyn Clock>,
    session_clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    keys: Keys,
    profile: Profile,
    files: FileStore,
    packs: Arc<packs::Library>,
    features: Vec<Feature>,
    commands: HashMap<&'static str, CommandSpec>,
    work: Mutex<u64>,
    work_came: Condvar,
}

/// What the program is made of.
pub struct Parts {
    /// The open database, migrated for these features ([`crate::schemas`]).
    pub store: Store,
    /// The business clock.
    pub clock: Arc<dyn Clock>,
    /// The clock of sessions and locks: always the machine's, except in tests.
    pub session_clock: Arc<dyn Clock>,
    /// Randomness.
    pub entropy: Arc<dyn Entropy>,
    /// Keys of this folder.
    pub keys: Keys,
    /// The rules of sign-in.
    pub profile: Profile,
    /// Evidence and workbooks.
    pub files: FileStore,
    /// The packs that this installation has: the shipped ones and the county's own.
    pub packs: Arc<packs::Library>,
    /// The features, in the order in which their handlers run.
    pub features: Vec<Feature>,
}

/// Two features that claim the same thing: a defect found at the start.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("two features register the {what} {name}")]
pub struct Claimed {
    /// What both register.
    pub what: &'static str,
    /// Its name.
    pub name: String,
}

impl App {
    /// Joins the parts. Features must not register the same command, job, effect, reference kind
    /// or measure prefix twice.
    pub fn new(parts: Parts) -> Result<App, Claimed> {
        let features = &parts.features;
        unique(
            "job",
            features
                .iter()
                .flat_map(|f| f.jobs.iter().map(|job| job.kind)),
        )?;
        unique(
            "effect",
            features
                .iter()
                .flat_map(|f| f.effects.iter().map(|e| e.name)),
        )?;
        unique(
            "reference",
            features.iter().flat_map(|f| f.refs.iter().map(|r| r.kind)),
        )?;
        unique(
            "measure",
            features
                .iter()
                .flat_map(|f| f.measures.iter().map(|m| m.prefix)),
        )?;
        unique(
            "command",
            features
                .iter()
                .flat_map(|f| f.commands.iter().map(|c| c.name)),
        )?;
        let commands = features
            .iter()
            .flat_map(|f| &f.commands)
            .map(|c| (c.name, *c))
            .collect();
        Ok(App(Arc::new(Inner {
            store: parts.store,
            clock: parts.clock,
            session_clock: parts.session_clock,
            entropy: parts.entropy,
            keys: parts.keys,
            profile: parts.profile,
            files: parts.files,
            packs: parts.packs,
            features: parts.features,
            commands,
            work: Mutex::new(0),
            work_came: Condvar::new(),
        })))
    }

    /// The database.
    pub fn store(&self) -> &Store {
        &self.0.store
    }

    /// The business clock.
    pub fn clock(&self) -> &dyn Clock {
        &*self.0.clock
    }

    /// The clock of sessions and locks.
    pub fn session_clock(&self) -> &dyn Clock {
        &*self.0.session_clock
    }

    /// Randomness.
    pub fn entropy(&self) -> &dyn Entropy {
        &*self.0.entropy
    }

    /// Keys of this folder.
    pub fn keys(&self) -> &Keys {
        &self.0.keys
    }

    /// The vault under this folder's key, not yet unlocked for a tenant.
    pub fn vault(&self) -> vault::Vault {
        vault::Vault::new(self.0.keys.vault())
    }

    /// The rules of sign-in.
    pub fn profile(&self) -> &Profile {
        &self.0.profile
    }

    /// Evidence and workbooks.
    pub fn files(&self) -> &FileStore {
        &self.0.files
    }

    /// The packs that this installation has.
    pub fn packs(&self) -> &packs::Library {
        &self.0.packs
    }

    /// The features, in the order of their registration.
    pub fn features(&self) -> &[Feature] {
        &self.0.features
    }

    /// A command by its name.
    pub fn command(&self, name: &str) -> Option<&CommandSpec> {
        self.0.commands.get(name)
    }

    /// Every command, by name.
    pub fn commands(&self) -> Vec<&CommandSpec> {
        let mut commands: Vec<_> = self.0.commands.values().collect();
        commands.sort_unstable_by_key(|command| command.name);
        commands
    }

    /// Reactions to one kind of event, in the order of registration.
    pub fn handlers(&self, event: &str) -> impl Iterator<Item = &Handler> {
        self.features()
            .iter()
            .flat_map(|f| &f.handlers)
            .filter(move |h| h.on == event)
    }

    /// Statements that find the rows which name a stored file.
    pub(crate) fn file_statements(&self) -> impl Iterator<Item = &'static store::Statement> {
        self.0
            .features
            .iter()
            .flat_map(|feature| feature.files.iter().copied())
    }

    /// What all features have against an act; nothing is decided for a page that asks.
    pub fn objections(
        &self,
        connection: &mut dyn Connection,
        tenant: Tenant,
        question: &GuardQuestion,
    ) -> Result<Vec<Finding>, StoreError> {
        let guards = self.features().iter().flat_map(|f| &f.guards);
        let mut found = Vec::new();
        for guard in guards.filter(|guard| guard.on == question.action) {
            found.extend((guard.objections)(connection, tenant, question)?);
        }
        Ok(found)
    }

    /// Pieces of a shared page.
    pub fn panels(&self, slot: PanelSlot) -> impl Iterator<Item = &Panel> {
        self.features()
            .iter()
            .flat_map(|f| &f.panels)
            .filter(move |p| p.slot == slot)
    }

    /// What waits for a decision, of one kind, in whatever features hold it.
    pub fn work(&self, kind: &str) -> impl Iterator<Item = &WorkSource> {
        self.features()
            .iter()
            .flat_map(|f| &f.work)
            .filter(move |source| source.kind == kind)
    }

    /// An effect by the name that packs use.
    pub fn effect(&self, name: &str) -> Option<&Effect> {
        self.features()
            .iter()
            .flat_map(|f| &f.effects)
            .find(|effect| effect.name == name)
    }

    /// The resolver of one kind of reference.
    pub fn ref_spec(&self, kind: &str) -> Option<&RefSpec> {
        self.features()
            .iter()
            .flat_map(|f| &f.refs)
            .find(|spec| spec.kind == kind)
    }

    /// The provider of a measure and the measure's name within it: `figure.population` is the
    /// measure `population` of the provider `figure`.
    pub fn measure<'m>(&self, measure: &'m str) -> Option<(&MeasureProvider, &'m str)> {
        let (prefix, name) = measure.split_once('.')?;
        let mut providers = self.features().iter().flat_map(|f| &f.measures);
        providers
            .find(|provider| provider.prefix == prefix)
            .map(|provider| (provider, name))
    }

    /// What is declared of the measures, by the measure with its prefix.
    pub fn declared_measures(
        &self,
        connection: &mut dyn Connection,
        tenant: Tenant,
    ) -> Result<BTreeMap<String, DeclaredMeasure>, StoreError> {
        let mut measures = BTreeMap::new();
        for known in self.features().iter().flat_map(|f| &f.declared_measures) {
            for declared in known(self.packs(), connection, tenant)? {
                let measure = declared.measure.clone();
                measures.entry(measure).or_insert(declared);
            }
        }
        Ok(measures)
    }

    /// A kind of job.
    pub fn job(&self, kind: &str) -> Option<&JobSpec> {
        self.features()
            .iter()
            .flat_map(|f| &f.jobs)
            .find(|job| job.kind == kind)
    }

    /// The account's person with the grants in force; `None` for a disabled or unknown account.
    pub fn subject(
        &self,
        connection: &mut dyn Connection,
        tenant: Tenant,
        account: access::AccountId,
        authentication: Authentication,
        now: Instant,
    ) -> Result<Option<Subject>, StoreError> {
        access::load_subject(connection, tenant, account, authentication, now)
    }

    /// Tells the sealer and the job runner that there may be work.
    pub(crate) fn wake_workers(&self) {
        let mut work = self
            .0
            .work
            .lock()
            .expect("nothing panics while it holds this lock");
        *work += 1;
        self.0.work_came.notify_all();
    }

    /// Waits for work, at most `longest`; `seen` is the count returned last, 0 at first.
    pub(crate) fn wait_for_work(&self, seen: u64, longest: std::time::Duration) -> u64 {
        let work = self
            .0
            .work
            .lock()
            .expect("nothing panics while it holds this lock");
        let (work, _) = self
            .0
            .work_came
            .wait_timeout_while(work, longest, |work| *work == seen)
            .expect("nothing panics while it holds this lock");
        *work
    }
}

fn unique<'n>(what: &'static str, names: impl Iterator<Item = &'n str>) -> Result<(), Claimed> {
    let mut seen = std::collections::HashSet::new();
    for name in names {
        if !seen.insert(name) {
            return Err(Claimed {
                what,
                name: name.to_owned(),
            });
        }
    }
    Ok(())
}
