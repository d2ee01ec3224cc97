//! Scores as a tree, down to a depth.

use super::model::{Figures, NodeScore};
use super::sheet::{Measured, Sheet};
use crate::assessments::scoring::stages::ScoreMode;

/// The whole, and the nodes with a score, parents before children; with `depth` only those that stand at most so deep (1 has no
/// parent).
pub fn tree(sheet: &Sheet, mode: ScoreMode, depth: Option<i32>) -> (Figures, Vec<NodeScore>) {
    let Measured { nodes, overall } = sheet.measured(mode);
    let shown = sheet.nodes.iter().zip(nodes);
    let shown = shown.filter(|(node, _)| depth.is_none_or(|depth| node.depth <= depth));
    let nodes = shown.filter_map(|(node, figures)| {
        Some(NodeScore {
            node_id: node.id,
            parent_id: node.parent_id,
            code: node.code.clone(),
            name: node.name.clone(),
            kind: node.kind.clone(),
            depth: node.depth,
            weight: node.weight,
            figures: figures?,
        })
    });
    (overall, nodes.collect())
}
