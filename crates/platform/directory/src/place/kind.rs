//! Levels and kinds of places, and how a roster's names and codes tell the kind.

use kernel::code::{TownKind, VillageKind};
use kernel::{DivisionCode, DivisionLevel};

use crate::closed_list;

closed_list! {
    /// Level in the tree, the highest first.
    PlaceLevel {
        /// Province, autonomous region, municipality.
        Province = "province",
        /// City, prefecture, league.
        City = "city",
        /// County, district, county-level city, banner.
        County = "county",
        /// Street, town, township.
        Town = "town",
        /// Village, community.
        Village = "village",
        /// Grid: the service area of a village that one grid worker looks after.
        Grid = "grid",
        /// Micro-grid: a cell inside a grid.
        MicroGrid = "micro_grid",
    }
}

closed_list! {
    /// What a place is.
    PlaceKind {
        /// 省, 自治区, 直辖市.
        Province = "province",
        /// 地级市, 自治州, 盟.
        City = "city",
        /// 县.
        County = "county",
        /// 区.
        District = "district",
        /// 县级市.
        CountyCity = "county_city",
        /// 旗.
        Banner = "banner",
        /// 街道.
        Street = "street",
        /// 镇.
        Town = "town",
        /// 乡.
        Township = "township",
        /// Similar unit at town level: 农场, 开发区.
        TownLike = "town_like",
        /// 村.
        Village = "village",
        /// 社区.
        Community = "community",
        /// Similar unit at village level.
        VillageLike = "village_like",
        /// 网格.
        Grid = "grid",
        /// 微网格.
        MicroGrid = "micro_grid",
    }
}

closed_list! {
    /// What was done to places in one command, beyond their names.
    ChangeKind {
        /// A place began below another.
        Begin = "begin",
        /// Several became one.
        Merge = "merge",
        /// One became several, or gave a part away.
        Split = "split",
        /// A place ended without a successor.
        End = "end",
        /// A place that had ended came back.
        Resume = "resume",
        /// A place came to stand below another.
        Move = "move",
        /// What the record said of a place was wrong and was put right.
        Correct = "correct",
    }
}

closed_list! {
    /// How a successor came to be.
    LinkKind {
        /// Several became one.
        Merge = "merge",
        /// One became several.
        Split = "split",
        /// One became one under another id: a change of kind or name that began a new place.
        Rename = "rename",
    }
}

impl From<DivisionLevel> for PlaceLevel {
    fn from(level: DivisionLevel) -> PlaceLevel {
        match level {
            DivisionLevel::Province => PlaceLevel::Province,
            DivisionLevel::City => PlaceLevel::City,
            DivisionLevel::County => PlaceLevel::County,
            DivisionLevel::Town => PlaceLevel::Town,
            DivisionLevel::Village => PlaceLevel::Village,
        }
    }
}

impl PlaceKind {
    /// The level of the kind.
    pub const fn level(self) -> PlaceLevel {
        match self {
            PlaceKind::Province => PlaceLevel::Province,
            PlaceKind::City => PlaceLevel::City,
            PlaceKind::County | PlaceKind::District | PlaceKind::CountyCity | PlaceKind::Banner => {
                PlaceLevel::County
            }
            PlaceKind::Street | PlaceKind::Town | PlaceKind::Township | PlaceKind::TownLike => {
                PlaceLevel::Town
            }
            PlaceKind::Village | PlaceKind::Community | PlaceKind::VillageLike => {
                PlaceLevel::Village
            }
            PlaceKind::Grid => PlaceLevel::Grid,
            PlaceKind::MicroGrid => PlaceLevel::MicroGrid,
        }
    }
}

/// The kind that a level, a name and a code say together; the flag tells whether name and code
/// agree (true where only one of them speaks).
///
/// The name's ending wins, because people read names; the code's ranges decide where the ending
/// is silent: town digits 001–099 street, 100–199 town, 200–399 township, 400–599 similar units;
/// village digits 001–199 community, 200–399 village, 400–599 similar units (reference 4.1).
pub fn kind_of(level: PlaceLevel, name: &str, code: Option<DivisionCode>) -> (PlaceKind, bool) {
    let by_name = kind_by_name(level, name);
    let by_code = code.and_then(|code| kind_by_code(level, code));
    match (by_name, by_code) {
        (Some(named), Some(coded)) => (named, named == coded),
        (Some(kind), None) | (None, Some(kind)) => (kind, true),
        (None, None) => (default_kind(level), true),
    }
}

fn default_kind(level: PlaceLevel) -> PlaceKind {
    match level {
        PlaceLevel::Province => PlaceKind::Province,
        PlaceLevel::City => PlaceKind::City,
        PlaceLevel::County => PlaceKind::County,
        PlaceLevel::Town => PlaceKind::TownLike,
        PlaceLevel::Village => PlaceKind::VillageLike,
        PlaceLevel::Grid => PlaceKind::Grid,
        PlaceLevel::MicroGrid => PlaceKind::MicroGrid,
    }
}

fn kind_by_name(level: PlaceLevel, name: &str) -> Option<PlaceKind> {
    let endings: &[(&str, PlaceKind)] = match level {
        PlaceLevel::Province | PlaceLevel::City | PlaceLevel::Grid | PlaceLevel::MicroGrid => &[],
        PlaceLevel::County => &[
            ("区", PlaceKind::District),
            ("市", PlaceKind::CountyCity),
            ("旗", PlaceKind::Banner),
            ("县", PlaceKind::County),
        ],
        PlaceLevel::Town => &[
            ("街道办事处", PlaceKind::Street),
            ("街道", PlaceKind::Street),
            ("镇", PlaceKind::Town),
            ("乡", PlaceKind::Township),
        ],
        PlaceLevel::Village => &[
            ("居民委员会", PlaceKind::Community),
            ("居委会", PlaceKind::Community),
            ("社区", PlaceKind::Community),
            ("村民委员会", PlaceKind::Village),
            ("村委会", PlaceKind::Village),
            ("村", PlaceKind::Village),
        ],
    };
    endings
        .iter()
        .find(|(ending, _)| name.ends_with(ending))
        .map(|(_, kind)| *kind)
}

fn kind_by_code(level: PlaceLevel, code: DivisionCode) -> Option<PlaceKind> {
    match level {
        PlaceLevel::Town => code.town_kind().map(|kind| match kind {
            TownKind::Street => PlaceKind::Street,
            TownKind::Town => PlaceKind::Town,
            TownKind::Township => PlaceKind::Township,
            TownKind::Similar => PlaceKind::TownLike,
        }),
        PlaceLevel::Village => code.village_kind().map(|kind| match kind {
            VillageKind::ResidentCommittee => PlaceKind::Community,
            VillageKind::VillageCommittee => PlaceKind::Village,
            VillageKind::SimilarToResidentCommittee | VillageKind::SimilarToVillageCommittee => {
                PlaceKind::VillageLike
            }
        }),
        _ => None,
    }
}

/// The name as people say it, where the official one names the committee: 店子村民委员会 is
/// 店子村, 山坡村村民委员会 is 山坡村, 城关社区居民委员会 is 城关社区.
pub fn short_name(name: &str) -> Option<String> {
    let (stem, kind) = [
        ("村民委员会", "村"),
        ("村委会", "村"),
        ("居民委员会", "社区"),
        ("居委会", "社区"),
    ]
    .iter()
    .find_map(|(ending, kind)| Some((name.strip_suffix(ending)?, *kind)))?;
    if stem.is_empty() {
        return None;
    }
    if stem.ends_with('村') || stem.ends_with("社区") {
        return Some(stem.to_owned());
    }
    Some(format!("{stem}{kind}"))
}

#[cfg(test)]
mod tests {
    use super::{PlaceKind, PlaceLevel, kind_of, short_name};

    #[test]
    fn tells_kinds_by_name_then_by_code() {
        use PlaceKind as K;
        use PlaceLevel as L;
        for (level, name, code, kind, agree) in [
            (L::Town, "宝都街道", Some("370725001000"), K::Street, true),
            (L::Town, "乔官镇", Some("370725107000"), K::Town, true),
            (L::Town, "乔官镇", Some("370725207000"), K::Town, false),
            (L::Town, "林场", Some("370725401000"), K::TownLike, true),
            (L::Town, "某单位", None, K::TownLike, true),
            (
                L::Village,
                "店子村民委员会",
                Some("370725107210"),
                K::Village,
                true,
            ),
            (
                L::Village,
                "城关社区居民委员会",
                Some("370725001020"),
                K::Community,
                true,
            ),
            (
                L::Village,
                "城关社区居民委员会",
                Some("370725001220"),
                K::Community,
                false,
            ),
            (L::Village, "某队", Some("370725001220"), K::Village, true),
            (
                L::Village,
                "某队",
                Some("370725001520"),
                K::VillageLike,
                true,
            ),
            (L::County, "昌乐县", Some("370725000000"), K::County, true),
            (L::County, "奎文区", None, K::District, true),
        ] {
            let code = code.map(|code: &str| code.parse().unwrap());
            assert_eq!(kind_of(level, name, code), (kind, agree), "{name} {code:?}");
            assert_eq!(kind.level(), level);
        }
    }

    #[test]
    fn shortens_committees_to_their_place() {
        for (name, short) in [
            ("店子村民委员会", Some("店子村")),
            ("山坡村村民委员会", Some("山坡村")),
            ("马宋村村委会", Some("马宋村")),
            ("城关社区居民委员会", Some("城关社区")),
            ("城关居委会", Some("城关社区")),
            ("宝都街道", None),
            ("村民委员会", None),
        ] {
            assert_eq!(short_name(name).as_deref(), short, "{name}");
        }
    }
}
