//! Other views of an opened message than the usual one, made when somebody asks for them.

use std::sync::Arc;

use whimbrel_shared::{MailboxId, MessageKey, SanitizedCss, SanitizedHtml, path};

use super::{Opened, parsed, wanted};
use crate::{
    account::{Account, connections::Lane},
    imap::{self, name::MailboxName, parts},
    message::{
        body::{Purpose, TextPart, Wanted},
        render::{self, PictureUrls},
    },
};

/// The text of an opened message and its sheets with their pictures from elsewhere, at addresses of ours.
///
/// # Errors
/// If it cannot be read.
pub async fn with_pictures(
    opened: &Arc<Opened>,
    mailbox: &MailboxId,
    key: MessageKey,
) -> imap::Result<(SanitizedHtml, SanitizedCss)> {
    if opened.rendered.remote.is_empty() {
        return Ok(as_sent(opened));
    }
    if let Some(text) = opened.with_pictures.get() {
        return Ok(text.clone());
    }
    let (message, mailbox) = (Arc::clone(opened), mailbox.clone());
    let length = opened.texts.iter().map(Vec::len).sum();
    let render = move || {
        let urls = PictureUrls {
            within: &|part| path::picture(&mailbox, key, part),
            elsewhere: Some(&|place| path::remote(&mailbox, key, place)),
            file: &|part| path::part(&mailbox, key, part),
        };
        let rendered = render::render(&message.plan, &message.texts, &urls);
        (rendered.html, rendered.css)
    };
    let text = parsed(length, render).await?;
    Ok(opened.with_pictures.get_or_init(|| text).clone())
}

/// The same without pictures from elsewhere.
#[must_use]
pub fn as_sent(opened: &Opened) -> (SanitizedHtml, SanitizedCss) {
    (opened.rendered.html.clone(), opened.rendered.css.clone())
}

/// The text of a message as plain text, for the frame.
///
/// # Errors
/// If it cannot be read.
pub async fn plain(opened: Arc<Opened>) -> imap::Result<SanitizedHtml> {
    let length = opened.rendered.text.len() + opened.rendered.below.len();
    parsed(length, move || render::views::plain(&opened.rendered)).await
}

/// The plain texts of a message as they came, for the frame; if it has none, what its HTML says.
///
/// # Errors
/// As [`super::open`]: they are fetched again.
pub async fn original(
    account: &Account,
    mailbox: &MailboxName,
    key: MessageKey,
    opened: Arc<Opened>,
) -> imap::Result<SanitizedHtml> {
    let texts = opened.plan.texts.iter();
    let texts = texts.filter(|text| !text.is_html && !matches!(text.purpose, Purpose::Tell(_)));
    let texts: Vec<TextPart> = texts.cloned().collect();
    let wanted = wanted(texts.iter().map(Wanted::Text));
    let name = mailbox.clone();
    let came = account
        .ask(Lane::Interactive, move |connection| {
            let (name, wanted) = (name.clone(), wanted.clone());
            Box::pin(async move {
                let first = parts::FirstPart::NONE;
                parts::sections(connection, &name, key, &wanted, &first).await
            })
        })
        .await?;
    let length = came.iter().map(Vec::len).sum::<usize>() + opened.rendered.text.len();
    let render = move || render::views::original(&texts, &came, &opened.rendered);
    parsed(length, render).await
}
