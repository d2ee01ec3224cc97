//! Answers: one for each node, saved as one goes, with who wrote what and when; judged by reviewers; carried over.

mod actions;
mod carry;
mod history;
mod http;
mod model;
mod reviews;
mod store;

pub(super) use actions::{may_write, node_of};
pub(super) use carry::carry;
pub(super) use history::{writers, wrote};
pub use model::Priority;
pub(super) use store::agree_with_rest;

use crate::frameworks::Answerable;
use crate::kernel::text::NodeCode;
use crate::platform::http::Routing;

/// Registers the handlers.
pub(super) fn routes(config: &mut Routing<'_, '_>) {
    config.service(http::list).service(http::save).service(http::show).service(http::changes);
    config.service(http::review);
}

/// The nodes of a framework that are to be answered when some of its groups are chosen; a node without groups belongs to all.
pub(super) fn in_scope(nodes: Vec<Answerable>, groups: &[NodeCode]) -> Vec<Answerable> {
    let chosen = |node: &Answerable| {
        groups.is_empty()
            || node.groups.0.is_empty()
            || node.groups.0.iter().any(|code| groups.contains(code))
    };
    nodes.into_iter().filter(|node| node.assessable && chosen(node)).collect()
}
