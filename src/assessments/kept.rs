//! Results that are kept: the topmost scores of an assessment as they were when it was validated, for profiles of countries
//! and for what holds of many.

use std::collections::HashMap;

use diesel::prelude::*;

use super::model::FrameworkRef;
use super::results::{Covered, Figures, topmost};
use super::sight::Seen;
use super::view::reference;
use crate::disclosure::{Depth, Tlp, disclosed};
use crate::frameworks::frameworks_of;
use crate::kernel::Result;
use crate::kernel::access::Scope;
use crate::kernel::id::{AssessmentId, FrameworkId, FrameworkNodeId, Iso2};
use crate::kernel::lang::Titles;
use crate::kernel::time::Timestamp;
use crate::on_each;
use crate::platform::among::among;
use crate::platform::connection::MultiBackend;
use crate::platform::db::Tx;
use crate::platform::literal::{Literal, literal};
use crate::platform::schema::{assessment_results, assessments, holdings};

/// In the words of the index `assessments_validated`.
const IN_FORCE: Literal =
    literal("assessments.status IN ('validated', 'published') AND assessments.deleted_at IS NULL");
/// Parts of a figure's unit that are kept.
const PARTS: f64 = 1e6;

/// A row: a score of the whole (place 0) or of a top node.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = assessment_results, treat_none_as_default_value = false)]
pub struct Kept {
    /// Of which assessment.
    pub assessment_id: AssessmentId,
    /// Its place in the framework; 0 for the whole.
    pub position: i32,
    /// The node; none for the whole.
    pub node_id: Option<FrameworkNodeId>,
    /// Index, mean or percentage in millionths; none where too little was answered.
    pub figure: Option<i64>,
    /// The stage, where the method has one.
    pub stage: Option<i32>,
    /// Answered nodes, of those that apply.
    pub answered: i32,
    /// Nodes to answer that apply.
    pub applicable: i32,
}

impl Kept {
    /// The figure in the method's own unit.
    pub fn figure(&self) -> Option<f64> {
        self.figure.map(|figure| figure as f64 / PARTS)
    }
}

fn kept(assessment_id: AssessmentId, position: i32, node_id: Option<FrameworkNodeId>, of: &Figures) -> Kept {
    let Covered { answered, applicable } = of.coverage;
    let count = |number: usize| i32::try_from(number).unwrap_or(i32::MAX);
    Kept {
        assessment_id,
        position,
        node_id,
        figure: of.figure().map(|figure| (figure * PARTS).round() as i64),
        stage: of.stage,
        answered: count(answered),
        applicable: count(applicable),
    }
}

/// Keeps the topmost scores of an assessment that was validated in this very transaction.
///
/// # Errors
/// When the database refuses.
pub(super) fn keep(tx: &mut Tx, seen: Seen) -> Result<()> {
    let id = seen.assessment.id;
    let (overall, nodes) = topmost(tx, seen)?;
    let whole = kept(id, 0, None, &overall);
    let below = nodes.iter().zip(1..).map(|(node, place)| kept(id, place, Some(node.node_id), &node.figures));
    let rows: Vec<Kept> = std::iter::once(whole).chain(below).collect();
    on_each!(tx.conn(), c => diesel::insert_into(assessment_results::table).values(&rows).execute(c))?;
    Ok(())
}

/// A validated assessment of a country as a whole, with its kept scores.
#[derive(Clone, Debug)]
pub struct ValidatedResult {
    /// The assessment.
    pub id: AssessmentId,
    /// Whose it is.
    pub country: Iso2,
    /// Over which framework.
    pub framework_id: FrameworkId,
    /// What it is called.
    pub title: Titles,
    /// When it was validated.
    pub validated_at: Option<Timestamp>,
    /// Its scores, the whole first.
    pub scores: Vec<Kept>,
}

type Row = (AssessmentId, Iso2, FrameworkId, Titles, Option<Timestamp>);

/// Most validated assessments of a country that are looked at for its profile.
const MANY: i64 = 500;

/// The latest validated assessment of a country for each framework, as far as the caller may know of it.
///
/// # Errors
/// When the database refuses.
pub fn of_country(tx: &mut Tx, scope: &Scope, country: Iso2) -> Result<Vec<ValidatedResult>> {
    let rows: Vec<Row> = assessments::table
        .select((
            assessments::id,
            assessments::country,
            assessments::framework_id,
            assessments::title,
            assessments::validated_at,
        ))
        .filter(assessments::country.eq(country))
        .filter(assessments::organization_id.is_null())
        .filter(IN_FORCE)
        .filter(disclosed(assessments::id, scope, Depth::Summary))
        .order((assessments::framework_id, assessments::validated_at.desc()))
        .limit(MANY)
        .load(tx.conn())?;
    with_scores(tx, rows)
}

/// The latest validated assessment of each country for each framework, of those whose label lets them count among many
/// (AMBER and wider; TLP table, aggregates). Only figures over at least five countries may be shown of them.
///
/// # Errors
/// When the database refuses.
pub fn of_all(tx: &mut Tx, framework: Option<FrameworkId>) -> Result<Vec<ValidatedResult>> {
    let mut query = assessments::table
        .inner_join(holdings::table.on(holdings::id.eq(assessments::id)))
        .select((
            assessments::id,
            assessments::country,
            assessments::framework_id,
            assessments::title,
            assessments::validated_at,
        ))
        .filter(assessments::organization_id.is_null())
        .filter(IN_FORCE)
        .filter(holdings::deleted_at.is_null())
        .filter(holdings::tlp.eq_any([Tlp::Clear, Tlp::Green, Tlp::Amber]))
        .into_boxed::<MultiBackend>();
    if let Some(framework) = framework {
        query = query.filter(assessments::framework_id.eq(framework));
    }
    let order = (assessments::framework_id, assessments::country, assessments::validated_at.desc());
    let rows: Vec<Row> = query.order(order).load(tx.conn())?;
    with_scores(tx, rows)
}

/// Of rows in order of framework and country, the latest first, the first of each.
fn with_scores(tx: &mut Tx, mut rows: Vec<Row>) -> Result<Vec<ValidatedResult>> {
    rows.dedup_by(|later, first| (later.1, later.2) == (first.1, first.2));
    let ids: Vec<AssessmentId> = rows.iter().map(|row| row.0).collect();
    let scores: Vec<Kept> = assessment_results::table
        .select(Kept::as_select())
        .filter(among(assessment_results::assessment_id, &ids))
        .order((assessment_results::assessment_id, assessment_results::position))
        .load(tx.conn())?;
    let mut by_assessment: HashMap<AssessmentId, Vec<Kept>> = HashMap::new();
    for score in scores {
        by_assessment.entry(score.assessment_id).or_default().push(score);
    }
    let result = |(id, country, framework_id, title, validated_at): Row| ValidatedResult {
        scores: by_assessment.remove(&id).unwrap_or_default(),
        id,
        country,
        framework_id,
        title,
        validated_at,
    };
    Ok(rows.into_iter().map(result).collect())
}

/// Frameworks by what others need to know of them.
///
/// # Errors
/// When the database refuses.
pub fn frameworks_named(tx: &mut Tx, ids: &[FrameworkId]) -> Result<HashMap<FrameworkId, FrameworkRef>> {
    Ok(frameworks_of(tx, ids)?.into_iter().map(reference).collect())
}
