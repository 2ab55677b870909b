//! Disks that fail, lie, lose power or are full: a library loaded before the program
//! (`disk_faults.c`), and small file systems of one's own.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::{Failed, load};
use crate::accept::world::World;
use walk::ensure;

/// EIO.
pub const BROKEN: i64 = 5;
/// ENOSPC.
pub const FULL: i64 = 28;

/// Which calls count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Calls {
    Writes = 1,
    Syncs = 2,
    /// To a database server; files begin with their paths, these with `socket:`.
    Messages = 4,
}

/// What happens to a call that is hit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// It fails with this `errno`.
    Fails(i64),
    /// It says that it was done, and was not.
    Lies,
    /// The process ends.
    Kills,
}

/// A library between the program and its disk.
pub struct Faults {
    library: String,
    control: PathBuf,
    below: String,
}

impl Faults {
    /// Compiles the library; it looks at the files whose paths begin like this, or, with `$` at the
    /// end, at this one file.
    pub fn compile(room: &Path, below: &str) -> Result<Faults, Failed> {
        std::fs::create_dir_all(room)?;
        let source = crate::root().join("xtask/src/survive/disk_faults.c");
        let library = room.join("disk_faults.so");
        let output = Command::new("cc")
            .args(["-shared", "-fPIC", "-O2", "-Wall", "-Werror", "-o"])
            .args([&library, &source])
            .arg("-ldl")
            .output()?;
        ensure!(
            output.status.success(),
            "cc: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        let faults = Faults {
            library: library.display().to_string(),
            control: room.join("control"),
            below: below.to_owned(),
        };
        faults.put([0; 8])?;
        Ok(faults)
    }

    /// The variables with which the program is started.
    pub fn environment(&self) -> [(&str, &str); 3] {
        [
            ("LD_PRELOAD", &self.library),
            (
                "XINGCUN_TEST_FAULTS",
                self.control.to_str().unwrap_or_default(),
            ),
            ("XINGCUN_TEST_FAULTS_BELOW", &self.below),
        ]
    }

    /// From now on the n-th call is hit, and where it is lasting each one after it.
    pub fn arm(&self, calls: Calls, nth: i64, lasting: bool, action: Action) -> Result<(), Failed> {
        let (action, error) = match action {
            Action::Fails(error) => (0, error),
            Action::Lies => (1, 0),
            Action::Kills => (2, 0),
        };
        let off = [0; 8];
        self.put(off)?;
        self.put([calls as i64, nth, lasting.into(), action, error, 0, 0, 0])
    }

    /// Every call is done again as it should be. Says how many calls counted, how many were hit.
    pub fn disarm(&self) -> Result<(i64, i64), Failed> {
        let seen = self.seen()?;
        self.put([0; 8])?;
        Ok(seen)
    }

    /// How many calls counted so far, how many were hit.
    pub fn seen(&self) -> Result<(i64, i64), Failed> {
        let bytes = std::fs::read(&self.control)?;
        let number = |at: usize| {
            let bytes = bytes.get(at * 8..at * 8 + 8)?;
            Some(i64::from_ne_bytes(bytes.try_into().ok()?))
        };
        Ok(number(5).zip(number(6)).ok_or("the control file is cut")?)
    }

    /// In place: the program has the file in its memory.
    fn put(&self, numbers: [i64; 8]) -> Result<(), Failed> {
        use std::io::Write;
        let bytes: Vec<u8> = numbers.iter().flat_map(|n| n.to_ne_bytes()).collect();
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create(true).truncate(false);
        options.open(&self.control)?.write_all(&bytes)?;
        Ok(())
    }
}

/// A file system of its own; unmounted with this value.
pub struct Mounted {
    at: PathBuf,
}

impl Drop for Mounted {
    fn drop(&mut self) {
        // What is still in use is let go when its users end.
        let _ = Command::new("umount").arg("-l").arg(&self.at).output();
    }
}

impl Mounted {
    /// Memory of a limited size; an error says why this machine does not offer it.
    pub fn memory(at: &Path, bytes: u64) -> Result<Mounted, String> {
        let size = format!("size={bytes}");
        Mounted::mount(at, &["-t", "tmpfs", "-o", &size, "xingcun-survive"])
    }

    /// The ext4 file system in a file, by a loop device; an error says why this machine does not
    /// offer it.
    pub fn image(at: &Path, image: &Path) -> Result<Mounted, String> {
        let image = image.display().to_string();
        Mounted::mount(at, &["-t", "ext4", "-o", "loop", &image])
    }

    fn mount(at: &Path, arguments: &[&str]) -> Result<Mounted, String> {
        std::fs::create_dir_all(at).map_err(|error| error.to_string())?;
        run("mount", &[arguments, &[&at.display().to_string()]].concat())?;
        Ok(Mounted { at: at.to_owned() })
    }

    /// Unmounts it; fails where something still uses it.
    pub fn end(self) -> Result<(), String> {
        let done = run("umount", &[&self.at.display().to_string()]);
        std::mem::forget(self);
        done
    }
}

/// A prepared demonstration copied into another folder, which the world knows by a name.
pub fn seeded(world: &mut World, at: &Path, name: &str) -> Result<(), Failed> {
    let seed = world.path("seed");
    if !seed.exists() {
        load::start(world, "seed")?.stop()?;
    }
    let data = at.join("data");
    run(
        "cp",
        &[
            "-a",
            &seed.display().to_string(),
            &data.display().to_string(),
        ],
    )?;
    run("sync", &[])?;
    let link = world.path(name);
    if !link.exists() {
        std::os::unix::fs::symlink(&data, &link)?;
    }
    Ok(())
}

/// Makes an ext4 file system in a file.
pub fn make_image(image: &Path, bytes: u64) -> Result<(), String> {
    let file = std::fs::File::create(image).and_then(|file| file.set_len(bytes));
    file.map_err(|error| error.to_string())?;
    run("mkfs.ext4", &["-q", "-F", &image.display().to_string()])
}

/// Runs a program of the system; what it complained of.
pub fn run(program: &str, arguments: &[&str]) -> Result<(), String> {
    let output = Command::new(program).args(arguments).output();
    let output = output.map_err(|error| format!("{program}: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(format!("{program}: {}", said.trim()))
}
