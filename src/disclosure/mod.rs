//! Whose it is and who may see it: what countries own, its TLP label, who is named on it, to whom it is disclosed, and who read it.

mod label;
mod labels;
mod model;
mod noting;
mod reach;
mod readings;
mod relation;
mod shares;
mod store;

pub use label::Tlp;
pub use model::{Depth, Holding, HoldingKind, Part};
pub use noting::note_all;
pub use reach::{Disclosed, disclosed, singly_disclosed};
pub use readings::{note, read_of};
pub use relation::{Relation, relation, relation_of};
pub use shares::{ShareGrant, ShareStatus, told};
pub use store::{enter, find, name, named, publish, remove, rename, unname};

use crate::platform::http::Routing;

/// Registers the slice's handlers.
pub(crate) fn routes(config: &mut Routing<'_, '_>) {
    config.service(readings::access_log);
    shares::routes(config);
    labels::routes(config);
}
