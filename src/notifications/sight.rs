//! Who may be told of what a country owns: asked of the disclosure when a letter is planned, and again just before it goes out.

use super::facts::Matter;
use super::facts::held::Held;
use super::people::{self, Recipient};
use super::rules::Audience;
use crate::accounts::UserStatus;
use crate::disclosure::{Part, Tlp, relation_of};
use crate::kernel::Result;
use crate::kernel::id::UserId;
use crate::platform::db::Tx;

/// Who keeps a record of a country.
const KEEPERS: &[Part] = &[Part::Author, Part::Facilitator];

/// The people of an audience who may hear of a holding; whoever did it need not be told.
pub(super) fn audience(
    tx: &mut Tx,
    audience: Audience,
    matter: &Matter,
    held: &Held,
) -> Result<Vec<Recipient>> {
    if !matter.audiences.is_empty() && !matter.audiences.contains(&audience) {
        return Ok(Vec::new());
    }
    let found = match audience {
        Audience::Authors => keepers(tx, matter, held)?,
        Audience::Reviewers => people::of_ids(tx, held.named(&[Part::Reviewer]))?,
        Audience::Approvers => people::of_ids(tx, held.approvers.clone())?,
        Audience::Recipients => people::of_ids(tx, held.parties.clone())?,
        other => people::everyone(tx, other, matter)?,
    };
    let others = found.into_iter().filter(|person| matter.doer.is_none_or(|doer| doer.0 != person.id.0));
    // Of a disclosure only its parties hear as such, and they by that alone.
    let party = audience == Audience::Recipients;
    seeing(tx, held, others.collect(), party)
}

/// Authors and facilitators who still see it; the focal points when there is none, so that somebody sees to it.
fn keepers(tx: &mut Tx, matter: &Matter, held: &Held) -> Result<Vec<Recipient>> {
    let named = people::of_ids(tx, held.named(KEEPERS))?;
    let named = seeing(tx, held, named, false)?;
    if named.is_empty() { people::everyone(tx, Audience::FocalPoints, matter) } else { Ok(named) }
}

fn seeing(tx: &mut Tx, held: &Held, people: Vec<Recipient>, party: bool) -> Result<Vec<Recipient>> {
    let mut seeing = Vec::new();
    for person in people {
        if person.status == UserStatus::Active && may_hear(tx, held, &person, party)? {
            seeing.push(person);
        }
    }
    Ok(seeing)
}

/// Whether somebody may hear of it: they see it at this moment, or are party to its disclosure. What is RED is for the
/// persons named on it, and for nobody else.
pub(super) fn may_hear(tx: &mut Tx, held: &Held, person: &Recipient, party: bool) -> Result<bool> {
    let user = UserId(person.id.0);
    if party && held.holding.tlp != Tlp::Red {
        return Ok(held.parties.contains(&user));
    }
    Ok(relation_of(tx, user, &held.holding)?.depth().is_some())
}
