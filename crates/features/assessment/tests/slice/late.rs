//! Who is late, and more time for one village, by the pages of the clerk.

use crate::browse::{done, see, send, site};
use crate::world::{CLERK, account_of, each, place, refused};

#[test]
fn who_is_late_is_listed_and_one_village_is_given_more_time_with_a_reason() {
    each(|world| {
        let round = world.open();
        world.declare(round, 21, "leader").unwrap();
        let site = site(world.app);
        world.go_to("2026-10-06", 600);
        let clerk = site.sign_in(account_of(CLERK));
        let address = format!("/rounds/{round}");
        let extend = format!("{address}/extend?place={}", place(11));
        see(
            &site,
            &clerk,
            &address,
            &["申报期限已过", "只看期限已过的（4）", &extend],
        );
        assert_eq!(
            refused(world.declare(round, 11, "leader")),
            "Invalid window-closed"
        );
        let village = place(11).to_string();
        let fields = |reason| {
            [
                ("place", village.as_str()),
                ("declare_until", "2026-10-12"),
                ("verify_until", "2026-10-15"),
                ("review_until", "2026-10-25"),
                ("reason", reason),
            ]
        };
        let to = format!("{address}/extend");
        let without = send(&site, &clerk, &extend, &to, &fields(""));
        assert_eq!(without.status, 422, "a reason is asked for");
        done(&send(
            &site,
            &clerk,
            &extend,
            &to,
            &fields("道路塌方，停电三天。"),
        ));
        see(
            &site,
            &clerk,
            &address,
            &["已延至 2026 年 10 月 12 日", "只看期限已过的（3）"],
        );
        let late = see(&site, &clerk, &format!("{address}?late=yes"), &["石桥村"]);
        let row = |name: &str| late.body.contains(&format!("data-content>{name}</a></th>"));
        assert!(row("石桥村") && !row("柳湾村"), "{}", late.body);
        world.declare(round, 11, "leader").unwrap();
        assert_eq!(
            refused(world.declare(round, 12, "leader")),
            "Invalid window-closed"
        );
    });
}
