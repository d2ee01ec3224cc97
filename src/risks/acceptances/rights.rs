//! Who takes which step of an acceptance, and until when one may hold, as pure functions.

use chrono::Months;

use super::super::codes::AcceptanceStatus;
use crate::ai_systems::Rights;
use crate::kernel::id::UserId;
use crate::kernel::time::Day;

/// Months for which an acceptance may hold at most (domain rule D).
const LONGEST: u32 = 12;

/// The first and the last day on which an acceptance of today may end.
pub(super) fn window(today: Day) -> (Day, Day) {
    let last = today.0.checked_add_months(Months::new(LONGEST)).unwrap_or(today.0);
    (today.plus(1), Day(last))
}

/// Those who matter for an acceptance.
#[derive(Clone, Copy, Debug)]
pub(super) struct Hands {
    /// Who drafted it.
    pub author: UserId,
    /// Who asked for it.
    pub submitted_by: Option<UserId>,
    /// Who is named to decide.
    pub approver: Option<UserId>,
}

/// Why somebody may not take a step; none when they may. The approver is never the author, nor who asked for it.
pub(super) fn refusal(
    to: AcceptanceStatus,
    rights: Rights,
    caller: UserId,
    hands: Hands,
) -> Option<&'static str> {
    let named = hands.approver == Some(caller);
    match to {
        AcceptanceStatus::Accepted | AcceptanceStatus::Rejected => {
            if hands.author == caller || hands.submitted_by == Some(caller) {
                return Some("You drafted it or asked for it; somebody else decides.");
            }
            match hands.approver {
                Some(_) if named => None,
                Some(_) => Some("The approver who is named on it decides."),
                None if rights.govern => None,
                None => Some("A focal point of the country decides."),
            }
        }
        AcceptanceStatus::Revoked if named || rights.govern => None,
        AcceptanceStatus::Revoked => Some("Its approver or a focal point of the country takes it back."),
        _ if rights.write => None,
        _ => Some("Who is named on the register writes in it, and a focal point of the country."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_acceptance_ends_within_twelve_months() {
        let window = window("2026-02-28".parse().expect("a day"));
        assert_eq!((window.0.to_string(), window.1.to_string()), ("2026-03-01".into(), "2027-02-28".into()));
    }

    #[test]
    fn the_approver_is_never_the_author() {
        let user = |n| UserId(uuid::Uuid::from_u128(n));
        let (author, asked, other) = (user(1), user(2), user(3));
        let focal_point = Rights { write: true, review: false, govern: true };
        let writer = Rights { write: true, review: false, govern: false };
        let reader = Rights { write: false, review: false, govern: false };
        let free = Hands { author, submitted_by: Some(asked), approver: None };
        let named = Hands { approver: Some(other), ..free };
        use AcceptanceStatus::{Accepted, Rejected, Revoked, Submitted};
        let table = [
            (author, focal_point, free, "--xx"),
            (asked, focal_point, free, "--xx"),
            (other, focal_point, free, "xxxx"),
            (other, writer, free, "---x"),
            (other, reader, named, "xxx-"),
            (user(4), focal_point, named, "--xx"),
            (author, focal_point, Hands { approver: Some(author), ..free }, "--xx"),
        ];
        for (caller, rights, hands, expected) in table {
            let steps = [Accepted, Rejected, Revoked, Submitted];
            let found: String = steps
                .map(|to| if refusal(to, rights, caller, hands).is_none() { 'x' } else { '-' })
                .iter()
                .collect();
            assert_eq!(found, expected, "{caller} {rights:?} {hands:?}");
        }
    }
}
