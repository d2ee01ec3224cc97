//! Every route x every kind of caller x own, foreign, absent and malformed records, on both databases, without exemption.
//!
//! What should happen is computed here from the permission table and from whom a record belongs to, never by the guard.
//! What did happen is the committed file `access.txt`, one row a route and record, one column a caller.

use std::fmt::Write;

use awc::http::Method;
use cybercap::kernel::access::{Permission, Role};
use cybercap::routes::Door;
use serde_json::Value;

use crate::actors::{Actor, Standing};
use crate::support::{Answer, Person, TestApp, snapshot};
use crate::walk::{Operation, Walk};
use crate::world::{Belongs, Side, filled};

/// An id that nothing has.
const NOTHING: &str = "01936f1e-0000-7000-8000-000000000000";
/// Letters that are no country; elsewhere a country that is no partner stands for what does not exist.
const NOWHERE: &str = "QQ";

/// Which record a request names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Named {
    /// None: the path has no hole.
    None,
    /// The record of Home.
    Home,
    /// The record of Abroad.
    Abroad,
    /// One that does not exist.
    Absent,
    /// Something that is not an id.
    Malformed,
    /// A child of Abroad below a parent of Home.
    Crossed,
}

impl Named {
    fn of(operation: &Operation) -> &'static [Named] {
        match operation.holes() {
            0 => &[Named::None],
            1 => &[Named::Home, Named::Abroad, Named::Absent, Named::Malformed],
            _ => &[Named::Home, Named::Abroad, Named::Absent, Named::Malformed, Named::Crossed],
        }
    }
}

/// What should happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Expected {
    /// Not refused for who the caller is.
    Allowed,
    /// Exactly this status.
    Refused(u16),
    /// 403 for the parent that they see or 404 for the child that is not below it: neither tells of the child.
    Closed,
    /// 403 by a rule finer than the table, or 409 where a state comes first.
    Narrowed,
}

/// Whether a grant of the caller reaches the record with this permission.
fn reaches(actor: &Actor, permission: Permission, record: &Belongs) -> bool {
    if record.nobody {
        return false;
    }
    if let Some(owner) = &record.owner {
        return *owner == actor.user;
    }
    if permission.is_own() {
        return record.everyone;
    }
    actor.grants.iter().filter(|grant| permission.roles().contains(&grant.role)).any(|grant| {
        let unscoped = grant.country.is_none() && grant.program_id.is_none();
        let global = unscoped && matches!(grant.role, Role::Administrator | Role::Auditor);
        let country = grant.country.is_some_and(|c| record.countries.iter().any(|own| own == c.as_str()));
        let program = grant.program_id.is_some_and(|p| record.programs.contains(&p.to_string()));
        global || country || program || record.everyone
    })
}

/// Routes on which a role may do less than the table says, each with the reason.
const NARROWER: &[(&str, Role, &str)] = &[
    (
        "POST /partners/{iso2}/focal-points/{id}/confirmations",
        Role::FocalPoint,
        "a mandate is confirmed by its holder",
    ),
    ("POST /users", Role::Coordinator, "coordinators invite trainers and observers of their programs"),
    ("POST /users/{id}/grants", Role::Coordinator, "coordinators give roles over their programs"),
    ("POST /milestones/{id}/transitions", Role::Administrator, "who runs the system does not deliver"),
];

fn narrowed(operation: &Operation, actor: &Actor) -> bool {
    let route = operation.name();
    NARROWER
        .iter()
        .any(|(name, role, _)| *name == route && actor.grants.iter().all(|grant| grant.role == *role))
}

fn expected(
    operation: &Operation,
    right: Permission,
    actor: &Actor,
    (record, child): (Option<&Belongs>, Option<&Belongs>),
    named: Named,
) -> Expected {
    if actor.standing != Standing::LoggedIn {
        return Expected::Refused(401);
    }
    if operation.holes() == 0 {
        let anywhere = actor.grants.iter().any(|grant| right.roles().contains(&grant.role));
        return match anywhere || right.is_own() {
            true if narrowed(operation, actor) => Expected::Narrowed,
            true => Expected::Allowed,
            false => Expected::Refused(403),
        };
    }
    if child.is_some_and(|child| !reaches(actor, right.sight(), child)) {
        return Expected::Refused(404);
    }
    match record {
        None => Expected::Refused(404),
        Some(record) if !reaches(actor, right.sight(), record) => Expected::Refused(404),
        Some(record) if !reaches(actor, right, record) && named == Named::Crossed => Expected::Closed,
        Some(record) if !reaches(actor, right, record) => Expected::Refused(403),
        Some(_) if named == Named::Crossed => Expected::Refused(404),
        Some(_) if narrowed(operation, actor) => Expected::Narrowed,
        Some(_) => Expected::Allowed,
    }
}

/// The two sides of the world and everyone in it.
pub struct World {
    /// One half.
    pub home: Side,
    /// The other, of which the first must know nothing.
    pub abroad: Side,
    /// Everyone who may knock.
    pub actors: Vec<Actor>,
}

impl World {
    /// Makes it anew.
    pub async fn build(app: &TestApp) -> World {
        let admin = app.administrator_again().await;
        let free = free_countries(&admin).await;
        let home = Side::build(app, &admin, &free[0], &free[2]).await;
        let abroad = Side::build(app, &admin, &free[1], &free[2]).await;
        let actors = Actor::all(app, &home, &abroad).await;
        for actor in &actors {
            actor.client.get("/me").await;
        }
        World { home, abroad, actors }
    }

    /// Someone whom the operation lets in on Home's record.
    pub fn insider(&self, operation: &Operation) -> &Actor {
        let Door::Right(right) = operation.door else { return &self.actors[0] };
        let named = if operation.holes() == 0 { Named::None } else { Named::Home };
        let record = self.records(operation, named);
        let welcome = |actor: &&Actor| expected(operation, right, actor, record, named) == Expected::Allowed;
        // One's own things are the administrator's who made them; for the manners anyone logged in will do.
        let anyone = || self.actors.iter().find(|actor| actor.standing == Standing::LoggedIn);
        self.actors.iter().find(welcome).or_else(anyone).expect("someone is logged in")
    }

    fn path(&self, operation: &Operation, named: Named) -> String {
        let prefixes = operation.prefixes();
        let nothing = |prefix: &&str| match (prefix.starts_with("/countries"), prefix.ends_with("{iso2}")) {
            (true, _) => NOWHERE,
            (_, true) => self.home.spare.as_str(),
            _ => NOTHING,
        };
        let absent: Vec<&str> = prefixes.iter().map(nothing).collect();
        match named {
            Named::None => operation.path.clone(),
            Named::Home => self.home.path(operation),
            Named::Abroad => self.abroad.path(operation),
            Named::Absent => filled(operation, &absent),
            Named::Malformed => filled(operation, &vec!["no-such-id"; prefixes.len()]),
            Named::Crossed => {
                let mut records: Vec<&str> = prefixes.iter().map(|prefix| self.home.id(prefix)).collect();
                if let (Some(last), Some(prefix)) = (records.last_mut(), prefixes.last()) {
                    *last = self.abroad.id(prefix);
                }
                filled(operation, &records)
            }
        }
    }

    /// The record that the path names first, and the one below it.
    fn records(&self, operation: &Operation, named: Named) -> (Option<&Belongs>, Option<&Belongs>) {
        let prefixes = operation.prefixes();
        let last = prefixes.last().filter(|_| prefixes.len() > 1);
        let child = match named {
            Named::Home => last.map(|prefix| &self.home.at(prefix).1),
            Named::Abroad => last.map(|prefix| &self.abroad.at(prefix).1),
            _ => None,
        };
        (self.record(operation, named), child)
    }

    fn record(&self, operation: &Operation, named: Named) -> Option<&Belongs> {
        let prefix = *operation.prefixes().first()?;
        match named {
            Named::Home | Named::Crossed => Some(&self.home.at(prefix).1),
            Named::Abroad => Some(&self.abroad.at(prefix).1),
            _ => None,
        }
    }
}

/// Countries that are no partners yet: a world is made anew after each route that changes it.
async fn free_countries(admin: &Person) -> Vec<String> {
    let mut all = Vec::new();
    for list in ["/countries", "/partners"] {
        let (mut found, mut query) = (Vec::new(), "?limit=200".to_owned());
        loop {
            let page = admin.get(&format!("{list}{query}")).await.expect(200).json;
            let items = page["items"].as_array().cloned().unwrap_or_default();
            let name = |item: &Value| item["iso2"].as_str().or(item["country"].as_str()).map(str::to_owned);
            found.extend(items.iter().filter_map(name));
            let Some(cursor) = page["next"].as_str() else { break };
            query = format!("?limit=200&cursor={cursor}");
        }
        all.push(found);
    }
    let taken = all.pop().unwrap_or_default();
    let mut free = all.pop().unwrap_or_default();
    free.retain(|country| !taken.contains(country));
    free
}

/// What came back, and what it took.
struct Seen {
    answer: Answer,
    statements: u64,
}

impl Seen {
    /// Everything that the client sees, but for what differs on every answer.
    fn masked(&self) -> String {
        let mut headers: Vec<String> = self
            .answer
            .headers
            .iter()
            .filter(|(name, _)| !["date", "x-request-id"].contains(&name.as_str()))
            .map(|(name, value)| format!("{name}: {}", value.to_str().unwrap_or("?")))
            .collect();
        headers.sort();
        let mut body = self.answer.json.clone();
        if let Some(fields) = body.as_object_mut() {
            fields.remove("request_id");
        }
        format!("{}\n{}\n{body}", self.answer.status, headers.join("\n"))
    }
}

async fn ask(app: &TestApp, world: &World, operation: &Operation, actor: &Actor, named: Named) -> Seen {
    let path = world.path(operation, named);
    let method = Method::from_bytes(operation.method.as_bytes()).expect("a method");
    let side = if named == Named::Abroad { &world.abroad } else { &world.home };
    let body = side.body(operation);
    let mut headers = Vec::new();
    if body.is_some() {
        headers.push(("content-type", "application/json"));
    }
    if matches!(operation.method.as_str(), "PATCH" | "PUT" | "DELETE") {
        // A version that never was: whoever may change the record hears 412, and nothing happens.
        headers.push(("if-match", "\"999999-en\""));
    }
    let bytes = body.map(|body| body.to_string().into_bytes()).unwrap_or_default();
    let before = app.parts.db.statements();
    let answer = actor.client.send(method, &path, &headers, bytes).await;
    Seen { answer, statements: app.parts.db.statements() - before }
}

/// One line for what was expected and what came.
fn compare(operation: &Operation, expected: Expected, seen: &Seen) -> Option<String> {
    let status = seen.answer.status;
    let fits = match expected {
        // Who is asked for a fresh factor, or got a password wrong, was let in before.
        Expected::Allowed if status == 401 => {
            ["login_failed", "step_up_needed", "second_factor_needed"].contains(&seen.answer.code())
        }
        // One's own thing that is not there.
        Expected::Allowed if status == 404 => operation.path.starts_with("/me/"),
        Expected::Allowed => matches!(status, 200..=204 | 304 | 409 | 412 | 422 | 429),
        Expected::Refused(wanted) => status == wanted,
        Expected::Closed => matches!(status, 403 | 404),
        Expected::Narrowed => matches!(status, 403 | 409),
    };
    let text: String = seen.answer.text.chars().take(300).collect();
    (!fits).then(|| format!("expected {expected:?}, got {status} {text}"))
}

/// The walk's findings and its table.
#[derive(Default)]
struct Report {
    table: String,
    findings: Vec<String>,
    requests: usize,
    comparisons: usize,
}

impl Report {
    fn find(&mut self, operation: &Operation, named: Named, actor: &Actor, what: impl std::fmt::Display) {
        self.findings.push(format!("{} {named:?} as {}: {what}", operation.name(), actor.name));
    }
}

async fn walk_route(
    app: &TestApp,
    world: &World,
    operation: &Operation,
    right: Permission,
    report: &mut Report,
) {
    app.parts.denials.flush(&app.parts.db).await.expect("refusals are noted");
    let before = app.fingerprint();
    let mut denied = 0;
    let mut later = Vec::new();
    let rows = Named::of(operation);
    let mut table = vec![vec![String::new(); world.actors.len()]; rows.len()];
    for (column, actor) in world.actors.iter().enumerate() {
        let mut seen_absent = None;
        let mut hidden = Vec::new();
        for (row, named) in rows.iter().enumerate().rev() {
            let wanted = expected(operation, right, actor, world.records(operation, *named), *named);
            if wanted == Expected::Allowed {
                later.push((row, column, *named));
                continue;
            }
            // Below a parent that the caller sees, a hidden child takes the parent's own queries.
            let parent = world.record(operation, *named);
            let sees_parent = parent.is_some_and(|parent| reaches(actor, right.sight(), parent));
            let seen = ask(app, world, operation, actor, *named).await;
            report.requests += 1;
            denied +=
                usize::from(matches!(seen.answer.status, 403 | 404) && actor.standing == Standing::LoggedIn);
            table[row][column] = seen.answer.status.to_string();
            if let Some(what) = compare(operation, wanted, &seen) {
                report.find(operation, *named, actor, what);
            }
            match named {
                Named::Absent => seen_absent = Some(seen),
                Named::Home | Named::Abroad if wanted == Expected::Refused(404) && !sees_parent => {
                    hidden.push((*named, seen))
                }
                _ => {}
            }
        }
        for (named, seen) in hidden {
            let Some(absent) = &seen_absent else { continue };
            report.comparisons += 1;
            if seen.masked() != absent.masked() {
                let what = format!("hidden differs from absent:\n{}\n--\n{}", seen.masked(), absent.masked());
                report.find(operation, named, actor, what);
            }
            if seen.statements != absent.statements {
                // A connection's first use looks up its types; only a difference that stays is one.
                let again = ask(app, world, operation, actor, named).await.statements;
                let nothing = ask(app, world, operation, actor, Named::Absent).await.statements;
                denied += 2;
                if again != nothing {
                    report.find(operation, named, actor, format!("{again} statements, absent {nothing}"));
                }
            }
        }
    }
    let after = app.fingerprint();
    if before != after {
        report.findings.push(format!("{}: a refusal left a trace:\n{before}\n{after}", operation.name()));
    }
    let noted = app.parts.denials.flush(&app.parts.db).await.expect("refusals are noted");
    if noted != denied {
        report
            .findings
            .push(format!("{}: {denied} refusals, {noted} noted in the audit chain", operation.name()));
    }
    let mut welcome = false;
    for (row, column, named) in later {
        let actor = &world.actors[column];
        let seen = ask(app, world, operation, actor, named).await;
        report.requests += 1;
        table[row][column] = "ok".into();
        if let Some(what) = compare(operation, Expected::Allowed, &seen) {
            report.find(operation, named, actor, what);
            table[row][column] = seen.answer.status.to_string();
        }
        // A state or a version that stands in the way is told to those who may do it.
        welcome |= matches!(seen.answer.status, 200..=299 | 401 | 409 | 412);
        shown_to_the_right_people(world, operation, actor, &seen, named, report);
    }
    let own =
        world.record(operation, Named::Home).is_some_and(|record| record.owner.is_some() || record.nobody);
    let asks = operation.described["parameters"].as_array().into_iter().flatten();
    let asks = asks.filter(|p| p["in"] == "query").any(|p| p["required"] == true);
    let own = own || operation.path.starts_with("/me/");
    if !welcome && !own && !asks {
        report.findings.push(format!("{}: nobody got anything out of it", operation.name()));
    }
    for (row, named) in rows.iter().enumerate() {
        let name = match named {
            Named::None => operation.name(),
            _ => format!("{} {named:?}", operation.name()),
        };
        let cells: Vec<String> = table[row].iter().map(|cell| format!("{cell:>4}")).collect();
        writeln!(report.table, "{name:<64}{}", cells.concat()).expect("text");
    }
}

/// No answer holds the id of a record that the caller may not see.
fn shown_to_the_right_people(
    world: &World,
    operation: &Operation,
    actor: &Actor,
    seen: &Seen,
    named: Named,
    report: &mut Report,
) {
    // The audit chain names what it is about; whoever may read it may read that.
    if operation.path.starts_with("/audit-") {
        return;
    }
    for side in [&world.home, &world.abroad] {
        for (prefix, id, belongs) in side.secrets() {
            let Some(sight) = sight_of(prefix) else { continue };
            if seen.answer.text.contains(id) && !reaches(actor, sight, belongs) {
                report.find(operation, named, actor, format!("shows {prefix} of {}", side.country));
            }
        }
    }
}

/// The permission without which a record does not exist for the caller: that of its own GET.
fn sight_of(prefix: &str) -> Option<Permission> {
    match cybercap::routes::door("GET", prefix) {
        Some(Door::Right(permission)) => Some(permission.sight()),
        _ => None,
    }
}

fn head(world: &World) -> String {
    let mut text = String::from(
        "# Every route below /api/v1 with each record x each caller: `ok` is not refused for who the caller is.\n",
    );
    for (at, actor) in world.actors.iter().enumerate() {
        writeln!(text, "# {:>2} {}", at + 1, actor.name).expect("text");
    }
    let numbers: String = (1..=world.actors.len()).map(|n| format!("{n:>4}")).collect();
    writeln!(text, "{:<64}{numbers}", "#").expect("text");
    text
}

on_both_databases! {
    async fn every_route_answers_each_caller_as_the_permission_table_says(app: TestApp) {
        let walk = Walk::through(&app).await;
        let mut world = World::build(&app).await;
        let mut report = Report { table: head(&world), ..Report::default() };
        for operation in &walk.operations {
            let Door::Right(right) = operation.door else { continue };
            walk_route(&app, &world, operation, right, &mut report).await;
            if operation.writes() {
                world = World::build(&app).await;
            }
        }
        let Report { table, findings, requests, comparisons } = report;
        eprintln!("{requests} requests; hidden compared with absent {comparisons} times");
        assert!(findings.is_empty(), "{} findings:\n{}", findings.len(), findings.join("\n"));
        snapshot::compare("access.txt", &table);
    }
}
