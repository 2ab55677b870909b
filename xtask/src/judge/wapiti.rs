//! The pages against a scanner that goes through them signed in.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use serde_json::Value as Json;
use walk::{Visitor, encoded, ensure};

use super::{Court, Failed};
use crate::accept::checks::pages::crawl;
use crate::accept::proxy::Proxy;
use crate::python::{program, succeed};

const RELEASE: &str = "wapiti3==3.2.3";
/// Attacks of the scanner that need nothing outside this machine.
const ATTACKS: &str = "exec,file,sql,timesql,xss,permanentxss,crlf,redirect,xxe,csp,cookieflags,\
                       http_headers,backup,htaccess,methods";
/// Who goes through the pages; together they may open every one.
const PEOPLE: [&str; 6] = [
    "李静",
    "王建国",
    "陈国平",
    "系统管理员",
    "安全管理员",
    "审计管理员",
];
/// Routes that no link of the demonstration leads to, and why.
const BY_NO_LINK: &[(&str, &str)] = &[];

pub fn judge(court: &Court) -> Result<String, Failed> {
    planted_is_found(court)?;
    let mut seen = BTreeSet::new();
    for person in PEOPLE {
        let mut visitor = Visitor::new(&court.server.base);
        visitor.sign_in_as(person)?;
        let addresses: Vec<String> = crawl(&mut visitor)?.into_keys().collect();
        let scan = Scan {
            base: &court.server.base,
            cookie: visitor.cookie_header(),
            addresses: &addresses,
            attacks: ATTACKS,
        };
        let (report, visited) = scan.run(court, person)?;
        let found = findings(&report);
        ensure!(found.is_empty(), "as {person}: {}", found.join("\n"));
        let count = visited.len();
        crate::say(&format!("wapiti as {person}: {count} pages, nothing found"));
        seen.extend(visited);
    }
    let missed: Vec<String> = routes()?
        .into_iter()
        .filter(|route| !seen.iter().any(|path| is_of(path, route)))
        .filter(|route| BY_NO_LINK.iter().all(|(known, _)| known != route))
        .collect();
    ensure!(missed.is_empty(), "not visited: {}", missed.join(", "));
    Ok(format!(
        "{} pages as {} people, every route among them but {}; nothing found, and the planted \
         script seen",
        seen.len(),
        PEOPLE.len(),
        BY_NO_LINK.len()
    ))
}

/// Every address that is opened, as docs/permission-matrix.tsv names them.
fn routes() -> Result<Vec<String>, Failed> {
    let matrix = std::fs::read_to_string(crate::root().join("docs/permission-matrix.tsv"))?;
    let lines = matrix.lines().filter_map(|line| line.strip_prefix("GET "));
    let paths = lines.filter_map(|line| line.split('\t').next());
    Ok(paths.map(str::to_owned).collect())
}

/// Whether a path is one of a route: `/places/{place}`.
fn is_of(path: &str, route: &str) -> bool {
    let (mut parts, mut wanted) = (path.split('/'), route.split('/'));
    loop {
        match (parts.next(), wanted.next()) {
            (None, None) => return true,
            (Some(part), Some(want)) if part == want => {}
            (Some(part), Some(want)) if want.starts_with('{') && !part.is_empty() => {}
            _ => return false,
        }
    }
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
    let mut visitor = Visitor::new(&proxy.base);
    visitor.sign_in_as(PEOPLE[0])?;
    let scan = Scan {
        base: &proxy.base,
        cookie: visitor.cookie_header(),
        addresses: &["/search?q=a".to_owned()],
        attacks: "xss",
    };
    let (report, _) = scan.run(court, "planted")?;
    let found = findings(&report);
    let seen = found.iter().any(|line| line.contains("/search"));
    ensure!(
        seen,
        "the planted script was not found: {}",
        report["infos"]
    );
    Ok(())
}

/// One run of the scanner.
struct Scan<'a> {
    base: &'a str,
    /// As whom.
    cookie: String,
    /// Where it begins; it goes one link further from each.
    addresses: &'a [String],
    /// What it tries.
    attacks: &'a str,
}

impl Scan<'_> {
    /// Gives the scanner's report, and the paths that it opened.
    fn run(&self, court: &Court, name: &str) -> Result<(Json, BTreeSet<String>), Failed> {
        let place = court.folder.join(format!("wapiti-{}", encoded(name)));
        let report = place.join("report.json");
        std::fs::create_dir_all(&place)?;
        let base = self.base;
        let seconds = if court.full { "900" } else { "30" };
        let mut command = Command::new(program(RELEASE, "wapiti")?);
        command.args(["-u", &format!("{base}/"), "--scope", "folder", "-d", "1"]);
        for address in self.addresses {
            command.args(["-s", &format!("{base}{address}")]);
        }
        command.args(["--max-links-per-page", "3", "-m", self.attacks]);
        command.args(["-f", "json", "-o"]).arg(&report);
        command.args(["-H", &format!("Cookie: {}", self.cookie)]);
        // Whoever signs out sees no more, and the clock is everybody's.
        for left in ["/sign-out*", "/demo/*"] {
            command.args(["-x", &format!("{base}{left}")]);
        }
        command.args(["--max-attack-time", seconds, "--tasks", "4", "-v", "0"]);
        command.args(["--flush-session", "--no-bugreport", "--store-session"]);
        command.arg(&place);
        succeed(&mut command)?;
        let report = serde_json::from_str(&std::fs::read_to_string(&report)?)?;
        Ok((report, visited(&place)?))
    }
}

/// The paths that the scanner opened, as it keeps them in its own database.
fn visited(place: &Path) -> Result<BTreeSet<String>, Failed> {
    let mut paths = BTreeSet::new();
    for file in std::fs::read_dir(place)? {
        let file = file?.path();
        if file.extension().is_none_or(|kind| kind != "db") {
            continue;
        }
        let database = rusqlite::Connection::open(&file)?;
        let mut rows =
            database.prepare("SELECT path FROM paths WHERE method = 'GET' AND NOT evil")?;
        for address in rows.query_map([], |row| row.get::<_, String>(0))? {
            let address = address?;
            let path = address.splitn(4, '/').nth(3).unwrap_or_default();
            paths.insert(format!("/{}", path.split('?').next().unwrap_or_default()));
        }
    }
    Ok(paths)
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
