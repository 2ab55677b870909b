//! Why a village has this mark: rule, inputs with who said them and when, every step, rounding,
//! and the record behind each figure. Computed again from the kept inputs, by the same plan.

use access::Action;
use askama::Template;
use directory::person;
use kernel::{Rounding, Tenant};
use score::{Applied, Explanation, NodeRounding, Operation, Term, TermOrigin};
use store::Connection;
use web::{
    Context, Head, Locale, Page, PageError, Params, Policy, Route, Samples, TrailEntry, TrailState,
};

use crate::{
    event::event_count,
    event::event_view::{self, EventLine},
    result::{self, Replay},
    round::{self, Round, Subject},
    sample,
    scheme::layout,
    scope::{self, round_of, subject_of, village_target},
    section::cell,
    section::value::{Given, ValueEvent, ValueKind},
    view,
};

/// The explanation of one node of one village.
#[derive(Debug, Template)]
#[template(path = "result/explanation.html")]
pub struct ExplanationPage {
    l: Locale,
    round: String,
    place: String,
    title: String,
    village: String,
    node: String,
    mark: String,
    full: String,
    rule: Vec<String>,
    inputs: Vec<Input>,
    steps: Vec<Step>,
    children: Vec<Child>,
    /// The events that were taken into the round for this node.
    events: Vec<EventLine>,
    notes: Vec<String>,
    digest: String,
    agrees: bool,
}

/// A figure that went in, with everything that was said of it.
#[derive(Debug)]
pub struct Input {
    title: String,
    value: String,
    unit: String,
    history: Vec<TrailEntry>,
}

/// One step of the calculation.
#[derive(Debug)]
pub struct Step {
    label: String,
    sum: String,
    value: String,
}

/// A node below, in a roll-up.
#[derive(Debug)]
pub struct Child {
    code: String,
    title: String,
    mark: String,
    full: String,
    weight: String,
}

/// The route.
pub(crate) fn route() -> Route {
    Route::page(
        "/rounds/{round}/villages/{place}/nodes/{node}",
        Policy::On(Action::ScoreRead, village_target),
        page,
    )
}

fn page(
    context: &Context,
    params: &Params,
    connection: &mut dyn Connection,
) -> Result<ExplanationPage, PageError> {
    let (l, tenant) = (&context.l, context.tenant);
    let round = round_of(context, params, connection)?;
    let subject = subject_of(tenant, params, connection)?;
    let shown = scope::shown(context, connection, &round)?.ok_or(PageError::NotFound)?;
    let replay = result::replay(connection, tenant, &round, &shown)?;
    let position = replay.position(subject.place).ok_or(PageError::NotFound)?;
    let scheme = replay.plan.scheme();
    let node = scheme
        .node_index(params.path("node"))
        .ok_or(PageError::NotFound)?;
    let explained = score::explain(
        &replay.plan,
        &replay.columns,
        &replay.results,
        position,
        node,
    );
    let inputs = inputs(l, tenant, connection, &round, &subject, &replay, &explained)?;
    let read = layout::items_of_rule(scheme, &scheme.nodes[node].rule);
    let mut events = Vec::new();
    let number = subject.subject_no;
    for found in event_count::of_subject(connection, tenant, round.round, number)? {
        if read.contains(&found.item) {
            let line = event_view::line(l, connection, tenant, &found, String::new())?;
            events.push(line);
        }
    }
    Ok(ExplanationPage {
        round: round.round.to_string(),
        place: subject.place.to_string(),
        title: view::round_title(l, &round, &replay.published),
        village: subject.shown_name().to_owned(),
        node: view::title(l, &explained.title),
        mark: view::mark(l, &scheme.nodes[node], explained.counted()),
        full: view::of_full(l, &scheme.nodes[node]),
        rule: explained
            .rule
            .iter()
            .map(|line| view::rule_line(l, scheme, line))
            .collect(),
        inputs,
        steps: steps(l, &explained),
        children: explained
            .children
            .iter()
            .map(|child| Child {
                code: child.node.clone(),
                title: view::title(l, &child.title),
                mark: match scheme.node_index(&child.node) {
                    Some(node) => view::mark(l, &scheme.nodes[node], child.counted),
                    None => view::number(l, child.counted),
                },
                full: match scheme.node_index(&child.node) {
                    Some(node) => view::full(l, &scheme.nodes[node]),
                    None => child.full.to_string(),
                },
                weight: child
                    .weight
                    .map(|weight| weight.to_string())
                    .unwrap_or_default(),
            })
            .collect(),
        events,
        notes: notes(l, &explained),
        digest: app::FileHash(shown.digests.results).to_string()[..16].to_owned(),
        agrees: replay.agrees(position),
        l: l.clone(),
    })
}

/// Every input of the node, with its whole history: what the record held, who declared, verified,
/// reviewed, when and why.
fn inputs(
    l: &Locale,
    tenant: Tenant,
    connection: &mut dyn Connection,
    round: &Round,
    subject: &Subject,
    replay: &Replay,
    explained: &Explanation,
) -> Result<Vec<Input>, PageError> {
    let items = round::items(connection, tenant, round.round)?;
    let said = cell::history(connection, tenant, round.round, subject.subject_no)?;
    let mut inputs = Vec::new();
    for term in &explained.terms {
        let TermOrigin::Input {
            input, title, unit, ..
        } = &term.origin
        else {
            continue;
        };
        let names = replay.plan.inputs();
        let number = names
            .iter()
            .position(|known| known.name() == input.as_str());
        let item = number.and_then(|number| {
            let number = i64::try_from(number).ok()? + 1;
            items.iter().find(|item| item.item_no == number)
        });
        let mut history = Vec::new();
        for event in item
            .and_then(|item| said.get(&item.item_no))
            .into_iter()
            .flatten()
        {
            let who = match event.person {
                None if event.source.as_deref() == Some(event_count::SOURCE) => {
                    l.text("events-title").to_string()
                }
                None => event.source.clone().unwrap_or_default(),
                Some(person) => person::name(connection, tenant, person)?.unwrap_or_default(),
            };
            history.push(entry(l, event, who));
        }
        inputs.push(Input {
            title: view::title(l, title),
            value: term.value.to_string(),
            unit: view::unit(l, &unit.0),
            history,
        });
    }
    Ok(inputs)
}

fn entry(l: &Locale, event: &ValueEvent, who: String) -> TrailEntry {
    let key = match event.kind {
        ValueKind::Brought => "value-brought",
        ValueKind::Declared => "value-declared",
        ValueKind::Verified => "value-verified",
        ValueKind::Reviewed => "value-reviewed",
        ValueKind::Corrected => "value-corrected",
    };
    let value = match &event.given {
        Given::Value(value) => value.to_string(),
        Given::Missing(why) => l
            .text("explain-missing")
            .arg("why", why.as_str())
            .to_string(),
    };
    TrailEntry {
        time: l.minute(event.at),
        machine_time: view::machine_time(event.at),
        who,
        what: l.text(key).arg("value", value).to_string(),
        why: event.reason.clone().unwrap_or_default(),
        state: TrailState::Done,
    }
}

fn steps(l: &Locale, explained: &Explanation) -> Vec<Step> {
    let mut steps = Vec::new();
    for term in &explained.terms {
        let TermOrigin::Step {
            name,
            operation,
            terms,
        } = &term.origin
        else {
            continue;
        };
        let values: Vec<String> = terms
            .iter()
            .map(|position| match position {
                Some(position) => written(&explained.terms[*position]),
                None => l.text("value-missing").to_string(),
            })
            .collect();
        steps.push(Step {
            label: l.text(&format!("score-step-{name}")).to_string(),
            sum: sum(l, operation, &values),
            value: term.value.to_string(),
        });
    }
    steps
}

fn written(term: &Term) -> String {
    if term.value.is_negative() {
        format!("({})", term.value)
    } else {
        term.value.to_string()
    }
}

/// The step as it would be written on paper.
fn sum(l: &Locale, operation: &Operation, values: &[String]) -> String {
    let call = |name: &str| format!("{name}({})", values.join(", "));
    match operation {
        Operation::Add | Operation::Sum => values.join(" + "),
        Operation::Subtract => values.join(" − "),
        Operation::Multiply | Operation::Product => values.join(" × "),
        Operation::Divide => values.join(" ÷ "),
        Operation::Minimum => call("min"),
        Operation::Maximum => call("max"),
        Operation::NaturalLogarithm => call("ln"),
        Operation::GeometricMean | Operation::WeightedGeometricMean => call("gm"),
        Operation::Round { places, mode } => l
            .text("explain-round")
            .arg("value", values.join(", "))
            .arg("places", i64::from(*places))
            .arg("mode", rounding(l, *mode))
            .to_string(),
        Operation::LookUp { range, mark } => l
            .text("explain-look-up")
            .arg("value", values.join(", "))
            .arg("range", view::range(l, *range))
            .arg("mark", mark.to_string())
            .to_string(),
        Operation::Formula { expression, .. } => expression.clone(),
    }
}

fn rounding(l: &Locale, mode: Rounding) -> String {
    l.text(match mode {
        Rounding::HalfUp => "rounding-half-up",
        Rounding::HalfEven => "rounding-half-even",
        Rounding::HalfDown => "rounding-half-down",
        Rounding::Up => "rounding-up",
        Rounding::Down => "rounding-down",
        Rounding::Ceiling => "rounding-ceiling",
        Rounding::Floor => "rounding-floor",
    })
    .to_string()
}

fn notes(l: &Locale, explained: &Explanation) -> Vec<String> {
    let mut notes = Vec::new();
    if let Some(exact) = explained.exact() {
        notes.push(
            l.text("explain-before-rounding")
                .arg("value", exact.to_string())
                .to_string(),
        );
    }
    if let NodeRounding::Places { places, mode } = explained.round {
        let mode = rounding(l, mode);
        let text = l
            .text("explain-rounding")
            .arg("places", i64::from(places))
            .arg("mode", mode);
        notes.push(text.to_string());
    }
    if let Some(applied) = &explained.missing_policy_applied {
        let key = match applied {
            Applied::FilledValue => "explain-filled-value",
            Applied::FilledMark => "explain-filled-mark",
            Applied::Blocked => "explain-blocked",
            Applied::AwaitsAppeal => "explain-awaits-appeal",
            Applied::Zero => "explain-zero",
            Applied::Skipped => "explain-skipped",
            Applied::HeldBelow => "explain-held-below",
        };
        notes.push(l.text(key).to_string());
    }
    for gate in &explained.failed_gates {
        notes.push(
            l.text("explain-gate")
                .arg("gate", gate.as_str())
                .to_string(),
        );
    }
    notes
}

impl Page for ExplanationPage {
    fn head(&self) -> Head {
        Head::new(&self.node)
    }

    fn samples(l: &Locale) -> Samples<ExplanationPage> {
        let page = |village: &str, inputs: Vec<Input>| ExplanationPage {
            l: l.clone(),
            round: sample::id().to_string(),
            place: sample::id().to_string(),
            title: sample::round_title(l),
            village: village.to_owned(),
            node: l.choose("集体经济收入", "Collective income").to_owned(),
            mark: "8.8".to_owned(),
            full: "/ 10".to_owned(),
            rule: vec![l.text("score-round-exact").to_string()],
            inputs,
            steps: vec![Step {
                label: l.text("score-step-divisor").to_string(),
                sum: "38.62 ÷ 48".to_owned(),
                value: "0.804583333333333333333333".to_owned(),
            }],
            children: Vec::new(),
            events: event_view::samples(l, ""),
            notes: vec![l.text("explain-zero").to_string()],
            digest: "0123456789abcdef".to_owned(),
            agrees: true,
        };
        let input = |value: &str| Input {
            title: l.choose("集体经济收入", "Collective income").to_owned(),
            value: value.to_owned(),
            unit: l.choose("元", "yuan").to_owned(),
            history: vec![TrailEntry {
                time: l.minute(sample::now()),
                machine_time: view::machine_time(sample::now()),
                who: "三资台账".to_owned(),
                what: l.text("value-brought").arg("value", value).to_string(),
                why: String::new(),
                state: TrailState::Done,
            }],
        };
        let mut broken = page("柳湾村", vec![input("386200")]);
        broken.agrees = false;
        Samples {
            ordinary: page("柳湾村", vec![input("386200")]),
            longest: page(
                sample::LONGEST_PLACE,
                vec![input("123456789012.34"), input("1")],
            ),
            empty: Some(page("望山村", Vec::new())),
            with_error: Some(broken),
        }
    }
}
