//! A fresh look at the mail server, past everything under test.

use std::collections::{BTreeMap, BTreeSet};

use whimbrel_server::imap::name::MailboxName;
use whimbrel_shared::{Mailbox, MailboxList};
use whimbrel_tests::imap_client::{ImapClient, quoted};

/// A letter as it lies there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Letter {
    pub(crate) subject: String,
    pub(crate) keywords: BTreeSet<String>,
}

/// All folders by [`path`], and by UID what is in them.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Truth(pub(crate) BTreeMap<String, BTreeMap<u32, Letter>>);

impl Truth {
    /// `None` if the server closed the line meanwhile.
    pub(crate) async fn seen_by(client: &mut ImapClient) -> Option<Self> {
        let mut folders = BTreeMap::new();
        for name in client.folders().await {
            let select = format!("SELECT {}", quoted(&name));
            if !client.try_command(&select).await?.tagged.starts_with("OK") {
                continue; // deleted a moment ago
            }
            let fetch = "UID FETCH 1:* (FLAGS BODY.PEEK[HEADER.FIELDS (SUBJECT)])";
            let answer = client.try_command(fetch).await?;
            let letters = answer.lines().filter_map(|row| letter(&row)).collect();
            let name = MailboxName::from_wire(name.as_bytes());
            let path = if name.is_inbox() {
                "Inbox".to_owned()
            } else {
                name.decoded()
            };
            folders.insert(path, letters);
        }
        Some(Self(folders))
    }

    pub(crate) fn letters<'a>(&'a self, subject: &'a str) -> impl Iterator<Item = &'a Letter> {
        let all = self.0.values().flat_map(BTreeMap::values);
        all.filter(move |letter| letter.subject == subject)
    }
}

/// What a folder and those above it are called.
pub(crate) fn path(list: &MailboxList, mailbox: &Mailbox) -> String {
    let mut path = mailbox.name.clone();
    let mut above = mailbox.parent_id.as_ref();
    while let Some(parent) = list.mailboxes.iter().find(|one| Some(&one.id) == above) {
        path = format!("{}/{path}", parent.name);
        above = parent.parent_id.as_ref();
    }
    path
}

fn letter(row: &str) -> Option<(u32, Letter)> {
    let uid = row.split_once("UID ")?.1;
    let uid = uid.split([' ', ')']).next()?.parse().ok()?;
    let flags = row.split_once("FLAGS (")?.1.split_once(')')?.0;
    let subject = row.split_once("Subject: ")?.1.lines().next()?;
    let keywords = flags.split_whitespace().filter_map(keyword).collect();
    let subject = subject.trim().to_owned();
    Some((uid, Letter { subject, keywords }))
}

/// The JMAP name of an IMAP flag (RFC 8621 §4.1.1).
fn keyword(flag: &str) -> Option<String> {
    match flag.to_lowercase().as_str() {
        "\\recent" | "\\deleted" => None,
        flag => Some(flag.replace('\\', "$")),
    }
}
