//! Setup and accounts.

use access::SetupToken;
use app::RefusalKind;
use registry::{
    accounts::{DisableAccount, MakeAccount},
    place_import::ImportPlaces,
    setup::SetUpAdministrators,
    tokens::IssueToken,
};

use crate::world::{ROSTER, codes, in_each_world, refused};

#[test]
fn administrators_are_made_once_and_by_setup_only() {
    in_each_world(|world| {
        let again = world.test.by_rule(&SetUpAdministrators {});
        refused(again, RefusalKind::Invalid, "setup-done-already");
        let by_person = world
            .test
            .by(world.administrators.system, &SetUpAdministrators {});
        refused(by_person, RefusalKind::Invalid, "setup-by-rule-only");
    });
}

#[test]
fn accounts_are_made_by_the_security_administrator_with_fitting_names() {
    in_each_world(|world| {
        let make = |name: &str| MakeAccount {
            person: None,
            name: Some("赵敏".to_owned()),
            namesake: false,
            sign_in_name: name.to_owned(),
        };
        let security = world.administrators.security;
        world.denied(world.clerk.account, &make("zhao.min"), "access-no-role");
        world.denied(
            world.administrators.system,
            &make("zhao.min"),
            "access-no-role",
        );
        for (name, code) in [
            ("zm", "sign-in-name-form"),
            ("13800138000", "sign-in-name-personal"),
            ("li.jing", "sign-in-name-taken"),
        ] {
            refused(
                world.test.by(security, &make(name)),
                RefusalKind::Invalid,
                code,
            );
        }
        let both = MakeAccount {
            name: Some(" ".to_owned()),
            ..make("zm")
        };
        let refusal = world.test.by(security, &both).unwrap_err();
        assert_eq!(codes(&refusal), ["sign-in-name-form", "person-name-length"]);
        let made = world.test.by(security, &make("Zhao.Min")).unwrap();
        // A second account only once the first is closed; both or neither of name and person are
        // refused.
        let second = MakeAccount {
            person: Some(made.person),
            name: None,
            namesake: false,
            sign_in_name: "zhao.min.2".to_owned(),
        };
        refused(
            world.test.by(security, &second),
            RefusalKind::Invalid,
            "person-has-account",
        );
        let close = DisableAccount {
            account: made.account,
            disabled: true,
        };
        world.test.by(security, &close).unwrap();
        assert_eq!(
            world.test.by(security, &second).unwrap().person,
            made.person
        );
        // Nor is the first one opened again beside it.
        let reopen = DisableAccount {
            disabled: false,
            ..close.clone()
        };
        refused(
            world.test.by(security, &reopen),
            RefusalKind::Invalid,
            "person-has-account",
        );
        // A name that the register knows: the same person, unless somebody says otherwise.
        refused(
            world.test.by(security, &make("zhao.min.3")),
            RefusalKind::Invalid,
            "person-of-this-name",
        );
        let namesake = MakeAccount {
            namesake: true,
            ..make("zhao.min.3")
        };
        let other = world.test.by(security, &namesake).unwrap();
        assert_ne!(other.person, made.person);
        let both = MakeAccount {
            name: Some("赵敏".to_owned()),
            sign_in_name: "zhao.min.4".to_owned(),
            ..second.clone()
        };
        refused(
            world.test.by(security, &both),
            RefusalKind::Invalid,
            "person-or-name",
        );
        let neither = MakeAccount {
            person: None,
            sign_in_name: "zhao.min.4".to_owned(),
            ..second
        };
        refused(
            world.test.by(security, &neither),
            RefusalKind::Invalid,
            "person-or-name",
        );
    });
}

#[test]
fn a_disabled_account_does_nothing_until_it_is_enabled() {
    in_each_world(|world| {
        let security = world.administrators.security;
        let clerk = world.clerk.account;
        let set = |disabled| DisableAccount {
            account: clerk,
            disabled,
        };
        world.denied(clerk, &set(true), "access-no-role");
        world.test.by(security, &set(true)).unwrap();
        let import = ImportPlaces {
            file: world.upload(ROSTER.as_bytes()),
        };
        refused(
            world.test.by(clerk, &import),
            RefusalKind::Denied,
            "account-closed",
        );
        world.test.by(security, &set(false)).unwrap();
        world.test.by(clerk, &import).unwrap();
        // Nobody locks herself out.
        let own = DisableAccount {
            account: security,
            disabled: true,
        };
        refused(
            world.test.by(security, &own),
            RefusalKind::Invalid,
            "access-own-matter",
        );
        let unknown = access::AccountId(kernel::Id::new(1, [9; 10]));
        let unknown = DisableAccount {
            account: unknown,
            disabled: true,
        };
        refused(
            world.test.by(security, &unknown),
            RefusalKind::NotFound,
            "not-found",
        );
    });
}

#[test]
fn a_token_is_known_by_its_hash_and_lasts_half_an_hour() {
    in_each_world(|world| {
        let security = world.administrators.security;
        let somebody = world.newcomer("高明", "gao.ming");
        let token = SetupToken::new([7; 32]);
        let issue = IssueToken {
            account: somebody.account,
            token_hash: token.hash_text(),
        };
        world.denied(somebody.account, &issue, "access-no-role");
        let stale = world.by_stale(security, &issue);
        refused(stale, RefusalKind::Reauthenticate, "access-reauthenticate");
        let bad = IssueToken {
            token_hash: "secret".to_owned(),
            ..issue.clone()
        };
        refused(
            world.test.by(security, &bad),
            RefusalKind::Invalid,
            "token-hash",
        );
        let issued = world.test.by(security, &issue).unwrap();
        let expires_at = issued
            .expires_at
            .expect("who holds no grant needs one step");
        let minutes = (expires_at.0 - world.test.app.session_clock().now().0) / 60_000;
        assert_eq!(minutes, 30);
    });
}
