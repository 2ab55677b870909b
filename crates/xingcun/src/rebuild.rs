//! `xingcun rebuild --dir DIR [--check]`: derived tables filled again from the record. What they
//! held is compared with what the record says, so a row that was changed behind the program's back
//! is found here, as `journal verify --against` finds it in the record itself. Results that the
//! record keeps for ever are computed again and compared; of those nothing is changed.

use std::path::PathBuf;
use std::process::ExitCode;

use app::{Recount, Recounted};
use clap::Args;
use kernel::Tenant;
use store::{Rebuild, Rebuilt, Store, StoreError, rebuild_all};

use crate::console::Console;
use crate::folder::Folder;
use crate::house;

/// `rebuild`.
#[derive(Debug, Args)]
pub struct RebuildArguments {
    /// 数据目录 · data folder
    #[arg(long, value_name = "DIR")]
    dir: PathBuf,
    /// 只比对，不改动 · compare only, change nothing
    #[arg(long)]
    check: bool,
}

/// Runs it. Exit code 1 where a table held anything else than the record says, or a posted result
/// is not what comes out of its values.
pub fn run(arguments: &RebuildArguments, console: &Console) -> ExitCode {
    match all(arguments, console) {
        Ok(differing) => ExitCode::from(u8::from(differing > 0)),
        Err(error) => {
            console.print_error(&*error);
            ExitCode::FAILURE
        }
    }
}

fn all(
    arguments: &RebuildArguments,
    console: &Console,
) -> Result<usize, Box<dyn std::error::Error>> {
    let folder = Folder::open(&arguments.dir)?;
    let _lock = folder.lock()?;
    let demonstration = folder.config.demonstration;
    let store = Store::open(&folder.database(), &house::schemas(demonstration))?;
    let features = house::features(demonstration);
    let rebuilds: Vec<Rebuild> = features
        .iter()
        .flat_map(|feature| feature.rebuilds.clone())
        .collect();
    let recounts: Vec<Recount> = features
        .iter()
        .flat_map(|feature| feature.recounts.clone())
        .collect();
    let tenants = store.read(|c| app::tenant::tenants(c)).wait()?;
    let (mut differing, mut results) = (0, 0);
    for tenant in tenants {
        for table in filled(&store, &rebuilds, tenant, arguments.check)? {
            differing += usize::from(table.differs());
            tell(console, &table);
        }
        for recount in &recounts {
            let (run, table) = (recount.run, recount.table);
            let recounted = store
                .read(move |connection| run(connection, tenant))
                .wait()?;
            results += recounted.differing.len();
            tell_recounted(console, table, &recounted);
        }
    }
    store.close();
    let done = match (arguments.check, differing) {
        (_, 0) => "rebuild-agrees",
        (true, _) => "rebuild-differs",
        (false, _) => "rebuild-mended",
    };
    let count = i64::try_from(differing)?;
    let text = console.locale().text(done).arg("count", count).to_string();
    crate::console::print_line(&text);
    Ok(differing + results)
}

fn tell_recounted(console: &Console, table: &str, recounted: &Recounted) {
    let text = console.locale().text("rebuild-recounted");
    let compared = i64::try_from(recounted.compared).unwrap_or(i64::MAX);
    let line = text.arg("table", table).arg("count", compared).to_string();
    crate::console::print_line(&line);
    for what in &recounted.differing {
        let text = console.locale().text("rebuild-result-differs");
        crate::console::print_line(&text.arg("what", what.as_str()).to_string());
    }
}

fn tell(console: &Console, table: &Rebuilt) {
    let number = |rows: u64| i64::try_from(rows).unwrap_or(i64::MAX);
    let key = if table.differs() {
        "rebuild-table-differs"
    } else {
        "rebuild-table"
    };
    let text = console.locale().text(key);
    let line = text
        .arg("table", table.before.table.as_str())
        .arg("before", number(table.before.rows))
        .arg("after", number(table.after.rows));
    crate::console::print_line(&line.to_string());
}

/// Ends the transaction of a comparison without keeping anything of it.
enum Undone {
    Compared(Vec<Rebuilt>),
    Failed(StoreError),
}

impl From<StoreError> for Undone {
    fn from(error: StoreError) -> Undone {
        Undone::Failed(error)
    }
}

fn filled(
    store: &Store,
    rebuilds: &[Rebuild],
    tenant: Tenant,
    check: bool,
) -> Result<Vec<Rebuilt>, StoreError> {
    let rebuilds = rebuilds.to_vec();
    let done = store.write(move |connection| {
        let tables = rebuild_all(connection, &rebuilds, tenant)?;
        if check {
            return Err(Undone::Compared(tables));
        }
        Ok(tables)
    });
    match done.wait() {
        Ok(tables) | Err(Undone::Compared(tables)) => Ok(tables),
        Err(Undone::Failed(error)) => Err(error),
    }
}
