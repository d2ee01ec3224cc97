//! What is true of a focal point's mandate, for letters F1 and F2.

use diesel::prelude::*;

use super::{Fact, Matter, programs};
use crate::kernel::Result;
use crate::kernel::id::{FocalPointId, Iso2, ObjectId, UserId};
use crate::kernel::time::{Day, Timestamp, Zone};
use crate::notifications::model::Letter;
use crate::notifications::people;
use crate::notifications::rules::RuleCode;
use crate::platform::db::Tx;
use crate::platform::schema::focal_points;

/// Days after which a mandate must be confirmed again.
const EVERY: i64 = 180;

type Row = (FocalPointId, Iso2, UserId, Option<Timestamp>);

fn due(confirmed: Timestamp) -> Day {
    Day(confirmed.plus_days(EVERY).date_in(Zone::UTC))
}

pub(super) fn matter(tx: &mut Tx, letter: &Letter) -> Result<Matter> {
    let found: Option<Row> = focal_points::table
        .select((
            focal_points::id,
            focal_points::country,
            focal_points::user_id,
            focal_points::last_confirmed_at,
        ))
        .filter(focal_points::id.eq(FocalPointId(letter.object_id.0)))
        .filter(focal_points::status.eq("active"))
        .first(tx.conn())
        .optional()?;
    let Some((id, country, user, Some(confirmed))) = found else {
        return Ok(Matter::void("the mandate is over"));
    };
    let mut matter = Matter {
        path: format!("/partners/{country}/focal-points/{id}"),
        person: Some(user),
        countries: vec![country],
        day: Some(due(confirmed)),
        ..Matter::default()
    };
    if due(confirmed).to_string() != letter.anchor {
        return Ok(Matter::void("the mandate was confirmed"));
    }
    matter.tell("country", programs::country_name(tx, country)?);
    if let Some(person) = people::person(tx, user)? {
        matter.tell("account", Fact::Text(person.name.to_string()));
    }
    matter.tell("confirmed", Fact::Day(Day(confirmed.date_in(Zone::UTC))));
    if letter.rule == RuleCode::F1 {
        matter.tell("due", Fact::Day(due(confirmed)));
    }
    Ok(matter)
}

/// Mandates that are due to be confirmed in a span, in order, after a row.
pub(super) fn dated(
    tx: &mut Tx,
    from: Day,
    to: Day,
    after: Option<ObjectId>,
    limit: i64,
) -> Result<Vec<(ObjectId, String, Timestamp)>> {
    let at = |day: Day| Zone::UTC.instant(day.plus(-EVERY), 0, 0);
    let mut query = focal_points::table
        .select((focal_points::id, focal_points::last_confirmed_at))
        .filter(focal_points::status.eq("active"))
        .filter(focal_points::last_confirmed_at.ge(at(from)))
        .filter(focal_points::last_confirmed_at.lt(at(to.plus(1))))
        .order(focal_points::id)
        .limit(limit)
        .into_boxed::<crate::platform::connection::MultiBackend>();
    if let Some(after) = after {
        query = query.filter(focal_points::id.gt(FocalPointId(after.0)));
    }
    let rows: Vec<(FocalPointId, Option<Timestamp>)> = query.load(tx.conn())?;
    let anchored =
        |(id, at): (FocalPointId, Option<Timestamp>)| at.map(|at| (ObjectId(id.0), due(at).to_string(), at));
    Ok(rows.into_iter().filter_map(anchored).collect())
}
