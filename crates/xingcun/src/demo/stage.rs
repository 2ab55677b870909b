//! The stage on which the demonstration is made: the program with a clock that the story moves,
//! and a bar that shows how far it is.

use std::{path::Path, sync::Arc};

use access::{AccountId, Authentication};
use app::upload::Upload;
use app::{
    App, Caller, Clock, Command, Entropy, Envelope, ManualClock, SeededEntropy, Via, demo_clock,
};
use assessment::{RoundId, round, section};
use indicatif::{ProgressBar, ProgressStyle};
use kernel::{CommandId, Day, Id, PlaceId, Tenant};
use registry::setup::Administrators;
use store::{Connection, StoreError};

use crate::{
    folder::{Config, Lock},
    setup,
};

/// Commands that the story sends, about; the bar's length.
const COMMANDS: u64 = 245;
/// The demonstration is the same every time.
const SEED: [u8; 32] = *b"Xingcun demonstration, seed one.";

/// The program while its demonstration is made.
pub struct Stage {
    /// The program.
    pub app: App,
    /// Its tenant.
    pub tenant: Tenant,
    /// The three administrators.
    pub administrators: Administrators,
    clock: Arc<ManualClock>,
    bar: ProgressBar,
    _lock: Lock,
}

/// What goes wrong on the stage ends the making of the demonstration.
pub type Staged<T> = Result<T, Box<dyn std::error::Error>>;

impl Stage {
    /// A fresh folder, at the morning of 29 June 2026.
    pub fn set_up(dir: &Path, config: &Config) -> Staged<Stage> {
        let start = Day::new(2026, 6, 29)
            .expect("a day of the calendar")
            .start();
        let clock = Arc::new(ManualClock::at(start));
        clock.advance(9 * 3_600_000);
        let bar = ProgressBar::new(COMMANDS).with_message("demo");
        bar.set_style(ProgressStyle::with_template(
            "{bar:30} {percent:>3}% {elapsed}",
        )?);
        let (app, tenant, administrators, lock) = setup::prepare(
            dir,
            config,
            Arc::clone(&clock) as Arc<dyn Clock>,
            Arc::new(SeededEntropy::new(SEED)) as Arc<dyn Entropy>,
        )?;
        Ok(Stage {
            app,
            tenant,
            administrators,
            clock,
            bar,
            _lock: lock,
        })
    }

    /// Moves to an hour of a day of 2026.
    pub fn at(&self, month: i8, day: i8, hour: i64) {
        let day = Day::new(2026, month, day).expect("the story keeps to the calendar");
        self.clock
            .set(kernel::Instant(day.start().0 + hour * 3_600_000));
    }

    /// Carries out a command of an account that has just given its password.
    pub fn act<C: Command>(&self, account: AccountId, command: &C) -> Staged<C::Answer> {
        self.act_seen(account, command, None)
    }

    /// The same to a section of a village, as it stands now.
    pub fn act_on_section<C: Command>(
        &self,
        account: AccountId,
        (round, place, section): (RoundId, PlaceId, &str),
        command: &C,
    ) -> Staged<C::Answer> {
        let (tenant, code) = (self.tenant, section.to_owned());
        let read = move |connection: &mut dyn Connection| {
            section::revision(connection, tenant, round, place, &code)
        };
        let seen: Result<_, StoreError> = self.app.store().read(read).wait();
        self.act_seen(account, command, seen?)
    }

    /// The same to a round, as it stands now.
    pub fn act_on_round<C: Command>(
        &self,
        account: AccountId,
        round: RoundId,
        command: &C,
    ) -> Staged<C::Answer> {
        let tenant = self.tenant;
        let read = move |connection: &mut dyn Connection| round::get(connection, tenant, round);
        let found: Result<_, StoreError> = self.app.store().read(read).wait();
        self.act_seen(account, command, found?.map(|round| round.revision))
    }

    fn act_seen<C: Command>(
        &self,
        account: AccountId,
        command: &C,
        seen: Option<i64>,
    ) -> Staged<C::Answer> {
        self.clock.advance(20_000);
        self.bar.inc(1);
        let mut random = [0; 10];
        random.copy_from_slice(&self.app.entropy().draw()[..10]);
        let id = CommandId(Id::new(self.clock.now().0, random));
        let caller = Caller::Account {
            account,
            authentication: Authentication::Fresh,
            on_behalf_of: None,
        };
        let mut envelope = Envelope::of(id, command);
        envelope.seen_revision = seen;
        let done = self
            .app
            .execute_wait(self.tenant, caller, Via::Job, envelope)
            .map_err(|refusal| format!("{}: {refusal}", C::NAME))?;
        Ok(serde_json::from_value(done.answer)?)
    }

    /// Stores a file and gives its hash, as an upload does.
    pub fn upload(&self, content: &[u8]) -> Staged<String> {
        let mut content = content;
        let limit = 32 << 20;
        let (hash, _) = self
            .app
            .files()
            .put(&mut content, limit, self.app.entropy().draw())?;
        Ok(hash.to_string())
    }

    /// The same for a picture that an account will show.
    pub fn upload_picture(&self, account: AccountId, content: &[u8]) -> Staged<String> {
        let file = self.upload(content)?;
        let upload = Upload {
            size_bytes: i64::try_from(content.len())?,
            media_type: "image/png".to_owned(),
        };
        let brought = vec![(file.parse()?, upload)];
        let kept = self.app.keep_uploads(self.tenant, account, brought);
        kept.wait()?;
        Ok(file)
    }

    /// Seals the journal and keeps the offset at which the clock is to run on.
    pub fn finish(self) -> Staged<()> {
        self.app.seal(true)?;
        let (tenant, offset) = (self.tenant, super::first_offset_ms());
        self.app
            .store()
            .write(move |c| demo_clock::keep_offset_ms(c, tenant, offset))
            .wait()?;
        self.bar.finish_and_clear();
        self.app.store().close();
        Ok(())
    }
}
