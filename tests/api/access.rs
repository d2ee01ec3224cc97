//! Every route x every kind of caller x own, foreign, absent and malformed records, on both databases, without exemption.
//!
//! What should happen is computed here from the permission table and from whom a record belongs to, never by the guard.
//! What did happen is the committed file `access.txt`, one row a route and record, one column a caller.

use std::cell::RefCell;
use std::fmt::Write;

use awc::http::Method;
use cybercap::accounts::NewGrant;
use cybercap::kernel::access::{Permission, Role};
use cybercap::routes::Door;
use serde_json::Value;

use crate::actors::{Actor, Standing};
use crate::fitting::{deleted, fit};
use crate::oracle::{Expected, NOTHING, NOWHERE, Named, expected, reaches};
use crate::support::{Answer, Person, TestApp, snapshot};
use crate::walk::{FILE, Operation, Walk};
use crate::world::{Belongs, Side, filled};

/// The two sides of the world and everyone in it.
pub struct World {
    /// One half.
    pub home: Side,
    /// The other, of which the first must know nothing.
    pub abroad: Side,
    /// Everyone who may knock.
    pub actors: Vec<Actor>,
    /// Who made it, and is not among them.
    pub admin: Person,
    /// A record of Home that was deleted, where the walk needs one.
    gone: String,
    free: RefCell<Vec<String>>,
}

impl World {
    /// Makes it anew.
    pub async fn build(app: &TestApp) -> World {
        let admin = app.administrator_again().await;
        let mut free = free_countries(&admin).await;
        let home = Side::build(app, &admin, &free[0], &free[2]).await;
        let abroad = Side::build(app, &admin, &free[1], &free[2]).await;
        let actors = Actor::all(app, &home, &abroad).await;
        for actor in &actors {
            actor.client.get("/me").await;
        }
        train(&admin, &home, &actors).await;
        train(&admin, &abroad, &actors).await;
        let free = RefCell::new(free.split_off(3));
        World { home, abroad, actors, admin, gone: NOTHING.into(), free }
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

    /// The half that a request is about.
    pub fn side(&self, actor: &Actor, named: Named) -> &Side {
        match named {
            Named::Abroad => &self.abroad,
            Named::None if actor.name.ends_with("abroad") => &self.abroad,
            _ => &self.home,
        }
    }

    /// A country that is no partner yet, another one each time.
    pub fn free_country(&self) -> String {
        self.free.borrow_mut().pop().expect("there are 249")
    }

    /// Whether an answer to this request may have left the world's own records other than they were made: what only adds
    /// another record, or works on one made for it, leaves them alone.
    pub fn is_worn_by(&self, operation: &Operation, named: Named, path: &str, status: u16) -> bool {
        let own = path.split('?').next() == Some(self.path(operation, named).as_str());
        operation.writes() && status != 201 && (own || named == Named::Own)
    }

    /// Makes what the walk of an operation needs beyond the world.
    pub async fn furnish(&mut self, app: &TestApp, operation: &Operation) {
        if operation.path.starts_with("/letters") {
            self.home.letter(app, &self.admin).await;
            self.abroad.letter(app, &self.admin).await;
        }
        if Named::of(operation).contains(&Named::Deleted) {
            self.gone = deleted(app, &self.admin, &self.home, operation).await;
        }
    }

    /// The path of an operation with the record that is meant.
    pub fn path(&self, operation: &Operation, named: Named) -> String {
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
                let last = prefixes.last().expect("a record");
                self.home.path_with(operation, self.abroad.id(last))
            }
            Named::Deleted => self.home.path_with(operation, &self.gone),
            Named::Own => self.home.path_with(operation, NOTHING),
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
            Named::Deleted if operation.holes() > 1 => Some(&self.home.at(prefix).1),
            Named::Abroad => Some(&self.abroad.at(prefix).1),
            _ => None,
        }
    }
}

/// Lets everyone who trains in the program of a side train in its session: they see who comes.
async fn train(admin: &Person, side: &Side, actors: &[Actor]) {
    let program = side.program();
    let trains = |actor: &&Actor| {
        let over =
            |grant: &NewGrant| grant.program_id.is_some_and(|id| Some(id.to_string().as_str()) == program);
        actor.standing == Standing::LoggedIn
            && actor.grants.iter().any(|g| g.role == Role::Trainer && over(g))
    };
    let mut trainers: Vec<&str> = actors.iter().filter(trains).map(|actor| actor.user.as_str()).collect();
    trainers.sort_unstable();
    trainers.dedup();
    for session in [side.id("/training-sessions/{id}"), &side.held] {
        let path = format!("/training-sessions/{session}");
        let version = admin.get(&path).await.expect(200).header("etag").to_owned();
        admin.patch(&path, &version, serde_json::json!({ "trainers": trainers })).await.expect(200);
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
    path: String,
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

fn bytes(operation: &Operation, body: Option<Value>) -> Vec<u8> {
    match body {
        Some(body) => body.to_string().into_bytes(),
        None if operation.takes_file() => FILE.1.to_vec(),
        None => Vec::new(),
    }
}

/// A request that succeeds for whom it is meant for.
async fn succeed(app: &TestApp, world: &World, operation: &Operation, actor: &Actor, named: Named) -> Seen {
    let fitted = fit(app, world, operation, actor, named).await;
    let method = Method::from_bytes(operation.method.as_bytes()).expect("a method");
    let mut headers = Vec::new();
    if fitted.body.is_some() {
        headers.push(("content-type", "application/json"));
    }
    if !fitted.version.is_empty() {
        headers.push(("if-match", fitted.version.as_str()));
    }
    let bytes = bytes(operation, fitted.body);
    let answer = actor.client.send(method, &fitted.path, &headers, bytes).await;
    Seen { path: fitted.path, answer, statements: 0 }
}

/// A request whose refusal is expected.
async fn ask(app: &TestApp, world: &World, operation: &Operation, actor: &Actor, named: Named) -> Seen {
    let mut path = world.path(operation, named);
    if operation.takes_file() {
        path += FILE.0;
    }
    let method = Method::from_bytes(operation.method.as_bytes()).expect("a method");
    let body = world.side(actor, named).body(operation);
    let mut headers = Vec::new();
    if body.is_some() {
        headers.push(("content-type", "application/json"));
    }
    if matches!(operation.method.as_str(), "PATCH" | "PUT" | "DELETE") {
        // A version that never was: whoever may change the record hears 412, and nothing happens.
        headers.push(("if-match", "\"999999-en\""));
    }
    let bytes = bytes(operation, body);
    let before = app.parts.db.statements();
    let answer = actor.client.send(method, &path, &headers, bytes).await;
    Seen { path, answer, statements: app.parts.db.statements() - before }
}

/// One line for what was expected and what came.
fn compare(expected: Expected, seen: &Seen) -> Option<String> {
    let status = seen.answer.status;
    let fits = match expected {
        Expected::Allowed => matches!(status, 200..=206),
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

/// Walks one route; whether the world's records are worn by it.
async fn walk_route(
    app: &TestApp,
    world: &mut World,
    operation: &Operation,
    right: Permission,
    report: &mut Report,
) -> bool {
    world.furnish(app, operation).await;
    let world = &*world;
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
            if let Some(what) = compare(wanted, &seen) {
                report.find(operation, *named, actor, what);
            }
            match named {
                Named::Absent => seen_absent = Some(seen),
                Named::Home | Named::Abroad | Named::Deleted
                    if wanted == Expected::Refused(404) && !sees_parent =>
                {
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
    if later.is_empty() {
        report.findings.push(format!("{}: nobody gets anything out of it", operation.name()));
    }
    let mut worn = false;
    for (row, column, named) in later {
        let actor = &world.actors[column];
        let seen = succeed(app, world, operation, actor, named).await;
        worn |= world.is_worn_by(operation, named, &seen.path, seen.answer.status);
        report.requests += 1;
        table[row][column] = seen.answer.status.to_string();
        if let Some(what) = compare(Expected::Allowed, &seen) {
            report.find(operation, named, actor, what);
        }
        shown_to_the_right_people(world, operation, actor, &seen, named, report);
    }
    for (row, named) in rows.iter().enumerate() {
        let name = match named {
            Named::None => operation.name(),
            _ => format!("{} {named:?}", operation.name()),
        };
        let cells: Vec<String> = table[row].iter().map(|cell| format!("{cell:>4}")).collect();
        writeln!(report.table, "{name:<64}{}", cells.concat()).expect("text");
    }
    worn
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
    // The audit chain names what it is about: who may read all of it may read that, others read of their own acts.
    let everyone = Belongs { everyone: true, ..Belongs::default() };
    if operation.path.starts_with("/audit-") && reaches(actor, Permission::ViewWholeAudit, &everyone) {
        return;
    }
    // What the caller was refused says no more than the caller asked.
    let mut told = seen.answer.json.clone();
    if let Some(events) = told["items"].as_array_mut().filter(|_| operation.path == "/audit-events") {
        events.retain(|event| event["outcome"] != "refused");
    }
    let told = if operation.path == "/audit-events" { told.to_string() } else { seen.answer.text.clone() };
    for side in [&world.home, &world.abroad] {
        for (prefix, id, belongs) in side.secrets() {
            let Some(sight) = sight_of(prefix) else { continue };
            // A machine may learn over which program its owner has a role.
            let own_role =
                actor.grants.iter().any(|grant| grant.program_id.is_some_and(|p| p.to_string() == id));
            if told.contains(id) && !own_role && !reaches(actor, sight, belongs) {
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
        "# Every route below /api/v1 with each record x each caller: the status that comes back.\n",
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
            if walk_route(&app, &mut world, operation, right, &mut report).await {
                world = World::build(&app).await;
            }
        }
        let Report { table, findings, requests, comparisons } = report;
        eprintln!("{requests} requests; hidden compared with absent {comparisons} times");
        assert!(findings.is_empty(), "{} findings:\n{}", findings.len(), findings.join("\n"));
        snapshot::compare("access.txt", &table);
    }
}
