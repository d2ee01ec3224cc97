//! From events and dates to letters: rules, planner, texts, preferences, delivery. Knows the events of other slices;
//! nobody knows this one.

mod actions;
mod choices;
mod compose;
mod crowd;
mod days;
mod drafts;
mod facts;
mod foresight;
pub(crate) mod http;
mod invitation;
mod judge;
mod log;
mod model;
mod numbers;
mod pace;
pub(crate) mod pages;
mod people;
mod places;
mod planner;
mod queue;
mod rules;
mod sender;
mod sight;
mod store;
mod troubles;
mod unsubscribe;
mod voids;
mod words;

use std::sync::{Arc, Mutex};

use crate::kernel::Result;
use crate::kernel::lang::Lang;
use crate::kernel::time::Timestamp;
use crate::platform::db::Db;
use crate::platform::keys::Master;
use crate::platform::mail::{Mailer, Message};

pub use actions::hold_after_restore;
pub use numbers::{Numbers, numbers};
pub use rules::RuleCode;

/// Seconds between two walks over all dates.
const WALK: i64 = 3600;

/// What a round of the worker needs; cheap to clone.
#[derive(Clone)]
pub struct Desk {
    db: Db,
    mailer: Mailer,
    place: compose::Place,
    walked: Arc<Mutex<Option<Timestamp>>>,
}

impl Desk {
    /// A desk over a database and a way out.
    pub fn new(db: Db, mailer: Mailer, master: Master, base_url: &str) -> Desk {
        let settings = mailer.settings();
        let links = match settings.links.as_str() {
            "" => format!("{base_url}/api/v1"),
            set => set.trim_end_matches('/').to_owned(),
        };
        let name = settings.from.split('<').next().unwrap_or("").trim().trim_matches('"').to_owned();
        let house = if name.is_empty() { "cybercap".to_owned() } else { name };
        let domain = mailer.domain().to_owned();
        let (address, base_url) = (mailer.address(), base_url.to_owned());
        let place = compose::Place { house, address, domain, base_url, links, master };
        Desk { db, mailer, place, walked: Arc::default() }
    }
}

impl Desk {
    /// Letters that wait, planned as the worker plans them, with their instant, as they would go out now; in one language, or in each recipient's own.
    ///
    /// # Errors
    /// When the database refuses, or a text is missing.
    pub async fn waiting(
        &self,
        rule: Option<RuleCode>,
        language: Option<Lang>,
        limit: i64,
    ) -> Result<Vec<(Timestamp, Message)>> {
        plan(self).await?;
        let found = self.db.read(move |tx| actions::waiting(tx, rule, limit)).await?;
        let written = found.into_iter().map(|(mut to, sheet)| {
            to.language = language.unwrap_or(to.language);
            Ok((sheet.letter.planned_for, compose::compose(&self.place, &to, &[sheet])?))
        });
        written.collect()
    }

    /// Whether the dates are to be walked: hourly, and when the clock went backwards.
    fn should_walk(&self) -> bool {
        let now = self.db.clock().now();
        let Ok(mut walked) = self.walked.lock() else { return true };
        let fresh = walked.is_some_and(|at| (0..WALK).contains(&(now.seconds() - at.seconds())));
        if !fresh {
            *walked = Some(now);
        }
        !fresh
    }
}

/// Plans the letters of all dates that are near and not planned yet.
async fn walk(desk: &Desk, hour: u32) -> Result<usize> {
    let (mut planned, mut next) = (0, Some(planner::Walk::default()));
    while let Some(at) = next {
        let (found, further) = desk.db.read(move |tx| planner::missing(tx, at, hour)).await?;
        next = further;
        if !found.is_empty() {
            planned += desk.db.write(move |tx| found.plan(tx, hour)).await?;
        }
    }
    Ok(planned)
}

/// What a round did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Letters added to the table.
    pub planned: usize,
    /// Letters taken by the mail server.
    pub sent: usize,
    /// Letters that will be tried again.
    pub retried: usize,
    /// Letters refused for good.
    pub bounced: usize,
    /// Letters given up.
    pub dead: usize,
    /// Letters found void.
    pub cancelled: usize,
    /// Times the server refused us rather than a recipient.
    pub channel_faults: usize,
}

impl Report {
    /// Each number by its name.
    pub fn outcomes(&self) -> [(&'static str, usize); 7] {
        [
            ("planned", self.planned),
            ("sent", self.sent),
            ("retried", self.retried),
            ("bounced", self.bounced),
            ("dead", self.dead),
            ("cancelled", self.cancelled),
            ("channel_fault", self.channel_faults),
        ]
    }

    fn and(self, other: Report) -> Report {
        Report {
            planned: self.planned + other.planned,
            sent: self.sent + other.sent,
            retried: self.retried + other.retried,
            bounced: self.bounced + other.bounced,
            dead: self.dead + other.dead,
            cancelled: self.cancelled + other.cancelled,
            channel_faults: self.channel_faults + other.channel_faults,
        }
    }
}

/// One round: plans what happened and what is due by date, then sends what is due. Several may run at once, in one
/// process or in many; each letter is planned once and sent once.
///
/// # Errors
/// When the database is away.
pub async fn tick(desk: &Desk) -> Result<Report> {
    let mut report = Report { planned: plan(desk).await?, ..Report::default() };
    let senders = (0..desk.mailer.settings().senders).map(|_| sender::send_all(desk, desk.mailer.sender()));
    for sent in futures_util::future::join_all(senders).await {
        report = report.and(sent?);
    }
    Ok(report)
}

/// Plans the letters of what happened and of dates that are near; how many are new.
async fn plan(desk: &Desk) -> Result<usize> {
    let hour = desk.mailer.settings().morning;
    let mut count = 0;
    while desk.db.read(planner::anything_happened).await? {
        let (planned, more) = desk.db.write(move |tx| planner::plan_events(tx, hour)).await?;
        count += planned;
        if !more {
            break;
        }
    }
    if desk.should_walk() {
        count += walk(desk, hour).await?;
    }
    Ok(count)
}
