//! Forms of a section, filled in by HTTP with what the page already knows.

use crate::{Answer, Failed, Visitor, ensure};

/// What is typed where a page has no value yet; by item.
const TYPED: [(&str, &str); 8] = [
    ("posts_filled", "3"),
    ("meetings_held", "10"),
    ("households_visited", "120"),
    ("coop_share", "55.0"),
    ("disclosures_on_time", "17"),
    ("tasks_on_time", "92.5"),
    ("contracts_filed", "100"),
    ("environment_check", "88.0"),
];

/// Hands a section in, verifies or reviews it (`act` is `declare`, `verify`, `review`), with every
/// value as the page shows it, or a plain one where there is none.
pub(crate) fn carry(visitor: &mut Visitor, section: &str, act: &str) -> Result<(), Failed> {
    let page = visitor.get(section)?;
    ensure!(page.status == 200, "{section} answers {}", page.status);
    let mut fields: Vec<(String, String)> = ["csrf", "command_id", "seen_revision"]
        .into_iter()
        .map(|name| (name.to_owned(), page.hidden(name)))
        .collect();
    for (name, value) in inputs(&page) {
        let item = name.split('.').nth(1).unwrap_or_default();
        if name.strip_suffix(".value").is_some() {
            let typed = TYPED.iter().find(|(known, _)| *known == item);
            let typed = typed.map_or("0", |(_, typed)| *typed);
            let value = if value.is_empty() {
                typed.to_owned()
            } else {
                value
            };
            fields.push((name, value));
        } else if name.ends_with(".evidence") && act == "declare" {
            let stored = visitor.upload("cover.png", PICTURE)?;
            let reference = stored.json()[0]["reference"]
                .as_str()
                .unwrap_or_default()
                .to_owned();
            ensure!(
                !reference.is_empty(),
                "the upload answers {} {}",
                stored.status,
                stored.body
            );
            fields.push((name, reference));
        }
    }
    let fields: Vec<(&str, &str)> = fields
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let done = visitor.post(&format!("{section}/{act}"), &fields)?;
    ensure!(
        done.status == 303,
        "{section}/{act} answers {}: {}",
        done.status,
        problems(&done)
    );
    Ok(())
}

/// Names and values of the inputs of items, in the order of the page.
fn inputs(page: &Answer) -> Vec<(String, String)> {
    let attribute = |tag: &str, name: &str| {
        let from = tag.find(&format!(" {name}=\""))? + name.len() + 3;
        tag[from..].split('"').next().map(str::to_owned)
    };
    let tags = page
        .body
        .split("<input")
        .skip(1)
        .filter_map(|rest| rest.split('>').next());
    let mut found: Vec<(String, String)> = tags
        .filter_map(|tag| {
            let name = attribute(tag, "name").filter(|name| name.starts_with("items."))?;
            Some((name, attribute(tag, "value").unwrap_or_default()))
        })
        .collect();
    found.dedup_by(|one, other| one.0 == other.0);
    found
}

/// The error summary of a page, without tags.
pub(crate) fn problems(page: &Answer) -> String {
    let part = page
        .body
        .split("class=\"error-summary\"")
        .nth(1)
        .unwrap_or_default();
    let part = part.split("</div>").next().unwrap_or_default();
    let mut text = String::new();
    for piece in part.split('<').skip(1) {
        let words = piece.split_once('>').map_or("", |(_, words)| words.trim());
        if !words.is_empty() {
            text.push_str(words);
            text.push(' ');
        }
    }
    text
}

/// The smallest picture: one grey pixel as PNG.
pub(crate) const PICTURE: &[u8] = &[
    0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00, 0x00, 0x0d, 0x49, 0x48, 0x44, 0x52,
    0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x01, 0x08, 0x00, 0x00, 0x00, 0x00, 0x3a, 0x7e, 0x9b,
    0x55, 0x00, 0x00, 0x00, 0x0a, 0x49, 0x44, 0x41, 0x54, 0x78, 0x9c, 0x63, 0x68, 0x00, 0x00, 0x00,
    0x82, 0x00, 0x81, 0x77, 0xcd, 0x72, 0xb6, 0x00, 0x00, 0x00, 0x00, 0x49, 0x45, 0x4e, 0x44, 0xae,
    0x42, 0x60, 0x82,
];
