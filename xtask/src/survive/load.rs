//! Load: writers that send commands over HTTP, what they were told, and whether it is true.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use serde_json::{Value as Json, json};

use super::Failed;
use crate::accept::checks::door::adding;
use crate::accept::world::{Engine, World};
use crate::server::Server;
use walk::{Answer, Visitor, ensure, fresh_id};

/// Writers of a full load.
pub const WRITERS: usize = 16;
/// The command that they send: it can be repeated at will, and each leaves one appointment.
pub const COMMAND: &str = "person.add";
/// How long to wait until the wanted number was accepted.
const PATIENCE: Duration = Duration::from_mins(2);
/// A load comes from one account, which otherwise is told to slow down.
pub const NO_LIMIT: (&str, &str) = ("XINGCUN_REQUESTS_PER_MINUTE", "0");

/// Writers at work.
pub struct Load {
    writers: Vec<JoinHandle<Sent>>,
    over: Arc<AtomicBool>,
    accepted: Arc<AtomicUsize>,
}

/// What a writer does when it gets no answer.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Unanswered {
    /// It goes home: the server was killed.
    Ends,
    /// It tries the next one a little later.
    GoesOn,
}

/// What became of the commands.
#[derive(Default)]
pub struct Sent {
    /// The server said yes.
    pub accepted: Vec<String>,
    /// The server said no.
    pub refused: Vec<Refused>,
    /// No answer came, or one that says that nobody knows.
    pub unknown: Vec<String>,
    /// How long each yes took.
    pub took: Vec<Duration>,
}

/// A command that was refused.
pub struct Refused {
    pub id: String,
    pub status: u16,
    pub retry_after: String,
    pub body: String,
}

/// Starts the demonstration in a folder, or a new one, without the limit of one account.
pub fn start(world: &mut World, folder: &str) -> Result<Server, Failed> {
    world.start_demo_with(folder, &[NO_LIMIT])
}

/// A clerk of the county, signed in, and the body of her command.
pub fn clerk(server: &Server) -> Result<(Visitor, Json), Failed> {
    let mut clerk = Visitor::new(&server.base);
    clerk.sign_in_as("李静")?;
    let body = adding(&mut clerk, "压测")?;
    Ok((clerk, body))
}

impl Load {
    /// Sets writers to work, each on a connection of its own.
    pub fn start(clerk: &Visitor, body: &Json, writers: usize, unanswered: Unanswered) -> Load {
        let over = Arc::new(AtomicBool::new(false));
        let accepted = Arc::new(AtomicUsize::new(0));
        let write = |_| {
            let (visitor, body) = (clerk.beside(), body.clone());
            let (over, accepted) = (Arc::clone(&over), Arc::clone(&accepted));
            let work = move || writer(&visitor, &body, unanswered, &over, &accepted);
            let thread = std::thread::Builder::new().stack_size(512 << 10);
            thread
                .spawn(work)
                .expect("the machine has room for a thread")
        };
        Load {
            writers: (0..writers).map(write).collect(),
            over,
            accepted,
        }
    }

    /// Commands accepted so far.
    pub fn accepted(&self) -> usize {
        self.accepted.load(Ordering::SeqCst)
    }

    /// Waits until so many were accepted.
    pub fn wait_for(&self, wanted: usize) -> Result<(), Failed> {
        let begun = Instant::now();
        while self.accepted() < wanted {
            ensure!(
                begun.elapsed() < PATIENCE,
                "{} of {wanted} accepted in {} s",
                self.accepted(),
                PATIENCE.as_secs()
            );
            std::thread::sleep(Duration::from_millis(1));
        }
        Ok(())
    }

    /// Lets the writers finish what they sent, and gathers what they were told.
    pub fn end(self) -> Result<Sent, Failed> {
        self.over.store(true, Ordering::SeqCst);
        let mut sent = Sent::default();
        for writer in self.writers {
            sent.add(writer.join().map_err(|_| "a writer broke")?);
        }
        Ok(sent)
    }
}

fn writer(
    visitor: &Visitor,
    body: &Json,
    unanswered: Unanswered,
    over: &AtomicBool,
    accepted: &AtomicUsize,
) -> Sent {
    let mut sent = Sent::default();
    while !over.load(Ordering::SeqCst) {
        let id = fresh_id();
        let begun = Instant::now();
        if let Ok(answer) = visitor.command(COMMAND, &id, body) {
            if answer.status == 200 {
                sent.took.push(begun.elapsed());
                accepted.fetch_add(1, Ordering::SeqCst);
            }
            sent.told(id, answer);
        } else {
            sent.unknown.push(id);
            if unanswered == Unanswered::Ends {
                break;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }
    sent
}

/// Several writers send so many commands each, all at once: they share commits.
pub fn together(clerk: &Visitor, body: &Json, each: usize) -> Result<Sent, Failed> {
    let writer = || -> Result<Sent, String> {
        let (visitor, mut sent) = (clerk.beside(), Sent::default());
        for _ in 0..each {
            let id = fresh_id();
            let answer = visitor.command(COMMAND, &id, body);
            sent.told(id, answer.map_err(|error| error.to_string())?);
        }
        Ok(sent)
    };
    std::thread::scope(|scope| {
        let writers: Vec<_> = (0..WRITERS).map(|_| scope.spawn(writer)).collect();
        let mut sent = Sent::default();
        for writer in writers {
            sent.add(writer.join().map_err(|_| "a writer broke")??);
        }
        Ok(sent)
    })
}

impl Sent {
    /// Notes what a writer was told.
    fn told(&mut self, id: String, answer: Answer) {
        match answer.status {
            200 => self.accepted.push(id),
            _ if answer.body.contains("store-outcome-unknown") => self.unknown.push(id),
            status => self.refused.push(Refused {
                id,
                status,
                retry_after: answer.header("retry-after").to_owned(),
                body: answer.body,
            }),
        }
    }

    /// Takes in what others were told.
    pub fn add(&mut self, mut other: Sent) {
        self.accepted.append(&mut other.accepted);
        self.refused.append(&mut other.refused);
        self.unknown.append(&mut other.unknown);
        self.took.append(&mut other.took);
    }

    /// The time within which so many of a thousand got their yes.
    pub fn within(&self, of_thousand: usize) -> Duration {
        let mut sorted = self.took.clone();
        sorted.sort_unstable();
        let at = (sorted.len() * of_thousand / 1000).min(sorted.len().saturating_sub(1));
        sorted.get(at).copied().unwrap_or_default()
    }

    /// Fails unless every refusal has this status and a text that a person understands.
    pub fn refused_cleanly(&self, status: u16) -> Result<(), Failed> {
        for refused in &self.refused {
            let told = refused.body.chars().any(|c| ('一'..='龥').contains(&c));
            ensure!(
                refused.status == status && told,
                "a refusal of {} with {}: {}",
                refused.status,
                refused.retry_after,
                refused.body.chars().take(300).collect::<String>()
            );
        }
        Ok(())
    }
}

/// How often a command stands in each of the books.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Entry {
    answers: u32,
    leaves: u32,
    effects: u32,
}

const ONCE: Entry = Entry {
    answers: 1,
    leaves: 1,
    effects: 1,
};

/// Looks in the database, past the program: each command that was said yes to is there exactly once
/// (its answer, its leaf, its appointment), each that nobody knows of once or not at all, each that
/// was refused not at all. Says how many are there.
pub fn hold(world: &World, folder: &str, sent: &Sent) -> Result<usize, Failed> {
    let books = books(world, folder)?;
    let entry = |id: &String| books.get(&id.replace('-', "")).copied().unwrap_or_default();
    let none = Entry::default();
    let mut there = 0;
    for id in &sent.accepted {
        let found = entry(id);
        ensure!(
            found == ONCE,
            "it had said yes to {id}, and there is {found:?}"
        );
        there += 1;
    }
    for id in &sent.unknown {
        let found = entry(id);
        ensure!(
            found == ONCE || found == none,
            "of {id}, without an answer, there is {found:?}"
        );
        there += usize::from(found == ONCE);
    }
    for refused in &sent.refused {
        let (id, found) = (&refused.id, entry(&refused.id));
        let said: String = refused.body.chars().take(300).collect();
        ensure!(
            found == none,
            "it had refused {id} with {} {said}, and there is {found:?}",
            refused.status
        );
    }
    Ok(there)
}

fn books(world: &World, folder: &str) -> Result<HashMap<String, Entry>, Failed> {
    let hex = match world.engine {
        Engine::Sqlite => "lower(hex(command))",
        Engine::Postgres => "encode(command, 'hex')",
    };
    let mut books: HashMap<String, Entry> = HashMap::new();
    let mut read = |table: &str, note: fn(&mut Entry) -> &mut u32| -> Result<(), Failed> {
        for row in world.rows(folder, &format!("SELECT {hex} FROM {table}"))? {
            *note(books.entry(row).or_default()) += 1;
        }
        Ok(())
    };
    read("command_done", |entry| &mut entry.answers)?;
    read("journal_leaf", |entry| &mut entry.leaves)?;
    read("appointment_version", |entry| &mut entry.effects)?;
    Ok(books)
}

/// Asks the program itself for some of the commands again: it gives the first answer, and does
/// nothing.
pub fn repeated(clerk: &Visitor, body: &Json, accepted: &[String]) -> Result<(), Failed> {
    for id in accepted.iter().rev().take(WRITERS) {
        let answer = clerk.command(COMMAND, id, body)?;
        ensure!(
            answer.json()["repeated"] == json!(true),
            "it had said yes to {id}, and now: {}",
            answer.body
        );
    }
    Ok(())
}

/// The journal against the database, by the program's own verifier.
pub fn verify(world: &World, folder: &str) -> Result<(), Failed> {
    let dir = world.path(folder).display().to_string();
    world
        .run(&["journal", "verify", "--against", &dir])?
        .ended(0)?;
    Ok(())
}

/// A number below a limit, different each time.
pub fn random_below(limit: u64) -> u64 {
    use std::hash::{BuildHasher, RandomState};
    RandomState::new().hash_one(fresh_id()) % limit
}
