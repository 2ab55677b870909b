//! `scheme.publish`: a scheme becomes a frozen version that rounds can be opened with.

use access::Action;
use app::{App, Command, Door, Gathered, Refusal};
use kernel::{Finding, PlaceId};
use packs::{Frozen, freeze, freeze_text};
use serde::{Deserialize, Serialize};
use store::values;
use utoipa::ToSchema;

use crate::SchemeId;
use crate::schema::SCHEME_VERSION;
use crate::scheme::{self, SchemeVersion};

/// Where a scheme is taken from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum SchemeSource {
    /// A scheme of a pack that this program knows.
    Pack {
        /// The pack's name.
        pack: String,
        /// The scheme's code.
        scheme: String,
    },
    /// The text of a scheme file.
    Text {
        /// The file's name, for findings.
        file: String,
        /// Its content.
        text: String,
    },
}

/// Publishes a scheme as a new version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PublishScheme {
    /// The place whose office publishes it.
    #[schema(value_type = String, format = "uuid")]
    pub place: PlaceId,
    /// Where it is taken from.
    pub source: SchemeSource,
}

/// The published version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SchemePublished {
    /// The scheme.
    #[schema(value_type = String, format = "uuid")]
    pub scheme: SchemeId,
    /// Its new version.
    pub version: i64,
}

impl Command for PublishScheme {
    const NAME: &'static str = "scheme.publish";
    const ACTION: Action = Action::SchemePublish;
    const CLEAR: &'static [&'static str] = &[
        "place",
        "source.pack.pack",
        "source.pack.scheme",
        "source.text.file",
    ];
    // A text of megabytes is read and frozen before the one writer begins.
    const READS_FILES: bool = true;
    type Answer = SchemePublished;

    fn gather(&self, app: &App) -> Result<Gathered, Refusal> {
        Ok(Gathered::some(self.source.read(app.packs())?))
    }

    fn run(&self, door: &mut Door<'_>) -> Result<SchemePublished, Refusal> {
        door.decide_at(Action::SchemePublish, self.place, &[])?;
        let offered: &Offered = door.gathered();
        let tenant = door.tenant();
        let code = &offered.frozen.scheme.code;
        let latest = scheme::latest_by_code(door.connection(), tenant, code)?;
        let (scheme, version) = match latest {
            Some(latest) => (latest.scheme, self.next_version(&latest, &offered.frozen)?),
            None => (SchemeId(door.next_id()), 1),
        };
        self.append(door, scheme, version, offered)?;
        Ok(SchemePublished { scheme, version })
    }
}

impl PublishScheme {
    /// The next version of a scheme that is there already.
    fn next_version(&self, latest: &SchemeVersion, frozen: &Frozen) -> Result<i64, Finding> {
        if latest.place != self.place {
            return Err(Finding::error("scheme-of-other-place").field("place"));
        }
        if latest.digest == frozen.digest {
            return Err(Finding::error("scheme-published-already")
                .field("source")
                .arg("version", latest.version));
        }
        Ok(latest.version + 1)
    }

    fn append(
        &self,
        door: &mut Door<'_>,
        scheme: SchemeId,
        version: i64,
        offered: &Offered,
    ) -> Result<(), Refusal> {
        let content = &offered.frozen.scheme;
        let (pack, pack_version) = offered.pack.clone().unzip();
        let row = values![
            door.tenant(),
            scheme,
            version,
            door.command(),
            self.place,
            &content.code,
            pack,
            pack_version,
            &offered.path,
            &content.title.zh,
            &content.title.en,
            &offered.frozen.canonical,
            offered.frozen.digest,
            door.now(),
            door.person()
        ];
        door.append(&SCHEME_VERSION, &row)
    }
}

/// A frozen scheme with the pack it comes from.
struct Offered {
    frozen: Frozen,
    path: String,
    pack: Option<(String, String)>,
}

impl SchemeSource {
    fn read(&self, library: &packs::Library) -> Result<Offered, Refusal> {
        match self {
            SchemeSource::Pack { pack, scheme } => from_pack(library, pack, scheme),
            SchemeSource::Text { file, text } => Ok(Offered {
                frozen: freeze_text(file, text)?,
                path: file.clone(),
                pack: None,
            }),
        }
    }
}

fn from_pack(library: &packs::Library, pack: &str, scheme: &str) -> Result<Offered, Refusal> {
    let resolved = library
        .resolve(pack)
        .map_err(|finding| finding.field("source"))?;
    let schemes = resolved.schemes();
    let Some(file) = schemes.into_iter().find(|file| file.scheme.code == scheme) else {
        return Err(Finding::error("scheme-unknown-in-pack")
            .field("source")
            .arg("found", scheme)
            .arg("pack", pack)
            .into());
    };
    let manifest = &resolved.pack().manifest;
    Ok(Offered {
        frozen: freeze(file)?,
        path: file.path.clone(),
        pack: Some((manifest.name.clone(), manifest.version.clone())),
    })
}
