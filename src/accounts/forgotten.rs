//! Passwords replaced: by a letter for who forgot it, and by its owner.

use std::time::Duration;

use super::caller::Gate;
use super::events::{self, NobodyAsked, PasswordForgotten};
use super::guard::Permit;
use super::links::{self, LinkKind};
use super::login;
use super::policy;
use super::secrets::{Password, Secret};
use super::throttle;
use super::{sessions, store};
use crate::kernel::Result;
use crate::kernel::access::{Actor, SecureAccount};
use crate::kernel::id::UserId;
use crate::kernel::text::Email;
use crate::platform::db::Tx;
use crate::platform::http::Reply;
use crate::platform::http::idempotency::{Answer, Once};
use crate::platform::journal::{self, Entry};
use crate::platform::outbox;

/// How long an answer to a stranger takes: many times the work behind it, so that its time does not tell what was done.
const ANSWERED_AFTER: Duration = Duration::from_millis(100);

/// Sends a letter with a link when the address has an account; the caller can't tell whether it has.
///
/// # Errors
/// When the database refuses.
pub(super) async fn forgot(gate: &Gate, email: &Email) -> Result<()> {
    let (asked, ()) = tokio::join!(ask(gate, email), tokio::time::sleep(ANSWERED_AFTER));
    asked
}

async fn ask(gate: &Gate, email: &Email) -> Result<()> {
    let folded = email.folded();
    if !throttle::may_write(&gate.limits, &folded, &gate.caller.source, gate.now()) {
        return Ok(());
    }
    let visitor = gate.visitor(None);
    gate.db
        .write(move |tx| {
            let today = store::today(tx);
            let account = store::account_at(tx, &folded)?.filter(|account| account.is_open(today));
            let user = account.map(|account| account.id);
            let nobody = UserId(uuid::Uuid::nil());
            // The same statements for nobody: a link that no letter carries.
            let link_id = links::issue(tx, LinkKind::Reset, user, None, nobody)?;
            journal::record(tx, Entry::new(&visitor, "password.forgotten", "user", user.unwrap_or(nobody)));
            match user {
                Some(user_id) => outbox::enqueue(tx, &PasswordForgotten { user_id, link_id }),
                None => outbox::enqueue(tx, &NobodyAsked {}),
            }
        })
        .await
}

/// Sets a new password by a link: every session ends, the second factor stays, nobody is logged in.
///
/// # Errors
/// 404 for a link that does not work; 422 for a password that is not good enough, and the link still works.
pub(super) async fn reset(gate: &Gate, token: &Secret, password: &Password) -> Result<()> {
    let (master, text) = (gate.master.clone(), token.expose().to_owned());
    let account = gate.db.read(move |tx| {
        let link = links::look(tx, &master, &text, &[LinkKind::Reset])?;
        store::account(tx, link.user_id.unwrap_or(UserId(uuid::Uuid::nil())))
    });
    let account = account.await?;
    policy::check(password, &[account.name.as_str(), account.email.as_str()], "/password")?;
    let hash = gate.passwords.hash(password.expose().to_owned()).await?;
    let (master, text, user) = (gate.master.clone(), token.expose().to_owned(), account.id);
    let visitor = gate.visitor(Some(user));
    let write = gate.db.write(move |tx| {
        links::consume(tx, &master, &text, &[LinkKind::Reset])?;
        replace(tx, user, &hash)?;
        sessions::end_all(tx, user, None)?;
        journal::record(tx, Entry::new(&visitor, "password.reset", "user", user));
        Ok(())
    });
    write.await?;
    throttle::lift(&gate.limits, &account.email.folded());
    gate.sessions.forget_person(user);
    Ok(())
}

/// Changes the caller's password: other sessions end.
///
/// # Errors
/// 401 when the old one is wrong; 422 when the new one is not good enough.
pub(super) async fn change(
    gate: &Gate,
    once: Once,
    permit: Permit<SecureAccount>,
    old: &Password,
    new: &Password,
) -> Result<Answer> {
    // The old password of a retry is not the one in force any more.
    if let Some(answer) = once.remembered(&permit).await? {
        return Ok(answer);
    }
    let user = permit.user();
    let account = login::verify_own(gate, user, old).await?;
    policy::check(new, &[account.name.as_str(), account.email.as_str()], "/new_password")?;
    let hash = gate.passwords.hash(new.expose().to_owned()).await?;
    let write = once.run(permit, move |tx, permit| {
        replace(tx, user, &hash)?;
        sessions::end_all(tx, user, permit.session())?;
        journal::record(tx, Entry::new(permit, "password.changed", "user", user));
        Ok(Reply::nothing())
    });
    let answer = write.await?;
    gate.sessions.forget_person(user);
    Ok(answer)
}

fn replace(tx: &mut Tx, user: UserId, hash: &str) -> Result<()> {
    store::set_password(tx, user, Some(hash))?;
    links::void_all(tx, user)?;
    events::secured(tx, user, "password")
}
