//! The command door, seen from inside: what a command may see and do while it runs.

use std::collections::VecDeque;

use access::{Action, Decision, Involved, Resource, Subject};
use kernel::{CommandId, Day, Finding, Id, Instant, PersonId, PlaceId, Tenant};
use serde_json::Value as Json;
use store::{Connection, Record, StoreError, Value};

use crate::{
    App, Event, Gathered, GuardQuestion, NewJob, Ref, Refusal, RefusalKind, clock::derive,
    event::DEPTH_MAX, leaf::Rows,
};

/// On whose authority a command runs.
#[derive(Clone, Debug, PartialEq)]
pub enum Authority {
    /// A person with grants; every act is decided.
    Person(Subject),
    /// A rule of the product: setup, a job, the making of the demonstration. Decides nothing,
    /// because whoever caused it was decided before; its name stands in the journal.
    Rule(&'static str),
}

/// What a running command holds: one transaction, with everything that goes in by this door.
pub struct Door<'a> {
    connection: &'a mut dyn Connection,
    app: &'a App,
    tenant: Tenant,
    authority: &'a Authority,
    command: CommandId,
    now: Instant,
    seen_revision: Option<i64>,
    observed_at: Option<Instant>,
    seed: [u8; 32],
    gathered: &'a Gathered,
    drawn: u64,
    depth: usize,
    pub(crate) denial: Option<DeniedAct>,
    rows: Rows,
    events: VecDeque<Event>,
    jobs: Vec<(Id, NewJob)>,
    revealed: bool,
}

/// What a command leaves behind when it ran through: digests, jobs, and whether it showed sealed
/// personal data.
pub(crate) struct Closed {
    pub rows: Rows,
    pub jobs: Vec<(Id, NewJob)>,
    pub revealed: bool,
}

/// A denial as it will be written: the act and the place, for those who may see denials.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeniedAct {
    /// What was refused.
    pub action: Action,
    /// The code of the reason.
    pub reason: &'static str,
    /// Where; none for what belongs to the tenant as a whole.
    pub place: Option<PlaceId>,
}

/// What the door needs to know of one command before it opens.
pub(crate) struct Entry<'a> {
    pub tenant: Tenant,
    pub authority: &'a Authority,
    pub command: CommandId,
    pub now: Instant,
    pub seen_revision: Option<i64>,
    pub observed_at: Option<Instant>,
    pub seed: [u8; 32],
    pub gathered: &'a Gathered,
}

impl<'a> Door<'a> {
    pub(crate) fn open(
        connection: &'a mut dyn Connection,
        app: &'a App,
        entry: &Entry<'a>,
    ) -> Door<'a> {
        Door {
            connection,
            app,
            tenant: entry.tenant,
            authority: entry.authority,
            command: entry.command,
            now: entry.now,
            seen_revision: entry.seen_revision,
            observed_at: entry.observed_at,
            seed: entry.seed,
            gathered: entry.gathered,
            drawn: 0,
            depth: 0,
            denial: None,
            rows: Rows::default(),
            events: VecDeque::new(),
            jobs: Vec::new(),
            revealed: false,
        }
    }

    /// The tenant that the session belongs to: the only one this command can touch.
    pub fn tenant(&self) -> Tenant {
        self.tenant
    }

    /// The instant of acceptance, set by the server.
    pub fn now(&self) -> Instant {
        self.now
    }

    /// The day of acceptance in China.
    pub fn today(&self) -> Day {
        self.now.day()
    }

    /// The command's id: what every record row names as its origin.
    pub fn command(&self) -> CommandId {
        self.command
    }

    /// The acting person; a rule of the product has none.
    pub fn person(&self) -> Option<PersonId> {
        match self.authority {
            Authority::Person(subject) => Some(subject.person),
            Authority::Rule(_) => None,
        }
    }

    /// The acting person, or the refusal of an act that only a person may do.
    pub fn acting_person(&self) -> Result<PersonId, Refusal> {
        self.person()
            .ok_or_else(|| Finding::error("needs-a-person").into())
    }

    /// For whom the acting person acts, where for another.
    pub fn on_behalf_of(&self) -> Option<PersonId> {
        match self.authority {
            Authority::Person(subject) => subject.on_behalf_of,
            Authority::Rule(_) => None,
        }
    }

    /// On whose authority the command runs.
    pub fn authority(&self) -> &Authority {
        self.authority
    }

    /// The revision that the person saw, for compare-and-set.
    pub fn seen_revision(&self) -> Option<i64> {
        self.seen_revision
    }

    /// When the person says that it happened: evidence only.
    pub fn observed_at(&self) -> Option<Instant> {
        self.observed_at
    }

    /// A fresh id; the same one if the transaction runs again.
    pub fn next_id(&mut self) -> Id {
        let mut random = [0; 10];
        random.copy_from_slice(&self.draw()[..10]);
        Id::new(self.now.0, random)
    }

    /// Fresh random bytes (a salt, a nonce); the same ones if the transaction runs again.
    pub fn draw(&mut self) -> [u8; 32] {
        self.drawn += 1;
        derive(&self.seed, self.drawn)
    }

    /// The transaction, for reading and for derived and working tables.
    pub fn connection(&mut self) -> &mut dyn Connection {
        self.connection
    }

    /// The vault of the tenant.
    pub fn unlock_vault(&mut self) -> Result<vault::TenantVault, Refusal> {
        let unlocked = self.app.vault().unlock(self.connection, self.tenant);
        unlocked.map_err(|error| match error {
            vault::VaultError::Store(error) => error.into(),
            other => Refusal::bug(&other.to_string()),
        })
    }

    /// The program: its features, files and packs.
    pub fn app(&self) -> &'a App {
        self.app
    }

    /// What the command's [`crate::Command::gather`] read from files. The type must be the one
    /// that it gave.
    pub fn gathered<T: std::any::Any>(&self) -> &'a T {
        self.gathered
            .get()
            .expect("a command asks for what its own gather gave")
    }

    /// What was given beside the command ([`App::execute_beside`]), where that is of this type.
    pub fn beside<T: std::any::Any>(&self) -> Option<&'a T> {
        self.gathered.get()
    }

    /// Whether the action is allowed on the resource; a denial refuses the command and leaves a
    /// leaf and a row.
    pub fn decide(&mut self, action: Action, resource: &Resource<'_>) -> Result<(), Refusal> {
        let Authority::Person(subject) = self.authority else {
            return Ok(());
        };
        let denial = match access::decide(subject, action, resource, self.now.day()) {
            Decision::Allow(_) => return Ok(()),
            Decision::Deny(denial) => denial,
        };
        self.denial = Some(DeniedAct {
            action,
            reason: denial.reason.code(),
            place: resource.ancestors.first().copied(),
        });
        let kind = match denial.reason {
            reason if reason.hides_existence() => RefusalKind::NotFound,
            access::DenyReason::Reauthenticate => RefusalKind::Reauthenticate,
            _ => RefusalKind::Denied,
        };
        Err(Refusal::new(kind, denial.into()))
    }

    /// [`Door::decide`] for a thing at a place: loads what stands above the place.
    pub fn decide_at(
        &mut self,
        action: Action,
        place: PlaceId,
        history: &[Involved],
    ) -> Result<(), Refusal> {
        let ancestors = directory::place::ancestors(self.connection, self.tenant, place)?;
        if ancestors.is_empty() {
            return Err(Refusal::not_found("place"));
        }
        let resource = Resource::at(self.tenant, &ancestors).history(history);
        self.decide(action, &resource)
    }

    /// [`Door::decide`] for what belongs to the tenant as a whole.
    pub fn decide_tenant(&mut self, action: Action) -> Result<(), Refusal> {
        self.decide(action, &Resource::tenant(self.tenant))
    }

    /// Appends a row to the record; its digest goes into the journal's leaf.
    pub fn append(&mut self, record: &Record, values: &[Value<'_>]) -> Result<(), Refusal> {
        self.connection.execute(&record.insert, values)?;
        self.rows.add(record, values);
        Ok(())
    }

    /// Appends many rows to one table of the record.
    pub fn append_many(&mut self, record: &Record, rows: &[Vec<Value<'_>>]) -> Result<(), Refusal> {
        self.connection.execute_many(&record.insert, rows)?;
        for values in rows {
            self.rows.add(record, values);
        }
        Ok(())
    }

    /// Tells other features; they react before this transaction ends.
    pub fn emit(&mut self, event: Event) {
        self.events.push_back(event);
    }

    /// Enqueues work for after the commit.
    pub fn enqueue(&mut self, job: NewJob) {
        let id = self.next_id();
        self.jobs.push((id, job));
    }

    /// Says that this command shows sealed personal data to the acting person: its leaf names it
    /// so. The row that the owner of the data may see is the command's own to write.
    pub fn mark_revealed(&mut self) {
        self.revealed = true;
    }

    pub(crate) fn close(self) -> Closed {
        Closed {
            rows: self.rows,
            jobs: self.jobs,
            revealed: self.revealed,
        }
    }

    /// Asks every guard of other features; their objections refuse the command.
    pub fn ask_guards(&mut self, question: &GuardQuestion) -> Result<(), Refusal> {
        let objections = self
            .app
            .objections(self.connection, self.tenant, question)?;
        if objections.iter().any(Finding::blocks) {
            return Err(Refusal::invalid(objections));
        }
        Ok(())
    }

    /// Carries out an effect that a pack names.
    pub fn cause(&mut self, effect: &str, arguments: &Json) -> Result<(), Refusal> {
        let Some(effect) = self.app.effect(effect) else {
            return Err(Finding::error("effect-unknown").arg("found", effect).into());
        };
        (effect.run)(self, arguments)
    }

    /// Title and link of another feature's record.
    pub fn look_up(&mut self, reference: &Ref) -> Result<Option<crate::RefView>, StoreError> {
        let Some(spec) = self.app.ref_spec(&reference.kind) else {
            return Ok(None);
        };
        (spec.resolve)(self.connection, self.tenant, reference.id)
    }

    /// Delivers the events of this command, in order, down to the third generation. Handlers act
    /// by rule: what they write bears no person, and nothing is decided by whose command it was.
    pub(crate) fn deliver_events(&mut self) -> Result<(), Refusal> {
        let authority = std::mem::replace(&mut self.authority, &Authority::Rule("event"));
        let delivered = self.deliver();
        self.authority = authority;
        delivered
    }

    fn deliver(&mut self) -> Result<(), Refusal> {
        while !self.events.is_empty() {
            self.depth += 1;
            if self.depth > DEPTH_MAX {
                return Err(Refusal::bug("events caused events more than three deep"));
            }
            for event in std::mem::take(&mut self.events) {
                let handlers: Vec<_> = self.app.handlers(event.kind).collect();
                for handler in handlers {
                    (handler.run)(self, &event)?;
                }
            }
        }
        Ok(())
    }
}

/// Lets the crates below the door write through it.
impl directory::Recorder for Door<'_> {
    fn tenant(&self) -> Tenant {
        self.tenant
    }

    fn command(&self) -> CommandId {
        self.command
    }

    fn now(&self) -> Instant {
        self.now
    }

    fn connection(&mut self) -> &mut dyn Connection {
        self.connection
    }

    fn append(
        &mut self,
        record: &'static Record,
        rows: &[Vec<Value<'_>>],
    ) -> Result<(), StoreError> {
        self.connection.execute_many(&record.insert, rows)?;
        for values in rows {
            self.rows.add(record, values);
        }
        Ok(())
    }
}
