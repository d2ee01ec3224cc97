//! Which sessions are within reach of a caller: one SQL condition on a query of sessions.
//!
//! A country sees the sessions to which it is invited once they are published, and nothing of the others; people with a
//! role in the program see all of it.

use diesel::QueryResult;
use diesel::query_builder::{AstPass, QueryFragment};
use diesel::sql_types::Text;

use crate::kernel::access::{Reach, Scope};
use crate::kernel::id::Iso2;
use crate::platform::connection::MultiBackend;
use crate::platform::schema::training_sessions;
use crate::programs::{WithinReach, within};

/// The condition.
#[derive(Clone, Debug)]
pub(in super::super) struct Visible(Option<Parts>);

#[derive(Clone, Debug)]
struct Parts {
    by_country: WithinReach<training_sessions::program_id>,
    by_grant: WithinReach<training_sessions::program_id>,
    reach: Reach,
}

/// Sessions within reach.
pub(in super::super) fn visible(scope: &Scope) -> Visible {
    let Scope::Only(reach) = scope else { return Visible(None) };
    let by_country = Reach { roles: Vec::new(), within: None, ..reach.clone() };
    let by_grant = Reach { countries: Vec::new(), within: None, ..reach.clone() };
    Visible(Some(Parts {
        by_country: within(training_sessions::program_id, &Scope::Only(by_country)),
        by_grant: within(training_sessions::program_id, &Scope::Only(by_grant)),
        reach: reach.clone(),
    }))
}

crate::platform::condition::condition!(Visible);

impl QueryFragment<MultiBackend> for Visible {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        let Some(parts) = &self.0 else {
            out.push_sql("TRUE");
            return Ok(());
        };
        out.push_sql("(");
        if !parts.reach.countries.is_empty() {
            out.push_sql(if parts.reach.all { "(" } else { "(training_sessions.status <> 'draft' AND " });
            parts.by_country.walk_ast(out.reborrow())?;
            out.push_sql(" AND ");
            invited(&mut out, &parts.reach.countries)?;
            out.push_sql(") OR ");
        }
        parts.by_grant.walk_ast(out.reborrow())?;
        out.push_sql(")");
        if let Some(countries) = &parts.reach.within {
            out.push_sql(" AND ");
            invited(&mut out, countries)?;
        }
        Ok(())
    }
}

fn invited<'b>(out: &mut AstPass<'_, 'b, MultiBackend>, countries: &'b [Iso2]) -> QueryResult<()> {
    out.push_sql(
        "training_sessions.id IN (SELECT sc.session_id FROM session_countries AS sc WHERE sc.country IN (",
    );
    if countries.is_empty() {
        out.push_sql("NULL");
    }
    for (place, country) in countries.iter().enumerate() {
        out.push_sql(if place == 0 { "" } else { ", " });
        out.push_bind_param::<Text, _>(country)?;
    }
    out.push_sql("))");
    Ok(())
}
