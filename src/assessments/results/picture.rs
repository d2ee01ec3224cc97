//! From scores to a chart: which nodes, which rings, what stands beside them.

use std::collections::HashMap;

use super::model::Figures;
use super::order::ChartOrder;
use super::read::Whole;
use crate::assessments::charts::{Chart, ChartKind, Ring, SPOKES, SecondFigure, Spoke};
use crate::frameworks::{Method, NodeOutline};
use crate::kernel::id::FrameworkNodeId;
use crate::kernel::time::Day;
use crate::kernel::{Error, Result};

/// Most bars of a picture; who wants more reads the scores.
const MOST: usize = 200;

/// Draws what was asked for.
///
/// # Errors
/// 422 for an unknown node, a radar of too few or too many nodes, too many bars; 409 beside another edition.
pub(super) fn chart(whole: &Whole, earlier: Option<&Whole>, order: &ChartOrder) -> Result<Chart> {
    if earlier.is_some_and(|earlier| earlier.framework.id != whole.framework.id) {
        let words =
            "A chart shows two assessments of the same edition of a framework; compare others by /compare.";
        return Err(Error::conflict(words));
    }
    let measured = whole.sheet.measured(whole.mode);
    let places = places(whole, order)?;
    let then = earlier.map(by_node);
    let targets = then.is_none() && whole.sheet.method == Method::WeightedMean;
    let spoke = |at: usize| {
        let (node, figures) = (whole.sheet.nodes.get(at)?, measured.nodes.get(at)?.as_ref()?);
        let second = match &then {
            Some(then) => then.get(&node.id).copied(),
            None => figures.target.filter(|_| targets),
        };
        Some(drawn(node, figures, second))
    };
    let spokes: Vec<Spoke> = places.into_iter().filter_map(spoke).collect();
    let second = match then {
        Some(_) => Some(SecondFigure::Earlier),
        None => {
            (targets && spokes.iter().any(|spoke| spoke.second.is_some())).then_some(SecondFigure::Target)
        }
    };
    Ok(Chart {
        kind: kind(order, spokes.len())?,
        title: whole.seen.assessment.title.clone(),
        framework: whole.framework.name.clone(),
        mode: whole.mode,
        as_of: Day(whole.as_of.utc().date_naive()),
        percent: whole.sheet.method == Method::PointsSum,
        overall: measured.overall.figure(),
        rings: rings(whole),
        second,
        second_as_of: earlier.map(|earlier| Day(earlier.as_of.utc().date_naive())),
        spokes,
    })
}

/// Places of the nodes that are drawn.
fn places(whole: &Whole, order: &ChartOrder) -> Result<Vec<usize>> {
    let nodes = &whole.sheet.nodes;
    let all = 0..nodes.len();
    let Some(code) = &order.under else {
        let depth = order.depth.map_or(1, |depth| depth.0);
        return Ok(all.filter(|at| nodes[*at].depth == depth).collect());
    };
    let unknown = || Error::invalid("/under", "unknown", "The framework has no such node in scope.");
    let above = nodes.iter().position(|node| node.code == *code).ok_or_else(unknown)?;
    Ok(all.filter(|at| whole.sheet.above(*at) == Some(above)).collect())
}

fn kind(order: &ChartOrder, count: usize) -> Result<ChartKind> {
    if count > MOST {
        let words =
            format!("At most {MOST} bars are drawn; these would be {count}. Use `under` or a smaller depth.");
        return Err(Error::invalid("/depth", "too_many", words));
    }
    let round = SPOKES.contains(&count);
    match order.kind {
        None => Ok(if round { ChartKind::Radar } else { ChartKind::Bars }),
        Some(ChartKind::Radar) if !round => {
            let words = format!(
                "A radar has {} to {} nodes; these are {count}. Use bars, another depth or `under`.",
                SPOKES.start(),
                SPOKES.end()
            );
            Err(Error::invalid("/kind", "not_drawable", words))
        }
        Some(kind) => Ok(kind),
    }
}

/// The levels of the scale; of points every quarter.
fn rings(whole: &Whole) -> Vec<Ring> {
    match whole.sheet.method {
        Method::PointsSum => [0, 25, 50, 75, 100].map(|value| Ring { value, name: None }).into(),
        Method::StageGate | Method::WeightedMean => {
            let levels = whole.framework.scale.0.iter();
            levels.map(|level| Ring { value: level.value, name: Some(level.name.clone()) }).collect()
        }
    }
}

fn by_node(earlier: &Whole) -> HashMap<FrameworkNodeId, f64> {
    let measured = earlier.sheet.measured(earlier.mode);
    let told = earlier.sheet.nodes.iter().zip(measured.nodes);
    told.filter_map(|(node, figures)| Some((node.id, figures?.figure()?))).collect()
}

fn drawn(node: &NodeOutline, figures: &Figures, second: Option<f64>) -> Spoke {
    Spoke {
        node_id: node.id,
        code: node.code.clone(),
        name: node.name.clone(),
        standing: figures.standing,
        answered: figures.coverage.answered,
        applicable: figures.coverage.applicable,
        value: figures.figure(),
        lowest: figures.range.map(|range| range.min),
        highest: figures.range.map(|range| range.max),
        second,
    }
}
