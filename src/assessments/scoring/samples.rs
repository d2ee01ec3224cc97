//! Frameworks and answers for tests: outlines worked by hand, and random ones.

use proptest::collection::vec;
use proptest::prelude::*;

use super::{Node, points, profile, stages};

/// A framework with the answers to it, by every method.
#[derive(Clone, Debug, Default)]
pub struct Sample {
    pub nodes: Vec<Node>,
    pub stages: Vec<stages::Answer>,
    pub profile: Vec<profile::Answer>,
    pub points: Vec<points::Answer>,
}

/// An assessable node with the answers to it.
#[derive(Clone, Debug)]
pub struct Leaf {
    pub weight: i32,
    pub stage: i32,
    pub most: i32,
    pub verdict: stages::Answer,
    pub position: profile::Answer,
    pub claim: points::Answer,
}

pub const GROUP: Leaf = Leaf {
    weight: 1,
    stage: 0,
    most: 0,
    verdict: stages::Answer::Unanswered,
    position: profile::Answer::OutOfScope,
    claim: points::Answer::Unanswered,
};

impl Sample {
    pub fn group(&mut self, parent: Option<usize>, weight: i32) -> usize {
        self.node(parent, false, Leaf { weight, ..GROUP })
    }

    pub fn node(&mut self, parent: Option<usize>, assessable: bool, leaf: Leaf) -> usize {
        let (stage, points) = (assessable.then_some(leaf.stage), assessable.then_some(leaf.most));
        self.nodes.push(Node { parent, assessable, weight: leaf.weight, stage, points });
        self.stages.push(leaf.verdict);
        self.profile.push(leaf.position);
        self.points.push(leaf.claim);
        self.nodes.len() - 1
    }

    /// Adds an assessable node to which nothing applies.
    pub fn inapplicable(&mut self, parent: Option<usize>) -> usize {
        let verdict = stages::Answer::NotApplicable;
        let (position, claim) = (profile::Answer::NotApplicable, points::Answer::NotApplicable);
        self.node(parent, true, Leaf { weight: 2, stage: 2, most: 5, verdict, position, claim })
    }

    pub fn stage_sheet(&self) -> stages::Sheet<'_> {
        stages::Sheet {
            nodes: &self.nodes,
            scale: &[1, 2, 3, 4, 5],
            answers: &self.stages,
            mode: stages::ScoreMode::SelfAssessed,
            coverage_threshold: 80,
            rollup: crate::frameworks::Rollup::Minimum,
        }
    }

    pub fn profile_sheet(&self) -> profile::Sheet<'_> {
        let (nodes, answers) = (&self.nodes, &self.profile);
        profile::Sheet { nodes, scale: &[0, 1, 2, 3, 4], answers, coverage_threshold: 80 }
    }

    pub fn points_sheet(&self) -> points::Sheet<'_> {
        points::Sheet { nodes: &self.nodes, answers: &self.points, tiers: &[], coverage_threshold: 80 }
    }
}

/// Reads an outline: a line is a node, deeper lines stand below it, `w3` is its weight, `=` makes the next word its own
/// answer, and every other word after the name is an assessable node below it.
pub fn outline(text: &str, leaf: fn(&str) -> Leaf) -> Sample {
    let mut sample = Sample::default();
    let mut open: Vec<(usize, usize)> = Vec::new();
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        let depth = line.len() - line.trim_start().len();
        open.retain(|(other, _)| *other < depth);
        let at = sample.group(open.last().map(|(_, at)| *at), 1);
        open.push((depth, at));
        for word in line.split_whitespace().skip(1) {
            if let Some(weight) = word.strip_prefix('w') {
                sample.nodes[at].weight = weight.parse().expect("a weight");
            } else if let Some(own) = word.strip_prefix('=') {
                let own = leaf(own);
                (sample.nodes[at].assessable, sample.nodes[at].stage) = (true, Some(own.stage));
                sample.nodes[at].points = Some(own.most);
                (sample.stages[at], sample.profile[at], sample.points[at]) =
                    (own.verdict, own.position, own.claim);
            } else {
                sample.node(Some(at), true, leaf(word));
            }
        }
    }
    sample
}

/// `3m`: an indicator of stage 3; m met with evidence, p met without, x not met, n not applicable, u unanswered.
pub fn indicator(word: &str) -> Leaf {
    let (stage, verdict) = word.split_at(word.len() - 1);
    let verdict = match verdict {
        "m" => stages::Answer::Met { proven: true },
        "p" => stages::Answer::Met { proven: false },
        "x" => stages::Answer::NotMet,
        "n" => stages::Answer::NotApplicable,
        _ => stages::Answer::Unanswered,
    };
    Leaf { stage: stage.parse().expect("a stage"), verdict, ..GROUP }
}

/// `1>4p3w2`: an outcome at 1 that shall be at 4, of priority 3 and weight 2; `_` for an unanswered value, `n` for not
/// applicable, `o` for out of scope.
pub fn outcome(word: &str) -> Leaf {
    let (word, weight) = word.split_once('w').unwrap_or((word, "1"));
    let (word, priority) = word.split_once('p').unwrap_or((word, "1"));
    let position = match word.split_once('>') {
        Some((current, target)) => profile::Answer::InScope {
            current: current.parse().ok(),
            target: target.parse().ok(),
            priority: priority.parse().expect("a priority"),
        },
        None if word == "n" => profile::Answer::NotApplicable,
        None => profile::Answer::OutOfScope,
    };
    Leaf { weight: weight.parse().expect("a weight"), position, ..GROUP }
}

/// `5/10`: an item with 5 proven points of 10; `5?/10` without evidence, `n/10` not applicable, `u/10` unanswered.
pub fn item(word: &str) -> Leaf {
    let (claim, most) = word.split_once('/').expect("points of the most");
    let claim = match claim {
        "n" => points::Answer::NotApplicable,
        "u" => points::Answer::Unanswered,
        _ => points::Answer::Claimed {
            points: claim.trim_end_matches('?').parse().expect("points"),
            proven: !claim.ends_with('?'),
        },
    };
    Leaf { most: most.parse().expect("points"), claim, ..GROUP }
}

fn verdict() -> impl Strategy<Value = stages::Answer> {
    prop_oneof![
        8 => any::<bool>().prop_map(|proven| stages::Answer::Met { proven }),
        4 => Just(stages::Answer::NotMet),
        2 => Just(stages::Answer::NotApplicable),
        2 => Just(stages::Answer::Unanswered),
    ]
}

fn position() -> impl Strategy<Value = profile::Answer> {
    let value = || proptest::option::weighted(0.9, 0..=4);
    prop_oneof![
        12 => (value(), value(), 1..=3).prop_map(|(current, target, priority)| {
            profile::Answer::InScope { current, target, priority }
        }),
        1 => Just(profile::Answer::OutOfScope),
        1 => Just(profile::Answer::NotApplicable),
    ]
}

fn claim() -> impl Strategy<Value = points::Answer> {
    prop_oneof![
        12 => (0..=10, any::<bool>()).prop_map(|(points, proven)| points::Answer::Claimed { points, proven }),
        2 => Just(points::Answer::NotApplicable),
        2 => Just(points::Answer::Unanswered),
    ]
}

pub fn leaf() -> impl Strategy<Value = Leaf> {
    (1..=4, 2..=5, 1..=10, verdict(), position(), claim()).prop_map(
        |(weight, stage, most, verdict, position, claim)| Leaf {
            weight,
            stage,
            most,
            verdict,
            position,
            claim,
        },
    )
}

/// Frameworks of dimensions, factors, aspects and indicators, as published ones are.
pub fn regular() -> impl Strategy<Value = Sample> {
    let aspects = vec((1..=3, vec(leaf(), 0..7)), 1..4);
    let factors = vec((1..=3, aspects), 1..4);
    vec((1..=3, factors), 1..3).prop_map(|dimensions| {
        let mut sample = Sample::default();
        for (weight, factors) in dimensions {
            let dimension = sample.group(None, weight);
            for (weight, aspects) in factors {
                let factor = sample.group(Some(dimension), weight);
                for (weight, leaves) in aspects {
                    let aspect = sample.group(Some(factor), weight);
                    for leaf in leaves {
                        sample.node(Some(aspect), true, leaf);
                    }
                }
            }
        }
        sample
    })
}

/// Trees of any shape: assessable nodes with nodes below them, indicators beside factors, empty nodes.
pub fn irregular() -> impl Strategy<Value = Sample> {
    vec((any::<prop::sample::Index>(), any::<bool>(), leaf()), 0..40).prop_map(|rows| {
        let mut sample = Sample::default();
        for (at, (parent, assessable, leaf)) in rows.into_iter().enumerate() {
            let parent = parent.index(at + 1);
            sample.node((parent < at).then_some(parent), assessable, leaf);
        }
        sample
    })
}

/// Nodes and answers without any rule.
pub fn wild() -> impl Strategy<Value = Sample> {
    let node = (proptest::option::of(0_usize..30), any::<bool>(), any::<[i32; 6]>(), leaf());
    vec(node, 0..20).prop_map(|rows| {
        let mut sample = Sample::default();
        for (parent, assessable, [weight, stage, most, current, target, priority], leaf) in rows {
            let position =
                profile::Answer::InScope { current: Some(current), target: Some(target), priority };
            let claim = points::Answer::Claimed { points: current, proven: leaf.weight > 1 };
            let at = sample.node(parent, assessable, Leaf { weight, stage, most, position, claim, ..leaf });
            if stage % 3 == 0 {
                (sample.nodes[at].stage, sample.nodes[at].points) = (Some(stage.rem_euclid(7)), None);
            }
        }
        sample
    })
}
