//! What is missing, ranked: where a plan begins (domain rules A, B and C).

use super::{Standing, above, points, profile, stages};
use crate::codes_enum;

codes_enum! {
    /// Why an indicator or an item does not count.
    pub Shortfall {
        /// It is not met, or not in full.
        NotMet "not_met",
        /// It is said to be met, and evidence for it is not accepted.
        Unproven "unproven",
        /// Nobody has answered.
        Unanswered "unanswered",
    }
}

/// An indicator that keeps an aspect from its next stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StageGap {
    /// Place of the indicator among the nodes.
    pub node: usize,
    /// Place of the node whose aspect it belongs to; none for an indicator at the top.
    pub aspect: Option<usize>,
    /// The stage that it would help to reach, 2 to n.
    pub stage: i32,
    /// What is missing.
    pub lack: Shortfall,
}

/// An outcome that is not yet where it shall be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProfileGap {
    /// Place of the outcome among the nodes.
    pub node: usize,
    /// g - c in scale units, 1 or more.
    pub gap: i64,
    /// 1 to 3.
    pub priority: i32,
    /// 1 or more.
    pub weight: i32,
    /// p*gap*w, by which the list is ordered.
    pub rank: i64,
}

/// An item that does not have all its points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PointsGap {
    /// Place of the item among the nodes.
    pub node: usize,
    /// Points that are missing, 1 or more.
    pub missing: i32,
    /// What is missing.
    pub lack: Shortfall,
}

/// The unmet indicators of the next stage of every scored aspect (domain rule A): those of the lowest stage first, then in
/// framework order. Indicators of later stages are left out, because they would give no credit yet.
pub fn of_stages(sheet: &stages::Sheet) -> Vec<StageGap> {
    let aspects = stages::aspects(sheet);
    let mut gaps = Vec::new();
    for at in 0..sheet.nodes.len() {
        let Some((stage, answer)) = sheet.indicator(at) else { continue };
        let Some(lack) = lack(answer, sheet.mode) else { continue };
        let parent = above(sheet.nodes, at);
        let scored = aspects[parent].filter(|aspect| aspect.standing(sheet) == Standing::Scored);
        if scored.is_some_and(|aspect| aspect.next == Some(stage)) {
            gaps.push(StageGap { node: at, aspect: sheet.nodes.get(parent).map(|_| parent), stage, lack });
        }
    }
    gaps.sort_by_key(|gap| gap.stage);
    gaps
}

/// The action list (domain rule B): the outcomes whose target lies above their current value, the highest p*gap*w first,
/// equal ones in framework order.
pub fn of_profile(sheet: &profile::Sheet) -> Vec<ProfileGap> {
    let mut gaps = Vec::new();
    for at in 0..sheet.nodes.len() {
        let Some(outcome) = sheet.outcome(at) else { continue };
        let Some(gap) = outcome.gap().filter(|gap| *gap > 0) else { continue };
        let (priority, weight) = (outcome.priority, outcome.weight);
        let rank = gap.saturating_mul(i64::from(priority)).saturating_mul(i64::from(weight));
        gaps.push(ProfileGap { node: at, gap, priority, weight, rank });
    }
    gaps.sort_by_key(|gap| std::cmp::Reverse(gap.rank));
    gaps
}

/// The items that apply and do not have all their points (domain rule C): the most missing points first, equal ones in
/// framework order. Those of nodes without a score are listed too: to answer them is a step as well.
pub fn of_points(sheet: &points::Sheet) -> Vec<PointsGap> {
    let mut gaps = Vec::new();
    for at in 0..sheet.nodes.len() {
        let Some(item) = sheet.item(at).filter(|item| item.points < item.most) else { continue };
        let lack = match item.claimed {
            None => Shortfall::Unanswered,
            Some(claimed) if claimed > item.points => Shortfall::Unproven,
            Some(_) => Shortfall::NotMet,
        };
        gaps.push(PointsGap { node: at, missing: item.most - item.points, lack });
    }
    gaps.sort_by_key(|gap| std::cmp::Reverse(gap.missing));
    gaps
}

fn lack(answer: stages::Answer, mode: stages::ScoreMode) -> Option<Shortfall> {
    match answer {
        stages::Answer::Met { proven } => {
            (mode == stages::ScoreMode::Validated && !proven).then_some(Shortfall::Unproven)
        }
        stages::Answer::NotMet => Some(Shortfall::NotMet),
        stages::Answer::NotApplicable => None,
        stages::Answer::Unanswered => Some(Shortfall::Unanswered),
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::{Sample, indicator, item, outcome, outline};
    use super::*;

    #[test]
    fn a_plan_begins_with_the_next_stage_of_the_aspects_that_are_furthest_behind() {
        let text = "F\n A 2m 2m 3x 3m 3p 4x\n B 2m 2m 2x 2m 2u\n C 2u\n D 2m 3m 4m 5m\n E 2m 3n 4x 4m";
        let sample = outline(text, indicator);
        let listed = |mode| {
            let gaps = of_stages(&stages::Sheet { mode, ..sample.stage_sheet() });
            gaps.iter().map(|gap| (gap.stage, gap.node, gap.lack)).collect::<Vec<_>>()
        };
        // B is at stage 1, A at 2, and E passes over a stage where nothing applies; C is insufficient, D complete.
        let claimed = [
            (2, 11, Shortfall::NotMet),
            (2, 13, Shortfall::Unanswered),
            (3, 4, Shortfall::NotMet),
            (4, 24, Shortfall::NotMet),
        ];
        assert_eq!(listed(stages::ScoreMode::SelfAssessed), claimed);
        let unproven = (3, 6, Shortfall::Unproven);
        assert_eq!(
            listed(stages::ScoreMode::Validated),
            [&claimed[..3], &[unproven], &claimed[3..]].concat()
        );
        let first = of_stages(&sample.stage_sheet())[0];
        assert_eq!(first.aspect, Some(8));
    }

    #[test]
    fn actions_come_by_priority_gap_and_weight() {
        let sample = outline("F 1>4 0>1p3 2>2p3 4>1 _>4 1>3p3w2\n G 3>4p3 n o", outcome);
        let gaps = of_profile(&sample.profile_sheet());
        let listed: Vec<_> = gaps.iter().map(|gap| (gap.node, gap.rank)).collect();
        assert_eq!(listed, [(6, 12), (1, 3), (2, 3), (8, 3)], "equal ones in framework order");
        assert_eq!((gaps[0].gap, gaps[0].priority, gaps[0].weight), (2, 3, 2));
    }

    #[test]
    fn missing_points_come_most_first() {
        let sample = outline("N 1/3 2/2 4?/4 n/9\n G 0/2 u/8 0?/2", item);
        let gaps = of_points(&sample.points_sheet());
        let listed: Vec<_> = gaps.iter().map(|gap| (gap.node, gap.missing, gap.lack)).collect();
        let wanted = [
            (7, 8, Shortfall::Unanswered),
            (3, 4, Shortfall::Unproven),
            (1, 2, Shortfall::NotMet),
            (6, 2, Shortfall::NotMet),
            (8, 2, Shortfall::NotMet),
        ];
        assert_eq!(listed, wanted);
    }

    #[test]
    fn nothing_is_missing_from_nothing() {
        let sample = Sample::default();
        assert!(of_stages(&sample.stage_sheet()).is_empty());
        assert!(of_profile(&sample.profile_sheet()).is_empty());
        assert!(of_points(&sample.points_sheet()).is_empty());
    }

    #[test]
    fn an_indicator_at_the_top_has_no_aspect() {
        let mut sample = Sample::default();
        sample.node(None, true, indicator("2x"));
        let gaps = of_stages(&sample.stage_sheet());
        assert_eq!(gaps, [StageGap { node: 0, aspect: None, stage: 2, lack: Shortfall::NotMet }]);
    }
}
