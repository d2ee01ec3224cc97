//! `serve`: opens the house, says where it listens, and stops it in good order.

use std::io::IsTerminal;
use std::net::SocketAddr;
use std::time::Duration;

use actix_web::dev::ServerHandle;
use tokio::signal::unix::{Signal, SignalKind, signal};

use super::{database, people};
use crate::accounts::{self, LinkKind};
use crate::app::{self, Parts, operations};
use crate::config::Config;
use crate::demo::{self, Login};
use crate::kernel::access::System;
use crate::kernel::{Error, Result};
use crate::platform::backup;
use crate::platform::clock::Clock;
use crate::platform::health::Health;

/// Serves until the process is asked to stop.
///
/// # Errors
/// In one sentence what was read, from where, and how to fix it.
pub(super) async fn serve(mut config: Config, demo: bool) -> Result<()> {
    if demo {
        demo::settings(&mut config)?;
    }
    app::make_data_dir(&config)?;
    let _lock = database::hold(&config)?;
    let (listener, address) = app::bind(&config.server.listen)?;
    let base_url = match config.server.base_url.as_str() {
        "" => format!("http://{address}"),
        url => url.trim_end_matches('/').to_owned(),
    };
    let parts = Parts::open(config, Clock::machine(), base_url)?;
    let side = match parts.config.server.metrics_listen.as_str() {
        "" => None,
        listen => Some(app::bind(listen)?.0),
    };
    if let Some(listener) = side {
        actix_web::rt::spawn(operations::serve_metrics(parts.clone(), listener).map_err(Error::internal)?);
    }
    if demo {
        say_logins(&demo::fill(&parts).await?);
    } else {
        say_invitation(&parts).await?;
    }
    let workers = app::Workers::start(&parts);
    let server = app::serve(parts.clone(), listener).map_err(Error::internal)?;
    let drain = Duration::from_secs(parts.config.server.drain_seconds);
    actix_web::rt::spawn(stop_when_asked(Signals::new()?, server.handle(), parts.health.clone(), drain));
    say_listening(&parts, address);
    let ended = server.await.map_err(Error::internal);
    workers.stop(&parts).await;
    let url = parts.config.database_url();
    drop(parts);
    if let Err(error) = backup::fold_log(&url) {
        tracing::warn!(%error, "the write-ahead log stays beside the database, which is as durable");
    }
    ended
}

/// `demo`: fills an empty database, or recognizes a filled one, prints the logins and ends.
///
/// # Errors
/// When the database is not empty, or another process has it.
pub(super) async fn fill(mut config: Config) -> Result<()> {
    demo::settings(&mut config)?;
    app::make_data_dir(&config)?;
    let base_url = people::base_url(&config);
    let parts = Parts::open(config, Clock::machine(), base_url)?;
    // A running demo may be asked for its logins again.
    let _lock = match demo::is_filled(&parts).await? {
        true => None,
        false => database::hold(&parts.config)?,
    };
    say_logins(&demo::fill(&parts).await?);
    Ok(())
}

/// Without an administrator: a link for the first one, which works once, for 24 hours.
async fn say_invitation(parts: &Parts) -> Result<()> {
    let link = parts.db.write(|tx| accounts::first_administrator_link(tx, &System("start"))).await?;
    let Some(link) = link else { return Ok(()) };
    if std::io::stdout().is_terminal() {
        println!(
            "There is no administrator yet. This link is for the first one; it works once, for 24 hours:"
        );
    }
    people::say("invitation", &accounts::link_url(&parts.master, &parts.base_url, LinkKind::First, link));
    Ok(())
}

fn say_logins(logins: &[Login]) {
    if !std::io::stdout().is_terminal() {
        println!("{}", serde_json::json!({ "logins": logins }));
        return;
    }
    println!("The demo's logins, with the same passwords at every start:");
    for Login { role, email, password, country } in logins {
        let place = country.as_deref().unwrap_or("");
        println!("  {role:<14}{place:<4}{email:<28}{password}");
    }
}

fn say_listening(parts: &Parts, address: SocketAddr) {
    let url = format!("http://{address}");
    if std::io::stdout().is_terminal() {
        println!("cybercap {} listens on {url}", env!("CARGO_PKG_VERSION"));
        println!("  database  {}", crate::config::without_password(&parts.config.database_url()));
        if parts.config.server.docs {
            println!("  API       {url}/docs/");
        }
        println!("  stop      Ctrl-C");
    } else {
        println!("{}", serde_json::json!({ "listening": url }));
    }
}

/// The two ways in which a process is asked to stop.
struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    fn new() -> Result<Signals> {
        let listen = |kind| signal(kind).map_err(Error::internal);
        Ok(Signals {
            terminate: listen(SignalKind::terminate())?,
            interrupt: listen(SignalKind::interrupt())?,
        })
    }

    /// Waits for the next one; true for SIGTERM.
    async fn next(&mut self) -> bool {
        tokio::select! {
            _ = self.terminate.recv() => true,
            _ = self.interrupt.recv() => false,
        }
    }
}

/// SIGTERM: not ready, a moment for proxies to turn away, no new connections, running requests finish within 30 s.
/// SIGINT skips the moment. A second signal ends the process at once; what was acknowledged is durable all the same.
async fn stop_when_asked(mut signals: Signals, server: ServerHandle, health: Health, drain: Duration) {
    let by_supervisor = signals.next().await;
    health.stop();
    tracing::info!("stopping");
    let in_order = async {
        if by_supervisor {
            tokio::time::sleep(drain).await;
        }
        server.stop(true).await;
    };
    tokio::select! {
        () = in_order => {}
        _ = signals.next() => {
            tracing::warn!("stopping at once");
            std::process::exit(1);
        }
    }
}
