//! Two quarters of the demonstration: the second of 2026, finished; the third, in progress.

use std::fmt::Write;

use app::dispute::{AnswerDispute, DisputeAnswer, FileDispute};
use assessment::{
    AppealId, RoundId,
    appeal::decide_appeal::{AppealDecision, DecideAppeal},
    appeal::lodge_appeal::LodgeAppeal,
    correction::correct_round::CorrectRound,
    event::contest_event::ContestEvent,
    event::declare_event::{DeclareEvent, NamedEvent, ProposeEvent},
    event::verify_event::{EventFinding, VerifyEvent},
    result::compute::ComputeRound,
    result::finalise::FinaliseRound,
    result::post::PostRound,
    round::draw_sample::DrawSample,
    round::open_round::OpenRound,
    scheme::publish_scheme::{PublishScheme, SchemeSource},
    section::answer::{Answer, EvidenceFile},
    section::declare::Declare,
    section::return_section::ReturnSection,
    section::review::Review,
    section::verify::Verify,
};
use kernel::{Day, Period};
use registry::figure_import::ImportFigures;

use super::{
    super::stage::{Stage, Staged},
    people::Cast,
    places::{self, VILLAGES},
};

/// Sections of the demonstration's scheme.
const SECTIONS: [&str; 4] = ["fortress", "leader", "common_prosperity", "well_being"];

/// The second quarter, from opening to a final rank.
pub fn finished(stage: &mut Stage, cast: &Cast) -> Staged<()> {
    let period = Period::quarter(2026, 2).ok_or("a quarter")?;
    stage.says_round(period);
    stage.at(7, 1, 9);
    record_figures(stage, cast, period, 100)?;
    let source = SchemeSource::Pack {
        pack: "demo".to_owned(),
        scheme: "demo_quarter".to_owned(),
    };
    stage.act(
        cast.clerk,
        &PublishScheme {
            place: cast.county,
            source,
        },
    )?;
    let round = open(stage, cast, period, [(7, 6), (7, 15), (7, 24)])?;
    stage.at(7, 3, 10);
    for village in 0..VILLAGES.len() {
        declare(stage, cast, round, village, &SECTIONS, 0)?;
    }
    stage.at(7, 8, 14);
    for village in 0..VILLAGES.len() {
        verify(stage, cast, round, village, &SECTIONS, 0)?;
    }
    stage.app.seal(true)?;
    stage.at(7, 9, 9);
    stage.act(cast.clerk, &DrawSample { round, percent: 20 })?;
    stage.at(7, 17, 9);
    for village in 0..VILLAGES.len() {
        review(stage, cast, round, village, &SECTIONS)?;
    }
    stage.at(7, 20, 9);
    stage.act_on_round(cast.clerk, round, &ComputeRound { round })?;
    stage.act_on_round(cast.clerk, round, &PostRound { round })?;
    stage.at(7, 21, 10);
    let granted = appeal(stage, cast, round, VISITED_LATE, "households_visited")?;
    let refused = appeal(stage, cast, round, 0, "meetings_held")?;
    stage.at(7, 22, 15);
    decide(stage, cast, refused, None)?;
    decide(stage, cast, granted, Some(VILLAGES[VISITED_LATE].2))?;
    stage.at(7, 23, 9);
    dispute_income(stage, cast, round, period)?;
    // The last correction of 23 July posts those who moved until 30 July.
    stage.at(7, 31, 9);
    stage.act_on_round(cast.clerk, round, &FinaliseRound { round })?;
    stage.app.seal(true)?;
    Ok(())
}

/// The third quarter: nine villages have declared, five are verified, two reviewed, one returned.
pub fn in_progress(stage: &mut Stage, cast: &Cast) -> Staged<()> {
    let period = Period::quarter(2026, 3).ok_or("a quarter")?;
    stage.says_round(period);
    stage.at(10, 8, 9);
    record_figures(stage, cast, period, 135)?;
    let round = open(stage, cast, period, [(10, 16), (10, 23), (10, 30)])?;
    stage.at(10, 9, 10);
    for village in 1..9 {
        declare(stage, cast, round, village, &SECTIONS, 3)?;
    }
    // The village shown first has two sections in and two to do.
    declare(stage, cast, round, 0, &SECTIONS[..2], 3)?;
    events(stage, cast)?;
    stage.at(10, 12, 9);
    for village in 1..6 {
        verify(stage, cast, round, village, &SECTIONS, 3)?;
    }
    let back = ReturnSection {
        round,
        place: cast.villages[6],
        section: "common_prosperity".to_owned(),
        reason: "成员名册封面没有盖章，请补盖后重新上传。".to_owned(),
        due: Day::new(2026, 10, 16).ok_or("a day")?,
    };
    let at = (round, cast.villages[6], "common_prosperity");
    stage.act_on_section(cast.verifier, at, &back)?;
    stage.at(10, 13, 15);
    for village in 1..3 {
        review(stage, cast, round, village, &SECTIONS)?;
    }
    stage.app.seal(true)?;
    Ok(())
}

/// Events of the third quarter: a bonus verified, one that waits, a penalty proposed, and one
/// verified to which the village objects.
fn events(stage: &mut Stage, cast: &Cast) -> Staged<()> {
    let day = |month, day| Day::new(2026, month, day).ok_or("a day");
    let honour = named(
        stage,
        cast,
        1,
        "award_county",
        day(9, 10)?,
        "获评全县人居环境整治先进村。",
    )?;
    let honour = stage
        .act(cast.secretaries[1], &DeclareEvent { event: honour })?
        .event;
    let project = named(
        stage,
        cast,
        0,
        "project_landed",
        day(9, 22)?,
        "草莓大棚项目签约并开工。",
    )?;
    stage.act(cast.secretaries[0], &DeclareEvent { event: project })?;
    let circular = named(
        stage,
        cast,
        2,
        "criticism",
        day(8, 19)?,
        "河道保洁不到位，被县里通报。",
    )?;
    let circular = stage
        .act(cast.reviewer, &ProposeEvent { event: circular })?
        .event;
    let petition = named(
        stage,
        cast,
        0,
        "petition",
        day(9, 3)?,
        "土地流转费支付引起的县级信访。",
    )?;
    stage.act(cast.reviewer, &ProposeEvent { event: petition })?;
    stage.at(10, 9, 16);
    for (event, fault_found, reason) in [
        (honour, false, "表彰决定齐全。"),
        (circular, true, "现场核对，保洁合同由村里签订，责任在村。"),
    ] {
        let verify = VerifyEvent {
            event,
            finding: EventFinding::Accept,
            fault_found,
            reason: Some(reason.to_owned()),
        };
        stage.act(cast.verifier, &verify)?;
    }
    let contest = ContestEvent {
        event: circular,
        reason: "通报的河段属于邻村，附河道分界图。".to_owned(),
    };
    stage.act(cast.secretaries[2], &contest)?;
    Ok(())
}

/// An event of a village with a picture that shows it.
fn named(
    stage: &Stage,
    cast: &Cast,
    village: usize,
    item: &str,
    occurred_on: Day,
    description: &str,
) -> Staged<NamedEvent> {
    // The village shows what adds marks, the county what takes them off.
    let account = match item {
        "criticism" | "petition" => cast.reviewer,
        _ => cast.secretaries[village],
    };
    let evidence = EvidenceFile {
        file: stage.upload_picture(account, picture(village))?,
        name: format!("{}佐证.png", VILLAGES[village].0),
    };
    Ok(NamedEvent {
        place: cast.villages[village],
        item: item.to_owned(),
        occurred_on,
        description: description.to_owned(),
        same_as: None,
        joint: false,
        long_ago: false,
        evidence: vec![evidence],
    })
}

/// The village whose visits were recorded late: granted on appeal, and others fall behind it.
const VISITED_LATE: usize = 7;
/// The village whose book missed a rent.
const RENT_MISSED: usize = 4;

/// A village appeals against one of its items, with a picture of the record.
fn appeal(
    stage: &Stage,
    cast: &Cast,
    round: RoundId,
    village: usize,
    item: &str,
) -> Staged<AppealId> {
    let evidence = EvidenceFile {
        file: stage.upload_picture(cast.secretaries[village], picture(village))?,
        name: format!("{}补充记录.png", VILLAGES[village].0),
    };
    let lodge = LodgeAppeal {
        round,
        place: cast.villages[village],
        item: Some(item.to_owned()),
        claim: None,
        reason: "有一册记录当时在驻村工作队手里，没有录入，现补充。".to_owned(),
        evidence: vec![evidence],
    };
    Ok(stage.act(cast.secretaries[village], &lodge)?.appeal)
}

/// Somebody who had no part in it decides: granted with so many households visited, or not.
fn decide(stage: &Stage, cast: &Cast, appeal: AppealId, visited: Option<u32>) -> Staged<()> {
    let granted = visited.map(|visited| Answer {
        item: "households_visited".to_owned(),
        value: Some(visited.to_string()),
        ..Answer::default()
    });
    let (decision, reason) = match granted {
        Some(_) => (
            AppealDecision::Uphold,
            "补充的走访记录齐全，属实，予以更正。",
        ),
        None => (AppealDecision::Reject, "会议记录与签到表不符，维持原结果。"),
    };
    let decide = DecideAppeal {
        appeal,
        decision,
        reason: reason.to_owned(),
        items: granted.into_iter().collect(),
    };
    stage.act(cast.decider, &decide)?;
    Ok(())
}

/// A figure of the posted round is disputed, found wrong, put right in the book, and the result
/// corrected by it.
fn dispute_income(stage: &Stage, cast: &Cast, round: RoundId, period: Period) -> Staged<()> {
    let file = FileDispute {
        measure: "figure.collective_income".to_owned(),
        subject: cast.villages[RENT_MISSED],
        period: period.to_string(),
        claim: None,
        reason: "仓库租金 6 月已到账，台账少记一笔。".to_owned(),
        evidence: None,
    };
    let dispute = stage.act(cast.secretaries[RENT_MISSED], &file)?.dispute;
    let answer = AnswerDispute {
        dispute,
        answer: DisputeAnswer::Uphold,
        reason: "银行回单齐全，已补记。".to_owned(),
    };
    stage.act(cast.clerk, &answer)?;
    let (_, _, _, income, _) = VILLAGES[RENT_MISSED];
    let table = format!(
        "code,item,period,value,unit,source\n{},collective_income,{period},{}.00,元,三资台账\n",
        places::village_code(RENT_MISSED),
        income + income / 2,
    );
    let file = stage.upload_table(cast.clerk, table.as_bytes())?;
    let source = "三资台账".to_owned();
    stage.act(cast.clerk, &ImportFigures { file, source })?;
    let correct = CorrectRound {
        round,
        dispute,
        reason: "台账补记租金后重新计算。".to_owned(),
    };
    stage.act(cast.clerk, &correct)?;
    Ok(())
}

/// What the books say, imported as the county would: a CSV file from the accounting agency.
fn record_figures(stage: &Stage, cast: &Cast, period: Period, percent: u32) -> Staged<()> {
    let mut table = String::from("code,item,period,value,unit,source\n");
    for (number, (_, posts, households, income, due)) in VILLAGES.iter().enumerate() {
        let code = places::village_code(number);
        // A little of each village's own, so that ranks move between the quarters.
        let own = 100 + u32::try_from(number * 7 % 5).unwrap_or(0);
        let income = income * percent / 100 * own / 100;
        let rows = [
            ("posts_due", posts.to_string(), "人", "编制台账"),
            ("households", households.to_string(), "户", "户籍登记"),
            (
                "collective_income",
                format!("{income}.00"),
                "元",
                "三资台账",
            ),
            ("disclosures_due", due.to_string(), "项", "村务公开目录"),
        ];
        for (item, value, unit, source) in rows {
            writeln!(table, "{code},{item},{period},{value},{unit},{source}")?;
        }
    }
    let file = stage.upload_table(cast.clerk, table.as_bytes())?;
    stage.act(
        cast.clerk,
        &ImportFigures {
            file,
            source: "三资台账".to_owned(),
        },
    )?;
    Ok(())
}

fn open(stage: &Stage, cast: &Cast, period: Period, until: [(i8, i8); 3]) -> Staged<RoundId> {
    let day = |(month, day)| Day::new(2026, month, day).ok_or("a day");
    let tenant = stage.tenant;
    let schemes = stage
        .app
        .store()
        .read(move |c| assessment::scheme::all(c, tenant))
        .wait()?;
    let scheme = schemes.first().ok_or("the scheme was published")?.scheme;
    let opened = stage.act(
        cast.clerk,
        &OpenRound {
            scheme,
            period,
            place: cast.county,
            title: None,
            declare_until: day(until[0])?,
            verify_until: day(until[1])?,
            review_until: day(until[2])?,
            posting_days: 5,
        },
    )?;
    Ok(opened.round)
}

/// What a village's secretary types, and what the town's station supplies, by section.
fn answers(
    stage: &Stage,
    cast: &Cast,
    section: &str,
    village: usize,
    salt: usize,
    by_town: bool,
) -> Staged<Vec<Answer>> {
    let (_, posts, households, _, due) = VILLAGES[village];
    // Four steps of diligence, spread so that ranks differ: 0 is best.
    let step = u32::try_from((village * 5 + salt) % 12).unwrap_or(0);
    let plain = |item: &str, value: String| Answer {
        item: item.to_owned(),
        value: Some(value),
        ..Answer::default()
    };
    Ok(match (section, by_town) {
        ("fortress", false) => vec![
            plain("posts_filled", (posts - u32::from(step > 8)).to_string()),
            plain("meetings_held", (12 - step / 2).to_string()),
        ],
        ("leader", false) => {
            vec![plain(
                "households_visited",
                (households * (100 - 4 * step) / 100).to_string(),
            )]
        }
        ("leader", true) => vec![plain("tasks_on_time", format!("{}.5", 99 - 3 * step))],
        ("common_prosperity", false) => {
            let mut share = plain("coop_share", format!("{}.0", 72 - 3 * step));
            share.evidence.push(register_cover(stage, cast, village)?);
            vec![share]
        }
        ("common_prosperity", true) => {
            vec![plain(
                "contracts_filed",
                if step == 11 { "88.0" } else { "100" }.to_owned(),
            )]
        }
        ("well_being", false) => vec![plain("disclosures_on_time", (due - step / 3).to_string())],
        ("well_being", true) => vec![plain("environment_check", format!("{}.0", 96 - 2 * step))],
        _ => Vec::new(),
    })
}

/// The cover of a co-op's register as a small drawn picture.
fn register_cover(stage: &Stage, cast: &Cast, village: usize) -> Staged<EvidenceFile> {
    Ok(EvidenceFile {
        file: stage.upload_picture(cast.secretaries[village], picture(village))?,
        name: format!("{}合作社成员名册封面.png", VILLAGES[village].0),
    })
}

fn declare(
    stage: &Stage,
    cast: &Cast,
    round: RoundId,
    village: usize,
    sections: &[&str],
    salt: usize,
) -> Staged<()> {
    for section in sections {
        let items = answers(stage, cast, section, village, salt, false)?;
        let at = (round, cast.villages[village], *section);
        let (place, section) = (cast.villages[village], (*section).to_owned());
        stage.act_on_section(
            cast.secretaries[village],
            at,
            &Declare {
                round,
                place,
                section,
                items,
            },
        )?;
    }
    Ok(())
}

fn verify(
    stage: &Stage,
    cast: &Cast,
    round: RoundId,
    village: usize,
    sections: &[&str],
    salt: usize,
) -> Staged<()> {
    for section in sections {
        let mut items = answers(stage, cast, section, village, salt, true)?;
        // One adjustment, so that two values stand side by side with a reason.
        if *section == "fortress" && village == 3 {
            items.push(Answer {
                item: "meetings_held".to_owned(),
                value: Some("9".to_owned()),
                reason: Some("6 月有一次会议没有记录，核减 1 次。".to_owned()),
                ..Answer::default()
            });
        }
        let at = (round, cast.villages[village], *section);
        let (place, section) = (cast.villages[village], (*section).to_owned());
        stage.act_on_section(
            cast.verifier,
            at,
            &Verify {
                round,
                place,
                section,
                items,
            },
        )?;
    }
    Ok(())
}

fn review(
    stage: &Stage,
    cast: &Cast,
    round: RoundId,
    village: usize,
    sections: &[&str],
) -> Staged<()> {
    for section in sections {
        let at = (round, cast.villages[village], *section);
        let (place, section) = (cast.villages[village], (*section).to_owned());
        let items = Vec::new();
        stage.act_on_section(
            cast.reviewer,
            at,
            &Review {
                round,
                place,
                section,
                items,
            },
        )?;
    }
    Ok(())
}

/// A PNG of 160 × 100 grey pixels with a border and one bar a village: enough to be looked at.
pub fn picture(village: usize) -> Vec<u8> {
    const WIDTH: usize = 160;
    const HEIGHT: usize = 100;
    let mut pixels = Vec::with_capacity((WIDTH + 1) * HEIGHT);
    for row in 0..HEIGHT {
        pixels.push(0);
        for column in 0..WIDTH {
            let border = !(3..HEIGHT - 3).contains(&row) || !(3..WIDTH - 3).contains(&column);
            let bar = (40..60).contains(&row) && (12..24 + village * 10).contains(&column);
            pixels.push(match (border, bar) {
                (true, _) => 90,
                (_, true) => 140,
                _ => 245,
            });
        }
    }
    let mut header = Vec::new();
    header.extend(u32::try_from(WIDTH).unwrap_or(0).to_be_bytes());
    header.extend(u32::try_from(HEIGHT).unwrap_or(0).to_be_bytes());
    header.extend([8, 0, 0, 0, 0]);
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    chunk(&mut png, *b"IHDR", &header);
    chunk(&mut png, *b"IDAT", &stored_zlib(&pixels));
    chunk(&mut png, *b"IEND", &[]);
    png
}

/// A zlib stream of one stored block: no compression is worth 16 KB.
fn stored_zlib(data: &[u8]) -> Vec<u8> {
    let length = u16::try_from(data.len()).expect("a small picture fits one stored block");
    let mut out = vec![0x78, 0x01, 0x01];
    out.extend(length.to_le_bytes());
    out.extend((!length).to_le_bytes());
    out.extend(data);
    let (mut a, mut b) = (1_u32, 0_u32);
    for byte in data {
        a = (a + u32::from(*byte)) % 65_521;
        b = (b + a) % 65_521;
    }
    out.extend((b << 16 | a).to_be_bytes());
    out
}

fn chunk(png: &mut Vec<u8>, kind: [u8; 4], data: &[u8]) {
    png.extend(u32::try_from(data.len()).unwrap_or(u32::MAX).to_be_bytes());
    let start = png.len();
    png.extend(kind);
    png.extend(data);
    let mut crc = u32::MAX;
    for byte in &png[start..] {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 {
                crc >> 1 ^ 0xedb8_8320
            } else {
                crc >> 1
            };
        }
    }
    png.extend((!crc).to_be_bytes());
}
