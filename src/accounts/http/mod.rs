//! Routes of people and their own accounts.

pub(crate) mod auth;

use actix_web::{get, web::Data};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::accounts::guard::Permit;
use crate::accounts::model::User;
use crate::accounts::store;
use crate::kernel::access::Role;
use crate::kernel::access::{Actor, UseAccount};
use crate::kernel::id::{Iso2, ProgramId};
use crate::kernel::lang::Lang;
use crate::kernel::text::{Email, Name};
use crate::kernel::time::Zone;
use crate::kernel::{Error, Result};
use crate::platform::db::Db;
use crate::platform::http::Reply;

/// Registers the handlers of this slice.
pub(crate) fn routes(config: &mut ServiceConfig) {
    config
        .service(auth::log_in)
        .service(auth::carry_on)
        .service(auth::log_out)
        .service(auth::step_up)
        .service(me);
}

/// The caller: who they are, their language and zone, and their roles.
#[derive(Debug, Serialize, ToSchema)]
pub struct Me {
    /// The person's id.
    pub id: crate::kernel::id::UserId,
    /// Address for letters and login.
    pub email: Email,
    /// Name as the person writes it.
    pub name: Name,
    /// Language of letters.
    pub language: Lang,
    /// Zone in which days begin for this person.
    pub timezone: Zone,
    /// Roles over countries and programs.
    pub roles: Vec<Held>,
}

/// A role over a scope.
#[derive(Debug, Serialize, ToSchema)]
pub struct Held {
    /// The role.
    pub role: Role,
    /// Over this country.
    pub country: Option<Iso2>,
    /// Over this program.
    pub program_id: Option<ProgramId>,
}

impl Me {
    fn of(user: User, roles: Vec<Held>) -> Me {
        Me {
            id: user.id,
            email: user.email,
            name: user.name,
            language: user.language,
            timezone: user.timezone,
            roles,
        }
    }
}

/// Tell who I am and what I may do.
#[utoipa::path(tag = "me", responses((status = 200, body = Me)))]
#[get("/me")]
pub async fn me(db: Data<Db>, permit: Permit<UseAccount>) -> Result<Reply<Me>> {
    let read = db.read(move |tx| {
        let user = store::user(tx, permit.user())?.ok_or_else(Error::not_found)?;
        let grants = store::grants_of(tx, permit.user())?;
        Ok((user, grants))
    });
    let (user, grants) = read.await?;
    let roles =
        grants.into_iter().map(|g| Held { role: g.role, country: g.country, program_id: g.program_id });
    Ok(Reply::record(user.version, Me::of(user, roles.collect())))
}
