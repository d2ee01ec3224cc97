//! The people of a session, too many to be had at once: their letters a page at a time, each page in a few statements.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use diesel::prelude::*;

use super::days::Rest;
use super::foresight::{Draft, Foreseen};
use super::model::{Letter, LetterState, ObjectKind};
use super::people::{self, Recipient};
use super::rules::{Audience, RuleCode};
use super::{choices, facts, store};
use crate::kernel::Result;
use crate::kernel::id::{Iso2, LetterId, ObjectId, RegistrationId, TrainingSessionId};
use crate::kernel::time::Timestamp;
use crate::platform::among::among;
use crate::platform::db::Tx;
use crate::platform::schema::letters;
use crate::training::registrations::told::{self, Told};

/// People of a page.
pub(super) const PAGE: i64 = 500;

/// Days on which recipients rest, asked once for each country and person.
#[derive(Default)]
pub(super) struct Rests {
    countries: HashMap<Iso2, Rest>,
    people: HashMap<ObjectId, Rest>,
}

impl Rests {
    /// Those of a recipient.
    pub(super) fn of(&mut self, tx: &mut Tx, to: &Recipient) -> Result<Rest> {
        if let Some(place) = to.place {
            if let Some(known) = self.countries.get(&place.country) {
                return Ok(known.clone());
            }
            let rest = people::rest(tx, to)?;
            self.countries.insert(place.country, rest.clone());
            return Ok(rest);
        }
        if let Some(known) = self.people.get(&to.id) {
            return Ok(known.clone());
        }
        let rest = people::rest(tx, to)?;
        self.people.insert(to.id, rest.clone());
        Ok(rest)
    }
}

/// Whether a rule concerns all the people of a session, and not only one registration.
pub(super) fn concerns(rule: RuleCode, kind: ObjectKind) -> bool {
    kind == ObjectKind::TrainingSession
        && rule.ladders().iter().any(|ladder| ladder.to == Audience::Participants)
}

/// A page of the people whom letters about a session may concern, and where the next one begins.
pub(super) fn page(
    tx: &mut Tx,
    session: ObjectId,
    after: Option<RegistrationId>,
) -> Result<(Vec<Told>, Option<RegistrationId>)> {
    let people = told::page(tx, TrainingSessionId(session.0), facts::CONCERNED, after, PAGE)?;
    let full = people.len() as i64 == PAGE;
    let next = people.last().filter(|_| full).map(|last| last.registration.id);
    Ok((people, next))
}

/// The letters of a draft about a session to these people of it, by what is true now.
pub(super) fn foresee(
    tx: &mut Tx,
    draft: &Draft,
    people: &[Told],
    hour: u32,
    horizon: Option<Timestamp>,
) -> Result<Vec<Foreseen>> {
    let now = tx.now();
    let matter = facts::matter(tx, &draft.letter(0, Audience::Participants, now))?;
    if matter.void.is_some() {
        return Ok(Vec::new());
    }
    let in_force = choices::in_force(tx, draft.rule, matter.program)?;
    let (mut rests, mut foreseen) = (Rests::default(), Vec::new());
    for ladder in
        in_force.ladders.iter().filter(|ladder| in_force.enabled && ladder.to == Audience::Participants)
    {
        for told in people.iter().filter(|told| matter.standing.contains(&told.registration.status)) {
            let to = Recipient::of(told);
            let rest = rests.of(tx, &to)?;
            for mut letter in draft.steps(ladder, &to, &rest, hour, now) {
                // Who came later is not told what was to be told before.
                let known = draft.is_event() || letter.planned_for >= told.registration.updated_at;
                let near = horizon.is_none_or(|horizon| letter.planned_for <= horizon);
                if known && near && letter.planned_for >= draft.since {
                    letter.program_id = matter.program;
                    foreseen.push(Foreseen { to: to.clone(), letter });
                }
            }
        }
    }
    Ok(foreseen)
}

/// Where letters to the same rule, object, anchor and offset stand.
type Key = (RuleCode, ObjectId, String, i32);

fn by_key(letters: Vec<Letter>) -> BTreeMap<Key, Vec<Letter>> {
    let mut sorted: BTreeMap<Key, Vec<Letter>> = BTreeMap::new();
    for letter in letters {
        let key = (letter.rule, letter.object_id, letter.anchor.clone(), letter.offset_days);
        sorted.entry(key).or_default().push(letter);
    }
    sorted
}

/// Those of the letters that are not in the table, or were voided there before their time: one query for each step.
pub(super) fn lacking(tx: &mut Tx, letters: Vec<Letter>) -> Result<Vec<Letter>> {
    let now = tx.now();
    let mut lacking = Vec::new();
    for (key, mut letters) in by_key(letters) {
        let ids: Vec<ObjectId> = letters.iter().map(|letter| letter.recipient).collect();
        let there: BTreeSet<ObjectId> = standing(tx, &key, &ids)?
            .into_iter()
            .filter(|(_, state, planned_for)| *state != LetterState::Cancelled || *planned_for <= now)
            .map(|(recipient, ..)| recipient)
            .collect();
        letters.retain(|letter| !there.contains(&letter.recipient));
        lacking.extend(letters);
    }
    Ok(lacking)
}

fn standing(
    tx: &mut Tx,
    (rule, object, anchor, offset): &Key,
    recipients: &[ObjectId],
) -> Result<Vec<(ObjectId, LetterState, Timestamp)>> {
    let rows = letters::table
        .select((letters::recipient, letters::state, letters::planned_for))
        .filter(letters::rule.eq(*rule))
        .filter(letters::object_id.eq(*object))
        .filter(letters::anchor.eq(anchor))
        .filter(letters::offset_days.eq(*offset))
        .filter(among(letters::recipient, recipients));
    Ok(rows.load(tx.conn())?)
}

/// Adds letters of something that is planned for the first time; how many.
pub(super) fn add_new(tx: &mut Tx, mut letters: Vec<Letter>) -> Result<usize> {
    for letter in &mut letters {
        letter.id = tx.new_id::<LetterId>();
    }
    letters.chunks(PAGE as usize).try_fold(0, |planned, part| Ok(planned + store::plan_many(tx, part)?))
}

/// Adds letters that are not there yet, and brings back those that were voided before their time; how many.
pub(super) fn add(tx: &mut Tx, letters: Vec<Letter>) -> Result<usize> {
    let letters = lacking(tx, letters)?;
    let mut planned = add_new(tx, letters.clone())?;
    if planned < letters.len() {
        let now = tx.now();
        for (_, letters) in by_key(letters) {
            let ahead = |letter: &&Letter| letter.planned_for > now;
            let mut mornings: BTreeMap<Timestamp, Vec<Letter>> = BTreeMap::new();
            for letter in letters.iter().filter(ahead) {
                mornings.entry(letter.planned_for).or_default().push(letter.clone());
            }
            for (_, letters) in mornings {
                planned += store::renew(tx, &letters)?;
            }
        }
    }
    Ok(planned)
}

/// Plans the letters of some drafts about a session to these people; how many are new.
pub(super) fn plan(
    tx: &mut Tx,
    drafts: &[Draft],
    people: &[Told],
    hour: u32,
    horizon: Timestamp,
) -> Result<usize> {
    let mut letters = Vec::new();
    for draft in drafts {
        let near = (!draft.is_event()).then_some(horizon);
        letters.extend(foresee(tx, draft, people, hour, near)?.into_iter().map(|foreseen| foreseen.letter));
    }
    add(tx, letters)
}
