//! The counts themselves: one query over the index of a session, a program or a country.

use diesel::QueryResult;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{BigInt, Date, Nullable, Text};

use super::super::participants::Sex;
use super::model::Span;
use crate::kernel::Result;
use crate::kernel::access::Scope;
use crate::kernel::id::{Iso2, ProgramId, TrainingSessionId};
use crate::kernel::sql::Guid;
use crate::platform::connection::{AnyConnection, MultiBackend};
use crate::platform::db::Tx;
use crate::platform::plan;
use crate::platform::schema::training_standings;
use crate::programs::{WithinReach, within};

/// Of what people are counted.
#[derive(Clone, Copy, Debug)]
pub enum Of {
    /// A session.
    Session(TrainingSessionId),
    /// A program.
    Program(ProgramId),
    /// A country.
    Country(Iso2),
}

/// People of a country and a sex: nominated, confirmed, attended, completed.
pub(super) type Count = (Iso2, Option<Sex>, i64, i64, i64, i64);

/// What is counted, and for whom.
pub(super) struct Counted {
    /// Of what.
    pub of: Of,
    /// People of these countries; everybody when not said.
    pub countries: Option<Vec<Iso2>>,
    /// In programs within reach.
    programs: WithinReach<training_standings::program_id>,
    /// In sessions of these days.
    pub span: Span,
}

impl Counted {
    /// In programs within a scope.
    pub(super) fn new(of: Of, countries: Option<Vec<Iso2>>, programs: &Scope, span: Span) -> Counted {
        Counted { of, countries, programs: within(training_standings::program_id, programs), span }
    }
}

impl QueryId for Counted {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl Query for Counted {
    type SqlType = (Text, Nullable<Text>, BigInt, BigInt, BigInt, BigInt);
}

impl RunQueryDsl<AnyConnection> for Counted {}

impl QueryFragment<MultiBackend> for Counted {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        out.unsafe_to_cache_prepared();
        out.push_sql(
            "SELECT person.country, participants.sex, SUM(person.nominated), SUM(person.confirmed), \
             SUM(person.attended), SUM(person.completed) FROM (SELECT training_standings.participant_id, \
             training_standings.country, MAX(training_standings.nominated) AS nominated, \
             MAX(training_standings.confirmed) AS confirmed, MAX(training_standings.attended) AS attended, \
             MAX(training_standings.attended * training_standings.completed) AS completed \
             FROM training_standings WHERE ",
        );
        self.which(&mut out)?;
        self.held(&mut out)?;
        if let Some(countries) = &self.countries {
            out.push_sql(" AND training_standings.country IN (");
            if countries.is_empty() {
                out.push_sql("NULL");
            }
            for (place, country) in countries.iter().enumerate() {
                out.push_sql(if place == 0 { "" } else { ", " });
                out.push_bind_param::<Text, _>(country)?;
            }
            out.push_sql(")");
        }
        out.push_sql(
            " GROUP BY training_standings.participant_id, training_standings.country) AS person \
             INNER JOIN participants ON participants.id = person.participant_id \
             GROUP BY person.country, participants.sex",
        );
        Ok(())
    }
}

impl Counted {
    fn which<'b>(&'b self, out: &mut AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        match &self.of {
            Of::Session(id) => {
                out.push_sql("training_standings.session_id = ");
                out.push_bind_param::<Guid, _>(id)?;
            }
            Of::Program(id) => {
                out.push_sql("training_standings.program_id = ");
                out.push_bind_param::<Guid, _>(id)?;
            }
            Of::Country(country) => {
                out.push_sql("training_standings.country = ");
                out.push_bind_param::<Text, _>(country)?;
                out.push_sql(" AND ");
                self.programs.walk_ast(out.reborrow())?;
            }
        }
        Ok(())
    }

    /// Without sessions that were given up, and those of other days. Said of what is left out: so the counts are read in
    /// the order of people from one index, and nothing is sorted.
    fn held<'b>(&'b self, out: &mut AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        if matches!(self.of, Of::Session(_)) {
            return Ok(());
        }
        out.push_sql(
            " AND training_standings.session_id NOT IN (SELECT training_sessions.id FROM training_sessions WHERE ",
        );
        if let Of::Program(id) = &self.of {
            out.push_sql("training_sessions.program_id = ");
            out.push_bind_param::<Guid, _>(id)?;
            out.push_sql(" AND (");
        }
        out.push_sql("training_sessions.status = 'cancelled'");
        if let Some(from) = &self.span.from {
            out.push_sql(" OR training_sessions.last_day < ");
            out.push_bind_param::<Date, _>(from)?;
        }
        if let Some(to) = &self.span.to {
            out.push_sql(" OR training_sessions.first_day > ");
            out.push_bind_param::<Date, _>(to)?;
        }
        out.push_sql(if matches!(self.of, Of::Program(_)) { "))" } else { ")" });
        Ok(())
    }
}

/// Counts people.
pub(super) fn count(tx: &mut Tx, counted: Counted) -> Result<Vec<Count>> {
    Ok(counted.load(tx.conn())?)
}

/// How the database would count the people of a program, in its own words; a test holds it to the index.
///
/// # Errors
/// When the database refuses.
pub fn plan_of_numbers(tx: &mut Tx, of: Of) -> Result<Vec<String>> {
    plan::of(tx, Counted::new(of, None, &Scope::All, Span::default()))
}
