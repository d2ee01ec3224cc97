//! Everyone who may knock: strangers, people whose time is over, and each role in each half of the world.

use cybercap::accounts::{NewGrant, seeds};
use cybercap::kernel::access::{Permission, Role, System};
use cybercap::kernel::lang::Lang;
use cybercap::platform::token::Claims;
use serde_json::json;

use crate::support::TestApp;
use crate::support::app::Client;
use crate::world::Side;

/// Where the caller stands with the house.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Session and account in force.
    LoggedIn,
    /// Anything else.
    Outside,
}

/// What an API token covers.
#[derive(Clone, Debug)]
pub struct Covered {
    permissions: Vec<Permission>,
    country: Option<String>,
}

impl Covered {
    /// Whether the token is good for a permission; one to change things makes them visible too.
    pub fn covers(&self, permission: Permission) -> bool {
        let beyond = self.country.is_some() && permission.is_house_wide();
        let covers = |held: &Permission| *held == permission || held.sight() == permission;
        !permission.needs_a_person() && !beyond && self.permissions.iter().any(covers)
    }

    /// Whether it is narrowed to a country.
    pub fn is_narrowed(&self) -> bool {
        self.country.is_some()
    }

    /// Whether a record of these countries is within the token's.
    pub fn reaches(&self, countries: &[String], everyone: bool) -> bool {
        everyone || self.country.as_ref().is_none_or(|country| countries.contains(country))
    }
}

/// Someone who sends requests.
pub struct Actor {
    /// For the table.
    pub name: String,
    /// Their id; empty for strangers.
    pub user: String,
    /// Their session; empty for strangers.
    pub session: String,
    /// Their roles.
    pub grants: Vec<NewGrant>,
    /// What their API token covers, when they are a machine.
    pub token: Option<Covered>,
    /// Whether they are in.
    pub standing: Standing,
    /// Speaks HTTP for them.
    pub client: Client,
}

/// Everyone's password.
pub const PASSWORD: &str = "nine horses cross the Tana at dawn";

/// What spoils a session.
#[derive(Clone, Copy)]
enum Spoil {
    Nothing,
    Expired,
    Revoked,
    Status(&'static str),
}

impl Actor {
    /// The whole cast, in the order of the table's columns.
    pub async fn all(app: &TestApp, home: &Side, abroad: &Side) -> Vec<Actor> {
        let hash = app.parts.passwords.hash(PASSWORD.into()).await.expect("a hash");
        let mut all =
            vec![stranger(app, "anonymous", None), stranger(app, "garbage token", Some("e30.e30.AAAA"))];
        let admin = [grant(Role::Administrator, None, None)];
        for (name, spoil) in [
            ("administrator with an expired token", Spoil::Expired),
            ("administrator whose session was revoked", Spoil::Revoked),
            ("administrator invited, not active", Spoil::Status("invited")),
            ("administrator deactivated", Spoil::Status("deactivated")),
        ] {
            all.push(Actor::make(app, &hash, name, &admin, spoil).await);
        }
        let globals = [Role::Administrator, Role::Auditor, Role::Coordinator];
        for role in globals {
            all.push(
                Actor::make(app, &hash, role.as_str(), &[grant(role, None, None)], Spoil::Nothing).await,
            );
        }
        all.push(Actor::make(app, &hash, "person without a role", &[], Spoil::Nothing).await);
        for (place, side) in [("at home", home), ("abroad", abroad)] {
            for role in [Role::FocalPoint, Role::Contributor, Role::Observer] {
                let name = format!("{role} {place}");
                all.push(
                    Actor::make(app, &hash, &name, &[grant(role, Some(&side.country), None)], Spoil::Nothing)
                        .await,
                );
            }
            let Some(program) = side.program() else { continue };
            for role in [Role::Coordinator, Role::Trainer, Role::Observer] {
                let name = format!("{role} of the program {place}");
                all.push(
                    Actor::make(app, &hash, &name, &[grant(role, None, Some(program))], Spoil::Nothing).await,
                );
            }
        }
        all.extend(Actor::machines(app, &hash, home, abroad).await);
        all
    }

    /// Machine clients: each a part of its owner.
    async fn machines(app: &TestApp, hash: &str, home: &Side, abroad: &Side) -> Vec<Actor> {
        let every =
            || Permission::ALL.iter().copied().filter(|permission| !permission.needs_a_person()).collect();
        let reading = vec![Permission::ViewPrograms, Permission::ViewMilestones];
        let admin = [grant(Role::Administrator, None, None)];
        let official = [grant(Role::FocalPoint, Some(&home.country), None)];
        let coordinator = [grant(Role::Coordinator, None, home.program())];
        let one = |country: &Side| Some(country.country.clone());
        let mut all = Vec::new();
        for (name, grants, permissions, country) in [
            ("machine of an administrator, every scope", &admin, every(), None),
            ("machine of an administrator, every scope at home", &admin, every(), one(home)),
            ("machine of the focal_point at home, reading", &official, reading, None),
            ("machine of the coordinator at home, every scope abroad", &coordinator, every(), one(abroad)),
            ("machine whose token was revoked", &admin, every(), None),
        ] {
            let mut machine = Actor::make(app, hash, name, grants, Spoil::Nothing).await;
            let words: Vec<&str> = permissions.iter().map(|permission| permission.word()).collect();
            let mut draft = json!({ "name": "sync", "permissions": words });
            if let Some(country) = &country {
                draft["countries"] = json!([country]);
            }
            let made = machine.client.post("/me/tokens", draft).await.expect(201);
            if name.ends_with("revoked") {
                machine.client.delete(&format!("/me/tokens/{}", made.id()), "").await.expect(204);
                machine.standing = Standing::Outside;
            }
            machine.client.token = made.json["token"].as_str().map(str::to_owned);
            machine.token = Some(Covered { permissions, country });
            all.push(machine);
        }
        all
    }

    async fn make(app: &TestApp, hash: &str, name: &str, grants: &[NewGrant], spoil: Spoil) -> Actor {
        let local = app.unique("walker");
        let person = seeds::Person {
            email: format!("{local}@example.org").parse().expect("an address"),
            name: local.parse().expect("a name"),
            language: Lang::En,
            timezone: "UTC".parse().expect("a zone"),
            password_hash: Some(hash.to_owned()),
            grants: grants.to_vec(),
        };
        let issuer = app.url.clone();
        let write = app.parts.db.write(move |tx| {
            let id = seeds::settle(tx, &System("test"), &person)?;
            Ok((id, seeds::open_session(tx, id, &issuer)?))
        });
        let (id, claims) = write.await.expect("the person settles");
        let claims = match spoil {
            Spoil::Expired => {
                Claims { iat: claims.iat - 7200, nbf: claims.nbf - 7200, exp: claims.exp - 7200, ..claims }
            }
            _ => claims,
        };
        match spoil {
            Spoil::Revoked => app.sql("UPDATE sessions SET ended_at = created_at WHERE user_id = $id", &id.0),
            Spoil::Status(status) => {
                app.sql(&format!("UPDATE users SET status = '{status}' WHERE id = $id"), &id.0);
            }
            _ => {}
        }
        let token = app.parts.tokens.sign(&claims).expect("a token");
        let standing = if matches!(spoil, Spoil::Nothing) { Standing::LoggedIn } else { Standing::Outside };
        let client = Client { url: app.url.clone(), token: Some(token) };
        Actor {
            name: name.to_owned(),
            user: id.to_string(),
            session: claims.sid.to_string(),
            grants: grants.to_vec(),
            token: None,
            standing,
            client,
        }
    }
}

fn stranger(app: &TestApp, name: &str, token: Option<&str>) -> Actor {
    let client = Client { url: app.url.clone(), token: token.map(str::to_owned) };
    Actor {
        name: name.into(),
        user: String::new(),
        session: String::new(),
        grants: Vec::new(),
        token: None,
        standing: Standing::Outside,
        client,
    }
}

fn grant(role: Role, country: Option<&str>, program: Option<&str>) -> NewGrant {
    NewGrant {
        role,
        country: country.map(|c| c.parse().expect("a country")),
        program_id: program.map(|p| p.parse().expect("a program")),
    }
}
