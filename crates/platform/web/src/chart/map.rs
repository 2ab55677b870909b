//! A schematic map drawn from outlines: an SVG in whole numbers, coloured and marked by grade, so
//! that colour does not stand alone. `map.js` makes it one that can be zoomed.

use std::fmt::Write;

use super::{Drawing, escaped};

/// A corner: longitude and latitude in millionths of a degree.
pub type Corner = (i64, i64);

/// One place of a map.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Area {
    /// Its name.
    pub name: String,
    /// What is told of it: name, score, grade.
    pub told: String,
    /// Colour and mark, 1 (best) to 5; none is drawn pale.
    pub tier: Option<u8>,
    /// Its page; empty where the visitor may not open it.
    pub href: String,
    /// Polygons, each an outer ring and its holes.
    pub polygons: Vec<Vec<Vec<Corner>>>,
}

/// Width of the drawing, in its own units.
const WIDTH: i128 = 10_000;
/// A very tall county does not push everything else off the page.
const HEIGHT_MAX: i128 = 9_000;
/// Marks of the grades, as lines across a cell of 160 units: none, level, falling, crossed, upright.
const MARKS: [&str; 5] = [
    "",
    "M0 80H160",
    "M0 160L160 0",
    "M0 160L160 0M0 0L160 160",
    "M40 0V160M120 0V160",
];

/// Cosines of the latitudes 0 to 60 degrees, in thousandths: a degree of longitude is so much
/// shorter than one of latitude there.
const COSINES: [i128; 61] = [
    1000, 1000, 999, 999, 998, 996, 995, 993, 990, 988, 985, 982, 978, 974, 970, 966, 961, 956,
    951, 946, 940, 934, 927, 921, 914, 906, 899, 891, 883, 875, 866, 857, 848, 839, 829, 819, 809,
    799, 788, 777, 766, 755, 743, 731, 719, 707, 695, 682, 669, 656, 643, 629, 616, 602, 588, 574,
    559, 545, 530, 515, 500,
];

/// The rectangle around all corners, and what it takes to draw in it.
struct Frame {
    left: i128,
    top: i128,
    cosine: i128,
    /// Units are `size * scale / per`.
    scale: i128,
    per: i128,
    width: i128,
    height: i128,
}

impl Frame {
    fn around(areas: &[Area]) -> Option<Frame> {
        let corners = || {
            areas
                .iter()
                .flat_map(|area| area.polygons.iter().flatten().flatten())
        };
        let wide = |number: Option<i64>| number.map(i128::from);
        let left = wide(corners().map(|corner| corner.0).min())?;
        let right = wide(corners().map(|corner| corner.0).max())?;
        let bottom = wide(corners().map(|corner| corner.1).min())?;
        let top = wide(corners().map(|corner| corner.1).max())?;
        let middle = usize::try_from((bottom + top) / 2_000_000)
            .unwrap_or(0)
            .min(60);
        let cosine = COSINES[middle];
        let across = ((right - left) * cosine / 1000).max(1);
        let up = (top - bottom).max(1);
        let (scale, per) = if up * WIDTH > across * HEIGHT_MAX {
            (HEIGHT_MAX, up)
        } else {
            (WIDTH, across)
        };
        Some(Frame {
            left,
            top,
            cosine,
            scale,
            per,
            width: across * scale / per,
            height: up * scale / per,
        })
    }

    fn point(&self, (x, y): Corner) -> (i128, i128) {
        let across = (i128::from(x) - self.left) * self.cosine / 1000;
        let down = self.top - i128::from(y);
        (across * self.scale / self.per, down * self.scale / self.per)
    }

    fn path(&self, polygons: &[Vec<Vec<Corner>>]) -> String {
        let mut path = String::new();
        for ring in polygons.iter().flatten() {
            let mut before = None;
            for corner in ring {
                let point = self.point(*corner);
                if before == Some(point) {
                    continue;
                }
                let letter = if before.is_none() { 'M' } else { 'L' };
                let _ = write!(path, "{letter}{} {}", point.0, point.1);
                before = Some(point);
            }
            path.push('Z');
        }
        path
    }
}

/// A map of areas; nothing where none has an outline. What it fills shapes with are [`marks`],
/// which stand beside it on the page.
pub fn map(label: &str, areas: &[Area]) -> Drawing {
    let Some(frame) = Frame::around(areas) else {
        return Drawing::default();
    };
    let mut svg = format!(
        r#"<svg class="map" viewBox="-50 -50 {} {}" role="group" aria-label="{}" data-content>"#,
        frame.width + 100,
        frame.height + 100,
        escaped(label)
    );
    for area in areas.iter().filter(|area| !area.polygons.is_empty()) {
        let fill = match area.tier {
            Some(tier) => format!("url(#map-t{})", tier.clamp(1, 5)),
            None => "url(#map-t0)".to_owned(),
        };
        let (told, path) = (escaped(&area.told), frame.path(&area.polygons));
        let shape = format!(
            r#"<path class="area" fill="{fill}" fill-rule="evenodd" d="{path}"><title>{told}</title></path>"#
        );
        let _ = if area.href.is_empty() {
            write!(svg, r#"<g role="img" aria-label="{told}">{shape}</g>"#)
        } else {
            let href = escaped(&area.href);
            write!(svg, r#"<a href="{href}" aria-label="{told}">{shape}</a>"#)
        };
    }
    svg.push_str("</svg>");
    Drawing(svg)
}

/// The fillings of a map: each grade has its colour and its own mark. Once on a page with a map.
pub fn marks() -> Drawing {
    let mut svg =
        String::from(r#"<svg class="map-marks" width="0" height="0" aria-hidden="true"><defs>"#);
    for tier in 0..=5 {
        let class = if tier == 0 {
            "bar-track".to_owned()
        } else {
            format!("t{tier}")
        };
        let mark = if tier == 0 { "" } else { MARKS[tier - 1] };
        let _ = write!(
            svg,
            r#"<pattern id="map-t{tier}" patternUnits="userSpaceOnUse" width="160" height="160"><rect class="{class}" width="160" height="160"/><path class="map-mark" d="{mark}"/></pattern>"#
        );
    }
    svg.push_str("</defs></svg>");
    Drawing(svg)
}

/// A key of the legend of a map: a patch with colour and mark of a grade.
pub fn map_key(tier: u8) -> Drawing {
    let tier = tier.clamp(1, 5);
    Drawing(format!(
        r#"<svg class="map-key" viewBox="0 0 480 320" aria-hidden="true" focusable="false"><rect width="480" height="320" fill="url(#map-t{tier})"/></svg>"#
    ))
}

#[cfg(test)]
mod tests {
    use super::{Area, map, marks};

    fn area(told: &str, tier: Option<u8>, href: &str, corners: &[(i64, i64)]) -> Area {
        Area {
            name: told.to_owned(),
            told: told.to_owned(),
            tier,
            href: href.to_owned(),
            polygons: vec![vec![corners.to_vec()]],
        }
    }

    #[test]
    fn shapes_are_drawn_north_up_in_true_proportion() {
        // Half a degree each way at 60 degrees north: half as wide as high.
        let (west, east, south, north) = (100_000_000, 100_500_000, 59_750_000, 60_250_000);
        let corners = [(west, south), (east, south), (east, north), (west, north)];
        let drawn = map("l", &[area("甲<村", Some(2), "/x?a=1&b", &corners)]).to_string();
        assert!(drawn.contains(r#"viewBox="-50 -50 4600 9100""#), "{drawn}");
        assert!(
            drawn.contains(r#"d="M0 9000L4500 9000L4500 0L0 0Z""#),
            "{drawn}"
        );
        assert!(
            drawn.contains(r#"href="/x?a=1&"#) && drawn.contains("url(#map-t2)"),
            "{drawn}"
        );
        assert!(
            !drawn.contains("a=1&b") && !drawn.contains("甲<"),
            "{drawn}"
        );
    }

    #[test]
    fn what_has_no_page_is_no_link_and_what_has_no_outline_is_not_drawn() {
        let square = [(1, 1), (2, 1), (2, 2)];
        let mut bare = area("乙村", None, "/y", &square);
        bare.polygons.clear();
        let drawn = map("l", &[area("甲村", None, "", &square), bare.clone()]).to_string();
        assert!(!drawn.contains("<a ") && !drawn.contains("乙村"), "{drawn}");
        assert!(drawn.contains("url(#map-t0)"), "{drawn}");
        assert!(map("l", &[bare]).is_empty());
        for tier in 0..=5 {
            assert!(marks().to_string().contains(&format!("id=\"map-t{tier}\"")));
        }
    }
}
