//! The command door, the features, and the six places where features meet.
//!
//! The record changes only through a [`Command`]: one door ([`App::execute`]) for forms, the API,
//! imports, jobs and the command line. A [`Feature`] is what one capability brings, as data;
//! features never know each other and meet in [`measure`], [`event`], [`reference`], [`panel`],
//! [`guard`] and [`effect`]. What waits for a decision by a day is listed through the port [`work`].

pub mod clock;
pub mod command;
mod core_feature;
pub mod demo_clock;
pub mod dispute;
mod door;
pub mod effect;
pub mod event;
mod execute;
pub mod feature;
pub mod files;
pub mod guard;
mod house;
pub mod job;
pub mod journal_read;
pub mod keys;
mod leaf;
pub mod measure;
pub mod panel;
pub mod purge;
pub mod recovery_code;
pub mod reference;
pub mod refusal;
pub mod restored;
pub mod schema;
pub mod sealer;
pub mod sweep;
pub mod tenant;
pub mod testing;
pub mod upload;
pub mod upload_part;
pub mod work;
pub mod worker;

pub use clock::{
    Clock, Entropy, ManualClock, SeededEntropy, ShiftedClock, SystemClock, SystemEntropy,
};
pub use command::{Command, CommandSchema, CommandSpec, Envelope, Gathered};
pub use core_feature::core_feature;
pub use door::{Authority, DeniedAct, Door};
pub use effect::Effect;
pub use event::{Event, Handler};
pub use execute::{Caller, Done};
pub use feature::{Feature, Recount, Recounted};
pub use files::{FileHash, FileStore, PartHold};
pub use guard::{Guard, GuardQuestion};
pub use house::{App, Claimed, Parts};
pub use job::{JobSpec, NewJob};
pub use journal::{MAX_NAME_BYTES, Via};
pub use keys::Keys;
pub use measure::{
    DeclaredMeasure, DeclaredMeasures, MEASURE_CHANGED, MeasureProvider, MeasureQuestion,
    MeasureValue, Measured,
};
pub use panel::{Panel, PanelArg, PanelItem, PanelQuestion, PanelSlot};
pub use reference::{Ref, RefSpec, RefView};
pub use refusal::{Refusal, RefusalKind};
pub use tenant::Establisher;
pub use work::{WorkItem, WorkSource};
pub use worker::Worker;
