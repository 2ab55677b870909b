//! The demonstration's business clock: moved forward by an administrator, never back. This feature
//! is joined in folders made by `demo` and nowhere else.

use access::Action;
use kernel::{Finding, Instant, Tenant, time::DAY_MS};
use serde::{Deserialize, Serialize};
use store::{Class, Connection, Migration, Schema, StoreError, Table, values};
use utoipa::ToSchema;

use crate::{App, Command, CommandSpec, Door, Feature, Refusal};

store::statements! {
    SELECT_OFFSET = "SELECT offset_ms FROM demo_clock WHERE tenant = $1";
    UPSERT_OFFSET = "INSERT INTO demo_clock (tenant, offset_ms) VALUES ($1, $2) \
                     ON CONFLICT (tenant) DO UPDATE SET offset_ms = excluded.offset_ms \
                     WHERE demo_clock.offset_ms < excluded.offset_ms";
}

/// The one table of the demonstration.
pub const SCHEMA: Schema = Schema {
    component: "demo_clock",
    tables: &[Table {
        name: "demo_clock",
        class: Class::Working,
        note: "milliseconds between the business clock of a demonstration and the machine's",
    }],
    records: &[],
    migrations: &[Migration {
        version: 1,
        sql: &[
            "CREATE TABLE demo_clock (tenant {int} NOT NULL, offset_ms {int} NOT NULL, \
                PRIMARY KEY (tenant)) {table_end}",
        ],
    }],
};

/// What a demonstration has more than other installations.
pub fn feature() -> Feature {
    Feature {
        name: "demo_clock",
        schemas: vec![SCHEMA],
        statements: vec![STATEMENTS],
        commands: vec![CommandSpec::of::<AdvanceClock>()],
        ..Feature::default()
    }
}

/// Milliseconds between the business clock and the machine's; 0 before the first setting.
pub fn offset_ms(connection: &mut dyn Connection, tenant: Tenant) -> Result<i64, StoreError> {
    let found = connection.optional(&SELECT_OFFSET, &values![tenant], |row| row.int(0))?;
    Ok(found.unwrap_or(0))
}

/// Keeps the offset; a smaller one than the present is ignored.
pub fn keep_offset_ms(
    connection: &mut dyn Connection,
    tenant: Tenant,
    offset_ms: i64,
) -> Result<(), StoreError> {
    connection.execute(&UPSERT_OFFSET, &values![tenant, offset_ms])?;
    Ok(())
}

/// Moves the business clock forward by working days.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AdvanceClock {
    /// Working days, 1 to 250.
    pub working_days: u16,
}

/// Where the clock stands now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ClockAdvanced {
    /// Milliseconds since 1970.
    #[schema(value_type = i64)]
    pub now: Instant,
    /// Milliseconds between the business clock and the machine's.
    pub offset_ms: i64,
}

/// Most working days of one step: about a year.
const WORKING_DAYS_MAX: u16 = 250;

impl Command for AdvanceClock {
    const NAME: &'static str = "demo.advance_clock";
    const ACTION: Action = Action::DemoAdvanceClock;
    const CLEAR: &'static [&'static str] = &["working_days"];
    type Answer = ClockAdvanced;

    fn run(&self, door: &mut Door<'_>) -> Result<ClockAdvanced, Refusal> {
        door.decide_tenant(Action::DemoAdvanceClock)?;
        if !(1..=WORKING_DAYS_MAX).contains(&self.working_days) {
            let finding = Finding::error("working-days").field("working_days");
            return Err(finding.arg("most", u32::from(WORKING_DAYS_MAX)).into());
        }
        let (tenant, today) = (door.tenant(), door.today());
        let (calendar, _) = door.app().packs().resolve("base")?.work_calendar();
        let term = calendar.add_working_days(today, self.working_days);
        let days = term.day.days_since_1970() - today.days_since_1970();
        let shift_ms = days * DAY_MS;
        let offset_ms = offset_ms(door.connection(), tenant)?.saturating_add(shift_ms);
        keep_offset_ms(door.connection(), tenant, offset_ms)?;
        Ok(ClockAdvanced {
            now: Instant(door.now().0 + shift_ms),
            offset_ms,
        })
    }

    fn after_commit(app: &App, answer: &ClockAdvanced) {
        app.clock().shift_to(answer.offset_ms);
    }
}
