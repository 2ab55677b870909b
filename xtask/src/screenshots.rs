//! `cargo xtask screenshots`: the pictures of the user guide, taken anew from the demonstration in
//! a real Chromium, in both languages. The list of pictures is data: `screenshots/shots.rs`.

mod camera;
#[cfg(test)]
mod guide;
mod picture;
mod places;
mod shots;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use camera::Camera;
use clap::Args;
use shots::{SHOTS, Shot, Stage};
use webdriver::{Driver, Size};

use crate::only;
use crate::server::{self, Server};

type Failed = Box<dyn std::error::Error>;

/// Language of the browser, and its folder under docs/guide/images.
const LANGUAGES: [(&str, &str); 2] = [("zh-CN", "zh"), ("en", "en")];

/// `screenshots`.
#[derive(Debug, Args)]
pub struct ScreenshotsArguments {
    /// Only these pictures, by name
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    only: Vec<String>,
    /// The program; without it, target/release/xingcun
    #[arg(long, value_name = "PATH")]
    binary: Option<PathBuf>,
}

/// Runs it; exit code 1 where a picture could not be taken.
pub fn run(arguments: &ScreenshotsArguments) -> ExitCode {
    match all(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            crate::say(&format!("screenshots: {error}"));
            ExitCode::FAILURE
        }
    }
}

fn all(arguments: &ScreenshotsArguments) -> Result<(), Failed> {
    let wanted = wanted(&arguments.only)?;
    let binary = server::program(arguments.binary.as_deref())?;
    let folder = Folder::new()?;
    for stage in [Stage::County, Stage::Posted] {
        let shots: Vec<&Shot> = wanted
            .iter()
            .copied()
            .filter(|s| s.stage == stage)
            .collect();
        if shots.is_empty() {
            continue;
        }
        let prepared = prepare(&binary, &folder.0, stage)?;
        for (language, images) in LANGUAGES {
            // Each language has a folder of its own: some pictures change what they show.
            let own = folder.0.join(format!("{}-{images}", stage.extent()));
            copy(&prepared, &own)?;
            let server = serve(&binary, &own)?;
            let driver = Driver::start_speaking(language)?;
            if stage == Stage::Posted {
                let browser = driver.open("zh-CN", Size::OFFICE)?;
                walk::posted(&browser, &server.base)?;
            }
            take(&driver, &server.base, language, images, &shots)?;
        }
    }
    Ok(())
}

fn wanted(only: &[String]) -> Result<Vec<&'static Shot>, Failed> {
    only::check(only, SHOTS.iter().map(|shot| shot.name))?;
    let is_wanted = |shot: &&Shot| only::wants(only, shot.name);
    Ok(SHOTS.iter().filter(is_wanted).collect())
}

/// A folder of this run, gone with it.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Result<Folder, Failed> {
        let name = format!("xingcun-screenshots-{}", std::process::id());
        let path = std::env::temp_dir().join(name);
        fs::create_dir_all(&path)?;
        Ok(Folder(path))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What stays behind in the folder for temporary files is nobody's data.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Prepares a demonstration; its folder.
fn prepare(binary: &Path, folder: &Path, stage: Stage) -> Result<PathBuf, Failed> {
    let extent = stage.extent();
    let dir = folder.join(extent);
    let status = Command::new(binary)
        .args(["demo", "--prepare-only", "--extent", extent, "--dir"])
        .arg(&dir)
        .status()?;
    if !status.success() {
        return Err(format!("the demonstration was not prepared: {status}").into());
    }
    Ok(dir)
}

fn serve(binary: &Path, dir: &Path) -> Result<Server, Failed> {
    let name = dir.to_str().ok_or("a path in UTF-8")?;
    Server::start(binary, &["demo", "--dir", name], &dir.with_extension("log"))
}

fn copy(from: &Path, to: &Path) -> Result<(), Failed> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

fn take(
    driver: &Driver,
    base: &str,
    language: &str,
    images: &str,
    shots: &[&Shot],
) -> Result<(), Failed> {
    let folder = crate::root().join("docs/guide/images").join(images);
    fs::create_dir_all(&folder)?;
    let browser = driver.open(language, Size::OFFICE)?;
    let mut camera = Camera::new(&browser, base)?;
    for shot in shots {
        let file = folder.join(format!("{}.png", shot.name));
        let png = camera.take(shot).map_err(|error| {
            format!("{images}/{}: {error}; {}", shot.name, browser.whereabouts())
        })?;
        fs::write(&file, &png)?;
        crate::say(&format!(
            "{images}/{}.png {} KB",
            shot.name,
            png.len().div_ceil(1024)
        ));
    }
    Ok(())
}
