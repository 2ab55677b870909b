//! The served county: pages and saves over HTTP from the same machine, and what the program holds.

use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use walk::{Visitor, ensure};

use super::load::{Visit, steady};
use super::{Bench, Failed, Figure};
use crate::server::Server;

/// Requests in a second.
const RATE: u64 = 200;
/// Visitors who send them.
const VISITORS: usize = 16;
/// MiB that the serving program may hold.
const MEMORY_MIB: u64 = 150;
/// MiB of the release binary.
const BINARY_MIB: u64 = 40;

/// The prepared demonstration of the county, made once.
pub fn county(bench: &Bench) -> Result<PathBuf, Failed> {
    let folder = bench.folder.join("county");
    if !folder.exists() {
        let mut command = Command::new(&bench.binary);
        command
            .args(["demo", "--prepare-only", "--dir"])
            .arg(&folder);
        let output = command.output()?;
        if !output.status.success() {
            let why = String::from_utf8_lossy(&output.stderr).into_owned();
            return Err(format!("the demonstration was not made: {why}").into());
        }
    }
    Ok(folder)
}

pub fn figures(bench: &Bench) -> Result<Vec<Figure>, Failed> {
    let folder = county(bench)?;
    let folder = folder.to_str().ok_or("a path in UTF-8")?;
    let log = bench.folder.join("serving.log");
    let mut server = Server::start(&bench.binary, &["demo", "--dir", folder], &log)?;
    let ranking = ranking(bench, &server)?;
    let saves = saves(bench, &server)?;
    let held_mib = server.resident_mib()?;
    server.stop()?;
    let binary_mib = std::fs::metadata(&bench.binary)?.len() >> 20;
    Ok(vec![
        saves,
        ranking,
        Figure {
            work: "memory held while serving the county demonstration, after the loads above"
                .to_owned(),
            bar: "< 150 MB",
            ours: format!("{held_mib} MiB"),
            reached: held_mib < MEMORY_MIB,
            peer: String::new(),
        },
        Figure {
            work: "release binary".to_owned(),
            bar: "< 40 MB",
            ours: format!("{binary_mib} MiB"),
            reached: binary_mib < BINARY_MIB,
            peer: String::new(),
        },
    ])
}

/// Everybody who signs in by one click.
fn accounts(server: &Server) -> Result<Vec<String>, Failed> {
    let page = Visitor::new(&server.base).get("/sign-in")?;
    let buttons = page.body.split("name=\"account\" value=\"").skip(1);
    let found = buttons.filter_map(|part| part.split('"').next());
    Ok(found.map(str::to_owned).collect())
}

fn signed_in(server: &Server, account: &str) -> Result<Visitor, Failed> {
    let mut visitor = Visitor::new(&server.base);
    visitor.sign_in_with(account)?;
    Ok(visitor)
}

/// Addresses of a page that begin so.
fn links(visitor: &mut Visitor, page: &str, begin: &str) -> Result<Vec<String>, Failed> {
    let links = visitor.get(page)?.links();
    Ok(links
        .into_iter()
        .filter(|link| link.starts_with(begin))
        .collect())
}

fn ranking(bench: &Bench, server: &Server) -> Result<Figure, Failed> {
    let accounts = accounts(server)?;
    let mut first = signed_in(server, accounts.first().ok_or("nobody to sign in as")?)?;
    let mut rounds = links(&mut first, "/rounds", "/rounds/")?;
    rounds.retain(|link| link.matches('/').count() == 2);
    let mut address = None;
    for round in rounds {
        let page = first.get(&format!("{round}/ranking"))?;
        if page.status == 200 && page.body.matches("<tr").count() >= 50 {
            address = Some((format!("{round}/ranking"), page.body.len()));
            break;
        }
    }
    let (address, bytes) = address.ok_or("no ranking of fifty rows is to be seen")?;
    // Administrators see no ranks.
    let mut readers = Vec::new();
    for account in accounts {
        if signed_in(server, &account)?.get(&address)?.status == 200 {
            readers.push(account);
        }
    }
    let mut visits = Vec::new();
    for number in 0..VISITORS {
        let mut visitor = signed_in(server, &readers[number % readers.len()])?;
        let address = address.clone();
        let visit: Visit = Box::new(move |_| {
            let page = visitor.get(&address)?;
            ensure!(page.status == 200, "{address} answers {}", page.status);
            Ok(())
        });
        visits.push(visit);
    }
    let took = steady(visits, RATE, bench.seconds)?;
    Ok(Figure {
        work: format!(
            "ranking page (50 rows, {} KiB), signed in, {RATE}/s for {} s, {VISITORS} connections",
            bytes >> 10,
            bench.seconds
        ),
        bar: "p99 < 20 ms",
        ours: took.told(),
        reached: took.within(990) < Duration::from_millis(20),
        peer: String::new(),
    })
}

/// What a secretary does when a save is due: types something else into a section that is hers.
fn saving(server: &Server, account: &str) -> Result<Option<Visit>, Failed> {
    let mut visitor = signed_in(server, account)?;
    for address in links(&mut visitor, "/", "/rounds/")? {
        let page = visitor.get(&address)?;
        let names = page.body.split("name=\"items.").skip(1);
        let names = names.filter_map(|part| part.split('"').next());
        let names = names.filter(|name| name.strip_suffix(".value").is_some());
        let names: Vec<String> = names.map(|name| format!("items.{name}")).collect();
        // Who verifies or reviews types there too, but declares nothing.
        if names.is_empty() || !page.body.contains("/draft\"") {
            continue;
        }
        let (csrf, address) = (page.hidden("csrf"), format!("{address}/draft"));
        return Ok(Some(Box::new(move |number| {
            let typed = (number % 5).to_string();
            let mut fields = vec![("csrf", csrf.as_str())];
            fields.extend(names.iter().map(|name| (name.as_str(), typed.as_str())));
            let answer = visitor.post(&address, &fields)?;
            let is_kept = (200..400).contains(&answer.status);
            ensure!(is_kept, "{address} answers {}", answer.status);
            Ok(())
        })));
    }
    Ok(None)
}

fn saves(bench: &Bench, server: &Server) -> Result<Figure, Failed> {
    let mut visits = Vec::new();
    for account in accounts(server)? {
        visits.extend(saving(server, &account)?);
        if visits.len() == VISITORS {
            break;
        }
    }
    let count = visits.len();
    ensure!(count > 0, "no secretary has a section to fill in");
    let took = steady(visits, RATE, bench.seconds)?;
    Ok(Figure {
        work: format!(
            "declaration save (what is typed in a section, kept durably), signed in, {RATE}/s for \
             {} s, {count} villages, generator on the same machine",
            bench.seconds
        ),
        bar: "p99 < 40 ms",
        ours: took.told(),
        reached: took.within(990) < Duration::from_millis(40),
        peer: String::new(),
    })
}
