//! A small invented county: two towns with two villages each, its people with their grants, the
//! figures that the record holds, and the demonstration's scheme.

use access::{AccountId, Action, GrantId, Role, account, grant};
use app::testing::TestApp;
use app::{Caller, Command, CommandSpec, Door, Envelope, Feature, Refusal, Via};
use assessment::AppealId;
use assessment::appeal::decide_appeal::{AppealDecision, AppealMoved, DecideAppeal};
use assessment::appeal::lodge_appeal::LodgeAppeal;
use assessment::result::compute::{ComputeRound, RoundMoved};
use assessment::result::finalise::{FinaliseRound, RoundFinalised};
use assessment::result::post::{PostRound, RoundPosted};
use assessment::round::open_round::OpenRound;
use assessment::scheme::publish_scheme::{PublishScheme, SchemeSource};
use assessment::section::answer::{Answer, EvidenceFile};
use assessment::section::decision::SectionMoved;
use assessment::section::declare::Declare;
use assessment::section::return_section::ReturnSection;
use assessment::section::review::Review;
use assessment::section::send_back::SendBack;
use assessment::section::verify::Verify;
use assessment::{RoundId, SchemeId, round, section};
use directory::figure::{self, FigureDraft, FigureValue};
use directory::place::{
    ChangeKind, PlaceChange, PlaceDraft, PlaceKind, Succession, Successor, succeed, write_places,
};
use directory::{FigureId, person};
use kernel::{Day, Id, Instant, Period, PersonId, PlaceId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A fixed id, so that every run of a test has the same county.
pub fn id(number: u8) -> Id {
    Id::new(1_000_000, [number; 10])
}

pub fn place(number: u8) -> PlaceId {
    PlaceId(id(number))
}

pub const COUNTY: u8 = 1;
/// Village, its town, its name.
pub const VILLAGES: [(u8, u8, &str); 4] = [
    (11, 10, "柳湾村"),
    (12, 10, "石桥村"),
    (21, 20, "槐店村"),
    (22, 20, "青石村"),
];
pub const SECTIONS: [&str; 4] = ["fortress", "leader", "common_prosperity", "well_being"];

/// A person by a number: the account has the same.
pub const CLERK: u8 = 101;
pub const REVIEWER: u8 = 102;
pub const AUDITOR: u8 = 103;
/// Another reviewer of the county, who reviews nothing: decides appeals.
pub const DECIDER: u8 = 104;
/// Somebody of the village 11 without an office.
pub const VILLAGER: u8 = 105;
/// One for each town.
pub const VERIFIERS: [u8; 2] = [110, 120];

pub fn secretary_of(village: u8) -> u8 {
    100 + village + 50
}

pub fn account_of(person: u8) -> AccountId {
    AccountId(id(person))
}

/// Makes the county. One command of a rule, as setup and import would.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
struct MakeCounty {}

impl Command for MakeCounty {
    const NAME: &'static str = "test.make_county";
    const ACTION: Action = Action::RegistryImport;
    const CLEAR: &'static [&'static str] = &[];
    type Answer = ();

    fn run(&self, door: &mut Door<'_>) -> Result<(), Refusal> {
        write_places(door, &places())?;
        for (number, name, role, at) in people() {
            make_person(door, number, &name, role, at)?;
        }
        figure::write(door, &figures("2026-Q3"))?;
        Ok(())
    }
}

fn places() -> Vec<PlaceDraft> {
    let draft = |number: u8, kind, name: &str, code: &str, parent: Option<u8>| PlaceDraft {
        place: place(number),
        kind,
        name: name.to_owned(),
        alias: None,
        code: Some(code.parse().unwrap()),
        parent: parent.map(place),
        valid_from: "2020-01-01".parse().unwrap(),
        valid_to: None,
    };
    let mut places = vec![
        draft(COUNTY, PlaceKind::County, "云岭县", "370799000000", None),
        draft(10, PlaceKind::Town, "清河镇", "370799100000", Some(COUNTY)),
        draft(20, PlaceKind::Town, "白塔镇", "370799101000", Some(COUNTY)),
    ];
    for (index, (village, town, name)) in VILLAGES.iter().enumerate() {
        let code = format!("3707991{:02}{:03}", usize::from(*town == 20), 201 + index);
        places.push(draft(
            *village,
            PlaceKind::Village,
            name,
            &code,
            Some(*town),
        ));
    }
    places
}

fn people() -> Vec<(u8, String, Role, u8)> {
    let mut people = vec![
        (CLERK, "县办事员".to_owned(), Role::CountyClerk, COUNTY),
        (
            REVIEWER,
            "县审核员".to_owned(),
            Role::CountyReviewer,
            COUNTY,
        ),
        (AUDITOR, "审计员".to_owned(), Role::Auditor, COUNTY),
        (
            DECIDER,
            "申诉复核员".to_owned(),
            Role::CountyReviewer,
            COUNTY,
        ),
        (VILLAGER, "村民".to_owned(), Role::Villager, 11),
        (
            VERIFIERS[0],
            "清河核查员".to_owned(),
            Role::TownVerifier,
            10,
        ),
        (
            VERIFIERS[1],
            "白塔核查员".to_owned(),
            Role::TownVerifier,
            20,
        ),
    ];
    for (village, _, name) in VILLAGES {
        let name = format!("{name}书记");
        people.push((secretary_of(village), name, Role::VillageSecretary, village));
    }
    people
}

fn make_person(
    door: &mut Door<'_>,
    number: u8,
    name: &str,
    role: Role,
    at: u8,
) -> Result<(), Refusal> {
    let salt = door.draw();
    person::write_name(door, PersonId(id(number)), name, salt)?;
    account::make(
        door,
        account_of(number),
        PersonId(id(number)),
        &format!("user{number}"),
    )?;
    give(door, number, role, at)
}

fn give(door: &mut Door<'_>, person: u8, role: Role, at: u8) -> Result<(), Refusal> {
    let proposal = grant::Proposal {
        grant: GrantId(door.next_id()),
        person: PersonId(id(person)),
        role,
        // An auditor is of the whole tenant.
        place: (!role.is_of_the_whole()).then(|| place(at)),
        valid_from: "2026-01-01".parse().unwrap(),
        valid_until: None,
    };
    grant::propose(door, &proposal, None)?;
    grant::approve(door, proposal.grant, None)?;
    Ok(())
}

/// One more role for a person, by a rule.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Give {
    pub person: u8,
    pub role: String,
    pub at: u8,
}

impl Command for Give {
    const NAME: &'static str = "test.give";
    const ACTION: Action = Action::GrantApprove;
    const CLEAR: &'static [&'static str] = &[];
    type Answer = ();

    fn run(&self, door: &mut Door<'_>) -> Result<(), Refusal> {
        let role = Role::ALL
            .iter()
            .find(|role| role.name() == self.role)
            .unwrap();
        give(door, self.person, *role, self.at)
    }
}

/// What the record holds, of every village.
const HELD: [(&str, [&str; 4]); 4] = [
    ("posts_due", ["5", "5", "7", "5"]),
    ("households", ["400", "320", "510", "280"]),
    (
        "collective_income",
        ["386200.00", "120000", "99999.99", "1000000"],
    ),
    ("disclosures_due", ["20", "20", "20", "20"]),
];

fn figures(period: &str) -> Vec<FigureDraft> {
    let period: Period = period.parse().unwrap();
    let mut drafts = Vec::new();
    for (item_index, (item, values)) in HELD.iter().enumerate() {
        for (index, (village, _, _)) in VILLAGES.iter().enumerate() {
            let number = u8::try_from(item_index * 4 + index).unwrap();
            drafts.push(draft(
                Id::new(2_000_000, [number; 10]),
                item,
                *village,
                period,
                values[index],
            ));
        }
    }
    drafts
}

fn draft(id: Id, item: &str, village: u8, period: Period, value: &str) -> FigureDraft {
    FigureDraft {
        figure: FigureId(id),
        item: item.to_owned(),
        subject: place(village),
        period,
        value: FigureValue::Value(value.parse().unwrap()),
        unit: String::new(),
        source: "账务".to_owned(),
        as_of: None,
        observed_at: None,
    }
}

/// The owner of a figure corrects it; other features hear of it.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct CorrectFigure {
    pub item: String,
    pub village: u8,
    pub value: String,
}

impl Command for CorrectFigure {
    const NAME: &'static str = "test.correct_figure";
    const ACTION: Action = Action::FigureImport;
    const CLEAR: &'static [&'static str] = &[];
    type Answer = ();

    fn run(&self, door: &mut Door<'_>) -> Result<(), Refusal> {
        let period: Period = "2026-Q3".parse().unwrap();
        let figure = door.next_id();
        figure::write(
            door,
            &[draft(figure, &self.item, self.village, period, &self.value)],
        )?;
        door.emit(app::Event::new(
            app::MEASURE_CHANGED,
            serde_json::json!({
                "measure": format!("figure.{}", self.item),
                "period": "2026-Q3",
                "subjects": [place(self.village)],
            }),
        ));
        Ok(())
    }
}

/// A village ends, by a rule.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct EndVillage {
    pub village: u8,
}

impl Command for EndVillage {
    const NAME: &'static str = "test.end_village";
    const ACTION: Action = Action::RegistryEdit;
    const CLEAR: &'static [&'static str] = &[];
    type Answer = ();

    fn run(&self, door: &mut Door<'_>) -> Result<(), Refusal> {
        let today = door.today();
        let mut drafts = places();
        drafts.retain(|draft| draft.place == place(self.village));
        drafts[0].name = "改名村".to_owned();
        drafts[0].valid_from = today;
        drafts[0].valid_to = Some(today);
        write_places(door, &drafts)?;
        Ok(())
    }
}

/// A place is hung under another one: a place of the county, or else a new one with its leader.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Rehang {
    pub moved: u8,
    pub above: u8,
}

impl Command for Rehang {
    const NAME: &'static str = "test.rehang";
    const ACTION: Action = Action::RegistryEdit;
    const CLEAR: &'static [&'static str] = &[];
    type Answer = ();

    fn run(&self, door: &mut Door<'_>) -> Result<(), Refusal> {
        let today = door.today();
        let of = |number: u8| {
            let mut known = places().into_iter();
            known.find(|draft| draft.place == place(number))
        };
        let mut moved = of(self.moved).unwrap();
        moved.parent = Some(place(self.above));
        moved.valid_from = today;
        if of(self.above).is_some() {
            write_places(door, &[moved])?;
            return Ok(());
        }
        let (kind, code) = match moved.kind {
            PlaceKind::County => (PlaceKind::City, "370700000000"),
            _ => (PlaceKind::County, "370798000000"),
        };
        let above = PlaceDraft {
            place: place(self.above),
            kind,
            name: "新上级".to_owned(),
            alias: None,
            code: Some(code.parse().unwrap()),
            parent: None,
            valid_from: today,
            valid_to: None,
        };
        write_places(door, &[above, moved])?;
        make_person(door, self.above, "新上级", Role::CountyLeader, self.above)
    }
}

/// A place is merged into another one of its kind; what stands below it goes with it.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct MergeInto {
    pub source: u8,
    pub into: u8,
}

impl Command for MergeInto {
    const NAME: &'static str = "test.merge";
    const ACTION: Action = Action::RegistryMerge;
    const CLEAR: &'static [&'static str] = &[];
    type Answer = ();

    fn run(&self, door: &mut Door<'_>) -> Result<(), Refusal> {
        let source = place(self.source);
        let below = places().into_iter().filter(|at| at.parent == Some(source));
        let merger = Succession {
            change: PlaceChange {
                kind: ChangeKind::Merge,
                day: door.today(),
                reason: "合并".to_owned(),
                document: "试验文件".to_owned(),
            },
            sources: vec![source],
            successors: vec![Successor::Stays(place(self.into))],
            children: below.map(|at| (at.place, 0)).collect(),
        };
        Ok(succeed(door, &merger)?)
    }
}

/// A place gives a part to another one of its kind: one place below it goes there. It stays itself,
/// or ceases and leaves the rest to a third one.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct SplitOff {
    pub source: u8,
    pub to: u8,
    pub child: u8,
    /// A new one that gets the rest; left out = it stays.
    pub rest: Option<u8>,
}

impl Command for SplitOff {
    const NAME: &'static str = "test.split";
    const ACTION: Action = Action::RegistryMerge;
    const CLEAR: &'static [&'static str] = &[];
    type Answer = ();

    fn run(&self, door: &mut Door<'_>) -> Result<(), Refusal> {
        let source = place(self.source);
        let below = places().into_iter().filter(|at| at.parent == Some(source));
        let rest = match self.rest {
            None => Successor::Stays(source),
            Some(new) => Successor::New(PlaceDraft {
                place: place(new),
                kind: PlaceKind::Town,
                name: "新镇".to_owned(),
                alias: None,
                code: None,
                parent: Some(place(1)),
                valid_from: door.today(),
                valid_to: None,
            }),
        };
        let goes = |at: PlaceDraft| (at.place, usize::from(at.place == place(self.child)));
        let split = Succession {
            change: PlaceChange {
                kind: ChangeKind::Split,
                day: door.today(),
                reason: "分设".to_owned(),
                document: "试验文件".to_owned(),
            },
            sources: vec![source],
            successors: vec![rest, Successor::Stays(place(self.to))],
            children: below.map(goes).collect(),
        };
        Ok(succeed(door, &split)?)
    }
}

fn test_feature() -> Feature {
    Feature {
        name: "test",
        commands: vec![
            CommandSpec::of::<MakeCounty>(),
            CommandSpec::of::<Give>(),
            CommandSpec::of::<CorrectFigure>(),
            CommandSpec::of::<EndVillage>(),
            CommandSpec::of::<Rehang>(),
            CommandSpec::of::<MergeInto>(),
            CommandSpec::of::<SplitOff>(),
        ],
        ..Feature::default()
    }
}

fn features() -> Vec<Feature> {
    vec![assessment::feature(), test_feature()]
}

/// Runs a test in a fresh county on each database.
pub fn each(test: impl Fn(&World<'_>)) {
    each_with_packs(packs::Library::shipped, test);
}

/// [`each`] in an installation with these packs.
pub fn each_with_packs(library: fn() -> packs::Library, test: impl Fn(&World<'_>)) {
    app::testing::each_with_packs(features, library, |app| {
        app.by_rule(&MakeCounty {}).unwrap();
        test(&World { app });
    });
}

pub struct World<'a> {
    pub app: &'a TestApp,
}

pub fn day(text: &str) -> Day {
    text.parse().unwrap()
}

/// The kind and the codes of a refusal, as one text.
pub fn refused<T: std::fmt::Debug>(result: Result<T, Refusal>) -> String {
    let refusal = result.expect_err("this should be refused");
    let codes: Vec<_> = refusal
        .findings
        .iter()
        .map(|finding| finding.code.as_ref())
        .collect();
    format!("{:?} {}", refusal.kind, codes.join(" "))
}

/// The values that a village declares, by its number: different everywhere.
fn declared(village: u8) -> [(&'static str, &'static str, String); 5] {
    let v = u32::from(village);
    [
        ("fortress", "posts_filled", (v % 3 + 3).to_string()),
        ("fortress", "meetings_held", (v % 7 + 2).to_string()),
        ("leader", "households_visited", (v * 11).to_string()),
        ("common_prosperity", "coop_share", format!("{}.5", v * 2)),
        (
            "well_being",
            "disclosures_on_time",
            (v % 10 + 10).to_string(),
        ),
    ]
}

/// The values that a town supplies.
fn supplied(village: u8) -> [(&'static str, &'static str, String); 3] {
    let v = u32::from(village);
    [
        ("leader", "tasks_on_time", format!("{}.5", 70 + v)),
        ("common_prosperity", "contracts_filed", (70 + v).to_string()),
        ("well_being", "environment_check", format!("{}", 60 + v)),
    ]
}

pub fn answer(item: &str, value: &str) -> Answer {
    Answer {
        item: item.to_owned(),
        value: Some(value.to_owned()),
        ..Answer::default()
    }
}

impl World<'_> {
    pub fn publish(&self) -> SchemeId {
        let source = SchemeSource::Pack {
            pack: "demo".into(),
            scheme: "demo_quarter".into(),
        };
        let publish = PublishScheme {
            place: place(COUNTY),
            source,
        };
        self.by(account_of(CLERK), &publish).unwrap().scheme
    }

    pub fn opening(&self, scheme: SchemeId) -> OpenRound {
        OpenRound {
            scheme,
            period: "2026-Q3".parse().unwrap(),
            place: place(COUNTY),
            title: None,
            declare_until: day("2026-10-05"),
            verify_until: day("2026-10-15"),
            review_until: day("2026-10-25"),
            posting_days: 5,
        }
    }

    /// Carries out a command as an account that has just given its password, and that has seen
    /// what it moves as it stands now.
    pub fn by<C: Command>(&self, account: AccountId, command: &C) -> Result<C::Answer, Refusal> {
        let mut envelope = Envelope::of(self.app.command_id(), command);
        envelope.seen_revision = self.revision(&envelope);
        self.send(account, envelope)
    }

    /// Carries out an envelope as an account.
    pub fn send<A: serde::de::DeserializeOwned>(
        &self,
        account: AccountId,
        envelope: Envelope,
    ) -> Result<A, Refusal> {
        let caller = Caller::Account {
            account,
            authentication: access::Authentication::Fresh,
            on_behalf_of: None,
        };
        self.app.run(caller, Via::Browser, envelope)
    }

    /// The revision of the section or the round that a command moves.
    pub fn revision(&self, envelope: &Envelope) -> Option<i64> {
        let of = |field: &str| envelope.body[field].as_str().map(str::to_owned);
        let round: RoundId = of("round")?.parse().ok()?;
        let (place, section) = (of("place"), of("section"));
        let (tenant, of_section) = (self.app.tenant, envelope.name.starts_with("section."));
        let work = move |connection: &mut dyn store::Connection| -> Result<_, store::StoreError> {
            if !of_section {
                let found = round::get(connection, tenant, round)?;
                return Ok(found.map(|round| round.revision));
            }
            let place = place.as_deref().unwrap().parse().unwrap();
            let section = section.as_deref().unwrap();
            section::revision(connection, tenant, round, place, section)
        };
        self.app.app.store().read(work).wait().unwrap()
    }

    /// A published scheme and an open round.
    pub fn open(&self) -> RoundId {
        let opening = self.opening(self.publish());
        self.by(account_of(CLERK), &opening).unwrap().round
    }

    /// A stored file as evidence, brought by a person.
    pub fn evidence(&self, person: u8) -> Vec<EvidenceFile> {
        let unique = app::Entropy::draw(self.app.app.entropy());
        let files = self.app.app.files();
        let (hash, _) = files.put(&mut "名册封面".as_bytes(), 1000, unique).unwrap();
        let upload = app::upload::Upload {
            size_bytes: 12,
            media_type: "image/jpeg".to_owned(),
        };
        let kept =
            self.app
                .app
                .keep_uploads(self.app.tenant, account_of(person), vec![(hash, upload)]);
        kept.wait().unwrap();
        vec![EvidenceFile {
            file: hash.to_string(),
            name: "名册封面.jpg".to_owned(),
        }]
    }

    /// A complete declaration of a section.
    pub fn declaration(&self, round: RoundId, village: u8, section: &str) -> Declare {
        let items = declared(village)
            .into_iter()
            .filter(|(known, ..)| *known == section)
            .map(|(_, item, value)| {
                let evidence = if item == "coop_share" {
                    self.evidence(secretary_of(village))
                } else {
                    Vec::new()
                };
                Answer {
                    evidence,
                    ..answer(item, &value)
                }
            })
            .collect();
        Declare {
            round,
            place: place(village),
            section: section.to_owned(),
            items,
        }
    }

    pub fn declare(
        &self,
        round: RoundId,
        village: u8,
        section: &str,
    ) -> Result<SectionMoved, Refusal> {
        let declaration = self.declaration(round, village, section);
        self.by(account_of(secretary_of(village)), &declaration)
    }

    pub fn verification(&self, round: RoundId, village: u8, section: &str) -> Verify {
        let items = supplied(village)
            .into_iter()
            .filter(|(known, ..)| *known == section)
            .map(|(_, item, value)| answer(item, &value))
            .collect();
        Verify {
            round,
            place: place(village),
            section: section.to_owned(),
            items,
        }
    }

    pub fn verify(
        &self,
        round: RoundId,
        village: u8,
        section: &str,
    ) -> Result<SectionMoved, Refusal> {
        let verifier = VERIFIERS[usize::from(village >= 20)];
        self.by(
            account_of(verifier),
            &self.verification(round, village, section),
        )
    }

    pub fn review(
        &self,
        round: RoundId,
        village: u8,
        section: &str,
    ) -> Result<SectionMoved, Refusal> {
        let review = Review {
            round,
            place: place(village),
            section: section.to_owned(),
            items: Vec::new(),
        };
        self.by(account_of(REVIEWER), &review)
    }

    pub fn give_back(
        &self,
        round: RoundId,
        village: u8,
        section: &str,
        due: &str,
    ) -> ReturnSection {
        let _ = self;
        ReturnSection {
            round,
            place: place(village),
            section: section.to_owned(),
            reason: "附件不清晰，请补充。".to_owned(),
            due: day(due),
        }
    }

    pub fn send_back(&self, round: RoundId, village: u8, section: &str, due: &str) -> SendBack {
        let _ = self;
        SendBack {
            round,
            place: place(village),
            section: section.to_owned(),
            reason: "与备案不符，请重新核查。".to_owned(),
            due: day(due),
        }
    }

    /// Everything of everybody, in the order of the villages given.
    pub fn review_all(&self, round: RoundId, villages: &[u8]) {
        for village in villages {
            for section in SECTIONS {
                self.declare(round, *village, section).unwrap();
            }
        }
        for village in villages {
            for section in SECTIONS {
                self.verify(round, *village, section).unwrap();
                self.review(round, *village, section).unwrap();
            }
        }
    }

    pub fn compute(&self, round: RoundId) -> Result<RoundMoved, Refusal> {
        self.by(account_of(CLERK), &ComputeRound { round })
    }

    pub fn post(&self, round: RoundId) -> Result<RoundPosted, Refusal> {
        self.by(account_of(CLERK), &PostRound { round })
    }

    /// An appeal of a village against one of its items, or against its result.
    pub fn appeal(&self, round: RoundId, village: u8, item: Option<&str>) -> LodgeAppeal {
        let _ = self;
        LodgeAppeal {
            round,
            place: place(village),
            item: item.map(str::to_owned),
            claim: None,
            reason: "走访记录漏录了两个村民组。".to_owned(),
            evidence: Vec::new(),
        }
    }

    pub fn lodge(
        &self,
        round: RoundId,
        village: u8,
        item: Option<&str>,
    ) -> Result<AppealId, Refusal> {
        let lodge = self.appeal(round, village, item);
        let lodged = self.by(account_of(secretary_of(village)), &lodge);
        lodged.map(|lodged| lodged.appeal)
    }

    /// Grants an appeal with these values.
    pub fn uphold(
        &self,
        appeal: AppealId,
        values: &[(&str, &str)],
    ) -> Result<AppealMoved, Refusal> {
        let decide = DecideAppeal {
            appeal,
            decision: AppealDecision::Uphold,
            reason: "补充的走访记录属实。".to_owned(),
            items: values
                .iter()
                .map(|(item, value)| answer(item, value))
                .collect(),
        };
        self.by(account_of(DECIDER), &decide)
    }

    pub fn reject(&self, appeal: AppealId) -> Result<AppealMoved, Refusal> {
        let decide = DecideAppeal {
            appeal,
            decision: AppealDecision::Reject,
            reason: "记录里没有这两个村民组。".to_owned(),
            items: Vec::new(),
        };
        self.by(account_of(DECIDER), &decide)
    }

    /// A posted round of everybody.
    pub fn posted(&self) -> RoundId {
        let round = self.open();
        self.review_all(round, &VILLAGES.map(|(village, ..)| village));
        self.compute(round).unwrap();
        self.post(round).unwrap();
        round
    }

    pub fn finalise(&self, round: RoundId) -> Result<RoundFinalised, Refusal> {
        self.by(account_of(CLERK), &FinaliseRound { round })
    }

    /// Moves the clock to an instant of a day, `09:30` as minutes after midnight.
    pub fn go_to(&self, day_text: &str, minutes: i64) {
        self.app
            .clock
            .set(Instant(day(day_text).start().0 + minutes * 60_000));
    }
}
