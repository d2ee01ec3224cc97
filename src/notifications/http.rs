//! Letters over HTTP: the delivery log, what is foreseen, the rules, and everyone's own preferences.

use actix_web::web::Data;
use actix_web::{HttpRequest, get, patch, post};
use serde::Serialize;
use utoipa::ToSchema;

use super::drafts::{LetterFilter, OwnFilter, PreferencePatch, PreviewFilter, RulePatch};
use super::foresight::Foreseen;
use super::model::{LetterRecord, Preference, RecipientKind, RuleRecord};
use super::rules::Audience;
use super::{Desk, actions, log};
use crate::accounts::Permit;
use crate::kernel::access::{
    Actor, EditLetterRules, EditProgramLetterRules, ResendLetters, UseAccount, ViewLetterRules, ViewLetters,
};
use crate::kernel::id::{LetterId, ObjectId, ProgramId};
use crate::kernel::page::{Items, Whole};
use crate::kernel::text::Name;
use crate::kernel::time::Timestamp;
use crate::kernel::{Error, Result};
use crate::platform::db::Db;
use crate::platform::http::Routing;
use crate::platform::http::idempotency::{Answer, Once};
use crate::platform::http::{Filter, Json, Key, Reply, Shown, etag};
use crate::programs;

/// A letter that would go out, as things are now.
#[derive(Debug, Serialize, ToSchema)]
pub struct ForeseenLetter {
    /// Who: an account, or the registration of a person without one.
    pub recipient: ObjectId,
    /// Which of the two.
    pub recipient_kind: RecipientKind,
    /// Their name; of a person without an account it stands with the registration, for those who may see it.
    pub name: Option<Name>,
    /// As whom.
    pub audience: Audience,
    /// Days before (-) or after (+) the date.
    pub offset_days: i32,
    /// When: the recipient's morning on a working day.
    pub planned_for: Timestamp,
}

impl From<Foreseen> for ForeseenLetter {
    fn from(Foreseen { to, letter }: Foreseen) -> Self {
        ForeseenLetter {
            recipient: to.id,
            recipient_kind: to.kind,
            name: (to.kind == RecipientKind::User).then_some(to.name),
            audience: letter.audience,
            offset_days: letter.offset_days,
            planned_for: letter.planned_for,
        }
    }
}

/// List letters: what was sent, what waits, what failed. What they said is not kept.
#[utoipa::path(tag = "letters", params(LetterFilter), responses((status = 200, body = Items<LetterRecord>)))]
#[get("/letters")]
pub async fn list(
    db: Data<Db>,
    permit: Permit<ViewLetters>,
    filter: Filter<LetterFilter>,
) -> Result<Shown<LetterRecord>> {
    let (Filter { by, page, bound }, scope) = (filter, permit.scope());
    let rows = db.read(move |tx| log::list(tx, &scope, &by, &page)).await?;
    Ok(Shown::new(rows.map(LetterRecord::from), bound))
}

/// Foresee the letters of a rule about an object: who would get one, and when. Of the people of a session the first 500.
#[utoipa::path(tag = "letters", params(PreviewFilter), responses((status = 200, body = Whole<ForeseenLetter>)))]
#[get("/letters/preview")]
pub async fn preview(
    db: Data<Db>,
    desk: Data<Desk>,
    permit: Permit<ViewLetters>,
    filter: Filter<PreviewFilter>,
) -> Result<Reply<Whole<ForeseenLetter>>> {
    let (by, scope) = (filter.by, permit.scope());
    let hour = desk.mailer.settings().morning;
    let found = db.read(move |tx| actions::preview(tx, &scope, by.rule, by.object_id, hour)).await?;
    Ok(Reply::ok(Whole { items: found.into_iter().map(ForeseenLetter::from).collect() }))
}

/// Show a letter of the log.
#[utoipa::path(tag = "letters", params(("id" = LetterId, Path)), responses((status = 200, body = LetterRecord)))]
#[get("/letters/{id}")]
pub async fn show(
    db: Data<Db>,
    permit: Permit<ViewLetters>,
    id: Key<LetterId>,
) -> Result<Reply<LetterRecord>> {
    let scope = permit.scope();
    let letter = db.read(move |tx| log::find(tx, &scope, id.0)?.ok_or_else(Error::not_found)).await?;
    Ok(Reply::ok(letter.into()))
}

/// Send a letter again that was given up or refused.
#[utoipa::path(tag = "letters", params(("id" = LetterId, Path)), responses((status = 202, body = LetterRecord)))]
#[post("/letters/{id}/resend")]
pub async fn resend(permit: Permit<ResendLetters>, once: Once, id: Key<LetterId>) -> Result<Answer> {
    once.run(permit, move |tx, permit| {
        Ok(Reply::accepted(LetterRecord::from(actions::resend(tx, permit, id.0)?)))
    })
    .await
}

/// List the rules by which letters go out, as they are in force for the whole house.
#[utoipa::path(tag = "letters", responses((status = 200, body = Whole<RuleRecord>)))]
#[get("/notification-rules")]
pub async fn rules(db: Data<Db>, _permit: Permit<ViewLetterRules>) -> Result<Reply<Whole<RuleRecord>>> {
    let (version, items) = db.read(|tx| actions::rules(tx, None)).await?;
    Ok(Reply::record(version, Whole { items }))
}

/// Switch a rule on or off, or set its days, for the whole house.
#[utoipa::path(tag = "letters", request_body = RulePatch, responses((status = 200, body = Whole<RuleRecord>)))]
#[patch("/notification-rules")]
pub async fn set_rule(
    db: Data<Db>,
    permit: Permit<EditLetterRules>,
    request: HttpRequest,
    changes: Json<RulePatch>,
) -> Result<Reply<Whole<RuleRecord>>> {
    let read = etag::if_match(&request)?;
    let set = db.write(move |tx| actions::set_rule(tx, &permit, None, read, changes.0.clone()));
    let (version, items) = set.await?;
    Ok(Reply::record(version, Whole { items }))
}

/// List the rules as they are in force for a program.
#[utoipa::path(tag = "letters", params(("id" = ProgramId, Path)),
    responses((status = 200, body = Whole<RuleRecord>)))]
#[get("/programs/{id}/notification-rules")]
pub async fn program_rules(
    db: Data<Db>,
    permit: Permit<ViewLetterRules>,
    id: Key<ProgramId>,
) -> Result<Reply<Whole<RuleRecord>>> {
    let scope = permit.scope();
    let read = db.read(move |tx| {
        programs::find(tx, &scope, id.0)?.ok_or_else(Error::not_found)?;
        actions::rules(tx, Some(id.0))
    });
    let (version, items) = read.await?;
    Ok(Reply::record(version, Whole { items }))
}

/// Switch a rule on or off, or set its days, for one program.
#[utoipa::path(tag = "letters", params(("id" = ProgramId, Path)), request_body = RulePatch,
    responses((status = 200, body = Whole<RuleRecord>)))]
#[patch("/programs/{id}/notification-rules")]
pub async fn set_program_rule(
    db: Data<Db>,
    permit: Permit<EditProgramLetterRules>,
    request: HttpRequest,
    id: Key<ProgramId>,
    changes: Json<RulePatch>,
) -> Result<Reply<Whole<RuleRecord>>> {
    let read = etag::if_match(&request)?;
    let set = db.write(move |tx| {
        permit.get(tx, |tx, scope| programs::find(tx, scope, id.0))?;
        actions::set_rule(tx, &permit, Some(id.0), read, changes.0.clone())
    });
    let (version, items) = set.await?;
    Ok(Reply::record(version, Whole { items }))
}

/// Tell how often I want which letters.
#[utoipa::path(tag = "me", responses((status = 200, body = Whole<Preference>)))]
#[get("/me/notification-preferences")]
pub async fn preferences(db: Data<Db>, permit: Permit<UseAccount>) -> Result<Reply<Whole<Preference>>> {
    let items = db.read(move |tx| actions::preferences(tx, permit.user())).await?;
    Ok(Reply::ok(Whole { items }))
}

/// Say how often I want the letters of one category, or pause them.
#[utoipa::path(tag = "me", request_body = PreferencePatch, responses((status = 200, body = Whole<Preference>)))]
#[patch("/me/notification-preferences")]
pub async fn prefer(
    db: Data<Db>,
    permit: Permit<UseAccount>,
    changes: Json<PreferencePatch>,
) -> Result<Reply<Whole<Preference>>> {
    let items = db.write(move |tx| actions::prefer(tx, &permit, changes.0.clone())).await?;
    Ok(Reply::ok(Whole { items }))
}

/// List my own letters: what waits for me, and what was sent.
#[utoipa::path(tag = "me", params(OwnFilter), responses((status = 200, body = Items<LetterRecord>)))]
#[get("/me/notifications")]
pub async fn own(
    db: Data<Db>,
    permit: Permit<UseAccount>,
    filter: Filter<OwnFilter>,
) -> Result<Shown<LetterRecord>> {
    let (Filter { by, page, bound }, person) = (filter, permit.user());
    let rows = db.read(move |tx| log::own(tx, person, by.state, &page)).await?;
    Ok(Shown::new(rows.map(LetterRecord::from), bound))
}

/// Registers the handlers.
pub(crate) fn routes(config: &mut Routing<'_, '_>) {
    config
        .service(list)
        .service(preview)
        .service(show)
        .service(resend)
        .service(rules)
        .service(set_rule)
        .service(program_rules)
        .service(set_program_rule)
        .service(preferences)
        .service(prefer)
        .service(own);
}
