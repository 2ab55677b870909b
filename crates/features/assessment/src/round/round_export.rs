//! A whole round as one workbook: results, the marks of every node, and every figure that went in,
//! a sheet each. For those who see exact ranks; from the kept rows, not computed again.

use access::Action;
use score::Scheme;
use store::Connection;
use web::table::book;
use web::{Cell, Context, Download, PageError, Params, Policy, Route, Table};

use crate::result::calculation::ResultRow;
use crate::round::{self, Subject};
use crate::scope::{round_of, round_target, scheme_of};
use crate::{result, scheme, view};

/// The route.
pub(crate) fn route() -> Route {
    Route::download(
        "/rounds/{round}/round.xlsx",
        Policy::On(Action::RankReadExact, round_target),
        export,
    )
}

fn export(
    context: &Context,
    params: &Params,
    connection: &mut dyn Connection,
) -> Result<Download, PageError> {
    let (l, tenant) = (&context.l, context.tenant);
    let round = round_of(context, params, connection)?;
    let shown = result::shown(connection, tenant, &round)?.ok_or(PageError::NotFound)?;
    let published = scheme_of(connection, tenant, &round)?;
    let plan = scheme::plan(&published)?;
    let subjects = round::subjects(connection, tenant, round.round)?;
    let rows = result::rows(connection, tenant, round.round, &shown)?;
    let all: Vec<(&Subject, &ResultRow)> = subjects.iter().zip(&rows).collect();
    let title = view::round_title(l, &round, &published);
    let results = results(context, plan.scheme(), &all);
    let nodes = view::tree(plan.scheme());
    let node_heads = nodes.iter().map(|(_, node)| {
        let node = &plan.scheme().nodes[*node];
        format!("{} ({})", view::title(l, &node.title), node.full)
    });
    let marks = sheet(context, "export-marks", node_heads, &all, |row| {
        let cell = |(_, node): &(usize, usize)| -> Cell {
            match row.packed.nodes.get(*node).copied() {
                Some(score::Cell::Mark(mark)) => mark.into(),
                _ => l.text("value-missing").to_string().into(),
            }
        };
        nodes.iter().map(cell).collect()
    });
    let scheme = plan.scheme();
    let value_heads = plan.inputs().iter().map(|input| {
        let item = scheme.item_index(&input.item);
        let Some(item) = item.map(|index| &scheme.items[index]) else {
            return input.name();
        };
        let name = view::title(l, &item.title);
        format!("{name} ({}) {}", view::unit(l, &item.unit.0), input.name())
    });
    let values = sheet(context, "export-values", value_heads, &all, |row| {
        let inputs = row.packed.inputs.iter();
        inputs.map(|value| Cell::from(*value)).collect()
    });
    book(l, &title, &[&results, &marks, &values])
}

/// Rank, village, town, score, grade.
fn results(context: &Context, scheme: &Scheme, all: &[(&Subject, &ResultRow)]) -> Table {
    let l = &context.l;
    let heads = [
        "export-code",
        "ranking-village",
        "ranking-town",
        "ranking-score",
        "ranking-grade",
        "ranking-rank",
        "ranking-rank-in-group",
    ];
    let row = |(subject, row): &(&Subject, &ResultRow)| -> Vec<Cell> {
        let grade = row.grade.as_deref();
        vec![
            subject.code.clone().into(),
            subject.shown_name().into(),
            subject.town_name.clone().into(),
            row.score.into(),
            grade.map(|grade| view::grade(l, scheme, grade)).into(),
            row.rank.into(),
            row.rank_in_group.into(),
        ]
    };
    Table::new(l, l.text("export-round"), &heads, context.now).rows(all.iter().map(row))
}

/// A sheet whose first columns name the village.
fn sheet(
    context: &Context,
    title: &str,
    heads: impl Iterator<Item = String>,
    all: &[(&Subject, &ResultRow)],
    cells: impl Fn(&ResultRow) -> Vec<Cell>,
) -> Table {
    let l = &context.l;
    let mut table = Table::new(
        l,
        l.text(title),
        &["export-code", "ranking-village"],
        context.now,
    );
    table.heads.extend(heads);
    table.rows(all.iter().map(|(subject, row)| {
        let named: Vec<Cell> = vec![subject.code.clone().into(), subject.shown_name().into()];
        named.into_iter().chain(cells(row)).collect()
    }))
}
