//! Letters of one rule about one thing, as they would go out by what is true now: to whom, on which morning.

use serde_json::Value;

use super::days::{self, Rest};
use super::facts::{self, Dated, Matter};
use super::model::{Letter, LetterState, ObjectKind, RecipientKind};
use super::people::{self, Recipient};
use super::planner::alarm;
use super::rules::{Anchor, Audience, Ladder, RuleCode};
use super::{choices, store, troubles};
use crate::kernel::Result;
use crate::kernel::id::{LetterId, ObjectId, ProgramId};
use crate::kernel::time::{Day, Timestamp, Zone};
use crate::platform::db::Tx;

/// Letters of one rule about one object and one anchor, before their recipients are known.
#[derive(Clone)]
pub(super) struct Draft {
    pub(super) rule: RuleCode,
    kind: ObjectKind,
    object: ObjectId,
    anchor: String,
    pub(super) since: Timestamp,
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

    /// One of its letters, without a recipient.
    pub(super) fn letter(&self, offset: i32, audience: Audience, now: Timestamp) -> Letter {
        Letter {
            id: LetterId(uuid::Uuid::nil()),
            rule: self.rule,
            object_kind: self.kind,
            object_id: self.object,
            anchor: self.anchor.clone(),
            offset_days: offset,
            recipient: ObjectId(uuid::Uuid::nil()),
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
            recipient_kind: RecipientKind::User,
        }
    }

    /// The instant that it counts from, where it counts in hours.
    fn moment(&self) -> Option<(Timestamp, i64)> {
        let hours = self.rule.anchors().into_iter().find_map(Anchor::hours)?;
        Some((self.anchor.parse().ok()?, hours))
    }

    /// The day that it counts from.
    fn dated_on(&self) -> Option<Day> {
        self.rule.anchor().and_then(|_| self.anchor.parse().ok())
    }

    /// Whether it tells of something that happened.
    pub(super) fn is_event(&self) -> bool {
        self.moment().is_none() && self.dated_on().is_none()
    }

    /// The days of a ladder; a letter that counts in hours is one step, told in whole days.
    fn rungs(&self, ladder: &Ladder, now: Timestamp) -> Vec<i32> {
        match self.moment() {
            Some((_, hours)) if !ladder.offsets.is_empty() => vec![-(hours / 24) as i32],
            Some(_) => Vec::new(),
            None => {
                let past =
                    self.dated_on().map_or(0, |day| Day(now.date_in(Zone::UTC)).days_since(day) as i32);
                days::rungs(&ladder.offsets, ladder.every, past + 3)
            }
        }
    }

    /// The letters of a ladder to somebody, whenever they are due.
    pub(super) fn steps(
        &self,
        ladder: &Ladder,
        to: &Recipient,
        rest: &Rest,
        hour: u32,
        now: Timestamp,
    ) -> Vec<Letter> {
        let rungs = self.rungs(ladder, now).into_iter();
        let letter = |offset| {
            let at = self.instant(rest, offset, to.timezone, hour);
            let letter = self.letter(offset, ladder.to, now);
            Letter { recipient: to.id, recipient_kind: to.kind, planned_for: at, next_at: at, ..letter }
        };
        rungs.map(letter).collect()
    }

    /// Letters about a date.
    pub(super) fn dated(rule: RuleCode, kind: ObjectKind, dated: Dated) -> Draft {
        Draft::of(rule, kind, dated.object, dated.anchor, dated.since)
    }

    /// Whether letters are foreseen that are not in the table, or nobody is there for one.
    pub(super) fn lacks(&self, tx: &mut Tx, hour: u32, horizon: Timestamp) -> Result<bool> {
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
        let mut foresight = Foresight { program: matter.log(), ..Foresight::default() };
        let wanted = |at: Timestamp| at >= self.since && horizon.is_none_or(|horizon| at <= horizon);
        for ladder in in_force.ladders.iter().filter(|_| in_force.enabled) {
            let recipients = people::audience(tx, ladder.to, &matter)?;
            if recipients.is_empty() && expects(ladder.to, &matter) {
                let due = self.rungs(ladder, now).into_iter();
                let due =
                    due.filter(|offset| wanted(self.instant(&Rest::default(), *offset, Zone::UTC, hour)));
                let letter = |offset| self.letter(offset, ladder.to, now);
                let letters = due.map(letter).map(|letter| Letter { program_id: matter.log(), ..letter });
                foresight.nobody.extend(letters);
            }
            for to in &recipients {
                let rest = people::rest(tx, to)?;
                for letter in self.steps(ladder, to, &rest, hour, now) {
                    if wanted(letter.planned_for) {
                        let letter = Letter { program_id: matter.log(), ..letter };
                        foresight.letters.extend(copies(&letter, to));
                    }
                }
            }
        }
        Ok(foresight)
    }

    /// When a letter goes out: at once for what just happened, so many hours before an instant, else on the recipient's
    /// morning.
    fn instant(&self, rest: &Rest, offset: i32, zone: Zone, hour: u32) -> Timestamp {
        if let Some((moment, hours)) = self.moment() {
            return moment.plus_seconds(-hours * 3600);
        }
        let anchor = match self.dated_on() {
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
    if let Some(held) = &matter.holding {
        // Whoever did it knows of it: that nobody else is to be told is as it should be.
        let concerned = matter.audiences.is_empty() || matter.audiences.contains(&to);
        let answers = to == Audience::Owner && matter.owner.is_some();
        return concerned && matter.doer.is_none() && (answers || held.expects(to));
    }
    match to {
        Audience::Participants => false,
        Audience::Trainers => matter.session.as_ref().is_some_and(|whole| !whole.trainers.is_empty()),
        _ => !matter.quiet,
    }
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
    /// The program in whose log they are shown.
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
