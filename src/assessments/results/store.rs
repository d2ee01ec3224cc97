//! The answers of an assessment as scores need them: one statement for the answers, one for what proves them.

use std::collections::HashMap;

use diesel::prelude::*;

use super::sheet::AnswerGiven;
use crate::assessments::evidence::EvidenceStatus;
use crate::kernel::Result;
use crate::kernel::id::{AssessmentId, FrameworkNodeId};
use crate::kernel::time::Day;
use crate::platform::db::Tx;
use crate::platform::schema::{assessment_answers as a, assessment_evidence as e};

type Row = (FrameworkNodeId, Option<i32>, Option<i32>, Option<i32>, Option<i32>, bool);

/// What was answered to each node, with what proves it on a day: what was rejected or has ended proves nothing.
pub(super) fn given(
    tx: &mut Tx,
    assessment: AssessmentId,
    on: Day,
) -> Result<HashMap<FrameworkNodeId, AnswerGiven>> {
    let columns = (a::node_id, a::value, a::validated_value, a::target, a::priority, a::not_applicable);
    let rows: Vec<Row> = a::table.select(columns).filter(a::assessment_id.eq(assessment)).load(tx.conn())?;
    let answer = |(node, value, validated_value, target, priority, not_applicable): Row| {
        let given = AnswerGiven {
            value,
            validated_value,
            target,
            priority,
            not_applicable,
            ..AnswerGiven::default()
        };
        (node, given)
    };
    let mut given: HashMap<FrameworkNodeId, AnswerGiven> = rows.into_iter().map(answer).collect();
    let proofs: Vec<(FrameworkNodeId, EvidenceStatus)> = e::table
        .select((e::node_id, e::status))
        .filter(e::assessment_id.eq(assessment))
        .filter(e::status.ne(EvidenceStatus::Rejected))
        .filter(e::valid_until.is_null().or(e::valid_until.ge(on)))
        .distinct()
        .load(tx.conn())?;
    for (node, status) in proofs {
        let Some(answer) = given.get_mut(&node) else { continue };
        answer.evidence = true;
        answer.evidence_accepted |= status == EvidenceStatus::Accepted;
    }
    Ok(given)
}
