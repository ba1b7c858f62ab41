//! Gmail by its own description (<https://developers.google.com/workspace/gmail/imap/imap-extensions>), with the
//! settings that a new account has: marking as deleted takes the label away at once.

use super::{Habits, Labels};

pub(super) const HABITS: Habits = Habits {
    greeting: "* OK Gimap ready for requests from 127.0.0.1\r\n",
    capability: "IMAP4rev1 UNSELECT IDLE NAMESPACE QUOTA ID XLIST CHILDREN X-GM-EXT-1 UIDPLUS \
                 COMPRESS=DEFLATE ENABLE MOVE ESEARCH UTF8=ACCEPT LIST-EXTENDED LIST-STATUS LITERAL- \
                 SPECIAL-USE APPENDLIMIT=35651584 AUTH=PLAIN SASL-IR",
    folders: &[
        ("INBOX", "\\HasNoChildren"),
        ("Notes", "\\HasNoChildren"),
        ("Projects", "\\HasNoChildren"),
        ("[Gmail]", "\\HasChildren \\Noselect"),
        ("[Gmail]/All Mail", "\\All \\HasNoChildren"),
        ("[Gmail]/Drafts", "\\Drafts \\HasNoChildren"),
        ("[Gmail]/Important", "\\HasNoChildren \\Important"),
        ("[Gmail]/Sent Mail", "\\HasNoChildren \\Sent"),
        ("[Gmail]/Spam", "\\HasNoChildren \\Junk"),
        ("[Gmail]/Starred", "\\Flagged \\HasNoChildren"),
        ("[Gmail]/Trash", "\\HasNoChildren \\Trash"),
    ],
    sent: "[Gmail]/Sent Mail",
    has_keywords: true,
    labels: Some(Labels {
        all: "[Gmail]/All Mail",
        away: ["[Gmail]/Trash", "[Gmail]/Spam"],
    }),
    no_folder: "[NONEXISTENT] Unknown Mailbox: nope (Failure)",
};
