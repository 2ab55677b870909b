//! The page of one appeal: what is appealed against, why, by when it is decided; the values side by
//! side; and the forms of whoever may decide it or take it back.

use access::{Action, Resource};
use askama::Template;
use directory::person;
use kernel::{Finding, Instant, PersonId};
use score::Plan;
use store::Connection;
use web::{
    Attempt, Choice, Context, Download, Form, FormHandler, FormStart, Head, Locale, Page,
    PageError, Params, Policy, Route, Samples, Target,
};

use crate::appeal::appeal_list::{left, state_chip, state_key};
use crate::appeal::decide_appeal::{AppealDecision, AppealMoved, DecideAppeal};
use crate::appeal::withdraw_appeal::WithdrawAppeal;
use crate::appeal::{self, Appeal, AppealFile, WHOLE_RESULT};
use crate::round::{self, Round, RoundItem, Subject};
use crate::scope::scheme_of;
use crate::section::answer::{Answer, field};
use crate::section::cell::{self, Cells};
use crate::section::evidence::known_type;
use crate::transition::AppealState;
use crate::{AppealId, sample, scheme, section::section_page, view};

/// A file shown with the appeal.
#[derive(Clone, Debug)]
pub struct ShownFile {
    name: String,
    size: String,
    href: String,
}

/// A value that a decision may correct.
#[derive(Clone, Debug)]
pub struct Value {
    code: String,
    title: String,
    unit: String,
    /// What counts now.
    counts: String,
}

impl Value {
    fn field(&self, part: &str) -> String {
        field(&self.code, part)
    }
}

/// The page.
#[derive(Debug, Template)]
#[template(path = "appeal/appeal_page.html")]
pub struct AppealPage {
    l: Locale,
    address: String,
    village: String,
    title: String,
    state: String,
    chip: &'static str,
    waits: bool,
    left: String,
    left_chip: &'static str,
    facts: Vec<(String, String)>,
    reason: String,
    answer: String,
    links: Vec<(String, String)>,
    files: Vec<ShownFile>,
    values: Vec<Value>,
    decisions: Vec<Choice>,
    may_decide: bool,
    may_withdraw: bool,
    start: FormStart,
    start_withdraw: FormStart,
    attempt: Attempt,
}

/// The routes.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::page(
            "/appeals/{appeal}",
            Policy::On(Action::ScoreRead, appeal_target),
            page,
        ),
        Route::form(
            "/appeals/{appeal}/decide",
            Policy::On(Action::ScoreDecideAppeal, appeal_target),
            FormHandler {
                read: read_decision,
                done,
                again: page,
            },
        ),
        Route::form(
            "/appeals/{appeal}/withdraw",
            Policy::On(Action::ScoreAppeal, appeal_target),
            FormHandler {
                read: read_withdrawal,
                done,
                again: page,
            },
        ),
        Route::download(
            "/appeals/{appeal}/files/{file}",
            Policy::On(Action::ScoreRead, appeal_target),
            download,
        ),
    ]
}

fn appeal_of(
    context: &Context,
    params: &Params,
    connection: &mut dyn Connection,
) -> Result<Appeal, PageError> {
    let id: AppealId = params.parse("appeal")?;
    appeal::get(connection, context.tenant, id)?.ok_or(PageError::NotFound)
}

/// An appeal as the target of a route: at its village by the round's own tree, with everybody who
/// had a part in it.
fn appeal_target(
    context: &Context,
    params: &Params,
    connection: &mut dyn Connection,
) -> Result<Target, PageError> {
    let tenant = context.tenant;
    let found = appeal_of(context, params, connection)?;
    let ancestors = round::ancestors(connection, tenant, found.round, found.subject_no)?;
    let mut target = Target::at(ancestors);
    target.history = appeal::involved(connection, tenant, &found)?;
    Ok(target)
}

fn id_of(params: &Params) -> Result<AppealId, Vec<Finding>> {
    let parsed = params.path("appeal").parse();
    parsed.map_err(|_| vec![Finding::error("not-found").arg("kind", "appeal")])
}

fn read_decision(_: &Context, params: &Params, form: &Form) -> Result<DecideAppeal, Vec<Finding>> {
    let decision = match form.text("decision") {
        "uphold" => AppealDecision::Uphold,
        "reject" => AppealDecision::Reject,
        _ => return Err(vec![Finding::error("required").field("decision")]),
    };
    let given = |answer: &Answer| answer.value.is_some() || answer.missing.is_some();
    let mut items = section_page::answers_of(form);
    items.retain(|answer| decision == AppealDecision::Uphold && given(answer));
    Ok(DecideAppeal {
        appeal: id_of(params)?,
        decision,
        reason: form.text("reason").to_owned(),
        items,
    })
}

fn read_withdrawal(
    _: &Context,
    params: &Params,
    form: &Form,
) -> Result<WithdrawAppeal, Vec<Finding>> {
    Ok(WithdrawAppeal {
        appeal: id_of(params)?,
        reason: form.text("reason").to_owned(),
    })
}

fn done(_: &Context, params: &Params, _: &AppealMoved) -> String {
    format!("/appeals/{}", params.path("appeal"))
}

fn download(
    context: &Context,
    params: &Params,
    connection: &mut dyn Connection,
) -> Result<Download, PageError> {
    let found = appeal_of(context, params, connection)?;
    let file: app::FileHash = params.parse("file")?;
    let files = appeal::files(connection, context.tenant, found.appeal)?;
    let known = files.into_iter().find(|known| known.file == file);
    let known = known.ok_or(PageError::NotFound)?;
    crate::section::evidence::stored(context, file, known.name, known_type(&known.media_type))
}

/// What the page is made of.
struct Read {
    found: Appeal,
    round: Round,
    subject: Subject,
    items: Vec<RoundItem>,
    cells: Cells,
    files: Vec<AppealFile>,
    plan: std::sync::Arc<Plan>,
    round_title: String,
    lodged_by: String,
    decided_by: String,
}

fn read(
    context: &Context,
    params: &Params,
    connection: &mut dyn Connection,
) -> Result<Read, PageError> {
    let tenant = context.tenant;
    let found = appeal_of(context, params, connection)?;
    let round = round::get(connection, tenant, found.round)?.ok_or(PageError::NotFound)?;
    let subjects = round::subjects(connection, tenant, round.round)?;
    let subject = subjects
        .into_iter()
        .find(|subject| subject.subject_no == found.subject_no)
        .ok_or(PageError::NotFound)?;
    let published = scheme_of(connection, tenant, &round)?;
    let mut name = |who: Option<PersonId>| -> Result<String, PageError> {
        let Some(who) = who else {
            return Ok(String::new());
        };
        Ok(person::name(connection, tenant, who)?.unwrap_or_default())
    };
    Ok(Read {
        lodged_by: name(Some(found.lodged_by))?,
        decided_by: name(found.decided.map(|(who, _)| who))?,
        items: round::items(connection, tenant, round.round)?,
        cells: cell::of_subject(connection, tenant, round.round, subject.subject_no)?,
        files: appeal::files(connection, tenant, found.appeal)?,
        plan: scheme::plan(&published)?,
        round_title: view::round_title(&context.l, &round, &published),
        found,
        round,
        subject,
    })
}

fn page(
    context: &Context,
    params: &Params,
    connection: &mut dyn Connection,
) -> Result<AppealPage, PageError> {
    let l = &context.l;
    let read = read(context, params, connection)?;
    let target = appeal_target(context, params, connection)?;
    let resource: Resource<'_> = target.resource(context.tenant);
    let waits = appeal::waits(&read.found);
    let may = |action| {
        waits && access::decide(&context.subject, action, &resource, context.today()).is_allowed()
    };
    let calendar = scheme::calendar(context.app().packs(), read.round.pack.as_deref());
    let (left, left_chip) = left(l, &calendar, read.found.due, context.today());
    let may_decide = may(Action::ScoreDecideAppeal);
    // Whoever could do either does the office's part here: one form, one reason.
    let may_withdraw = !may_decide && may(Action::ScoreAppeal);
    Ok(AppealPage {
        address: format!("/appeals/{}", read.found.appeal),
        village: read.subject.shown_name().to_owned(),
        title: about(l, &read),
        state: l.text(state_key(read.found.state)).to_string(),
        chip: state_chip(read.found.state),
        waits,
        left,
        left_chip,
        facts: facts(l, &read),
        reason: read.found.reason.clone(),
        answer: read.found.answer.clone().unwrap_or_default(),
        links: links(l, &read),
        files: files(l, &read),
        values: values(l, &read),
        decisions: decisions(l),
        may_decide,
        may_withdraw,
        start: context.form(),
        start_withdraw: context.form(),
        attempt: view::with_item_titles(l, read.plan.scheme(), &context.attempt),
        l: l.clone(),
    })
}

fn decisions(l: &Locale) -> Vec<Choice> {
    [("uphold", "decision-uphold"), ("reject", "decision-reject")]
        .map(|(value, key)| Choice::new(value, l.text(key)))
        .to_vec()
}

fn about(l: &Locale, read: &Read) -> String {
    let own = read
        .items
        .iter()
        .find(|item| item.item_no == read.found.item_no);
    match own {
        Some(item) if read.found.item_no != WHOLE_RESULT => title_of(l, &read.plan, &item.code),
        _ => l.text("appeal-whole").to_string(),
    }
}

pub(crate) fn title_of(l: &Locale, plan: &Plan, item: &str) -> String {
    let scheme = plan.scheme();
    scheme
        .item_index(item)
        .map(|index| view::title(l, &scheme.items[index].title))
        .unwrap_or_default()
}

fn facts(l: &Locale, read: &Read) -> Vec<(String, String)> {
    let by = |who: &str, at: Instant| format!("{who} · {}", l.minute(at));
    let found = &read.found;
    let mut facts = vec![
        ("appeal-about", about(l, read)),
        ("posting-version", found.version.to_string()),
        ("appeal-lodged-at", by(&read.lodged_by, found.lodged_at)),
        ("appeal-due", l.day(found.due.day)),
    ];
    if let Some(claim) = &found.claim {
        facts.push(("appeal-claim", claim.clone()));
    }
    if let Some((_, at)) = found.decided {
        facts.push(("appeal-decided-at", by(&read.decided_by, at)));
    }
    facts
        .into_iter()
        .map(|(key, value)| (l.text(key).to_string(), value))
        .collect()
}

fn links(l: &Locale, read: &Read) -> Vec<(String, String)> {
    let round = read.round.round;
    let sheet = format!("/rounds/{round}/villages/{}", read.subject.place);
    let mut links = vec![
        (format!("/rounds/{round}"), read.round_title.clone()),
        (sheet.clone(), l.text("sheet-title").to_string()),
    ];
    let own = read
        .items
        .iter()
        .find(|item| item.item_no == read.found.item_no);
    let node = own.and_then(|item| view::node_reading(read.plan.scheme(), &item.code));
    if let Some((_, node)) = node {
        let text = l.text("appeal-explained").to_string();
        links.push((format!("{sheet}/nodes/{}", node.code), text));
    }
    if read.found.state == AppealState::Upheld {
        let text = l.text("changes-title").to_string();
        links.push((format!("/rounds/{round}/changes"), text));
    }
    links
}

fn files(l: &Locale, read: &Read) -> Vec<ShownFile> {
    let show = |file: &AppealFile| ShownFile {
        name: file.name.clone(),
        size: l.size(u64::try_from(file.size_bytes).unwrap_or_default()),
        href: format!("/appeals/{}/files/{}", read.found.appeal, file.file),
    };
    read.files.iter().map(show).collect()
}

/// The values that a decision may correct: of the item, or of every item of the village.
fn values(l: &Locale, read: &Read) -> Vec<Value> {
    let scheme = read.plan.scheme();
    let whole = read.found.item_no == WHOLE_RESULT;
    let takes =
        |item: &&RoundItem| item.item_no == read.found.item_no || whole && item.moment == "period";
    let own = read.items.iter().filter(takes);
    own.filter_map(|item| {
        let definition = &scheme.items[scheme.item_index(&item.code)?];
        let cell = read.cells.get(&(read.subject.subject_no, item.item_no));
        Some(Value {
            code: item.code.clone(),
            title: view::title(l, &definition.title),
            unit: view::unit(l, &definition.unit.0),
            counts: view::number(l, cell.and_then(crate::section::value::Cell::value)),
        })
    })
    .collect()
}

impl Page for AppealPage {
    fn head(&self) -> Head {
        Head::new(format!("{} {}", self.village, self.title))
    }

    fn samples(l: &Locale) -> Samples<AppealPage> {
        let page = |village: &str, waits: bool| AppealPage {
            l: l.clone(),
            address: "/appeals/1".to_owned(),
            village: village.to_owned(),
            title: l
                .choose("本年已走访户数", "Households visited this year")
                .to_owned(),
            state: l
                .text(state_key(if waits {
                    AppealState::Lodged
                } else {
                    AppealState::Upheld
                }))
                .to_string(),
            chip: if waits { "info" } else { "1" },
            waits,
            left: l.text("clock-left").arg("days", 3).to_string(),
            left_chip: "info",
            facts: vec![
                (l.text("appeal-due").to_string(), l.day(sample::now().day())),
                (l.text("posting-version").to_string(), "1".to_owned()),
            ],
            reason: "走访记录漏录了两个村民组。".to_owned(),
            answer: if waits {
                String::new()
            } else {
                "补充的记录属实。".to_owned()
            },
            links: vec![("/rounds/1".to_owned(), sample::round_title(l))],
            files: vec![ShownFile {
                name: "走访记录.jpg".to_owned(),
                size: l.size(312_000_u64),
                href: "/appeals/1/files/2".to_owned(),
            }],
            values: vec![Value {
                code: "households_visited".to_owned(),
                title: l
                    .choose("本年已走访户数", "Households visited this year")
                    .to_owned(),
                unit: l.choose("户", "households").to_owned(),
                counts: "121".to_owned(),
            }],
            decisions: decisions(l),
            may_decide: waits,
            may_withdraw: false,
            start: sample::start(),
            start_withdraw: sample::start(),
            attempt: Attempt::default(),
        };
        let mut refused = page(sample::VILLAGE, true);
        refused.attempt.sent = true;
        refused.attempt.findings = vec![
            Finding::error("correction-missing").field("items"),
            Finding::error("correction-same")
                .field(field("households_visited", "value"))
                .arg(
                    "item",
                    l.choose("本年已走访户数", "Households visited this year"),
                ),
            Finding::error("rejected-with-values").field("items"),
            Finding::error("item-not-appealed").field("items").arg(
                "item",
                l.choose("村干部实际配备人数", "Village posts filled"),
            ),
            Finding::error("appeal-not-in-state")
                .arg("state", "upheld")
                .arg("act", "reject"),
        ];
        Samples {
            ordinary: page(sample::VILLAGE, true),
            longest: AppealPage {
                may_decide: false,
                may_withdraw: true,
                ..page(sample::LONGEST_PLACE, true)
            },
            empty: Some(page(sample::VILLAGE, false)),
            with_error: Some(refused),
        }
    }
}
