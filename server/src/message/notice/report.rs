//! Reports about mail that was sent (RFC 3464, RFC 8098, RFC 6522) in plain words: to whom, what happened,
//! and why. What they claim is a stranger's word; anybody can send a report.

use super::{MAX_NOTICES, Notice};
use crate::message::{encoded_word, header};

/// What became of a message, for each of its recipients.
pub(super) fn delivery(text: &str) -> Vec<Notice> {
    let mut blocks = blocks(text);
    let whole = blocks.next().unwrap_or_default();
    let reporter = field(whole, "reporting-mta");
    // Some leave out the empty line between the message's fields and the first recipient's.
    let first = Some(whole).filter(|block| !field(block, "action").is_empty());
    let recipients: Vec<&str> = first
        .into_iter()
        .chain(blocks.filter(|block| !field(block, "action").is_empty()))
        .collect();
    let more = recipients.len().saturating_sub(MAX_NOTICES);
    let told = recipients.into_iter().take(MAX_NOTICES);
    let mut notices: Vec<Notice> = told.map(|block| recipient(block, &reporter)).collect();
    if more > 0 {
        notices.push(Notice::new(&format!(
            "There are {more} more recipients in the report."
        )));
    }
    notices
}

fn recipient(block: &str, reporter: &str) -> Notice {
    let action = field(block, "action").to_lowercase();
    let title = match action.split_whitespace().next().unwrap_or_default() {
        "failed" => "Not delivered",
        "delayed" => "Not delivered yet; it is still being tried",
        "delivered" => "Delivered",
        "relayed" => "Passed on to a mail server that does not report back",
        "expanded" => "Passed on to everybody behind this address",
        _ => "A report about a message",
    };
    let mut notice = Notice::new(title);
    let fallback = field(block, "original-recipient");
    let to = Some(field(block, "final-recipient")).filter(|to| !to.is_empty());
    notice.row("To", untyped(&to.unwrap_or(fallback)));
    let status = field(block, "status");
    notice.row("Why", why(&status).unwrap_or_default());
    let diagnostic = field(block, "diagnostic-code");
    notice.row("Server says", untyped(&diagnostic));
    notice.row("Code", &status);
    notice.row("Tried until", &field(block, "will-retry-until"));
    notice.row("Mail server", untyped(&field(block, "remote-mta")));
    notice.row("Reported by", untyped(reporter));
    notice
}

/// What a code of RFC 3463 means; the most common ones.
fn why(status: &str) -> Option<&'static str> {
    let mut numbers = status.split_whitespace().next()?.split('.');
    let (class, subject, detail) = (numbers.next()?, numbers.next()?, numbers.next()?);
    Some(match (subject, detail) {
        ("1", "1" | "6" | "10") => "There is nobody with this address.",
        ("1", "2") => "There is no mail server for the part after the @.",
        ("1", "3") => "The address is written wrongly.",
        ("1", "8") => "The sender’s address is not accepted.",
        ("2", "1") => "The mailbox is switched off.",
        ("2", "2") => "The mailbox is full.",
        ("2", "3") | ("3", "4") => "The message is too large.",
        ("3", _) => "The other mail server has a problem.",
        ("4", "1") => "The other mail server does not answer.",
        ("4", "4") => "No way to the other mail server was found.",
        ("4", "6") => "The message went round in circles.",
        ("4", "7") => "It could not be delivered in time.",
        ("4", _) => "There is a problem on the way to the other mail server.",
        ("6", _) => "The other mail server cannot take this kind of message.",
        ("7", _) => "The other mail server refuses it by its rules.",
        _ if class == "4" => "It did not work for now.",
        _ => return None,
    })
}

/// That a message was shown, or was not.
pub(super) fn disposition(text: &str) -> Vec<Notice> {
    let block = blocks(text).next().unwrap_or_default();
    let disposition = field(block, "disposition").to_lowercase();
    let Some((mode, what)) = disposition.split_once(';') else {
        return Vec::new();
    };
    let what = what.split(['/', ',']).next().unwrap_or_default().trim();
    let title = match what {
        "displayed" => "Your message was opened",
        "deleted" => "Your message was deleted, perhaps without being read",
        "dispatched" => "Your message was passed on",
        "processed" => "Your message was dealt with by a program",
        "denied" => "They do not want to tell whether they read your message",
        "failed" => "Whether your message was read could not be told",
        _ => "A report about a message",
    };
    let mut notice = Notice::new(title);
    let fallback = field(block, "original-recipient");
    let by = Some(field(block, "final-recipient")).filter(|by| !by.is_empty());
    notice.row("By", untyped(&by.unwrap_or(fallback)));
    if mode.contains("mdn-sent-automatically") {
        notice.row("Sent", "by a program, without asking anybody");
    }
    notice.row("Says", &field(block, "error"));
    notice.row("Program", &field(block, "reporting-ua"));
    vec![notice]
}

/// The header of a message whose text is not there.
pub(super) fn header(text: &str) -> Vec<Notice> {
    let mut notice = head(text.as_bytes());
    if notice.rows.is_empty() {
        return Vec::new();
    }
    "The message that this is about".clone_into(&mut notice.title);
    vec![notice]
}

/// Who wrote to whom, when and about what.
pub(super) fn head(raw: &[u8]) -> Notice {
    let header = header::parse(raw);
    let people = |list: &[whimbrel_shared::Address]| {
        let one =
            |person: &whimbrel_shared::Address| match (person.name.as_str(), person.email.as_str())
            {
                ("", email) => email.to_owned(),
                (name, "") => name.to_owned(),
                (name, email) => format!("{name} <{email}>"),
            };
        list.iter().map(one).collect::<Vec<String>>()
    };
    let mut notice = Notice::default();
    notice.list("From", &people(&header.from), 10);
    notice.list("To", &people(&header.to), 10);
    notice.list("Cc", &people(&header.cc), 10);
    notice.row("Date", &header.sent_at.and_then(date).unwrap_or_default());
    notice.row("Subject", &header.subject);
    notice
}

/// In words, UTC.
fn date(seconds: i64) -> Option<String> {
    let at = time::OffsetDateTime::from_unix_timestamp(seconds).ok()?;
    let (day, month, year) = (at.day(), at.month(), at.year());
    let (hour, minute) = (at.hour(), at.minute());
    Some(format!("{day} {month} {year}, {hour:02}:{minute:02} UTC"))
}

/// What stands between empty lines.
fn blocks(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches(['\r', '\n']);
        if rest.is_empty() {
            return None;
        }
        // To the first empty line only, so that many blocks stay linear.
        let mut lines = rest.split_inclusive('\n');
        let is_full = |line: &&str| !line.trim_end().is_empty();
        let end = lines.by_ref().take_while(is_full).map(str::len).sum();
        let (block, after) = rest.split_at_checked(end)?;
        rest = after;
        Some(block)
    })
}

fn field(block: &str, name: &str) -> String {
    let value = header::first(block.as_bytes(), name).unwrap_or_default();
    encoded_word::decode(value.as_bytes())
}

/// `rfc822; ada@example.org` without its type.
fn untyped(value: &str) -> &str {
    let typed = value.split_once(';');
    typed.map_or(value, |(_, value)| value).trim()
}
