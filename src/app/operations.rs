//! What operators and newcomers ask a running server: alive, ready, numbers, version, the API's pages.

use std::net::TcpListener;

use actix_web::dev::Server;
use actix_web::http::header::{self, HeaderValue};
use actix_web::middleware::DefaultHeaders;
use actix_web::web::{self, Bytes, Data, ServiceConfig};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer};
use utoipa_swagger_ui::SwaggerUi;

use super::Parts;
use crate::kernel::error::Code;
use crate::kernel::{Error, Result};
use crate::notifications;
use crate::platform::http::metrics::Metrics;
use crate::platform::outbox;
use crate::routes;

/// Pages of Swagger UI need their own scripts and the styles that those scripts write; nothing from elsewhere.
const DOCS_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
     font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
);
/// The document that `/docs` shows; its route stands before the scope of the API, which takes all paths below it.
pub(super) const DOCUMENT: &str = "/api/v1/openapi.json";

/// The routes beside the API.
pub(super) fn routes(config: &mut ServiceConfig, parts: &Parts) {
    config
        .route("/", web::get().to(landing))
        .route("/version", web::get().to(version))
        .route("/problems/{code}", web::get().to(about_problem))
        .configure(probes);
    if parts.config.server.metrics_listen.is_empty() {
        config.route("/metrics", web::get().to(metrics_for_this_machine));
    }
    if parts.config.server.docs {
        let shown = utoipa_swagger_ui::Config::from(DOCUMENT)
            .validator_url("none")
            .doc_expansion("none")
            .display_request_duration(true)
            .try_it_out_enabled(true);
        config.service(web::redirect("/docs", "/docs/"));
        let policy = DefaultHeaders::new().add((header::CONTENT_SECURITY_POLICY, DOCS_POLICY));
        config.service(web::scope("/docs").wrap(policy).service(SwaggerUi::new("/{_:.*}").config(shown)));
    }
}

fn probes(config: &mut ServiceConfig) {
    config.route("/livez", web::get().to(livez)).route("/readyz", web::get().to(readyz));
}

/// A second listener for the probes and the numbers, away from the public one.
///
/// # Errors
/// When the listener can't be used.
pub fn serve_metrics(parts: Parts, listener: TcpListener) -> std::io::Result<Server> {
    let server = HttpServer::new(move || {
        App::new()
            .app_data(Data::new(parts.clone()))
            .app_data(Data::new(parts.metrics.clone()))
            .configure(probes)
            .route("/metrics", web::get().to(metrics))
    });
    Ok(server.workers(1).disable_signals().listen(listener)?.run())
}

async fn landing(request: HttpRequest) -> HttpResponse {
    let accept = request.headers().get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or("");
    if accept.contains("text/html") {
        return HttpResponse::Ok().content_type("text/html; charset=utf-8").body(PAGE);
    }
    HttpResponse::Ok().json(serde_json::json!({
        "name": "cybercap",
        "api": "/api/v1",
        "openapi": DOCUMENT,
        "docs": "/docs/",
        "login": "/api/v1/auth/login",
    }))
}

const PAGE: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>cybercap</title>\
<h1>cybercap</h1><p>This server speaks a REST API at <code>/api/v1</code>.</p><ul>\
<li><a href=\"/docs/\">Browse and try the API</a></li>\
<li><a href=\"/api/v1/openapi.json\">OpenAPI document</a></li>\
<li><a href=\"/readyz\">Is it ready?</a></li></ul></html>\n";

pub(super) async fn openapi() -> HttpResponse {
    HttpResponse::Ok()
        .content_type("application/json; charset=utf-8")
        .body(Bytes::from_static(routes::document_text().as_bytes()))
}

async fn version() -> HttpResponse {
    HttpResponse::Ok()
        .json(serde_json::json!({ "name": "cybercap", "version": env!("CARGO_PKG_VERSION"), "api": "v1" }))
}

async fn livez() -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain; charset=utf-8").body("alive\n")
}

/// 503 while the database is away or the process is stopping, so that a proxy sends requests elsewhere.
async fn readyz(parts: Data<Parts>) -> Result<HttpResponse> {
    if parts.health.is_stopping() {
        return Err(Error::unavailable("The service is stopping."));
    }
    if !parts.health.database_answers(&parts.db).await {
        return Err(Error::unavailable("The database does not answer."));
    }
    Ok(HttpResponse::Ok().content_type("text/plain; charset=utf-8").body("ready\n"))
}

/// On the public listener only for a program on this machine that did not come through a proxy.
async fn metrics_for_this_machine(request: HttpRequest, parts: Data<Parts>) -> Result<HttpResponse> {
    let near = request.peer_addr().is_some_and(|peer| peer.ip().is_loopback());
    let proxied = ["forwarded", "x-forwarded-for", "x-real-ip", "via"];
    if !near || proxied.iter().any(|name| request.headers().contains_key(*name)) {
        return Err(Error::not_found());
    }
    metrics(parts).await
}

async fn metrics(parts: Data<Parts>) -> Result<HttpResponse> {
    let shown: &Metrics = &parts.metrics;
    let (reads, writes) = parts.db.waiting();
    shown.waiting("database_reads", reads as i64);
    shown.waiting("database_writes", writes as i64);
    // Numbers are wanted most when the database is in trouble: without it the rest is still shown.
    if let Ok(events) = parts.db.read(outbox::waiting).await {
        shown.waiting("events", events);
    }
    if let Ok(letters) = parts.db.read(notifications::numbers).await {
        shown.waiting("letters", letters.due);
        shown.oldest_letter(letters.oldest);
        for (state, count) in letters.states {
            shown.letters(state.as_str(), count);
        }
    }
    Ok(HttpResponse::Ok().content_type("text/plain; version=0.0.4; charset=utf-8").body(shown.text()?))
}

/// The page behind a problem's `type`.
async fn about_problem(code: web::Path<String>) -> Result<HttpResponse> {
    let known = Code::ALL.iter().find(|known| known.name() == code.as_str()).ok_or_else(Error::not_found)?;
    let text = format!("{} ({})\n\n{}\n", known.name(), known.status(), known.title());
    Ok(HttpResponse::Ok().content_type("text/plain; charset=utf-8").body(text))
}
