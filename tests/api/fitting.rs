//! Requests that must succeed: each gets a record, a body and a version that fit, made just before it is sent.

use std::sync::atomic::{AtomicU32, Ordering};

use cybercap::accounts::NewGrant;
use cybercap::kernel::access::Role;
use cybercap::kernel::lang::Lang;
use serde_json::{Value, json};

use crate::access::World;
use crate::actors::Actor;
use crate::libraries;
use crate::oracle::{NOTHING, Named};
use crate::second_factor::code;
use crate::support::{Person, TestApp};
use crate::walk::{FILE, Operation};
use crate::world::{Side, is_held};

/// What is sent.
pub struct Fitted {
    /// Below `/api/v1`.
    pub path: String,
    /// The version last read; empty when none is needed.
    pub version: String,
    /// The body, if any.
    pub body: Option<Value>,
}

/// A day that no other request of this run names.
fn a_day() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let n = COUNT.fetch_add(1, Ordering::SeqCst);
    format!("{}-{:02}-{:02}", 2028 + n / 336, n / 28 % 12 + 1, n % 28 + 1)
}

/// A contributor of the side's country.
async fn official(app: &TestApp, side: &Side) -> Person {
    app.with_role(&app.unique("official"), Role::Contributor, Some(&side.country), None).await
}

/// A contributor of the country who also trains in the program, as the world's own.
async fn trainer(app: &TestApp, side: &Side) -> Person {
    let grant = |role, country: Option<&str>, program: Option<&str>| NewGrant {
        role,
        country: country.map(|iso2| iso2.parse().expect("a country")),
        program_id: program.map(|id| id.parse().expect("a program")),
    };
    let both =
        [grant(Role::Contributor, Some(&side.country), None), grant(Role::Trainer, None, side.program())];
    app.person(&app.unique("trainer"), Lang::En, "UTC", &both).await
}

/// Makes another record like the side's own at this place; its id.
pub async fn make(app: &TestApp, admin: &Person, side: &Side, prefix: &str) -> String {
    if let Some(held) = side.make_held(app, prefix).await {
        return held;
    }
    let program = side.id("/programs/{id}");
    let (route, draft) = match prefix {
        "/programs/{id}" => ("/programs".to_owned(), side.program_draft()),
        "/programs/{id}/budgets/{budget_id}" => {
            (format!("/programs/{program}/budgets"), Side::budget_draft())
        }
        "/programs/{id}/members/{member_id}" => {
            let member = json!({ "user_id": official(app, side).await.id.to_string(), "role": "trainer" });
            (format!("/programs/{program}/members"), member)
        }
        "/milestones/{id}" => (format!("/programs/{program}/milestones"), side.milestone_draft()),
        "/courses/{id}" => ("/courses".to_owned(), side.course_draft()),
        "/frameworks/{id}" => {
            return libraries::brought(admin, &libraries::framework(&app.unique("f"))).await;
        }
        "/crosswalks/{id}" => {
            return libraries::brought(admin, &libraries::crosswalk(&app.unique("c"))).await;
        }
        "/risk-matrices/{id}" => {
            return libraries::brought(admin, &libraries::matrix(&app.unique("m"))).await;
        }
        "/training-sessions/{id}" => (format!("/programs/{program}/training-sessions"), side.session_draft()),
        "/registration-links/{id}" => {
            let coordinator =
                app.with_role(&app.unique("coordinator"), Role::Coordinator, None, Some(program)).await;
            let route =
                format!("/training-sessions/{}/registration-links", side.id("/training-sessions/{id}"));
            return coordinator.post(&route, json!({})).await.expect(201).id();
        }
        "/organizations/{id}" => ("/organizations".to_owned(), side.organization_draft()),
        "/partners/{iso2}/holidays/{id}" => {
            (format!("/partners/{}/holidays", side.country), json!({ "day": a_day(), "name": "A day" }))
        }
        "/partners/{iso2}/focal-points/{id}" => {
            let nominee = json!({ "user_id": official(app, side).await.id.to_string() });
            (format!("/partners/{}/focal-points", side.country), nominee)
        }
        "/users/{id}/grants/{grant_id}" => {
            let grant = json!({ "role": "observer", "country": side.country });
            (format!("/users/{}/grants", side.id("/users/{id}")), grant)
        }
        _ => panic!("no way to make another {prefix}: add one in fitting.rs"),
    };
    admin.post(&route, draft).await.expect(201).id()
}

/// A record that was there and is no more.
pub async fn deleted(app: &TestApp, admin: &Person, side: &Side, operation: &Operation) -> String {
    let prefix = *operation.prefixes().last().expect("a record");
    let id = make(app, admin, side, prefix).await;
    let mut template = operation.clone();
    template.path = prefix.to_owned();
    let path = side.path_with(&template, &id);
    let keeper = if is_held(&path) { Some(side.keeper(app).await) } else { None };
    let keeper = keeper.as_ref().unwrap_or(admin);
    let version = keeper.get(&path).await.expect(200).header("etag").to_owned();
    keeper.delete(&path, &version).await.expect(204);
    id
}

/// The caller's own record at this place, made by themselves.
async fn own(actor: &Actor, operation: &Operation) -> String {
    match operation.prefixes().last().copied() {
        Some("/me/sessions/{id}") => actor.session.clone(),
        Some("/me/tokens/{id}") => {
            let draft = json!({ "name": "own", "permissions": ["reference.view"] });
            actor.client.post("/me/tokens", draft).await.expect(201).id()
        }
        Some("/me/feeds/{id}") => actor.client.post("/me/feeds", json!({})).await.expect(201).id(),
        _ => NOTHING.into(),
    }
}

/// A second factor of the caller: set up, or only begun.
async fn factor(app: &TestApp, actor: &Actor, confirmed: bool) -> Value {
    let begun = actor.client.post("/me/second-factor", json!({})).await.expect(200).json;
    let said = json!({ "code": code(&begun["secret"], app) });
    if confirmed {
        actor.client.post("/me/second-factor/confirm", said.clone()).await.expect(200);
    }
    said
}

fn role_to_give(side: &Side, actor: &Actor, of_country: &str, of_program: &str) -> Value {
    match actor.grants.iter().any(|grant| grant.role == Role::Coordinator) {
        true => json!({ "role": of_program, "program_id": side.program() }),
        false => json!({ "role": of_country, "country": side.country }),
    }
}

/// A program of its own for a request that uses it up; who coordinates the side's coordinates this one.
async fn program(app: &TestApp, world: &World, side: &Side, actor: &Actor) -> String {
    let id = make(app, &world.admin, side, "/programs/{id}").await;
    if actor.grants.iter().any(|grant| grant.role == Role::Coordinator) {
        let member = json!({ "user_id": actor.user, "role": "coordinator" });
        world.admin.post(&format!("/programs/{id}/members"), member).await.expect(201);
    }
    id
}

/// The request of a caller who is welcome.
pub async fn fit(app: &TestApp, world: &World, operation: &Operation, actor: &Actor, named: Named) -> Fitted {
    let side = world.side(actor, named);
    let mut path = match named {
        Named::Own => world.home.path_with(operation, &own(actor, operation).await),
        _ => world.path(operation, named),
    };
    let mut body = side.body(operation);
    let admin = &world.admin;
    let name = operation.name();
    if named != Named::Own
        && let Some((fitted, sent)) = side.fit_assessed(app, actor, operation).await
    {
        (path, body) = (fitted, sent);
    }
    match name.as_str() {
        "GET /letters/preview" => path += &format!("?rule=P4&object_id={}", side.id("/programs/{id}")),
        "POST /partners" => body = Some(json!({ "country": world.free_country() })),
        "POST /partners/{iso2}/transitions" => {
            let now = admin.get(&format!("/partners/{}", side.country)).await.expect(200).json;
            let to = if now["status"] == "active" { "suspended" } else { "active" };
            body = Some(json!({ "to": to, "reason": "Elections." }));
        }
        "POST /partners/{iso2}/holidays" => body = Some(json!({ "day": a_day(), "name": "A day" })),
        "POST /partners/{iso2}/holidays/import" => {
            body = Some(json!([{ "day": a_day(), "name": "A day" }]));
        }
        "POST /partners/{iso2}/focal-points" => {
            body = Some(json!({ "user_id": official(app, side).await.id.to_string() }));
        }
        "POST /partners/{iso2}/focal-points/{id}/transitions" => {
            path = side
                .path_with(operation, &make(app, admin, side, "/partners/{iso2}/focal-points/{id}").await);
            body = Some(json!({ "to": "active" }));
        }
        "DELETE /programs/{id}" | "POST /programs/{id}/transitions" => {
            path = side.path_with(operation, &program(app, world, side, actor).await);
        }
        "POST /programs/{id}/countries/{iso2}/acknowledgements" => {
            let id = make(app, admin, side, "/programs/{id}").await;
            path = format!("/programs/{id}/countries/{}/acknowledgements", side.country);
        }
        "POST /programs/{id}/members" => {
            body = Some(json!({ "user_id": official(app, side).await.id.to_string(), "role": "trainer" }));
        }
        "POST /training-sessions/{id}/nominations" | "POST /training-sessions/{id}/registrations" => {
            body = Some(side.person_draft(app));
        }
        "POST /training-sessions/{id}/nominations/import"
        | "POST /training-sessions/{id}/registrations/import" => {
            body = Some(json!([side.person_draft(app)]));
        }
        "PATCH /registrations/{id}" | "POST /registrations/{id}/transitions" => {
            path = side.path_with(operation, side.nominee(app).await.1["id"].as_str().expect("an id"));
        }
        "POST /training-certificates/{id}/transitions" => {
            let program = side.id("/programs/{id}");
            let issuer =
                app.with_role(&app.unique("coordinator"), Role::Coordinator, None, Some(program)).await;
            path = side.path_with(operation, &side.certificate(&issuer).await);
        }
        "POST /participants/{id}/merge" => {
            let (_, one) = side.nominee(app).await;
            path = side.path_with(operation, one["person"]["id"].as_str().expect("an id"));
            let (official, other) = side.nominee(app).await;
            // Both are nominated for one session: one of the two gives way.
            let withdrawn = format!("/registrations/{}/transitions", other["id"].as_str().expect("an id"));
            official.post(&withdrawn, json!({ "to": "withdrawn" })).await.expect(200);
            body = Some(json!({ "into": other["person"]["id"] }));
        }
        "POST /training-sessions/{id}/transitions" => {
            path = side.path_with(operation, &make(app, admin, side, "/training-sessions/{id}").await);
        }
        "POST /milestones/{id}/moves" | "POST /milestones/{id}/transitions" => {
            path = side.path_with(operation, &make(app, admin, side, "/milestones/{id}").await);
        }
        "POST /users" => {
            let roles = [role_to_give(side, actor, "contributor", "trainer")];
            body = Some(json!({ "email": format!("{}@example.org", app.unique("new")), "roles": roles }));
        }
        "POST /users/{id}/grants" => {
            path = side.path_with(operation, &trainer(app, side).await.id.to_string());
            body = Some(role_to_give(side, actor, "observer", "observer"));
        }
        "POST /users/{id}/transitions" => {
            path = side.path_with(operation, &trainer(app, side).await.id.to_string());
        }
        "POST /users/{id}/invitations" => {
            let roles = json!([{ "role": "contributor", "country": side.country },
                { "role": "trainer", "program_id": side.program() }]);
            let draft = json!({ "email": format!("{}@example.org", app.unique("new")), "roles": roles });
            path = side.path_with(operation, &admin.post("/users", draft).await.expect(201).id());
        }
        "POST /me/email" => body = Some(json!({ "email": format!("{}@example.org", app.unique("moved")) })),
        "POST /me/second-factor/confirm" => body = Some(factor(app, actor, false).await),
        "DELETE /me/second-factor" | "POST /me/second-factor/recovery-codes" => {
            factor(app, actor, true).await;
        }
        "POST /letters/{id}/resend" => {
            let id = side.id("/letters/{id}").parse().expect("an id");
            app.sql("UPDATE letters SET state = 'dead' WHERE id = $id", &id);
        }
        "PATCH /ai-systems/{id}/impact-assessments/{impact_id}"
        | "POST /ai-systems/{id}/impact-assessments/{impact_id}/transitions"
        | "POST /risk-registers/{id}/transitions"
        | "POST /risks/{id}/transitions"
        | "POST /risks/{id}/actions/{action_id}/transitions"
        | "POST /risks/{id}/acceptances/{acceptance_id}/transitions" => {
            let prefix = *operation.prefixes().last().expect("a record");
            path = side.path_with(operation, &make(app, admin, side, prefix).await);
        }
        "DELETE /assessments/{id}" | "DELETE /assessments/{id}/sections/{section_id}" => {}
        "POST /assessments" if actor.grants.iter().any(|grant| grant.role == Role::Coordinator) => {
            let program = program(app, world, side, actor).await;
            body = body.map(|mut draft| {
                draft["program_id"] = program.into();
                draft
            });
        }
        "POST /assessments/{id}/people" => {
            body = Some(json!({ "user_id": official(app, side).await.id.to_string(), "part": "reader" }));
        }
        _ if operation.takes_file() => path += FILE.0,
        _ if operation.method == "DELETE" && !operation.path.starts_with("/me/") => {
            let prefix = *operation.prefixes().last().expect("a record");
            path = side.path_with(operation, &make(app, admin, side, prefix).await);
        }
        _ => {}
    }
    let versioned =
        matches!(operation.method.as_str(), "PATCH" | "PUT" | "DELETE") && !path.starts_with("/me");
    // Who runs the system sees no people of trainings, and nothing that countries own.
    let people = path.starts_with("/registration") || path.starts_with("/participants") || is_held(&path);
    let reader = if people { &actor.client } else { &**admin };
    // A file has no version of its own, nor have ratings and names.
    let record = path.split("/file?").next().unwrap_or(&path);
    let record = record.split("/people/").next().unwrap_or(record).trim_end_matches("/ratings");
    let version = if versioned {
        reader.get(record).await.expect(200).header("etag").to_owned()
    } else {
        String::new()
    };
    Fitted { path, version, body }
}
