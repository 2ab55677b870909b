//! The vault on a real database: keys, swaps, search, erasure.

use kernel::{Id, Instant, PersonId, Tenant};
use proptest::prelude::*;
use store::testing::{TestStore, each};
use store::{Connection, values};
use vault::{
    BankAccount, Hardship, IdNumber, KINDS, Kind, Phone, Plain, Purpose, SCHEMA, Sealed,
    TenantVault, Vault, VaultError,
};

const TENANT: Tenant = Tenant(1);
const PHONE: &str = "13800138000";

store::statements! {
    COUNT_VALUES = "SELECT count(*) FROM vault_value WHERE tenant = $1";
    SELECT_VALUES = "SELECT kind, sealed, equality FROM vault_value WHERE tenant = $1 ORDER BY kind";
    SELECT_KEYS = "SELECT sealed FROM vault_person_key WHERE tenant = $1 ORDER BY person";
    MOVE_KEY = "UPDATE vault_person_key SET sealed = $1 WHERE tenant = $2 AND person = $3";
}

fn person(number: u8) -> PersonId {
    PersonId(Id::new(1_790_000_000_000, [number; 10]))
}

fn purpose() -> Purpose {
    Purpose::new("核对身份").expect("four characters")
}

fn phone(text: &str) -> Plain<Phone> {
    Plain::new(text).expect("a phone number")
}

/// Runs a test on each engine with an unlocked vault, in one transaction.
fn with_vault(
    test: impl Fn(&mut dyn Connection, &TenantVault) -> Result<(), VaultError> + Copy + Send + 'static,
) {
    assert!(!STATEMENTS.is_empty());
    for TestStore { store, engine, .. } in &each(&[SCHEMA]) {
        let done = store.write(move |connection| {
            let vault = Vault::new(&[1; 32]);
            vault.set_up_tenant(connection, TENANT, &[2; 32])?;
            let tenant = vault.unlock(connection, TENANT)?;
            test(connection, &tenant)
        });
        assert_eq!(done.wait(), Ok(()), "{engine}");
    }
}

#[test]
fn keeps_finds_reveals_and_removes() {
    with_vault(|connection, vault| {
        for (number, text) in [(1, PHONE), (2, "138-0013-8000"), (3, "13900139000")] {
            let sealed = vault.seal(connection, person(number), &phone(text), &[3; 32])?;
            vault.keep(connection, person(number), &sealed)?;
        }
        let found: Sealed<Phone> = vault.find(connection, person(2))?.unwrap();
        assert_eq!(found.masked().to_string(), "*******8000");
        let revealed = vault.reveal(connection, person(2), &found, purpose())?;
        assert_eq!((revealed.text(), revealed.purpose()), (PHONE, &purpose()));

        let equal = vault.find_equal(connection, &phone("１３８ 0013 8000"))?;
        assert_eq!(equal, [person(1), person(2)]);
        let as_id = Plain::<IdNumber>::new(PHONE)?;
        assert_eq!(vault.find_equal(connection, &as_id)?, []);

        let sealed = vault.seal(connection, person(2), &phone("13700137000"), &[4; 32])?;
        vault.keep(connection, person(2), &sealed)?;
        assert_eq!(vault.find_equal(connection, &phone(PHONE))?, [person(1)]);
        vault.remove::<Phone>(connection, person(1))?;
        assert_eq!(vault.find_equal(connection, &phone(PHONE))?, []);
        assert!(vault.find::<Phone>(connection, person(1))?.is_none());
        Ok(())
    });
}

#[test]
fn words_are_sealed_but_not_searchable() {
    with_vault(|connection, vault| {
        let plain = Plain::<Hardship>::new("因病致贫")?;
        let sealed = vault.seal(connection, person(1), &plain, &[3; 32])?;
        vault.keep(connection, person(1), &sealed)?;
        assert_eq!(sealed.masked().to_string(), "****");
        assert_eq!(vault.find_equal(connection, &plain)?, []);
        let revealed = vault.reveal(connection, person(1), &sealed, purpose())?;
        assert_eq!(revealed.text(), "因病致贫");
        Ok(())
    });
}

#[test]
fn a_value_opens_only_for_its_person_kind_and_tenant() {
    with_vault(|connection, vault| {
        let sealed = vault.seal(connection, person(1), &phone(PHONE), &[3; 32])?;
        vault.seal(connection, person(2), &phone("13900139000"), &[3; 32])?;
        let swapped = vault.reveal(connection, person(2), &sealed, purpose());
        assert_eq!(swapped.unwrap_err(), VaultError::Damaged);
        let other_kind = Sealed::<BankAccount>::from_bytes(&sealed.to_bytes())?;
        let swapped = vault.reveal(connection, person(1), &other_kind, purpose());
        assert_eq!(swapped.unwrap_err(), VaultError::Damaged);

        // The same person id in another tenant, with the first tenant's key rows copied over.
        let other = Vault::new(&[1; 32]);
        other.set_up_tenant(connection, Tenant(2), &[5; 32])?;
        let other = other.unlock(connection, Tenant(2))?;
        other.seal(connection, person(1), &phone(PHONE), &[3; 32])?;
        let swapped = other.reveal(connection, person(1), &sealed, purpose());
        assert_eq!(swapped.unwrap_err(), VaultError::Damaged);

        // One person's sealed key under another's name.
        let keys = connection.all(&SELECT_KEYS, &values![TENANT], |row| {
            Ok(row.blob(0)?.to_vec())
        })?;
        connection.execute(&MOVE_KEY, &values![&keys[0], TENANT, person(2)])?;
        let moved = vault.seal(connection, person(2), &phone(PHONE), &[3; 32]);
        assert_eq!(moved.unwrap_err(), VaultError::Damaged);
        Ok(())
    });
}

#[test]
fn a_changed_hash_or_mask_is_noticed() {
    with_vault(|connection, vault| {
        let bytes = vault
            .seal(connection, person(1), &phone(PHONE), &[3; 32])?
            .to_bytes();
        for at in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[at] ^= 1;
            let opened = Sealed::<Phone>::from_bytes(&changed)
                .and_then(|sealed| vault.reveal(connection, person(1), &sealed, purpose()));
            assert_eq!(opened.unwrap_err(), VaultError::Damaged, "byte {at}");
        }
        Ok(())
    });
}

#[test]
fn erasure_destroys_the_key_and_what_it_sealed() {
    with_vault(|connection, vault| {
        let kept = vault.seal(connection, person(1), &phone(PHONE), &[3; 32])?;
        vault.keep(connection, person(1), &kept)?;
        let other = vault.seal(connection, person(2), &phone(PHONE), &[3; 32])?;
        vault.keep(connection, person(2), &other)?;

        for _ in 0..2 {
            vault.erase(connection, person(1), Instant(1_790_000_000_000))?;
            let count = connection.one(&COUNT_VALUES, &values![TENANT], |row| row.int(0))?;
            assert_eq!(count, 1);
        }
        let opened = vault.reveal(connection, person(1), &kept, purpose());
        assert_eq!(opened.unwrap_err(), VaultError::Erased);
        let again = vault.seal(connection, person(1), &phone(PHONE), &[6; 32]);
        assert_eq!(again.unwrap_err(), VaultError::Erased);
        // A person for whom nothing was ever sealed can be erased too.
        vault.erase(connection, person(3), Instant(1))?;
        assert_eq!(
            vault
                .seal(connection, person(3), &phone(PHONE), &[3; 32])
                .unwrap_err(),
            VaultError::Erased
        );
        assert_eq!(
            vault
                .reveal(connection, person(2), &other, purpose())?
                .text(),
            PHONE
        );
        Ok(())
    });
}

#[test]
fn another_root_key_opens_nothing_and_set_up_is_done_once() {
    with_vault(|connection, vault| {
        let sealed = vault.seal(connection, person(1), &phone(PHONE), &[3; 32])?;
        let wrong = Vault::new(&[9; 32]);
        assert_eq!(
            wrong.unlock(connection, TENANT).unwrap_err(),
            VaultError::Damaged
        );
        assert_eq!(
            wrong.unlock(connection, Tenant(7)).unwrap_err(),
            VaultError::NoTenantKey
        );
        let right = Vault::new(&[1; 32]);
        right.set_up_tenant(connection, TENANT, &[8; 32])?;
        let again = right.unlock(connection, TENANT)?;
        assert_eq!(
            again
                .reveal(connection, person(1), &sealed, purpose())?
                .text(),
            PHONE
        );
        Ok(())
    });
}

#[test]
fn a_transaction_that_runs_again_makes_the_same_bytes() {
    with_vault(|connection, vault| {
        let once = vault.seal(connection, person(1), &phone(PHONE), &[3; 32])?;
        let twice = vault.seal(connection, person(1), &phone(PHONE), &[3; 32])?;
        assert_eq!(once.to_bytes(), twice.to_bytes());
        let other = vault.seal(connection, person(1), &phone(PHONE), &[4; 32])?;
        assert_ne!(once.to_bytes(), other.to_bytes());
        Ok(())
    });
}

#[test]
fn no_column_holds_a_plain_text() {
    with_vault(|connection, vault| {
        fn keep<K: Kind>(
            connection: &mut dyn Connection,
            vault: &TenantVault,
            text: &str,
        ) -> Result<(), VaultError> {
            let sealed = vault.seal(connection, person(1), &Plain::<K>::new(text)?, &[3; 32])?;
            vault.keep(connection, person(1), &sealed)
        }
        keep::<Phone>(connection, vault, PHONE)?;
        keep::<IdNumber>(connection, vault, "11010519491231002X")?;
        keep::<BankAccount>(connection, vault, "6222021234567890123")?;
        keep::<vault::Health>(connection, vault, "高血压三级")?;
        keep::<Hardship>(connection, vault, "因病致贫")?;
        let mut kinds = Vec::new();
        connection.for_each(&SELECT_VALUES, &values![TENANT], &mut |row| {
            kinds.push(row.text(0)?.to_owned());
            let bytes = [row.blob(1)?, row.optional_blob(2)?.unwrap_or_default()].concat();
            for secret in ["00138", "51949", "20212", "高血压", "因病"] {
                let hidden = !bytes
                    .windows(secret.len())
                    .any(|part| part == secret.as_bytes());
                assert!(hidden, "{secret} stands in {}", row.text(0)?);
            }
            Ok(())
        })?;
        let mut all = KINDS.to_vec();
        all.sort_unstable();
        assert_eq!(kinds, all);
        Ok(())
    });
}

#[test]
fn debug_prints_nothing() {
    with_vault(|connection, vault| {
        let plain = phone(PHONE);
        let sealed = vault.seal(connection, person(1), &plain, &[3; 32])?;
        let revealed = vault.reveal(connection, person(1), &sealed, purpose())?;
        assert_eq!(format!("{plain:?} {sealed:?}"), "Plain Sealed");
        let text = format!("{revealed:?} {vault:?} {:?}", Vault::new(&[1; 32]));
        assert!(!text.contains("138"), "{text}");
        assert_eq!(text.matches("Key(secret)").count(), 3, "{text}");
        Ok(())
    });
}

#[test]
fn values_and_purposes_have_limits() {
    assert_eq!(Plain::<Phone>::new("").unwrap_err(), VaultError::Empty);
    assert_eq!(Plain::<Phone>::new(" - ").unwrap_err(), VaultError::Empty);
    let long = "9".repeat(5_000);
    assert_eq!(Plain::<Phone>::new(&long).unwrap_err(), VaultError::TooLong);
    assert!(Purpose::new("  查 ").is_none());
    assert!(Purpose::new(&"查".repeat(201)).is_none());
    assert_eq!(Purpose::new(" 发放补贴 ").unwrap().as_str(), "发放补贴");
}

/// Plain text of a stored value leaves the vault in one module. Cipher text is opened in two more:
/// for keys, and for a file that its sender sealed with a key that is stored nowhere.
#[test]
fn only_one_module_reveals() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut opening = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let source = std::fs::read_to_string(&path).unwrap();
        let source = source.split("#[cfg(test)]").next().unwrap();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if source.contains(".open(") && name != "cipher.rs" {
            opening.push(name);
        }
    }
    opening.sort();
    // Files with the key that came with them; secrets that the program computes with.
    assert_eq!(opening, ["file_key.rs", "reveal.rs", "secret.rs"]);
}

#[test]
fn tables_and_statements_keep_the_rules() {
    store::testing::check_schema(&[SCHEMA]);
    store::testing::check_statements(&vault::STATEMENTS.concat(), &[SCHEMA]);
}

proptest! {
    #[test]
    fn arbitrary_bytes_do_not_panic(bytes in prop::collection::vec(any::<u8>(), 0..80)) {
        if let Ok(sealed) = Sealed::<Phone>::from_bytes(&bytes) {
            prop_assert_eq!(sealed.to_bytes(), bytes.clone());
        }
        if let Ok(sealed) = Sealed::<Hardship>::from_bytes(&bytes) {
            prop_assert_eq!(sealed.to_bytes(), bytes);
        }
    }
}
