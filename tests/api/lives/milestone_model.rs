//! What the rules say of a milestone of Senegal that the country accepts: planned > in_progress > submitted > accepted or
//! returned; the coordinators or an administrator cancel it; nobody accepts what they handed in.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{EVERYBODY, Who};

const STATES: [&str; 6] = ["planned", "in_progress", "submitted", "accepted", "returned", "cancelled"];

/// A step that somebody tries.
#[derive(Clone, Debug)]
pub(super) struct Step {
    pub who: Who,
    to: &'static str,
    reason: bool,
    link: bool,
}

impl Step {
    pub fn body(&self) -> Value {
        let link = self.link.then_some("https://example.org/plan.pdf");
        json!({ "to": self.to, "reason": self.reason.then_some("As agreed"), "deliverable_url": link })
    }
}

/// Steps; those that lead on are tried more often than others.
pub(super) fn steps() -> impl Strategy<Value = Step> {
    let to = prop_oneof![
        4 => Just("in_progress"), 4 => Just("submitted"), 3 => Just("accepted"), 2 => Just("returned"),
        1 => proptest::sample::select(&STATES[..]),
    ];
    let who = prop_oneof![
        3 => Just(Who::Owner), 3 => Just(Who::Dakar), 2 => Just(Who::Coordinator),
        2 => proptest::sample::select(&EVERYBODY[..]),
    ];
    let reason = prop::bool::weighted(0.7);
    (who, to, reason, prop::bool::weighted(0.2)).prop_map(|(who, to, reason, link)| Step {
        who,
        to,
        reason,
        link,
    })
}

/// Where the milestone stands.
pub(super) struct Milestone {
    pub status: &'static str,
    linked: bool,
    submitted_by: Option<Who>,
}

impl Default for Milestone {
    fn default() -> Milestone {
        Milestone { status: "planned", linked: false, submitted_by: None }
    }
}

impl Milestone {
    /// Takes the step if the rules allow it; the status of the answer.
    pub fn take(&mut self, step: &Step) -> u16 {
        let refused = self.refusal(step);
        if refused.is_none() {
            self.status = step.to;
            self.linked |= step.link;
            if step.to == "submitted" {
                self.submitted_by = Some(step.who);
            }
        }
        refused.unwrap_or(200)
    }

    fn refusal(&self, step: &Step) -> Option<u16> {
        if step.who == Who::Nairobi {
            return Some(404);
        }
        let theirs = match step.to {
            "accepted" | "returned" => step.who == Who::Dakar && self.submitted_by != Some(Who::Dakar),
            "cancelled" => matches!(step.who, Who::Administrator | Who::Coordinator | Who::Second),
            _ => matches!(step.who, Who::Coordinator | Who::Second | Who::Dakar | Who::Owner),
        };
        if !theirs {
            return Some(403);
        }
        let leads_there = match self.status {
            "planned" => matches!(step.to, "in_progress" | "cancelled"),
            "in_progress" => matches!(step.to, "submitted" | "cancelled"),
            "submitted" => matches!(step.to, "accepted" | "returned" | "cancelled"),
            "returned" => matches!(step.to, "in_progress" | "submitted" | "cancelled"),
            _ => false,
        };
        if !leads_there {
            return Some(409);
        }
        if step.link && step.to != "submitted" {
            return Some(422);
        }
        let told = match step.to {
            "returned" | "cancelled" => step.reason,
            "submitted" => step.reason || step.link || self.linked,
            _ => true,
        };
        (!told).then_some(409)
    }
}
