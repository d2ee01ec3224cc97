//! How many letters leave at a time and in a minute, by all processes together; no more than servers bear.

use std::collections::BTreeMap;

use diesel::prelude::*;

use super::model::LetterState;
use super::sender::{HEARTBEAT, LEASE};
use crate::kernel::Result;
use crate::kernel::text::Email;
use crate::kernel::time::Timestamp;
use crate::platform::connection::Claim;
use crate::platform::db::Tx;
use crate::platform::schema::{letter_pace, letters, participants, registrations, users};

/// Letters that are handed to one domain at a time.
const ABREAST: usize = 2;
/// Letters in hand that are looked at.
const IN_HAND: i64 = 1000;

/// The right to claim a letter in this minute; until the transaction ends nobody else has it.
pub(super) struct Turn {
    minute: Timestamp,
    taken: i32,
}

/// Waits for the others who claim letters; none when this minute has had its `rate` of letters (0: as many as come).
pub(super) fn turn(tx: &mut Tx, rate: u32) -> Result<Option<Turn>> {
    let now = tx.now();
    let minute = Timestamp(now.0 - now.0.rem_euclid(60_000_000));
    let (last, count): (Timestamp, i32) = letter_pace::table
        .select((letter_pace::minute, letter_pace::taken))
        .filter(letter_pace::id.eq(1))
        .lock_rows()
        .get_result(tx.conn())?;
    let taken = if last == minute { count } else { 0 };
    let room = rate == 0 || i64::from(taken) < i64::from(rate);
    Ok(room.then_some(Turn { minute, taken }))
}

/// Counts the letter that was claimed.
pub(super) fn took(tx: &mut Tx, turn: &Turn) -> Result<()> {
    diesel::update(letter_pace::table.filter(letter_pace::id.eq(1)))
        .set((letter_pace::minute.eq(turn.minute), letter_pace::taken.eq(turn.taken + 1)))
        .execute(tx.conn())?;
    Ok(())
}

/// Domains to which as many letters are being handed as they get at a time.
pub(super) fn busy_domains(tx: &mut Tx) -> Result<Vec<String>> {
    // A sender that showed no sign of life lately hands nothing over any more, though its hold has not ended.
    let alive = tx.now().plus_seconds(LEASE - 2 * HEARTBEAT as i64);
    let in_hand: Vec<(String, Email)> = letters::table
        .inner_join(users::table.on(users::id.eq(letters::recipient)))
        .select((letters::address, users::email))
        .filter(letters::state.eq(LetterState::Queued))
        .filter(letters::digest_of.is_null())
        .filter(letters::next_at.gt(alive))
        .limit(IN_HAND)
        .load(tx.conn())?;
    let to_places: Vec<(String, Email)> = letters::table
        .inner_join(registrations::table.on(registrations::id.eq(letters::recipient)))
        .inner_join(participants::table.on(participants::id.eq(registrations::participant_id)))
        .select((letters::address, participants::email))
        .filter(letters::state.eq(LetterState::Queued))
        .filter(letters::digest_of.is_null())
        .filter(letters::next_at.gt(alive))
        .limit(IN_HAND)
        .load(tx.conn())?;
    let mut counts = BTreeMap::<String, usize>::new();
    for (own, email) in in_hand.iter().chain(&to_places) {
        let address = if own.is_empty() { email.as_str() } else { own };
        let domain = address.rsplit('@').next().unwrap_or_default().to_lowercase();
        *counts.entry(domain).or_default() += 1;
    }
    Ok(counts.into_iter().filter(|(_, count)| *count >= ABREAST).map(|(domain, _)| domain).collect())
}
