//! Who gets a letter: audiences resolved against live grants, each time anew.

use chrono::Weekday;
use diesel::prelude::*;

use super::days::Rest;
use super::facts::Matter;
use super::model::{Letter, RecipientKind};
use super::rules::Audience;
use super::sight;
use super::unsubscribe::Wish;
use crate::accounts::UserStatus;
use crate::kernel::Result;
use crate::kernel::access::Role;
use crate::kernel::id::{
    Iso2, ObjectId, ParticipantId, ProgramId, RegistrationId, TrainingSessionId, UserId,
};
use crate::kernel::lang::Lang;
use crate::kernel::text::{Email, Name};
use crate::kernel::time::{Day, Zone};
use crate::platform::connection::MultiBackend;
use crate::platform::db::Tx;
use crate::platform::schema::{countries, partner_holidays, partners, registrations, role_grants, users};
use crate::training::participants;
use crate::training::registrations::RegistrationStatus;
use crate::training::registrations::told::{self, Told};

/// A possible recipient.
#[derive(Clone, Debug)]
pub struct Recipient {
    /// Which kind.
    pub kind: RecipientKind,
    /// The account, or the registration of a person without one.
    pub id: ObjectId,
    /// Whose preferences count: the account, or the person behind the registration.
    pub person: ObjectId,
    /// Address of the account, or of the person.
    pub email: Email,
    /// Name.
    pub name: Name,
    /// Language of letters.
    pub language: Lang,
    /// Zone in which days begin.
    pub timezone: Zone,
    /// Where the account stands; a person without one is as good as active.
    pub status: UserStatus,
    /// The place of a person without an account.
    pub place: Option<Place>,
}

/// A person's place in a session.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// In which session.
    pub session: TrainingSessionId,
    /// For which country.
    pub country: Iso2,
    /// Where it stands.
    pub standing: RegistrationStatus,
    /// How often it changed.
    pub steps: i32,
}

/// An account, as it stands in its table.
type Account = (UserId, Email, Name, Lang, Zone, UserStatus);

const ACCOUNT: (users::id, users::email, users::name, users::language, users::timezone, users::status) =
    (users::id, users::email, users::name, users::language, users::timezone, users::status);

impl Recipient {
    fn account((id, email, name, language, timezone, status): Account) -> Recipient {
        let id = ObjectId(id.0);
        let (kind, place) = (RecipientKind::User, None);
        Recipient { kind, id, person: id, email, name, language, timezone, status, place }
    }

    /// The person behind a registration.
    pub fn of(told: &Told) -> Recipient {
        let registration = &told.registration;
        Recipient {
            kind: RecipientKind::Registration,
            id: ObjectId(registration.id.0),
            person: ObjectId(registration.participant_id.0),
            email: told.email.clone(),
            name: told.name.clone(),
            language: told.language,
            timezone: told.zone,
            status: UserStatus::Active,
            place: Some(Place {
                session: registration.session_id,
                country: registration.country,
                standing: registration.status,
                steps: registration.version,
            }),
        }
    }

    /// Where a letter goes, in lower case: its own address, else the recipient's.
    pub fn address_of(&self, letter: &Letter) -> String {
        if letter.address.is_empty() { self.email.folded() } else { letter.address.to_lowercase() }
    }
}

/// Who gets a letter, whatever the state of the account; none when the account or the registration is gone.
pub fn recipient(tx: &mut Tx, letter: &Letter) -> Result<Option<Recipient>> {
    match letter.recipient_kind {
        RecipientKind::User => person(tx, UserId(letter.recipient.0)),
        RecipientKind::Registration => {
            let told = told::one(tx, RegistrationId(letter.recipient.0))?;
            Ok(told.as_ref().map(Recipient::of))
        }
    }
}

/// Somebody with an account, whatever its state.
pub fn person(tx: &mut Tx, id: UserId) -> Result<Option<Recipient>> {
    let found: Option<Account> =
        users::table.select(ACCOUNT).filter(users::id.eq(id)).first(tx.conn()).optional()?;
    Ok(found.map(Recipient::account))
}

/// The language of whoever holds the link of a letter.
pub fn language_of(tx: &mut Tx, wish: Wish) -> Result<Lang> {
    let found = match wish.kind {
        RecipientKind::User => person(tx, UserId(wish.person.0))?.map(|person| person.language),
        RecipientKind::Registration => {
            let person = participants::living(tx, ParticipantId(wish.person.0))?;
            person.and_then(|person| person.language)
        }
    };
    Ok(found.unwrap_or(Lang::En))
}

/// The places of a person without an account, in all sessions.
pub fn places_of(tx: &mut Tx, person: ParticipantId) -> Result<Vec<ObjectId>> {
    let ids: Vec<RegistrationId> = registrations::table
        .select(registrations::id)
        .filter(registrations::participant_id.eq(person))
        .load(tx.conn())?;
    Ok(ids.into_iter().map(|id| ObjectId(id.0)).collect())
}

/// The people of an audience, seen from a letter's matter; each once. Of what a country owns only those who may hear of it. Those of a session are too many to be had at once:
/// see [`belongs`] and [`super::crowd`].
pub fn audience(tx: &mut Tx, audience: Audience, matter: &Matter) -> Result<Vec<Recipient>> {
    match &matter.holding {
        Some(held) => sight::audience(tx, audience, matter, held),
        None => everyone(tx, audience, matter),
    }
}

/// The same, whether or not they may hear of it.
pub(super) fn everyone(tx: &mut Tx, audience: Audience, matter: &Matter) -> Result<Vec<Recipient>> {
    match audience {
        Audience::Person => of_ids(tx, matter.person.into_iter().collect()),
        Audience::Owner | Audience::Assignee => of_ids(tx, matter.owner.into_iter().collect()),
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
        // They are named on what a country owns, and on nothing else.
        Audience::Authors | Audience::Reviewers | Audience::Approvers | Audience::Recipients => {
            Ok(Vec::new())
        }
        Audience::FocalPoints => {
            let mut found = holders(tx, &[Role::FocalPoint], Over::Countries(matter.countries.clone()))?;
            found.retain(|person| matter.doer.is_none_or(|doer| doer.0 != person.id.0));
            Ok(found)
        }
        Audience::Participants => Ok(matter.registration.iter().map(|told| Recipient::of(told)).collect()),
    }
}

/// Whether somebody is of an audience.
pub fn belongs(tx: &mut Tx, to: &Recipient, audience: Audience, matter: &Matter) -> Result<bool> {
    if let (Audience::Participants, Some(whole), Some(place)) = (audience, &matter.session, to.place)
        && matter.registration.is_none()
    {
        return Ok(place.session == whole.session.id && matter.standing.contains(&place.standing));
    }
    Ok(self::audience(tx, audience, matter)?.iter().any(|person| person.id == to.id))
}

/// Coordinators and trainers of a program: the team to which a country discloses.
pub(super) fn team(tx: &mut Tx, program: ProgramId) -> Result<Vec<Recipient>> {
    holders(tx, &[Role::Coordinator, Role::Trainer], Over::Program(program))
}

/// Accounts by their ids, in order.
pub(super) fn of_ids(tx: &mut Tx, ids: Vec<UserId>) -> Result<Vec<Recipient>> {
    let rows: Vec<Account> =
        users::table.select(ACCOUNT).filter(users::id.eq_any(ids)).order(users::id).load(tx.conn())?;
    Ok(rows.into_iter().map(Recipient::account).collect())
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

/// Days on which a recipient rests: those of the country for which a person without an account comes, or of a grant; else
/// Saturday and Sunday.
pub fn rest(tx: &mut Tx, to: &Recipient) -> Result<Rest> {
    let country = match to.place {
        Some(place) => Some(place.country),
        None => countries_of(tx, UserId(to.id.0))?.first().copied(),
    };
    country.map_or_else(|| Ok(Rest::default()), |country| rest_of(tx, country))
}

/// The countries of somebody's live grants, the first grant's first.
pub fn countries_of(tx: &mut Tx, person: UserId) -> Result<Vec<Iso2>> {
    let now = tx.now();
    let countries: Vec<Option<Iso2>> = role_grants::table
        .select(role_grants::country)
        .filter(role_grants::user_id.eq(person))
        .filter(role_grants::country.is_not_null())
        .filter(role_grants::revoked_at.is_null())
        .filter(role_grants::valid_to.is_null().or(role_grants::valid_to.gt(now)))
        .order(role_grants::id)
        .load(tx.conn())?;
    Ok(countries.into_iter().flatten().collect())
}

/// Days on which a country rests, around today.
pub fn rest_of(tx: &mut Tx, country: Iso2) -> Result<Rest> {
    let now = tx.now();
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
