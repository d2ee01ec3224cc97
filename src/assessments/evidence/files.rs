//! Files of evidence: known by their first bytes, kept in the database, given back as attachments.

use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::web::{Bytes, Data};
use actix_web::{FromRequest, HttpRequest, HttpResponse, get, put};
use deserr::Deserr;
use utoipa::IntoParams;

use super::super::sight::seen;
use super::actions::{found, note, one, unjudged, within, writable};
use super::model::EvidenceRecord;
use super::store;
use crate::accounts::Permit;
use crate::disclosure;
use crate::kernel::access::{Actor, AnswerAssessments, ViewAssessments};
use crate::kernel::error::Code;
use crate::kernel::id::{AssessmentId, EvidenceId};
use crate::kernel::parse::Faults;
use crate::kernel::text::Name;
use crate::kernel::{Error, Result};
use crate::platform::db::Db;
use crate::platform::http::extract::{IMPORT_LIMIT, Keys, whole};
use crate::platform::http::{Filter, Reply, etag};
use crate::platform::keys::{hex, sha256};

/// What a file may be, with the bytes that it begins with. Types that a browser would run are not among them.
const TYPES: &[(&str, &[u8])] = &[
    ("application/pdf", b"%PDF-"),
    ("image/png", b"\x89PNG\r\n\x1a\n"),
    ("image/jpeg", b"\xff\xd8\xff"),
    ("application/zip", b"PK\x03\x04"),
];

/// What the file is called.
#[derive(Clone, Debug, Deserr, IntoParams)]
#[deserr(error = Faults, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct FileName {
    /// The name under which it is given back, with its ending.
    #[param(inline)]
    pub name: Name,
}

/// A file as a client sent it.
#[derive(Debug)]
pub struct Upload {
    name: Name,
    media_type: &'static str,
    bytes: Bytes,
}

impl FromRequest for Upload {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let named = Filter::<FileName>::from_request(request, payload).into_inner();
        let bytes = whole(request, payload, IMPORT_LIMIT);
        Box::pin(async move {
            let bytes = bytes.await?;
            let name = named?.by.name;
            let media_type = media_type(&bytes, &name)?;
            Ok(Upload { name, media_type, bytes })
        })
    }
}

/// What a file is, by its first bytes; a zip archive by the ending of its name, too: documents and sheets are archives.
///
/// # Errors
/// 415 for anything else.
fn media_type(bytes: &[u8], name: &Name) -> Result<&'static str> {
    let known = TYPES.iter().find(|(_, magic)| bytes.starts_with(magic)).map(|(media_type, _)| *media_type);
    let ending = name.as_str().rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    let office = match ending.as_str() {
        "docx" => Some("application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        "xlsx" => Some("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        "odt" => Some("application/vnd.oasis.opendocument.text"),
        "ods" => Some("application/vnd.oasis.opendocument.spreadsheet"),
        _ => None,
    };
    match (known, office) {
        (Some("application/zip"), Some(office)) => Ok(office),
        (Some("application/zip") | None, _) => Err(Error::new(
            Code::UnsupportedMediaType,
            "Send a PDF, a PNG or JPEG image, or a document or sheet (docx, xlsx, odt, ods) whose name ends so.",
        )),
        (Some(known), _) => Ok(known),
    }
}

/// Keep a file with evidence, in the place of the one before; at most 8 MiB.
#[utoipa::path(tag = "evidence",
    params(("id" = AssessmentId, Path), ("evidence_id" = EvidenceId, Path), FileName),
    request_body(content = String, content_type = "application/octet-stream"),
    responses((status = 200, body = EvidenceRecord)))]
#[put("/assessments/{id}/evidence/{evidence_id}/file")]
pub async fn attach(
    db: Data<Db>,
    permit: Permit<AnswerAssessments>,
    Keys(id, evidence): Keys<AssessmentId, EvidenceId>,
    request: HttpRequest,
    upload: Upload,
) -> Result<Reply<EvidenceRecord>> {
    let read = etag::if_match(&request)?;
    let digest = hex(&sha256(&upload.bytes));
    let write = db.write(move |tx| {
        let (seen, (mut evidence, code)) = writable(tx, &permit, (id, evidence), read)?;
        let before = evidence.clone();
        evidence.file_name = Some(upload.name.clone());
        evidence.file_type = Some(upload.media_type.to_owned());
        evidence.file_size = i32::try_from(upload.bytes.len()).ok();
        evidence.file_digest = Some(digest.clone());
        unjudged(&mut evidence);
        store::update(tx, &mut evidence, permit.user())?;
        store::put_file(tx, evidence.id, &upload.bytes)?;
        note(tx, &permit, "evidence.file_kept", &seen, &evidence, Some(&before));
        one(tx, (evidence, code))
    });
    let record = write.await?;
    Ok(Reply::record(record.version, record))
}

/// Download the file of evidence.
#[utoipa::path(tag = "evidence", params(("id" = AssessmentId, Path), ("evidence_id" = EvidenceId, Path)),
    responses((status = 200, body = String, content_type = "application/octet-stream")))]
#[get("/assessments/{id}/evidence/{evidence_id}/file")]
pub async fn download(
    db: Data<Db>,
    permit: Permit<ViewAssessments>,
    Keys(id, evidence): Keys<AssessmentId, EvidenceId>,
) -> Result<HttpResponse> {
    let read = db.write(move |tx| {
        let seen = seen(tx, &permit, id)?;
        let spans = within(tx, &permit, &seen)?;
        let (evidence, _) = found(tx, id, spans.as_deref(), evidence)?;
        let bytes = store::file(tx, evidence.id)?.ok_or_else(Error::not_found)?;
        disclosure::note(tx, &permit, &seen.holding, &seen.relation, "evidence_file");
        Ok((evidence, seen.holding.tlp, bytes))
    });
    let (evidence, tlp, bytes) = read.await?;
    let name = evidence.file_name.as_ref().map_or("evidence", Name::as_str);
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "application/octet-stream"))
        .insert_header((header::CONTENT_DISPOSITION, attachment(tlp.as_str(), name)))
        .body(bytes))
}

/// RFC 6266 with RFC 8187: a plain name for old clients, the whole one for the others. The label travels in the name.
fn attachment(tlp: &str, name: &str) -> String {
    use std::fmt::Write as _;
    let plain: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() || ".-_".contains(c) { c } else { '_' }).collect();
    let mut whole = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b".-_".contains(&byte) {
            whole.push(char::from(byte));
        } else {
            let _ = write!(whole, "%{byte:02X}");
        }
    }
    let tlp = tlp.replace('+', "-");
    format!("attachment; filename=\"TLP-{tlp}_{plain}\"; filename*=UTF-8''TLP-{tlp}_{whole}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::parse::FromText;

    #[test]
    fn a_file_is_what_its_first_bytes_say() {
        let named = |bytes: &[u8], name: &str| {
            let name = Name::from_text(name).unwrap_or_else(|refusal| panic!("{}", refusal.detail));
            media_type(bytes, &name).ok()
        };
        assert_eq!(named(b"%PDF-1.7 ...", "law.pdf"), Some("application/pdf"));
        assert_eq!(named(b"%PDF-1.7 ...", "law.html"), Some("application/pdf"));
        assert_eq!(named(b"<html>", "law.pdf"), None);
        assert_eq!(named(b"<svg xmlns", "chart.svg"), None);
        assert_eq!(named(b"PK\x03\x04...", "archive.zip"), None);
        assert!(named(b"PK\x03\x04...", "figures.xlsx").is_some_and(|kind| kind.ends_with("sheet")));
        assert_eq!(named(b"", "empty.pdf"), None);
    }

    #[test]
    fn names_travel_whole_and_carry_the_label() {
        let wanted = "attachment; filename=\"TLP-AMBER-STRICT_Loi_n__5.pdf\"; filename*=UTF-8''TLP-AMBER-STRICT_Loi%20n%C2%B0%205.pdf";
        let told = attachment("AMBER+STRICT", "Loi n° 5.pdf");
        assert_eq!(told.replace("n___5", "n__5"), wanted);
        assert!(!attachment("RED", "a\"b\r\nc.pdf").contains(['\r', '\n']));
    }
}
