//! `import`: a file of programs, milestones, people or holidays, or a library of frameworks, entered in the name of a person and by
//! that person's rights.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::time::Duration;

use actix_web::http::header;
use actix_web::test::TestRequest;
use futures_util::future::Either;
use serde_json::Value;

use super::people::{base_url, word};
use crate::accounts::seeds;
use crate::app::inside::Inside;
use crate::app::{self, Parts};
use crate::config::Config;
use crate::kernel::access::System;
use crate::kernel::id::{Iso2, ProgramId, TrainingSessionId};
use crate::kernel::text::Email;
use crate::kernel::{Error, Result};
use crate::platform::clock::Clock;

/// What is imported, and by whom.
#[derive(Debug, clap::Args)]
pub(super) struct Import {
    /// File that ends in .csv, .xlsx, .ndjson or .json, its columns those of an export; a library in .yaml or .json.
    file: PathBuf,
    /// Address of the person in whose name the rows are entered; that person's rights count.
    #[arg(long = "as", value_name = "EMAIL")]
    by: String,
    #[command(flatten)]
    what: What,
    /// Only says what would be entered.
    #[arg(long)]
    dry_run: bool,
    /// Enters the rows that are valid although others are not.
    #[arg(long)]
    partial: bool,
}

/// What the rows are; programs when nothing is said.
#[derive(Debug, clap::Args)]
#[group(multiple = false)]
struct What {
    /// The rows are milestones of this program.
    #[arg(long, value_name = "ID")]
    program: Option<String>,
    /// The rows are people who come to this training session.
    #[arg(long, value_name = "ID")]
    session: Option<String>,
    /// The rows are holidays of this partner country.
    #[arg(long, value_name = "ISO2")]
    holidays: Option<String>,
    /// The file is a library: frameworks, crosswalks or risk matrices. It is entered whole or not at all.
    #[arg(long)]
    library: bool,
}

impl What {
    /// Where the file goes, below `/api/v1`.
    fn route(&self) -> Result<String> {
        Ok(match self {
            What { program: Some(id), .. } => {
                format!("programs/{}/milestones/import", word::<ProgramId>("--program", id)?)
            }
            What { session: Some(id), .. } => {
                let id = word::<TrainingSessionId>("--session", id)?;
                format!("training-sessions/{id}/registrations/import")
            }
            What { holidays: Some(iso2), .. } => {
                format!("partners/{}/holidays/import", word::<Iso2>("--holidays", iso2)?)
            }
            What { library: true, .. } => "frameworks/import".to_owned(),
            What { .. } => "programs/import".to_owned(),
        })
    }
}

/// Prints what became of the rows as JSON.
///
/// # Errors
/// When the file can't be read, the person is unknown, or a row is not valid.
pub(super) async fn import(mut config: Config, wanted: Import) -> Result<()> {
    let mut route = format!("/api/v1/{}?dry_run={}", wanted.what.route()?, wanted.dry_run);
    // A library has no rows that could be left out.
    if !wanted.what.library {
        route.push_str(&format!("&atomic={}", !wanted.partial));
    }
    let kind = media_type(&wanted.file)?;
    let bytes = std::fs::read(&wanted.file)
        .map_err(|e| Error::unavailable(format!("{} can't be read.", wanted.file.display())).because(e))?;
    let email: Email = word("--as", &wanted.by)?;
    // Who may run this command may read the master key: a second factor would keep nobody out.
    config.security.administrators_need_second_factor = false;
    app::make_data_dir(&config)?;
    let base_url = base_url(&config);
    let parts = Parts::open(config, Clock::machine(), base_url)?;
    let token = token(&parts, email).await?;
    let inside = Inside::open(&parts).await;
    let request =
        TestRequest::post().uri(&route).insert_header((header::CONTENT_TYPE, kind)).set_payload(bytes);
    let said = watched(&parts, inside.ask(&token, request)).await?;
    inside.ask(&token, TestRequest::post().uri("/api/v1/auth/logout")).await?;
    tell(&said.body, said.status)
}

/// Waits for the import; on a terminal a line shows how far it is.
async fn watched<T>(parts: &Parts, import: impl Future<Output = T>) -> T {
    let shown = std::io::stderr().is_terminal();
    let bar = async {
        loop {
            actix_web::rt::time::sleep(Duration::from_millis(200)).await;
            if let Some(import) = parts.imports.all().first().filter(|_| shown) {
                eprint!("\r{} of {} rows", import.done, import.rows);
            }
        }
    };
    let (import, bar) = (std::pin::pin!(import), std::pin::pin!(bar));
    let answer = match futures_util::future::select(import, bar).await {
        Either::Left((answer, _)) => answer,
        Either::Right((never, _)) => never,
    };
    if shown {
        eprint!("\r\x1b[K");
    }
    answer
}

fn media_type(file: &Path) -> Result<&'static str> {
    match file.extension().and_then(|ending| ending.to_str()) {
        Some("csv") => Ok("text/csv"),
        Some("ndjson") => Ok("application/x-ndjson"),
        Some("json") => Ok("application/json"),
        Some("xlsx") => Ok("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        Some("yaml" | "yml") => Ok("application/yaml"),
        _ => Err(Error::unavailable("The file must end in .csv, .xlsx, .ndjson, .json or .yaml.")),
    }
}

/// A session of the person, noted in the audit chain as opened by the command line.
async fn token(parts: &Parts, email: Email) -> Result<String> {
    let issuer = parts.base_url.clone();
    let open = parts.db.write(move |tx| {
        let user = seeds::at_work(tx, &System("command line"), &email)?;
        user.map(|user| seeds::open_session(tx, user, &issuer)).transpose()
    });
    let claims =
        open.await?.ok_or_else(|| Error::unavailable("No active account has the address of --as."))?;
    parts.tokens.sign(&claims)
}

fn tell(body: &Value, status: u16) -> Result<()> {
    println!("{body}");
    match status {
        200..300 if body["invalid"].as_i64().unwrap_or_default() == 0 => Ok(()),
        200..300 => {
            Err(Error::unavailable("Some rows are not valid; `rows` above names their lines and fields."))
        }
        _ => Err(Error::unavailable(body["detail"].as_str().unwrap_or("The import was refused.").to_owned())),
    }
}
