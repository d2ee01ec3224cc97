//! Method B, `weighted_mean`: where outcomes are and where they shall be, on one scale (domain rule B).

use super::{Coverage, Node, Standing, above};

/// The answer to an outcome (domain rule B).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The profile leaves it out.
    OutOfScope,
    /// It does not apply here.
    NotApplicable,
    /// It is in scope. A value off the scale counts as the nearer end of it.
    InScope {
        /// Where it is, in scale units; none while unanswered.
        current: Option<i32>,
        /// Where it shall be, in scale units; none while unanswered.
        target: Option<i32>,
        /// How much it matters, 1 to 3.
        priority: i32,
    },
}

/// What is scored.
#[derive(Clone, Copy, Debug)]
pub struct Sheet<'a> {
    /// The framework, parents before children.
    pub nodes: &'a [Node],
    /// The values that an answer can have, rising.
    pub scale: &'a [i32],
    /// The answers, in the places of the nodes; only those of assessable nodes are read.
    pub answers: &'a [Answer],
    /// Percent of what applies that must be answered, 0 to 100.
    pub coverage_threshold: i32,
}

/// A figure of a node.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Figure {
    /// Whether it has a value.
    pub standing: Standing,
    /// Outcomes beneath that have what the figure needs, among those in scope that apply.
    pub coverage: Coverage,
    /// The figure in scale units; none unless it is [`Standing::Scored`].
    pub value: Option<f64>,
    /// The same from 0 to 1, for figures of different scales beside each other; none too on a scale of one value.
    pub share: Option<f64>,
}

/// The score of a node, or of an outcome itself.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Score {
    /// Where it is: sum(w*c)/sum(w) over the scored nodes directly below it.
    pub current: Figure,
    /// Where it shall be: the same over targets.
    pub target: Figure,
    /// What lies between, over all outcomes beneath it that have both values: the value is sum(w*p*gap)/sum(w*p), the
    /// share is the weighted gap of the rule, sum(w*p*gap)/sum(w*p*(max-min)). The weights are those of the outcomes alone.
    pub gap: Figure,
}

/// The scores of a framework.
#[derive(Clone, Debug, PartialEq)]
pub struct Scores {
    /// In the places of the nodes, outcomes too.
    pub nodes: Vec<Score>,
    /// The whole framework.
    pub total: Score,
}

/// Scores every node and the whole (domain rule B). The answer of an outcome that has nodes below it counts as one more
/// node below it, of weight 1.
pub fn score(sheet: &Sheet) -> Scores {
    let whole = sheet.nodes.len();
    let mut sums = vec![Sums::default(); whole + 1];
    let mut scores = vec![Sums::default().score(sheet); whole];
    for (at, node) in sheet.nodes.iter().enumerate().rev() {
        if let Some(outcome) = sheet.outcome(at) {
            sums[at].answer(&outcome);
        }
        let below = sums[at];
        let score = below.score(sheet);
        sums[above(sheet.nodes, at)].take(&below, &score, node.counts());
        scores[at] = score;
    }
    Scores { nodes: scores, total: sums[whole].score(sheet) }
}

/// Maps a figure in scale units to 0..1, (v - min)/(max - min), so that scales can be mixed (domain rule B). None on a
/// scale of fewer than two values.
pub fn share(value: f64, scale: &[i32]) -> Option<f64> {
    let (low, _) = ends(scale)?;
    Some((value - f64::from(low)) / width(scale)?)
}

fn width(scale: &[i32]) -> Option<f64> {
    let (low, high) = ends(scale)?;
    Some(f64::from(high) - f64::from(low)).filter(|width| *width > 0.0)
}

fn ends(scale: &[i32]) -> Option<(i32, i32)> {
    Some((*scale.iter().min()?, *scale.iter().max()?))
}

/// An outcome in scope that applies, with its values brought onto the scale.
#[derive(Clone, Copy, Debug)]
pub(super) struct Outcome {
    current: Option<i32>,
    target: Option<i32>,
    /// 1 to 3.
    pub priority: i32,
    /// 1 or more.
    pub weight: i32,
}

impl Outcome {
    /// max(0, g - c) in scale units; none unless both values are known.
    pub(super) fn gap(&self) -> Option<i64> {
        Some((i64::from(self.target?) - i64::from(self.current?)).max(0))
    }
}

impl Sheet<'_> {
    /// None where there is no outcome, or it is out of scope or does not apply.
    pub(super) fn outcome(&self, at: usize) -> Option<Outcome> {
        let node = self.nodes.get(at).filter(|node| node.assessable)?;
        let unanswered = Answer::InScope { current: None, target: None, priority: 1 };
        let Answer::InScope { current, target, priority } =
            self.answers.get(at).copied().unwrap_or(unanswered)
        else {
            return None;
        };
        let on_scale = |value: i32| ends(self.scale).map(|(low, high)| value.clamp(low, high));
        Some(Outcome {
            current: current.and_then(on_scale),
            target: target.and_then(on_scale),
            priority: priority.clamp(1, 3),
            weight: node.weight.max(1),
        })
    }
}

/// A weighted mean in the making.
#[derive(Clone, Copy, Debug, Default)]
struct Sum {
    coverage: Coverage,
    weights: f64,
    weighted: f64,
}

impl Sum {
    fn answer(&mut self, value: Option<f64>, weight: f64) {
        self.coverage.count(value.is_some());
        self.add(value, weight);
    }

    fn add(&mut self, value: Option<f64>, weight: f64) {
        if let Some(value) = value {
            self.weights += weight;
            self.weighted += weight * value;
        }
    }

    fn figure(&self, threshold: i32) -> Figure {
        let standing = self.coverage.standing(threshold);
        // Where the whole is covered well enough, a part of it is: the weights of a scored node are never 0.
        let scored = standing == Standing::Scored && self.weights > 0.0;
        let value = scored.then_some(self.weighted / self.weights);
        Figure { standing, coverage: self.coverage, value, share: None }
    }
}

#[derive(Clone, Copy, Debug, Default)]
struct Sums {
    current: Sum,
    target: Sum,
    gap: Sum,
}

impl Sums {
    fn answer(&mut self, outcome: &Outcome) {
        self.current.answer(outcome.current.map(f64::from), 1.0);
        self.target.answer(outcome.target.map(f64::from), 1.0);
        let weight = f64::from(outcome.weight) * f64::from(outcome.priority);
        self.gap.answer(outcome.gap().map(|gap| gap as f64), weight);
    }

    /// Current and target roll up from the scores of the nodes below; gaps add up over the outcomes themselves, so that
    /// those of a node without a score of its own count too.
    fn take(&mut self, below: &Self, score: &Score, weight: f64) {
        self.current.coverage.add(below.current.coverage);
        self.current.add(score.current.value, weight);
        self.target.coverage.add(below.target.coverage);
        self.target.add(score.target.value, weight);
        self.gap.coverage.add(below.gap.coverage);
        self.gap.weights += below.gap.weights;
        self.gap.weighted += below.gap.weighted;
    }

    fn score(&self, sheet: &Sheet) -> Score {
        let [mut current, mut target, mut gap] =
            [self.current, self.target, self.gap].map(|sum| sum.figure(sheet.coverage_threshold));
        current.share = current.value.and_then(|value| share(value, sheet.scale));
        target.share = target.value.and_then(|value| share(value, sheet.scale));
        // A gap is a distance: the lower end of the scale is no part of it.
        gap.share = gap.value.and_then(|value| Some(value / width(sheet.scale)?));
        Score { current, target, gap }
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::{Sample, outcome, outline};
    use super::*;

    const HOUSE: &str = "
F
 G1 1>4p3 3>3w2 n o
 G2 w3 2>1p2 0>2p2";

    fn values(score: &Score) -> [Option<f64>; 3] {
        [score.current.value, score.target.value, score.gap.value]
    }

    #[test]
    fn scores_are_weighted_means_and_gaps_add_up_over_outcomes() {
        let scores = score(&outline(HOUSE, outcome).profile_sheet());
        let [whole, first, second] = [0, 1, 6].map(|at| &scores.nodes[at]);
        // (1*1 + 2*3)/3, (1*4 + 2*3)/3, (1*3*3 + 2*1*0)/(1*3 + 2*1)
        assert_eq!(values(first), [Some(7.0 / 3.0), Some(10.0 / 3.0), Some(9.0 / 5.0)]);
        assert_eq!(first.gap.share, Some(9.0 / 20.0));
        assert_eq!(first.current.coverage, Coverage { answered: 2, applicable: 2 });
        // (2 + 0)/2, (1 + 2)/2, (1*2*0 + 1*2*2)/(2 + 2): what is above its target makes no gap smaller.
        assert_eq!(values(second), [Some(1.0), Some(1.5), Some(1.0)]);
        // (7/3 + 3*1)/4, (10/3 + 3*1.5)/4, (9 + 4)/(5 + 4)
        let wanted = [Some((7.0 / 3.0 + 3.0) / 4.0), Some((10.0 / 3.0 + 4.5) / 4.0), Some(13.0 / 9.0)];
        assert_eq!(values(whole), wanted);
        assert_eq!(scores.total.gap.share, Some(13.0 / 9.0 / 4.0));
        assert_eq!(values(&scores.nodes[2]), [Some(1.0), Some(4.0), Some(3.0)], "outcomes have figures too");
        assert_eq!(scores.nodes[4].current.standing, Standing::NotApplicable);
    }

    #[test]
    fn no_value_is_not_zero() {
        let text = format!("{HOUSE}\n G3 w5 4>_ _>4");
        let scores = score(&outline(&text, outcome).profile_sheet());
        let third = &scores.nodes[9];
        assert_eq!((third.current.standing, third.current.value), (Standing::Insufficient, None));
        assert_eq!(third.current.coverage, Coverage { answered: 1, applicable: 2 });
        // 5 of 6 are answered: the third group is left out, its answers count in the coverage.
        assert_eq!(scores.total.current.coverage, Coverage { answered: 5, applicable: 6 });
        assert_eq!(scores.total.current.value, Some((7.0 / 3.0 + 3.0) / 4.0));
        // Only 4 of 6 have both values.
        assert_eq!((scores.total.gap.standing, scores.total.gap.value), (Standing::Insufficient, None));
    }

    /// Why "a higher value lowers no score" holds only for what had a value: a first one below the mean draws it down.
    #[test]
    fn a_first_value_can_lower_the_mean() {
        let current = |text| score(&outline(text, outcome).profile_sheet()).total.current.value;
        assert_eq!(current("F 4>4 4>4 4>4 4>4 _>4"), Some(4.0));
        assert_eq!(current("F 4>4 4>4 4>4 4>4 1>4"), Some(17.0 / 5.0));
    }

    #[test]
    fn nothing_answered_nothing_in_scope_and_nothing_there_have_no_score() {
        for (text, standing) in [
            ("F _>_ _>_", Standing::Insufficient),
            ("F n o", Standing::NotApplicable),
            ("F", Standing::NotApplicable),
        ] {
            let sample = outline(text, outcome);
            let total = score(&Sheet { coverage_threshold: 0, ..sample.profile_sheet() }).total;
            assert_eq!((total.current.standing, total.gap.standing), (standing, standing), "{text}");
            assert_eq!(values(&total), [None; 3], "{text}");
        }
        assert!(score(&Sample::default().profile_sheet()).nodes.is_empty());
        assert_eq!(
            score(&Sheet { scale: &[], ..outline(HOUSE, outcome).profile_sheet() }).total.current.value,
            None
        );
    }

    #[test]
    fn the_answer_of_an_outcome_with_outcomes_of_its_own_is_one_more_below_it() {
        let scores = score(&outline("F w9 =4>4\n G w3 2>2", outcome).profile_sheet());
        assert_eq!(scores.nodes[0].current.value, Some((4.0 + 3.0 * 2.0) / 4.0));
        assert_eq!(scores.nodes[0].current.coverage, Coverage { answered: 2, applicable: 2 });
    }

    #[test]
    fn figures_of_every_scale_map_to_shares() {
        assert_eq!(share(3.0, &[1, 2, 3, 4, 5]), Some(0.5));
        assert_eq!(share(25.0, &[0, 100]), Some(0.25));
        assert_eq!((share(1.0, &[1]), share(1.0, &[])), (None, None));
        let sample = outline("F -8>5 9>2", outcome);
        let total = score(&Sheet { scale: &[1, 2, 3, 4, 5], ..sample.profile_sheet() }).total;
        assert_eq!(
            (total.current.value, total.current.share),
            (Some(3.0), Some(0.5)),
            "-8 counts as 1, 9 as 5"
        );
        assert_eq!((total.gap.value, total.gap.share), (Some(2.0), Some(0.5)));
    }
}
