//! Many entries at once: the session is held and its people are read once; what follows from the entries is written together.

use std::collections::{BTreeSet, HashMap};

use super::super::numbers::standings;
use super::super::registrations::{self, Registration};
use super::super::sessions::Whole;
use super::actions::{noted, open_list};
use super::model::{AttendanceDraft, Source};
use crate::accounts::Permit;
use crate::kernel::Result;
use crate::kernel::access::RecordAttendance;
use crate::kernel::id::{RegistrationId, TrainingSessionId};
use crate::platform::db::Tx;
use crate::platform::sheet::Entering;

/// The list of a session that is being kept by one caller.
pub(super) struct Roll<'a> {
    permit: &'a Permit<RecordAttendance>,
    session: Whole,
    people: HashMap<RegistrationId, Registration>,
    /// Whose standing is to be measured.
    counted: BTreeSet<RegistrationId>,
    came: BTreeSet<RegistrationId>,
}

impl<'a> Roll<'a> {
    /// For a list of entries.
    ///
    /// # Errors
    /// 404, 403; 409 before the session runs and after it is reported.
    pub(super) fn open(
        tx: &mut Tx,
        permit: &'a Permit<RecordAttendance>,
        session: TrainingSessionId,
    ) -> Result<Self> {
        let session = open_list(tx, permit, session)?;
        let people = registrations::of_session(tx, &permit.scope(), session.session.id)?;
        let people = people.into_iter().map(|registration| (registration.id, registration)).collect();
        Ok(Roll { permit, session, people, counted: BTreeSet::new(), came: BTreeSet::new() })
    }
}

impl Entering<AttendanceDraft> for Roll<'_> {
    fn enter(&mut self, tx: &mut Tx, draft: AttendanceDraft) -> Result<String> {
        let found = self.people.get(&draft.registration_id).cloned();
        let noted = noted(tx, self.permit, &self.session, found, &draft, Source::Import)?;
        if noted.counts {
            self.counted.insert(noted.entry.registration_id);
        }
        self.came.extend(noted.came.map(|registration| registration.id));
        Ok(noted.entry.id.to_string())
    }

    fn finish(&mut self, tx: &mut Tx) -> Result<()> {
        let counted: Vec<RegistrationId> = self.counted.iter().copied().collect();
        standings::measure(tx, &self.session, &counted)?;
        let came: Vec<Registration> =
            self.came.iter().filter_map(|id| self.people.get(id)).cloned().collect();
        registrations::came(tx, self.permit, &came)
    }
}
