//! Who takes which step of an impact assessment: four eyes, as pure functions.

use super::super::codes::ImpactStatus;
use super::super::ties::Rights;

/// Who must take a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Taker {
    /// Who writes in the system.
    Writer,
    /// A reviewer or a focal point, who wrote nothing of it.
    Judge,
    /// A focal point, or a reviewer, who wrote nothing of it.
    Approver,
}

fn taker(from: ImpactStatus, to: ImpactStatus) -> Taker {
    match (from, to) {
        (ImpactStatus::Draft, ImpactStatus::Reviewed) | (ImpactStatus::Reviewed, ImpactStatus::Draft) => {
            Taker::Judge
        }
        (_, ImpactStatus::Approved) => Taker::Approver,
        _ => Taker::Writer,
    }
}

/// Why somebody may not take a step; none when they may.
pub(super) fn refusal(
    from: ImpactStatus,
    to: ImpactStatus,
    rights: Rights,
    wrote: bool,
) -> Option<&'static str> {
    match taker(from, to) {
        Taker::Writer if rights.write => None,
        Taker::Writer => Some("Who is named on the system writes in it, and a focal point of the country."),
        Taker::Judge | Taker::Approver if wrote => {
            Some("You wrote or edited it; somebody else reviews and approves it.")
        }
        Taker::Judge if rights.review || rights.govern => None,
        Taker::Judge => Some("A reviewer of the system or a focal point of the country reads it through."),
        Taker::Approver if rights.govern || rights.review => None,
        Taker::Approver => Some("A focal point of the country or a reviewer of the system approves it."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOBODY: Rights = Rights { write: false, review: false, govern: false };

    #[test]
    fn nobody_judges_what_they_wrote_and_everybody_hears_why() {
        use ImpactStatus::{Approved, Draft, DueForReview, Reviewed};
        let writer = Rights { write: true, ..NOBODY };
        let reviewer = Rights { review: true, ..NOBODY };
        let focal_point = Rights { write: true, govern: true, ..NOBODY };
        // Rights, who wrote, and which of the four steps they may take.
        let table = [
            (NOBODY, false, [false, false, false, false]),
            (writer, false, [false, false, true, true]),
            (writer, true, [false, false, true, true]),
            (reviewer, false, [true, true, false, false]),
            (reviewer, true, [false, false, false, false]),
            (focal_point, false, [true, true, true, true]),
            (focal_point, true, [false, false, true, true]),
        ];
        let steps =
            [(Draft, Reviewed), (Reviewed, Approved), (Approved, DueForReview), (DueForReview, Draft)];
        for (rights, wrote, allowed) in table {
            let found = steps.map(|(from, to)| refusal(from, to, rights, wrote).is_none());
            assert_eq!(found, allowed, "{rights:?} wrote: {wrote}");
        }
        assert!(refusal(Reviewed, Draft, reviewer, false).is_none(), "sent back");
        assert!(refusal(Reviewed, Draft, writer, true).is_some());
    }
}
