//! An assessment as far as results need it: the outline of its framework with the answers given, scored by its method.

use std::collections::HashMap;

use super::model::{Covered, Figures, StageRange, exact};
use crate::assessments::scoring::stages::ScoreMode;
use crate::assessments::scoring::{Coverage, Node, points, profile, stages};
use crate::frameworks::{Framework, Method, NodeOutline, Rollup};
use crate::kernel::id::FrameworkNodeId;
use crate::kernel::text::NodeCode;

/// What was answered to a node.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AnswerGiven {
    /// The answer. With `stage_gate` 0 not met, 1 partly, 2 met; with `weighted_mean` a level of the scale; with `points_sum`
    /// points. None while unanswered.
    pub value: Option<i32>,
    /// The reviewer's, where it is another; none where the one given stands.
    pub validated_value: Option<i32>,
    /// Where it shall be, a level of the scale; only with `weighted_mean`.
    pub target: Option<i32>,
    /// How much it matters, 1 to 3; 1 when nobody said.
    pub priority: Option<i32>,
    /// It does not apply here, for a reason that stands with the answer.
    pub not_applicable: bool,
    /// There is evidence for it.
    pub evidence: bool,
    /// Evidence for it was accepted.
    pub evidence_accepted: bool,
}

/// With `stage_gate` the answer that counts as met; "partly" counts as not met (domain rule A).
const MET: i32 = 2;

impl AnswerGiven {
    /// The value that counts: reviewed answers show the reviewer's.
    fn counted(&self, mode: ScoreMode) -> Option<i32> {
        match mode {
            ScoreMode::SelfAssessed => self.value,
            ScoreMode::Validated => self.validated_value.or(self.value),
        }
    }

    /// Whether what counts is shown by evidence, as far as the mode asks for it.
    fn proven(&self, mode: ScoreMode) -> bool {
        match mode {
            ScoreMode::SelfAssessed => self.evidence || self.evidence_accepted,
            ScoreMode::Validated => self.evidence_accepted,
        }
    }
}

/// The outline of a framework with the answers of one assessment.
#[derive(Clone, Debug)]
pub struct Sheet {
    /// How answers become a score.
    pub method: Method,
    /// The values of the scale, rising.
    pub scale: Vec<i32>,
    /// Percent of what applies that must be answered, 0 to 100.
    pub coverage_threshold: i32,
    rollup: Rollup,
    tiers: Vec<NodeCode>,
    /// The nodes that are held, in framework order.
    pub nodes: Vec<NodeOutline>,
    places: Vec<Node>,
    answers: Vec<AnswerGiven>,
}

/// The scores of a sheet.
#[derive(Clone, Debug)]
pub struct Measured {
    /// In the places of the nodes; none for what is an answer and no score.
    pub nodes: Vec<Option<Figures>>,
    /// The whole framework.
    pub overall: Figures,
}

impl Sheet {
    /// When groups are chosen, nodes that belong to others only are left out, with what stands below them; so is what then
    /// has nothing left to answer. None for a taxonomy, which is never scored.
    pub fn new(
        framework: &Framework,
        outline: Vec<NodeOutline>,
        chosen: &[NodeCode],
        given: &HashMap<FrameworkNodeId, AnswerGiven>,
    ) -> Option<Self> {
        let method = framework.method?;
        let nodes = held(outline, chosen);
        let at: HashMap<FrameworkNodeId, usize> =
            nodes.iter().enumerate().map(|(at, node)| (node.id, at)).collect();
        let place = |node: &NodeOutline| Node {
            parent: node.parent_id.and_then(|id| at.get(&id).copied()),
            assessable: node.assessable,
            weight: node.weight,
            stage: node.stage,
            points: node.points,
        };
        Some(Self {
            method,
            scale: framework.scale.0.iter().map(|level| level.value).collect(),
            coverage_threshold: framework.coverage_threshold,
            rollup: framework.rollup.unwrap_or(Rollup::Minimum),
            tiers: framework.scale.0.iter().map(|level| level.code.clone()).collect(),
            places: nodes.iter().map(place).collect(),
            answers: nodes.iter().map(|node| given.get(&node.id).copied().unwrap_or_default()).collect(),
            nodes,
        })
    }

    /// Place of the node above this one.
    pub fn above(&self, at: usize) -> Option<usize> {
        self.places.get(at).and_then(|node| node.parent)
    }

    /// Scores every node and the whole by the method of the framework (domain rules A, B and C).
    pub fn measured(&self, mode: ScoreMode) -> Measured {
        match self.method {
            Method::StageGate => {
                let answers = self.verdicts(mode);
                let scores = stages::score(&self.of_stages(&answers, mode));
                let nodes = scores.nodes.iter().map(|score| score.as_ref().map(of_stage)).collect();
                Measured { nodes, overall: of_stage(&scores.total) }
            }
            Method::WeightedMean => {
                let answers = self.positions(mode);
                let scores = profile::score(&self.of_profile(&answers));
                let nodes = scores.nodes.iter().map(|score| Some(of_profile(score))).collect();
                Measured { nodes, overall: of_profile(&scores.total) }
            }
            Method::PointsSum => {
                let (answers, tiers) = (self.claims(mode), self.tiers());
                let scores = points::score(&self.of_points(&answers, &tiers));
                let of = |score: &points::Score| of_points(score, &self.tiers);
                let nodes = scores.nodes.iter().map(|score| score.as_ref().map(of)).collect();
                Measured { nodes, overall: of(&scores.total) }
            }
        }
    }

    /// The answers as rule A reads them.
    pub(super) fn verdicts(&self, mode: ScoreMode) -> Vec<stages::Answer> {
        let verdict = |given: &AnswerGiven| match given.counted(mode) {
            _ if given.not_applicable => stages::Answer::NotApplicable,
            None => stages::Answer::Unanswered,
            Some(value) if value >= MET => stages::Answer::Met { proven: given.evidence_accepted },
            Some(_) => stages::Answer::NotMet,
        };
        self.answers.iter().map(verdict).collect()
    }

    /// The answers as rule B reads them.
    pub(super) fn positions(&self, mode: ScoreMode) -> Vec<profile::Answer> {
        let position = |given: &AnswerGiven| match given {
            given if given.not_applicable => profile::Answer::NotApplicable,
            given => profile::Answer::InScope {
                current: given.counted(mode),
                target: given.target,
                priority: given.priority.unwrap_or(1),
            },
        };
        self.answers.iter().map(position).collect()
    }

    /// The answers as rule C reads them: without evidence there are no points, in either mode.
    pub(super) fn claims(&self, mode: ScoreMode) -> Vec<points::Answer> {
        let claim = |given: &AnswerGiven| match given.counted(mode) {
            _ if given.not_applicable => points::Answer::NotApplicable,
            None => points::Answer::Unanswered,
            Some(points) => points::Answer::Claimed { points, proven: given.proven(mode) },
        };
        self.answers.iter().map(claim).collect()
    }

    /// The table of tiers: with `points_sum` a level of the scale holds from its value on, in percent.
    pub(super) fn tiers(&self) -> Vec<points::Tier> {
        let tier = |(name, value): (usize, &i32)| points::Tier { at_least: *value, name };
        self.scale.iter().enumerate().map(tier).collect()
    }

    pub(super) fn of_stages<'a>(
        &'a self,
        answers: &'a [stages::Answer],
        mode: ScoreMode,
    ) -> stages::Sheet<'a> {
        let (nodes, scale, coverage_threshold) = (&self.places, &self.scale, self.coverage_threshold);
        stages::Sheet { nodes, scale, answers, mode, coverage_threshold, rollup: self.rollup }
    }

    pub(super) fn of_profile<'a>(&'a self, answers: &'a [profile::Answer]) -> profile::Sheet<'a> {
        let (nodes, scale, coverage_threshold) = (&self.places, &self.scale, self.coverage_threshold);
        profile::Sheet { nodes, scale, answers, coverage_threshold }
    }

    pub(super) fn of_points<'a>(
        &'a self,
        answers: &'a [points::Answer],
        tiers: &'a [points::Tier],
    ) -> points::Sheet<'a> {
        points::Sheet { nodes: &self.places, answers, tiers, coverage_threshold: self.coverage_threshold }
    }
}

/// Leaves out what the chosen groups don't hold. Parents stand before children.
fn held(outline: Vec<NodeOutline>, chosen: &[NodeCode]) -> Vec<NodeOutline> {
    let at: HashMap<FrameworkNodeId, usize> =
        outline.iter().enumerate().map(|(at, node)| (node.id, at)).collect();
    let parent = |node: &NodeOutline| node.parent_id.and_then(|id| at.get(&id).copied());
    let of_groups = |node: &NodeOutline| {
        chosen.is_empty()
            || node.groups.0.is_empty()
            || node.groups.0.iter().any(|group| chosen.contains(group))
    };
    let mut reached = vec![true; outline.len()];
    for (place, node) in outline.iter().enumerate() {
        reached[place] = of_groups(node) && parent(node).is_none_or(|above| reached[above]);
    }
    // Whether something below is answered, and whether some of it is held.
    let (mut answered, mut kept) = (vec![false; outline.len()], vec![false; outline.len()]);
    for (place, node) in outline.iter().enumerate().rev() {
        answered[place] |= node.assessable;
        kept[place] = reached[place] && (kept[place] || node.assessable || !answered[place]);
        if let Some(above) = parent(node) {
            answered[above] |= answered[place];
            kept[above] |= kept[place] && answered[place];
        }
    }
    let mut kept = kept.into_iter();
    outline.into_iter().filter(|_| kept.next().unwrap_or(false)).collect()
}

fn covered(coverage: Coverage) -> Covered {
    Covered { answered: coverage.answered, applicable: coverage.applicable }
}

fn of_stage(score: &stages::Score) -> Figures {
    Figures {
        stage: score.stage,
        next_stage: score.next,
        progress: score.progress.map(exact),
        index: score.index.map(exact),
        range: score.range.map(|(min, max)| StageRange { min, max }),
        ..Figures::of(score.standing, covered(score.coverage))
    }
}

fn of_profile(score: &profile::Score) -> Figures {
    Figures {
        mean: score.current.value.map(exact),
        share: score.current.share.map(exact),
        target: score.target.value.map(exact),
        gap: score.gap.value.map(exact),
        weighted_gap: score.gap.share.map(exact),
        ..Figures::of(score.current.standing, covered(score.current.coverage))
    }
}

fn of_points(score: &points::Score, tiers: &[NodeCode]) -> Figures {
    Figures {
        points: score.points,
        most_points: score.most,
        percent: score.percent.map(exact),
        tier: score.tier.and_then(|name| tiers.get(name).cloned()),
        ..Figures::of(score.standing, covered(score.coverage))
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::gaps::missing;
    use super::*;
    use crate::assessments::scoring::Standing;
    use crate::kernel::id::FrameworkId;
    use crate::kernel::lang::{Lang, Titles};
    use crate::kernel::parse::FromText;
    use crate::kernel::stored::Stored;
    use crate::kernel::text::{Label, Name, Passage, Urn};
    use crate::kernel::time::Timestamp;
    use crate::kernel::words::Words;

    fn made<T: FromText>(text: &str) -> T {
        T::from_text(text).expect("a text of its kind")
    }

    fn id(place: usize) -> FrameworkNodeId {
        uuid::Uuid::from_u128(place as u128 + 1).into()
    }

    /// A framework of this method on this scale.
    pub fn framework(method: Method, scale: &[i32]) -> Framework {
        let level = |value: &i32| crate::frameworks::Level {
            value: *value,
            code: made(&format!("L{value}")),
            name: Titles::one(Lang::En, "A level"),
            description: None,
        };
        Framework {
            id: FrameworkId(uuid::Uuid::nil()),
            urn: made::<Urn>("urn:test:f"),
            edition: made::<Label>("1"),
            name: Titles::one(Lang::En, "A framework"),
            publisher: made::<Name>("We"),
            source: None,
            published: None,
            license: made::<Passage>("CC0"),
            notice: None,
            language: Lang::En,
            languages: Words(vec![Lang::En]),
            method: Some(method),
            scale: Stored(scale.iter().map(level).collect()),
            groups: Stored(Vec::new()),
            coverage_threshold: 80,
            rollup: None,
            kinds: Stored(Vec::new()),
            node_count: 0,
            assessable_count: 0,
            form: made("cybercap"),
            digest: String::new(),
            shipped: false,
            version: 1,
            created_at: Timestamp(0),
        }
    }

    /// Nodes from `code parent-place stage points groups`, `-` for none; those with a stage, points or `=` are answered.
    pub fn outline(lines: &str) -> Vec<NodeOutline> {
        let mut nodes: Vec<NodeOutline> = Vec::new();
        for (place, line) in lines.lines().map(str::trim).filter(|line| !line.is_empty()).enumerate() {
            let words: Vec<&str> = line.split_whitespace().collect();
            let parent: Option<usize> = words[1].parse().ok();
            let number = |at: usize| words.get(at).and_then(|word| word.parse::<i32>().ok());
            nodes.push(NodeOutline {
                id: id(place),
                depth: parent.map_or(1, |at| nodes[at].depth + 1),
                parent_id: parent.map(id),
                code: made(words[0]),
                urn: made(&format!("urn:test:f:{}", words[0].to_lowercase())),
                kind: made("node"),
                assessable: number(2).is_some() || number(3).is_some() || words.get(2) == Some(&"="),
                weight: 1,
                stage: number(2),
                points: number(3),
                name: None,
                groups: Stored(words.get(4).into_iter().flat_map(|g| g.split(',')).map(made).collect()),
            });
        }
        nodes
    }

    /// A sheet with these answers, by place.
    pub fn sheet(method: Method, scale: &[i32], lines: &str, given: &[(usize, AnswerGiven)]) -> Sheet {
        let given = given.iter().map(|(place, answer)| (id(*place), *answer)).collect();
        Sheet::new(&framework(method, scale), outline(lines), &[made("a")], &given).expect("it is scored")
    }

    pub fn value(value: i32) -> AnswerGiven {
        AnswerGiven { value: Some(value), ..AnswerGiven::default() }
    }

    /// The worked example of domain rule A: stage 2 = 3/3, stage 3 = 3/4, stage 4 = 2/2.
    pub const EXAMPLE: &str = "A -
        A2a 0 2\n A2b 0 2\n A2c 0 2\n A3a 0 3\n A3b 0 3\n A3c 0 3\n A3d 0 3\n A4a 0 4\n A4b 0 4";

    #[test]
    fn the_worked_example_of_stages_comes_out_and_proof_counts_when_validated() {
        let mut given: Vec<_> = (1..=9).map(|place| (place, value(2))).collect();
        given[6].1 = value(1);
        let score = |given: &[(usize, AnswerGiven)], mode| {
            let sheet = sheet(Method::StageGate, &[1, 2, 3, 4, 5], EXAMPLE, given);
            sheet.measured(mode).nodes[0].clone().expect("a score")
        };
        let own = score(&given, ScoreMode::SelfAssessed);
        assert_eq!(
            (own.stage, own.next_stage, own.progress, own.index),
            (Some(2), Some(3), Some(0.75), Some(2.75))
        );
        assert_eq!(
            (own.coverage.answered, own.coverage.applicable),
            (9, 9),
            "partly is answered, and not met"
        );
        assert_eq!(score(&given, ScoreMode::Validated).stage, Some(1), "nothing is proven");
        given.iter_mut().for_each(|(_, answer)| answer.evidence_accepted = true);
        assert_eq!(score(&given, ScoreMode::Validated).index, Some(2.75));
        given[0].1.validated_value = Some(0);
        assert_eq!(
            score(&given, ScoreMode::Validated).index,
            Some(exact(1.0 + 2.0 / 3.0)),
            "the reviewer's counts"
        );
        assert_eq!(score(&given, ScoreMode::SelfAssessed).index, Some(2.75));
    }

    #[test]
    fn what_no_chosen_group_holds_is_left_out() {
        let lines = "D -\n F 0\n X 1 = - b\n Y 1 = - a,b\n Z 1 =\n E 0\n W 5 = - c\n N 0";
        let left = sheet(Method::WeightedMean, &[0, 4], lines, &[(3, value(4)), (4, value(0))]);
        let codes: Vec<_> = left.nodes.iter().map(|node| node.code.as_str()).collect();
        assert_eq!(codes, ["D", "F", "Y", "Z", "N"], "E has nothing left to answer, N never had");
        let score = left.measured(ScoreMode::SelfAssessed);
        assert_eq!((score.overall.mean, score.overall.coverage.applicable), (Some(2.0), 2));
        assert_eq!(left.above(2), Some(1));
    }

    #[test]
    fn points_need_evidence_and_the_scale_is_the_table_of_tiers() {
        let given = |evidence, accepted| AnswerGiven { evidence, evidence_accepted: accepted, ..value(3) };
        let lines = "N -\n I1 0 - 4\n I2 0 - 4";
        let sheet =
            sheet(Method::PointsSum, &[0, 30, 60], lines, &[(1, given(true, true)), (2, given(true, false))]);
        let own = sheet.measured(ScoreMode::SelfAssessed).overall;
        assert_eq!((own.points, own.most_points, own.percent), (Some(6), Some(8), Some(75.0)));
        assert_eq!(own.tier.as_ref().map(NodeCode::as_str), Some("L60"));
        let proven = sheet.measured(ScoreMode::Validated).overall;
        assert_eq!((proven.percent, proven.tier.as_ref().map(NodeCode::as_str)), (Some(37.5), Some("L30")));
        assert_eq!(missing(&sheet, ScoreMode::Validated).len(), 2);
    }

    #[test]
    fn nothing_answered_is_insufficient_by_every_method() {
        for (method, lines) in [
            (Method::StageGate, EXAMPLE),
            (Method::WeightedMean, "A -\n B 0 ="),
            (Method::PointsSum, "A -\n B 0 - 5"),
        ] {
            let measured = sheet(method, &[1, 2, 3, 4, 5], lines, &[]).measured(ScoreMode::Validated);
            assert_eq!(
                (measured.overall.standing, measured.overall.figure()),
                (Standing::Insufficient, None)
            );
        }
    }
}
