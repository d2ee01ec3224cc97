//! What is told of an assessment's answers: scores, gaps, and what changed between two editions.

use serde::Serialize;
use utoipa::ToSchema;

use crate::assessments::model::Tiers;
use crate::assessments::scoring::Standing;
use crate::assessments::scoring::compare::NodeChange;
use crate::assessments::scoring::gaps::Shortfall;
use crate::assessments::scoring::stages::ScoreMode;
use crate::disclosure::Depth;
use crate::frameworks::{Method, NodeRelation};
use crate::kernel::id::{AssessmentId, FrameworkId, FrameworkNodeId};
use crate::kernel::lang::{Prose, Titles};
use crate::kernel::text::{Label, NodeCode};
use crate::kernel::time::Timestamp;

/// A figure without what only comes from the arithmetic of `f64`: 9 decimals, which is finer than what rounding to a tenth
/// takes for a half. Figures are never rounded before they are compared; whoever shows them rounds half up to one decimal.
pub(super) fn exact(value: f64) -> f64 {
    let cut = (value * 1e9).round() / 1e9;
    if cut.is_finite() { cut + 0.0 } else { value }
}

/// How much of what applies is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ScoreCoverage)]
pub struct Covered {
    /// Answered nodes, of those that apply.
    pub answered: usize,
    /// Nodes to answer that apply.
    pub applicable: usize,
}

/// The lowest and the highest stage of the aspects beneath a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct StageRange {
    /// The lowest.
    pub min: i32,
    /// The highest.
    pub max: i32,
}

/// The figures of a node, or of a whole framework. Which there are depends on the method; all are null unless the node is
/// `scored`: too few answers give no score, which is not a low one. Not rounded; shown to one decimal, half up.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Figures {
    /// Whether there is a score.
    pub standing: Standing,
    /// Answered of what applies.
    pub coverage: Covered,
    /// `stage_gate`: the stage, of an aspect or a factor. A dimension has none.
    pub stage: Option<i32>,
    /// `stage_gate`: the next stage of an aspect that has indicators that apply.
    pub next_stage: Option<i32>,
    /// `stage_gate`: how much of the next stage of an aspect is met, 0 to below 1.
    pub progress: Option<f64>,
    /// `stage_gate`: stage and progress of an aspect together; above, the weighted mean of those below.
    pub index: Option<f64>,
    /// `stage_gate`: stages of the aspects beneath.
    pub range: Option<StageRange>,
    /// `weighted_mean`: where it is, on the scale.
    pub mean: Option<f64>,
    /// `weighted_mean`: the same from 0 to 1, to be shown beside other scales.
    pub share: Option<f64>,
    /// `weighted_mean`: where it shall be, on the scale.
    pub target: Option<f64>,
    /// `weighted_mean`: the mean gap by weight and priority, on the scale.
    pub gap: Option<f64>,
    /// `weighted_mean`: the same from 0 to 1, of the widest gap there could be.
    pub weighted_gap: Option<f64>,
    /// `points_sum`: points that are proven.
    pub points: Option<i64>,
    /// `points_sum`: points that could be had.
    pub most_points: Option<i64>,
    /// `points_sum`: points of the most, 0 to 100.
    pub percent: Option<f64>,
    /// `points_sum`: code of the tier that is reached; null below the lowest.
    pub tier: Option<NodeCode>,
}

impl Figures {
    /// Nothing but where a node stands.
    pub(super) fn of(standing: Standing, coverage: Covered) -> Self {
        Figures {
            standing,
            coverage,
            stage: None,
            next_stage: None,
            progress: None,
            index: None,
            range: None,
            mean: None,
            share: None,
            target: None,
            gap: None,
            weighted_gap: None,
            points: None,
            most_points: None,
            percent: None,
            tier: None,
        }
    }

    /// The one figure that is compared and drawn: index, mean or percentage.
    pub fn figure(&self) -> Option<f64> {
        self.index.or(self.mean).or(self.percent)
    }
}

/// A node with its score.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct NodeScore {
    /// The node.
    pub node_id: FrameworkNodeId,
    /// The node above it.
    pub parent_id: Option<FrameworkNodeId>,
    /// Its code.
    pub code: NodeCode,
    /// What it is called.
    pub name: Option<Titles>,
    /// What it is, in the framework's own word.
    pub kind: Label,
    /// How deep it stands; 1 has no parent.
    pub depth: i32,
    /// How much it counts among its siblings.
    pub weight: i32,
    /// Its score.
    #[serde(flatten)]
    pub figures: Figures,
}

/// The scores of an assessment.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ScoreTree {
    /// The assessment.
    pub assessment_id: AssessmentId,
    /// How answers became scores.
    pub method: Method,
    /// Which answers count.
    pub mode: ScoreMode,
    /// When the answers were so.
    pub as_of: Timestamp,
    /// Percent of what applies that must be answered before there is a score.
    pub coverage_threshold: i32,
    /// How much of it the caller sees: of a summary the topmost nodes.
    pub disclosed: Depth,
    /// Tiers as they were stated, never derived from scores (domain rule B); null for who sees the summary only.
    pub tiers: Option<Tiers>,
    /// The whole.
    pub overall: Figures,
    /// The nodes, parents before children.
    pub nodes: Vec<NodeScore>,
}

/// Something that is missing.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Gap {
    /// Its place in the list, from 1: the most urgent first.
    pub rank: usize,
    /// The node that is not met.
    pub node_id: FrameworkNodeId,
    /// Its code.
    pub code: NodeCode,
    /// What it is called.
    pub name: Option<Titles>,
    /// What it asks for.
    pub text: Option<Prose>,
    /// What it is, in the framework's own word.
    pub kind: Label,
    /// Codes of the nodes above it, the highest first.
    pub above: Vec<NodeCode>,
    /// Why it does not count; null with `weighted_mean`.
    pub shortfall: Option<Shortfall>,
    /// `stage_gate`: the stage that it would help to reach.
    pub stage: Option<i32>,
    /// `weighted_mean`: levels between where it is and where it shall be.
    pub levels: Option<i64>,
    /// `weighted_mean`: how much it matters, 1 to 3.
    pub priority: Option<i32>,
    /// `weighted_mean`: its weight.
    pub weight: Option<i32>,
    /// `weighted_mean`: priority, levels and weight multiplied, by which the list is ordered.
    pub urgency: Option<i64>,
    /// `points_sum`: points that are missing.
    pub points: Option<i32>,
    /// What to do, in the framework's words.
    pub recommendation: Option<Prose>,
}

/// What is missing, the most urgent first: where a plan begins.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct GapList {
    /// The assessment.
    pub assessment_id: AssessmentId,
    /// How answers became scores.
    pub method: Method,
    /// Which answers count.
    pub mode: ScoreMode,
    /// When the answers were so.
    pub as_of: Timestamp,
    /// The gaps. `stage_gate`: what keeps each aspect from its next stage, the lowest stage first. `weighted_mean`: by
    /// urgency. `points_sum`: by missing points.
    pub gaps: Vec<Gap>,
}

crate::codes_enum! {
    /// In what a difference is told.
    pub Unit {
        /// In stages and parts of them.
        Index "index",
        /// In levels of the scale.
        Level "level",
        /// From 0 to 1, because the scales differ.
        Share "share",
        /// In percent.
        Percent "percent",
    }
}

/// A node in two editions.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct NodeShift {
    /// The node, in the later framework; of a removed one in the earlier.
    pub node_id: FrameworkNodeId,
    /// Its code.
    pub code: NodeCode,
    /// What it is called.
    pub name: Option<Titles>,
    /// What it is, in the framework's own word.
    pub kind: Label,
    /// How deep it stands.
    pub depth: i32,
    /// What became of it.
    pub change: NodeChange,
    /// Code of the node that was compared, where a crosswalk leads to it.
    pub from_code: Option<NodeCode>,
    /// How the earlier node relates to the later one, where a crosswalk leads to it.
    pub relation: Option<NodeRelation>,
    /// Whether it had a score.
    pub standing_before: Option<Standing>,
    /// Whether it has one now.
    pub standing_after: Option<Standing>,
    /// Its stage then.
    pub stage_before: Option<i32>,
    /// Its stage now.
    pub stage_after: Option<i32>,
    /// Stages up (or, below zero, down); null unless it has a stage in both and both nodes ask for the same.
    pub stage_delta: Option<i32>,
    /// Its figure then.
    pub before: Option<f64>,
    /// Its figure now.
    pub after: Option<f64>,
    /// How much more (or less); null unless it is scored in both and both nodes ask for the same.
    pub delta: Option<f64>,
}

/// One of the two that are compared.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ComparedSide {
    /// The assessment.
    pub assessment_id: AssessmentId,
    /// What it is called.
    pub title: Titles,
    /// What was assessed.
    pub framework_id: FrameworkId,
    /// Which edition of it.
    pub edition: Label,
    /// When it was validated.
    pub validated_at: Option<Timestamp>,
}

/// What lies between two results.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Shifts {
    /// In what differences are told.
    pub unit: Unit,
    /// The whole then; null when the frameworks differ.
    pub before: Option<f64>,
    /// The whole now; null when the frameworks differ.
    pub after: Option<f64>,
    /// How much more (or less).
    pub delta: Option<f64>,
    /// The nodes of the later one in its order, then those that were removed.
    pub nodes: Vec<NodeShift>,
}

/// Two validated assessments side by side.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Comparison {
    /// The earlier assessment.
    pub earlier: ComparedSide,
    /// The later one.
    pub later: ComparedSide,
    /// True when the frameworks differ and a crosswalk leads from node to node.
    pub mapped: bool,
    /// What lies between.
    #[serde(flatten)]
    pub shifts: Shifts,
}
