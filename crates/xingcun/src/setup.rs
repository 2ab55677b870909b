//! `xingcun setup`: makes a data folder, the tenant, and one-time tokens for the three separated
//! administrators.

use std::{io::Write, path::PathBuf, sync::Arc};

use app::{
    App, Caller, Clock, Entropy, Envelope, Establisher, Keys, SystemClock, SystemEntropy, Via,
};
use clap::Args;
use kernel::{CommandId, Id, Tenant};
use registry::setup::{Administrators, SetUpAdministrators};

use crate::{
    console::Console,
    folder::{Config, Folder},
    house,
};

/// `setup`.
#[derive(Debug, Args)]
pub struct SetupArguments {
    /// 数据目录 · data folder, made if it is not there
    #[arg(long, value_name = "DIR")]
    dir: PathBuf,
    /// 数据库地址；不写就用目录里的 SQLite · database address; without it, SQLite in the folder
    #[arg(long, value_name = "postgres://…")]
    db: Option<String>,
    /// 县（市、区）名称 · name of the governed area
    #[arg(long, value_name = "NAME", value_parser = not_blank)]
    area: String,
    /// 主办单位，显示在页脚 · who runs it, for the footer
    #[arg(long, value_name = "NAME", default_value = "")]
    sponsor: String,
    /// 备案号，显示在页脚 · filing number, for the footer
    #[arg(long, value_name = "NUMBER", default_value = "")]
    filing_number: String,
    /// 投诉建议电话，显示在联系页 · telephone for suggestions and complaints
    #[arg(long, value_name = "NUMBER", default_value = "")]
    telephone: String,
    /// 通信地址，显示在联系页 · postal address, for the contact page
    #[arg(long, value_name = "ADDRESS", default_value = "")]
    address: String,
    /// 网址，印在激活单上 · address under which people open the site, printed on activation slips
    #[arg(long, value_name = "https://…", default_value = "")]
    url: String,
}

/// A name that says something: it stands in titles and on paper.
fn not_blank(text: &str) -> Result<String, String> {
    let text = text.trim();
    if text.is_empty() {
        return Err("请写名称 · must not be empty".to_owned());
    }
    Ok(text.to_owned())
}

/// Runs it.
pub fn run(
    arguments: &SetupArguments,
    console: &Console,
) -> Result<(), Box<dyn std::error::Error>> {
    let config = Config {
        database: arguments
            .db
            .clone()
            .unwrap_or_else(|| Config::default().database),
        area: arguments.area.clone(),
        sponsor: arguments.sponsor.clone(),
        filing_number: arguments.filing_number.clone(),
        telephone: arguments.telephone.clone(),
        address: arguments.address.clone(),
        url: arguments.url.clone(),
        ..Config::default()
    };
    let (app, tenant, administrators, _lock) = prepare(
        &arguments.dir,
        &config,
        Arc::new(SystemClock),
        Arc::new(SystemEntropy),
    )?;
    // With what the environment says over the file, as the server will listen.
    let password_page = Folder::open(&arguments.dir)?.config.password_page();
    let tokens = [
        ("role-system-admin", "system-admin", administrators.system),
        (
            "role-security-admin",
            "security-admin",
            administrators.security,
        ),
        ("role-audit-admin", "audit-admin", administrators.audit),
    ];
    let mut out = std::io::stdout().lock();
    let l = console.locale();
    writeln!(
        out,
        "{}",
        l.text("setup-done")
            .arg("dir", arguments.dir.display().to_string())
            .arg("address", password_page)
    )?;
    for (role, name, account) in tokens {
        let token = crate::token::issue(&app, tenant, account)?;
        let text = l.text("setup-token");
        writeln!(
            out,
            "{}",
            text.arg("role", l.text(role).to_string())
                .arg("name", name)
                .arg("token", token)
        )?;
    }
    writeln!(
        out,
        "{}",
        l.text("setup-next")
            .arg("dir", arguments.dir.display().to_string())
    )?;
    app.seal(true)?;
    app.store().close();
    Ok(())
}

/// A fresh folder with its key, its database, its tenant and the three administrators.
pub fn prepare(
    dir: &std::path::Path,
    config: &Config,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
) -> Result<(App, Tenant, Administrators, crate::folder::Lock), Box<dyn std::error::Error>> {
    let folder = Folder::make(dir, config)?;
    let lock = folder.lock()?;
    let opened = fill(&folder, clock, entropy);
    if opened.is_err() {
        // Nothing was established yet: a folder that says it was set up could not be used.
        folder.unmake()?;
    }
    let app = opened?;
    let by = if config.demonstration {
        Establisher::Demo
    } else {
        Establisher::Setup
    };
    let tenant = app.make_first_tenant(&config.area, by)?;
    let administrators = by_rule(&app, tenant, &SetUpAdministrators {})?;
    Ok((app, tenant, administrators, lock))
}

/// The key, and the database with its tables.
fn fill(
    folder: &Folder,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
) -> Result<App, Box<dyn std::error::Error>> {
    std::fs::create_dir_all(folder.keys())?;
    Keys::from_root(SystemEntropy.draw()).write(&folder.keys())?;
    house::open(folder, clock, entropy)
}

/// Carries out a command as the rule `setup`.
pub fn by_rule<C: app::Command>(
    app: &App,
    tenant: Tenant,
    command: &C,
) -> Result<C::Answer, Box<dyn std::error::Error>> {
    let mut random = [0; 10];
    random.copy_from_slice(&app.entropy().draw()[..10]);
    let id = CommandId(Id::new(app.clock().now().0, random));
    let envelope = Envelope::of(id, command);
    let done = app.execute_wait(tenant, Caller::Rule("setup"), Via::Job, envelope)?;
    Ok(serde_json::from_value(done.answer)?)
}
