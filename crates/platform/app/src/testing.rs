//! The whole program in process: fresh database, a clock that the test moves, seeded randomness.

use std::{path::PathBuf, sync::Arc};

use kernel::{CommandId, Id, Instant, Tenant};
use store::testing::TestStore;

use crate::{
    App, Caller, Clock, Command, Entropy, Envelope, Feature, FileStore, Keys, ManualClock, Parts,
    Refusal, SeededEntropy, Via, core_feature,
};

/// A program with one tenant, on a database that goes away with this value.
pub struct TestApp {
    /// The program.
    pub app: App,
    /// Its tenant.
    pub tenant: Tenant,
    /// Business and session clock in one; stands at 2026-10-01 09:00 at first.
    pub clock: Arc<ManualClock>,
    /// The database.
    pub database: TestStore,
    folder: PathBuf,
}

/// 2026-10-01 09:00 in China.
pub const START: Instant = Instant(1_790_816_400_000);

impl Drop for TestApp {
    fn drop(&mut self) {
        // What stays behind is in the temporary folder.
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// Runs a test with the given features beside the house's own: always on SQLite, and on
/// PostgreSQL where `XINGCUN_TEST_POSTGRES` names a server.
pub fn each(features: fn() -> Vec<Feature>, test: impl Fn(&TestApp)) {
    each_with_packs(features, packs::Library::shipped, test);
}

/// [`each`] in an installation with these packs.
pub fn each_with_packs(
    features: fn() -> Vec<Feature>,
    library: fn() -> packs::Library,
    test: impl Fn(&TestApp),
) {
    let all = || {
        std::iter::once(core_feature())
            .chain(features())
            .collect::<Vec<_>>()
    };
    let schemas: Vec<_> = all()
        .iter()
        .flat_map(|feature| feature.schemas.clone())
        .collect();
    for database in store::testing::each(&schemas) {
        test(&TestApp::new(database, all(), library()));
    }
}

/// Carries out a command and undoes it: what would come of it.
pub fn rehearse(
    app: &App,
    tenant: Tenant,
    caller: Caller,
    envelope: Envelope,
) -> Result<(), Refusal> {
    app.rehearse(tenant, caller, envelope)
}

impl TestApp {
    fn new(database: TestStore, features: Vec<Feature>, library: packs::Library) -> TestApp {
        let clock = Arc::new(ManualClock::at(START));
        let entropy = SeededEntropy::new([1; 32]);
        let unique = crate::FileHash(crate::SystemEntropy.draw()).to_string();
        let folder = std::env::temp_dir().join(format!("xingcun-test-{unique}"));
        let files = FileStore::open(&folder).expect("the temporary folder can be written");
        let app = App::new(Parts {
            store: database.store.clone(),
            clock: Arc::clone(&clock) as Arc<dyn Clock>,
            session_clock: Arc::clone(&clock) as Arc<dyn Clock>,
            entropy: Arc::new(entropy),
            keys: Keys::from_root([2; 32]),
            profile: access::Profile::MODERN,
            files,
            packs: Arc::new(library),
            features,
        })
        .expect("features claim different names");
        let tenant = app
            .make_first_tenant("云岭县", crate::Establisher::Test)
            .expect("a fresh database takes a tenant");
        TestApp {
            app,
            tenant,
            clock,
            database,
            folder,
        }
    }

    /// A fresh id of a command.
    pub fn command_id(&self) -> CommandId {
        let mut random = [0; 10];
        random.copy_from_slice(&self.app.entropy().draw()[..10]);
        CommandId(Id::new(self.clock.now().0, random))
    }

    /// Carries out a command as a rule of the product.
    pub fn by_rule<C: Command>(&self, command: &C) -> Result<C::Answer, Refusal> {
        self.run(
            Caller::Rule("test"),
            Via::Job,
            Envelope::of(self.command_id(), command),
        )
    }

    /// Carries out a command as an account that has just given its password.
    pub fn by<C: Command>(
        &self,
        account: access::AccountId,
        command: &C,
    ) -> Result<C::Answer, Refusal> {
        let caller = Caller::Account {
            account,
            authentication: access::Authentication::Fresh,
            on_behalf_of: None,
        };
        self.run(
            caller,
            Via::Browser,
            Envelope::of(self.command_id(), command),
        )
    }

    /// Carries out an envelope and reads its answer.
    pub fn run<A: serde::de::DeserializeOwned>(
        &self,
        caller: Caller,
        via: Via,
        envelope: Envelope,
    ) -> Result<A, Refusal> {
        let done = self.app.execute_wait(self.tenant, caller, via, envelope)?;
        Ok(serde_json::from_value(done.answer).expect("an answer reads back"))
    }
}
