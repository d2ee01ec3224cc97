//! The queue of letters that are due: claimed, held while they are handed over, put off, done.

use diesel::dsl::{count_star, exists, not};
use diesel::prelude::*;

use super::model::{Letter, LetterState};
use super::store::CARRIED;
use crate::kernel::Result;
use crate::kernel::id::{LetterId, ObjectId};
use crate::kernel::time::Timestamp;
use crate::platform::connection::{Claim, MultiBackend};
use crate::platform::db::Tx;
use crate::platform::literal::{Literal, literal};
use crate::platform::schema::{letters, participants, registrations, users};

/// In the words of the index `letters_waiting`.
pub(super) const WAITING: Literal =
    literal("letters.state IN ('planned', 'queued', 'failed') AND letters.digest_of IS NULL");

/// Whether anything is due; read-only, so that an idle round writes nothing.
pub(super) fn anything_due(tx: &mut Tx) -> Result<bool> {
    let now = tx.now();
    let found: Option<LetterId> = letters::table
        .select(letters::id)
        .filter(WAITING)
        .filter(letters::next_at.le(now))
        .first(tx.conn())
        .optional()?;
    Ok(found.is_some())
}

/// The next letter to look at, but for those to domains that have enough in hand; on PostgreSQL other senders pass it by.
pub(super) fn next_due(tx: &mut Tx, busy: &[String]) -> Result<Option<Letter>> {
    let now = tx.now();
    let mut query = letters::table
        .select(Letter::as_select())
        .filter(WAITING)
        .filter(letters::next_at.le(now))
        .order((letters::urgency, letters::next_at, letters::id))
        .limit(1)
        .into_boxed::<MultiBackend>();
    for domain in busy {
        let there = format!("%@{domain}");
        let account = users::table
            .select(users::id)
            .filter(users::id.eq(letters::recipient))
            .filter(letters::address.eq(""))
            .filter(users::email.like(there.clone()));
        let place = registrations::table
            .inner_join(participants::table.on(participants::id.eq(registrations::participant_id)))
            .select(registrations::id)
            .filter(registrations::id.eq(letters::recipient))
            .filter(participants::email_key.like(there.clone()));
        query = query.filter(letters::address.not_like(there));
        query = query.filter(not(exists(account))).filter(not(exists(place)));
    }
    Ok(query.claim_rows().get_result(tx.conn()).optional()?)
}

/// Other letters of a person that are due and could share one.
pub(super) fn due_of(tx: &mut Tx, letter: &Letter, limit: i64) -> Result<Vec<Letter>> {
    let now = tx.now();
    let rows = letters::table
        .select(Letter::as_select())
        .filter(letters::recipient.eq(letter.recipient))
        .filter(letters::state.eq_any([LetterState::Planned, LetterState::Failed]))
        .filter(letters::digest_of.is_null())
        .filter(letters::planned_for.le(now))
        .filter(letters::urgency.gt(0))
        .filter(letters::address.eq(""))
        .filter(letters::id.ne(letter.id))
        .order(letters::id)
        .limit(limit)
        .load(tx.conn())?;
    Ok(rows)
}

/// Letters that a digest carries and that still wait with it.
pub(super) fn members(tx: &mut Tx, lead: LetterId) -> Result<Vec<Letter>> {
    let rows = letters::table
        .select(Letter::as_select())
        .filter(letters::digest_of.eq(lead))
        .filter(letters::state.eq_any(CARRIED))
        .order(letters::id)
        .load(tx.conn())?;
    Ok(rows)
}

/// Letters by themselves that a person got since an instant.
pub(super) fn sent_since(tx: &mut Tx, person: ObjectId, since: Timestamp) -> Result<i64> {
    let count = letters::table
        .select(count_star())
        .filter(letters::recipient.eq(person))
        .filter(letters::sent_at.gt(since))
        .filter(letters::digest_of.is_null())
        .first(tx.conn())?;
    Ok(count)
}

/// Takes a letter into hand until an instant.
pub(super) fn hold(tx: &mut Tx, letter: &mut Letter, until: Timestamp) -> Result<()> {
    letter.fence += 1;
    letter.dated_at = letter.dated_at.or(Some(tx.now()));
    letter.state = LetterState::Queued;
    diesel::update(letters::table.filter(letters::id.eq(letter.id)))
        .set((
            letters::fence.eq(letter.fence),
            letters::dated_at.eq(letter.dated_at),
            letters::state.eq(LetterState::Queued),
            letters::next_at.eq(until),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Keeps a letter in hand for longer; false when another sender took it meanwhile.
pub(super) fn keep(tx: &mut Tx, letter: LetterId, fence: i64, until: Timestamp) -> Result<bool> {
    let kept = diesel::update(letters::table)
        .filter(letters::id.eq(letter))
        .filter(letters::fence.eq(fence))
        .filter(letters::state.eq(LetterState::Queued))
        .set(letters::next_at.eq(until))
        .execute(tx.conn())?;
    Ok(kept == 1)
}

/// Binds letters to the one that carries them.
pub(super) fn bind(tx: &mut Tx, lead: LetterId, members: &[LetterId]) -> Result<()> {
    diesel::update(letters::table.filter(letters::id.eq_any(members.to_vec())))
        .set((letters::digest_of.eq(Some(lead)), letters::state.eq(LetterState::Queued)))
        .execute(tx.conn())?;
    Ok(())
}

/// What became of a letter.
pub(super) struct Outcome {
    /// New state.
    pub state: LetterState,
    /// Why.
    pub reason: Option<String>,
    /// When it is looked at next.
    pub next_at: Timestamp,
    /// Attempts that count.
    pub attempts: i32,
    /// Unknown whether it arrived.
    pub uncertain: bool,
}

/// Writes the outcome of an attempt, for the letter and those it carries; false when another sender took it meanwhile.
pub(super) fn finish(tx: &mut Tx, letter: &Letter, outcome: &Outcome) -> Result<bool> {
    let sent_at = (outcome.state == LetterState::Sent).then(|| tx.now());
    let done = diesel::update(letters::table)
        .filter(letters::id.eq(letter.id))
        .filter(letters::fence.eq(letter.fence))
        .filter(letters::state.eq(LetterState::Queued))
        .set((
            letters::state.eq(outcome.state),
            letters::reason.eq(outcome.reason.clone()),
            letters::next_at.eq(outcome.next_at),
            letters::attempts.eq(outcome.attempts),
            letters::uncertain.eq(outcome.uncertain),
            letters::sent_at.eq(sent_at),
        ))
        .execute(tx.conn())?;
    if done == 1 {
        diesel::update(letters::table.filter(letters::digest_of.eq(letter.id)))
            .filter(letters::state.eq_any(CARRIED))
            .set((
                letters::state.eq(outcome.state),
                letters::reason.eq(outcome.reason.clone()),
                letters::sent_at.eq(sent_at),
            ))
            .execute(tx.conn())?;
    }
    Ok(done == 1)
}

/// Puts a letter off.
pub(super) fn defer(tx: &mut Tx, letter: LetterId, until: Timestamp) -> Result<()> {
    diesel::update(letters::table.filter(letters::id.eq(letter)))
        .set((letters::state.eq(LetterState::Planned), letters::next_at.eq(until)))
        .execute(tx.conn())?;
    Ok(())
}
