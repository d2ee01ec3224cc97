//! What the rules say of a program: pipeline > implementation > finalisation > closed, cancelled and suspended from each of
//! the first three, and back from suspended; with what must be true before a step.

use proptest::prelude::*;

use super::{EVERYBODY, Who};

const STATES: [&str; 6] = ["pipeline", "implementation", "finalisation", "closed", "cancelled", "suspended"];

/// What somebody tries.
#[derive(Clone, Debug)]
pub(super) enum Deed {
    /// Senegal acknowledges the program.
    Acknowledge,
    /// The actual start is entered.
    Begin,
    /// The final report is entered.
    Report,
    /// A milestone is planned, and stays open.
    Plan,
    /// The program moves.
    Move { to: &'static str, reason: bool, waiver: bool },
}

/// Deeds; those that lead on are tried more often than others.
pub(super) fn deeds() -> impl Strategy<Value = (Who, Deed)> {
    let to = prop_oneof![
        4 => Just("implementation"), 3 => Just("finalisation"), 4 => Just("closed"),
        1 => proptest::sample::select(&STATES[..]),
    ];
    let step = (to, prop::bool::weighted(0.6), prop::bool::weighted(0.3)).prop_map(|(to, reason, waiver)| {
        Deed::Move { to, reason, waiver: waiver && (to == "closed" || !reason) }
    });
    let leaders = prop_oneof![Just(Who::Coordinator), Just(Who::Second), Just(Who::Administrator)];
    let anybody = proptest::sample::select(&EVERYBODY[..]);
    prop_oneof![
        3 => Just((Who::Dakar, Deed::Acknowledge)),
        3 => (leaders.clone(), Just(Deed::Begin)),
        2 => (leaders.clone(), Just(Deed::Report)),
        1 => (leaders.clone(), Just(Deed::Plan)),
        8 => (leaders, step.clone()),
        1 => (anybody.clone(), step),
        1 => (anybody, prop_oneof![Just(Deed::Acknowledge), Just(Deed::Begin), Just(Deed::Plan)]),
    ]
}

/// Where the program stands.
pub(super) struct Program {
    pub status: &'static str,
    acknowledged: bool,
    begun: bool,
    reported: bool,
    open: bool,
    finalised_by: Option<Who>,
}

impl Default for Program {
    fn default() -> Program {
        Program {
            status: "pipeline",
            acknowledged: false,
            begun: false,
            reported: false,
            open: false,
            finalised_by: None,
        }
    }
}

fn leads(who: Who) -> bool {
    matches!(who, Who::Administrator | Who::Coordinator | Who::Second)
}

impl Program {
    /// Does the deed if the rules allow it; the status of the answer.
    pub fn take(&mut self, who: Who, deed: &Deed) -> u16 {
        let over = matches!(self.status, "closed" | "cancelled");
        match deed {
            Deed::Acknowledge if who != Who::Dakar && who != Who::Nairobi => 403,
            // Nairobi speaks for Kenya, not for Senegal.
            Deed::Acknowledge if who == Who::Nairobi => 403,
            Deed::Acknowledge if over || self.acknowledged => 409,
            Deed::Acknowledge => {
                self.acknowledged = true;
                201
            }
            Deed::Begin | Deed::Report | Deed::Plan if !leads(who) => 403,
            Deed::Begin => {
                self.begun = true;
                200
            }
            Deed::Report => {
                self.reported = true;
                200
            }
            Deed::Plan if over => 409,
            Deed::Plan => {
                self.open = true;
                201
            }
            Deed::Move { .. } if !leads(who) => 403,
            Deed::Move { to, reason, waiver } => self.go(who, to, *reason, *waiver),
        }
    }

    fn go(&mut self, who: Who, to: &'static str, reason: bool, waiver: bool) -> u16 {
        let next: &[&str] = match self.status {
            "pipeline" => &["implementation", "cancelled", "suspended"],
            "implementation" => &["finalisation", "cancelled", "suspended"],
            "finalisation" => &["closed", "cancelled", "suspended"],
            "suspended" => &["implementation"],
            _ => &[],
        };
        if !next.contains(&to) {
            return 409;
        }
        if matches!(to, "cancelled" | "suspended") && !reason || waiver && to != "closed" {
            return 422;
        }
        let ready = match to {
            "implementation" => self.begun && self.acknowledged,
            "closed" => (!self.open || waiver) && self.reported && self.finalised_by != Some(who),
            _ => true,
        };
        if !ready {
            return 409;
        }
        self.status = to;
        if to == "finalisation" {
            self.finalised_by = Some(who);
        }
        200
    }
}
