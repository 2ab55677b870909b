//! What holds for every page, for everybody.

use std::collections::{BTreeMap, BTreeSet};

use super::super::world::World;
use super::super::{Saw, ensure};
use super::first::PEOPLE;
use super::survey;
use walk::{Answer, Visitor};

type Failed = Box<dyn std::error::Error>;

/// Headers of every answer, with what they must say.
const HEADERS: [(&str, &str); 6] = [
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("cross-origin-embedder-policy", "require-corp"),
];
/// The most pages of one visitor.
const PAGES_MAX: usize = 150;

/// An address with its ids taken out, so that one village's page stands for all of them.
pub fn pattern(address: &str) -> String {
    let path = address.split('?').next().unwrap_or_default();
    let parts = path.split('/').map(|part| {
        let long = part.len() >= 32 && part.chars().all(|c| c.is_ascii_hexdigit() || c == '-');
        if long { "{}" } else { part }
    });
    parts.collect::<Vec<_>>().join("/")
}

/// Every page that a visitor reaches by links, at most three of a kind.
pub fn crawl(visitor: &mut Visitor) -> Result<BTreeMap<String, Answer>, Failed> {
    let mut seen = BTreeMap::new();
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    let mut waiting = vec!["/".to_owned(), "/contact".to_owned(), "/me".to_owned()];
    let mut known: BTreeSet<String> = waiting.iter().cloned().collect();
    while let Some(address) = waiting.pop() {
        let kind = kinds.entry(pattern(&address)).or_default();
        *kind += 1;
        if *kind > 3 || seen.len() >= PAGES_MAX {
            continue;
        }
        let answer = visitor.get(&address)?;
        if answer.header("content-type").starts_with("text/html") {
            for link in answer.links() {
                let leaves = link.starts_with("/assets/") || link.starts_with("/sign-out");
                if !leaves && known.insert(link.clone()) {
                    waiting.push(link);
                }
            }
        }
        seen.insert(address, answer);
    }
    Ok(seen)
}

/// A page without everything between `from` and the next `to`.
fn without(page: &str, from: &str, to: char) -> String {
    let parts = page.split(from).enumerate();
    let kept = parts.map(|(number, part)| match part.split_once(to) {
        Some((_, rest)) if number > 0 => rest,
        _ => part,
    });
    kept.collect()
}

/// What a visitor sees of the record, by address: the pages without what differs at every visit
/// (the id of a form's next command) and in every folder (a checkpoint signed with its own key).
fn record(visitor: &mut Visitor) -> Result<BTreeMap<String, String>, Failed> {
    let pages = crawl(visitor)?.into_iter();
    let pages = pages.filter(|(address, page)| {
        page.header("content-type").starts_with("text/html")
            && ["/rounds", "/places", "/people", "/figures"]
                .iter()
                .any(|of| address.starts_with(of))
    });
    let stable = |body: &str| {
        without(
            &without(body, "<input type=\"hidden\"", '>'),
            "class=\"code-hash\"",
            '<',
        )
    };
    Ok(pages
        .map(|(address, page)| (address, stable(&page.body)))
        .collect())
}

/// Two demonstrations, each made from nothing: the same ids, the same words, the same figures.
pub fn same(world: &mut World) -> Saw {
    let mut made = Vec::new();
    for folder in ["same-1", "same-2"] {
        let mut server = world.start_demo(folder)?;
        let mut visitor = Visitor::new(&server.base);
        visitor.sign_in_as("李静")?;
        made.push(record(&mut visitor)?);
        server.stop()?;
    }
    let (first, second) = (&made[0], &made[1]);
    for address in first.keys().chain(second.keys()) {
        ensure!(
            first.get(address) == second.get(address),
            "{address} differs between two demonstrations"
        );
    }
    ensure!(first.len() > 20, "only {} pages were compared", first.len());
    Ok(format!("{} pages are equal to the letter", first.len()))
}

pub fn headers(world: &mut World) -> Saw {
    let mut count = 0;
    for person in ["李静", "陈国平", "系统管理员", ""] {
        let mut visitor = world.nobody()?;
        if !person.is_empty() && !PEOPLE.contains(&person) {
            return Err(format!("{person} is nobody of the demonstration").into());
        }
        if !person.is_empty() {
            visitor.sign_in_as(person)?;
        }
        let mut pages = crawl(&mut visitor)?;
        for more in ["/sign-in", "/health", "/nowhere", "/api/v1/openapi.json"] {
            pages.insert(more.to_owned(), visitor.get(more)?);
        }
        for (address, page) in &pages {
            check_headers(address, page)?;
            count += 1;
        }
    }
    Ok(format!("{count} answers, all strict"))
}

fn check_headers(address: &str, page: &Answer) -> Result<(), Failed> {
    let policy = page.header("content-security-policy");
    let is_file = policy == "default-src 'none'; sandbox";
    let directives: BTreeSet<&str> = policy.split(';').map(str::trim).collect();
    for wanted in [
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    ] {
        ensure!(
            is_file || directives.contains(wanted),
            "{address}: no {wanted} in {policy:?}"
        );
    }
    for word in ["unsafe", "data:", "*", "http:", "https:"] {
        ensure!(!policy.contains(word), "{address}: {word} in {policy:?}");
    }
    for (name, wanted) in HEADERS {
        ensure!(
            page.header(name) == wanted,
            "{address}: {name} is {:?}",
            page.header(name)
        );
    }
    ensure!(
        !page.header("cache-control").is_empty(),
        "{address}: no cache-control"
    );
    let html = page.header("content-type").starts_with("text/html");
    if html {
        for inline in [
            " style=\"",
            "<style",
            " onclick=",
            " onload=",
            "javascript:",
            "<script>",
        ] {
            ensure!(!page.body.contains(inline), "{address} holds {inline}");
        }
    }
    Ok(())
}

/// Whatever a visitor reaches by links answers, and no page of one role leads to a refusal.
pub fn sound(world: &mut World) -> Saw {
    let (mut count, mut kinds, mut wrong) = (0, BTreeSet::new(), Vec::new());
    for person in PEOPLE {
        let mut visitor = world.visitor(person)?;
        for (address, page) in crawl(&mut visitor)? {
            let fine = page.status == 200 || (page.status == 303 && address.starts_with("/prove"));
            if !fine {
                let kind = pattern(&address);
                wrong.push(format!("{kind} answers {} to {person}", page.status));
            }
            kinds.insert(pattern(&address));
            count += 1;
        }
    }
    wrong.sort();
    wrong.dedup();
    ensure!(wrong.is_empty(), "{}", wrong.join("; "));
    Ok(format!(
        "{count} pages of {} kinds, reached by links as ten people",
        kinds.len()
    ))
}

pub fn axe_phone(world: &mut World) -> Saw {
    survey::of(world)?.axe(390)
}

pub fn axe_office(world: &mut World) -> Saw {
    survey::of(world)?.axe(1440)
}

pub fn console(world: &mut World) -> Saw {
    survey::of(world)?.console()
}

pub fn narrow(world: &mut World) -> Saw {
    survey::of(world)?.narrow()
}

pub fn english(world: &mut World) -> Saw {
    survey::of(world)?.english()
}
