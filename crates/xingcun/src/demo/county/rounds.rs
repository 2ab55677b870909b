//! One quarter of the whole county: figures from the books, the round, and what villages, towns and
//! county do to its sections.

use std::fmt::Write;

use access::AccountId;
use app::Command;
use assessment::{
    RoundId, SchemeId,
    round::extend_round::ExtendRound,
    round::open_round::OpenRound,
    scheme,
    scheme::layout::{Layout, is_asked},
    scheme::publish_scheme::{PublishScheme, SchemeSource},
    section,
    section::answer::{Answer, EvidenceFile},
    section::declare::Declare,
    section::reading::own,
    section::return_section::ReturnSection,
    section::review::Review,
    section::send_back::SendBack,
    section::verify::Verify,
};
use kernel::{Day, Period, PlaceId};
use registry::figure_import::ImportFigures;
use score::{Item, ItemSource};
use store::{Connection, StoreError};

use super::{
    super::{
        stage::{Stage, Staged},
        town::quarter::picture,
    },
    people::Cast,
    places::VILLAGES,
    values::{self, Point},
};

/// Where the figures come from.
const BOOKS: &str = "三资台账";

/// Names of the shared pieces of evidence.
const EVIDENCE: [&str; 12] = [
    "班子会议记录",
    "党员大会签到表",
    "走访登记簿",
    "合作社成员名册封面",
    "技能培训签到表",
    "村务公开栏照片",
    "调解协议书",
    "帮办代办登记表",
    "助老服务照片",
    "红白理事会章程",
    "设施巡查记录",
    "就业台账封面",
];

/// The published scheme, with what every quarter needs of it.
pub struct Rules {
    scheme: SchemeId,
    items: Vec<Item>,
    layout: Layout,
    evidence: Vec<EvidenceFile>,
}

impl Rules {
    /// Publishes the scheme of forty indicators and stores the dozen of pictures.
    pub fn publish(stage: &Stage, cast: &Cast) -> Staged<Rules> {
        let source = SchemeSource::Pack {
            pack: "changle".to_owned(),
            scheme: "strength_quarter".to_owned(),
        };
        let place = cast.county;
        stage.act(cast.clerk, &PublishScheme { place, source })?;
        let tenant = stage.tenant;
        let published = stage
            .app
            .store()
            .read(move |c| scheme::latest_by_code(c, tenant, "strength_quarter"))
            .wait()?
            .ok_or("the scheme was published")?;
        let plan = scheme::plan(&published)?;
        let mut accounts = cast.secretaries.clone();
        accounts.push(cast.reviewer);
        let pictures: Vec<_> = (0..EVIDENCE.len()).map(picture).collect();
        let files = stage.upload_pictures(&accounts, &pictures)?;
        let evidence = files
            .into_iter()
            .zip(EVIDENCE)
            .map(|(file, name)| EvidenceFile {
                file,
                name: format!("{name}.png"),
            });
        Ok(Rules {
            scheme: published.scheme,
            items: plan.scheme().items.clone(),
            layout: Layout::of(&plan),
            evidence: evidence.collect(),
        })
    }

    /// One of the dozen of pictures.
    pub fn evidence(&self, number: usize) -> EvidenceFile {
        self.evidence[number].clone()
    }

    /// How many sections a village has.
    pub fn sections(&self) -> usize {
        self.layout.sections.len()
    }

    /// Code of a section.
    pub fn section(&self, section: usize) -> String {
        self.layout.sections[section].code.clone()
    }

    /// What is asked in a section of those who supply such items.
    fn asked(&self, section: usize, source: ItemSource) -> impl Iterator<Item = &str> {
        self.layout
            .items
            .iter()
            .filter(move |item| item.section == Some(section) && item.source == source)
            .filter(|item| is_asked(item.input.moment, item.source))
            .map(|item| item.input.item.as_str())
    }

    /// What the village declares in a section, or the town supplies.
    pub fn answers(&self, point: Point, section: usize, source: ItemSource) -> Vec<Answer> {
        let mut answers: Vec<Answer> = self
            .asked(section, source)
            .map(|item| answer(item, &point.value(item)))
            .collect();
        // Every third section shows a piece of paper for one of its items.
        if source == ItemSource::Declared && values::chosen(point, &self.section(section), 3) {
            let purpose = format!("evidence {section}");
            let shown = values::pick(point, &purpose, answers.len());
            let file = values::pick(point, &purpose, self.evidence.len());
            answers[shown].evidence.push(self.evidence[file].clone());
        }
        answers
    }
}

/// An answer that gives a value.
pub fn answer(item: &str, value: &str) -> Answer {
    Answer {
        item: item.to_owned(),
        value: Some(value.to_owned()),
        ..Answer::default()
    }
}

/// One quarter's round in the making.
pub struct Quarter<'a> {
    /// Where it is made.
    pub stage: &'a Stage,
    /// By whom.
    pub cast: &'a Cast,
    /// By which scheme.
    pub rules: &'a Rules,
    number: usize,
    /// The round.
    pub round: RoundId,
}

impl<'a> Quarter<'a> {
    /// Brings in the books and opens the round; `until` are the last days of its three steps.
    pub fn open(
        (stage, cast, rules): (&'a Stage, &'a Cast, &'a Rules),
        number: usize,
        period: Period,
        until: [Day; 3],
    ) -> Staged<Quarter<'a>> {
        import_books(stage, cast, rules, number, period)?;
        let opened = stage.act(
            cast.clerk,
            &OpenRound {
                scheme: rules.scheme,
                period,
                place: cast.county,
                title: None,
                declare_until: until[0],
                verify_until: until[1],
                review_until: until[2],
                posting_days: 5,
            },
        )?;
        Ok(Quarter {
            stage,
            cast,
            rules,
            number,
            round: opened.round,
        })
    }

    /// A village in this quarter.
    pub fn point(&self, village: usize) -> Point {
        Point {
            village,
            quarter: self.number,
        }
    }

    /// Every section of these villages, village by village.
    pub fn sections_of(&self, villages: impl IntoIterator<Item = usize>) -> Vec<Part> {
        let sections = 0..self.rules.sections();
        let parts = villages
            .into_iter()
            .flat_map(|village| sections.clone().map(move |section| (village, section)));
        parts.collect()
    }

    /// The villages that a purpose picks, about one in so many; never the one shown first, nor
    /// those whose figures the source prints.
    pub fn picked(&self, purpose: &str, one_in: u64) -> Vec<usize> {
        let spared = [0, values::MODEL, values::RISING];
        (0..VILLAGES)
            .filter(|village| !spared.contains(village))
            .filter(|village| values::chosen(self.point(*village), purpose, one_in))
            .collect()
    }

    /// The revisions of these sections, as they stand now.
    fn revisions(&self, parts: &[Part]) -> Staged<Vec<Option<i64>>> {
        let (tenant, round) = (self.stage.tenant, self.round);
        let parts: Vec<_> = parts
            .iter()
            .map(|&(village, section)| (self.cast.places[village], self.rules.section(section)))
            .collect();
        let read = move |connection: &mut dyn Connection| {
            parts
                .iter()
                .map(|(place, code)| section::revision(connection, tenant, round, *place, code))
                .collect::<Result<Vec<_>, StoreError>>()
        };
        Ok(self.stage.app.store().read(read).wait()?)
    }

    /// Does something to each of these sections, as it stands now: by whom, and what.
    fn act<C: Command>(
        &self,
        parts: &[Part],
        act: impl Fn(Part, PlaceId, String) -> (AccountId, C),
    ) -> Staged<()> {
        let seen = self.revisions(parts)?;
        let commands = parts.iter().zip(seen).map(|(&part, seen)| {
            let (village, section) = part;
            let place = self.cast.places[village];
            let (account, command) = act(part, place, self.rules.section(section));
            (account, seen, command)
        });
        self.stage.act_all(commands)?;
        Ok(())
    }

    /// The secretaries declare.
    pub fn declare(&self, parts: &[Part]) -> Staged<()> {
        self.act(parts, |(village, number), place, section| {
            let point = self.point(village);
            let declare = Declare {
                round: self.round,
                place,
                section,
                items: self.rules.answers(point, number, ItemSource::Declared),
            };
            (self.cast.secretaries[village], declare)
        })
    }

    /// The towns verify: they supply their own items and take something off here and there.
    pub fn verify(&self, parts: &[Part]) -> Staged<()> {
        self.act(parts, |(village, number), place, section| {
            let point = self.point(village);
            let mut items = self.rules.answers(point, number, ItemSource::Station);
            if number == 0 && values::chosen(point, "adjusted", 30) && !point.is_model() {
                items.push(Answer {
                    reason: Some("有会议没有记录，核减。".to_owned()),
                    ..answer("meetings_held", "2")
                });
            }
            let verify = Verify {
                round: self.round,
                place,
                section,
                items,
            };
            (self.cast.verifier(village), verify)
        })
    }

    /// The county reviews.
    pub fn review(&self, parts: &[Part]) -> Staged<()> {
        self.act(parts, |_, place, section| {
            let review = Review {
                round: self.round,
                place,
                section,
                items: Vec::new(),
            };
            (self.cast.reviewer, review)
        })
    }

    /// The towns give sections back to their villages.
    pub fn give_back(&self, parts: &[Part], due: Day) -> Staged<()> {
        self.act(parts, |(village, _), place, section| {
            let back = ReturnSection {
                round: self.round,
                place,
                section,
                reason: "合作社成员名册封面没有盖章，请补盖后重新上传。".to_owned(),
                due,
            };
            (self.cast.verifier(village), back)
        })
    }

    /// The county gives sections back to the towns.
    pub fn send_back(&self, parts: &[Part], due: Day) -> Staged<()> {
        self.act(parts, |_, place, section| {
            let back = SendBack {
                round: self.round,
                place,
                section,
                reason: "党员先锋实事件数与台账不一致，请核对。".to_owned(),
                due,
            };
            (self.cast.reviewer, back)
        })
    }

    /// The county gives villages more time, with a reason.
    pub fn extend(&self, villages: &[usize], until: [Day; 3]) -> Staged<()> {
        let commands = villages.iter().map(|&village| {
            let extend = ExtendRound {
                round: self.round,
                place: Some(self.cast.places[village]),
                declare_until: until[0],
                verify_until: until[1],
                review_until: until[2],
                reason: "村书记住院，由副书记接手，准予延期申报。".to_owned(),
            };
            (self.cast.clerk, None, extend)
        });
        self.stage.act_all(commands)?;
        Ok(())
    }
}

/// A section of a village, both by number.
pub type Part = (usize, usize);

/// Imports rows of figures as the accounting agency sends them.
pub fn import(stage: &Stage, cast: &Cast, rows: &str) -> Staged<()> {
    let table = format!("code,item,period,value,unit,source\n{rows}");
    let file = stage.upload_table(cast.clerk, table.as_bytes())?;
    let source = BOOKS.to_owned();
    stage.act(cast.clerk, &ImportFigures { file, source })?;
    Ok(())
}

/// What the books say of a quarter.
fn import_books(
    stage: &Stage,
    cast: &Cast,
    rules: &Rules,
    number: usize,
    period: Period,
) -> Staged<()> {
    let held: Vec<&Item> = rules
        .items
        .iter()
        .filter(|item| item.source == ItemSource::Record)
        .collect();
    let mut rows = String::new();
    for village in 0..VILLAGES {
        let point = Point {
            village,
            quarter: number,
        };
        let code = &cast.villages[village].code;
        for item in &held {
            let (of, unit) = (own(item.period, period), unit(item));
            let (item, value) = (&item.code, point.value(&item.code));
            writeln!(rows, "{code},{item},{of},{value},{unit},{}", book(item))?;
        }
        let (before, value) = (
            period.same_last_year().ok_or("a year before")?,
            values::income_a_year_before(point),
        );
        writeln!(rows, "{code},collective_income,{before},{value},元,{BOOKS}")?;
    }
    import(stage, cast, &rows)
}

/// The unit as books write it.
fn unit(item: &Item) -> &str {
    match item.unit.0.as_str() {
        "yuan" => "元",
        "percent" => "%",
        "tick" => "",
        other => other,
    }
}

/// Which book holds an item.
fn book(item: &str) -> &'static str {
    match item {
        "households" => "户籍登记",
        "posts_due" => "编制台账",
        "members" | "floating" => "党员名册",
        "collective_income" | "contracts" | "contracts_filed" | "funds_used" => BOOKS,
        "grid_closed" | "grid_matters" => "网格平台台账",
        _ => "业务台账",
    }
}
