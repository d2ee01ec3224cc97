//! The demo's files, read.

use std::collections::BTreeMap;

use figment::Figment;
use figment::providers::{Format, Toml};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::kernel::{Error, Result};

/// Everything that the demo knows.
pub(super) struct Content {
    /// Everybody.
    pub(super) people: Vec<Person>,
    /// Partner countries.
    pub(super) partners: Vec<Partner>,
    /// Organizations.
    pub(super) organizations: Vec<Organization>,
    /// Programs with their milestones.
    pub(super) programs: Vec<Program>,
    /// Courses.
    pub(super) courses: Vec<Course>,
    /// Training sessions.
    pub(super) sessions: Vec<Session>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct People {
    people: Vec<Person>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Partners {
    partners: Vec<Partner>,
    organizations: Vec<Organization>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Programs {
    programs: Vec<Program>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Training {
    courses: Vec<Course>,
    sessions: Vec<Session>,
}

/// Someone.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Person {
    pub(super) key: String,
    pub(super) name: String,
    pub(super) language: String,
    pub(super) zone: String,
    pub(super) role: Option<String>,
    pub(super) country: Option<String>,
}

impl Person {
    /// Address in a domain that can't exist (RFC 2606).
    pub(super) fn email(&self) -> String {
        format!("{}@demo.example", self.key.to_lowercase())
    }
}

/// A country as partner.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Partner {
    pub(super) country: String,
    pub(super) languages: Vec<String>,
    pub(super) status: String,
    /// Days on which the focal point confirmed the mandate; without them it is long overdue.
    pub(super) confirmed: Vec<i64>,
}

/// An organization.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Organization {
    pub(super) key: String,
    pub(super) kind: String,
    /// IATI organization type.
    pub(super) type_code: String,
    pub(super) country: Option<String>,
    pub(super) name: BTreeMap<String, String>,
}

/// A program and what became of it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Program {
    pub(super) key: String,
    /// Its coordinator.
    pub(super) who: String,
    /// Day of entry, relative to today.
    pub(super) entered: i64,
    /// Where it stands today.
    pub(super) status: String,
    /// Why it was suspended or cancelled.
    pub(super) reason: Option<String>,
    /// Planned start, when it did not start as planned or not yet.
    pub(super) starts: Option<i64>,
    /// Actual start.
    pub(super) started: Option<i64>,
    /// Planned end.
    pub(super) ends: Option<i64>,
    pub(super) themes: Vec<String>,
    /// Country and share.
    pub(super) countries: Vec<Vec<String>>,
    /// Role and organization.
    pub(super) organizations: Vec<(String, String)>,
    /// Role and person, besides the coordinator.
    #[serde(default)]
    pub(super) members: Vec<(String, String)>,
    pub(super) sdg: Vec<String>,
    pub(super) budget: Option<BTreeMap<String, String>>,
    pub(super) title: BTreeMap<String, String>,
    pub(super) description: Option<BTreeMap<String, String>>,
    pub(super) milestones: Vec<Milestone>,
}

/// A milestone and what became of it.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Milestone {
    /// Due today, relative to today.
    pub(super) due: i64,
    pub(super) weight: i64,
    pub(super) country: String,
    pub(super) owner: String,
    pub(super) state: String,
    pub(super) note: Option<String>,
    /// Earlier due dates, and why each was given up.
    #[serde(default)]
    pub(super) moved: Vec<(i64, String)>,
    /// Title by language.
    #[serde(flatten)]
    pub(super) title: BTreeMap<String, String>,
}

/// A course.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Course {
    pub(super) key: String,
    /// Who writes it.
    pub(super) who: String,
    /// Day of entry, relative to today.
    pub(super) entered: i64,
    pub(super) level: String,
    pub(super) themes: Vec<String>,
    pub(super) work_roles: Vec<String>,
    pub(super) languages: Vec<String>,
    pub(super) title: BTreeMap<String, String>,
    pub(super) objectives: BTreeMap<String, String>,
}

/// A training session and what became of it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Session {
    pub(super) program: String,
    pub(super) course: Option<String>,
    /// Who plans it.
    pub(super) who: String,
    /// Day of entry, relative to today.
    pub(super) entered: i64,
    pub(super) kind: String,
    pub(super) mode: String,
    pub(super) venue: Option<String>,
    pub(super) city: Option<String>,
    pub(super) country: Option<String>,
    pub(super) link: Option<String>,
    pub(super) zone: String,
    /// First and last.
    pub(super) days: (i64, i64),
    pub(super) starts: String,
    pub(super) ends: String,
    /// Days on which registration opens and closes.
    pub(super) opens: Option<i64>,
    pub(super) closes: Option<i64>,
    pub(super) capacity: u32,
    /// Country, most seats, reserves; all countries of the program when not said.
    pub(super) seats: Option<Vec<(String, u32, u32)>>,
    #[serde(default)]
    pub(super) trainers: Vec<String>,
    /// Country and name of those who come; who was away on its last day misses too much of it.
    #[serde(default)]
    pub(super) people: Vec<(String, String)>,
    /// Names of those who were away.
    #[serde(default)]
    pub(super) away: Vec<String>,
    pub(super) languages: Vec<String>,
    /// Where it stands today.
    pub(super) state: String,
    /// Day on which it was postponed or cancelled, and why.
    pub(super) given_up: Option<i64>,
    pub(super) reason: Option<String>,
    pub(super) title: BTreeMap<String, String>,
}

impl Content {
    /// Reads the files that are compiled in.
    ///
    /// # Errors
    /// When one of them is not as it should be.
    pub(super) fn read() -> Result<Content> {
        let People { people } = read(include_str!("../../config/demo/people.toml"))?;
        let Partners { partners, organizations } = read(include_str!("../../config/demo/partners.toml"))?;
        let Programs { programs } = read(include_str!("../../config/demo/programs.toml"))?;
        let Training { courses, sessions } = read(include_str!("../../config/demo/training.toml"))?;
        Ok(Content { people, partners, organizations, programs, courses, sessions })
    }
}

fn read<T: DeserializeOwned>(text: &str) -> Result<T> {
    Figment::from(Toml::string(text)).extract().map_err(|e| Error::internal(e.to_string()))
}

/// A word of the files as a type of the house.
///
/// # Errors
/// When it is none.
pub(super) fn word<T: std::str::FromStr>(text: &str) -> Result<T> {
    text.parse().map_err(|_| Error::internal(format!("config/demo: `{text}` is not valid")))
}
