//! Export and comparison on a real database, honest and tampered with by whoever runs it.

use app::testing::{TestApp, each};
use journal_verify::Report;
use kernel::{Finding, FindingArg, Tenant};
use registry::setup::SetUpAdministrators;
use store::{Statement, values};

use super::rows::Rows;
use super::{JournalError, choose, house, verify_against};

store::statements! {
    /// The second wall, which the host of a database takes down first.
    FREE_GRANT_UPDATE = "DROP TRIGGER grant_event_no_UPDATE";
    FREE_GRANT_DELETE = "DROP TRIGGER grant_event_no_DELETE";
    FREE_LEAF_UPDATE = "DROP TRIGGER journal_leaf_no_UPDATE";
    FREE_LEAF_DELETE = "DROP TRIGGER journal_leaf_no_DELETE";
    CHANGE_ROLE = "UPDATE grant_event SET role = 'county_leader' \
                   WHERE tenant = $1 AND role = 'audit_admin' AND version = 1";
    DELETE_GRANT = "DELETE FROM grant_event WHERE tenant = $1 AND role = 'audit_admin'";
    ADD_ACCOUNT = "INSERT INTO account_event (tenant, account, version, command, kind, person, \
                   sign_in_name, at) SELECT tenant, account, 99, command, kind, person, \
                   'intruder', at FROM account_event WHERE tenant = $1 AND version = 1 \
                   AND sign_in_name = 'system-admin'";
    ADD_WITHOUT_LEAF = "INSERT INTO account_event (tenant, account, version, command, kind, \
                        person, sign_in_name, at) SELECT tenant, account, 99, account, kind, \
                        person, 'intruder', at FROM account_event WHERE tenant = $1 \
                        AND version = 1 AND sign_in_name = 'system-admin'";
    CHANGE_LEAF = "UPDATE journal_leaf SET body = $1 WHERE tenant = $2";
    DELETE_LEAF = "DELETE FROM journal_leaf WHERE tenant = $1";
}

/// A county just set up, sealed and signed.
fn prepared(test: &TestApp) {
    test.by_rule(&SetUpAdministrators {})
        .expect("a fresh county is set up");
    test.app.seal(true).expect("leaves are sealed");
}

/// Exports and compares in one snapshot, as `verify --against` does.
fn compare(test: &TestApp) -> Report {
    let origin = test.app.keys().origin(test.tenant);
    let key = test.app.keys().checkpoint_key().public_key(&origin);
    let path = std::env::temp_dir().join(format!("{}.xjournal", test.command_id()));
    let report = test
        .app
        .store()
        .read(move |connection| -> Result<Report, JournalError> {
            super::write(connection, &origin, &path)?;
            let bytes =
                std::fs::read(&path).map_err(|error| JournalError::Io(path.clone(), error))?;
            let _ = std::fs::remove_file(&path);
            let schemas = house::schemas(false);
            let mut rows = Rows::new(connection, origin.tenant(), &schemas)?;
            Ok(verify_against(&bytes[..], &[], &key, &mut rows)?)
        });
    report.wait().expect("the database can be read")
}

/// Blocking findings as `code table`.
fn wrong(report: &Report) -> Vec<String> {
    let table = |finding: &Finding| {
        let args = finding.args.iter().filter(|(name, _)| name == "table");
        let texts = args.map(|(_, value)| match value {
            FindingArg::Text(text) => format!(" {text}"),
            FindingArg::Int(number) => format!(" {number}"),
        });
        texts.collect::<String>()
    };
    let wrong = report.findings.iter().filter(|finding| finding.blocks());
    wrong
        .map(|finding| format!("{}{}", finding.code, table(finding)))
        .collect()
}

fn exactly(expected: &'static [&'static str]) -> impl Fn(&Report) {
    move |report| assert_eq!(wrong(report), expected)
}

/// What the host of the database does, and what is said of it.
fn tampered(walls: &'static [Statement], edit: &'static Statement, check: impl Fn(&Report)) {
    each(
        || vec![registry::feature(), assessment::feature()],
        |test| {
            prepared(test);
            let (tenant, sqlite) = (test.tenant, test.database.engine == "sqlite");
            let edited = test.app.store().write(move |connection| {
                for wall in walls.iter().filter(|_| sqlite) {
                    connection.execute(wall, &[])?;
                }
                let values = match edit.name() {
                    "CHANGE_LEAF" => values![b"{}", tenant].to_vec(),
                    _ => values![tenant].to_vec(),
                };
                connection.execute(edit, &values)
            });
            assert_eq!(edited.wait().map(|count| count > 0), Ok(true), "{edit}");
            check(&compare(test));
        },
    );
}

#[test]
fn an_honest_folder_agrees() {
    each(
        || vec![registry::feature(), assessment::feature()],
        |test| {
            prepared(test);
            let report = compare(test);
            assert_eq!(wrong(&report), [""; 0]);
            assert!(report.size > 0 && report.proven == report.size);
            assert!(report.rows > 6, "{}", report.rows);
        },
    );
}

#[test]
fn leaves_that_wait_for_the_sealer_are_no_fault() {
    each(
        || vec![registry::feature(), assessment::feature()],
        |test| {
            test.by_rule(&SetUpAdministrators {})
                .expect("a fresh county is set up");
            let report = compare(test);
            assert_eq!(wrong(&report), [""; 0]);
            let codes: Vec<&str> = report
                .findings
                .iter()
                .map(|finding| finding.code.as_ref())
                .collect();
            assert!(codes.contains(&"journal-later"), "{codes:?}");
        },
    );
}

#[test]
fn a_changed_row_is_found() {
    tampered(
        &[FREE_GRANT_UPDATE],
        &CHANGE_ROLE,
        exactly(&["journal-row-changed grant_event"]),
    );
}

#[test]
fn a_deleted_row_is_found() {
    const GONE: &str = "journal-row-deleted grant_event";
    tampered(&[FREE_GRANT_DELETE], &DELETE_GRANT, exactly(&[GONE, GONE]));
}

#[test]
fn an_added_row_is_found() {
    tampered(
        &[],
        &ADD_ACCOUNT,
        exactly(&["journal-row-added account_event"]),
    );
    tampered(
        &[],
        &ADD_WITHOUT_LEAF,
        exactly(&["journal-row-without-leaf account_event"]),
    );
}

/// A leaf that is gone or garbage is named, and so is every row that it alone vouched for.
#[test]
fn a_changed_and_a_deleted_leaf_are_found() {
    const ROW: &str = "journal-row-without-leaf";
    for (wall, edit) in [
        (&[FREE_LEAF_UPDATE], &CHANGE_LEAF),
        (&[FREE_LEAF_DELETE], &DELETE_LEAF),
    ] {
        let check = |report: &Report| {
            let (leaves, rows): (Vec<String>, Vec<String>) = wrong(report)
                .into_iter()
                .partition(|code| !code.starts_with(ROW));
            assert_eq!(leaves.len() as u64, report.size, "{leaves:?}");
            assert!(
                leaves.iter().all(|code| code == "journal-leaf-garbled"),
                "{leaves:?}"
            );
            assert!(!rows.is_empty());
            assert_eq!(report.first_bad.as_ref().map(|bad| bad.number), Some(0));
        };
        tampered(wall, edit, check);
    }
}

#[test]
fn one_area_needs_no_number() {
    let (one, two) = ([Tenant(3)], [Tenant(3), Tenant(4)]);
    assert_eq!(choose(&one, None).ok(), Some(Tenant(3)));
    assert_eq!(choose(&two, Some(4)).ok(), Some(Tenant(4)));
    assert!(matches!(choose(&two, None), Err(JournalError::SeveralTenants(all)) if all == "3, 4"));
    assert!(matches!(
        choose(&one, Some(4)),
        Err(JournalError::NoTenant(_))
    ));
    assert!(matches!(choose(&[], None), Err(JournalError::NoTenant(_))));
}

#[test]
fn the_statements_keep_the_rules() {
    let statements = super::rows::STATEMENTS;
    store::testing::check_statements(statements, &house::schemas(false));
}
