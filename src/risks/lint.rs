//! What does not fit together in a register: the consistency checks of domain rule D, as a pure function of one scenario.

use super::codes::{AcceptanceStatus, ActionStatus, RiskStatus, Strength, Treatment};
use super::grid::Rated;
use crate::codes_enum;
use crate::kernel::id::{AcceptanceId, TreatmentActionId};
use crate::kernel::time::Day;

codes_enum! {
    /// What does not fit.
    pub FindingCode {
        /// The residual level is above the current one.
        ResidualAboveCurrent "residual_above_current",
        /// The current level is above the inherent one.
        CurrentAboveInherent "current_above_inherent",
        /// The residual level is lower and no action would make it so.
        ResidualLowerWithoutAction "residual_lower_without_action",
        /// It is retained and nobody accepts it now.
        RetainedWithoutAcceptance "retained_without_acceptance",
        /// An acceptance has no end.
        AcceptanceWithoutEnd "acceptance_without_end",
        /// An acceptance is in force past its end.
        AcceptancePastEnd "acceptance_past_end",
        /// Nobody answers for an open action.
        ActionWithoutOwner "action_without_owner",
        /// An open action has no date.
        ActionWithoutDate "action_without_date",
        /// Who answers for it has left.
        OwnerLeft "owner_left",
        /// Its review day has passed.
        ReviewPassed "review_passed",
        /// Its level is high and little is known.
        HighLevelLowKnowledge "high_level_low_knowledge",
    }
}

impl FindingCode {
    /// What to do about it, in English.
    pub fn advice(self) -> &'static str {
        match self {
            FindingCode::ResidualAboveCurrent => {
                "Treatment does not make a risk worse: rate one of the two again."
            }
            FindingCode::CurrentAboveInherent => {
                "What is done already does not make a risk worse: rate one of the two again."
            }
            FindingCode::ResidualLowerWithoutAction => {
                "Plan the action that lowers it, or rate the residual as the current level."
            }
            FindingCode::RetainedWithoutAcceptance => {
                "Have its acceptance approved, or choose another treatment."
            }
            FindingCode::AcceptanceWithoutEnd => "Give the acceptance an end within 12 months.",
            FindingCode::AcceptancePastEnd => "Ask for a new acceptance, or treat the risk.",
            FindingCode::ActionWithoutOwner => "Name who answers for the action.",
            FindingCode::ActionWithoutDate => "Say by when the action is done.",
            FindingCode::OwnerLeft => "Name somebody who is still in office.",
            FindingCode::ReviewPassed => "Review the scenario and set the next day.",
            FindingCode::HighLevelLowKnowledge => "Find out more before deciding on it.",
        }
    }
}

/// An action as the checks see it.
#[derive(Clone, Debug)]
pub struct ActionFacts {
    /// Which.
    pub id: TreatmentActionId,
    /// Where it stands.
    pub status: ActionStatus,
    /// Who answers for it: `Some(false)` when they have left.
    pub owner_here: Option<bool>,
    /// By when.
    pub due: Option<Day>,
}

/// An acceptance as the checks see it.
#[derive(Clone, Debug)]
pub struct AcceptanceFacts {
    /// Which.
    pub id: AcceptanceId,
    /// Where it stands.
    pub status: AcceptanceStatus,
    /// Until when.
    pub expires_on: Option<Day>,
}

/// A scenario as the checks see it.
#[derive(Clone, Debug)]
pub struct Facts {
    /// Where it stands.
    pub status: RiskStatus,
    /// As if nothing were done.
    pub inherent: Option<Rated>,
    /// As it is.
    pub current: Option<Rated>,
    /// As it will be.
    pub residual: Option<Rated>,
    /// Whether the current level is tolerated.
    pub within_tolerance: Option<bool>,
    /// The highest level of the matrix.
    pub highest: i32,
    /// What is done about it.
    pub treatment: Option<Treatment>,
    /// How well it is known.
    pub strength: Option<Strength>,
    /// Who answers for it: `Some(false)` when they have left.
    pub owner_here: Option<bool>,
    /// When it is looked at again.
    pub next_review_on: Option<Day>,
    /// Its actions.
    pub actions: Vec<ActionFacts>,
    /// Its acceptances.
    pub acceptances: Vec<AcceptanceFacts>,
}

impl Facts {
    /// Whether somebody accepts it on a day.
    pub fn is_accepted(&self, today: Day) -> bool {
        self.acceptances.iter().any(|acceptance| in_force(acceptance, today))
    }
}

fn in_force(acceptance: &AcceptanceFacts, today: Day) -> bool {
    acceptance.status == AcceptanceStatus::Accepted && acceptance.expires_on.is_some_and(|day| day >= today)
}

/// What a finding is about, beside its scenario.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    /// The scenario itself.
    Risk,
    /// One of its actions.
    Action(TreatmentActionId),
    /// One of its acceptances.
    Acceptance(AcceptanceId),
}

/// What does not fit in a scenario on a day; nothing of a closed one.
pub fn findings(facts: &Facts, today: Day) -> Vec<(FindingCode, About)> {
    if facts.status == RiskStatus::Closed {
        return Vec::new();
    }
    let mut found = Vec::new();
    of_levels(facts, &mut found);
    if facts.treatment == Some(Treatment::Retain) && !facts.is_accepted(today) {
        found.push((FindingCode::RetainedWithoutAcceptance, About::Risk));
    }
    if facts.owner_here == Some(false) {
        found.push((FindingCode::OwnerLeft, About::Risk));
    }
    if facts.next_review_on.is_some_and(|day| day < today) {
        found.push((FindingCode::ReviewPassed, About::Risk));
    }
    facts.actions.iter().for_each(|action| of_action(action, &mut found));
    for acceptance in facts.acceptances.iter().filter(|a| a.status == AcceptanceStatus::Accepted) {
        match acceptance.expires_on {
            None => found.push((FindingCode::AcceptanceWithoutEnd, About::Acceptance(acceptance.id))),
            Some(day) if day < today => {
                found.push((FindingCode::AcceptancePastEnd, About::Acceptance(acceptance.id)));
            }
            Some(_) => {}
        }
    }
    found
}

/// High is what is not tolerated, and always the highest level of the matrix (our rule).
fn of_levels(facts: &Facts, found: &mut Vec<(FindingCode, About)>) {
    let above = |a: Option<Rated>, b: Option<Rated>| a.zip(b).is_some_and(|(a, b)| a.level > b.level);
    let mut note = |holds: bool, code| {
        if holds {
            found.push((code, About::Risk));
        }
    };
    note(above(facts.residual, facts.current), FindingCode::ResidualAboveCurrent);
    note(above(facts.current, facts.inherent), FindingCode::CurrentAboveInherent);
    let acted = facts.actions.iter().any(|action| action.status != ActionStatus::Cancelled);
    note(above(facts.current, facts.residual) && !acted, FindingCode::ResidualLowerWithoutAction);
    let high = facts.within_tolerance == Some(false)
        || facts.current.is_some_and(|current| current.level >= facts.highest);
    note(high && facts.strength == Some(Strength::Low), FindingCode::HighLevelLowKnowledge);
}

fn of_action(action: &ActionFacts, found: &mut Vec<(FindingCode, About)>) {
    if !action.status.is_open() {
        return;
    }
    match action.owner_here {
        None => found.push((FindingCode::ActionWithoutOwner, About::Action(action.id))),
        Some(false) => found.push((FindingCode::OwnerLeft, About::Action(action.id))),
        Some(true) => {}
    }
    if action.due.is_none() {
        found.push((FindingCode::ActionWithoutDate, About::Action(action.id)));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    fn day(text: &str) -> Day {
        text.parse().expect("a day")
    }

    fn at(level: i32) -> Option<Rated> {
        (level >= 0).then_some(Rated { likelihood: level, impact: level, level })
    }

    fn sound() -> Facts {
        Facts {
            status: RiskStatus::Treating,
            inherent: at(3),
            current: at(2),
            residual: at(1),
            within_tolerance: Some(false),
            highest: 3,
            treatment: Some(Treatment::Modify),
            strength: Some(Strength::High),
            owner_here: Some(true),
            next_review_on: Some(day("2026-11-22")),
            actions: vec![action(ActionStatus::Planned, Some(true), Some("2027-01-31"))],
            acceptances: Vec::new(),
        }
    }

    fn action(status: ActionStatus, owner_here: Option<bool>, due: Option<&str>) -> ActionFacts {
        ActionFacts { id: TreatmentActionId(Uuid::nil()), status, owner_here, due: due.map(day) }
    }

    fn acceptance(status: AcceptanceStatus, until: Option<&str>) -> AcceptanceFacts {
        AcceptanceFacts { id: AcceptanceId(Uuid::nil()), status, expires_on: until.map(day) }
    }

    fn codes(facts: &Facts) -> Vec<&'static str> {
        findings(facts, day("2026-11-22")).into_iter().map(|(code, _)| code.as_str()).collect()
    }

    #[test]
    fn a_sound_scenario_has_no_findings_and_each_fault_its_own() {
        assert_eq!(codes(&sound()), [""; 0]);
        type Spoil = fn(&mut Facts);
        let cases: [(&str, Spoil); 16] = [
            ("residual_above_current", |f| f.residual = at(3)),
            ("current_above_inherent", |f| f.inherent = at(1)),
            ("residual_lower_without_action", |f| f.actions.clear()),
            ("residual_lower_without_action", |f| {
                f.actions = vec![action(ActionStatus::Cancelled, Some(true), None)];
            }),
            ("retained_without_acceptance", |f| f.treatment = Some(Treatment::Retain)),
            ("retained_without_acceptance", |f| {
                f.treatment = Some(Treatment::Retain);
                f.acceptances = vec![acceptance(AcceptanceStatus::Submitted, Some("2027-06-30"))];
            }),
            ("acceptance_without_end", |f| {
                f.acceptances = vec![acceptance(AcceptanceStatus::Accepted, None)]
            }),
            ("acceptance_past_end", |f| {
                f.acceptances = vec![acceptance(AcceptanceStatus::Accepted, Some("2026-11-21"))];
            }),
            ("action_without_owner", |f| {
                f.actions = vec![action(ActionStatus::InProgress, None, Some("2027-01-31"))];
            }),
            ("action_without_date", |f| f.actions = vec![action(ActionStatus::Planned, Some(true), None)]),
            ("owner_left", |f| f.owner_here = Some(false)),
            ("owner_left", |f| {
                f.actions = vec![action(ActionStatus::Planned, Some(false), Some("2027-01-31"))];
            }),
            ("review_passed", |f| f.next_review_on = Some(day("2026-11-21"))),
            ("high_level_low_knowledge", |f| f.strength = Some(Strength::Low)),
            ("high_level_low_knowledge", |f| {
                (f.within_tolerance, f.strength) = (Some(true), Some(Strength::Low));
                (f.inherent, f.current) = (at(3), at(3));
            }),
            ("acceptance_past_end", |f| {
                f.acceptances = vec![
                    acceptance(AcceptanceStatus::Accepted, Some("2026-11-22")),
                    acceptance(AcceptanceStatus::Accepted, Some("2026-01-01")),
                ];
            }),
        ];
        for (expected, broken) in cases {
            let mut facts = sound();
            broken(&mut facts);
            assert_eq!(codes(&facts), [expected]);
            facts.status = RiskStatus::Closed;
            assert_eq!(codes(&facts), [""; 0], "{expected}: a closed scenario is not looked at");
        }
    }

    #[test]
    fn what_is_well_is_not_found() {
        let cases: [fn(&mut Facts); 6] = [
            |f| (f.inherent, f.current, f.residual) = (None, None, None),
            |f| f.residual = f.current,
            |f| {
                f.treatment = Some(Treatment::Retain);
                f.acceptances = vec![acceptance(AcceptanceStatus::Accepted, Some("2026-11-22"))];
            },
            |f| f.actions = vec![action(ActionStatus::Done, None, None)],
            |f| (f.within_tolerance, f.strength) = (Some(true), Some(Strength::Low)),
            |f| f.acceptances = vec![acceptance(AcceptanceStatus::Expired, Some("2026-01-01"))],
        ];
        for (place, changed) in cases.into_iter().enumerate() {
            let mut facts = sound();
            changed(&mut facts);
            assert_eq!(codes(&facts), [""; 0], "case {place}");
        }
    }

    proptest! {
        /// Levels that fall from inherent to residual, with an action, are never found at fault for it.
        #[test]
        fn levels_that_fall_are_never_at_fault(a in 0..4_i32, b in 0..4_i32, c in 0..4_i32) {
            let mut levels = [a, b, c];
            levels.sort_unstable();
            let mut facts = sound();
            (facts.residual, facts.current, facts.inherent) = (at(levels[0]), at(levels[1]), at(levels[2]));
            prop_assert!(codes(&facts).is_empty());
            (facts.residual, facts.current) = (facts.current, facts.residual);
            prop_assert_eq!(codes(&facts).contains(&"residual_above_current"), levels[1] > levels[0]);
        }

        /// As days pass, what was found of days stays found.
        #[test]
        fn a_day_that_passed_stays_passed(review in 0..400_i64, end in 0..400_i64, today in 0..400_i64, later in 0..400_i64) {
            let first = day("2026-11-22");
            let mut facts = sound();
            facts.next_review_on = Some(first.plus(review));
            facts.acceptances = vec![AcceptanceFacts { expires_on: Some(first.plus(end)), ..acceptance(AcceptanceStatus::Accepted, None) }];
            let (now, then) = (findings(&facts, first.plus(today)), findings(&facts, first.plus(today + later)));
            prop_assert!(now.iter().all(|found| then.contains(found)));
        }
    }
}
