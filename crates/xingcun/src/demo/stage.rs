//! The stage on which the demonstration is made: the program with a clock that the story moves,
//! and a bar that shows how far it is.

use std::{
    future::{Future, poll_fn},
    io::Write as _,
    path::Path,
    pin::Pin,
    sync::Arc,
    task::Poll,
};

use access::{AccountId, Authentication};
use app::upload::Upload;
use app::{
    App, Caller, Clock, Command, Done, Entropy, Envelope, ManualClock, Refusal, SeededEntropy, Via,
    demo_clock,
};
use assessment::{RoundId, round, section};
use indicatif::{ProgressBar, ProgressStyle};
use kernel::{CommandId, Day, Id, Period, PlaceId, Tenant};
use registry::setup::Administrators;
use store::{Connection, StoreError};
use web::Locale;

use crate::{
    folder::{Config, Lock},
    setup,
};

/// So many commands wait for the writer at once where nobody waits for each answer.
const AT_ONCE: usize = 128;
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
    l: Locale,
    _lock: Lock,
}

/// What goes wrong on the stage ends the making of the demonstration.
pub type Staged<T> = Result<T, Box<dyn std::error::Error>>;

impl Stage {
    /// A fresh folder, at the morning of a day; the story sends about so many commands, which is
    /// the bar's length.
    pub fn set_up(
        dir: &Path,
        config: &Config,
        start: Day,
        commands: u64,
        l: &Locale,
    ) -> Staged<Stage> {
        let clock = Arc::new(ManualClock::at(start.start()));
        clock.advance(9 * 3_600_000);
        let bar = ProgressBar::new(commands).with_message("demo");
        bar.set_style(ProgressStyle::with_template(
            "{bar:30} {percent:>3}% {elapsed}",
        )?);
        bar.tick();
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
            l: l.clone(),
            _lock: lock,
        })
    }

    /// Says what is made now, in a line of its own: above the bar, or alone where no terminal shows
    /// a bar.
    pub fn says(&self, text: &str) {
        self.say(&self.l.text(text).to_string());
    }

    /// Says that the round of a period is made now.
    pub fn says_round(&self, period: Period) {
        let text = self.l.text("demo-round");
        let text = text.arg("period", self.l.period(period));
        self.say(&text.to_string());
    }

    fn say(&self, line: &str) {
        if self.bar.is_hidden() {
            // A closed pipe is no reason to stop.
            let _ = writeln!(std::io::stderr().lock(), "{line}");
        } else {
            self.bar.println(line);
        }
    }

    /// Moves to an hour of a day of 2026.
    pub fn at(&self, month: i8, day: i8, hour: i64) {
        let day = Day::new(2026, month, day).expect("the story keeps to the calendar");
        self.on(day, hour);
    }

    /// Moves to an hour of a day.
    pub fn on(&self, day: Day, hour: i64) {
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
        let envelope = self.envelope(command, seen);
        let done = self
            .app
            .execute_wait(self.tenant, caller(account), Via::Job, envelope)
            .map_err(|refusal| format!("{}: {refusal}", C::NAME))?;
        Ok(serde_json::from_value(done.answer)?)
    }

    /// Carries out many commands, each by its account and with the revision that it saw, in this
    /// order; up to [`AT_ONCE`] of them wait for the writer, which takes them in the order in
    /// which they come. Times, ids and seeds are drawn as they are sent, so the result is that of
    /// [`Stage::act`] for one after another.
    pub fn act_all<C: Command>(
        &self,
        commands: impl IntoIterator<Item = (AccountId, Option<i64>, C)>,
    ) -> Staged<Vec<C::Answer>> {
        let runtime = tokio::runtime::Builder::new_current_thread().build()?;
        let mut commands = commands.into_iter().peekable();
        let mut answers = Vec::new();
        while commands.peek().is_some() {
            let sent = commands.by_ref().take(AT_ONCE);
            let done = runtime.block_on(self.send(sent));
            for done in done {
                let done = done.map_err(|refusal| format!("{}: {refusal}", C::NAME))?;
                answers.push(serde_json::from_value(done.answer)?);
            }
        }
        Ok(answers)
    }

    /// Sends commands without waiting, then waits for their answers.
    async fn send<C: Command>(
        &self,
        commands: impl Iterator<Item = (AccountId, Option<i64>, C)>,
    ) -> Vec<Result<Done, Refusal>> {
        let mut sent = Vec::new();
        for (account, seen, command) in commands {
            let envelope = self.envelope(&command, seen);
            let work = self
                .app
                .execute(self.tenant, caller(account), Via::Job, envelope);
            sent.push(begun(Box::pin(work)).await);
        }
        let mut done = Vec::with_capacity(sent.len());
        for sent in sent {
            done.push(match sent {
                Ok(done) => done,
                Err(work) => work.await,
            });
        }
        done
    }

    /// The envelope of the next command of the story: some time after the last one.
    fn envelope<C: Command>(&self, command: &C, seen: Option<i64>) -> Envelope {
        self.clock.advance(20_000);
        self.bar.inc(1);
        let mut random = [0; 10];
        random.copy_from_slice(&self.app.entropy().draw()[..10]);
        let id = CommandId(Id::new(self.clock.now().0, random));
        let mut envelope = Envelope::of(id, command);
        envelope.seen_revision = seen;
        envelope
    }

    /// Stores a file and gives its hash, as an upload does.
    fn upload(&self, content: &[u8]) -> Staged<String> {
        let mut content = content;
        let limit = 32 << 20;
        let (hash, _) = self
            .app
            .files()
            .put(&mut content, limit, self.app.entropy().draw())?;
        Ok(hash.to_string())
    }

    /// The same for a table that an account will import.
    pub fn upload_table(&self, account: AccountId, content: &[u8]) -> Staged<String> {
        let file = self.upload(content)?;
        let upload = Upload {
            size_bytes: i64::try_from(content.len())?,
            media_type: "text/csv".to_owned(),
        };
        let brought = vec![(file.parse()?, upload)];
        self.app
            .keep_uploads(self.tenant, account, brought)
            .wait()?;
        Ok(file)
    }

    /// The same for a picture that an account will show.
    pub fn upload_picture(&self, account: AccountId, content: Vec<u8>) -> Staged<String> {
        let mut files = self.upload_pictures(&[account], &[content])?;
        Ok(files.pop().ok_or("one picture has one hash")?)
    }

    /// Stores pictures each of which every one of these accounts will show; their hashes.
    pub fn upload_pictures(
        &self,
        accounts: &[AccountId],
        pictures: &[Vec<u8>],
    ) -> Staged<Vec<String>> {
        let (mut files, mut brought) = (Vec::new(), Vec::new());
        for picture in pictures {
            let file = self.upload(picture)?;
            let upload = Upload {
                size_bytes: i64::try_from(picture.len())?,
                media_type: "image/png".to_owned(),
            };
            brought.push((file.parse()?, upload));
            files.push(file);
        }
        let kept: Vec<_> = accounts
            .iter()
            .map(|account| {
                self.app
                    .keep_uploads(self.tenant, *account, brought.clone())
            })
            .collect();
        for kept in kept {
            kept.wait()?;
        }
        Ok(files)
    }

    /// Seals the journal and keeps the offset at which the clock is to run on.
    pub fn finish(self, starts_at: kernel::Instant) -> Staged<()> {
        self.app.seal(true)?;
        let (tenant, offset) = (self.tenant, super::offset_ms(starts_at));
        self.app
            .store()
            .write(move |c| demo_clock::keep_offset_ms(c, tenant, offset))
            .wait()?;
        self.bar.finish_and_clear();
        self.app.store().close();
        Ok(())
    }
}

/// Somebody who has just given her password.
fn caller(account: AccountId) -> Caller {
    Caller::Account {
        account,
        authentication: Authentication::Fresh,
        on_behalf_of: None,
    }
}

/// Begins a piece of work: what came of it at once, or the rest of it.
async fn begun<W: Future + ?Sized>(mut work: Pin<Box<W>>) -> Result<W::Output, Pin<Box<W>>> {
    let first = poll_fn(|context| Poll::Ready(work.as_mut().poll(context))).await;
    match first {
        Poll::Ready(done) => Ok(done),
        Poll::Pending => Err(work),
    }
}
