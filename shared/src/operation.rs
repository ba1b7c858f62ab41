//! What a person changes. An operation says what was meant, so that replaying it is harmless;
//! its id, made by the browser, lets the server tell a replay from a new wish.

use serde::{Deserialize, Serialize};

use crate::{ApiError, Draft, Keyword, MailboxId, MessageKey, Uid, UidSet, UidValidity};

/// Made by the browser: 1 to 64 of `A-Z a-z 0-9 - _`, never used twice.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct OperationId(pub String);

impl OperationId {
    /// Whether the id has the shape it must have.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        (1..=64).contains(&self.0.len())
            && self
                .0
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
    }
}

/// One change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Operation {
    /// Its id.
    pub id: OperationId,
    /// What was meant.
    pub action: Action,
}

/// What was meant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    rename_all = "camelCase",
    rename_all_fields = "camelCase",
    tag = "type"
)]
pub enum Action {
    /// Mark messages.
    SetKeywords {
        /// Where they are.
        mailbox_id: MailboxId,
        /// The UIDVALIDITY of `uids`.
        uidvalidity: UidValidity,
        /// Which messages.
        uids: UidSet,
        /// Keywords to add.
        #[serde(default)]
        add: Vec<Keyword>,
        /// Keywords to take away.
        #[serde(default)]
        remove: Vec<Keyword>,
    },
    /// Move messages. A target that is gone is made again.
    Move {
        /// Where they are.
        mailbox_id: MailboxId,
        /// The UIDVALIDITY of `uids`.
        uidvalidity: UidValidity,
        /// Which messages.
        uids: UidSet,
        /// Where to.
        to: MailboxId,
        /// Keywords to add before moving (such as `$junk`).
        #[serde(default)]
        add: Vec<Keyword>,
        /// Keywords to take away before moving.
        #[serde(default)]
        remove: Vec<Keyword>,
    },
    /// Copy messages.
    Copy {
        /// Where they are.
        mailbox_id: MailboxId,
        /// The UIDVALIDITY of `uids`.
        uidvalidity: UidValidity,
        /// Which messages.
        uids: UidSet,
        /// Where to.
        to: MailboxId,
    },
    /// Delete messages for ever.
    Destroy {
        /// Where they are.
        mailbox_id: MailboxId,
        /// The UIDVALIDITY of `uids`.
        uidvalidity: UidValidity,
        /// Which messages.
        uids: UidSet,
    },
    /// Make a mailbox.
    CreateMailbox {
        /// The mailbox above it; `None` for the top.
        #[serde(default)]
        parent_id: Option<MailboxId>,
        /// Its name, as typed.
        name: String,
        /// The role it is to have, for a Trash, Archive or Junk that is missing.
        #[serde(default)]
        role: Option<crate::Role>,
    },
    /// Give a mailbox another name, or another parent.
    RenameMailbox {
        /// Which.
        mailbox_id: MailboxId,
        /// The mailbox above it afterwards; `None` for the top.
        #[serde(default)]
        parent_id: Option<MailboxId>,
        /// Its name afterwards.
        name: String,
    },
    /// Delete a mailbox with all that is in it.
    DeleteMailbox {
        /// Which.
        mailbox_id: MailboxId,
    },
    /// Show a mailbox in mail programs that show subscribed folders only, or hide it there.
    SubscribeMailbox {
        /// Which.
        mailbox_id: MailboxId,
        /// Show it.
        is_subscribed: bool,
    },
    /// Put this draft into Drafts, in place of an older version of it.
    SaveDraft {
        /// The letter.
        draft: Box<Draft>,
        /// The version it replaces, in Drafts.
        #[serde(default)]
        replaces: Option<MessageKey>,
    },
    /// Send this letter, keep a copy in Sent, remove its draft, mark what it answers.
    Send {
        /// The letter.
        draft: Box<Draft>,
        /// Its draft, in Drafts.
        #[serde(default)]
        replaces: Option<MessageKey>,
    },
}

impl Action {
    /// The messages it is about; `None` if it is about a letter or a mailbox.
    #[must_use]
    pub fn rows(&self) -> Option<(&MailboxId, UidValidity, &UidSet)> {
        match self {
            Self::SetKeywords {
                mailbox_id,
                uidvalidity,
                uids,
                ..
            }
            | Self::Move {
                mailbox_id,
                uidvalidity,
                uids,
                ..
            }
            | Self::Copy {
                mailbox_id,
                uidvalidity,
                uids,
                ..
            }
            | Self::Destroy {
                mailbox_id,
                uidvalidity,
                uids,
            } => Some((mailbox_id, *uidvalidity, uids)),
            _ => None,
        }
    }
}

/// What became of one operation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// The operation.
    pub id: OperationId,
    /// What became of it.
    pub outcome: OutcomeKind,
}

/// What became of an operation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    rename_all = "camelCase",
    rename_all_fields = "camelCase",
    tag = "type",
    try_from = "OutcomeFields"
)]
pub enum OutcomeKind {
    /// Done, now or by an earlier delivery of the same operation.
    Applied {
        /// Where moved, copied or saved messages are now, if the server says (UIDPLUS, RFC 4315).
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        moved: Vec<MovedKey>,
        /// Messages that were gone already: for them there was nothing to do.
        #[serde(default, skip_serializing_if = "UidSet::is_empty")]
        gone: UidSet,
        /// The mailbox that was made or renamed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        mailbox_id: Option<MailboxId>,
        /// The mailboxes below a renamed one: what each was called, and is now.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        below: Vec<(MailboxId, MailboxId)>,
        /// Recipients that were refused while others were accepted (sending only).
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        refused_recipients: Vec<RefusedRecipient>,
        /// Something beside the main thing failed, in plain words (such as the copy in Sent).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        warning: Option<String>,
        /// It was sent, but no copy could be kept (sending only): nobody else has its text now.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        is_copy_missing: bool,
    },
    /// What it was about is gone; nothing to do.
    Gone,
    /// Not done. The screen goes back and the person is told.
    Refused {
        /// Why, and what to do.
        error: ApiError,
        /// Recipients that were refused (sending only).
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        refused_recipients: Vec<RefusedRecipient>,
    },
}

/// An [`OutcomeKind`] as fields: read at once, where a tag would be read twice and make the app larger.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct OutcomeFields {
    r#type: String,
    #[serde(default)]
    moved: Vec<MovedKey>,
    #[serde(default)]
    gone: UidSet,
    mailbox_id: Option<MailboxId>,
    #[serde(default)]
    below: Vec<(MailboxId, MailboxId)>,
    #[serde(default)]
    refused_recipients: Vec<RefusedRecipient>,
    warning: Option<String>,
    #[serde(default)]
    is_copy_missing: bool,
    error: Option<ApiError>,
}

impl TryFrom<OutcomeFields> for OutcomeKind {
    type Error = &'static str;

    fn try_from(fields: OutcomeFields) -> Result<Self, Self::Error> {
        Ok(match fields.r#type.as_str() {
            "applied" => Self::Applied {
                moved: fields.moved,
                gone: fields.gone,
                mailbox_id: fields.mailbox_id,
                below: fields.below,
                refused_recipients: fields.refused_recipients,
                warning: fields.warning,
                is_copy_missing: fields.is_copy_missing,
            },
            "gone" => Self::Gone,
            "refused" => Self::Refused {
                error: fields.error.ok_or("a refusal without a reason")?,
                refused_recipients: fields.refused_recipients,
            },
            _ => return Err("unknown outcome"),
        })
    }
}

/// A message at its new place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MovedKey {
    /// Its UID before; 0 for one that was not in a mailbox.
    pub from: Uid,
    /// The mailbox it is in now.
    pub mailbox_id: MailboxId,
    /// Its key there.
    pub key: MessageKey,
}

/// One address the sending server would not take.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefusedRecipient {
    /// The address.
    pub email: String,
    /// The server's words, shortened, as text.
    pub reason: String,
}

#[cfg(test)]
mod tests {
    use super::{MovedKey, OutcomeKind, RefusedRecipient};
    use crate::{ApiError, ErrorCode, MailboxId, MessageKey, UidSet};

    #[test]
    fn outcomes_survive_the_wire() {
        let key = MessageKey {
            uidvalidity: 5,
            uid: 6,
        };
        let refused_recipients = vec![RefusedRecipient {
            email: "a@x.example".to_owned(),
            reason: "no such person".to_owned(),
        }];
        let outcomes = [
            OutcomeKind::Applied {
                moved: vec![MovedKey {
                    from: 4,
                    mailbox_id: MailboxId("b".to_owned()),
                    key,
                }],
                gone: UidSet::one(9),
                mailbox_id: Some(MailboxId("c".to_owned())),
                below: vec![(MailboxId("a/b".to_owned()), MailboxId("c/b".to_owned()))],
                refused_recipients: refused_recipients.clone(),
                warning: Some("no copy".to_owned()),
                is_copy_missing: true,
            },
            OutcomeKind::Gone,
            OutcomeKind::Refused {
                error: ApiError::new(ErrorCode::MaybeSent, "Perhaps.", "Look."),
                refused_recipients,
            },
        ];
        for outcome in outcomes {
            let json = serde_json::to_string(&outcome).unwrap();
            assert_eq!(serde_json::from_str::<OutcomeKind>(&json).unwrap(), outcome);
        }
        assert!(serde_json::from_str::<OutcomeKind>(r#"{"type":"refused"}"#).is_err());
        let short = serde_json::from_str::<OutcomeKind>(r#"{"type":"applied"}"#).unwrap();
        assert!(matches!(short, OutcomeKind::Applied { moved, .. } if moved.is_empty()));
    }
}
