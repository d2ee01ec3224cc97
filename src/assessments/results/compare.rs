//! Two editions side by side: of one framework, or of two that a crosswalk leads between.

use std::collections::HashMap;

use super::model::{Figures, NodeShift, Shifts, Unit, exact};
use super::sheet::Sheet;
use crate::assessments::scoring::compare::{Delta, NodeChange, Reading, compare};
use crate::assessments::scoring::profile::share;
use crate::assessments::scoring::stages::ScoreMode;
use crate::frameworks::{Method, NodeOutline, NodeRelation};
use crate::kernel::id::FrameworkNodeId;
use crate::kernel::text::Urn;

/// A line of a crosswalk: a node of the earlier framework, one of the later, and how the first relates to the second.
pub type Lead = (Urn, Urn, NodeRelation);

/// A node of a result.
struct Told<'a> {
    node: &'a NodeOutline,
    figures: Figures,
    figure: Option<f64>,
}

/// A result node by node, in framework order.
struct Side<'a> {
    told: Vec<Told<'a>>,
    overall: Figures,
}

/// Compares two validated results of the same edition of a framework (domain rule A).
pub fn compared(earlier: &Sheet, later: &Sheet) -> Shifts {
    let unit = unit(earlier, later);
    let (before, after) = (side(earlier, unit), side(later, unit));
    let deltas = compare(&readings(&before, |node| node.id), &readings(&after, |node| node.id));
    let (then, now) = (by_id(&before), by_id(&after));
    let nodes = deltas.iter().filter_map(|delta| {
        let (then, now) = (then.get(&delta.key).copied(), now.get(&delta.key).copied());
        Some(shift(now.or(then)?.node, delta, then, now))
    });
    let (whole_then, whole_now) = (of(&before.overall, earlier, unit), of(&after.overall, later, unit));
    Shifts {
        unit,
        before: whole_then,
        after: whole_now,
        delta: whole_then.zip(whole_now).map(|(then, now)| exact(now - then)),
        nodes: nodes.collect(),
    }
}

/// Compares two validated results of different editions or frameworks: a node of the later one with the node that a
/// crosswalk leads from. One that asks for the same is taken before others; only then there are differences.
pub fn mapped(earlier: &Sheet, later: &Sheet, leads: &[Lead]) -> Shifts {
    let unit = unit(earlier, later);
    let (before, after) = (side(earlier, unit), side(later, unit));
    let from: HashMap<&Urn, &Told> = before.told.iter().map(|told| (&told.node.urn, told)).collect();
    let mut led: HashMap<&Urn, (&Told, NodeRelation)> = HashMap::new();
    for (node, to, relation) in leads {
        let Some(told) = from.get(node) else { continue };
        let held = led.get(to).map(|(_, relation)| *relation);
        if held.is_none_or(|held| held != NodeRelation::Equal && *relation == NodeRelation::Equal) {
            led.insert(to, (told, *relation));
        }
    }
    let mut nodes: Vec<NodeShift> =
        after.told.iter().map(|now| led_to(now, led.get(&now.node.urn))).collect();
    let reached: std::collections::HashSet<&Urn> = leads.iter().map(|(node, ..)| node).collect();
    let lost = before.told.iter().filter(|told| !reached.contains(&told.node.urn));
    nodes.extend(lost.map(|then| {
        let deltas = compare(&[reading(then, 0)], &[]);
        NodeShift { change: NodeChange::Removed, ..shift(then.node, &deltas[0], Some(then), None) }
    }));
    Shifts { unit, before: None, after: None, delta: None, nodes }
}

fn led_to(now: &Told, then: Option<&(&Told, NodeRelation)>) -> NodeShift {
    let Some((then, relation)) = then else {
        let deltas = compare(&[], &[reading(now, 0)]);
        return shift(now.node, &deltas[0], None, Some(now));
    };
    let deltas = compare(&[reading(then, 0)], &[reading(now, 0)]);
    let told = shift(now.node, &deltas[0], Some(then), Some(now));
    let led = NodeShift { from_code: Some(then.node.code.clone()), relation: Some(*relation), ..told };
    match relation {
        NodeRelation::Equal => led,
        // They ask for different things: what lies between the two figures says nothing.
        _ => NodeShift { stage_delta: None, delta: None, ..led },
    }
}

/// Scales that differ are mapped to 0..1 first (domain rule B).
fn unit(earlier: &Sheet, later: &Sheet) -> Unit {
    match (later.method, earlier.scale == later.scale) {
        (Method::PointsSum, _) => Unit::Percent,
        (_, false) => Unit::Share,
        (Method::StageGate, true) => Unit::Index,
        (Method::WeightedMean, true) => Unit::Level,
    }
}

fn of(figures: &Figures, sheet: &Sheet, unit: Unit) -> Option<f64> {
    let figure = figures.figure()?;
    if unit == Unit::Share { share(figure, &sheet.scale).map(exact) } else { Some(figure) }
}

fn side(sheet: &Sheet, unit: Unit) -> Side<'_> {
    let measured = sheet.measured(ScoreMode::Validated);
    let told = sheet.nodes.iter().zip(measured.nodes).filter_map(|(node, figures)| {
        let mut figures = figures?;
        let figure = of(&figures, sheet, unit);
        // Stages of different scales are different stages.
        figures.stage = figures.stage.filter(|_| unit != Unit::Share);
        Some(Told { node, figures, figure })
    });
    Side { told: told.collect(), overall: measured.overall }
}

fn readings<K>(side: &Side, key: impl Fn(&NodeOutline) -> K) -> Vec<Reading<K>> {
    side.told.iter().map(|told| reading(told, key(told.node))).collect()
}

fn reading<K>(told: &Told, key: K) -> Reading<K> {
    Reading { key, standing: told.figures.standing, stage: told.figures.stage, index: told.figure }
}

fn by_id<'a>(side: &'a Side<'a>) -> HashMap<FrameworkNodeId, &'a Told<'a>> {
    side.told.iter().map(|told| (told.node.id, told)).collect()
}

fn shift<K>(node: &NodeOutline, delta: &Delta<K>, then: Option<&Told>, now: Option<&Told>) -> NodeShift {
    NodeShift {
        node_id: node.id,
        code: node.code.clone(),
        name: node.name.clone(),
        kind: node.kind.clone(),
        depth: node.depth,
        change: delta.change,
        from_code: None,
        relation: None,
        standing_before: delta.before,
        standing_after: delta.after,
        stage_before: then.and_then(|told| told.figures.stage),
        stage_after: now.and_then(|told| told.figures.stage),
        stage_delta: delta.stage,
        before: then.and_then(|told| told.figure),
        after: now.and_then(|told| told.figure),
        delta: delta.index.map(exact),
    }
}

#[cfg(test)]
mod tests {
    use super::super::sheet::tests::{EXAMPLE, sheet, value};
    use super::super::sheet::{AnswerGiven, Sheet};
    use super::*;
    use crate::kernel::parse::FromText;

    fn met(last: usize) -> Sheet {
        let given: Vec<_> = (1..=last)
            .map(|place| (place, AnswerGiven { evidence_accepted: true, ..value(2) }))
            .chain((last + 1..=9).map(|place| (place, value(0))))
            .collect();
        sheet(Method::StageGate, &[1, 2, 3, 4, 5], EXAMPLE, &given)
    }

    #[test]
    fn two_editions_of_one_framework_are_told_node_by_node() {
        let told = compared(&met(3), &met(9));
        assert_eq!(
            (told.unit, told.before, told.after, told.delta),
            (Unit::Index, Some(2.0), Some(4.0), Some(2.0))
        );
        assert_eq!(told.nodes.len(), 1);
        let node = &told.nodes[0];
        assert_eq!((node.change, node.stage_delta, node.delta), (NodeChange::Changed, Some(2), Some(2.0)));
        assert_eq!((node.stage_before, node.stage_after), (Some(2), Some(4)));
        assert_eq!(compared(&met(5), &met(5)).nodes[0].change, NodeChange::Unchanged);
    }

    fn urn(code: &str) -> Urn {
        Urn::from_text(&format!("urn:test:f:{code}")).expect("a urn")
    }

    #[test]
    fn a_crosswalk_leads_from_node_to_node_and_only_equal_ones_are_subtracted() {
        let lines = "F -\n A 0 =\n B 0 =\n C 0 =";
        let given = |values: [i32; 3]| [(1, value(values[0])), (2, value(values[1])), (3, value(values[2]))];
        let earlier = sheet(Method::WeightedMean, &[0, 1, 2, 3, 4], lines, &given([1, 2, 3]));
        let later = sheet(Method::WeightedMean, &[0, 1, 2, 3, 4], lines, &given([3, 3, 3]));
        let lead = |from: &str, to: &str, relation| (urn(from), urn(to), relation);
        let leads = [
            lead("b", "a", NodeRelation::Intersects),
            lead("a", "a", NodeRelation::Equal),
            lead("b", "b", NodeRelation::Subset),
        ];
        let told = mapped(&earlier, &later, &leads);
        let listed: Vec<_> = told
            .nodes
            .iter()
            .map(|node| (node.code.as_str(), node.change, node.relation, node.before, node.after, node.delta))
            .collect();
        assert_eq!(
            listed,
            [
                ("F", NodeChange::New, None, None, Some(3.0), None),
                ("A", NodeChange::Changed, Some(NodeRelation::Equal), Some(1.0), Some(3.0), Some(2.0)),
                ("B", NodeChange::Changed, Some(NodeRelation::Subset), Some(2.0), Some(3.0), None),
                ("C", NodeChange::New, None, None, Some(3.0), None),
                ("F", NodeChange::Removed, None, Some(2.0), None, None),
                ("C", NodeChange::Removed, None, Some(3.0), None, None),
            ]
        );
        let wider = sheet(Method::WeightedMean, &[1, 2, 3, 4, 5], lines, &given([3, 3, 3]));
        let shares = mapped(&earlier, &wider, &leads);
        assert_eq!(
            (shares.unit, shares.nodes[1].delta),
            (Unit::Share, Some(0.25)),
            "1 of 0 to 4 is 2 of 1 to 5"
        );
    }
}
