//! What is missing, ranked by the method of the framework, with what to do about it.

use std::collections::HashMap;

use super::model::Gap;
use super::sheet::Sheet;
use crate::assessments::scoring::gaps;
use crate::assessments::scoring::stages::ScoreMode;
use crate::frameworks::{Method, NodeTexts};
use crate::kernel::id::FrameworkNodeId;

/// Nodes that are missing, the most urgent first, as places in the sheet.
pub fn missing(sheet: &Sheet, mode: ScoreMode) -> Vec<(usize, Missing)> {
    match sheet.method {
        Method::StageGate => {
            let answers = sheet.verdicts(mode);
            let found = gaps::of_stages(&sheet.of_stages(&answers, mode));
            found.into_iter().map(|gap| (gap.node, Missing::Stage(gap))).collect()
        }
        Method::WeightedMean => {
            let answers = sheet.positions(mode);
            let found = gaps::of_profile(&sheet.of_profile(&answers));
            found.into_iter().map(|gap| (gap.node, Missing::Levels(gap))).collect()
        }
        Method::PointsSum => {
            let (answers, tiers) = (sheet.claims(mode), sheet.tiers());
            let found = gaps::of_points(&sheet.of_points(&answers, &tiers));
            found.into_iter().map(|gap| (gap.node, Missing::Points(gap))).collect()
        }
    }
}

/// What is missing of a node, by method.
#[derive(Clone, Copy, Debug)]
pub enum Missing {
    /// It keeps an aspect from its next stage.
    Stage(gaps::StageGap),
    /// It is not where it shall be.
    Levels(gaps::ProfileGap),
    /// It does not have all its points.
    Points(gaps::PointsGap),
}

/// The gaps with the texts of their nodes.
pub fn ranked(
    sheet: &Sheet,
    missing: &[(usize, Missing)],
    mut texts: HashMap<FrameworkNodeId, NodeTexts>,
) -> Vec<Gap> {
    let listed = missing.iter().filter_map(|(at, what)| Some((*at, sheet.nodes.get(*at)?, *what)));
    let gaps = listed.zip(1..).map(|((at, node, what), rank)| {
        let texts = texts.remove(&node.id);
        let (text, recommendation) = texts.map_or((None, None), |texts| (texts.text, texts.recommendation));
        let gap = Gap {
            rank,
            node_id: node.id,
            code: node.code.clone(),
            name: node.name.clone(),
            text,
            kind: node.kind.clone(),
            above: codes_above(sheet, at),
            shortfall: None,
            stage: None,
            levels: None,
            priority: None,
            weight: None,
            urgency: None,
            points: None,
            recommendation,
        };
        match what {
            Missing::Stage(found) => Gap { stage: Some(found.stage), shortfall: Some(found.lack), ..gap },
            Missing::Levels(found) => Gap {
                levels: Some(found.gap),
                priority: Some(found.priority),
                weight: Some(found.weight),
                urgency: Some(found.rank),
                ..gap
            },
            Missing::Points(found) => Gap { points: Some(found.missing), shortfall: Some(found.lack), ..gap },
        }
    });
    gaps.collect()
}

fn codes_above(sheet: &Sheet, at: usize) -> Vec<crate::kernel::text::NodeCode> {
    let above = std::iter::successors(sheet.above(at), |above| sheet.above(*above));
    let mut codes: Vec<_> =
        above.filter_map(|at| sheet.nodes.get(at)).map(|node| node.code.clone()).collect();
    codes.reverse();
    codes
}
