//! Letters of what happened to registrations: the events of a batch together, for an import confirms thousands at once.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use serde_json::Value;

use super::choices;
use super::crowd::{self, Rests};
use super::facts::{self, Matter};
use super::foresight::Draft;
use super::model::{InForce, Letter, ObjectKind};
use super::people::{self, Recipient};
use super::planner::{Happened, alarm};
use super::rules::{Audience, Ladder, RuleCode, Trigger};
use crate::kernel::Result;
use crate::kernel::id::{Iso2, ObjectId, ProgramId, RegistrationId};
use crate::platform::db::Tx;
use crate::training::registrations::told::{self, Told};

/// The event that a registration went a step.
pub(super) const KIND: &str = "registration.moved";

/// What is asked once for a batch.
#[derive(Default)]
struct Asked {
    in_force: HashMap<(RuleCode, ProgramId), InForce>,
    officials: HashMap<Iso2, Vec<Recipient>>,
    rests: Rests,
}

impl Asked {
    fn in_force(&mut self, tx: &mut Tx, rule: RuleCode, program: ProgramId) -> Result<InForce> {
        if let Some(known) = self.in_force.get(&(rule, program)) {
            return Ok(known.clone());
        }
        let found = choices::in_force(tx, rule, Some(program))?;
        self.in_force.insert((rule, program), found.clone());
        Ok(found)
    }

    /// The people of an audience of a letter about a registration.
    fn audience(
        &mut self,
        tx: &mut Tx,
        to: Audience,
        told: &Told,
        matter: &Matter,
    ) -> Result<Vec<Recipient>> {
        if to == Audience::Participants {
            return Ok(vec![Recipient::of(told)]);
        }
        let country = told.registration.country;
        let known = match self.officials.entry(country) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => {
                let matter = Matter { countries: vec![country], ..Matter::default() };
                place.insert(people::audience(tx, Audience::FocalPoints, &matter)?)
            }
        };
        let told = known.iter().filter(|official| matter.doer.is_none_or(|doer| doer.0 != official.id.0));
        Ok(told.cloned().collect())
    }
}

/// Plans the letters of those of the events that are about registrations; how many are new.
pub(super) fn plan(tx: &mut Tx, events: &[Happened], hour: u32) -> Result<usize> {
    let ours = events.iter().filter(|event| event.kind == KIND);
    let ours: Vec<(&Happened, Value)> =
        ours.map(|event| (event, serde_json::from_str(&event.body).unwrap_or_default())).collect();
    let ids: Vec<RegistrationId> =
        ours.iter().filter_map(|(_, body)| facts::id(body, "registration_id")).collect();
    if ids.is_empty() {
        return Ok(0);
    }
    let told = told::those(tx, &ids)?.into_iter().map(|told| (told.registration.id, told));
    let told: HashMap<RegistrationId, Told> = told.collect();
    let (mut asked, mut letters) = (Asked::default(), Vec::new());
    for (event, body) in &ours {
        let known = facts::id(body, "registration_id").and_then(|id| told.get(&id));
        if let Some(told) = known {
            letters.extend(of_event(tx, &mut asked, event, body, told, hour)?);
        }
    }
    crowd::add_new(tx, letters)
}

fn of_event(
    tx: &mut Tx,
    asked: &mut Asked,
    event: &Happened,
    body: &Value,
    told: &Told,
    hour: u32,
) -> Result<Vec<Letter>> {
    let mut letters = Vec::new();
    for rule in RuleCode::ALL.iter().copied() {
        let Trigger::On(events, holds) = rule.trigger() else { continue };
        if !events.contains(&KIND) || !holds(body) {
            continue;
        }
        let object = ObjectId(told.registration.id.0);
        let mut draft = Draft::of(rule, ObjectKind::Registration, object, event.id.to_string(), event.at);
        draft.facts.clone_from(&event.body);
        let blank = draft.letter(0, Audience::Participants, tx.now());
        if facts::registrations::void(tx.now(), &blank, told, body).is_some() {
            continue;
        }
        let in_force = asked.in_force(tx, rule, told.program_id)?;
        let matter = facts::registrations::about(told, rule, body);
        for ladder in in_force.ladders.iter().filter(|_| in_force.enabled) {
            letters.extend(of_ladder(tx, asked, &draft, ladder, told, &matter, hour)?);
        }
    }
    Ok(letters)
}

fn of_ladder(
    tx: &mut Tx,
    asked: &mut Asked,
    draft: &Draft,
    ladder: &Ladder,
    told: &Told,
    matter: &Matter,
    hour: u32,
) -> Result<Vec<Letter>> {
    let now = tx.now();
    let recipients = asked.audience(tx, ladder.to, told, matter)?;
    let officials = asked.officials.get(&told.registration.country);
    if draft.rule == RuleCode::T3 && officials.is_some_and(Vec::is_empty) {
        alarm(tx, &Letter { program_id: matter.program, ..draft.letter(0, ladder.to, now) })?;
    }
    let mut letters = Vec::new();
    for to in &recipients {
        let rest = asked.rests.of(tx, to)?;
        let steps = draft.steps(ladder, to, &rest, hour, now);
        letters.extend(steps.into_iter().map(|letter| Letter { program_id: matter.program, ..letter }));
    }
    Ok(letters)
}
