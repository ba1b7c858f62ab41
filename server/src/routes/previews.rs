//! A file of a message in a tab of its own, where the browser can show it and it can do nothing there. What the
//! file is, its first bytes say. Anything else is left to be downloaded.

use axum::{
    body::Body,
    extract::Path,
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use whimbrel_shared::{MailboxId, MessageKey, PartId, SanitizedCss, SanitizedHtml, path};

use crate::{
    account::{
        download::Download,
        opened::{self, Opened},
    },
    auth::signed_in::SignedIn,
    error::{AppError, AppResult},
    message::{
        file_name,
        frame::{self, Ground, Theme},
        picture,
        preview::{self, Preview, ranges::Layout},
    },
};

use super::messages::{self, LARGEST_PICTURE};

/// The viewer of a browser is a page of its own, which a sandbox would forbid; the file may still fetch nothing.
const PDF_CSP: HeaderValue = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");
/// A player fetches the file again, by ranges.
const MEDIA_CSP: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; media-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'; \
     sandbox allow-same-origin",
);
/// Last bytes of a part that tell how long its file is.
const END: u64 = 100;

/// A file of a message to be looked at.
struct Shown<'a> {
    signed_in: &'a SignedIn,
    mailbox: &'a MailboxId,
    key: MessageKey,
    part: &'a PartId,
    name: String,
    opened: &'a Opened,
}

/// The file, to be looked at.
pub async fn preview(
    signed_in: SignedIn,
    Path((id, key, part)): Path<(MailboxId, MessageKey, String)>,
    headers: HeaderMap,
) -> AppResult<Response> {
    let part = PartId::new(&part).ok_or_else(AppError::not_found)?;
    let opened = messages::open(&signed_in.account, &id, key).await?;
    let file = opened.files.iter().find(|file| file.id == part);
    let file = file.ok_or_else(AppError::not_found)?;
    let shown = Shown {
        signed_in: &signed_in,
        mailbox: &id,
        key,
        part: &part,
        name: file.name.clone(),
        opened: &opened,
    };
    let mut download = shown.download()?;
    let first = download.next().await?.unwrap_or_default();
    let preview = preview::of(&first, &file.name, &file.media_type);
    // The browser would not show it.
    let is_too_large = file.size > LARGEST_PICTURE || !picture::is_bounded(&first);
    let preview = preview.filter(|preview| *preview != Preview::Picture || !is_too_large);
    let Some(preview) = preview else {
        return messages::part(signed_in, Path((id, key, part.to_string()))).await;
    };
    match preview {
        Preview::Picture => {
            let url = path::picture(&id, key, &part);
            Ok(document(&preview::picture(&shown.name, &url)))
        }
        Preview::Pdf => {
            let bytes = stream::iter([Ok(Bytes::from(first))]).chain(messages::stream(download));
            let headers = shown.headers("application/pdf", Some(PDF_CSP));
            Ok((headers, Body::from_stream(bytes)).into_response())
        }
        Preview::Media(media_type) => shown.media(media_type, headers.get(header::RANGE)).await,
        Preview::Text => {
            let (bytes, is_cut) = whole(first, download, preview::MOST_TEXT as u64).await?;
            let length = bytes.len();
            let text = opened::parsed(length, move || preview::text(&bytes, is_cut)).await?;
            Ok(document(&text))
        }
        Preview::Table(separator) => {
            let (bytes, is_cut) = whole(first, download, preview::MOST_TEXT as u64).await?;
            let length = bytes.len();
            let table = move || preview::table(&bytes, separator, is_cut);
            Ok(document(&opened::parsed(length, table).await?))
        }
    }
}

impl Shown<'_> {
    fn download(&self) -> AppResult<Download> {
        let account = &self.signed_in.account;
        messages::download(account, self.mailbox, self.key, self.opened, self.part)
    }

    /// As it is encoded, from this place on.
    async fn raw(&self, from: u64) -> AppResult<Vec<u8>> {
        let account = &self.signed_in.account;
        let bytes = messages::section(account, self.mailbox, self.key, self.part, "binary")?;
        Ok(bytes.from_offset(from).next().await?.unwrap_or_default())
    }

    fn headers(&self, media_type: &'static str, policy: Option<HeaderValue>) -> HeaderMap {
        let mut headers = messages::file_headers(media_type);
        if let Some(policy) = policy {
            headers.insert(header::CONTENT_SECURITY_POLICY, policy);
        }
        let disposition = file_name::content_disposition(&self.name);
        let disposition = disposition.replacen("attachment", "inline", 1);
        if let Ok(disposition) = HeaderValue::from_str(&disposition) {
            headers.insert(header::CONTENT_DISPOSITION, disposition);
        }
        headers
    }

    /// Sound or film, from the byte that the player asks for.
    async fn media(
        &self,
        media_type: &'static str,
        range: Option<&HeaderValue>,
    ) -> AppResult<Response> {
        let mut headers = self.headers(media_type, Some(MEDIA_CSP));
        let Some(layout) = self.layout().await? else {
            let bytes = messages::stream(self.download()?);
            return Ok((headers, Body::from_stream(bytes)).into_response());
        };
        headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
        let range = range.and_then(|range| range.to_str().ok());
        let wanted = range.and_then(|range| layout.wanted(range));
        let (from, to) = wanted.unwrap_or((0, layout.total.saturating_sub(1)));
        let status = match wanted {
            Some(_) => {
                let range = format!("bytes {from}-{to}/{}", layout.total);
                headers.insert(header::CONTENT_RANGE, value(&range));
                StatusCode::PARTIAL_CONTENT
            }
            None => StatusCode::OK,
        };
        let length = layout.total.min(to + 1 - from);
        headers.insert(header::CONTENT_LENGTH, value(&length.to_string()));
        let (place, before) = layout.place(from);
        let download = self.download()?.from_offset(place);
        let bytes = Body::from_stream(
            messages::stream(download).scan((before, length), |left, bytes| {
                std::future::ready(part_of(left, bytes))
            }),
        );
        Ok((status, headers, bytes).into_response())
    }

    /// Where its bytes are, if that can be told from its beginning and its end.
    async fn layout(&self) -> AppResult<Option<Layout>> {
        let Some(node) = self.opened.part(self.part) else {
            return Ok(None); // it is packed into another
        };
        let end = node.size.saturating_sub(END);
        let (first, last) = (self.raw(0).await?, self.raw(end).await?);
        if last.len() as u64 != node.size - end {
            return Ok(None); // the mail server is wrong about its size
        }
        Ok(Layout::of(&node.encoding, node.size, &first, &last))
    }
}

/// Of the bytes that come, those after the first `left.0` and at most `left.1`.
fn part_of(left: &mut (u64, u64), bytes: std::io::Result<Bytes>) -> Option<std::io::Result<Bytes>> {
    if left.1 == 0 {
        return None;
    }
    Some(bytes.map(|mut bytes| {
        let skipped = left.0.min(bytes.len() as u64);
        left.0 -= skipped;
        bytes = bytes.split_off(usize::try_from(skipped).unwrap_or(bytes.len()));
        let taken = left.1.min(bytes.len() as u64);
        left.1 -= taken;
        bytes.truncate(usize::try_from(taken).unwrap_or(0));
        bytes
    }))
}

/// All of a file, or its first `limit` bytes and that it was cut.
async fn whole(mut bytes: Vec<u8>, mut rest: Download, limit: u64) -> AppResult<(Vec<u8>, bool)> {
    while let Some(more) = rest.next().await? {
        bytes.extend(more);
        if bytes.len() as u64 > limit {
            bytes.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
            return Ok((bytes, true));
        }
    }
    Ok((bytes, false))
}

fn document(text: &SanitizedHtml) -> Response {
    let document = frame::page(text, &SanitizedCss::default(), Ground::Plain, Theme::System);
    messages::document(document)
}

/// Digits and a few letters.
fn value(text: &str) -> HeaderValue {
    HeaderValue::from_str(text).unwrap_or(HeaderValue::from_static("0"))
}
