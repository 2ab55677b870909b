//! One program for setting up, serving, trying out, importing and checking. A library only so
//! that its own tests can hold the whole of it; `main.rs` is the executable.

mod backup;
pub mod console;
pub mod demo;
pub mod folder;
pub mod house;
mod import;
mod journal;
mod log;
mod pack;
mod rebuild;
mod restore;
mod score;
pub mod serve;
pub mod setup;
mod token;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use console::Console;

/// 兴村 · Xingcun
#[derive(Debug, Parser)]
#[command(name = "xingcun", version, arg_required_else_help = true)]
struct Arguments {
    /// 提示语言 · language of messages: zh, en
    #[arg(long, global = true, value_name = "LANG")]
    lang: Option<String>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// 新建数据目录和三员的一次性口令 · make a data folder and the one-time tokens of the three administrators
    Setup(setup::SetupArguments),
    /// 在服务器上为一个账号签发一次性口令（先停服务） · issue a one-time token for an account on this machine (stop the server first)
    Token(token::TokenArguments),
    /// 启动服务 · run the server
    Serve(serve::ServeArguments),
    /// 启动演示 · run a demonstration with an invented county
    Demo(demo::DemoArguments),
    /// 导入 · import
    #[command(subcommand)]
    Import(import::ImportCommand),
    /// 用文件计算得分 · score a table of figures with a scheme
    Score(score::ScoreArguments),
    /// 方案包 · packs
    #[command(subcommand)]
    Pack(pack::PackCommand),
    /// 留痕日志 · the tamper-evident journal
    #[command(subcommand)]
    Journal(journal::JournalCommand),
    /// 备份：加密、签名、核验过的一个文件；服务可以照常运行 · back up into one encrypted, signed,
    /// verified file, beside a running server
    Backup(backup::BackupArguments),
    /// 生成备份密钥 · make the pair of keys for backups
    BackupKey(backup::KeyArguments),
    /// 从备份恢复，或只看会丢什么 · restore a backup, or only say what would be lost
    Restore(restore::RestoreArguments),
    /// 由业务记录重建派生表，或只比对 · fill derived tables again from the record, or only compare
    Rebuild(rebuild::RebuildArguments),
}

/// Reads the arguments of the process and does what they ask.
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let console = Console::new(arguments.lang.as_deref());
    match arguments.command {
        Command::Setup(arguments) => report(setup::run(&arguments, &console), &console),
        Command::Token(arguments) => report(token::run(&arguments, &console), &console),
        Command::Serve(arguments) => report(serve::run(&arguments), &console),
        Command::Demo(arguments) => report(demo::run(&arguments, &console), &console),
        Command::Import(command) => import::run(&command, &console),
        Command::Score(arguments) => score::run(&arguments, &console),
        Command::Pack(command) => pack::run(&command, &console),
        Command::Journal(command) => journal::run(&command, &console),
        Command::Backup(arguments) => report(backup::run(&arguments, &console), &console),
        Command::BackupKey(arguments) => report(backup::make_key(&arguments, &console), &console),
        Command::Restore(arguments) => report(restore::run(&arguments, &console), &console),
        Command::Rebuild(arguments) => rebuild::run(&arguments, &console),
    }
}

/// Ends the program; the error's own text says what to do.
fn report(result: Result<(), Box<dyn std::error::Error>>, console: &Console) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            console.print_error(&*error);
            ExitCode::FAILURE
        }
    }
}
