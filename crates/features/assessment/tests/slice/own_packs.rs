//! A pack of the county's own counts like a shipped one: its schemes can be published, and its
//! calendar counts the working days of the rounds that keep it.

use std::collections::BTreeMap;

use assessment::scheme::publish_scheme::{PublishScheme, SchemeSource};
use packs::{Library, Memory};

use crate::world::{CLERK, COUNTY, VILLAGES, account_of, each, each_with_packs, place, refused};

/// A pack that extends the demonstration's with two more days off in October.
fn library() -> Library {
    let manifest = r#"
name = "yunling"
version = "2026.1"
extends = "demo"
title = { zh = "云岭县", en = "Yunling" }
notice = { zh = "云岭县自定。", en = "Of Yunling's own." }
"#;
    let calendar = r#"
year = 2026
source = "云岭县放假通知"
work = ["2026-10-10"]
off = [
    { name = "国庆节", from = "2026-10-01", to = "2026-10-07" },
    { name = "丰收节", from = "2026-10-12", to = "2026-10-13" },
]
"#;
    let files = [
        ("pack.toml", manifest),
        ("calendars/cn-2026.toml", calendar),
    ];
    let own = Memory {
        name: "yunling".to_owned(),
        files: files
            .map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec()))
            .into_iter()
            .collect::<BTreeMap<_, _>>(),
    };
    let library = Library::shipped().with(&own);
    let (_, findings) = library.pack("yunling").unwrap();
    assert!(findings.is_empty(), "{findings:?}");
    library
}

fn publishing() -> PublishScheme {
    PublishScheme {
        place: place(COUNTY),
        source: SchemeSource::Pack {
            pack: "yunling".into(),
            scheme: "demo_quarter".into(),
        },
    }
}

#[test]
fn a_pack_of_the_county_is_published_and_counts_its_own_working_days() {
    each_with_packs(library, |world| {
        let published = world.by(account_of(CLERK), &publishing()).unwrap();
        let opening = world.opening(published.scheme);
        let round = world.by(account_of(CLERK), &opening).unwrap().round;
        world.review_all(round, &VILLAGES.map(|(village, ..)| village));
        world.compute(round).unwrap();
        // The shipped calendar would end the five days on 13 October.
        assert_eq!(world.post(round).unwrap().until.to_string(), "2026-10-15");
    });
}

#[test]
fn a_pack_that_this_installation_does_not_have_is_refused() {
    each(|world| {
        let result = world.by(account_of(CLERK), &publishing());
        assert_eq!(refused(result), "Invalid pack-extends-unknown");
    });
}
