//! A file of outlines in `GeoJSON` (RFC 7946): a collection of features with polygons, each with the
//! division code of its place. What is wrong is told with its place in the file, what stands there
//! and what was expected.

use kernel::{Decimal, DivisionCode, Finding, FindingPlace, Rounding};
use serde_json::Value as Json;

use super::{Corner, Outline, Ring, simplify};

/// How much a file of outlines may hold.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes of the file.
    pub file_bytes: usize,
    /// Features.
    pub features: usize,
    /// Positions of all features together.
    pub positions: usize,
    /// Positions of one ring, before it is simplified: that takes the square of them at worst.
    pub ring_positions: usize,
    /// Corners of one outline once it is simplified.
    pub corners: usize,
}

/// The limits of the product: a county of the finest outlines in use.
pub const LIMITS: Limits = Limits {
    file_bytes: 16 << 20,
    features: 5_000,
    positions: 1_000_000,
    ring_positions: 20_000,
    corners: 2_000,
};

/// Where China lies, in whole degrees: longitude, then latitude. An outline elsewhere has its
/// numbers the wrong way round, or is of another system.
const RANGES: [(&str, i64, i64); 2] = [("longitude", 73, 136), ("latitude", 3, 54)];

const MILLIONTHS: i64 = 1_000_000;

/// An outline with the code of its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Feature {
    /// Its index in the file, from 0.
    pub index: usize,
    /// The division code.
    pub code: DivisionCode,
    /// The outline, simplified.
    pub outline: Outline,
}

/// Names under which files give the division code.
const CODE_NAMES: [&str; 6] = ["code", "code12", "区划代码", "编码", "代码", "adcode"];

/// Findings told at most.
const FINDINGS_MAX: usize = 100;

/// Reads a file. `Err` with every finding, up to a hundred, where one blocks.
pub fn read(bytes: &[u8], limits: &Limits) -> Result<Vec<Feature>, Vec<Finding>> {
    if bytes.len() > limits.file_bytes {
        return Err(vec![too_large("bytes", bytes.len(), limits.file_bytes)]);
    }
    let json: Json = serde_json::from_slice(bytes).map_err(|error| {
        let line = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        vec![Finding::error("outline-not-json").at(FindingPlace::Line {
            file: String::new(),
            line: line(error.line()),
            column: line(error.column()),
        })]
    })?;
    let is_collection = json.get("type").and_then(Json::as_str) == Some("FeatureCollection");
    let Some(features) = json
        .get("features")
        .and_then(Json::as_array)
        .filter(|_| is_collection)
    else {
        let found = json.get("type").map(shown).unwrap_or_default();
        let finding = Finding::error("outline-not-a-collection").field("type");
        return Err(vec![finding.arg("found", found)]);
    };
    if features.len() > limits.features {
        return Err(vec![too_large("features", features.len(), limits.features)]);
    }
    if features.is_empty() {
        return Err(vec![Finding::error("outline-none").field("features")]);
    }
    let mut reader = Reader {
        limits,
        findings: Vec::new(),
        positions: 0,
    };
    let mut read: Vec<Feature> = Vec::with_capacity(features.len());
    for (index, feature) in features.iter().enumerate() {
        if reader.findings.len() >= FINDINGS_MAX || reader.positions > limits.positions {
            break;
        }
        if let Some(found) = reader.feature(index, feature) {
            if let Some(first) = read.iter().find(|other| other.code == found.code) {
                let finding = Finding::error("outline-code-twice");
                let finding = finding.field(format!("features.{index}.properties"));
                let finding = finding.arg("found", found.code.to_string());
                reader.findings.push(finding.arg("first", first.index + 1));
            }
            read.push(found);
        }
    }
    if reader.positions > limits.positions {
        let (found, limit) = (reader.positions, limits.positions);
        reader.findings.push(too_large("positions", found, limit));
    }
    if reader.findings.is_empty() {
        Ok(read)
    } else {
        Err(reader.findings)
    }
}

fn too_large(what: &'static str, found: usize, limit: usize) -> Finding {
    Finding::error("outline-too-large")
        .arg("what", what)
        .arg("found", found)
        .arg("limit", limit)
}

/// What stands in the file, short.
fn shown(json: &Json) -> String {
    let text = match json {
        Json::String(text) => text.clone(),
        Json::Array(_) => "[…]".to_owned(),
        Json::Object(_) => "{…}".to_owned(),
        other => other.to_string(),
    };
    text.chars().take(40).collect()
}

struct Reader<'l> {
    limits: &'l Limits,
    findings: Vec<Finding>,
    positions: usize,
}

impl Reader<'_> {
    fn wrong(&mut self, code: &'static str, at: &str, found: String, expected: &'static str) {
        if self.findings.len() < FINDINGS_MAX {
            let finding = Finding::error(code).field(at.to_owned());
            let finding = finding.arg("found", found).arg("expected", expected);
            self.findings.push(finding);
        }
    }

    fn feature(&mut self, index: usize, feature: &Json) -> Option<Feature> {
        let code = self.code(index, feature);
        let at = format!("features.{index}.geometry");
        let geometry = feature.get("geometry");
        let kind = geometry.and_then(|geometry| geometry.get("type"));
        let coordinates = geometry.and_then(|geometry| geometry.get("coordinates"));
        let nothing = Json::Null;
        let coordinates = coordinates.unwrap_or(&nothing);
        let below = format!("{at}.coordinates");
        let polygons = match kind.and_then(Json::as_str) {
            Some("Polygon") => vec![self.polygon(&below, coordinates)],
            Some("MultiPolygon") => {
                let Some(parts) = coordinates.as_array().filter(|parts| !parts.is_empty()) else {
                    self.wrong("outline-shape", &below, shown(coordinates), "polygons");
                    return None;
                };
                parts
                    .iter()
                    .enumerate()
                    .map(|(number, part)| self.polygon(&format!("{below}.{number}"), part))
                    .collect()
            }
            _ => {
                let found = kind.map(shown).unwrap_or_default();
                self.wrong("outline-geometry", &format!("{at}.type"), found, "Polygon");
                return None;
            }
        };
        let polygons: Vec<Vec<Ring>> = polygons.into_iter().collect::<Option<_>>()?;
        let outline = Outline { polygons };
        if outline.corners() > self.limits.corners {
            let finding = too_large("corners", outline.corners(), self.limits.corners);
            self.findings.push(finding.field(below));
            return None;
        }
        Some(Feature {
            index,
            code: code?,
            outline,
        })
    }

    fn code(&mut self, index: usize, feature: &Json) -> Option<DivisionCode> {
        let at = format!("features.{index}.properties.code");
        let properties = feature.get("properties");
        let given = CODE_NAMES
            .iter()
            .find_map(|name| properties?.get(*name).filter(|value| !value.is_null()));
        let Some(given) = given else {
            self.wrong("outline-code-missing", &at, String::new(), "code");
            return None;
        };
        let text = shown(given);
        match DivisionCode::from_short(text.trim()) {
            Ok(code) => Some(code),
            Err(wrong) => {
                self.wrong(wrong.code(), &at, text, "code");
                None
            }
        }
    }

    fn polygon(&mut self, at: &str, json: &Json) -> Option<Vec<Ring>> {
        let Some(rings) = json.as_array().filter(|rings| !rings.is_empty()) else {
            self.wrong("outline-shape", at, shown(json), "rings");
            return None;
        };
        let mut read = Vec::with_capacity(rings.len());
        for (number, ring) in rings.iter().enumerate() {
            read.push(self.ring(&format!("{at}.{number}"), ring));
        }
        read.into_iter().collect()
    }

    /// A ring has at least four positions, of which the last is the first again.
    fn ring(&mut self, at: &str, json: &Json) -> Option<Ring> {
        let Some(positions) = json.as_array() else {
            self.wrong("outline-shape", at, shown(json), "ring");
            return None;
        };
        self.positions += positions.len();
        if self.positions > self.limits.positions {
            return None;
        }
        if positions.len() > self.limits.ring_positions {
            let limit = self.limits.ring_positions;
            let finding = too_large("positions", positions.len(), limit);
            self.findings.push(finding.field(at.to_owned()));
            return None;
        }
        let mut ring: Ring = Vec::with_capacity(positions.len());
        for (number, position) in positions.iter().enumerate() {
            ring.push(self.position(&format!("{at}.{number}"), position)?);
        }
        if ring.len() < 4 {
            self.wrong("outline-ring-short", at, ring.len().to_string(), "4");
            return None;
        }
        if ring.first() != ring.last() {
            let last = format!("{at}.{}", ring.len() - 1);
            let found = shown_corner(ring[ring.len() - 1]);
            self.wrong("outline-ring-open", &last, found, "first");
            return None;
        }
        let simple = simplify::ring(&ring);
        if simple.len() < 3 {
            self.wrong("outline-ring-flat", at, simple.len().to_string(), "3");
            return None;
        }
        // What only the simplifying crossed is drawn well enough.
        if crossing(&simple).is_some()
            && let Some(corner) = crossing(&ring[..ring.len() - 1])
        {
            let found = shown_corner(ring[corner]);
            self.wrong("outline-ring-crosses", at, found, "simple");
            return None;
        }
        Some(simple)
    }

    fn position(&mut self, at: &str, json: &Json) -> Option<Corner> {
        let numbers = json.as_array().filter(|numbers| numbers.len() >= 2);
        let Some(numbers) = numbers else {
            self.wrong("outline-shape", at, shown(json), "position");
            return None;
        };
        let mut read = [0; 2];
        for (axis, (name, least, most)) in RANGES.iter().enumerate() {
            let number = &numbers[axis];
            let found = millionths(number);
            let inside = |found: &i64| (least * MILLIONTHS..=most * MILLIONTHS).contains(found);
            let Some(found) = found.filter(inside) else {
                let at = format!("{at}.{axis}");
                self.wrong("outline-coordinate", &at, shown(number), name);
                return None;
            };
            read[axis] = found;
        }
        Some((read[0], read[1]))
    }
}

/// The corner from which a side begins that crosses another side of its ring. Runs of sides are
/// compared by the boxes around them, so that only sides near each other are looked at.
fn crossing(ring: &[Corner]) -> Option<usize> {
    let side = |from: usize| (ring[from], ring[(from + 1) % ring.len()]);
    let runs = Runs::of(ring.len(), &|from| side(from).into());
    let mut open = vec![(Runs::ALL, Runs::ALL)];
    while let Some((one, other)) = open.pop() {
        let (first, second) = (&runs.0[one], &runs.0[other]);
        if !first.box_around.meets(&second.box_around) {
            continue;
        }
        match (first.halves, second.halves) {
            (Some((left, right)), _) if one == other => {
                open.extend([(left, left), (left, right), (right, right)]);
            }
            (Some((left, right)), halves) if halves.is_none() || first.sides >= second.sides => {
                open.extend([(left, other), (right, other)]);
            }
            (_, Some((left, right))) => open.extend([(one, left), (one, right)]),
            _ => {
                let ((a, b), (c, d)) = (side(first.from), side(second.from));
                if turn(a, b, c) * turn(a, b, d) < 0 && turn(c, d, a) * turn(c, d, b) < 0 {
                    return Some(first.from.min(second.from));
                }
            }
        }
    }
    None
}

/// The box around some corners.
#[derive(Clone, Copy, Debug)]
struct BoxAround {
    low: Corner,
    high: Corner,
}

impl From<(Corner, Corner)> for BoxAround {
    fn from((a, b): (Corner, Corner)) -> BoxAround {
        BoxAround {
            low: (a.0.min(b.0), a.1.min(b.1)),
            high: (a.0.max(b.0), a.1.max(b.1)),
        }
    }
}

impl BoxAround {
    fn meets(&self, other: &BoxAround) -> bool {
        let apart = |low: i64, high: i64| low > high;
        !(apart(self.low.0, other.high.0)
            || apart(other.low.0, self.high.0)
            || apart(self.low.1, other.high.1)
            || apart(other.low.1, self.high.1))
    }

    fn with(self, other: BoxAround) -> BoxAround {
        BoxAround {
            low: (self.low.0.min(other.low.0), self.low.1.min(other.low.1)),
            high: (self.high.0.max(other.high.0), self.high.1.max(other.high.1)),
        }
    }
}

/// A run of sides that follow each other, with its two halves by their index.
struct Run {
    from: usize,
    sides: usize,
    box_around: BoxAround,
    halves: Option<(usize, usize)>,
}

/// All sides of a ring as a tree of runs.
struct Runs(Vec<Run>);

impl Runs {
    /// The index of the run of all sides.
    const ALL: usize = 0;

    fn of(sides: usize, box_of: &dyn Fn(usize) -> BoxAround) -> Runs {
        let mut runs = Runs(Vec::with_capacity(2 * sides));
        runs.add(0, sides, box_of);
        runs
    }

    fn add(&mut self, from: usize, sides: usize, box_of: &dyn Fn(usize) -> BoxAround) -> usize {
        let index = self.0.len();
        self.0.push(Run {
            from,
            sides,
            box_around: box_of(from),
            halves: None,
        });
        if sides > 1 {
            let left = self.add(from, sides / 2, box_of);
            let right = self.add(from + sides / 2, sides - sides / 2, box_of);
            let around = self.0[left].box_around.with(self.0[right].box_around);
            self.0[index].box_around = around;
            self.0[index].halves = Some((left, right));
        }
        index
    }
}

/// On which side of the line from `a` to `b` the corner `c` lies: -1, 0 (on it) or 1.
fn turn(a: Corner, b: Corner, c: Corner) -> i128 {
    let [ax, ay, bx, by, cx, cy] = [a.0, a.1, b.0, b.1, c.0, c.1].map(i128::from);
    ((bx - ax) * (cy - ay) - (by - ay) * (cx - ax)).signum()
}

fn shown_corner((x, y): Corner) -> String {
    let degrees = |number: i64| format!("{}.{:06}", number / MILLIONTHS, number % MILLIONTHS);
    format!("{}, {}", degrees(x), degrees(y))
}

/// A number of the file in millionths, half away from nought; `None` for what is no number.
fn millionths(json: &Json) -> Option<i64> {
    let Json::Number(number) = json else {
        return None;
    };
    // As it stands there, or as the shortest decimal of the same meaning.
    let exact: Decimal = number.to_string().parse().ok()?;
    let scaled = exact.mul(Decimal::from_int(MILLIONTHS)).ok()?;
    scaled.round(0, Rounding::HalfUp).to_string().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::{LIMITS, Limits, read};
    use crate::outline::Outline;

    fn file(features: &[String]) -> Vec<u8> {
        let all = features.join(",");
        format!(r#"{{"type":"FeatureCollection","features":[{all}]}}"#).into_bytes()
    }

    fn feature(code: &str, kind: &str, coordinates: &str) -> String {
        format!(
            r#"{{"type":"Feature","properties":{{"code":"{code}"}},
               "geometry":{{"type":"{kind}","coordinates":{coordinates}}}}}"#
        )
    }

    const SQUARE: &str = "[[[118.8,36.7],[118.9,36.7],[118.9,36.8],[118.8,36.8],[118.8,36.7]]]";

    fn codes(bytes: &[u8], limits: &Limits) -> Vec<String> {
        read(bytes, limits)
            .unwrap_err()
            .iter()
            .map(|finding| format!("{} {}", finding.place, finding.code))
            .collect()
    }

    #[test]
    fn polygons_are_read_exactly_and_written_back() {
        let many = format!("[{SQUARE},{SQUARE}]");
        let bytes = file(&[
            feature("370725101201", "Polygon", SQUARE),
            feature("370725101202", "MultiPolygon", &many),
        ]);
        let features = read(&bytes, &LIMITS).unwrap();
        let ring = [
            (118_800_000, 36_700_000),
            (118_900_000, 36_700_000),
            (118_900_000, 36_800_000),
            (118_800_000, 36_800_000),
        ];
        assert_eq!(features[0].outline.polygons, [vec![ring.to_vec()]]);
        assert_eq!(features[1].outline.polygons.len(), 2);
        for feature in features {
            let text = feature.outline.to_text();
            assert_eq!(Outline::of_text(&text), Some(feature.outline));
        }
        assert_eq!(Outline::of_text("1,2 3"), None);
    }

    #[test]
    fn what_is_wrong_is_told_with_its_place() {
        let one = |kind: &str, coordinates: &str| {
            codes(
                &file(&[feature("370725101201", kind, coordinates)]),
                &LIMITS,
            )
        };
        let below = "features.0.geometry";
        for (found, place, code) in [
            (one("Point", "[118.8,36.7]"), ".type", "outline-geometry"),
            (one("Polygon", "5"), ".coordinates", "outline-shape"),
            (one("MultiPolygon", "[]"), ".coordinates", "outline-shape"),
            (
                one("Polygon", "[[[118.8,36.7],[118.9,36.7],[118.8,36.7]]]"),
                ".coordinates.0",
                "outline-ring-short",
            ),
            (
                one(
                    "Polygon",
                    "[[[118.8,36.7],[118.9,36.7],[118.9,36.8],[118.8,36.8]]]",
                ),
                ".coordinates.0.3",
                "outline-ring-open",
            ),
            (
                one("Polygon", "[[[36.7,118.8],[118.9,36.7],[1,2],[3,4]]]"),
                ".coordinates.0.0.0",
                "outline-coordinate",
            ),
            (
                one("Polygon", r#"[[[118.8,"36.7"]]]"#),
                ".coordinates.0.0.1",
                "outline-coordinate",
            ),
            (
                one(
                    "Polygon",
                    "[[[118.8,36.7],[118.8,36.7],[118.8,36.7],[118.8,36.7]]]",
                ),
                ".coordinates.0",
                "outline-ring-flat",
            ),
            (
                one(
                    "Polygon",
                    "[[[118.8,36.7],[118.9,36.8],[118.9,36.7],[118.8,36.8],[118.8,36.7]]]",
                ),
                ".coordinates.0",
                "outline-ring-crosses",
            ),
        ] {
            assert_eq!(found, [format!("{below}{place} {code}")]);
        }
        let twice = feature("370725101201", "Polygon", SQUARE);
        assert_eq!(
            codes(&file(&[twice.clone(), twice]), &LIMITS),
            ["features.1.properties outline-code-twice"]
        );
        let nameless =
            r#"{"type":"Feature","properties":{},"geometry":{"type":"Polygon","coordinates":[]}}"#;
        assert_eq!(
            codes(&file(&[nameless.to_owned()]), &LIMITS),
            [
                "features.0.properties.code outline-code-missing",
                "features.0.geometry.coordinates outline-shape",
            ]
        );
        assert_eq!(
            codes(b"{\n  nonsense", &LIMITS)[0].split(' ').next_back(),
            Some("outline-not-json")
        );
        assert_eq!(codes(b"[]", &LIMITS), ["type outline-not-a-collection"]);
        assert_eq!(codes(&file(&[]), &LIMITS), ["features outline-none"]);
    }

    /// Long sides beside each other, lying and standing, as many as a ring may have: a comparison
    /// of each with each would take minutes for a file full of them.
    #[test]
    fn a_ring_of_many_long_sides_is_soon_looked_through() {
        let teeth = 9_990;
        for standing in [false, true] {
            let mut ring = Vec::new();
            for tooth in 0..teeth {
                let (low, high) = ((100_000_000, tooth * 100), (101_000_000, tooth * 100 + 50));
                let (low, high) = (
                    if tooth % 2 == 0 { low } else { high },
                    if tooth % 2 == 0 { high } else { low },
                );
                for (x, y) in [low, high] {
                    ring.push(if standing {
                        (y + 100_000_000, x)
                    } else {
                        (x, y)
                    });
                }
            }
            let begun = std::time::Instant::now();
            assert_eq!(super::crossing(&ring), None);
            let taken = begun.elapsed();
            assert!(taken.as_secs() < 2, "{taken:?}");
        }
    }

    #[test]
    fn there_is_a_limit_on_everything() {
        let bytes = file(&[feature("370725101201", "Polygon", SQUARE)]);
        for limits in [
            Limits {
                file_bytes: bytes.len() - 1,
                ..LIMITS
            },
            Limits {
                features: 0,
                ..LIMITS
            },
            Limits {
                positions: 4,
                ..LIMITS
            },
            Limits {
                ring_positions: 4,
                ..LIMITS
            },
            Limits {
                corners: 3,
                ..LIMITS
            },
        ] {
            let found = codes(&bytes, &limits);
            assert!(found[0].ends_with("outline-too-large"), "{found:?}");
        }
    }
}
