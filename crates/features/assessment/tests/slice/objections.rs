//! An appeal from its form to the corrected posting, by pages, without scripts.

use crate::browse::{done, see, send, site};
use crate::world::{CLERK, DECIDER, REVIEWER, account_of, each, place, secretary_of};

#[test]
fn an_appeal_is_lodged_decided_and_read_by_pages() {
    each(|world| {
        let round = world.posted();
        let site = site(world.app);
        let secretary = site.sign_in(account_of(secretary_of(11)));
        let sheet = format!("/rounds/{round}/villages/{}", place(11));
        let form = format!("{sheet}/appeal");
        see(
            &site,
            &secretary,
            &sheet,
            &["提出申诉", "本村的申诉期限：2026 年 10 月 13 日"],
        );
        let nothing = send(
            &site,
            &secretary,
            &form,
            &form,
            &[("item", "households_visited")],
        );
        assert_eq!(nothing.status, 422, "a reason is asked for");
        let fields = [
            ("item", "households_visited"),
            ("claim", "399"),
            ("reason", "漏录了两个村民组。"),
        ];
        let appeal = done(&send(&site, &secretary, &form, &form, &fields));
        see(
            &site,
            &secretary,
            &appeal,
            &["待裁定", "漏录了两个村民组。", "399", "撤回申诉"],
        );
        see(&site, &secretary, "/appeals", &["本年已走访户数", "柳湾村"]);
        let other = site.sign_in(account_of(secretary_of(12)));
        assert_eq!(site.get(&appeal, &other).status, 403);

        // Who reviewed the figure finds nothing to decide; who did not finds it with its clock.
        let reviewer = site.sign_in(account_of(REVIEWER));
        see(&site, &reviewer, "/appeals", &["现在没有等你裁定的申诉"]);
        assert!(!site.get(&appeal, &reviewer).body.contains("提交裁定"));
        let decider = site.sign_in(account_of(DECIDER));
        see(
            &site,
            &decider,
            "/appeals",
            &["柳湾村 的申诉", "还剩 5 个工作日"],
        );
        see(&site, &decider, "/", &["待裁定的申诉", "柳湾村 的申诉"]);
        let clerk = site.sign_in(account_of(CLERK));
        let finalise = format!("/rounds/{round}/finalise");
        see(
            &site,
            &clerk,
            &finalise,
            &["定案前还要办的事", "柳湾村：本年已走访户数的申诉待裁定"],
        );

        let decide = format!("{appeal}/decide");
        let fields = [("decision", "uphold"), ("reason", "记录属实。")];
        let nothing = send(&site, &decider, &appeal, &decide, &fields);
        assert!(
            nothing.status == 422 && nothing.body.contains("至少更正一项"),
            "{}",
            nothing.body
        );
        let fields = [
            ("decision", "uphold"),
            ("items.households_visited.value", "399"),
            ("reason", "记录属实。"),
        ];
        assert_eq!(
            done(&send(&site, &decider, &appeal, &decide, &fields)),
            appeal
        );
        see(&site, &secretary, &appeal, &["已支持", "记录属实。"]);
        let changes = format!("/rounds/{round}/changes");
        see(
            &site,
            &clerk,
            &changes,
            &["第 2 版", "121", "399", "本村数值更正"],
        );
        see(&site, &secretary, &sheet, &["本村的结果更正过"]);
        let old = format!("/rounds/{round}/posting?version=1");
        let new = format!("/rounds/{round}/posting?version=2");
        let (old, new) = (site.get(&old, &clerk), site.get(&new, &clerk));
        assert!(old.status == 200 && new.status == 200);
        assert_ne!(old.body, new.body);
        assert_eq!(
            site.get(&format!("/rounds/{round}/posting?version=3"), &clerk)
                .status,
            404
        );
    });
}
