//! The demonstration as `xingcun demo` makes it, opened in process, and what tests add to it.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use access::{AccountId, Authentication, Role, account};
use app::dispute::FileDispute;
use app::{Caller, Command, Envelope, Refusal, Via};
use kernel::{CommandId, Id, PersonId, PlaceId, Tenant};
use registry::accounts::MakeAccount;
use registry::grants::{ApproveGrant, GrantChanged, ProposeGrant};
use registry::grids::AddGrid;
use registry::person_add::AddPerson;
use registry::place_merge::MergePlaces;
use store::Database;
use store::testing::TestStore;
use xingcun::console::Console;
use xingcun::demo::{self, Demonstration, Extent};

/// The demonstration's only tenant.
pub const TENANT: Tenant = demo::TENANT;

/// A demonstration in a folder that goes away with this value.
pub struct Demonstrated {
    pub open: Demonstration,
    folder: PathBuf,
    _database: Option<TestStore>,
}

impl Drop for Demonstrated {
    fn drop(&mut self) {
        self.open.app.store().close();
        // What stays behind is in the temporary folder.
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

impl Demonstrated {
    /// On `SQLite`.
    pub fn on_sqlite() -> Demonstrated {
        Demonstrated::make(None, Extent::Town)
    }

    /// On each database: always `SQLite`, and PostgreSQL where there is one.
    pub fn on_each() -> impl Iterator<Item = Demonstrated> {
        let postgres = store::testing::postgres(&[]).map(|database| {
            database.store.close();
            Some(database)
        });
        std::iter::once(None)
            .chain(postgres)
            .map(|database| Demonstrated::make(database, Extent::Town))
    }

    /// On a database, `SQLite` for none, in an extent.
    pub fn make(database: Option<TestStore>, extent: Extent) -> Demonstrated {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("xingcun-house-{}-{count}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        let _ = std::fs::remove_dir_all(&folder);
        let address = database
            .as_ref()
            .map(|database| match &database.config.database {
                Database::Postgres(url) => url.clone(),
                Database::Sqlite(_) => unreachable!("PostgreSQL was asked for"),
            });
        let console = Console::new(Some("en"));
        demo::prepare(&folder, address.as_deref(), extent, console.locale()).unwrap();
        let open = demo::open(&folder).unwrap();
        Demonstrated {
            open,
            folder,
            _database: database,
        }
    }

    /// Carries out a command of an account that has just given its password.
    #[track_caller]
    pub fn act<C: Command>(&self, account: AccountId, command: &C) -> C::Answer {
        self.tried(account, command)
            .unwrap_or_else(|refusal| panic!("{}: {refusal}", C::NAME))
    }

    /// [`Demonstrated::act`] where it may be refused.
    pub fn tried<C: Command>(&self, account: AccountId, command: &C) -> Result<C::Answer, Refusal> {
        let app = &self.open.app;
        let mut random = [0; 10];
        random.copy_from_slice(&app.entropy().draw()[..10]);
        let id = CommandId(Id::new(app.clock().now().0, random));
        let authentication = Authentication::Fresh;
        let caller = Caller::Account {
            account,
            authentication,
            on_behalf_of: None,
        };
        let done = app.execute_wait(TENANT, caller, Via::Job, Envelope::of(id, command))?;
        Ok(serde_json::from_value(done.answer).unwrap())
    }

    pub fn account(&self, sign_in_name: &'static str) -> AccountId {
        self.person_of(sign_in_name).0
    }

    /// Account and person of a sign-in name.
    pub fn person_of(&self, sign_in_name: &'static str) -> (AccountId, PersonId) {
        let store = self.open.app.store();
        let read = store.read(move |c| account::by_sign_in_name(c, TENANT, sign_in_name));
        let found = read
            .wait()
            .unwrap()
            .unwrap_or_else(|| panic!("{sign_in_name} has no account"));
        (found.account, found.person)
    }

    /// A new person with an account and a role, by proposal and approval.
    pub fn engage(&self, sign_in_name: &str, role: Role, place: Option<PlaceId>) -> Engaged {
        let security = self.account("security-admin");
        let made = self.act(
            security,
            &MakeAccount {
                person: None,
                name: Some(sign_in_name.to_owned()),
                namesake: false,
                sign_in_name: sign_in_name.to_owned(),
            },
        );
        let person = made.person;
        let proposal = ProposeGrant {
            person,
            role,
            place,
            valid_from: None,
            valid_until: None,
        };
        let GrantChanged { grant } = self.act(security, &proposal);
        self.act(self.account("system-admin"), &ApproveGrant { grant });
        Engaged {
            account: made.account,
            grant: grant.to_string(),
        }
    }

    pub fn place(&self, code: &str) -> PlaceId {
        let code = code.parse().unwrap();
        let store = self.open.app.store();
        let read = store.read(move |c| directory::place::by_code(c, TENANT, code));
        read.wait().unwrap().expect("the roster has it").place
    }

    /// What the story of the demonstration does not need, so that no derived table is empty.
    pub fn add_appointment_dispute_and_merger(&self) {
        let place = self.place("379901100201");
        let (name, post) = ("任职人".to_owned(), "secretary".to_owned());
        let add = AddPerson {
            name,
            place,
            post,
            valid_from: None,
        };
        self.act(self.account("li.jing"), &add);
        let dispute = FileDispute {
            measure: "figure.households".to_owned(),
            subject: place,
            period: "2026-Q3".to_owned(),
            claim: None,
            reason: "与户籍登记不符。".to_owned(),
            evidence: None,
        };
        self.act(self.account("village01"), &dispute);
        // Two grids of a village become one.
        let [first, second] = ["第一网格", "第二网格"].map(|name| {
            let add = AddGrid {
                parent: place,
                name: name.to_owned(),
                day: "2026-07-01".parse().ok(),
            };
            self.act(self.account("li.jing"), &add).place
        });
        let merge = MergePlaces {
            sources: vec![first],
            into: Some(second),
            name: String::new(),
            alias: None,
            code: None,
            parent: None,
            day: None,
            reason: "网格优化".to_owned(),
            document: "试验文件".to_owned(),
            fates: Vec::new(),
        };
        self.act(self.account("li.jing"), &merge);
    }

    pub fn upload(&self, content: &[u8]) -> String {
        let app = &self.open.app;
        let mut content = content;
        let (hash, _) = app
            .files()
            .put(&mut content, 32 << 20, app.entropy().draw())
            .unwrap();
        hash.to_string()
    }

    /// A file that an account brought.
    pub fn upload_by(&self, account: AccountId, content: &[u8]) -> String {
        let file = self.upload(content);
        self.brought(account, &file, content.len());
        file
    }

    /// Keeps that an account brought a file.
    pub fn brought(&self, account: AccountId, file: &str, size: usize) {
        let upload = app::upload::Upload {
            size_bytes: i64::try_from(size).unwrap(),
            media_type: "text/csv".to_owned(),
        };
        let brought = vec![(file.parse().unwrap(), upload)];
        let kept = self.open.app.keep_uploads(TENANT, account, brought);
        kept.wait().unwrap();
    }
}

/// Somebody whom a test brought in.
#[derive(Clone)]
pub struct Engaged {
    pub account: AccountId,
    pub grant: String,
}
