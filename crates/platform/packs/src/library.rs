//! The packs that can be found, and what one becomes together with those it extends.

use kernel::calendar::WorkCalendar;
use kernel::{Finding, FindingPlace};

use crate::calendars::CalendarFile;
use crate::limit::MAX_EXTENDS;
use crate::manifest::MANIFEST;
use crate::pack::{Pack, SchemeFile, read};
use crate::source::{Embedded, Source};
use crate::texts::Texts;

/// A place to look for packs by name: those of the county first, then those of the program.
pub struct Library {
    packs: Vec<(Pack, Vec<Finding>)>,
    refused: Vec<Vec<Finding>>,
}

impl Library {
    /// The packs that came with the program.
    pub fn shipped() -> Library {
        Embedded::all().iter().fold(
            Library {
                packs: Vec::new(),
                refused: Vec::new(),
            },
            |library, source| library.with(source),
        )
    }

    /// The same library with one more pack, found before the others of its name.
    #[must_use]
    pub fn with(mut self, source: &dyn Source) -> Library {
        match read(source) {
            (Some(pack), findings) => self.packs.insert(0, (pack, findings)),
            (None, findings) => self.refused.push(findings),
        }
        self
    }

    /// The findings of each pack that could not be read at all, so that nothing is lost silently.
    pub fn refused(&self) -> &[Vec<Finding>] {
        &self.refused
    }

    /// Names of all packs, sorted, each once.
    pub fn names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self
            .packs
            .iter()
            .map(|(pack, _)| pack.manifest.name.as_str())
            .collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// The pack of a name with its findings.
    pub fn pack(&self, name: &str) -> Option<(&Pack, &[Finding])> {
        self.packs
            .iter()
            .find(|(pack, _)| pack.manifest.name == name)
            .map(|(pack, findings)| (pack, findings.as_slice()))
    }

    /// A pack of this library and all it extends, the outermost base first.
    pub fn resolve(&self, name: &str) -> Result<Resolved<'_>, Finding> {
        let unknown = |name: &str| {
            Finding::error("pack-extends-unknown")
                .arg("found", name)
                .arg("known", self.names().join(", "))
        };
        let (pack, _) = self.pack(name).ok_or_else(|| unknown(name))?;
        let mut chain = vec![pack];
        while let Some(base) = &chain[chain.len() - 1].manifest.extends {
            if chain.iter().any(|pack| pack.manifest.name == *base) || chain.len() >= MAX_EXTENDS {
                return Err(Finding::error("pack-extends-circle").arg("found", base.as_str()));
            }
            let (pack, _) = self.pack(base).ok_or_else(|| unknown(base))?;
            chain.push(pack);
        }
        chain.reverse();
        Ok(Resolved { chain })
    }
}

/// A pack together with those it extends.
#[derive(Clone, Debug)]
pub struct Resolved<'a> {
    /// Outermost base first; never empty.
    chain: Vec<&'a Pack>,
}

impl<'a> Resolved<'a> {
    /// The pack itself.
    pub fn pack(&self) -> &'a Pack {
        self.chain[self.chain.len() - 1]
    }

    /// Its schemes and those of its bases; a scheme replaces one of the same code of a base.
    pub fn schemes(&self) -> Vec<&'a SchemeFile> {
        let mut schemes: Vec<&SchemeFile> = Vec::new();
        for file in self.chain.iter().flat_map(|pack| &pack.schemes) {
            schemes.retain(|known| known.scheme.code != file.scheme.code);
            schemes.push(file);
        }
        schemes
    }

    /// Its notices on days off and those of its bases; a notice replaces that of a base for the
    /// same year.
    pub fn calendars(&self) -> Vec<&'a CalendarFile> {
        let mut calendars: Vec<&CalendarFile> = Vec::new();
        for file in self.chain.iter().flat_map(|pack| &pack.calendars) {
            calendars.retain(|known| known.data.year != file.data.year);
            calendars.push(file);
        }
        calendars
    }

    /// The working-day calendar of all its notices.
    pub fn work_calendar(&self) -> (WorkCalendar, Vec<Finding>) {
        let notices: Vec<_> = self
            .calendars()
            .into_iter()
            .map(|file| file.data.clone())
            .collect();
        WorkCalendar::build(&notices)
    }

    /// Its texts over those of its bases.
    pub fn texts(&self) -> Texts {
        let mut texts = Texts::new();
        for pack in &self.chain {
            texts.extend(pack.texts.clone());
        }
        texts
    }
}

/// Checks a pack: its files, and that what it extends is there and usable. Packs of the program
/// and `beside` (other packs given together with it) can be extended.
pub fn check(source: &dyn Source, beside: &[&dyn Source]) -> Vec<Finding> {
    let (pack, mut findings) = read(source);
    let Some(pack) = pack else { return findings };
    let library = beside
        .iter()
        .fold(Library::shipped(), |library, other| library.with(*other))
        .with(source);
    let place = FindingPlace::Line {
        file: format!("{}/{MANIFEST}", source.name()),
        line: 1,
        column: 0,
    };
    match library.resolve(&pack.manifest.name) {
        Err(finding) => findings.push(finding.at(place)),
        Ok(resolved) => {
            for base in &resolved.chain[..resolved.chain.len() - 1] {
                let name = &base.manifest.name;
                let broken = library
                    .pack(name)
                    .is_some_and(|(_, findings)| findings.iter().any(Finding::blocks));
                if broken {
                    findings.push(
                        Finding::error("pack-extends-broken")
                            .at(place.clone())
                            .arg("found", name.as_str()),
                    );
                }
            }
        }
    }
    findings
}
