//! Method A, `stage_gate`: the stage of an aspect, and what follows from it above (domain rule A).

use super::rollup::Parts;
use super::{Coverage, Node, Standing, above};
use crate::codes_enum;
use crate::frameworks::Rollup;

/// The answer to an indicator (domain rule A). "Partly" is given as `NotMet`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It is met.
    Met {
        /// Whether evidence for it is accepted; asked only in [`ScoreMode::Validated`].
        proven: bool,
    },
    /// It is not met, or only partly.
    NotMet,
    /// It does not apply here.
    NotApplicable,
    /// Nobody has answered: it counts as not met and lowers the coverage.
    Unanswered,
}

codes_enum! {
    /// Which answers count (domain rule A).
    pub ScoreMode {
        /// The answers as given.
        SelfAssessed "self",
        /// Those that stand a review, with accepted evidence; met without it counts as not met, and as answered.
        Validated "validated",
    }
}

/// What is scored. An indicator is an assessable node whose stage is 2 to the last of the scale; an assessable node of any
/// other stage counts nowhere.
#[derive(Clone, Copy, Debug)]
pub struct Sheet<'a> {
    /// The framework, parents before children.
    pub nodes: &'a [Node],
    /// The stages, 1 to n.
    pub scale: &'a [i32],
    /// The answers, in the places of the nodes; only those of indicators are read.
    pub answers: &'a [Answer],
    /// What makes an indicator met.
    pub mode: ScoreMode,
    /// Percent of what applies that must be answered, 0 to 100.
    pub coverage_threshold: i32,
    /// How factors follow from aspects.
    pub rollup: Rollup,
}

/// What a node is to the method, which follows from the tree alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// It has indicators and no other nodes below it. Its index is stage + progress.
    Aspect,
    /// All nodes below it are aspects. Its stage is their roll-up, its index their mean.
    Factor,
    /// It stands above factors, or is the whole framework. Its index is a mean; it never has a stage.
    Dimension,
}

/// The score of a node. Everything but role, standing and coverage is none unless it is [`Standing::Scored`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Score {
    /// What it is to the method.
    pub role: Role,
    /// Whether it has a score.
    pub standing: Standing,
    /// Indicators beneath it.
    pub coverage: Coverage,
    /// Its stage, 1 to n; none for a dimension and the whole framework.
    pub stage: Option<i32>,
    /// Of an aspect: the next higher stage that has indicators that apply; none when there is none.
    pub next: Option<i32>,
    /// Of an aspect: met/applicable of the next stage, 0 or more and below 1; 0 when there is no next stage.
    pub progress: Option<f64>,
    /// 1 to n. Of an aspect stage + progress; above, the mean index of the scored nodes below it, by their weights.
    pub index: Option<f64>,
    /// Lowest and highest stage of the scored aspects in it; none for an aspect.
    pub range: Option<(i32, i32)>,
}

/// The scores of a framework.
#[derive(Clone, Debug, PartialEq)]
pub struct Scores {
    /// In the places of the nodes; none for an assessable node with nothing below it: it is an answer, not a score.
    pub nodes: Vec<Option<Score>>,
    /// The whole framework: the mean of its top nodes, never a stage.
    pub total: Score,
}

/// Scores every node and the whole (domain rule A). Indicators that stand beside other nodes below one node count as one
/// more aspect of it, of weight 1. An indicator that has nodes of its own belongs to its parent all the same.
pub fn score(sheet: &Sheet) -> Scores {
    let whole = sheet.nodes.len();
    let own = aspects(sheet);
    let mut parts: Vec<Parts> = (0..=whole).map(|_| Parts::default()).collect();
    let mut scores = vec![None; whole];
    for (at, node) in sheet.nodes.iter().enumerate().rev() {
        let (own, mut below) = (own[at], std::mem::take(&mut parts[at]));
        let score = match (below.role, own) {
            (None, None) if node.assessable => continue,
            (None, own) => own.unwrap_or_default().score(sheet),
            (Some(role), own) => {
                below.take_own(own, sheet);
                below.roll_up(role, sheet)
            }
        };
        parts[above(sheet.nodes, at)].take(&score, node.counts());
        scores[at] = Some(score);
    }
    let mut top = std::mem::take(&mut parts[whole]);
    top.take_own(own[whole], sheet);
    Scores { nodes: scores, total: top.roll_up(Role::Dimension, sheet) }
}

impl Sheet<'_> {
    fn last_stage(&self) -> i32 {
        self.scale.iter().copied().max().unwrap_or(1)
    }

    /// The stage and the answer of the indicator in this place; none when there is no indicator.
    pub(super) fn indicator(&self, at: usize) -> Option<(i32, Answer)> {
        let node = self.nodes.get(at).filter(|node| node.assessable)?;
        let stage = node.stage.filter(|stage| (2..=self.last_stage()).contains(stage))?;
        Some((stage, self.answers.get(at).copied().unwrap_or(Answer::Unanswered)))
    }
}

/// What the indicators directly below one node come to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Aspect {
    coverage: Coverage,
    stage: i32,
    /// The lowest stage that is not complete.
    pub next: Option<i32>,
    progress: f64,
}

impl Default for Aspect {
    fn default() -> Self {
        Self { coverage: Coverage::default(), stage: 1, next: None, progress: 0.0 }
    }
}

/// The indicators directly below one node, one by one.
#[derive(Clone, Debug, Default)]
struct Indicators {
    coverage: Coverage,
    /// The stage of each that applies, and whether it is met.
    applicable: Vec<(i32, bool)>,
}

impl Indicators {
    /// Stages without an indicator that applies are not in the list: so they are complete and never the stage, as the rule
    /// wants.
    fn aspect(mut self) -> Aspect {
        self.applicable.sort_unstable_by_key(|(stage, _)| *stage);
        let mut aspect = Aspect { coverage: self.coverage, ..Aspect::default() };
        for of_stage in self.applicable.chunk_by(|left, right| left.0 == right.0) {
            let stage = of_stage.first().map_or(aspect.stage, |(stage, _)| *stage);
            let met = of_stage.iter().filter(|(_, met)| *met).count();
            if met < of_stage.len() {
                aspect.next = Some(stage);
                aspect.progress = met as f64 / of_stage.len() as f64;
                break;
            }
            aspect.stage = stage;
        }
        aspect
    }
}

impl Aspect {
    pub(super) fn standing(&self, sheet: &Sheet) -> Standing {
        self.coverage.standing(sheet.coverage_threshold)
    }

    pub(super) fn score(&self, sheet: &Sheet) -> Score {
        let standing = self.standing(sheet);
        let scored = standing == Standing::Scored;
        let index = (f64::from(self.stage) + self.progress).min(f64::from(sheet.last_stage()));
        Score {
            role: Role::Aspect,
            standing,
            coverage: self.coverage,
            stage: scored.then_some(self.stage),
            next: self.next.filter(|_| scored),
            progress: scored.then_some(self.progress),
            index: scored.then_some(index),
            range: None,
        }
    }
}

/// What the indicators directly below each node come to and, in the last place, those below none; none where there are no
/// indicators.
pub(super) fn aspects(sheet: &Sheet) -> Vec<Option<Aspect>> {
    let mut gathered: Vec<Option<Indicators>> = vec![None; sheet.nodes.len() + 1];
    for at in 0..sheet.nodes.len() {
        let Some((stage, answer)) = sheet.indicator(at) else { continue };
        let indicators = gathered[above(sheet.nodes, at)].get_or_insert_default();
        let met = match answer {
            Answer::NotApplicable => continue,
            Answer::Met { proven } => proven || sheet.mode == ScoreMode::SelfAssessed,
            Answer::NotMet | Answer::Unanswered => false,
        };
        indicators.coverage.count(answer != Answer::Unanswered);
        indicators.applicable.push((stage, met));
    }
    gathered.into_iter().map(|indicators| indicators.map(Indicators::aspect)).collect()
}

#[cfg(test)]
mod tests {
    use super::super::samples::{GROUP, Sample, indicator, outline};
    use super::*;

    /// The score of one aspect with these indicators.
    fn aspect(indicators: &str, mode: ScoreMode) -> Score {
        let sample = outline(&format!("A {indicators}"), indicator);
        let scores = score(&Sheet { mode, ..sample.stage_sheet() });
        assert!(scores.nodes[1..].iter().all(Option::is_none), "indicators have no score");
        scores.nodes[0].expect("a score")
    }

    #[test]
    fn an_aspect_reaches_the_stage_below_which_nothing_is_missing() {
        let table = [
            // The worked example of domain rule A: later stages give no credit.
            ("2m 2m 2m 3m 3m 3m 3x 4m 4m", 2, Some(3), 0.75),
            ("2x 2x", 1, Some(2), 0.0),
            ("2m 2x 3m", 1, Some(2), 0.5),
            ("2m 2m", 2, None, 0.0),
            ("2m 3m 4m 5m", 5, None, 0.0),
            ("2m 3m 4m 5m 5m 5x", 4, Some(5), 2.0 / 3.0),
            // Stages without indicators that apply are complete, and are neither reached nor next.
            ("2m 4m 4x", 2, Some(4), 0.5),
            ("2m 3n 3n 4m 5x", 4, Some(5), 0.0),
            ("2n 3m", 3, None, 0.0),
            ("5m", 5, None, 0.0),
            ("5x", 1, Some(5), 0.0),
            // Four of five are answered, which is enough; the fifth counts as not met.
            ("2m 2m 2m 3m 3u", 2, Some(3), 0.5),
            ("2m 2m 2m 3m 2u", 1, Some(2), 0.75),
            // The order of the indicators is of no matter.
            ("4m 3x 2m 3m", 2, Some(3), 0.5),
        ];
        for (indicators, stage, next, progress) in table {
            let score = aspect(indicators, ScoreMode::SelfAssessed);
            let index = f64::from(stage) + progress;
            assert_eq!((score.role, score.standing), (Role::Aspect, Standing::Scored), "{indicators}");
            assert_eq!((score.stage, score.next), (Some(stage), next), "{indicators}");
            assert_eq!((score.progress, score.index), (Some(progress), Some(index)), "{indicators}");
        }
    }

    #[test]
    fn only_what_is_proven_is_met_in_validated_mode() {
        assert_eq!(aspect("2m 2p 3p", ScoreMode::SelfAssessed).index, Some(3.0));
        let validated = aspect("2m 2p 3p", ScoreMode::Validated);
        assert_eq!((validated.stage, validated.progress), (Some(1), Some(0.5)));
        assert_eq!(validated.coverage, Coverage { answered: 3, applicable: 3 }, "unproven is answered");
    }

    #[test]
    fn an_aspect_without_enough_answers_shows_nothing() {
        let hidden = |score: Score| (score.stage, score.next, score.progress, score.index, score.range);
        let table = [
            ("2m 2m 2m 3u", Standing::Insufficient, 3, 4),
            ("2u", Standing::Insufficient, 0, 1),
            ("2n 3n", Standing::NotApplicable, 0, 0),
            ("", Standing::NotApplicable, 0, 0),
        ];
        for (indicators, standing, answered, applicable) in table {
            let score = aspect(indicators, ScoreMode::SelfAssessed);
            assert_eq!(score.standing, standing, "{indicators}");
            assert_eq!(score.coverage, Coverage { answered, applicable }, "{indicators}");
            assert_eq!(hidden(score), (None, None, None, None, None), "{indicators}");
        }
    }

    #[test]
    fn what_is_no_indicator_counts_nowhere() {
        let odd = aspect("1x 2m 6x 0x", ScoreMode::SelfAssessed);
        assert_eq!((odd.stage, odd.coverage.applicable), (Some(2), 1));
        let empty = score(&Sample::default().stage_sheet());
        assert_eq!((empty.nodes.len(), empty.total.standing), (0, Standing::NotApplicable));
        let mut sample = outline("A 2m", indicator);
        sample.stages.clear();
        assert_eq!(score(&sample.stage_sheet()).nodes[0].map(|a| a.coverage.answered), Some(0));
    }

    #[test]
    fn a_single_indicator_makes_the_whole_but_has_no_score() {
        let mut sample = Sample::default();
        sample.node(None, true, indicator("2m"));
        let scores = score(&Sheet { rollup: Rollup::Median, ..sample.stage_sheet() });
        assert_eq!(scores.nodes, [None]);
        assert_eq!((scores.total.index, scores.total.stage), (Some(2.0), None));
        sample.group(None, GROUP.weight);
        assert_eq!(score(&sample.stage_sheet()).total, scores.total, "an empty node leaves the roll-up");
    }
}
