//! Uploads that go on where they broke off: tus 1.0.0 (<https://tus.io/protocols/resumable-upload>)
//! with creation, expiration and termination. What has come is kept part by part; when it is whole
//! it is judged and stored exactly as a file of a form is, and its reference goes into the form.
//!
//! An upload belongs to the account that began it; to everybody else it does not exist.

use std::io::{Read, Seek as _, SeekFrom};
use std::time::{Duration, UNIX_EPOCH};

use access::AccountId;
use app::PartHold;
use app::upload::Upload;
use app::upload_part::{NoRoom, Part, UNDER_WAY_MAX};
use axum::Json;
use axum::body::{Body, Bytes};
use axum::extract::{Path, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http_body_util::BodyExt as _;
use kernel::{Finding, Id, Instant};

use super::upload::{FILE_MAX, judge, texts, tidy};
use super::web::Web;
use crate::{Locale, PostedFile, PublicContext, media, percent_encoded};

const VERSION: &str = "1.0.0";
const EXTENSIONS: &str = "creation,expiration,termination";
const TUS_RESUMABLE: HeaderName = HeaderName::from_static("tus-resumable");
const UPLOAD_OFFSET: HeaderName = HeaderName::from_static("upload-offset");
const UPLOAD_LENGTH: HeaderName = HeaderName::from_static("upload-length");
const UPLOAD_METADATA: HeaderName = HeaderName::from_static("upload-metadata");
const UPLOAD_EXPIRES: HeaderName = HeaderName::from_static("upload-expires");
/// What the form names a stored file by, percent-encoded; ours, once the upload is whole.
const UPLOAD_REFERENCE: HeaderName = HeaderName::from_static("upload-reference");
const PART_TYPE: &str = "application/offset+octet-stream";
/// So many bytes come to disk together, so that a broken server loses no more.
const FLUSH_BYTES: usize = 512 * 1024;
/// A sender that gives nothing for so long is taken to be gone, in seconds.
const STALL_S: u64 = 20;

/// Whether a request speaks tus.
pub(super) fn is_meant(headers: &HeaderMap) -> bool {
    headers.contains_key(TUS_RESUMABLE)
}

/// Whether a body is a part of an upload, which may take long.
pub(super) fn is_part(headers: &HeaderMap) -> bool {
    headers
        .get(header::CONTENT_TYPE)
        .is_some_and(|given| given == PART_TYPE)
}

/// Why a request of an upload was refused.
enum Refused {
    /// By the door: not signed in, from elsewhere, too fast.
    Door(Box<Response>),
    /// With a status alone, as the protocol has it.
    Status(StatusCode),
    /// With a finding about the file of that name.
    File(StatusCode, Finding, Locale),
    /// The store or the disk.
    Broken(String),
}

impl Refused {
    fn file(status: StatusCode, code: &'static str, name: &str, l: &Locale) -> Refused {
        Refused::File(status, Finding::error(code).arg("file", name), l.clone())
    }

    fn broken(error: impl std::fmt::Display) -> Refused {
        Refused::Broken(error.to_string())
    }
}

impl From<store::StoreError> for Refused {
    fn from(error: store::StoreError) -> Refused {
        Refused::broken(error)
    }
}

impl From<StatusCode> for Refused {
    fn from(status: StatusCode) -> Refused {
        Refused::Status(status)
    }
}

type Answer = Result<Response, Refused>;

/// Every answer names the protocol; 412 and 423 say what else the protocol wants said.
fn answered(answer: Answer) -> Response {
    let mut response = match answer {
        Ok(response) => response,
        Err(Refused::Door(response)) => *response,
        Err(Refused::Status(status)) => status.into_response(),
        Err(Refused::File(status, finding, l)) => {
            (status, Json(texts(&l, &[finding]))).into_response()
        }
        Err(Refused::Broken(what)) => {
            tracing::error!(what, "an upload in parts broke");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    };
    let status = response.status();
    let headers = response.headers_mut();
    headers.insert(TUS_RESUMABLE, HeaderValue::from_static(VERSION));
    if status == StatusCode::PRECONDITION_FAILED {
        headers.insert("tus-version", HeaderValue::from_static(VERSION));
    }
    if matches!(status, StatusCode::LOCKED | StatusCode::SERVICE_UNAVAILABLE) {
        headers.insert(header::RETRY_AFTER, HeaderValue::from_static("2"));
    }
    response
}

/// `OPTIONS`: what this server can do. The only request that needs neither version nor session.
pub(super) async fn options() -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    let headers = response.headers_mut();
    headers.insert(TUS_RESUMABLE, HeaderValue::from_static(VERSION));
    headers.insert("tus-version", HeaderValue::from_static(VERSION));
    headers.insert("tus-extension", HeaderValue::from_static(EXTENSIONS));
    headers.insert("tus-max-size", HeaderValue::from(FILE_MAX));
    response
}

/// `POST /uploads`: begins an upload of `Upload-Length` bytes under the name of `Upload-Metadata`.
pub(super) async fn begin(web: &Web, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    answered(begun(web, &parts).await)
}

async fn begun(web: &Web, parts: &Parts) -> Answer {
    let (account, public) = known(web, parts).await?;
    let l = &public.l;
    let size_bytes = number(&parts.headers, &UPLOAD_LENGTH)?;
    let name = file_name(&parts.headers)?;
    if size_bytes > FILE_MAX {
        let status = StatusCode::PAYLOAD_TOO_LARGE;
        return Err(Refused::file(status, "file-too-large", &name, l));
    }
    if size_bytes == 0 {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return Err(Refused::file(status, "file-kind", &name, l));
    }
    let whose = (web.tenant(), account);
    let begun = web.app().begin_upload(whose, name.clone(), size_bytes);
    let part = match begun.await {
        Ok(part) => part,
        Err(NoRoom::Store(error)) => return Err(error.into()),
        Err(reason) => {
            let code = match reason {
                NoRoom::TooMany => "too-many-uploads",
                _ => "too-much-in-a-day",
            };
            let finding = Finding::error(code).arg("limit", UNDER_WAY_MAX);
            let status = StatusCode::PAYLOAD_TOO_LARGE;
            return Err(Refused::File(status, finding, l.clone()));
        }
    };
    let location = HeaderValue::from_str(&format!("/uploads/{}", part.upload));
    let location = location.map_err(Refused::broken)?;
    let headers = [(header::LOCATION, location), expires(&part)];
    Ok((StatusCode::CREATED, headers).into_response())
}

/// `HEAD /uploads/{upload}`: how far it has come, and once it is whole its reference.
pub(super) async fn show(
    State(web): State<Web>,
    Path(upload): Path<String>,
    request: Request,
) -> Response {
    let (parts, _) = request.into_parts();
    answered(shown(&web, &parts, &upload).await)
}

async fn shown(web: &Web, parts: &Parts, upload: &str) -> Answer {
    let (account, _) = known(web, parts).await?;
    let part = found(web, account, upload).await?;
    let metadata = format!("filename {}", STANDARD.encode(&part.name));
    let metadata = HeaderValue::from_str(&metadata).map_err(Refused::broken)?;
    let headers = [
        (UPLOAD_OFFSET, HeaderValue::from(part.offset_bytes)),
        (UPLOAD_LENGTH, HeaderValue::from(part.size_bytes)),
        (UPLOAD_METADATA, metadata),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        expires(&part),
    ];
    let mut response = (StatusCode::OK, headers).into_response();
    if let Some(reference) = reference(&part)? {
        response.headers_mut().insert(UPLOAD_REFERENCE, reference);
    }
    Ok(response)
}

/// `PATCH /uploads/{upload}`: more bytes, from where the upload stands.
pub(super) async fn go_on(
    State(web): State<Web>,
    Path(upload): Path<String>,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    answered(gone_on(&web, &parts, &upload, body).await)
}

async fn gone_on(web: &Web, parts: &Parts, upload: &str, body: Body) -> Answer {
    let (account, public) = known(web, parts).await?;
    if !is_part(&parts.headers) {
        return Err(StatusCode::UNSUPPORTED_MEDIA_TYPE.into());
    }
    let offset = number(&parts.headers, &UPLOAD_OFFSET)?;
    let id: Id = upload.parse().map_err(|_| StatusCode::NOT_FOUND)?;
    // Whose it is comes first: nobody learns that another's upload is being written.
    found(web, account, upload).await?;
    let hold = web.app().files().hold_part(id).ok_or(StatusCode::LOCKED)?;
    let part = found(web, account, upload).await?;
    if part.offset_bytes != offset || (part.stored.is_some() && !part.is_whole()) {
        return Err(StatusCode::CONFLICT.into());
    }
    let left_bytes = part.size_bytes - part.offset_bytes;
    let announced = number(&parts.headers, &header::CONTENT_LENGTH).unwrap_or(0);
    if announced > left_bytes {
        return Err(StatusCode::PAYLOAD_TOO_LARGE.into());
    }
    let mut taking = Taking {
        web,
        account,
        l: &public.l,
        part,
        _hold: hold,
    };
    taking.take(body).await?;
    let part = taking.finish().await?;
    let offset = (UPLOAD_OFFSET, HeaderValue::from(part.offset_bytes));
    let mut response = (StatusCode::NO_CONTENT, [offset, expires(&part)]).into_response();
    if let Some(reference) = reference(&part)? {
        response.headers_mut().insert(UPLOAD_REFERENCE, reference);
    }
    Ok(response)
}

/// `DELETE /uploads/{upload}`: the sender does not want it any more.
pub(super) async fn end(
    State(web): State<Web>,
    Path(upload): Path<String>,
    request: Request,
) -> Response {
    let (parts, _) = request.into_parts();
    answered(ended(&web, &parts, &upload).await)
}

async fn ended(web: &Web, parts: &Parts, upload: &str) -> Answer {
    let (account, _) = known(web, parts).await?;
    let part = found(web, account, upload).await?;
    let held = web.app().files().hold_part(part.upload);
    let _hold = held.ok_or(StatusCode::LOCKED)?;
    web.app().drop_upload(web.tenant(), part.upload).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// `POST /uploads/{upload}`: for senders whose network lets nothing else through.
pub(super) async fn overridden(
    State(web): State<Web>,
    Path(upload): Path<String>,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    let method = parts.headers.get("x-http-method-override");
    match method.map(HeaderValue::as_bytes) {
        Some(b"PATCH") => answered(gone_on(&web, &parts, &upload, body).await),
        Some(b"DELETE") => answered(ended(&web, &parts, &upload).await),
        Some(b"HEAD") => answered(shown(&web, &parts, &upload).await),
        _ => answered(Err(StatusCode::METHOD_NOT_ALLOWED.into())),
    }
}

/// Who sends, in a version of the protocol that is spoken here.
async fn known(web: &Web, parts: &Parts) -> Result<(AccountId, PublicContext), Refused> {
    let version = parts.headers.get(TUS_RESUMABLE);
    if version.is_none_or(|version| version != VERSION) {
        return Err(StatusCode::PRECONDITION_FAILED.into());
    }
    web.uploader(parts).await.map_err(Refused::Door)
}

/// The upload of the account: 404 where it has none of that number, 410 where its day is over.
async fn found(web: &Web, account: AccountId, upload: &str) -> Result<Part, Refused> {
    let upload: Id = upload.parse().map_err(|_| StatusCode::NOT_FOUND)?;
    let part = web.app().upload_part((web.tenant(), account), upload);
    let part = part.await?.ok_or(StatusCode::NOT_FOUND)?;
    if part.expires() <= web.app().session_clock().now() {
        return Err(StatusCode::GONE.into());
    }
    Ok(part)
}

/// A part being taken in; whoever holds this is the only one who writes.
struct Taking<'w> {
    web: &'w Web,
    account: AccountId,
    l: &'w Locale,
    part: Part,
    _hold: PartHold,
}

impl Taking<'_> {
    /// Takes the body in piece by piece. Where it breaks off or is too long, what came before is
    /// kept.
    async fn take(&mut self, mut body: Body) -> Result<(), Refused> {
        let mut waiting = Vec::new();
        let stall = Duration::from_secs(STALL_S);
        let refused = loop {
            let chunk = match tokio::time::timeout(stall, body.frame()).await {
                Ok(None) => break None,
                Ok(Some(Ok(frame))) => frame.into_data().unwrap_or_default(),
                Ok(Some(Err(_))) => break Some(StatusCode::BAD_REQUEST),
                Err(_) => break Some(StatusCode::REQUEST_TIMEOUT),
            };
            let left = self.part.size_bytes - self.part.offset_bytes;
            if (waiting.len() + chunk.len()) as u64 > left {
                break Some(StatusCode::PAYLOAD_TOO_LARGE);
            }
            waiting.extend_from_slice(&chunk);
            if waiting.len() >= FLUSH_BYTES {
                self.flush(std::mem::take(&mut waiting)).await?;
            }
        };
        self.flush(waiting).await?;
        refused.map_or(Ok(()), |status| Err(status.into()))
    }

    /// Brings bytes to disk and then into the row. A file that will not be taken is refused as
    /// soon as its first bytes are there.
    async fn flush(&mut self, bytes: Vec<u8>) -> Result<(), Refused> {
        if bytes.is_empty() {
            return Ok(());
        }
        let (from, upload) = (self.part.offset_bytes, self.part.upload);
        let to = from + bytes.len() as u64;
        let (files, bytes) = (self.web.app().files().clone(), Bytes::from(bytes));
        blocking(move || files.write_part(upload, from, &bytes)).await?;
        let tenant = self.web.tenant();
        let moved = self.web.app().advance_upload(tenant, upload, (from, to));
        if !moved.await? {
            return Err(StatusCode::CONFLICT.into());
        }
        self.part.offset_bytes = to;
        if from < media::NEEDED as u64 && (to >= media::NEEDED as u64 || self.part.is_whole()) {
            self.judge().await?;
        }
        Ok(())
    }

    async fn judge(&self) -> Result<&'static str, Refused> {
        let (files, upload) = (self.web.app().files().clone(), self.part.upload);
        let first = blocking(move || {
            let mut first = Vec::new();
            let part = files.open_part(upload)?;
            part.take(media::NEEDED as u64).read_to_end(&mut first)?;
            Ok(first)
        });
        match judge(&first.await?, &self.part.name) {
            Ok(media_type) => Ok(media_type),
            Err(code) => self.refuse(code).await,
        }
    }

    /// Takes the upload back, because of what the file is.
    async fn refuse<T>(&self, code: &'static str) -> Result<T, Refused> {
        let dropped = self
            .web
            .app()
            .drop_upload(self.web.tenant(), self.part.upload);
        dropped.await?;
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        Err(Refused::file(status, code, &self.part.name, self.l))
    }

    /// Stores the file once it is whole; also where an earlier attempt at it broke.
    async fn finish(mut self) -> Result<Part, Refused> {
        if !self.part.is_whole() || self.part.stored.is_some() {
            return Ok(self.part);
        }
        let media_type = self.judge().await?;
        let (upload, app) = (self.part.upload, self.web.app());
        let (files, from) = (
            app.files().clone(),
            self.part.size_bytes.saturating_sub(media::END as u64),
        );
        let last = blocking(move || {
            let (mut part, mut last) = (files.open_part(upload)?, Vec::new());
            part.seek(SeekFrom::Start(from))?;
            part.read_to_end(&mut last)?;
            Ok(last)
        });
        if !media::has_its_end(media_type, &last.await?) {
            return self.refuse("file-cut-short").await;
        }
        let (files, unique) = (app.files().clone(), app.entropy().draw());
        let put = blocking(move || {
            let stored = files.put(&mut files.open_part(upload)?, FILE_MAX, unique);
            stored.map_err(std::io::Error::other)
        });
        let (hash, size_bytes) = put.await?;
        let kept = Upload {
            size_bytes: i64::try_from(size_bytes).map_err(Refused::broken)?,
            media_type: media_type.to_owned(),
        };
        let whose = (self.web.tenant(), self.account);
        app.finish_upload(whose, upload, hash, kept).await?;
        self.part.stored = Some((hash, media_type.to_owned()));
        if let Err(error) = app.files().remove_part(upload) {
            // It is swept after a day.
            tracing::warn!(%error, "the parts of a whole upload were not removed");
        }
        Ok(self.part)
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> std::io::Result<T> + Send + 'static,
) -> Result<T, Refused> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(Refused::broken)?.map_err(Refused::broken)
}

/// A header that is a whole number.
fn number(headers: &HeaderMap, name: &HeaderName) -> Result<u64, StatusCode> {
    let text = headers.get(name).and_then(|value| value.to_str().ok());
    text.and_then(|text| text.parse().ok())
        .ok_or(StatusCode::BAD_REQUEST)
}

/// The `filename` of `Upload-Metadata`, without folders.
fn file_name(headers: &HeaderMap) -> Result<String, StatusCode> {
    let metadata = headers.get(UPLOAD_METADATA);
    let metadata = metadata.and_then(|value| value.to_str().ok());
    let name = metadata.unwrap_or_default().split(',').find_map(|pair| {
        let encoded = pair.trim().strip_prefix("filename ")?;
        String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()
    });
    let name = tidy(&name.unwrap_or_default());
    if name.is_empty() {
        return Err(StatusCode::BAD_REQUEST);
    }
    Ok(name)
}

fn expires(part: &Part) -> (HeaderName, HeaderValue) {
    let Instant(at_ms) = part.expires();
    let at = UNIX_EPOCH + Duration::from_millis(u64::try_from(at_ms).unwrap_or(0));
    let date = HeaderValue::from_str(&httpdate::fmt_http_date(at)).expect("letters and digits");
    (UPLOAD_EXPIRES, date)
}

/// What the form names the file by, once it is stored.
fn reference(part: &Part) -> Result<Option<HeaderValue>, Refused> {
    let Some((hash, media_type)) = &part.stored else {
        return Ok(None);
    };
    let Some(media_type) = media::of_name(media_type) else {
        return Err(Refused::broken("a stored file of an unknown kind"));
    };
    let file = PostedFile {
        hash: *hash,
        name: part.name.clone(),
        media_type,
        size_bytes: part.size_bytes,
        key: None,
    };
    let encoded = percent_encoded(&file.reference());
    HeaderValue::from_str(&encoded)
        .map(Some)
        .map_err(Refused::broken)
}
