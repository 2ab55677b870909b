//! The journal: exported, verified elsewhere, and held against a record that somebody changed.

use super::super::world::{Ran, World};
use super::super::{Saw, ensure};

type Failed = Box<dyn std::error::Error>;

/// An export of the demonstration, and what was printed with it.
pub struct Exported {
    pub file: String,
    pub key: String,
    /// The newest checkpoint, kept in a file by somebody else.
    pub checkpoint: String,
}

/// Exports the journal of a folder beside its server.
pub fn export(world: &mut World, folder: &str) -> Result<Exported, Failed> {
    let dir = world.path(folder).display().to_string();
    let file = world
        .path(&format!("{folder}.xjournal"))
        .display()
        .to_string();
    let ran = world
        .run(&["journal", "export", &file, "--dir", &dir])?
        .ended(0)?;
    let lines: Vec<&str> = ran.out.lines().collect();
    let at = lines
        .iter()
        .position(|line| line.starts_with("xingcun/") && line.contains('+'));
    let at = at.ok_or_else(|| format!("no public key in: {}", ran.out))?;
    let note = lines
        .get(at + 2..)
        .unwrap_or_default()
        .join("\n")
        .trim_end()
        .to_owned()
        + "\n";
    ensure_note(&note)?;
    let checkpoint = world
        .path(&format!("{folder}.checkpoint"))
        .display()
        .to_string();
    std::fs::write(&checkpoint, note)?;
    Ok(Exported {
        file,
        key: lines[at].to_owned(),
        checkpoint,
    })
}

fn ensure_note(note: &str) -> Result<(), Failed> {
    ensure!(
        note.contains("\n\u{2014} "),
        "no signed checkpoint was printed: {note:?}"
    );
    Ok(())
}

/// Verifies with nothing but the file, the key and a kept checkpoint.
pub fn verify(world: &World, exported: &Exported) -> Result<Ran, Failed> {
    let Exported {
        file,
        key,
        checkpoint,
    } = exported;
    world.run(&[
        "journal",
        "verify",
        file,
        "--key",
        key,
        "--checkpoint",
        checkpoint,
    ])
}

pub fn verifies(world: &mut World) -> Saw {
    world.server()?;
    let exported = export(world, "demo")?;
    let Exported { file, key, .. } = &exported;
    let ran = world
        .run(&["journal", "verify", file, "--key", key])?
        .ended(0)?;
    Ok(ran.out.lines().next().unwrap_or_default().to_owned())
}

/// Whoever keeps a checkpoint sees an export whose end was cut off.
pub fn kept(world: &mut World) -> Saw {
    world.server()?;
    let exported = export(world, "demo")?;
    verify(world, &exported)?.ended(0)?;
    let text = std::fs::read(&exported.file)?;
    let mut spoiled = text.clone();
    let middle = spoiled.len() / 2;
    let at = spoiled[middle..]
        .iter()
        .position(u8::is_ascii_lowercase)
        .ok_or("no text")?
        + middle;
    spoiled[at] = if spoiled[at] == b'a' { b'b' } else { b'a' };
    std::fs::write(&exported.file, &spoiled)?;
    let changed = verify(world, &exported)?;
    ensure!(
        changed.code == 1,
        "one changed letter: exit code {}",
        changed.code
    );
    std::fs::write(&exported.file, &text)?;
    Ok("the kept checkpoint agrees; one changed letter is found".to_owned())
}

/// A changed row is named with its command and time.
pub fn against(world: &mut World) -> Saw {
    let mut server = world.start_demo("tampered")?;
    server.stop()?;
    let dir = world.path("tampered").display().to_string();
    let before = world
        .run(&["journal", "verify", "--against", &dir])?
        .ended(0)?;
    let sql = "UPDATE value_event SET value = '11' WHERE value = '12' AND seq = 1";
    let changed = world.tamper("tampered", sql)?;
    ensure!(changed > 0, "no row was there to be changed");
    let after = world.run(&["journal", "verify", "--against", &dir])?;
    ensure!(
        after.code == 1,
        "{changed} changed rows: exit code {}",
        after.code
    );
    ensure!(
        after.out.contains("value_event"),
        "the table is not named: {}",
        after.out
    );
    ensure!(
        after.out.contains("section."),
        "the command is not named: {}",
        after.out
    );
    let rows = before
        .out
        .lines()
        .find(|line| line.contains("rows"))
        .unwrap_or_default()
        .to_owned();
    let bad = after
        .out
        .lines()
        .find(|line| line.starts_with("error"))
        .unwrap_or_default();
    ensure!(bad.contains(" 2026 "), "the time is not named: {bad}");
    Ok(format!("{rows}; then {changed} rows changed: {bad}"))
}

/// A derived row that was changed is found too, and no result follows it.
pub fn derived(world: &mut World) -> Saw {
    let mut server = world.start_demo("derived")?;
    server.stop()?;
    let dir = world.path("derived").display().to_string();
    world
        .run(&["rebuild", "--dir", &dir, "--check"])?
        .ended(0)?;
    let sql = "UPDATE cell SET counts = '99', reviewed = '99' WHERE subject_no = 1 AND item_no = 1";
    let changed = world.tamper("derived", sql)?;
    ensure!(changed > 0, "no row was there to be changed");
    let found = world
        .run(&["rebuild", "--dir", &dir, "--check"])?
        .ended(1)?;
    let line = found.out.lines().find(|line| line.starts_with("cell:"));
    let line = line.unwrap_or_default().to_owned();
    ensure!(line.contains("differ"), "cell is not named: {}", found.out);
    world.run(&["rebuild", "--dir", &dir])?.ended(1)?;
    world
        .run(&["rebuild", "--dir", &dir, "--check"])?
        .ended(0)?;
    Ok(format!("{line}; rebuilt, it agrees again"))
}
