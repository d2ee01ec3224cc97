//! What every letter about what a country owns may tell: whose it is, what kind of thing, and its title when its label allows.

use super::{Fact, Matter, programs};
use crate::disclosure::{self, Holding, Part, Tlp};
use crate::kernel::Result;
use crate::kernel::id::UserId;
use crate::notifications::rules::Audience;
use crate::platform::db::Tx;

/// What a country owns, and who has to do with it.
#[derive(Clone, Debug)]
pub struct Held {
    /// Whose it is and how far it may be passed on.
    pub holding: Holding,
    /// Who is named on it, and for what.
    pub people: Vec<(UserId, Part)>,
    /// Parties of a disclosure: they are told of that, whether or not they see what is disclosed. Not under RED.
    pub parties: Vec<UserId>,
    /// Who decides on it, or did.
    pub approvers: Vec<UserId>,
}

impl Held {
    /// Who is named for one of these parts.
    pub fn named(&self, parts: &[Part]) -> Vec<UserId> {
        self.people.iter().filter(|(_, part)| parts.contains(part)).map(|(user, _)| *user).collect()
    }

    /// Whether somebody is to be there for a letter: a program need not be part of it, and of what is RED only those hear
    /// who are named on it.
    pub fn expects(&self, to: Audience) -> bool {
        match to {
            Audience::FocalPoints => self.holding.tlp != Tlp::Red,
            other => matches!(other, Audience::Assignee | Audience::Authors | Audience::Approvers),
        }
    }
}

/// A letter about a holding: no more than what kind of thing it is and which country's, unless its label lets letters name
/// it (TLP 2.0: GREEN and CLEAR).
pub(super) fn matter(tx: &mut Tx, holding: Holding, thing: &str, path: String) -> Result<Matter> {
    let people = disclosure::named(tx, holding.id)?;
    let mut matter =
        Matter { path, program: holding.program_id, countries: vec![holding.country], ..Matter::default() };
    matter.tell("country", programs::country_name(tx, holding.country)?);
    matter.tell("thing", Fact::Word("thing", thing.to_owned()));
    if holding.tlp.may_be_named_in_letters() {
        matter.tell("title", Fact::Titles(holding.title.clone()));
    }
    matter.holding = Some(Box::new(Held { holding, people, parties: Vec::new(), approvers: Vec::new() }));
    Ok(matter)
}
