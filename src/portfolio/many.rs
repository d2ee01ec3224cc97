//! Means over at least five countries, from which no single one follows: pure.
//!
//! A region with one to four countries is not shown by itself; such regions are shown together, and when all of them are
//! still fewer than five, the smallest of the others joins them. So no difference between what is shown is about fewer than
//! five countries. (k-anonymity with k = 5; security part 3, aggregates.)

use std::collections::BTreeMap;

use super::model::{NodeOutlook, RegionOutlook};
use crate::assessments::ValidatedResult;
use crate::kernel::id::FrameworkNodeId;
use crate::kernel::lang::Titles;
use crate::kernel::text::NodeCode;
use crate::partners::countries::Region;

/// Fewest countries over which a figure is shown.
pub(super) const FEWEST: usize = 5;

/// A top node of a framework.
#[derive(Clone, Debug)]
pub(super) struct TopNode {
    pub id: FrameworkNodeId,
    pub code: NodeCode,
    pub name: Option<Titles>,
}

/// Results by region, with those that are too few put together; no part has fewer than five.
pub(super) fn apart<T>(by_region: BTreeMap<Option<Region>, Vec<T>>) -> Vec<(Option<Region>, Vec<T>)> {
    let (mut shown, few): (Vec<_>, Vec<_>) =
        by_region.into_iter().partition(|(region, of)| region.is_some() && of.len() >= FEWEST);
    let mut together: Vec<T> = few.into_iter().flat_map(|(_, of)| of).collect();
    if !together.is_empty() && together.len() < FEWEST {
        let smallest = (0..shown.len()).min_by_key(|place| shown[*place].1.len());
        match smallest {
            Some(place) => together.extend(shown.remove(place).1),
            None => return Vec::new(),
        }
    }
    if !together.is_empty() {
        shown.push((None, together));
    }
    shown
}

/// What holds of some countries; nothing of fewer than five.
pub(super) fn over(
    region: Option<Region>,
    results: &[&ValidatedResult],
    nodes: &[TopNode],
) -> Option<RegionOutlook> {
    if results.len() < FEWEST {
        return None;
    }
    let figures = |node: Option<FrameworkNodeId>| -> Vec<f64> {
        let of = |result: &&ValidatedResult| {
            result.scores.iter().find(|score| score.node_id == node).and_then(|score| score.figure())
        };
        results.iter().filter_map(of).collect()
    };
    let whole = shown(&figures(None));
    let node = |node: &TopNode| {
        let mean = shown(&figures(Some(node.id)));
        NodeOutlook {
            node_id: node.id,
            code: node.code.clone(),
            name: node.name.clone(),
            countries: mean.map(|(countries, _)| countries),
            mean: mean.map(|(_, mean)| mean),
        }
    };
    Some(RegionOutlook {
        region,
        countries: results.len(),
        scored: whole.map(|(countries, _)| countries),
        overall: whole.map(|(_, mean)| mean),
        nodes: nodes.iter().map(node).collect(),
    })
}

/// How many have a score, and their mean; nothing of fewer than five.
fn shown(figures: &[f64]) -> Option<(usize, f64)> {
    (figures.len() >= FEWEST).then(|| (figures.len(), figures.iter().sum::<f64>() / figures.len() as f64))
}

/// What holds of all countries together, without the means from which those of fewer than five would follow by taking away
/// what is shown of the parts.
pub(super) fn all(
    results: &[&ValidatedResult],
    nodes: &[TopNode],
    parts: &[RegionOutlook],
) -> Option<RegionOutlook> {
    let mut all = over(None, results, nodes)?;
    let told =
        |countries: Option<usize>, of_parts: usize| countries.filter(|all| may_be_told(*all, of_parts));
    let scored = told(all.scored, parts.iter().filter_map(|part| part.scored).sum());
    (all.scored, all.overall) = (scored, all.overall.filter(|_| scored.is_some()));
    for (place, node) in all.nodes.iter_mut().enumerate() {
        let of_parts = parts.iter().filter_map(|part| part.nodes.get(place).and_then(|node| node.countries));
        let countries = told(node.countries, of_parts.sum());
        (node.countries, node.mean) = (countries, node.mean.filter(|_| countries.is_some()));
    }
    Some(all)
}

/// Whether a mean over `all` may stand beside means over `of_parts` of them: the rest is nobody or at least five.
fn may_be_told(all: usize, of_parts: usize) -> bool {
    let rest = all.saturating_sub(of_parts);
    rest == 0 || rest >= FEWEST
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn regions(sizes: [usize; 5]) -> BTreeMap<Option<Region>, Vec<usize>> {
        let of = |(region, size): (&Region, usize)| (Some(*region), (0..size).collect());
        Region::ALL.iter().zip(sizes).map(of).filter(|(_, of): &(_, Vec<usize>)| !of.is_empty()).collect()
    }

    fn sizes(parts: &[(Option<Region>, Vec<usize>)]) -> Vec<(Option<&'static str>, usize)> {
        parts.iter().map(|(region, of)| (region.map(Region::as_str), of.len())).collect()
    }

    #[test]
    fn a_region_of_a_few_countries_is_not_shown_and_does_not_follow_from_the_others() {
        assert_eq!(sizes(&apart(regions([9, 6, 0, 0, 0]))), [(Some("africa"), 9), (Some("americas"), 6)]);
        assert_eq!(
            sizes(&apart(regions([9, 6, 3, 2, 0]))),
            [(Some("africa"), 9), (Some("americas"), 6), (None, 5)]
        );
        assert_eq!(sizes(&apart(regions([9, 6, 1, 0, 0]))), [(Some("africa"), 9), (None, 7)]);
        assert_eq!(sizes(&apart(regions([9, 1, 0, 0, 0]))), [(None, 10)]);
        assert_eq!(sizes(&apart(regions([3, 1, 0, 0, 0]))), []);
    }

    proptest! {
        #[test]
        fn no_part_is_smaller_than_five_and_nobody_is_lost(sizes in prop::array::uniform5(0usize..12)) {
            let all: usize = sizes.iter().sum();
            let parts = apart(regions(sizes));
            prop_assert!(parts.iter().all(|(_, of)| of.len() >= FEWEST));
            let shown: usize = parts.iter().map(|(_, of)| of.len()).sum();
            prop_assert!(shown == all || (shown == 0 && all < FEWEST));
        }
    }

    #[test]
    fn a_mean_is_shown_of_five_and_not_where_that_of_a_few_would_follow() {
        assert_eq!(shown(&[1.0, 2.0, 3.0, 4.0, 5.0]), Some((5, 3.0)));
        assert_eq!(shown(&[1.0; 4]), None);
        assert!(may_be_told(9, 9) && may_be_told(12, 7) && may_be_told(5, 0));
        assert!(!may_be_told(12, 9), "three are in no part that is shown");
    }
}
