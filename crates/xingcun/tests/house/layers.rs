//! Which crate may lean on which, read from `cargo metadata`.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::Value as Json;

use crate::golden::root;

/// Crates of the platform; each may lean on those before it.
const PLATFORM: [&str; 9] = [
    "store",
    "vault",
    "directory",
    "journal",
    "journal-verify",
    "access",
    "packs",
    "app",
    "web",
];

/// What pure crates may use from elsewhere: parsing, hashing, arithmetic, the calendar. Nothing
/// that reads files, clocks, randomness or the network of its own accord.
const PURE_LIBRARIES: [&str; 7] = [
    "jiff",
    "num-bigint",
    "serde",
    "serde_json",
    "sha2",
    "thiserror",
    "toml",
];

/// A member of the workspace.
struct Member {
    name: String,
    /// Folder from the repository's root.
    folder: String,
    /// Names of what it is built from.
    leans_on: BTreeSet<String>,
    /// Names of what its tests use besides.
    tests_use: BTreeSet<String>,
}

fn members() -> Vec<Member> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .current_dir(root())
        .args([
            "metadata",
            "--no-deps",
            "--format-version",
            "1",
            "--offline",
        ])
        .output()
        .unwrap();
    let metadata: Json = serde_json::from_slice(&output.stdout).unwrap();
    let base = metadata["workspace_root"].as_str().unwrap();
    metadata["packages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|package| member(package, base))
        .collect()
}

fn member(package: &Json, base: &str) -> Member {
    let named = |kind: &str| {
        let all = package["dependencies"].as_array().unwrap().iter();
        all.filter(|dependency| dependency["kind"].as_str().unwrap_or("normal") == kind)
            .map(|dependency| dependency["name"].as_str().unwrap().to_owned())
            .collect()
    };
    let manifest = package["manifest_path"].as_str().unwrap();
    let folder = manifest
        .trim_start_matches(base)
        .trim_end_matches("/Cargo.toml");
    Member {
        name: package["name"].as_str().unwrap().to_owned(),
        folder: folder.trim_start_matches('/').to_owned(),
        leans_on: named("normal"),
        tests_use: named("dev"),
    }
}

/// How high a crate stands; a crate may lean on lower ones only.
fn height(member: &Member) -> usize {
    match member.folder.as_str() {
        "crates/kernel" => 0,
        "crates/formula" => 1,
        folder if folder.starts_with("crates/engines/") => 2,
        folder if folder.starts_with("crates/platform/") => {
            let place = PLATFORM.iter().position(|name| *name == member.name);
            10 + place.unwrap_or_else(|| panic!("{} has no place in the platform", member.name))
        }
        folder if folder.starts_with("crates/features/") => 100,
        "crates/xingcun" => 200,
        // Tools: outside the product, which never leans on them.
        "xtask/webdriver" => 300,
        "xtask/walk" => 301,
        "xtask" => 302,
        other => panic!("{other} is on no floor"),
    }
}

#[test]
fn arrows_only_point_down() {
    let members = members();
    let heights: BTreeMap<_, _> = members
        .iter()
        .map(|member| (member.name.clone(), height(member)))
        .collect();
    let mut wrong = Vec::new();
    for member in &members {
        for other in &member.leans_on {
            let Some(below) = heights.get(other) else {
                continue;
            };
            if *below >= heights[&member.name] {
                wrong.push(format!("{} leans on {other}", member.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(
        heights.len() >= 15,
        "all members were looked at: {heights:?}"
    );
}

#[test]
fn features_never_depend_on_each_other_not_even_in_tests() {
    let members = members();
    let features: BTreeSet<_> = members
        .iter()
        .filter(|member| member.folder.starts_with("crates/features/"))
        .map(|member| member.name.clone())
        .collect();
    assert!(features.len() >= 2, "{features:?}");
    for member in members
        .iter()
        .filter(|member| features.contains(&member.name))
    {
        for other in member.leans_on.union(&member.tests_use) {
            assert!(!features.contains(other), "{} knows {other}", member.name);
        }
    }
}

#[test]
fn engines_kernel_and_formula_are_pure() {
    for member in members().iter().filter(|member| height(member) <= 2) {
        for other in &member.leans_on {
            let ours = matches!(other.as_str(), "kernel" | "formula");
            assert!(
                ours || PURE_LIBRARIES.contains(&other.as_str()),
                "{} leans on {other}",
                member.name
            );
        }
    }
}

/// What pure crates may not name: files, clocks, the environment, the network, threads.
const IMPURE: [&str; 9] = [
    "std::fs",
    "std::net",
    "std::env",
    "std::time",
    "std::thread",
    "std::process",
    "std::io::stdin",
    "TimeZone::system",
    "::now(",
];

#[test]
fn pure_crates_name_nothing_of_the_outside() {
    let mut wrong = Vec::new();
    for folder in [
        "crates/kernel/src",
        "crates/formula/src",
        "crates/engines/score/src",
    ] {
        for path in crate::store_rules::rust_files(&root().join(folder)) {
            let text = std::fs::read_to_string(&path).unwrap();
            let own = text.split("#[cfg(test)]").next().unwrap_or_default();
            for line in own.lines() {
                let code = line.split("//").next().unwrap_or_default();
                let found = IMPURE.iter().filter(|name| code.contains(**name));
                wrong.extend(found.map(|name| format!("{}: {name}", path.display())));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
