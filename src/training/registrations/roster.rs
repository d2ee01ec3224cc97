//! Many people at once: the session is held and read once, its seats are counted in memory under the lock, and what is new is
//! written and told together at the end.

use std::collections::HashMap;

use super::super::participants::{self, Participant, PersonDraft};
use super::super::sessions::{self, SessionStatus, Whole};
use super::actions::{
    ENTERED, NOMINATED, began, is_there, may_enter, may_nominate, nominated, saved, seated,
};
use super::draft::{NominationDraft, RegistrationDraft};
use super::events::RegistrationMoved;
use super::model::Registration;
use super::seats::Seats;
use super::store;
use crate::accounts::Permit;
use crate::kernel::access::{Action, Actor, EnterRegistrations, Nominate};
use crate::kernel::id::{Iso2, ParticipantId, TrainingSessionId};
use crate::kernel::{Error, Result};
use crate::platform::db::Tx;
use crate::platform::outbox;
use crate::platform::sheet::Entering;

/// A session that is being filled by one caller.
pub(super) struct Roster<'a, A: Action> {
    permit: &'a Permit<A>,
    session: Whole,
    seats: Seats,
    /// People who are new, by country and address: written together at the end, found here meanwhile.
    people: HashMap<(Iso2, String), Participant>,
    /// Their registrations and others that are new, in the same way.
    new: HashMap<ParticipantId, Registration>,
    told: Vec<RegistrationMoved>,
}

impl<'a, A: Action> Roster<'a, A> {
    fn of(tx: &mut Tx, permit: &'a Permit<A>, session: Whole) -> Result<Self> {
        let seats = Seats::of(tx, session.session.id)?;
        Ok(Roster { permit, session, seats, people: HashMap::new(), new: HashMap::new(), told: Vec::new() })
    }

    /// The person of a row, `true` when new.
    fn meet(&self, tx: &mut Tx, country: Iso2, draft: &PersonDraft) -> Result<(Participant, bool)> {
        match self.people.get(&(country, draft.email.folded())) {
            Some(there) => Ok((there.clone(), false)),
            None => participants::met(tx, self.permit, country, draft),
        }
    }

    /// Keeps a person and a registration that are new, writes a registration that is taken up again.
    fn keep(
        &mut self,
        tx: &mut Tx,
        (person, is_new): (Participant, bool),
        mut registration: Registration,
        action: &'static str,
    ) -> Result<String> {
        if let Some(there) = self.new.get(&registration.participant_id) {
            return Err(is_there(there));
        }
        if registration.version > 0 {
            registration = saved(tx, self.permit, registration, action)?;
        } else {
            registration.version = 1;
            began(tx, self.permit, &registration, action);
            self.new.insert(registration.participant_id, registration.clone());
        }
        if is_new {
            self.people.insert((person.country, person.email_key.clone()), person);
        }
        self.told.push(RegistrationMoved::of(&registration, None, self.permit.user()));
        Ok(registration.id.to_string())
    }

    fn end(&mut self, tx: &mut Tx) -> Result<()> {
        // In the order of the file, as their ids are.
        let mut people: Vec<&Participant> = self.people.values().collect();
        people.sort_by_key(|person| person.id);
        participants::enter_all(tx, &people)?;
        let mut new: Vec<&Registration> = self.new.values().collect();
        new.sort_by_key(|registration| registration.id);
        store::insert_all(tx, self.session.session.program_id, &new)?;
        outbox::enqueue_all(tx, &self.told)?;
        self.seats.clone().write(tx)
    }
}

impl<'a> Roster<'a, Nominate> {
    /// The session, held, where its country may still be nominated for.
    ///
    /// # Errors
    /// 404, 403; 409 when registration is not open.
    pub(super) fn takes_nominees(
        tx: &mut Tx,
        permit: &Permit<Nominate>,
        session: TrainingSessionId,
    ) -> Result<Whole> {
        let session = sessions::hold(tx, permit, session)?;
        match session.session.status {
            SessionStatus::RegistrationOpen => Ok(session),
            status => Err(Error::conflict(format!(
                "The session is {status}; people are nominated while registration is open."
            ))),
        }
    }

    /// For a list of nominees.
    ///
    /// # Errors
    /// As [`takes_nominees`](Self::takes_nominees).
    pub(super) fn of_nominees(
        tx: &mut Tx,
        permit: &'a Permit<Nominate>,
        session: TrainingSessionId,
    ) -> Result<Self> {
        let session = Self::takes_nominees(tx, permit, session)?;
        Roster::of(tx, permit, session)
    }
}

impl<'a> Roster<'a, EnterRegistrations> {
    /// The session, held, where people may still be entered.
    ///
    /// # Errors
    /// 404, 403; 409 before it is published and after it is reported.
    pub(super) fn takes_people(
        tx: &mut Tx,
        permit: &Permit<EnterRegistrations>,
        session: TrainingSessionId,
    ) -> Result<Whole> {
        let session = sessions::hold(tx, permit, session)?;
        let status = session.session.status;
        if status == SessionStatus::Draft || status.is_over() {
            return Err(Error::conflict(format!(
                "The session is {status}; people are entered once it is published and until it is reported."
            )));
        }
        Ok(session)
    }

    /// For a list of people.
    ///
    /// # Errors
    /// As [`takes_people`](Self::takes_people).
    pub(super) fn of_people(
        tx: &mut Tx,
        permit: &'a Permit<EnterRegistrations>,
        session: TrainingSessionId,
    ) -> Result<Self> {
        let session = Self::takes_people(tx, permit, session)?;
        Roster::of(tx, permit, session)
    }
}

impl Entering<NominationDraft> for Roster<'_, Nominate> {
    fn enter(&mut self, tx: &mut Tx, draft: NominationDraft) -> Result<String> {
        may_nominate(self.permit, &self.session, draft.country)?;
        let person = self.meet(tx, draft.country, &draft.person)?;
        let registration = nominated(tx, self.permit, &self.session, &person, &draft)?;
        self.keep(tx, person, registration, NOMINATED)
    }

    fn finish(&mut self, tx: &mut Tx) -> Result<()> {
        self.end(tx)
    }
}

impl Entering<RegistrationDraft> for Roster<'_, EnterRegistrations> {
    fn enter(&mut self, tx: &mut Tx, draft: RegistrationDraft) -> Result<String> {
        may_enter(&self.session, draft.country)?;
        let person = self.meet(tx, draft.country, &draft.person)?;
        let registration = seated(tx, self.permit, &self.session, &mut self.seats, &person, &draft)?;
        let (took, country) = (registration.status.holds_a_seat(), registration.country);
        let kept = self.keep(tx, person, registration, ENTERED);
        if kept.is_err() && took {
            self.seats.free(country);
        }
        kept
    }

    fn finish(&mut self, tx: &mut Tx) -> Result<()> {
        self.end(tx)
    }
}
