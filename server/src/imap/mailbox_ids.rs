//! Ids of an account's mailboxes: their names, sealed, so that an id says nothing to whoever reads it in the history
//! of a browser. The same name has the same id for ever, and no list of them is kept. Must not ask the mail server.

use std::{fmt, sync::Arc};

use aes_siv::{KeyInit as _, siv::Aes128Siv};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use whimbrel_shared::MailboxId;
use zeroize::Zeroizing;

use super::name::MailboxName;

/// What is sealed along with a name.
const NOTHING: [[u8; 0]; 0] = [];

/// Makes ids of names and names of ids, for one account. Cheap to clone.
#[derive(Clone)]
pub struct MailboxIds(Arc<Zeroizing<[u8; 32]>>);

impl MailboxIds {
    /// Those of the account that this key is of.
    #[must_use]
    pub fn new(key: [u8; 32]) -> Self {
        Self(Arc::new(Zeroizing::new(key)))
    }

    /// The id of a mailbox: AES-SIV (RFC 5297), which needs no nonce, as base64url.
    #[must_use]
    pub fn of(&self, name: &MailboxName) -> MailboxId {
        let sealed = self.cipher().encrypt(NOTHING, name.wire());
        MailboxId(URL_SAFE_NO_PAD.encode(sealed.unwrap_or_default()))
    }

    /// The mailbox of an id; `None` if no mailbox of this account ever had it.
    #[must_use]
    pub fn name(&self, id: &MailboxId) -> Option<MailboxName> {
        let sealed = URL_SAFE_NO_PAD.decode(&id.0).ok()?;
        let wire = self.cipher().decrypt(NOTHING, &sealed).ok()?;
        Some(MailboxName::from_wire(&wire))
    }

    fn cipher(&self) -> Aes128Siv {
        Aes128Siv::new((&**self.0).into())
    }
}

impl fmt::Debug for MailboxIds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MailboxIds")
    }
}

/// For a connection that is nobody's yet.
impl Default for MailboxIds {
    fn default() -> Self {
        Self::new([0; 32])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_leads_back_to_its_name_and_says_nothing() {
        let ids = MailboxIds::new([7; 32]);
        for wire in [
            &b"INBOX"[..],
            b"a/b&-c",
            b"odd\xffbytes \"\\",
            &[b'x'; 1000],
        ] {
            let name = MailboxName::from_wire(wire);
            let id = ids.of(&name);
            assert_eq!(ids.name(&id), Some(name.clone()));
            assert_eq!(id, ids.of(&name));
            let read = URL_SAFE_NO_PAD.decode(&id.0).unwrap();
            assert!(!read.windows(wire.len()).any(|bytes| bytes == wire));
        }
        let lower = ids.of(&MailboxName::from_wire(b"inbox"));
        assert_eq!(lower, ids.of(&MailboxName::inbox()));
    }

    #[test]
    fn ids_of_another_account_or_of_nobody_are_no_mailbox() {
        let ids = MailboxIds::new([7; 32]);
        let of_another = MailboxIds::new([8; 32]).of(&MailboxName::inbox());
        assert_ne!(of_another, ids.of(&MailboxName::inbox()));
        for id in [&*of_another.0, "", "%", "SU5CT1g", "A", "\u{e9}"] {
            assert_eq!(ids.name(&MailboxId(id.to_owned())), None, "{id}");
        }
        let mut id = ids.of(&MailboxName::inbox()).0;
        id.push('A');
        assert_eq!(ids.name(&MailboxId(id)), None);
    }
}
