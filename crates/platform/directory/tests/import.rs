//! Imports as pure functions: the roster of a real county, and every wrong cell told.
#![allow(missing_docs, clippy::unwrap_used, reason = "tests")]

use directory::import::{ItemIndex, KnownItem, figures, places};
use directory::place::{Place, PlaceDraft, PlaceKind, PlaceLevel};
use directory::sheet::{self, LIMITS, Sheet};
use directory::{FigureId, figure::FigureValue};
use kernel::{Day, Decimal, Finding, Id, PlaceId, Unit};

const CHANGLE: &[u8] = include_bytes!("data/changle-places.csv");

fn sheet(csv: &str) -> Sheet {
    sheet::read(csv.as_bytes(), &LIMITS).unwrap()
}

fn day() -> Day {
    "2026-01-01".parse().unwrap()
}

/// Ids 1, 2, 3, …
fn ids<T: From<Id>>() -> impl FnMut() -> T {
    let mut number = 0_u64;
    move || {
        number += 1;
        let mut bytes = [0; 16];
        bytes[8..].copy_from_slice(&number.to_be_bytes());
        T::from(Id::from_bytes(bytes))
    }
}

fn planned(sheet: &Sheet, existing: &[Place]) -> Result<places::PlacePlan, Vec<Finding>> {
    let roster = places::read(sheet)?;
    places::plan(sheet, &roster, existing, day(), &mut ids::<PlaceId>())
}

/// The drafts as they would stand after writing.
fn written(drafts: &[PlaceDraft]) -> Vec<Place> {
    let place = |draft: &PlaceDraft| Place {
        place: draft.place,
        version: 1,
        kind: draft.kind,
        name: draft.name.clone(),
        alias: draft.alias.clone(),
        code: draft.code,
        parent: draft.parent,
        valid_from: draft.valid_from,
        valid_to: draft.valid_to,
    };
    drafts.iter().map(place).collect()
}

fn texts(findings: &[Finding]) -> Vec<String> {
    findings
        .iter()
        .map(|finding| format!("{} {}", finding.place, finding.code))
        .collect()
}

#[test]
fn the_roster_of_a_real_county_imports_as_it_stands() {
    let sheet = sheet::read(CHANGLE, &LIMITS).unwrap();
    let roster = places::read(&sheet).unwrap();
    assert_eq!(roster.findings, [], "nothing to remark on");
    let plan = planned(&sheet, &[]).unwrap();
    let count =
        |test: &dyn Fn(&PlaceDraft) -> bool| plan.drafts.iter().filter(|draft| test(draft)).count();
    assert_eq!(plan.added, 401);
    assert_eq!(count(&|draft| draft.kind == PlaceKind::County), 1);
    assert_eq!(count(&|draft| draft.kind == PlaceKind::Street), 4);
    assert_eq!(count(&|draft| draft.kind == PlaceKind::Town), 4);
    assert_eq!(count(&|draft| draft.kind == PlaceKind::Community), 22);
    assert_eq!(count(&|draft| draft.kind == PlaceKind::Village), 370);
    let county = &plan.drafts[0];
    assert_eq!((county.name.as_str(), county.parent), ("昌乐县", None));
    let town = |draft: &PlaceDraft| plan.drafts.iter().find(|t| Some(t.place) == draft.parent);
    assert!(plan.drafts.iter().skip(1).all(|draft| {
        let above = if draft.kind.level() == PlaceLevel::Town {
            PlaceLevel::County
        } else {
            PlaceLevel::Town
        };
        town(draft).unwrap().kind.level() == above
    }));
    let short = |name: &str| {
        let draft = plan.drafts.iter().find(|draft| draft.name == name);
        draft.unwrap().alias.clone().unwrap()
    };
    assert_eq!(short("马宋村村委会"), "马宋村");
    assert_eq!(short("乔官村委会"), "乔官村");
}

#[test]
fn the_same_roster_again_changes_nothing() {
    let sheet = sheet::read(CHANGLE, &LIMITS).unwrap();
    let first = planned(&sheet, &[]).unwrap();
    let again = planned(&sheet, &written(&first.drafts)).unwrap();
    assert_eq!(
        (again.drafts.len(), again.added, again.unchanged),
        (0, 0, 401)
    );
}

#[test]
fn a_changed_row_is_a_new_version_of_the_same_place() {
    let before = sheet(
        "code,name\n370725000000,某县\n370725101000,甲镇\n370725102000,乙镇\n370725101201,东村\n,",
    );
    let first = planned(&before, &[]).unwrap();
    let after = sheet(
        "区划代码,名称,上级代码\n370725000000,某县,\n370725101000,甲镇,370725000000\n\
         370725102000,乙镇,370725000000\n370725101201,新东村,370725102000\n",
    );
    let plan = planned(&after, &written(&first.drafts)).unwrap();
    assert_eq!((plan.added, plan.unchanged, plan.drafts.len()), (0, 3, 1));
    assert_eq!(plan.drafts[0].place, first.drafts[3].place);
    assert_eq!(plan.drafts[0].name, "新东村");
    assert_eq!(plan.drafts[0].parent, Some(first.drafts[2].place));
}

#[test]
fn levels_may_be_left_out() {
    // A city without counties, in any order of rows.
    let plan = planned(
        &sheet("编码,名称,级别\n441900003,东城街道,镇\n441900003005,岗贝社区,村\n441900000000,东莞市,市\n"),
        &[],
    )
    .unwrap();
    let names: Vec<_> = plan
        .drafts
        .iter()
        .map(|draft| draft.name.as_str())
        .collect();
    assert_eq!(names, ["东莞市", "东城街道", "岗贝社区"]);
    assert_eq!(plan.drafts[1].parent, Some(plan.drafts[0].place));
    assert_eq!(plan.drafts[2].parent, Some(plan.drafts[1].place));
}

#[test]
fn every_wrong_cell_of_a_roster_is_told() {
    let sheet = sheet(
        "某县名单,,,\ncode,name,level,parent_code\n370725000000,某县,county,\n\
         37072500000x,甲镇,town,370725000000\n370725101000,,town,370725000000\n\
         370725102000,乙镇,village,370725000000\n370725000000,丙县,county,\n\
         370725103000,丁镇,乡镇,99\n,戊村,,\n370725104000,己镇,厂,370725000000\n",
    );
    let findings = places::read(&sheet).unwrap_err();
    assert_eq!(
        texts(&findings),
        [
            "A4 division-code-not-digits",
            "B5 place-name-length",
            "C6 import-level-not-the-codes",
            "A7 import-code-twice",
            "D8 division-code-unknown-province",
            "C9 import-level-missing",
            "C10 import-level-unknown",
        ]
    );
    let found = &findings[0].args;
    assert!(found.contains(&("found".into(), "37072500000x".into())));
}

#[test]
fn parents_that_are_not_there_are_told_at_their_cell() {
    let sheet = sheet(
        "code,name,level,parent_code\n370725000000,某县,county,\n\
         370725101201,东村,village,370725101000\n370725102000,乙镇,town,370725102000\n\
         ,野村,village,\n",
    );
    let findings = planned(&sheet, &[]).unwrap_err();
    assert_eq!(
        texts(&findings),
        [
            "D4 place-parent-unknown",
            "D3 place-parent-unknown",
            "B5 import-parent-missing",
        ]
    );
}

#[test]
fn a_missing_or_double_column_is_told_at_the_header() {
    let read = |csv: &str| texts(&places::read(&sheet(csv)).unwrap_err());
    assert_eq!(
        read("代号,地方\n1,甲"),
        [
            "A1 import-column-missing",
            "A1 import-column-unknown",
            "B1 import-column-unknown",
        ]
    );
    assert_eq!(read("name,名称\n甲,乙"), ["B1 import-column-twice"]);
    assert_eq!(read("code,name\n"), [" import-no-rows"]);
}

/// Two towns with a village of the same name each.
fn index() -> directory::import::PlaceIndex {
    let roster = sheet(
        "code,name\n370725000000,某县\n370725101000,甲镇\n370725101201,店子村民委员会\n\
         370725102000,乙镇\n370725102201,店子村民委员会\n370725102202,东村\n",
    );
    directory::import::PlaceIndex::new(&written(&planned(&roster, &[]).unwrap().drafts))
}

fn read_figures(csv: &str) -> Result<figures::FigureList, Vec<Finding>> {
    let item = |code: &str, name: &str, unit: &str, scale, most: &str| {
        let known = KnownItem {
            names: vec![name.to_owned()],
            unit: Unit(unit.to_owned()),
            scale,
            minimum: Some(Decimal::ZERO),
            maximum: Some(most.parse().unwrap()),
        };
        (code.to_owned(), known)
    };
    let vast = "9".repeat(24);
    let items = ItemIndex::new([
        item("collective_income", "集体经济收入", "yuan", Some(2), &vast),
        item("income", "收入合计", "yuan", Some(0), "1000"),
        item("satisfaction", "满意度", "percent", None, "100"),
    ]);
    let (index, mut ids) = (index(), ids::<FigureId>());
    figures::read(&sheet(csv), &index, &items, "农业农村局", &mut ids)
}

#[test]
fn figures_are_read_exactly() {
    let list = read_figures(
        "区划代码,名称,指标,期间,数值,缺失原因,单位,来源,截至\n\
         370725101201,店子村,collective_income,2025,123456789012345678.90,,元,,2025-12-31\n\
         ,东村,collective_income,2025年,,账未结,元,会计中心,\n\
         370725102201,,satisfaction,2026年第一季度,0.1,,%,,\n",
    )
    .unwrap();
    let values: Vec<_> = list
        .drafts
        .iter()
        .map(|draft| draft.value.clone())
        .collect();
    assert_eq!(
        values,
        [
            FigureValue::Value("123456789012345678.9".parse().unwrap()),
            FigureValue::Missing("账未结".into()),
            FigureValue::Value("0.1".parse().unwrap()),
        ]
    );
    assert_eq!(list.drafts[0].source, "农业农村局");
    assert_eq!(list.drafts[1].source, "会计中心");
    assert_eq!(list.drafts[2].period.to_string(), "2026-Q1");
    assert_eq!(list.drafts[0].as_of, Some("2025-12-31".parse().unwrap()));
}

#[test]
fn figures_are_of_known_items_in_their_units_and_within_what_is_believed() {
    let findings = read_figures(
        "code,item,period,value,unit,missing\n\
         370725102202,income,2025,-500,斤,\n\
         370725102202,income,2026,-500,元,\n\
         370725102202,income,2024,1001,,\n\
         370725102202,income,2023,0.5,元,\n\
         370725102202,income,2022,0.2,万元,\n\
         370725102202,income,2021,,斤,账未结\n\
         370725102202,colective_incone,2025,1,元,\n\
         370725102202,满意度,2025,1,%,\n\
         370725102202,rainfall,2025,1,毫米,\n",
    )
    .unwrap_err();
    assert_eq!(
        texts(&findings),
        [
            "E2 import-other-unit",
            "D3 import-value-below",
            "D4 import-value-above",
            "D5 import-value-places",
            "D6 import-value-above",
            "E7 import-other-unit",
            "B8 import-item-unknown-near",
            "B9 import-item-unknown-near",
            "B10 import-item-unknown",
        ]
    );
    let arg = |finding: usize, name: &str| {
        let mut args = findings[finding].args.iter();
        let found = args.find(|(found, _)| found == name).unwrap();
        found.1.clone()
    };
    assert_eq!(
        (arg(0, "found"), arg(0, "expected")),
        ("斤".into(), "yuan".into())
    );
    assert_eq!(
        (arg(1, "found"), arg(1, "expected")),
        ("-500".into(), "0".into())
    );
    assert_eq!(arg(2, "expected"), "1000".into());
    assert_eq!(arg(6, "expected"), "collective_income".into());
    assert_eq!(arg(7, "expected"), "satisfaction".into());
    let list = read_figures(
        "code,item,period,value,unit\n\
         370725102202,income,2025,0.05,万元\n\
         370725102202,income,2026,500,\n",
    );
    for draft in list.unwrap().drafts {
        assert_eq!(draft.value, FigureValue::Value("500".parse().unwrap()));
        assert_eq!(draft.unit, "元");
    }
}

#[test]
fn every_wrong_cell_of_a_list_of_figures_is_told() {
    let findings = read_figures(
        "code,name,item,period,value,missing,as_of\n\
         370725109999,,income,2025,1,,\n\
         ,店子村,income,2025,1,,\n\
         370725101201,东村,income,2025,1,,\n\
         370725102202,,收入,去年,约74,,昨天\n\
         370725102202,,income,2025,,,\n\
         370725102202,,income,2025,1,不知,\n\
         370725102202,,income,2025,１２万,,\n\
         370725102202,,income,2025,\"1,20\",,\n\
         370725102202,,income,2025,1,,\n\
         370725102202,,income,2025年,2,,\n",
    )
    .unwrap_err();
    assert_eq!(
        texts(&findings),
        [
            "A2 import-place-unknown",
            "B3 import-place-ambiguous",
            "B4 import-name-not-the-codes",
            "C5 item-code-form",
            "D5 import-period-form",
            "E5 import-not-a-number",
            "G5 import-day-form",
            "E6 import-value-or-reason",
            "F7 import-value-and-reason",
            "E8 import-not-a-number",
            "E9 import-not-a-number",
            "E11 import-figure-twice",
        ]
    );
}

#[test]
fn many_findings_are_cut_and_counted() {
    let rows = "370725102202,income,2025,x\n".repeat(2_000);
    let findings = read_figures(&format!("code,item,period,value\n{rows}")).unwrap_err();
    assert_eq!(findings.len(), directory::import::FINDINGS_MAX + 1);
    let last = findings.last().unwrap();
    assert_eq!(last.code, "import-more-findings");
    assert_eq!(last.args[0].1, 1_500_i64.into());
}
