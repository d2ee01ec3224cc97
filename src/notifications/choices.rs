//! What people chose of letters, and what was set for the house or a program beside the catalogue.

use diesel::prelude::*;

use super::model::{Frequency, InForce, Preference};
use super::rules::{Category, Ladder, RuleCode};
use crate::kernel::id::{ObjectId, ProgramId, UserId};
use crate::kernel::time::Day;
use crate::kernel::{Error, Result};
use crate::platform::db::Tx;
use crate::platform::schema::{letter_preferences, letter_rules};

/// The earliest offset of a rule in the catalogue or in any setting.
pub(super) fn earliest_offset(tx: &mut Tx, rule: RuleCode) -> Result<i32> {
    let usual = rule.ladders().iter().flat_map(|ladder| ladder.offsets.clone()).min().unwrap_or(0);
    let set: Vec<String> = letter_rules::table
        .select(letter_rules::ladders)
        .filter(letter_rules::rule.eq(rule))
        .limit(1000)
        .load(tx.conn())?;
    let offsets = set.iter().filter_map(|text| serde_json::from_str::<Vec<(String, Vec<i32>)>>(text).ok());
    let earliest = offsets.flatten().flat_map(|(_, offsets)| offsets).min();
    Ok(earliest.map_or(usual, |earliest| earliest.min(usual)))
}

/// A person's preference for a category.
pub(super) fn preference(tx: &mut Tx, person: ObjectId, category: Category) -> Result<Preference> {
    let found: Option<(Frequency, Option<Day>)> = letter_preferences::table
        .select((letter_preferences::frequency, letter_preferences::paused_until))
        .filter(letter_preferences::person.eq(person))
        .filter(letter_preferences::category.eq(category))
        .first(tx.conn())
        .optional()?;
    let usual = Preference::usual(category);
    Ok(found.map_or(usual, |(frequency, paused_until)| Preference { frequency, paused_until, ..usual }))
}

/// Keeps a person's preference.
pub(super) fn prefer(tx: &mut Tx, person: ObjectId, wanted: &Preference) -> Result<()> {
    let now = tx.now();
    diesel::delete(letter_preferences::table)
        .filter(letter_preferences::person.eq(person))
        .filter(letter_preferences::category.eq(wanted.category))
        .execute(tx.conn())?;
    diesel::insert_into(letter_preferences::table)
        .values((
            letter_preferences::person.eq(person),
            letter_preferences::category.eq(wanted.category),
            letter_preferences::frequency.eq(wanted.frequency),
            letter_preferences::paused_until.eq(wanted.paused_until),
            letter_preferences::updated_at.eq(now),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// What a person wanted under one id is wanted under another, where nothing was said there.
pub(super) fn inherit(tx: &mut Tx, from: ObjectId, to: ObjectId) -> Result<()> {
    for category in Category::ALL.iter().copied() {
        let (said, there) = (preference(tx, from, category)?, preference(tx, to, category)?);
        if there == Preference::usual(category) && said != there {
            prefer(tx, to, &said)?;
        }
    }
    Ok(())
}

/// What was set for a rule; the nil program is the whole house.
pub(super) fn set_for(tx: &mut Tx, rule: RuleCode, program: ProgramId) -> Result<Option<InForce>> {
    let found: Option<(bool, String, i32)> = letter_rules::table
        .select((letter_rules::enabled, letter_rules::ladders, letter_rules::version))
        .filter(letter_rules::rule.eq(rule))
        .filter(letter_rules::program_id.eq(program))
        .first(tx.conn())
        .optional()?;
    let Some((enabled, ladders, version)) = found else { return Ok(None) };
    let rows: Vec<(String, Vec<i32>)> = serde_json::from_str(&ladders).map_err(Error::internal)?;
    let ladders = rule.ladders().into_iter().map(|usual| {
        let set = rows.iter().find(|(to, _)| to == usual.to.as_str());
        match set {
            Some((_, offsets)) => Ladder { offsets: offsets.clone(), ..usual },
            None => usual,
        }
    });
    Ok(Some(InForce { enabled, ladders: ladders.collect(), version }))
}

/// The rule as it is in force: the program's setting, else the house's, else the catalogue's.
pub(super) fn in_force(tx: &mut Tx, rule: RuleCode, program: Option<ProgramId>) -> Result<InForce> {
    let house = ProgramId(uuid::Uuid::nil());
    if let Some(program) = program
        && let Some(set) = set_for(tx, rule, program)?
    {
        return Ok(set);
    }
    let usual = || InForce { enabled: true, ladders: rule.ladders(), version: 0 };
    Ok(set_for(tx, rule, house)?.unwrap_or_else(usual))
}

/// Keeps what was set for a rule.
pub(super) fn set(
    tx: &mut Tx,
    by: UserId,
    rule: RuleCode,
    program: ProgramId,
    wanted: &InForce,
) -> Result<()> {
    let now = tx.now();
    let rows: Vec<(&str, &Vec<i32>)> = wanted.ladders.iter().map(|l| (l.to.as_str(), &l.offsets)).collect();
    diesel::delete(letter_rules::table)
        .filter(letter_rules::rule.eq(rule))
        .filter(letter_rules::program_id.eq(program))
        .execute(tx.conn())?;
    diesel::insert_into(letter_rules::table)
        .values((
            letter_rules::rule.eq(rule),
            letter_rules::program_id.eq(program),
            letter_rules::enabled.eq(wanted.enabled),
            letter_rules::ladders.eq(serde_json::to_string(&rows).map_err(Error::internal)?),
            letter_rules::version.eq(wanted.version),
            letter_rules::updated_at.eq(now),
            letter_rules::updated_by.eq(by),
        ))
        .execute(tx.conn())?;
    Ok(())
}
