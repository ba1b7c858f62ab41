//! A stored draft as a letter to go on writing: our own or another mail program's.

use whimbrel_shared::{Draft, DraftAttachment, MailboxId, MessageKey, Part, Related, Relation};

use super::{
    body::Plan,
    build, header,
    render::{self, Rendered},
};

/// The draft that the message `key` of `mailbox_id` holds. `raw_header` is its header as stored; `plan` and
/// `rendered` are its parts. Nothing is dropped: pictures of an HTML draft become files.
#[must_use]
pub fn from_message(
    raw_header: &[u8],
    plan: &Plan,
    rendered: &Rendered,
    mailbox_id: &MailboxId,
    key: MessageKey,
) -> Draft {
    let header = header::parse(raw_header);
    let pictures = render::pictures(plan, rendered);
    let attachments = rendered
        .files
        .iter()
        .chain(&pictures)
        .map(|part| attachment(part, mailbox_id, key))
        .collect();
    let people = |list: Vec<whimbrel_shared::Address>| {
        list.into_iter()
            .filter(|person| !person.email.is_empty())
            .collect()
    };
    Draft {
        to: people(header.to),
        cc: people(header.cc),
        bcc: people(header.bcc),
        subject: header.subject,
        text: rendered.text.clone(),
        attachments,
        related: related(raw_header),
        in_reply_to: header.in_reply_to,
        references: header.references,
        message_id: header.message_id,
    }
}

fn attachment(part: &Part, mailbox_id: &MailboxId, key: MessageKey) -> DraftAttachment {
    DraftAttachment::Part {
        mailbox_id: mailbox_id.clone(),
        key,
        part: part.id.clone(),
        name: part.name.clone(),
        media_type: part.media_type.clone(),
        size: part.size,
    }
}

/// What the draft answers, if it is one of ours.
fn related(raw_header: &[u8]) -> Option<Related> {
    let value = header::first(raw_header, &build::RELATED.to_ascii_lowercase())?;
    let mut words = value.split_whitespace();
    let relation = match words.next()? {
        "reply" => Relation::Reply,
        "forward" => Relation::Forward,
        _ => return None,
    };
    Some(Related {
        relation,
        mailbox_id: MailboxId(words.next()?.to_owned()),
        key: words.next()?.parse().ok()?,
    })
}

#[cfg(test)]
mod tests;
