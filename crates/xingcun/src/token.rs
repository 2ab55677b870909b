//! `xingcun token NAME --dir DIR`: a one-time token issued on the machine; with `--reset-factor` the
//! second factor is taken away as well. The only way for the three administrators, whose accounts no
//! colleague may open alone; whoever can run this owns the data folder and its keys anyway. The
//! server must not be running.

use std::{path::PathBuf, sync::Arc};

use access::{AccountId, SetupToken};
use app::{App, SystemClock, SystemEntropy};
use clap::Args;
use kernel::Tenant;
use registry::{factor_reset::ResetFactor, tokens::IssueToken};

use crate::{console::Console, folder::Folder, house, setup::by_rule};

/// `token`.
#[derive(Debug, Args)]
pub struct TokenArguments {
    /// 登录名 · sign-in name of the account
    #[arg(value_name = "NAME")]
    name: String,
    /// 数据目录 · data folder
    #[arg(long, value_name = "DIR")]
    dir: PathBuf,
    /// 手机和恢复码都丢了：同时解除两步验证 · phone and recovery codes are lost: take the second factor away too
    #[arg(long)]
    reset_factor: bool,
}

/// The reason that the record keeps of a reset by this command.
const REASON: &str = "xingcun token --reset-factor";

/// Runs it.
pub fn run(
    arguments: &TokenArguments,
    console: &Console,
) -> Result<(), Box<dyn std::error::Error>> {
    let folder = Folder::open(&arguments.dir)?;
    let _lock = folder.lock()?;
    let app = house::open(&folder, Arc::new(SystemClock), Arc::new(SystemEntropy))?;
    let (tenant, name) = (Tenant(1), arguments.name.clone());
    let read = app
        .store()
        .read(move |c| access::account::by_sign_in_name(c, tenant, &name));
    let Some(account) = read.wait()? else {
        let finding = kernel::Finding::error("cli-user-unknown");
        console.complain(&[finding.arg("found", arguments.name.as_str())]);
        return Err(console.locale().text("token-not-issued").to_string().into());
    };
    if arguments.reset_factor {
        let (account, reason) = (account.account, REASON.to_owned());
        let reset = by_rule(&app, tenant, &ResetFactor { account, reason });
        if let Err(error) = reset {
            let refusal = error.downcast::<app::Refusal>()?;
            console.complain(&refusal.findings);
            return Err(console.locale().text("token-not-issued").to_string().into());
        }
    }
    let token = issue(&app, tenant, account.account)?;
    app.seal(false)?;
    app.store().close();
    let text = console.locale().text("token-issued");
    let text = text.arg("name", account.sign_in_name).arg("token", token);
    crate::console::print_line(&text.to_string());
    Ok(())
}

/// A one-time token by which the account's owner sets a password within thirty minutes. Its issue
/// stands in the record and in the journal as done on the machine.
pub fn issue(
    app: &App,
    tenant: Tenant,
    account: AccountId,
) -> Result<String, Box<dyn std::error::Error>> {
    let token = SetupToken::new(app.entropy().draw());
    let token_hash = token.hash_text();
    by_rule(
        app,
        tenant,
        &IssueToken {
            account,
            token_hash,
        },
    )?;
    Ok(token.expose())
}
