//! The one error of the house: a stable code, words for the client, and a cause for the log only.

use std::fmt;

/// Result of everything that can be refused.
pub type Result<T, E = Error> = std::result::Result<T, E>;

macro_rules! codes {
    ($($variant:ident $name:literal $status:literal $title:literal;)*) => {
        /// Stable machine names of what can go wrong; never translated, never renamed.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Code { $($variant),* }

        impl Code {
            /// Every code, in the order of the table.
            pub const ALL: &'static [Code] = &[$(Code::$variant),*];

            /// The name that goes over the wire.
            pub fn name(self) -> &'static str { match self { $(Code::$variant => $name),* } }

            /// HTTP status, 400..=599.
            pub fn status(self) -> u16 { match self { $(Code::$variant => $status),* } }

            /// One short sentence that is the same for every occurrence (RFC 9457 `title`).
            pub fn title(self) -> &'static str { match self { $(Code::$variant => $title),* } }
        }
    };
}

codes! {
    // reading the request
    MalformedJson        "malformed_json"         400 "The body is not valid JSON.";
    MalformedYaml        "malformed_yaml"         400 "The body is not valid YAML.";
    BadRequest           "bad_request"            400 "The request can't be understood.";
    UnknownHost          "unknown_host"           421 "This server does not answer for that host.";
    Unauthenticated      "unauthenticated"        401 "Log in first.";
    LoginFailed          "login_failed"           401 "E-mail, password or code is wrong.";
    SecondFactorNeeded   "second_factor_needed"   401 "Send the code of your second factor too.";
    StepUpNeeded         "step_up_needed"         401 "Confirm with a fresh second factor or password.";
    TokenReused          "token_reused"           401 "This refresh token was used before; the session has ended.";
    NotPermitted         "not_permitted"          403 "You may not do this.";
    EnrolmentNeeded      "second_factor_enrolment_needed" 403 "Set up a second factor first.";
    NotFound             "not_found"              404 "There is no such thing, or it is not yours to see.";
    MethodNotAllowed     "method_not_allowed"     405 "This path does not take that method.";
    NotAcceptable        "not_acceptable"         406 "None of the formats you accept is offered here.";
    Conflict             "conflict"               409 "The record is in a state that does not allow this.";
    AlreadyExists        "already_exists"         409 "There is already one like it.";
    RequestInFlight      "request_in_flight"      409 "The same request is still being worked on.";
    GuardFailed          "guard_failed"           409 "A condition for this step is not met.";
    StaleVersion         "stale_version"          412 "The record has changed since you read it.";
    BodyTooLarge         "body_too_large"         413 "The body is too large.";
    UnsupportedMediaType "unsupported_media_type" 415 "This content type is not accepted here.";
    Invalid              "invalid"                422 "Some fields are not valid.";
    KeyReused            "idempotency_key_reused" 422 "This Idempotency-Key was used with another body.";
    PreconditionNeeded   "precondition_needed"    428 "Send If-Match with the ETag you last read.";
    TooManyRequests      "too_many_requests"      429 "Too many requests; wait a little.";
    Internal             "internal"               500 "Something broke on our side.";
    Unavailable          "unavailable"            503 "The service is busy or starting; try again shortly.";
}

/// One thing wrong with one field of a body, a query or a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// RFC 6901 pointer into the body, or the name of a query parameter.
    pub pointer: String,
    /// Stable code of the rule that was broken.
    pub code: &'static str,
    /// What is wrong and what would be right, in English.
    pub detail: String,
}

impl FieldError {
    /// A field error at `pointer`.
    pub fn at(pointer: impl Into<String>, code: &'static str, detail: impl Into<String>) -> Self {
        FieldError { pointer: pointer.into(), code, detail: detail.into() }
    }
}

/// A refusal or a failure. `detail` is for the client; `cause` is for the log and is never sent.
#[derive(Debug)]
pub struct Error {
    /// Which row of the table.
    pub code: Code,
    /// What happened and what to do, in English.
    pub detail: String,
    /// All field errors of the request, reported together.
    pub fields: Vec<FieldError>,
    /// Seconds after which trying again makes sense.
    pub retry_after: Option<u32>,
    /// What the log needs to know.
    pub cause: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl Error {
    /// An error of this code with words for the client.
    pub fn new(code: Code, detail: impl Into<String>) -> Self {
        Error { code, detail: detail.into(), fields: Vec::new(), retry_after: None, cause: None }
    }

    /// 404, the same whether the thing is absent, deleted or hidden.
    pub fn not_found() -> Self {
        Error::new(Code::NotFound, "Check the address, and that your account covers this record.")
    }

    /// 409: the record's state does not allow this.
    pub fn conflict(detail: impl Into<String>) -> Self {
        Error::new(Code::Conflict, detail)
    }

    /// 403: visible, but this is not for the caller to do.
    pub fn not_permitted(detail: impl Into<String>) -> Self {
        Error::new(Code::NotPermitted, detail)
    }

    /// 422 for one field.
    pub fn invalid(pointer: impl Into<String>, code: &'static str, detail: impl Into<String>) -> Self {
        Error::invalid_fields(vec![FieldError::at(pointer, code, detail)])
    }

    /// 422 for several fields at once.
    pub fn invalid_fields(fields: Vec<FieldError>) -> Self {
        let mut error = Error::new(Code::Invalid, "Correct the fields listed under `errors` and send again.");
        error.fields = fields;
        error
    }

    /// 503 with a time to come back.
    pub fn unavailable(detail: impl Into<String>) -> Self {
        let mut error = Error::new(Code::Unavailable, detail);
        error.retry_after = Some(1);
        error
    }

    /// 500: our own fault; the cause is logged.
    pub fn internal(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        let mut error = Error::new(Code::Internal, "It is in our log under this request id.");
        error.cause = Some(cause.into());
        error
    }

    /// Adds what the log should know.
    #[must_use]
    pub fn because(mut self, cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        self.cause = Some(cause.into());
        self
    }

    /// Adds a waiting time in seconds.
    #[must_use]
    pub fn retry_after(mut self, seconds: u32) -> Self {
        self.retry_after = Some(seconds);
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code.name(), self.detail)?;
        for field in &self.fields {
            write!(f, "; {} {}: {}", field.pointer, field.code, field.detail)?;
        }
        if let Some(cause) = &self.cause {
            write!(f, " ({cause})")?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {}
