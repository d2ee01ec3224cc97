//! What follows from the answers of an assessment: scores, ranked gaps, two editions side by side, pictures.
//!
//! `sheet`, `tree`, `gaps`, `compare` and `picture` are pure; `read` brings together what they need.

mod compare;
mod gaps;
mod http;
mod model;
mod order;
mod picture;
mod read;
mod sheet;
mod store;
mod tree;

pub use compare::{Lead, compared, mapped};
pub use gaps::{Missing, missing, ranked};
pub use model::{
    ComparedSide, Comparison, Covered, Figures, Gap, GapList, NodeScore, NodeShift, ScoreTree, Shifts,
    StageRange, Unit,
};
pub(super) use read::{GapFound, gap_at, topmost};
pub use sheet::{AnswerGiven, Measured, Sheet};
pub use tree::tree;

use crate::platform::http::Routing;

/// Registers the handlers.
pub(super) fn routes(config: &mut Routing<'_, '_>) {
    config.service(http::score).service(http::gaps).service(http::compare).service(http::chart);
    config.service(http::chart_picture);
}
