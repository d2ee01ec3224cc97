//! The application asked from within this process, without a socket: for the demo, and for what an operator enters.

use std::pin::Pin;
use std::rc::Rc;

use actix_web::body::to_bytes;
use actix_web::http::header;
use actix_web::test::{TestRequest, init_service, try_call_service};
use serde_json::Value;

use super::{Hosts, Parts, application};
use crate::kernel::{Error, Result};

/// What the application answered.
#[derive(Debug)]
pub struct Said {
    /// HTTP status.
    pub status: u16,
    /// Version of the record, if it has one.
    pub etag: Option<String>,
    /// Body; null when it is no JSON.
    pub body: Value,
}

type Answered = Pin<Box<dyn Future<Output = Result<Said>>>>;

/// The application with everything that a request over a socket passes, too.
pub struct Inside(Box<dyn Fn(TestRequest) -> Answered>);

impl Inside {
    /// Over these parts.
    pub async fn open(parts: &Parts) -> Inside {
        let service = Rc::new(init_service(application(parts.clone(), Hosts::of(parts))).await);
        Inside(Box::new(move |request| {
            let service = Rc::clone(&service);
            Box::pin(async move {
                let failed = |e: actix_web::Error| Error::internal(e.to_string());
                let response = try_call_service(&*service, request.to_request()).await.map_err(failed)?;
                let (status, headers) = (response.status().as_u16(), response.headers().clone());
                let etag = headers.get(header::ETAG).and_then(|v| v.to_str().ok()).map(str::to_owned);
                let bytes = to_bytes(response.into_body()).await;
                let bytes = bytes.map_err(|_| Error::internal("the answer has no body"))?;
                Ok(Said { status, etag, body: serde_json::from_slice(&bytes).unwrap_or_default() })
            })
        }))
    }

    /// Asks with this bearer token.
    ///
    /// # Errors
    /// When the application fails; what it refuses is in the answer.
    pub async fn ask(&self, token: &str, request: TestRequest) -> Result<Said> {
        let request = request
            .insert_header((header::HOST, "localhost"))
            .insert_header((header::AUTHORIZATION, format!("Bearer {token}")));
        (self.0)(request).await
    }
}
