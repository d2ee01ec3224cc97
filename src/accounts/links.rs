//! Single-use links: invitations, new passwords, changes of address. What a link says is derived from its id, so the
//! table holds nothing that opens a door.

use diesel::prelude::*;

use crate::codes_enum;
use crate::kernel::error::Code;
use crate::kernel::id::{LinkId, UserId};
use crate::kernel::text::Email;
use crate::kernel::time::Timestamp;
use crate::kernel::{Error, Result};
use crate::platform::db::Tx;
use crate::platform::keys::{Master, link_of};
use crate::platform::schema::links;

codes_enum! {
    /// What a link is for.
    pub LinkKind {
        /// The first administrator, who has no account yet.
        First "first_administrator",
        /// An invited person.
        Invitation "invitation",
        /// A new password.
        Reset "password_reset",
        /// A new address, sent to it.
        Email "email_change",
        /// Back to the old address, sent to that.
        EmailUndo "email_undo",
    }
}

impl LinkKind {
    /// Seconds for which it works.
    fn life(self) -> i64 {
        match self {
            LinkKind::Reset => 30 * 60,
            LinkKind::First => 24 * 3600,
            LinkKind::Invitation | LinkKind::Email | LinkKind::EmailUndo => 72 * 3600,
        }
    }

    /// Below the base URL; the secret stands behind `#`, where no server and no log sees it.
    pub fn page(self) -> &'static str {
        match self {
            LinkKind::First | LinkKind::Invitation => "/links/invitation",
            LinkKind::Reset => "/links/password",
            LinkKind::Email => "/links/email",
            LinkKind::EmailUndo => "/links/email-undo",
        }
    }
}

/// A link that can still be used.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = links)]
pub(super) struct Link {
    pub(super) id: LinkId,
    pub(super) user_id: Option<UserId>,
    pub(super) email: Option<Email>,
    pub(super) expires_at: Timestamp,
}

/// The whole link as it stands in a letter.
pub fn url(master: &Master, base_url: &str, kind: LinkKind, link: LinkId) -> String {
    format!("{base_url}{}#{}", kind.page(), crate::platform::keys::link_token(master, link))
}

/// Makes a link; the person's older ones of the kind stop working.
pub(super) fn issue(
    tx: &mut Tx,
    kind: LinkKind,
    user: Option<UserId>,
    email: Option<&Email>,
    by: UserId,
) -> Result<LinkId> {
    let (id, now) = (tx.new_id::<LinkId>(), tx.now());
    void(tx, kind, user)?;
    diesel::insert_into(links::table)
        .values((
            (links::id.eq(id), links::kind.eq(kind), links::user_id.eq(user), links::email.eq(email)),
            (links::created_at.eq(now), links::created_by.eq(by)),
            links::expires_at.eq(now.plus_seconds(kind.life())),
        ))
        .execute(tx.conn())?;
    Ok(id)
}

/// A person's link of a kind that still works after an instant.
pub(super) fn open(tx: &mut Tx, kind: LinkKind, user: UserId, after: Timestamp) -> Result<Option<LinkId>> {
    let found = links::table
        .select(links::id)
        .filter(links::user_id.eq(user))
        .filter(links::kind.eq(kind))
        .filter(links::used_at.is_null())
        .filter(links::expires_at.gt(after))
        .order(links::id.desc())
        .first(tx.conn())
        .optional()?;
    Ok(found)
}

/// Ends a person's links of a kind; nobody has none, and costs the same statement.
pub(super) fn void(tx: &mut Tx, kind: LinkKind, user: Option<UserId>) -> Result<()> {
    let now = tx.now();
    let open = links::table.filter(links::kind.eq(kind)).filter(links::used_at.is_null());
    match kind {
        // The first administrator has no account yet.
        LinkKind::First => diesel::update(open.filter(links::user_id.is_null()))
            .set(links::used_at.eq(now))
            .execute(tx.conn())?,
        _ => diesel::update(open.filter(links::user_id.eq(user)))
            .set(links::used_at.eq(now))
            .execute(tx.conn())?,
    };
    Ok(())
}

/// Ends every link that could change a person's password or address.
pub(super) fn void_all(tx: &mut Tx, user: UserId) -> Result<()> {
    for kind in [LinkKind::Invitation, LinkKind::Reset, LinkKind::Email] {
        void(tx, kind, Some(user))?;
    }
    Ok(())
}

/// The link of a token, without using it.
///
/// # Errors
/// 404, the same for a token that is not ours, of another kind, used or too old.
pub(super) fn look(tx: &mut Tx, master: &Master, token: &str, kinds: &[LinkKind]) -> Result<Link> {
    let now = tx.now();
    let id = link_of(master, token).ok_or_else(gone)?;
    let query = links::table
        .select(Link::as_select())
        .filter(links::id.eq(id))
        .filter(links::kind.eq_any(kinds.to_vec()))
        .filter(links::used_at.is_null())
        .filter(links::expires_at.gt(now));
    query.first(tx.conn()).optional()?.ok_or_else(gone)
}

/// Uses a link up: of many who try at once, one succeeds.
///
/// # Errors
/// As [`look`].
pub(super) fn consume(tx: &mut Tx, master: &Master, token: &str, kinds: &[LinkKind]) -> Result<Link> {
    let link = look(tx, master, token, kinds)?;
    let now = tx.now();
    let used = diesel::update(links::table.filter(links::id.eq(link.id)))
        .filter(links::used_at.is_null())
        .set(links::used_at.eq(now))
        .execute(tx.conn())?;
    if used == 1 { Ok(link) } else { Err(gone()) }
}

fn gone() -> Error {
    Error::new(
        Code::NotFound,
        "This link was used, replaced by a newer one, or has ended; ask for a new one.",
    )
}
