//! A round at a glance, for those who see exact ranks: means, grades, indices, towns, who leads and
//! who has risen. Nobody is listed for being last, and a town is no competitor.

use std::collections::{BTreeMap, BTreeSet};

use access::{Action, Scope};
use directory::outline;
use kernel::{Decimal, Rounding};
use score::Scheme;
use store::Connection;
use web::chart::{self, Area, Drawing, Tile};
use web::{Context, Locale, PageError};

use crate::result::calculation::ResultRow;
use crate::result::{self, ResultLine, past};
use crate::round::{self, Round, Subject};
use crate::scope::{self, scheme_of};
use crate::{sample, scheme, view};

/// Places that a mean is rounded to, half up.
const MEAN_PLACES: u8 = 2;
/// Villages listed as leading, and never more than half of those ranked: a list that reached its
/// end would name who is last.
const FIRST: i64 = 20;
/// Villages listed as having risen.
const RISEN: usize = 8;

/// The figures of a dashboard.
#[derive(Clone, Debug, Default)]
pub struct Dashboard {
    /// Villages of the round.
    pub villages: String,
    /// Villages with a score.
    pub scored: String,
    /// Mean of the scores.
    pub mean: String,
    /// Change of the mean against the round before: `+0.5`; empty where there is none.
    pub change: String,
    /// Grades, the best first.
    pub grades: Vec<GradeLine>,
    /// The root's children.
    pub indices: Vec<IndexLine>,
    /// The villages as areas, where their outlines are known.
    pub areas: Vec<Area>,
    /// Towns in the order of the register; on the page those without outlines.
    pub towns: Vec<TownLine>,
    /// Who leads.
    pub first: Vec<FirstLine>,
    /// Who has risen most since the round before.
    pub risen: Vec<RisenLine>,
}

/// A grade.
#[derive(Clone, Debug)]
pub struct GradeLine {
    /// Its word.
    pub title: String,
    /// Its colour.
    pub key: Drawing,
    /// Its colour with its mark on a map.
    pub map_key: Drawing,
    /// How many villages.
    pub count: usize,
    /// Of all scored ones.
    pub percent: u8,
}

/// An index.
#[derive(Clone, Debug)]
pub struct IndexLine {
    /// Its name.
    pub title: String,
    /// Mean of its marks.
    pub mean: String,
    /// Full mark.
    pub full: String,
    /// The same, as it stands behind a mark.
    pub of_full: String,
    /// Of the full mark.
    pub percent: u8,
}

/// A town.
#[derive(Clone, Debug)]
pub struct TownLine {
    /// Its name.
    pub name: String,
    /// How many villages.
    pub count: usize,
    /// Its villages as squares, in the order of the register.
    pub tiles: Drawing,
}

/// A village that leads.
#[derive(Clone, Debug)]
pub struct FirstLine {
    /// Rank.
    pub rank: i64,
    /// Name.
    pub name: String,
    /// Town.
    pub town: String,
    /// Score.
    pub score: String,
    /// Its score sheet; empty where the visitor may not open it.
    pub href: String,
}

/// A village that has risen.
#[derive(Clone, Debug)]
pub struct RisenLine {
    /// Name.
    pub name: String,
    /// Town.
    pub town: String,
    /// By how many ranks.
    pub by: i64,
    /// Rank now.
    pub rank: i64,
}

impl Dashboard {
    /// The map, where more than half of the villages have an outline; a few alone would mislead.
    /// The squares below it show all.
    pub fn map(&self, l: &Locale) -> Drawing {
        let label = l.text("dashboard-map").to_string();
        if self.areas.len() * 2 <= self.of_towns() {
            return Drawing::default();
        }
        chart::map(&label, &self.areas)
    }

    fn of_towns(&self) -> usize {
        self.towns.iter().map(|town| town.count).sum()
    }
}

/// The board of a round with a result; none before. A village that leads is linked where it is the
/// visitor's to read: no link leads to a refusal.
pub(crate) fn of_round(
    context: &Context,
    connection: &mut dyn Connection,
    round: &Round,
) -> Result<Option<Dashboard>, PageError> {
    let (l, tenant) = (&context.l, context.tenant);
    let Some(shown) = result::shown(connection, tenant, round)? else {
        return Ok(None);
    };
    let published = scheme_of(connection, tenant, round)?;
    let plan = scheme::plan(&published)?;
    let scheme = plan.scheme();
    let subjects = round::subjects(connection, tenant, round.round)?;
    let rows = result::rows(connection, tenant, round.round, &shown)?;
    let before = before(context, connection, round)?;
    let reading = Scope::new(&context.subject, Action::ScoreRead, context.today());
    let own = scope::visible(connection, &reading, round.round)?;
    let all: Vec<(&Subject, &ResultRow)> = subjects.iter().zip(&rows).collect();
    let scores: Vec<Decimal> = rows.iter().filter_map(|row| row.score).collect();
    let mean = mean(&scores);
    let old: Vec<Decimal> = before.values().filter_map(|line| line.score).collect();
    let change = mean
        .zip(self::mean(&old))
        .and_then(|(now, old)| now.sub(old).ok());
    Ok(Some(Dashboard {
        villages: subjects.len().to_string(),
        scored: scores.len().to_string(),
        mean: mean_text(l, mean),
        change: change
            .map(|change| view::signed(change, MEAN_PLACES))
            .unwrap_or_default(),
        grades: grades(l, scheme, &rows),
        indices: indices(l, scheme, &rows),
        areas: areas(context, connection, round, scheme, (&all, &own))?,
        towns: towns(l, scheme, &all),
        first: first(l, scheme, round, &all, &own),
        risen: risen(&all, &before),
    }))
}

/// The lines of the last round of the same scheme before this one that was posted, by place; empty
/// where there is none or the visitor does not see its exact ranks.
fn before(
    context: &Context,
    connection: &mut dyn Connection,
    of: &Round,
) -> Result<BTreeMap<kernel::PlaceId, ResultLine>, PageError> {
    let tenant = context.tenant;
    let mut rounds = past::rounds(connection, tenant, of.scheme, past::PUBLIC)?;
    rounds
        .retain(|round| round.place == of.place && round.period.last_day() < of.period.first_day());
    let Some(last) = rounds.pop() else {
        return Ok(BTreeMap::new());
    };
    if !scope::may(context, connection, &last, Action::RankReadExact)? {
        return Ok(BTreeMap::new());
    }
    let Some(shown) = result::shown(connection, tenant, &last)? else {
        return Ok(BTreeMap::new());
    };
    let subjects = round::subjects(connection, tenant, last.round)?;
    let lines = result::lines(connection, tenant, last.round, &shown)?;
    let places = subjects.into_iter().map(|subject| subject.place);
    Ok(places.zip(lines).collect())
}

/// The mean, rounded half up; none of nothing.
fn mean(marks: &[Decimal]) -> Option<Decimal> {
    let count = i64::try_from(marks.len()).ok().filter(|count| *count > 0)?;
    let sum = Decimal::sum(marks.iter().copied()).ok()?;
    let mean = sum.div(Decimal::from_int(count)).ok()?;
    Some(mean.round(MEAN_PLACES, Rounding::HalfUp))
}

fn mean_text(l: &Locale, mean: Option<Decimal>) -> String {
    mean.map_or_else(
        || view::number(l, None),
        |mean| view::padded(mean, MEAN_PLACES),
    )
}

fn grades(l: &Locale, scheme: &Scheme, rows: &[ResultRow]) -> Vec<GradeLine> {
    let bands = scheme.grade.iter().flat_map(|grades| &grades.bands);
    let graded = rows.iter().filter(|row| row.grade.is_some()).count();
    bands
        .map(|band| {
            let has = |row: &&ResultRow| row.grade.as_deref() == Some(band.code.as_str());
            let count = rows.iter().filter(has).count();
            let percent = (count * 100).checked_div(graded).unwrap_or(0);
            GradeLine {
                title: view::title(l, &band.title),
                key: chart::key(tier(scheme, &band.code)),
                map_key: chart::map_key(tier(scheme, &band.code)),
                count,
                percent: u8::try_from(percent).unwrap_or(100),
            }
        })
        .collect()
}

/// Colour of a grade, 1 (best) to 5.
fn tier(scheme: &Scheme, grade: &str) -> u8 {
    view::grade_chip(scheme, grade).parse().unwrap_or(3)
}

fn indices(l: &Locale, scheme: &Scheme, rows: &[ResultRow]) -> Vec<IndexLine> {
    let children = scheme.children(&scheme.root).into_iter();
    children
        .map(|node| {
            let marks: Vec<Decimal> = rows.iter().filter_map(|row| row.counted(node)).collect();
            let (mean, full) = (mean(&marks), scheme.nodes[node].full);
            IndexLine {
                title: view::title(l, &scheme.nodes[node].title),
                mean: mean_text(l, mean),
                full: view::full(l, &scheme.nodes[node]),
                of_full: view::of_full(l, &scheme.nodes[node]),
                percent: sample::percent(mean, full),
            }
        })
        .collect()
}

/// What is told of a village: its name, its score, its grade.
fn told(l: &Locale, scheme: &Scheme, subject: &Subject, row: &ResultRow) -> String {
    let grade = row.grade.as_deref();
    let word = grade
        .map(|grade| view::grade(l, scheme, grade))
        .unwrap_or_default();
    let score = view::score(l, scheme, row.score);
    format!("{} {score} {word}", subject.shown_name())
}

/// The villages with an outline, in the order of the register; linked where they are the
/// visitor's to read.
fn areas(
    context: &Context,
    connection: &mut dyn Connection,
    round: &Round,
    scheme: &Scheme,
    (all, own): (&[(&Subject, &ResultRow)], &BTreeSet<i64>),
) -> Result<Vec<Area>, PageError> {
    let known = outline::all(connection, context.tenant)?;
    let mut known: BTreeMap<kernel::PlaceId, outline::Outline> = known
        .into_iter()
        .map(|known| (known.place, known.outline))
        .collect();
    let area = |(subject, row): &(&Subject, &ResultRow)| {
        Some(Area {
            polygons: known.remove(&subject.place)?.polygons,
            name: subject.shown_name().to_owned(),
            told: told(&context.l, scheme, subject, row),
            tier: row.grade.as_deref().map(|grade| tier(scheme, grade)),
            href: if own.contains(&subject.subject_no) {
                format!("/rounds/{}/villages/{}", round.round, subject.place)
            } else {
                String::new()
            },
        })
    };
    Ok(all.iter().filter_map(area).collect())
}

/// Squares beside each other, where several towns are compared.
const TILES_IN_ROW: usize = 10;

fn towns(l: &Locale, scheme: &Scheme, all: &[(&Subject, &ResultRow)]) -> Vec<TownLine> {
    let mut towns: Vec<(String, Vec<Tile>)> = Vec::new();
    for (subject, row) in all {
        let town = subject.town_name.clone().unwrap_or_default();
        let grade = row.grade.as_deref();
        let tile = Tile {
            told: told(l, scheme, subject, row),
            tier: grade.map(|grade| tier(scheme, grade)),
        };
        match towns.iter_mut().find(|(name, _)| *name == town) {
            Some((_, tiles)) => tiles.push(tile),
            None => towns.push((town, vec![tile])),
        }
    }
    // One town alone has the room for larger squares, in a field about as high as it is wide.
    let row = if towns.len() == 1 {
        let most = 1..=TILES_IN_ROW;
        let fits = most.clone().find(|row| row * row >= towns[0].1.len());
        fits.unwrap_or(TILES_IN_ROW)
    } else {
        TILES_IN_ROW
    };
    let line = |(name, tiles): (String, Vec<Tile>)| TownLine {
        tiles: chart::tiles(&name, &tiles, row),
        count: tiles.len(),
        name,
    };
    towns.into_iter().map(line).collect()
}

fn first(
    l: &Locale,
    scheme: &Scheme,
    round: &Round,
    all: &[(&Subject, &ResultRow)],
    own: &BTreeSet<i64>,
) -> Vec<FirstLine> {
    let ranked = all.iter().filter(|(_, row)| row.rank.is_some()).count();
    let last = FIRST.min(i64::try_from(ranked / 2).unwrap_or(FIRST));
    let ranked = all.iter().filter_map(|(subject, row)| {
        let rank = row.rank.filter(|rank| *rank <= last)?;
        Some(FirstLine {
            rank,
            name: subject.shown_name().to_owned(),
            town: subject.town_name.clone().unwrap_or_default(),
            score: view::score(l, scheme, row.score),
            href: if own.contains(&subject.subject_no) {
                format!("/rounds/{}/villages/{}", round.round, subject.place)
            } else {
                String::new()
            },
        })
    });
    let mut first: Vec<FirstLine> = ranked.collect();
    first.sort_by_key(|line| line.rank);
    first
}

fn risen(
    all: &[(&Subject, &ResultRow)],
    before: &BTreeMap<kernel::PlaceId, ResultLine>,
) -> Vec<RisenLine> {
    let risen = all.iter().filter_map(|(subject, row)| {
        let (rank, old) = (row.rank?, before.get(&subject.place)?.rank?);
        (rank < old).then(|| RisenLine {
            name: subject.shown_name().to_owned(),
            town: subject.town_name.clone().unwrap_or_default(),
            by: old - rank,
            rank,
        })
    });
    let mut risen: Vec<RisenLine> = risen.collect();
    risen.sort_by_key(|line| (std::cmp::Reverse(line.by), line.rank));
    risen.truncate(RISEN);
    risen
}

/// A board for samples.
pub(crate) fn sample(l: &Locale, name: &str) -> Dashboard {
    let tile = |tier| Tile {
        told: name.to_owned(),
        tier,
    };
    let tiles = [Some(1), Some(2), Some(3), None].map(tile);
    Dashboard {
        villages: "370".to_owned(),
        scored: "369".to_owned(),
        mean: "85.21".to_owned(),
        change: "+0.42".to_owned(),
        grades: vec![GradeLine {
            title: l.choose("示范", "Model").to_owned(),
            key: chart::key(1),
            map_key: chart::map_key(1),
            count: 74,
            percent: 20,
        }],
        indices: vec![IndexLine {
            title: l.choose("堡垒指数", "Fortress").to_owned(),
            mean: "26.4".to_owned(),
            full: "30".to_owned(),
            of_full: "/ 30".to_owned(),
            percent: 88,
        }],
        areas: (0..3)
            .map(|number| Area {
                name: name.to_owned(),
                told: format!("{name} 96.3"),
                tier: (number > 0).then_some(2),
                href: if number == 1 {
                    "/rounds/1/villages/2".to_owned()
                } else {
                    String::new()
                },
                polygons: vec![vec![vec![
                    (118_000_000 + number * 100_000, 36_000_000),
                    (118_100_000 + number * 100_000, 36_000_000),
                    (118_050_000 + number * 100_000, 36_100_000),
                ]]],
            })
            .collect(),
        towns: vec![TownLine {
            name: name.to_owned(),
            count: 4,
            tiles: chart::tiles(name, &tiles, TILES_IN_ROW),
        }],
        first: vec![FirstLine {
            rank: 1,
            name: name.to_owned(),
            town: "清河镇".to_owned(),
            score: "96.3".to_owned(),
            href: "/rounds/1/villages/2".to_owned(),
        }],
        risen: vec![RisenLine {
            name: name.to_owned(),
            town: "清河镇".to_owned(),
            by: 41,
            rank: 18,
        }],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mean_is_rounded_half_up_and_of_nothing_there_is_none() {
        let marks = |texts: &[&str]| -> Vec<Decimal> {
            texts.iter().map(|text| text.parse().unwrap()).collect()
        };
        let told = |texts: &[&str]| mean(&marks(texts)).map(|mean| mean.to_string());
        assert_eq!(told(&[]), None);
        assert_eq!(told(&["1", "2"]), Some("1.5".into()));
        assert_eq!(told(&["1", "1", "2"]), Some("1.33".into()));
        assert_eq!(told(&["0.01", "0.02"]), Some("0.02".into()));
    }
}
