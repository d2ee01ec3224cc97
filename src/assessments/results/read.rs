//! Reading what results are made of: the assessment, its framework and its answers, in a few statements whatever the size.

use std::collections::HashMap;

use super::compare::{compared, mapped};
use super::gaps::{Missing, missing, ranked};
use super::model::{ComparedSide, Comparison, Figures, GapList, NodeScore, ScoreTree};
use super::order::{ChartOrder, ComparisonOrder, GapOrder, ScoreOrder};
use super::picture;
use super::sheet::Sheet;
use super::store;
use super::tree::tree;
use crate::accounts::Permit;
use crate::assessments::charts::Chart;
use crate::assessments::model::Assessment;
use crate::assessments::scoring::stages::ScoreMode;
use crate::assessments::sight::{Seen, seen};
use crate::disclosure::{self, Depth};
use crate::frameworks::{self, Framework};
use crate::kernel::access::Action;
use crate::kernel::error::Code;
use crate::kernel::id::{AssessmentId, FrameworkNodeId};
use crate::kernel::lang::{Prose, Titles};
use crate::kernel::text::NodeCode;
use crate::kernel::time::{Day, Timestamp};
use crate::kernel::{Error, Result};
use crate::platform::db::Tx;

/// An assessment with what its results follow from.
pub(super) struct Whole {
    pub seen: Seen,
    pub framework: Framework,
    pub sheet: Sheet,
    pub mode: ScoreMode,
    pub as_of: Timestamp,
}

impl Whole {
    /// Of an assessment that the caller may see so deep; the reading was noted before.
    fn of(tx: &mut Tx, seen: Seen, mode: Option<ScoreMode>) -> Result<Whole> {
        let a = &seen.assessment;
        let validated = a.status.is_validated();
        let mode = mode.unwrap_or(if validated { ScoreMode::Validated } else { ScoreMode::SelfAssessed });
        // What was proven when it was validated stays proven.
        let as_of = a.validated_at.filter(|_| validated).unwrap_or_else(|| tx.now());
        let framework = frameworks::framework(tx, a.framework_id)?.ok_or_else(Error::not_found)?;
        let outline = frameworks::outline(tx, framework.id)?;
        let given = store::given(tx, a.id, Day(as_of.utc().date_naive()))?;
        let sheet = Sheet::new(&framework, outline, &a.groups.0, &given)
            .ok_or_else(|| Error::internal("an assessment over a framework without a method"))?;
        Ok(Whole { seen, framework, sheet, mode, as_of })
    }

    fn side(&self) -> ComparedSide {
        let a = &self.seen.assessment;
        ComparedSide {
            assessment_id: a.id,
            title: a.title.clone(),
            framework_id: a.framework_id,
            edition: self.framework.edition.clone(),
            validated_at: a.validated_at,
        }
    }
}

/// The assessment, for who sees all of it; the reading is noted.
fn in_detail<A: Action>(
    tx: &mut Tx,
    permit: &Permit<A>,
    id: AssessmentId,
    what: &'static str,
) -> Result<Seen> {
    let seen = seen(tx, permit, id)?;
    disclosure::read_of(tx, permit, &seen.holding, &seen.relation, what)?;
    Ok(seen)
}

/// The assessment for who asks for its topmost nodes, which belong to the summary, or for more, which does not.
fn as_deep_as<A: Action>(
    tx: &mut Tx,
    permit: &Permit<A>,
    id: AssessmentId,
    deeper: bool,
    what: &'static str,
) -> Result<(Seen, Depth)> {
    let seen = seen(tx, permit, id)?;
    let depth = seen.relation.depth().ok_or_else(Error::not_found)?;
    if deeper {
        seen.relation.in_detail()?;
    }
    disclosure::note(tx, permit, &seen.holding, &seen.relation, what);
    Ok((seen, depth))
}

/// The scores of an assessment; of a summary the topmost nodes.
pub(super) fn score<A: Action>(
    tx: &mut Tx,
    permit: &Permit<A>,
    id: AssessmentId,
    order: &ScoreOrder,
) -> Result<ScoreTree> {
    let asked = order.depth.map(|depth| depth.0);
    let (seen, disclosed) = as_deep_as(tx, permit, id, asked.is_some_and(|depth| depth > 1), "score")?;
    let whole = Whole::of(tx, seen, order.mode)?;
    let depth = if disclosed == Depth::Summary { Some(1) } else { asked };
    let (overall, nodes) = tree(&whole.sheet, whole.mode, depth);
    Ok(ScoreTree {
        assessment_id: id,
        method: whole.sheet.method,
        mode: whole.mode,
        as_of: whole.as_of,
        coverage_threshold: whole.sheet.coverage_threshold,
        disclosed,
        tiers: (disclosed == Depth::Detail).then_some(whole.seen.assessment.tiers.0),
        overall,
        nodes,
    })
}

/// What is missing, with the words of the framework.
pub(super) fn gaps<A: Action>(
    tx: &mut Tx,
    permit: &Permit<A>,
    id: AssessmentId,
    order: GapOrder,
) -> Result<GapList> {
    let seen = in_detail(tx, permit, id, "gaps")?;
    let whole = Whole::of(tx, seen, order.mode)?;
    let missing = missing(&whole.sheet, whole.mode);
    let nodes: Vec<FrameworkNodeId> =
        missing.iter().filter_map(|(at, _)| whole.sheet.nodes.get(*at)).map(|node| node.id).collect();
    let texts = frameworks::texts(tx, &nodes)?;
    let texts: HashMap<_, _> = texts.into_iter().map(|texts| (texts.id, texts)).collect();
    Ok(GapList {
        assessment_id: id,
        method: whole.sheet.method,
        mode: whole.mode,
        as_of: whole.as_of,
        gaps: ranked(&whole.sheet, &missing, texts),
    })
}

/// What is missing at a node, or somewhere below it.
pub(in crate::assessments) struct GapFound {
    /// The node's code.
    pub code: NodeCode,
    /// What it is called.
    pub name: Option<Titles>,
    /// What to do, in the framework's words.
    pub recommendation: Option<Prose>,
    /// How much it matters, where that is said.
    pub priority: Option<i32>,
}

/// The gap at a node of an assessment that the caller sees in detail, by the answers that stand a review; none where nothing
/// is missing, neither there nor below.
///
/// # Errors
/// When the database refuses.
pub(in crate::assessments) fn gap_at(
    tx: &mut Tx,
    seen: Seen,
    node: FrameworkNodeId,
) -> Result<Option<GapFound>> {
    let Whole { sheet, .. } = Whole::of(tx, seen, Some(ScoreMode::Validated))?;
    let Some(at) = sheet.nodes.iter().position(|held| held.id == node) else { return Ok(None) };
    let missing = missing(&sheet, ScoreMode::Validated);
    let reaches =
        |from: usize| std::iter::successors(Some(from), |place| sheet.above(*place)).any(|place| place == at);
    let Some((place, gap)) = missing.iter().find(|(place, _)| reaches(*place)) else { return Ok(None) };
    let priority = match gap {
        Missing::Levels(gap) if *place == at => Some(gap.priority),
        _ => None,
    };
    let texts = frameworks::texts(tx, &[node])?.pop();
    let held = &sheet.nodes[at];
    Ok(Some(GapFound {
        code: held.code.clone(),
        name: held.name.clone(),
        recommendation: texts.and_then(|texts| texts.recommendation),
        priority,
    }))
}

/// The whole and the top nodes of an assessment, by the answers that stand a review.
///
/// # Errors
/// When the database refuses.
pub(in crate::assessments) fn topmost(tx: &mut Tx, seen: Seen) -> Result<(Figures, Vec<NodeScore>)> {
    let whole = Whole::of(tx, seen, Some(ScoreMode::Validated))?;
    Ok(tree(&whole.sheet, whole.mode, Some(1)))
}

/// Two validated assessments of one country side by side.
pub(super) fn compare<A: Action>(
    tx: &mut Tx,
    permit: &Permit<A>,
    id: AssessmentId,
    order: ComparisonOrder,
) -> Result<Comparison> {
    let later = in_detail(tx, permit, id, "comparison")?;
    let words =
        "Say with which: `with` is the id of an earlier assessment; this one carried no answers over.";
    let missing = || Error::invalid("/with", "missing", words);
    let with = order.with.or(later.assessment.previous_id).ok_or_else(missing)?;
    let earlier = beside(tx, permit, &later.assessment, with)?;
    let mode = Some(ScoreMode::Validated);
    let (earlier, later) = (Whole::of(tx, earlier, mode)?, Whole::of(tx, later, mode)?);
    let alike = earlier.framework.id == later.framework.id;
    let shifts = if alike {
        compared(&earlier.sheet, &later.sheet)
    } else {
        if earlier.sheet.method != later.sheet.method {
            let words = format!(
                "The one is scored by {}, the other by {}: their figures are not of one kind.",
                earlier.sheet.method, later.sheet.method
            );
            return Err(Error::conflict(words));
        }
        let leads = frameworks::between(tx, &earlier.framework.urn, &later.framework.urn)?;
        if leads.is_empty() {
            return Err(no_crosswalk(&earlier.framework, &later.framework));
        }
        mapped(&earlier.sheet, &later.sheet, &leads)
    };
    Ok(Comparison { earlier: earlier.side(), later: later.side(), mapped: !alike, shifts })
}

fn no_crosswalk(from: &Framework, to: &Framework) -> Error {
    Error::conflict(format!(
        "They are of different frameworks, {} ({}) and {} ({}), and no crosswalk leads from one to the other. \
         Bring one in: POST /api/v1/frameworks/import.",
        from.urn, from.edition, to.urn, to.edition
    ))
}

/// The assessment that is set beside another: seen in detail, of the same country and organization, validated as the other is.
fn beside<A: Action>(
    tx: &mut Tx,
    permit: &Permit<A>,
    later: &Assessment,
    with: AssessmentId,
) -> Result<Seen> {
    let earlier = in_detail(tx, permit, with, "comparison").map_err(|error| match error.code {
        Code::NotFound => {
            Error::invalid("/with", "unknown", "There is no such assessment, or it is not yours to see.")
        }
        _ => error,
    })?;
    let a = &earlier.assessment;
    if (a.country, a.organization_id) != (later.country, later.organization_id) {
        let words =
            "Compare assessments of one country, or of one organization of it: countries are not ranked.";
        return Err(Error::invalid("/with", "not_comparable", words));
    }
    for one in [later, a] {
        if !one.status.is_validated() {
            let words = format!(
                "Only validated assessments are compared; {} is {}.",
                one.title.in_lang(crate::kernel::lang::Lang::En),
                one.status
            );
            return Err(Error::conflict(words));
        }
    }
    Ok(earlier)
}

/// Scores as they are drawn; of a summary the topmost nodes.
pub(super) fn chart<A: Action>(
    tx: &mut Tx,
    permit: &Permit<A>,
    id: AssessmentId,
    order: &ChartOrder,
) -> Result<Chart> {
    let deeper =
        order.under.is_some() || order.with.is_some() || order.depth.is_some_and(|depth| depth.0 > 1);
    let (seen, _) = as_deep_as(tx, permit, id, deeper, "chart")?;
    let earlier = match order.with {
        Some(with) => Some(beside(tx, permit, &seen.assessment, with)?),
        None => None,
    };
    let whole = Whole::of(tx, seen, order.mode)?;
    let earlier = match earlier {
        Some(earlier) => Some(Whole::of(tx, earlier, Some(ScoreMode::Validated))?),
        None => None,
    };
    picture::chart(&whole, earlier.as_ref(), order)
}
