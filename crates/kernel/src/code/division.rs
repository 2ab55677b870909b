//! Division codes (区划代码): twelve digits in parts of 2-2-2-3-3.
//!
//! GB/T 2260 for province, city and county, GB/T 10114 for the town, the statistics bureau's rules
//! for the village. Ranges of the kind digits: domain reference 4.1. Only the form is checked: the
//! list itself is the county's to import, and codes change by merger, so a code is never a key.

use serde::{Deserialize, Serialize};

/// How deep a division lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DivisionLevel {
    /// 省.
    Province,
    /// 市.
    City,
    /// 县.
    County,
    /// 乡镇, 街道.
    Town,
    /// 村, 社区.
    Village,
}

impl DivisionLevel {
    /// All, from the top.
    pub const ALL: [DivisionLevel; 5] = [
        DivisionLevel::Province,
        DivisionLevel::City,
        DivisionLevel::County,
        DivisionLevel::Town,
        DivisionLevel::Village,
    ];

    /// What one step of this part weighs within the twelve digits.
    const fn unit(self) -> u64 {
        match self {
            DivisionLevel::Province => 10_000_000_000,
            DivisionLevel::City => 100_000_000,
            DivisionLevel::County => 1_000_000,
            DivisionLevel::Town => 1_000,
            DivisionLevel::Village => 1,
        }
    }

    /// How many values this part has: two or three digits.
    const fn values(self) -> u64 {
        match self {
            DivisionLevel::Province | DivisionLevel::City | DivisionLevel::County => 100,
            DivisionLevel::Town | DivisionLevel::Village => 1_000,
        }
    }
}

/// What a town-level code says by its three digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TownKind {
    /// 001 to 099: 街道.
    Street,
    /// 100 to 199: 镇.
    Town,
    /// 200 to 399: 乡.
    Township,
    /// 400 to 599: similar units (类似乡级单位), such as development zones.
    Similar,
}

/// What a village-level code says by its three digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VillageKind {
    /// 001 to 199: 居民委员会.
    ResidentCommittee,
    /// 200 to 399: 村民委员会.
    VillageCommittee,
    /// 400 to 499: similar to a resident committee (类似居委会).
    SimilarToResidentCommittee,
    /// 500 to 599: similar to a village committee (类似村委会).
    SimilarToVillageCommittee,
}

/// A division code of the form GB/T 2260 and 10114 give it; read and written as twelve digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DivisionCode(u64);

impl DivisionCode {
    /// Reads the short forms too, which end after the last part that counts: 2, 4, 6, 9 or 12
    /// digits.
    pub fn from_short(text: &str) -> Result<DivisionCode, NotADivisionCode> {
        if !matches!(text.chars().count(), 2 | 4 | 6 | 9 | 12) {
            return Err(NotADivisionCode::Length);
        }
        if !text.bytes().all(|c| c.is_ascii_digit()) {
            return Err(NotADivisionCode::NotDigits);
        }
        let number = text.bytes().fold(0, |n, c| n * 10 + u64::from(c - b'0'));
        let missing = u32::try_from(12 - text.len()).expect("at most 12");
        DivisionCode(number * 10_u64.pow(missing)).checked()
    }

    fn checked(self) -> Result<DivisionCode, NotADivisionCode> {
        use DivisionLevel::{City, County, Province, Town, Village};
        if !is_province(self.part(Province)) {
            return Err(NotADivisionCode::UnknownProvince);
        }
        // Without a city nothing lies below; without a town no village. A city without counties
        // (441900003000 is a street of Dongguan) is real.
        let below_city = self.part(County) + self.part(Town) + self.part(Village) > 0;
        let orphan = (self.part(City) == 0 && below_city)
            || (self.part(Town) == 0 && self.part(Village) > 0);
        if orphan {
            return Err(NotADivisionCode::Gap);
        }
        Ok(self)
    }

    /// The number of one part: 0 to 99, for town and village 0 to 999.
    fn part(self, level: DivisionLevel) -> u64 {
        self.0 / level.unit() % level.values()
    }

    /// How deep it lies: its last part that is not 0.
    pub fn level(self) -> DivisionLevel {
        let mut upwards = DivisionLevel::ALL.into_iter().rev();
        upwards
            .find(|level| self.part(*level) > 0)
            .unwrap_or(DivisionLevel::Province)
    }

    /// The division directly above by the code: the part of its level cut off. `None` for a
    /// province. For a town of a city without counties it is the city.
    pub fn parent(self) -> Option<DivisionCode> {
        let level = self.level();
        if level == DivisionLevel::Province {
            return None;
        }
        let above = level.unit() * level.values();
        Some(DivisionCode(self.0 / above * above))
    }

    /// The division of that level that holds it, or itself; `None` below its own level, and where
    /// a city has no counties.
    pub fn at(self, level: DivisionLevel) -> Option<DivisionCode> {
        let unit = level.unit();
        (self.part(level) > 0).then(|| DivisionCode(self.0 / unit * unit))
    }

    /// Whether `other` lies in it, or is it.
    pub fn holds(self, other: DivisionCode) -> bool {
        let unit = self.level().unit();
        other.0 / unit == self.0 / unit
    }

    /// The same place in `after` as it is in `before`: the digits of the place above exchanged.
    /// `None` where it does not lie in `before`, or the two are of different levels.
    pub fn carried(self, before: DivisionCode, after: DivisionCode) -> Option<DivisionCode> {
        let unit = before.level().unit();
        let fits = before.level() == after.level() && before.holds(self);
        fits.then(|| DivisionCode(after.0 / unit * unit + self.0 % unit))
    }

    /// What the town digits say; `None` above town level and outside the ranges.
    pub fn town_kind(self) -> Option<TownKind> {
        match self.part(DivisionLevel::Town) {
            1..=99 => Some(TownKind::Street),
            100..=199 => Some(TownKind::Town),
            200..=399 => Some(TownKind::Township),
            400..=599 => Some(TownKind::Similar),
            _ => None,
        }
    }

    /// What the village digits say; `None` above village level and outside the ranges.
    pub fn village_kind(self) -> Option<VillageKind> {
        match self.part(DivisionLevel::Village) {
            1..=199 => Some(VillageKind::ResidentCommittee),
            200..=399 => Some(VillageKind::VillageCommittee),
            400..=499 => Some(VillageKind::SimilarToResidentCommittee),
            500..=599 => Some(VillageKind::SimilarToVillageCommittee),
            _ => None,
        }
    }
}

/// The provinces, autonomous regions, municipalities and special regions of GB/T 2260.
fn is_province(part: u64) -> bool {
    matches!(part, 11..=15 | 21..=23 | 31..=37 | 41..=46 | 50..=54 | 61..=65 | 71 | 81 | 82)
}

impl std::fmt::Display for DivisionCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:012}", self.0)
    }
}

impl std::fmt::Debug for DivisionCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Display::fmt(self, f)
    }
}

/// Why a text is not a division code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NotADivisionCode {
    /// Not twelve characters.
    Length,
    /// Something other than digits.
    NotDigits,
    /// The first two digits are no province of GB/T 2260.
    UnknownProvince,
    /// A lower part is given where an upper one is 0.
    Gap,
}

impl NotADivisionCode {
    /// The code of the finding that says this.
    pub const fn code(self) -> &'static str {
        match self {
            NotADivisionCode::Length => "division-code-length",
            NotADivisionCode::NotDigits => "division-code-not-digits",
            NotADivisionCode::UnknownProvince => "division-code-unknown-province",
            NotADivisionCode::Gap => "division-code-gap",
        }
    }
}

impl std::fmt::Display for NotADivisionCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            NotADivisionCode::Length => "a division code has twelve digits",
            NotADivisionCode::NotDigits => "a division code has digits only",
            NotADivisionCode::UnknownProvince => "no province has this division code",
            NotADivisionCode::Gap => "a division code whose upper part is missing",
        })
    }
}

impl std::error::Error for NotADivisionCode {}

impl std::str::FromStr for DivisionCode {
    type Err = NotADivisionCode;

    fn from_str(text: &str) -> Result<DivisionCode, NotADivisionCode> {
        if text.chars().count() != 12 {
            return Err(NotADivisionCode::Length);
        }
        DivisionCode::from_short(text)
    }
}

impl Serialize for DivisionCode {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for DivisionCode {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{DivisionCode, DivisionLevel, NotADivisionCode, TownKind, VillageKind};

    fn code(text: &str) -> DivisionCode {
        text.parse().expect(text)
    }

    #[test]
    fn knows_level_and_parent() {
        use DivisionLevel::{City, County, Province, Town, Village};
        for (text, level, parent) in [
            ("370000000000", Province, None),
            ("370700000000", City, Some("370000000000")),
            ("370725000000", County, Some("370700000000")),
            ("370725001000", Town, Some("370725000000")),
            ("370725001201", Village, Some("370725001000")),
            // A street of a city without counties, and a community of it.
            ("441900003000", Town, Some("441900000000")),
            ("441900003001", Village, Some("441900003000")),
            // A province-governed county-level city lies under a collecting "city" 90.
            ("469021000000", County, Some("469000000000")),
        ] {
            let code = code(text);
            assert_eq!(
                (code.to_string(), format!("{code:?}")),
                (text.into(), text.into())
            );
            assert_eq!(code.level(), level, "{text}");
            assert_eq!(
                code.parent().map(|p| p.to_string()).as_deref(),
                parent,
                "{text}"
            );
        }
    }

    #[test]
    fn finds_who_holds_it() {
        let village = code("370725001201");
        let at = |level| village.at(level).map(|c| c.to_string());
        assert_eq!(at(DivisionLevel::Province).as_deref(), Some("370000000000"));
        assert_eq!(at(DivisionLevel::County).as_deref(), Some("370725000000"));
        assert_eq!(at(DivisionLevel::Village).as_deref(), Some("370725001201"));
        assert_eq!(code("441900003000").at(DivisionLevel::County), None);
        assert_eq!(code("441900003000").at(DivisionLevel::Village), None);
        for (holder, other, holds) in [
            ("370725000000", "370725001201", true),
            ("370725001000", "370725001201", true),
            ("370725001201", "370725001201", true),
            ("370725001201", "370725001000", false),
            ("370725002000", "370725001201", false),
            ("370000000000", "441900003000", false),
            ("440000000000", "441900003000", true),
        ] {
            assert_eq!(code(holder).holds(code(other)), holds, "{holder} {other}");
        }
    }

    #[test]
    fn reads_the_kind_digits() {
        let town = |digits: u32| code(&format!("370725{digits:03}000")).town_kind();
        for (first, last, kind) in [
            (1, 99, Some(TownKind::Street)),
            (100, 199, Some(TownKind::Town)),
            (200, 399, Some(TownKind::Township)),
            (400, 599, Some(TownKind::Similar)),
            (600, 999, None),
        ] {
            assert_eq!((town(first), town(last)), (kind, kind), "{first}");
        }
        assert_eq!(code("370725000000").town_kind(), None);
        let village = |digits: u32| code(&format!("370725001{digits:03}")).village_kind();
        for (first, last, kind) in [
            (1, 199, Some(VillageKind::ResidentCommittee)),
            (200, 399, Some(VillageKind::VillageCommittee)),
            (400, 499, Some(VillageKind::SimilarToResidentCommittee)),
            (500, 599, Some(VillageKind::SimilarToVillageCommittee)),
            (600, 999, None),
        ] {
            assert_eq!((village(first), village(last)), (kind, kind), "{first}");
        }
        assert_eq!(code("370725001000").village_kind(), None);
    }

    #[test]
    fn refuses_other_texts() {
        use NotADivisionCode::{Gap, Length, NotDigits, UnknownProvince};
        for (text, reason) in [
            ("", Length),
            ("370725", Length),
            ("3707250010000", Length),
            ("37072500100x", NotDigits),
            ("+70725001000", NotDigits),
            ("３７０７", Length),
            ("37072500100０", NotDigits),
            ("000000000000", UnknownProvince),
            ("160000000000", UnknownProvince),
            ("830000000000", UnknownProvince),
            ("370025000000", Gap),
            ("370000001000", Gap),
            ("370000000001", Gap),
            ("370725000001", Gap),
        ] {
            assert_eq!(text.parse::<DivisionCode>(), Err(reason), "{text}");
            assert!(
                reason.code().starts_with("division-code-")
                    && reason.to_string().contains("division")
            );
        }
        let provinces = (0..100).filter(|p| DivisionCode::from_short(&format!("{p:02}")).is_ok());
        assert_eq!(provinces.count(), 34);
    }

    #[test]
    fn reads_short_forms_only_where_asked() {
        for (short, full) in [
            ("37", "370000000000"),
            ("3707", "370700000000"),
            ("370725", "370725000000"),
            ("370725001", "370725001000"),
            ("370725001201", "370725001201"),
        ] {
            assert_eq!(DivisionCode::from_short(short), Ok(code(full)));
        }
        assert_eq!(
            DivisionCode::from_short("370"),
            Err(NotADivisionCode::Length)
        );
    }

    #[test]
    fn is_text_in_json() {
        let json = serde_json::to_string(&code("370725001000")).unwrap();
        assert_eq!(json, "\"370725001000\"");
        assert_eq!(
            serde_json::from_str::<DivisionCode>(&json).unwrap(),
            code("370725001000")
        );
        assert!(serde_json::from_str::<DivisionCode>("370725001000").is_err());
    }

    proptest! {
        #[test]
        fn parents_lead_up_to_the_province(text in "(11|37|44)(0[1-9]|90)[0-9]{2}[1-9][0-9]{2}[0-9]{3}") {
            let code = code(&text);
            let (mut at, mut steps) = (code, 0);
            while let Some(parent) = at.parent() {
                prop_assert!(parent.level() < at.level());
                prop_assert!(parent.holds(at) && parent.holds(code) && !at.holds(parent));
                prop_assert_eq!(code.at(parent.level()), Some(parent));
                at = parent;
                steps += 1;
            }
            prop_assert_eq!(at.level(), DivisionLevel::Province);
            prop_assert!(steps <= 4);
        }
    }
}
