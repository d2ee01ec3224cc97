//! A request id for every request: accepted, returned, logged and written into problems.

use std::cell::RefCell;
use std::time::Instant;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{Error, HttpMessage, HttpRequest};

use super::metrics::Metrics;
use crate::platform::clock::Clock;

/// Header of the request id.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

tokio::task_local! { static CURRENT: RefCell<String>; }

/// The id of the request that this task works on; empty outside of one.
pub fn current_id() -> String {
    CURRENT.try_with(|id| id.borrow().clone()).unwrap_or_default()
}

/// Left on a request: the template of its route, found once.
#[derive(Clone, Debug)]
pub struct Route(pub String);

impl Route {
    /// The template of the route that a request takes, looked up when nobody did before.
    pub fn of(request: &HttpRequest) -> Option<String> {
        let known = request.extensions().get::<Route>().map(|route| route.0.clone());
        known.or_else(|| request.match_pattern())
    }
}

/// Accepts a client's id of 1 to 64 letters, digits, `-`, `_`, `.`; anything else gets a new one.
fn chosen(request: &ServiceRequest) -> String {
    let sent = request.headers().get(&REQUEST_ID).and_then(|value| value.to_str().ok());
    let plain = |id: &&str| {
        (1..=64).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
    };
    match (sent.filter(plain), request.app_data::<Data<Clock>>()) {
        (Some(id), _) => id.to_owned(),
        (None, Some(clock)) => clock.new_id().to_string(),
        (None, None) => String::new(),
    }
}

/// Middleware: names the request, logs one line at its end.
pub async fn traced(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let id = chosen(&request);
    let (method, path) = (request.method().clone(), request.path().to_owned());
    let metrics = request.app_data::<Data<Metrics>>().cloned();
    let started = Instant::now();
    let mut response = CURRENT.scope(RefCell::new(id.clone()), next.call(request)).await?;
    let took = started.elapsed();
    let micros = took.as_micros() as u64;
    let status = response.status().as_u16();
    if let Some(metrics) = metrics {
        let route = Route::of(response.request());
        metrics.answered(method.as_str(), route.as_deref().unwrap_or("none"), status, took.as_secs_f64());
    }
    tracing::info!(request_id = id, %method, path, status, micros, "request");
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    Ok(response)
}
