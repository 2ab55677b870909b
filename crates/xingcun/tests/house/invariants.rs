//! The invariants of ARCHITECTURE.md, and where each is kept. The test below only sees that no
//! line here points at a test that is gone.

use std::path::Path;

use crate::golden::root;

/// Number of the invariant, file and test.
const KEPT_BY: &[(u8, &str, &str)] = &[
    // 1. Features never depend on each other; they meet in the six places of `app`.
    (
        1,
        "crates/xingcun/tests/house/layers.rs",
        "features_never_depend_on_each_other_not_even_in_tests",
    ),
    (
        1,
        "crates/xingcun/tests/house/layers.rs",
        "arrows_only_point_down",
    ),
    // 2. Engines know nothing of databases, HTTP, the host's clock, or users.
    (
        2,
        "crates/xingcun/tests/house/layers.rs",
        "engines_kernel_and_formula_are_pure",
    ),
    (
        2,
        "crates/xingcun/tests/house/layers.rs",
        "pure_crates_name_nothing_of_the_outside",
    ),
    // 3. The record changes only through a command: only `Record`s insert into record tables, and
    //    their rows' digests are in the command's leaf.
    (3, "crates/platform/store/tests/records.rs", "*"),
    (3, "crates/platform/journal-verify/tests/against.rs", "*"),
    (3, "crates/platform/app/tests/door.rs", "*"),
    // 4. What differs from county to county is pack data.
    (
        4,
        "crates/xingcun/tests/house/invariants.rs",
        "no_place_is_named_in_the_product",
    ),
    // 5. Exact arithmetic, correctly rounded.
    (
        5,
        "crates/xingcun/tests/house/floats.rs",
        "no_binary_float_decides_anything",
    ),
    (5, "crates/engines/score/tests/hdi.rs", "*"),
    // 6. Keys begin with the tenant, and every query names it.
    (
        6,
        "crates/xingcun/tests/house/store_rules.rs",
        "every_table_begins_with_the_tenant_and_has_a_class",
    ),
    (
        6,
        "crates/xingcun/tests/house/store_rules.rs",
        "every_statement_is_understood_alike_by_both_databases",
    ),
    // 7. Every table has a class; derived tables are rebuilt with equal digests.
    (
        7,
        "crates/xingcun/tests/house/store_rules.rs",
        "every_derived_table_has_one_rebuild",
    ),
    (
        7,
        "crates/xingcun/tests/house/store_rules.rs",
        "derived_tables_of_the_demonstration_are_rebuilt_with_equal_digests",
    ),
    // 8. Personal data is declared in the type: neither shown nor written out by accident.
    (8, "crates/platform/vault/tests/vault.rs", "*"),
    (
        8,
        "crates/xingcun/tests/house/commands.rs",
        "what_stays_readable_in_the_journal_says_nothing_about_people",
    ),
    // 9. No usage telemetry exists as a type; points of residents are only positive.
    (
        9,
        "crates/xingcun/tests/house/invariants.rs",
        "nobody_is_watched",
    ),
];

#[test]
fn every_invariant_has_tests_that_exist() {
    for number in 1..=9 {
        assert!(
            KEPT_BY.iter().any(|(kept, ..)| *kept == number),
            "invariant {number}"
        );
    }
    for (number, path, test) in KEPT_BY {
        let text = std::fs::read_to_string(root().join(path))
            .unwrap_or_else(|error| panic!("invariant {number}: {path}: {error}"));
        let found = match *test {
            "*" => text.contains("#[test]") || text.contains("proptest!"),
            test => text.contains(&format!("fn {test}(")),
        };
        assert!(found, "invariant {number}: {path} has no test {test}");
    }
}

/// Places by name or code belong into packs and demonstrations, never into the program's rules.
#[test]
fn no_place_is_named_in_the_product() {
    const PLACES: [&str; 10] = [
        "昌乐",
        "Changle",
        "大庆",
        "齐齐哈尔",
        "宁津",
        "3707",
        "乐清",
        "淳安",
        "遵义",
        "平谷",
    ];
    let mut found = Vec::new();
    for folder in [
        "crates/kernel",
        "crates/formula",
        "crates/engines",
        "crates/platform",
        "crates/features",
    ] {
        for path in crate::store_rules::rust_files(&root().join(folder)) {
            let text = std::fs::read_to_string(&path).unwrap();
            let own = text.split("#[cfg(test)]").next().unwrap_or_default();
            for (number, line) in own.lines().enumerate() {
                let code = line.split("//").next().unwrap_or_default();
                if is_test_file(&path) {
                    continue;
                }
                if PLACES.iter().any(|place| code.contains(place)) {
                    found.push(format!("{}:{}: {line}", path.display(), number + 1));
                }
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

fn is_test_file(path: &Path) -> bool {
    let name = path.file_stem().unwrap_or_default().to_string_lossy();
    name == "tests" || name == "model" || path.components().any(|part| part.as_os_str() == "tests")
}

/// Log-ins, time online, clicks and tracks are nobody's measure: no table keeps them, no measure
/// reads a table of work.
#[test]
fn nobody_is_watched() {
    const WATCHING: [&str; 10] = [
        "click",
        "visit_count",
        "page_view",
        "online",
        "login",
        "log_in",
        "last_seen",
        "track",
        "latitude",
        "position_",
    ];
    for schema in xingcun::house::schemas(true) {
        for migration in schema.migrations {
            for statement in migration.sql {
                for word in WATCHING {
                    assert!(
                        !statement.contains(word),
                        "{}: {word}: {statement}",
                        schema.component
                    );
                }
            }
        }
    }
    let features = xingcun::house::features(true);
    for measure in features.iter().flat_map(|feature| &feature.measures) {
        for word in WATCHING {
            assert!(!measure.prefix.contains(word), "{}", measure.prefix);
        }
    }
}
