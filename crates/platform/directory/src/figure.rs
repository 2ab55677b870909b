//! Figures: (item, subject, period, value, source). The directory holds them; whoever needs one
//! asks for a measure and gets the figure with its whole origin.
//!
//! A figure is never changed: a newer one supersedes it. The present figure of (item, period,
//! subject) is the one that none supersedes.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

use kernel::{Day, Decimal, Finding, Instant, Period, PlaceId, Tenant};
use serde::{Deserialize, Serialize};
use store::{Connection, Row, StoreError, Value, values};

use crate::{FigureId, Recorder, WriteError, place};

/// Longest code of an item, in characters.
pub const ITEM_MAX: usize = 60;

/// A value, or why there is none. Missing is never 0.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FigureValue {
    /// The exact value, in the figure's unit.
    Value(Decimal),
    /// Why there is none: a code or words, up to 100 characters.
    Missing(String),
}

/// What a new figure says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FigureDraft {
    /// Its id.
    pub figure: FigureId,
    /// The item by its code: lower-case letters, digits, `_`, `-` and `.`, up to [`ITEM_MAX`].
    pub item: String,
    /// The place it is about.
    pub subject: PlaceId,
    /// The period.
    pub period: Period,
    /// The value or why it is missing.
    pub value: FigureValue,
    /// Unit as people write it (`元`, `%`), up to 20 characters; may be empty.
    pub unit: String,
    /// Where it comes from, in the owner's words, up to 200 characters; not empty.
    pub source: String,
    /// The day the figure describes, where that is not the period's last day.
    pub as_of: Option<Day>,
    /// When it was seen or measured, by the word of whoever gives it.
    pub observed_at: Option<Instant>,
}

/// A recorded figure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figure {
    /// What it says.
    #[serde(flatten)]
    pub draft: FigureDraft,
    /// When it was recorded.
    pub recorded_at: Instant,
    /// The figure it took the place of.
    pub supersedes: Option<FigureId>,
    /// Digest of its row in the record, so that a later change behind the record's back shows.
    #[serde(skip)]
    pub digest: [u8; 32],
}

store::record! {
    /// Every figure ever given.
    pub FIGURE = figure(
        tenant, figure, command, item, subject, period, value, missing, unit, source, as_of,
        observed_at, recorded_at, supersedes
    ) key(tenant, figure);
}

store::statements! {
    /// The present figure of one subject.
    SELECT_ONE = concat!(
        "SELECT f.tenant, f.figure, f.command, f.item, f.subject, f.period, f.value, f.missing, ",
        "f.unit, f.source, f.as_of, f.observed_at, f.recorded_at, f.supersedes FROM figure_current c ",
        "JOIN figure f ON f.tenant = c.tenant AND f.figure = c.figure ",
        "WHERE c.tenant = $1 AND c.item = $2 AND c.period = $3 AND c.subject = $4"
    );
    /// One figure by its id.
    SELECT_BY_ID = concat!(
        "SELECT f.tenant, f.figure, f.command, f.item, f.subject, f.period, f.value, f.missing, ",
        "f.unit, f.source, f.as_of, f.observed_at, f.recorded_at, f.supersedes FROM figure f ",
        "WHERE f.tenant = $1 AND f.figure = $2"
    );
    /// The figures of an item and period as they were known at an instant.
    SELECT_AS_OF = concat!(
        "SELECT f.tenant, f.figure, f.command, f.item, f.subject, f.period, f.value, f.missing, ",
        "f.unit, f.source, f.as_of, f.observed_at, f.recorded_at, f.supersedes FROM figure f ",
        "WHERE f.tenant = $1 AND f.item = $2 AND f.period = $3 AND f.recorded_at <= $4 ",
        "AND NOT EXISTS (SELECT 1 FROM figure g WHERE g.tenant = $1 AND g.item = $2 ",
        "AND g.period = $3 AND g.recorded_at <= $4 AND g.subject = f.subject ",
        "AND g.supersedes = f.figure)"
    );
    /// Every figure that none supersedes.
    SELECT_LATEST = concat!(
        "SELECT f.tenant, f.figure, f.command, f.item, f.subject, f.period, f.value, f.missing, ",
        "f.unit, f.source, f.as_of, f.observed_at, f.recorded_at, f.supersedes FROM figure f ",
        "WHERE f.tenant = $1 AND NOT EXISTS (SELECT 1 FROM figure g WHERE g.tenant = $1 ",
        "AND g.item = f.item AND g.period = f.period AND g.subject = f.subject ",
        "AND g.supersedes = f.figure)"
    );
    /// The present figures of one subject.
    SELECT_OF_SUBJECT = concat!(
        "SELECT f.tenant, f.figure, f.command, f.item, f.subject, f.period, f.value, f.missing, ",
        "f.unit, f.source, f.as_of, f.observed_at, f.recorded_at, f.supersedes FROM figure_current c ",
        "JOIN figure f ON f.tenant = c.tenant AND f.figure = c.figure ",
        "WHERE c.tenant = $1 AND c.subject = $2 ORDER BY f.item, f.period"
    );
    /// The present figures of an item and period, in one pass: for a list.
    SELECT_PRESENT = concat!(
        "SELECT subject, figure FROM figure_current ",
        "WHERE tenant = $1 AND item = $2 AND period = $3"
    );
    /// The present figure of one subject, by its id.
    SELECT_PRESENT_ONE = concat!(
        "SELECT figure FROM figure_current ",
        "WHERE tenant = $1 AND item = $2 AND period = $3 AND subject = $4"
    );
    /// Every place there is, in one pass: for a list.
    SELECT_PLACES = "SELECT place FROM place_current WHERE tenant = $1";
    /// The first figure of its item, period and subject.
    INSERT_CURRENT = concat!(
        "INSERT INTO figure_current (tenant, item, period, subject, figure) ",
        "VALUES ($1, $2, $3, $4, $5)"
    );
    /// A figure takes the place of the one it supersedes, unless another was faster.
    UPDATE_CURRENT = concat!(
        "UPDATE figure_current SET figure = $1 WHERE tenant = $2 AND item = $3 AND period = $4 ",
        "AND subject = $5 AND figure = $6"
    );
}

/// Reads the fourteen columns of [`FIGURE`] in their order.
fn read(row: &Row<'_>) -> Result<Figure, StoreError> {
    let value = match row.optional_parse::<Decimal>(6)? {
        Some(value) => FigureValue::Value(value),
        None => FigureValue::Missing(row.text(7)?.to_owned()),
    };
    let draft = FigureDraft {
        figure: row.id(1)?,
        item: row.text(3)?.to_owned(),
        subject: row.id(4)?,
        period: row.parse(5)?,
        value,
        unit: row.text(8)?.to_owned(),
        source: row.text(9)?.to_owned(),
        as_of: row.optional_day(10)?,
        observed_at: row.optional_instant(11)?,
    };
    Ok(Figure {
        draft,
        recorded_at: row.instant(12)?,
        supersedes: row.optional_id(13)?,
        // Over the row as it is kept, not as it was understood.
        digest: FIGURE.digest(&row.values()?),
    })
}

/// The present figure of one subject.
pub fn get(
    connection: &mut dyn Connection,
    tenant: Tenant,
    item: &str,
    period: Period,
    subject: PlaceId,
) -> Result<Option<Figure>, StoreError> {
    let values = values![tenant, item, period.to_string(), subject];
    connection.optional(&SELECT_ONE, &values, read)
}

/// One figure by its id, present or superseded.
pub fn by_id(
    connection: &mut dyn Connection,
    tenant: Tenant,
    figure: FigureId,
) -> Result<Option<Figure>, StoreError> {
    connection.optional(&SELECT_BY_ID, &values![tenant, figure], read)
}

/// The present figures of one subject, by item, then period.
pub fn of_subject(
    connection: &mut dyn Connection,
    tenant: Tenant,
    subject: PlaceId,
) -> Result<Vec<Figure>, StoreError> {
    connection.all(&SELECT_OF_SUBJECT, &values![tenant, subject], read)
}

/// The figures of many subjects as they were known at an instant, in the subjects' order; what
/// was recorded later does not count.
pub fn read_many(
    connection: &mut dyn Connection,
    tenant: Tenant,
    item: &str,
    subjects: &[PlaceId],
    period: Period,
    as_of: Instant,
) -> Result<Vec<Option<Figure>>, StoreError> {
    let values = values![tenant, item, period.to_string(), as_of];
    let found = connection.all(&SELECT_AS_OF, &values, read)?;
    let mut by_subject: HashMap<PlaceId, Figure> = found
        .into_iter()
        .map(|figure| (figure.draft.subject, figure))
        .collect();
    Ok(subjects
        .iter()
        .map(|subject| by_subject.remove(subject))
        .collect())
}

/// Appends figures; each supersedes the present one of its item, period and subject. Findings
/// name the draft by its index: `figures.3.item`.
pub fn write(recorder: &mut dyn Recorder, drafts: &[FigureDraft]) -> Result<(), WriteError> {
    let (tenant, command, now) = (recorder.tenant(), recorder.command(), recorder.now());
    WriteError::refuse_if_any(check(recorder, drafts)?)?;
    let mut rows = Vec::with_capacity(drafts.len());
    let (mut first, mut superseding) = (Vec::new(), Vec::new());
    let mut present = Present {
        tenant,
        whole: drafts.len() >= LIST,
        known: HashMap::new(),
    };
    for draft in drafts {
        let period = draft.period.to_string();
        let before = present.of(recorder.connection(), draft)?;
        let (value, missing) = match &draft.value {
            FigureValue::Value(value) => (Some(value.to_string()), None),
            FigureValue::Missing(reason) => (None, Some(reason.as_str())),
        };
        rows.push(Vec::from(values![
            tenant,
            draft.figure,
            command,
            draft.item.as_str(),
            draft.subject,
            period.clone(),
            value,
            missing,
            draft.unit.as_str(),
            draft.source.as_str(),
            draft.as_of,
            draft.observed_at,
            now,
            before,
        ]));
        let item = draft.item.as_str();
        let (subject, figure) = (draft.subject, draft.figure);
        if let Some(before) = before {
            superseding.push(Vec::from(values![
                figure, tenant, item, period, subject, before
            ]));
        } else {
            first.push(Vec::from(values![tenant, item, period, subject, figure]));
        }
    }
    recorder.append(&FIGURE, &rows)?;
    let connection = recorder.connection();
    connection.execute_many(&INSERT_CURRENT, &first)?;
    let moved = connection.execute_many(&UPDATE_CURRENT, &superseding)?;
    if moved != superseding.len() as u64 {
        return Err(WriteError::from(lost_race()));
    }
    Ok(())
}

/// Two who supersede the same figure at once: the second is told, as for a taken key.
fn lost_race() -> StoreError {
    StoreError::Conflict {
        kind: store::Constraint::Unique,
        constraint: "figure_current(tenant, item, period, subject)".to_owned(),
    }
}

/// From so many drafts on, what is recorded is read in one pass instead of one by one.
const LIST: usize = 200;

/// The present figures of items and periods.
struct Present {
    tenant: Tenant,
    whole: bool,
    known: HashMap<(String, Period), HashMap<PlaceId, FigureId>>,
}

impl Present {
    /// The figure that a draft supersedes.
    fn of(
        &mut self,
        connection: &mut dyn Connection,
        draft: &FigureDraft,
    ) -> Result<Option<FigureId>, StoreError> {
        let period = draft.period.to_string();
        if !self.whole {
            let wanted = values![self.tenant, draft.item.as_str(), period, draft.subject];
            return connection.optional(&SELECT_PRESENT_ONE, &wanted, |row| row.id(0));
        }
        let present = match self.known.entry((draft.item.clone(), draft.period)) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(unknown) => {
                let wanted = values![self.tenant, draft.item.as_str(), period];
                let read = |row: &Row<'_>| Ok((row.id(0)?, row.id(1)?));
                let found = connection.all(&SELECT_PRESENT, &wanted, read)?;
                unknown.insert(found.into_iter().collect())
            }
        };
        Ok(present.get(&draft.subject).copied())
    }
}

fn check(recorder: &mut dyn Recorder, drafts: &[FigureDraft]) -> Result<Vec<Finding>, StoreError> {
    let tenant = recorder.tenant();
    let mut findings = Vec::new();
    let mut known: HashMap<PlaceId, bool> = HashMap::new();
    let whole = drafts.len() >= LIST;
    if whole {
        let places = recorder.connection();
        let found = places.all(&SELECT_PLACES, &values![tenant], |row| row.id(0))?;
        known.extend(found.into_iter().map(|place| (place, true)));
    }
    let mut seen = HashSet::new();
    for (index, draft) in drafts.iter().enumerate() {
        let at = |field: &str| format!("figures.{index}.{field}");
        if !is_item_code(&draft.item) {
            let finding = Finding::error("item-code-form").field(at("item"));
            findings.push(finding.arg("found", draft.item.as_str()));
        }
        if let Entry::Vacant(entry) = known.entry(draft.subject) {
            let subject = draft.subject;
            let is_known = !whole && place::get(recorder.connection(), tenant, subject)?.is_some();
            entry.insert(is_known);
        }
        if !known[&draft.subject] {
            findings.push(Finding::error("place-unknown").field(at("subject")));
        }
        if !seen.insert((&draft.item, draft.period, draft.subject)) {
            findings.push(Finding::error("figure-twice").field(at("subject")));
        }
        let mut lengths = vec![
            ("unit", &draft.unit, 0, 20),
            ("source", &draft.source, 1, 200),
        ];
        if let FigureValue::Missing(reason) = &draft.value {
            lengths.push(("value", reason, 1, 100));
        }
        for (field, text, least, most) in lengths {
            if !(least..=most).contains(&text.trim().chars().count()) {
                let finding = Finding::error("figure-text-length").field(at(field));
                findings.push(finding.arg("least", least).arg("most", most));
            }
        }
    }
    Ok(findings)
}

/// Whether a text can be the code of an item.
pub fn is_item_code(text: &str) -> bool {
    (1..=ITEM_MAX).contains(&text.len())
        && text
            .bytes()
            .all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-' | b'.'))
}

/// Fills `figure_current` from `figure`; the tables are empty.
pub fn rebuild(connection: &mut dyn Connection, tenant: Tenant) -> Result<(), StoreError> {
    let figures = connection.all(&SELECT_LATEST, &values![tenant], read)?;
    let rows: Vec<Vec<Value<'_>>> = figures
        .iter()
        .map(|figure| {
            Vec::from(values![
                tenant,
                figure.draft.item.as_str(),
                figure.draft.period.to_string(),
                figure.draft.subject,
                figure.draft.figure,
            ])
        })
        .collect();
    connection.execute_many(&INSERT_CURRENT, &rows)?;
    Ok(())
}
