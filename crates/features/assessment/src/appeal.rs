//! Appeals: a village objects to an item or to its result while it is posted; somebody who had no
//! part in it decides, within so many working days.

pub(crate) mod appeal_list;
pub(crate) mod appeal_page;
pub mod decide_appeal;
pub mod lodge_appeal;
pub(crate) mod lodge_page;
pub mod withdraw_appeal;

use access::Involved;
use app::{Door, FileHash, Refusal};
use kernel::{Day, Instant, PersonId, Tenant, Term};
use store::{Connection, Row, StoreError, Value, values};

use crate::round::{self, RoundItem, Section};
use crate::schema::APPEAL_EVENT;
use crate::transition::{AppealAct, AppealState, appeal_move};
use crate::{AppealId, RoundId, section};

store::statements! {
    /// Whether an appeal rests on this file.
    pub(crate) NAMES_FILE = "SELECT file FROM appeal_file WHERE tenant = $1 AND file = $2 LIMIT 1";
    PUT_CURRENT = concat!(
        "INSERT INTO appeal_current (tenant, appeal, round, version, subject_no, item_no, state, ",
        "claim, reason, lodged_by, lodged_for, lodged_at, due, due_provisional, decided_by, ",
        "decided_at, answer) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, ",
        "$15, $16, $17) ON CONFLICT (tenant, appeal) DO UPDATE SET state = excluded.state, ",
        "decided_by = excluded.decided_by, decided_at = excluded.decided_at, ",
        "answer = excluded.answer WHERE appeal_current.state = 'lodged'"
    );
    SELECT_ONE = concat!(
        "SELECT appeal, round, version, subject_no, item_no, state, claim, reason, lodged_by, ",
        "lodged_for, lodged_at, due, due_provisional, decided_by, decided_at, answer ",
        "FROM appeal_current WHERE tenant = $1 AND appeal = $2"
    );
    /// The appeals of a round, the oldest first.
    SELECT_OF_ROUND = concat!(
        "SELECT appeal, round, version, subject_no, item_no, state, claim, reason, lodged_by, ",
        "lodged_for, lodged_at, due, due_provisional, decided_by, decided_at, answer ",
        "FROM appeal_current WHERE tenant = $1 AND round = $2 ORDER BY lodged_at, appeal"
    );
    /// The appeals that lie in a scope by their round's own tree: what waits first, by its due day.
    SELECT_IN_SCOPE = concat!(
        "SELECT c.appeal, c.round, c.version, c.subject_no, c.item_no, c.state, c.claim, ",
        "c.reason, c.lodged_by, c.lodged_for, c.lodged_at, c.due, c.due_provisional, ",
        "c.decided_by, c.decided_at, c.answer FROM appeal_current c ",
        "WHERE c.tenant = $1 AND EXISTS (SELECT 1 FROM grant_current g WHERE g.tenant = $1 ",
        "AND g.person = $2 AND (g.role_bit & $3) <> 0 AND g.valid_from <= $4 ",
        "AND (g.valid_until IS NULL OR g.valid_until >= $4) ",
        "AND (g.place IS NULL OR EXISTS (SELECT 1 FROM round_tree t WHERE t.tenant = $1 ",
        "AND t.round = c.round AND t.subject_no = c.subject_no AND ",
        crate::round::stands_at!("t"),
        "))) ",
        "ORDER BY c.decided_at DESC NULLS FIRST, c.due, c.lodged_at, c.appeal ",
        "LIMIT 500"
    );
    SELECT_FILES = concat!(
        "SELECT file, name, media_type, size_bytes FROM appeal_file ",
        "WHERE tenant = $1 AND appeal = $2 ORDER BY name, file"
    );
    /// Everything that was said, for the rebuild.
    SELECT_EVENTS = concat!(
        "SELECT appeal, step, round, version, subject_no, item_no, act, claim, reason, person, ",
        "on_behalf_of, at, due, due_provisional FROM appeal_event WHERE tenant = $1 ",
        "ORDER BY appeal, step"
    );
}

/// The number that stands for the result as a whole instead of one item.
pub const WHOLE_RESULT: i64 = 0;

/// An appeal as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Appeal {
    /// Its id.
    pub appeal: AppealId,
    /// The round.
    pub round: RoundId,
    /// The posted version that it is against.
    pub version: i64,
    /// The village.
    pub subject_no: i64,
    /// The column; [`WHOLE_RESULT`] for the result.
    pub item_no: i64,
    /// Where it stands.
    pub state: AppealState,
    /// What the village holds to be right, as it wrote it.
    pub claim: Option<String>,
    /// Why.
    pub reason: String,
    /// Who lodged it.
    pub lodged_by: PersonId,
    /// For whom, where for another.
    pub lodged_for: Option<PersonId>,
    /// When.
    pub lodged_at: Instant,
    /// Last day for deciding it.
    pub due: Term,
    /// Who decided it or took it back, and when.
    pub decided: Option<(PersonId, Instant)>,
    /// Why it was decided so.
    pub answer: Option<String>,
}

/// A file shown with an appeal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppealFile {
    /// Hash of its content.
    pub file: FileHash,
    /// Its name.
    pub name: String,
    /// Its media type.
    pub media_type: String,
    /// Its size.
    pub size_bytes: i64,
}

impl Appeal {
    /// The appeal after it was decided or taken back.
    pub(crate) fn after(
        mut self,
        act: AppealAct,
        (person, at): (PersonId, Instant),
        answer: &str,
    ) -> Result<Appeal, Refusal> {
        self.state = appeal_move(self.state, act)?.to;
        self.decided = Some((person, at));
        self.answer = Some(answer.to_owned());
        Ok(self)
    }
}

fn read(row: &Row<'_>) -> Result<Appeal, StoreError> {
    Ok(Appeal {
        appeal: row.id(0)?,
        round: row.id(1)?,
        version: row.int(2)?,
        subject_no: row.int(3)?,
        item_no: row.int(4)?,
        state: row.parse(5)?,
        claim: row.optional_text(6)?.map(str::to_owned),
        reason: row.text(7)?.to_owned(),
        lodged_by: row.id(8)?,
        lodged_for: row.optional_id(9)?,
        lodged_at: row.instant(10)?,
        due: Term {
            day: row.day(11)?,
            provisional: row.flag(12)?,
        },
        decided: match (row.optional_id(13)?, row.optional_instant(14)?) {
            (Some(person), Some(at)) => Some((person, at)),
            _ => None,
        },
        answer: row.optional_text(15)?.map(str::to_owned),
    })
}

/// An appeal, if there is one of that id.
pub fn get(
    connection: &mut dyn Connection,
    tenant: Tenant,
    appeal: AppealId,
) -> Result<Option<Appeal>, StoreError> {
    connection.optional(&SELECT_ONE, &values![tenant, appeal], read)
}

/// The appeals of a round, the oldest first.
pub fn of_round(
    connection: &mut dyn Connection,
    tenant: Tenant,
    round: RoundId,
) -> Result<Vec<Appeal>, StoreError> {
    connection.all(&SELECT_OF_ROUND, &values![tenant, round], read)
}

/// The appeals in a scope by their round's own tree, at most 500: what waits first.
pub fn in_scope(
    connection: &mut dyn Connection,
    scope: &access::Scope,
) -> Result<Vec<Appeal>, StoreError> {
    let key = values![scope.tenant, scope.person, scope.roles.0, scope.day];
    connection.all(&SELECT_IN_SCOPE, &key, read)
}

/// The files shown with an appeal.
pub fn files(
    connection: &mut dyn Connection,
    tenant: Tenant,
    appeal: AppealId,
) -> Result<Vec<AppealFile>, StoreError> {
    connection.all(&SELECT_FILES, &values![tenant, appeal], |row| {
        Ok(AppealFile {
            file: FileHash(row.bytes(0)?),
            name: row.text(1)?.to_owned(),
            media_type: row.text(2)?.to_owned(),
            size_bytes: row.int(3)?,
        })
    })
}

/// Everybody who had a part in what an appeal is about, over the whole history, and whoever
/// lodged it: of one item the people of its section, of the result those of every section.
pub fn involved(
    connection: &mut dyn Connection,
    tenant: Tenant,
    appeal: &Appeal,
) -> Result<Vec<Involved>, StoreError> {
    let (round, subject) = (appeal.round, appeal.subject_no);
    let items: Vec<RoundItem> = round::items(connection, tenant, round)?;
    let sections: Vec<Section> = round::sections(connection, tenant, round)?;
    let own = items.iter().find(|item| item.item_no == appeal.item_no);
    let mut people = vec![Involved {
        person: appeal.lodged_by,
        on_behalf_of: appeal.lodged_for,
        action: access::Action::ScoreAppeal,
    }];
    for section in sections {
        if own.is_some_and(|item| item.section_no != section.section_no) {
            continue;
        }
        let events = section::events(connection, tenant, round, subject, section.section_no)?;
        people.extend(section::involved(&events));
    }
    Ok(people)
}

/// Writes where an appeal stands; `false` where somebody has just decided it.
pub(crate) fn put(
    connection: &mut dyn Connection,
    tenant: Tenant,
    appeal: &Appeal,
) -> Result<bool, StoreError> {
    let (decided_by, decided_at) = appeal.decided.unzip();
    let row: Vec<Value<'_>> = values![
        tenant,
        appeal.appeal,
        appeal.round,
        appeal.version,
        appeal.subject_no,
        appeal.item_no,
        appeal.state,
        appeal.claim.as_deref(),
        &appeal.reason,
        appeal.lodged_by,
        appeal.lodged_for,
        appeal.lodged_at,
        appeal.due.day,
        appeal.due.provisional,
        decided_by,
        decided_at,
        appeal.answer.as_deref()
    ]
    .into();
    Ok(connection.execute(&PUT_CURRENT, &row)? == 1)
}

/// Moves an appeal and appends what was said.
pub(crate) fn append(
    door: &mut Door<'_>,
    appeal: &Appeal,
    act: AppealAct,
    reason: &str,
) -> Result<(), Refusal> {
    let person = door.acting_person()?;
    let on_behalf_of = door.on_behalf_of();
    let (tenant, now) = (door.tenant(), door.now());
    // The row of what stands comes first: two decisions meet at it.
    if !put(door.connection(), tenant, appeal)? {
        return Err(lost_race(door, appeal.appeal)?);
    }
    let step = if act == AppealAct::Lodge { 1 } else { 2 };
    let row = values![
        tenant,
        appeal.appeal,
        step,
        door.command(),
        appeal.round,
        appeal.version,
        appeal.subject_no,
        appeal.item_no,
        act,
        appeal.claim.as_deref(),
        reason,
        person,
        on_behalf_of,
        now,
        appeal.due.day,
        appeal.due.provisional
    ];
    door.append(&APPEAL_EVENT, &row)
}

fn lost_race(door: &mut Door<'_>, appeal: AppealId) -> Result<Refusal, Refusal> {
    let tenant = door.tenant();
    let found = get(door.connection(), tenant, appeal)?;
    let Some((person, at)) = found.and_then(|found| found.decided) else {
        return Err(Refusal::bug("an appeal that neither waits nor is decided"));
    };
    let name = directory::person::name(door.connection(), tenant, person)?;
    Ok(Refusal::lost_race(&name.unwrap_or_default(), at))
}

/// Fills the table `appeal_current` from the record.
pub(crate) fn rebuild(connection: &mut dyn Connection, tenant: Tenant) -> Result<(), StoreError> {
    let mut appeals: Vec<Appeal> = Vec::new();
    connection.for_each(&SELECT_EVENTS, &values![tenant], &mut |row| {
        let act: AppealAct = row.parse(6)?;
        let (person, at): (PersonId, Instant) = (row.id(9)?, row.instant(11)?);
        let reason = row.text(8)?.to_owned();
        if act != AppealAct::Lodge {
            let last = appeals
                .pop()
                .map(|last| last.after(act, (person, at), &reason));
            let moved = last.transpose().ok().flatten();
            appeals.extend(Some(moved.ok_or_else(|| {
                StoreError::Bug("a step of an appeal that cannot follow".to_owned())
            })?));
            return Ok(());
        }
        appeals.push(Appeal {
            appeal: row.id(0)?,
            round: row.id(2)?,
            version: row.int(3)?,
            subject_no: row.int(4)?,
            item_no: row.int(5)?,
            state: AppealState::Lodged,
            claim: row.optional_text(7)?.map(str::to_owned),
            reason,
            lodged_by: person,
            lodged_for: row.optional_id(10)?,
            lodged_at: at,
            due: Term {
                day: row.day(12)?,
                provisional: row.flag(13)?,
            },
            decided: None,
            answer: None,
        });
        Ok(())
    })?;
    for appeal in &appeals {
        put(connection, tenant, appeal)?;
    }
    Ok(())
}

/// Whether an appeal still waits for a decision.
pub fn waits(appeal: &Appeal) -> bool {
    appeal.state == AppealState::Lodged
}

/// How far the clock of an appeal is, by the working-day calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clock {
    /// So many working days are left, the last one included; 0 on the due day itself.
    Left(u32),
    /// So many working days too late.
    Late(u32),
}

/// The clock of a due day on a day.
pub fn clock(calendar: &kernel::WorkCalendar, due: Day, today: Day) -> Clock {
    if today <= due {
        Clock::Left(calendar.working_days_between(today, due).count)
    } else {
        Clock::Late(calendar.working_days_between(due, today).count.max(1))
    }
}
