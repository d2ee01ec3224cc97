//! What people do with letters: send one again, set a rule, say how often.

use super::compose::Sheet;
use super::drafts::{PreferencePatch, RulePatch};
use super::foresight::{Draft, Foreseen};
use super::model::{Frequency, Letter, LetterState, Preference, RecipientKind, RuleRecord};
use super::people::Recipient;
use super::rules::{Category, Ladder, RuleCode, Trigger};
use super::unsubscribe::Wish;
use super::{choices, crowd, facts, log, model, people, store, voids};
use crate::accounts::{self, Permit};
use crate::codes_enum;
use crate::kernel::access::{Action, Actor, ResendLetters, Scope, System, UseAccount};
use crate::kernel::error::FieldError;
use crate::kernel::id::{LetterId, ObjectId, ParticipantId, ProgramId, UserId};
use crate::kernel::time::{Day, Zone};
use crate::kernel::{Error, Result};
use crate::platform::db::Tx;
use crate::platform::http::etag;
use crate::platform::journal::{self, Entry};
use crate::training::participants;

/// Puts a letter that was given up back in line, and gives its address another chance.
pub fn resend(tx: &mut Tx, permit: &Permit<ResendLetters>, id: LetterId) -> Result<Letter> {
    let letter = permit.get(tx, |tx, scope| log::find(tx, scope, id))?;
    if !store::revive(tx, id)? {
        return Err(Error::conflict(format!(
            "Only dead, bounced and failed letters are sent again; this one is {}.",
            letter.state
        )));
    }
    if letter.state == LetterState::Bounced
        && let Some(to) = people::recipient(tx, &letter)?
    {
        accounts::takes_letters(tx, &to.address_of(&letter))?;
    }
    journal::record(tx, Entry::new(permit, "letter.resent", "letter", id));
    tx.tell();
    log::find(tx, &Scope::All, id)?.ok_or_else(Error::not_found)
}

/// Every rule as it is in force for a program, or for the whole house; and the version of what was set there.
pub fn rules(tx: &mut Tx, program: Option<ProgramId>) -> Result<(i32, Vec<RuleRecord>)> {
    let (mut version, mut records) = (1, Vec::new());
    for code in RuleCode::ALL.iter().copied() {
        let in_force = choices::in_force(tx, code, program)?;
        let own = choices::set_for(tx, code, program.unwrap_or(HOUSE))?;
        version += own.as_ref().map_or(0, |own| own.version);
        let events = match code.trigger() {
            Trigger::On(events, _) => events.to_vec(),
            Trigger::By(_) => Vec::new(),
        };
        records.push(RuleRecord {
            code,
            category: code.category(),
            about: code.about(),
            events,
            mandatory: code.mandatory(),
            enabled: in_force.enabled,
            ladders: in_force.ladders.into_iter().map(record).collect(),
            program_id: own.and(program),
        });
    }
    Ok((version, records))
}

/// The whole house, in the place of a program.
pub const HOUSE: ProgramId = ProgramId(uuid::Uuid::nil());

fn record(ladder: Ladder) -> model::LadderRecord {
    model::LadderRecord { to: ladder.to, offsets: ladder.offsets, every: ladder.every }
}

/// Sets a rule for the whole house or for one program.
pub fn set_rule<A: Action>(
    tx: &mut Tx,
    permit: &Permit<A>,
    program: Option<ProgramId>,
    read: i32,
    patch: RulePatch,
) -> Result<(i32, Vec<RuleRecord>)> {
    let (version, before) = rules(tx, program)?;
    etag::matches(read, version)?;
    let code = patch.code;
    if code.mandatory() || matches!(code, RuleCode::E2) {
        return Err(Error::invalid(
            "/code",
            "mandatory",
            "Letters about accounts, security, changes of sessions and the running of the service can't be changed.",
        ));
    }
    let mut wanted = choices::in_force(tx, code, program)?;
    wanted.version = choices::set_for(tx, code, program.unwrap_or(HOUSE))?.map_or(1, |own| own.version + 1);
    wanted.enabled = patch.enabled.unwrap_or(wanted.enabled);
    adjust(&mut wanted.ladders, &patch)?;
    choices::set(tx, permit.user(), code, program.unwrap_or(HOUSE), &wanted)?;
    let after = rules(tx, program)?;
    let mut entry = Entry::new(permit, "letter_rule.set", "letter_rule", code).changed(&before, &after.1);
    if let Some(program) = program {
        entry = entry.program(program);
    }
    journal::record(tx, entry);
    Ok(after)
}

fn adjust(ladders: &mut [Ladder], patch: &RulePatch) -> Result<()> {
    let mut faults = Vec::new();
    for (place, draft) in patch.ladders.iter().flat_map(|ladders| &ladders.0).enumerate() {
        let known: Vec<&str> = ladders.iter().map(|ladder| ladder.to.as_str()).collect();
        let at = format!("/ladders/{place}");
        match ladders.iter_mut().find(|ladder| ladder.to == draft.to) {
            Some(ladder) => {
                ladder.offsets = draft.offsets.0.iter().map(|days| days.0).collect();
                ladder.offsets.sort_unstable();
                ladder.offsets.dedup();
            }
            None => faults.push(FieldError::at(
                format!("{at}/to"),
                "unknown_value",
                format!("This rule goes to: {}.", known.join(", ")),
            )),
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(Error::invalid_fields(faults)) }
}

/// Waiting letters with what is true of them now and who gets them; those that no longer hold, and those with a
/// single-use link, are left out.
pub(super) fn waiting(tx: &mut Tx, rule: Option<RuleCode>, limit: i64) -> Result<Vec<(Recipient, Sheet)>> {
    let mut found = Vec::new();
    for letter in store::waiting(tx, rule, limit)? {
        let matter = facts::matter(tx, &letter)?;
        let secret = matter.link.is_some();
        if let (None, false, Some(to)) = (matter.void, secret, people::recipient(tx, &letter)?)
            && people::belongs(tx, &to, letter.audience, &matter)?
        {
            found.push((to, Sheet { letter, matter }));
        }
    }
    Ok(found)
}

/// After a backup was put back: a letter that was due between the backup and now may have been sent by the lost part of the
/// log, so it waits as `dead` until someone sends it again by hand. How many there are; administrators hear of them.
///
/// # Errors
/// When the database refuses.
pub fn hold_after_restore(tx: &mut Tx) -> Result<usize> {
    store::give_up_due(tx, "held after a restore: it may have been sent before")
}

/// What the caller wants of each category.
pub fn preferences(tx: &mut Tx, person: UserId) -> Result<Vec<Preference>> {
    let person = ObjectId(person.0);
    Category::ALL.iter().map(|category| choices::preference(tx, person, *category)).collect()
}

/// Changes what the caller wants of one category.
pub fn prefer(tx: &mut Tx, permit: &Permit<UseAccount>, patch: PreferencePatch) -> Result<Vec<Preference>> {
    let person = ObjectId(permit.user().0);
    let before = choices::preference(tx, person, patch.category)?;
    let mut wanted = before;
    wanted.frequency = patch.frequency.unwrap_or(wanted.frequency);
    patch.paused_until.apply(&mut wanted.paused_until);
    if before.mandatory && wanted != before {
        return Err(Error::invalid(
            "/category",
            "mandatory",
            "Letters about your account and its security always come at once.",
        ));
    }
    choices::prefer(tx, person, &wanted)?;
    store::look_again(tx, &[person], &RuleCode::of(wanted.category))?;
    tx.tell();
    journal::record(
        tx,
        Entry::new(permit, "letter_preference.set", "user", permit.user()).changed(&before, &wanted),
    );
    preferences(tx, permit.user())
}

/// Days for which letters are put off with one click.
const PAUSE: i64 = 30;

codes_enum! {
    /// What somebody does with the link of a letter.
    pub Click {
        /// None come any more.
        Stop "stop",
        /// None come for 30 days.
        Pause "pause",
        /// They come again.
        Resume "resume",
    }
}

/// What holds for whoever has the link of a letter.
pub(super) fn wanted(tx: &mut Tx, wish: Wish) -> Result<Preference> {
    let person = living(tx, wish)?;
    choices::preference(tx, person, wish.category)
}

/// The row of a person without an account that stays when two were merged; an account stays itself.
fn living(tx: &mut Tx, wish: Wish) -> Result<ObjectId> {
    let found = match wish.kind {
        RecipientKind::User => None,
        RecipientKind::Registration => participants::living(tx, ParticipantId(wish.person.0))?,
    };
    Ok(found.map_or(wish.person, |person| ObjectId(person.id.0)))
}

/// Stops, puts off or brings back a category for whoever holds the link of a letter.
pub(super) fn unsubscribe(tx: &mut Tx, wish: Wish, click: Click) -> Result<Preference> {
    let person = living(tx, wish)?;
    let before = choices::preference(tx, person, wish.category)?;
    let usual = Preference::usual(wish.category);
    let wanted = match click {
        Click::Stop => Preference { frequency: Frequency::Off, ..before },
        Click::Pause => {
            let until = Day(tx.now().plus_days(PAUSE).date_in(Zone::UTC));
            Preference { frequency: usual.frequency, paused_until: Some(until), ..before }
        }
        Click::Resume => usual,
    };
    if wanted == before {
        return Ok(wanted);
    }
    choices::prefer(tx, person, &wanted)?;
    let by = System("unsubscribe link");
    let kind = match wish.kind {
        RecipientKind::User => {
            store::look_again(tx, &[person], &RuleCode::of(wish.category))?;
            "user"
        }
        RecipientKind::Registration => {
            let places: Vec<ObjectId> = people::places_of(tx, ParticipantId(person.0))?;
            store::look_again(tx, &places, &RuleCode::of(wish.category))?;
            "participant"
        }
    };
    tx.tell();
    journal::record(tx, Entry::new(&by, "letter_preference.set", kind, person).changed(&before, &wanted));
    Ok(wanted)
}

/// Who would get the letters of a rule about an object, and when, as things are now.
pub(super) fn preview(
    tx: &mut Tx,
    scope: &Scope,
    rule: RuleCode,
    object: ObjectId,
    hour: u32,
) -> Result<Vec<Foreseen>> {
    if rule.anchor().is_none() {
        let dated = RuleCode::ALL.iter().filter(|rule| rule.anchor().is_some()).map(|rule| rule.as_str());
        return Err(Error::invalid(
            "rule",
            "no_date",
            format!(
                "Letters of this rule follow an event. Rules with dates: {}.",
                dated.collect::<Vec<_>>().join(", ")
            ),
        ));
    }
    let mut foreseen = Vec::new();
    for anchor in rule.anchors() {
        let Some(dated) = facts::date_of(tx, anchor, object)?.filter(|dated| !dated.anchor.is_empty()) else {
            continue;
        };
        let kind = voids::kind_of(anchor);
        let draft = Draft::dated(rule, kind, dated);
        let mut foresight = draft.foresee(tx, hour, None)?;
        if crowd::concerns(rule, kind) {
            let (people, _) = crowd::page(tx, object, None)?;
            foresight.letters.extend(crowd::foresee(tx, &draft, &people, hour, None)?);
        }
        let visible = match (scope, foresight.program) {
            (Scope::All, _) => true,
            (Scope::Only(_), Some(program)) => crate::programs::find(tx, scope, program)?.is_some(),
            (Scope::Only(_), None) => false,
        };
        foreseen.extend(foresight.letters.into_iter().filter(|_| visible));
    }
    foreseen.sort_by_key(|foreseen| (foreseen.letter.planned_for, foreseen.to.id));
    Ok(foreseen)
}
