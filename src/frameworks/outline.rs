//! Frameworks for those who assess with them: the tree without its long texts, and the texts of some nodes.

use diesel::prelude::*;

use crate::kernel::Result;
use crate::kernel::id::{FrameworkId, FrameworkNodeId};
use crate::kernel::lang::{Prose, Titles};
use crate::kernel::stored::Stored;
use crate::kernel::text::{Label, NodeCode, Urn};
use crate::platform::db::Tx;
use crate::platform::schema::framework_nodes;

/// A node without its long texts.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = framework_nodes)]
pub struct NodeOutline {
    /// The node.
    pub id: FrameworkNodeId,
    /// How deep it stands; 1 has no parent.
    pub depth: i32,
    /// The node above it.
    pub parent_id: Option<FrameworkNodeId>,
    /// Its code, once in the framework.
    pub code: NodeCode,
    /// Its name among all nodes of all frameworks; crosswalks name nodes by it.
    pub urn: Urn,
    /// What it is, in the framework's own word.
    pub kind: Label,
    /// True when it is answered.
    pub assessable: bool,
    /// How much it counts among its siblings.
    pub weight: i32,
    /// The stage that it belongs to; only with `stage_gate`.
    pub stage: Option<i32>,
    /// The most points that it gives; only with `points_sum`.
    pub points: Option<i32>,
    /// What it is called.
    pub name: Option<Titles>,
    /// Codes of the groups that it belongs to; none for all.
    pub groups: Stored<Vec<NodeCode>>,
}

/// What a node asks for and what to do when it is not met.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = framework_nodes)]
pub struct NodeTexts {
    /// The node.
    pub id: FrameworkNodeId,
    /// What it asks for.
    pub text: Option<Prose>,
    /// What to do when it is not met.
    pub recommendation: Option<Prose>,
}

/// The tree of a framework, parents before children; at most 20,000 nodes.
///
/// # Errors
/// When the database refuses.
pub fn outline(tx: &mut Tx, framework: FrameworkId) -> Result<Vec<NodeOutline>> {
    let rows = framework_nodes::table
        .select(NodeOutline::as_select())
        .filter(framework_nodes::framework_id.eq(framework))
        .order(framework_nodes::position);
    Ok(rows.load(tx.conn())?)
}

/// The texts of some nodes.
///
/// # Errors
/// When the database refuses.
pub fn texts(tx: &mut Tx, nodes: &[FrameworkNodeId]) -> Result<Vec<NodeTexts>> {
    let rows =
        framework_nodes::table.select(NodeTexts::as_select()).filter(framework_nodes::id.eq_any(nodes));
    Ok(rows.load(tx.conn())?)
}
