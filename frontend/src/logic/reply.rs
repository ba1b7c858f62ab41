//! Letters that grow out of a message: its answer, the answer to all, and passing it on.

use whimbrel_shared::{Address, Draft, DraftAttachment, Message, Related, Relation};

use crate::logic::{addresses, quote, subject};

/// How a message is answered or passed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// To whom it asks to be answered.
    Reply,
    /// To them and everybody it went to.
    ReplyAll,
    /// Its text within the letter, its files with it.
    Forward,
    /// The message itself as a file.
    ForwardAsAttachment,
}

/// More than this many message ids tell no program anything new.
const MOST_REFERENCES: usize = 50;

/// The letter that `answer` begins with. `own` is the person's own address; `written` says in words
/// when the message was written.
#[must_use]
pub fn draft(message: &Message, answer: Answer, own: &str, written: &str) -> Draft {
    match answer {
        Answer::Reply | Answer::ReplyAll => {
            reply(message, answer == Answer::ReplyAll, own, written)
        }
        Answer::Forward => Draft {
            text: forwarded(message, written),
            attachments: parts(message),
            ..passing_on(message)
        },
        Answer::ForwardAsAttachment => Draft {
            attachments: vec![whole(message)],
            ..passing_on(message)
        },
    }
}

fn reply(message: &Message, all: bool, own: &str, written: &str) -> Draft {
    let (to, cc) = recipients(message, all, own);
    let quoted = quote::quoted(&message.text);
    let text = if quoted.is_empty() {
        String::new()
    } else {
        format!("\n\n{}\n{quoted}", attribution(message, written))
    };
    Draft {
        to,
        cc,
        subject: subject::of_reply(&message.subject),
        text,
        related: Some(related(message, Relation::Reply)),
        in_reply_to: message.message_id.clone(),
        references: references(message),
        ..Draft::default()
    }
}

/// To whom an answer goes, and who gets a copy.
fn recipients(message: &Message, all: bool, own: &str) -> (Vec<Address>, Vec<Address>) {
    let is_own = |address: &Address| addresses::same(&address.email, own);
    let mine = !message.from.is_empty() && message.from.iter().all(is_own);
    let answered = if mine && !message.to.is_empty() {
        // One goes on with what one wrote: to the same people.
        &message.to
    } else if message.reply_to.is_empty() {
        &message.from
    } else {
        &message.reply_to
    };
    let others = if all && !mine {
        message.to.as_slice()
    } else {
        &[]
    };
    let mut to = addresses::distinct(answered.iter().chain(others).cloned(), &[own]);
    if to.is_empty() {
        to = addresses::distinct(answered.iter().cloned(), &[]);
    }
    let cc = if all { message.cc.as_slice() } else { &[] };
    let known: Vec<&str> = to
        .iter()
        .map(|address| address.email.as_str())
        .chain([own])
        .collect();
    let cc = addresses::distinct(cc.iter().cloned(), &known);
    (to, cc)
}

fn attribution(message: &Message, written: &str) -> String {
    let who = message.from.first().map_or("", Address::label);
    match (written.is_empty(), who.is_empty()) {
        (false, false) => format!("On {written}, {who} wrote:"),
        (true, false) => format!("{who} wrote:"),
        (false, true) => format!("Written on {written}:"),
        (true, true) => "Written before:".to_owned(),
    }
}

/// `References` of an answer (RFC 5322 §3.6.4); of very long ones the first and the newest.
fn references(message: &Message) -> Vec<String> {
    let mut ids: Vec<String> = Vec::new();
    for id in message.references.iter().chain([&message.message_id]) {
        if !id.is_empty() && !ids.contains(id) {
            ids.push(id.clone());
        }
    }
    let surplus = ids.len().saturating_sub(MOST_REFERENCES);
    if surplus > 0 {
        ids.drain(1..=surplus);
    }
    ids
}

fn passing_on(message: &Message) -> Draft {
    Draft {
        subject: subject::of_forward(&message.subject),
        related: Some(related(message, Relation::Forward)),
        references: references(message),
        ..Draft::default()
    }
}

fn forwarded(message: &Message, written: &str) -> String {
    let mut text = "\n\n---------- Forwarded message ----------\n".to_owned();
    let lines = [
        ("From", addresses::words_of_all(&message.from)),
        ("Date", written.to_owned()),
        ("Subject", message.subject.clone()),
        ("To", addresses::words_of_all(&message.to)),
        ("Cc", addresses::words_of_all(&message.cc)),
    ];
    for (name, value) in lines {
        if !value.is_empty() {
            text.push_str(&format!("{name}: {value}\n"));
        }
    }
    text.push('\n');
    text.push_str(message.text.trim_end());
    text.push('\n');
    text
}

fn related(message: &Message, relation: Relation) -> Related {
    Related {
        mailbox_id: message.mailbox_id.clone(),
        key: message.key,
        relation,
    }
}

/// The files; the plain text shows no pictures, so those of the text are files, too.
fn parts(message: &Message) -> Vec<DraftAttachment> {
    let part = |part: &whimbrel_shared::Part| DraftAttachment::Part {
        mailbox_id: message.mailbox_id.clone(),
        key: message.key,
        part: part.id.clone(),
        name: part.name.clone(),
        media_type: part.media_type.clone(),
        size: part.size,
    };
    let all = message.attachments.iter().chain(&message.pictures);
    all.map(part).collect()
}

fn whole(message: &Message) -> DraftAttachment {
    let name: String = message
        .subject
        .chars()
        .filter(|c| !c.is_control() && !r#"/\:*?"<>|"#.contains(*c))
        .take(80)
        .collect();
    let name = name.trim().trim_matches('.');
    let name = if name.is_empty() { "message" } else { name };
    DraftAttachment::Message {
        mailbox_id: message.mailbox_id.clone(),
        key: message.key,
        name: format!("{name}.eml"),
        size: message.size,
    }
}

#[cfg(test)]
mod tests;
