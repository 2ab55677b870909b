//! Commands: the only way in which the record changes.

use std::{any::Any, sync::Arc};

use access::Action;
use kernel::{CommandId, Finding, Instant};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value as Json;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{RefOr, Schema},
};

use crate::{App, Door, FileHash, Refusal};

/// One thing that a person does, as typed input with its effect.
///
/// Give the struct `#[serde(deny_unknown_fields)]`: a field nobody reads must not look accepted.
pub trait Command: Serialize + DeserializeOwned + ToSchema + Send + Sync + 'static {
    /// Unique dotted name, `round.declare`: the path of the API and the word in the journal.
    const NAME: &'static str;
    /// The action that it needs, for the permission matrix and the menu; `run` decides with the
    /// thing at hand.
    const ACTION: Action;
    /// JSON paths left readable in the journal's leaf, `items.*.item`; every other scalar of the
    /// body becomes a salted commitment.
    const CLEAR: &'static [&'static str];
    /// Whether the password must have been given within the last ten minutes. Such a command is
    /// refused on the command line.
    const REAUTHENTICATE: bool = false;
    /// Whether [`Command::gather`] reads files. Before it does, the door looks whether the command
    /// was carried out already and whether the person may do such a thing anywhere: nobody else
    /// has the server read files for her.
    const READS_FILES: bool = false;
    /// What the person is told; kept, so that the same command again gets the same answer.
    type Answer: Serialize + DeserializeOwned + ToSchema;

    /// Stored files that the command reads, by their hash: the sending account must have brought
    /// each of them itself. That is looked at before [`Command::gather`] reads any, so that a hash
    /// read elsewhere opens nothing. What is no hash is left for `gather` to say.
    fn files(&self) -> Vec<&str> {
        Vec::new()
    }

    /// Reads what the command needs from files, before its transaction and on a thread that may
    /// wait, one file at a time: [`Door::gathered`] gives it back inside. Called only where
    /// [`Command::READS_FILES`]. Writes nothing and decides nothing.
    fn gather(&self, app: &App) -> Result<Gathered, Refusal> {
        let _ = app;
        Ok(Gathered::nothing())
    }

    /// Decides, checks and writes, all through the door. May run again: nothing but the door's
    /// connection may change.
    fn run(&self, door: &mut Door<'_>) -> Result<Self::Answer, Refusal>;

    /// What follows inside this process once the command is on disk (a clock that was moved).
    /// Nothing of the record: after a crash it does not happen.
    fn after_commit(app: &App, answer: &Self::Answer) {
        let _ = (app, answer);
    }
}

/// What a command read from files before its transaction.
pub struct Gathered(Box<dyn Any + Send + Sync>);

impl Gathered {
    /// For commands that need no files.
    pub fn nothing() -> Gathered {
        Gathered(Box::new(()))
    }

    /// Something that `run` will ask for by its type.
    pub fn some<T: Any + Send + Sync>(value: T) -> Gathered {
        Gathered(Box::new(value))
    }

    pub(crate) fn get<T: Any>(&self) -> Option<&T> {
        self.0.downcast_ref()
    }
}

/// A command on its way to the door.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Envelope {
    /// UUID version 7 made by the client: the same id again is the same command.
    pub id: CommandId,
    /// The command's name.
    #[serde(default)]
    pub name: String,
    /// Its body.
    pub body: Json,
    /// The revision of the thing that the person saw, where the command changes one.
    #[serde(default)]
    pub seen_revision: Option<i64>,
    /// When the person says that it happened: evidence, never the order of things.
    #[serde(default)]
    pub observed_at: Option<Instant>,
}

/// Prints which command it is and nothing of its body: that may hold numbers of people.
impl std::fmt::Debug for Envelope {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Envelope")
            .field("id", &self.id)
            .field("name", &self.name)
            .field("seen_revision", &self.seen_revision)
            .finish_non_exhaustive()
    }
}

impl Envelope {
    /// The envelope of a typed command.
    pub fn of<C: Command>(id: CommandId, command: &C) -> Envelope {
        Envelope {
            id,
            name: C::NAME.to_owned(),
            body: serde_json::to_value(command).expect("a command serialises to JSON"),
            seen_revision: None,
            observed_at: None,
        }
    }

    /// The same envelope, for a thing seen at a revision.
    #[must_use]
    pub fn seen(mut self, revision: i64) -> Envelope {
        self.seen_revision = Some(revision);
        self
    }
}

/// [`Command::gather`] of a typed command with its type forgotten.
pub(crate) type GatherCommand = Box<dyn Fn(&App) -> Result<Gathered, Refusal> + Send + Sync>;

/// A typed command with its type forgotten.
pub(crate) type RunCommand = Box<dyn Fn(&mut Door<'_>) -> Result<Json, Refusal> + Send + Sync>;

/// A command read from its body and ready to run.
pub(crate) struct Parsed {
    /// The body again, in the command's own order of fields: what the idempotency digest and the
    /// journal's leaf are made of.
    pub body: Json,
    /// The typed command behind a closure.
    pub run: RunCommand,
    /// The files that the sender must have brought.
    pub files: Vec<FileHash>,
    /// Reads its files; none for a command that reads none.
    pub gather: Option<GatherCommand>,
}

/// A command as its feature registers it.
#[derive(Clone, Copy)]
pub struct CommandSpec {
    /// [`Command::NAME`].
    pub name: &'static str,
    /// [`Command::ACTION`].
    pub action: Action,
    /// [`Command::CLEAR`].
    pub clear: &'static [&'static str],
    /// [`Command::REAUTHENTICATE`].
    pub reauthenticate: bool,
    /// [`Command::READS_FILES`].
    pub reads_files: bool,
    /// Schema of the body and of the answer, and the schemas that they name.
    pub schema: fn() -> CommandSchema,
    pub(crate) after_commit: fn(&App, &Json),
    pub(crate) parse: fn(Json) -> Result<Parsed, Refusal>,
}

/// OpenAPI schemas of a command.
pub struct CommandSchema {
    /// Of the body.
    pub body: RefOr<Schema>,
    /// Of the answer.
    pub answer: RefOr<Schema>,
    /// Of the types that they name.
    pub named: Vec<(String, RefOr<Schema>)>,
}

impl CommandSpec {
    /// The registration of a command.
    pub fn of<C: Command>() -> CommandSpec {
        CommandSpec {
            name: C::NAME,
            action: C::ACTION,
            clear: C::CLEAR,
            reauthenticate: C::REAUTHENTICATE,
            reads_files: C::READS_FILES,
            schema: schema::<C>,
            after_commit: after_commit::<C>,
            parse: parse::<C>,
        }
    }
}

fn schema<C: Command>() -> CommandSchema {
    let mut named = Vec::new();
    <C as ToSchema>::schemas(&mut named);
    <C::Answer as ToSchema>::schemas(&mut named);
    CommandSchema {
        body: <C as PartialSchema>::schema(),
        answer: <C::Answer as PartialSchema>::schema(),
        named,
    }
}

fn after_commit<C: Command>(app: &App, answer: &Json) {
    match serde_json::from_value(answer.clone()) {
        Ok(answer) => C::after_commit(app, &answer),
        Err(error) => tracing::error!(%error, command = C::NAME, "an answer does not read back"),
    }
}

/// What is wrong with a body, by what the reader says of it in English; the words for people are
/// the finding's.
fn unreadable(path: String, said: &str) -> Finding {
    let named = |what: &str| said.strip_prefix(what)?.split('`').next();
    let below = |name: &str| match path.as_str() {
        "" => name.to_owned(),
        path => format!("{path}.{name}"),
    };
    if let Some(name) = named("missing field `") {
        return Finding::error("body-missing").field(below(name));
    }
    if let Some(name) = named("unknown field `") {
        let name = name.to_owned();
        return Finding::error("body-unknown")
            .field(path)
            .arg("found", name);
    }
    if let Some(word) = named("unknown variant `") {
        let word = word.to_owned();
        return Finding::error("body-word").field(path).arg("found", word);
    }
    Finding::error("command-body").field(path)
}

fn parse<C: Command>(body: Json) -> Result<Parsed, Refusal> {
    let command: C = serde_path_to_error::deserialize(body).map_err(|error| {
        let path = error.path().to_string();
        let path = if path == "." { String::new() } else { path };
        unreadable(path, &error.inner().to_string())
    })?;
    let body = serde_json::to_value(&command).expect("a command serialises to JSON");
    let command = Arc::new(command);
    let files = command.files().into_iter();
    let files = files.filter_map(|hash| hash.parse().ok()).collect();
    let gather = C::READS_FILES.then(|| {
        let command = Arc::clone(&command);
        Box::new(move |app: &App| command.gather(app)) as GatherCommand
    });
    let run = move |door: &mut Door<'_>| {
        let answer = command.run(door)?;
        Ok(serde_json::to_value(answer).expect("an answer serialises to JSON"))
    };
    Ok(Parsed {
        body,
        run: Box::new(run),
        files,
        gather,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Envelope;

    #[test]
    fn a_body_that_does_not_fit_is_told_without_the_readers_english() {
        for (path, said, code, place) in [
            (
                "items[0]",
                "missing field `item`",
                "body-missing",
                "items[0].item",
            ),
            ("", "missing field `round`", "body-missing", "round"),
            (
                "",
                "unknown field `x`, expected one of `a`, `b`",
                "body-unknown",
                "",
            ),
            (
                "answer",
                "unknown variant `maybe`, expected `uphold`",
                "body-word",
                "answer",
            ),
            (
                "text",
                "invalid type: integer `5`, expected a string",
                "command-body",
                "text",
            ),
        ] {
            let finding = super::unreadable(path.to_owned(), said);
            assert_eq!(finding.code, code, "{said}");
            assert_eq!(finding.place.to_string(), place, "{said}");
            let told = format!("{:?}", finding.args);
            assert!(
                !told.contains("expected") && !told.contains("type"),
                "{told}"
            );
        }
    }

    #[test]
    fn what_is_printed_of_a_command_holds_nothing_of_its_body() {
        let envelope = Envelope {
            id: kernel::CommandId::default(),
            name: "person.set_contact".to_owned(),
            body: json!({"id_number": "11010519491231002X", "phone": "13800138000"}),
            seen_revision: Some(3),
            observed_at: None,
        };
        let printed = format!("{envelope:?} {envelope:#?}");
        assert!(printed.contains("person.set_contact"), "{printed}");
        for value in ["11010519491231002X", "13800138000", "id_number"] {
            assert!(!printed.contains(value), "{printed}");
        }
    }
}
