//! A small invented county: a town with two villages, the three administrators, and people who
//! come in as they do in life, by account, proposal and approval.

use access::{AccountId, Authentication, Role};
use app::{
    Caller, Command, DeclaredMeasure, Envelope, Feature, Refusal, RefusalKind, Via,
    testing::{TestApp, each},
};
use directory::place::Place;
use kernel::{Decimal, PersonId, PlaceId, Unit};
use registry::{
    accounts::MakeAccount,
    grants::{ApproveGrant, ProposeGrant},
    place_import::{ImportPlaces, PlacesImported},
    setup::{Administrators, SetUpAdministrators},
};
use store::{StoreError, values};

/// The county's roster.
pub const ROSTER: &str = "code,name,level,parent_code\n\
    379901000000,云岭县,county,\n\
    379901100000,清河镇,town,379901000000\n\
    379901100201,柳湾村民委员会,village,379901100000\n\
    379901100202,福塘村民委员会,village,379901100000\n\
    379901101000,长桥镇,town,379901000000\n\
    379901101201,红庄村民委员会,village,379901101000\n";

/// Codes of the places of [`ROSTER`].
pub const COUNTY: &str = "379901000000";
pub const TOWN: &str = "379901100000";
pub const VILLAGE: &str = "379901100201";
pub const NEIGHBOUR: &str = "379901100202";
pub const OTHER_TOWN: &str = "379901101000";
pub const FAR_VILLAGE: &str = "379901101201";

/// Another county, with its town and its village.
pub const BEYOND_COUNTY: &str = "379902000000";
pub const BEYOND_TOWN: &str = "379902100000";
pub const BEYOND_VILLAGE: &str = "379902100201";

store::statements! {
    /// Rows of the log of refused attempts, newest last.
    SELECT_DENIALS = "SELECT name, action, reason FROM denial WHERE tenant = $1 ORDER BY at, command";
    COUNT_LEAVES = "SELECT count(*) FROM journal_leaf WHERE tenant = $1";
    COUNT_PLACES = "SELECT count(*) FROM place_version WHERE tenant = $1";
    COUNT_FIGURES = "SELECT count(*) FROM figure WHERE tenant = $1";
}

/// A person of the tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Somebody {
    pub account: AccountId,
    pub person: PersonId,
}

/// The program with its administrators and a clerk of the county.
pub struct World<'t> {
    pub test: &'t TestApp,
    pub administrators: Administrators,
    pub clerk: Somebody,
}

pub fn features() -> Vec<Feature> {
    let declaring = Feature {
        name: "declaring",
        declared_measures: vec![|_, _, _| Ok(declared())],
        ..Feature::default()
    };
    vec![registry::feature(), declaring]
}

/// The items of which figures can be brought in, as a published scheme declares them.
fn declared() -> Vec<DeclaredMeasure> {
    let item = |code: &str, chinese: &str, unit: &str, least: Option<Decimal>| DeclaredMeasure {
        measure: format!("figure.{code}"),
        chinese: chinese.to_owned(),
        english: code.to_owned(),
        unit: Unit(unit.to_owned()),
        scale: Some(2),
        minimum: least,
        maximum: "1000000000".parse().ok(),
        in_use: true,
    };
    vec![
        item(
            "collective_income",
            "集体经济收入",
            "yuan",
            Some(Decimal::ZERO),
        ),
        item("population", "population", "人", None),
    ]
}

/// Runs a test in a world with the roster imported.
pub fn in_each_world(check: impl Fn(&World<'_>)) {
    each(features, |test| {
        let world = World::before_places(test);
        world.import_places(ROSTER).unwrap();
        check(&world);
    });
}

/// The codes of a refusal's findings.
pub fn codes(refusal: &Refusal) -> Vec<&str> {
    refusal
        .findings
        .iter()
        .map(|finding| &*finding.code)
        .collect()
}

/// A refusal of the kind whose first finding has the code.
#[track_caller]
pub fn refused<A: std::fmt::Debug>(answer: Result<A, Refusal>, kind: RefusalKind, code: &str) {
    let refusal = answer.expect_err("it is refused");
    assert_eq!(
        (refusal.kind, codes(&refusal)[0]),
        (kind, code),
        "{refusal}"
    );
}

impl<'t> World<'t> {
    pub fn before_places(test: &'t TestApp) -> World<'t> {
        let administrators = test.by_rule(&SetUpAdministrators {}).unwrap();
        let clerk = Somebody {
            account: administrators.system,
            person: PersonId::default(),
        };
        let mut world = World {
            test,
            administrators,
            clerk,
        };
        world.clerk = world.engage("李静", "li.jing", Role::CountyClerk, None);
        world
    }

    /// An account without any grant.
    pub fn newcomer(&self, name: &str, sign_in_name: &str) -> Somebody {
        let make = MakeAccount {
            person: None,
            name: Some(name.to_owned()),
            namesake: false,
            sign_in_name: sign_in_name.to_owned(),
        };
        let made = self.test.by(self.administrators.security, &make).unwrap();
        Somebody {
            account: made.account,
            person: made.person,
        }
    }

    /// Somebody with a role at the place of a code, or in the whole tenant.
    pub fn engage(
        &self,
        name: &str,
        sign_in_name: &str,
        role: Role,
        code: Option<&str>,
    ) -> Somebody {
        let somebody = self.newcomer(name, sign_in_name);
        self.grant(somebody, role, code);
        somebody
    }

    /// A clerk of another county, which comes with her.
    pub fn clerk_beyond(&self) -> Somebody {
        let county = format!(
            "code,name,level,parent_code\n\
             {BEYOND_COUNTY},东川县,county,\n\
             {BEYOND_TOWN},河口镇,town,{BEYOND_COUNTY}\n\
             {BEYOND_VILLAGE},河口村民委员会,village,{BEYOND_TOWN}\n"
        );
        self.import_places(&county).unwrap();
        let (role, at) = (Role::CountyClerk, Some(BEYOND_COUNTY));
        self.engage("周强", "zhou.qiang", role, at)
    }

    pub fn grant(&self, somebody: Somebody, role: Role, code: Option<&str>) {
        let proposal = self.proposal(somebody, role, code);
        let proposed = self
            .test
            .by(self.administrators.security, &proposal)
            .unwrap();
        let approve = ApproveGrant {
            grant: proposed.grant,
        };
        self.test.by(self.administrators.system, &approve).unwrap();
    }

    pub fn proposal(&self, somebody: Somebody, role: Role, code: Option<&str>) -> ProposeGrant {
        ProposeGrant {
            person: somebody.person,
            role,
            place: code.map(|code| self.place(code).place),
            valid_from: None,
            valid_until: None,
        }
    }

    /// A file that the county's clerk brought.
    pub fn upload(&self, content: &[u8]) -> String {
        self.upload_by(self.clerk.account, content)
    }

    /// A file that nobody brought.
    pub fn stored(&self, content: &[u8]) -> String {
        let (mut content, files) = (content, self.test.app.files());
        let (hash, _) = files
            .put(&mut content, 64 << 20, self.test.app.entropy().draw())
            .unwrap();
        hash.to_string()
    }

    /// A file that an account brought.
    pub fn upload_by(&self, account: AccountId, content: &[u8]) -> String {
        let file = self.stored(content);
        let upload = app::upload::Upload {
            size_bytes: i64::try_from(content.len()).unwrap(),
            media_type: "application/pdf".to_owned(),
        };
        let brought = vec![(file.parse().unwrap(), upload)];
        let app = &self.test.app;
        let kept = app.keep_uploads(self.test.tenant, account, brought);
        kept.wait().unwrap();
        file
    }

    pub fn import_places(&self, csv: &str) -> Result<PlacesImported, Refusal> {
        let file = self.upload(csv.as_bytes());
        self.test.by(self.clerk.account, &ImportPlaces { file })
    }

    pub fn find_place(&self, code: &str) -> Option<Place> {
        let (tenant, code) = (self.test.tenant, code.parse().unwrap());
        let read = self
            .test
            .app
            .store()
            .read(move |c| directory::place::by_code(c, tenant, code));
        read.wait().unwrap()
    }

    pub fn place(&self, code: &str) -> Place {
        self.find_place(code).expect("the roster has it")
    }

    pub fn place_id(&self, code: &str) -> PlaceId {
        self.place(code).place
    }

    /// As somebody whose password was given long ago.
    pub fn by_stale<C: Command>(
        &self,
        account: AccountId,
        command: &C,
    ) -> Result<C::Answer, Refusal> {
        self.by_authentication(account, Authentication::Stale, command)
    }

    /// The clerk, who saw a thing at a revision.
    pub fn by_seen<C: Command>(&self, revision: i64, command: &C) -> Result<C::Answer, Refusal> {
        let caller = Caller::Account {
            account: self.clerk.account,
            authentication: Authentication::Fresh,
            on_behalf_of: None,
        };
        let envelope = Envelope::of(self.test.command_id(), command).seen(revision);
        self.test.run(caller, Via::Browser, envelope)
    }

    /// As the command line does with `--as`.
    pub fn by_hand<C: Command>(
        &self,
        account: AccountId,
        command: &C,
    ) -> Result<C::Answer, Refusal> {
        self.by_authentication(account, Authentication::Vouched, command)
    }

    fn by_authentication<C: Command>(
        &self,
        account: AccountId,
        authentication: Authentication,
        command: &C,
    ) -> Result<C::Answer, Refusal> {
        let caller = Caller::Account {
            account,
            authentication,
            on_behalf_of: None,
        };
        let envelope = Envelope::of(self.test.command_id(), command);
        self.test.run(caller, Via::Browser, envelope)
    }

    /// Versions of places on record.
    pub fn places_written(&self) -> i64 {
        self.count(&COUNT_PLACES)
    }

    /// Figures on record.
    pub fn figures_written(&self) -> i64 {
        self.count(&COUNT_FIGURES)
    }

    fn count(&self, statement: &'static store::Statement) -> i64 {
        let tenant = self.test.tenant;
        let read = self
            .test
            .app
            .store()
            .read(move |c| c.one(statement, &values![tenant], |row| row.int(0)));
        let counted: Result<i64, StoreError> = read.wait();
        counted.unwrap()
    }

    /// Command, action and reason of each refused attempt.
    pub fn denials(&self) -> Vec<[String; 3]> {
        let tenant = self.test.tenant;
        let read = self.test.app.store().read(move |c| {
            c.all(&SELECT_DENIALS, &values![tenant], |row| {
                Ok([
                    row.text(0)?.to_owned(),
                    row.text(1)?.to_owned(),
                    row.text(2)?.to_owned(),
                ])
            })
        });
        let found: Result<Vec<[String; 3]>, StoreError> = read.wait();
        found.unwrap()
    }

    /// Checks that an attempt is denied for the reason, leaves one row and one leaf, and nothing
    /// else.
    #[track_caller]
    pub fn denied<C: Command>(&self, account: AccountId, command: &C, reason: &str)
    where
        C::Answer: std::fmt::Debug,
    {
        // Rows of the same millisecond have no order.
        self.test.clock.advance(1);
        let leaves = self.count(&COUNT_LEAVES);
        let rows = self.denials().len();
        let refusal = self.test.by(account, command).expect_err("it is denied");
        assert_eq!(codes(&refusal), [reason], "{refusal}");
        assert_eq!(self.count(&COUNT_LEAVES), leaves + 1, "one leaf");
        let denials = self.denials();
        assert_eq!(denials.len(), rows + 1, "one row");
        assert_eq!(denials[rows][0], C::NAME);
        assert_eq!(denials[rows][2], reason);
    }
}
