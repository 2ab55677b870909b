//! Charts as SVG that the server draws: they print, need no inline style and no script. Each has
//! one sentence as its label; the figures themselves stand in a table on the same page.

#![allow(
    clippy::float_arithmetic,
    reason = "lengths and angles of a drawing; no score, rank or sum of money is decided here"
)]

mod map;
mod qr;

use std::f64::consts::TAU;
use std::fmt::Write as _;

use kernel::Decimal;

pub use map::{Area, Corner, map, map_key, marks};
pub use qr::qr;

/// A drawing, as markup.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Drawing(String);

impl Drawing {
    /// Whether nothing is drawn.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl std::fmt::Display for Drawing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// Texts are escaped where they enter; all else is numbers.
impl askama::filters::HtmlSafe for Drawing {}

/// A part of a score with its own parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sector {
    /// Its name, for the pointer.
    pub name: String,
    /// Full mark: the width of the sector.
    pub full: Decimal,
    /// What was reached: the length of the sector. `None` is drawn empty.
    pub mark: Option<Decimal>,
    /// Its parts, from the inside out.
    pub parts: Vec<Sector>,
}

/// Inner and outer edge of each ring, from the inside; what lies deeper is not drawn.
const RINGS: [(f64, f64); 3] = [(56.0, 82.0), (86.0, 106.0), (110.0, 156.0)];
const MIDDLE: f64 = 160.0;
/// Gap between neighbours, in radians.
const GAP: f64 = 0.006;
/// Colours of the design; further top sectors begin again.
const COLOURS: usize = 4;

/// A score as rings: one sector for each part, as wide as its full mark, filled as far as it was
/// reached. `middle` is written inside, with a smaller line below.
pub fn sunburst(label: &str, middle: &str, below: &str, parts: &[Sector]) -> Drawing {
    let full: f64 = parts.iter().map(|part| size(part.full)).sum();
    if full <= 0.0 {
        return Drawing::default();
    }
    let (_, edge) = RINGS[depth(parts).clamp(1, RINGS.len()) - 1];
    let mut svg = format!(
        r#"<svg class="sunburst" viewBox="{corner} {corner} {side} {side}" role="img" aria-label="{}" data-content>"#,
        escaped(label),
        corner = MIDDLE - edge - 2.0,
        side = 2.0 * edge + 4.0,
    );
    let mut from = 0.0;
    for (index, part) in parts.iter().enumerate() {
        let span = TAU * size(part.full) / full;
        sector(&mut svg, part, index % COLOURS + 1, 0, from, span);
        from += span;
    }
    for (class, y, text) in [("big", 166, middle), ("small", 184, below)] {
        let _ = write!(
            svg,
            r#"<text class="{class}" x="160" y="{y}" text-anchor="middle">{}</text>"#,
            escaped(text)
        );
    }
    svg.push_str("</svg>");
    Drawing(svg)
}

/// How many rings there are.
fn depth(parts: &[Sector]) -> usize {
    let below = parts.iter().map(|part| depth(&part.parts));
    below.max().map_or(0, |below| below + 1)
}

fn sector(svg: &mut String, part: &Sector, colour: usize, ring: usize, from: f64, span: f64) {
    let Some(&(inner, outer)) = RINGS.get(ring) else {
        return;
    };
    let full = size(part.full);
    let reached = part.mark.map_or(0.0, size) / if full > 0.0 { full } else { 1.0 };
    let edge = inner + (outer - inner) * reached.clamp(0.0, 1.0);
    let (start, end) = (from + GAP, from + (span - GAP).max(GAP));
    let _ = write!(
        svg,
        r#"<path class="s{colour} bg" d="{}"/>"#,
        arc(inner, outer, start, end)
    );
    if edge > inner {
        let told = match part.mark {
            Some(mark) => format!("{} {mark} / {}", part.name, part.full),
            None => part.name.clone(),
        };
        let _ = write!(
            svg,
            r#"<path class="s{colour}" d="{}"><title>{}</title></path>"#,
            arc(inner, edge, start, end),
            escaped(&told)
        );
    }
    let below: f64 = part.parts.iter().map(|part| size(part.full)).sum();
    let mut from = from;
    for child in &part.parts {
        let wide = if below > 0.0 {
            span * size(child.full) / below
        } else {
            0.0
        };
        sector(svg, child, colour, ring + 1, from, wide);
        from += wide;
    }
}

/// The outline between two radii and two angles; a whole ring is drawn as two halves.
fn arc(inner: f64, outer: f64, start: f64, end: f64) -> String {
    if end - start > TAU * 0.75 {
        let half = f64::midpoint(start, end);
        return format!(
            "{}{}",
            arc(inner, outer, start, half),
            arc(inner, outer, half, end)
        );
    }
    let point = |radius: f64, angle: f64| {
        format!(
            "{:.1} {:.1}",
            MIDDLE + radius * angle.sin(),
            MIDDLE - radius * angle.cos()
        )
    };
    let large = u8::from(end - start > TAU / 2.0);
    format!(
        "M{}A{outer:.1} {outer:.1} 0 {large} 1 {}L{}A{inner:.1} {inner:.1} 0 {large} 0 {}Z",
        point(outer, start),
        point(outer, end),
        point(inner, end),
        point(inner, start)
    )
}

/// One square of a field of squares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tile {
    /// What the pointer is told.
    pub told: String,
    /// Colour, 1 (best) to 5; none is drawn pale.
    pub tier: Option<u8>,
}

/// Squares in rows of so many, at least one: how many stand where, at a glance. A schematic map where
/// no outlines of places are known.
pub fn tiles(label: &str, tiles: &[Tile], row: usize) -> Drawing {
    const STEP: usize = 14;
    const SIDE: usize = 12;
    if tiles.is_empty() {
        return Drawing::default();
    }
    let row = row.max(1);
    let height = tiles.len().div_ceil(row) * STEP;
    let mut svg = format!(
        r#"<svg class="waffle" viewBox="0 0 {} {height}" role="img" aria-label="{}" data-content>"#,
        row * STEP,
        escaped(label)
    );
    for (index, tile) in tiles.iter().enumerate() {
        let class = match tile.tier {
            Some(tier) => format!("t{}", tier.clamp(1, 5)),
            None => "bar-track".to_owned(),
        };
        let _ = write!(
            svg,
            r#"<rect class="{class}" x="{}" y="{}" width="{SIDE}" height="{SIDE}" rx="2"><title>{}</title></rect>"#,
            index % row * STEP,
            index / row * STEP,
            escaped(&tile.told)
        );
    }
    svg.push_str("</svg>");
    Drawing(svg)
}

/// A key of the legend of [`tiles`].
pub fn key(tier: u8) -> Drawing {
    let tier = tier.clamp(1, 5);
    Drawing(format!(
        r#"<svg class="key t{tier}" aria-hidden="true" focusable="false"><rect width="100%" height="100%" rx="3"/></svg>"#
    ))
}

/// One point of a trend, in the order of time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrendPoint {
    /// The time in words; of many, only every second, third … is written below the line.
    pub when: String,
    /// The value; a gap where there is none.
    pub value: Option<Decimal>,
    /// The middle half of all others, where the visitor may know it.
    pub middle_half: Option<(Decimal, Decimal)>,
}

/// Values over time as a line, with the middle half of the others as a band behind it. Nothing is
/// drawn of fewer than two values.
pub fn trend(label: &str, points: &[TrendPoint]) -> Drawing {
    const WIDTH: f64 = 420.0;
    const HEIGHT: f64 = 180.0;
    const LEFT: f64 = 52.0;
    const RIGHT: f64 = 52.0;
    const TOP: f64 = 14.0;
    const BOTTOM: f64 = 26.0;
    /// As many names of times stand side by side.
    const WORDS_MOST: usize = 3;
    let values = points.iter().filter_map(|point| point.value);
    if values.clone().count() < 2 {
        return Drawing::default();
    }
    let bounds = points.iter().filter_map(|point| point.middle_half);
    let all: Vec<f64> = values
        .chain(bounds.flat_map(|(low, high)| [low, high]))
        .map(size)
        .collect();
    let least = all.iter().copied().fold(f64::INFINITY, f64::min);
    let most = all.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let step = nice_step(most - least);
    let (low, high) = ((least / step).floor() * step, (most / step).ceil() * step);
    let high = if high > low { high } else { low + step };
    let places = points.len().max(2) - 1;
    let x = |index: usize| LEFT + count(index) * (WIDTH - LEFT - RIGHT) / count(places);
    let y = |value: f64| TOP + (high - value) / (high - low) * (HEIGHT - TOP - BOTTOM);
    let mut svg = format!(
        r#"<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{}" data-content>"#,
        escaped(label)
    );
    let mut grid = low;
    while grid <= high + step / 2.0 {
        let at = y(grid);
        let _ = write!(
            svg,
            r#"<path class="axis" d="M{LEFT} {at:.1}H{:.1}"/><text x="{:.1}" y="{:.1}" text-anchor="end">{}</text>"#,
            WIDTH - RIGHT,
            LEFT - 6.0,
            at + 4.0,
            (grid * 100.0).round() / 100.0
        );
        grid += step;
    }
    let band: Vec<(f64, f64, f64)> = points
        .iter()
        .enumerate()
        .filter_map(|(index, point)| {
            let (low, high) = point.middle_half?;
            Some((x(index), y(size(low)), y(size(high))))
        })
        .collect();
    if band.len() > 1 {
        let upper = band.iter().map(|(x, _, high)| format!("{x:.1} {high:.1}"));
        let lower = band
            .iter()
            .rev()
            .map(|(x, low, _)| format!("{x:.1} {low:.1}"));
        let outline: Vec<String> = upper.chain(lower).collect();
        let _ = write!(svg, r#"<path class="band" d="M{}Z"/>"#, outline.join("L"));
    }
    let mut line = String::new();
    let mut dots = String::new();
    let mut pen_down = false;
    for (index, point) in points.iter().enumerate() {
        let at = x(index);
        if (places - index).is_multiple_of(points.len().div_ceil(WORDS_MOST)) {
            let _ = write!(
                dots,
                r#"<text x="{at:.1}" y="{:.1}" text-anchor="middle">{}</text>"#,
                HEIGHT - 8.0,
                escaped(&point.when)
            );
        }
        let Some(value) = point.value else {
            pen_down = false;
            continue;
        };
        let height = y(size(value));
        let _ = write!(
            line,
            "{}{at:.1} {height:.1}",
            if pen_down { 'L' } else { 'M' }
        );
        let _ = write!(
            dots,
            r#"<circle class="pt" cx="{at:.1}" cy="{height:.1}" r="3.5"><title>{} {value}</title></circle>"#,
            escaped(&point.when)
        );
        pen_down = true;
    }
    let _ = write!(svg, r#"<path class="line" d="{line}"/>{dots}</svg>"#);
    Drawing(svg)
}

/// A step of 1, 2 or 5 times a power of ten that gives a handful of lines.
fn nice_step(range: f64) -> f64 {
    let rough = (range / 4.0).max(0.01);
    let power = 10_f64.powf(rough.log10().floor());
    let parts = [1.0, 2.0, 5.0, 10.0];
    let fitting = parts.into_iter().find(|part| part * power >= rough);
    fitting.unwrap_or(10.0) * power
}

fn escaped(text: &str) -> String {
    let Ok(safe) = askama::filters::escape(text, askama::filters::Html);
    safe.to_string()
}

/// A number as a length on the drawing. Nothing is decided by it.
#[allow(
    clippy::cast_precision_loss,
    reason = "a drawing has a thousand points at most"
)]
fn size(number: Decimal) -> f64 {
    number.coefficient() as f64 / 10_f64.powi(i32::from(number.scale()))
}

#[allow(
    clippy::cast_precision_loss,
    reason = "a drawing has a thousand points at most"
)]
fn count(number: usize) -> f64 {
    number as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(name: &str, full: i64, mark: Option<i64>, parts: Vec<Sector>) -> Sector {
        Sector {
            name: name.to_owned(),
            full: Decimal::from_int(full),
            mark: mark.map(Decimal::from_int),
            parts,
        }
    }

    #[test]
    fn a_sector_is_as_wide_as_its_full_mark_and_as_long_as_its_mark() {
        let half = |mark| vec![part("a", 50, mark, vec![]), part("b", 50, Some(50), vec![])];
        let Drawing(svg) = sunburst("l", "75", "r", &half(Some(25)));
        // A quarter turn to the right lies the end of neither, half way round ends the first.
        assert_eq!(svg.matches("bg\"").count(), 2);
        assert!(svg.contains("A69.0 69.0"), "{svg}");
        assert!(svg.contains("A82.0 82.0"), "{svg}");
        assert!(svg.contains("<title>a 25 / 50</title>"), "{svg}");
        let Drawing(empty) = sunburst("l", "", "", &half(None));
        assert_eq!(empty.matches("<path").count(), 3, "{empty}");
        assert!(sunburst("l", "", "", &[]).is_empty());
    }

    #[test]
    fn names_are_text_and_never_markup() {
        let evil = part("<script>\"&", 1, Some(1), vec![]);
        let Drawing(svg) = sunburst("\"><b>", "<i>", "", &[evil]);
        assert!(
            !svg.contains("<script") && !svg.contains("<b>") && !svg.contains("<i>"),
            "{svg}"
        );
    }

    #[test]
    fn every_tile_has_its_place_and_its_colour() {
        let tile = |tier| Tile {
            told: "a & b".to_owned(),
            tier,
        };
        let mut all = vec![tile(Some(1)); 10];
        all.push(tile(Some(9)));
        all.push(tile(None));
        let Drawing(svg) = tiles("l", &all, 10);
        assert_eq!(svg.matches("class=\"t1\"").count(), 10);
        assert!(svg.contains(r#"class="t5" x="0" y="14""#), "{svg}");
        assert!(svg.contains(r#"class="bar-track" x="14" y="14""#), "{svg}");
        assert!(
            svg.contains("viewBox=\"0 0 140 28\"") && !svg.contains("a & b"),
            "{svg}"
        );
        assert!(tiles("l", &[], 10).is_empty());
    }

    #[test]
    fn a_trend_needs_two_values_and_leaves_gaps() {
        let point = |when: &str, value: Option<i64>| TrendPoint {
            when: when.to_owned(),
            value: value.map(Decimal::from_int),
            middle_half: None,
        };
        assert!(trend("l", &[point("1", Some(80)), point("2", None)]).is_empty());
        let Drawing(svg) = trend(
            "l",
            &[
                point("1", Some(80)),
                point("2", Some(82)),
                point("3", None),
                point("4", Some(90)),
            ],
        );
        let line = svg.split("class=\"line\" d=\"").nth(1).unwrap();
        let line = line.split('"').next().unwrap();
        assert_eq!(line.matches('M').count(), 2, "{line}");
        assert_eq!(svg.matches("<circle").count(), 3);
        // 80 is the bottom and 90 the top of the grid of 2.5s or 5s.
        assert!(line.starts_with("M52.0 154.0L"), "{line}");
        assert!(line.ends_with("M368.0 14.0"), "{line}");
    }
}
