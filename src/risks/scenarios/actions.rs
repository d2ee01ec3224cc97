//! What people do with scenarios: enter, change, move through their states, take away.

use super::super::codes::{RatingKind, RiskStatus};
use super::super::events::{RiskAssigned, RiskTriggered};
use super::super::grid::NOT_RATED;
use super::super::registers::{self, Register, locked, next_number, wrote};
use super::super::{acceptances, treatment};
use super::checks::{check, tag};
use super::filter::{RiskDraft, RiskPatch, RiskStep};
use super::model::{AiTags, Risk};
use super::ratings;
use super::steps::{Said, Standing};
use super::store;
use crate::accounts::Permit;
use crate::ai_systems::{Rights, Ties};
use crate::disclosure::{self, Holding, Part, Relation};
use crate::kernel::access::{Action, Actor, EditRisks, MoveRisks};
use crate::kernel::error::Code;
use crate::kernel::id::{RiskId, RiskRegisterId, UserId};
use crate::kernel::lang::Titles;
use crate::kernel::stored::Stored;
use crate::kernel::{Error, Result, search};
use crate::platform::db::Tx;
use crate::platform::http::etag;
use crate::platform::journal::{self, Entry};
use crate::platform::outbox;

/// A scenario with its register and what the caller is to it.
pub struct Scene {
    /// The scenario.
    pub risk: Risk,
    /// Its register.
    pub register: Register,
    /// The register's holding.
    pub holding: Holding,
    /// What the caller is to it.
    pub relation: Relation,
}

impl Scene {
    /// What the caller may do with it.
    pub fn rights(&self) -> Rights {
        Rights::of(&self.relation)
    }

    /// To whom it belongs.
    pub fn ties(&self) -> Ties {
        Ties {
            country: self.register.country,
            organization_id: self.register.organization_id,
            program_id: self.register.program_id,
        }
    }
}

/// The scenario that a request names, of a register of which the caller sees all.
///
/// # Errors
/// 404.
pub fn scene<A: Action>(tx: &mut Tx, permit: &Permit<A>, id: RiskId) -> Result<Scene> {
    let risk = permit.get(tx, |tx, scope| store::find(tx, scope, id))?;
    let registers::Seen { register, holding, relation } = registers::seen(tx, permit, risk.register_id)?;
    Ok(Scene { risk, register, holding, relation })
}

/// The same for who writes in it, while its register does not stand still.
///
/// # Errors
/// 404, 403, 409.
pub fn writable<A: Action>(tx: &mut Tx, permit: &Permit<A>, id: RiskId) -> Result<Scene> {
    let scene = scene(tx, permit, id)?;
    if !scene.rights().write {
        return Err(Error::not_permitted(format!(
            "Who is named on the register as author, contributor, facilitator or owner writes in it, and a focal point of {}.",
            scene.holding.country
        )));
    }
    locked(scene.register.status)?;
    Ok(scene)
}

/// Enters a scenario in a register.
///
/// # Errors
/// 404, 403; 409 while the register stands still; 422 with every fault.
pub(super) fn enter(
    tx: &mut Tx,
    permit: &Permit<EditRisks>,
    register: RiskRegisterId,
    draft: RiskDraft,
) -> Result<Scene> {
    let seen = registers::seen(tx, permit, register)?;
    seen.writable()?;
    let outcomes = draft.outcomes.clone();
    let mut risk = entered(tx, permit, &seen.register, draft);
    check(tx, permit, seen.ties(), &risk, None, Some(&outcomes))?;
    risk.number = next_number(tx, register)?;
    store::insert(tx, &risk)?;
    store::put_outcomes(tx, risk.id, &outcomes.0)?;
    wrote(tx, register, permit.user())?;
    note(tx, permit, "risk.created", &risk, None);
    let registers::Seen { register, holding, relation } = seen;
    let scene = Scene { risk, register, holding, relation };
    assigned(tx, permit, &scene, None)?;
    Ok(scene)
}

fn entered(tx: &Tx, by: &impl Actor, register: &Register, draft: RiskDraft) -> Risk {
    let (now, user) = (tx.now(), by.user());
    let mut risk = Risk {
        id: tx.new_id(),
        register_id: register.id,
        country: register.country,
        number: 0,
        category: draft.category,
        status: RiskStatus::Identified,
        search_text: searchable(&draft.title),
        title: draft.title,
        description: draft.description,
        source: draft.source,
        event: draft.event,
        consequence: draft.consequence,
        assets: draft.assets,
        ai_system_id: draft.ai_system_id,
        owner: draft.owner,
        treatment: draft.treatment,
        level: NOT_RATED,
        within_tolerance: None,
        strength: draft.strength,
        next_review_on: draft.next_review_on,
        triggers: draft.triggers,
        reopened_by: None,
        ai: Stored(AiTags::default()),
        mit_domain: None,
        mit_subdomain: None,
        note: None,
        deleted_at: None,
        version: 1,
        created_at: now,
        created_by: user,
        updated_at: now,
        updated_by: user,
    };
    tag(&mut risk, draft.ai);
    risk
}

fn searchable(title: &Titles) -> String {
    let texts: Vec<&str> = title.iter().map(|(_, text)| text).collect();
    search::fold(&texts.join(" | "))
}

/// Changes a scenario.
///
/// # Errors
/// 404, 403, 412; 409 while the register stands still; 422 with every fault.
pub(super) fn edit(
    tx: &mut Tx,
    permit: &Permit<EditRisks>,
    id: RiskId,
    version: i32,
    patch: RiskPatch,
) -> Result<Scene> {
    let mut scene = writable(tx, permit, id)?;
    etag::matches(version, scene.risk.version)?;
    let before = scene.risk.clone();
    let outcomes = patch.outcomes.0.clone();
    apply(patch, &mut scene.risk);
    check(tx, permit, scene.ties(), &scene.risk, Some(&before), outcomes.as_ref())?;
    store::update(tx, &mut scene.risk, permit.user())?;
    if let Some(outcomes) = outcomes {
        store::put_outcomes(tx, id, &outcomes.0)?;
    }
    wrote(tx, scene.register.id, permit.user())?;
    note(tx, permit, "risk.changed", &scene.risk, Some(&before));
    assigned(tx, permit, &scene, Some(&before))?;
    Ok(scene)
}

fn apply(patch: RiskPatch, risk: &mut Risk) {
    use crate::kernel::patch::Change;
    patch.title.apply(&mut risk.title);
    risk.search_text = searchable(&risk.title);
    patch.description.apply(&mut risk.description);
    patch.source.apply(&mut risk.source);
    patch.event.apply(&mut risk.event);
    patch.consequence.apply(&mut risk.consequence);
    patch.assets.apply(&mut risk.assets);
    patch.ai_system_id.apply(&mut risk.ai_system_id);
    patch.owner.apply(&mut risk.owner);
    patch.treatment.apply(&mut risk.treatment);
    patch.strength.apply(&mut risk.strength);
    patch.next_review_on.apply(&mut risk.next_review_on);
    patch.triggers.apply(&mut risk.triggers);
    match patch.ai {
        Change::Keep => {}
        Change::Clear => tag(risk, None),
        Change::Set(draft) => tag(risk, Some(draft)),
    }
}

/// Takes a scenario away that was only named; its number is not given again.
///
/// # Errors
/// 404, 403, 412; 409 when it went on.
pub(super) fn delete(tx: &mut Tx, permit: &Permit<EditRisks>, id: RiskId, version: i32) -> Result<()> {
    let mut scene = writable(tx, permit, id)?;
    etag::matches(version, scene.risk.version)?;
    if scene.risk.status != RiskStatus::Identified {
        return Err(Error::conflict(format!(
            "It is {}; only one that is identified is taken away. Close it, so that its story stays.",
            scene.risk.status
        )));
    }
    let before = scene.risk.clone();
    scene.risk.deleted_at = Some(tx.now());
    store::update(tx, &mut scene.risk, permit.user())?;
    store::count(tx, id, false)?;
    wrote(tx, scene.register.id, permit.user())?;
    note(tx, permit, "risk.deleted", &scene.risk, Some(&before));
    let_go(tx, &scene.register, before.owner)
}

/// Moves a scenario one step.
///
/// # Errors
/// 404, 403; 409 when the state or what is missing does not allow it; 422 for a trigger where there is none.
pub(super) fn step(tx: &mut Tx, permit: &Permit<MoveRisks>, id: RiskId, step: &RiskStep) -> Result<Scene> {
    let mut scene = writable(tx, permit, id)?;
    let before = scene.risk.clone();
    let next = before.status.next();
    if !next.contains(&step.to) {
        let words: Vec<&str> = next.iter().map(|status| status.as_str()).collect();
        let words = format!("It is {}; from here it goes to: {}.", before.status, words.join(", "));
        return Err(Error::conflict(words));
    }
    if step.trigger.is_some() && step.to != RiskStatus::Identified {
        let words = "A trigger opens a scenario again: it comes with the step to identified.";
        return Err(Error::invalid("/trigger", "not_here", words));
    }
    let standing = standing(tx, &before)?;
    let said = Said {
        reason: step.reason.is_some(),
        trigger: step.trigger.is_some(),
        residual_reached: step.residual_reached == Some(true),
    };
    if let Some((at, words)) = standing.lacks(step.to, said) {
        let mut error = Error::invalid(at, "missing", words);
        (error.code, error.detail) = (Code::GuardFailed, words.to_owned());
        return Err(error);
    }
    (scene.risk.status, scene.risk.note) = (step.to, step.reason.clone());
    if step.trigger.is_some() {
        scene.risk.reopened_by = step.trigger;
    }
    if standing.reaches_residual(step.to) {
        ratings::reach_residual(tx, permit, &mut scene)?;
    }
    store::update(tx, &mut scene.risk, permit.user())?;
    if before.status == RiskStatus::Closed || step.to == RiskStatus::Closed {
        store::count(tx, id, step.to != RiskStatus::Closed)?;
    }
    wrote(tx, scene.register.id, permit.user())?;
    note(tx, permit, "risk.stepped", &scene.risk, Some(&before));
    if let Some(trigger) = step.trigger {
        let event = RiskTriggered {
            risk_id: id,
            register_id: scene.register.id,
            country: scene.register.country,
            owner_id: scene.risk.owner,
            trigger,
            by: permit.user(),
        };
        outbox::enqueue(tx, &event)?;
    }
    Ok(scene)
}

fn standing(tx: &mut Tx, risk: &Risk) -> Result<Standing> {
    let ratings = store::ratings(tx, &[risk.id])?;
    let of =
        |kind: RatingKind| ratings.iter().find(|rating| rating.kind == kind).map(|rating| rating.rated());
    Ok(Standing {
        status: risk.status,
        current: of(RatingKind::Current),
        residual: of(RatingKind::Residual),
        within_tolerance: risk.within_tolerance,
        treatment: risk.treatment,
        actions: treatment::statuses(tx, risk.id)?,
        accepted: acceptances::is_accepted(tx, risk.id)?,
    })
}

/// An acceptance ended: what was only borne is evaluated again, unless another acceptance holds (domain rule D).
///
/// # Errors
/// When the database refuses.
pub fn back_to_evaluated(tx: &mut Tx, by: &impl Actor, risk: &mut Risk) -> Result<()> {
    let borne = matches!(risk.status, RiskStatus::Treating | RiskStatus::Monitored);
    if risk.deleted_at.is_some() || !borne || acceptances::is_accepted(tx, risk.id)? {
        return Ok(());
    }
    let before = risk.clone();
    risk.status = RiskStatus::Evaluated;
    store::update(tx, risk, by.user())?;
    note(tx, by, "risk.stepped", risk, Some(&before));
    Ok(())
}

pub(super) fn note(tx: &mut Tx, by: &impl Actor, action: &'static str, after: &Risk, before: Option<&Risk>) {
    let entry = Entry::new(by, action, "risk", after.id).country(after.country);
    let entry = match before {
        Some(before) => entry.changed(before, after),
        None => entry.changed(&(), after),
    };
    journal::record(tx, entry);
}

/// Who answers for it sees the register, and hears of it.
fn assigned(tx: &mut Tx, by: &impl Actor, scene: &Scene, before: Option<&Risk>) -> Result<()> {
    let old = before.and_then(|before| before.owner);
    if old == scene.risk.owner {
        return Ok(());
    }
    let_go(tx, &scene.register, old)?;
    let Some(owner_id) = scene.risk.owner else { return Ok(()) };
    keep_owner(tx, by, &scene.register, owner_id)?;
    let event = RiskAssigned {
        risk_id: scene.risk.id,
        register_id: scene.register.id,
        country: scene.register.country,
        owner_id,
        next_review_on: scene.risk.next_review_on,
        by: by.user(),
    };
    outbox::enqueue(tx, &event)
}

/// Names somebody as an owner in a register.
///
/// # Errors
/// 422 for who has no active account.
pub fn keep_owner(tx: &mut Tx, by: &impl Actor, register: &Register, owner: UserId) -> Result<()> {
    disclosure::name(tx, register.holding_id(), owner, Part::Owner, by.user(), "/owner")
}

/// Takes somebody off a register who answers for nothing in it any more.
///
/// # Errors
/// When the database refuses.
pub fn let_go(tx: &mut Tx, register: &Register, old: Option<UserId>) -> Result<()> {
    let Some(old) = old else { return Ok(()) };
    if store::owns_anything(tx, register.id, old)? {
        return Ok(());
    }
    disclosure::unname(tx, register.holding_id(), old, Part::Owner)
}
