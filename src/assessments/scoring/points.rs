//! Method C, `points_sum`: points of what is proven, out of what can be had (domain rule C).

use super::{Coverage, Node, Standing, above};

/// The answer to an item (domain rule C).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Points are claimed.
    Claimed {
        /// How many: 0 to the most that the item gives; what lies outside counts as the nearer end.
        points: i32,
        /// Whether it has evidence of an accepted kind; without it the points are 0, and the item is answered.
        proven: bool,
    },
    /// It does not apply here: its points leave the most that can be had.
    NotApplicable,
    /// Nobody has answered: 0 points, and a lower coverage.
    Unanswered,
}

/// A line of the table of tiers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tier {
    /// The percentage from which on it holds, 0 to 100.
    pub at_least: i32,
    /// Place of its name in the caller's list of names.
    pub name: usize,
}

/// What is scored. An item is an assessable node that gives 1 point or more; another assessable node counts nowhere.
#[derive(Clone, Copy, Debug)]
pub struct Sheet<'a> {
    /// The framework, parents before children.
    pub nodes: &'a [Node],
    /// The answers, in the places of the nodes; only those of items are read.
    pub answers: &'a [Answer],
    /// The tiers, in any order; none when the framework has no tiers.
    pub tiers: &'a [Tier],
    /// Percent of what applies that must be answered, 0 to 100.
    pub coverage_threshold: i32,
}

/// The score of a node. Everything but standing and coverage is none unless it is [`Standing::Scored`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Score {
    /// Whether it has a score.
    pub standing: Standing,
    /// Items beneath it.
    pub coverage: Coverage,
    /// Points of its items and of the scored nodes below it, 0 to `most`.
    pub points: Option<i64>,
    /// The most points that those could have, 1 or more.
    pub most: Option<i64>,
    /// 100 * points/most, 0 to 100.
    pub percent: Option<f64>,
    /// Place of the name of its tier; none below the lowest tier.
    pub tier: Option<usize>,
}

/// The scores of a framework.
#[derive(Clone, Debug, PartialEq)]
pub struct Scores {
    /// In the places of the nodes; none for an assessable node with nothing below it: it is an answer, not a score.
    pub nodes: Vec<Option<Score>>,
    /// The whole framework.
    pub total: Score,
}

/// Scores every node and the whole (domain rule C). Items that stand beside other nodes below one node count as one more
/// node below it. An item that has nodes of its own belongs to its parent all the same. Weights are not used.
pub fn score(sheet: &Sheet) -> Scores {
    let whole = sheet.nodes.len();
    let own = own_items(sheet);
    let mut below: Vec<Option<Tally>> = vec![None; whole + 1];
    let mut scores = vec![None; whole];
    for (at, node) in sheet.nodes.iter().enumerate().rev() {
        if node.assessable && own[at].is_none() && below[at].is_none() {
            continue;
        }
        let score = both(own[at], below[at], sheet);
        below[above(sheet.nodes, at)].get_or_insert_default().take(&score);
        scores[at] = Some(score);
    }
    Scores { nodes: scores, total: both(own[whole], below[whole], sheet) }
}

/// The place of the name of the highest tier that a percentage reaches (domain rule C). The percentage is not rounded:
/// 94.96 reads 95.0 and does not reach 95.
pub fn tier(percent: f64, tiers: &[Tier]) -> Option<usize> {
    let reached = tiers.iter().filter(|tier| f64::from(tier.at_least) <= percent);
    reached.max_by_key(|tier| tier.at_least).map(|tier| tier.name)
}

/// An item that applies.
#[derive(Clone, Copy, Debug)]
pub(super) struct Item {
    /// Points that count: 0 without evidence.
    pub points: i32,
    /// 1 or more.
    pub most: i32,
    /// None while unanswered.
    pub claimed: Option<i32>,
}

impl Sheet<'_> {
    /// None where there is no item, or it does not apply.
    pub(super) fn item(&self, at: usize) -> Option<Item> {
        let most = self.most(at)?;
        match self.answers.get(at).copied().unwrap_or(Answer::Unanswered) {
            Answer::NotApplicable => None,
            Answer::Unanswered => Some(Item { points: 0, most, claimed: None }),
            Answer::Claimed { points, proven } => {
                let claimed = points.clamp(0, most);
                Some(Item { points: if proven { claimed } else { 0 }, most, claimed: Some(claimed) })
            }
        }
    }

    fn most(&self, at: usize) -> Option<i32> {
        let node = self.nodes.get(at).filter(|node| node.assessable)?;
        node.points.filter(|points| *points > 0)
    }
}

#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    coverage: Coverage,
    points: i64,
    most: i64,
}

impl Tally {
    fn take(&mut self, part: &Score) {
        self.coverage.add(part.coverage);
        self.points += part.points.unwrap_or(0);
        self.most += part.most.unwrap_or(0);
    }

    fn score(&self, sheet: &Sheet) -> Score {
        let standing = self.coverage.standing(sheet.coverage_threshold);
        // Where the whole is covered well enough, a part of it is: the most of a scored node is never 0.
        let scored = standing == Standing::Scored && self.most > 0;
        let percent = scored.then_some(100.0 * self.points as f64 / self.most as f64);
        Score {
            standing,
            coverage: self.coverage,
            points: scored.then_some(self.points),
            most: scored.then_some(self.most),
            percent,
            tier: percent.and_then(|percent| tier(percent, sheet.tiers)),
        }
    }
}

/// The items directly below each node and, in the last place, those below none; none where there are no items.
fn own_items(sheet: &Sheet) -> Vec<Option<Tally>> {
    let mut own: Vec<Option<Tally>> = vec![None; sheet.nodes.len() + 1];
    for at in 0..sheet.nodes.len() {
        if sheet.most(at).is_none() {
            continue;
        }
        let tally = own[above(sheet.nodes, at)].get_or_insert_default();
        if let Some(item) = sheet.item(at) {
            tally.coverage.count(item.claimed.is_some());
            tally.points += i64::from(item.points);
            tally.most += i64::from(item.most);
        }
    }
    own
}

fn both(own: Option<Tally>, below: Option<Tally>, sheet: &Sheet) -> Score {
    let mut sum = below.unwrap_or_default();
    if let Some(own) = own {
        sum.take(&own.score(sheet));
    }
    sum.score(sheet)
}

#[cfg(test)]
mod tests {
    use super::super::samples::{Sample, item, outline};
    use super::*;

    const TIERS: [Tier; 3] =
        [Tier { at_least: 60, name: 1 }, Tier { at_least: 20, name: 2 }, Tier { at_least: 85, name: 0 }];

    fn scores(text: &str) -> Scores {
        let sample = outline(text, item);
        score(&Sheet { tiers: &TIERS, ..sample.points_sheet() })
    }

    #[test]
    fn points_count_with_evidence_out_of_what_applies() {
        let scores = scores("N\n G1 6/6 2?/3 n/5\n G2 3/4 1/1 1/1 1/1 u/3");
        let [whole, first, second] = [0, 1, 5].map(|at| scores.nodes[at].expect("a score"));
        // 2 points of 3 have no evidence; 5 do not apply.
        assert_eq!((first.points, first.most, first.percent), (Some(6), Some(9), Some(600.0 / 9.0)));
        assert_eq!(first.coverage, Coverage { answered: 2, applicable: 2 });
        // 4 of 5 are answered; the 3 points of the fifth can still be had.
        assert_eq!((second.points, second.most, second.percent), (Some(6), Some(10), Some(60.0)));
        assert_eq!((whole.points, whole.most, whole.percent), (Some(12), Some(19), Some(1200.0 / 19.0)));
        assert_eq!([whole, first, second].map(|score| score.tier), [Some(1); 3], "60 reaches the tier of 60");
        assert_eq!(scores.total, whole);
        assert!(scores.nodes[2].is_none(), "items have no score");
    }

    #[test]
    fn a_group_with_too_few_answers_is_left_out_above() {
        let scores = scores("N\n G1 5/10 5/10 5/10 5/10\n G2 0/30 u/1\n G3 n/9");
        let group = scores.nodes[6].expect("a score");
        assert_eq!((group.standing, group.points, group.percent), (Standing::Insufficient, None, None));
        assert_eq!(scores.nodes[9].expect("a score").standing, Standing::NotApplicable);
        assert_eq!((scores.total.points, scores.total.most), (Some(20), Some(40)));
        assert_eq!(scores.total.coverage, Coverage { answered: 5, applicable: 6 });
        assert_eq!(scores.total.tier, Some(2));
    }

    /// Why "a new claim lowers nothing" holds only while no part comes in: G2 gets its fourth answer of five.
    #[test]
    fn one_more_claim_can_bring_in_a_low_group() {
        let total = |last| scores(&format!("N\n G1 6/6 1/1 1/1 1/1 1/1\n G2 0/2 0/2 0/2 {last}/2 u/2")).total;
        assert_eq!((total("u").points, total("u").most), (Some(10), Some(10)));
        assert_eq!((total("2").points, total("2").most), (Some(12), Some(20)));
    }

    #[test]
    fn items_beside_groups_are_one_more_group() {
        assert_eq!(scores("N 2/2\n G 1/3").total.points, Some(3));
        let apart = scores("N u/9\n G 1/3 1/3 1/3 1/3");
        assert_eq!((apart.total.points, apart.total.most), (Some(4), Some(12)), "u/9 stands for itself");
        assert_eq!(
            scores("N\n G =2/2 1/3").nodes[1].expect("a score").most,
            Some(3),
            "its own 2 belong to N"
        );
    }

    #[test]
    fn claims_stay_within_the_points_of_the_item() {
        assert_eq!(scores("N 9/5 -3/5").total.points, Some(5));
        assert_eq!(scores("N 9/0 1/-2").total.standing, Standing::NotApplicable, "no points, no item");
        assert_eq!(score(&Sample::default().points_sheet()).total.standing, Standing::NotApplicable);
    }

    #[test]
    fn a_tier_holds_from_its_percentage_on() {
        let table = [
            (100.0, Some(0)),
            (85.0, Some(0)),
            (84.96, Some(1)),
            (60.0, Some(1)),
            (20.0, Some(2)),
            (19.9, None),
            (f64::NAN, None),
        ];
        for (percent, name) in table {
            assert_eq!(tier(percent, &TIERS), name, "{percent}");
        }
        assert_eq!(tier(50.0, &[]), None);
    }
}
