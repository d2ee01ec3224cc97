//! Ids in bodies: one of another country or program is refused in the very words for one that does not exist.

use awc::http::Method;
use serde_json::{Value, json};

use crate::access::World;
use crate::actors::Actor;
use crate::oracle::NOTHING;
use crate::support::TestApp;
use crate::walk::{Operation, Walk};
use crate::world::{is_held, version_made};

/// A place in a body at which an id stands, who sends it and which kind of record it names.
struct Place {
    route: &'static str,
    pointer: &'static str,
    by: &'static str,
    /// Prefix of the record; `None`: the country itself.
    names: Option<&'static str>,
}

const fn place(
    route: &'static str,
    pointer: &'static str,
    by: &'static str,
    names: Option<&'static str>,
) -> Place {
    Place { route, pointer, by, names }
}

const COORDINATOR: &str = "coordinator of the program at home";
const OFFICIAL: &str = "focal_point at home";
const PERSON: Option<&str> = Some("/users/{id}");
const PROGRAM: Option<&str> = Some("/programs/{id}");
const MILESTONE: Option<&str> = Some("/milestones/{id}");
const REGISTRATION: Option<&str> = Some("/registrations/{id}");

/// Every place at which a caller names a record that belongs to somebody.
const PLACES: &[Place] = &[
    place("POST /ai-systems", "/country", OFFICIAL, None),
    place("POST /ai-systems", "/program_id", OFFICIAL, PROGRAM),
    place("POST /ai-systems", "/owner", OFFICIAL, PERSON),
    place("PATCH /ai-systems/{id}", "/owner", OFFICIAL, PERSON),
    place("POST /risk-registers", "/country", OFFICIAL, None),
    place("POST /risk-registers", "/program_id", OFFICIAL, PROGRAM),
    place("PATCH /risk-registers/{id}", "/contributors/0", OFFICIAL, PERSON),
    place("POST /risk-registers/{id}/risks", "/owner", OFFICIAL, PERSON),
    place("POST /risk-registers/{id}/risks", "/ai_system_id", OFFICIAL, Some("/ai-systems/{id}")),
    place("PATCH /risks/{id}", "/owner", OFFICIAL, PERSON),
    place("PATCH /risks/{id}", "/ai_system_id", OFFICIAL, Some("/ai-systems/{id}")),
    place("POST /risks/{id}/actions", "/owner", OFFICIAL, PERSON),
    place("POST /risks/{id}/actions", "/milestone_id", OFFICIAL, MILESTONE),
    place("PATCH /risks/{id}/actions/{action_id}", "/owner", OFFICIAL, PERSON),
    place("PATCH /risks/{id}/actions/{action_id}", "/milestone_id", OFFICIAL, MILESTONE),
    place("POST /risks/{id}/acceptances", "/approver", OFFICIAL, PERSON),
    place("PATCH /risks/{id}/acceptances/{acceptance_id}", "/approver", OFFICIAL, PERSON),
    place("POST /assessments", "/country", OFFICIAL, None),
    place("POST /assessments", "/program_id", OFFICIAL, PROGRAM),
    place("POST /assessments", "/previous_id", OFFICIAL, Some("/assessments/{id}")),
    place("POST /assessments/{id}/sections", "/assignee", OFFICIAL, PERSON),
    place("PATCH /assessments/{id}/sections/{section_id}", "/assignee", OFFICIAL, PERSON),
    place("POST /recommendations/{id}/transitions", "/milestone_id", OFFICIAL, MILESTONE),
    place(
        "POST /recommendations/{id}/transitions",
        "/training_session_id",
        OFFICIAL,
        Some("/training-sessions/{id}"),
    ),
    place("POST /share-grants", "/holding_id", OFFICIAL, Some("/assessments/{id}")),
    place("POST /share-grants", "/program_id", OFFICIAL, PROGRAM),
    place("POST /label-changes", "/holding_id", OFFICIAL, Some("/assessments/{id}")),
    place("POST /programs/{id}/milestones", "/owner", COORDINATOR, PERSON),
    place("POST /programs/{id}/milestones", "/predecessor", COORDINATOR, MILESTONE),
    place("POST /programs/{id}/milestones", "/country", COORDINATOR, None),
    place("POST /programs/{id}/milestones/import", "/0/owner", COORDINATOR, PERSON),
    place("POST /programs/{id}/milestones/import", "/0/predecessor", COORDINATOR, MILESTONE),
    place("POST /programs/{id}/milestones/import", "/0/country", COORDINATOR, None),
    place("PATCH /milestones/{id}", "/owner", COORDINATOR, PERSON),
    place("PATCH /milestones/{id}", "/predecessor", COORDINATOR, MILESTONE),
    place("PATCH /milestones/{id}", "/country", COORDINATOR, None),
    place("POST /programs/{id}/training-sessions", "/countries/0/country", COORDINATOR, None),
    place("POST /programs/{id}/training-sessions", "/trainers/0", COORDINATOR, PERSON),
    place("POST /programs/{id}/training-sessions/import", "/0/countries/0/country", COORDINATOR, None),
    place("POST /programs/{id}/training-sessions/import", "/0/trainers/0", COORDINATOR, PERSON),
    place("PATCH /training-sessions/{id}", "/countries/0/country", COORDINATOR, None),
    place("PATCH /training-sessions/{id}", "/trainers/0", COORDINATOR, PERSON),
    place("POST /training-sessions/{id}/nominations", "/country", OFFICIAL, None),
    place("POST /training-sessions/{id}/nominations/import", "/0/country", OFFICIAL, None),
    place("POST /training-sessions/{id}/registrations", "/country", COORDINATOR, None),
    place("POST /training-sessions/{id}/registrations/import", "/0/country", COORDINATOR, None),
    place("POST /training-sessions/{id}/registration-links", "/country", COORDINATOR, None),
    place(
        "POST /training-sessions/{id}/attendance",
        "/registration_id",
        COORDINATOR,
        Some("/registrations/{id}"),
    ),
    place(
        "POST /training-sessions/{id}/attendance/import",
        "/0/registration_id",
        COORDINATOR,
        Some("/registrations/{id}"),
    ),
    place("POST /training-sessions/{id}/scores", "/registration_id", COORDINATOR, REGISTRATION),
    place("POST /training-sessions/{id}/scores/import", "/0/registration_id", COORDINATOR, REGISTRATION),
    place("POST /me/feeds", "/program_id", OFFICIAL, PROGRAM),
    place("POST /training-sessions/{id}/certificates", "/registrations/0", COORDINATOR, REGISTRATION),
    place("POST /participants/{id}/merge", "/into", COORDINATOR, Some("/participants/{id}")),
    place("POST /programs/{id}/members", "/user_id", COORDINATOR, PERSON),
    place("POST /partners/{iso2}/focal-points", "/user_id", OFFICIAL, PERSON),
    place("POST /users", "/roles/0/country", OFFICIAL, None),
    place("POST /users", "/roles/0/program_id", COORDINATOR, PROGRAM),
    place("POST /users/{id}/grants", "/country", OFFICIAL, None),
    place("POST /users/{id}/grants", "/program_id", COORDINATOR, PROGRAM),
];

/// Places whose ids name what everybody may see, each with the reason.
const OPEN: &[(&str, &str)] = &[
    ("/framework_id", "frameworks are everybody's"),
    ("/node_id", "the nodes of frameworks are everybody's"),
    ("/items/0/node_id", "the nodes of frameworks are everybody's"),
    ("POST /assessments/{id}/people /user_id", "a reviewer may come from anywhere"),
    ("POST /share-grants /user_id", "a country discloses to whom it wants"),
    ("/organization_id", "the register of organizations is everybody's"),
    ("/organizations/0/organization_id", "the register of organizations is everybody's"),
    ("/course_id", "courses are everybody's"),
    ("/class_id", "frameworks are everybody's"),
    ("/matrix_id", "matrices are everybody's"),
    ("/ai/domain", "frameworks are everybody's"),
    ("/ai/subdomain", "frameworks are everybody's"),
    ("PATCH /risk-registers/{id} /reviewers/0", "a reviewer may come from anywhere"),
    ("/outcomes/0", "frameworks are everybody's"),
    ("POST /programs/{id}/training-sessions /country", "a session may be held in any of the 249 countries"),
    (
        "POST /programs/{id}/training-sessions/import /0/country",
        "a session may be held in any of the 249 countries",
    ),
    ("PATCH /training-sessions/{id} /country", "a session may be held in any of the 249 countries"),
    ("/iati_id", "an identifier of the world outside"),
    ("POST /organizations /country", "the 249 countries are everybody's"),
    ("PATCH /organizations/{id} /country", "the 249 countries are everybody's"),
    ("POST /partners /country", "administrators enter partners, and reach every country"),
    ("/countries/0/country", "a program may be for any of the 249 countries"),
    ("POST /me/feeds /country", "a feed shows what its owner sees, whatever country it is narrowed to"),
    ("POST /registrations/open /country", "a link says itself from which countries people may come"),
    ("POST /me/tokens /countries/0", "a token is narrowed to what its owner reaches, whatever it names"),
];

/// Places in a body whose type is an id.
fn ids(walk: &Walk, schema: &Value, at: &str, depth: usize, found: &mut Vec<String>) {
    let name = schema["$ref"].as_str().and_then(|r| r.rsplit('/').next()).unwrap_or("");
    if name.ends_with("Id") || name == "Iso2" {
        found.push(at.to_owned());
        return;
    }
    let schema = walk.resolve(schema);
    if depth == 0 {
        return;
    }
    for key in ["oneOf", "anyOf", "allOf"] {
        for option in schema[key].as_array().into_iter().flatten() {
            ids(walk, option, at, depth - 1, found);
        }
    }
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        ids(walk, property, &format!("{at}/{name}"), depth - 1, found);
    }
    if schema["items"].is_object() {
        ids(walk, &schema["items"], &format!("{at}/0"), depth - 1, found);
    }
}

/// The body with an id at the place. Roles are made to fit what they are over.
fn naming(operation: &Operation, world: &World, place: &Place, id: &str) -> Value {
    let mut body = match operation.name().as_str() {
        "POST /users" => json!({ "email": "somebody@example.org", "roles": [{ "role": "observer" }] }),
        "POST /users/{id}/grants" => json!({ "role": "observer" }),
        _ => world.home.body(operation).expect("a body"),
    };
    if operation.name() == "PATCH /training-sessions/{id}" {
        body = if place.pointer.starts_with("/countries") { json!({ "countries": [{}] }) } else { json!({}) };
    }
    let (above, name) = place.pointer.rsplit_once('/').expect("a pointer");
    if name == "0" && body.pointer(above).is_none() {
        let (record, list) = above.rsplit_once('/').expect("a list of a record");
        body.pointer_mut(record).expect("the record is in the body")[list] = json!([]);
    }
    match body.pointer_mut(above).expect("the place is in the body") {
        Value::Array(list) => *list = vec![id.into()],
        record => record[name] = id.into(),
    }
    body
}

/// What the client sees but for the request's own id, and how many statements it took.
async fn sent(
    app: &TestApp,
    world: &World,
    operation: &Operation,
    by: &Actor,
    body: &Value,
) -> (String, u64) {
    let path = world.home.path(operation);
    // What countries own is not the administrator's to read; in this world nobody changed it yet.
    let version = match is_held(&path) {
        true => version_made(&path).to_owned(),
        false => world.admin.get(&path).await.header("etag").to_owned(),
    };
    let headers = [("content-type", "application/json"), ("if-match", version.as_str())];
    let method: Method = operation.method.parse().expect("a method");
    let before = app.parts.db.statements();
    let answer = by.client.send(method, &path, &headers, body.to_string().into_bytes()).await;
    let mut json = answer.json;
    if let Some(fields) = json.as_object_mut() {
        fields.remove("request_id");
    }
    (format!("{} {json}", answer.status), app.parts.db.statements() - before)
}

on_both_databases! {
    async fn a_foreign_id_in_a_body_is_refused_like_one_that_does_not_exist(app: TestApp) {
        let walk = Walk::through(&app).await;
        let world = World::build(&app).await;
        let (mut findings, mut asked) = (Vec::new(), 0);
        for operation in &walk.operations {
            let Some(schema) = operation.json().map(|body| body["schema"].clone()) else { continue };
            let (mut found, name) = (Vec::new(), operation.name());
            ids(&walk, &schema, "", 6, &mut found);
            found.sort();
            found.dedup();
            for pointer in found {
                let full = format!("{name} {pointer}");
                let mine: Vec<&Place> = PLACES.iter().filter(|p| p.route == name && p.pointer == pointer).collect();
                let open = OPEN.iter().any(|(end, _)| *end == full || (end.starts_with('/') && full.ends_with(end)));
                if mine.is_empty() && !open {
                    findings.push(format!("{full}: nobody tried a foreign id here"));
                }
                for place in mine {
                    asked += 1;
                    let by = world.actors.iter().find(|actor| actor.name == place.by).expect("somebody");
                    // Where a country is named, one that is no partner and of no program stands for what is not there.
                    let absent = place.names.map_or_else(|| world.free_country(), |_| NOTHING.into());
                    let foreign = place.names.map_or(world.abroad.country.as_str(), |prefix| world.abroad.id(prefix));
                    let before = app.fingerprint();
                    let hidden = sent(&app, &world, operation, by, &naming(operation, &world, place, foreign)).await;
                    let nothing = sent(&app, &world, operation, by, &naming(operation, &world, place, &absent)).await;
                    let (masked, told) = (nothing.0.replace(&absent, "(id)"), hidden.0.replace(foreign, "(id)"));
                    // An import points into each of its rows.
                    let at = if name.ends_with("/import") { &pointer[2..] } else { pointer.as_str() };
                    let refused = hidden.0.starts_with("422") || name.ends_with("/import");
                    let counted = told.contains("\"created\":0") || !name.ends_with("/import");
                    if !refused || !counted || !told.contains(&format!("\"{at}\"")) {
                        findings.push(format!("{full} as {}: {told}", place.by));
                    }
                    if told != masked || hidden.1 != nothing.1 {
                        findings.push(format!("{full}: foreign {told} in {}; absent {masked} in {}", hidden.1, nothing.1));
                    }
                    if before != app.fingerprint() {
                        findings.push(format!("{full}: a refusal left a trace"));
                    }
                }
            }
        }
        assert_eq!(asked, PLACES.len(), "every place is in the document");
        assert!(findings.is_empty(), "{} findings:\n{}", findings.len(), findings.join("\n"));
    }
}
