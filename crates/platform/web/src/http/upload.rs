//! Bodies of forms and files: read within limits, files streamed to the file store before any
//! command names them.

use std::io::{self, Read};

use access::AccountId;
use app::files::FileError;
use app::upload::Upload;
use app::upload_part::NoRoom;
use axum::body::{Body, Bytes};
use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{FromRequest, Multipart, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{head, post};
use axum::{Json, Router};
use kernel::Finding;
use serde::Serialize;
use tokio::sync::mpsc;
use vault::FileKey;
use zeroize::Zeroizing;

use super::asked::Asked;
use super::limits::RETRY_AFTER_S;
use super::read::{Outcome, Who};
use super::resumable;
use super::web::Web;
use crate::media;
use crate::{Form, Locale, PageError, PostedFile, PublicContext};

/// The disk or the database took no file.
const NOT_STORED: &str = "file-not-stored";
/// The longest body of a form without files, in bytes.
const FORM_MAX: usize = 1024 * 1024;
/// The largest file, in bytes.
pub const FILE_MAX: u64 = 20 * 1024 * 1024;
/// What sealing adds to a file at most, in bytes.
const SEAL_BYTES: u64 = 64;
/// Files in one form, at most.
const FILES_MAX: usize = 12;
/// Fields in one form, at most.
const FIELDS_MAX: usize = 4000;
/// The longest file name that is kept, in characters.
const NAME_MAX: usize = 200;

pub(super) fn router() -> Router<Web> {
    let in_parts = head(resumable::show)
        .patch(resumable::go_on)
        .delete(resumable::end)
        .post(resumable::overridden)
        .options(resumable::options);
    Router::new()
        .route("/uploads", post(upload).options(resumable::options))
        .route("/uploads/{upload}", in_parts)
}

/// How the files of a form are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Keeping {
    /// As they came, for the account that brings them: only it can hand them in.
    AsItIs(AccountId),
    /// Sealed in memory, each under a key of its own that goes back with the form and is kept
    /// nowhere else: not one byte of the content comes to disk. For the account as well.
    Sealed(AccountId),
    /// Not at all: nobody fills the disk without having signed in. What was typed is kept, so that
    /// it can be sent again.
    Nothing,
}

impl Keeping {
    /// For whom files are kept, if they are.
    const fn account(self) -> Option<AccountId> {
        match self {
            Keeping::AsItIs(account) | Keeping::Sealed(account) => Some(account),
            Keeping::Nothing => None,
        }
    }
}

/// What the upload script is told of a stored file.
#[derive(Serialize)]
struct Uploaded {
    reference: String,
    name: String,
    media_type: &'static str,
    size_bytes: u64,
}

/// `POST /uploads`: one or more files of somebody signed in; the answer names them for the form.
async fn upload(State(web): State<Web>, request: Request) -> Response {
    if resumable::is_meant(request.headers()) {
        return resumable::begin(&web, request).await;
    }
    let (parts, body) = request.into_parts();
    let (account, public) = match web.uploader(&parts).await {
        Ok(known) => known,
        Err(refused) => return *refused,
    };
    let keeping = Keeping::AsItIs(account);
    match web.read_form(&parts.headers, body, keeping).await {
        Ok(form) if !form.refused().is_empty() => {
            let told = Json(texts(&public.l, form.refused()));
            (StatusCode::UNPROCESSABLE_ENTITY, told).into_response()
        }
        Ok(form) => {
            let files: Vec<Uploaded> = form.all_files().map(uploaded).collect();
            Json(files).into_response()
        }
        Err(findings) => {
            let told = Json(texts(&public.l, &findings));
            // The disk's fault, not the sender's.
            if findings.iter().any(|found| found.code == NOT_STORED) {
                let wait = [(header::RETRY_AFTER, RETRY_AFTER_S.to_string())];
                return (StatusCode::SERVICE_UNAVAILABLE, wait, told).into_response();
            }
            (StatusCode::UNPROCESSABLE_ENTITY, told).into_response()
        }
    }
}

/// What was found, with its remedy, for a script to show.
pub(super) fn texts(l: &Locale, findings: &[Finding]) -> Vec<String> {
    let told = |found: crate::FindingText| format!("{} {}", found.text, found.remedy);
    l.findings(findings).into_iter().map(told).collect()
}

/// What a file is by its first bytes, or the code of the finding that refuses it: the one judgement
/// for files of forms and for uploads in parts.
pub(super) fn judge(first: &[u8], file_name: &str) -> Result<&'static str, &'static str> {
    let first = &first[..first.len().min(media::NEEDED)];
    media::sniff(first, file_name).ok_or_else(|| {
        if first.is_empty() {
            "file-empty"
        } else if media::is_heic(first) {
            "file-heic"
        } else if media::is_called_json(file_name) {
            "file-not-json"
        } else if media::is_called_taken(file_name) {
            "file-not-as-named"
        } else {
            "file-kind"
        }
    })
}

fn uploaded(file: &PostedFile) -> Uploaded {
    Uploaded {
        reference: file.reference(),
        name: file.name.clone(),
        media_type: file.media_type,
        size_bytes: file.size_bytes,
    }
}

/// Whether a body comes in parts, files among them.
pub(crate) fn has_files(headers: &HeaderMap) -> bool {
    media_type(headers).starts_with("multipart/form-data")
}

fn media_type(headers: &HeaderMap) -> &str {
    headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
}

impl Web {
    /// Who brings files: somebody signed in, from one of our own pages, not too fast.
    pub(super) async fn uploader(
        &self,
        parts: &Parts,
    ) -> Result<(AccountId, PublicContext), Box<Response>> {
        let asked = self.asked(parts, None);
        let public = asked.public.clone();
        if Web::is_from_elsewhere(&parts.headers) {
            return Err(Box::new(StatusCode::FORBIDDEN.into_response()));
        }
        let outcome = self
            .read(asked.public, asked.session, |who, _| {
                who.person()?.nothing_due("")?;
                Err(PageError::NotFound)
            })
            .await;
        match outcome {
            Ok(Outcome {
                result: Err(PageError::TooMany { retry_after_s }),
                ..
            }) => Err(Box::new(super::api::too_fast(&public.l, retry_after_s))),
            Ok(Outcome {
                result: Err(due @ (PageError::MustChangePassword | PageError::MustSetFactor)),
                ..
            }) => Err(Box::new(super::api::refused_reading(&public.l, due))),
            Ok(Outcome {
                who: Who::Person(context),
                ..
            }) => Ok((context.subject.account, public)),
            Ok(_) => Err(Box::new(StatusCode::UNAUTHORIZED.into_response())),
            Err(error) => Err(Box::new(self.answer(Err(error), &public))),
        }
    }

    /// Whose the request's session is.
    pub(crate) async fn signed_in(
        &self,
        asked: &Asked,
    ) -> Result<Option<AccountId>, store::StoreError> {
        if asked.session.is_none() {
            return Ok(None);
        }
        let (web, public) = (self.clone(), asked.public.clone());
        let session = asked.session.clone();
        let known = self.app().store().read(move |connection| {
            let (who, _) = web.identify(connection, &public, session.as_ref())?;
            Ok::<_, store::StoreError>(match who {
                // Nobody brings files who may do nothing yet.
                Who::Person(context) if context.nothing_due("").is_ok() => {
                    Some(context.subject.account)
                }
                Who::Person(_) | Who::Nobody(_) => None,
            })
        });
        known.await
    }

    /// Reads the fields of a form that takes no files.
    pub(crate) async fn read_fields(body: Body) -> Result<Form, Vec<Finding>> {
        Ok(Form::new(read_urlencoded(body).await?, Vec::new()))
    }

    /// Reads a posted form, urlencoded or multipart.
    pub(crate) async fn read_form(
        &self,
        headers: &HeaderMap,
        body: Body,
        keeping: Keeping,
    ) -> Result<Form, Vec<Finding>> {
        let Taken {
            fields,
            mut files,
            refused,
        } = if has_files(headers) {
            self.read_multipart(media_type(headers), body, keeping)
                .await?
        } else {
            Taken {
                fields: read_urlencoded(body).await?,
                ..Taken::default()
            }
        };
        let mut typed = Vec::with_capacity(fields.len());
        for (name, value) in fields {
            match PostedFile::of_reference(&value) {
                Some(file) if self.app().files().holds(file.hash) => files.push((name, file)),
                _ => typed.push((name, value)),
            }
        }
        Ok(Form::new(typed, files).with_refused(refused))
    }

    async fn read_multipart(
        &self,
        media_type: &str,
        body: Body,
        keeping: Keeping,
    ) -> Result<Taken, Vec<Finding>> {
        let request = Request::builder()
            .header(header::CONTENT_TYPE, media_type)
            .body(body)
            .map_err(|_| unreadable())?;
        let mut multipart = Multipart::from_request(request, &())
            .await
            .map_err(|_| unreadable())?;
        let mut taken = Taken::default();
        let read = self.take_parts(&mut multipart, keeping, &mut taken).await;
        // What came to disk counts for the day, however the form ended.
        if let Some(account) = keeping.account() {
            self.keep_uploads(account, &taken.files).await?;
        }
        read?;
        Ok(taken)
    }

    /// Takes in the parts of a form. A file that is refused leaves its finding, and the rest is
    /// read on: what was typed is not lost.
    async fn take_parts(
        &self,
        multipart: &mut Multipart,
        keeping: Keeping,
        taken: &mut Taken,
    ) -> Result<(), Vec<Finding>> {
        let mut text_bytes = 0;
        while let Some(field) = multipart
            .next_field()
            .await
            .map_err(|error| broken(&error))?
        {
            let name = field.name().unwrap_or_default().to_owned();
            if let Some(file_name) = field.file_name().map(tidy) {
                if file_name.is_empty() {
                    continue;
                }
                if taken.files.len() + taken.refused.len() >= FILES_MAX {
                    return Err(vec![
                        Finding::error("too-many-files")
                            .field(name)
                            .arg("limit", FILES_MAX),
                    ]);
                }
                if let (true, Some(account)) = (taken.files.is_empty(), keeping.account()) {
                    self.look_for_room(account, &name, &file_name).await?;
                }
                let stored = match keeping {
                    Keeping::AsItIs(_) => self.store_file(field, &name, file_name).await,
                    Keeping::Sealed(_) => self.seal_file(field, &name, file_name).await,
                    Keeping::Nothing => continue,
                };
                match stored {
                    Ok(stored) => taken.files.push((name, stored)),
                    Err(found) if found.iter().all(is_of_the_file) => taken.refused.extend(found),
                    Err(found) => return Err(found),
                }
            } else {
                let value = field.text().await.map_err(|error| broken(&error))?;
                text_bytes += value.len();
                if taken.fields.len() >= FIELDS_MAX || text_bytes > FORM_MAX {
                    return Err(vec![Finding::error("form-too-large")]);
                }
                taken.fields.push((name, value));
            }
        }
        Ok(())
    }

    /// Before the first file of a form: what its account brought in a day has a limit, in parts or
    /// not.
    async fn look_for_room(
        &self,
        account: AccountId,
        field: &str,
        file_name: &str,
    ) -> Result<(), Vec<Finding>> {
        let code = match self.app().has_room((self.tenant(), account)).await {
            Ok(()) => return Ok(()),
            Err(NoRoom::Store(error)) => {
                tracing::error!(%error, "what an account brought was not read");
                "file-not-stored"
            }
            Err(NoRoom::TooMany | NoRoom::TooMuch) => "too-much-in-a-day",
        };
        let finding = Finding::error(code).field(field.to_owned());
        Err(vec![finding.arg("file", file_name)])
    }

    async fn keep_uploads(
        &self,
        account: AccountId,
        files: &[(String, PostedFile)],
    ) -> Result<(), Vec<Finding>> {
        let brought: Vec<_> = files
            .iter()
            .map(|(_, file)| {
                let upload = Upload {
                    size_bytes: i64::try_from(file.size_bytes).unwrap_or(i64::MAX),
                    media_type: file.media_type.to_owned(),
                };
                (file.hash, upload)
            })
            .collect();
        let Some((name, file)) = files.first() else {
            return Ok(());
        };
        let kept = self.app().keep_uploads(self.tenant(), account, brought);
        kept.await.map_err(|error| {
            tracing::error!(%error, "who brought a file was not kept");
            let finding = Finding::error(NOT_STORED).field(name.clone());
            vec![finding.arg("file", file.name.as_str())]
        })
    }

    /// Takes a file in without letting it come to disk in the clear.
    async fn seal_file(
        &self,
        mut field: Field<'_>,
        name: &str,
        file_name: String,
    ) -> Result<PostedFile, Vec<Finding>> {
        let refuse = |code| {
            vec![
                Finding::error(code)
                    .field(name.to_owned())
                    .arg("file", file_name.as_str()),
            ]
        };
        let mut content = Zeroizing::new(Vec::new());
        while let Some(chunk) = field.chunk().await.map_err(|_| refuse("file-broken-off"))? {
            content.extend_from_slice(&chunk);
            if content.len() as u64 > FILE_MAX {
                return Err(refuse("file-too-large"));
            }
        }
        let media_type = judge(&content, &file_name).map_err(refuse)?;
        let mut end = End::default();
        end.add(&content);
        end.check(media_type).map_err(refuse)?;
        let (files, entropy) = (self.app().files().clone(), self.app().entropy());
        let (key, unique) = (FileKey::new(entropy.draw()), entropy.draw());
        let size_bytes = content.len() as u64;
        let sealing = key.clone();
        let put = tokio::task::spawn_blocking(move || {
            let sealed = sealing.seal(&content);
            files.put(&mut &sealed[..], FILE_MAX + SEAL_BYTES, unique)
        });
        match put.await.map_err(|_| refuse(NOT_STORED))? {
            Ok((hash, _)) => Ok(PostedFile {
                hash,
                name: file_name,
                media_type,
                size_bytes,
                key: Some(key),
            }),
            Err(error) => {
                tracing::error!(%error, "a sealed file was not stored");
                Err(refuse(NOT_STORED))
            }
        }
    }

    /// Streams a file to the store on a blocking thread, its type judged by its first bytes.
    async fn store_file(
        &self,
        mut field: Field<'_>,
        name: &str,
        file_name: String,
    ) -> Result<PostedFile, Vec<Finding>> {
        let mut first = Vec::new();
        while first.len() < media::NEEDED {
            match field.chunk().await {
                Ok(Some(chunk)) => first.extend_from_slice(&chunk),
                Ok(None) => break,
                Err(error) => return Err(broken(&error)),
            }
        }
        let refuse = |code| {
            vec![
                Finding::error(code)
                    .field(name.to_owned())
                    .arg("file", file_name.as_str()),
            ]
        };
        let media_type = judge(&first, &file_name).map_err(refuse)?;
        let (sender, receiver) = mpsc::channel(8);
        let (files, unique) = (self.app().files().clone(), self.app().entropy().draw());
        let put = tokio::task::spawn_blocking(move || {
            files.put(
                &mut Chunks {
                    receiver,
                    left: Bytes::new(),
                },
                FILE_MAX,
                unique,
            )
        });
        let sent = feed((Bytes::from(first), media_type), &mut field, sender).await;
        let put = put.await.map_err(|_| refuse(NOT_STORED))?;
        match (sent, put) {
            (Err(code), _) => Err(refuse(code)),
            (Ok(()), Ok((hash, size_bytes))) => Ok(PostedFile {
                hash,
                name: file_name,
                media_type,
                size_bytes,
                key: None,
            }),
            (Ok(()), Err(FileError::TooLarge { .. })) => Err(refuse("file-too-large")),
            (Ok(()), Err(FileError::Io(error))) => {
                tracing::error!(%error, "a file was not stored");
                Err(refuse(NOT_STORED))
            }
        }
    }
}

/// What came with a form.
#[derive(Default)]
struct Taken {
    /// Fields as typed.
    fields: Vec<(String, String)>,
    /// Stored files by the name of their field.
    files: Vec<(String, PostedFile)>,
    /// What was found at files that were not taken in.
    refused: Vec<Finding>,
}

/// Whether a finding is the file's own, and not of the disk, the day or the line.
fn is_of_the_file(finding: &Finding) -> bool {
    let own = [
        "file-kind",
        "file-empty",
        "file-heic",
        "file-not-json",
        "file-not-as-named",
        "file-cut-short",
        "file-too-large",
    ];
    own.contains(&&*finding.code)
}

/// The last bytes of a file that goes by.
#[derive(Default)]
pub(super) struct End(Vec<u8>);

impl End {
    pub(super) fn add(&mut self, bytes: &[u8]) {
        self.0
            .extend_from_slice(&bytes[bytes.len().saturating_sub(media::END)..]);
        let over = self.0.len().saturating_sub(media::END);
        self.0.drain(..over);
    }

    /// The code of the finding that refuses a file which has no end.
    pub(super) fn check(&self, media_type: &str) -> Result<(), &'static str> {
        if media::has_its_end(media_type, &self.0) {
            Ok(())
        } else {
            Err("file-cut-short")
        }
    }
}

async fn read_urlencoded(body: Body) -> Result<Vec<(String, String)>, Vec<Finding>> {
    let bytes = axum::body::to_bytes(body, FORM_MAX)
        .await
        .map_err(|_| vec![Finding::error("form-too-large")])?;
    let request = Request::builder()
        .method("POST")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(bytes))
        .map_err(|_| unreadable())?;
    let form = axum::extract::Form::<Vec<(String, String)>>::from_request(request, &())
        .await
        .map_err(|_| unreadable())?;
    if form.0.len() > FIELDS_MAX {
        return Err(vec![Finding::error("form-too-large")]);
    }
    Ok(form.0)
}

/// A body in parts that could not be read: broken off on the way, or never one.
fn broken(error: &MultipartError) -> Vec<Finding> {
    tracing::warn!(%error, cause = error.body_text(), "a form in parts was not read");
    unreadable()
}

fn unreadable() -> Vec<Finding> {
    vec![Finding::error("form-unreadable")]
}

/// Sends a field's chunks to the storing thread. Where the sender broke off or the file has no end,
/// the storing thread sees an error, not an end, and the finding's code says which.
async fn feed(
    (first, media_type): (Bytes, &'static str),
    field: &mut Field<'_>,
    sender: mpsc::Sender<Result<Bytes, ()>>,
) -> Result<(), &'static str> {
    let mut end = End::default();
    let mut next = first;
    let refused = loop {
        end.add(&next);
        // A closed channel means that storing ended early; its own result says why.
        if sender.send(Ok(next)).await.is_err() {
            return Ok(());
        }
        next = match field.chunk().await {
            Ok(Some(chunk)) => chunk,
            Ok(None) => break end.check(media_type),
            Err(_) => break Err("file-broken-off"),
        };
    };
    if refused.is_err() {
        let _ = sender.send(Err(())).await;
    }
    refused
}

/// The chunks of a file as something to read from, on a blocking thread.
struct Chunks {
    receiver: mpsc::Receiver<Result<Bytes, ()>>,
    left: Bytes,
}

impl Read for Chunks {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.left.is_empty() {
            match self.receiver.blocking_recv() {
                None => return Ok(0),
                Some(Ok(chunk)) => self.left = chunk,
                Some(Err(())) => return Err(io::ErrorKind::UnexpectedEof.into()),
            }
        }
        let count = self.left.len().min(buffer.len());
        buffer[..count].copy_from_slice(&self.left.split_to(count));
        Ok(count)
    }
}

/// A file name without folders and control characters.
pub(super) fn tidy(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    last.chars()
        .filter(|c| !c.is_control())
        .take(NAME_MAX)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::tidy;

    #[test]
    fn file_names_carry_no_folders() {
        for (name, expected) in [
            ("名册.pdf", "名册.pdf"),
            ("C:\\Users\\a\\名册.pdf", "名册.pdf"),
            ("../../etc/passwd", "passwd"),
            ("a\r\nb.pdf", "ab.pdf"),
        ] {
            assert_eq!(tidy(name), expected);
        }
    }
}
