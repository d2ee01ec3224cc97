//! Which people are within reach of a caller: those of their country, and those registered in programs that they run.

use diesel::QueryResult;
use diesel::query_builder::{AstPass, QueryFragment};
use diesel::sql_types::Text;

use crate::kernel::access::{Reach, Scope};
use crate::kernel::id::Iso2;
use crate::platform::connection::MultiBackend;
use crate::platform::schema::training_sessions;
use crate::programs::{WithinReach, within};

/// The condition on a query of participants.
#[derive(Clone, Debug)]
pub(super) struct Known(Option<(WithinReach<training_sessions::program_id>, Reach)>);

/// People within reach.
pub(super) fn known(scope: &Scope) -> Known {
    let Scope::Only(reach) = scope else { return Known(None) };
    let by_grant = Reach { countries: Vec::new(), within: None, ..reach.clone() };
    Known(Some((within(training_sessions::program_id, &Scope::Only(by_grant)), reach.clone())))
}

crate::platform::condition::condition!(Known);

impl QueryFragment<MultiBackend> for Known {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        let Some((by_grant, reach)) = &self.0 else {
            out.push_sql("TRUE");
            return Ok(());
        };
        out.push_sql("(");
        of_countries(&mut out, &reach.countries)?;
        if !reach.roles.is_empty() {
            out.push_sql(
                " OR participants.id IN (SELECT registrations.participant_id FROM registrations \
                 INNER JOIN training_sessions ON training_sessions.id = registrations.session_id WHERE ",
            );
            by_grant.walk_ast(out.reborrow())?;
            out.push_sql(")");
        }
        out.push_sql(")");
        if let Some(countries) = &reach.within {
            out.push_sql(" AND ");
            of_countries(&mut out, countries)?;
        }
        Ok(())
    }
}

fn of_countries<'b>(out: &mut AstPass<'_, 'b, MultiBackend>, countries: &'b [Iso2]) -> QueryResult<()> {
    out.push_sql("participants.country IN (");
    if countries.is_empty() {
        out.push_sql("NULL");
    }
    for (place, country) in countries.iter().enumerate() {
        out.push_sql(if place == 0 { "" } else { ", " });
        out.push_bind_param::<Text, _>(country)?;
    }
    out.push_sql(")");
    Ok(())
}
