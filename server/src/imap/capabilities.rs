//! What the server can do, read once into named fields. Each has a fallback where it is used.

/// What the server can do.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Capabilities {
    /// Speaks `IMAP4rev1` or `IMAP4rev2` at all.
    pub imap4: bool,
    /// `STARTTLS`: the line can be protected (RFC 9051 §6.2.1).
    pub starttls: bool,
    /// `LOGINDISABLED`: no passwords on this line (RFC 9051 §6.2.3).
    pub login_disabled: bool,
    /// `AUTH=PLAIN` (RFC 4616).
    pub auth_plain: bool,
    /// `AUTH=SCRAM-SHA-256` (RFC 7677).
    pub auth_scram_sha_256: bool,
    /// `AUTH=LOGIN`.
    pub auth_login: bool,
    /// `AUTH=OAUTHBEARER` (RFC 7628).
    pub auth_oauthbearer: bool,
    /// `AUTH=XOAUTH2`: the same as Google wrote it down first.
    pub auth_xoauth2: bool,
    /// `SASL-IR`: credentials travel with the command (RFC 4959).
    pub sasl_ir: bool,
    /// `ID` (RFC 2971).
    pub id: bool,
    /// `LITERAL+`: literals need no permission (RFC 7888).
    pub literal_plus: bool,
    /// `LITERAL-`: the same up to 4096 bytes (RFC 7888).
    pub literal_minus: bool,
    /// `IDLE`: news without asking (RFC 2177).
    pub idle: bool,
    /// `MOVE` (RFC 6851).
    pub moves: bool,
    /// `UIDPLUS`: UID EXPUNGE, and where copies went (RFC 4315).
    pub uidplus: bool,
    /// `UNSELECT` (RFC 3691).
    pub unselect: bool,
    /// `CONDSTORE`: flag changes are numbered (RFC 7162).
    pub condstore: bool,
    /// `QRESYNC`: what is gone since then, once enabled (RFC 7162 §3.2).
    pub qresync: bool,
    /// `ESEARCH`: compact search results (RFC 4731).
    pub esearch: bool,
    /// `LIST-EXTENDED` (RFC 5258).
    pub list_extended: bool,
    /// `LIST-STATUS`: counts of all mailboxes in one answer (RFC 5819).
    pub list_status: bool,
    /// `SPECIAL-USE`: the server knows what mailboxes are for (RFC 6154).
    pub special_use: bool,
    /// `CREATE-SPECIAL-USE`: and can be told (RFC 6154).
    pub create_special_use: bool,
    /// `NAMESPACE` (RFC 2342).
    pub namespace: bool,
    /// `NOTIFY`: news of all mailboxes (RFC 5465).
    pub notify: bool,
    /// `PREVIEW`: the beginning of a message's text (RFC 8970).
    pub preview: bool,
    /// `QUOTA`: how full the account is (RFC 9208, RFC 2087).
    pub quota: bool,
    /// `SORT`: the server puts messages in order (RFC 5256).
    pub sort: bool,
    /// `SORT=DISPLAY`: also by the names of people (RFC 5957).
    pub sort_display: bool,
    /// `THREAD=REFERENCES`: the server finds conversations (RFC 5256).
    pub thread_references: bool,
    /// `THREAD=REFS`: the same without a look at subjects, and much cheaper.
    pub thread_refs: bool,
    /// `STATUS=SIZE`: how large a mailbox is (RFC 8438).
    pub status_size: bool,
    /// `X-GM-EXT-1`: Gmail, where mailboxes are labels of messages that all lie in "All Mail"
    /// (<https://developers.google.com/workspace/gmail/imap/imap-extensions>).
    pub gmail: bool,
}

impl Capabilities {
    /// Reads the words of a CAPABILITY response, upper-case.
    #[must_use]
    pub fn read(words: &[String]) -> Self {
        let has = |word: &str| words.iter().any(|other| other == word);
        let rev2 = has("IMAP4REV2");
        Self {
            imap4: has("IMAP4REV1") || has("IMAP4") || rev2,
            starttls: has("STARTTLS"),
            login_disabled: has("LOGINDISABLED"),
            auth_plain: has("AUTH=PLAIN"),
            auth_scram_sha_256: has("AUTH=SCRAM-SHA-256"),
            auth_login: has("AUTH=LOGIN"),
            auth_oauthbearer: has("AUTH=OAUTHBEARER"),
            auth_xoauth2: has("AUTH=XOAUTH2"),
            sasl_ir: has("SASL-IR") || rev2,
            id: has("ID"),
            literal_plus: has("LITERAL+"),
            literal_minus: has("LITERAL-") || rev2,
            idle: has("IDLE") || rev2,
            moves: has("MOVE") || rev2,
            uidplus: has("UIDPLUS") || rev2,
            unselect: has("UNSELECT") || rev2,
            condstore: has("CONDSTORE") || has("QRESYNC"),
            qresync: has("QRESYNC"),
            esearch: has("ESEARCH") || rev2,
            list_extended: has("LIST-EXTENDED") || rev2,
            list_status: has("LIST-STATUS") || rev2,
            special_use: has("SPECIAL-USE") || rev2,
            create_special_use: has("CREATE-SPECIAL-USE"),
            namespace: has("NAMESPACE") || rev2,
            notify: has("NOTIFY"),
            preview: has("PREVIEW"),
            quota: words.iter().any(|word| is_quota(word)),
            sort: has("SORT"),
            sort_display: has("SORT=DISPLAY"),
            thread_references: has("THREAD=REFERENCES"),
            thread_refs: has("THREAD=REFS"),
            status_size: has("STATUS=SIZE") || rev2,
            gmail: has("X-GM-EXT-1"),
        }
    }

    /// The same without extensions that the operator switched off
    /// ([`crate::config::EXTENSIONS`]).
    #[must_use]
    pub fn without(mut self, disabled: &[&str]) -> Self {
        for name in disabled {
            match *name {
                "AUTH=LOGIN" => self.auth_login = false,
                "AUTH=OAUTHBEARER" => self.auth_oauthbearer = false,
                "AUTH=PLAIN" => self.auth_plain = false,
                "AUTH=SCRAM-SHA-256" => self.auth_scram_sha_256 = false,
                "AUTH=XOAUTH2" => self.auth_xoauth2 = false,
                "CONDSTORE" => (self.condstore, self.qresync) = (false, false),
                "ESEARCH" => self.esearch = false,
                "ID" => self.id = false,
                "IDLE" => self.idle = false,
                "LIST-EXTENDED" => self.list_extended = false,
                "LIST-STATUS" => self.list_status = false,
                "LITERAL+" => (self.literal_plus, self.literal_minus) = (false, false),
                "MOVE" => self.moves = false,
                "NAMESPACE" => self.namespace = false,
                "NOTIFY" => self.notify = false,
                "PREVIEW" => self.preview = false,
                "QRESYNC" => self.qresync = false,
                "QUOTA" => self.quota = false,
                "SORT" => (self.sort, self.sort_display) = (false, false),
                "THREAD" => (self.thread_references, self.thread_refs) = (false, false),
                "SPECIAL-USE" => (self.special_use, self.create_special_use) = (false, false),
                "UIDPLUS" => self.uidplus = false,
                _ => {}
            }
        }
        self
    }

    /// Whether a literal of this many bytes may be sent without waiting for permission.
    #[must_use]
    pub fn takes_literal_unasked(&self, length: usize) -> bool {
        self.literal_plus || (self.literal_minus && length <= 4096)
    }
}

/// `QUOTA`, or a resource that only a server with quotas has.
fn is_quota(word: &str) -> bool {
    word == "QUOTA" || word.starts_with("QUOTA=RES-")
}

#[cfg(test)]
mod tests {
    use super::Capabilities;
    use crate::config::{EXTENSIONS, MECHANISMS};

    #[test]
    fn every_extension_that_can_be_named_can_be_switched_off() {
        let words =
            "IMAP4REV1 CREATE-SPECIAL-USE LITERAL- THREAD=REFS THREAD=REFERENCES".split(' ');
        let words = words.chain(EXTENSIONS).chain(MECHANISMS);
        let words: Vec<String> = words.map(str::to_owned).collect();
        let all = Capabilities::read(&words);
        for name in EXTENSIONS.into_iter().chain(MECHANISMS) {
            assert_ne!(all.without(&[name]), all, "{name}");
        }
        let none = Capabilities {
            imap4: true,
            ..Capabilities::default()
        };
        assert_eq!(all.without(&EXTENSIONS).without(&MECHANISMS), none);
    }
}
