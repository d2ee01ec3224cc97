//! From what happened and from dates to letters in the table. Planning twice adds nothing.

use diesel::prelude::*;
use serde_json::Value;

use super::facts::{self, Dated, Matter};
use super::foresight::Draft;
use super::model::{Letter, ObjectKind};
use super::people;
use super::rules::{Anchor, Audience, RuleCode, Trigger};
use super::voids::{close, kind_of, object_of};
use super::{choices, crowd, places, store, troubles};
use crate::kernel::Result;
use crate::kernel::access::{Actor, System};
use crate::kernel::id::{EventId, ObjectId, RegistrationId};
use crate::kernel::time::{Day, Timestamp, Zone};
use crate::platform::connection::Claim;
use crate::platform::db::Tx;
use crate::platform::journal::{self, Entry};
use crate::platform::schema::domain_events;

/// Days that dated letters stand in the table before they go out.
pub(super) const AHEAD: i64 = 10;
/// Days after a date for which its letters are still planned; who has not acted by then is not moved by letters.
const BEHIND: i64 = 90;
/// Objects looked at in one transaction.
const PAGE: i64 = 100;
/// Events turned into letters in one transaction.
const BATCH: i64 = 100;

/// Something that happened.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = domain_events)]
pub(super) struct Happened {
    pub id: EventId,
    pub kind: String,
    pub body: String,
    pub at: Timestamp,
    /// Up to which of the people whom it concerns it is planned.
    pub planned_to: Option<RegistrationId>,
}

/// Whether events wait; read-only.
pub(super) fn anything_happened(tx: &mut Tx) -> Result<bool> {
    let found: Option<EventId> = domain_events::table
        .select(domain_events::id)
        .filter(domain_events::planned_at.is_null())
        .first(tx.conn())
        .optional()?;
    Ok(found.is_some())
}

/// Plans the letters of the events that wait; tells how many letters were added and whether more events wait.
pub(super) fn plan_events(tx: &mut Tx, hour: u32) -> Result<(usize, bool)> {
    let now = tx.now();
    let events: Vec<Happened> = domain_events::table
        .select(Happened::as_select())
        .filter(domain_events::planned_at.is_null())
        .order(domain_events::id)
        .limit(BATCH)
        .claim_rows()
        .load(tx.conn())?;
    let mut planned = places::plan(tx, &events, hour)?;
    let (mut done, mut rest) = (Vec::new(), None);
    for event in &events {
        let (count, further) = match event.kind.as_str() {
            places::KIND => (0, None),
            _ => plan_event(tx, event, hour)?,
        };
        planned += count;
        if further.is_some() {
            // The other people of a large session have their turn in transactions of their own.
            rest = Some((event.id, further));
            break;
        }
        done.push(event.id);
    }
    if let Some((id, to)) = rest {
        diesel::update(domain_events::table.filter(domain_events::id.eq(id)))
            .set(domain_events::planned_to.eq(to))
            .execute(tx.conn())?;
    }
    diesel::update(domain_events::table.filter(domain_events::id.eq_any(done)))
        .set(domain_events::planned_at.eq(Some(now)))
        .execute(tx.conn())?;
    Ok((planned, rest.is_some() || events.len() as i64 == BATCH))
}

/// Plans the letters of an event: how many are new, and after which of the people whom it concerns it goes on.
fn plan_event(tx: &mut Tx, event: &Happened, hour: u32) -> Result<(usize, Option<RegistrationId>)> {
    let body: Value = serde_json::from_str(&event.body).unwrap_or_default();
    if let ("participant.merged", Some(gone), Some(kept)) =
        (event.kind.as_str(), facts::id(&body, "participant_id"), facts::id(&body, "into"))
    {
        // Who stopped letters at one address did not ask for them at the other.
        choices::inherit(tx, gone, kept)?;
    }
    let Some((kind, object)) = object_of(&event.kind, &body) else { return Ok((0, None)) };
    let mut drafts = of_event(event, kind, object, &body);
    let mut planned = 0;
    if event.planned_to.is_none() {
        close(tx, event, object, &body)?;
        planned += replan(tx, kind, object, hour)?;
        for draft in &drafts {
            planned += draft.plan(tx, hour, None)?;
        }
    }
    drafts.extend(dated_of(tx, kind, object)?);
    drafts.retain(|draft| crowd::concerns(draft.rule, kind));
    if drafts.is_empty() {
        return Ok((planned, None));
    }
    let (people, further) = crowd::page(tx, object, event.planned_to)?;
    let horizon = horizon(tx.now());
    Ok((planned + crowd::plan(tx, &drafts, &people, hour, horizon)?, further))
}

/// What an event tells by each of the rules that it sets off.
fn of_event(event: &Happened, kind: ObjectKind, object: ObjectId, body: &Value) -> Vec<Draft> {
    let mut drafts = Vec::new();
    for rule in RuleCode::ALL.iter().copied() {
        let Trigger::On(events, holds) = rule.trigger() else { continue };
        if !events.contains(&event.kind.as_str()) || !holds(body) {
            continue;
        }
        let mut draft = Draft::of(rule, kind, object, event.id.to_string(), event.at);
        draft.facts.clone_from(&event.body);
        if event.kind == "role.revoked" {
            draft.facts = event.body.replacen('{', "{\"revoked\":true,", 1);
        }
        drafts.push(draft);
    }
    drafts
}

/// Plans the dated letters of one object anew: its dates or its state may have changed.
fn replan(tx: &mut Tx, kind: ObjectKind, object: ObjectId, hour: u32) -> Result<usize> {
    let drafts = dated_of(tx, kind, object)?;
    plan_all(tx, &drafts, hour)
}

/// The dated letters of one object.
fn dated_of(tx: &mut Tx, kind: ObjectKind, object: ObjectId) -> Result<Vec<Draft>> {
    let mut drafts = Vec::new();
    for (rule, anchor) in dated_rules().filter(|(_, anchor)| kind_of(*anchor) == kind) {
        if let Some(dated) = facts::date_of(tx, anchor, object)?.filter(|dated| !dated.anchor.is_empty()) {
            drafts.push(Draft::dated(rule, kind, dated));
        }
    }
    Ok(drafts)
}

/// How far ahead dated letters stand in the table.
fn horizon(now: Timestamp) -> Timestamp {
    now.plus_days(AHEAD)
}

fn dated_rules() -> impl Iterator<Item = (RuleCode, Anchor)> {
    RuleCode::ALL.iter().flat_map(|rule| rule.anchors().into_iter().map(|anchor| (*rule, anchor)))
}

/// Every date to be walked over; `true`: for the people of a session, who have no accounts.
fn walks() -> impl Iterator<Item = (RuleCode, Anchor, bool)> {
    let crowds = dated_rules().filter(|(rule, anchor)| crowd::concerns(*rule, kind_of(*anchor)));
    dated_rules()
        .map(|(rule, anchor)| (rule, anchor, false))
        .chain(crowds.map(|(rule, anchor)| (rule, anchor, true)))
}

/// A place in the walk over all dates: the rule and anchor by their place in the catalogue, and the last object seen; of
/// the people of a session the last one seen.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Walk {
    place: usize,
    after: Option<ObjectId>,
    person: Option<RegistrationId>,
}

/// What a step of the walk found to be planned.
#[derive(Default)]
pub(super) struct Found {
    drafts: Vec<Draft>,
    letters: Vec<Letter>,
}

impl Found {
    /// Whether there is nothing.
    pub(super) fn is_empty(&self) -> bool {
        self.drafts.is_empty() && self.letters.is_empty()
    }

    /// Plans it; how many letters are new.
    pub(super) fn plan(&self, tx: &mut Tx, hour: u32) -> Result<usize> {
        Ok(plan_all(tx, &self.drafts, hour)? + crowd::add(tx, self.letters.clone())?)
    }
}

/// Letters of the next objects whose dates are near that are not in the table yet, and where the walk goes on; `None`
/// at its end. Read-only, so that the walk over many dates holds up no write.
pub(super) fn missing(tx: &mut Tx, walk: Walk, hour: u32) -> Result<(Found, Option<Walk>)> {
    let Some((rule, anchor, crowd)) = walks().nth(walk.place) else { return Ok((Found::default(), None)) };
    let (now, horizon) = (tx.now(), horizon(tx.now()));
    let today = Day(now.date_in(Zone::UTC));
    let span = (today.plus(-BEHIND), today.plus(reach(tx, rule)? + AHEAD + 15));
    let size = if crowd { 1 } else { PAGE };
    let near = facts::dated(tx, anchor, span, walk.after, size)?;
    let next = match near.last() {
        Some(last) if near.len() as i64 == size => Walk { after: Some(last.object), person: None, ..walk },
        _ => Walk { place: walk.place + 1, ..Walk::default() },
    };
    if crowd {
        let Some(dated) = near.into_iter().next() else { return Ok((Found::default(), Some(next))) };
        let (letters, further) = missing_people(tx, rule, anchor, dated, walk.person, hour)?;
        let next = further.map_or(next, |person| Walk { person: Some(person), ..walk });
        return Ok((Found { letters, ..Found::default() }, Some(next)));
    }
    let mut drafts = Vec::new();
    for dated in near.into_iter().filter(|dated| !dated.anchor.is_empty()) {
        let draft = Draft::dated(rule, kind_of(anchor), dated);
        if draft.lacks(tx, hour, horizon)? {
            drafts.push(draft);
        }
    }
    Ok((Found { drafts, ..Found::default() }, Some(next)))
}

/// Letters about a date to a page of a session's people that are not in the table yet, and after whom it goes on.
fn missing_people(
    tx: &mut Tx,
    rule: RuleCode,
    anchor: Anchor,
    dated: Dated,
    after: Option<RegistrationId>,
    hour: u32,
) -> Result<(Vec<Letter>, Option<RegistrationId>)> {
    if dated.anchor.is_empty() {
        return Ok((Vec::new(), None));
    }
    let horizon = horizon(tx.now());
    let (people, further) = crowd::page(tx, dated.object, after)?;
    let draft = Draft::dated(rule, kind_of(anchor), dated);
    let foreseen = crowd::foresee(tx, &draft, &people, hour, Some(horizon))?;
    let letters = foreseen.into_iter().map(|foreseen| foreseen.letter).collect();
    Ok((crowd::lacking(tx, letters)?, further))
}

/// Plans some drafts.
fn plan_all(tx: &mut Tx, drafts: &[Draft], hour: u32) -> Result<usize> {
    let horizon = horizon(tx.now());
    drafts.iter().try_fold(0, |planned, draft| Ok(planned + draft.plan(tx, hour, Some(horizon))?))
}

/// The furthest that letters of a rule go out before their date, in days, whatever was set for it.
fn reach(tx: &mut Tx, rule: RuleCode) -> Result<i64> {
    Ok(i64::from(choices::earliest_offset(tx, rule)?.min(0).abs()))
}

/// Nobody is there to receive a letter: audit, and a letter to the administrators at the end of the hour.
pub(super) fn alarm(tx: &mut Tx, letter: &Letter) -> Result<()> {
    if letter.rule == RuleCode::E2 || !troubles::alert(tx, letter)? {
        return Ok(());
    }
    tracing::warn!(rule = %letter.rule, object = %letter.object_id, audience = %letter.audience, "a letter has no recipient");
    let mut entry =
        Entry::new(&System("planner"), "letter.no_recipient", letter.object_kind.as_str(), letter.object_id);
    if let Some(program) = letter.program_id {
        entry = entry.program(program);
    }
    journal::record(tx, entry);
    tell_operators(tx)
}

/// Plans the administrators' digest of this hour's troubles.
pub(super) fn tell_operators(tx: &mut Tx) -> Result<()> {
    let now = tx.now();
    let start = Timestamp(now.0 - now.0.rem_euclid(3_600_000_000));
    let house = ObjectId(System("planner").user().0);
    let draft =
        Draft::of(RuleCode::E2, ObjectKind::House, house, start.to_string(), start.plus_seconds(3600));
    let matter = Matter::default();
    for to in people::audience(tx, Audience::Administrators, &matter)? {
        let mut letter = draft.letter(0, Audience::Administrators, now);
        letter.id = tx.new_id();
        letter.recipient = to.id;
        store::plan(tx, &letter)?;
    }
    Ok(())
}
