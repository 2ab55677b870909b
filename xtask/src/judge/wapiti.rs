//! The pages against a scanner that goes through them signed in.

use std::process::Command;

use serde_json::Value as Json;
use walk::{Visitor, encoded, ensure};

use super::{Court, Failed};
use crate::accept::proxy::Proxy;
use crate::python::{program, succeed};

const RELEASE: &str = "wapiti3==3.2.3";
/// Attacks of the scanner that need nothing outside this machine.
const ATTACKS: &str = "exec,file,sql,timesql,xss,permanentxss,crlf,redirect,xxe,csp,cookieflags,\
                       http_headers,backup,htaccess,methods";
/// Who goes through the pages.
const PEOPLE: [&str; 4] = ["李静", "王建国", "罗正", "田大婶"];

pub fn judge(court: &Court) -> Result<String, Failed> {
    planted_is_found(court)?;
    let mut seen = 0;
    for person in PEOPLE {
        let report = scan(court, &court.server.base, person, ATTACKS)?;
        let found = findings(&report);
        ensure!(found.is_empty(), "as {person}: {}", found.join("\n"));
        let pages = report["infos"]["crawled_pages_nbr"].as_u64().unwrap_or(0);
        ensure!(pages > 10, "as {person} it saw {pages} pages only");
        crate::say(&format!("wapiti as {person}: {pages} pages, nothing found"));
        seen += pages;
    }
    Ok(format!(
        "{seen} pages as {} people, nothing found, and the planted script seen",
        PEOPLE.len()
    ))
}

/// A proxy that writes what is asked for into the page: the scanner must see that.
fn planted_is_found(court: &Court) -> Result<(), Failed> {
    let proxy = Proxy::start(&court.server.base, |path, answer| {
        let Some((_, query)) = path.split_once("/search?q=") else {
            return;
        };
        let asked = decoded(query.split('&').next().unwrap_or_default());
        answer.body = answer
            .body
            .replace("</main>", &format!("<p>{asked}</p></main>"));
        answer
            .headers
            .retain(|(name, _)| name != "content-security-policy");
    })?;
    let report = scan(court, &proxy.base, PEOPLE[0], "xss")?;
    let found = findings(&report);
    let seen = found.iter().any(|line| line.contains("/search"));
    ensure!(
        seen,
        "the planted script was not found: {}",
        report["infos"]
    );
    Ok(())
}

fn scan(court: &Court, base: &str, person: &str, attacks: &str) -> Result<Json, Failed> {
    let wapiti = program(RELEASE, "wapiti")?;
    let mut visitor = Visitor::new(base);
    visitor.sign_in_as(person)?;
    let report = court
        .folder
        .join(format!("wapiti-{}.json", encoded(person)));
    let seconds = if court.full { "900" } else { "60" };
    let mut command = Command::new(&wapiti);
    command.args([
        "-u",
        &format!("{base}/search?q=a"),
        "-s",
        &format!("{base}/"),
    ]);
    command
        .args(["--scope", "folder", "-m", attacks, "-f", "json", "-o"])
        .arg(&report);
    command.args(["-H", &format!("Cookie: {}", visitor.cookie_header())]);
    // Whoever signs out sees no more.
    command.args([
        "-x",
        &format!("{base}/sign-out*"),
        "-x",
        &format!("{base}/demo/*"),
    ]);
    command.args(["--max-scan-time", seconds, "--max-attack-time", seconds]);
    command.args([
        "--flush-session",
        "--no-bugreport",
        "-v",
        "0",
        "--store-session",
    ]);
    command.arg(court.folder.join("wapiti"));
    succeed(&mut command)?;
    Ok(serde_json::from_str(&std::fs::read_to_string(&report)?)?)
}

/// What it found, a line each.
fn findings(report: &Json) -> Vec<String> {
    let mut found = Vec::new();
    for part in ["vulnerabilities", "anomalies"] {
        for (kind, all) in report[part].as_object().into_iter().flatten() {
            for one in all.as_array().into_iter().flatten() {
                found.push(format!(
                    "{kind}: {} {} {}",
                    one["method"], one["path"], one["info"]
                ));
            }
        }
    }
    found
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let hex = after
            .get(..2)
            .and_then(|pair| std::str::from_utf8(pair).ok());
        let byte = hex.and_then(|pair| u8::from_str_radix(pair, 16).ok());
        match (first, byte) {
            (b'%', Some(byte)) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            (b'+', _) => {
                bytes.push(b' ');
                rest = after;
            }
            _ => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
