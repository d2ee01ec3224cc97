//! What happens before a handler is chosen: who asks, and whether the route knows the parameters it was given.

use std::collections::HashMap;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::middleware::Next;
use actix_web::web::{Data, Query};
use actix_web::{HttpMessage, HttpResponse};
use serde_json::Value;

use crate::accounts;
use crate::kernel::error::{Code, FieldError};
use crate::kernel::{Error, Result};
use crate::platform::http::trace::Route;
use crate::routes::{self, Door};

/// The query parameters of each operation, by method and path template, as the API document states them.
pub struct Parameters(HashMap<(String, String), Vec<String>>);

impl Parameters {
    /// Reads them from the document.
    pub fn of(document: &Value) -> Parameters {
        let mut known = HashMap::new();
        for (path, item) in document["paths"].as_object().into_iter().flatten() {
            for (method, operation) in item.as_object().into_iter().flatten() {
                let all = operation["parameters"].as_array().into_iter().flatten();
                let names = all.filter(|p| p["in"] == "query").filter_map(|p| p["name"].as_str());
                let names = names.map(str::to_owned).collect();
                known.insert((method.to_uppercase(), path.clone()), names);
            }
        }
        Parameters(known)
    }

    /// Refuses parameters that the operation does not have.
    fn check(&self, method: &Method, pattern: &str, query: &str) -> Result<()> {
        // Lists read their own filters and tell of every fault at once.
        let known = self.0.get(&(method.to_string(), pattern.to_owned()));
        let Some(known) = known.filter(|known| known.iter().all(|name| name == "lang")) else {
            return Ok(());
        };
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
        if given.iter().any(|(name, value)| name == "lang" && value != "all") {
            strangers.push(FieldError::at("lang", "unknown_value", "Use: all."));
        }
        if strangers.is_empty() { Ok(()) } else { Err(Error::invalid_fields(strangers)) }
    }
}

/// Identifies the caller of a route that asks for a right before anything else is said about the request, and refuses
/// unknown query parameters of every route. A `HEAD` is a `GET` whose body is not sent.
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
    if let Err(error) = checked(&request).await {
        return Ok(request.into_response(HttpResponse::from_error(error)));
    }
    next.call(request).await.map(ServiceResponse::map_into_boxed_body)
}

async fn checked(request: &ServiceRequest) -> Result<()> {
    let Some(pattern) = request.match_pattern() else { return Ok(()) };
    request.extensions_mut().insert(Route(pattern.clone()));
    if let Some(Door::Right(_)) = routes::door(request.method().as_str(), &pattern) {
        accounts::known(request.request()).await?;
    }
    match request.app_data::<Data<Parameters>>() {
        Some(parameters) => parameters.check(request.method(), &pattern, request.query_string()),
        None => Ok(()),
    }
}
