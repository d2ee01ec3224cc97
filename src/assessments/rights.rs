//! Who may do what with an assessment, by what they are to it and where it stands: pure, one table.
//!
//! Offices and names decide, not roles alone (domain part 5; security part 3): a focal point governs, who is assigned
//! answers, who is named as reviewer validates, and nobody validates what they wrote.

use super::model::AssessmentStatus::{self, InProgress, InReview, Planned, Published, Superseded, Validated};
use crate::disclosure::{Part, Relation};

/// What somebody does with an assessment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// Changes what it is called, its days and its tiers.
    Edit,
    /// Names people on it.
    Name,
    /// Takes it away.
    Remove,
    /// Cuts it into sections and assigns them.
    Assign,
    /// Answers any of it.
    Answer,
    /// Judges answers and evidence.
    Review,
    /// Moves it on.
    Step(AssessmentStatus),
}

/// Why somebody may not do it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum No {
    /// It is for somebody else: 403 with these words.
    NotYours(&'static str),
    /// The state does not allow it: 409 with these words.
    NotNow(&'static str),
}

const GOVERNS: &str = "A focal point of the country decides about it.";
const KEEPS: &str = "A focal point of the country or an author of the assessment does this.";
const HELPS: &str = "A focal point of the country, an author or the facilitator of the assessment does this.";
const WRITES: &str = "Answers are written by the country's focal points, by authors, and by those to whom a section is assigned.";
const REVIEWS: &str = "A person named as reviewer of this assessment does this.";

/// Whether somebody may do it. That a reviewer wrote nothing is asked of the history of answers, elsewhere.
pub fn may(act: Act, who: &Relation, status: AssessmentStatus) -> Result<(), No> {
    let keeps = who.governs() || who.is(Part::Author);
    let (yours, words) = match act {
        Act::Edit => (keeps, KEEPS),
        Act::Name | Act::Remove => (who.governs(), GOVERNS),
        Act::Assign => (keeps || who.is(Part::Facilitator), HELPS),
        Act::Answer => (keeps, WRITES),
        Act::Review => (who.is(Part::Reviewer), REVIEWS),
        Act::Step(to) => step(who, status, to),
    };
    if !yours {
        return Err(No::NotYours(words));
    }
    match now(act, status) {
        None => Ok(()),
        Some(words) => Err(No::NotNow(words)),
    }
}

fn step(who: &Relation, from: AssessmentStatus, to: AssessmentStatus) -> (bool, &'static str) {
    match (from, to) {
        (InReview, InProgress | Validated) => (who.is(Part::Reviewer), REVIEWS),
        _ => (who.governs(), GOVERNS),
    }
}

/// Why nobody writes answers now, also not who is assigned a section.
pub fn writing(status: AssessmentStatus) -> Option<&'static str> {
    now(Act::Answer, status)
}

/// Why it can't be done now.
fn now(act: Act, status: AssessmentStatus) -> Option<&'static str> {
    let locked = "It is in review, and locked: a reviewer hands it back or validates it.";
    let over = "It is validated; what follows is a new assessment that carries its answers over.";
    match (act, status) {
        (Act::Step(_), _) | (Act::Name, Planned | InProgress | InReview) => None,
        (Act::Name, Validated | Published) => None,
        (Act::Edit | Act::Assign, Planned | InProgress) => None,
        (Act::Remove, Planned | InProgress) => None,
        (Act::Answer, InProgress) => None,
        (Act::Answer, Planned) => {
            Some("It is planned; a focal point opens it first: move it to in_progress.")
        }
        (Act::Review, InReview) => None,
        (Act::Review, Planned | InProgress) => {
            Some("It is not handed in; what is being written is not judged.")
        }
        (Act::Edit | Act::Assign | Act::Answer | Act::Remove, InReview) => Some(locked),
        (_, Validated | Published | Superseded) => Some(over),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letters(act: Act, who: &Relation) -> String {
        let letter = |status: &AssessmentStatus| match may(act, who, *status) {
            Ok(()) => 'y',
            Err(No::NotYours(_)) => '-',
            Err(No::NotNow(_)) => 'n',
        };
        AssessmentStatus::ALL.iter().map(letter).collect()
    }

    fn people() -> Vec<(&'static str, Relation)> {
        let named = |part: Part| Relation { parts: vec![part], ..Relation::default() };
        vec![
            ("focal point", Relation { focal_point: true, ..Relation::default() }),
            ("author", Relation { contributor: true, ..named(Part::Author) }),
            ("author without office", named(Part::Author)),
            ("contributor", Relation { contributor: true, ..named(Part::Contributor) }),
            ("facilitator", Relation { team: true, ..named(Part::Facilitator) }),
            ("reviewer", named(Part::Reviewer)),
            ("reader", named(Part::Reader)),
            ("observer", Relation { observer: true, ..Relation::default() }),
            ("stranger", Relation::default()),
        ]
    }

    #[test]
    fn the_whole_table() {
        // One letter for each status, planned first: y yes, n not now, - never theirs.
        let acts = [Act::Edit, Act::Name, Act::Remove, Act::Assign, Act::Answer, Act::Review];
        let table: Vec<String> = people()
            .iter()
            .map(|(name, who)| {
                let cells: Vec<String> = acts.iter().map(|act| letters(*act, who)).collect();
                format!("{name}: {}", cells.join(" "))
            })
            .collect();
        let wanted = [
            "focal point: yynnnn yyyyyn yynnnn yynnnn nynnnn ------",
            "author: yynnnn ------ ------ yynnnn nynnnn ------",
            "author without office: ------ ------ ------ ------ ------ ------",
            "contributor: ------ ------ ------ ------ ------ ------",
            "facilitator: ------ ------ ------ yynnnn ------ ------",
            "reviewer: ------ ------ ------ ------ ------ nnynnn",
            "reader: ------ ------ ------ ------ ------ ------",
            "observer: ------ ------ ------ ------ ------ ------",
            "stranger: ------ ------ ------ ------ ------ ------",
        ];
        assert_eq!(table, wanted);
    }

    #[test]
    fn the_country_moves_it_but_only_a_reviewer_judges_it() {
        for (name, who) in people() {
            for from in AssessmentStatus::ALL.iter().copied() {
                for to in from.next() {
                    let judged = from == InReview;
                    let wanted = if judged { name == "reviewer" } else { name == "focal point" };
                    assert_eq!(may(Act::Step(*to), &who, from).is_ok(), wanted, "{name}: {from} to {to}");
                }
            }
        }
    }
}
