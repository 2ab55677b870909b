//! Rosters of people, users and organisations: sealed on the way in, every wrong cell told,
//! nothing half-written, and the sender's own file given back with marks.

use access::Role;
use app::RefusalKind;
use directory::{organisation, person};
use kernel::FindingPlace;
use registry::{
    account_import::ImportAccounts, organisation_import::ImportOrganisations,
    person_import::ImportPeople,
};
use store::{StoreError, values};
use vault::{FileKey, IdNumber, Phone, Plain, Vault};
use web::testing::TestSite;

use crate::{
    people::demo,
    world::{TOWN, World, in_each_world},
};

store::statements! {
    COUNT_FACTS = "SELECT count(*) FROM person_fact WHERE tenant = $1";
    COUNT_ACCOUNTS = "SELECT count(*) FROM account_current WHERE tenant = $1";
    SELECT_ANSWERS = "SELECT answer FROM command_done WHERE tenant = $1 ORDER BY command";
    SELECT_LEAVES = "SELECT body FROM journal_leaf WHERE tenant = $1 ORDER BY command";
}

const PHONE: &str = "13800138000";
/// A number made up for tests: the check character fits.
const ID_NUMBER: &str = "11010519491231002X";

/// Seals a file as the form does: hash and key.
fn sealed(world: &World<'_>, content: &[u8]) -> (String, String) {
    let key = FileKey::new(world.test.app.entropy().draw());
    let content = key.seal(content);
    // Whoever imports it in these tests brought it herself.
    world.upload_by(world.administrators.security, &content);
    (world.upload(&content), key.text())
}

fn people(world: &World<'_>, content: &[u8]) -> ImportPeople {
    let (file, key) = sealed(world, content);
    ImportPeople { file, key }
}

fn facts(world: &World<'_>) -> i64 {
    count(world, &COUNT_FACTS)
}

fn count(world: &World<'_>, statement: &'static store::Statement) -> i64 {
    let tenant = world.test.tenant;
    world
        .test
        .app
        .store()
        .read(move |c| c.one(statement, &values![tenant], |row| row.int(0)))
        .wait()
        .unwrap()
}

fn cells(refusal: &app::Refusal) -> Vec<String> {
    refusal
        .findings
        .iter()
        .map(|finding| format!("{} {}", finding.place, finding.code))
        .collect()
}

#[test]
fn people_come_in_sealed_and_the_same_file_again_changes_nothing() {
    in_each_world(|world| {
        let roster = format!(
            "姓名,职务,所在村,任职时间,手机,身份证号\n\
             陈国平,支部书记,柳湾村,2024.3.1,138 0013-8000,{}\n\
             陈国平,主任,柳湾村,2024年3月1日,,\n\
             孙玉兰,会计,福塘村,,１３９００１３９０００,\n",
            ID_NUMBER.to_lowercase()
        );
        let done = world
            .test
            .by(world.clerk.account, &people(world, roster.as_bytes()))
            .unwrap();
        assert_eq!((done.added, done.changed, done.unchanged), (2, 0, 0));
        let before = facts(world);
        let again = world
            .test
            .by(world.clerk.account, &people(world, roster.as_bytes()))
            .unwrap();
        assert_eq!((again.added, again.changed, again.unchanged), (0, 0, 3));
        assert_eq!(facts(world), before, "nothing was written again");
        let (tenant, app) = (world.test.tenant, world.test.app.clone());
        let store = world.test.app.store();
        let found = store.read(move |c| -> Result<_, StoreError> {
            let vault = Vault::new(app.keys().vault()).unlock(c, tenant).unwrap();
            let number = Plain::<IdNumber>::new(ID_NUMBER).unwrap();
            let by_number = vault.find_equal(c, &number).unwrap();
            let phone = Plain::<Phone>::new(PHONE).unwrap();
            assert_eq!(vault.find_equal(c, &phone).unwrap(), by_number);
            let name = person::name(c, tenant, by_number[0])?;
            let texts = c.all(&SELECT_ANSWERS, &values![tenant], |row| {
                Ok(row.text(0)?.to_owned())
            })?;
            let leaves = c.all(&SELECT_LEAVES, &values![tenant], |row| {
                Ok(row.text(0)?.to_owned())
            });
            Ok((by_number.len(), name, texts, leaves.unwrap_or_default()))
        });
        let (persons, name, texts, leaves) = found.wait().unwrap();
        assert_eq!((persons, name.as_deref()), (1, Some("陈国平")));
        for text in texts.iter().chain(&leaves) {
            assert!(!text.contains(PHONE) && !text.contains(ID_NUMBER), "{text}");
        }
    });
}

#[test]
fn every_wrong_cell_of_a_roster_is_told_and_nothing_is_written() {
    in_each_world(|world| {
        let before = facts(world);
        let roster = "姓名,职务,所在村,任职时间,手机,身份证号\n\
             ,支部书记,柳湾村,,,\n\
             赵敏,村长助理,柳湾村,昨天,123,110105194912310021\n\
             赵敏,书记,无此村,,,1101051949\n\
             赵敏,书记,柳湾村,,,\n\
             赵敏,书记,柳湾村,,,\n";
        let refusal = world
            .test
            .by(world.clerk.account, &people(world, roster.as_bytes()))
            .unwrap_err();
        assert_eq!(
            cells(&refusal),
            [
                "A2 import-cell-empty",
                "B3 import-post-unknown",
                "D3 import-day-form",
                "E3 import-phone-form",
                "F3 resident-id-check",
                "C4 import-place-unknown",
                "F4 resident-id-length",
                "A6 import-person-twice",
            ]
        );
        let told = serde_json::to_string(&refusal.findings).unwrap();
        assert!(
            !told.contains("110105194912310021"),
            "a finding repeats no number"
        );
        assert_eq!(facts(world), before);
    });
}

#[test]
fn a_number_that_is_somebody_elses_and_an_open_file_are_refused() {
    in_each_world(|world| {
        let first = format!("姓名,职务,村,身份证号\n陈国平,书记,柳湾村,{ID_NUMBER}\n");
        world
            .test
            .by(world.clerk.account, &people(world, first.as_bytes()))
            .unwrap();
        let other = format!("姓名,职务,村,身份证号\n孙玉兰,会计,福塘村,{ID_NUMBER}\n");
        let refusal = world
            .test
            .by(world.clerk.account, &people(world, other.as_bytes()))
            .unwrap_err();
        assert_eq!(cells(&refusal), ["A2 import-id-of-another"]);
        let open = ImportPeople {
            file: world.upload(first.as_bytes()),
            key: FileKey::new([1; 32]).text(),
        };
        let refusal = world.test.by(world.clerk.account, &open).unwrap_err();
        assert_eq!(cells(&refusal), ["file file-not-sealed"]);
        // The clerk of one town cannot bring in people of another.
        let town = world.engage("王建国", "wang.jianguo", Role::TownClerk, Some(TOWN));
        let key = FileKey::new(world.test.app.entropy().draw());
        let content = key.seal("姓名,职务,村\n李四,书记,红庄村\n".as_bytes());
        let far = ImportPeople {
            file: world.upload_by(town.account, &content),
            key: key.text(),
        };
        let refusal = world.test.by(town.account, &far).unwrap_err();
        assert!(matches!(
            refusal.kind,
            RefusalKind::Denied | RefusalKind::NotFound
        ));
    });
}

#[test]
fn users_are_made_for_persons_of_the_register() {
    in_each_world(|world| {
        let roster = "姓名,职务,村\n陈国平,书记,柳湾村\n陈国平,书记,福塘村\n孙玉兰,会计,福塘村\n";
        world
            .test
            .by(world.clerk.account, &people(world, roster.as_bytes()))
            .unwrap();
        let security = world.administrators.security;
        let import = |content: &str| {
            let (file, key) = sealed(world, content.as_bytes());
            world.test.by(security, &ImportAccounts { file, key })
        };
        let before = count(world, &COUNT_ACCOUNTS);
        let wrong = import(
            "登录名,姓名,村\nliuwan.cgp,陈国平,\n李,孙玉兰,福塘村\nnobody1,周五,柳湾村\n\
             futang.syl,孙玉兰,福塘村\nFutang.syl,陈国平,福塘村\n",
        )
        .unwrap_err();
        assert_eq!(cells(&wrong), ["A6 import-account-twice"]);
        let wrong =
            import("登录名,姓名,村\nliuwan.cgp,陈国平,\n李,孙玉兰,福塘村\nnobody1,周五,柳湾村\n")
                .unwrap_err();
        assert_eq!(
            cells(&wrong),
            [
                "B2 import-person-ambiguous",
                "A3 sign-in-name-form",
                "B4 import-person-unknown"
            ]
        );
        assert_eq!(count(world, &COUNT_ACCOUNTS), before);
        let good = "登录名,姓名,村\nliuwan.cgp,陈国平,柳湾村\nfutang.cgp,陈国平,福塘村\n";
        let done = import(good).unwrap();
        assert_eq!((done.added, done.unchanged), (2, 0));
        assert_eq!(import(good).unwrap().unchanged, 2);
        // One person, one account: neither beside the first nor twice in one file.
        let wrong = import("登录名,姓名,村\nliuwan.two,陈国平,柳湾村\n").unwrap_err();
        assert_eq!(cells(&wrong), ["A2 person-has-account"]);
        let wrong = import("登录名,姓名,村\nsyl.one,孙玉兰,\nsyl.two,孙玉兰,福塘村\n").unwrap_err();
        assert_eq!(cells(&wrong), ["B3 import-person-again"]);
        assert_eq!(count(world, &COUNT_ACCOUNTS), before + 2);
    });
}

#[test]
fn organisations_come_in_with_those_above_them() {
    in_each_world(|world| {
        let import = |content: &str| {
            let file = world.upload(content.as_bytes());
            world
                .test
                .by(world.clerk.account, &ImportOrganisations { file })
        };
        let list = "组织名称,类别,所在村,统一社会信用代码,上级组织\n\
             柳湾村党支部,党支部,柳湾村,,清河镇党委\n\
             清河镇党委,党委,清河镇,,\n\
             柳湾村股份经济合作社,集体经济组织,柳湾村,N2230606MF0000013A,\n";
        let done = import(list).unwrap();
        assert_eq!((done.added, done.changed, done.unchanged), (3, 0, 0));
        assert_eq!(import(list).unwrap().unchanged, 3);
        let tenant = world.test.tenant;
        let read = world
            .test
            .app
            .store()
            .read(move |c| organisation::all(c, tenant));
        let all = read.wait().unwrap();
        let above = all.iter().find(|o| o.name == "清河镇党委").unwrap();
        let branch = all.iter().find(|o| o.name == "柳湾村党支部").unwrap();
        assert_eq!(branch.parent, Some(above.organisation));
        let wrong = import(
            "组织名称,类别,所在村,统一社会信用代码,上级组织\n\
             甲,协会,柳湾村,123,无此组织\n乙,其他,某村,,乙\n",
        )
        .unwrap_err();
        assert_eq!(
            cells(&wrong),
            [
                "B2 import-organisation-kind",
                "D2 credit-code-length",
                "C3 import-place-unknown"
            ]
        );
        let circle =
            import("组织名称,类别,所在村,上级组织\n甲,其他,柳湾村,乙\n乙,其他,柳湾村,甲\n")
                .unwrap_err();
        assert!(cells(&circle)[0].contains("organisation-above-itself"));
        assert!(
            wrong
                .findings
                .iter()
                .all(|f| f.place != FindingPlace::Whole)
        );
    });
}

#[test]
fn the_refused_file_comes_back_with_marks() {
    in_each_world(|world| {
        let site = TestSite::new(world.test, vec![registry::web()], demo(&[world.clerk]));
        let cookies = site.sign_in(world.clerk.account);
        let page = site.get("/places/import", &cookies);
        assert_eq!(page.status, 200, "{}", page.body);
        let content = "code,name\n379901100203,新村\n37990110020x,错村\n";
        let hash = world.upload(content.as_bytes());
        let reference = format!("file:{hash}:{}:text/csv:名册.csv", content.len());
        let fields = |command: &str| {
            vec![
                ("csrf".to_owned(), page.hidden("csrf").to_owned()),
                ("command_id".to_owned(), command.to_owned()),
                ("file".to_owned(), reference.clone()),
            ]
        };
        let post = |path: &str| {
            let sent = fields(&world.test.command_id().to_string());
            let sent: Vec<(&str, &str)> =
                sent.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
            site.post(path, &cookies, &sent)
        };
        let refused = post("/places/import");
        assert_eq!(refused.status, 422, "{}", refused.body);
        assert!(
            refused.body.contains("/places/import/marked"),
            "{}",
            refused.body
        );
        assert!(refused.body.contains("A3"));
        let marked = post("/places/import/marked");
        assert_eq!(marked.status, 200, "{}", marked.body);
        assert!(marked.body.starts_with("PK"));
        // People's files are taken from the sealed form only.
        let open = post("/people/import");
        assert_eq!(open.status, 422, "{}", open.body);
    });
}

#[test]
fn a_personal_file_never_comes_to_disk_in_the_clear() {
    in_each_world(|world| {
        let site = TestSite::new(world.test, vec![registry::web()], demo(&[world.clerk]));
        let cookies = site.sign_in(world.clerk.account);
        let page = site.get("/people/import", &cookies);
        assert!(
            !page.body.contains("data-upload"),
            "no script sends it ahead"
        );
        let content =
            format!("姓名,职务,村,手机\n陈国平,书记,柳湾村,{PHONE}\n孙玉兰,村长,柳湾村,\n");
        let post = |content: &str| {
            let id = world.test.command_id().to_string();
            let fields = [("csrf", page.hidden("csrf")), ("command_id", id.as_str())];
            let file = ("file", "名册.csv", content.as_bytes());
            site.post_file("/people/import", &cookies, &fields, file)
        };
        let refused = post(&content);
        assert_eq!(refused.status, 422, "{}", refused.body);
        assert!(refused.body.contains("B3"));
        assert!(refused.body.contains("value=\"sealed:"), "{}", refused.body);
        assert!(!refused.body.contains(PHONE));
        let done = post(&content.replace("村长", "主任"));
        assert_eq!(done.status, 303, "{}", done.body);
        // Neither content lies in the store under its own name; what lies there holds no number.
        let reference = refused.body.split("value=\"sealed:").nth(1).unwrap();
        let hash = reference.split(':').nth(1).unwrap().parse().unwrap();
        let mut stored = Vec::new();
        let file = world.test.app.files().open_file(hash).unwrap();
        std::io::Read::read_to_end(&mut file.unwrap(), &mut stored).unwrap();
        assert!(!String::from_utf8_lossy(&stored).contains(PHONE));
        let plain = app::FileHash(sha2::Digest::finalize(sha2_of(content.as_bytes())).into());
        assert!(!world.test.app.files().holds(plain));
    });
}

fn sha2_of(content: &[u8]) -> sha2::Sha256 {
    let mut hash = <sha2::Sha256 as sha2::Digest>::new();
    sha2::Digest::update(&mut hash, content);
    hash
}
