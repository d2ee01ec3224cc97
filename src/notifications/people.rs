//! Who gets a letter: audiences resolved against live grants, each time anew.

use chrono::Weekday;
use diesel::prelude::*;

use super::days::Rest;
use super::facts::Matter;
use super::model::Letter;
use super::rules::Audience;
use crate::accounts::UserStatus;
use crate::kernel::Result;
use crate::kernel::access::Role;
use crate::kernel::id::{Iso2, ProgramId, UserId};
use crate::kernel::lang::Lang;
use crate::kernel::text::{Email, Name};
use crate::kernel::time::{Day, Zone};
use crate::platform::connection::MultiBackend;
use crate::platform::db::Tx;
use crate::platform::schema::{countries, partner_holidays, partners, role_grants, users};

/// A possible recipient.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = users)]
pub struct Recipient {
    /// The person.
    pub id: UserId,
    /// Address of the account.
    pub email: Email,
    /// Name.
    pub name: Name,
    /// Language of letters.
    pub language: Lang,
    /// Zone in which days begin.
    pub timezone: Zone,
    /// Where the account stands.
    pub status: UserStatus,
}

impl Recipient {
    /// Where a letter goes, in lower case: its own address, else the account's.
    pub fn address_of(&self, letter: &Letter) -> String {
        if letter.address.is_empty() { self.email.folded() } else { letter.address.to_lowercase() }
    }
}

/// A person by id, whatever the state of the account.
pub fn person(tx: &mut Tx, id: UserId) -> Result<Option<Recipient>> {
    Ok(users::table.select(Recipient::as_select()).filter(users::id.eq(id)).first(tx.conn()).optional()?)
}

/// The people of an audience, seen from a letter's matter; each once.
pub fn audience(tx: &mut Tx, audience: Audience, matter: &Matter) -> Result<Vec<Recipient>> {
    match audience {
        Audience::Person => of_ids(tx, matter.person.into_iter().collect()),
        Audience::Owner => of_ids(tx, matter.owner.into_iter().collect()),
        Audience::Dependants => of_ids(tx, matter.dependants.clone()),
        Audience::Administrators => holders(tx, &[Role::Administrator], Over::House),
        Audience::Coordinators => match matter.program {
            Some(program) => holders(tx, &[Role::Coordinator], Over::Program(program)),
            None => Ok(Vec::new()),
        },
        Audience::Partners => match matter.program {
            Some(program) => holders(tx, &[Role::Observer, Role::Trainer], Over::Program(program)),
            None => Ok(Vec::new()),
        },
        Audience::Trainers => of_ids(tx, matter.trainers.clone()),
        Audience::FocalPoints => holders(tx, &[Role::FocalPoint], Over::Countries(matter.countries.clone())),
    }
}

fn of_ids(tx: &mut Tx, ids: Vec<UserId>) -> Result<Vec<Recipient>> {
    let rows = users::table
        .select(Recipient::as_select())
        .filter(users::id.eq_any(ids))
        .order(users::id)
        .load(tx.conn())?;
    Ok(rows)
}

enum Over {
    House,
    Program(ProgramId),
    Countries(Vec<Iso2>),
}

/// Active people with a live grant of one of the roles.
fn holders(tx: &mut Tx, roles: &[Role], over: Over) -> Result<Vec<Recipient>> {
    let now = tx.now();
    let mut live = role_grants::table
        .select(role_grants::user_id)
        .distinct()
        .filter(role_grants::role.eq_any(roles.to_vec()))
        .filter(role_grants::revoked_at.is_null())
        .filter(role_grants::valid_to.is_null().or(role_grants::valid_to.gt(now)))
        .into_boxed::<MultiBackend>();
    live = match over {
        Over::House => live,
        Over::Program(program) => live.filter(role_grants::program_id.eq(program)),
        Over::Countries(countries) => live.filter(role_grants::country.eq_any(countries)),
    };
    let ids: Vec<UserId> = live.load(tx.conn())?;
    Ok(of_ids(tx, ids)?.into_iter().filter(|person| person.status == UserStatus::Active).collect())
}

/// Days on which a person's country rests, around today: the country of a grant, else Saturday and Sunday.
pub fn rest(tx: &mut Tx, person: UserId) -> Result<Rest> {
    let now = tx.now();
    let country: Option<Option<Iso2>> = role_grants::table
        .select(role_grants::country)
        .filter(role_grants::user_id.eq(person))
        .filter(role_grants::country.is_not_null())
        .filter(role_grants::revoked_at.is_null())
        .filter(role_grants::valid_to.is_null().or(role_grants::valid_to.gt(now)))
        .order(role_grants::id)
        .first(tx.conn())
        .optional()?;
    let Some(country) = country.flatten() else { return Ok(Rest::default()) };
    let kept: Option<String> = partners::table
        .select(partners::weekend)
        .filter(partners::country.eq(country))
        .first(tx.conn())
        .optional()?;
    let customary = || countries::table.select(countries::weekend).filter(countries::iso2.eq(country));
    let weekend: Option<String> = match kept {
        Some(kept) => Some(kept),
        None => customary().first(tx.conn()).optional()?,
    };
    let today = Day(now.date_in(Zone::UTC));
    let holidays: Vec<Day> = partner_holidays::table
        .select(partner_holidays::day)
        .filter(partner_holidays::country.eq(country))
        .filter(partner_holidays::day.between(today.plus(-120), today.plus(120)))
        .load(tx.conn())?;
    Ok(Rest {
        weekend: weekend.map_or_else(|| Rest::default().weekend, |text| weekdays(&text)),
        holidays: holidays.into_iter().collect(),
    })
}

/// Weekdays by the first letters of their English names, Monday 0.
fn weekdays(text: &str) -> Vec<u32> {
    let days = text.split(|c: char| !c.is_ascii_alphabetic()).filter_map(|word| word.parse::<Weekday>().ok());
    days.map(|day| day.num_days_from_monday()).collect()
}
