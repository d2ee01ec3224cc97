//! The routing table, the OpenAPI document and the handlers' signatures say the same.

use std::collections::{BTreeMap, BTreeSet};

use cybercap::routes::{self, Door, ROUTES};

use super::sources::{none, rust};

/// POSTs that write without an `Idempotency-Key`, each with the reason. This list only shrinks.
const WITHOUT_KEY: &[(&str, &str)] = &[
    ("/auth/login", "a second login is a second session; the caller has no identity to keep a key under"),
    ("/auth/refresh", "the refresh token itself is single-use, with its own rule for a lost answer"),
    ("/auth/logout", "logging out twice is logging out"),
    ("/auth/step-up", "as a login: the session it replaces has ended"),
    ("/auth/password/forgot", "always 202, throttled"),
    ("/auth/password/reset", "the link is single-use"),
    ("/auth/invitations/accept", "the link is single-use"),
    ("/auth/email/confirm", "the link is single-use"),
    ("/auth/email/undo", "the link is single-use"),
    ("/registrations/open", "who is registered already is registered once"),
    ("/registrations/open/show", "it only reads; the token stands in the body, where no log keeps it"),
    ("/passes/check-in", "who is noted as there is noted once"),
    ("/passes/show", "it only reads; the token stands in the body, where no log keeps it"),
    ("/passes/feedback", "the same answer given again takes the place of the first"),
    (
        "/passes/answer",
        "the same answer given again changes nothing; the holder of a pass has no account for a key",
    ),
];

/// A handler as its source shows it.
struct Handler {
    place: String,
    signature: String,
}

type Routes = BTreeMap<(String, String), Handler>;

/// Every `#[get("...")]` and its kin in the sources, with the signature below it.
fn handlers() -> Routes {
    let mut found = Routes::new();
    for file in rust(&["src"]) {
        let lines: Vec<(usize, &str)> = file.code().collect();
        for (index, (number, line)) in lines.iter().enumerate() {
            let Some((method, path)) = attribute(line) else { continue };
            let rest: Vec<&str> = lines[index + 1..].iter().map(|(_, line)| *line).collect();
            let text = rest.join("\n");
            let signature = text.split('{').next().unwrap_or_default().to_owned();
            let place = format!("{}:{number}", file.path);
            let twice = found.insert((method, path), Handler { place: place.clone(), signature });
            assert!(twice.is_none(), "{place}: this route has two handlers");
        }
    }
    found
}

/// `#[get("/x")]` as ("GET", "/x").
fn attribute(line: &str) -> Option<(String, String)> {
    let inner = line.trim().strip_prefix("#[")?;
    let (method, rest) = inner.split_once("(\"")?;
    let known = ["get", "post", "put", "patch", "delete"].contains(&method);
    let (path, _) = rest.split_once('"')?;
    known.then(|| (method.to_uppercase(), path.to_owned()))
}

fn table() -> BTreeMap<(String, String), Door> {
    let rows = ROUTES.iter().map(|(method, path, door)| ((method.to_string(), path.to_string()), *door));
    let table: BTreeMap<_, _> = rows.collect();
    assert_eq!(table.len(), ROUTES.len(), "a route stands twice in ROUTES");
    table
}

/// Operations of the served document below `/api/v1`, with the permission it names.
fn documented() -> BTreeMap<(String, String), Option<String>> {
    let document = routes::document_json();
    let mut found = BTreeMap::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        let below = path.strip_prefix("/api/v1").unwrap_or(path);
        for (method, operation) in item.as_object().expect("operations") {
            let right = operation["x-permission"].as_str().map(str::to_owned);
            found.insert((method.to_uppercase(), below.to_owned()), right);
        }
    }
    found
}

fn difference<A: Ord + std::fmt::Debug>(what: &str, a: &BTreeSet<A>, b: &BTreeSet<A>) -> Vec<String> {
    a.difference(b).map(|missing| format!("{what}: {missing:?}")).collect()
}

#[test]
fn the_table_the_document_and_the_handlers_are_equal() {
    let table: BTreeSet<_> = table().into_keys().collect();
    let document: BTreeSet<_> = documented().into_keys().collect();
    let sources: BTreeSet<_> = handlers().into_keys().collect();
    let findings = [
        difference("in ROUTES, not in the document", &table, &document),
        difference("in the document, not in ROUTES", &document, &table),
        difference("in ROUTES, without a handler", &table, &sources),
        difference("a handler, not in ROUTES", &sources, &table),
    ];
    none("Routes that do not agree", findings.concat());
}

#[test]
fn every_handler_asks_for_the_permit_of_the_table() {
    let table = table();
    let mut findings = Vec::new();
    for (route, handler) in handlers() {
        let Some(door) = table.get(&route) else { continue };
        let asked: Vec<&str> =
            handler.signature.split("Permit<").skip(1).filter_map(|rest| rest.split('>').next()).collect();
        let expected = match door {
            Door::Public => vec![],
            Door::Right(permission) => vec![format!("{permission:?}")],
        };
        if asked != expected {
            findings.push(format!(
                "{}: {route:?} asks for {asked:?}, the table says {expected:?}",
                handler.place
            ));
        }
    }
    none("Handlers with the wrong permit", findings);
}

#[test]
fn the_document_names_the_right_of_each_route() {
    let table = table();
    let mut findings = Vec::new();
    for (route, named) in documented() {
        let expected = match table.get(&route) {
            Some(Door::Right(permission)) => Some(permission.word().to_owned()),
            _ => None,
        };
        if named != expected {
            findings.push(format!("{route:?}: document {named:?}, table {expected:?}"));
        }
    }
    none("Rights that do not agree", findings);
}

#[test]
fn every_post_writes_once_for_a_key() {
    let mut findings = Vec::new();
    for ((method, path), handler) in handlers() {
        let exempt = WITHOUT_KEY.iter().any(|(known, _)| *known == path);
        if method == "POST" && !exempt && !handler.signature.contains("Once") {
            findings.push(format!("{}: POST {path} takes no `once: Once`", handler.place));
        }
    }
    none("POSTs that a retry would repeat", findings);
}

/// Method, path and names of query parameters of every operation.
fn queries(paths: &serde_json::Value) -> BTreeMap<String, Vec<String>> {
    let mut found = BTreeMap::new();
    for (path, item) in paths.as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("operations") {
            let all = operation["parameters"].as_array().into_iter().flatten();
            let names =
                all.filter(|p| p["in"] == "query").filter_map(|p| p["name"].as_str()).map(str::to_owned);
            found.insert(format!("{method} {path}"), names.collect());
        }
    }
    found
}

#[test]
fn every_operation_has_a_name_of_its_own() {
    let document = routes::document_json();
    let mut places: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("operations") {
            let name = operation["operationId"].as_str().unwrap_or_default().to_owned();
            places.entry(name).or_default().push(format!("{method} {path}"));
        }
    }
    let twice = places.into_iter().filter(|(name, places)| name.is_empty() || places.len() > 1);
    none("Operations without a name of their own", twice.map(|it| format!("{it:?}")).collect());
}

/// The names under which types of the sources stand in the API document, with their places.
fn schemas() -> BTreeMap<String, Vec<String>> {
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for file in rust(&["src"]) {
        let (mut named, mut listed) = (None::<Option<String>>, false);
        for (number, line) in file.code() {
            if line.ends_with("codes_enum! {") {
                listed = true;
            } else if let Some(name) = line.strip_prefix("    pub ").and_then(|rest| rest.strip_suffix(" {"))
                && std::mem::take(&mut listed)
            {
                found.entry(name.to_owned()).or_default().push(format!("{}:{number}", file.path));
            } else if line.starts_with("#[derive(") {
                named = line.contains("ToSchema").then_some(None);
            } else if let (Some(_), Some(name)) = (&named, line.strip_prefix("#[schema(as = ")) {
                named = Some(Some(name.split([',', ')']).next().unwrap_or_default().to_owned()));
            } else if let Some(given) = declared(line).and_then(|name| named.take()?.or(Some(name))) {
                found.entry(given).or_default().push(format!("{}:{number}", file.path));
            }
        }
    }
    found
}

/// The name of a type that this line begins.
fn declared(line: &str) -> Option<String> {
    let mut words = line.split_whitespace().skip_while(|word| *word != "struct" && *word != "enum");
    let name = words.nth(1).filter(|_| !line.starts_with(char::is_whitespace))?;
    Some(name.chars().take_while(|c| c.is_alphanumeric()).collect())
}

/// Two types of one name become one entry of the document, and one of the two is then described wrongly.
#[test]
fn every_schema_has_a_name_of_its_own() {
    let found = schemas();
    assert!(found.len() > 150, "{} schemas found: does this still read the sources?", found.len());
    let twice = found.into_iter().filter(|(_, places)| places.len() > 1);
    none("Schemas of one name", twice.map(|it| format!("{it:?}")).collect());
}

#[test]
fn a_server_knows_the_same_operations_as_its_document() {
    let served = serde_json::to_value(routes::operations()).expect("JSON");
    let document = routes::document_json();
    let own = |(name, _): &(String, Vec<String>)| name.contains("/api/v1/");
    let documented: BTreeMap<_, _> = queries(&document["paths"]).into_iter().filter(own).collect();
    assert_eq!(queries(&served), documented);
}
