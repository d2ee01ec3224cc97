//! The delivery log: letters within reach of the caller, newest first.

use diesel::prelude::*;

use super::drafts::LetterFilter;
use super::model::{Letter, LetterState};
use super::store::boxed;
use crate::kernel::Result;
use crate::kernel::access::Scope;
use crate::kernel::id::{LetterId, UserId};
use crate::kernel::page::{Page, PageRequest, Position};
use crate::platform::db::Tx;
use crate::platform::schema::letters;
use crate::programs::{singly_within, within};

fn page_of(rows: Vec<Letter>, page: &PageRequest) -> Page<Letter> {
    Page::of(rows, page, |letter| Position { key: String::new(), id: letter.id.0 })
}

/// A page of the log. A caller who does not reach everything sees letters about programs within reach.
pub(super) fn list(
    tx: &mut Tx,
    scope: &Scope,
    by: &LetterFilter,
    page: &PageRequest,
) -> Result<Page<Letter>> {
    let mut query = boxed().select(Letter::as_select()).order(letters::id.desc()).limit(page.fetch());
    if let Scope::Only(_) = scope {
        query = query.filter(within(letters::program_id.assume_not_null(), scope));
    }
    if let Some(state) = by.state {
        query = query.filter(letters::state.eq(state));
    }
    if let Some(rule) = by.rule {
        query = query.filter(letters::rule.eq(rule));
    }
    if let Some(recipient) = by.recipient {
        query = query.filter(letters::recipient.eq(recipient));
    }
    if let Some(program) = by.program_id {
        query = query.filter(letters::program_id.eq(program));
    }
    if let Some(object) = by.object_id {
        query = query.filter(letters::object_id.eq(object));
    }
    if let Some(after) = page.after_id::<LetterId>() {
        query = query.filter(letters::id.lt(after));
    }
    Ok(page_of(query.load(tx.conn())?, page))
}

/// A letter within reach. How long a no takes does not tell how much is within reach.
pub(super) fn find(tx: &mut Tx, scope: &Scope, id: LetterId) -> Result<Option<Letter>> {
    let mut query = boxed().select(Letter::as_select()).filter(letters::id.eq(id)).limit(1);
    if let Scope::Only(_) = scope {
        query = query.filter(singly_within(letters::program_id.assume_not_null(), scope));
    }
    Ok(query.load(tx.conn())?.pop())
}

/// A person's own letters.
pub(super) fn own(
    tx: &mut Tx,
    person: UserId,
    state: Option<LetterState>,
    page: &PageRequest,
) -> Result<Page<Letter>> {
    let mut query = boxed()
        .select(Letter::as_select())
        .filter(letters::recipient.eq(person))
        .order(letters::id.desc())
        .limit(page.fetch());
    if let Some(state) = state {
        query = query.filter(letters::state.eq(state));
    }
    if let Some(after) = page.after_id::<LetterId>() {
        query = query.filter(letters::id.lt(after));
    }
    Ok(page_of(query.load(tx.conn())?, page))
}
