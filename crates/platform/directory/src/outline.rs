//! Outlines of places: read from `GeoJSON`, simplified, kept as integers.
//!
//! A coordinate is a whole number of millionths of a degree (about 0.1 m). No binary float takes
//! part: a number of the file is read as the decimal that stands there. Outlines show where a place
//! lies on a schematic map; they are no record of boundaries or of title (ux.md, "Map").

mod read;
mod simplify;

pub use read::{Feature, LIMITS, Limits, read};

use kernel::{PlaceId, Tenant};
use serde::{Deserialize, Serialize};
use store::{Connection, StoreError, values};

use crate::{Recorder, WriteError};

crate::closed_list! {
    /// In which coordinates an outline was given. It is kept beside it and nothing is shifted.
    Datum {
        /// WGS-84, or CGCS2000, which is the same at this precision.
        Wgs84 = "wgs84",
        /// GCJ-02: the shifted coordinates of public Chinese maps.
        Gcj02 = "gcj02",
    }
}

/// A corner: longitude and latitude in millionths of a degree.
pub type Corner = (i64, i64);

/// A closed line, without its first corner again at the end.
pub type Ring = Vec<Corner>;

/// The outline of a place: polygons, each an outer ring and its holes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outline {
    /// The polygons.
    pub polygons: Vec<Vec<Ring>>,
}

impl Outline {
    /// Corners of all rings.
    pub fn corners(&self) -> usize {
        self.polygons.iter().flatten().map(Vec::len).sum()
    }

    /// The box around it: the south-west corner and the north-east one.
    pub fn bounds(&self) -> Option<(Corner, Corner)> {
        let corners = || self.polygons.iter().flatten().flatten();
        let west = corners().map(|corner| corner.0).min()?;
        let south = corners().map(|corner| corner.1).min()?;
        let east = corners().map(|corner| corner.0).max()?;
        let north = corners().map(|corner| corner.1).max()?;
        Some(((west, south), (east, north)))
    }

    /// As it is kept: `x,y x,y x,y`, rings apart by `;`, polygons by `|`.
    pub fn to_text(&self) -> String {
        let ring = |ring: &Ring| {
            let corner = |(x, y): &Corner| format!("{x},{y}");
            ring.iter().map(corner).collect::<Vec<_>>().join(" ")
        };
        let polygon = |rings: &Vec<Ring>| rings.iter().map(ring).collect::<Vec<_>>().join(";");
        let polygons: Vec<String> = self.polygons.iter().map(polygon).collect();
        polygons.join("|")
    }

    /// What [`Outline::to_text`] wrote; `None` for anything else.
    pub fn of_text(text: &str) -> Option<Outline> {
        let corner = |text: &str| {
            let (x, y) = text.split_once(',')?;
            Some((x.parse().ok()?, y.parse().ok()?))
        };
        let ring = |text: &str| text.split(' ').map(corner).collect::<Option<Ring>>();
        let polygon = |text: &str| text.split(';').map(ring).collect::<Option<Vec<Ring>>>();
        let polygons = text.split('|').map(polygon).collect::<Option<Vec<_>>>()?;
        Some(Outline { polygons })
    }
}

store::record! {
    /// Every outline that a place was ever given.
    pub PLACE_OUTLINE = place_outline(tenant, place, version, command, datum, shape, at)
        key(tenant, place, version);
}

store::statements! {
    /// The outlines that places have now.
    SELECT_ALL = concat!(
        "SELECT o.place, o.version, o.datum, o.shape FROM place_outline o WHERE o.tenant = $1 ",
        "AND NOT EXISTS (SELECT 1 FROM place_outline p WHERE p.tenant = $1 ",
        "AND p.place = o.place AND p.version > o.version) ORDER BY o.place"
    );
    /// The outline that one place has now.
    SELECT_ONE = concat!(
        "SELECT place, version, datum, shape FROM place_outline WHERE tenant = $1 ",
        "AND place = $2 ORDER BY version DESC LIMIT 1"
    );
}

/// An outline with what is known of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// Whose.
    pub place: PlaceId,
    /// Which one, from 1.
    pub version: i64,
    /// Its coordinates.
    pub datum: Datum,
    /// The outline.
    pub outline: Outline,
}

fn known(row: &store::Row<'_>) -> Result<Known, StoreError> {
    Ok(Known {
        place: row.id(0)?,
        version: row.int(1)?,
        datum: row.parse(2)?,
        outline: Outline::of_text(row.text(3)?).unwrap_or_default(),
    })
}

/// The outlines of all places.
pub fn all(connection: &mut dyn Connection, tenant: Tenant) -> Result<Vec<Known>, StoreError> {
    connection.all(&SELECT_ALL, &values![tenant], known)
}

/// The outline of one place.
pub fn get(
    connection: &mut dyn Connection,
    tenant: Tenant,
    place: PlaceId,
) -> Result<Option<Known>, StoreError> {
    connection.optional(&SELECT_ONE, &values![tenant, place], known)
}

/// Gives a place an outline.
pub fn write(
    recorder: &mut dyn Recorder,
    place: PlaceId,
    datum: Datum,
    outline: &Outline,
) -> Result<(), WriteError> {
    let tenant = recorder.tenant();
    let before = get(recorder.connection(), tenant, place)?;
    let version = before.map_or(1, |before| before.version + 1);
    let row = Vec::from(values![
        tenant,
        place,
        version,
        recorder.command(),
        datum,
        outline.to_text(),
        recorder.now(),
    ]);
    recorder.append(&PLACE_OUTLINE, &[row])?;
    Ok(())
}
