//! Opening, reading and revoking calendar feeds.

use super::ics;
use super::model::{Feed, FeedDraft, Shows};
use super::store;
use crate::accounts::Permit;
use crate::kernel::access::{Actor, Permission, UseAccount, ViewMilestones, ViewTraining};
use crate::kernel::flag::Flag;
use crate::kernel::id::FeedId;
use crate::kernel::list::Many;
use crate::kernel::time::{Day, Zone};
use crate::kernel::{Error, Result};
use crate::partners::countries;
use crate::platform::db::Tx;
use crate::platform::journal::{self, Entry};
use crate::programs;
use crate::programs::milestones::{self, MilestoneFilter};
use crate::training::sessions::{SessionFilter, told};

/// Days before today that a calendar still shows.
const PAST: i64 = 400;

/// Opens a feed for the caller, of everything that they see, or of that of one program or country alone.
///
/// # Errors
/// 422 for a program that the caller does not see, and for what is no country.
pub(super) fn open(tx: &mut Tx, permit: &Permit<UseAccount>, draft: &FeedDraft) -> Result<Feed> {
    if let Some(program) = draft.program_id
        && programs::find(tx, &permit.scope_of(Permission::ViewPrograms), program)?.is_none()
    {
        return Err(Error::invalid("/program_id", "unknown_program", "Name a program that you see."));
    }
    if let Some(country) = draft.country
        && countries::find(tx, country)?.is_none()
    {
        return Err(Error::invalid("/country", "unknown_country", "Use a code of GET /api/v1/countries."));
    }
    let feed = Feed {
        id: tx.new_id(),
        user_id: permit.user(),
        name: draft.name.clone(),
        shows: draft.shows.unwrap_or(Shows::All),
        created_at: tx.now(),
        revoked_at: None,
        program_id: draft.program_id,
        country: draft.country,
    };
    store::insert(tx, &feed)?;
    journal::record(tx, Entry::new(permit, "feed.opened", "feed", feed.id));
    Ok(feed)
}

/// Revokes the caller's feed: its address is dead from now on.
///
/// # Errors
/// 404 when it is not the caller's, or was revoked before.
pub(super) fn revoke(tx: &mut Tx, permit: &Permit<UseAccount>, id: FeedId) -> Result<()> {
    if !store::revoke(tx, permit.user(), id)? {
        return Err(Error::not_found());
    }
    journal::record(tx, Entry::new(permit, "feed.revoked", "feed", id));
    Ok(())
}

/// The calendar behind a feed: what its owner may see at this moment.
///
/// # Errors
/// 404 when the feed was revoked or its owner may no longer log in.
pub(super) fn read(tx: &mut Tx, id: FeedId, base_url: &str) -> Result<String> {
    let feed = store::find(tx, id)?.ok_or_else(Error::not_found)?;
    let via = format!("feed {id}");
    let permit =
        Permit::<ViewMilestones>::on_behalf(tx, feed.user_id, via.clone())?.ok_or_else(Error::not_found)?;
    let from = Day(tx.now().date_in(Zone::UTC)).plus(-PAST);
    let mine = (feed.shows == Shows::Mine).then_some(Flag::Yes);
    let (program, country) = (Many::of(feed.program_id), Many::of(feed.country));
    let by = MilestoneFilter {
        mine,
        due_after: Some(from),
        program: program.clone(),
        country: country.clone(),
        ..Default::default()
    };
    let dated = milestones::dated(tx, &permit, &by)?;
    let held = match Permit::<ViewTraining>::on_behalf(tx, feed.user_id, via)? {
        Some(permit) => {
            let by = SessionFilter { mine, from: Some(from), program, country, ..SessionFilter::default() };
            told::dated(tx, &permit, &by)?
        }
        None => Vec::new(),
    };
    let lang = permit.standing().map(|standing| standing.language).unwrap_or(crate::kernel::lang::Lang::En);
    Ok(ics::calendar(&feed, &dated, &held, lang, base_url))
}
