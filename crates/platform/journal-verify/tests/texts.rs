//! Every finding of the verifier has its text and remedy in both languages, and no text is unused.

#![allow(clippy::unwrap_used, reason = "helpers of tests")]

use std::collections::BTreeSet;
use std::path::Path;

use fluent_bundle::{FluentArgs, FluentBundle, FluentResource};

/// Arguments that findings of the verifier carry.
const ARGUMENTS: [&str; 20] = [
    "before", "command", "count", "expected", "found", "from", "kept", "line", "missing", "name",
    "number", "root", "row", "size", "table", "tenant", "time", "to", "until", "why",
];

fn codes() -> BTreeSet<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let sources = ["against.rs", "chain.rs", "report.rs"];
    let source: String = sources
        .iter()
        .map(|name| std::fs::read_to_string(folder.join(name)).unwrap())
        .collect();
    source
        .split('"')
        .skip(1)
        .step_by(2)
        .filter(|literal| literal.starts_with("journal-"))
        .map(|code| format!("finding-{code}"))
        .collect()
}

#[test]
fn every_finding_has_its_texts() {
    assert!(codes().len() > 25, "{:?}", codes());
    for language in ["zh-CN", "en"] {
        let file = format!("../web/locales/{language}/findings-journal.ftl");
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
        let text = std::fs::read_to_string(path).unwrap();
        let keys: BTreeSet<String> = text
            .lines()
            .filter_map(|line| line.split_once(" =").map(|(key, _)| key.to_owned()))
            .filter(|key| key.starts_with("finding-"))
            .collect();
        assert_eq!(keys, codes(), "{language}");

        let mut bundle = FluentBundle::new(vec![language.parse().unwrap()]);
        bundle
            .add_resource(FluentResource::try_new(text).unwrap())
            .unwrap();
        let mut args = FluentArgs::new();
        for name in ARGUMENTS {
            args.set(name, "7");
        }
        for code in codes() {
            let message = bundle.get_message(&code).unwrap();
            let remedy = message.get_attribute("remedy").unwrap();
            for pattern in [message.value().unwrap(), remedy.value()] {
                let mut errors = Vec::new();
                let shown = bundle.format_pattern(pattern, Some(&args), &mut errors);
                assert!(
                    errors.is_empty() && !shown.is_empty(),
                    "{language} {code}: {errors:?}"
                );
            }
        }
    }
}
