//! Opened messages: parsed, as the document of the message frame, as files and pictures, and as a
//! draft to go on with.

use std::sync::Arc;

use axum::{
    Json,
    body::Body,
    extract::{Path, Query},
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use serde::Deserialize;
use tokio::sync::mpsc;
use whimbrel_shared::{Draft, MailboxId, Message, MessageKey, PartId};

use crate::{
    account::{
        Account,
        connections::Lane,
        opened::{self, Opened},
    },
    auth::signed_in::SignedIn,
    error::{AppError, AppResult},
    imap::{
        name::MailboxName,
        parts::{self, Section},
    },
    message::{
        charset::TransferDecoder,
        draft, file_name,
        frame::{self, Theme},
    },
};

use super::mailboxes::name_of;

/// Pictures within a message larger than this are left to be downloaded.
const LARGEST_PICTURE: usize = 10 << 20;
/// A file served from our own origin must be able to do nothing there.
const FILE_CSP: HeaderValue =
    HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'; sandbox");

/// A message, parsed.
pub async fn message(
    signed_in: SignedIn,
    Path((id, key)): Path<(MailboxId, MessageKey)>,
) -> AppResult<Json<Message>> {
    let opened = open(&signed_in.account, &id, key).await?;
    Ok(Json(opened.message(&id, key)))
}

/// See [`body`].
#[derive(Deserialize)]
pub struct BodyQuery {
    theme: Option<String>,
}

/// The document of the message frame, with a policy of its own.
pub async fn body(
    signed_in: SignedIn,
    Path((id, key)): Path<(MailboxId, MessageKey)>,
    Query(query): Query<BodyQuery>,
) -> AppResult<Response> {
    let opened = open(&signed_in.account, &id, key).await?;
    let rendered = &opened.rendered;
    let theme = match query.theme.as_deref() {
        Some("light") => Theme::Light,
        Some("dark") => Theme::Dark,
        _ => Theme::System,
    };
    let document = frame::document(&rendered.html, rendered.is_html, theme);
    let headers = [
        (
            header::CONTENT_TYPE,
            HeaderValue::from_static("text/html; charset=utf-8"),
        ),
        (
            header::CONTENT_SECURITY_POLICY,
            HeaderValue::from_static(frame::CSP),
        ),
    ];
    Ok((headers, document).into_response())
}

/// A letter in Drafts, to go on writing it.
pub async fn as_draft(
    signed_in: SignedIn,
    Path((id, key)): Path<(MailboxId, MessageKey)>,
) -> AppResult<Json<Draft>> {
    let opened = open(&signed_in.account, &id, key).await?;
    let header = &opened.fetched.header;
    let draft = draft::from_message(header, &opened.plan, &opened.rendered, &id, key);
    Ok(Json(draft))
}

/// A part as a download, decoded while it streams.
pub async fn part(
    signed_in: SignedIn,
    Path((id, key, part)): Path<(MailboxId, MessageKey, String)>,
) -> AppResult<Response> {
    let name = name_of(&id)?;
    let part = PartId::new(&part).ok_or_else(AppError::not_found)?;
    let opened = opened::open(&signed_in.account, &name, key).await?;
    let encoding = opened
        .part(&part)
        .ok_or_else(AppError::not_found)?
        .encoding
        .clone();
    let known = opened.files.iter().find(|file| file.id == part);
    let file = known.map_or("file", |file| file.name.as_str());
    let media_type = known.map_or("application/octet-stream", |file| {
        file_name::safe_media_type(&file.media_type)
    });
    let mut headers = file_headers(media_type);
    if let Ok(disposition) = HeaderValue::from_str(&file_name::content_disposition(file)) {
        headers.insert(header::CONTENT_DISPOSITION, disposition);
    }
    let pieces = stream_part(&signed_in.account, name, key, part);
    Ok((headers, Body::from_stream(decoded(pieces, &encoding))).into_response())
}

/// A picture within a message; anything that is not one of the harmless kinds is not shown.
pub async fn picture(
    signed_in: SignedIn,
    Path((id, key, part)): Path<(MailboxId, MessageKey, String)>,
) -> AppResult<Response> {
    let name = name_of(&id)?;
    let part = PartId::new(&part).ok_or_else(AppError::not_found)?;
    let opened = opened::open(&signed_in.account, &name, key).await?;
    let encoding = opened
        .part(&part)
        .ok_or_else(AppError::not_found)?
        .encoding
        .clone();
    let mut decoder = TransferDecoder::new(&encoding);
    let mut bytes = Vec::new();
    let mut pieces = stream_part(&signed_in.account, name, key, part);
    while let Some(piece) = pieces.recv().await {
        decoder.push(&piece.map_err(AppError::internal)?, &mut bytes);
        if bytes.len() > LARGEST_PICTURE {
            return Err(AppError::not_found());
        }
    }
    decoder.finish(&mut bytes);
    let media_type = file_name::picture_type(&bytes).ok_or_else(AppError::not_found)?;
    Ok((file_headers(media_type), bytes).into_response())
}

async fn open(account: &Account, id: &MailboxId, key: MessageKey) -> AppResult<Arc<Opened>> {
    Ok(opened::open(account, &name_of(id)?, key).await?)
}

fn file_headers(media_type: &'static str) -> HeaderMap {
    HeaderMap::from_iter([
        (header::CONTENT_TYPE, HeaderValue::from_static(media_type)),
        (header::CONTENT_SECURITY_POLICY, FILE_CSP),
    ])
}

type Pieces = mpsc::Receiver<std::io::Result<Bytes>>;

/// The encoded pieces of a part. A line that breaks ends them with an error, so that the browser
/// does not take half a file for a whole one.
fn stream_part(account: &Account, name: MailboxName, key: MessageKey, part: PartId) -> Pieces {
    let (out, pieces) = mpsc::channel(4);
    let account = account.clone();
    tokio::spawn(async move {
        let (raw_out, mut raw) = mpsc::channel::<Bytes>(4);
        let forward = out.clone();
        let forwarding = tokio::spawn(async move {
            while let Some(piece) = raw.recv().await {
                if forward.send(Ok(piece)).await.is_err() {
                    return;
                }
            }
        });
        let section = Section::Part(part);
        let streamed = account
            .tell(Lane::Bulk, move |connection| {
                let (name, section, out) = (name.clone(), section.clone(), raw_out.clone());
                Box::pin(async move { parts::stream(connection, &name, key, &section, &out).await })
            })
            .await;
        drop(forwarding.await);
        if let Err(failure) = streamed {
            drop(
                out.send(Err(std::io::Error::other(failure.to_string())))
                    .await,
            );
        }
    });
    pieces
}

/// The pieces, decoded.
fn decoded(
    pieces: Pieces,
    encoding: &str,
) -> impl futures_util::Stream<Item = std::io::Result<Bytes>> + use<> {
    let decoder = TransferDecoder::new(encoding);
    futures_util::stream::unfold(
        (pieces, Some(decoder)),
        |(mut pieces, decoder)| async move {
            let mut decoder = decoder?;
            let mut bytes = Vec::new();
            match pieces.recv().await {
                Some(Ok(piece)) => {
                    decoder.push(&piece, &mut bytes);
                    Some((Ok(bytes.into()), (pieces, Some(decoder))))
                }
                Some(Err(failure)) => Some((Err(failure), (pieces, None))),
                None => {
                    decoder.finish(&mut bytes);
                    Some((Ok(bytes.into()), (pieces, None)))
                }
            }
        },
    )
}
