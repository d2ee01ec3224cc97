//! Which registrations are within reach of a caller: of their country's people, and of sessions that they run or train.

use diesel::QueryResult;
use diesel::query_builder::{AstPass, QueryFragment};
use diesel::sql_types::Text;

use crate::kernel::access::{Reach, Role, Scope};
use crate::kernel::id::Iso2;
use crate::kernel::sql::Guid;
use crate::platform::connection::MultiBackend;
use crate::platform::schema::training_sessions;
use crate::programs::{WithinReach, within};

/// The condition on a query of registrations and their sessions.
#[derive(Clone, Debug)]
pub(in super::super) struct Seen(Option<Parts>);

#[derive(Clone, Debug)]
struct Parts {
    runs: Option<WithinReach<training_sessions::program_id>>,
    trains: Option<WithinReach<training_sessions::program_id>>,
    reach: Reach,
}

/// Registrations within reach.
pub(in super::super) fn seen(scope: &Scope) -> Seen {
    let Scope::Only(reach) = scope else { return Seen(None) };
    let by = |wanted: fn(&Role) -> bool| {
        let roles: Vec<Role> = reach.roles.iter().copied().filter(wanted).collect();
        let held = !roles.is_empty();
        let narrowed = Reach { countries: Vec::new(), within: None, roles, ..reach.clone() };
        held.then(|| within(training_sessions::program_id, &Scope::Only(narrowed)))
    };
    Seen(Some(Parts {
        runs: by(|role| *role != Role::Trainer),
        trains: by(|role| *role == Role::Trainer),
        reach: reach.clone(),
    }))
}

crate::platform::condition::condition!(Seen);

impl QueryFragment<MultiBackend> for Seen {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        let Some(parts) = &self.0 else {
            out.push_sql("TRUE");
            return Ok(());
        };
        out.push_sql("(");
        of_countries(&mut out, &parts.reach.countries)?;
        if let Some(runs) = &parts.runs {
            out.push_sql(" OR ");
            runs.walk_ast(out.reborrow())?;
        }
        if let Some(trains) = &parts.trains {
            out.push_sql(" OR (");
            trains.walk_ast(out.reborrow())?;
            out.push_sql(
                " AND training_sessions.id IN (SELECT st.session_id FROM session_trainers AS st WHERE st.user_id = ",
            );
            out.push_bind_param::<Guid, _>(&parts.reach.user)?;
            out.push_sql("))");
        }
        out.push_sql(")");
        if let Some(countries) = &parts.reach.within {
            out.push_sql(" AND ");
            of_countries(&mut out, countries)?;
        }
        Ok(())
    }
}

fn of_countries<'b>(out: &mut AstPass<'_, 'b, MultiBackend>, countries: &'b [Iso2]) -> QueryResult<()> {
    out.push_sql("registrations.country IN (");
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
