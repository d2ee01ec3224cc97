//! What must hold before a scenario takes a step (domain rule D), as a pure function.

use super::super::codes::{ActionStatus, RiskStatus, Treatment};
use super::super::grid::Rated;

/// A scenario as its steps see it.
#[derive(Clone, Debug)]
pub(super) struct Standing {
    /// Where it stands.
    pub status: RiskStatus,
    /// As it is.
    pub current: Option<Rated>,
    /// As it will be.
    pub residual: Option<Rated>,
    /// Whether the current level is tolerated.
    pub within_tolerance: Option<bool>,
    /// What is done about it.
    pub treatment: Option<Treatment>,
    /// Where its actions stand.
    pub actions: Vec<ActionStatus>,
    /// Whether somebody accepts it now.
    pub accepted: bool,
}

/// What came with a step.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Said {
    /// A reason.
    pub reason: bool,
    /// A trigger.
    pub trigger: bool,
    /// That the residual level was reached.
    pub residual_reached: bool,
}

/// What is missing: where in the body, and in words.
pub(super) type Missing = (&'static str, &'static str);

impl Standing {
    /// Whether its actions are all over and at least one was verified.
    pub(super) fn is_treated(&self) -> bool {
        let over = |status: &ActionStatus| matches!(status, ActionStatus::Verified | ActionStatus::Cancelled);
        self.actions.contains(&ActionStatus::Verified) && self.actions.iter().all(over)
    }

    /// Whether it may be left as it is.
    fn is_bearable(&self) -> bool {
        self.within_tolerance == Some(true) || self.accepted
    }

    /// Whether the step lets the residual level become the current one.
    pub(super) fn reaches_residual(&self, to: RiskStatus) -> bool {
        self.status == RiskStatus::Treating
            && to == RiskStatus::Monitored
            && self.treatment != Some(Treatment::Retain)
    }

    /// What a step lacks; the way itself was looked at before.
    pub(super) fn lacks(&self, to: RiskStatus, said: Said) -> Option<Missing> {
        match (self.status, to) {
            (_, RiskStatus::Identified) if !said.trigger => Some((
                "/trigger",
                "Say in `trigger` what opens it again: incident, new_system, law_change or owner_change.",
            )),
            (_, RiskStatus::Identified) if !said.reason => {
                Some(("/reason", "Say in `reason` what happened."))
            }
            (_, RiskStatus::Analysed) if self.current.is_none() => Some((
                "/to",
                "Rate it as it is now first: PUT /risks/{id}/ratings {\"rating\": \"current\", ...}.",
            )),
            (_, RiskStatus::Evaluated) if self.treatment.is_none() => {
                Some(("/to", "Choose its treatment first: modify, retain, avoid or share."))
            }
            (_, RiskStatus::Treating) => self.lacks_treatment(),
            (RiskStatus::Evaluated, RiskStatus::Monitored) if !self.is_bearable() => Some((
                "/to",
                "It is above the tolerance: treat it, or have its acceptance approved, before it is only watched.",
            )),
            (RiskStatus::Treating, RiskStatus::Monitored) => self.lacks_end(to, said),
            (_, RiskStatus::Closed) if !said.reason => {
                Some(("/reason", "Say in `reason` why it is no more."))
            }
            _ => None,
        }
    }

    fn lacks_treatment(&self) -> Option<Missing> {
        let acted = self.actions.iter().any(|status| *status != ActionStatus::Cancelled);
        match self.treatment {
            Some(Treatment::Retain) if !self.is_bearable() => {
                Some(("/to", "It is retained above the tolerance: have its acceptance approved first."))
            }
            Some(Treatment::Retain) => None,
            _ if !acted => Some(("/to", "Plan at least one action first: POST /risks/{id}/actions.")),
            _ => None,
        }
    }

    fn lacks_end(&self, to: RiskStatus, said: Said) -> Option<Missing> {
        if !self.reaches_residual(to) {
            return (!self.is_bearable())
                .then_some(("/to", "It is above the tolerance and nobody accepts it now."));
        }
        if !self.is_treated() {
            return Some(("/to", "Its actions must be verified, or given up, and at least one verified."));
        }
        if self.residual.is_none() {
            return Some((
                "/to",
                "Rate what remains first: PUT /risks/{id}/ratings {\"rating\": \"residual\", ...}.",
            ));
        }
        (!said.residual_reached).then_some((
            "/residual_reached",
            "Its actions are verified. Send `residual_reached: true` to confirm that the residual level is the current one now.",
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn standing(status: RiskStatus) -> Standing {
        let at = |level| Some(Rated { likelihood: 1, impact: 1, level });
        Standing {
            status,
            current: at(3),
            residual: at(1),
            within_tolerance: Some(false),
            treatment: Some(Treatment::Modify),
            actions: vec![ActionStatus::Verified, ActionStatus::Cancelled],
            accepted: false,
        }
    }

    const ALL: Said = Said { reason: true, trigger: true, residual_reached: true };

    #[test]
    fn each_step_asks_for_what_it_needs() {
        use RiskStatus::{Analysed, Closed, Evaluated, Identified, Monitored, Treating};
        type Case = (RiskStatus, RiskStatus, Said, fn(&mut Standing), Option<&'static str>);
        let cases: [Case; 19] = [
            (Identified, Analysed, ALL, |_| {}, None),
            (Identified, Analysed, ALL, |s| s.current = None, Some("/to")),
            (Analysed, Evaluated, ALL, |_| {}, None),
            (Analysed, Evaluated, ALL, |s| s.treatment = None, Some("/to")),
            (Evaluated, Treating, ALL, |_| {}, None),
            (Evaluated, Treating, ALL, |s| s.actions.clear(), Some("/to")),
            (Evaluated, Treating, ALL, |s| s.actions = vec![ActionStatus::Cancelled], Some("/to")),
            (Evaluated, Treating, ALL, |s| s.treatment = Some(Treatment::Retain), Some("/to")),
            (Evaluated, Treating, ALL, |s| (s.treatment, s.accepted) = (Some(Treatment::Retain), true), None),
            (Evaluated, Monitored, ALL, |_| {}, Some("/to")),
            (Evaluated, Monitored, ALL, |s| s.within_tolerance = Some(true), None),
            (Treating, Monitored, ALL, |_| {}, None),
            (Treating, Monitored, Said { residual_reached: false, ..ALL }, |_| {}, Some("/residual_reached")),
            (Treating, Monitored, ALL, |s| s.actions.push(ActionStatus::Done), Some("/to")),
            (Treating, Monitored, ALL, |s| s.residual = None, Some("/to")),
            (Monitored, Closed, Said { reason: false, ..ALL }, |_| {}, Some("/reason")),
            (Monitored, Closed, ALL, |_| {}, None),
            (Closed, Identified, Said { trigger: false, ..ALL }, |_| {}, Some("/trigger")),
            (Closed, Identified, ALL, |_| {}, None),
        ];
        for (from, to, said, change, expected) in cases {
            let mut standing = standing(from);
            change(&mut standing);
            assert!(from.next().contains(&to), "{from} > {to} is a way");
            assert_eq!(standing.lacks(to, said).map(|(at, _)| at), expected, "{from} > {to} {standing:?}");
        }
    }

    #[test]
    fn the_residual_level_is_reached_by_treatment_alone() {
        let mut risk = standing(RiskStatus::Treating);
        assert!(risk.reaches_residual(RiskStatus::Monitored));
        risk.treatment = Some(Treatment::Retain);
        assert!(!risk.reaches_residual(RiskStatus::Monitored));
        assert!(!standing(RiskStatus::Evaluated).reaches_residual(RiskStatus::Monitored));
    }
}
