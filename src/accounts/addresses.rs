//! Changes of address: confirmed from the new one, undone from the old one.

use super::caller::{Gate, Visitor};
use super::events::{EmailChangeAsked, NobodyAsked, PasswordForgotten, UserSecured};
use super::guard::Permit;
use super::links::{self, Link, LinkKind};
use super::secrets::Secret;
use super::{sessions, store};
use crate::kernel::access::{Actor, SecureAccount};
use crate::kernel::id::UserId;
use crate::kernel::text::Email;
use crate::kernel::{Error, Result};
use crate::platform::db::Tx;
use crate::platform::journal::{self, Entry};
use crate::platform::outbox;

/// Sends a link to the new address. Whether somebody else has it already is not told.
///
/// # Errors
/// 401 without a fresh proof.
pub(super) fn ask(tx: &mut Tx, permit: &Permit<SecureAccount>, email: &Email) -> Result<()> {
    permit.fresh()?;
    let user_id = permit.user();
    let taken = store::account_at(tx, &email.folded())?.is_some_and(|other| other.id != user_id);
    let link_id = links::issue(tx, LinkKind::Email, Some(user_id), Some(email), user_id)?;
    journal::record(tx, Entry::new(permit, "email.change_asked", "user", user_id));
    match taken {
        false => outbox::enqueue(tx, &EmailChangeAsked { user_id, link_id, new_email: email.clone() }),
        true => outbox::enqueue(tx, &NobodyAsked {}),
    }
}

/// Takes the new address by the link that was sent to it, and sends the old one a link to undo it.
///
/// # Errors
/// 404 for a link that does not work.
pub(super) async fn confirm(gate: &Gate, token: &Secret) -> Result<()> {
    let (master, token, visitor) = (gate.master.clone(), token.expose().to_owned(), gate.visitor(None));
    let write = gate.db.write(move |tx| {
        let link = links::consume(tx, &master, &token, &[LinkKind::Email])?;
        let (user, old) = take(tx, &link, &visitor, "email.changed")?;
        let undo = links::issue(tx, LinkKind::EmailUndo, Some(user), Some(&old), user)?;
        links::void(tx, LinkKind::Reset, Some(user))?;
        tell(tx, user, Some(old), Some(undo))?;
        Ok(user)
    });
    gate.sessions.forget_person(write.await?);
    Ok(())
}

/// Takes the old address back: somebody else changed it, so every session ends, the password stops working and a link
/// for a new one goes to the old address.
///
/// # Errors
/// 404 for a link that does not work.
pub(super) async fn undo(gate: &Gate, token: &Secret) -> Result<()> {
    let (master, token, visitor) = (gate.master.clone(), token.expose().to_owned(), gate.visitor(None));
    let write = gate.db.write(move |tx| {
        let link = links::consume(tx, &master, &token, &[LinkKind::EmailUndo])?;
        let (user_id, _) = take(tx, &link, &visitor, "email.change_undone")?;
        links::void_all(tx, user_id)?;
        sessions::end_all(tx, user_id, None)?;
        store::set_password(tx, user_id, None)?;
        let link_id = links::issue(tx, LinkKind::Reset, Some(user_id), None, user_id)?;
        outbox::enqueue(tx, &PasswordForgotten { user_id, link_id })?;
        Ok(user_id)
    });
    gate.sessions.forget_person(write.await?);
    Ok(())
}

fn take(tx: &mut Tx, link: &Link, visitor: &Visitor, action: &'static str) -> Result<(UserId, Email)> {
    let (Some(user), Some(email)) = (link.user_id, &link.email) else {
        return Err(Error::internal("a link without a person or an address"));
    };
    let old = store::account(tx, user)?.email;
    store::set_email(tx, user, email)?;
    journal::record(tx, Entry::new(&visitor.clone().is(user), action, "user", user));
    Ok((user, old))
}

fn tell(
    tx: &mut Tx,
    user_id: UserId,
    old_email: Option<Email>,
    link_id: Option<crate::kernel::id::LinkId>,
) -> Result<()> {
    outbox::enqueue(tx, &UserSecured { user_id, what: "email", old_email, link_id })
}
