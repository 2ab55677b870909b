//! Rounds, as they were opened and as they stand.

pub(crate) mod advance;
pub mod blockers;
pub(crate) mod done;
pub mod draw_sample;
pub mod extend_round;
pub(crate) mod open_page;
pub mod open_round;
pub(crate) mod round_act;
pub(crate) mod round_export;
pub(crate) mod round_list;
pub(crate) mod round_next;
pub(crate) mod round_page;
pub(crate) mod sample_page;
pub(crate) mod standing_places;

use std::collections::BTreeMap;

use kernel::{Day, Instant, Period, PersonId, PlaceId, Tenant};
use store::{Connection, Row, StoreError, values};

use crate::transition::{RoundState, Terms};
use crate::{RoundId, SchemeId};

/// Whether the successor of a link `l` takes the place of the ancestor in a line of a round's own
/// tree: it took the whole of it, or it is an heir of the village itself, or the village went to it
/// and not to another part.
macro_rules! inherits {
    ($line:literal) => {
        concat!(
            "(l.whole = 1 OR ",
            $line,
            ".depth = 0 OR EXISTS (SELECT 1 FROM round_tree o JOIN place_ancestor u ",
            "ON u.tenant = o.tenant AND u.place = o.ancestor AND u.ancestor = l.successor ",
            "WHERE o.tenant = $1 AND o.round = ",
            $line,
            ".round AND o.subject_no = ",
            $line,
            ".subject_no AND o.depth = 0))"
        )
    };
}
pub(crate) use inherits;

/// Whether the place of a grant `g` is the ancestor in a line of a round's own tree, or stands in
/// its stead since that one ceased: the one rule by which an old round is read after mergers and
/// splits (architecture, "who sees an old round").
macro_rules! stands_at {
    ($line:literal) => {
        concat!(
            "(",
            $line,
            ".ancestor = g.place OR EXISTS (SELECT 1 FROM place_succession l ",
            "WHERE l.tenant = $1 AND l.predecessor = ",
            $line,
            ".ancestor AND l.successor = g.place AND ",
            $crate::round::inherits!($line),
            "))"
        )
    };
}
pub(crate) use stands_at;

store::statements! {
    /// One round with where it stands.
    SELECT_ROUND = concat!(
        "SELECT r.round, r.scheme, r.scheme_version, r.period, r.place, r.place_name, r.title, ",
        "r.pack, r.posting_days, r.opened_at, s.state, s.revision, s.person, s.at, s.posted_until ",
        "FROM round r JOIN round_state s ON s.tenant = r.tenant AND s.round = r.round ",
        "WHERE r.tenant = $1 AND r.round = $2"
    );
    /// Every round that stands in a state.
    SELECT_ROUNDS_IN_STATE = concat!(
        "SELECT r.round, r.scheme, r.scheme_version, r.period, r.place, r.place_name, r.title, ",
        "r.pack, r.posting_days, r.opened_at, s.state, s.revision, s.person, s.at, s.posted_until ",
        "FROM round r JOIN round_state s ON s.tenant = r.tenant AND s.round = r.round ",
        "WHERE r.tenant = $1 AND s.state = $2 ORDER BY r.round"
    );
    /// The subjects of a round.
    SELECT_SUBJECTS = concat!(
        "SELECT subject_no, place, code, name, alias, kind, town, town_name, group_name ",
        "FROM round_subject WHERE tenant = $1 AND round = $2 ORDER BY subject_no"
    );
    /// One subject by its place.
    SELECT_SUBJECT = concat!(
        "SELECT subject_no, place, code, name, alias, kind, town, town_name, group_name ",
        "FROM round_subject WHERE tenant = $1 AND round = $2 AND place = $3"
    );
    /// What stood above the subjects from one number to another, itself first, then what stands in
    /// the stead of any of these.
    SELECT_ANCESTORS = concat!(
        "SELECT t.subject_no AS subject_no, t.ancestor AS ancestor, t.depth AS depth ",
        "FROM round_tree t ",
        "WHERE t.tenant = $1 AND t.round = $2 AND t.subject_no BETWEEN $3 AND $4 ",
        "UNION ALL SELECT t.subject_no, l.successor, 1000 FROM round_tree t ",
        "JOIN place_succession l ON l.tenant = t.tenant AND l.predecessor = t.ancestor ",
        "WHERE t.tenant = $1 AND t.round = $2 AND t.subject_no BETWEEN $3 AND $4 AND ",
        inherits!("t"),
        " ORDER BY subject_no, depth, ancestor"
    );
    /// What stood above the root of a round, itself first, then what stands in the stead of any of
    /// these: of every subject the same.
    SELECT_ROOT_ANCESTORS = concat!(
        "SELECT t.ancestor AS ancestor, t.depth AS depth FROM round_tree t ",
        "JOIN round_tree root ON root.tenant = t.tenant ",
        "AND root.round = t.round AND root.subject_no = t.subject_no ",
        "WHERE t.tenant = $1 AND t.round = $2 AND root.ancestor = $3 AND t.subject_no = 1 ",
        "AND t.depth >= root.depth ",
        "UNION ALL SELECT l.successor, 1000 FROM round_tree t ",
        "JOIN round_tree root ON root.tenant = t.tenant ",
        "AND root.round = t.round AND root.subject_no = t.subject_no ",
        "JOIN place_succession l ON l.tenant = t.tenant AND l.predecessor = t.ancestor ",
        "WHERE t.tenant = $1 AND t.round = $2 AND root.ancestor = $3 AND t.subject_no = 1 ",
        "AND t.depth >= root.depth AND (l.whole = 1 OR t.depth = root.depth) ",
        "ORDER BY depth, ancestor"
    );
    /// Of the places of a person's grants those that lie in a round's own tree, or stand in the
    /// stead of one that does.
    SELECT_GRANTED_BELOW = concat!(
        "SELECT DISTINCT g.place FROM grant_current g WHERE g.tenant = $1 AND g.person = $2 ",
        "AND EXISTS (SELECT 1 FROM round_tree t WHERE t.tenant = $1 AND ",
        stands_at!("t"),
        " AND t.round = $3) ORDER BY g.place NULLS LAST"
    );
    /// The sections of a round.
    SELECT_SECTIONS = concat!(
        "SELECT section_no, code, title_zh, title_en FROM round_section ",
        "WHERE tenant = $1 AND round = $2 ORDER BY section_no"
    );
    /// The columns of a round.
    SELECT_ITEMS = concat!(
        "SELECT item_no, section_no, code, moment, source FROM round_item ",
        "WHERE tenant = $1 AND round = $2 ORDER BY item_no"
    );
    /// The terms that hold for everybody and for one subject; the latter come last.
    SELECT_TERMS = concat!(
        "SELECT subject_no, declare_until, verify_until, review_until FROM round_term ",
        "WHERE tenant = $1 AND round = $2 AND subject_no IN (0, $3) ORDER BY subject_no, seq"
    );
    /// The terms of subjects that were given more time, the latest last.
    SELECT_OWN_TERMS = concat!(
        "SELECT subject_no, declare_until, verify_until, review_until FROM round_term ",
        "WHERE tenant = $1 AND round = $2 AND subject_no > 0 ORDER BY subject_no, seq"
    );
    /// How many changes of terms there were.
    COUNT_TERMS = concat!(
        "SELECT count(*) FROM round_term ",
        "WHERE tenant = $1 AND round = $2 AND subject_no = $3"
    );
}

/// A round.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Round {
    /// Which.
    pub round: RoundId,
    /// Its scheme.
    pub scheme: SchemeId,
    /// The version that it keeps.
    pub scheme_version: i64,
    /// What it is about.
    pub period: Period,
    /// The place whose villages are assessed.
    pub place: PlaceId,
    /// That place's name when the round opened.
    pub place_name: String,
    /// Title given by the clerk; without one, scheme and period say enough.
    pub title: Option<String>,
    /// The pack whose calendar counts working days.
    pub pack: Option<String>,
    /// Length of the public posting, in working days.
    pub posting_days: u16,
    /// When it opened.
    pub opened_at: Instant,
    /// Where it stands.
    pub state: RoundState,
    /// How often it moved.
    pub revision: i64,
    /// Who moved it last.
    pub moved_by: Option<PersonId>,
    /// When.
    pub moved_at: Instant,
    /// Last day of the posting, once posted.
    pub posted_until: Option<Day>,
}

/// Who is assessed, as named when the round opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// Its number in the round, from 1.
    pub subject_no: i64,
    /// The place.
    pub place: PlaceId,
    /// Division code.
    pub code: Option<String>,
    /// Official name.
    pub name: String,
    /// The name as people say it.
    pub alias: Option<String>,
    /// Village or community, in the directory's word.
    pub kind: String,
    /// The town above it.
    pub town: Option<PlaceId>,
    /// The town's name.
    pub town_name: Option<String>,
    /// The group within which it is ranked besides.
    pub group: Option<String>,
}

impl Subject {
    /// The name to show: as people say it.
    pub fn shown_name(&self) -> &str {
        self.alias.as_deref().unwrap_or(&self.name)
    }

    /// The code under which the engine knows it: the division code, or the place's id.
    pub fn column_code(&self) -> String {
        self.code.clone().unwrap_or_else(|| self.place.to_string())
    }
}

/// A level-1 index of the round's scheme.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// Its number in the round, from 1.
    pub section_no: i64,
    /// The node's code.
    pub code: String,
    /// Chinese.
    pub title_zh: String,
    /// English.
    pub title_en: String,
}

/// The number of no section.
pub const NO_SECTION: i64 = 0;

/// A column of the round: an item at a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoundItem {
    /// Its number in the round, from 1: one more than the input's position in the plan.
    pub item_no: i64,
    /// The section in which it is declared; [`NO_SECTION`] of what the register of events counts.
    pub section_no: i64,
    /// The item's code.
    pub code: String,
    /// Which of its values, in the scheme's word: `period` is the one that people give.
    pub moment: String,
    /// Who supplies it, in the scheme's word.
    pub source: String,
}

fn read_round(row: &Row<'_>) -> Result<Round, StoreError> {
    Ok(Round {
        round: row.id(0)?,
        scheme: row.id(1)?,
        scheme_version: row.int(2)?,
        period: row.parse(3)?,
        place: row.id(4)?,
        place_name: row.text(5)?.to_owned(),
        title: row.optional_text(6)?.map(str::to_owned),
        pack: row.optional_text(7)?.map(str::to_owned),
        posting_days: u16::try_from(row.int(8)?).unwrap_or(u16::MAX),
        opened_at: row.instant(9)?,
        state: row.parse(10)?,
        revision: row.int(11)?,
        moved_by: row.optional_id(12)?,
        moved_at: row.instant(13)?,
        posted_until: row.optional_day(14)?,
    })
}

fn read_subject(row: &Row<'_>) -> Result<Subject, StoreError> {
    let text = |at| -> Result<Option<String>, StoreError> {
        Ok(row.optional_text(at)?.map(str::to_owned))
    };
    Ok(Subject {
        subject_no: row.int(0)?,
        place: row.id(1)?,
        code: text(2)?,
        name: row.text(3)?.to_owned(),
        alias: text(4)?,
        kind: row.text(5)?.to_owned(),
        town: row.optional_id(6)?,
        town_name: text(7)?,
        group: text(8)?,
    })
}

/// A round, if there is one of that id.
pub fn get(
    connection: &mut dyn Connection,
    tenant: Tenant,
    round: RoundId,
) -> Result<Option<Round>, StoreError> {
    connection.optional(&SELECT_ROUND, &values![tenant, round], read_round)
}

/// Every round in a state, oldest first.
pub fn in_state(
    connection: &mut dyn Connection,
    tenant: Tenant,
    state: RoundState,
) -> Result<Vec<Round>, StoreError> {
    connection.all(&SELECT_ROUNDS_IN_STATE, &values![tenant, state], read_round)
}

/// The subjects of a round, by number.
pub fn subjects(
    connection: &mut dyn Connection,
    tenant: Tenant,
    round: RoundId,
) -> Result<Vec<Subject>, StoreError> {
    connection.all(&SELECT_SUBJECTS, &values![tenant, round], read_subject)
}

/// The subject of a round that is this place.
pub fn subject(
    connection: &mut dyn Connection,
    tenant: Tenant,
    round: RoundId,
    place: PlaceId,
) -> Result<Option<Subject>, StoreError> {
    connection.optional(
        &SELECT_SUBJECT,
        &values![tenant, round, place],
        read_subject,
    )
}

/// The subject's place and everything that stood above it when the round opened, itself first.
pub fn ancestors(
    connection: &mut dyn Connection,
    tenant: Tenant,
    round: RoundId,
    subject_no: i64,
) -> Result<Vec<PlaceId>, StoreError> {
    let mut found = ancestors_of(connection, tenant, round, (subject_no, subject_no))?;
    Ok(found.remove(&subject_no).unwrap_or_default())
}

/// The same of the subjects from one number to another.
pub fn ancestors_of(
    connection: &mut dyn Connection,
    tenant: Tenant,
    round: RoundId,
    (first, last): (i64, i64),
) -> Result<BTreeMap<i64, Vec<PlaceId>>, StoreError> {
    let mut found: BTreeMap<i64, Vec<PlaceId>> = BTreeMap::new();
    let key = values![tenant, round, first, last];
    connection.for_each(&SELECT_ANCESTORS, &key, &mut |row| {
        found.entry(row.int(0)?).or_default().push(row.id(1)?);
        Ok(())
    })?;
    Ok(found)
}

/// What stood above the place of a round when it opened, itself first.
pub fn root_ancestors(
    connection: &mut dyn Connection,
    tenant: Tenant,
    round: &Round,
) -> Result<Vec<PlaceId>, StoreError> {
    let key = values![tenant, round.round, round.place];
    connection.all(&SELECT_ROOT_ANCESTORS, &key, |row| row.id(0))
}

/// Of the places of a person's grants those that lie in the round's own tree: at, below or above
/// its place as it was when the round opened.
pub fn granted_in(
    connection: &mut dyn Connection,
    tenant: Tenant,
    round: RoundId,
    person: PersonId,
) -> Result<Vec<PlaceId>, StoreError> {
    let key = values![tenant, person, round];
    connection.all(&SELECT_GRANTED_BELOW, &key, |row| row.id(0))
}

/// The sections of a round, by number.
pub fn sections(
    connection: &mut dyn Connection,
    tenant: Tenant,
    round: RoundId,
) -> Result<Vec<Section>, StoreError> {
    connection.all(&SELECT_SECTIONS, &values![tenant, round], |row| {
        Ok(Section {
            section_no: row.int(0)?,
            code: row.text(1)?.to_owned(),
            title_zh: row.text(2)?.to_owned(),
            title_en: row.text(3)?.to_owned(),
        })
    })
}

/// The columns of a round, by number.
pub fn items(
    connection: &mut dyn Connection,
    tenant: Tenant,
    round: RoundId,
) -> Result<Vec<RoundItem>, StoreError> {
    connection.all(&SELECT_ITEMS, &values![tenant, round], |row| {
        Ok(RoundItem {
            item_no: row.int(0)?,
            section_no: row.int(1)?,
            code: row.text(2)?.to_owned(),
            moment: row.text(3)?.to_owned(),
            source: row.text(4)?.to_owned(),
        })
    })
}

/// The terms that hold for a subject (0: for everybody): everybody's, or its own where it was
/// given more time.
pub fn terms(
    connection: &mut dyn Connection,
    tenant: Tenant,
    round: RoundId,
    subject_no: i64,
) -> Result<Terms, StoreError> {
    let mut held: [Option<Terms>; 2] = [None, None];
    connection.for_each(
        &SELECT_TERMS,
        &values![tenant, round, subject_no],
        &mut |row| {
            held[usize::from(row.int(0)? != 0)] = Some(Terms {
                declare_until: row.day(1)?,
                verify_until: row.day(2)?,
                review_until: row.day(3)?,
            });
            Ok(())
        },
    )?;
    let [everybody, own] = held;
    let terms = everybody.ok_or_else(|| StoreError::Bug("a round without terms".to_owned()))?;
    Ok(own.map_or(terms, |own| terms.later(own)))
}

/// The terms of every subject that was given more time by itself.
pub fn own_terms(
    connection: &mut dyn Connection,
    tenant: Tenant,
    round: RoundId,
) -> Result<BTreeMap<i64, Terms>, StoreError> {
    let rows = connection.all(&SELECT_OWN_TERMS, &values![tenant, round], |row| {
        let terms = Terms {
            declare_until: row.day(1)?,
            verify_until: row.day(2)?,
            review_until: row.day(3)?,
        };
        Ok((row.int(0)?, terms))
    })?;
    Ok(rows.into_iter().collect())
}

/// How many terms were set for a subject (0: for everybody) so far.
pub(crate) fn terms_set(
    connection: &mut dyn Connection,
    tenant: Tenant,
    round: RoundId,
    subject_no: i64,
) -> Result<i64, StoreError> {
    connection.one(&COUNT_TERMS, &values![tenant, round, subject_no], |row| {
        row.int(0)
    })
}
