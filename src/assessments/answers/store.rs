//! Rows of answers, one for each node that was answered.

use diesel::dsl::count_star;
use diesel::prelude::*;

use super::super::sections::Span;
use super::model::{Answer, AnswerFilter};
use crate::kernel::Result;
use crate::kernel::id::{AssessmentId, FrameworkNodeId};
use crate::kernel::page::{Page, PageRequest, Position};
use crate::kernel::text::NodeCode;
use crate::on_each;
use crate::platform::among::among;
use crate::platform::connection::{MultiBackend, TOGETHER};
use crate::platform::db::Tx;
use crate::platform::schema::{assessment_answers, framework_nodes};

/// An answer with its node's code.
pub(super) type Whole = (Answer, NodeCode);

/// Which answers of an assessment somebody sees.
#[derive(Clone, Debug)]
pub(super) enum Seen {
    /// All of them.
    All,
    /// Those in the sections assigned to them.
    Within(Vec<Span>),
}

impl Seen {
    /// Whether the answer at a place is seen.
    pub(super) fn holds(&self, position: i32) -> bool {
        match self {
            Seen::All => true,
            Seen::Within(spans) => spans.iter().any(|span| span.holds(position)),
        }
    }
}

macro_rules! whole {
    ($assessment:expr) => {
        assessment_answers::table
            .inner_join(framework_nodes::table.on(framework_nodes::id.eq(assessment_answers::node_id)))
            .select((Answer::as_select(), framework_nodes::code))
            .filter(assessment_answers::assessment_id.eq($assessment))
    };
}

/// A page of answers in the order of the framework.
pub(super) fn page(
    tx: &mut Tx,
    assessment: AssessmentId,
    seen: &Seen,
    within: Option<Span>,
    by: &AnswerFilter,
    page: &PageRequest,
) -> Result<Page<Whole>> {
    use assessment_answers as a;
    let mut query = whole!(assessment).into_boxed::<MultiBackend>();
    if let Seen::Within(spans) = seen {
        let mut places: Box<dyn BoxableExpression<_, MultiBackend, SqlType = diesel::sql_types::Bool>> =
            Box::new(a::position.lt(0));
        for span in spans {
            places = Box::new(places.or(a::position.between(span.from, span.to)));
        }
        query = query.filter(places);
    }
    if let Some(span) = within {
        query = query.filter(a::position.between(span.from, span.to));
    }
    if let Some(carried) = by.carried {
        query = query.filter(a::carried.eq(carried.is_yes()));
    }
    if let Some(since) = by.updated_since {
        query = query.filter(a::updated_at.ge(since));
    }
    if let Some(after) = &page.after {
        query = query.filter(a::position.gt(after.key.parse::<i32>().unwrap_or_default()));
    }
    let rows: Vec<Whole> = query.order(a::position).limit(page.fetch()).load(tx.conn())?;
    Ok(Page::of(rows, page, |(row, _)| Position { key: row.position.to_string(), id: row.id.0 }))
}

/// The answer to a node.
pub(super) fn find(tx: &mut Tx, assessment: AssessmentId, node: FrameworkNodeId) -> Result<Option<Whole>> {
    Ok(whole!(assessment).filter(assessment_answers::node_id.eq(node)).first(tx.conn()).optional()?)
}

/// The answers to some nodes.
pub(super) fn of_nodes(
    tx: &mut Tx,
    assessment: AssessmentId,
    nodes: &[FrameworkNodeId],
) -> Result<Vec<Answer>> {
    let rows = assessment_answers::table
        .select(Answer::as_select())
        .filter(assessment_answers::assessment_id.eq(assessment))
        .filter(among(assessment_answers::node_id, nodes));
    Ok(rows.load(tx.conn())?)
}

/// Every answer of an assessment, in the order of the framework.
pub(in super::super) fn all(tx: &mut Tx, assessment: AssessmentId) -> Result<Vec<Answer>> {
    let rows = assessment_answers::table
        .select(Answer::as_select())
        .filter(assessment_answers::assessment_id.eq(assessment))
        .order(assessment_answers::position);
    Ok(rows.load(tx.conn())?)
}

/// Puts answers in the place of what was there: together, not one by one.
pub(super) fn put(tx: &mut Tx, assessment: AssessmentId, answers: &[Answer]) -> Result<()> {
    for some in answers.chunks(TOGETHER) {
        let nodes: Vec<FrameworkNodeId> = some.iter().map(|answer| answer.node_id).collect();
        let before = assessment_answers::table
            .filter(assessment_answers::assessment_id.eq(assessment))
            .filter(among(assessment_answers::node_id, &nodes));
        diesel::delete(before).execute(tx.conn())?;
        on_each!(tx.conn(), c => diesel::insert_into(assessment_answers::table).values(some).execute(c))?;
    }
    Ok(())
}

/// How many nodes have an answer or do not apply.
pub(super) fn count(tx: &mut Tx, assessment: AssessmentId) -> Result<i32> {
    let count: i64 = assessment_answers::table
        .select(count_star())
        .filter(assessment_answers::assessment_id.eq(assessment))
        .filter(assessment_answers::value.is_not_null().or(assessment_answers::not_applicable.eq(true)))
        .first(tx.conn())?;
    Ok(i32::try_from(count).unwrap_or(i32::MAX))
}

/// Where a reviewer said nothing else, what was said is what was validated.
pub(in super::super) fn agree_with_rest(tx: &mut Tx, assessment: AssessmentId) -> Result<()> {
    use assessment_answers as a;
    let rest = a::table
        .filter(a::assessment_id.eq(assessment))
        .filter(a::validated_value.is_null())
        .filter(a::value.is_not_null());
    diesel::update(rest).set(a::validated_value.eq(a::value)).execute(tx.conn())?;
    Ok(())
}
