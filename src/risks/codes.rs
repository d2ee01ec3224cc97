//! Words for risks: what they are about, where they stand, what is done about them (ISO 31000, ISO/IEC 27005:2022).

use crate::{codes_enum, stored_texts};

codes_enum! {
    /// What a scenario is about.
    pub RiskCategory {
        /// Networks, systems and the services that stand on them.
        Cyber "cyber",
        /// An AI system.
        Ai "ai",
        /// The program itself.
        Program "program",
    }
}

codes_enum! {
    /// Where a register stands; as an assessment.
    pub RegisterStatus {
        /// Agreed, not begun.
        Planned "planned",
        /// Being filled.
        InProgress "in_progress",
        /// Waiting for who validates it; nothing in it changes.
        InReview "in_review",
        /// Validated by somebody who wrote nothing in it.
        Validated "validated",
        /// In force.
        Published "published",
        /// A later one took its place; nothing in it changes.
        Superseded "superseded",
    }
}

impl RegisterStatus {
    /// Where it may go from here; returned goes back to `in_progress`.
    pub fn next(self) -> &'static [RegisterStatus] {
        use RegisterStatus::{InProgress, InReview, Planned, Published, Superseded, Validated};
        match self {
            Planned => &[InProgress],
            InProgress => &[InReview],
            InReview => &[InProgress, Validated],
            Validated => &[Published],
            Published => &[Superseded],
            Superseded => &[],
        }
    }

    /// True where nothing in the register changes.
    pub fn is_locked(self) -> bool {
        matches!(self, RegisterStatus::InReview | RegisterStatus::Superseded)
    }
}

codes_enum! {
    /// Where a scenario stands.
    pub RiskStatus {
        /// Named.
        Identified "identified",
        /// Rated as it is now.
        Analysed "analysed",
        /// Held against the tolerance; its treatment is chosen.
        Evaluated "evaluated",
        /// Being treated.
        Treating "treating",
        /// Treated or accepted, and watched.
        Monitored "monitored",
        /// No more.
        Closed "closed",
    }
}

impl RiskStatus {
    /// Where it may go from here. A trigger brings it back to `identified` from anywhere.
    pub fn next(self) -> &'static [RiskStatus] {
        use RiskStatus::{Analysed, Closed, Evaluated, Identified, Monitored, Treating};
        match self {
            Identified => &[Analysed],
            Analysed => &[Evaluated, Identified],
            Evaluated => &[Treating, Monitored, Identified],
            Treating => &[Monitored, Identified],
            Monitored => &[Closed, Identified],
            Closed => &[Identified],
        }
    }
}

codes_enum! {
    /// What is done about a risk (ISO/IEC 27005:2022 clause 8.2).
    pub Treatment {
        /// Make it less likely or less harmful.
        Modify "modify",
        /// Bear it; somebody accepts it until a day.
        Retain "retain",
        /// Give up what brings it.
        Avoid "avoid",
        /// Bear it together with others: insurance, contracts.
        Share "share",
    }
}

codes_enum! {
    /// Where a treatment action stands.
    pub ActionStatus {
        /// Agreed, not begun.
        Planned "planned",
        /// Being worked on.
        InProgress "in_progress",
        /// Done, as its owner says.
        Done "done",
        /// Seen to be done by somebody else.
        Verified "verified",
        /// Given up.
        Cancelled "cancelled",
    }
}

impl ActionStatus {
    /// Where it may go from here.
    pub fn next(self) -> &'static [ActionStatus] {
        use ActionStatus::{Cancelled, Done, InProgress, Planned, Verified};
        match self {
            Planned => &[InProgress, Cancelled],
            InProgress => &[Done, Cancelled],
            Done => &[Verified, InProgress, Cancelled],
            Verified | Cancelled => &[],
        }
    }

    /// Still to be worked on.
    pub fn is_open(self) -> bool {
        matches!(self, ActionStatus::Planned | ActionStatus::InProgress)
    }
}

codes_enum! {
    /// Where an acceptance stands.
    pub AcceptanceStatus {
        /// Being written.
        Draft "draft",
        /// Waiting for its approver.
        Submitted "submitted",
        /// In force until its day.
        Accepted "accepted",
        /// Not accepted; the end.
        Rejected "rejected",
        /// Taken back; the end.
        Revoked "revoked",
        /// Its day has passed; the end.
        Expired "expired",
    }
}

impl AcceptanceStatus {
    /// Where a person may take it from here; `expired` is the work of the clock.
    pub fn next(self) -> &'static [AcceptanceStatus] {
        use AcceptanceStatus::{Accepted, Draft, Expired, Rejected, Revoked, Submitted};
        match self {
            Draft => &[Submitted],
            Submitted => &[Accepted, Rejected],
            Accepted => &[Revoked],
            Rejected | Revoked | Expired => &[],
        }
    }
}

codes_enum! {
    /// Which of the three ratings.
    pub RatingKind {
        /// As if nothing were done.
        Inherent "inherent",
        /// As it is now.
        Current "current",
        /// As it will be after the treatment.
        Residual "residual",
    }
}

codes_enum! {
    /// What is harmed (domain rule D).
    pub Criterion {
        /// Secrets.
        Confidentiality "confidentiality",
        /// Truth of what is kept.
        Integrity "integrity",
        /// Use when it is needed.
        Availability "availability",
        /// People and their rights.
        PeopleAndRights "people_and_rights",
        /// Services of the state.
        PublicServices "public_services",
        /// The economy.
        Economy "economy",
        /// The environment.
        Environment "environment",
    }
}

codes_enum! {
    /// How well what a rating rests on is known.
    pub Strength { Low "low", Medium "medium", High "high" }
}

codes_enum! {
    /// What makes a scenario be looked at again.
    pub Trigger {
        /// Something happened.
        Incident "incident",
        /// A new system.
        NewSystem "new_system",
        /// A law changed.
        LawChange "law_change",
        /// Somebody else answers for it.
        OwnerChange "owner_change",
    }
}

codes_enum! {
    /// Who or what causes the risk (MIT AI Risk Repository, causal taxonomy).
    pub Entity { Human "human", Ai "ai", Other "other" }
}

codes_enum! {
    /// Whether it is meant (MIT AI Risk Repository, causal taxonomy).
    pub Intent { Intentional "intentional", Unintentional "unintentional", Other "other" }
}

codes_enum! {
    /// When it comes about (MIT AI Risk Repository, causal taxonomy).
    pub Timing { PreDeployment "pre_deployment", PostDeployment "post_deployment", Other "other" }
}

stored_texts! { Entity Intent Timing }

#[cfg(test)]
mod tests {
    use super::*;

    /// Every way from the first state, state by state.
    fn reached<T: Copy + PartialEq + 'static>(first: T, next: impl Fn(T) -> &'static [T]) -> Vec<T> {
        let mut found = vec![first];
        let mut at = 0;
        while let Some(state) = found.get(at).copied() {
            found.extend(next(state).iter().copied().filter(|to| !found.contains(to)).collect::<Vec<_>>());
            at += 1;
        }
        found
    }

    #[test]
    fn every_state_is_reached_and_only_the_ends_are_ends() {
        let all = reached(RegisterStatus::Planned, RegisterStatus::next);
        assert_eq!(all.len(), RegisterStatus::ALL.len());
        assert_eq!(reached(RiskStatus::Identified, RiskStatus::next).len(), RiskStatus::ALL.len());
        assert_eq!(reached(ActionStatus::Planned, ActionStatus::next).len(), ActionStatus::ALL.len());
        // The clock alone lets an acceptance run out.
        assert_eq!(reached(AcceptanceStatus::Draft, AcceptanceStatus::next).len(), 5);
        let ends = |status: &&AcceptanceStatus| status.next().is_empty();
        assert_eq!(AcceptanceStatus::ALL.iter().filter(ends).count(), 3);
        assert!(
            RiskStatus::ALL.iter().all(|status| !status.next().is_empty()),
            "a trigger opens even a closed one"
        );
    }
}
