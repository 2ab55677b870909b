//! The ranking to be saved: what the visitor may see of it, with the filters and the order of the
//! page. Bands stay bands: a file tells nobody more than the page.

use access::Action;
use kernel::Decimal;
use store::Connection;
use web::{Cell, Context, PageError, Params, Policy, Route, Table};

use crate::result::ranking::{self, Line};

/// The routes.
pub(crate) fn routes() -> [Route; 2] {
    Route::table(
        [
            "/rounds/{round}/ranking.xlsx",
            "/rounds/{round}/ranking.csv",
        ],
        Policy::Holds(Action::ScoreRead),
        export,
    )
}

fn export(
    context: &Context,
    params: &Params,
    connection: &mut dyn Connection,
) -> Result<Table, PageError> {
    let l = &context.l;
    let shown = ranking::read(context, params, connection, u32::MAX)?;
    let row = |line: Line| -> Vec<Cell> {
        vec![
            numbered(line.rank),
            line.name.into(),
            line.town.into(),
            numbered(line.score),
            line.grade.into(),
            numbered(line.rank_in_group),
        ]
    };
    let heads = [
        "ranking-rank",
        "ranking-village",
        "ranking-town",
        "ranking-score",
        "ranking-grade",
        "ranking-rank-in-group",
    ];
    let title = format!("{} {}", l.text("ranking-title"), shown.title);
    let narrowed = [
        ("ranking-state", shown.state.as_deref().unwrap_or_default()),
        ("ranking-village", shown.words.as_str()),
        ("ranking-town", shown.town.as_str()),
        ("ranking-grade", shown.grade.as_str()),
    ];
    Ok(Table::new(l, title, &heads, context.now)
        .narrowed(l, &narrowed)
        .rows(shown.lines.into_iter().map(row)))
}

/// A number where the text is one: a band and a missing rank are words.
fn numbered(text: String) -> Cell {
    match text.parse::<Decimal>() {
        Ok(number) => number.into(),
        Err(_) => text.into(),
    }
}
