//! The guide, its pictures and the interface belong together: every word that the guide quotes from
//! the interface stands in a locale file, every picture is named where it belongs, no link is broken.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::shots::SHOTS;

/// Folder of the guide, folder of the locale files, and how words of the interface are quoted.
const GUIDES: [(&str, &str, char, char); 2] = [("zh", "zh-CN", '「', '」'), ("en", "en", '“', '”')];

fn guide(folder: &str) -> PathBuf {
    crate::root().join("docs/guide").join(folder)
}

/// Name and text of every page.
fn pages(folder: &str) -> Vec<(String, String)> {
    let mut pages: Vec<(String, String)> = fs::read_dir(guide(folder))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "md"))
        .map(|path| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name, fs::read_to_string(path).unwrap())
        })
        .collect();
    pages.sort();
    assert!(pages.len() >= 8, "{folder} has {} pages", pages.len());
    pages
}

/// What stands between two characters, as often as it occurs.
fn between(text: &str, open: char, close: char) -> Vec<&str> {
    text.split(open)
        .skip(1)
        .filter_map(|rest| rest.split_once(close))
        .map(|(inner, _)| inner)
        .collect()
}

/// Every text of a language, split where the program puts something in.
fn texts(language: &str) -> Vec<Vec<String>> {
    let mut files = Vec::new();
    collect(&crate::root().join("crates"), language, &mut files);
    assert!(files.len() > 20, "{} locale files", files.len());
    let lines: Vec<String> = files
        .iter()
        .flat_map(|file| {
            let text = fs::read_to_string(file).unwrap();
            text.lines().map(str::to_owned).collect::<Vec<_>>()
        })
        .collect();
    lines.iter().filter_map(|line| pieces(line)).collect()
}

fn collect(folder: &Path, language: &str, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && !path.ends_with("target") {
            collect(&path, language, files);
        } else if path.extension().is_some_and(|ending| ending == "ftl")
            && path.parent().unwrap().ends_with(language)
        {
            files.push(path);
        }
    }
}

/// The literal pieces of one line of a Fluent file: of a message, an attribute or a variant.
fn pieces(line: &str) -> Option<Vec<String>> {
    if line.starts_with('#') {
        return None;
    }
    let trimmed = line.trim_start().trim_start_matches('*');
    let value = match trimmed.strip_prefix('[') {
        Some(variant) => variant.split_once(']')?.1,
        None => trimmed.split_once(" = ")?.1,
    };
    let mut found = Vec::new();
    let mut rest = value.trim();
    while let Some((literal, placeable)) = rest.split_once('{') {
        found.push(literal.to_owned());
        rest = placeable.split_once('}').map_or("", |(_, after)| after);
    }
    found.push(rest.to_owned());
    let letters: usize = found.iter().map(|piece| piece.trim().chars().count()).sum();
    (letters >= 2).then_some(found)
}

/// Whether a quotation is this text, with anything where the program puts something in.
fn is_text(quoted: &str, pieces: &[String]) -> bool {
    let (Some(first), Some(last)) = (pieces.first(), pieces.last()) else {
        return false;
    };
    if pieces.len() == 1 {
        return quoted == first;
    }
    let Some(mut rest) = quoted.strip_prefix(first.as_str()) else {
        return false;
    };
    for piece in &pieces[1..pieces.len() - 1] {
        let Some(at) = rest.find(piece.as_str()) else {
            return false;
        };
        rest = &rest[at + piece.len()..];
    }
    rest.ends_with(last.as_str()) && rest.len() > last.len()
}

#[test]
fn every_quoted_word_stands_in_the_interface() {
    let mut wrong = Vec::new();
    for (folder, language, open, close) in GUIDES {
        let texts = texts(language);
        let mut quotations = 0;
        for (name, text) in pages(folder) {
            for quoted in between(&text, open, close) {
                quotations += 1;
                if !texts.iter().any(|pieces| is_text(quoted, pieces)) {
                    wrong.push(format!("{folder}/{name}: {open}{quoted}{close}"));
                }
            }
        }
        assert!(quotations > 100, "{folder} quotes {quotations} words");
    }
    assert!(
        wrong.is_empty(),
        "not in the interface:\n{}",
        wrong.join("\n")
    );
}

#[test]
fn a_word_that_is_not_in_the_interface_is_found() {
    let texts = texts("zh-CN");
    let stands = |quoted: &str| texts.iter().any(|pieces| is_text(quoted, pieces));
    assert!(stands("检查并提交镇核查") && stands("还有 3 处需要改正"));
    assert!(!stands("检查并提交") && !stands("还有 3 处") && !stands(""));
}

#[test]
fn pictures_and_links_are_whole() {
    let shots: BTreeSet<String> = SHOTS
        .iter()
        .map(|shot| format!("{}.png", shot.name))
        .collect();
    for (folder, ..) in GUIDES {
        let images = guide("images").join(folder);
        let files: BTreeSet<String> = fs::read_dir(&images)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
            .collect();
        assert_eq!(
            files, shots,
            "pictures of {folder}: cargo xtask screenshots"
        );
        let mut named = BTreeSet::new();
        for (name, text) in pages(folder) {
            for target in text
                .split("](")
                .skip(1)
                .filter_map(|rest| rest.split_once(')'))
            {
                let target = target.0;
                if target.starts_with("http") {
                    continue;
                }
                let path = guide(folder).join(target);
                assert!(path.is_file(), "{folder}/{name} links to {target}");
                if let Some(picture) = target.strip_prefix(&format!("../images/{folder}/")) {
                    named.insert(picture.to_owned());
                }
            }
        }
        assert_eq!(named, shots, "pictures named in {folder}");
    }
}

#[test]
fn both_languages_have_the_same_pages() {
    let [chinese, english] = GUIDES.map(|(folder, ..)| {
        let pages = pages(folder);
        pages.into_iter().map(|(name, _)| name).collect::<Vec<_>>()
    });
    assert_eq!(chinese, english);
}
