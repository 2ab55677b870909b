//! What is typed is kept before it is declared: by script and by button, without a trace, for the
//! village alone.

use store::{StoreError, values};
use web::testing::{TestAnswer, TestSite};

use crate::browse::{done, see, send, site};
use crate::world::{VERIFIERS, World, account_of, each, place, secretary_of};

store::statements! {
    COUNT_LEAVES = "SELECT count(*) FROM journal_leaf WHERE tenant = $1";
    COUNT_DONE = "SELECT count(*) FROM command_done WHERE tenant = $1";
    COUNT_DRAFTS = "SELECT count(*) FROM draft WHERE tenant = $1";
    COUNT_FILES = "SELECT count(*) FROM draft_file WHERE tenant = $1";
    SELECT_TYPES = "SELECT media_type FROM evidence WHERE tenant = $1 ORDER BY file";
}

fn counts(world: &World<'_>) -> [i64; 4] {
    let tenant = world.app.tenant;
    let read = world.app.app.store().read(move |connection| {
        let all = [&COUNT_LEAVES, &COUNT_DONE, &COUNT_DRAFTS, &COUNT_FILES];
        let mut counts = [0; 4];
        for (count, statement) in counts.iter_mut().zip(all) {
            *count = connection.one(statement, &values![tenant], |row| row.int(0))?;
        }
        Ok::<_, StoreError>(counts)
    });
    read.wait().unwrap()
}

struct Village {
    section: String,
    draft: String,
    secretary: String,
    csrf: String,
}

fn village(world: &World<'_>, site: &TestSite, section: &str) -> Village {
    let round = world.open();
    let secretary = site.sign_in(account_of(secretary_of(11)));
    let section = format!("/rounds/{round}/villages/{}/sections/{section}", place(11));
    let csrf = see(site, &secretary, &section, &[])
        .hidden("csrf")
        .to_owned();
    Village {
        draft: format!("{section}/draft"),
        section,
        secretary,
        csrf,
    }
}

impl Village {
    fn keep(&self, site: &TestSite, fields: &[(&str, &str)]) -> TestAnswer {
        let all: Vec<_> = [("csrf", self.csrf.as_str())]
            .into_iter()
            .chain(fields.iter().copied())
            .collect();
        site.post_part(&self.draft, &self.secretary, &all)
    }
}

const VISITED: &str = "items.households_visited.value";

#[test]
fn what_is_typed_is_kept_without_a_trace_and_found_again() {
    each(|world| {
        let site = site(world.app);
        let village = village(world, &site, "leader");
        let before = counts(world);
        let kept = village.keep(&site, &[(VISITED, "121")]);
        assert_eq!(kept.status, 200, "{}", kept.body);
        assert!(kept.body.contains("草稿已存 09:00"), "{}", kept.body);
        assert!(!kept.body.contains("<main"), "only the part of the page");
        let after = counts(world);
        assert_eq!(after[..2], before[..2], "no command and no leaf");
        assert_eq!(after[2], 1);
        see(
            &site,
            &village.secretary,
            &village.section,
            &["value=\"121\"", "草稿已存 09:00"],
        );
        // Nobody else sees it.
        let verifier = site.sign_in(account_of(VERIFIERS[0]));
        let seen = see(&site, &verifier, &village.section, &[]);
        assert!(!seen.body.contains("121") && !seen.body.contains("草稿"));
        // Emptied is empty, not what was kept before.
        village.keep(&site, &[(VISITED, "")]);
        let again = see(&site, &village.secretary, &village.section, &[]);
        assert!(!again.body.contains("value=\"121\""));
    });
}

#[test]
fn the_estimate_follows_what_is_typed_and_missing_stays_missing() {
    each(|world| {
        let site = site(world.app);
        let village = village(world, &site, "leader");
        // 200 of 400 households visited: half of the node's 12 marks.
        let half = village.keep(&site, &[(VISITED, "200")]).body;
        assert!(half.contains("预估得分") && half.contains("以镇核查、县审核为准"));
        let mark = marks(&half, "households_visited");
        let whole = marks(
            &village.keep(&site, &[(VISITED, "400")]).body,
            "households_visited",
        );
        assert_ne!(mark, whole);
        let doubled: kernel::Decimal = mark
            .parse::<kernel::Decimal>()
            .unwrap()
            .mul("2".parse().unwrap())
            .unwrap();
        assert_eq!(doubled, whole.parse().unwrap(), "{mark} and {whole}");
        // Full-width digits, as a Chinese keyboard gives them, are the same number.
        let wide = village.keep(&site, &[(VISITED, "２００")]).body;
        assert_eq!(marks(&wide, "households_visited"), mark);
        // What is no number is told and counts as missing, never as the value before or as 0.
        let unread = village.keep(&site, &[(VISITED, "约百户")]).body;
        assert_eq!(marks(&unread, "households_visited"), "缺失");
        let told =
            "data-problem-of=\"f-items-households-visited-value\" data-content>“约百户”不是数";
        assert!(unread.contains(told), "{unread}");
        assert!(
            unread.contains("data-answered hidden>已填 0 / 1 项"),
            "{unread}"
        );
        // On the page that is loaded it stands at the field, and the summary leads there.
        let words = [
            "href=\"#f-items-households-visited-value\"",
            "id=\"f-items-households-visited-value-error\"",
            "已填 0 / 1 项",
            "“约百户”不是数",
        ];
        see(&site, &village.secretary, &village.section, &words);
        village.keep(&site, &[(VISITED, "200")]);
        see(
            &site,
            &village.secretary,
            &village.section,
            &["已填 1 / 1 项"],
        );
        let nothing = village.keep(&site, &[(VISITED, "")]).body;
        assert_eq!(marks(&nothing, "households_visited"), "缺失");
        assert!(!nothing.contains("不是数"));
    });
}

#[test]
fn a_sum_shows_what_is_known_and_what_is_above_its_total_is_pointed_out() {
    each(|world| {
        let site = site(world.app);
        let village = village(world, &site, "well_being");
        // All that was due was disclosed: 8 of 8. The inspection (12 of 20) is the town's to fill,
        // and the scheme would stretch 8 of 8 to 20 of 20.
        let field = "items.disclosures_on_time.value";
        let part = village.keep(&site, &[(field, "24")]).body;
        assert_eq!(marks(&part, "disclosures_on_time"), "8");
        let sum = part.split("幸福指数</span>").nth(1).unwrap();
        let sum = sum.split("class=\"field\"").next().unwrap();
        assert!(sum.contains("<span data-content>8</span>"), "{sum}");
        assert!(
            sum.contains("/ 20") && sum.contains("另有 1 项未填"),
            "{sum}"
        );
        let above = "填的是 24，大于";
        assert!(part.contains(above), "{part}");
        see(&site, &village.secretary, &village.section, &[above]);
        let part = village.keep(&site, &[(field, "1")]).body;
        assert!(!part.contains("大于"), "{part}");
    });
}

/// What the estimate says beside the link to a question.
fn marks(part: &str, item: &str) -> String {
    let at = part
        .find(&format!("#q-{item}"))
        .unwrap_or_else(|| panic!("{part}"));
    let rest = &part[at..];
    let from = rest.find("<span data-content>").unwrap() + "<span data-content>".len();
    rest[from..].split('<').next().unwrap().to_owned()
}

#[test]
fn without_a_script_a_button_keeps_the_draft() {
    each(|world| {
        let site = site(world.app);
        let village = village(world, &site, "leader");
        let fields = [(VISITED, "37")];
        let to = done(&send(
            &site,
            &village.secretary,
            &village.section,
            &village.draft,
            &fields,
        ));
        assert_eq!(to, village.section);
        see(
            &site,
            &village.secretary,
            &to,
            &["value=\"37\"", "草稿已存", "存草稿"],
        );
    });
}

#[test]
fn a_declaration_removes_the_draft_with_its_files() {
    each(|world| {
        let site = site(world.app);
        let village = village(world, &site, "common_prosperity");
        let file = &world.evidence(secretary_of(11))[0].file;
        let reference = format!("file:{file}:12:image/png:名册封面.png");
        let fields = [
            ("items.coop_share.value", "12.5"),
            ("items.coop_share.evidence", reference.as_str()),
        ];
        village.keep(&site, &fields);
        assert_eq!(counts(world)[2..], [1, 1]);
        see(
            &site,
            &village.secretary,
            &village.section,
            &["名册封面.png", "value=\"12.5\""],
        );
        let declare = format!("{}/declare", village.section);
        done(&send(
            &site,
            &village.secretary,
            &village.section,
            &declare,
            &fields,
        ));
        assert_eq!(counts(world)[2..], [0, 0]);
        // What is locked to the village is not kept either.
        let late = village.keep(&site, &fields);
        assert_eq!(late.status, 422, "{}", late.body);
        assert_eq!(counts(world)[2..], [0, 0]);
    });
}

#[test]
fn a_file_that_somebody_else_brought_is_neither_kept_nor_declared() {
    each(|world| {
        let site = site(world.app);
        let village = village(world, &site, "common_prosperity");
        // Its hash may be read in the journal; the content stays with who brought it.
        let foreign = world.evidence(secretary_of(12));
        let reference = format!("file:{}:12:image/png:名册封面.png", foreign[0].file);
        let fields = [
            ("items.coop_share.value", "12.5"),
            ("items.coop_share.evidence", reference.as_str()),
        ];
        village.keep(&site, &fields);
        assert_eq!(counts(world)[2..], [1, 0], "the value, not the file");
        let declare = format!("{}/declare", village.section);
        let sent = send(
            &site,
            &village.secretary,
            &village.section,
            &declare,
            &fields,
        );
        assert_eq!(sent.status, 422, "{}", sent.body);

        // Who brought it shows it, as what its bytes are and not as what a form says it is.
        let own = world.evidence(secretary_of(11));
        let reference = format!("file:{}:12:application/pdf:名册封面.pdf", own[0].file);
        let fields = [fields[0], ("items.coop_share.evidence", reference.as_str())];
        village.keep(&site, &fields);
        assert_eq!(counts(world)[2..], [1, 1]);
        done(&send(
            &site,
            &village.secretary,
            &village.section,
            &declare,
            &fields,
        ));
        let tenant = world.app.tenant;
        let store = world.app.app.store();
        let shown = store.read(move |c| {
            c.all(&SELECT_TYPES, &values![tenant], |row| {
                Ok(row.text(0)?.to_owned())
            })
        });
        let shown: Result<Vec<String>, StoreError> = shown.wait();
        assert_eq!(shown.unwrap(), ["image/jpeg"]);
    });
}

#[test]
fn drafts_are_decided_like_declarations() {
    each(|world| {
        let site = site(world.app);
        let village = village(world, &site, "leader");
        for (person, status) in [(secretary_of(12), 403), (VERIFIERS[0], 403)] {
            let cookies = site.sign_in(account_of(person));
            let csrf = site.get("/", &cookies).hidden("csrf").to_owned();
            let fields = [("csrf", csrf.as_str()), (VISITED, "9")];
            let answer = site.post_part(&village.draft, &cookies, &fields);
            assert_eq!(answer.status, status, "{person}");
        }
        let foreign = site.post_part(&village.draft, &village.secretary, &[(VISITED, "9")]);
        assert_eq!(foreign.status, 403, "without the hidden field");
        assert_eq!(village.keep(&site, &[]).status, 422, "nothing to keep");
        assert_eq!(counts(world)[2], 0);
        world.go_to("2026-10-06", 0);
        let secretary = site.sign_in(account_of(secretary_of(11)));
        let shown = see(&site, &secretary, &village.section, &["这一步的期限已过"]);
        let village = Village {
            csrf: shown.hidden("csrf").to_owned(),
            secretary,
            ..village
        };
        let late = village.keep(&site, &[(VISITED, "9")]);
        assert_eq!(late.status, 422);
        assert!(late.body.contains("期限"), "{}", late.body);
        assert_eq!(counts(world)[2], 0);
    });
}

#[test]
fn before_a_section_is_handed_in_it_is_looked_at_and_nothing_typed_is_lost() {
    each(|world| {
        let site = site(world.app);
        let village = village(world, &site, "common_prosperity");
        let check = format!("{}/check", village.section);
        let before = counts(world);
        // Without a script: the form itself is sent to be looked at.
        let fields = |share: &'static str, evidence: &'static str| {
            vec![
                ("csrf", village.csrf.as_str()),
                ("items.coop_share.value", share),
                ("items.coop_share.missing", ""),
                ("items.coop_share.evidence", evidence),
            ]
        };
        let sent = site.post(&check, &village.secretary, &fields("55.5", ""));
        assert_eq!(sent.status, 303, "{}", sent.body);
        assert_eq!(sent.header("location"), check);
        let words = [
            "提交前检查",
            "55.5",
            "缺，必须有",
            "还有 1 处要补",
            "预估得分",
        ];
        let shown = see(&site, &village.secretary, &check, &words);
        assert!(
            !shown.body.contains("确认提交镇核查"),
            "something is missing"
        );
        let back = format!("{}#f-items-coop-share-evidence", village.section);
        assert!(shown.body.contains(&back), "{}", shown.body);
        see(
            &site,
            &village.secretary,
            &village.section,
            &["value=\"55.5\""],
        );
        assert_eq!(counts(world)[..2], before[..2], "no command and no leaf");
        // With evidence it can be sent, with what was typed and under the revision that was seen.
        let page = (village.section.as_str(), village.secretary.as_str());
        let name = "items.coop_share.evidence";
        let mut all = fields("55.5", "");
        all.retain(|(known, _)| *known != name);
        let picture: &[u8] = b"\x89PNG\r\n\x1a\n grey";
        let file = (name, "名册.png", picture);
        let kept = site.post_file(&check, page.1, &all, file);
        assert_eq!(kept.status, 303, "{}", kept.body);
        let shown = see(&site, page.1, &check, &["确认提交镇核查", "1 份"]);
        let hidden = [
            "csrf",
            "command_id",
            "seen_revision",
            "items.coop_share.value",
            name,
        ];
        let all: Vec<(&str, &str)> = hidden.map(|name| (name, shown.hidden(name))).into();
        let done = site.post(&format!("{}/declare", page.0), page.1, &all);
        assert_eq!(done.status, 303, "{}", done.body);
        see(&site, page.1, page.0, &["已申报", "55.5", "名册.png"]);
        // Afterwards there is nothing to send any more.
        let late = site.get(&check, page.1);
        assert!(
            late.body.contains("这一项已经提交，现在是“已申报”"),
            "{}",
            late.body
        );
        for word in ["确认提交镇核查", "还没有提交", "要提交的内容</h2>"] {
            assert!(!late.body.contains(word), "{word}: {}", late.body);
        }
    });
}

#[test]
fn a_program_reads_the_revision_that_its_command_has_to_have_seen() {
    each(|world| {
        let site = site(world.app);
        let village = village(world, &site, "leader");
        let path = format!("/api/v1{}", village.section);
        let standing = |cookies: &str| -> serde_json::Value {
            let read = site.get(&path, cookies);
            assert_eq!(read.status, 200, "{}", read.body);
            serde_json::from_str(&read.body).unwrap()
        };
        let open = standing(&village.secretary);
        assert_eq!(
            (&open["state"], &open["revision"]),
            (&"open".into(), &0.into())
        );
        let round = village.section.split('/').nth(2).unwrap().parse().unwrap();
        world.declare(round, 11, "leader").unwrap();
        let submitted = standing(&village.secretary);
        assert_eq!(submitted["state"], "submitted");
        assert_eq!(submitted["revision"], 1);
        // Another village's secretary may not read it.
        let other = site.sign_in(account_of(secretary_of(12)));
        assert_eq!(site.get(&path, &other).status, 403);
    });
}
