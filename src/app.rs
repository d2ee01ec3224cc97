//! Putting the parts together: from a configuration to a server that answers.

mod entry;
pub mod inside;
pub mod kept;
pub mod operations;
mod rounds;

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use actix_web::body::MessageBody;
use actix_web::dev::{Server, ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::http::{Method, Uri};
use actix_web::middleware::{Compress, Next, from_fn};
use actix_web::web::{self, Data, PayloadConfig};
use actix_web::{App, HttpMessage, HttpRequest, HttpResponse, HttpServer};

use self::kept::Kept;
pub use self::rounds::{Workers, round};
use crate::accounts::{self, Permitted, Policy, Sessions};
use crate::config::Config;
use crate::frameworks;
use crate::kernel::access::Permission;
use crate::kernel::error::Code;
use crate::kernel::id::{EventId, UserId};
use crate::kernel::{Error, Result};
use crate::notifications::{self, Desk};
use crate::partners;
use crate::platform::clock::Clock;
use crate::platform::db::{self, Db};
use crate::platform::denials::{Denial, Denials};
use crate::platform::health::Health;
use crate::platform::http::Routing;
use crate::platform::http::extract::BODY_LIMIT;
use crate::platform::http::metrics::Metrics;
use crate::platform::http::proxies::Proxies;
use crate::platform::http::trace::Route;
use crate::platform::http::{compress, idempotency, problem, trace};
use crate::platform::keys::Master;
use crate::platform::limit::Limits;
use crate::platform::mail::Mailer;
use crate::platform::migrate;
use crate::platform::password::Passwords;
use crate::platform::sheet::{Format, Imports};
use crate::platform::token::Tokens;
use crate::routes::{self, Door};
use crate::training;

/// The parts of a running house; cheap to clone.
#[derive(Clone)]
pub struct Parts {
    /// The settings.
    pub config: Config,
    /// Rows.
    pub db: Db,
    /// Time and ids.
    pub clock: Clock,
    /// From which all keys derive.
    pub master: Master,
    /// Signs and verifies access tokens.
    pub tokens: Tokens,
    /// Standings read lately.
    pub sessions: Sessions,
    /// Holds guessers back.
    pub limits: Limits,
    /// Imports under way.
    pub imports: Imports,
    /// Proxies that may say where a request comes from.
    pub proxies: Proxies,
    /// Hashes passwords.
    pub passwords: Passwords,
    /// Refusals that wait for the audit chain.
    pub denials: Denials,
    /// Counts what is served.
    pub metrics: Metrics,
    /// Ready, or stopping.
    pub health: Health,
    /// Where letters are planned, written and sent.
    pub desk: Desk,
    /// The address that people use.
    pub base_url: String,
    /// Names this run in the checkpoints of the audit chain.
    pub boot: EventId,
    /// How far the file of checkpoints has them.
    pub kept: Kept,
}

impl Parts {
    /// Migrates the database and starts the database and hashing threads. `base_url` is for links and tokens.
    ///
    /// # Errors
    /// In one sentence what was read, from where, and how to fix it.
    pub fn open(config: Config, clock: Clock, base_url: String) -> Result<Parts> {
        let proxies = Proxies::of(&config.server.trusted_proxies, config.server.proxies_write)?;
        let url = config.database_url();
        prepare(&url, &clock)?;
        let master = config.master()?;
        let db = Db::start(&url, config.database_threads(), clock.clone())?;
        let ring = db::write_directly(&url, &clock, |tx| {
            training::certificates::keys::open(tx, &master)?;
            accounts::keys::open_ring(tx, &master)
        })?;
        let passwords = Passwords::start(config.security.argon2, master.clone())?;
        let tokens = Tokens::new(&base_url, ring);
        let policy = Policy { factor_needed: config.security.administrators_need_second_factor };
        let (sessions, limits) = (Sessions::new(policy), Limits::default());
        let mailer = Mailer::open(&config.mail, &config.database.data_dir)?;
        let desk = Desk::new(db.clone(), mailer, master.clone(), &base_url);
        let boot = EventId(clock.new_id());
        Ok(Parts {
            config,
            db,
            clock,
            master,
            tokens,
            sessions,
            limits,
            imports: Imports::default(),
            proxies,
            passwords,
            denials: Denials::default(),
            metrics: Metrics::new()?,
            health: Health::default(),
            desk,
            base_url,
            boot,
            kept: Kept::default(),
        })
    }
}

/// Brings a database to this binary: its schema and its reference data.
///
/// # Errors
/// 503 when the database can't be reached or changed.
pub fn prepare(url: &str, clock: &Clock) -> Result<()> {
    migrate::migrate(url)?;
    migrate::write(url, clock, |tx| {
        partners::load_reference(tx)?;
        frameworks::load_shipped(tx)
    })
}

/// Makes the folder of the data, readable by its owner alone.
///
/// # Errors
/// When it can't be made.
pub fn make_data_dir(config: &Config) -> Result<()> {
    let dir = &config.database.data_dir;
    let failed = |e: std::io::Error| {
        Error::unavailable(format!("The data folder {} can't be made.", dir.display())).because(e)
    };
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(dir).map_err(failed)
}

/// Takes the address to listen on.
///
/// # Errors
/// When the address is not free or not an address.
pub fn bind(listen: &str) -> Result<(TcpListener, SocketAddr)> {
    let failed = |e: std::io::Error| {
        Error::unavailable(format!("Can't listen on {listen} (server.listen).")).because(e)
    };
    let listener = TcpListener::bind(listen).map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    Ok((listener, address))
}

/// The application of one worker: routes, and what every request and answer passes.
pub fn application(
    parts: Parts,
    hosts: Hosts,
) -> App<
    impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<impl MessageBody>,
        Error = actix_web::Error,
        InitError = (),
    >,
> {
    App::new()
        .route(operations::DOCUMENT, web::get().to(operations::openapi))
        .service(web::scope("/api/v1").configure(|config| routes::slices(&mut Routing::Serving(config))))
        .configure(|config| data(config, &parts, &hosts))
        .default_service(web::to(no_route))
        .wrap(from_fn(idempotency::keyed))
        .wrap(from_fn(offered))
        .wrap(from_fn(compress::spare_small))
        .wrap(Compress::default())
        .wrap(from_fn(compress::unmark))
        .wrap(from_fn(guarded))
        .wrap(from_fn(trace::traced))
}

/// Starts serving on the listener.
///
/// # Errors
/// When the listener can't be used.
pub fn serve(parts: Parts, listener: TcpListener) -> std::io::Result<Server> {
    let workers = match parts.config.server.workers {
        0 => std::thread::available_parallelism().map_or(2, std::num::NonZero::get),
        set => set,
    };
    let hosts = Hosts::of(&parts);
    let server = HttpServer::new(move || application(parts.clone(), hosts.clone()))
        .workers(workers)
        .tcp_nodelay(true)
        .client_request_timeout(Duration::from_secs(5))
        .keep_alive(Duration::from_secs(15))
        .max_connections(10_000)
        .shutdown_timeout(30)
        .disable_signals()
        .listen(listener)?
        .run();
    Ok(server)
}

fn data(config: &mut web::ServiceConfig, parts: &Parts, hosts: &Hosts) {
    config
        .app_data(Data::new(parts.clone()))
        .app_data(Data::new(parts.db.clone()))
        .app_data(Data::new(parts.clock.clone()))
        .app_data(Data::new(parts.master.clone()))
        .app_data(Data::new(parts.tokens.clone()))
        .app_data(Data::new(parts.sessions.clone()))
        .app_data(Data::new(parts.limits.clone()))
        .app_data(Data::new(parts.imports.clone()))
        .app_data(Data::new(parts.proxies.clone()))
        .app_data(Data::new(parts.passwords.clone()))
        .app_data(Data::new(parts.denials.clone()))
        .app_data(Data::new(parts.desk.clone()))
        .app_data(Data::new(parts.metrics.clone()))
        .app_data(hosts.clone())
        .app_data(PayloadConfig::new(BODY_LIMIT))
        .configure(training::pages)
        .route("/links/link.js", web::get().to(accounts::pages::script))
        .route("/links/link.css", web::get().to(accounts::pages::style))
        .route("/links/{kind}", web::get().to(accounts::pages::show))
        .configure(notifications::pages::routes)
        .route("/.well-known/jwks.json", web::get().to(accounts::http::auth::jwks))
        .configure(|config| operations::routes(config, parts));
}

/// 405 with `Allow` at the pages beside the API, whose operations were looked at before; else 404.
async fn no_route(request: HttpRequest) -> Result<HttpResponse> {
    match request.match_pattern() {
        Some(pattern) if pattern == notifications::pages::UNSUBSCRIBE => {
            Ok(problem::other_method("GET, HEAD, POST"))
        }
        Some(_) => Ok(problem::other_method("GET, HEAD")),
        None => problem::no_such_path(request).await,
    }
}

/// The host that the client asked for. `Forwarded` and `X-Forwarded-Host` are not asked: anyone may send them.
fn named_host(request: &ServiceRequest) -> &str {
    let header = request.headers().get(header::HOST).and_then(|value| value.to_str().ok());
    header.or_else(|| request.uri().authority().map(|a| a.as_str())).unwrap_or("")
}

/// The last wall: a route that asks for a right and answered well without its permit is a bug, and says nothing.
fn permitted(response: ServiceResponse) -> ServiceResponse {
    let request = response.request();
    let door = Route::of(request).and_then(|pattern| routes::door(request.method().as_str(), &pattern));
    let Some(Door::Right(right)) = door else { return response };
    let issued = request.extensions().get::<Permitted>().map(|permit| permit.0);
    note_denial(request, right, response.status().as_u16());
    if issued == Some(right) || !response.status().is_success() {
        return response;
    }
    let request = request.clone();
    let error = Error::internal(format!("{} {} ran without its permit", request.method(), request.path()));
    ServiceResponse::new(request, HttpResponse::from_error(error))
}

/// Refusals of people who are logged in go into the audit chain.
fn note_denial(request: &HttpRequest, right: Permission, status: u16) {
    let user = request.extensions().get::<UserId>().copied();
    if let (403 | 404, Some(user), Some(denials)) = (status, user, request.app_data::<Data<Denials>>()) {
        let path: String = request.path().chars().take(150).collect();
        denials.note(Denial { user, right, status, asked: format!("{} {path}", request.method()) });
    }
}

/// Host names that this server answers for; cheap to clone.
#[derive(Clone, Debug)]
pub struct Hosts(Arc<[String]>);

impl Hosts {
    /// Of the settings, and of the address that people use.
    pub fn of(parts: &Parts) -> Hosts {
        let mut names = parts.config.server.allowed_hosts.clone();
        let host =
            parts.base_url.parse::<actix_web::http::Uri>().ok().and_then(|uri| uri.host().map(str::to_owned));
        names.extend(host);
        Hosts(names.into())
    }

    fn answers(&self, host: &str) -> bool {
        let name = match host.rsplit_once(':') {
            Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) => name,
            _ => host,
        };
        self.0.iter().any(|known| known.eq_ignore_ascii_case(name))
    }
}

/// Middleware: refuses foreign hosts and puts the headers of a careful API on every answer, errors included.
async fn guarded(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> std::result::Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let ours = request.app_data::<Hosts>().is_none_or(|hosts| hosts.answers(named_host(&request)));
    let mut response = match ours {
        true => permitted(entry::enter(request, &next).await?),
        false => {
            let error = Error::new(Code::UnknownHost, "Use the address in this installation's base URL.");
            request.into_response(HttpResponse::from_error(error)).map_into_boxed_body()
        }
    };
    let headers = response.headers_mut();
    let mut put = |name: HeaderName, value: &'static str| {
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    };
    put(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    put(header::CACHE_CONTROL, "no-store");
    put(header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'");
    put(header::REFERRER_POLICY, "no-referrer");
    put(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000; includeSubDomains");
    put(header::VARY, "Authorization, Accept, Accept-Language");
    Ok(response)
}

/// Middleware: a list asked for as a file by `Accept` is the route with that ending; what nobody here gives answers 406.
async fn offered(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> std::result::Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let accept = request.headers().get(header::ACCEPT).and_then(|value| value.to_str().ok());
    let path = request.path();
    let named = path.rsplit('/').next().is_some_and(|last| last.contains('.'));
    if let (true, false, true, Some(accept)) =
        (request.method() == Method::GET, named, path.starts_with("/api/v1/"), accept)
    {
        let given = |format: Format| format == Format::Json || routes::gives_file(path, format.suffix());
        match Format::preferred(accept, given) {
            Some(Format::Json) => {}
            Some(format) => {
                let query = request.uri().query().map(|query| format!("?{query}")).unwrap_or_default();
                let uri = format!("{path}.{}{query}", format.suffix());
                let uri = uri.parse::<Uri>().map_err(Error::internal)?;
                request.match_info_mut().get_mut().update(&uri);
                request.head_mut().uri = uri;
                // It is another route from here on.
                request.extensions_mut().remove::<Route>();
                entry::note_parameters(&request);
            }
            None => {
                let detail =
                    "This path gives application/json; lists also text/csv, application/x-ndjson and .xlsx.";
                let response = HttpResponse::from_error(Error::new(Code::NotAcceptable, detail));
                return Ok(request.into_response(response).map_into_right_body());
            }
        }
    }
    next.call(request).await.map(ServiceResponse::map_into_left_body)
}
