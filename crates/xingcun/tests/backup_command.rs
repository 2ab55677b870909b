//! `xingcun backup` and `xingcun restore` as an operator runs them.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A place of its own for one test, gone at its end.
struct Place(PathBuf);

impl Place {
    fn new(name: &str) -> Place {
        let name = format!("xingcun-backup-{}-{name}", std::process::id());
        let path = std::env::temp_dir().join(name);
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Place(path)
    }

    fn at(&self, name: &str) -> String {
        self.0.join(name).to_str().unwrap().to_owned()
    }

    /// A county set up, with two files of evidence and a pack of its own, its keys for backups,
    /// and a backup.
    fn prepared(name: &str) -> Place {
        let place = Place::new(name);
        let dir = place.at("data");
        good(&["setup", "--dir", &dir, "--area", "云岭县"]);
        for content in ["一", "二"] {
            place.store_file(content);
        }
        fs::create_dir_all(place.at("data/packs/own")).unwrap();
        fs::write(place.at("data/packs/own/note.txt"), "own").unwrap();
        let said = good(&["backup-key", "--to", &place.at("key")]);
        let public = said.lines().last().unwrap().to_owned();
        assert!(public.starts_with("age1"), "{said}");
        let config = fs::read_to_string(place.at("data/config")).unwrap();
        let config = format!("backup_recipients = [\"{public}\"]\n{config}");
        fs::write(place.at("data/config"), config).unwrap();
        good(&["backup", "--dir", &dir, "--to", &place.at("one.backup")]);
        place
    }

    fn store_file(&self, content: &str) {
        let files = app::FileStore::open(&self.0.join("data/files")).unwrap();
        let mut unique = [0; 32];
        unique[..content.len()].copy_from_slice(content.as_bytes());
        files.put(&mut content.as_bytes(), 100, unique).unwrap();
    }

    fn restore(&self, archive: &str, more: &[&str]) -> Output {
        let (archive, key) = (self.at(archive), self.at("key"));
        let mut arguments = vec!["restore", &archive, "--key", &key];
        arguments.extend(more);
        xingcun(&arguments)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn xingcun(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_xingcun"))
        .args(arguments)
        .env("LANG", "zh_CN.UTF-8")
        .env_remove("LC_ALL")
        .env_remove("LC_MESSAGES")
        .output()
        .unwrap()
}

fn good(arguments: &[&str]) -> String {
    let done = xingcun(arguments);
    assert!(done.status.success(), "{arguments:?}: {done:?}");
    String::from_utf8(done.stdout).unwrap()
}

fn refused(done: &Output, why: &str) {
    let said = String::from_utf8_lossy(&done.stderr);
    assert_eq!(done.status.code(), Some(1), "{done:?}");
    assert!(said.contains(why), "{said}");
}

/// Every file below a folder with its content, but databases and locks.
fn content(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(folder).unwrap().to_owned();
            let text = name.to_string_lossy();
            if path.is_dir() {
                folders.push(path);
            } else if !text.starts_with("data.db") && !text.ends_with("lock") {
                found.push((name, fs::read(path).unwrap()));
            }
        }
    }
    found.sort();
    found
}

#[test]
fn a_folder_comes_back_whole_on_another_machine() {
    let place = Place::prepared("whole");
    let before = content(Path::new(&place.at("data")));
    assert!(before.len() >= 5, "{before:?}");
    fs::remove_dir_all(place.at("data")).unwrap();
    let done = place.restore("one.backup", &["--dir", &place.at("new/data")]);
    assert!(done.status.success(), "{done:?}");
    assert_eq!(content(Path::new(&place.at("new/data"))), before);
    let told = String::from_utf8_lossy(&done.stdout).into_owned();
    assert!(told.contains("密码和两步验证是"), "{told}");
    let said = good(&["journal", "verify", "--against", &place.at("new/data")]);
    assert!(said.contains("云岭") || said.contains("留痕"), "{said}");
    good(&["token", "system-admin", "--dir", &place.at("new/data")]);
    // Nothing is left of the making.
    let left: Vec<_> = fs::read_dir(place.at("new")).unwrap().collect();
    assert!(left.iter().all(|entry| {
        let name = entry.as_ref().unwrap().file_name();
        name == "data" || name.to_string_lossy().ends_with(".lock")
    }));
}

#[test]
fn what_a_restore_would_lose_is_said_and_nothing_lost_unasked() {
    let place = Place::prepared("lost");
    let dir = place.at("data");
    let same = place.restore("one.backup", &["--dir", &dir, "--dry-run"]);
    let said = String::from_utf8(same.stdout).unwrap();
    assert!(said.contains("不会丢失业务记录"), "{said}");
    good(&["token", "system-admin", "--dir", &dir]);
    place.store_file("三");
    let later = place.restore("one.backup", &["--dir", &dir, "--dry-run"]);
    let said = String::from_utf8(later.stdout).unwrap();
    assert!(said.contains("备份之后的 1 次办理"), "{said}");
    assert!(said.contains("1 个备份里没有的文件"), "{said}");
    assert!(said.contains("没有改动"), "{said}");
    refused(&place.restore("one.backup", &["--dir", &dir]), "--replace");
    let done = place.restore("one.backup", &["--dir", &dir, "--replace"]);
    assert!(done.status.success(), "{done:?}");
    // The restore itself is the one act since the backup.
    let again = place.restore("one.backup", &["--dir", &dir, "--dry-run"]);
    let said = String::from_utf8(again.stdout).unwrap();
    assert!(said.contains("备份之后的 1 次办理"), "{said}");
    // What was there before was kept.
    let names = fs::read_dir(&place.0).unwrap();
    let names: Vec<_> = names.map(|entry| entry.unwrap().file_name()).collect();
    let kept = |name: &&std::ffi::OsString| name.to_string_lossy().contains(".before-restore-");
    let kept = place.0.join(names.iter().find(kept).unwrap());
    let kept = place.restore(
        "one.backup",
        &["--dir", kept.to_str().unwrap(), "--dry-run"],
    );
    assert!(String::from_utf8_lossy(&kept.stdout).contains("1 次办理"));
}

/// Every leaf of a folder, as its journal is exported.
fn leaves(place: &Place, dir: &str) -> String {
    let file = place.at("leaves.xjournal");
    let _ = fs::remove_file(&file);
    good(&["journal", "export", &file, "--dir", dir]);
    fs::read_to_string(file).unwrap()
}

/// The newest checkpoint of a folder in a file, as somebody else would keep it.
fn keep_checkpoint(place: &Place, dir: &str, name: &str) -> String {
    let said = good(&[
        "journal",
        "export",
        &place.at("kept.xjournal"),
        "--dir",
        dir,
    ]);
    let from = said.find("xingcun/").unwrap();
    // The public key comes first, then the note: origin, size, root, a line between, signature.
    let note = said[from..].match_indices("xingcun/").nth(1).unwrap().0;
    let path = place.at(name);
    fs::write(&path, format!("{}\n", said[from + note..].trim_end())).unwrap();
    path
}

#[test]
fn a_restore_says_so_in_the_journal() {
    let place = Place::prepared("leaf");
    let (dir, new) = (place.at("data"), place.at("new"));
    let before = leaves(&place, &dir);
    assert!(!before.contains("backup.restored"));
    let done = place.restore("one.backup", &["--dir", &new]);
    assert!(done.status.success(), "{done:?}");
    let after = leaves(&place, &new);
    assert_eq!(
        after.matches("\"name\":\"backup.restored\"").count(),
        1,
        "{after}"
    );
    assert!(after.contains("\"via\":\"cli\""), "{after}");
    assert!(after.contains("\"lost_leaves\":0"), "{after}");
    // The checkpoint from which the journal goes on stands in the leaf itself.
    let old = keep_checkpoint(&place, &dir, "old.txt");
    let root = fs::read_to_string(&old)
        .unwrap()
        .lines()
        .nth(2)
        .unwrap()
        .to_owned();
    let leaf = after
        .lines()
        .find(|line| line.contains("backup.restored"))
        .unwrap();
    assert!(leaf.contains(&root), "{leaf}");
    // Whoever kept it sees an honest continuation.
    good(&["journal", "verify", "--against", &new, "--checkpoint", &old]);
    // Only looking leaves nothing.
    let look = place.restore("one.backup", &["--dir", &dir, "--dry-run"]);
    assert!(look.status.success(), "{look:?}");
    assert!(!leaves(&place, &dir).contains("backup.restored"));
}

#[test]
fn a_checkpoint_later_than_the_backup_is_loss_and_not_tampering() {
    let place = Place::prepared("later");
    let dir = place.at("data");
    let old = keep_checkpoint(&place, &dir, "old.txt");
    // Three more leaves, sealed and signed.
    for name in ["system-admin", "security-admin", "audit-admin"] {
        good(&["token", name, "--dir", &dir]);
    }
    good(&["backup", "--dir", &dir, "--to", &place.at("two.backup")]);
    let restored = place.restore("two.backup", &["--dir", &place.at("sealed")]);
    assert!(restored.status.success(), "{restored:?}");
    let later = keep_checkpoint(&place, &place.at("sealed"), "later.txt");
    let kept = ["--checkpoint", &old, "--checkpoint", &later];
    let done = place.restore(
        "one.backup",
        &[&["--dir", &place.at("new")], &kept[..]].concat(),
    );
    let said = String::from_utf8(done.stdout.clone()).unwrap();
    assert!(done.status.success(), "{done:?}");
    assert!(said.contains("会丢失其后的 4 条"), "{said}");
    assert!(said.contains("不是篡改"), "{said}");
    assert!(leaves(&place, &place.at("new")).contains("\"lost_leaves\":4"));
    // One that is not ours says nothing, and is refused.
    let foreign = fs::read_to_string(&later).unwrap();
    let (text, signature) = foreign.split_once("\n\n").unwrap();
    let mut lines: Vec<&str> = text.lines().collect();
    lines[1] = "99";
    fs::write(&later, format!("{}\n\n{signature}", lines.join("\n"))).unwrap();
    let forged = ["--dir", &place.at("b"), "--checkpoint", &later];
    refused(&place.restore("one.backup", &forged), "没有继续");
    assert!(!Path::new(&place.at("b")).exists());
}

#[test]
fn a_wrong_key_a_cut_and_a_changed_byte_are_refused_and_leave_nothing() {
    let place = Place::prepared("damaged");
    let dir = place.at("new");
    good(&["backup-key", "--to", &place.at("other")]);
    let (archive, other) = (place.at("one.backup"), place.at("other"));
    let wrong = xingcun(&["restore", &archive, "--key", &other, "--dir", &dir]);
    refused(&wrong, "打不开");
    let whole = fs::read(&archive).unwrap();
    for length in [0, 1, 100, whole.len() / 2, whole.len() - 1] {
        fs::write(place.at("cut.backup"), &whole[..length]).unwrap();
        let cut = place.restore("cut.backup", &["--dir", &dir]);
        refused(&cut, "没有恢复任何内容");
    }
    for at in (0..whole.len()).step_by(whole.len() / 12) {
        let mut changed = whole.clone();
        changed[at] ^= 1;
        fs::write(place.at("changed.backup"), &changed).unwrap();
        let done = place.restore("changed.backup", &["--dir", &dir]);
        assert_eq!(done.status.code(), Some(1), "byte {at}: {done:?}");
    }
    assert!(!Path::new(&dir).exists());
    refused(&place.restore("key", &["--dir", &dir]), "没有恢复任何内容");
}

/// Whoever knows the public key can write an archive; only the installation can sign one.
#[test]
fn an_archive_of_somebody_else_is_known_by_its_signature() {
    let place = Place::prepared("signed");
    let said = good(&[
        "backup",
        "--dir",
        &place.at("data"),
        "--to",
        &place.at("two.backup"),
    ]);
    let key = said
        .lines()
        .find(|line| line.starts_with("xingcun/"))
        .unwrap()
        .to_owned();
    let ours = place.restore(
        "two.backup",
        &["--dir", &place.at("a"), "--signed-by", &key],
    );
    assert!(ours.status.success(), "{ours:?}");
    let public = fs::read_to_string(place.at("key")).unwrap();
    let public = public
        .lines()
        .next()
        .unwrap()
        .rsplit(' ')
        .next()
        .unwrap()
        .to_owned();
    good(&["setup", "--dir", &place.at("foreign"), "--area", "外县"]);
    let foreign = [
        "backup",
        "--dir",
        &place.at("foreign"),
        "--to",
        &place.at("foreign.backup"),
        "--recipient",
        &public,
    ];
    good(&foreign);
    let done = place.restore(
        "foreign.backup",
        &["--dir", &place.at("b"), "--signed-by", &key],
    );
    refused(&done, "签名");
    assert!(!Path::new(&place.at("b")).exists());
}

#[test]
fn without_a_key_nothing_is_written_and_an_archive_is_never_overwritten() {
    let place = Place::prepared("refused");
    let dir = place.at("data");
    refused(
        &xingcun(&["backup", "--dir", &dir, "--to", &place.at("one.backup")]),
        "one.backup",
    );
    let recipient = ["--recipient", "age1nonsense"];
    let to = place.at("two.backup");
    let wrong = xingcun(&[
        "backup",
        "--dir",
        &dir,
        "--to",
        &to,
        recipient[0],
        recipient[1],
    ]);
    refused(&wrong, "age1nonsense");
    let config = fs::read_to_string(place.at("data/config")).unwrap();
    let config = config.replace("backup_recipients", "# ");
    fs::write(place.at("data/config"), config).unwrap();
    refused(
        &xingcun(&["backup", "--dir", &dir, "--to", &to]),
        "backup-key",
    );
    assert!(!Path::new(&to).exists());
    // The plain key file is refused over an old one.
    refused(&xingcun(&["backup-key", "--to", &place.at("key")]), "key");
}

/// Personal data, keys and names are nowhere in an archive to be read without its key.
#[test]
fn an_archive_shows_nothing() {
    let place = Place::prepared("closed");
    let archive = fs::read(place.at("one.backup")).unwrap();
    let key = fs::read_to_string(place.at("data/keys/root.key")).unwrap();
    for word in ["云岭县", "system-admin", "SQLite format", key.trim()] {
        let found = archive.windows(word.len()).any(|w| w == word.as_bytes());
        assert!(!found, "{word}");
    }
}

#[test]
fn a_record_that_was_changed_is_not_backed_up_as_good() {
    let place = Place::prepared("tampered");
    let path = place.0.join("data/data.db");
    let sqlite = rusqlite::Connection::open(&path).unwrap();
    sqlite
        .execute_batch(
            "DROP TRIGGER account_event_no_UPDATE;
             UPDATE account_event SET sign_in_name = 'intruder' WHERE version = 1;",
        )
        .unwrap();
    drop(sqlite);
    let (dir, to) = (place.at("data"), place.at("two.backup"));
    refused(
        &xingcun(&["backup", "--dir", &dir, "--to", &to]),
        "留痕不一致",
    );
    assert!(!Path::new(&to).exists());
}
