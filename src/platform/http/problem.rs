//! Problem documents (RFC 9457): the one place where an error becomes bytes.

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, ResponseError};
use serde::Serialize;
use utoipa::ToSchema;

use super::trace;
use crate::kernel::Error;
use crate::kernel::error::Code;

/// What went wrong, where, and what would be right.
#[derive(Debug, Serialize, ToSchema)]
pub struct Problem {
    /// Page of this server about the code.
    #[schema(example = "/problems/invalid", max_length = 200)]
    pub r#type: String,
    /// One sentence, the same for every occurrence.
    #[schema(max_length = 200)]
    pub title: &'static str,
    /// HTTP status.
    #[schema(minimum = 400, maximum = 599)]
    pub status: u16,
    /// Stable name of the fault.
    #[schema(example = "invalid", max_length = 60)]
    pub code: &'static str,
    /// What happened this time and what to do.
    pub detail: String,
    /// Names this request in our log.
    pub request_id: String,
    /// Every field at fault.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldProblem>,
}

/// One field at fault.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FieldProblem {
    /// RFC 6901 pointer into the body, or the name of a query parameter.
    pub pointer: String,
    /// Stable name of the rule.
    pub code: &'static str,
    /// What is wrong and what would be right.
    pub detail: String,
}

impl ResponseError for Error {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    fn error_response(&self) -> HttpResponse {
        let request_id = trace::current_id();
        match self.code.status() {
            500.. => tracing::error!(request_id, error = %self, "request failed"),
            _ => tracing::debug!(request_id, error = %self, "request refused"),
        }
        response(self, request_id)
    }
}

fn response(error: &Error, request_id: String) -> HttpResponse {
    let code = error.code;
    let status = StatusCode::from_u16(code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let errors = error.fields.iter().map(|f| FieldProblem {
        pointer: f.pointer.clone(),
        code: f.code,
        detail: f.detail.clone(),
    });
    let problem = Problem {
        r#type: format!("/problems/{}", code.name()),
        title: code.title(),
        status: code.status(),
        code: code.name(),
        detail: error.detail.clone(),
        request_id,
        errors: errors.collect(),
    };
    let mut builder = HttpResponse::build(status);
    builder.content_type("application/problem+json");
    if let Some(seconds) = error.retry_after.or((code.status() == 503).then_some(1)) {
        builder.insert_header((header::RETRY_AFTER, seconds.to_string()));
    }
    if code.status() == 401 {
        builder
            .insert_header((header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"cybercap\"")));
    }
    builder.json(problem)
}

/// 405 for a path that takes other methods: these.
pub fn other_method(allow: &str) -> HttpResponse {
    let error = Error::new(Code::MethodNotAllowed, format!("Use one of: {allow}."));
    let mut response = HttpResponse::from_error(error);
    if let Ok(value) = HeaderValue::from_str(allow) {
        response.headers_mut().insert(header::ALLOW, value);
    }
    response
}

/// 404 for paths that no route takes.
pub async fn no_such_path(request: HttpRequest) -> Result<HttpResponse, Error> {
    let detail =
        format!("No route answers {} {}; see /docs for all of them.", request.method(), request.path());
    Err(Error::new(Code::NotFound, detail))
}
