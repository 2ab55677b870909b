//! The first leaf after a restore: the journal goes on from an older end under the same key, and
//! says so itself, so that nobody takes the restore for a change made behind its back.

use access::Action;
use journal::Via;
use kernel::{CommandId, Finding, Id, Instant};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{App, Caller, Command, Door, Envelope, Refusal, tenant::tenants};

/// Says that this folder came from a backup. Only `xingcun restore` can send it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BackupRestored {
    /// When the backup was made.
    #[schema(value_type = i64)]
    pub made_at: Instant,
    /// Leaves that the backup holds.
    pub leaves: i64,
    /// The newest signed checkpoint of the backup; empty where there is none.
    pub checkpoint: String,
    /// Leaves that kept checkpoints show to be lost; 0 where none was given.
    pub lost_leaves: i64,
    /// Under which name of the operating system it was done; empty where there is none.
    pub operator: String,
}

/// That it was noted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RestoreNoted {}

impl Command for BackupRestored {
    const NAME: &'static str = "backup.restored";
    const ACTION: Action = Action::SystemOperate;
    const CLEAR: &'static [&'static str] = &["made_at", "leaves", "checkpoint", "lost_leaves"];
    type Answer = RestoreNoted;

    fn run(&self, door: &mut Door<'_>) -> Result<RestoreNoted, Refusal> {
        if door.person().is_some() {
            return Err(Finding::error("restored-by-rule-only").into());
        }
        Ok(RestoreNoted {})
    }
}

impl App {
    /// Notes the restore in the journal of each area, seals the leaf and signs a checkpoint over it.
    pub fn note_restore(&self, note: &BackupRestored) -> Result<(), Refusal> {
        for tenant in self.store().read(|c| tenants(c)).wait()? {
            let mut random = [0; 10];
            random.copy_from_slice(&self.entropy().draw()[..10]);
            let id = CommandId(Id::new(self.clock().now().0, random));
            let envelope = Envelope::of(id, note);
            self.execute_wait(tenant, Caller::Rule("restore"), Via::Cli, envelope)?;
        }
        self.seal(true)?;
        Ok(())
    }
}
