//! The mail world: Dovecot and Postfix together, so that what one person sends arrives in another's inbox.

use crate::{
    certificate::Certificates,
    child::WorldError,
    dovecot::{self, Dovecot, Person},
    imap_proxy::{ImapProxy, hiding::Extension},
    letters::{Letter, Plan, letters, maildir},
    lmtp,
    postfix::{self, Postfix},
};

/// A mail server with people. Ends with its owner, and in any case with the process.
pub struct World {
    /// Reads.
    pub dovecot: Dovecot,
    /// Sends.
    pub postfix: Postfix,
    /// Whom clients have to trust.
    pub certificates: Certificates,
    /// Who lives here.
    pub people: Vec<Person>,
    /// Stands before Dovecot where Whimbrel is to meet a poorer server.
    proxy: Option<ImapProxy>,
}

/// The password of everybody in a world, unless a test wants another.
pub const PASSWORD: &str = "tidal flats at dusk";

/// The two people of most tests.
pub const ADA: &str = "ada@whimbrel.example";
/// The second of them.
pub const BEN: &str = "ben@whimbrel.example";

impl World {
    /// A world of Ada and Ben.
    pub async fn start() -> Result<Self, WorldError> {
        Self::of(&[Person::new(ADA, PASSWORD), Person::new(BEN, PASSWORD)]).await
    }

    /// A world of these people.
    pub async fn of(people: &[Person]) -> Result<Self, WorldError> {
        Self::with(people, &dovecot::Options::default()).await
    }

    /// A world of these people with a Dovecot set so.
    pub async fn with(people: &[Person], options: &dovecot::Options) -> Result<Self, WorldError> {
        let certificates = Certificates::for_loopback()?;
        let dovecot = Dovecot::start(people, &certificates, options).await?;
        let recipients: Vec<&str> = people.iter().map(|p| p.address.as_str()).collect();
        let postfix = Postfix::start(&recipients, &certificates, dovecot.ports).await?;
        Ok(Self {
            dovecot,
            postfix,
            certificates,
            people: people.to_vec(),
            proxy: None,
        })
    }

    /// The world with a mail server that lacks these extensions.
    pub fn lacking(mut self, hidden: &[Extension]) -> Result<Self, WorldError> {
        self.proxy = Some(ImapProxy::hiding(self.dovecot.ports.imap, hidden)?);
        Ok(self)
    }

    /// Where Whimbrel reads its mail: over TLS, or past the proxy that takes extensions away.
    #[must_use]
    pub fn imap_url(&self) -> String {
        match &self.proxy {
            Some(proxy) => format!("imap://127.0.0.1:{}", proxy.port),
            None => self.imaps_url(),
        }
    }

    /// Where Dovecot itself is read from, over TLS.
    #[must_use]
    pub fn imaps_url(&self) -> String {
        format!("imaps://localhost:{}", self.dovecot.ports.imaps)
    }

    /// Fills the mailbox of the plan's owner, who must not have signed in yet.
    pub fn fill(&self, plan: Plan) -> Result<(), WorldError> {
        let address = format!("{}@{}", plan.owner, postfix::DOMAIN);
        self.lay(&address, letters(plan))
    }

    /// Lays letters into the mailbox of somebody who has not signed in yet.
    pub fn lay(
        &self,
        address: &str,
        letters: impl Iterator<Item = Letter>,
    ) -> Result<(), WorldError> {
        let maildir = self.dovecot.maildir(address)?;
        maildir::fill(&maildir, self.dovecot.owner(), letters)?;
        Ok(())
    }

    /// Puts a letter into an inbox from outside.
    pub async fn deliver(&self, recipient: &str, message: &[u8]) -> Result<(), WorldError> {
        lmtp::deliver(
            self.dovecot.ports.lmtp,
            "somebody@elsewhere.example",
            recipient,
            message,
        )
        .await
    }
}
