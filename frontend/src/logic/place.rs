//! Where in the app a person is, and the address that says so. The address is the state:
//! reloading it, keeping it or opening it in another tab leads to the same place.

use whimbrel_shared::{MailboxId, MessageKey, path};

use super::percent;

/// A place in the app.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// A mailbox, perhaps searched, perhaps with a message open.
    Mail(MailPlace),
    /// The settings, and where one was before.
    Settings(MailPlace),
    /// An address that leads nowhere.
    Nowhere,
}

/// A mailbox, perhaps searched, perhaps with a message open.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MailPlace {
    /// The mailbox; `None` for the inbox, whose id is not known before the mailboxes are.
    pub mailbox: Option<MailboxId>,
    /// The open message.
    pub message: Option<MessageKey>,
    /// What is searched for; never empty.
    pub search: Option<String>,
}

impl Place {
    /// The place that a path and a query string (without `?`) name.
    #[must_use]
    pub fn read(pathname: &str, query: &str) -> Self {
        let search = query
            .split('&')
            .find_map(|pair| pair.strip_prefix("q="))
            .map(|text| percent::decode(text).trim().to_owned())
            .filter(|text| !text.is_empty());
        let place = |mailbox, message| {
            Self::Mail(MailPlace {
                mailbox,
                message,
                search: search.clone(),
            })
        };
        if pathname == path::HOME {
            return place(None, None);
        }
        if pathname == path::SETTINGS {
            return Self::Settings(MailPlace::default());
        }
        let Some(rest) = pathname.strip_prefix(path::APP) else {
            return Self::Nowhere;
        };
        let mut segments = rest.split('/').filter(|segment| !segment.is_empty());
        let mailbox = segments
            .next()
            .map(|segment| MailboxId(percent::decode(segment)));
        let message = segments.next().map(str::parse::<MessageKey>);
        match (message, segments.next()) {
            (None, None) if rest.is_empty() || rest.starts_with('/') => place(mailbox, None),
            (Some(Ok(key)), None) => place(mailbox, Some(key)),
            _ => Self::Nowhere,
        }
    }
}

impl MailPlace {
    /// The address of this place.
    #[must_use]
    pub fn url(&self) -> String {
        let mut url = match (&self.mailbox, self.message) {
            (Some(mailbox), Some(key)) => path::mail_message(mailbox, key),
            (Some(mailbox), None) => path::mail(mailbox),
            (None, _) => path::APP.to_owned(),
        };
        if let Some(search) = &self.search {
            url.push_str("?q=");
            url.push_str(&percent::encode(search));
        }
        url
    }
}

#[cfg(test)]
mod tests {
    use whimbrel_shared::{MailboxId, MessageKey, path};

    use super::{MailPlace, Place};

    fn mail(mailbox: Option<&str>, message: Option<(u32, u32)>, search: Option<&str>) -> MailPlace {
        MailPlace {
            mailbox: mailbox.map(|id| MailboxId(id.to_owned())),
            message: message.map(|(uidvalidity, uid)| MessageKey { uidvalidity, uid }),
            search: search.map(str::to_owned),
        }
    }

    #[test]
    fn every_place_comes_back_from_its_address() {
        for place in [
            mail(None, None, None),
            mail(Some("SU5CT1g"), None, None),
            mail(Some("SU5CT1g"), Some((17, 4711)), None),
            mail(
                Some("SU5CT1g"),
                Some((17, 4711)),
                Some("tern & plover = 50 %"),
            ),
            mail(Some("SU5CT1g"), None, Some("鳥")),
        ] {
            let url = place.url();
            let (pathname, query) = url.split_once('?').unwrap_or((&url, ""));
            assert_eq!(Place::read(pathname, query), Place::Mail(place));
        }
    }

    #[test]
    fn the_start_page_is_the_inbox() {
        assert_eq!(Place::read("/", ""), Place::Mail(mail(None, None, None)));
        assert_eq!(
            Place::read("/mail/", "q="),
            Place::Mail(mail(None, None, None))
        );
    }

    #[test]
    fn settings_have_an_address() {
        let settings = Place::Settings(MailPlace::default());
        assert_eq!(Place::read(path::SETTINGS, ""), settings);
        assert_eq!(Place::read("/settings", ""), Place::Nowhere);
    }

    #[test]
    fn other_addresses_lead_nowhere() {
        for path in [
            "/elsewhere",
            "/mailbox",
            "/mail/a/b",
            "/mail/a/1.2/c",
            "/mail/a/1.0",
        ] {
            assert_eq!(Place::read(path, ""), Place::Nowhere, "{path}");
        }
    }
}
