//! News pushed to the browser.

use serde::{Deserialize, Serialize};

use crate::{MailboxId, MailboxList, Quota, State};

/// One piece of news. Losing one is harmless: after a gap the browser asks for the mailboxes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    rename_all = "camelCase",
    rename_all_fields = "camelCase",
    tag = "type",
    try_from = "EventFields"
)]
pub enum Event {
    /// The stream begins (also after a gap): ask what changed.
    Hello,
    /// A mailbox looks different now: ask for its changes.
    MailboxChanged {
        /// Which.
        mailbox_id: MailboxId,
        /// What it looks like now, if known.
        #[serde(default)]
        state: Option<State>,
    },
    /// Folders or their counts changed: the whole list as it is now.
    Mailboxes {
        /// The list.
        list: MailboxList,
    },
    /// How full the account is now; `None` where nothing limits it any more.
    Quota {
        /// How full.
        #[serde(flatten)]
        quota: Option<Quota>,
    },
    /// The mail server is out of reach; Whimbrel goes on trying.
    MailServerLost,
    /// The mail server answers again.
    MailServerBack,
    /// Words of the mail server's administrator (`[ALERT]`), to be shown once, as text.
    Alert {
        /// The words.
        text: String,
    },
    /// The session ended.
    SessionEnded {
        /// How.
        #[serde(default)]
        reason: SessionEnd,
    },
}

/// How a session ended.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum SessionEnd {
    /// A person signed out: nothing of the account stays on any screen.
    SignedOut,
    /// By itself, or the mail server refuses the password by now: ask for the password.
    #[default]
    #[serde(other)]
    Expired,
}

/// An [`Event`] as fields: read at once, where a tag would be read twice and make the app larger.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct EventFields {
    r#type: String,
    mailbox_id: Option<MailboxId>,
    state: Option<State>,
    list: Option<MailboxList>,
    used: Option<u64>,
    limit: Option<u64>,
    text: Option<String>,
    reason: Option<SessionEnd>,
}

impl TryFrom<EventFields> for Event {
    type Error = &'static str;

    fn try_from(fields: EventFields) -> Result<Self, Self::Error> {
        Ok(match fields.r#type.as_str() {
            "hello" => Self::Hello,
            "mailboxChanged" => Self::MailboxChanged {
                mailbox_id: fields.mailbox_id.ok_or("news of no mailbox")?,
                state: fields.state,
            },
            "mailboxes" => Self::Mailboxes {
                list: fields.list.ok_or("news without the list")?,
            },
            "quota" => Self::Quota {
                quota: fields
                    .used
                    .zip(fields.limit)
                    .map(|(used, limit)| Quota { used, limit }),
            },
            "mailServerLost" => Self::MailServerLost,
            "mailServerBack" => Self::MailServerBack,
            "alert" => Self::Alert {
                text: fields.text.ok_or("an alert without words")?,
            },
            "sessionEnded" => Self::SessionEnded {
                reason: fields.reason.unwrap_or_default(),
            },
            _ => return Err("unknown news"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Event;
    use crate::Quota;

    #[test]
    fn quotas_survive_the_wire() {
        let quota = Some(Quota {
            used: 3,
            limit: 1 << 50,
        });
        for event in [Event::Quota { quota }, Event::Quota { quota: None }] {
            let json = serde_json::to_string(&event).unwrap();
            assert_eq!(
                serde_json::from_str::<Event>(&json).unwrap(),
                event,
                "{json}"
            );
        }
        // What an older app does with news it does not know: an error, and it goes on.
        assert!(serde_json::from_str::<Event>(r#"{"type":"newer","used":1}"#).is_err());
    }
}
