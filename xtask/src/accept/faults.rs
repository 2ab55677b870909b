//! Core checks prove themselves: a fault is planted in the product's answers or in its data, never
//! in the checker, and the same check that is green without it must see it.

use super::checks;
use super::checks::journal::{export, verify};
use super::checks::score::published_with_a_wrong_figure;
use super::world::{Engine, World};
use super::{Saw, ensure};
use crate::survive::stop;
use walk::Answer;

/// A planted fault.
pub struct Fault {
    /// Its id, `X1`.
    pub id: &'static str,
    /// What is planted.
    pub planted: &'static str,
    /// Plants it and runs the check; what the check complained of.
    pub run: fn(&mut World) -> Saw,
}

impl Fault {
    /// Whether the fault can be planted on this database.
    #[expect(clippy::unused_self, reason = "the question is asked of each fault")]
    pub fn fits(&self, _: Engine) -> bool {
        true
    }
}

/// Every planted fault.
pub const ALL: &[Fault] = &[
    Fault {
        id: "X1",
        planted: "a reviewed value changed in the database",
        run: changed_row,
    },
    Fault {
        id: "X2",
        planted: "a row of the record deleted from the database",
        run: deleted_row,
    },
    Fault {
        id: "X3",
        planted: "a leaf taken out of the exported journal",
        run: lost_leaf,
    },
    Fault {
        id: "X4",
        planted: "one figure of one country changed",
        run: wrong_figure,
    },
    Fault {
        id: "X5",
        planted: "the content policy lost on the way",
        run: lost_policy,
    },
    Fault {
        id: "X6",
        planted: "an inline script added to pages",
        run: inline_script,
    },
    Fault {
        id: "X7",
        planted: "a village shown the exact rank of another",
        run: shown_rank,
    },
    Fault {
        id: "X8",
        planted: "a denial answered as if it were done",
        run: allowed,
    },
    Fault {
        id: "X9",
        planted: "a repeated command answered as a new one",
        run: done_twice,
    },
    Fault {
        id: "X10",
        planted: "a label taken from a field",
        run: lost_label,
    },
    Fault {
        id: "X11",
        planted: "a server that is killed instead of stopped",
        run: killed,
    },
    Fault {
        id: "X12",
        planted: "English pages with Chinese words",
        run: chinese,
    },
];

/// The complaint of a check that must not hold.
fn caught(saw: Saw) -> Saw {
    match saw {
        Ok(saw) => Err(format!("nothing was noticed; the check saw: {saw}").into()),
        Err(error) => Ok(error
            .to_string()
            .lines()
            .next()
            .unwrap_or_default()
            .chars()
            .take(160)
            .collect()),
    }
}

/// Runs a check through a proxy that spoils answers; what spoils every page is seen as one person.
fn spoiled(
    world: &mut World,
    check: &str,
    spoil: impl Fn(&str, &mut Answer) + Send + Sync + 'static,
) -> Saw {
    let check = checks::find(check).ok_or("no such check")?;
    let (survey, surveyors) = (
        world.survey.take(),
        std::mem::replace(&mut world.surveyors, 1),
    );
    // Not because of the proxy, but because of what it does.
    let fine = world.through(|_, _| {}, check.run);
    world.survey = None;
    let saw = world.through(spoil, check.run);
    (world.survey, world.surveyors) = (survey, surveyors);
    fine?.map_err(|error| format!("it complains without a fault: {error}"))?;
    caught(saw?)
}

fn changed_row(world: &mut World) -> Saw {
    edited(
        world,
        "edited",
        "UPDATE value_event SET reason = '改过' WHERE kind = 'reviewed' OR kind = 'verified'",
    )
}

fn deleted_row(world: &mut World) -> Saw {
    edited(world, "deleted", "DELETE FROM section_event WHERE seq = 2")
}

fn edited(world: &mut World, folder: &str, sql: &str) -> Saw {
    let mut server = world.start_demo(folder)?;
    server.stop()?;
    let dir = world.path(folder).display().to_string();
    world
        .run(&["journal", "verify", "--against", &dir])?
        .ended(0)?;
    let changed = world.tamper(folder, sql)?;
    ensure!(changed > 0, "there was no row to change");
    let ran = world.run(&["journal", "verify", "--against", &dir])?;
    let line = ran
        .out
        .lines()
        .find(|line| line.contains("error"))
        .unwrap_or_default()
        .to_owned();
    caught(ran.ended(0).map(|ran| ran.out)).map(|_| line)
}

fn lost_leaf(world: &mut World) -> Saw {
    world.server()?;
    let exported = export(world, "demo")?;
    verify(world, &exported)?.ended(0)?;
    let text = std::fs::read_to_string(&exported.file)?;
    let mut lines: Vec<&str> = text.lines().collect();
    lines.remove(lines.len() / 2);
    std::fs::write(&exported.file, lines.join("\n") + "\n")?;
    let ran = verify(world, &exported)?;
    let line = ran
        .out
        .lines()
        .find(|line| line.contains("error"))
        .unwrap_or_default()
        .to_owned();
    caught(ran.ended(0).map(|ran| ran.out)).map(|_| line)
}

fn wrong_figure(world: &mut World) -> Saw {
    let (agreeing, rows) = published_with_a_wrong_figure(world)?;
    ensure!(agreeing < rows, "{agreeing} of {rows} still agree");
    Ok(format!("{agreeing} of {rows} agree"))
}

fn lost_policy(world: &mut World) -> Saw {
    spoiled(world, "headers.strict", |_, answer| {
        answer
            .headers
            .retain(|(name, _)| name != "content-security-policy");
    })
}

fn inline_script(world: &mut World) -> Saw {
    spoiled(world, "console.clean", |_, answer| {
        answer.body = answer
            .body
            .replace("</body>", "<script>window.stolen = 1</script></body>");
    })
}

fn shown_rank(world: &mut World) -> Saw {
    spoiled(world, "rank.seen", |path, answer| {
        if path.ends_with("/ranking") {
            answer.body = ranks_for_all(&answer.body);
        }
    })
}

/// Every first cell of a ranking's rows becomes a plain number.
fn ranks_for_all(page: &str) -> String {
    let mut out = String::new();
    for (number, row) in page.split("<tr").enumerate() {
        if number > 0 {
            out.push_str("<tr");
        }
        match row
            .split_once("<td class=\"tnum\">")
            .and_then(|(before, rest)| {
                let (_, after) = rest.split_once("</td>")?;
                Some((before, after))
            }) {
            Some((before, after)) if row.contains("scope=\"row\"") => {
                out.push_str(&format!("{before}<td class=\"tnum\">{number}</td>{after}"));
            }
            _ => out.push_str(row),
        }
    }
    out
}

fn allowed(world: &mut World) -> Saw {
    spoiled(world, "door.denies", |path, answer| {
        if path.starts_with("/api/v1/commands/") && answer.status == 403 {
            answer.status = 200;
        }
    })
}

fn done_twice(world: &mut World) -> Saw {
    spoiled(world, "door.repeats", |_, answer| {
        answer.body = answer
            .body
            .replace("\"repeated\":true", "\"repeated\":false");
    })
}

fn lost_label(world: &mut World) -> Saw {
    spoiled(world, "axe.office", |_, answer| {
        answer.body = answer.body.replacen("<label for=", "<span data-for=", 40);
    })
}

fn chinese(world: &mut World) -> Saw {
    spoiled(world, "english.clean", |_, answer| {
        answer.body = answer.body.replace("</main>", "<p>忘记翻译</p></main>");
    })
}

/// The program gets no chance to end what it began: nothing that it said yes to is lost, and the
/// check of a graceful stop sees how it ended.
fn killed(world: &mut World) -> Saw {
    caught(stop::told(world, "killed", "KILL"))
}
