//! The command door, seen from outside: one transaction per command, with everything in it.

use std::sync::{Arc, Mutex, PoisonError};

use access::{Action, Authentication, DenyReason};
use hmac::{Hmac, KeyInit, Mac};
use journal::{Outcome, Via};
use kernel::{CommandId, Finding, Instant, PersonId, Tenant};
use serde_json::Value as Json;
use sha2::Sha256;
use store::{Connection, Pending, values};

use crate::{
    App, Authority, Door, Envelope, Gathered, Refusal, RefusalKind,
    command::Parsed,
    door::{Closed, DeniedAct, Entry},
    leaf,
    schema::DENIAL,
    upload,
};

/// Who sends a command, before grants are looked up inside the transaction.
#[derive(Clone, Debug, PartialEq)]
pub enum Caller {
    /// A signed-in account.
    Account {
        /// The account.
        account: access::AccountId,
        /// How the person proved who she is.
        authentication: Authentication,
        /// For whom she acts, where she acts for another.
        on_behalf_of: Option<PersonId>,
    },
    /// A rule of the product, by its name.
    Rule(&'static str),
}

/// A command that was carried out.
#[derive(Clone, Debug, PartialEq)]
pub struct Done {
    /// What the person is told.
    pub answer: Json,
    /// Whether this command had been carried out before: nothing was done now.
    pub repeated: bool,
}

store::statements! {
    /// The answer already given to this command id.
    SELECT_DONE = "SELECT actor, body_hash, answer FROM command_done \
                   WHERE tenant = $1 AND command = $2";
    INSERT_DONE = "INSERT INTO command_done (tenant, command, at, actor, body_hash, answer) \
                   VALUES ($1, $2, $3, $4, $5, $6)";
    INSERT_JOB = "INSERT INTO job (tenant, job, due, kind, body, tries) \
                  VALUES ($1, $2, $3, $4, $5, 0)";
}

/// A table may take a hundred megabytes while it is read.
static ONE_READER: Mutex<()> = Mutex::new(());

/// One attempt at the door: drawn and parsed before the transaction, which may run again.
struct Attempt {
    app: App,
    tenant: Tenant,
    caller: Caller,
    via: Via,
    now: Instant,
    seed: [u8; 32],
    envelope: Envelope,
    spec: &'static str,
    action: Action,
    clear: &'static [&'static str],
    parsed: Parsed,
}

/// How an attempt ended inside its transaction. A denial is an error there, so that nothing else
/// of the attempt stays.
#[derive(Clone)]
struct Stopped {
    refusal: Refusal,
    denied: Option<(DeniedAct, Option<PersonId>)>,
}

impl<E: Into<Refusal>> From<E> for Stopped {
    fn from(error: E) -> Stopped {
        Stopped {
            refusal: error.into(),
            denied: None,
        }
    }
}

/// The first answer where there is one; else why it stopped. That nobody could look again says
/// nothing of the attempt: a commit of which nobody knows stays one.
fn settled(found: Result<Option<Done>, Stopped>, stopped: Stopped) -> Result<Done, Stopped> {
    match found {
        Ok(Some(done)) => Ok(done),
        Ok(None) | Err(_) => Err(stopped),
    }
}

/// What came of a command that was undone.
struct Undone(Result<(), Refusal>);

impl From<store::StoreError> for Undone {
    fn from(error: store::StoreError) -> Undone {
        Undone(Err(error.into()))
    }
}

impl App {
    /// Carries out a command; waits without blocking the thread.
    pub async fn execute(
        &self,
        tenant: Tenant,
        caller: Caller,
        via: Via,
        envelope: Envelope,
    ) -> Result<Done, Refusal> {
        self.execute_beside(tenant, caller, via, envelope, None)
            .await
    }

    /// [`App::execute`] with something that must not stand in the command's body, which is hashed
    /// into the journal: a new password. The command asks for it by [`Door::beside`].
    pub async fn execute_beside(
        &self,
        tenant: Tenant,
        caller: Caller,
        via: Via,
        envelope: Envelope,
        beside: Option<Gathered>,
    ) -> Result<Done, Refusal> {
        let name = envelope.name.clone();
        let (attempt, denial) = self.admit(tenant, caller, via, envelope)?;
        match self.attempt(attempt, beside).await {
            Ok(done) => Ok(self.committed(&name, done)),
            Err(stopped) => {
                if let Some(write) = denial.write(stopped.denied) {
                    write.await?;
                }
                Err(stopped.refusal)
            }
        }
    }

    async fn attempt(
        &self,
        attempt: Arc<Attempt>,
        beside: Option<Gathered>,
    ) -> Result<Done, Stopped> {
        let mut gathered = beside.unwrap_or_else(Gathered::nothing);
        if attempt.parsed.gather.is_some() {
            if let Some(done) = self.before_files(&attempt).await? {
                return Ok(done);
            }
            let reading = Arc::clone(&attempt);
            gathered = tokio::task::spawn_blocking(move || reading.gather())
                .await
                .map_err(|_| Refusal::bug("the reading of a file ended without an answer"))??;
        }
        match self.write(Arc::clone(&attempt), gathered).await {
            Ok(done) => Ok(done),
            Err(stopped) => settled(self.look_again(attempt).await, stopped),
        }
    }

    /// Carries out a command; blocks this thread. For jobs, the command line and tests.
    pub fn execute_wait(
        &self,
        tenant: Tenant,
        caller: Caller,
        via: Via,
        envelope: Envelope,
    ) -> Result<Done, Refusal> {
        let name = envelope.name.clone();
        let (attempt, denial) = self.admit(tenant, caller, via, envelope)?;
        match self.attempt_wait(attempt) {
            Ok(done) => Ok(self.committed(&name, done)),
            Err(stopped) => {
                if let Some(write) = denial.write(stopped.denied) {
                    write.wait()?;
                }
                Err(stopped.refusal)
            }
        }
    }

    /// Leaves a leaf and a row of a page that was refused to somebody who is signed in, as a
    /// refused command does. `page` is a name of `a-z 0-9 . _ -`, at most 64 bytes.
    pub async fn record_denied_page(
        &self,
        tenant: Tenant,
        subject: &access::Subject,
        page: String,
        act: DeniedAct,
    ) -> Result<(), Refusal> {
        let writer = DenialWriter {
            app: self.clone(),
            tenant,
            caller: Caller::Account {
                account: subject.account,
                authentication: subject.authentication,
                on_behalf_of: subject.on_behalf_of,
            },
            via: Via::Browser,
            now: self.clock().now(),
            seed: self.entropy().draw(),
            name: page,
        };
        if let Some(written) = writer.write(Some((act, Some(subject.person)))) {
            written.await?;
        }
        self.wake_workers();
        Ok(())
    }

    fn attempt_wait(&self, attempt: Arc<Attempt>) -> Result<Done, Stopped> {
        let mut gathered = Gathered::nothing();
        if attempt.parsed.gather.is_some() {
            if let Some(done) = self.before_files(&attempt).wait()? {
                return Ok(done);
            }
            gathered = attempt.gather()?;
        }
        let written = self.write(Arc::clone(&attempt), gathered).wait();
        written.or_else(|stopped| settled(self.look_again(attempt).wait(), stopped))
    }

    /// Carries out a command and undoes it: what would come of it. A denial leaves nothing either.
    pub(crate) fn rehearse(
        &self,
        tenant: Tenant,
        caller: Caller,
        envelope: Envelope,
    ) -> Result<(), Refusal> {
        let (attempt, _) = self.admit(tenant, caller, Via::Job, envelope)?;
        if attempt.parsed.gather.is_some() {
            let seen = self.before_files(&attempt).wait();
            seen.map_err(|stopped| stopped.refusal)?;
        }
        let gathered = attempt.gather()?;
        let rehearsed = self.store().write(move |connection| {
            let outcome = attempt.run(connection, &gathered);
            // Whatever came of it, the error undoes it.
            Err::<(), Undone>(Undone(
                outcome.map(|_| ()).map_err(|stopped| stopped.refusal),
            ))
        });
        match rehearsed.wait() {
            Ok(()) => Ok(()),
            Err(Undone(outcome)) => outcome,
        }
    }

    /// Looks at what needs no file: whether the command was carried out before, and whether this
    /// person may do such a thing anywhere.
    fn before_files(&self, attempt: &Arc<Attempt>) -> Pending<Result<Option<Done>, Stopped>> {
        let attempt = Arc::clone(attempt);
        self.store()
            .read(move |connection| attempt.before_files(connection))
    }

    /// Of two that send the same command at once, neither sees an answer before it begins where
    /// several write side by side; the slower is then refused for what the faster has just done:
    /// a key that is taken, a state that has moved on. It gets the first answer as well.
    fn look_again(&self, attempt: Arc<Attempt>) -> Pending<Result<Option<Done>, Stopped>> {
        self.store()
            .read(move |connection| Ok(attempt.settled(connection)?))
    }

    fn write(&self, attempt: Arc<Attempt>, gathered: Gathered) -> Pending<Result<Done, Stopped>> {
        self.store()
            .write(move |connection| attempt.run(connection, &gathered))
    }

    fn admit(
        &self,
        tenant: Tenant,
        caller: Caller,
        via: Via,
        envelope: Envelope,
    ) -> Result<(Arc<Attempt>, DenialWriter), Refusal> {
        if !envelope.id.0.is_version_7() {
            return Err(Finding::error("command-id").field("id").into());
        }
        let Some(spec) = self.command(&envelope.name) else {
            return Err(Refusal::not_found("command"));
        };
        let by_hand = matches!(
            caller,
            Caller::Account {
                authentication: Authentication::Vouched,
                ..
            }
        );
        if spec.reauthenticate && by_hand {
            return Err(Refusal::new(
                RefusalKind::Denied,
                Finding::error("access-cannot-reauthenticate").arg("action", spec.action.name()),
            ));
        }
        let parsed = (spec.parse)(envelope.body.clone())?;
        let attempt = Attempt {
            app: self.clone(),
            tenant,
            caller: caller.clone(),
            via,
            now: self.clock().now(),
            seed: self.entropy().draw(),
            spec: spec.name,
            action: spec.action,
            clear: spec.clear,
            envelope,
            parsed,
        };
        let denial = DenialWriter {
            app: self.clone(),
            tenant,
            caller,
            via,
            now: attempt.now,
            seed: self.entropy().draw(),
            name: spec.name.to_owned(),
        };
        Ok((Arc::new(attempt), denial))
    }

    /// What follows a commit inside the process: clocks and workers look again.
    fn committed(&self, name: &str, done: Done) -> Done {
        if !done.repeated {
            if let Some(spec) = self.command(name) {
                (spec.after_commit)(self, &done.answer);
            }
            self.wake_workers();
        }
        done
    }
}

impl Attempt {
    /// Reads the files that the command names. Blocks, and one at a time in the whole process.
    fn gather(&self) -> Result<Gathered, Refusal> {
        let Some(gather) = &self.parsed.gather else {
            return Ok(Gathered::nothing());
        };
        let _turn = ONE_READER.lock().unwrap_or_else(PoisonError::into_inner);
        gather(&self.app)
    }

    fn before_files(&self, connection: &mut dyn Connection) -> Result<Option<Done>, Stopped> {
        let (authority, actor) =
            authority(connection, &self.app, self.tenant, &self.caller, self.now)?;
        let body_hash = self.body_hash(&actor)?;
        if let Some(done) = self.done_before(connection, &actor, &body_hash)? {
            return Ok(Some(done));
        }
        let Authority::Person(subject) = &authority else {
            return Ok(None);
        };
        if let Err(reason) = subject.may_anywhere(self.action, self.now.day()) {
            return Err(self.denied(reason, subject.person));
        }
        for file in &self.parsed.files {
            let brought = upload::of(connection, self.tenant, subject.account, *file)?;
            if brought.is_none() {
                // The same as for a file that nobody brought: a hash tells nothing.
                return Err(Refusal::from(Finding::error("file-unknown").field("file")).into());
            }
        }
        Ok(None)
    }

    /// The answer already given to this command, whoever of its senders was faster.
    fn settled(&self, connection: &mut dyn Connection) -> Result<Option<Done>, Refusal> {
        let (_, actor) = authority(connection, &self.app, self.tenant, &self.caller, self.now)?;
        let body_hash = self.body_hash(&actor)?;
        self.done_before(connection, &actor, &body_hash)
    }

    fn denied(&self, reason: DenyReason, person: PersonId) -> Stopped {
        let act = DeniedAct {
            action: self.action,
            reason: reason.code(),
            place: None,
        };
        let denial = access::Denial {
            action: self.action,
            reason,
        };
        Stopped {
            refusal: Refusal::new(RefusalKind::Denied, denial.into()),
            denied: Some((act, Some(person))),
        }
    }

    fn run(&self, connection: &mut dyn Connection, gathered: &Gathered) -> Result<Done, Stopped> {
        let (authority, actor) =
            authority(connection, &self.app, self.tenant, &self.caller, self.now)?;
        let body_hash = self.body_hash(&actor)?;
        if let Some(done) = self.done_before(connection, &actor, &body_hash)? {
            return Ok(done);
        }
        let entry = Entry {
            tenant: self.tenant,
            authority: &authority,
            command: self.envelope.id,
            now: self.now,
            seen_revision: self.envelope.seen_revision,
            observed_at: self.envelope.observed_at,
            seed: self.seed,
            gathered,
        };
        let mut door = Door::open(connection, &self.app, &entry);
        let ran =
            (self.parsed.run)(&mut door).and_then(|answer| door.deliver_events().map(|()| answer));
        let answer = match ran {
            Ok(answer) => answer,
            Err(refusal) => {
                let person = door.person();
                let denied = door.denial.take().map(|denied| (denied, person));
                return Err(Stopped { refusal, denied });
            }
        };
        let Closed {
            rows,
            jobs,
            revealed,
        } = door.close();
        for (id, job) in jobs {
            let body = job.body.to_string();
            connection.execute(
                &INSERT_JOB,
                &values![self.tenant, id, job.due, job.kind, &body],
            )?;
        }
        let outcome = if revealed {
            Outcome::Revealed
        } else {
            Outcome::Accepted
        };
        leaf::write(
            connection,
            leaf::Written {
                tenant: self.tenant,
                command: self.envelope.id,
                name: self.spec,
                at: self.now,
                authority: &authority,
                via: self.via,
                outcome,
                body: &self.parsed.body,
                clear: self.clear,
                seed: crate::clock::derive(&self.seed, u64::MAX),
                rows,
            },
        )?;
        let text = answer.to_string();
        connection.execute(
            &INSERT_DONE,
            &values![
                self.tenant,
                self.envelope.id,
                self.now,
                &actor,
                body_hash,
                &text
            ],
        )?;
        Ok(Done {
            answer,
            repeated: false,
        })
    }

    /// Keyed, so that the table says nothing of short bodies to who reads a stolen file.
    fn body_hash(&self, actor: &[u8]) -> Result<[u8; 32], Refusal> {
        let key = self.app.keys().idempotency();
        let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(key).expect("HMAC takes any key");
        mac.update(self.spec.as_bytes());
        mac.update(&[0]);
        mac.update(actor);
        mac.update(&[u8::from(self.envelope.seen_revision.is_some())]);
        mac.update(
            &self
                .envelope
                .seen_revision
                .unwrap_or_default()
                .to_be_bytes(),
        );
        let body = journal::canonical::canonical_json(&self.parsed.body)
            .map_err(|_| Finding::error("command-body"))?;
        mac.update(&body);
        Ok(mac.finalize().into_bytes().into())
    }

    fn done_before(
        &self,
        connection: &mut dyn Connection,
        actor: &[u8],
        body_hash: &[u8; 32],
    ) -> Result<Option<Done>, Refusal> {
        let found = connection.optional(
            &SELECT_DONE,
            &values![self.tenant, self.envelope.id],
            |row| {
                let same = row.blob(0)? == actor && row.blob(1)? == body_hash;
                Ok((same, row.text(2)?.to_owned()))
            },
        )?;
        match found {
            None => Ok(None),
            Some((true, answer)) => {
                let answer = serde_json::from_str(&answer)
                    .map_err(|_| Refusal::bug("a kept answer is not JSON"))?;
                Ok(Some(Done {
                    answer,
                    repeated: true,
                }))
            }
            Some((false, _)) => Err(Refusal::new(
                RefusalKind::Conflict,
                Finding::error("command-id-taken"),
            )),
        }
    }
}

/// Grants are read inside the transaction, so that a change of grants holds from the next command.
fn authority(
    connection: &mut dyn Connection,
    app: &App,
    tenant: Tenant,
    caller: &Caller,
    now: Instant,
) -> Result<(Authority, Vec<u8>), Refusal> {
    match caller {
        Caller::Rule(name) => Ok((Authority::Rule(name), name.as_bytes().to_vec())),
        Caller::Account {
            account,
            authentication,
            on_behalf_of,
        } => {
            let subject = app.subject(connection, tenant, *account, *authentication, now)?;
            let Some(mut subject) = subject else {
                let finding = Finding::error("account-closed");
                return Err(Refusal::new(RefusalKind::Denied, finding));
            };
            subject.on_behalf_of = *on_behalf_of;
            Ok((Authority::Person(subject), account.0.as_bytes().to_vec()))
        }
    }
}

/// Writes a denial's leaf and row, in a transaction of its own.
struct DenialWriter {
    app: App,
    tenant: Tenant,
    caller: Caller,
    via: Via,
    now: Instant,
    seed: [u8; 32],
    /// Of the command, or of the page.
    name: String,
}

impl DenialWriter {
    fn write(
        self,
        denied: Option<(DeniedAct, Option<PersonId>)>,
    ) -> Option<Pending<Result<(), Refusal>>> {
        let (act, person) = denied?;
        let store = self.app.store().clone();
        Some(store.write(move |connection| self.run(connection, &act, person)))
    }

    /// The denied command's own id stays free: the same command may be allowed later.
    fn run(
        &self,
        connection: &mut dyn Connection,
        act: &DeniedAct,
        person: Option<PersonId>,
    ) -> Result<(), Refusal> {
        let mut random = [0; 10];
        random.copy_from_slice(&crate::clock::derive(&self.seed, 1)[..10]);
        let id = CommandId(kernel::Id::new(self.now.0, random));
        let row = values![
            self.tenant,
            id,
            self.now,
            person,
            &self.name,
            act.action.name(),
            act.reason,
            act.place
        ];
        connection.execute(&DENIAL.insert, &row)?;
        let (authority, _) = authority(connection, &self.app, self.tenant, &self.caller, self.now)?;
        leaf::write(
            connection,
            leaf::Written {
                tenant: self.tenant,
                command: id,
                name: &self.name,
                at: self.now,
                authority: &authority,
                via: self.via,
                outcome: Outcome::Denied,
                body: &Json::Object(serde_json::Map::new()),
                clear: &[],
                seed: crate::clock::derive(&self.seed, 2),
                rows: leaf::Rows::of(&DENIAL, &row),
            },
        )
    }
}
