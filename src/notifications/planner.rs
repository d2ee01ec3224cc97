//! From what happened and from dates to letters in the table. Planning twice adds nothing.

use diesel::prelude::*;
use serde_json::Value;

use super::days::Rest;
use super::facts::{self, Dated, Matter};
use super::model::{Letter, LetterState, ObjectKind};
use super::people::{self, Recipient};
use super::rules::{Anchor, Audience, RuleCode, Trigger};
use super::voids::{close, kind_of, object_of};
use super::{choices, days, store, troubles};
use crate::kernel::Result;
use crate::kernel::access::{Actor, System};
use crate::kernel::id::{EventId, LetterId, ObjectId, ProgramId, UserId};
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
    let mut planned = 0;
    for event in &events {
        planned += plan_event(tx, event, hour)?;
        diesel::update(domain_events::table.filter(domain_events::id.eq(event.id)))
            .set(domain_events::planned_at.eq(Some(now)))
            .execute(tx.conn())?;
    }
    Ok((planned, events.len() as i64 == BATCH))
}

fn plan_event(tx: &mut Tx, event: &Happened, hour: u32) -> Result<usize> {
    let body: Value = serde_json::from_str(&event.body).unwrap_or_default();
    let Some((kind, object)) = object_of(&event.kind, &body) else { return Ok(0) };
    close(tx, event, object, &body)?;
    let mut planned = 0;
    planned += replan(tx, kind, object, hour)?;
    for rule in RuleCode::ALL.iter().copied() {
        let Trigger::On(events, holds) = rule.trigger() else { continue };
        if !events.contains(&event.kind.as_str()) || !holds(&body) {
            continue;
        }
        let mut draft = Draft::of(rule, kind, object, event.id.to_string(), event.at);
        draft.facts.clone_from(&event.body);
        if event.kind == "role.revoked" {
            draft.facts = event.body.replacen('{', "{\"revoked\":true,", 1);
        }
        planned += draft.plan(tx, hour, None)?;
    }
    Ok(planned)
}

/// Plans the dated letters of one object anew: its dates or its state may have changed.
fn replan(tx: &mut Tx, kind: ObjectKind, object: ObjectId, hour: u32) -> Result<usize> {
    let horizon = horizon(tx.now());
    let mut planned = 0;
    for (rule, anchor) in dated_rules().filter(|(_, anchor)| kind_of(*anchor) == kind) {
        if let Some(dated) = facts::date_of(tx, anchor, object)?.filter(|dated| !dated.anchor.is_empty()) {
            planned += Draft::dated(rule, kind, dated).plan(tx, hour, Some(horizon))?;
        }
    }
    Ok(planned)
}

/// How far ahead dated letters stand in the table.
fn horizon(now: Timestamp) -> Timestamp {
    now.plus_days(AHEAD)
}

fn dated_rules() -> impl Iterator<Item = (RuleCode, Anchor)> {
    RuleCode::ALL.iter().flat_map(|rule| rule.anchors().into_iter().map(|anchor| (*rule, anchor)))
}

/// A place in the walk over all dates: the rule and anchor by their place in the catalogue, and the last object seen.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Walk {
    place: usize,
    after: Option<ObjectId>,
}

/// Letters of the next objects whose dates are near that are not in the table yet, and where the walk goes on; `None`
/// at its end. Read-only, so that the walk over many dates holds up no write.
pub(super) fn missing(tx: &mut Tx, walk: Walk, hour: u32) -> Result<(Vec<Draft>, Option<Walk>)> {
    let Some((rule, anchor)) = dated_rules().nth(walk.place) else { return Ok((Vec::new(), None)) };
    let (now, horizon) = (tx.now(), horizon(tx.now()));
    let today = Day(now.date_in(Zone::UTC));
    let span = (today.plus(-BEHIND), today.plus(reach(tx, rule)? + AHEAD + 15));
    let near = facts::dated(tx, anchor, span, walk.after, PAGE)?;
    let next = match near.last() {
        Some(last) if near.len() as i64 == PAGE => Walk { after: Some(last.object), ..walk },
        _ => Walk { place: walk.place + 1, after: None },
    };
    let mut drafts = Vec::new();
    for dated in near.into_iter().filter(|dated| !dated.anchor.is_empty()) {
        let draft = Draft::dated(rule, kind_of(anchor), dated);
        if draft.lacks(tx, hour, horizon)? {
            drafts.push(draft);
        }
    }
    Ok((drafts, Some(next)))
}

/// Plans what a walk found.
pub(super) fn plan_all(tx: &mut Tx, drafts: &[Draft], hour: u32) -> Result<usize> {
    let horizon = horizon(tx.now());
    drafts.iter().try_fold(0, |planned, draft| Ok(planned + draft.plan(tx, hour, Some(horizon))?))
}

/// The furthest that letters of a rule go out before their date, in days, whatever was set for it.
fn reach(tx: &mut Tx, rule: RuleCode) -> Result<i64> {
    Ok(i64::from(choices::earliest_offset(tx, rule)?.min(0).abs()))
}

/// Letters of one rule about one object and one anchor, before their recipients are known.
#[derive(Clone)]
pub(super) struct Draft {
    rule: RuleCode,
    kind: ObjectKind,
    object: ObjectId,
    anchor: String,
    since: Timestamp,
    pub(super) facts: String,
}

/// A letter that would go out.
#[derive(Clone, Debug)]
pub(super) struct Foreseen {
    pub to: Recipient,
    pub letter: Letter,
}

impl Draft {
    /// `since`: the anchor is known since then; letters that would have been due before are not planned.
    pub(super) fn of(
        rule: RuleCode,
        kind: ObjectKind,
        object: ObjectId,
        anchor: String,
        since: Timestamp,
    ) -> Draft {
        Draft { rule, kind, object, anchor, since, facts: "{}".into() }
    }

    fn letter(&self, offset: i32, audience: Audience, now: Timestamp) -> Letter {
        Letter {
            id: LetterId(uuid::Uuid::nil()),
            rule: self.rule,
            object_kind: self.kind,
            object_id: self.object,
            anchor: self.anchor.clone(),
            offset_days: offset,
            recipient: UserId(uuid::Uuid::nil()),
            address: String::new(),
            audience,
            program_id: None,
            facts: self.facts.clone(),
            urgency: self.rule.urgency(),
            planned_for: self.since,
            next_at: self.since,
            state: LetterState::Planned,
            reason: None,
            attempts: 0,
            uncertain: false,
            fence: 0,
            digest_of: None,
            dated_at: None,
            sent_at: None,
            created_at: now,
        }
    }

    /// Letters about a date.
    pub(super) fn dated(rule: RuleCode, kind: ObjectKind, dated: Dated) -> Draft {
        Draft::of(rule, kind, dated.object, dated.anchor, dated.since)
    }

    /// Whether letters are foreseen that are not in the table, or nobody is there for one.
    fn lacks(&self, tx: &mut Tx, hour: u32, horizon: Timestamp) -> Result<bool> {
        let foresight = self.foresee(tx, hour, Some(horizon))?;
        for Foreseen { letter, .. } in &foresight.letters {
            if !store::is_planned(tx, letter)? {
                return Ok(true);
            }
        }
        for letter in &foresight.nobody {
            if !troubles::is_alarmed(tx, letter)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Who would get what when, by what is true now. `horizon`: only letters due until then.
    pub(super) fn foresee(&self, tx: &mut Tx, hour: u32, horizon: Option<Timestamp>) -> Result<Foresight> {
        let now = tx.now();
        let matter = facts::matter(tx, &self.letter(0, Audience::Person, self.since))?;
        if matter.void.is_some() {
            return Ok(Foresight::default());
        }
        let in_force = choices::in_force(tx, self.rule, matter.program)?;
        let mut foresight = Foresight { program: matter.program, ..Foresight::default() };
        let wanted = |at: Timestamp| at >= self.since && horizon.is_none_or(|horizon| at <= horizon);
        let dated = self.rule.anchor().and_then(|_| self.anchor.parse::<Day>().ok());
        let past = dated.map_or(0, |day| Day(now.date_in(Zone::UTC)).days_since(day) as i32);
        for ladder in in_force.ladders.iter().filter(|_| in_force.enabled) {
            let recipients = people::audience(tx, ladder.to, &matter)?;
            for offset in days::rungs(&ladder.offsets, ladder.every, past + 3) {
                let letter = Letter { program_id: matter.program, ..self.letter(offset, ladder.to, now) };
                if recipients.is_empty()
                    && expects(ladder.to, &matter)
                    && wanted(self.instant(&Rest::default(), offset, Zone::UTC, dated, hour))
                {
                    foresight.nobody.push(letter.clone());
                }
                for to in &recipients {
                    let rest = people::rest(tx, to.id)?;
                    let at = self.instant(&rest, offset, to.timezone, dated, hour);
                    let letter = Letter { recipient: to.id, planned_for: at, next_at: at, ..letter.clone() };
                    if wanted(at) {
                        foresight.letters.extend(copies(&letter, to));
                    }
                }
            }
        }
        Ok(foresight)
    }

    /// When a letter goes out: at once for what just happened, else on the recipient's morning.
    fn instant(&self, rest: &Rest, offset: i32, zone: Zone, dated: Option<Day>, hour: u32) -> Timestamp {
        let anchor = match dated {
            Some(day) => day,
            None if offset == 0 => return self.since,
            None => Day(self.since.date_in(zone)),
        };
        days::instant_of(anchor, offset, rest, zone, hour)
    }

    /// Adds the letters that are foreseen and not there yet.
    pub(super) fn plan(&self, tx: &mut Tx, hour: u32, horizon: Option<Timestamp>) -> Result<usize> {
        let foresight = self.foresee(tx, hour, horizon)?;
        let (mut planned, somebody) = (0, !foresight.letters.is_empty());
        for Foreseen { mut letter, .. } in foresight.letters {
            letter.id = tx.new_id();
            planned += usize::from(store::plan(tx, &letter)?);
        }
        for letter in foresight.nobody {
            let optional = matches!(letter.audience, Audience::Partners | Audience::Dependants);
            if !(optional && somebody) {
                alarm(tx, &letter)?;
            }
        }
        Ok(planned)
    }
}

/// Whether somebody is to be there for a letter: a session may well have no trainers with accounts.
fn expects(to: Audience, matter: &Matter) -> bool {
    to != Audience::Trainers || matter.session.as_ref().is_some_and(|whole| !whole.trainers.is_empty())
}

/// One letter for each address it goes to.
fn copies(letter: &Letter, to: &Recipient) -> Vec<Foreseen> {
    let copy = |address| Foreseen { to: to.clone(), letter: Letter { address, ..letter.clone() } };
    addresses(letter.rule, &letter.facts).into_iter().map(copy).collect()
}

/// What a rule would send about one object.
#[derive(Default)]
pub(super) struct Foresight {
    pub letters: Vec<Foreseen>,
    /// Steps of the ladder that reach nobody.
    pub nobody: Vec<Letter>,
    pub program: Option<ProgramId>,
}

/// A change of address is told to both addresses; everything else to the account's.
fn addresses(rule: RuleCode, facts: &str) -> Vec<String> {
    let body: Value = serde_json::from_str(facts).unwrap_or_default();
    let named = |name: &str| body[name].as_str().map(str::to_owned);
    match rule {
        RuleCode::U4 => match (named("new_email"), named("old_email")) {
            (Some(new), _) => vec![new],
            (None, Some(old)) => vec![String::new(), old],
            (None, None) => vec![String::new()],
        },
        _ => vec![String::new()],
    }
}

/// Nobody is there to receive a letter: audit, and a letter to the administrators at the end of the hour.
fn alarm(tx: &mut Tx, letter: &Letter) -> Result<()> {
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
