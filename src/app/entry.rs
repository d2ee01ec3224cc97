//! What happens before a handler is chosen: the method, who asks, and whether the route knows the parameters it was given.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::middleware::Next;
use actix_web::web::Query;
use actix_web::{HttpMessage, HttpResponse};
use serde_json::Value;
use utoipa::openapi::Paths;

use crate::accounts;
use crate::kernel::error::{Code, FieldError};
use crate::kernel::{Error, Result};
use crate::platform::http::extract::Taken;
use crate::platform::http::problem;
use crate::platform::http::trace::Route;
use crate::routes::{self, Door};

/// The operations of each path template with their query parameters, as the API document states them.
struct Operations(HashMap<String, Vec<(Method, Taken)>>);

/// Those of this API, read when it is first asked for something.
static OPERATIONS: LazyLock<Operations> = LazyLock::new(|| Operations::of(&routes::operations()));

impl Operations {
    /// Those that the route of a request may be among.
    fn around(pattern: &str) -> Option<&'static Operations> {
        pattern.starts_with("/api/v1/").then(|| &*OPERATIONS)
    }

    /// Reads them from the paths of the document.
    fn of(paths: &Paths) -> Operations {
        let read = |item| at_path(&serde_json::to_value(item).unwrap_or_default());
        Operations(paths.paths.iter().map(|(path, item)| (path.clone(), read(item))).collect())
    }

    fn at(&self, pattern: &str, method: &Method) -> Option<&Taken> {
        self.0.get(pattern)?.iter().find(|(known, _)| known == method).map(|(_, taken)| taken)
    }

    /// The methods that a path takes, when this is none of them. A path with a word of its own (`/programs/import`) does
    /// not take the methods of the path with a hole in its place (`/programs/{id}`).
    fn others(&self, pattern: &str, method: &Method) -> Option<String> {
        let here = self.0.get(pattern).filter(|here| here.iter().all(|(known, _)| known != method))?;
        let names =
            here.iter().map(|(known, _)| if *known == Method::GET { "GET, HEAD" } else { known.as_str() });
        Some(names.collect::<Vec<_>>().join(", "))
    }
}

fn at_path(item: &Value) -> Vec<(Method, Taken)> {
    let operations = item.as_object().into_iter().flatten();
    let known = operations.filter_map(|(method, operation)| {
        let method = Method::from_bytes(method.to_uppercase().as_bytes()).ok()?;
        let all = operation["parameters"].as_array().into_iter().flatten();
        let names = all.filter(|p| p["in"] == "query").filter_map(|p| p["name"].as_str());
        let names: Vec<String> = names.map(str::to_owned).collect();
        Some((method, Taken(Arc::from(names))))
    });
    known.collect()
}

/// Refuses parameters that the operation does not have.
fn known_parameters(known: &[String], query: &str) -> Result<()> {
    // Lists read their own filters and tell of every fault at once.
    if query.is_empty() || known.iter().any(|name| name != "lang") {
        return Ok(());
    }
    let given = Query::<Vec<(String, String)>>::from_query(query).map_err(|e| {
        Error::new(Code::BadRequest, "The query string can't be read.").because(e.to_string())
    })?;
    let told = match known.is_empty() {
        true => "This operation takes no query parameters.".to_owned(),
        false => format!("There is no such parameter here. Known: {}.", known.join(", ")),
    };
    let strangers = given.iter().filter(|(name, _)| !known.contains(name));
    let mut strangers: Vec<FieldError> =
        strangers.map(|(name, _)| FieldError::at(name, "unknown_parameter", &told)).collect();
    let mut languages = given.iter().filter(|(name, _)| name == "lang" && known.contains(name));
    if languages.next().is_some_and(|(_, value)| value != "all") {
        strangers.push(FieldError::at("lang", "unknown_value", "Use: all."));
    }
    if languages.next().is_some() {
        strangers.push(FieldError::at("lang", "twice", "Give each parameter once."));
    }
    if strangers.is_empty() { Ok(()) } else { Err(Error::invalid_fields(strangers)) }
}

/// Refuses methods that the path does not take, identifies the caller of a route that asks for a right before anything
/// else is said about the request, and refuses unknown query parameters. A `HEAD` is a `GET` whose body is not sent.
///
/// # Errors
/// What the rest of the chain returns.
pub async fn enter(
    mut request: ServiceRequest,
    next: &Next<impl MessageBody + 'static>,
) -> std::result::Result<ServiceResponse, actix_web::Error> {
    if request.method() == Method::HEAD {
        request.head_mut().method = Method::GET;
    }
    match checked(&request).await {
        Ok(None) => next.call(request).await.map(ServiceResponse::map_into_boxed_body),
        Ok(Some(allow)) => Ok(request.into_response(problem::other_method(&allow))),
        Err(error) => Ok(request.into_response(HttpResponse::from_error(error))),
    }
}

/// The methods to name in a refusal; `None` when the request may pass.
async fn checked(request: &ServiceRequest) -> Result<Option<String>> {
    let Some(pattern) = request.match_pattern() else { return Ok(None) };
    request.extensions_mut().insert(Route(pattern.clone()));
    let operations = Operations::around(&pattern);
    let others = operations.and_then(|operations| operations.others(&pattern, request.method()));
    if others.is_some() {
        return Ok(others);
    }
    if let Some(Door::Right(_)) = routes::door(request.method().as_str(), &pattern) {
        accounts::known(request.request()).await?;
    }
    if let Some(taken) = operations.and_then(|operations| operations.at(&pattern, request.method())) {
        known_parameters(&taken.0, request.query_string())?;
        request.extensions_mut().insert(taken.clone());
    }
    Ok(None)
}

/// Notes the parameters of the route that a request now goes to.
pub fn note_parameters(request: &ServiceRequest) {
    if let Some(pattern) = request.match_pattern()
        && let Some(operations) = Operations::around(&pattern)
        && let Some(taken) = operations.at(&pattern, request.method())
    {
        request.extensions_mut().insert(taken.clone());
    }
}
