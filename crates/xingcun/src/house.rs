//! Joins the parts of the program: features, their pages, and what a data folder holds.

use std::sync::Arc;

use app::{App, Clock, Entropy, Feature, FileStore, Keys, Parts, SystemClock, core_feature};
use store::{Schema, Store};
use web::FeatureWeb;

use crate::folder::Folder;

/// Every feature, in the order in which their event handlers run. A demonstration has one more.
pub fn features(demonstration: bool) -> Vec<Feature> {
    let mut features = vec![core_feature(), registry::feature(), assessment::feature()];
    if demonstration {
        features.push(app::demo_clock::feature());
    }
    features
}

/// Pages and texts of every feature.
pub fn webs() -> Vec<FeatureWeb> {
    vec![registry::web(), assessment::web()]
}

/// Every table of the program.
pub fn schemas(demonstration: bool) -> Vec<Schema> {
    features(demonstration)
        .iter()
        .flat_map(|feature| feature.schemas.clone())
        .collect()
}

/// The packs of an installation: the shipped ones and the folders in `DIR/packs`.
pub fn packs(folder: &Folder) -> std::io::Result<packs::Library> {
    let mut library = packs::Library::shipped();
    let own = folder.packs();
    if own.is_dir() {
        let mut folders: Vec<_> = std::fs::read_dir(&own)?
            .map(|entry| entry.map(|e| e.path()))
            .collect::<Result<_, _>>()?;
        folders.retain(|path| path.is_dir());
        folders.sort();
        for path in folders {
            library = library.with(&packs::Directory::new(path));
        }
    }
    Ok(library)
}

/// The program on a folder's database, opened for writing.
pub fn open(
    folder: &Folder,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
) -> Result<App, Box<dyn std::error::Error>> {
    let store = Store::open(&folder.database(), &schemas(folder.config.demonstration))?;
    join(folder, store, clock, entropy)
}

/// The program on a store that is open already.
pub fn join(
    folder: &Folder,
    store: Store,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
) -> Result<App, Box<dyn std::error::Error>> {
    Ok(App::new(Parts {
        store,
        clock,
        session_clock: Arc::new(SystemClock),
        entropy,
        keys: Keys::read(&folder.keys())?,
        profile: folder.config.profile(),
        files: FileStore::open(&folder.files())?,
        packs: Arc::new(packs(folder)?),
        features: features(folder.config.demonstration),
    })?)
}
