//! Who takes which step of a register: four eyes by what people wrote, as pure functions.

use super::super::codes::RegisterStatus;
use crate::ai_systems::Rights;
use crate::kernel::{Error, Result};

/// Refuses a change of what stands still.
///
/// # Errors
/// 409.
pub fn locked(status: RegisterStatus) -> Result<()> {
    match status {
        RegisterStatus::InReview => Err(Error::conflict(
            "The register is in review and nothing in it changes; who reviews it hands it back first.",
        )),
        RegisterStatus::Superseded => {
            Err(Error::conflict("The register is superseded; a later one took its place."))
        }
        _ => Ok(()),
    }
}

/// Why somebody may not take a step; none when they may.
pub(super) fn refusal(
    from: RegisterStatus,
    to: RegisterStatus,
    rights: Rights,
    wrote: bool,
) -> Option<&'static str> {
    let judges =
        "A reviewer who is named on the register and wrote nothing in it validates it or hands it back.";
    match (from, to) {
        (RegisterStatus::Planned, _) => (!rights.write)
            .then_some("Who is named on the register begins it, or a focal point of the country."),
        (RegisterStatus::InReview, RegisterStatus::Validated) if wrote => {
            Some("You wrote in this register; somebody else validates it.")
        }
        (RegisterStatus::InReview, _) => (!rights.review).then_some(judges),
        _ => (!rights.govern)
            .then_some("A focal point of the country hands it in, publishes and supersedes it."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOBODY: Rights = Rights { write: false, review: false, govern: false };

    #[test]
    fn each_step_has_its_takers_and_nobody_validates_what_they_wrote() {
        use RegisterStatus::{InProgress, InReview, Planned, Published, Superseded, Validated};
        let writer = Rights { write: true, ..NOBODY };
        let reviewer = Rights { review: true, ..NOBODY };
        let focal_point = Rights { write: true, govern: true, ..NOBODY };
        let both = Rights { review: true, ..focal_point };
        let steps = [
            (Planned, InProgress),
            (InProgress, InReview),
            (InReview, InProgress),
            (InReview, Validated),
            (Validated, Published),
            (Published, Superseded),
        ];
        let table = [
            (NOBODY, false, "------"),
            (writer, true, "x-----"),
            (reviewer, false, "--xx--"),
            (reviewer, true, "--x---"),
            (focal_point, false, "xx--xx"),
            (focal_point, true, "xx--xx"),
            (both, false, "xxxxxx"),
            (both, true, "xxx-xx"),
        ];
        for (rights, wrote, expected) in table {
            let found: String = steps
                .iter()
                .map(|(from, to)| if refusal(*from, *to, rights, wrote).is_none() { 'x' } else { '-' })
                .collect();
            assert_eq!(found, expected, "{rights:?} wrote: {wrote}");
        }
    }

    #[test]
    fn what_is_reviewed_or_superseded_stands_still() {
        let still: Vec<_> = RegisterStatus::ALL.iter().filter(|status| locked(**status).is_err()).collect();
        assert_eq!(still, [&RegisterStatus::InReview, &RegisterStatus::Superseded]);
        assert!(RegisterStatus::ALL.iter().all(|status| status.is_locked() == locked(*status).is_err()));
    }
}
