//! Exchange 2016 and Outlook.com: folders of other things than mail among the others, none with a role, INBOX
//! written in its own way, no response code where one would help, and no place for keywords.

use super::Habits;

pub(super) const HABITS: Habits = Habits {
    greeting: "* OK The Microsoft Exchange IMAP4 service is ready. [VwBoAGkAbQBiAHIAZQBsAA==]\r\n",
    capability: "IMAP4 IMAP4rev1 AUTH=PLAIN AUTH=XOAUTH2 SASL-IR UIDPLUS MOVE ID UNSELECT CHILDREN IDLE \
                 NAMESPACE LITERAL+",
    folders: &[
        ("Archive", "\\HasNoChildren"),
        ("Calendar", "\\HasNoChildren"),
        ("Contacts", "\\HasNoChildren"),
        ("Conversation History", "\\HasNoChildren"),
        ("Deleted Items", "\\HasNoChildren"),
        ("Drafts", "\\HasNoChildren"),
        ("Inbox", "\\Marked \\HasChildren"),
        ("Inbox/Either (or)", "\\HasNoChildren"),
        ("Junk Email", "\\HasNoChildren"),
        ("Outbox", "\\HasNoChildren"),
        ("Sent Items", "\\HasNoChildren"),
    ],
    sent: "Sent Items",
    has_keywords: false,
    labels: None,
    no_folder: "The specified folder could not be found in the store.",
};
