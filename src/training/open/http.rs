//! Open registration over HTTP: public, the token in the body, where no log keeps it.

use actix_web::post;

use super::super::entrance::Entrance;
use super::actions;
use super::model::{LinkToken, OpenRegistration, OpenSession, Taken};
use crate::kernel::Result;
use crate::platform::http::{Json, Reply};
use crate::platform::limit::Rule;

/// Registrations from one network: a room of a ministry registers together.
const FROM: Rule = Rule { name: "open source", free: 60, window: 3600, waits: &[600], stop: 0 };
/// Registrations through one link, from anywhere.
const THROUGH: Rule = Rule { name: "open link", free: 2_000, window: 3600, waits: &[300], stop: 0 };

/// Show what a link for registration opens: the session, from where people may come, what is asked and why.
#[utoipa::path(tag = "passes", request_body = LinkToken, responses((status = 200, body = OpenSession)))]
#[post("/registrations/open/show")]
pub async fn look(door: Entrance, Json(ask): Json<LinkToken>) -> Result<Reply<OpenSession>> {
    let id = door.registration_link(&ask.token)?;
    Ok(Reply::ok(door.db.read(move |tx| actions::look(tx, id)).await?))
}

/// Ask for a place in a session through a link; the coordinator decides. The answer is the same whether the person was
/// known or registered before; a letter to the address tells.
#[utoipa::path(tag = "passes", request_body = OpenRegistration, responses((status = 202, body = Taken)))]
#[post("/registrations/open")]
pub async fn register(door: Entrance, Json(said): Json<OpenRegistration>) -> Result<Reply<Taken>> {
    let id = door.registration_link(&said.token)?;
    door.counted(FROM, &door.source)?;
    door.counted(THROUGH, &id.to_string())?;
    door.db.write(move |tx| actions::register(tx, id, &said)).await?;
    Ok(Reply::accepted(Taken {
        detail: "It is noted. A letter tells what was decided, and brings the pass by which you take part or withdraw.",
    }))
}
