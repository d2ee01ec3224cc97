//! Nodes by their names, for records that point at one: a class, a tag, an outcome.

use std::collections::HashMap;

use diesel::prelude::*;
use serde::Serialize;
use utoipa::ToSchema;

use super::scale::Method;
use crate::kernel::Result;
use crate::kernel::error::FieldError;
use crate::kernel::id::{FrameworkId, FrameworkNodeId};
use crate::kernel::lang::Titles;
use crate::kernel::text::{Label, NodeCode, Urn};
use crate::platform::among::among;
use crate::platform::db::Tx;
use crate::platform::schema::{framework_nodes, frameworks};

/// A node of a framework, as another record names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Queryable, ToSchema)]
pub struct NamedNode {
    /// The node.
    pub id: FrameworkNodeId,
    /// Its code.
    pub code: NodeCode,
    /// What it is in its framework: `tier`, `domain`, `outcome` ...
    pub kind: Label,
    /// What it is called.
    pub name: Option<Titles>,
    /// The node above it.
    pub parent_id: Option<FrameworkNodeId>,
    /// Its framework.
    pub framework_id: FrameworkId,
    /// What the framework is named among all.
    pub framework: Urn,
    /// Which edition of it.
    pub edition: Label,
    /// How the framework is scored; null for a taxonomy, which only tags.
    #[serde(skip)]
    pub method: Option<Method>,
}

/// Nodes by their ids.
///
/// # Errors
/// When the database refuses.
pub fn nodes_named(tx: &mut Tx, ids: &[FrameworkNodeId]) -> Result<HashMap<FrameworkNodeId, NamedNode>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<NamedNode> = framework_nodes::table
        .inner_join(frameworks::table.on(frameworks::id.eq(framework_nodes::framework_id)))
        .select((
            framework_nodes::id,
            framework_nodes::code,
            framework_nodes::kind,
            framework_nodes::name,
            framework_nodes::parent_id,
            frameworks::id,
            frameworks::urn,
            frameworks::edition,
            frameworks::method,
        ))
        .filter(among(framework_nodes::id, ids))
        .load(tx.conn())?;
    Ok(rows.into_iter().map(|node| (node.id, node)).collect())
}

/// What is wrong with nodes that a body names: that there are none such.
pub fn unknown_nodes(
    known: &HashMap<FrameworkNodeId, NamedNode>,
    named: &[(String, FrameworkNodeId)],
) -> Vec<FieldError> {
    let missing = named.iter().filter(|(_, id)| !known.contains_key(id));
    let fault = |(at, _): &(String, FrameworkNodeId)| {
        FieldError::at(at, "unknown", "There is no such node; GET /frameworks/{id}/nodes lists them.")
    };
    missing.map(fault).collect()
}
