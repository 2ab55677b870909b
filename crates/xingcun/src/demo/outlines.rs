//! Outlines of the invented villages: cells of a bent lattice, made from fixed numbers. They show
//! no real place; the file says so itself.

use std::fmt::Write;

use access::AccountId;
use directory::outline::Datum;
use registry::outline_import::ImportOutlines;

use super::stage::{Stage, Staged};

/// South-west corner of the lattice, in millionths of a degree.
const CORNER: (i64, i64) = (118_300_000, 36_250_000);
/// Side of a cell, in millionths of a degree: about 3 km.
const SIDE: i64 = 32_000;
/// How far a corner is bent at most, in parts of a thousand of a side.
const BENT: i64 = 300;
/// Corners between two crossings of the lattice.
const BETWEEN: i64 = 3;

/// Gives the villages of these codes outlines: side by side in the order given, the rows to and
/// fro, so that the villages of a town lie together.
pub fn import(stage: &mut Stage, clerk: AccountId, codes: &[String]) -> Staged<()> {
    let file = stage.upload_table(clerk, geojson(codes)?.as_bytes())?;
    let datum = Datum::Wgs84;
    stage.act(clerk, &ImportOutlines { file, datum })?;
    Ok(())
}

fn geojson(codes: &[String]) -> Result<String, std::fmt::Error> {
    let columns = (1..=codes.len())
        .find(|side| side * side >= codes.len())
        .unwrap_or(1);
    let mut text = String::from(
        r#"{"type":"FeatureCollection","name":"演示用虚构轮廓，不是任何真实地方","features":["#,
    );
    for (number, code) in codes.iter().enumerate() {
        let (row, along) = (number / columns, number % columns);
        let column = if row % 2 == 0 {
            along
        } else {
            columns - 1 - along
        };
        let comma = if number > 0 { "," } else { "" };
        write!(
            text,
            r#"{comma}{{"type":"Feature","properties":{{"code":"{code}"}},"geometry":{{"type":"Polygon","coordinates":[["#
        )?;
        let (x, y) = (
            i64::try_from(column).unwrap_or(0) * BETWEEN,
            i64::try_from(row).unwrap_or(0) * BETWEEN,
        );
        for (index, (x, y)) in around(x, y).into_iter().enumerate() {
            let comma = if index > 0 { "," } else { "" };
            let (x, y) = bent(x, y);
            let degrees = |number: i64| format!("{}.{:06}", number / 1_000_000, number % 1_000_000);
            write!(text, "{comma}[{},{}]", degrees(x), degrees(y))?;
        }
        text.push_str("]]}}");
    }
    text.push_str("]}");
    Ok(text)
}

/// The points around a cell, the first again at the end.
fn around(x: i64, y: i64) -> Vec<(i64, i64)> {
    let mut points = Vec::new();
    points.extend((0..BETWEEN).map(|step| (x + step, y)));
    points.extend((0..BETWEEN).map(|step| (x + BETWEEN, y + step)));
    points.extend((0..BETWEEN).map(|step| (x + BETWEEN - step, y + BETWEEN)));
    points.extend((0..BETWEEN).map(|step| (x, y + BETWEEN - step)));
    points.push((x, y));
    points
}

/// A point of the lattice, bent by its own number: cells that share it stay side by side.
fn bent(x: i64, y: i64) -> (i64, i64) {
    let draw = |salt: i64| {
        let mixed = (x + 1) * 7_919 + (y + 1) * 104_729 + salt * 1_299_709;
        let mixed = (mixed ^ (mixed >> 7)) * 48_271 % 2_147_483_647;
        (mixed.rem_euclid(2 * BENT + 1) - BENT) * SIDE / BETWEEN / 1_000
    };
    (
        CORNER.0 + x * SIDE / BETWEEN + draw(1),
        CORNER.1 - y * SIDE / BETWEEN + draw(2),
    )
}

#[cfg(test)]
mod tests {
    use directory::outline;

    use super::geojson;

    #[test]
    fn the_invented_outlines_are_read_and_lie_side_by_side() {
        let codes: Vec<String> = (201..=238)
            .map(|number| format!("379901100{number}"))
            .collect();
        let text = geojson(&codes).unwrap();
        let features = outline::read(text.as_bytes(), &outline::LIMITS).unwrap();
        assert_eq!(features.len(), codes.len());
        // Neighbours in a row share corners.
        let corners = |index: usize| &features[index].outline.polygons[0][0];
        let shared = corners(0)
            .iter()
            .filter(|corner| corners(1).contains(corner))
            .count();
        assert!(shared >= 2, "{shared}");
    }
}
