//! Which milestones are within reach of a caller: one SQL condition on a query of milestones.
//!
//! A country sees the milestones of its own and those for all countries of a program in which it takes part, and nothing
//! of another's; people with a role in the program see all of it.

use diesel::QueryResult;
use diesel::query_builder::{AstPass, QueryFragment};
use diesel::sql_types::Text;

use super::super::reach::{WithinReach, singly_within, within};
use crate::kernel::access::{Reach, Scope};
use crate::kernel::id::Iso2;
use crate::platform::connection::MultiBackend;
use crate::platform::schema::milestones;

/// The condition.
#[derive(Clone, Debug)]
pub(super) struct Visible(Option<Parts>);

#[derive(Clone, Debug)]
struct Parts {
    by_country: Programs,
    by_grant: Programs,
    reach: Reach,
}

/// Milestones within reach.
pub(super) fn visible(scope: &Scope) -> Visible {
    Visible::by(scope, within)
}

/// The same for the one milestone that a request names.
pub(super) fn singly_visible(scope: &Scope) -> Visible {
    Visible::by(scope, singly_within)
}

type Programs = WithinReach<milestones::program_id>;

impl Visible {
    fn by(scope: &Scope, programs: fn(milestones::program_id, &Scope) -> Programs) -> Visible {
        let Scope::Only(reach) = scope else { return Visible(None) };
        let by_country = Reach { roles: Vec::new(), within: None, ..reach.clone() };
        let by_grant = Reach { countries: Vec::new(), within: None, ..reach.clone() };
        Visible(Some(Parts {
            by_country: programs(milestones::program_id, &Scope::Only(by_country)),
            by_grant: programs(milestones::program_id, &Scope::Only(by_grant)),
            reach: reach.clone(),
        }))
    }
}

crate::platform::condition::condition!(Visible);

impl QueryFragment<MultiBackend> for Visible {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        let Some(parts) = &self.0 else {
            out.push_sql("TRUE");
            return Ok(());
        };
        out.push_sql("((");
        parts.by_country.walk_ast(out.reborrow())?;
        out.push_sql(" AND ");
        own_or_shared(&mut out, &parts.reach.countries)?;
        out.push_sql(") OR ");
        parts.by_grant.walk_ast(out.reborrow())?;
        out.push_sql(")");
        if let Some(countries) = &parts.reach.within {
            out.push_sql(" AND ");
            own_or_shared(&mut out, countries)?;
            out.push_sql(" AND milestones.program_id IN (SELECT w.program_id FROM program_countries AS w WHERE w.country IN ");
            listed(&mut out, countries)?;
            out.push_sql(")");
        }
        Ok(())
    }
}

fn own_or_shared<'b>(out: &mut AstPass<'_, 'b, MultiBackend>, countries: &'b [Iso2]) -> QueryResult<()> {
    out.push_sql("(milestones.country IS NULL OR milestones.country IN ");
    listed(out, countries)?;
    out.push_sql(")");
    Ok(())
}

fn listed<'b>(out: &mut AstPass<'_, 'b, MultiBackend>, countries: &'b [Iso2]) -> QueryResult<()> {
    out.push_sql("(");
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
