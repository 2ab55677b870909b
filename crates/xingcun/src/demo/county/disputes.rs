//! Figures that villages dispute: put right before anybody verified them, after the posting, and
//! not yet answered.

use app::dispute::{AnswerDispute, DisputeAnswer, FileDispute};
use assessment::correction::correct_round::CorrectRound;
use kernel::{Day, Period};

use super::{super::stage::Staged, rounds::Quarter, rounds::import};

/// The village whose contract was not in the list.
const CONTRACT_MISSED: usize = 17;
/// The village that asks in vain.
const IN_VAIN: usize = 52;
/// The village whose book missed a rent.
const RENT_MISSED: usize = 33;
/// Villages whose questions wait for an answer when the clock starts.
const WAITING: [usize; 2] = [65, 140];

/// A dispute of a village about a figure; its answer, where one is given.
struct Question<'a> {
    village: usize,
    item: &'a str,
    period: Period,
    reason: &'a str,
    answer: Option<(DisputeAnswer, &'a str)>,
}

fn ask(quarter: &Quarter<'_>, question: &Question<'_>) -> Staged<app::dispute::DisputeId> {
    let (stage, cast) = (quarter.stage, quarter.cast);
    let file = FileDispute {
        measure: format!("figure.{}", question.item),
        subject: cast.places[question.village],
        period: question.period.to_string(),
        claim: None,
        reason: question.reason.to_owned(),
        evidence: None,
    };
    let filed = stage.act(cast.secretaries[question.village], &file)?;
    if let Some((answer, reason)) = question.answer {
        let answer = AnswerDispute {
            dispute: filed.dispute,
            answer,
            reason: reason.to_owned(),
        };
        stage.act(cast.clerk, &answer)?;
    }
    Ok(filed.dispute)
}

/// In the first quarter of 2026 one village is right and one is not, before it declares.
pub fn before_verification(quarter: &Quarter<'_>) -> Staged<()> {
    let period = Period::quarter(2026, 1).ok_or("a quarter")?;
    let (cast, point) = (quarter.cast, quarter.point(CONTRACT_MISSED));
    ask(
        quarter,
        &Question {
            village: CONTRACT_MISSED,
            item: "contracts",
            period,
            reason: "新签的机动地合同没有录入台账。",
            answer: Some((DisputeAnswer::Uphold, "合同原件已核对，已补录。")),
        },
    )?;
    let contracts: u64 = point.value("contracts").parse()?;
    let code = &cast.villages[CONTRACT_MISSED].code;
    import(
        quarter.stage,
        cast,
        &format!("{code},contracts,{period},{},份,三资台账\n", contracts + 1),
    )?;
    ask(
        quarter,
        &Question {
            village: IN_VAIN,
            item: "households",
            period,
            reason: "户数应扣除长期外出户。",
            answer: Some((
                DisputeAnswer::Reject,
                "总户数按户籍登记口径，不扣除外出户。",
            )),
        },
    )?;
    Ok(())
}

/// After the posting of the fourth quarter of 2025 a book is put right, and the result corrected.
pub fn after_posting(quarter: &Quarter<'_>, posted: Day, period: Period) -> Staged<()> {
    let (stage, cast) = (quarter.stage, quarter.cast);
    stage.on(posted.plus_days(1), 9);
    let dispute = ask(
        quarter,
        &Question {
            village: RENT_MISSED,
            item: "collective_income",
            period,
            reason: "仓库租金 12 月已到账，台账少记一笔。",
            answer: Some((DisputeAnswer::Uphold, "银行回单齐全，已补记。")),
        },
    )?;
    let code = &cast.villages[RENT_MISSED].code;
    import(
        stage,
        cast,
        &format!("{code},collective_income,{period},1086000.00,元,三资台账\n"),
    )?;
    let correct = CorrectRound {
        round: quarter.round,
        dispute,
        reason: "台账补记租金后重新计算。".to_owned(),
    };
    stage.act(cast.clerk, &correct)?;
    Ok(())
}

/// Two questions that nobody has answered yet.
pub fn still_open(quarter: &Quarter<'_>, period: Period) -> Staged<()> {
    for (village, item) in WAITING
        .into_iter()
        .zip(["collective_income", "requests_closed"])
    {
        ask(
            quarter,
            &Question {
                village,
                item,
                period,
                reason: "与村里的账对不上，请核对。",
                answer: None,
            },
        )?;
    }
    Ok(())
}
