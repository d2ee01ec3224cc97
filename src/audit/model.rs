//! What is asked of the audit chain, and its signed checkpoints.

use deserr::Deserr;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

use crate::kernel::id::{EventId, Iso2, UserId};
use crate::kernel::parse::Faults;
use crate::kernel::text::Label;
use crate::kernel::time::Timestamp;
use crate::platform::schema::audit_checkpoints;

/// Which events are wanted; the latest come first.
#[derive(Clone, Debug, Default, Deserr, IntoParams)]
#[deserr(error = Faults, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AuditFilter {
    /// Done by this person.
    #[deserr(default)]
    #[param(inline)]
    pub actor: Option<UserId>,
    /// Done to this object: an id, or the letters of a country.
    #[deserr(default)]
    #[param(inline)]
    pub object_id: Option<Label>,
    /// Concerning this country.
    #[deserr(default)]
    #[param(inline)]
    pub country: Option<Iso2>,
    /// This action, for example `program.created`.
    #[deserr(default)]
    #[param(inline)]
    pub action: Option<Label>,
    /// At this instant or later.
    #[deserr(default)]
    #[param(inline)]
    pub since: Option<Timestamp>,
    /// Before this instant.
    #[deserr(default)]
    #[param(inline)]
    pub until: Option<Timestamp>,
}

/// The signed head of the chain at an instant. Kept outside of the house it proves that nothing before it was changed,
/// and that nothing up to it is missing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Queryable, Selectable, Insertable)]
#[diesel(table_name = audit_checkpoints)]
pub struct Checkpoint {
    /// Rows in the chain.
    pub seq: i64,
    /// Hash of the last of them.
    pub hash: String,
    /// When it was signed.
    pub at: Timestamp,
    /// Names the run of the service that signed.
    pub boot: EventId,
    /// Ed25519 over [`signed`](Checkpoint::signed), 128 hexadecimal digits.
    pub signature: String,
}

impl Checkpoint {
    /// What the signature covers.
    pub fn signed(&self) -> String {
        format!("cybercap checkpoint v1\n{}\n{}\n{}\n{}", self.seq, self.hash, self.at.0, self.boot)
    }
}

/// A line of the export that is no row of the chain.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct CheckpointLine {
    pub checkpoint: Checkpoint,
}
