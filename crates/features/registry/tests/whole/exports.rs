//! Lists to be saved: the rows and columns that the visitor may see, in the order of the page.

use access::Role;
use app::dispute::FileDispute;
use registry::{figure_import::ImportFigures, person_add::AddPerson};
use web::testing::TestSite;

use crate::{
    people::demo,
    world::{FAR_VILLAGE, Somebody, TOWN, VILLAGE, World, in_each_world},
};

const FIGURES: &str = "code,item,period,value,unit,source\n\
    379901100201,population,2026-Q2,1203.50,人,=户籍\n\
    379901100202,population,2026-Q2,-801,人,户籍\n\
    379901101201,population,2026-Q2,77,人,户籍\n";

fn site(world: &World<'_>, readers: &[Somebody]) -> TestSite {
    TestSite::new(world.test, vec![registry::web()], demo(readers))
}

/// The lines of a CSV file, without its mark.
fn lines(body: &str) -> Vec<&str> {
    body.trim_start_matches('\u{feff}').lines().collect()
}

#[test]
fn figures_are_saved_as_filtered_and_sorted_and_only_as_far_as_seen() {
    in_each_world(|world| {
        let import = ImportFigures {
            file: world.upload(FIGURES.as_bytes()),
            source: String::new(),
        };
        world.test.by(world.clerk.account, &import).unwrap();
        let town = world.engage("王建国", "wang.jianguo", Role::TownVerifier, Some(TOWN));
        let site = site(world, &[town, world.clerk]);
        let cookies = site.sign_in(town.account);
        let page = site.get("/figures?sort=-place", &cookies);
        assert!(
            page.body.contains("/figures.csv?sort=-place"),
            "{}",
            page.body
        );
        let file = site.get("/figures.csv?sort=-place", &cookies);
        assert_eq!(file.status, 200, "{}", file.body);
        let found = lines(&file.body);
        assert_eq!(found.len(), 3, "{found:?}");
        // The neighbour stands first in the turned order; numbers stay numbers, also negative
        // ones, and a text that a spreadsheet would run is disarmed.
        assert!(
            found[1].contains(",population,population,2026-Q2,-801,人,户籍,"),
            "{}",
            found[1]
        );
        assert!(
            found[2].contains(",1203.50,人,'=户籍,") || found[2].contains(",1203.5,人,'=户籍,")
        );
        let all = site.get("/figures.csv", &site.sign_in(world.clerk.account));
        assert_eq!(lines(&all.body).len(), 4);
    });
}

#[test]
fn people_are_saved_with_their_posts_and_nothing_sealed() {
    in_each_world(|world| {
        for (name, code) in [("=陈国平", VILLAGE), ("孙玉兰", FAR_VILLAGE)] {
            let add = AddPerson {
                name: name.to_owned(),
                place: world.place_id(code),
                post: "secretary".to_owned(),
                valid_from: None,
            };
            world.test.by(world.clerk.account, &add).unwrap();
        }
        let town = world.engage("王建国", "wang.jianguo", Role::TownVerifier, Some(TOWN));
        let site = site(world, &[town, world.clerk]);
        let refused = site.get("/people.xlsx", &site.sign_in(town.account));
        assert_eq!(refused.status, 403);
        let file = site.get("/people.csv", &site.sign_in(world.clerk.account));
        if file.status == 303 {
            assert!(file.header("location").starts_with("/prove?"));
            return;
        }
        assert_eq!(file.status, 200, "{}", file.body);
        let heads = lines(&file.body)[0].split(',').count();
        assert_eq!(heads, 2, "a name and the posts, no telephone");
        assert!(file.body.contains("'=陈国平,"));
        assert!(file.body.contains("孙玉兰,"));
    });
}

#[test]
fn disputes_accounts_grants_and_denials_are_saved() {
    in_each_world(|world| {
        let import = ImportFigures {
            file: world.upload(FIGURES.as_bytes()),
            source: String::new(),
        };
        world.test.by(world.clerk.account, &import).unwrap();
        let village = world.engage("陈国平", "village01", Role::VillageSecretary, Some(VILLAGE));
        let dispute = FileDispute {
            measure: "figure.population".to_owned(),
            subject: world.place_id(VILLAGE),
            period: "2026-Q2".to_owned(),
            claim: Some("1204".to_owned()),
            reason: "少一人".to_owned(),
            evidence: None,
        };
        world.test.by(village.account, &dispute).unwrap();
        let denied = world.test.by(village.account, &import);
        assert!(denied.is_err());
        let auditor = world.engage("钱文", "qian.wen", Role::Auditor, None);
        let site = site(world, &[auditor, village]);
        let cookies = site.sign_in(auditor.account);
        for (path, expected) in [
            ("/disputes", "figure.population"),
            ("/accounts", "village01"),
            ("/grants", "陈国平,"),
            ("/journal/denials", "figure.import"),
        ] {
            let page = site.get(path, &cookies);
            assert!(page.body.contains(&format!("{path}.xlsx")), "{path}");
            let csv = site.get(&format!("{path}.csv"), &cookies);
            assert_eq!(csv.status, 200, "{path}: {}", csv.body);
            assert!(csv.body.contains(expected), "{path}: {}", csv.body);
            let book = site.get(&format!("{path}.xlsx"), &cookies);
            assert!(book.body.starts_with("PK"), "{path}");
            let refused = site.get(&format!("{path}.csv"), &site.sign_in(village.account));
            let may_see = path == "/disputes";
            assert_eq!(refused.status == 200, may_see, "{path}");
        }
    });
}
