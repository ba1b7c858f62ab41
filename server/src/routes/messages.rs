//! Opened messages: parsed, as the document of the message frame, as files and pictures, and as a
//! draft to go on with. What nobody has made readable is in [`super::sources`].

use std::sync::Arc;

use axum::{
    Json,
    body::Body,
    extract::{Path, Query, State},
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use serde::Deserialize;
use whimbrel_shared::{
    BodyView, Draft, MailboxId, Message, MessageKey, Part, PartId, SanitizedCss, SanitizedHtml,
};

use crate::{
    account::{
        Account,
        download::Download,
        opened::{self, Opened, views},
        picture_senders::{self, Loading},
        thumbnails,
    },
    auth::signed_in::SignedIn,
    error::{AppError, AppResult},
    imap::parts::Section,
    message::{
        draft, fields, file_name,
        frame::{self, Ground, Theme},
        picture,
    },
    state::AppState,
};

/// Pictures within a message larger than this are left to be downloaded.
pub(super) const LARGEST_PICTURE: u64 = 10 << 20;
/// A file served from our own origin must be able to do nothing there.
const FILE_CSP: HeaderValue =
    HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'; sandbox");

/// A message, parsed.
pub async fn message(
    State(app): State<AppState>,
    signed_in: SignedIn,
    Path((id, key)): Path<(MailboxId, MessageKey)>,
) -> AppResult<Json<Message>> {
    let (account, own) = (&signed_in.account, &signed_in.info.address);
    let opened = open(account, &id, key).await?;
    let mut message = opened.message(&id, key);
    match picture_senders::loading(&app, account, own, &id, &opened).await {
        Loading::WhenAsked => {}
        Loading::AtOnce => message.loads_pictures = true,
        Loading::Held(why) => {
            message.held_because =
                format!("Pictures of this sender are loaded by themselves, but not here: {why}.");
        }
    }
    Ok(Json(message))
}

/// See [`body`].
#[derive(Deserialize)]
pub struct BodyQuery {
    theme: Option<String>,
    #[serde(default)]
    view: BodyView,
    /// There, whatever it says: HTML on white paper, also where the theme is dark.
    paper: Option<String>,
    /// There, whatever it says: with a head, for the printer.
    print: Option<String>,
}

/// The document of the message frame, with a policy of its own.
pub async fn body(
    signed_in: SignedIn,
    Path((id, key)): Path<(MailboxId, MessageKey)>,
    Query(query): Query<BodyQuery>,
) -> AppResult<Response> {
    let opened = open(&signed_in.account, &id, key).await?;
    let theme = match query.theme.as_deref() {
        _ if query.print.is_some() => Theme::Light,
        Some("light") => Theme::Light,
        Some("dark") => Theme::Dark,
        _ => Theme::System,
    };
    let ground = match query.view {
        BodyView::Text | BodyView::Original => Ground::Plain,
        _ if !opened.rendered.is_html => Ground::Plain,
        _ if query.paper.is_some() => Ground::Paper,
        _ => Ground::Adapted,
    };
    let (text, css) = text_of(&signed_in.account, &id, key, &opened, query.view).await?;
    if query.print.is_some() {
        let text = fields::printed(&opened.fetched.header, &opened.files, text);
        let document = frame::page(&text, &css, ground, theme);
        return Ok(document_with(frame::PRINTED_CSP, document));
    }
    let document = frame::document(&text, &css, ground, theme);
    Ok(self::document(document))
}

/// The text of a message as it is wanted, and its sheets.
async fn text_of(
    account: &Account,
    id: &MailboxId,
    key: MessageKey,
    opened: &Arc<Opened>,
    view: BodyView,
) -> AppResult<(SanitizedHtml, SanitizedCss)> {
    let opened = Arc::clone(opened);
    let plain = match view {
        BodyView::AsSent => return Ok(views::as_sent(&opened)),
        BodyView::Pictures => return Ok(views::with_pictures(&opened, id, key).await?),
        BodyView::Text => views::plain(opened).await?,
        BodyView::Original => {
            views::original(account, &account.mailbox_name(id)?, key, opened).await?
        }
    };
    Ok((plain, SanitizedCss::default()))
}

/// Of a document with the policy of the message frame.
pub(super) fn document(document: String) -> Response {
    document_with(frame::CSP, document)
}

fn document_with(policy: &'static str, document: String) -> Response {
    let headers = [
        (
            header::CONTENT_TYPE,
            HeaderValue::from_static("text/html; charset=utf-8"),
        ),
        (
            header::CONTENT_SECURITY_POLICY,
            HeaderValue::from_static(policy),
        ),
    ];
    (headers, document).into_response()
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
    let part = PartId::new(&part).ok_or_else(AppError::not_found)?;
    let opened = open(&signed_in.account, &id, key).await?;
    let mut files = opened.files.iter().chain(&opened.rendered.inner_files);
    let known = files.find(|file| file.id == part);
    let file = known.map_or("file", |file| file.name.as_str());
    let media_type = known.map_or("application/octet-stream", |file| {
        file_name::safe_media_type(&file.media_type)
    });
    let headers = download_headers(media_type, file);
    let download = download(&signed_in.account, &id, key, &opened, &part)?;
    Ok((headers, Body::from_stream(stream(download))).into_response())
}

/// A picture within a message; anything that is not one of the harmless kinds is not shown.
pub async fn picture(
    signed_in: SignedIn,
    Path((id, key, part)): Path<(MailboxId, MessageKey, String)>,
) -> AppResult<Response> {
    let part = PartId::new(&part).ok_or_else(AppError::not_found)?;
    let opened = open(&signed_in.account, &id, key).await?;
    let download = download(&signed_in.account, &id, key, &opened, &part)?;
    let bytes = download
        .whole(LARGEST_PICTURE)
        .await?
        .ok_or_else(AppError::not_found)?;
    let media_type = picture::media_type(&bytes).filter(|_| picture::is_bounded(&bytes));
    let media_type = media_type.ok_or_else(AppError::not_found)?;
    Ok((file_headers(media_type), bytes).into_response())
}

/// A small picture of a file that is a picture.
pub async fn thumbnail(
    signed_in: SignedIn,
    Path((id, key, part)): Path<(MailboxId, MessageKey, String)>,
) -> AppResult<Response> {
    let part = PartId::new(&part).ok_or_else(AppError::not_found)?;
    let opened = open(&signed_in.account, &id, key).await?;
    let is_usable = |file: &Part| file.id == part && file.size <= thumbnails::LARGEST;
    let file = opened.files.iter().find(|file| is_usable(file));
    file.ok_or_else(AppError::not_found)?;
    let download = download(&signed_in.account, &id, key, &opened, &part)?;
    let made = opened.thumbnails.of(&part, download).await?;
    let made = made.ok_or_else(AppError::not_found)?;
    Ok((file_headers(made.media_type), made.bytes.clone()).into_response())
}

/// A picture from elsewhere that the message wants, fetched for the reader.
pub async fn remote_picture(
    State(app): State<AppState>,
    signed_in: SignedIn,
    Path((id, key, place)): Path<(MailboxId, MessageKey, usize)>,
) -> AppResult<Response> {
    let opened = open(&signed_in.account, &id, key).await?;
    let url = opened.rendered.remote.get(place);
    let url = url.ok_or_else(AppError::not_found)?;
    let picture = app.pictures.get(url).await;
    let picture = picture.map_err(|why| AppError::not_found().because(why))?;
    Ok((file_headers(picture.media_type), picture.bytes).into_response())
}

pub(super) async fn open(
    account: &Account,
    id: &MailboxId,
    key: MessageKey,
) -> AppResult<Arc<Opened>> {
    Ok(opened::open(account, &account.mailbox_name(id)?, key).await?)
}

/// A part of an opened message, ready to be fetched and decoded.
pub(super) fn download(
    account: &Account,
    id: &MailboxId,
    key: MessageKey,
    opened: &Opened,
    part: &PartId,
) -> AppResult<Download> {
    let download = Download::of_part(account, account.mailbox_name(id)?, key, opened, part);
    download.ok_or_else(AppError::not_found)
}

/// A part, ready to be fetched and decoded from this encoding.
pub(super) fn section(
    account: &Account,
    id: &MailboxId,
    key: MessageKey,
    part: &PartId,
    encoding: &str,
) -> AppResult<Download> {
    let section = Section::Part(part.clone());
    Ok(Download::new(
        account,
        account.mailbox_name(id)?,
        key,
        section,
        encoding,
    ))
}

/// Of a file that is saved under this name.
pub(super) fn download_headers(media_type: &'static str, name: &str) -> HeaderMap {
    let mut headers = file_headers(media_type);
    if let Ok(disposition) = HeaderValue::from_str(&file_name::content_disposition(name)) {
        headers.insert(header::CONTENT_DISPOSITION, disposition);
    }
    headers
}

/// Of a file that can do nothing where it is shown.
pub(super) fn file_headers(media_type: &'static str) -> HeaderMap {
    HeaderMap::from_iter([
        (header::CONTENT_TYPE, HeaderValue::from_static(media_type)),
        (header::CONTENT_SECURITY_POLICY, FILE_CSP),
    ])
}

/// The bytes as they come. A line that breaks ends them with an error, so that the browser does not
/// take half a file for a whole one.
pub(super) fn stream(
    download: Download,
) -> impl futures_util::Stream<Item = std::io::Result<Bytes>> {
    futures_util::stream::try_unfold(download, |mut download| async move {
        let bytes = download.next().await.map_err(std::io::Error::other)?;
        Ok(bytes.map(|bytes| (Bytes::from(bytes), download)))
    })
}
