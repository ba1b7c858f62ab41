//! Messages as they are rather than as they are shown: the source, all header fields, all files at once.
//! What comes from here is a stranger's bytes: it is served as text or as a download, with a policy that
//! lets it do nothing.

use axum::{
    Json,
    body::Body,
    extract::{Path, Query},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use serde::Deserialize;
use whimbrel_shared::{MailboxId, MessageKey, SanitizedCss};

use crate::{
    account::{archive::Archive, download::Download},
    auth::signed_in::SignedIn,
    error::{AppError, AppResult},
    imap::parts::{self, Section},
    message::{
        fields, file_name,
        frame::{self, Ground, Theme},
        header,
    },
};

use super::messages;

/// See [`source`].
#[derive(Deserialize)]
pub struct SourceQuery {
    /// There, whatever it says: as a file.
    download: Option<String>,
}

/// The message as it was sent, to be read or to be kept.
pub async fn source(
    signed_in: SignedIn,
    Path((id, key)): Path<(MailboxId, MessageKey)>,
    Query(query): Query<SourceQuery>,
) -> AppResult<Response> {
    let account = &signed_in.account;
    let mut download = Download::new(
        account,
        account.mailbox_name(&id)?,
        key,
        Section::Whole,
        "8bit",
    );
    // Before the answer begins, so that a message that is gone can be said to be.
    let first = Bytes::from(download.next().await?.unwrap_or_default());
    let headers = if query.download.is_some() {
        // A message that cannot be parsed can be kept all the same.
        let opened = messages::open(account, &id, key).await.ok();
        let subject = opened
            .as_ref()
            .map_or("", |opened| opened.header.subject.as_str());
        let name = file_name::of_subject(subject, ".eml");
        messages::download_headers("message/rfc822", &name)
    } else {
        // Most are UTF-8 where they are not ASCII, and a browser does not guess.
        messages::file_headers("text/plain; charset=utf-8")
    };
    let bytes = stream::iter([Ok(first)]).chain(messages::stream(download));
    Ok((headers, Body::from_stream(bytes)).into_response())
}

/// See [`header_fields`].
#[derive(Deserialize)]
pub struct HeaderQuery {
    /// There, whatever it says: as a page.
    page: Option<String>,
}

/// All header fields, made readable.
pub async fn header_fields(
    signed_in: SignedIn,
    Path((id, key)): Path<(MailboxId, MessageKey)>,
    Query(query): Query<HeaderQuery>,
) -> AppResult<Response> {
    let opened = messages::open(&signed_in.account, &id, key).await?;
    let mut header = header::all(&opened.fetched.header);
    header.is_cut |= opened.fetched.header.len() >= parts::HEADER_BYTES;
    if query.page.is_none() {
        return Ok(Json(header).into_response());
    }
    let fields = fields::all(&header);
    let nothing = SanitizedCss::default();
    let page = frame::page(&fields, &nothing, Ground::Plain, Theme::System);
    Ok(messages::document(page))
}

/// All files in one archive, written while they come.
pub async fn attachments(
    signed_in: SignedIn,
    Path((id, key)): Path<(MailboxId, MessageKey)>,
) -> AppResult<Response> {
    let opened = messages::open(&signed_in.account, &id, key).await?;
    if opened.files.is_empty() {
        return Err(AppError::not_found());
    }
    let name = file_name::of_subject(&opened.header.subject, ".zip");
    let headers = messages::download_headers("application/zip", &name);
    let archive = Archive::new(
        &signed_in.account,
        signed_in.account.mailbox_name(&id)?,
        key,
        opened,
    );
    let bytes = stream::try_unfold(archive, |mut archive| async move {
        let bytes = archive.next().await?;
        Ok::<_, std::io::Error>(bytes.map(|bytes| (Bytes::from(bytes), archive)))
    });
    Ok((headers, Body::from_stream(bytes)).into_response())
}
