//! Where slices register their handlers: for serving, or for being documented. A server does not build the API document,
//! which costs ten times the memory of an idle house; it is made when somebody asks for it.

use actix_web::dev::HttpServiceFactory;
use utoipa::openapi::Paths;
use utoipa_actix_web::OpenApiFactory;
use utoipa_actix_web::service_config::ServiceConfig;

/// Takes the handlers of the slices.
pub enum Routing<'a, 'b> {
    /// Into an application that answers.
    Serving(&'a mut actix_web::web::ServiceConfig),
    /// Into the API document.
    Documenting(&'a mut ServiceConfig<'b>),
    /// Only what the operations are called and take.
    Listing(&'a mut Paths),
}

impl Routing<'_, '_> {
    /// Registers a handler.
    pub fn service<F>(&mut self, handler: F) -> &mut Self
    where
        F: HttpServiceFactory + OpenApiFactory + 'static,
    {
        match self {
            Routing::Serving(config) => {
                config.service(handler);
            }
            Routing::Documenting(config) => {
                config.service(handler);
            }
            Routing::Listing(paths) => paths.merge(handler.paths()),
        }
        self
    }
}
