//! Claim, judge, write, hand over, note the outcome: one letter at a time, by as many senders as are set.

use std::time::Duration;

use super::compose::{self, Sheet};
use super::judge::{Verdict, judge};
use super::model::{Letter, LetterState, RecipientKind};
use super::people::Recipient;
use super::{Desk, Report, pace, planner, queue, store};
use crate::accounts::{self, LinkKind};
use crate::kernel::Result;
use crate::kernel::access::System;
use crate::kernel::id::UserId;
use crate::platform::db::Tx;
use crate::platform::journal::{self, Entry};
use crate::platform::keys::sha256;
use crate::platform::mail::{Outcome, Sender};

/// Seconds for which a letter stays in a sender's hands without a sign of life.
pub(super) const LEASE: i64 = 120;
/// Seconds between signs of life.
pub(super) const HEARTBEAT: u64 = 30;
/// Letters judged in one transaction before one is found to send.
const GLANCES: usize = 50;
/// Seconds before each further attempt; after the last the letter is dead.
const LADDER: [i64; 5] = [60, 600, 3_600, 21_600, 86_400];

/// A letter in hand.
struct Claimed {
    letter: Letter,
    to: Recipient,
    sheets: Vec<Sheet>,
}

/// What a look at the table gave.
enum Look {
    /// Nothing is due, or nothing that may leave now.
    Nothing,
    /// Only letters that were put off or void; look again.
    Again(usize),
    Found(Box<Claimed>, usize),
}

/// Sends until nothing is due, or the channel rests.
pub(super) async fn send_all(desk: &Desk, mut sender: Sender) -> Result<Report> {
    let mut report = Report::default();
    while !desk.mailer.rests(desk.db.clock().now()) {
        if !desk.db.read(queue::anything_due).await? {
            break;
        }
        let hour = desk.mailer.settings().morning;
        let rate = desk.mailer.settings().letters_per_minute;
        match desk.db.write(move |tx| look(tx, hour, rate)).await? {
            Look::Nothing => break,
            Look::Again(cancelled) => report.cancelled += cancelled,
            Look::Found(claimed, cancelled) => {
                report.cancelled += cancelled;
                send_one(desk, &mut sender, *claimed, &mut report).await?;
            }
        }
    }
    sender.close().await;
    Ok(report)
}

fn look(tx: &mut Tx, hour: u32, rate: u32) -> Result<Look> {
    let mut cancelled = 0;
    let Some(turn) = pace::turn(tx, rate)? else { return Ok(Look::Nothing) };
    let busy = pace::busy_domains(tx)?;
    for _ in 0..GLANCES {
        let Some(mut letter) = queue::next_due(tx, &busy)? else {
            return Ok(if cancelled == 0 { Look::Nothing } else { Look::Again(cancelled) });
        };
        match judge(tx, &letter, hour)? {
            Verdict::Cancel(reason) => {
                store::cancel(tx, letter.id, reason)?;
                cancelled += 1;
            }
            Verdict::Defer(until) => queue::defer(tx, letter.id, until)?,
            Verdict::Send(sheet, to, others) => {
                let until = tx.now().plus_seconds(LEASE);
                queue::hold(tx, &mut letter, until)?;
                pace::took(tx, &turn)?;
                let mut first = Sheet { letter: letter.clone(), matter: sheet.matter };
                renew(tx, &mut first)?;
                let sheets = std::iter::once(first).chain(others).collect();
                return Ok(Look::Found(Box::new(Claimed { letter, to, sheets }), cancelled));
            }
        }
    }
    Ok(Look::Again(cancelled))
}

/// An invitation leads in whenever its letter goes out; the link of the first letter has ended when the second comes.
fn renew(tx: &mut Tx, sheet: &mut Sheet) -> Result<()> {
    if let Some((LinkKind::Invitation, link)) = &mut sheet.matter.link {
        *link = accounts::waiting_link(tx, &System("sender"), UserId(sheet.letter.recipient.0))?;
    }
    Ok(())
}

async fn send_one(desk: &Desk, sender: &mut Sender, claimed: Claimed, report: &mut Report) -> Result<()> {
    let Claimed { letter, to, sheets } = claimed;
    let attempt = async {
        let message = compose::compose(&desk.place, &to, &sheets)?;
        sender.send(&message).await
    };
    let outcome = tokio::select! {
        outcome = attempt => outcome,
        () = keep_alive(desk, &letter) => return Ok(()),
    };
    let outcome = outcome.unwrap_or_else(|error| {
        tracing::error!(%error, letter = %letter.id, rule = %letter.rule, "a letter can't be written");
        Outcome::Unwritten("the letter can't be written; see the log".into())
    });
    if let Outcome::Channel(words) = &outcome {
        tracing::error!(%words, "the mail server refuses us, not a recipient; sending rests");
        desk.mailer.rest(desk.db.clock().now());
        report.channel_faults += 1;
    }
    let noted = desk
        .db
        .write(move |tx| {
            let after = discreet(&to, after(tx, &letter, &outcome));
            if !queue::finish(tx, &letter, &after)? {
                return Ok(None);
            }
            consequences(tx, &letter, &to, &outcome, &after)?;
            Ok(Some(after.state))
        })
        .await?;
    match noted {
        Some(LetterState::Sent) => report.sent += 1,
        Some(LetterState::Bounced) => report.bounced += 1,
        Some(LetterState::Dead) => report.dead += 1,
        Some(_) => report.retried += 1,
        None => {}
    }
    Ok(())
}

/// Shows signs of life while the server thinks; returns only when the letter is no longer ours.
async fn keep_alive(desk: &Desk, letter: &Letter) {
    let (id, fence) = (letter.id, letter.fence);
    loop {
        tokio::time::sleep(Duration::from_secs(HEARTBEAT)).await;
        let kept = desk.db.write(move |tx| {
            let until = tx.now().plus_seconds(LEASE);
            queue::keep(tx, id, fence, until)
        });
        if matches!(kept.await, Ok(false)) {
            return;
        }
    }
}

fn after(tx: &mut Tx, letter: &Letter, outcome: &Outcome) -> queue::Outcome {
    let now = tx.now();
    let ended = |state, reason: &str| queue::Outcome {
        state,
        reason: Some(reason.to_owned()),
        next_at: now,
        attempts: letter.attempts + 1,
        uncertain: letter.uncertain,
    };
    let again = |seconds: i64, reason: &str| queue::Outcome {
        next_at: now.plus_seconds(seconds),
        ..ended(LetterState::Failed, reason)
    };
    match outcome {
        Outcome::Sent => queue::Outcome { reason: None, ..ended(LetterState::Sent, "") },
        Outcome::Bounced(_, words) | Outcome::Unwritten(words) => ended(LetterState::Bounced, words),
        Outcome::Channel(words) => queue::Outcome { attempts: letter.attempts, ..again(60, words) },
        Outcome::Uncertain(words) if letter.uncertain => {
            ended(LetterState::Dead, &format!("twice unknown whether it arrived: {words}"))
        }
        Outcome::Uncertain(words) => queue::Outcome { uncertain: true, ..again(LADDER[0], words) },
        Outcome::Retry(words) | Outcome::Later(words) => match LADDER.get(letter.attempts.max(0) as usize) {
            Some(seconds) => again(jittered(*seconds, letter), words),
            None => ended(LetterState::Dead, words),
        },
    }
}

/// The words of a mail server often hold the address, which of a person without an account is not for all who read the log.
fn discreet(to: &Recipient, outcome: queue::Outcome) -> queue::Outcome {
    let hidden = |words: String| match to.kind {
        RecipientKind::User => words,
        RecipientKind::Registration => without(&words, &to.email.folded()),
    };
    queue::Outcome { reason: outcome.reason.map(hidden), ..outcome }
}

/// A text without an address, however its letters are written.
fn without(words: &str, address: &str) -> String {
    let (mut left, mut kept) = (words, String::new());
    let lower = words.to_ascii_lowercase();
    while let Some(at) = lower[lower.len() - left.len()..].find(address) {
        let Some((before, after)) = left.split_at_checked(at) else { break };
        kept.push_str(before);
        kept.push('…');
        left = after.get(address.len()..).unwrap_or_default();
    }
    kept + left
}

/// Half to one and a half of the wait, by chance that is the same for the same letter and attempt.
fn jittered(seconds: i64, letter: &Letter) -> i64 {
    let hash = sha256(format!("{} {}", letter.id, letter.attempts).as_bytes());
    seconds * (500 + i64::from(u16::from_be_bytes([hash[0], hash[1]])) * 1000 / 65_536) / 1000
}

fn consequences(
    tx: &mut Tx,
    letter: &Letter,
    to: &Recipient,
    outcome: &Outcome,
    after: &queue::Outcome,
) -> Result<()> {
    let address = to.address_of(letter);
    let bounces = match outcome {
        Outcome::Sent => accounts::takes_letters(tx, &address).map(|_| false)?,
        Outcome::Bounced(for_good, words) => accounts::refused(tx, &address, *for_good, words)?,
        Outcome::Later(words) if after.state == LetterState::Dead => {
            accounts::refused(tx, &address, false, words)?
        }
        _ => false,
    };
    if bounces {
        let entry = match to.place {
            None => Entry::new(&System("sender"), "address.bouncing", "user", to.id),
            Some(place) => Entry::new(&System("sender"), "address.bouncing", "participant", to.person)
                .country(place.country),
        };
        journal::record(tx, entry);
    }
    if matches!(after.state, LetterState::Dead | LetterState::Bounced) {
        journal::record(
            tx,
            Entry::new(&System("sender"), "letter.undelivered", "letter", letter.id).refused(),
        );
        if letter.rule != super::rules::RuleCode::E2 {
            planner::tell_operators(tx)?;
        }
    }
    Ok(())
}
