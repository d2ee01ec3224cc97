//! What holds for every framework and all answers, by each method.

use proptest::prelude::*;
use proptest::sample::Index;

use super::gaps::{self, Shortfall};
use super::samples::{Sample, irregular, leaf, regular, wild};
use super::stages::{Answer, Role, ScoreMode};
use super::{Coverage, NOISE, Node, Standing, above, compare, points, profile, stages};
use crate::frameworks::Rollup;

const EVERY_ROLLUP: [Rollup; 2] = [Rollup::Minimum, Rollup::Median];

/// For each node and, last, the whole: whether any node strictly below it stands otherwise than before.
fn unsettled(nodes: &[Node], changed: impl Fn(usize) -> bool) -> Vec<bool> {
    let mut unsettled = vec![false; nodes.len() + 1];
    for at in (0..nodes.len()).rev() {
        unsettled[above(nodes, at)] |= unsettled[at] || changed(at);
    }
    unsettled
}

/// The same framework with all siblings in the opposite order, and for each node its place before.
fn mirrored(sample: &Sample) -> (Sample, Vec<usize>) {
    let whole = sample.nodes.len();
    let mut below: Vec<Vec<usize>> = vec![Vec::new(); whole + 1];
    for at in 0..whole {
        below[above(&sample.nodes, at)].push(at);
    }
    let (mut places, mut open) = (Vec::new(), below[whole].clone());
    while let Some(at) = open.pop() {
        places.push(at);
        open.extend(&below[at]);
    }
    let now = |at: usize| places.iter().position(|place| *place == at);
    let turned = Sample {
        nodes: places
            .iter()
            .map(|at| Node { parent: sample.nodes[*at].parent.and_then(now), ..sample.nodes[*at] })
            .collect(),
        profile: places.iter().map(|at| sample.profile[*at]).collect(),
        ..Sample::default()
    };
    (turned, places)
}

/// Domain rule A word for word, for the indicators directly below a node.
fn by_the_letter(sample: &Sample, aspect: usize) -> (i32, f64) {
    let applicable = |stage: i32| {
        let below = (0..sample.nodes.len()).filter(move |at| sample.nodes[*at].parent == Some(aspect));
        below.filter(move |at| {
            sample.nodes[*at].stage == Some(stage) && sample.stages[*at] != Answer::NotApplicable
        })
    };
    let met = |at: &usize| matches!(sample.stages[*at], Answer::Met { .. });
    let complete = |stage: i32| applicable(stage).all(|at| met(&at));
    let reached = |stage: &i32| applicable(*stage).count() > 0 && (2..=*stage).all(complete);
    let stage = (2..=5).filter(reached).max().unwrap_or(1);
    let next = (stage + 1..=5).find(|next| applicable(*next).count() > 0);
    let progress = next
        .map_or(0.0, |next| applicable(next).filter(met).count() as f64 / applicable(next).count() as f64);
    (stage, progress)
}

proptest! {
    #[test]
    fn stage_and_progress_are_those_of_the_rule_word_for_word(sample in regular()) {
        let scores = stages::score(&sample.stage_sheet());
        for (at, score) in scores.nodes.iter().enumerate() {
            let Some(score) = score.filter(|score| score.role == Role::Aspect && score.index.is_some()) else { continue };
            let (stage, progress) = by_the_letter(&sample, at);
            prop_assert_eq!((score.stage, score.progress), (Some(stage), Some(progress)));
            prop_assert_eq!(score.index, Some(f64::from(stage) + progress));
        }
    }

    #[test]
    fn what_comes_to_be_met_lowers_nothing(sample in irregular(), met: Vec<Index>, median: bool) {
        let mut better = sample.clone();
        for at in met.iter().filter(|_| !sample.nodes.is_empty()).map(|at| at.index(sample.nodes.len())) {
            if matches!(sample.stages[at], Answer::NotMet | Answer::Met { .. }) {
                better.stages[at] = Answer::Met { proven: true };
            }
        }
        for mode in [ScoreMode::SelfAssessed, ScoreMode::Validated] {
            let rollup = EVERY_ROLLUP[usize::from(median)];
            let before = stages::score(&stages::Sheet { mode, rollup, ..sample.stage_sheet() });
            let after = stages::score(&stages::Sheet { mode, rollup, ..better.stage_sheet() });
            prop_assert!(after.total.index >= before.total.index);
            for (after, before) in after.nodes.iter().flatten().zip(before.nodes.iter().flatten()) {
                prop_assert_eq!(after.standing, before.standing);
                prop_assert!(after.index >= before.index && after.stage >= before.stage);
            }
        }
    }

    /// The strongest that is true when an unanswered indicator comes to be met: see `rollup` for what is not.
    #[test]
    fn a_new_answer_that_is_met_lowers_nothing_unless_a_part_comes_in(sample in regular(), met: Vec<Index>) {
        let mut better = sample.clone();
        for at in met {
            let answer = &mut better.stages[at.index(sample.nodes.len())];
            if *answer == Answer::Unanswered {
                *answer = Answer::Met { proven: true };
            }
        }
        let before = stages::score(&sample.stage_sheet());
        let after = stages::score(&better.stage_sheet());
        let standing = |scores: &stages::Scores, at: usize| scores.nodes[at].map(|score| score.standing);
        let unsettled = unsettled(&sample.nodes, |at| standing(&before, at) != standing(&after, at));
        for (at, unsettled) in unsettled.into_iter().enumerate() {
            let of = |scores: &stages::Scores| scores.nodes.get(at).copied().unwrap_or(Some(scores.total));
            let (Some(before), Some(after)) = (of(&before), of(&after)) else { continue };
            prop_assert!(before.standing == after.standing || after.standing == Standing::Scored);
            if !unsettled {
                prop_assert!(after.index >= before.index && after.stage >= before.stage);
            }
        }
    }

    #[test]
    fn a_node_is_scored_when_enough_is_answered_and_its_index_is_a_stage_or_between(
        sample in irregular(), threshold in 0..=100, median: bool,
    ) {
        let rollup = EVERY_ROLLUP[usize::from(median)];
        let sheet = stages::Sheet { coverage_threshold: threshold, rollup, ..sample.stage_sheet() };
        let scores = stages::score(&sheet);
        for score in scores.nodes.iter().flatten().chain([&scores.total]) {
            let Coverage { answered, applicable } = score.coverage;
            let enough = answered > 0 && answered as f64 / applicable as f64 >= f64::from(threshold) / 100.0;
            prop_assert_eq!(score.index.is_some(), enough);
            prop_assert_eq!(score.standing == Standing::Scored, enough);
            prop_assert_eq!(score.standing == Standing::NotApplicable, applicable == 0);
            prop_assert!(score.index.is_none_or(|index| (1.0..=5.0 + NOISE).contains(&index)));
            prop_assert_eq!(score.stage.is_some(), enough && score.role != Role::Dimension);
            prop_assert!(score.range.is_none_or(|(low, high)| 1 <= low && low <= high && high <= 5));
        }
    }

    #[test]
    fn a_branch_that_does_not_apply_is_as_if_it_were_not_there(sample in irregular(), parent: Index, deep: bool) {
        let groups: Vec<usize> = (0..sample.nodes.len()).filter(|at| !sample.nodes[*at].assessable).collect();
        let parent = (!groups.is_empty()).then(|| groups[parent.index(groups.len())]);
        let mut larger = sample.clone();
        let parent = if deep { Some(larger.group(parent, 3)) } else { parent };
        larger.inapplicable(parent);
        larger.inapplicable(parent);

        let (with, without) = (stages::score(&larger.stage_sheet()), stages::score(&sample.stage_sheet()));
        let shown = |score: &stages::Score| (score.standing, score.coverage, score.index);
        prop_assert_eq!(shown(&with.total), shown(&without.total));
        for (with, without) in with.nodes.iter().zip(&without.nodes) {
            prop_assert_eq!(with.as_ref().map(shown), without.as_ref().map(shown));
            prop_assert!(with.map(|score| score.role) != without.map(|score| score.role) || with == without);
        }
        let (with, without) = (profile::score(&larger.profile_sheet()), profile::score(&sample.profile_sheet()));
        prop_assert_eq!(&with.nodes[..sample.nodes.len()], &without.nodes[..]);
        prop_assert_eq!(with.total, without.total);
        let (with, without) = (points::score(&larger.points_sheet()), points::score(&sample.points_sheet()));
        prop_assert_eq!(&with.nodes[..sample.nodes.len()], &without.nodes[..]);
        prop_assert_eq!(with.total, without.total);
    }

    #[test]
    fn a_country_that_does_all_it_is_told_reaches_the_next_stage(sample in regular()) {
        let mut better = sample.clone();
        let told = gaps::of_stages(&sample.stage_sheet());
        for gap in &told {
            better.stages[gap.node] = Answer::Met { proven: true };
        }
        let (before, after) = (stages::score(&sample.stage_sheet()), stages::score(&better.stage_sheet()));
        for gap in told {
            let aspect = gap.aspect.expect("an aspect");
            prop_assert!(gap.lack != Shortfall::Unproven);
            prop_assert!(before.nodes[aspect].expect("a score").stage < Some(gap.stage));
            prop_assert!(after.nodes[aspect].expect("a score").stage >= Some(gap.stage));
        }
    }

    #[test]
    fn a_higher_current_value_lowers_no_score_and_widens_no_gap(sample in irregular(), raised: Vec<Index>) {
        let mut better = sample.clone();
        for at in raised.iter().filter(|_| !sample.nodes.is_empty()).map(|at| at.index(sample.nodes.len())) {
            if let profile::Answer::InScope { current: Some(current), .. } = &mut better.profile[at] {
                *current += 1;
            }
        }
        let (before, after) = (profile::score(&sample.profile_sheet()), profile::score(&better.profile_sheet()));
        let pairs = after.nodes.iter().zip(&before.nodes).chain([(&after.total, &before.total)]);
        for (after, before) in pairs {
            prop_assert_eq!(after.current.standing, before.current.standing);
            prop_assert!(after.current.value >= before.current.value && after.gap.value <= before.gap.value);
            prop_assert_eq!(after.target, before.target);
        }
    }

    #[test]
    fn figures_lie_on_the_scale_and_are_hidden_below_the_threshold(sample in irregular(), threshold in 0..=100) {
        let scores = profile::score(&profile::Sheet { coverage_threshold: threshold, ..sample.profile_sheet() });
        for score in scores.nodes.iter().chain([&scores.total]) {
            for figure in [score.current, score.target, score.gap] {
                let Coverage { answered, applicable } = figure.coverage;
                let enough = answered > 0 && answered as f64 / applicable as f64 >= f64::from(threshold) / 100.0;
                prop_assert_eq!((figure.value.is_some(), figure.standing == Standing::Scored), (enough, enough));
                prop_assert!(figure.value.is_none_or(|value| (0.0..=4.0 + NOISE).contains(&value)));
                prop_assert!(figure.share.is_none_or(|share| (0.0..=1.0 + NOISE).contains(&share)));
            }
        }
    }

    #[test]
    fn the_order_of_siblings_and_the_scale_are_of_no_matter(sample in irregular()) {
        let scores = profile::score(&sample.profile_sheet());
        let near = |a: Option<f64>, b: Option<f64>| a.zip(b).map_or(a == b, |(a, b)| (a - b).abs() < NOISE);
        let (turned, places) = mirrored(&sample);
        let again = profile::score(&turned.profile_sheet());
        prop_assert!(near(again.total.current.value, scores.total.current.value));
        for (score, at) in again.nodes.iter().zip(places) {
            prop_assert_eq!(score.current.coverage, scores.nodes[at].current.coverage);
            prop_assert!(near(score.current.value, scores.nodes[at].current.value));
            prop_assert!(near(score.gap.value, scores.nodes[at].gap.value));
        }
        let mut other = sample.clone();
        for answer in &mut other.profile {
            if let profile::Answer::InScope { current, target, .. } = answer {
                *current = current.map(|value| value * 25 - 10);
                *target = target.map(|value| value * 25 - 10);
            }
        }
        let scale = [-10, 15, 40, 65, 90];
        let shifted = profile::score(&profile::Sheet { scale: &scale, ..other.profile_sheet() });
        prop_assert!(near(shifted.total.current.share, scores.total.current.share));
        prop_assert!(near(shifted.total.gap.share, scores.total.gap.share));
    }

    #[test]
    fn doing_the_whole_action_list_leaves_no_gap(sample in regular()) {
        let told = gaps::of_profile(&sample.profile_sheet());
        prop_assert!(told.is_sorted_by(|a, b| (b.rank, a.node) < (a.rank, b.node)));
        let mut better = sample.clone();
        for gap in &told {
            if let profile::Answer::InScope { current, target, .. } = &mut better.profile[gap.node] {
                *current = *target;
            }
        }
        prop_assert!(gaps::of_profile(&better.profile_sheet()).is_empty());
        let gap = profile::score(&better.profile_sheet()).total.gap.value;
        prop_assert!(gap.is_none_or(|gap| gap == 0.0));
    }

    #[test]
    fn more_points_and_proofs_lower_nothing(
        sample in irregular(), more in prop::collection::vec((any::<Index>(), leaf()), 0..9),
    ) {
        let mut better = sample.clone();
        for (at, leaf) in more.iter().filter(|_| !sample.nodes.is_empty()) {
            if let points::Answer::Claimed { points, proven } = &mut better.points[at.index(sample.nodes.len())] {
                (*points, *proven) = (*points + leaf.most, true);
            }
        }
        let (before, after) = (points::score(&sample.points_sheet()), points::score(&better.points_sheet()));
        prop_assert!(after.total.percent >= before.total.percent);
        for (after, before) in after.nodes.iter().flatten().zip(before.nodes.iter().flatten()) {
            prop_assert_eq!((after.standing, after.most), (before.standing, before.most));
            prop_assert!(after.percent >= before.percent);
        }
    }

    #[test]
    fn percentages_are_hidden_below_the_threshold_and_end_at_a_hundred(sample in irregular(), threshold in 0..=100) {
        let scores = points::score(&points::Sheet { coverage_threshold: threshold, ..sample.points_sheet() });
        for score in scores.nodes.iter().flatten().chain([&scores.total]) {
            let enough = score.coverage.standing(threshold) == Standing::Scored;
            prop_assert_eq!((score.percent.is_some(), score.most.is_some()), (enough, enough));
            prop_assert!(score.percent.is_none_or(|percent| (0.0..=100.0).contains(&percent)));
            prop_assert!(score.points <= score.most && score.most.is_none_or(|most| most > 0));
        }
    }

    #[test]
    fn a_new_proven_claim_lowers_nothing_unless_a_part_comes_in(sample in regular(), claimed: Vec<Index>) {
        let mut better = sample.clone();
        for at in claimed {
            let answer = &mut better.points[at.index(sample.nodes.len())];
            if *answer == points::Answer::Unanswered {
                *answer = points::Answer::Claimed { points: 1, proven: true };
            }
        }
        let (before, after) = (points::score(&sample.points_sheet()), points::score(&better.points_sheet()));
        let standing = |scores: &points::Scores, at: usize| scores.nodes[at].map(|score| score.standing);
        let unsettled = unsettled(&sample.nodes, |at| standing(&before, at) != standing(&after, at));
        for (at, unsettled) in unsettled.into_iter().enumerate() {
            let percent = |scores: &points::Scores| scores.nodes.get(at).copied().unwrap_or(Some(scores.total))?.percent;
            prop_assert!(unsettled || percent(&after) >= percent(&before));
        }
    }

    #[test]
    fn a_result_beside_itself_is_unchanged(sample in irregular()) {
        let reading = |(key, score): (usize, &profile::Score)| {
            let Coverage { answered, .. } = score.current.coverage;
            let (standing, index) = (score.current.standing, score.current.value);
            compare::Reading { key, standing, stage: i32::try_from(answered).ok(), index }
        };
        let scores = profile::score(&sample.profile_sheet());
        let readings: Vec<_> = scores.nodes.iter().enumerate().map(reading).collect();
        let half = &readings[readings.len() / 2..];
        prop_assert!(compare::compare(&readings, &readings).iter().all(|delta| delta.change == compare::NodeChange::Unchanged));
        prop_assert_eq!(compare::compare(half, &readings).len(), readings.len());
        prop_assert_eq!(compare::compare(&readings, half).len(), readings.len());
    }

    #[test]
    fn nothing_panics_whatever_is_given(
        sample in wild(), short in 0_usize..20, scale: Vec<i32>, threshold: i32, at_least: i32,
        median: bool, validated: bool,
    ) {
        let nodes = &sample.nodes[..];
        let short = short.min(nodes.len());
        let mode = if validated { ScoreMode::Validated } else { ScoreMode::SelfAssessed };
        let rollup = EVERY_ROLLUP[usize::from(median)];
        let (answers, scale) = (&sample.stages[..short], &scale[..]);
        let sheet = stages::Sheet { nodes, scale, answers, mode, coverage_threshold: threshold, rollup };
        let five = stages::Sheet { scale: &[1, 2, 3, 4, 5], ..sheet };
        for sheet in [sheet, five] {
            prop_assert_eq!(stages::score(&sheet).nodes.len(), nodes.len());
            prop_assert!(gaps::of_stages(&sheet).len() <= nodes.len());
        }
        let sheet = profile::Sheet { nodes, scale, answers: &sample.profile[..short], coverage_threshold: threshold };
        let total = profile::score(&sheet).total;
        prop_assert!(total.current.value.is_none_or(f64::is_finite) && total.gap.share.is_none_or(f64::is_finite));
        prop_assert!(gaps::of_profile(&sheet).len() <= nodes.len());
        let tiers = [points::Tier { at_least, name: 0 }];
        let answers = &sample.points[..short];
        let sheet = points::Sheet { nodes, answers, tiers: &tiers, coverage_threshold: threshold };
        prop_assert!(points::score(&sheet).total.percent.is_none_or(f64::is_finite));
        prop_assert!(gaps::of_points(&sheet).len() <= nodes.len());
    }
}
