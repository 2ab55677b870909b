//! Outlines of places through the door.

use access::Role;
use app::RefusalKind;
use directory::outline::{self, Datum};
use registry::outline_import::ImportOutlines;

use crate::world::{
    FAR_VILLAGE, NEIGHBOUR, Somebody, TOWN, VILLAGE, World, codes, in_each_world, refused,
};

fn file(codes: &[&str], east: &str) -> String {
    let feature = |code: &&str| {
        format!(
            r#"{{"type":"Feature","properties":{{"code":"{code}"}},"geometry":{{"type":"Polygon",
            "coordinates":[[[118.1,36.1],[{east},36.1],[{east},36.2],[118.1,36.1]]]}}}}"#
        )
    };
    let features: Vec<String> = codes.iter().map(feature).collect();
    let features = features.join(",");
    format!(r#"{{"type":"FeatureCollection","features":[{features}]}}"#)
}

fn import(world: &World<'_>, content: &str) -> ImportOutlines {
    import_by(world, world.clerk, content)
}

/// The import of a file that somebody brought.
fn import_by(world: &World<'_>, somebody: Somebody, content: &str) -> ImportOutlines {
    ImportOutlines {
        file: world.upload_by(somebody.account, content.as_bytes()),
        datum: Datum::Wgs84,
    }
}

#[test]
fn outlines_come_in_by_code_and_the_same_again_changes_nothing() {
    in_each_world(|world| {
        let first = import(world, &file(&[VILLAGE, FAR_VILLAGE], "118.2"));
        let counts = |import: &ImportOutlines| {
            let done = world.test.by(world.clerk.account, import).unwrap();
            (done.added, done.changed, done.unchanged)
        };
        assert_eq!(counts(&first), (2, 0, 0));
        assert_eq!(counts(&first), (0, 0, 2));
        let moved = import(world, &file(&[VILLAGE], "118.3"));
        assert_eq!(counts(&moved), (0, 1, 0));
        let other_datum = ImportOutlines {
            datum: Datum::Gcj02,
            ..moved
        };
        assert_eq!(counts(&other_datum), (0, 1, 0));

        let (tenant, village) = (world.test.tenant, world.place_id(VILLAGE));
        let read = world
            .test
            .app
            .store()
            .read(move |c| outline::get(c, tenant, village));
        let known = read.wait().unwrap().unwrap();
        assert_eq!((known.version, known.datum), (3, Datum::Gcj02));
        assert_eq!(known.outline.polygons[0][0][1], (118_300_000, 36_100_000));
    });
}

#[test]
fn wrong_files_and_places_of_others_are_refused_whole() {
    in_each_world(|world| {
        let unknown = import(world, &file(&[VILLAGE, "379901100299"], "118.2"));
        let refusal = world.test.by(world.clerk.account, &unknown).unwrap_err();
        assert_eq!(codes(&refusal), ["outline-code-unknown"]);
        let at = refusal.findings[0].place.to_string();
        assert_eq!(at, "features.1.properties.code");
        let outside = import(world, &file(&[VILLAGE], "218.2"));
        let refusal = world.test.by(world.clerk.account, &outside);
        refused(refusal, RefusalKind::Invalid, "outline-coordinate");
        let town = world.clerk_beyond();
        let foreign = import(world, &file(&[FAR_VILLAGE], "118.2"));
        let refusal = world.test.by(town.account, &foreign);
        refused(refusal, RefusalKind::Invalid, "file-unknown");
        let far = import_by(world, town, &file(&[FAR_VILLAGE], "118.2"));
        world.denied(town.account, &far, "access-other-place");
        let reader = world.engage("孙伟", "sun.wei", Role::TownClerk, Some(TOWN));
        let own = import_by(world, reader, &file(&[VILLAGE], "118.2"));
        world.denied(reader.account, &own, "access-no-role");
        let tenant = world.test.tenant;
        let read = world
            .test
            .app
            .store()
            .read(move |c| outline::all(c, tenant));
        assert_eq!(read.wait().unwrap(), []);
    });
}

/// One slipped figure would make the map of all the others a dot.
#[test]
fn an_outline_far_from_its_neighbours_is_refused() {
    in_each_world(|world| {
        let third = "379901100203";
        world
            .import_places(&format!(
                "code,name,level,parent_code\n{third},石桥村民委员会,village,{TOWN}\n"
            ))
            .unwrap();
        let near = import(world, &file(&[VILLAGE, NEIGHBOUR], "118.2"));
        world.test.by(world.clerk.account, &near).unwrap();
        let square = |west: &str| {
            format!(
                r#"{{"type":"FeatureCollection","features":[{{"type":"Feature","properties":
                {{"code":"{third}"}},"geometry":{{"type":"Polygon","coordinates":
                [[[{west}.1,36.1],[{west}.2,36.1],[{west}.2,36.2],[{west}.1,36.1]]]}}}}]}}"#
            )
        };
        let far = import(world, &square("108"));
        let refusal = world.test.by(world.clerk.account, &far).unwrap_err();
        assert_eq!(codes(&refusal), ["outline-far"]);
        let beside = import(world, &square("118"));
        world.test.by(world.clerk.account, &beside).unwrap();
    });
}
