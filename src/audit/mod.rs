//! The audit chain as people read it: lists, the export, signed checkpoints and the verifier.

mod actions;
mod chain;
mod http;
mod model;
mod store;
mod verify;

pub use actions::{
    CHECKPOINT_ROWS, CHECKPOINT_SECONDS, checkpoint, checkpoints_after, export, is_due, verify_database,
};
pub use chain::{PublicKey, Signer};
pub use model::{AuditFilter, Checkpoint};
pub use store::readings;
pub use verify::{Finding, Verdict, verify};

/// Registers the slice's handlers.
pub(crate) fn routes(config: &mut crate::platform::http::Routing<'_, '_>) {
    config.service(http::list).service(http::chain);
}
