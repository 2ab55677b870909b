//! The checks, by id. Each keeps one sentence of docs/acceptance.md.

mod backup;
mod county;
pub mod door;
pub mod first;
pub mod journal;
pub mod operations;
pub mod pages;
mod personal;
pub mod score;
pub mod survey;

use super::Saw;
use super::world::World;

/// One check.
pub struct Check {
    /// Its id, `demo.starts`.
    pub id: &'static str,
    /// Whether it is left out of the fast run.
    pub slow: bool,
    /// Looks, and says what it saw.
    pub run: fn(&mut World) -> Saw,
}

const fn quick(id: &'static str, run: fn(&mut World) -> Saw) -> Check {
    Check {
        id,
        slow: false,
        run,
    }
}

const fn slow(id: &'static str, run: fn(&mut World) -> Saw) -> Check {
    Check {
        id,
        slow: true,
        run,
    }
}

/// Every check.
pub const ALL: &[Check] = &[
    quick("demo.starts", first::starts),
    quick("demo.tells", first::tells),
    quick("demo.progress", first::progress),
    quick("demo.story", first::story),
    quick("demo.roles", first::roles),
    quick("demo.county", county::whole),
    quick("demo.same", pages::same),
    quick("demo.clock", first::clock),
    quick("setup.tokens", first::tokens),
    quick("setup.claims", first::claims),
    quick("sign_in.two_steps", first::second_factor),
    quick("readme.commands", first::readme),
    quick("import.places", first::import_places),
    quick("import.roster", first::import_roster),
    quick("lock.refuses", operations::lock),
    quick("lock.readers", operations::readers),
    quick("health.answers", operations::health),
    quick("stop.graceful", operations::graceful),
    quick("listen.loopback", operations::loopback),
    quick("config.environment", operations::configuration),
    quick("log.redacted", operations::log),
    quick("door.repeats", door::repeats),
    quick("door.conflicts", door::conflicts),
    quick("door.denies", door::denies),
    quick("door.anonymous", door::anonymous),
    quick("rank.seen", door::ranks_seen),
    quick("rate.limited", door::rate),
    quick("backup.restores", backup::restores),
    quick("personal.sealed", personal::sealed),
    quick("journal.verifies", journal::verifies),
    quick("journal.kept", journal::kept),
    quick("journal.against", journal::against),
    quick("journal.derived", journal::derived),
    quick("headers.strict", pages::headers),
    quick("pages.sound", pages::sound),
    slow("axe.phone", pages::axe_phone),
    slow("axe.office", pages::axe_office),
    slow("console.clean", pages::console),
    slow("narrow.fits", pages::narrow),
    slow("english.clean", pages::english),
    quick("score.published", score::published),
    quick("score.shape", score::shape),
    quick("score.refuses", score::refuses),
    quick("pack.later", score::later),
];

/// The check of an id.
pub fn find(id: &str) -> Option<&'static Check> {
    ALL.iter().find(|check| check.id == id)
}
