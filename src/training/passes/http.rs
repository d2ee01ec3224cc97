//! Passes over HTTP: public, the token in the body, where no log keeps it.

use actix_web::post;

use super::super::attendance;
use super::super::entrance::Entrance;
use super::actions;
use super::model::{CheckIn, Pass, PassAnswer, PassRecord};
use crate::kernel::{Error, Result};
use crate::platform::http::{Json, Reply};
use crate::platform::limit::Rule;

/// Wrong codes with one pass.
const WRONG: Rule = Rule { name: "check-in pass", free: 5, window: 300, waits: &[60, 120, 300], stop: 0 };
/// Wrong codes from one network: a room of two hundred mistypes now and then.
const WRONG_THERE: Rule = Rule { name: "check-in source", free: 200, window: 300, waits: &[60], stop: 0 };

/// Show what a pass opens: the session, one's own name, where the registration stands and what may be answered.
#[utoipa::path(tag = "passes", request_body = Pass, responses((status = 200, body = PassRecord)))]
#[post("/passes/show")]
pub async fn show(door: Entrance, Json(ask): Json<Pass>) -> Result<Reply<PassRecord>> {
    let id = door.pass(&ask.token)?;
    Ok(Reply::ok(door.db.read(move |tx| actions::show(tx, id)).await?))
}

/// Take a seat that was offered, accept or decline an invitation, or withdraw. The same answer sent again changes nothing.
#[utoipa::path(tag = "passes", request_body = PassAnswer, responses((status = 200, body = PassRecord)))]
#[post("/passes/answer")]
pub async fn answer(door: Entrance, Json(said): Json<PassAnswer>) -> Result<Reply<PassRecord>> {
    let id = door.pass(&said.token)?;
    Ok(Reply::ok(door.db.write(move |tx| actions::answer(tx, id, &said)).await?))
}

/// Check oneself in to a session that is running, by the code that the trainer shows. Who comes within a quarter of an hour
/// of the start is noted as there all day, who comes later from then on. What the trainer has noted for the day stands.
#[utoipa::path(tag = "passes", request_body = CheckIn, responses((status = 200, body = PassRecord)))]
#[post("/passes/check-in")]
pub async fn check_in(door: Entrance, Json(said): Json<CheckIn>) -> Result<Reply<PassRecord>> {
    let id = door.pass(&said.token)?;
    let session = door.db.read(move |tx| actions::listens_to(tx, id)).await?;
    // Counted before it is looked at, and given back when it is right: guesses sent at once are counted too.
    let (pass, source) = (id.to_string(), door.source.clone());
    door.counted(WRONG, &pass)?;
    door.counted(WRONG_THERE, &source)?;
    if !attendance::is_code(&door.master, session, said.code.expose(), door.now()) {
        return Err(Error::invalid("/code", "wrong_code", "This is not the code of now; read it again."));
    }
    door.limits.clear(WRONG, &pass);
    door.limits.refund(WRONG_THERE, &source);
    Ok(Reply::ok(door.db.write(move |tx| actions::check_in(tx, id)).await?))
}
